"""The tree in people's hands as pictures: the whole of it, two states side by side, the way as an animation.

May import ``asked``, ``delivery``, ``pictures``, ``turns``, ``texts`` and ``storage``. Everything is drawn here, at no
cost, from what the store holds.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.asked import Asked, Verb
from bot.chat.delivery import Delivery
from bot.contents import current_picture
from bot.pictures.boards import Frame, TreeNode, compare, timelapse, tree_board
from bot.pictures.pool import off_loop
from bot.texts import say
from bot.turns import Turns
from storage.records import MediaRef, Turn
from storage.store import Store

MOST_NODES = 160
MOST_FRAMES = 60
LABEL_LENGTH = 60


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

    async def _tree(self, asked: Asked) -> None:
        turns = await self._store.conversations.answered(asked.conversation.id, limit=MOST_NODES)
        if not turns:
            await self._say(asked, "nothing-to-show")
            return
        numbers = {turn.id: number for number, turn in turns}
        nodes = [await self._node(number, turn, numbers) for number, turn in turns]
        board = await off_loop(tree_board, nodes, numbers.get(asked.conversation.head_id or 0))
        words = say(asked.place.language, "tree", count=turns[-1][0])
        await self._delivery.picture(asked.place, board, words, name="tree.jpg")
        await self._done(asked)

    async def _go(self, asked: Asked) -> None:
        turns = dict(await self._store.conversations.answered(asked.conversation.id))
        wanted = asked.value.strip().lstrip("#")
        turn = turns.get(int(wanted)) if wanted.isascii() and wanted.isdigit() and len(wanted) < 9 else asked.turn
        if turn is None or turn.reply is None:
            await self._say(asked, "no-such-number", count=max(turns, default=0))
        elif not await self._turns.choose(asked.moving, turn):
            await self._say(asked, "moved-on")

    async def _compare(self, asked: Asked) -> None:
        path = await self._path(asked)
        pictures = _states(path)
        if len(pictures) < 2:
            await self._say(asked, "nothing-to-compare")
            return
        language = asked.place.language
        first = asked.value.strip().lower() in ("original", "first", "1")
        if asked.value and not first:
            await self._delivery.say(asked.place, "only-command", name="compare")
        (before, old), (after, new) = pictures[0 if first else -2], pictures[-1]
        labels = (old or say(language, "label-before"), new or say(language, "label-after"))
        board = await off_loop(compare, await self._bytes(before), await self._bytes(after), labels)
        await self._delivery.picture(asked.place, board, say(language, "compared"), name="compare.jpg")
        await self._done(asked)

    async def _timelapse(self, asked: Asked) -> None:
        states = _states(await self._path(asked))
        if len(states) < 2:
            await self._say(asked, "nothing-to-compare")
            return
        chosen = states if len(states) <= MOST_FRAMES else [states[0], *states[-MOST_FRAMES + 1 :]]
        frames = [Frame(data=await self._bytes(ref), caption=label) for ref, label in chosen]
        animation = await off_loop(timelapse, frames)
        words = say(asked.place.language, "timelapse", count=len(chosen))
        await self._delivery.animation(asked.place, animation, words)
        await self._done(asked)

    async def _context(self, asked: Asked) -> None:
        head = await self._turns.head(asked.conversation)
        if head is None:
            await self._say(asked, "context-empty")
            return
        view = await self._turns.answering.preview(asked.conversation, head)
        language = asked.place.language
        lines = [
            say(
                language,
                "context",
                model=view.model,
                turns=len(view.replayed),
                pictures=len(view.pictures),
                megabytes=f"{view.size_bytes / 1_000_000:.1f}",
            )
        ]
        if view.left_out:
            lines.append(say(language, "context-left-out", count=view.left_out))
        if head.cost_micro_usd is not None:
            lines.append(say(language, "context-price", dollars=f"{head.cost_micro_usd / 1_000_000:.3f}"))
        if view.replayed:
            nodes = [
                await self._node(number, turn, {other.id: at for at, other in enumerate(view.replayed, 1)})
                for number, turn in enumerate(view.replayed, 1)
            ]
            board = await off_loop(tree_board, nodes, None)
            await self._delivery.picture(asked.place, board, "\n".join(lines), name="context.jpg")
        else:
            await self._delivery.write(asked.place, "\n".join(lines))
        await self._done(asked)

    async def _node(self, number: int, turn: Turn, numbers: dict[int, int]) -> TreeNode:
        return TreeNode(
            number=number,
            parent=numbers.get(turn.parent_id or 0),
            picture=await self._bytes(turn.shown[-1]) if turn.shown else None,
            label=_label(turn.wish),
            words=turn.words,
        )

    async def _path(self, asked: Asked) -> list[Turn]:
        turn = asked.turn or await self._turns.head(asked.conversation)
        return await self._store.conversations.path(turn.id if turn else None)

    async def _bytes(self, ref: MediaRef) -> bytes:
        return await self._store.media.get(ref.sha256)

    async def _say(self, asked: Asked, key: str, **values: int) -> None:
        await self._delivery.say(asked.place, key, **values)
        await self._done(asked)

    async def _done(self, asked: Asked) -> None:
        await self._store.inbox.finish([asked.update_id])


def _states(path: Sequence[Turn]) -> list[tuple[MediaRef, str]]:
    """Return what a picture looked like from the first sight of it on, each with the wish that led there."""
    states: list[tuple[MediaRef, str]] = []
    for turn in path:
        if turn.pictures and current_picture([turn]) != turn.pictures[-1].media:
            states.append((turn.pictures[-1].media, ""))
        if turn.shown:
            states.append((turn.shown[-1], _label(turn.wish)))
    return states


def _label(wish: str) -> str:
    line = " ".join(wish.split())
    return line if len(line) <= LABEL_LENGTH else f"{line[: LABEL_LENGTH - 1]}…"
