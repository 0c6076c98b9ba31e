"""Commands under pictures: done first; then their pictures are what they would be without a caption.

May import ``commands``, ``incoming``, ``fetch``, ``replies``, ``turns`` and ``storage``. Only what a command uses up
waits for nothing: the picture that ``/save`` names, and the one for which ``/again`` repeats a wish.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.chat.commands import Commands
from bot.chat.fetch import Fetched
from bot.chat.incoming import Commanded, Said
from bot.chat.orders import WISHES, order_of
from bot.chat.replies import meaning_of
from bot.turns import Turns
from storage.records import Role
from storage.store import Store

REPEATS = {"again": 1, **{name: manner["times"] for name, manner in WISHES.items() if "times" in manner}}
"""Commands that make a wish once more, and in how many versions."""


class Captions:
    """Does what commands under pictures say."""

    def __init__(self, store: Store, turns: Turns, commands: Commands) -> None:
        self._store = store
        self._turns = turns
        self._commands = commands

    async def obey(self, messages: Sequence[Said], fetched: Mapping[int, Fetched]) -> list[Said]:
        """Do the commands of messages sent as one; return those of them whose pictures are still to be dealt with."""
        left: list[Said] = []
        for message in messages:
            command, one = message.command, fetched.get(message.message_id)
            if command is None:
                left.append(message)
            elif command.name == "save" and one is not None:
                await self._commands.commanded(command, one.picture)
            elif command.name in REPEATS and (wish := await self._wish(command)):
                left.append(replace(message, command=None, words=wish, times=REPEATS[command.name]))
            else:
                await self._do(message, command, fetched, waits=not any(other.words for other in messages))
                left.append(replace(message, command=None))
        return left

    async def _do(self, message: Said, command: Commanded, fetched: Mapping[int, Fetched], *, waits: bool) -> None:
        if waits:
            # First of all: the command ends the update from which the picture could be had once more.
            conversation = await self._store.conversations.open(message.key)
            one = fetched.get(message.message_id)
            await self._store.messages.save(conversation.id, [message.link(Role.LOOSE, one.picture if one else None)])
        await self._commands.commanded(command)
        if (row := await self._store.inbox.row(command.update_id)) is not None and row.notice is not None:
            await self._commands.tell(row)

    async def _wish(self, command: Commanded) -> str:
        """Return the words of the wish that a command repeats, or those behind it; "" where there are none."""
        if command.argument:
            behind = order_of(command.argument)
            return "" if behind.name else behind.words
        link = await meaning_of(self._store, command.key, command.replied)
        if link is not None and link.turn_id is not None:
            turn = await self._store.conversations.turn(link.turn_id)
        else:
            turn = await self._turns.latest(await self._store.conversations.open(command.key))
        said = (turn.wish, *(picture.caption for picture in turn.pictures)) if turn else ()
        return "\n".join(filter(None, said))
