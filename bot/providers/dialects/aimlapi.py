"""AIMLAPI: prompts without history; some models that paint from words have another model that edits.

Imports ``base``, ``aimlapi_models``, ``http_provider``, ``errors``, ``error_mapping``, ``flatten``, ``model_list``,
``parts``, ``picture_lists`` and ``wire``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

from bot.providers.base import COUNT, Answer, Capabilities, CheckLine, Request, Result, Usage
from bot.providers.dialects.aimlapi_models import INSTEAD, editor_of, row_of, schema_of
from bot.providers.errors import CouldNotDraw, ModelUnavailable, ProviderError, UnknownField
from bot.providers.shared.error_mapping import Fault, Rule, error_of, fault_of
from bot.providers.shared.flatten import fold, is_own_shape, turn_pictures
from bot.providers.shared.http_provider import HttpProvider
from bot.providers.shared.model_list import check_with_key_page, entries_of, fetch_json, ids_of
from bot.providers.shared.parts import pick
from bot.providers.shared.picture_lists import amount, dollars, read_pictures
from bot.providers.wire import DataUri, json_body

# Models of other makers need other fields.
_OF_GEMINI = re.compile(r"gemini.*-image|nano-banana")
_RULES = (Rule(r"generation (failed|error)", CouldNotDraw),)
_FIELDS = {
    "aspect_ratio": "aspectRatio",
    "resolution": "imageSize",
    "num_images": COUNT,
    "enable_web_search": "googleSearch",
}
_NAMES = "|".join(_FIELDS)
_REFUSED = re.compile(
    rf"({_NAMES})\W.{{0,80}}(not exist|unrecogni[sz]ed|unknown|not (allowed|supported))"
    rf"|(?:unrecogni[sz]ed|unknown|unsupported).{{0,40}}\W({_NAMES})\b"
)
# 84,000 credits are $0.042, by AIMLAPI's price list.
_CREDITS_PER_DOLLAR = Decimal(2_000_000)


class Aimlapi(HttpProvider):
    """AIMLAPI's image route."""

    @property
    def root(self) -> str:
        """Return the base URL without a version."""
        return self.base_url.removesuffix("/v1")

    async def headers(self) -> dict[str, str]:
        """Return the authentication headers."""
        return {"authorization": f"Bearer {self.config.api_key}"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Open nothing yet; takes what ``HttpProvider`` takes."""
        super().__init__(*args, **kwargs)
        self._gone: set[str] = set()

    def editor(self, model: str) -> str:
        """Return the model that edits for ``model``."""
        editor = self.config.edit_model or editor_of(model)
        return INSTEAD[editor] if editor in self._gone else editor

    def capabilities(self, model: str) -> Capabilities:
        """Return what ``model`` can do together with its editor."""
        row = super().capabilities(model)
        able = row_of(model, row.label, self.editor(model))
        return replace(able, max_request_bytes=row.max_request_bytes)

    async def ask(self, request: Request) -> Answer:
        """Make the call; repeat it if the editor has a new name. Raises: ``ProviderError``."""
        model = self.editor(request.model) if turn_pictures(request) else request.model
        answer = await self._post(request, model)
        if model in INSTEAD and self._knows_no(model, answer):
            self._gone.add(model)
            answer = await self._post(request, INSTEAD[model])
        return answer

    async def _post(self, request: Request, model: str) -> Answer:
        body = json_body(document(request, model), request.read)
        return await self.post(request, f"{self.root}/v1/images/generations", body)

    def _knows_no(self, model: str, answer: Answer) -> bool:
        """Return whether an answer says that the model is unknown: by 404, or as an invalid value of the schema."""
        if answer.status not in (400, 404, 422):
            return False
        fault = fault_of(answer, self.redactor)
        return fault.readable and (answer.status == 404 or _is_unlisted(model, fault))

    async def read(self, answer: Answer, *, model: str) -> Result:
        """Read an answer of any of the documented shapes. Raises: ``ProviderError``."""
        price = self.capabilities(model).price.per_picture

        def usage(document: Any, pictures: int) -> Usage:
            spent = pick(pick(document, "meta"), "usage")
            credits_used = amount(pick(spent, "credits_used"))
            by_credits = credits_used / _CREDITS_PER_DOLLAR if credits_used is not None else None
            reported = dollars(pick(spent, "usd_spent"))
            cost = next((c for c in (reported, by_credits) if c is not None), price and price * pictures)
            return Usage(image_tokens=int(amount(pick(spent, "tokens_used"), most=10**9) or 0), cost_usd=cost)

        return await read_pictures(
            answer,
            model=model,
            redactor=self.redactor,
            fetch=self.fetcher.picture,
            error=lambda fault: _error(fault, model),
            usage=usage,
        )

    async def offered(self) -> tuple[str, ...]:
        """Return the listed image models that paint and that this dialect supports. Raises: ``ProviderError``.

        The list is public. A model's id in this program may be an alias there (docs.aimlapi.com, complete model list).
        """
        _, document = await fetch_json(self, f"{self.root}/v1/models?output_modalities=image", await self.headers())
        return tuple(dict.fromkeys(name for entry in entries_of(document) if (name := self._painter(entry))))

    def _painter(self, entry: Any) -> str:
        """Return the name by which a listed model paints, "" if it does not."""
        kind, aliases = pick(entry, "type"), pick(entry, "aliases")
        names = [*ids_of([entry]), *(aliases if isinstance(aliases, list) else [])]
        if not names or (isinstance(kind, str) and "chat" in kind):
            return ""
        known = next((row.model for row in self._rows if row.model in names), names[0])
        return known if _OF_GEMINI.search(known) and not known.endswith("-edit") else ""

    async def check(self, model: str) -> tuple[CheckLine, ...]:
        """Request the balance, which requires the key, and the list of models."""
        return await check_with_key_page(
            self,
            model,
            self.editor(model),
            key_url=f"{self.root}/v1/billing/balance",
            list_url=f"{self.root}/models",
            instead=INSTEAD,
        )


def document(request: Request, model: str) -> dict[str, Any]:
    """Return the body of the request to ``model``."""
    options, pictures = request.options, turn_pictures(request)
    schema, prompt = schema_of(model), fold(request)
    body: dict[str, Any] = {"model": model}
    ratio = "" if "aspectRatio" in options.without else options.ratio or ""
    if pictures and schema.follows and is_own_shape(ratio, pictures[0], schema_of(request.model).ratios):
        ratio = ""
    if ratio in schema.ratios:
        body["aspect_ratio"] = ratio
    elif ratio:
        prompt += f"\n\nAspect ratio of the picture: {ratio}."
    if options.size in schema.sizes and "imageSize" not in options.without:
        body["resolution"] = options.size
    if min(options.count, schema.count) > 1 and COUNT not in options.without:
        body["num_images"] = min(options.count, schema.count)
    if options.search and schema.search and "googleSearch" not in options.without:
        body["enable_web_search"] = True
    if pictures:
        body["image_urls"] = [DataUri(picture) for picture in pictures]
    return body | {"prompt": prompt}


def _is_unlisted(model: str, fault: Fault) -> bool:
    """Return whether a model is refused as an invalid value of the schema."""
    return f"received '{model.lower()}'" in fault.text


def _error(fault: Fault, model: str) -> ProviderError:
    if fault.status in (400, 422) and _is_unlisted(model, fault):
        return ModelUnavailable(model=model, owner_text=f"HTTP {fault.status}: {fault.message}")
    found = _REFUSED.search(fault.text) if fault.status in (400, 422) else None
    if found:
        field = _FIELDS[next(group for group in found.groups() if group in _FIELDS)]
        return UnknownField(field=field, owner_text=f"HTTP {fault.status}: {fault.message}")
    return error_of(fault, _RULES, model=model)
