"""Rules that a group makes for itself: who may use the bot there, and who may press the buttons under an answer.

May import PTB, ``asked``, ``delivery``, ``hearing``, ``incoming``, ``texts`` and ``storage``. Admins make the first
rule by ``/allow``; it is kept with the chat. The second is one of a conversation's settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from telegram import Bot
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest

from bot.chat.asked import Asked, Verb
from bot.chat.delivery import Delivery, Place
from bot.chat.hearing import Hearing
from bot.chat.incoming import Commanded, Pressed, Said
from bot.texts import say
from storage.records import Author, Turn
from storage.store import Store

MOST_TOLD = 200
"""How many strangers a group remembers to have told."""

ADMINS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


class Rules:
    """Reads, keeps and changes the rules of groups."""

    def __init__(self, bot: Bot, store: Store, delivery: Delivery, hearing: Hearing, owner_ids: frozenset[int]) -> None:
        self._bot = bot
        self._store = store
        self._delivery = delivery
        self._hearing = hearing
        self._owner_ids = owner_ids
        self.verbs: dict[str, Verb] = {"allow": self._allow}

    async def lets(self, event: Said | Commanded | Pressed) -> bool:
        """Tell whether a group lets somebody use the bot; who is not let hears so once."""
        if await self.allow(event):
            return True
        chat_id = event.key.chat_id
        rule = (await self._settings(chat_id)).get("allow") or {"people": {}}
        told = rule.get("told", [])
        if event.author.id not in told:
            kept = {**rule, "told": [*told, event.author.id][-MOST_TOLD:]}
            await self._delivery.say(Place.answering(event), "not-allowed-here")
            await self._store.chats.choose(chat_id, "allow", kept)
        return False

    async def allow(self, event: Said | Commanded | Pressed) -> bool:
        """Tell whether a group lets somebody use the bot."""
        if event.private:
            return True
        rule = (await self._settings(event.key.chat_id)).get("allow")
        listed = not rule or str(event.author.id) in rule["people"]
        return listed or await self.is_admin(event.key.chat_id, event.author.id)

    async def is_admin(self, chat_id: int, person_id: int) -> bool:
        """Tell whether somebody runs a group, or this bot; an anonymous admin speaks as the group itself."""
        if person_id in self._owner_ids or person_id == chat_id:
            return True
        if person_id < 0:
            return False
        try:
            member = await self._bot.get_chat_member(chat_id, person_id)
        except BadRequest:
            return False
        return member.status in ADMINS

    async def _settings(self, chat_id: int) -> Mapping[str, Any]:
        chat = await self._store.chats.find(chat_id)
        return chat.settings if chat else {}

    async def _allow(self, asked: Asked) -> None:
        if asked.private:
            await self._say(asked, "allow-in-groups")
            return
        chat_id, wanted = asked.place.key.chat_id, asked.value.strip().lower()
        rule = (await self._settings(chat_id)).get("allow")
        changes = bool(asked.about) or wanted in ("everybody", "all", "admins")
        if changes and not await self.is_admin(chat_id, asked.author.id):
            await self._say(asked, "allow-admins-only")
            return
        if wanted in ("everybody", "all"):
            rule = None
        elif wanted == "admins":
            rule = {"people": {}}
        elif asked.about is not None:
            rule = {"people": {**(rule or {}).get("people", {}), str(asked.about.id): asked.about.name}}
        if changes:
            await self._store.chats.choose(chat_id, "allow", rule)
        await self._tell(asked, rule)

    async def _tell(self, asked: Asked, rule: Mapping[str, Any] | None) -> None:
        language = asked.place.language
        if rule is None:
            state = say(language, "allow-everybody")
        elif rule["people"]:
            state = say(language, "allow-people", names=", ".join(rule["people"].values()))
        else:
            state = say(language, "allow-admins")
        lines = [state, say(language, "allow-how")]
        if not (asked.value or asked.replying) and await self._hearing.misses_replies(asked.place.key.chat_id):
            lines.append(say(language, "reply-unseen"))
        await self._delivery.write(asked.place, "\n".join(lines))
        await self._store.inbox.finish([asked.update_id])

    async def _say(self, asked: Asked, key: str) -> None:
        await self._delivery.say(asked.place, key)
        await self._store.inbox.finish([asked.update_id])


def may_press(settings: Mapping[str, Any], private: bool, author: Author, turn: Turn | None) -> bool:
    """Tell whether a person may press a button that speaks of a turn."""
    reserved = not private and settings.get("buttons") == "author"
    return turn is None or not reserved or turn.author.id == author.id
