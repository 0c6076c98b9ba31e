"""Finds the verb of a command or button, and asks it for the response.

Imports ``command_table``, ``context``, ``group_rules``, ``settings``, ``response``, ``keyboards``, ``reply_target``,
``events`` and ``storage``. A button's data comes from a client, so it is checked against the chat in which the button
was pressed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.chat.command_table import ABOUT_AN_ANSWER, TAKING_WORDS, known_command
from bot.chat.commands.context import CommandContext, verbs_of
from bot.chat.commands.group_rules import GroupRules
from bot.chat.commands.settings import SettingsMenu
from bot.chat.events import Commanded, Pressed, Replied
from bot.chat.reply_target import meaning_of
from bot.chat.response import DONE, Response, Sentence, respond, whisper
from bot.chat.send import keyboards
from storage.records import Conversation, InputPicture, MessageLink, Role, Turn
from storage.store import Store


class Commands:
    """Runs verbs. ``groups`` are the objects whose methods are verbs."""

    def __init__(self, store: Store, menu: SettingsMenu, rules: GroupRules, groups: Iterable[object]) -> None:
        self._store = store
        self._menu = menu
        self._rules = rules
        self._verbs = verbs_of(menu, rules, *groups)

    async def commanded(self, event: Commanded, picture: InputPicture | None = None) -> Response:
        """Do what a command says; an unknown one gets a hint where it was clearly meant for this bot.

        ``picture``: the one that it is about, if that is not the picture of the message that it replies to.
        """
        if not known_command(event) or event.name not in self._verbs:
            return whisper("unknown-command", name=event.name) if event.addressed else DONE
        conversation = await self._store.conversations.open(event.key)
        link = await meaning_of(self._store, event.key, event.replied)
        replied = event.replied if event.replied and not _only_placed(event.replied, link) else None
        turn = await self._store.conversations.turn(link.turn_id) if link and link.turn_id else None
        context = replace(
            CommandContext.of(event, conversation, event.name, event.argument, turn),
            picture=picture or (link.picture if link else None),
            replying=replied is not None,
            about=event.replied.author if event.replied else None,
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
        action = keyboards.action_of(event.data)
        conversation = await self._store.conversations.open(event.key)
        turn = await self._own_turn(action.turn_id, conversation)
        context = CommandContext.of(event, conversation, action.name, action.value, turn)
        if context.turn is None and not event.shown:
            # Its topic is unknown, so it may be meant for any conversation of this chat.
            return DONE
        if action.name == "settings" or action.name.startswith("set-"):
            return await self._menu.pressed(context)
        if action.name not in self._verbs or (action.turn_id is not None and context.turn is None):
            return respond("button-outdated")
        if context.turn and not await self._rules.may_press(context.conversation.settings, event, context.turn):
            return whisper("not-your-button", name=context.turn.author.name)
        return await self._verbs[action.name](context)

    async def _own_turn(self, turn_id: int | None, conversation: Conversation) -> Turn | None:
        turn = await self._store.conversations.turn(turn_id) if turn_id is not None else None
        return turn if turn is not None and turn.conversation_id == conversation.id else None


def _only_placed(replied: Replied, link: MessageLink | None) -> bool:
    """Return whether the person did not choose to reply.

    Below a channel's post every message is a reply to the post, and clients reply to a question by themselves.
    """
    return replied.above or (replied.author is None and link is not None and link.role is Role.LOOSE)
