"""Whether Telegram accepts a picture as a photo, or only as a document.

Imports ``inspect`` and ``sniff``. Facts: Bot API documentation of sendPhoto; the official server's limit of 10 MiB. A
photo is recompressed by Telegram to JPEG, so transparency would be lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from bot.pictures.formats import sniff
from bot.pictures.formats.inspect import PictureInfo

PHOTO_MAX_BYTES = 10 * 1024 * 1024
PHOTO_MAX_SIDES_PX = 10_000
PHOTO_MAX_RATIO = 20
_PHOTO_KINDS = frozenset({sniff.JPEG, sniff.PNG, sniff.WEBP})


class Reason(StrEnum):
    """Why a picture does not fit as a photo."""

    BYTES = "bytes"
    SIDES = "sides"
    RATIO = "ratio"
    TRANSPARENT = "transparent"
    ANIMATED = "animated"
    KIND = "kind"


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramFit:
    """How to send a picture; ``reason`` is None for a photo."""

    send_as: Literal["photo", "document"]
    reason: Reason | None = None


def telegram_fit(info: PictureInfo) -> TelegramFit:
    """Choose between photo and document. A file that can be transparent counts as such."""
    long_px, short_px = max(info.width_px, info.height_px), min(info.width_px, info.height_px)
    checks = (
        (info.mime not in _PHOTO_KINDS, Reason.KIND),
        (info.size_bytes > PHOTO_MAX_BYTES, Reason.BYTES),
        (long_px + short_px > PHOTO_MAX_SIDES_PX, Reason.SIDES),
        (long_px > short_px * PHOTO_MAX_RATIO, Reason.RATIO),
        (info.animated, Reason.ANIMATED),
        (info.alpha, Reason.TRANSPARENT),
    )
    for wrong, reason in checks:
        if wrong:
            return TelegramFit(send_as="document", reason=reason)
    return TelegramFit(send_as="photo")
