"""A path of turns as a request that a model takes. Pure: no I/O, no clock.

Imports ``exchanges``, ``parked`` and ``storage.records`` only. The newest turns are replayed whole. The wishes of older
turns come before them as words: there is no room for those turns, or their replies cannot go back, since the model
requires a signature that is missing or another maker's, or a signed text must be shortened. A user turn needs no
signature (ai.google.dev/gemini-api/docs/thought-signatures), so a whole path can become one user turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from bot.turns.request.exchanges import (
    Fit,
    PathTurn,
    Shown,
    as_meant,
    image_part,
    is_restored,
    model_content,
    newest_of,
    pictures_brought,
    replayable,
    target_of,
    user_content,
    wish_text,
)
from bot.turns.request.parked import json_bytes, media_in, picture_bytes, wire_bytes
from storage.records import Json, MediaRef, Turn

AHEAD_BYTES = 600
"""The most bytes of the labels around earlier wishes and older pictures."""

BEGAN = "This conversation began with this picture:"
WISHED = "Wished so far, oldest first. All of it is done; keep what it made:"
WISHED_OF_OTHERS = "Wished earlier, of other pictures than these, oldest first. None of it is meant now:"
AS_IT_WAS = "The picture as it then was:"
TO_CHANGE = "The picture as it is now, which is the one to change:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A path and its new turn as a request.

    ``contents``: the conversation. ``target``: the picture of the path that is edited. ``wish``, ``earlier_wishes``,
    ``current`` (the target, unless ``pictures`` has it) and ``pictures``: the same turn for providers without history.
    ``left_out``: the number of turns that are not replayed; ``in_words``: how many of their wishes are in it as words;
    ``dropped``: the number of new pictures without room. ``first``: the first picture of the path, if it is sent on its
    own before the replayed turns.
    """

    contents: tuple[Json, ...]
    target: MediaRef | None
    wish: str
    earlier_wishes: tuple[str, ...]
    current: MediaRef | None
    pictures: tuple[MediaRef, ...]
    left_out: int
    in_words: int
    dropped: int
    first: MediaRef | None


def compose(path: Sequence[PathTurn], turn: Turn, fit: Fit) -> Composed:
    """Build the request for ``turn`` after ``path``, root first; turns far up the path may lack their replies.

    The new turn stays whole. Turns are replayed from the newest backwards while bytes and pictures allow. The first
    user turn begins with the wishes of all turns that are left out, as words, and with the path's first picture if
    there is room. The picture being edited is always included: the one that the wish replies to, else the current one.
    If the wish brings pictures of its own, those are edited, and no older picture is added to that turn.
    """
    path = as_meant(path, turn)
    current = current_picture(path)
    target, brought = target_of(current, turn), pictures_brought(current, turn)
    # The wish may show the target itself, with a caption or a name; then it is not added again.
    missing = None if target in [one.media for one in brought] else target
    taken = _with_room(brought, fit.max_images - (missing is not None), target)
    wishes = [wish_text(earlier, done=True) for earlier in path]
    lines = [f"- {wish}\n" if wish else "" for wish in wishes] if not fit.verbatim else [""] * len(path)
    planner = _Planner(path, lines, user_content(turn, taken), missing, fit, own=target is None and bool(brought))
    plan = planner.plan()
    replayed, ahead = whole(path[plan.start :]), planner.parts(plan)
    contents = _replay(replayed, planner.answers[: len(replayed)][::-1], ahead)
    lead = "Now: " if ahead else ""
    contents.append(user_content(turn, taken) if replayed else user_content(turn, taken, ahead, lead))
    return Composed(
        contents=tuple(contents),
        target=target,
        wish=wish_text(turn),
        # With new pictures it would be unclear to which picture the earlier wishes belong.
        earlier_wishes=tuple(filter(None, wishes)) if target or not brought else (),
        current=missing,
        pictures=tuple(one.media for one in taken),
        left_out=plan.start,
        in_words=len(plan.lines),
        dropped=len(brought) - len(taken),
        first=plan.first,
    )


def current_picture(path: Sequence[PathTurn]) -> MediaRef | None:
    """Return the current picture of a path: of the newest turn with pictures, the last shown, else the last sent."""
    return next((newest for turn in reversed(path) if (newest := newest_of(turn))), None)


def first_of(path: Iterable[PathTurn]) -> PathTurn | None:
    """Return the first turn of a path that holds a picture."""
    return next((turn for turn in path if turn.pictures or turn.shown), None)


def origin_of(path: Sequence[PathTurn]) -> PathTurn | None:
    """Return the turn that the current picture of a path comes from: the last one that began with a new picture."""
    origin: PathTurn | None = None
    current: MediaRef | None = None
    for turn in path:
        newest = newest_of(turn)
        if newest and target_of(current, turn) is None:
            origin = turn
        current = newest or current
    return origin


def is_covered(path: Sequence[PathTurn]) -> bool:
    """Return whether the newest picture of a path is behind a spoiler, or was made from one that is."""
    for turn in reversed(path):
        if turn.shown:
            return turn.covered
        if turn.pictures:
            return turn.pictures[-1].covered
    return False


def whole(path: Iterable[PathTurn]) -> list[Turn]:
    """Return the turns that were read with their replies."""
    return [turn for turn in path if isinstance(turn, Turn)]


def may_replay(path: Sequence[PathTurn], fit: Fit) -> int:
    """Return the index of the first turn whose reply may go back, judged without reading the replies."""
    bytes_left, images_left = fit.budget_bytes, fit.max_images
    for place in range(len(path) - 1, -1, -1) if fit.history else ():
        earlier = path[place]
        shown = {ref.sha256: ref for ref in earlier.shown}.values()
        bytes_left -= sum(map(picture_bytes, shown))
        images_left -= len(shown)
        if bytes_left < 0 or images_left < 0 or (fit.signatures and shown and earlier.maker != fit.maker):
            return place + 1
        if is_restored(earlier) and not fit.verbatim:
            return place + 1
    return 0 if fit.history else len(path)


@dataclass(frozen=True, slots=True)
class _Plan:
    """The index of the first replayed turn, and what comes before it; ``lines`` are the wishes of earlier turns."""

    start: int
    current: MediaRef | None
    first: MediaRef | None
    lines: tuple[str, ...] = ()


class _Planner:
    """Plans how much of a path goes before the new user turn."""

    def __init__(
        self,
        path: Sequence[PathTurn],
        lines: Sequence[str],
        last: Json,
        target: MediaRef | None,
        fit: Fit,
        *,
        own: bool,
    ) -> None:
        """Take the wishes of the path as lines, empty for none.

        ``target``: a picture to include besides ``last``; ``own``: the wish edits the pictures that it brings.
        """
        self._path = path
        self._lines = lines
        self._target = target if fit.max_images else None
        self._fit = fit
        self._own = own
        self._held = {ref.sha256 for ref in media_in(last)}
        self._bytes_left = fit.budget_bytes - wire_bytes([last])
        self._images_left = fit.max_images - len(media_in(last))
        self._words_bytes = _inner_bytes("".join(lines))
        self._first, self._is_sent = _beginning(path, fit)
        self.answers: list[Json] = []
        """The model contents of the replayed turns, newest first."""

    def plan(self) -> _Plan:
        """Return the plan that replays most turns and keeps all words of the others."""
        whole = len(self._path)
        plain, with_first = self._at(whole), self._at(whole, first=True)
        cut = self._cut() if plain is None else plain
        for place in range(whole - 1, -1, -1) if self._fit.history else ():
            found = self._at(place) if self._join(self._path[place], self._lines[place]) else None
            if found is None:
                break
            plain = found
            if with_first is not None and with_first.start == place + 1:
                with_first = self._at(place, first=True) or with_first
        if plain is None:
            return cut
        chosen = self._preferred(plain, with_first)
        return replace(chosen, lines=tuple(filter(None, self._lines[: chosen.start])))

    def _preferred(self, plain: _Plan, with_first: _Plan | None) -> _Plan:
        """Return the plan with most turns, or the one with the first photo: the identity of a person depends on it."""
        if with_first is None:
            return plain
        # For a photo that a person sent, fewer turns may be replayed, but at least one.
        may_cost_turns = self._is_sent and with_first.start < len(self._path)
        return with_first if may_cost_turns or with_first.start == plain.start else plain

    def parts(self, plan: _Plan) -> list[Json]:
        """Return the parts to put at the beginning of the first user turn."""
        replays, parts = plan.start < len(self._path), []
        if plan.first:
            parts += [{"text": BEGAN}, image_part(plan.first)]
        if plan.lines:
            heading = WISHED_OF_OTHERS if self._own and not replays else WISHED
            parts.append({"text": "".join([heading, "\n", *plan.lines]).removesuffix("\n")})
        if plan.current:
            parts += [{"text": AS_IT_WAS if replays else TO_CHANGE}, image_part(plan.current)]
        return parts

    def _join(self, earlier: PathTurn, line: str) -> bool:
        """Add a turn to the replayed ones; False if its reply cannot go back."""
        if not isinstance(earlier, Turn) or not replayable(earlier, self._fit):
            return False
        # All its pictures are counted, although one may already be in the answer before it.
        pair = [user_content(earlier, pictures_brought(None, earlier)), model_content(earlier, self._fit)]
        self.answers.append(pair[1])
        shown = [ref for content in pair for ref in media_in(content)]
        self._bytes_left -= sum(map(json_bytes, pair)) + sum(map(picture_bytes, shown))
        self._words_bytes -= _inner_bytes(line)
        self._images_left -= len(shown)
        self._held |= {ref.sha256 for ref in shown}
        return all(picture_bytes(ref) <= self._fit.picture_bytes for ref in shown)

    def _at(self, start: int, *, first: bool = False) -> _Plan | None:
        """Return the plan that replays from ``start`` on, the turns added so far; None if there is no room."""
        current = self._target if self._target and self._target.sha256 not in self._held else None
        begins = self._first if first and start and not (self._own and start == len(self._path)) else None
        if begins and (begins == current or begins.sha256 in self._held):
            begins = None
        older = [ref for ref in (current, begins) if ref]
        words_bytes = self._words_bytes if start else 0
        needed_bytes = words_bytes + sum(map(picture_bytes, older)) + (AHEAD_BYTES if words_bytes or older else 0)
        if len(older) > self._images_left or needed_bytes > self._bytes_left:
            return None
        return _Plan(start, current, begins)

    def _cut(self) -> _Plan:
        """Return the plan for a new turn that leaves no room for all earlier wishes: the newest of them.

        A new turn that exceeds the limit by itself is sent whole, with all words: these are small compared to it.
        """
        current = self._target if self._target and self._target.sha256 not in self._held else None
        whole, left_bytes = len(self._path), self._bytes_left - (picture_bytes(current) if current else 0)
        most_bytes = left_bytes - AHEAD_BYTES if left_bytes >= 0 else self._fit.budget_bytes
        taken = accumulate(map(_inner_bytes, reversed(self._lines)))
        start = whole - sum(1 for size_bytes in taken if size_bytes <= most_bytes)
        return _Plan(whole, current, None, tuple(filter(None, self._lines[start:])))


def _inner_bytes(text: str) -> int:
    """Return the bytes of a text inside a longer JSON string."""
    return json_bytes(text) - len('""')


def _beginning(path: Sequence[PathTurn], fit: Fit) -> tuple[MediaRef | None, bool]:
    """Return the first picture of a path if it may be sent, and whether a person sent it.

    A restored picture still holds the person's own pixels, so nothing of the first one need be sent beside it.
    """
    turn = None if fit.verbatim or _holds_what_was_sent(path) else first_of(path)
    if turn is None:
        return None, False
    ref = turn.pictures[0].media if turn.pictures else turn.shown[-1]
    return ref if picture_bytes(ref) <= fit.picture_bytes else None, bool(turn.pictures)


def _holds_what_was_sent(path: Sequence[PathTurn]) -> bool:
    """Return whether the current picture of a path is one that a person sent but for what was changed in it."""
    made = next((turn for turn in reversed(path) if turn.shown or turn.pictures), None)
    restored = made.restored if made else None
    return bool(restored and restored.taken and restored.picture.author_id is not None)


def _with_room(brought: Sequence[Shown], room: int, target: MediaRef | None) -> list[Shown]:
    """Return the pictures that fit: first the one to edit, then named ones, then the others, in order."""
    meant = (place for place, one in enumerate(brought) if (one.media == target if target else not one.names))
    changed = next(meant, None)
    ranked = sorted(range(len(brought)), key=lambda place: (place != changed, not brought[place].names, place))
    return [brought[place] for place in sorted(ranked[: max(0, room)])]


def _replay(path: Sequence[Turn], answers: Sequence[Json], ahead: Sequence[Json]) -> list[Json]:
    """Return pairs of contents. A picture that was replied to is in the answer before, and is sent once."""
    contents: list[Json] = []
    current: MediaRef | None = None
    for place, (earlier, answer) in enumerate(zip(path, answers, strict=True)):
        before, lead = ((), "") if place or not ahead else (ahead, "Then: ")
        contents += [user_content(earlier, pictures_brought(current, earlier), before, lead), answer]
        current = newest_of(earlier) or current
    return contents
