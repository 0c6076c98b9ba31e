"""1min.ai: paints from words; edits pictures that were uploaded before; gives links to WebP files.

May import: ``base``, ``catalog``, ``common``, ``errors``, ``faults``, ``flatten``, ``limits``, ``listing``, ``parts``,
``shapes`` and ``wire``. Editing is behind ``ProviderConfig.edits``, since it rests on other documents than generating.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import replace
from typing import Any

from bot.providers.base import Answer, Capabilities, Finding, Picture, Request, Result
from bot.providers.catalog import ONEMIN_EDITORS
from bot.providers.common import HttpProvider
from bot.providers.errors import BalanceEmpty, CouldNotDraw, DamagedBody, NothingReturned, ProviderError
from bot.providers.faults import Fault, Rule, error_of
from bot.providers.flatten import fold
from bot.providers.limits import refuse, turn_pictures
from bot.providers.listing import check_list
from bot.providers.parts import Reading, pick, read_parts
from bot.providers.shapes import document_of, part_of, raise_failure
from bot.providers.wire import json_body, multipart_body

ADDRESS = "https://api.1min.ai"

_RULES = (Rule(r"(not enough|insufficient|exceeded|out of).{0,20}credit", BalanceEmpty),)
_REFERENCES = ("imageUrl", "referenceImage1", "referenceImage2")
# How long an upload is used again, and how many are remembered; the life of an asset is not documented.
_ASSET_LIFE_S = 3600.0
_ASSETS_KEPT = 500


class Onemin(HttpProvider):
    """1min.ai's feature route."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Open nothing yet; takes what ``HttpProvider`` takes."""
        super().__init__(*args, **kwargs)
        self._assets: OrderedDict[str, tuple[str, float]] = OrderedDict()

    @property
    def root(self) -> str:
        """Return the base URL without the path of the interface."""
        return self.base_url.removesuffix("/api")

    async def headers(self) -> dict[str, str]:
        """Return the authentication headers."""
        return {"API-KEY": self.config.api_key}

    def editor(self, model: str) -> str:
        """Return the model that edits for ``model``; empty if none is known."""
        return (self.config.edit_model or ONEMIN_EDITORS.get(model, "")) if self.config.edits else ""

    def capabilities(self, model: str) -> Capabilities:
        """Return what ``model`` can do together with its editor."""
        row = super().capabilities(model)
        return row if self.editor(model) else replace(row, max_images=0)

    async def ask(self, request: Request) -> Answer:
        """Upload what is to be edited, then make the call. Raises: ``ProviderError``."""
        row = self.capabilities(request.model)
        refuse(row, request)
        assets = [await self._upload(picture, request) for picture in turn_pictures(request)]
        body = json_body(document(request, row, self.editor(request.model), assets), request.read)
        return await self.wire.post(f"{self.root}/api/features", await self.headers(), body)

    async def _upload(self, picture: Picture, request: Request) -> str:
        """Return the key of ``picture`` as an asset; a repeat does not upload it again."""
        kept = self._assets.get(picture.sha256)
        if kept is not None and time.monotonic() - kept[1] < _ASSET_LIFE_S:
            return kept[0]
        body = multipart_body("asset", picture, request.read)
        answer = await self.wire.post(f"{self.root}/api/assets", await self.headers(), body, free=True)
        key = asset_key(document_of(answer, self.redactor, lambda fault: _error(fault, request.model)))
        self._assets[picture.sha256] = (key, time.monotonic())
        while len(self._assets) > _ASSETS_KEPT:
            self._assets.popitem(last=False)
        return key

    async def read(self, answer: Answer, *, model: str) -> Result:
        """Read a record and fetch its pictures. Raises: ``ProviderError``."""

        def error(fault: Fault) -> ProviderError:
            return _error(fault, model)

        found = document_of(answer, self.redactor, error)
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
        return Result(content=reading.content, text="", pictures=tuple(reading.pictures), model=model)

    async def check(self, model: str) -> tuple[Finding, ...]:
        """Look the model up in the public list; 1min.ai has no free way to verify a key."""
        key = Finding(
            what="API key", ok=True, text="not verified: 1min.ai answers no question that is free and needs it"
        )
        return (key, *await check_list(self, model, f"{self.root}/models?feature=IMAGE_GENERATOR"))


def document(request: Request, row: Capabilities, editor: str, assets: list[str]) -> dict[str, Any]:
    """Return the body of the request; with uploaded ``assets`` it goes to ``editor``."""
    options = request.options
    prompt: dict[str, Any] = {"prompt": fold(request)}
    if row.sizes and "imageSize" not in options.without:
        prompt["imageSize"] = options.size or "1K"
    if not assets:
        if options.ratio and "aspectRatio" not in options.without:
            prompt["aspectRatio"] = options.ratio
        return {"type": "IMAGE_GENERATOR", "model": request.model, "promptObject": prompt}
    if options.ratio:
        # The editor knows no shape, so the words must carry it.
        prompt["prompt"] += f"\n\nAspect ratio of the picture: {options.ratio}."
    return {
        "type": "IMAGE_EDITOR",
        "model": editor,
        "promptObject": prompt | dict(zip(_REFERENCES, assets, strict=False)),
    }


def asset_key(document: Any) -> str:
    """Return the key of an uploaded picture. Raises: ``DamagedBody``."""
    key = pick(pick(document, "asset"), "key") or pick(pick(document, "fileContent"), "path")
    if not isinstance(key, str) or not key:
        raise DamagedBody(owner_text="the upload was answered without a key")
    return key


def _links(record: Any) -> list[str]:
    """Return the links worth fetching: the signed one, unless several are absolute. Keys cannot be fetched."""
    results = pick(pick(record, "aiRecordDetail"), "resultObject")
    listed = results if isinstance(results, list) else [results]
    absolute = [link for link in listed if isinstance(link, str) and (("://" in link[:20]) or link[:5] == "data:")]
    signed = pick(record, "temporaryUrl")
    links = [link for link in (signed if isinstance(signed, list) else [signed]) if isinstance(link, str) and link]
    return absolute if len(absolute) > 1 or not links else links


def _error(fault: Fault, model: str) -> ProviderError:
    return error_of(fault, _RULES, model=model)
