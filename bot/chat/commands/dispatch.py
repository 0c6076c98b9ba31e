"""Finds the verb of a command or button, sends its response, and finishes the update.

May import ``command_table``, ``context``, ``group_rules``, ``settings``, ``delivery``, ``keyboards``, ``refusals``,
``reply_target``, ``dispatch.base`` and ``storage``. A button's data comes from a client, so it is checked against the
chat in which the button was pressed.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.chat.command_table import ABOUT_AN_ANSWER, BUTTONS_FOR_OWNERS, FOR_OWNERS, TAKING_WORDS, known_command
from bot.chat.commands.context import (
    DONE,
    AnswerAgain,
    CommandContext,
    Drawing,
    Film,
    Originals,
    Part,
    Response,
    Sentence,
    Words,
    respond,
    verbs_of,
)
from bot.chat.commands.group_rules import GroupRules
from bot.chat.commands.settings import SettingsMenu
from bot.chat.events import Commanded, Pressed, Replied
from bot.chat.reply_target import meaning_of
from bot.chat.send import keyboards
from bot.chat.send.delivery import Delivery
from bot.chat.send.message import Recipient
from bot.chat.send.refusals import optional
from bot.chat.send.split import shorten
from bot.dispatch.base import WorkElsewhere
from storage.records import Conversation, InboxRow, InputPicture, MessageLink, Role, Turn
from storage.store import Store


class Commands:
    """Runs verbs. ``groups`` are the objects whose methods are verbs. ``owner_ids``: who has the commands of owners."""

    def __init__(
        self,
        store: Store,
        delivery: Delivery,
        menu: SettingsMenu,
        rules: GroupRules,
        groups: Iterable[object],
        owner_ids: frozenset[int] = frozenset(),
    ) -> None:
        self._store = store
        self._delivery = delivery
        self._menu = menu
        self._rules = rules
        self._owner_ids = owner_ids
        self._verbs = verbs_of(menu, rules, *groups)

    async def commanded(self, event: Commanded, picture: InputPicture | None = None) -> None:
        """Do what a command says; an unknown one gets a hint where it was clearly meant for this bot.

        ``picture`` is the one that it speaks of, where that is not the one of what it replies to.
        """
        known = known_command(event) or (event.name in FOR_OWNERS and self._is_owner(event))
        if not known or event.name not in self._verbs:
            if event.addressed:
                await self._delivery.say(Recipient.answering(event), "unknown-command", name=event.name)
            await self._store.inbox.finish([event.update_id])
            return
        if event.argument and event.name not in TAKING_WORDS:
            with optional(event.key.chat_id):
                await self._delivery.say(Recipient.answering(event), "only-command", name=event.name)
        conversation = await self._store.conversations.open(event.key)
        link = await meaning_of(self._store, event.key, event.replied)
        replied = event.replied if event.replied and not _only_placed(event.replied, link) else None
        turn = await self._store.conversations.turn(link.turn_id) if link and link.turn_id else None
        context = CommandContext(
            name=event.name,
            recipient=Recipient.answering(event),
            conversation=conversation,
            update_id=event.update_id,
            author=event.author,
            private=event.private,
            turn=turn,
            picture=picture or (link.picture if link else None),
            value=event.argument,
            replying=replied is not None,
            about=event.replied.author if event.replied else None,
            passed_on=event.replied.passed_on if event.replied else None,
            command_id=event.message_id,
        )
        if replied is not None and turn is None and event.name in ABOUT_AN_ANSWER:
            response = respond("reply-unknown", name=event.name)
        else:
            response = await self._verbs[event.name](context)
        await self._send(context, response)

    async def pressed(self, event: Pressed) -> None:
        """Do what a button says, if it speaks of something in this chat."""
        action = keyboards.parse(event.data)
        conversation = await self._store.conversations.open(event.key)
        context = CommandContext(
            name=action.name,
            recipient=Recipient.answering(event),
            conversation=conversation,
            update_id=event.update_id,
            author=event.author,
            private=event.private,
            turn=await self._own_turn(action.turn_id, conversation),
            value=action.value,
            message_id=event.message_id,
        )
        await self._send(context, await self._respond_to_button(event, action, context))

    async def _respond_to_button(self, event: Pressed, action: keyboards.Action, context: CommandContext) -> Response:
        if action.name in BUTTONS_FOR_OWNERS and not self._is_owner(event):
            return DONE
        if context.turn is None and not event.shown:
            # Its topic is unknown, so it may be meant for any conversation of this chat.
            return DONE
        if action.name == "settings" or action.name.startswith("set-"):
            await self._menu.pressed(context.conversation, context.recipient, event.message_id, action)
            return DONE
        if action.name not in self._verbs or (action.turn_id is not None and context.turn is None):
            return respond("button-outdated")
        if context.turn and not await self._rules.may_press(context.conversation.settings, event, context.turn):
            return respond("not-your-button", name=context.turn.author.name)
        return await self._verbs[action.name](context)

    async def _send(self, context: CommandContext, response: Response) -> None:
        """Send a response and finish its update. The only place that does either for a verb.

        Raises: ``WorkElsewhere`` where other conversations have work by it.
        """
        for part in response.parts:
            await self._send_part(context, part)
        if not response.stored:
            await self._store.inbox.finish([context.update_id])
        if response.wakes:
            raise WorkElsewhere(*response.wakes)

    async def _send_part(self, context: CommandContext, part: Part) -> None:
        recipient = context.recipient
        match part:
            case Sentence():
                await self._delivery.say(recipient, part.key, **part.values)
            case Words():
                await self._delivery.write(recipient, part.text)
            case Drawing():
                await self._delivery.picture(recipient, part.data, part.words, name=part.name, covered=part.covered)
            case Film():
                await self._delivery.animation(recipient, part.animation, part.words, covered=part.covered)
            case AnswerAgain():
                await self._delivery.show(part.turn, recipient, part.key, wish=shorten(part.turn.wish))
            case Originals():
                await self._delivery.files(part.turn, recipient)

    async def notify(self, row: InboxRow) -> None:
        """Say what happened to the tree, as it was stored with an update, and finish the update."""
        notice = row.notice or {}
        recipient = Recipient(key=row.key, language=notice.get("language", ""))
        turn = await self._store.conversations.turn(notice["turn_id"]) if notice.get("turn_id") else None
        if notice.get("left"):
            await self._delivery.say(recipient, "waiting-ended", count=notice["left"])
        if turn is None:
            key = str(notice["key"])
            said = f"{key}-root" if key in ("undone", "redone") else key
            if said in ("undone-root", "fresh"):
                conversation = await self._store.conversations.open(row.key)
                # The next message will be about the waiting picture.
                said += "-waiting" if await self._store.messages.waiting(conversation.id) else ""
            await self._delivery.say(recipient, said, **notice.get("values", {}))
        else:
            form = "-words" if not turn.shown else "-named" if turn.wish else ""
            await self._delivery.show(turn, recipient, f"{notice['key']}{form}", wish=shorten(turn.wish))
        await self._store.inbox.finish([row.update_id])

    def _is_owner(self, event: Commanded | Pressed) -> bool:
        return event.private and event.author.id in self._owner_ids

    async def _own_turn(self, turn_id: int | None, conversation: Conversation) -> Turn | None:
        turn = await self._store.conversations.turn(turn_id) if turn_id is not None else None
        return turn if turn is not None and turn.conversation_id == conversation.id else None


def _only_placed(replied: Replied, link: MessageLink | None) -> bool:
    """Return whether the person did not choose to reply.

    Below a channel's post every message is a reply to the post, and clients reply to a question by themselves.
    """
    return replied.above or (replied.author is None and link is not None and link.role is Role.LOOSE)
