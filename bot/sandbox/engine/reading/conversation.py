"""What a wish means after all that was said before.

May import: parser, steps, raster, vocabulary, wire's ``Turn``. Pure: contents in, a plan out; it paints nothing.

The conversation is read from its start. Each answer becomes a plan that remembers what it was made from. So "a bit
less" and "undo the blur" are painted anew from an earlier picture, and lose nothing to the answers in between.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.sandbox.engine.edits.raster import version_of
from bot.sandbox.engine.reading.parser import Wish, parse
from bot.sandbox.engine.reading.vocabulary import JOINS, OPERATIONS, take
from bot.sandbox.engine.steps import Step
from bot.sandbox.engine.wire import Turn

Steps = tuple[Step, ...]

_LESS = 0.55
_MORE = 1.6
# What the bot says in words before the first turn that it replays: see bot/turns/request/contents.py.
_BEGAN = "This conversation began with this picture:\n"
_HEADINGS = (_BEGAN, "Wished so far, ", "Wished earlier, of other pictures ", "The picture as it ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an answer is made of: ``steps`` on ``pictures`` or on ``scene``. With neither, the answer is words.

    ``base``: the plan whose answer the pictures are. ``previous``: what lay on the table before. ``answer``: the
    pictures that came of this plan. ``done``: the steps to name in the answer; ``note``: what became of earlier ones.
    """

    pictures: tuple[bytes, ...] = ()
    scene: Step | None = None
    steps: Steps = ()
    base: Plan | None = None
    previous: Plan | None = None
    answer: tuple[bytes, ...] = ()
    done: Steps = ()
    wish: Wish = field(default_factory=Wish)
    note: str = ""

    @property
    def words_only(self) -> bool:
        """Return whether there is nothing to paint."""
        return not self.pictures and self.scene is None

    def line(self) -> Iterator[Plan]:
        """Return the plans that led to this one, newest first."""
        plan: Plan | None = self
        while plan is not None:
            yield plan
            plan = plan.base


def plan(turns: Sequence[Turn], version: int = 0) -> Plan:
    """Return what the last user turn asks for, in one of several ``version``s; 0 is the plain one."""
    table: Plan | None = None
    sent: tuple[bytes, ...] = ()
    text, retold = "", False
    for turn in turns:
        if turn.role == "user":
            said = _without_retold(turn)
            # Several user turns in a row are one message whose last words count.
            text, sent, retold = said.text, (*sent, *said.pictures), said is not turn
            continue
        if turn.pictures:
            todo = _next(table, text, sent, version_of(turn.pictures[-1]))
            # Another model may answer a wish that is only words here, and what was retold was done to a lost picture.
            if todo.words_only or (retold and not sent and table is None):
                todo = Plan(pictures=turn.pictures, previous=table)
            table = replace(todo, answer=turn.pictures)
        elif sent:
            table = Plan(pictures=sent, answer=sent, previous=table)
        text, sent = "", ()
    return _next(table, text, sent, version)


def _without_retold(turn: Turn) -> Turn:
    """Return a user turn without the earlier wishes and pictures that the bot puts before it."""
    said = re.search(r"\n(?:Now|Then): ", turn.text) if turn.text.startswith(_HEADINGS) else None
    if said is None:
        return turn
    # The picture that the conversation began with is there to be looked at, not to be changed.
    pictures = turn.pictures[1:] if turn.text.startswith(_BEGAN) else turn.pictures
    return replace(turn, text=turn.text[said.end() :], pictures=pictures)


def _next(table: Plan | None, text: str, sent: tuple[bytes, ...], version: int) -> Plan:
    """Return the plan for one user turn, with ``table`` before it."""
    held = table.answer if table else ()
    root = None if sent or table is None else list(table.line())[-1]
    wish = parse(text, len(sent) or len(held), root.scene if root else None)
    if sent:
        joined = len(sent) == 1 and any(step.op in JOINS for step in wish.steps)
        sent = (*held[-1:], *sent) if joined else sent
        table = Plan(pictures=sent, answer=sent, previous=table)
    fresh = take(version)[1]
    first = wish.steps[0] if wish.steps else Step(op="scene")
    if first.op == "scene" and wish.steps:
        scene = replace(first, args={**first.args, "version": str(version)}) if version else first
        return Plan(scene=scene, previous=table, wish=wish, done=(scene,))
    steps = tuple(step for step in wish.steps if step.op in OPERATIONS)
    if table and wish.scene:
        earlier = tuple(step for plan in reversed(list(table.line())) for step in plan.steps)
        done = (wish.scene, *steps)
        return Plan(scene=wish.scene, steps=earlier + fresh + steps, previous=table, wish=wish, done=done)
    if table and any(step.op in _EARLIER for step in wish.steps):
        return _reconsider(table, wish, fresh)
    if table and steps:
        return Plan(pictures=table.answer, steps=fresh + steps, base=table, previous=table, wish=wish, done=steps)
    return Plan(wish=wish, done=(first,) if first.op in {"talk", "refuse"} else (_NOTHING_BEFORE,))


_EARLIER = frozenset({"more", "less", "undo", "original"})
_NOTHING_BEFORE = Step(op="talk", args={"about": "nothing_before"})


def _reconsider(table: Plan, wish: Wish, fresh: Steps) -> Plan:
    """Carry out more, less, undo and original, together with what else the sentence asks for."""
    now = table
    notes: list[str] = []
    extra: list[Step] = []
    for step in wish.steps:
        if step.op in OPERATIONS:
            extra.append(step)
        elif changed := _earlier(now, step):
            now = changed[0]
            notes.append(changed[1])
        elif step.get("what") == "blur":
            extra.append(Step(op="sharpen"))
    if not notes and not extra:
        return Plan(done=(_NOTHING_BEFORE,), wish=wish)
    if not notes:
        now = Plan(pictures=table.answer, base=table)
    back = now.previous if now.note == _BACK else table
    steps = now.steps + (fresh + tuple(extra) if extra else ())
    note = " and ".join(notes)
    return replace(now, steps=steps, previous=back, answer=(), wish=wish, done=tuple(extra), note=note)


_BACK = "took the last step back"


def _earlier(now: Plan, step: Step) -> tuple[Plan, str] | None:
    """Return the plan ``now`` with an earlier wish changed as ``step`` says, and what that was. None: nothing to do."""
    line = list(now.line())
    if step.op in {"more", "less"}:
        last = next((plan for plan in line if plan.steps), None)
        how = "again, stronger" if step.op == "more" else "weaker"
        return last and (replace(last, steps=_scaled(last.steps, step)), f"painted the last wish {how}")
    if step.op == "original":
        edited = any(plan.steps for plan in line)
        return (replace(line[-1], steps=()), "went back to the first picture") if edited else None
    if what := step.get("what"):
        return _without(line, what)
    before = now.previous
    if before is None:
        return None
    return Plan(pictures=before.answer, base=before, previous=before.previous, note=_BACK), _BACK


def _without(line: list[Plan], what: str) -> tuple[Plan, str] | None:
    """Return the newest plan that did ``what``, without it and with all later steps."""
    at = next((at for at, plan in enumerate(line) if any(step.op == what for step in plan.steps)), None)
    if at is None:
        return None
    kept = tuple(step for step in line[at].steps if step.op != what)
    later = tuple(step for plan in reversed(line[:at]) for step in plan.steps)
    return replace(line[at], steps=kept + later), f"took the {what.replace('_', ' ')} out"


def _scaled(steps: Steps, how: Step) -> Steps:
    # "A bit more" is a small push, "much more" a big one; "less" the same downwards.
    push = {0.5: 0.5, 1.0: 1.0}.get(how.amount, 1.6)
    factor = _MORE**push if how.op == "more" else _LESS**push
    return tuple(step.times(factor) for step in steps)
