"""1min.ai: paints from words; edits uploaded pictures; returns links to WebP files.

Imports ``base``, ``catalog``, ``http_provider``, ``errors``, ``error_mapping``, ``flatten``, ``model_list``, ``parts``,
``picture_lists``, ``bulk``, ``wire`` and ``storage``. Which models edit is listed by ``GET
/models?feature=IMAGE_EDITOR``, which is free and requires no key; it is requested when an editor is refused.
"""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from dataclasses import replace
from typing import Any

from bot.providers.base import Answer, Capabilities, CheckLine, Request, Result, Usage
from bot.providers.catalog import ONEMIN_EDITORS
from bot.providers.errors import (
    BadRequest,
    BalanceEmpty,
    CouldNotDraw,
    ModelUnavailable,
    NothingReturned,
    Overloaded,
    ProviderError,
    UploadFailed,
    UpstreamError,
)
from bot.providers.shared.error_mapping import Fault, Rule, error_of, fault_of
from bot.providers.shared.flatten import fold, is_own_shape, turn_pictures
from bot.providers.shared.http_provider import HttpProvider
from bot.providers.shared.model_list import check_list, fetch_json, ids_of
from bot.providers.shared.parts import Reading, count_of, pick, read_parts
from bot.providers.shared.picture_lists import amount, document_of, part_of, raise_failure
from bot.providers.wire import json_body, multipart_body
from bot.providers.wire.bulk import in_thread
from storage.records import MediaRef

_RULES = (
    Rule(r"(not enough|insufficient|exceeded|out of).{0,20}credit", BalanceEmpty),
    Rule(r"\bmodel\b[^:.]{0,60}\bnot (found|supported|available|valid)", ModelUnavailable, frozenset({400, 404, 422})),
    Rule(r"(invalid|unknown|unsupported) model\b", ModelUnavailable, frozenset({400, 404, 422})),
)
# Models of other makers need other fields.
_OF_GEMINI = re.compile(r"gemini.*-image|nano-banana")
_REFERENCES = ("imageUrl", "referenceImage1", "referenceImage2")
# How long and how many uploads are reused; the life of an asset is not documented.
_ASSET_LIFE_S = 3600.0
_ASSETS_KEPT = 500


class Onemin(HttpProvider):
    """1min.ai's feature route."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Open nothing yet; takes what ``HttpProvider`` takes."""
        super().__init__(*args, **kwargs)
        self._assets: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._instead: dict[str, str] = {}

    @property
    def root(self) -> str:
        """Return the base URL without the path of the interface."""
        return self.base_url.removesuffix("/api")

    async def headers(self) -> dict[str, str]:
        """Return the authentication headers."""
        return {"API-KEY": self.config.api_key}

    def editor(self, model: str) -> str:
        """Return the model that edits for ``model``, by default itself."""
        editor = self.config.edit_model or ONEMIN_EDITORS.get(model, model)
        return self._instead.get(editor, editor)

    async def ask(self, request: Request) -> Answer:
        """Upload the pictures to edit, then make the call; repeat it if another model edits now.

        Raises: ``ProviderError``.
        """
        assets = [await self._upload(picture, request) for picture in turn_pictures(request)]
        answer = await self._post(request, assets)
        if assets and await self._is_another(request.model, answer):
            answer = await self._post(request, assets)
        return answer

    async def _post(self, request: Request, assets: list[str]) -> Answer:
        able = self.capabilities(request.model)
        body = json_body(document(request, able, self.editor(request.model), assets), request.read)
        return await self.post(request, f"{self.root}/api/features", body)

    async def _is_another(self, model: str, answer: Answer) -> bool:
        """Return whether an editor is unknown by now, while the list of editors has ``model`` itself."""
        editor = self.editor(model)
        if self.config.edit_model or editor == model or answer.status not in (400, 404, 422):
            return False
        if not isinstance(_error(fault_of(answer, self.redactor), editor), ModelUnavailable):
            return False
        try:
            _, document = await fetch_json(self, f"{self.root}/models?feature=IMAGE_EDITOR", await self.headers())
        except ProviderError:
            return False
        listed = ids_of(document)
        if editor in listed or model not in listed:
            return False
        self._instead[editor] = model
        return True

    async def _upload(self, picture: MediaRef, request: Request) -> str:
        """Return the asset key of ``picture``; repeats do not upload it again."""
        kept = self._assets.get(picture.sha256)
        if kept is not None and time.monotonic() - kept[1] < _ASSET_LIFE_S:
            return kept[0]
        body = multipart_body([("asset", picture)], request.read)
        answer = await self.wire.post(f"{self.root}/api/assets", await self.headers(), body, free=True)
        key = asset_key(document_of(answer, self.redactor, lambda fault: _upload_error(fault, request.model)))
        self._assets[picture.sha256] = (key, time.monotonic())
        while len(self._assets) > _ASSETS_KEPT:
            self._assets.popitem(last=False)
        return key

    async def read(self, answer: Answer, *, model: str) -> Result:
        """Read a record and fetch its pictures. Raises: ``ProviderError``."""

        def error(fault: Fault) -> ProviderError:
            return _error(fault, model)

        found = await in_thread(len(answer.body), document_of, answer, self.redactor, error)
        record = pick(found, "aiRecord")
        status = pick(record, "status")
        reading = Reading()
        if not isinstance(status, str) or status.upper() in ("SUCCESS", "COMPLETED"):
            reading = await read_parts(
                [part_of(link) for link in _links(record)], self.fetcher.picture, links_in_text=False
            )
        if not reading.pictures:
            raise_failure(found, answer, reading, self.redactor, error)
            if isinstance(status, str) and status.upper() != "SUCCESS":
                said = pick(record, "errorMessage", "error", "message")
                words = self.redactor.excerpt(said) if isinstance(said, str) else ""
                raise CouldNotDraw(explanation=words, owner_text=self.redactor.excerpt(f"status {status}: {words}"))
            raise NothingReturned(owner_text="a record without a link")
        usage = self._usage(pick(record, "metadata"))
        return Result(content=reading.content, text="", pictures=tuple(reading.pictures), model=model, usage=usage)

    def _usage(self, node: Any) -> Usage:
        """Return the usage in a record's ``metadata``; credits become dollars if the operator set their price."""
        rate, credits_used = self.config.credits_per_usd, amount(pick(node, "credit"))
        return Usage(
            input_tokens=count_of(node, "inputToken"),
            image_tokens=count_of(node, "outputToken"),
            cost_usd=credits_used / rate if rate and credits_used is not None else None,
        )

    async def offered(self) -> tuple[str, ...]:
        """Return the listed image models that this dialect supports. Raises: ``ProviderError``."""
        _, document = await fetch_json(self, f"{self.root}/models?feature=IMAGE_GENERATOR", await self.headers())
        return tuple(model for model in ids_of(document) if _OF_GEMINI.search(model))

    async def check(self, model: str) -> tuple[CheckLine, ...]:
        """Look up painter and editor in the public lists; there is no free way to check a key."""
        key = CheckLine(
            what="API key", ok=True, text="not verified: 1min.ai answers no question that is free and needs it"
        )
        found = [key, *await check_list(self, f"{self.root}/models?feature=IMAGE_GENERATOR", model)]
        editor = self.editor(model)
        if editor and found[-1].what.startswith("model "):
            url, instead = f"{self.root}/models?feature=IMAGE_EDITOR", {editor: model}
            edits = await check_list(self, url, editor, instead={} if self.config.edit_model else instead)
            found += [replace(finding, what=f"{finding.what}, which edits") for finding in edits]
        return tuple(found)


def document(request: Request, able: Capabilities, editor: str, assets: list[str]) -> dict[str, Any]:
    """Return the body of the request; with ``assets`` it is for ``editor``."""
    options = request.options
    prompt: dict[str, Any] = {"prompt": fold(request)}
    if able.sizes and "imageSize" not in options.without:
        prompt["imageSize"] = options.size or "1K"
    if not assets:
        if options.ratio and "aspectRatio" not in options.without:
            prompt["aspectRatio"] = options.ratio
        return {"type": "IMAGE_GENERATOR", "model": request.model, "promptObject": prompt}
    if options.ratio and not is_own_shape(options.ratio, turn_pictures(request)[0], able.ratios):
        # The editor has no field for the shape, so another shape than the picture's is put into words.
        prompt["prompt"] += f"\n\nAspect ratio of the picture: {options.ratio}."
    return {
        "type": "IMAGE_EDITOR",
        "model": editor,
        "promptObject": prompt | dict(zip(_REFERENCES, assets, strict=False)),
    }


def asset_key(document: Any) -> str:
    """Return the key of an uploaded picture. Raises: ``UploadFailed``."""
    key = pick(pick(document, "asset"), "key") or pick(pick(document, "fileContent"), "path")
    if not isinstance(key, str) or not key:
        raise UploadFailed(owner_text="the upload was answered without a key")
    return key


def _links(record: Any) -> list[str]:
    """Return the links to fetch: the signed one, unless several are absolute. Keys cannot be fetched."""
    results = pick(pick(record, "aiRecordDetail"), "resultObject")
    listed = results if isinstance(results, list) else [results]
    absolute = [link for link in listed if isinstance(link, str) and (("://" in link[:20]) or link[:5] == "data:")]
    signed = pick(record, "temporaryUrl")
    links = [link for link in (signed if isinstance(signed, list) else [signed]) if isinstance(link, str) and link]
    return absolute if len(absolute) > 1 or not links else links


def _error(fault: Fault, model: str) -> ProviderError:
    return error_of(fault, _RULES, model=model)


def _upload_error(fault: Fault, model: str) -> ProviderError:
    """Return the leaf of a refused upload: here 404 means a missing route and 400 a bad file, not the model."""
    error = _error(fault, model)
    if not isinstance(error, ModelUnavailable | BadRequest | UpstreamError | Overloaded):
        return error
    said = fault.message if fault.readable else ""
    failed = UploadFailed(explanation=said, owner_text=f"the upload of a picture: {error.owner_text}")
    failed.retry = error.retry
    return failed
