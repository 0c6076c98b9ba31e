"""What a wish means after all that was said before.

May import: parser, scenery, steps, raster, retold, vocabulary, wire's ``Turn``. Pure: contents in, a plan out; it
paints nothing.

The conversation is folded from its start: pictures that people sent (or that another model made) are a ground, each
answered wish puts its steps on top. So "a bit less" and "undo the blur" can be painted anew from the ground, and lose
nothing to earlier rounds. An ordinary wish goes onto the current picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.sandbox.engine.edits.raster import marked
from bot.sandbox.engine.reading.parser import Wish, parse
from bot.sandbox.engine.reading.retold import unfold
from bot.sandbox.engine.reading.scenery import changed
from bot.sandbox.engine.reading.vocabulary import JOINS, OPERATIONS, take
from bot.sandbox.engine.steps import Step
from bot.sandbox.engine.wire import Turn

Steps = tuple[Step, ...]

_LESS = 0.55
_MORE = 1.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What lies on the table: the first pictures (or a scene), and per answered wish the steps upon them.

    ``told``: the steps of the last wish where they are done in the pictures already and cannot be taken apart again.
    """

    pictures: tuple[bytes, ...] = ()
    scene: Step | None = None
    layers: tuple[Steps, ...] = ()
    previous: Ground | None = None
    told: Steps = ()

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
    steps: Steps = ()
    done: Steps = ()
    wish: Wish = field(default_factory=Wish)
    note: str = ""
    words_only: bool = False


def plan(turns: Sequence[Turn], version: int = 0) -> Plan:
    """Return what the last user turn asks for, in one of several ``version``s; 0 is the plain one."""
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
            mark = marked(turn.pictures[-1])
            after, _ = _put(ground, current, text, sent, version=mark.version if mark else 0)
            # What drifted is a new ground, as another model's picture is; only a scene can be painted anew.
            exact = mark is not None and (not mark.drifted or after.scene is not None)
            if told is None and exact and not after.empty:
                ground = after
            else:
                previous = ground if not ground.empty else Ground(pictures=sent)
                ground = Ground(pictures=turn.pictures, previous=previous, told=_steps_of(text))
            current = turn.pictures
        elif sent:
            ground, current = Ground(pictures=sent, previous=ground), sent
        text, sent, told = "", (), None
    _, todo = _put(ground, current, text, sent, told or "", version)
    return todo


def _steps_of(wish: str) -> Steps:
    """Return what a wish that is done already came to."""
    return tuple(step for step in parse(wish, 1).steps if step.op in OPERATIONS)


def _put(
    ground: Ground, current: tuple[bytes, ...], text: str, sent: tuple[bytes, ...], last: str = "", version: int = 0
) -> tuple[Ground, Plan]:
    """Apply one user turn: return the ground after it, and how to paint the answer. ``last``: a wish told before it."""
    if sent:
        wish = parse(text, len(sent) + (len(sent) == 1 and bool(current)))
        if len(sent) == 1 and current and any(step.op in JOINS for step in wish.steps):
            sent = (*current[-1:], *sent)
        ground, current = Ground(pictures=sent, previous=ground, told=_steps_of(last) if last else ()), sent
    else:
        wish = parse(text, 0 if ground.empty else max(1, len(current)))
    first, (_, fresh) = wish.steps[0], take(version)
    if first.op == "scene":
        first = replace(first, args={**first.args, "version": str(version)}) if version else first
        return _repaint(Ground(scene=first, previous=ground), wish, (first,))
    if first.op == "talk":
        return ground, Plan(done=(first,), wish=wish, words_only=True)
    steps = tuple(step for step in wish.steps if step.op != "refuse")
    # Only a photo cannot be seen at another hour: the engine's own scenes can.
    if first.op == "refuse" and ground.scene is not None and (scene := changed(ground.scene, text.lower())) is not None:
        after = replace(ground, scene=scene, layers=_with(ground.layers, fresh + steps), previous=ground)
        return _repaint(after, wish, (scene, *steps))
    if not steps:
        return ground, Plan(done=(first,), wish=wish, words_only=True)
    if any(step.op in {"more", "less", "undo", "original"} for step in steps):
        return _reconsider(ground, wish, fresh)
    after = replace(ground, layers=_with(ground.layers, fresh + steps), previous=ground)
    return after, Plan(pictures=current, steps=fresh + steps, done=tuple(wish.steps), wish=wish)


def _with(layers: tuple[Steps, ...], steps: Steps) -> tuple[Steps, ...]:
    return (*layers, steps) if steps else layers


def _repaint(ground: Ground, wish: Wish, done: Steps, note: str = "") -> tuple[Ground, Plan]:
    steps = tuple(step for layer in ground.layers for step in layer)
    return ground, Plan(pictures=ground.pictures, scene=ground.scene, steps=steps, done=done, wish=wish, note=note)


def _reconsider(start: Ground, wish: Wish, fresh: Steps) -> tuple[Ground, Plan]:
    """Carry out more, less, undo and original, together with what else the sentence asks for."""
    ground = start
    notes: list[str] = []
    extra: list[Step] = []
    for step in wish.steps:
        if step.op in {"more", "less"} and ground.layers:
            ground = replace(ground, layers=(*ground.layers[:-1], _scaled(ground.layers[-1], step)))
            notes.append(f"painted the last wish {'again, stronger' if step.op == 'more' else 'weaker'}")
        elif step.op in {"more", "less"}:
            extra += _pushed(ground.told, step.op)
        elif step.op == "original" and ground.layers:
            ground = replace(ground, layers=())
            notes.append("went back to the first picture")
        elif step.op == "undo" and (what := step.get("what")):
            layers = tuple(tuple(step for step in layer if step.op != what) for layer in ground.layers)
            if layers != ground.layers:
                ground = replace(ground, layers=tuple(layer for layer in layers if layer))
                notes.append(f"took the {what.replace('_', ' ')} out")
            elif what == "blur":
                extra.append(Step(op="sharpen"))
        elif step.op == "undo" and ground.previous is not None and not ground.previous.empty:
            ground = ground.previous
            notes.append("took the last step back")
        elif step.op in OPERATIONS:
            extra.append(step)
    if not notes and not extra:
        return start, Plan(done=(Step(op="talk", args={"about": "nothing_before"}),), wish=wish, words_only=True)
    ground = replace(ground, layers=_with(ground.layers, fresh + tuple(extra)))
    if "took the last step back" not in notes:
        ground = replace(ground, previous=start)
    return _repaint(ground, wish, tuple(extra), " and ".join(notes))


def _pushed(told: Steps, how: str) -> list[Step]:
    """Return what takes a wish that is done further, or partly back, upon its own result."""
    if how == "more":
        return [step.times(_MORE - 1) for step in told]
    turned = [replace(step, op=OPERATIONS[step.op].opposite) for step in told if OPERATIONS[step.op].opposite]
    return [step.times(1 - _LESS) for step in turned]


def _scaled(layer: Steps, how: Step) -> Steps:
    # "A bit more" is a small push, "much more" a big one; "less" the same downwards.
    push = {0.5: 0.5, 1.0: 1.0}.get(how.amount, 1.6)
    factor = _MORE**push if how.op == "more" else _LESS**push
    return tuple(step.times(factor) for step in layer)
