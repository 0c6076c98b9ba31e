"""AIMLAPI: one model that paints from words, another that edits; stateless, prompts only.

May import: ``base``, ``catalog``, ``common``, ``errors``, ``faults``, ``flatten``, ``limits``, ``listing``, ``parts``,
``shapes`` and ``wire``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

from bot.providers.base import Answer, Capabilities, Finding, Request, Result, Usage
from bot.providers.catalog import AIMLAPI_EDITORS, AIMLAPI_SHAPES
from bot.providers.common import HttpProvider
from bot.providers.errors import CouldNotDraw, ProviderError, UnknownField
from bot.providers.faults import Fault, Rule, error_of
from bot.providers.flatten import fold
from bot.providers.limits import refuse, turn_pictures
from bot.providers.listing import check_with_key_page
from bot.providers.parts import pick
from bot.providers.shapes import dollars, read_pictures
from bot.providers.wire import DataUri, json_body

ADDRESS = "https://api.aimlapi.com"

_RULES = (Rule(r"generation (failed|error)", CouldNotDraw),)
_FIELDS = {"aspect_ratio": "aspectRatio", "resolution": "imageSize"}
_REFUSED = re.compile(
    r"(aspect_ratio|resolution)\W.{0,80}(not exist|unrecogni[sz]ed|unknown|not (allowed|supported))"
    r"|(?:unrecogni[sz]ed|unknown|unsupported).{0,40}\W(aspect_ratio|resolution)\b"
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

    def editor(self, model: str) -> str:
        """Return the model that edits for ``model``; empty if none is known."""
        return (self.config.edit_model or AIMLAPI_EDITORS.get(model, "")) if self.config.edits else ""

    def capabilities(self, model: str) -> Capabilities:
        """Return what ``model`` can do together with its editor."""
        row = super().capabilities(model)
        return row if self.editor(model) else replace(row, max_images=0)

    async def ask(self, request: Request) -> Answer:
        """Make the call. Raises: ``ProviderError``."""
        refuse(self.capabilities(request.model), request)
        body = json_body(document(request, self.editor(request.model)), request.read)
        return await self.wire.post(f"{self.root}/v1/images/generations", await self.headers(), body)

    async def read(self, answer: Answer, *, model: str) -> Result:
        """Read an answer of any of the documented shapes. Raises: ``ProviderError``."""
        price = self.capabilities(model).price.per_picture

        def usage(document: Any, pictures: int) -> Usage:
            spent = pick(pick(document, "meta"), "usage")
            credits_used = dollars(pick(spent, "credits_used"))
            by_credits = credits_used / _CREDITS_PER_DOLLAR if credits_used is not None else None
            told = dollars(pick(spent, "usd_spent"))
            return Usage(cost_usd=next((c for c in (told, by_credits) if c is not None), price and price * pictures))

        return await read_pictures(
            answer,
            model=model,
            redactor=self.redactor,
            fetch=self.fetcher.picture,
            error=lambda fault: _error(fault, model),
            usage=usage,
        )

    async def check(self, model: str) -> tuple[Finding, ...]:
        """Ask for the balance, which needs the key, and for the list of models."""
        return await check_with_key_page(
            self, model, key_url=f"{self.root}/v1/billing/balance", list_url=f"{self.root}/models"
        )


def document(request: Request, editor: str) -> dict[str, Any]:
    """Return the body of the request; with pictures it goes to ``editor``."""
    options, pictures = request.options, turn_pictures(request)
    model = editor if pictures else request.model
    prompt = fold(request)
    body: dict[str, Any] = {"model": model}
    if options.ratio and "aspectRatio" not in options.without:
        if model in AIMLAPI_SHAPES:
            body["aspect_ratio"] = options.ratio
        else:
            prompt += f"\n\nAspect ratio of the picture: {options.ratio}."
    if options.size and "imageSize" not in options.without:
        body["resolution"] = options.size
    if options.count > 1:
        body["num_images"] = options.count
    if pictures:
        body["image_urls"] = [DataUri(picture) for picture in pictures]
    return body | {"prompt": prompt}


def _error(fault: Fault, model: str) -> ProviderError:
    found = _REFUSED.search(fault.text) if fault.status in (400, 422) else None
    if found:
        field = _FIELDS[next(group for group in found.groups() if group in _FIELDS)]
        return UnknownField(field=field, owner_text=f"HTTP {fault.status}: {fault.message}")
    return error_of(fault, _RULES, model=model)
