"""What each known model can do and costs, by provider, and cautious defaults for unknown ids.

Imports ``base``. Facts are of November 2026, from the providers' own pages; prices are list prices in US dollars. A
configured model id that is missing here works, too.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from bot.providers.base import Capabilities, Price

RATIOS = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9")
LONG_RATIOS = (*RATIOS, "1:4", "4:1", "1:8", "8:1")

_BASIC = frozenset({"image/png", "image/jpeg", "image/webp"})
_NATIVE = _BASIC | {"image/heic", "image/heif"}


def _price(per_input: str, per_text: str, per_image: str) -> Price:
    return Price(input_per_mtok=Decimal(per_input), text_per_mtok=Decimal(per_text), image_per_mtok=Decimal(per_image))


LISTENS = "gemini-3.5-flash-lite"
"""The model that turns speech into words where the operator names none: Google's cheapest one that takes sound."""

_LISTENING = {
    LISTENS: ("0.30", "2.50"),
    "gemini-3.1-flash-lite": ("0.50", "1.50"),
    "gemini-2.5-flash-lite": ("0.30", "0.40"),
}


def price_of_listening(model: str) -> Price:
    """Return what a text model costs for sound and for words; unknown for most."""
    known = _LISTENING.get(model.removeprefix("models/"))
    return _price(*known, "0") if known else Price()


# Google advises at most three pictures "for best results" and refuses none. The known bound is the context window of
# 32,768 tokens, in which a picture takes at least 258 (ai.google.dev: image generation, image understanding). Vertex AI
# lists three for a prompt; if that is a limit, the bot learns it from the first refusal.
_MOST_IN_25 = 32_768 // 258

_FLASH_25 = Capabilities(
    model="gemini-2.5-flash-image",
    label="Nano Banana",
    history=True,
    max_images=_MOST_IN_25,
    advised_images=3,
    ratios=RATIOS,
    system=False,
    input_mimes=_NATIVE,
    strength="quick",
    # Google's table names Lite, which is not made for conversations; this one is, at the same price.
    successor="gemini-nano-banana-2.1",
    price=_price("0.30", "2.50", "30"),
)
_PRO_3 = Capabilities(
    model="gemini-3-pro-image",
    label="Nano Banana Pro",
    strength="best",
    history=True,
    max_images=14,
    ratios=RATIOS,
    sizes=("1K", "2K", "4K"),
    system=True,
    signatures=True,
    search=True,
    input_mimes=_NATIVE,
    price=_price("2", "12", "120"),
)
_FLASH_31 = replace(
    _PRO_3,
    model="gemini-3.1-flash-image",
    label="Nano Banana 2",
    strength="versatile",
    ratios=LONG_RATIOS,
    sizes=("512", "1K", "2K", "4K"),
    thinking=("MINIMAL", "HIGH"),
    successor="gemini-nano-banana-2.1",
    price=_price("0.50", "3", "60"),
)
_LITE_31 = replace(
    _FLASH_31,
    model="gemini-3.1-flash-lite-image",
    label="Nano Banana 2 Lite",
    strength="cheap",
    sizes=("1K",),
    search=False,
    successor="",
    price=_price("0.25", "1.50", "30"),
)
_BANANA_21 = replace(
    _FLASH_31,
    model="gemini-nano-banana-2.1",
    label="Nano Banana 2.1",
    sizes=("1K", "2K", "4K"),
    successor="gemini-3.1-flash-lite-image",
    price=_price("1.50", "7.50", "30"),
)
# Google's own API shut gemini-3.1-flash-image down on 29 October 2026; Vertex AI and relays go on with it.
GEMINI = (_FLASH_25, _BANANA_21, _PRO_3, _LITE_31)
VERTEX = (*GEMINI, _FLASH_31)

# Tokens of one picture at 1K, for answers without details.
IMAGE_TOKENS = {"gemini-2.5-flash-image": 1290}
IMAGE_TOKENS_DEFAULT = 1120

# And of larger and smaller ones (ai.google.dev, Gemini API pricing: 0.045 to 0.151 dollars at 60 per million).
_TOKENS_OF_SIZES = {"512": 747, "2K": 1680, "4K": 2520}
_TOKENS_OF_SIZES_OF_PRO = {"4K": 2000}

# A relay sets its own prices, its proxies cut large bodies, and its keys allow no search.
RELAY = tuple(replace(row, price=Price(), search=False, input_mimes=_BASIC) for row in VERTEX)

_ONEMIN_BASE = Capabilities(
    model="gemini-2.5-flash-image",
    label="Nano Banana (1min.ai)",
    history=False,
    max_images=3,
    follows=True,
)
ONEMIN = (
    _ONEMIN_BASE,
    replace(
        _ONEMIN_BASE,
        model="gemini-3-pro-image-preview",
        label="Nano Banana Pro (1min.ai)",
        sizes=("1K", "2K", "4K"),
    ),
    replace(
        _ONEMIN_BASE,
        model="gemini-3.1-flash-image-preview",
        label="Nano Banana 2 (1min.ai)",
        ratios=LONG_RATIOS,
        sizes=("512", "1K", "2K", "4K"),
    ),
)
ONEMIN_EDITORS = {
    "gemini-2.5-flash-image": "gemini-2.5-flash-image-preview",
    "gemini-3-pro-image-preview": "gemini-3-pro-image-preview",
    "gemini-3.1-flash-image-preview": "gemini-3.1-flash-image-preview",
}

OPENROUTER = tuple(
    replace(
        row,
        model=f"google/{row.model}",
        successor=f"google/{row.successor}" if row.successor else "",
        label=f"{row.label} (OpenRouter)",
        maker="Google",
        system=True,
        # Signatures travel as reasoning details, and a request without them is not refused.
        signatures=False,
        search=False,
        input_mimes=_BASIC,
    )
    for row in (_FLASH_25, _BANANA_21, _PRO_3, _FLASH_31, _LITE_31)
)

_FAMILIES: tuple[tuple[str, Capabilities], ...] = (
    ("gemini-2", _FLASH_25),
    ("gemini-3-pro", _PRO_3),
    ("gemini-3.1-flash-lite", _LITE_31),
    ("gemini-3", _FLASH_31),
    ("nano-banana-pro", _PRO_3),
    ("nano-banana", _BANANA_21),
)


def cautious(model: str, rows: tuple[Capabilities, ...]) -> Capabilities:
    """Return the row of ``model``, or safe assumptions for an id that is not in ``rows``.

    An unknown member of a known family is assumed to require signatures, and to take no size, no system instruction
    and no more pictures than the least of its family. Its price is unknown.
    """
    for row in rows:
        if row.model == model:
            return row
    plain, demands = rows[0], any(row.signatures for row in rows)
    maker, slash, bare = model.rpartition("/")
    family = next((row for start, row in _FAMILIES if start in bare), None)
    successor = _successor(model, f"{maker}{slash}", family, rows)
    family = family if plain.history else None
    if family is None:
        return replace(
            plain,
            model=model,
            label=model,
            max_images=min(row.max_images for row in rows),
            advised_images=0,
            sizes=(),
            system=False,
            search=False,
            thinking=(),
            signatures=demands,
            successor=successor,
            max_count=1,
            price=Price(),
        )
    return replace(
        plain,
        model=model,
        label=model,
        ratios=family.ratios,
        sizes=(),
        max_images=family.max_images,
        advised_images=family.advised_images,
        system=False,
        signatures=demands and family.signatures,
        search=False,
        thinking=(),
        successor=successor,
        price=Price(),
    )


def _successor(model: str, prefix: str, family: Capabilities | None, rows: tuple[Capabilities, ...]) -> str:
    """Return the successor of an unknown id: its family's own model, or the successor of that."""
    known = {row.model for row in rows} - {model}
    named = (f"{prefix}{one}" for one in ((family.model, family.successor) if family else ()) if one)
    return next((one for one in named if one in known), "")


def image_tokens(model: str) -> int:
    """Return the tokens of one picture at 1K."""
    return IMAGE_TOKENS.get(model, IMAGE_TOKENS_DEFAULT)


def expected_usd(able: Capabilities, size: str = "") -> Decimal | None:
    """Return what a picture of a model costs by the list, without its words, in US dollars; None if not known.

    ``size``: as ``4K``; a size that the model does not offer is not asked for, and counts as 1K.
    """
    price = able.price
    if price.per_picture is not None or price.image_per_mtok is None:
        return price.per_picture
    tokens = image_tokens(able.model.rpartition("/")[2])
    if size in able.sizes:
        tokens = (_TOKENS_OF_SIZES_OF_PRO if "pro" in able.model else _TOKENS_OF_SIZES).get(size, tokens)
    return price.image_per_mtok * tokens / 1_000_000
