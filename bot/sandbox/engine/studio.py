"""Carry out a plan: decode, run the steps, fit the asked shape, encode.

Imports ``edits``, ``models``, ``reading``, ``scenes``, ``steps`` and ``wire``. Runs in a worker thread.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageStat

from bot.sandbox.engine import scenes
from bot.sandbox.engine.edits import drift, marks, raster, shapes
from bot.sandbox.engine.models import SCALES, Model
from bot.sandbox.engine.reading import replies
from bot.sandbox.engine.reading.conversation import Plan, plan
from bot.sandbox.engine.reading.replies import Extent
from bot.sandbox.engine.reading.vocabulary import JOINS, OPERATIONS
from bot.sandbox.engine.steps import Outcome, Step
from bot.sandbox.engine.wire import Asked, Said

MAX_PICTURES = 6
_GLANCE_PX = 240
_ALIKE = 11
"""Two pictures differ by less, of 255, in each of red, green and blue, if they show the same scene."""


def answer(asked: Asked, model: Model, mode: str = "normal", version: int = 0) -> Said:
    """Paint what the last turn asks for, or say why not. Blocking: call it from a worker thread.

    ``mode``: ``words`` paints nothing, ``drift`` paints as real models do; see ``state``. ``version``: the number of
    the answer among several to the same wish; 0 is the plain one.
    """
    todo = plan(asked.turns, version, _shows)
    if todo.words_only or mode == "words":
        return Said(text=replies.words(todo, asked))
    given = [raster.read(data) for data in todo.pictures[:MAX_PICTURES]]
    if todo.scene is not None:
        given = [scenes.paint(todo.scene, _canvas(asked, model))]
    images, outcomes = run(given, todo.steps)
    before = _to_change(todo, given)
    there = None
    if todo.marked is not None and before is not None:
        there = marks.only_there(before, images[-1], raster.read(todo.marked))
        images[-1] = there or images[-1]
    notes = [f"I take {MAX_PICTURES} pictures at most and left the others."] if len(todo.pictures) > len(given) else []
    # A new scene has no earlier picture that it could differ from.
    drifts = mode == "drift" and (todo.scene is None or todo.wish.scene is not None)
    if drifts:
        seed = zlib.crc32(b"".join(data[-64:] for data in todo.pictures), version + len(asked.turns))
        images = [drift.repainted(image, model, seed) for image in images]
    # The shape of a request is about one picture. If that is how one of several is, the others are not cut to it.
    as_they_are = todo.scene is not None or any(model.nearest(image.size) == asked.ratio for image in images)
    shaped = [_shaped(image, asked, model, notes, as_it_is=as_they_are) for image in images]
    words = replies.done(todo, outcomes, notes, Extent(there=there is not None, everywhere=drifts), version)
    if todo.scene is None and not todo.note and not _differ(given, shaped):
        return Said(text=words)
    return Said(text=words, pictures=tuple(raster.write(image) for image in shaped))


def _shows(todo: Plan, data: bytes) -> bool:
    """Return whether a picture shows, at a glance, what a plan would paint; as real models repaint it, too."""
    picture = raster.read(data)
    line = list(todo.line())
    scene = line[-1].scene
    if scene is None:
        return False
    size = (_GLANCE_PX, max(1, round(_GLANCE_PX * picture.height / picture.width)))
    steps = [step for plan in reversed(line) for step in plan.steps]
    painted = run([scenes.paint(scene, size)], steps)[0][-1]
    small = [image.convert("RGB").resize((24, 24), Image.Resampling.BOX) for image in (painted, picture)]
    return max(ImageStat.Stat(ImageChops.difference(*small)).mean) < _ALIKE


def _to_change(todo: Plan, given: Sequence[Image.Image]) -> Image.Image | None:
    """Return the picture that a plan changes; None for a new one."""
    if todo.scene is None:
        return given[-1]
    return raster.read(todo.previous.answer[-1]) if todo.previous and todo.previous.answer else None


def _canvas(asked: Asked, model: Model) -> tuple[int, int]:
    """Return the pixels to paint a scene at; sizes above one and a half times 1K are enlarged from there."""
    width, height = model.ratios[asked.ratio or "1:1"]
    scale = min(SCALES.get(asked.size or "1K", 1.0), 1.5)
    return round(width * scale), round(height * scale)


def run(images: Sequence[Image.Image], steps: Sequence[Step]) -> tuple[list[Image.Image], list[Outcome]]:
    """Carry out ``steps``: first what makes one picture of several, then the rest, on each picture.

    A step that needs several pictures leaves a single one as it is.
    """
    now, outcomes = list(images), []
    for step in sorted(steps, key=lambda step: step.op not in JOINS):
        before = now
        if step.op not in JOINS:
            now = [apply(image, step) for image in before]
        elif len(before) > 1:
            now = [OPERATIONS[step.op].run(before, step)]
        sizes = [tuple(image.size for image in some) for some in (before, now)]
        outcomes.append(Outcome(step=step, before=sizes[0], after=sizes[1], changed=_differ(before, now)))
    return now, outcomes


def _differ(before: Sequence[Image.Image], after: Sequence[Image.Image]) -> bool:
    """Return whether any pixel, size or number of two rows of pictures differs."""
    if [image.size for image in before] != [image.size for image in after]:
        return True
    return any(ImageChops.difference(*pair).getbbox() is not None for pair in zip(before, after, strict=True))


def apply(image: Image.Image, step: Step) -> Image.Image:
    """Carry out one operation on a picture."""
    row = OPERATIONS[step.op]
    if row.kind == "shape":
        changed: Image.Image = row.run(image, step)
        return changed
    before = raster.floats(image)
    full = row.run(before, max(1.0, step.amount))
    return raster.picture(raster.mix(before, full, min(1.0, step.amount)))


def _shaped(image: Image.Image, asked: Asked, model: Model, notes: list[str], *, as_it_is: bool) -> Image.Image:
    """Return a picture in the ratio and size of the request. An edit in another ratio is cut, and says so."""
    if asked.ratio and not as_it_is:
        width, height = model.ratios[asked.ratio]
        image = shapes.crop(image, Step(op="crop", args={"ratio": f"{width}:{height}"}))
        notes.append(f"I cut it to {asked.ratio}, the ratio you chose.")
    if not asked.size:
        return image
    scale = 1024 * SCALES[asked.size] / math.sqrt(image.width * image.height)
    if abs(scale - 1) < 0.06:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS)
