"""Bytes in, a restored picture out: decodes, analyses, stitches, encodes.

Imports Pillow, ``align``, ``analysis``, ``changed``, ``convert``, ``formats``, ``grids``, ``marks``, ``stitch``,
``values`` and ``verdict``.
"""

from __future__ import annotations

from collections.abc import Collection

from PIL import Image

from bot.pictures.convert import decode
from bot.pictures.convert.encode import encode, on_white, opaque_if_it_is
from bot.pictures.convert.modes import ALPHA
from bot.pictures.formats import sniff
from bot.pictures.formats.inspect import inspect
from bot.pictures.restore.align.maps import Six
from bot.pictures.restore.analysis import LEAST_WORK_PX, WORK_PX, Analysis, analyse, at_work_size
from bot.pictures.restore.changed.outline import outlines
from bot.pictures.restore.grids import box_of
from bot.pictures.restore.marks import Mark, mark_of
from bot.pictures.restore.stitch import stitch
from bot.pictures.restore.values import EITHER, AsPainted, Restored
from bot.pictures.restore.verdict import Verdict

MOST_SOURCE_PX = 50_000_000
FREE_SHARE = 0.03
_MOST_ANSWER_PX = 4096


def restored(source: bytes, answer: bytes, marked: bytes | None, wanted: Collection[Verdict]) -> Restored | AsPainted:
    """See ``result.restore``."""
    info = inspect(source)
    if unfit := unfit_size(info.width_px, info.height_px):
        return unfit
    if info.animated:
        return AsPainted(verdict=Verdict.UNSURE, reason="animated")
    picture = opened(source)
    if picture is None:
        return AsPainted(verdict=Verdict.UNSURE, reason="transparent")
    painted = on_white(decode.decode(answer, inspect(answer), _MOST_ANSWER_PX)).convert("RGB")
    mark = None
    if marked is not None:
        drawn = on_white(decode.decode(marked, inspect(marked), 2 * WORK_PX)).convert("RGB")
        mark = mark_of(picture, drawn, work_size(picture.size))
    return put_into(picture, painted, mark, wanted=wanted)


def outline(source: bytes, answer: bytes) -> list[list[tuple[float, float]]]:
    """See ``result.changed_outline``."""
    info = inspect(source)
    if unfit_size(info.width_px, info.height_px):
        return []
    pictures = [on_white(decode.decode(each, inspect(each), 2 * WORK_PX)).convert("RGB") for each in (source, answer)]
    analysis = _analysed(pictures[0], pictures[1], None)
    if analysis is None or analysis.decision.verdict is Verdict.GLOBAL:
        return []
    return outlines(analysis.region)


def unfit_size(width_px: int, height_px: int) -> AsPainted | None:
    """Return why a source of this size is not restored, or None."""
    if width_px * height_px > MOST_SOURCE_PX:
        return AsPainted(verdict=Verdict.UNSURE, reason="too large")
    if min(work_size((width_px, height_px))) < LEAST_WORK_PX:
        return AsPainted(verdict=Verdict.UNSURE, reason="too small")
    return None


def work_size(size: tuple[int, int]) -> tuple[int, int]:
    """Return the size at which a picture is analysed."""
    scale = min(1.0, WORK_PX / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def opened(data: bytes) -> Image.Image | None:
    """Return a picture upright in RGB with its profile; None when it is transparent somewhere."""
    picture = opaque_if_it_is(decode.decode(data, inspect(data)))
    if picture.mode in ALPHA:
        return None
    if picture.mode != "RGB":
        # The profile of a grey picture does not fit one that may have colours now.
        picture = picture.convert("RGB")
        picture.info = {}
    return picture


def put_into(
    picture: Image.Image,
    painted: Image.Image,
    mark: Mark | None,
    inner: tuple[bool, bool, bool, bool] | None = None,
    wanted: Collection[Verdict] = EITHER,
) -> Restored | AsPainted:
    """Restore a decoded picture, both RGB; ``picture`` itself is changed.

    ``inner``: of a crop, whether its left, top, right and bottom edge lies inside the whole picture; then the change
    must stay away from there. ``wanted``: see ``result.restore``.
    """
    analysis = _analysed(picture, painted, mark)
    if analysis is None:
        return AsPainted(verdict=Verdict.UNSURE, reason="too small")
    decision = analysis.decision
    if decision.verdict is Verdict.GLOBAL or not analysis.region.any():
        return AsPainted(verdict=decision.verdict, reason=decision.reason)
    if decision.verdict not in wanted:
        return AsPainted(verdict=decision.verdict, reason=decision.reason, offers=True)
    if inner is not None and _leaves(analysis, inner):
        return AsPainted(verdict=Verdict.UNSURE, reason="leaves the crop")
    boxes = stitch(picture, painted, analysis, mark)
    if not boxes:
        return AsPainted(verdict=Verdict.UNSURE, reason="nothing left of it")
    return Restored(
        png=encode(picture, sniff.PNG),
        width_px=picture.width,
        height_px=picture.height,
        verdict=decision.verdict,
        reason=decision.reason,
        share=analysis.numbers.share,
        box=_box(analysis, picture.size),
        transform=_transform(analysis, picture.size, painted.size),
        marked=mark is not None,
    )


def _analysed(picture: Image.Image, painted: Image.Image, mark: Mark | None) -> Analysis | None:
    source, answer = at_work_size(picture), at_work_size(painted)
    if min(*source.shape[:2], *answer.shape[:2]) < LEAST_WORK_PX:
        return None
    return analyse(source, answer, mark)


def _leaves(analysis: Analysis, inner: tuple[bool, bool, bool, bool]) -> bool:
    """Return whether a change comes near an inner edge of a crop."""
    box = box_of(analysis.spread | analysis.region)
    height, width = analysis.region.shape
    if box is None:
        return False
    gaps = (box[0] / width, box[1] / height, 1 - box[2] / width, 1 - box[3] / height)
    return any(is_inner and gap < FREE_SHARE for is_inner, gap in zip(inner, gaps, strict=True))


def _box(analysis: Analysis, full: tuple[int, int]) -> tuple[int, int, int, int]:
    left, top, right, bottom = box_of(analysis.region) or (0, 0, 0, 0)
    height, width = analysis.region.shape
    return (
        left * full[0] // width,
        top * full[1] // height,
        -(-right * full[0] // width),
        -(-bottom * full[1] // height),
    )


def _transform(analysis: Analysis, full: tuple[int, int], answer: tuple[int, int]) -> Six:
    height, width = analysis.region.shape
    answer_height, answer_width = analysis.pair.answer.shape[:2]
    return analysis.chart.scaled(
        (full[0] / width, full[1] / height), (answer[0] / answer_width, answer[1] / answer_height)
    ).six
