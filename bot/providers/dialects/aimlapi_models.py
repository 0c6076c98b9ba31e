"""AIMLAPI's image models: what each takes by its JSON schema, and which model edits for which.

Imports ``base`` and ``catalog``. Source: github.com/aimlapi/api-docs, docs/api-references/image-models/Google, the
OpenAPI file of each page, as of November 2026; for the first editor also the page of its older id, which has no
``aspect_ratio``. Fields with a default (``seed``, ``enhance_prompt``, ``safety_setting``, ``provider`` and others) are
not sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from bot.providers.base import Capabilities, Price
from bot.providers.catalog import RATIOS


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """What the body for one model may hold.

    ``ratios``: values of ``aspect_ratio``. ``sizes``: values of ``resolution``. ``pictures``: the most ``image_urls``.
    ``count``: the most ``num_images``; 1: there is no such field. ``search``: it has ``enable_web_search``.
    ``follows``: without a ratio it follows its first picture.
    """

    ratios: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    pictures: int = 0
    count: int = 1
    search: bool = False
    follows: bool = True


_FEW_RATIOS = ("1:1", "9:16", "16:9", "3:4", "4:3")
_SIZES = ("1K", "2K", "4K")
_NEWER = Schema(ratios=_FEW_RATIOS, sizes=_SIZES, pictures=5, search=True)
# The default is 1:1, even with a picture.
_SQUARE = Schema(ratios=_FEW_RATIOS, sizes=_SIZES, pictures=5, search=True, follows=False)
_PRO = Schema(ratios=RATIOS, sizes=_SIZES, count=4)

SCHEMAS: dict[str, Schema] = {
    "google/gemini-2.5-flash-image": Schema(ratios=RATIOS, count=4),
    "google/gemini-2.5-flash-image-edit": Schema(pictures=3, count=4),
    "google/nano-banana-edit": Schema(ratios=_FEW_RATIOS, pictures=3, count=4),
    "google/gemini-nano-banana-2.1": _NEWER,
    "google/nano-banana-2": _SQUARE,
    "google/gemini-3-1-flash-image-preview": _SQUARE,
    "google/gemini-3-1-flash-lite-image": _NEWER,
    "google/nano-banana-pro": _PRO,
    "google/gemini-3-pro-image-preview": _PRO,
    "google/gemini-3-pro-image-edit": Schema(ratios=_FEW_RATIOS, sizes=_SIZES, pictures=5, count=4),
}
NEW = Schema(ratios=_FEW_RATIOS, pictures=3)
"""For an unknown model: what all newer ones take."""

EDITORS = {
    "google/gemini-2.5-flash-image": "google/gemini-2.5-flash-image-edit",
    "google/nano-banana-pro": "google/gemini-3-pro-image-edit",
    "google/gemini-3-pro-image-preview": "google/gemini-3-pro-image-edit",
}
"""Editors by the model that paints; a model that is not listed edits itself."""

INSTEAD = {"google/gemini-2.5-flash-image-edit": "google/nano-banana-edit"}
"""New names of editors, for the day when AIMLAPI drops the old one."""

_PROMPT_CHARS: tuple[tuple[str, int], ...] = (
    ("google/imagen", 400),
    ("alibaba/qwen-image-3", 800),
    ("alibaba/qwen-image-edit", 800),
    ("alibaba/qwen-image-2", 2000),
    ("alibaba/wan", 2000),
    ("alibaba/", 4000),
    ("reve/", 2560),
    ("luma/uni-1", 6000),
    ("openai/gpt-image", 32_000),
    ("blackforestlabs/flux", 4000),
    ("flux", 4000),
    ("bytedance/", 4000),
    ("klingai/", 4000),
    ("hunyuan/", 4000),
    ("microsoft/", 4000),
    ("recraft", 4000),
    ("stab", 4000),
)
"""``maxLength`` of ``prompt`` by the beginning of an id. Of Google's models only Imagen documents one."""

_LABELS = {
    "google/gemini-2.5-flash-image": "Nano Banana",
    "google/gemini-nano-banana-2.1": "Nano Banana 2.1",
    "google/nano-banana-2": "Nano Banana 2",
    "google/gemini-3-1-flash-lite-image": "Nano Banana 2 Lite",
    "google/nano-banana-pro": "Nano Banana Pro",
}
_PRICES = {"google/gemini-2.5-flash-image": Price(per_picture=Decimal("0.042"))}
"""By AIMLAPI's price list; answers of the other models state their cost."""


def editor_of(model: str) -> str:
    """Return the model that edits for ``model``; it may be the same."""
    return EDITORS.get(model, model)


def schema_of(model: str) -> Schema:
    """Return what the body for ``model`` may hold."""
    return SCHEMAS.get(model, NEW)


def prompt_chars_of(model: str) -> int:
    """Return the most letters of a prompt for ``model``, 0 if its schema names no number."""
    return next((most for start, most in _PROMPT_CHARS if model.startswith(start)), 0)


def row_of(model: str, label: str, editor: str) -> Capabilities:
    """Return what ``model`` can do together with ``editor``."""
    own, edits = schema_of(model), schema_of(editor)
    return Capabilities(
        model=model,
        label=label,
        history=False,
        max_images=edits.pictures,
        follows=True,
        ratios=own.ratios,
        sizes=own.sizes,
        search=own.search,
        max_count=own.count,
        max_prompt_chars=min(filter(None, map(prompt_chars_of, (model, editor))), default=0),
        max_count_edited=edits.count,
        price=_PRICES.get(model, Price()),
    )


AIMLAPI = tuple(row_of(model, f"{label} (AIMLAPI)", editor_of(model)) for model, label in _LABELS.items())
