"""The tree in people's hands as pictures: the whole of it, two states side by side, the way as an animation.

May import ``context``, ``delivery``, ``pictures``, ``turns``, ``texts`` and ``storage``. Everything is drawn here, at
no cost, from what the store holds: picture by picture, each made small before the next is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

from bot.chat.commands.context import CommandContext, Verb
from bot.chat.send.delivery import Delivery
from bot.pictures.boards.draw import compare, thumbnail, timelapse, tree_board
from bot.pictures.boards.values import LARGEST_CELL_PX, MOST_NODES, WIDEST_PX, Animation, Frame, TreeNode
from bot.pictures.errors import PictureError
from bot.pictures.threads import off_loop
from bot.texts import decimal, say
from bot.turns.turns import Turns
from storage.media.store import MediaMissing
from storage.records import MediaRef, Sketch, Turn
from storage.store import Store

MOST_FRAMES = 60
LABEL_LENGTH = 60
FIRST = ("original", "first", "1")
"""Words behind /compare that mean the first picture of all."""


class TreeCommands:
    """Verbs that show the tree, and the one that moves over it by number."""

    def __init__(self, store: Store, turns: Turns, delivery: Delivery) -> None:
        self._store = store
        self._turns = turns
        self._delivery = delivery
        self.verbs: dict[str, Verb] = {
            "tree": self._tree,
            "go": self._go,
            "compare": self._compare,
            "timelapse": self._timelapse,
            "context": self._context,
        }

    async def _tree(self, context: CommandContext) -> None:
        turns = await self._store.views.newest(context.conversation.id, MOST_NODES)
        if not turns:
            await self._say(context, "nothing-to-show")
            return
        numbers = {turn.id: number for number, turn in turns}
        board = await self._board([turn for _, turn in turns], numbers, numbers.get(context.conversation.head_id or 0))
        words = say(context.recipient.language, "tree", count=turns[-1][0])
        await self._delivery.picture(
            context.recipient, board, words, name="tree.jpg", covered=_covered(turn for _, turn in turns)
        )
        await self._done(context)

    async def _go(self, context: CommandContext) -> None:
        views, conversation = self._store.views, context.conversation
        wanted = context.value.strip().lstrip("#")
        by_number = wanted.isascii() and wanted.isdigit() and len(wanted) < 9
        turn = await views.numbered(conversation.id, int(wanted)) if by_number else context.turn
        if turn is None or turn.reply is None:
            await self._say(context, "no-such-number", count=await views.count(conversation.id))
        elif not await self._turns.choose(context.moving, turn):
            await self._say(context, "moved-on")

    async def _compare(self, context: CommandContext) -> None:
        # Each turn has one state at least, so that two turns hold the last two.
        seen = await self._seen_by(context, 2)
        states = _states(seen)
        if len(states) < 2:
            await self._say(context, "nothing-to-compare" if states else "nothing-to-show")
            return
        language = context.recipient.language
        first = context.value.strip().lower() in FIRST
        if context.value and not first:
            await self._delivery.say(context.recipient, "only-command", name="compare")
        (before, old), (after, new) = states[0 if first else -2], states[-1]
        labels = (old or say(language, "label-before"), new or say(language, "label-after"))
        pair = [await self._small(ref, WIDEST_PX) for ref in (before, after)]
        board = await off_loop(compare, pair[0], pair[1], labels)
        await self._delivery.picture(
            context.recipient,
            board,
            say(language, "compared-first" if first else "compared"),
            name="compare.jpg",
            covered=_covered(seen),
        )
        await self._done(context)

    async def _timelapse(self, context: CommandContext) -> None:
        seen = await self._seen_by(context, MOST_FRAMES)
        states = _states(seen)
        if len(states) < 2:
            await self._say(context, "nothing-to-compare" if states else "nothing-to-show")
            return
        chosen = states if len(states) <= MOST_FRAMES else [states[0], *states[-MOST_FRAMES + 1 :]]
        animation = await self._film(chosen)
        words = say(context.recipient.language, "timelapse", count=len(chosen))
        await self._delivery.animation(context.recipient, animation, words, covered=_covered(seen))
        await self._done(context)

    async def _context(self, context: CommandContext) -> None:
        head = await self._turns.head(context.conversation)
        if head is None:
            await self._say(context, "context-empty")
            return
        view = await self._turns.answering.preview(context.conversation, head)
        language = context.recipient.language
        lines = [
            say(
                language,
                "context",
                model=view.model,
                turns=len(view.replayed),
                pictures=len(view.pictures),
                megabytes=decimal(view.size_bytes / 1_000_000, 1),
            )
        ]
        if view.first:
            lines.append(say(language, "context-first-sent" if view.first.pictures else "context-first-painted"))
        if view.told:
            lines.append(say(language, "context-told", count=view.told))
        if view.unsaid:
            lines.append(say(language, "context-unsaid", count=view.unsaid))
        if head.cost_micro_usd is not None:
            lines.append(say(language, "context-price", dollars=decimal(head.cost_micro_usd / 1_000_000, 3)))
        shown: list[Turn | Sketch] = [*([view.first] if view.first else []), *view.replayed]
        if shown:
            numbers = await self._store.views.numbers(context.conversation.id, [turn.id for turn in shown])
            board = await self._board(shown, numbers, None)
            told, covered = "\n".join(lines), _covered(shown)
            await self._delivery.picture(context.recipient, board, told, name="context.jpg", covered=covered)
        else:
            await self._delivery.write(context.recipient, "\n".join(lines))
        await self._done(context)

    async def _board(self, turns: Sequence[Turn | Sketch], numbers: Mapping[int, int], head: int | None) -> bytes:
        """Draw turns in order of age, under their lasting numbers."""
        nodes = [
            TreeNode(
                number=numbers[turn.id],
                parent=numbers.get(turn.parent_id or 0),
                picture=await self._seen(turn.shown[-1]) if turn.shown else None,
                label=_label(turn.wish),
                words=turn.words,
            )
            for turn in turns
        ]
        return await off_loop(tree_board, nodes, head)

    async def _film(self, states: Sequence[tuple[MediaRef, str]]) -> Animation:
        last = states[-1][0]
        film = await off_loop(timelapse, len(states), last.width_px, last.height_px)
        try:
            for ref, label in states:
                # A step that is lost or broken is left out.
                with suppress(PictureError, MediaMissing):
                    data = await self._store.media.get(ref.sha256)
                    await off_loop(film.add, Frame(data=data, caption=label))
            return await off_loop(film.end)
        finally:
            await off_loop(film.close)

    async def _seen_by(self, context: CommandContext, newest: int) -> list[Sketch]:
        """Return the turns that hold the first picture of all, and the ``newest``."""
        turn = context.turn or await self._turns.head(context.conversation)
        return await self._store.views.seen(turn.id if turn else None, newest)

    async def _seen(self, ref: MediaRef) -> bytes | None:
        """Return a picture as a board shows it, None where there is none: that is no reason to show no tree."""
        try:
            return await self._small(ref, LARGEST_CELL_PX)
        except (PictureError, MediaMissing):
            return None

    async def _small(self, ref: MediaRef, side_px: int) -> bytes:
        return await off_loop(thumbnail, await self._store.media.get(ref.sha256), side_px)

    async def _say(self, context: CommandContext, key: str, **values: int) -> None:
        await self._delivery.say(context.recipient, key, **values)
        await self._done(context)

    async def _done(self, context: CommandContext) -> None:
        await self._store.inbox.finish([context.update_id])


def _states(turns: Sequence[Sketch]) -> list[tuple[MediaRef, str]]:
    """Return what a picture looked like from the first sight of it on, each with the wish that led there."""
    states: list[tuple[MediaRef, str]] = []
    for turn in turns:
        sent = turn.pictures[-1].media if turn.pictures else None
        if sent is not None and sent not in turn.shown[-1:]:
            states.append((sent, ""))
        if turn.shown:
            states.append((turn.shown[-1], _label(turn.wish)))
    return states


def _covered(turns: Iterable[Turn | Sketch]) -> bool:
    """Tell whether anything that these turns show was sent covered."""
    return any(turn.covered or any(picture.covered for picture in turn.pictures) for turn in turns)


def _label(wish: str) -> str:
    line = " ".join(wish.split())
    return line if len(line) <= LABEL_LENGTH else f"{line[: LABEL_LENGTH - 1]}…"
