"""Commands that draw the tree: the whole tree, two states side by side, or all states as an animation.

Imports ``context``, ``response``, ``pictures``, ``turns``, ``texts`` and ``storage``. Everything is drawn here from
stored pictures, without a provider. Each picture is reduced before the next one is read, to save memory.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress

from bot.chat.commands.context import CommandContext, verb
from bot.chat.response import STORED, Drawing, Film, Part, Response, Sentence, respond, respond_lines
from bot.pictures.boards.draw import compare, thumbnail, timelapse, tree_board
from bot.pictures.boards.values import LARGEST_CELL_PX, MOST_NODES, WIDEST_PX, Animation, Frame, Outlines, TreeNode
from bot.pictures.errors import PictureError
from bot.pictures.formats.inspect import inspect
from bot.pictures.threads import budget, off_loop, room_for
from bot.texts import decimal, say
from bot.turns.request.contents import origin_of
from bot.turns.request.exchanges import PathTurn, last_sent
from bot.turns.turns import Turns
from bot.turns.wishes import undone_photos
from storage.media.store import MediaMissing
from storage.records import MediaRef, Sketch, Turn
from storage.store import Store

MOST_FRAMES = 60
OUTLINED_PX = 1024
"""The longest side in which two pictures are compared; the lines need no more."""

LABEL_LENGTH = 60
FIRST = ("original", "first", "1")
"""Words after /compare that mean the first picture."""

TWO_NUMBERS = re.compile(r"\W*(\d{1,8})\W+(?:\w+\W+)?#?(\d{1,8})\W*")
"""As in "/compare 3 7" and "/compare #3 and #7"."""


class TreeCommands:
    """Verbs that show the tree, and ``/go``, which moves head by number."""

    def __init__(self, store: Store, turns: Turns) -> None:
        self._store = store
        self._turns = turns

    @verb("tree")
    async def tree(self, context: CommandContext) -> Response:
        """Draw the whole tree."""
        turns = await self._store.views.newest(context.conversation.id, MOST_NODES)
        if not turns:
            return respond("nothing-to-show")
        numbers = {turn.id: number for number, turn in turns}
        board = await self._board([turn for _, turn in turns], numbers, numbers.get(context.conversation.head_id or 0))
        words = say(context.language, "tree", count=turns[-1][0])
        covered = _covered(turn for _, turn in turns)
        return Response(parts=(Drawing(data=board, words=words, name="tree.jpg", covered=covered),))

    @verb("go")
    async def go(self, context: CommandContext) -> Response:
        """Move head to a numbered picture."""
        views, conversation = self._store.views, context.conversation
        wanted = context.value.strip().lstrip("#")
        by_number = wanted.isascii() and wanted.isdigit() and len(wanted) < 9
        turn = await views.numbered(conversation.id, int(wanted)) if by_number else context.turn
        if turn is None or turn.reply is None:
            return respond("no-such-number", count=await views.count(conversation.id))
        return STORED if await self._turns.choose(context.moving, turn) else respond("moved-on")

    @verb("compare")
    async def compare(self, context: CommandContext) -> Response:
        """Draw the last two states side by side, or the original of the current picture and the last."""
        language, first = context.language, context.value.strip().lower() in FIRST
        if two := TWO_NUMBERS.fullmatch(context.value):
            return await self._compared(context, int(two[1]), int(two[2]))
        # Each turn has at least one state, so two turns have the last two states.
        seen = await self._since_origin(context) if first else await self._seen_by(context, 2)
        states = _states(seen)
        if len(states) < 2:
            return respond("nothing-to-compare" if states else "nothing-to-show")
        remarks: list[Part] = []
        if context.value and not first:
            remarks.append(Sentence(key="only-command", values={"name": "compare"}))
        (before, old), (after, new) = states[0 if first else -2], states[-1]
        labels = (old or say(language, "label-before"), new or say(language, "label-after"))
        pair = [await self._small(ref, WIDEST_PX) for ref in (before, after)]
        words = [say(language, "compared-first" if first else "compared")]
        board = await self._side_by_side(pair, labels, language, words)
        drawing = Drawing(data=board, words="\n".join(words), name="compare.jpg", covered=_covered(seen))
        return Response(parts=(*remarks, drawing))

    async def _compared(self, context: CommandContext, *numbers: int) -> Response:
        """Draw two pictures side by side by their numbers in the tree."""
        views, conversation_id = self._store.views, context.conversation.id
        turns = [await views.numbered(conversation_id, number) for number in numbers]
        shown = [turn for turn in turns if turn is not None and turn.shown]
        if None in turns:
            return respond("no-such-number", count=await views.count(conversation_id))
        if wordy := next((number for number, turn in zip(numbers, turns, strict=True) if turn not in shown), None):
            return respond("number-in-words", number=str(wordy))
        labels = [f"{number} {_label(turn.wish)}".strip() for number, turn in zip(numbers, shown, strict=True)]
        pair = [await self._small(turn.shown[-1], WIDEST_PX) for turn in shown]
        words = [say(context.language, "compared-numbers", first=str(numbers[0]), second=str(numbers[1]))]
        board = await self._side_by_side(pair, (labels[0], labels[1]), context.language, words)
        drawing = Drawing(data=board, words="\n".join(words), name="compare.jpg", covered=_covered(shown))
        return Response(parts=(drawing,))

    async def _side_by_side(
        self, pair: Sequence[bytes], labels: tuple[str, str], language: str, words: list[str]
    ) -> bytes:
        """Draw two pictures with lines around what differs, where that is a part of them; add what to say of it."""
        outlines = await off_loop(_outlines, pair[0], pair[1])
        if outlines:
            words.append(say(language, "compared-outlined"))
        return await off_loop(compare, pair[0], pair[1], labels, outlines)

    @verb("timelapse")
    async def timelapse(self, context: CommandContext) -> Response:
        """Show all states one after another."""
        seen = await self._seen_by(context, MOST_FRAMES)
        states = _states(seen)
        if len(states) < 2:
            return respond("nothing-to-film" if states else "nothing-to-show")
        chosen = states if len(states) <= MOST_FRAMES else [states[0], *states[-MOST_FRAMES + 1 :]]
        animation = await self._film(chosen)
        words = say(context.language, "timelapse", count=len(chosen))
        return Response(parts=(Film(animation=animation, words=words, covered=_covered(seen)),))

    @verb("context")
    async def context(self, context: CommandContext) -> Response:
        """Show what the model would see with the next wish."""
        head = await self._turns.head(context.conversation)
        if head is None:
            photos = await undone_photos(self._store, context.conversation)
            return respond("context-photo", count=len(photos)) if photos else respond("context-empty")
        view = await self._turns.answering.preview(context.conversation, head)
        language = context.language
        offline = self._turns.answering.policy.offline
        lines = [
            say(
                language,
                "context",
                model=say(language, "offline-engine") if offline else view.model,
                turns=len(view.replayed),
                pictures=len(view.pictures),
                megabytes=decimal(view.size_bytes / 1_000_000, 1),
            )
        ]
        if view.first:
            lines.append(say(language, "context-first-sent" if view.first.pictures else "context-first-painted"))
        if view.in_words:
            lines.append(say(language, "context-told", count=view.in_words))
        if view.unsaid:
            lines.append(say(language, "context-unsaid", count=view.unsaid))
        if head.cost_micro_usd:
            lines.append(say(language, "context-price", dollars=decimal(head.cost_micro_usd / 1_000_000, 3)))
        shown: list[Turn | Sketch] = [*([view.first] if view.first else []), *view.replayed]
        if not shown:
            return respond_lines(*lines)
        numbers = await self._store.views.numbers(context.conversation.id, [turn.id for turn in shown])
        board = await self._board(shown, numbers, None)
        words, covered = "\n".join(lines), _covered(shown)
        return Response(parts=(Drawing(data=board, words=words, name="context.jpg", covered=covered),))

    async def _board(self, turns: Sequence[Turn | Sketch], numbers: Mapping[int, int], head: int | None) -> bytes:
        """Draw turns in the order of their age, with their numbers, those of one photo below that photo."""
        nodes: list[TreeNode] = []
        photos: dict[tuple[int | None, str], int] = {}
        shown = {ref.sha256 for turn in turns for ref in turn.shown}
        for turn in turns:
            parent = numbers.get(turn.parent_id or 0)
            begun = _begun_with(turn, shown)
            if begun is not None and (parent is None) == (turn.parent_id is None):
                place = (parent, begun.sha256)
                if place not in photos:
                    photos[place] = -1 - len(photos)
                    nodes.append(TreeNode(number=photos[place], parent=parent, picture=await self._seen(begun)))
                parent = photos[place]
            picture = await self._seen(turn.shown[-1]) if turn.shown else None
            nodes.append(
                TreeNode(
                    number=numbers[turn.id],
                    parent=parent,
                    picture=picture,
                    label=_label(turn.wish),
                    words=turn.words,
                )
            )
        return await off_loop(tree_board, nodes, head)

    async def _film(self, states: Sequence[tuple[MediaRef, str]]) -> Animation:
        last = states[-1][0]
        film = await off_loop(timelapse, len(states), last.width_px, last.height_px)
        try:
            for ref, label in states:
                # A picture that is missing or broken is left out.
                with suppress(PictureError, MediaMissing):
                    data = await self._store.media.get(ref.sha256)
                    await off_loop(film.add, Frame(data=data, caption=label))
            return await off_loop(film.end)
        finally:
            await off_loop(film.close)

    async def _seen_by(self, context: CommandContext, newest: int) -> list[Sketch]:
        """Return the turns with the first picture, and the ``newest`` ones."""
        turn = context.turn or await self._turns.head(context.conversation)
        return await self._store.views.seen(turn.id if turn else None, newest)

    async def _since_origin(self, context: CommandContext) -> Sequence[PathTurn]:
        """Return the turn that the current picture comes from, and the turn that made it."""
        turn = context.turn or await self._turns.head(context.conversation)
        path = await self._store.views.whole_path(turn.id if turn else None)
        origin = await off_loop(origin_of, path)
        made = next((turn for turn in reversed(path) if turn.shown or turn.pictures), None)
        return list(dict.fromkeys(turn for turn in (origin, made) if turn))

    async def _seen(self, ref: MediaRef) -> bytes | None:
        """Return a picture reduced for a board; None if it is missing, so that the tree can still be shown."""
        try:
            return await self._small(ref, LARGEST_CELL_PX)
        except (PictureError, MediaMissing):
            return None

    async def _small(self, ref: MediaRef, side_px: int) -> bytes:
        return await off_loop(thumbnail, await self._store.media.get(ref.sha256), side_px)


def _outlines(before: bytes, after: bytes) -> Outlines:
    """Return lines around what differs; none where that is everything, or where it cannot be told.

    Without room for that in memory, about 200 MB, the pictures are shown without lines.
    """
    from bot.pictures.restore.result import changed_outline, memory_bytes

    first, second = thumbnail(before, OUTLINED_PX), thumbnail(after, OUTLINED_PX)
    sizes = [(info.width_px, info.height_px) for info in (inspect(first), inspect(second))]
    needed_bytes = memory_bytes(sizes[0], sizes[1])
    if needed_bytes > budget.size_bytes:
        return ()
    with room_for(needed_bytes):
        return changed_outline(first, second)


def _states(turns: Sequence[Sketch | PathTurn]) -> list[tuple[MediaRef, str]]:
    """Return all states of a picture from the first one on, each with the wish that led to it."""
    states: list[tuple[MediaRef, str]] = []
    for turn in turns:
        sent = last_sent(turn)
        if sent is not None and sent.media not in turn.shown[-1:]:
            states.append((sent.media, ""))
        if turn.shown:
            states.append((turn.shown[-1], _label(turn.wish)))
    return states


def _begun_with(turn: Turn | Sketch, shown: Collection[str]) -> MediaRef | None:
    """Return the photo that a turn begins with: at a root any picture, further on one that a person sent.

    ``shown``: the pictures that answers show. A reply may bring one of those again.
    """
    sent = last_sent(turn)
    if sent is None or turn.parent_id is None:
        return sent.media if sent else None
    is_new = sent.author_id is not None and not sent.name and sent.media.sha256 not in shown
    return sent.media if is_new else None


def _covered(turns: Iterable[Sketch | PathTurn]) -> bool:
    """Return whether any picture of these turns was sent as a spoiler."""
    return any(turn.covered or any(picture.covered for picture in turn.pictures) for turn in turns)


def _label(wish: str) -> str:
    line = " ".join(wish.split())
    return line if len(line) <= LABEL_LENGTH else f"{line[: LABEL_LENGTH - 1]}…"
