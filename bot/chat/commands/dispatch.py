"""Finds the verb of a command or button, and asks it for the response.

Imports ``command_table``, ``context``, ``group_rules``, ``settings``, ``response``, ``actions``, ``reply_target``,
``events``, ``turns`` and ``storage``. A button's data comes from a client, so it is checked against the chat in which
the button was pressed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.chat.actions import action_of
from bot.chat.command_table import (
    ABOUT_AN_ANSWER,
    AFTER_SALE,
    BUTTONS_FOR_OWNERS,
    FOR_OWNERS,
    FOR_SALE,
    PRESSED,
    REPEATS,
    SHOWING,
    TAKING_WORDS,
    known_command,
)
from bot.chat.commands.context import CommandContext, verbs_of
from bot.chat.commands.group_rules import GroupRules
from bot.chat.commands.settings import SettingsMenu
from bot.chat.events import Commanded, Pressed, Replied
from bot.chat.reply_target import meaning_of
from bot.chat.response import DONE, Response, Sentence, respond, whisper
from bot.turns.request.exchanges import with_original
from storage.records import Conversation, InputPicture, MessageLink, Role, Turn, TurnState
from storage.store import Store


class Commands:
    """Runs verbs. ``groups`` are the objects whose methods are verbs. ``owner_ids``: who has the commands of owners.

    ``sells``: the bot sells pictures for Stars.
    """

    def __init__(
        self,
        store: Store,
        menu: SettingsMenu,
        rules: GroupRules,
        groups: Iterable[object],
        owner_ids: frozenset[int] = frozenset(),
        *,
        sells: bool = False,
    ) -> None:
        self._store = store
        self._menu = menu
        self._rules = rules
        self._owner_ids = owner_ids
        self._sells = sells
        self._verbs = verbs_of(menu, rules, *groups)

    async def commanded(self, event: Commanded, picture: InputPicture | None = None) -> Response:
        """Do what a command says; an unknown one gets a hint where it was clearly meant for this bot.

        ``picture``: the one that it is about, if that is not the picture of the message that it replies to.
        """
        if event.name == "start" and self._sells and event.argument in FOR_SALE:
            # The link under a forwarded invoice; see its start parameter.
            event = replace(event, name=event.argument, argument="")
        if not await self._has(event) or event.name not in self._verbs:
            return whisper("unknown-command", name=event.name) if event.addressed else DONE
        conversation = await self._store.conversations.open(event.key)
        link = await meaning_of(self._store, event.key, event.replied)
        replied = event.replied if event.replied and not _only_placed(event.replied, link) else None
        turn = await self._store.conversations.turn(link.turn_id) if link and link.turn_id else None
        if turn is not None and turn.state is TurnState.CANCELLED and event.name not in (*REPEATS, "undo"):
            # Its answer may have arrived, but it was given back in the books, so nobody sees it.
            turn = None
        context = replace(
            CommandContext.of(event, conversation, event.name, event.argument, turn),
            picture=picture or _picture_of(link, turn),
            replying=replied is not None,
            about=event.replied.author if event.replied else None,
            passed_on=event.replied.passed_on if event.replied else None,
        )
        if replied is not None and turn is None and event.name in ABOUT_AN_ANSWER:
            response = respond("reply-unknown", name=event.name)
        else:
            response = await self._verbs[event.name](context)
        if event.argument and event.name not in TAKING_WORDS:
            ignored = Sentence(key="only-command", values={"name": event.name}, optional=True)
            return replace(response, parts=(ignored, *response.parts))
        return response

    async def pressed(self, event: Pressed) -> Response:
        """Do what a button says, if it is about something in this chat."""
        action = action_of(event.data)
        if action.name in BUTTONS_FOR_OWNERS and not self._is_owner(event):
            return DONE
        conversation = await self._store.conversations.open(event.key)
        turn = await self._own_turn(action.turn_id, conversation)
        context = CommandContext.of(event, conversation, action.name, action.value, turn)
        if context.turn is None and not event.shown:
            # Its topic is unknown, so it may be meant for any conversation of this chat.
            return DONE
        if action.name == "settings" or action.name.startswith("set-"):
            return await self._menu.pressed(context)
        if action.name not in PRESSED or (action.turn_id is not None and context.turn is None):
            return respond("button-outdated")
        if action.name in SHOWING and context.turn and context.turn.state is TurnState.CANCELLED:
            return respond("button-outdated")
        if context.turn and not await self._rules.may_press(context.conversation.settings, event, context.turn):
            return whisper("not-your-button", name=context.turn.author.name)
        return await self._verbs[action.name](context)

    async def _has(self, event: Commanded) -> bool:
        """Return whether a command exists for its author."""
        if event.name in AFTER_SALE and not self._sells:
            return bool(await self._store.purchases.of(event.author.id))
        if event.name in FOR_SALE:
            return self._sells
        return known_command(event) or (event.name in FOR_OWNERS and self._is_owner(event))

    def _is_owner(self, event: Commanded | Pressed) -> bool:
        return event.private and event.author.id in self._owner_ids

    async def _own_turn(self, turn_id: int | None, conversation: Conversation) -> Turn | None:
        turn = await self._store.conversations.turn(turn_id) if turn_id is not None else None
        return turn if turn is not None and turn.conversation_id == conversation.id else None


def _picture_of(link: MessageLink | None, turn: Turn | None) -> InputPicture | None:
    """Return the picture of a replied-to message, a restored one with its original."""
    picture = link.picture if link else None
    return with_original(picture, turn) if picture and turn else picture


def _only_placed(replied: Replied, link: MessageLink | None) -> bool:
    """Return whether the person did not choose to reply.

    Below a channel's post every message is a reply to the post, and clients reply to a question by themselves.
    """
    return replied.above or (replied.author is None and link is not None and link.role is Role.LOOSE)
