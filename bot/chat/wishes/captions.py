"""Commands under pictures: they are done first; then their pictures are handled as if they had no caption.

Imports ``command_table``, ``dispatch``, ``events``, ``download``, ``refusals``, ``reply_target``, ``responder``,
``turns``, ``response``, ``message`` and ``storage``. Two pictures are used up by their command and wait for no words:
the one that ``/save`` names, and the one for which ``/again`` repeats a wish.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.chat.command_table import REPEATS, known_command
from bot.chat.commands.dispatch import Commands
from bot.chat.events import PARTLY, Commanded, Said
from bot.chat.receive.download import Downloaded
from bot.chat.reply_target import meaning_of
from bot.chat.responder import Responder
from bot.chat.response import DONE
from bot.chat.send.message import Recipient
from bot.chat.send.refusals import optional
from bot.turns.turns import Turns
from storage.records import InputPicture, Role
from storage.store import Store


class Captions:
    """Runs commands in captions."""

    def __init__(self, store: Store, turns: Turns, commands: Commands, responder: Responder) -> None:
        self._store = store
        self._turns = turns
        self._commands = commands
        self._responder = responder

    async def obey(self, messages: Sequence[Said], downloaded: Mapping[int, Downloaded]) -> list[Said]:
        """Run the commands of an act; return the messages whose pictures still have to be handled."""
        left: list[Said] = []
        wished = any(message.words for message in messages)
        for message in messages:
            command, one = message.command, downloaded.get(message.message_id)
            if command is None:
                left.append(message)
            elif command.name == "save" and one is not None:
                await self._run(command, one.picture)
            elif command.name == "save":
                # Its picture is unusable, and the person was notified.
                left.append(replace(message, command=None))
            elif command.name in REPEATS and (wished or command.argument or (wish := await self._wish(command))):
                # If the album also has a wish, that one counts, and once.
                words = command.argument or ("" if wished else wish)
                left.append(replace(message, command=None, words=words, times=REPEATS[command.name]))
                wished = True
            else:
                await self._do(message, command, downloaded)
                left.append(replace(message, command=None, times=1, anew=False))
        return left

    async def obey_beside(self, messages: Sequence[Said]) -> list[Said]:
        """Run commands under files that are no pictures, as far as they need none; return the other messages.

        A video or a PDF counts as such: whether there is a picture in it is not known yet.
        """
        left: list[Said] = []
        for message in messages:
            command = message.command
            partly = message.attachment is not None and message.attachment.kind in PARTLY
            if (
                (message.unusable or partly)
                and command
                and known_command(command)
                and command.name not in {"save", *REPEATS}
            ):
                await self._run(command)
            else:
                left.append(message)
        return left

    async def _do(self, message: Said, command: Commanded, downloaded: Mapping[int, Downloaded]) -> None:
        # The picture is stored first, because the command ends the update that holds it. A wish under another picture
        # of the album then finds it among the waiting pictures, whatever fails in between.
        conversation = await self._store.conversations.open(message.key)
        one = downloaded.get(message.message_id)
        link = message.link(Role.LOOSE, one.picture if one else None)
        await self._store.messages.save(conversation.id, [link], of=message.updates)
        with optional(message.key.chat_id):
            await self._run(command)
            if (row := await self._store.inbox.row(command.update_id)) is not None and row.notice is not None:
                await self._responder.notify(row)
        # A text that was refused is not sent later either.
        await self._responder.carry_out(Recipient.of_event(command), [command.update_id], DONE)

    async def _run(self, command: Commanded, picture: InputPicture | None = None) -> None:
        response = await self._commands.commanded(command, picture)
        await self._responder.carry_out(Recipient.of_event(command), [command.update_id], response)

    async def _wish(self, command: Commanded) -> str:
        """Return the words of the wish that a command repeats; "" where there is none."""
        link = await meaning_of(self._store, command.key, command.replied)
        if link is not None and link.turn_id is not None:
            turn = await self._store.conversations.turn(link.turn_id)
        else:
            turn = await self._turns.turn_to_repeat(await self._store.conversations.open(command.key))
        said = (turn.wish, *(picture.caption for picture in turn.pictures if not picture.marks)) if turn else ()
        return "\n".join(filter(None, said))
