"""What is kept, in people's hands: pictures by name, a conversation as a zip, and forgetting.

May import ``asked``, ``delivery``, ``hearing``, ``keyboards``, ``rules``, ``export``, ``turns``, ``texts`` and
``storage``. Forgetting asks first, and in groups only admins may delete what belongs to all.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from math import ceil
from pathlib import Path

from bot import export
from bot.chat import keyboards
from bot.chat.asked import Asked, Verb
from bot.chat.delivery import Delivery
from bot.chat.hearing import Hearing
from bot.chat.outgoing import REQUEST_LIMIT_BYTES
from bot.chat.rules import Rules
from bot.texts import say
from bot.turns import Turns
from storage.records import InputPicture, MediaRef, MessageLink
from storage.store import Store

NAME = re.compile(r"[^\W_][\w-]{0,31}")
"""A name for a picture: letters of any script, digits, ``-`` and ``_``."""


class KeepingCommands:
    """Verbs for names, export and forgetting."""

    def __init__(self, store: Store, turns: Turns, delivery: Delivery, rules: Rules, hearing: Hearing) -> None:
        self._store = store
        self._turns = turns
        self._delivery = delivery
        self._rules = rules
        self._hearing = hearing
        self.verbs: dict[str, Verb] = {
            "save": self._save,
            "saved": self._saved,
            "drop": self._drop,
            "export": self._export,
            "forget": self._forget,
            "forget-conversation": self._forget_conversation,
            "forget-person": self._forget_person,
            "forget-nothing": self._forget_nothing,
        }

    async def _save(self, asked: Asked) -> None:
        name = asked.value.strip().removeprefix("@").lower()
        shown = asked.private or asked.replying or asked.picture is not None
        unseen = not shown and await self._hearing.misses_replies(asked.place.key.chat_id)
        if not NAME.fullmatch(name):
            lines = ("save-how", "reply-unseen") if unseen and not name else ("save-how",)
            await self._delivery.write(asked.place, "\n".join(say(asked.place.language, line) for line in lines))
            await self._done(asked)
            return
        waiting = await self._waiting(asked)
        picture = asked.picture or await self._meant(asked, waiting)
        if picture is None:
            missing = "no-picture-there" if asked.replying else "nothing-to-save"
            lines = (missing, "reply-unseen") if unseen else (missing,)
            await self._delivery.write(asked.place, "\n".join(say(asked.place.language, line) for line in lines))
            await self._done(asked)
            return
        await self._store.names.save(asked.conversation.id, name, picture)
        # It has a use now, so nobody need ask what to do with it.
        used = [link for link in waiting if link.picture and link.picture.media == picture.media]
        await self._store.messages.save(asked.conversation.id, [replace(link, waits_until=0.0) for link in used])
        await self._say(asked, "saved-current" if unseen else "saved-as", name=name)

    async def _meant(self, asked: Asked, waiting: Sequence[MessageLink]) -> InputPicture | None:
        """Return the picture of what is replied to; else the one sent last, if it still waits for words, or head's."""
        if waiting and not asked.replying:
            return waiting[-1].picture
        turn = asked.turn if asked.replying else await self._turns.head(asked.conversation)
        return InputPicture(media=turn.shown[-1]) if turn and turn.shown else None

    async def _waiting(self, asked: Asked) -> list[MessageLink]:
        sender = None if asked.private else asked.author.id
        waiting = await self._store.messages.waiting(asked.conversation.id, sender)
        return [link for link in waiting if asked.command_id is None or link.message_id < asked.command_id]

    async def _saved(self, asked: Asked) -> None:
        names = await self._store.names.of(asked.conversation.id)
        if names:
            await self._say(asked, "saved-list", names=", ".join(f"@{name}" for name in names))
        else:
            await self._say(asked, "saved-none")

    async def _drop(self, asked: Asked) -> None:
        name = asked.value.strip().removeprefix("@").lower()
        known = await self._store.names.drop(asked.conversation.id, name)
        await self._say(asked, "dropped" if known else "drop-unknown", name=name or "?")

    async def _export(self, asked: Asked) -> None:
        turns = await self._store.conversations.answered(asked.conversation.id)
        if not turns:
            await self._say(asked, "nothing-to-show")
            return
        path = await self._store.conversations.path(asked.conversation.head_id, limit=100_000)
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "conversation.zip"
            await export.write(target, turns, path, self._bytes)
            size_bytes = target.stat().st_size
            if size_bytes > REQUEST_LIMIT_BYTES:
                sizes = {"megabytes": ceil(size_bytes / 1_000_000), "limit": REQUEST_LIMIT_BYTES // 1_000_000}
                await self._say(asked, "export-too-big", **sizes)
                return
            words = say(asked.place.language, "exported", count=len(turns))
            with target.open("rb") as file:
                await self._delivery.document(asked.place, file, words, name=target.name)
        await self._done(asked)

    async def _forget(self, asked: Asked) -> None:
        key = "forget-ask" if asked.private else "forget-ask-group"
        keyboard = keyboards.to_forget(asked.place.language)
        await self._delivery.say(asked.place, key, keyboard)
        await self._done(asked)

    async def _forget_conversation(self, asked: Asked) -> None:
        if not await self._may(asked):
            await self._say(asked, "forget-admins-only")
            return
        gone = await self._store.forgetting.conversation(asked.conversation.key)
        await self._turns.answering.forget(gone.files)
        await self._say(asked, "forgotten", turns=gone.turns, pictures=gone.pictures, shared=gone.shared)

    async def _forget_person(self, asked: Asked) -> None:
        gone = await self._store.forgetting.person(asked.author.id)
        await self._turns.answering.forget(gone.files)
        await self._say(asked, "forgotten-person", turns=gone.turns, pictures=gone.pictures, shared=gone.shared)

    async def _forget_nothing(self, asked: Asked) -> None:
        await self._say(asked, "forget-kept")

    async def _may(self, asked: Asked) -> bool:
        return asked.private or await self._rules.may_change(asked.place.key.chat_id, asked.author.id)

    async def _bytes(self, ref: MediaRef) -> bytes:
        return await self._store.media.get(ref.sha256)

    async def _say(self, asked: Asked, key: str, **values: str | int) -> None:
        await self._delivery.say(asked.place, key, **values)
        await self._done(asked)

    async def _done(self, asked: Asked) -> None:
        await self._store.inbox.finish([asked.update_id])
