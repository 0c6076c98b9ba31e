"""OpenRouter's Image API: its list of models read into rows, that list as text to keep, and the body of a request.

Imports ``base``, ``openai_models``, ``flatten``, ``lenient_json``, ``model_list``, ``parts``, ``picture_lists`` and
``wire``. Pure. Source: openrouter.ai/docs/guides/overview/multimodal/image-generation (Model Discovery, Capability
Descriptors), and openrouter 1.3.84, components ``imagemodellistitem``, ``capabilitydescriptor``, ``imagepricingentry``
and ``imagegenerationrequest``. "An absent key means the parameter is unsupported."
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from bot.providers.base import COUNT, Capabilities, Price, Request
from bot.providers.dialects.openai_models import QUALITIES
from bot.providers.shared.flatten import fold, turn_pictures
from bot.providers.shared.lenient_json import read_json
from bot.providers.shared.model_list import ids_of
from bot.providers.shared.parts import pick
from bot.providers.shared.picture_lists import dollars
from bot.providers.wire import DataUri

SIZES = ("512", "768", "1K", "1.5K", "2K", "4K")
_RATIO = re.compile(r"[1-9]\d?:[1-9]\d?")
_MEGAPIXELS = Decimal(1024 * 1024) / 1_000_000
"""Of a picture of 1K."""
_MILLION = 1_000_000
_NAME_CHARS = 60


def plain_document(request: Request, able: Capabilities) -> dict[str, Any]:
    """Return the body for the route of models that only paint."""
    options, left_out = request.options, request.options.without
    body: dict[str, Any] = {"model": request.model, "prompt": fold(request)}
    if options.ratio in able.ratios and "aspectRatio" not in left_out:
        body["aspect_ratio"] = options.ratio
    if options.size in able.sizes and "imageSize" not in left_out:
        body["resolution"] = options.size
    if (quality := QUALITIES.get(options.effort or "")) in able.thinking and "thinkingLevel" not in left_out:
        body["quality"] = quality
    if options.count > 1 and COUNT not in left_out:
        body["n"] = options.count
    if pictures := turn_pictures(request):
        body["input_references"] = [{"type": "image_url", "image_url": {"url": DataUri(one)}} for one in pictures]
    return body


def edits(entry: Any) -> bool:
    """Return whether a listed model takes and makes pictures; routers such as ``openrouter/auto`` are left out.

    Left out as well is what cannot begin with words alone, and what draws only SVG.
    """
    takes, makes = (pick(pick(entry, "architecture"), f"{way}_modalities") for way in ("input", "output"))
    both = all(not isinstance(kinds, list) or "image" in kinds for kinds in (takes, makes))
    parameters = pick(entry, "supported_parameters")
    vectors = _values(pick(parameters, "output_format")) == ("svg",)
    needs = _bound(pick(parameters, "input_references"), "min")
    return both and not vectors and not needs and not any(model.startswith("openrouter/") for model in ids_of([entry]))


def paints_only(entry: Any) -> bool:
    """Return whether a listed model makes pictures and no words: it has no conversation, and a route of its own."""
    return bool(pick(pick(entry, "architecture"), "output_modalities") == ["image"])


def kept(entries: list[Any], pricing: Mapping[str, Any]) -> str:
    """Return what is to be remembered of listed models, as text. ``pricing``: the price lines by id."""
    names = ("id", "name", "architecture", "supported_parameters")
    small = [{name: pick(entry, name) for name in names} for entry in entries]
    return json.dumps([one | {"pricing": pricing.get(one["id"]) or []} for one in small], separators=(",", ":"))


def rows_of(text: str) -> dict[str, Capabilities]:
    """Return the rows of a kept list by id; none where the text is no such list."""
    try:
        found = read_json(text.encode()) if text else []
    except ValueError:
        return {}
    rows = [_row(entry) for entry in (found if isinstance(found, list) else []) if ids_of([entry])]
    return {row.model: row for row in rows}


def _row(entry: Any) -> Capabilities:
    (model,) = ids_of([entry])
    named, parameters = pick(entry, "name"), pick(entry, "supported_parameters")
    maker, colon, label = named.partition(": ") if isinstance(named, str) and named.isprintable() else ("", "", "")
    most = _bound(pick(parameters, "n"), "max") or 1
    qualities = _values(pick(parameters, "quality"))
    return Capabilities(
        model=model,
        label=(label if colon else maker or model)[:_NAME_CHARS],
        maker=(maker if colon else model.partition("/")[0])[:_NAME_CHARS],
        history=not paints_only(entry),
        max_images=_bound(pick(parameters, "input_references"), "max"),
        ratios=tuple(filter(_RATIO.fullmatch, _values(pick(parameters, "aspect_ratio")))),
        sizes=tuple(size for size in SIZES if size in _values(pick(parameters, "resolution"))),
        thinking=tuple(one for one in QUALITIES.values() if one in qualities) if paints_only(entry) else (),
        max_count=most,
        max_count_edited=most,
        price=_dearest(pick(entry, "pricing")),
    )


def _values(descriptor: Any) -> tuple[str, ...]:
    values = pick(descriptor, "values")
    return tuple(one for one in values if isinstance(one, str)) if isinstance(values, list) else ()


def _bound(descriptor: Any, which: str) -> int:
    value = pick(descriptor, which)
    fits = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1000
    return int(value) if fits else 0


def _dearest(pricing: Any) -> Price:
    """Return the price at the dearest of the services behind a model: which one paints is not known before."""
    endpoints = [lines for lines in pricing if isinstance(lines, list)] if isinstance(pricing, list) else []
    prices = [_price(lines) for lines in endpoints]
    return max(prices, key=lambda one: (one.per_picture or 0, one.image_per_mtok or 0), default=Price())


def _price(lines: list[Any]) -> Price:
    found: dict[tuple[str, str], Decimal] = {}
    for billable, unit, variant, cost in _lines(lines):
        # Of the tiers, that of 1K counts: "1k", "medium_1k".
        if not variant or "1k" in variant or (billable, unit) not in found:
            found[billable, unit] = max(cost, found.get((billable, unit), cost)) if "1k" in variant else cost
    by_picture = found.get(("output_image", "image"), found.get(("output_image", "request")))
    by_area, by_token = found.get(("output_image", "megapixel")), found.get(("output_image", "token"))
    if by_picture is None and by_area is not None:
        by_picture = by_area * _MEGAPIXELS
    words, seen = found.get(("input_text", "token")), found.get(("input_image", "token"))
    return Price(
        per_picture=by_picture,
        image_per_mtok=by_token and by_token * _MILLION,
        input_per_mtok=words and words * _MILLION,
        input_image_per_mtok=seen and seen * _MILLION,
    )


def _lines(lines: list[Any]) -> Iterator[tuple[str, str, str, Decimal]]:
    for line in lines:
        cost = dollars(pick(line, "cost_usd"))
        names = [pick(line, name) or "" for name in ("billable", "unit", "variant")]
        if cost is not None and all(isinstance(name, str) for name in names):
            yield names[0], names[1], names[2].lower(), cost
