"""Makes the restored picture of an answer, between the arrival of the answer and its place in the tree.

Imports ``looks``, ``making``, ``sources``, ``exchanges``, ``metrics``, ``pictures``, ``providers`` and ``storage``. The
raw answer is on the disk by then, and the same bytes give the same picture: a process that dies here leaves all
that is needed to do it again. Whatever goes wrong, the answer is stored as it came, because it was paid for. What is
only offered is made when somebody presses its button.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256

from bot.metrics import Meter
from bot.pictures.errors import PictureError
from bot.pictures.formats.inspect import inspect
from bot.pictures.restore.crop import CropPlan
from bot.pictures.restore.values import EITHER
from bot.pictures.restore.verdict import Verdict
from bot.pictures.threads import glance, off_loop
from bot.providers.base import ALPHA
from bot.turns.request.exchanges import PathTurn
from bot.turns.restoring.looks import Looks
from bot.turns.restoring.making import Made, NotMade, is_small, make, mask, planned
from bot.turns.restoring.sources import KEEP, LOOSE, OFFERED, UNFIT, WHOLE, Sources, sources_of
from storage.engine.faults import StorageFault
from storage.media.store import MediaMissing
from storage.records import InputPicture, MediaRef, Restored, Turn
from storage.store import Store

log = logging.getLogger(__name__)

LOOK_S = 10.0
"""How long an answer waits for its restored picture, including the wait for a thread and for memory. Until then a
cancel still ends the turn, and its picture is paid for nothing."""

MARKED_S = 30.0
"""The same where a place was marked."""

CROP_S = 120.0
"""The same for a crop, which alone is of little use."""

MOST_CRASHES = 2
"""A turn that took so many processes with it is stored as it came: this may have been why."""

PART = (
    "This is a part of a larger picture. "
    "Keep everything at its place up to the edges, and change only the marked place:"
)
"""Goes with the crop of a marked picture, in front of the copy with the mark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Turns as the model gets them. ``cropped``: it gets a crop in place of the whole.

    ``plan``: that crop; None, too, where it cannot be made again after a restart. ``crops``: the bytes of pictures that
    are not stored, by SHA-256. ``masks``: of a marked place, by the SHA-256 of the picture and the form of the mask;
    their bytes are in ``crops``.
    """

    turns: tuple[Turn, ...]
    cropped: bool = False
    plan: CropPlan | None = None
    crops: dict[str, bytes] = field(default_factory=dict)
    masks: dict[tuple[str, str], MediaRef] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What came of an answer: its restored picture, or what one can be made from; and a remark, or ""."""

    restored: Restored | None = None
    offered_from: str = ""
    remark: str = ""


class NotRestored(Exception):
    """There is no restored picture of an answer; the message says why, in English words for the log."""


class Restoring:
    """Restores the pictures of answers."""

    def __init__(self, store: Store, meter: Meter) -> None:
        self._store = store
        self._meter = meter
        self._looks = Looks()

    async def as_asked(self, turns: Sequence[Turn], forms: Collection[str], *, cropped: bool | None = None) -> Asked:
        """Return turns as the model should get them: of a small marked place only the crop around it, alone.

        The turns have equal pictures. ``forms``: of the masks that the models take which may be asked. ``cropped``:
        whether the model got a crop when an earlier process asked it; None if that did not happen, or is not known.
        """
        asked = Asked(turns=tuple(turns)) if cropped is False else await self._cropped(turns)
        if cropped:
            asked = replace(asked, cropped=True)
        return await self._masked(asked, forms) if forms else asked

    async def _masked(self, asked: Asked, forms: Collection[str]) -> Asked:
        """Return the same with masks of the marked place; without them where anything goes wrong."""
        turn = asked.turns[-1]
        found = sources_of(turn, ())
        if found is None or found.marked is None or turn.crashes >= MOST_CRASHES:
            return asked
        crops, masks = dict(asked.crops), {}
        try:
            async with asyncio.timeout(MARKED_S):
                refs = (found.source.media, found.marked.media)
                pair = [asked.crops.get(ref.sha256) or await self._bytes(ref) for ref in refs]
                for form in forms:
                    if data := await off_loop(mask, *pair, alpha=form == ALPHA):
                        ref = masks[refs[0].sha256, form] = await _ref_of(data, "image/png")
                        crops[ref.sha256] = data
        except Exception as error:
            log.warning("turn %s: no mask is sent: %s: %s", turn.id, type(error).__name__, error)
            return asked
        return replace(asked, crops=crops, masks=masks)

    async def _cropped(self, turns: Sequence[Turn]) -> Asked:
        turn, plan = turns[-1], await self._plan_of(turns[-1])
        found = sources_of(turn, ())
        if plan is None or found is None or found.marked is None:
            return Asked(turns=tuple(turns))
        refs = [await _ref_of(data, plan.mime) for data in (plan.data, plan.marked)]
        crop = InputPicture(media=refs[0], caption=PART)
        marked = replace(found.marked, media=refs[1], original=None, marks=refs[0].sha256)
        swapped = {found.source.media.sha256: crop, found.marked.media.sha256: marked}
        pictures = tuple(swapped.get(picture.media.sha256, picture) for picture in turn.pictures)
        crops = {refs[0].sha256: plan.data, refs[1].sha256: plan.marked}
        # Earlier wishes and pictures are about the whole, which the model does not see.
        swapped_turns = tuple(replace(one, parent_id=None, pictures=pictures) for one in turns)
        return Asked(turns=swapped_turns, cropped=True, plan=plan, crops=crops)

    async def kept(
        self,
        turn: Turn,
        path: Sequence[PathTurn],
        painted: Sequence[tuple[MediaRef, bytes]],
        asked: Asked | None = None,
    ) -> Kept:
        """Return the restored picture of an answer, or the offer of one. ``painted``: the pictures that it shows.

        Raises: ``StorageFault`` where a crop was painted, which alone is of little use: it is done again from the raw
        answer.
        """
        found = sources_of(turn, path) if len(painted) == 1 else None
        plan, cropped = (asked.plan, asked.cropped) if asked else (None, False)
        left = Kept(remark=UNFIT if cropped else LOOSE if found and found.marked else "")
        if found is None or painted[0][0].sha256 == found.source.media.sha256 or (cropped and not plan):
            return left if painted else Kept()
        if not plan and any(is_small(ref.width_px, ref.height_px) for ref in (found.source.media, painted[0][0])):
            # Before any byte is read.
            return Kept()
        began_at = time.monotonic()
        try:
            async with asyncio.timeout(_longest_s(found, plan)):
                made = await self._looked(turn, found, painted[0][1], plan)
                if isinstance(made, Made):
                    restored = await self._stored(found, painted[0][0], made, plan)
        except Exception as error:
            if plan and isinstance(error, StorageFault):
                raise
            log.warning("turn %s: its picture stays as it came: %s: %s", turn.id, type(error).__name__, error)
            self._meter.restored["failed"] += 1
            return left
        if isinstance(made, NotMade):
            what = "offered" if made.offers else "painted"
            self._count(turn, what, made.reason, began_at)
            if made.offers:
                return Kept(offered_from=found.whole.sha256)
            return Kept() if made.harmless and not plan else left
        self._count(turn, "restored", _numbers(made, plan), began_at)
        return Kept(restored=restored)

    async def on_demand(self, turn: Turn, path: Sequence[PathTurn]) -> Restored:
        """Make the restored picture that was only offered with an answer; it is not taken yet.

        Raises: :class:`NotRestored`, ``StorageFault``.
        """
        found, began_at = sources_of(turn, path), time.monotonic()
        if found is None or len(turn.shown) != 1 or found.whole.sha256 != turn.offered_from:
            raise NotRestored("another picture stands before it now")
        painted = turn.shown[0]
        try:
            async with asyncio.timeout(MARKED_S):
                answer = await self._bytes(painted)
                made = await self._looks.run(partial(self._make, found, answer, None, EITHER))
                if isinstance(made, NotMade):
                    raise NotRestored(made.reason)
                restored = await self._stored(found, painted, made, None)
        except (MediaMissing, PictureError, TimeoutError) as error:
            raise NotRestored(f"{type(error).__name__}: {error}") from error
        self._count(turn, "made", _numbers(made, None), began_at)
        return restored

    async def _looked(self, turn: Turn, found: Sources, painted: bytes, plan: CropPlan | None) -> Made | NotMade:
        if turn.crashes >= MOST_CRASHES:
            return NotMade(reason=f"{turn.crashes} processes ended with it")
        if found.marked is None and self._looks.is_long:
            return NotMade(reason="not looked at, because many others are", offers=True)
        wanted = () if turn.options.get(KEEP) == OFFERED else (Verdict.LOCAL,)
        return await self._looks.run(partial(self._make, found, painted, plan, wanted))

    async def _make(
        self, found: Sources, painted: bytes, plan: CropPlan | None, wanted: Collection[Verdict]
    ) -> Made | NotMade:
        source = await self._bytes(found.whole)
        marked = await self._bytes(found.marked.media) if found.marked else None
        return await off_loop(make, source, painted, marked, plan, wanted)

    async def _stored(self, found: Sources, painted: MediaRef, made: Made, plan: CropPlan | None) -> Restored:
        """Store a restored picture and its copy; return them as taken."""
        found_px, copied = (made.found.width_px, made.found.height_px), made.copy.data is not made.found.png
        # Only the copy is sent in a moment.
        put = self._store.media.put if copied else self._store.media.put_to_send
        whole = copy = _named(await put(made.found.png), made.found.png, "image/png", found_px)
        if copied:
            sizes = (made.copy.width_px, made.copy.height_px)
            name = await self._store.media.put_to_send(made.copy.data)
            copy = _named(name, made.copy.data, made.copy.mime, sizes)
        record = {
            "verdict": made.found.verdict.value,
            "reason": made.found.reason,
            "share": round(made.found.share, 6),
            "box": list(made.found.box),
            "transform": list(made.found.transform),
            "source": found.whole.sha256,
            "marked": made.found.marked,
            "crop": list(plan.box) if plan else None,
        }
        original = whole if copy is not whole else None
        picture = InputPicture(media=copy, original=original, author_id=found.source.author_id)
        return Restored(picture=picture, painted=painted, taken=True, record=record)

    def _count(self, turn: Turn, what: str, why: str, began_at: float) -> None:
        self._meter.restored[what] += 1
        shown = "as painted" if what == "painted" else what
        log.info("turn %s: %s: %s; %.1f s", turn.id, shown, why, time.monotonic() - began_at)

    async def _plan_of(self, turn: Turn) -> CropPlan | None:
        """Return the crop that the model should paint; None for the whole picture, also where anything goes wrong."""
        found = sources_of(turn, ()) if any(picture.marks for picture in turn.pictures) else None
        if found is None or found.marked is None or KEEP in turn.options or WHOLE in turn.options:
            return None
        if turn.crashes >= MOST_CRASHES:
            return None
        try:
            async with asyncio.timeout(MARKED_S):
                source = await self._bytes(found.whole)
                return await off_loop(planned, source, await self._bytes(found.marked.media))
        except Exception as error:
            log.warning("turn %s: the whole picture is sent: %s: %s", turn.id, type(error).__name__, error)
            return None

    async def _bytes(self, ref: MediaRef) -> bytes:
        return await self._store.media.get(ref.sha256, size_bytes=ref.size_bytes)


def _longest_s(found: Sources, plan: CropPlan | None) -> float:
    """Return how long an answer waits for its restored picture: the less it is needed, the shorter."""
    if plan is not None:
        return CROP_S
    return LOOK_S if found.marked is None else MARKED_S


async def _ref_of(data: bytes, mime: str) -> MediaRef:
    info = await glance(inspect, data)
    name = await glance(sha256, data)
    return _named(name.hexdigest(), data, mime, (info.width_px, info.height_px))


def _named(name: str, data: bytes, mime: str, size_px: tuple[int, int]) -> MediaRef:
    return MediaRef(sha256=name, mime=mime, size_bytes=len(data), width_px=size_px[0], height_px=size_px[1])


def _numbers(made: Made, plan: CropPlan | None) -> str:
    """Return the numbers of a decision for the log."""
    found = made.found
    moved = " ".join(f"{one:.5g}" for one in found.transform)
    crop = f", crop {plan.box}" if plan else ""
    return (
        f"{found.verdict.value}, {found.reason}, share {found.share:.4f}, box {found.box}, "
        f"transform {moved}, {found.width_px} x {found.height_px}{crop}"
    )
