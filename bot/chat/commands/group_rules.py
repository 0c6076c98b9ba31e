"""The rules of a group: who may use the bot there, and who may press the buttons under an answer.

Imports ``admins``, ``context``, ``response``, ``visibility``, ``events``, ``texts`` and ``storage``. Admins set the
first rule by ``/allow``; it is stored with the chat. The second is a setting of a conversation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.chat.commands.context import CommandContext, verb
from bot.chat.events import Commanded, Pressed, Said
from bot.chat.groups.admins import Admins
from bot.chat.groups.visibility import GroupVisibility
from bot.chat.response import Response, respond, respond_lines
from bot.texts import say
from storage.records import Author, Turn
from storage.rows.settings import Change
from storage.store import Store

NOTIFIED = "told"
"""The stored list of people who know that they are refused; the word is older than this name."""

MOST_NOTIFIED = 200
"""How many refused people a group stores as notified."""


class GroupRules:
    """Reads, keeps and changes the rules of groups."""

    def __init__(self, admins: Admins, store: Store, visibility: GroupVisibility) -> None:
        self._admins = admins
        self._store = store
        self._visibility = visibility

    async def was_notified(self, chat_id: int, person_id: int) -> bool:
        """Return whether a refused person was notified already."""
        rule = (await self._settings(chat_id)).get("allow") or {}
        return person_id in rule.get(NOTIFIED, [])

    async def note_notified(self, chat_id: int, person_id: int) -> None:
        """Store that a refused person was notified."""
        await self._store.chats.change(chat_id, lambda settings: _with_notified(settings, person_id))

    async def allow(self, event: Said | Commanded | Pressed, settings: Mapping[str, Any]) -> bool:
        """Return whether a person may use the bot in a group of these ``settings``."""
        if event.private:
            return True
        rule = settings.get("allow")
        listed = not rule or str(event.author.id) in rule["people"]
        return listed or await self._admins.has(event.key.chat_id, event.author.id, surely=False)

    async def may_change(self, chat_id: int, person_id: int) -> bool:
        """Return whether a person may change or delete what belongs to the whole group."""
        return await self._admins.has(chat_id, person_id, surely=True)

    async def may_press(self, settings: Mapping[str, Any], event: Commanded | Pressed, turn: Turn | None) -> bool:
        """Return whether a person may press a button of a turn: its author may, and the one who repeated it.

        An anonymous admin or a channel presses as a person, whom Telegram does not connect with the turn. So admins of
        the group may press the buttons of such a turn.
        """
        reserved = not event.private and settings.get("buttons") == "author"
        if turn is None or not reserved or turn.is_forgotten:
            return True
        if event.author.id in (turn.author.id, turn.asker and turn.asker.id):
            return True
        return turn.author.id < 0 and await self._admins.has(event.key.chat_id, event.author.id, surely=False)

    async def _settings(self, chat_id: int) -> Mapping[str, Any]:
        chat = await self._store.chats.find(chat_id)
        return chat.settings if chat else {}

    @verb("allow")
    async def change_rule(self, context: CommandContext) -> Response:
        """Show who may use the bot in a group, or let an admin change it."""
        if context.private:
            return respond("allow-in-groups")
        chat_id = context.recipient.key.chat_id
        # The author of a forwarded message may be hidden; the id is then 0.
        about = context.about if context.about and context.about.id else None
        change = _change(context.value.strip().lower(), about)
        if change is None:
            settings = await self._settings(chat_id)
        elif await self.may_change(chat_id, context.author.id):
            settings = await self._store.chats.change(chat_id, change)
        else:
            return respond("allow-admins-only")
        return await self._described(context, settings.get("allow"))

    async def _described(self, context: CommandContext, rule: Mapping[str, Any] | None) -> Response:
        language = context.language
        if rule is None:
            state = say(language, "allow-everybody")
        elif rule["people"]:
            state = say(language, "allow-people", names=", ".join(rule["people"].values()))
        else:
            state = say(language, "allow-admins")
        lines = [state, say(language, "allow-how")]
        if not (context.value or context.replying) and await self._visibility.misses_replies(
            context.recipient.key.chat_id
        ):
            lines.append(say(language, "reply-unseen"))
        return respond_lines(*lines)


def _change(wanted: str, about: Author | None) -> Change | None:
    """Return the change that an admin asks for; None where the rule is only to be shown."""
    if wanted in ("everybody", "all"):
        return lambda settings: {name: value for name, value in settings.items() if name != "allow"}
    if wanted == "admins":
        return lambda settings: {**settings, "allow": {"people": {}}}
    if about is None:
        return None
    return lambda settings: {**settings, "allow": _with(settings.get("allow", {}), about)}


def _with(rule: Mapping[str, Any], person: Author) -> Mapping[str, Any]:
    return {"people": {**rule.get("people", {}), str(person.id): person.name}}


def _with_notified(settings: Mapping[str, Any], person_id: int) -> Mapping[str, Any]:
    """Return the settings of a group with one more notified person; unchanged where the rule is gone."""
    rule = settings.get("allow")
    if rule is None:
        return settings
    notified = [other for other in rule.get(NOTIFIED, []) if other != person_id]
    return {**settings, "allow": {**rule, NOTIFIED: [*notified, person_id][-MOST_NOTIFIED:]}}
