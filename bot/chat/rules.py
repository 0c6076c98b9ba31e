"""Rules that a group makes for itself: who may use the bot there, and who may press the buttons under an answer.

May import PTB, ``asked``, ``delivery``, ``incoming``, ``texts`` and ``storage``. Admins make the first rule by
``/allow``; it is kept with the chat. The second is one of a conversation's settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from telegram import Bot
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest

from bot.chat.asked import Asked, Verb
from bot.chat.delivery import Delivery, Place
from bot.chat.incoming import Commanded, Pressed, Said
from bot.texts import say
from storage.records import Author, Turn
from storage.settings import Change
from storage.store import Store

MOST_TOLD = 200
"""How many strangers a group remembers to have told."""

ADMINS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


class Rules:
    """Reads, keeps and changes the rules of groups."""

    def __init__(self, bot: Bot, store: Store, delivery: Delivery, owner_ids: frozenset[int]) -> None:
        self._bot = bot
        self._store = store
        self._delivery = delivery
        self._owner_ids = owner_ids
        self.verbs: dict[str, Verb] = {"allow": self._allow}

    async def lets(self, event: Said | Commanded | Pressed) -> bool:
        """Tell whether a group lets somebody use the bot; who is not let hears so once."""
        if await self.allow(event):
            return True
        chat_id, person_id = event.key.chat_id, event.author.id
        rule = (await self._settings(chat_id)).get("allow") or {}
        if person_id not in rule.get("told", []):
            await self._delivery.say(Place.answering(event), "not-allowed-here")
            # Noted after it was said: a process that dies in between says it twice rather than never.
            await self._store.chats.change(chat_id, lambda settings: _with_told(settings, person_id))
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
        chat_id = asked.place.key.chat_id
        change = _change(asked.value.strip().lower(), asked.about)
        if change is None:
            settings = await self._settings(chat_id)
        elif await self.is_admin(chat_id, asked.author.id):
            settings = await self._store.chats.change(chat_id, change)
        else:
            await self._say(asked, "allow-admins-only")
            return
        await self._tell(asked, settings.get("allow"))

    async def _tell(self, asked: Asked, rule: Mapping[str, Any] | None) -> None:
        language = asked.place.language
        if rule is None:
            state = say(language, "allow-everybody")
        elif rule["people"]:
            state = say(language, "allow-people", names=", ".join(rule["people"].values()))
        else:
            state = say(language, "allow-admins")
        await self._delivery.write(asked.place, f"{state}\n{say(language, 'allow-how')}")
        await self._store.inbox.finish([asked.update_id])

    async def _say(self, asked: Asked, key: str) -> None:
        await self._delivery.say(asked.place, key)
        await self._store.inbox.finish([asked.update_id])


def _change(wanted: str, about: Author | None) -> Change | None:
    """Return what an admin wants to be different, None for a look at the rule."""
    if wanted in ("everybody", "all"):
        return lambda settings: {name: value for name, value in settings.items() if name != "allow"}
    if wanted == "admins":
        return lambda settings: {**settings, "allow": {"people": {}}}
    if about is None:
        return None
    return lambda settings: {**settings, "allow": _with(settings.get("allow", {}), about)}


def _with(rule: Mapping[str, Any], person: Author) -> Mapping[str, Any]:
    return {"people": {**rule.get("people", {}), str(person.id): person.name}}


def _with_told(settings: Mapping[str, Any], person_id: int) -> Mapping[str, Any]:
    """Return a group's choices with a stranger who was told; unchanged where everybody is let in by now."""
    rule = settings.get("allow")
    if rule is None:
        return settings
    told = [other for other in rule.get("told", []) if other != person_id]
    return {**settings, "allow": {**rule, "told": [*told, person_id][-MOST_TOLD:]}}


def may_press(settings: Mapping[str, Any], private: bool, author: Author, turn: Turn | None) -> bool:
    """Tell whether a person may press a button that speaks of a turn: its author, or who asked for it once more."""
    reserved = not private and settings.get("buttons") == "author"
    theirs = turn is not None and author.id in (turn.author.id, turn.asker and turn.asker.id)
    return turn is None or not reserved or theirs
