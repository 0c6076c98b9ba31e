"""The types of the settings about limits and prices, each with its own error message.

Imports pydantic, ``access.limits`` and ``books.values``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator

from bot.access.limits import MICRO, in_micro_usd, read_limits
from storage.books.values import Allowance, Pack

PACK = re.compile(r"(\d{1,6})\s*:\s*(\d{1,6})")
MOST_PACKS = 8

PRICE = re.compile(r"(?:(\w+)\s*=\s*)?\$?(\d{1,4}(?:\.\d{1,6})?)")


def _limits(value: Any) -> Any:
    return read_limits(value) if isinstance(value, str) else value


def _zone(value: str) -> str:
    if value.upper() == str(UTC):
        return str(UTC)
    try:
        return ZoneInfo(value).key
    except (OSError, ValueError, KeyError):
        # A name that looks like a path is a ValueError, one that is a folder an OSError, any other a KeyError.
        raise ValueError("must be UTC, or a name of the list of time zones, like Europe/Berlin") from None


def _prices(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    matches = [PRICE.fullmatch(word.strip()) for word in value.lower().split(",") if word.strip()]
    found = {match[1] or "": in_micro_usd(match[2]) for match in matches if match is not None}
    if len(found) < len(matches):
        raise ValueError("must be dollars like 0.04, or one price for each provider, like tokaify=0.03, onemin=0.05")
    return tuple(found.items())


def _packs(value: Any) -> Any:
    return read_packs(value) if isinstance(value, str) else value


def read_packs(text: str) -> tuple[Pack, ...]:
    """Read packs as ``pictures:stars``. Raises: ``ValueError`` with what they must look like."""
    words = [word.strip() for word in text.split(",") if word.strip()]
    matches = [PACK.fullmatch(word) for word in words]
    found = [Pack(pictures=int(match[1]), stars=int(match[2])) for match in matches if match is not None]
    sizes = {pack.pictures for pack in found}
    if len(found) < len(matches) or len(sizes) < len(found) or len(found) > MOST_PACKS:
        raise ValueError("must be a list of pictures:stars like 20:100, 100:400, each number of pictures once")
    if not all(pack.pictures and pack.stars for pack in found):
        raise ValueError("must have at least one picture and one Star in each pack")
    return tuple(found)


def of_providers(names: Sequence[str]) -> AfterValidator:
    """Return the check that prices name only these providers."""

    def check(prices: Prices) -> Prices:
        if any(name and name not in names for name, _ in prices):
            raise ValueError(f"must name providers: {', '.join(names)}")
        return prices

    return AfterValidator(check)


Packs = Annotated[tuple[Pack, ...], BeforeValidator(_packs)]
"""Packs of pictures and their prices in Stars."""

LimitList = Annotated[Allowance, BeforeValidator(_limits)]
"""A list like ``20/day, $10/month``."""

Zone = Annotated[str, AfterValidator(_zone)]
"""An IANA name of a time zone."""

Prices = Annotated[tuple[tuple[str, int], ...], BeforeValidator(_prices)]
"""Prices of a picture by provider, in millionths of a US dollar; for the name "" the price of all others."""

TWENTY_DOLLARS = Allowance(day_micro_usd=20 * MICRO)
"""An open bot must not cost a fortune overnight."""
