"""The work of pixels for a restored picture. It blocks, so it runs in the picture threads.

Imports ``pictures``. Knows neither turns nor the store: bytes in, bytes out.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bot.pictures import threads
from bot.pictures.convert.prepare import prepare
from bot.pictures.convert.prepared import Prepared
from bot.pictures.formats import sniff
from bot.pictures.formats.inspect import MOST_PNG_PX, PictureInfo, inspect
from bot.pictures.restore.crop import CropPlan, crop_for_mark, mask_for_mark, put_back
from bot.pictures.restore.result import AsPainted, Restored, memory_bytes, restore
from bot.pictures.restore.verdict import NOTHING, Verdict

COPY_SIDE_PX = 3072
"""The longest side of the copy that goes to providers and chats: models paint at one or two megapixels, and Telegram
shows at most 2560 px of a photo."""

COPY_BYTES = 2_000_000
"""A larger copy becomes a JPEG, at most this large, since each next wish sends it. What a model paints, a megapixel as
PNG, stays below; a photo of 12 megapixels is sent with 2304 px."""

MOST_PX = MOST_PNG_PX
"""A larger source is not restored: as a PNG it could not be read again."""

LEAST_PX = 64
"""A picture with a shorter side has too little to align by; then not even numpy is loaded."""

SMALL = "it is too small"
"""The reason of such a picture."""

_COPIED = frozenset({sniff.PNG, sniff.JPEG})


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A restored picture and its copy for providers and chats."""

    found: Restored
    copy: Prepared


@dataclass(frozen=True, slots=True, kw_only=True)
class NotMade:
    """Why there is none, in English words for the log. ``harmless``: nobody misses it. ``offers``: there can be one."""

    reason: str
    harmless: bool = False
    offers: bool = False


def make(
    source: bytes, answer: bytes, marked: bytes | None, plan: CropPlan | None, wanted: Collection[Verdict]
) -> Made | NotMade:
    """Restore a picture. ``plan``: the crop that the model painted in place of the whole. ``wanted``: see ``restore``.

    Raises: ``PictureError`` where a picture cannot be read.
    """
    info, painted = inspect(source), inspect(answer)
    if why := _unfit(info, painted):
        return NotMade(reason=why, harmless=why == SMALL)
    with threads.room_for(_room_bytes(info, painted)):
        found = put_back(source, plan, answer) if plan else restore(source, answer, marked, wanted)
    if isinstance(found, AsPainted):
        reason = f"{found.verdict.value}, {found.reason}"
        return NotMade(reason=reason, harmless=found.reason == NOTHING, offers=found.offers)
    return Made(found=found, copy=prepare(found.png, inspect(found.png), _COPIED, COPY_SIDE_PX, COPY_BYTES))


def planned(source: bytes, marked: bytes) -> CropPlan | None:
    """Return the crop around a small pen mark that the model should paint; None for the whole picture.

    Raises: ``PictureError`` where a picture cannot be read.
    """
    info, copy = inspect(source), inspect(marked)
    if _unfit(info, copy):
        return None
    with threads.room_for(_room_bytes(info, copy)):
        return crop_for_mark(source, marked)


def mask(source: bytes, marked: bytes, *, alpha: bool) -> bytes | None:
    """Return the marked place as a mask of the source's size, a PNG; None where there is none.

    ``alpha``: transparent where the picture may change, otherwise white. Raises: ``PictureError``.
    """
    info, copy = inspect(source), inspect(marked)
    if _unfit(info, copy):
        return None
    with threads.room_for(_room_bytes(info, copy)):
        return mask_for_mark(source, marked, alpha=alpha)


def is_small(width_px: int, height_px: int) -> bool:
    """Return whether a picture has too little to align by."""
    return min(width_px, height_px) < LEAST_PX


def _unfit(info: PictureInfo, other: PictureInfo) -> str:
    """Return why a picture cannot be restored, "" if it can."""
    if info.frames > 1 or other.frames > 1:
        return "it moves, or has several pages"
    if is_small(info.width_px, info.height_px) or is_small(other.width_px, other.height_px):
        return SMALL
    if info.width_px * info.height_px > MOST_PX or _room_bytes(info, other) > threads.budget.size_bytes:
        return "it is too large for the memory"
    return ""


def _room_bytes(info: PictureInfo, other: PictureInfo) -> int:
    return memory_bytes((info.width_px, info.height_px), (other.width_px, other.height_px))
