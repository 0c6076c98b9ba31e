"""OpenAI's Images API, also as servers of one's own speak it: prompts without history, pictures as files of a form.

Imports ``base``, ``openai_models``, ``http_provider``, ``errors``, ``error_mapping``, ``flatten``, ``model_list``,
``parts``, ``picture_lists`` and ``wire``. Words alone go to ``/images/generations``, as JSON, and anything with a
picture to ``/images/edits``: pictures for ``generations`` would be ignored and billed. ``response_format`` is never
sent, since GPT Image refuses it ("Unknown parameter"): whatever comes back, base64 or links, is read. Differences
between models are data in ``openai_models``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from bot.providers.base import COUNT, MASK, Answer, Capabilities, CheckLine, Price, Request, Result, Usage
from bot.providers.dialects.openai_models import (
    MASK_BYTES,
    QUALITIES,
    Family,
    family_of,
    is_offered,
    may_paint,
    row_of,
)
from bot.providers.errors import (
    BalanceEmpty,
    CouldNotDraw,
    ModelUnavailable,
    PictureRefused,
    PictureUnusable,
    ProviderError,
    UnknownField,
)
from bot.providers.shared.error_mapping import Fault, Rule, error_of, fault_of, parse_json
from bot.providers.shared.flatten import fold, is_own_shape, turn_pictures
from bot.providers.shared.http_provider import HttpProvider
from bot.providers.shared.model_list import ids_of, key_finding, model_finding
from bot.providers.shared.parts import count_of, pick
from bot.providers.shared.picture_lists import read_pictures
from bot.providers.wire import json_body, multipart_body
from bot.providers.wire.address import is_home

HOST = "api.openai.com"

NO_SUCH_ROUTE = (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED)

_OF_REQUESTS = frozenset({400, 403, 404})
_RULES = (
    # The picture was painted and held back: {"code": "moderation_blocked", "moderation_details": {"moderation_stage":
    # "output", "categories": ["sexual"]}} (ucx0204/CarrotMangaTranslator#122).
    Rule(r"moderation_blocked .{0,120}\boutput\b", PictureRefused),
    # community.openai.com/t/74856: status 400.
    Rule(r"billing.hard.limit", BalanceEmpty),
    # lofcz/LLMTornado#105: "Invalid image file or mode for image 1, please check your image file."
    Rule(r"invalid image file|invalid_image_file", PictureUnusable, frozenset({400})),
    Rule(r"\bmodel\b.{0,80} does not exist|access to model|model_not_found", ModelUnavailable, _OF_REQUESTS),
    # "Your organization must be verified to use the model `gpt-image-1`. Please go to ... and click on Verify
    # Organization" (openai-php/client#565). It is about the account, whatever the wish.
    Rule(r"organi[sz]ation must be verified", ModelUnavailable, _OF_REQUESTS),
    # vLLM-Omni: "request specifies 'x' but server is running 'y'".
    Rule(r"model mismatch", ModelUnavailable, frozenset({400})),
    # stable-diffusion.cpp, also where memory ran out.
    Rule(r"returned no results", CouldNotDraw, frozenset({500})),
)

_FIELDS = {"size": "aspectRatio", "quality": "thinkingLevel", "n": COUNT, "mask": MASK}
_UNKNOWN = re.compile(rf"unknown parameter: '({'|'.join(_FIELDS)})'")
# OpenAI: "Invalid size '512x512'. Requested resolution is below the current minimum pixel budget." and "Invalid value:
# '1536x1024'. Supported values are: ..."; vLLM-Omni: "Requested image size 2048x2048 exceeds the maximum allowed size".
_SIZE = re.compile(r"\b(?:invalid (?:size|value):?|image size) '?(\d{2,5})x(\d{2,5})\b")
# "Invalid mask image format - mask image missing alpha channel", invalid_mask_image_format (help.apiyi.com/?p=2702).
# Relays have words of their own for a field that they do not know.
_BAD_MASK = re.compile(r"\binvalid[ _]mask|\b(?:field|parameter|property):? ['\"`]?mask\b|['\"`]mask['\"`]")
_QUALITY = re.compile(rf"invalid value: '(?:{'|'.join(QUALITIES.values())})'")
# Above this area, it is the chosen size that is too much, and not the shape.
_LARGE_PX = 2 * 1024**2
# stable-diffusion.cpp: "at least one image[] required"; vLLM-Omni: "Field 'image' or 'url' is required".
_NO_PICTURE = re.compile(r"\bimage(?:\[\])?'?(?: or 'url' is)? required|missing.{0,40}\bimage\b")
_MILLION = Decimal(1_000_000)


class Openai(HttpProvider):
    """The two image routes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Open nothing yet; takes what ``HttpProvider`` takes."""
        super().__init__(*args, **kwargs)
        self._is_openai = self.host == HOST
        # People read where their pictures go, and a server at home is not OpenAI.
        self.title = self.title if self._is_openai else self.host
        self.is_home = is_home(self.host)
        self.relay = None
        self._field: dict[str, str] = {}

    @property
    def root(self) -> str:
        """Return the base URL; one without a path gets that of the first version."""
        _, _, path = self.base_url.partition("://")[2].partition("/")
        return self.base_url if path else f"{self.base_url}/v1"

    async def headers(self) -> dict[str, str]:
        """Return the authentication headers; a server of one's own may need none."""
        return {"authorization": f"Bearer {self.config.api_key}"} if self.config.api_key else {}

    def models(self) -> tuple[Capabilities, ...]:
        """Return the models to offer; of another server than OpenAI's only the configured one is known."""
        rows = super().models()
        return rows if self._is_openai else rows[:1]

    def capabilities(self, model: str) -> Capabilities:
        """Return what ``model`` can do, by its family. Only OpenAI has OpenAI's prices."""
        row = self._limited(row_of(model))
        return row if self._is_openai else replace(row, price=Price())

    async def ask(self, request: Request) -> Answer:
        """Make the call; repeat it if the server misses the pictures. Raises: ``ProviderError``."""
        family, fields = family_of(request.model), document(request)
        if not turn_pictures(request):
            return await self.post(request, f"{self.root}/images/generations", json_body(fields, request.read))
        usual, other = family.files
        name = self._field.get(request.model, usual)
        answer = await self._edit(request, fields, name)
        if self._misses_pictures(answer):
            name = other if name == usual else usual
            answer = await self._edit(request, fields, name)
            if not self._misses_pictures(answer):
                self._field[request.model] = name
        return answer

    async def _edit(self, request: Request, fields: dict[str, Any], name: str) -> Answer:
        files = [(name, picture) for picture in turn_pictures(request)]
        mask = request.mask
        if mask and mask.size_bytes < MASK_BYTES and MASK not in request.options.without:
            files.append(("mask", mask))
        return await self.post(request, f"{self.root}/images/edits", multipart_body(files, request.read, fields))

    def _misses_pictures(self, answer: Answer) -> bool:
        """Return whether an answer says that no picture came; such an answer is free."""
        if answer.status not in (400, 422):
            return False
        return bool(_NO_PICTURE.search(fault_of(answer, self.redactor).text))

    async def read(self, answer: Answer, *, model: str) -> Result:
        """Read an answer. Raises: ``ProviderError``."""
        price = self.capabilities(model).price
        return await read_pictures(
            answer,
            model=model,
            redactor=self.redactor,
            fetch=self.fetcher.picture,
            error=lambda fault: _error(fault, model),
            usage=lambda found, _: _usage(pick(found, "usage"), price),
        )

    async def _listed(self) -> Sequence[str] | None:
        """Return the ids of the list, None if a server of one's own has none. Raises: ``ProviderError``.

        Such servers are in use (OpenCoworkAI/open-codesign#179, FerroxLabs/wayland#339).
        """
        answer = await self.wire.get(f"{self.root}/models", await self.headers())
        if answer.status in NO_SUCH_ROUTE and not self._is_openai:
            return None
        if not 200 <= answer.status < 300:
            raise _error(fault_of(answer, self.redactor), "")
        return ids_of(parse_json(answer, self.redactor))

    async def offered(self) -> tuple[str, ...]:
        """Return the models of the list that paint, as far as their ids show it. Raises: ``ProviderError``."""
        paints = is_offered if self._is_openai else may_paint
        return tuple(filter(paints, await self._listed() or ()))

    async def check(self, model: str) -> tuple[CheckLine, ...]:
        """Look up the model in the list, for which OpenAI wants the key."""
        try:
            listed = await self._listed()
        except ProviderError as error:
            return (key_finding(error),)
        if listed is None:
            return (await self._without_a_list(model),)
        needless = CheckLine(what="API key", ok=True, text="none is set, and this server asks for none")
        return (key_finding(None) if self.config.api_key else needless, model_finding(model, listed))

    async def _without_a_list(self, model: str) -> CheckLine:
        """Return what is known of a model where no list has it.

        Most servers refuse a GET of the route for pictures by its method (405). Others, such as Express and
        cpp-httplib, do not know the route then, whether it is there for a POST or not (404).
        """
        answer = await self.wire.get(f"{self.root}/images/edits", await self.headers())
        text = "this server has no list of models, so only a wish shows whether it has this one"
        if answer.status != HTTPStatus.METHOD_NOT_ALLOWED:
            text += f"; if wishes fail, look first at the path in {self.name.upper()}_BASE_URL"
        return CheckLine(what=f"model {model}", ok=True, text=text, open=True)


def document(request: Request) -> dict[str, Any]:
    """Return the fields that both routes have in common: JSON for one, a form for the other."""
    options, family = request.options, family_of(request.model)
    fields: dict[str, Any] = {"model": request.model, "prompt": fold(request).replace(family.cut, " ")}
    if size := size_of(request, family):
        fields["size"] = size
    quality = QUALITIES.get(options.effort or "")
    if quality in family.row.thinking and "thinkingLevel" not in options.without:
        fields["quality"] = quality
    if options.count > 1 and COUNT not in options.without:
        fields["n"] = options.count
    return fields


def size_of(request: Request, family: Family) -> str | None:
    """Return the size to ask for, None to leave it to the server.

    An edited picture keeps its exact shape where the nearest known one would be asked for.
    """
    options, pictures = request.options, turn_pictures(request)
    if "aspectRatio" in options.without:
        return None
    ratio, tier = options.ratio or "", "" if "imageSize" in options.without else options.size
    if pictures and (is_own_shape(ratio, pictures[0], family.row.ratios) or not (ratio or family.auto)):
        return family.canvas.size(pictures[0].width_px / pictures[0].height_px, tier or "1K")
    if ratio:
        across, down = map(float, ratio.split(":"))
        return family.canvas.size(across / down, tier or "1K")
    return family.canvas.size(1.0, tier) if tier and not pictures else None


def _usage(node: Any, price: Price) -> Usage:
    """Return tokens and cost; servers of one's own report none (openai 3.57.0, types/images_response.py, Usage)."""
    spent_in, spent_out = count_of(node, "input_tokens"), count_of(node, "output_tokens")
    seen = min(count_of(pick(node, "input_tokens_details"), "image_tokens"), spent_in)
    details = pick(node, "output_tokens_details")
    drawn = min(count_of(details, "image_tokens"), spent_out) if details else spent_out
    return Usage(
        input_tokens=spent_in,
        text_tokens=spent_out - drawn,
        image_tokens=drawn,
        cost_usd=_cost(price, spent_in - seen, seen, spent_out - drawn, drawn),
    )


def _cost(price: Price, words_in: int, seen: int, words: int, drawn: int) -> Decimal | None:
    """Return US dollars for tokens by modality, None where the price is unknown or nothing was counted."""
    rates = (price.input_per_mtok, price.input_image_per_mtok, price.text_per_mtok, price.image_per_mtok)
    counts = (words_in, seen, words, drawn)
    if None in rates or not any(counts):
        return None
    return sum((rate * count for rate, count in zip(rates, counts, strict=True) if rate), Decimal()) / _MILLION


def _error(fault: Fault, model: str) -> ProviderError:
    field, of_value = _refused(fault.text) if fault.status in (400, 422) else ("", False)
    if field:
        return UnknownField(field=field, of_value=of_value, owner_text=f"HTTP {fault.status}: {fault.message}")
    return error_of(fault, _RULES, model=model)


def _refused(text: str) -> tuple[str, bool]:
    """Return the refused field as :attr:`Options.without` names it, and whether only its value was refused."""
    if found := _UNKNOWN.search(text):
        return _FIELDS[found[1]], False
    if _BAD_MASK.search(text):
        return MASK, False
    if found := _SIZE.search(text):
        return "imageSize" if int(found[1]) * int(found[2]) > _LARGE_PX else "aspectRatio", True
    return ("thinkingLevel", True) if _QUALITY.search(text) else ("", False)
