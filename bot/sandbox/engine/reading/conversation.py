"""What a wish means after the earlier ones.

Imports ``foreign``, ``parser``, ``tongues``, ``vocabulary`` and ``engine``. Pure: it turns contents into a plan, and
paints nothing.

The conversation is read from its start. Each answer becomes a plan that remembers what it was made from. So "a bit
less" and "undo the blur" are painted anew from an earlier picture, and lose nothing to the answers in between.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.sandbox.engine.reading import foreign, tongues
from bot.sandbox.engine.reading.parser import LABEL, Wish, parse
from bot.sandbox.engine.reading.tongues import TONGUES
from bot.sandbox.engine.reading.vocabulary import JOINS, OPERATIONS, take, version_in
from bot.sandbox.engine.steps import Step
from bot.sandbox.engine.wire import Turn

Steps = tuple[Step, ...]
Looks = Callable[["Plan", bytes], bool]
"""Returns whether a plan would paint what a picture shows."""

_MORE, _LESS = 1.6, 0.55
_VERSIONS = 4
"""So many versions of a scene are tried, to find the one that a picture shows."""
_NOTHING_BEFORE = Step(op="talk", args={"about": "nothing_before"})
_BACK = "took the last step back"
_LETTER = re.compile(r"[^\W\d_]")
# What the bot says in words before the first turn that it replays: see bot/turns/request/contents.py.
_BEGAN = "This conversation began with this picture:\n"
_NOW = re.compile(r"\n(?:Now|Then): ")
MARKED = (
    "The same picture with a mark drawn on it. The wish is about the marked place alone: change only that, and leave "
    "out the drawn lines.",
    *(tongue.marked for tongue in TONGUES.values()),
)
"""What the bot says to a model, in each of its languages, behind a copy on which a person drew."""

PART = (
    "This is a part of a larger picture. "
    "Keep everything at its place up to the edges, and change only the marked place:"
)
"""What it says behind a crop of the picture: see bot/turns/restoring/restoring.py."""

_WISHED = "Wished so far, "
_HEADINGS = (_BEGAN, _WISHED, "Wished earlier, of other pictures ", "The picture as it ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an answer is made of: ``steps`` on ``pictures`` or on ``scene``. With neither, the answer is words.

    ``base``: the plan whose answer the pictures are. ``previous``: the plan that was current before this one.
    ``answer``: the pictures that this plan led to. ``done``: the steps that the answer names. ``note``: what it says
    about earlier steps. ``marked``: a copy of the picture with strokes around the only place to change.
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
    marked: bytes | None = None

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


def plan(turns: Sequence[Turn], version: int = 0, looks: Looks | None = None) -> Plan:
    """Return what the last user turn asks for, in one of several ``version``s; 0 is the plain one.

    ``looks``: proves that a scene of which the bot only tells in words is the one in the picture; without it a scene
    is known only from the conversation itself.
    """
    table: Plan | None = None
    sent: tuple[bytes, ...] = ()
    told: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    text, retold, marked, tongue = "", False, None, ""
    for turn in turns:
        if turn.role == "user":
            tongue = _tongue_of(turn.text) or tongue or _tongue_of_mark(turn.text)
            # What is said of a marked copy stands between the earlier wishes and the words.
            whole, marked = _without_mark(turn)
            said = _without_retold(whole)
            # Several user turns in a row are one message; its last words count.
            text, sent, retold = said.text, (*sent, *said.pictures), said is not whole or bool(kept)
            told = _told(whole.text) or kept
            continue
        if turn.pictures:
            todo = _next(table, text, sent, version_in(turn.text) or foreign.version_in(turn.text))
            # Another model may paint where the engine only answers in words. And the picture under a wish that the
            # bot retold is lost, but a new scene needs none. In both cases a new line of plans begins at the answer.
            if todo.words_only or (retold and not sent and table is None and todo.scene is None):
                todo = Plan(pictures=turn.pictures, previous=table)
                todo = (told and _scene_told((*told, text), turn.pictures[-1], looks)) or todo
            table = replace(todo, answer=turn.pictures)
        elif sent:
            # A wish that was only answered in words leaves the scene as it was.
            table = _shown(told, sent, looks) or Plan(pictures=sent, answer=sent, previous=table)
        # Nor does it bring the picture under the retold wishes, so they count for the next one.
        kept = told if table is None else ()
        text, sent = "", ()
    todo = _next(table, text, sent, version)
    if scene := _shown(told, sent, looks):
        again = _next(scene, text, (), version)
        todo = again if again.wish.scene or todo.words_only else todo
    if marked is not None and any(step.get("subject") == "poster" for step in todo.wish.steps):
        # "Draw a dragon" means the marked place, and a piece of a poster there is no dragon.
        unknown = Step(op="talk", args={"about": "unknown"})
        todo = Plan(wish=replace(todo.wish, steps=[unknown]), previous=todo.previous, done=(unknown,))
    if tongue and todo.wish.foreign is None and (same := tongues.spoken(tongue, LABEL.sub("", text))):
        # An emoji has no language, but the person has.
        todo.wish.foreign = replace(same, ignored=tuple(todo.wish.ignored))
    return replace(todo, marked=marked)


def _tongue_of(text: str) -> str:
    """Return the language of the last words of a user turn that have one other than English, else ""."""
    wishes = [line.removeprefix("- ") for line in text.splitlines() if line.startswith("- ")]
    found = [tongues.read(wish) for wish in (*wishes, text) if _LETTER.search(tongues.ADDRESS.sub("", wish))]
    return found[-1].tongue if found and found[-1] else ""


def _tongue_of_mark(text: str) -> str:
    """Return the language in which the bot speaks of a marked copy, which is the person's; else ""."""
    return next((name for name, tongue in TONGUES.items() if tongue.marked in text), "")


def _without_mark(turn: Turn) -> tuple[Turn, bytes | None]:
    """Return a user turn without what the bot says of a marked copy and without the copy, and that copy, if any."""
    note = next((note for note in MARKED if note in turn.text), None)
    if note is None or not turn.pictures:
        return turn, None
    words = turn.text.replace(note, "").replace(PART, "").strip()
    return replace(turn, text=words, pictures=turn.pictures[:-1]), turn.pictures[-1]


def _without_retold(turn: Turn) -> Turn:
    """Return a user turn without the earlier wishes and pictures that the bot puts before it.

    The names of the pictures that come with the wish stay.
    """
    said = _NOW.search(turn.text) if turn.text.startswith(_HEADINGS) else None
    if said is None:
        return turn
    # The first picture of the conversation is only shown; the wish does not change it.
    pictures = turn.pictures[1:] if turn.text.startswith(_BEGAN) else turn.pictures
    names = "".join(f"{label[0]}\n" for label in LABEL.finditer(turn.text[: said.start() + 1]))
    return replace(turn, text=names + turn.text[said.end() :], pictures=pictures)


def _told(text: str) -> tuple[str, ...]:
    """Return the wishes that the bot retells of the picture which it sends, oldest first."""
    said = _NOW.search(text)
    ahead = text[: said.start()] if said else ""
    lines = ahead.splitlines() if ahead.removeprefix(_BEGAN).startswith(_WISHED) else []
    return tuple(line.removeprefix("- ") for line in lines if line.startswith("- "))


def _shown(told: Sequence[str], sent: Sequence[bytes], looks: Looks | None) -> Plan | None:
    """Return the plan of the wishes that came with a single picture, if that shows the scene they began with."""
    return _scene_told(told, sent[0], looks) if told and len(sent) == 1 else None


def _scene_told(wishes: Sequence[str], picture: bytes, looks: Looks | None) -> Plan | None:
    """Return the plan of wishes that began with a scene, if that is what ``picture`` shows.

    The bot retells a wish where the picture is no longer the one that came as its answer: a changed place was put into
    the picture before, for one.
    """
    for version in range(_VERSIONS) if looks else ():
        table: Plan | None = None
        for wish in wishes:
            todo = _next(table, wish, (), 0 if table else version)
            table = table if todo.words_only else replace(todo, answer=(picture,))
        if table is None or list(table.line())[-1].scene is None:
            return None
        if looks and looks(table, picture):
            return table
    return None


def _next(table: Plan | None, text: str, sent: tuple[bytes, ...], version: int) -> Plan:
    """Return the plan for one user turn, after the plan ``table``."""
    held = table.answer if table else ()
    line = [] if sent or table is None else list(table.line())
    wish = parse(text, len(sent) or len(held), line[-1].scene if line else None)
    if sent:
        joined = len(sent) == 1 and any(step.op in JOINS for step in wish.steps)
        sent = (*held[-1:], *sent) if joined else sent
        table = Plan(pictures=sent, answer=sent, previous=table)
    steps = tuple(step for step in wish.steps if step.op in OPERATIONS)
    fresh = take(version)[1]
    if scene := next((step for step in wish.steps if step.op == "scene"), None):
        scene = replace(scene, args={**scene.args, "version": str(version)}) if version else scene
        return Plan(scene=scene, previous=table, wish=wish, done=(scene,))
    if wish.scene:
        earlier = tuple(step for plan in reversed(line) for step in plan.steps)
        done = (wish.scene, *steps)
        return Plan(scene=wish.scene, steps=earlier + fresh + steps, previous=table, wish=wish, done=done)
    if table and any(step.op == "like" for step in wish.steps):
        # The first of them must differ from the picture, too.
        changes = take(version + 1)[1]
        return Plan(pictures=table.answer, steps=changes, base=table, previous=table, wish=wish, done=changes)
    if table and any(step.op in {"more", "less", "undo", "original"} for step in wish.steps):
        return _reconsider(table, wish, fresh)
    if table and steps:
        return Plan(pictures=table.answer, steps=fresh + steps, base=table, previous=table, wish=wish, done=steps)
    words = tuple(step for step in wish.steps if step.op in {"talk", "refuse"})
    return Plan(wish=wish, previous=table, done=words or (_NOTHING_BEFORE,))


def _reconsider(table: Plan, wish: Wish, fresh: Steps) -> Plan:
    """Carry out more, less, undo and original, together with what else the sentence asks for."""
    now, notes, extra = table, [], []
    for step in wish.steps:
        if step.op in OPERATIONS:
            extra.append(step)
        elif changed := _earlier(now, step):
            now = changed
            notes.append(changed.note)
        elif step.get("what") == "blur":  # the photo came blurred
            extra.append(Step(op="sharpen"))
    if not notes:
        now = Plan(pictures=table.answer, base=table)
    if not notes and not extra:
        return Plan(done=(_NOTHING_BEFORE,), wish=wish)
    back = now.previous if now.note == _BACK else table
    steps = now.steps + (fresh + tuple(extra) if extra else ())
    return replace(now, steps=steps, previous=back, answer=(), wish=wish, done=tuple(extra), note=" and ".join(notes))


def _earlier(now: Plan, step: Step) -> Plan | None:
    """Return the plan ``now`` with an earlier wish changed as ``step`` says, and a note on it. None: nothing to do."""
    line = list(now.line())
    edits = [plan for plan in line if plan.steps]
    what = step.get("what")
    if step.op in {"more", "less"} and edits:
        # "A bit more" is a small push, "much more" a big one; "less" the same downwards.
        factor = (_MORE if step.op == "more" else _LESS) ** {0.5: 0.5, 1.0: 1.0}.get(step.amount, 1.6)
        note = f"painted the last wish {'again, stronger' if step.op == 'more' else 'weaker'}"
        return replace(edits[0], steps=tuple(one.times(factor) for one in edits[0].steps), note=note)
    if step.op == "original" and edits:
        return replace(line[-1], steps=(), note="went back to the first picture")
    for at, plan in enumerate(line):
        if what in [one.op for one in plan.steps]:
            kept = tuple(one for one in plan.steps if one.op != what)
            later = tuple(one for after in reversed(line[:at]) for one in after.steps)
            return replace(plan, steps=kept + later, note=f"took the {what.replace('_', ' ')} out")
    if step.op == "undo" and not what and (before := now.previous):
        return Plan(pictures=before.answer, base=before, previous=before.previous, note=_BACK)
    return None
