"""What a wish means after all that was said before.

May import: parser, phrases, scenery, steps, raster, retold, wire's ``Turn``. Pure: contents in, a plan out; paints
nothing.

The conversation is folded from its start: pictures that people sent (or that another model made) are a ground, each
answered wish puts its steps on top. So "a bit less" and "undo the blur" can be painted anew from the ground, and lose
nothing to earlier rounds. An ordinary wish goes onto the current picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from .parser import Wish, parse
from .raster import is_ours
from .retold import unfold
from .scenery import changed
from .steps import Step
from .vocabulary import JOINS, OPERATIONS
from .wire import Turn

Layers = tuple[tuple[Step, ...], ...]

_LESS = 0.55
_MORE = 1.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What lies on the table: the first pictures (or a scene), and per answered wish the steps upon them.

    ``told``: the steps of a wish that is only retold, already done in the pictures.
    """

    pictures: tuple[bytes, ...] = ()
    scene: Step | None = None
    layers: Layers = ()
    previous: Ground | None = None
    told: tuple[Step, ...] = ()

    @property
    def empty(self) -> bool:
        """Tell whether there is nothing to edit."""
        return not self.pictures and self.scene is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to paint: ``steps`` upon ``pictures`` or upon ``scene``; or, with neither steps nor scene, what to say.

    ``done`` are the steps to name in the answer, ``note`` a sentence about what became of an earlier wish.
    """

    pictures: tuple[bytes, ...] = ()
    scene: Step | None = None
    steps: tuple[Step, ...] = ()
    done: tuple[Step, ...] = ()
    wish: Wish = field(default_factory=Wish)
    note: str = ""
    words_only: bool = False


def plan(turns: Sequence[Turn]) -> Plan:
    """Return what the last user turn asks for."""
    ground = Ground()
    current: tuple[bytes, ...] = ()
    sent: tuple[bytes, ...] = ()
    text, told = "", None
    for turn in turns:
        if turn.role == "user":
            retold = unfold(turn)
            asked, told = (retold.turn, retold.last) if retold else (turn, told)
            # Several user turns in a row are one message whose last words count.
            text, sent = asked.text, (*sent, *asked.pictures)
            continue
        if turn.pictures:
            after, _ = _put(ground, current, text, sent)
            ours = all(is_ours(data) for data in turn.pictures)
            if told is not None:
                # What it was made of is told in words alone.
                ground = Ground(pictures=turn.pictures, previous=ground, told=_steps_of(text))
            elif ours and not after.empty:
                ground = after
            else:
                ground = Ground(pictures=turn.pictures, previous=ground)
            current = turn.pictures
        elif sent:
            ground, current = Ground(pictures=sent, previous=ground), sent
        text, sent, told = "", (), None
    _, todo = _put(ground, current, text, sent, told or "")
    return todo


def _steps_of(wish: str) -> tuple[Step, ...]:
    """Return what a wish that is done already came to."""
    return tuple(step for step in parse(wish, 1).steps if step.op in OPERATIONS)


def _put(
    ground: Ground, current: tuple[bytes, ...], text: str, sent: tuple[bytes, ...], last: str = ""
) -> tuple[Ground, Plan]:
    """Apply one user turn: return the ground after it, and how to paint the answer. ``last``: a wish told before it."""
    if sent:
        wish = parse(text, len(sent) + (len(sent) == 1 and bool(current)))
        if len(sent) == 1 and current and any(step.op in JOINS for step in wish.steps):
            sent = (*current[-1:], *sent)
        ground, current = Ground(pictures=sent, previous=ground, told=_steps_of(last) if last else ()), sent
    else:
        wish = parse(text, 0 if ground.empty else max(1, len(current)))
    first = wish.steps[0]
    if first.op in {"talk", "refuse"} and len(wish.steps) == 1:
        scene = changed(ground.scene, text.lower()) if ground.scene is not None and first.op != "talk" else None
        if scene is None:
            return ground, Plan(done=(first,), wish=wish, words_only=True)
        return _repaint(replace(ground, scene=scene, previous=ground), wish, (scene,), "")
    if first.op == "scene":
        return _repaint(Ground(scene=first, previous=ground), wish, (first,), "")
    cleared = first.op == "undo" and first.get("what") in _WEATHERY
    if cleared and ground.scene is not None and (scene := changed(ground.scene, text.lower())) is not None:
        return _repaint(replace(ground, scene=scene, previous=ground), wish, (scene,), "")
    if any(step.op in {"more", "less", "undo", "original"} for step in wish.steps):
        return _reconsider(ground, wish)
    steps = tuple(step for step in wish.steps if step.op != "refuse")
    if ground.scene is not None and (scene := _other_scene(ground.scene, steps, text)) is not None:
        left = tuple(step for step in steps if step.op not in _WEATHERY)
        layers = (*ground.layers, left) if left else ground.layers
        return _repaint(replace(ground, scene=scene, layers=layers, previous=ground), wish, (scene, *left), "")
    after = replace(ground, layers=(*ground.layers, steps), previous=ground)
    return after, Plan(pictures=current, steps=steps, done=tuple(wish.steps), wish=wish)


_WEATHERY = frozenset({"night", "golden_hour", "snow", "rain", "fog", "winter", "autumn"})


def _other_scene(scene: Step, steps: tuple[Step, ...], text: str) -> Step | None:
    if not any(step.op in _WEATHERY for step in steps):
        return None
    return changed(scene, text.lower())


def _repaint(ground: Ground, wish: Wish, done: tuple[Step, ...], note: str) -> tuple[Ground, Plan]:
    steps = tuple(step for layer in ground.layers for step in layer)
    return ground, Plan(pictures=ground.pictures, scene=ground.scene, steps=steps, done=done, wish=wish, note=note)


def _reconsider(start: Ground, wish: Wish) -> tuple[Ground, Plan]:
    """Carry out more, less, undo and original, together with what else the sentence asks for."""
    ground = start
    notes: list[str] = []
    extra: list[Step] = []
    for step in wish.steps:
        if step.op in {"more", "less"} and ground.layers and ground.layers[-1]:
            ground = replace(ground, layers=(*ground.layers[:-1], _scaled(ground.layers[-1], step)))
            notes.append(
                "painted the last wish again, stronger" if step.op == "more" else "painted the last wish weaker"
            )
        elif step.op in {"more", "less"} and ground.told and not ground.layers:
            extra += _pushed(ground.told, step.op)
        elif step.op == "original" and ground.layers:
            ground = replace(ground, layers=())
            notes.append("went back to the first picture")
        elif step.op == "undo" and step.get("what"):
            ground, note = _without(ground, step.get("what"), extra)
            notes.append(note)
        elif step.op == "undo" and ground.previous is not None and not ground.previous.empty:
            ground = ground.previous
            notes.append("took the last step back")
        elif step.op not in {"more", "less", "undo", "original", "refuse"}:
            extra.append(step)
    notes = [note for note in notes if note]
    if not notes and not extra:
        return ground, Plan(done=(Step(op="talk", args={"about": "nothing_before"}),), wish=wish, words_only=True)
    if extra:
        ground = replace(ground, layers=(*ground.layers, tuple(extra)))
    if "took the last step back" not in notes:
        ground = replace(ground, previous=start)
    return _repaint(ground, wish, tuple(extra), " and ".join(notes))


def _pushed(told: tuple[Step, ...], how: str) -> list[Step]:
    """Return what takes a retold wish further, or partly back, upon its own result."""
    if how == "more":
        return [step.times(_MORE - 1) for step in told]
    turned = [replace(step, op=OPERATIONS[step.op].opposite) for step in told if OPERATIONS[step.op].opposite]
    return [step.times(1 - _LESS) for step in turned]


def _scaled(layer: tuple[Step, ...], how: Step) -> tuple[Step, ...]:
    # "a bit more" is a small push, "much more" a big one; "less" the same downwards.
    push = {0.5: 0.5, 1.0: 1.0}.get(how.amount, 1.6)
    factor = _MORE**push if how.op == "more" else _LESS**push
    return tuple(step.times(factor) for step in layer)


def _without(ground: Ground, what: str, extra: list[Step]) -> tuple[Ground, str]:
    layers = tuple(tuple(step for step in layer if step.op != what) for layer in ground.layers)
    if layers != ground.layers:
        return replace(
            ground, layers=tuple(layer for layer in layers if layer)
        ), f"took the {what.replace('_', ' ')} out"
    if what in {"blur", "grain"}:
        extra.append(Step(op={"blur": "sharpen", "grain": "denoise"}[what]))
    return ground, ""
