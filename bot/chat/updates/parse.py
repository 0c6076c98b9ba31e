"""Translates Telegram's updates into events.

Imports PTB, ``actions``, ``calling``, ``command_table``, ``events``, ``kinds``, ``labels``, ``mentions``, ``orders``,
``parts``, ``paying``, ``raw``, ``split``, ``legible`` and ``storage``; makes no call and stores nothing. PTB's types of
updates are used in this folder alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from telegram import Bot, Message, Update
from telegram.constants import ChatMemberStatus, ChatType

from bot.chat.actions import action_of
from bot.chat.command_table import BRINGING_PICTURES
from bot.chat.events import (
    ChannelJoined,
    Commanded,
    Incoming,
    Joined,
    Left,
    Moved,
    Pressed,
    Ranked,
    Replied,
    Said,
    cancel_in,
)
from bot.chat.send.split import units
from bot.chat.updates import calling, legible
from bot.chat.updates.kinds import is_unknown
from bot.chat.updates.labels import CANCELS, command_said
from bot.chat.updates.mentions import words_of
from bot.chat.updates.orders import order_of
from bot.chat.updates.parts import (
    FILES,
    attachment_of,
    author_of,
    is_forwarded,
    others_of,
    passed_on_of,
    recording_of,
    replied_of,
    unusable_of,
)
from bot.chat.updates.paying import is_payment, payment_of
from bot.chat.updates.raw import first, is_edit, is_id, is_of_another_bot, message_of
from storage.records import Json, Key, Press

GONE = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)

UNUSABLE = (
    *FILES, "poll", "location", "venue", "contact", "dice", "game", "checklist", "invoice", "giveaway",
    "giveaway_winners", "rich_message",
)  # fmt: skip
"""Fields of a message without a usable picture, in the order in which they are looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """The bot itself, from getMe. ``language``: for people without one. ``serves_bots``: other bots may make wishes.

    ``is_guest`` and ``is_inline``: its owner switched on guest mode and inline mode.
    """

    id: int
    username: str
    reads_all: bool
    language: str = "en"
    serves_bots: bool = False
    is_guest: bool = False
    is_inline: bool = False


def key_of(update: Json) -> Key:
    """Return the conversation of a raw update; ``Key(0, 0)`` where it has no chat or is malformed.

    Channels get ``Key(0, 0)``, too, so that the bot can send nothing there.
    """
    if (inline := calling.key_of(update)) is not None:
        return inline
    about = _about(update)
    # A stop has the topic of its draft without is_topic_message (Bot API, MessageGenerationStopped).
    in_topic = about.get("is_topic_message") or "stopped_message_generation" in update
    topic = about.get("message_thread_id") if in_topic else 0
    chat_id = (first(about, "chat") or {}).get("id")
    if not is_id(chat_id) or is_channel(update):
        return Key(0, 0)
    return Key(chat_id, topic if is_id(topic) else 0)


def is_channel(update: Json) -> bool:
    """Return whether a raw update comes from a channel, or from the direct messages that people send to one."""
    chat = first(_about(update), "chat") or {}
    return chat.get("type") == ChatType.CHANNEL or chat.get("is_direct_messages") is True


def _about(update: Json) -> Json:
    """Return the part of a raw update that names its chat."""
    query = first(update, "callback_query") or {}
    found = first(update, "message", "edited_message") or first(query, "message")
    return found or first(update, "my_chat_member", "stopped_message_generation") or {}


def moved_from(update: Json) -> int | None:
    """Return the group that became the supergroup of a raw update; None where the update does not say so."""
    old_id = (first(update, "message") or {}).get("migrate_from_chat_id")
    return old_id if isinstance(old_id, int) else None


def is_move(update: Json) -> bool:
    """Return whether a raw update says that a group becomes a supergroup."""
    return bool({"migrate_to_chat_id", "migrate_from_chat_id"} & {*(first(update, "message") or {})})


def moves_away(update: Json, chat_id: int) -> bool:
    """Return whether a raw update says that the group ``chat_id`` goes on as a supergroup.

    The same update may wait in the queue of that supergroup by now, where it says nothing about the supergroup.
    """
    return "migrate_to_chat_id" in (first(update, "message") or {}) and key_of(update).chat_id == chat_id


def is_addition(update: Json) -> bool:
    """Return whether a raw update says that somebody was added to a group."""
    return bool((first(update, "message") or {}).get("new_chat_members"))


def is_said(update: Json) -> bool:
    """Return whether a raw update is a message or a press of a person, and not about the chat itself or a payment."""
    message = first(update, "message", "edited_message")
    return "callback_query" in update or not (message is None or is_move(update) or is_payment(update))


def is_left(update: Json) -> bool:
    """Return whether a raw update says that the bot may not write in a chat any more."""
    member = first(first(update, "my_chat_member") or {}, "new_chat_member")
    return member is not None and not is_channel(update) and _is_gone(member)


def _is_gone(member: Json) -> bool:
    """Return whether a raw ChatMember has left. A member with fewer rights is ``restricted``, too."""
    status = member.get("status")
    return status in GONE or (status == ChatMemberStatus.RESTRICTED and member.get("is_member") is False)


def is_cancel(update: Json, bot: Bot, me: Me) -> bool:
    """Return whether a raw update, even a broken one, asks to cancel; a cancel overtakes everything else."""
    if "stopped_message_generation" in update or is_left(update):
        return True
    message, query = first(update, "message") or {}, first(update, "callback_query") or {}
    said = str(message.get("text") or message.get("caption") or query.get("data") or "").lower()
    if not any(word in said for word in CANCELS):
        # Nearly every update ends here, so it is parsed only once.
        return False
    try:
        return cancel_in(read(update, bot, me)) is not None
    except Exception:
        # The worker meets the same error and counts it.
        return False


def overtakes(update: Json, bot: Bot, me: Me) -> bool:
    """Return whether a raw update may overtake: it asks to cancel, edits a message, or tells of a payment."""
    return is_edit(update) or is_cancel(update, bot, me) or is_payment(update)


def turn_to_cancel(update: Json) -> int | None:
    """Return the turn that a raw update asks to cancel; None where it means the current work, whatever that is.

    A stop names its draft, whose id is that of the turn. A button carries the turn.
    """
    stopped = first(update, "stopped_message_generation")
    if stopped is not None:
        return draft_id if is_id(draft_id := stopped.get("draft_id")) else None
    action = action_of(str((first(update, "callback_query") or {}).get("data") or ""))
    return action.turn_id if action.name == "cancel" else None


def press_of(update: Json) -> Press | None:
    """Return what identifies the press of a button; None for other updates."""
    query = first(update, "callback_query")
    if query is None:
        return None
    person, message = first(query, "from") or {}, first(query, "message") or {}
    tap = ":".join(str(part) for part in (person.get("id"), key_of(update).chat_id, message.get("message_id")))
    lasting = action_of(str(query.get("data"))).name in BRINGING_PICTURES
    return Press(callback_id=str(query.get("id")), tap=f"{tap}:{query.get('data')}", lasting=lasting)


def read(payload: Json, bot: Bot, me: Me) -> Incoming | None:
    """Read a raw update; None for one that means nothing to the bot. Raises: ``Illegible``."""
    update = legible.parse(payload, bot)
    if is_channel(payload):
        return _joined_channel(update, me)
    if update.chosen_inline_result or (update.callback_query and update.callback_query.inline_message_id):
        return calling.in_inline_message(update, payload, me.language)
    if update.callback_query:
        return _pressed(update, key_of(payload), me)
    if update.my_chat_member:
        return _membership(update, me)
    message = update.message or update.edited_message or update.guest_message
    if message is None or (message.via_bot is not None and message.via_bot.id == me.id):
        # What somebody chose in inline mode was made by the bot itself.
        return None
    by_a_bot = is_of_another_bot(payload, me.id)
    if by_a_bot and not me.serves_bots:
        return None
    if not is_id(message.message_id):
        raise legible.Illegible("its message has no usable number")
    base = _base(update, message, me)
    if update.guest_message:
        base |= {"key": key_of(payload), "private": True}
        event = _message(message, base.copy(), me, edited=False)
        return None if by_a_bot else calling.as_guest(payload, event, base)
    if message.group_chat_created or any(user.id == me.id for user in message.new_chat_members):
        return Joined(**base, kind=message.chat.type, title=message.chat.title or "")
    if message.migrate_to_chat_id:
        return Moved(**base, old_id=message.chat_id, new_id=message.migrate_to_chat_id)
    if message.migrate_from_chat_id:
        return Moved(**base, old_id=message.migrate_from_chat_id, new_id=message.chat_id)
    event = payment_of(message, base) or _message(message, base, me, edited=update.edited_message is not None)
    if event is None and base["private"] and update.message and is_unknown(message_of(payload)):
        # A person who waits for an answer gets one.
        event = Said(**base, message_id=message.message_id, words="", addressed=True, unusable="other")
    # A reply of another bot is not answered, since two bots would go on for ever.
    return None if by_a_bot and not (isinstance(event, Said) and event.called) else event


def _message(message: Message, base: dict[str, Any], me: Me, *, edited: bool) -> Incoming | None:
    words, mentioned = words_of(message, me.id, me.username)
    attachment, recording = attachment_of(message), recording_of(message)
    unusable = unusable_of(message, UNUSABLE)
    if unusable == "rich_message" and words:
        unusable = None
    file = attachment or recording or unusable
    passed_on = passed_on_of(message, me.language)
    # The caption of somebody else's forwarded picture is not a wish of this person.
    order = order_of("" if passed_on and file else words)
    called = mentioned or order.carries or bool(order.bots)
    if not order.meant_for(me.username) or not (order.words or order.name or file or called):
        return None
    replied = _replied(message, me)
    to_me = replied is not None and replied.author is None
    base |= {"message_id": message.message_id, "addressed": base["private"] or called or to_me, "replied": replied}
    if not (order.name or order.carries or file or passed_on or edited) and _is_told(base):
        order = replace(order, name=said, words="") if (said := command_said(order.words)) else order
    command = Commanded(**base, name=order.name, argument=order.words) if order.name else None
    if command is not None and (edited or not (attachment or unusable)):
        return None if edited else command
    return Said(
        **base,
        words="" if command else order.words,
        called=called,
        attachment=attachment,
        others=others_of(message),
        recording=recording,
        unusable=unusable,
        album=message.media_group_id if isinstance(message.media_group_id, str) else None,
        edited=edited,
        **order.manner,
        command=command,
        passed_on=passed_on,
        forwarded=is_forwarded(message),
        sent_at=int(message.date.timestamp()),
        length=units(message.text or ""),
    )


def _is_told(base: Mapping[str, Any]) -> bool:
    """Return whether words can tell the bot what to do; not where it is a guest, nor in an owner's answer to a person.

    Among other people somebody may say "again" to anybody.
    """
    replied: Replied | None = base["replied"]
    return bool(base["addressed"]) and not base["key"].is_inline and not (replied and (replied.asker or replied.above))


def _replied(message: Message, me: Me) -> Replied | None:
    """Return the replied-to message; where that is a wish, its words without the command."""
    replied = replied_of(message, me.id, me.language)
    if replied is None or replied.quoted or not replied.words or message.reply_to_message is None:
        return replied
    return replace(replied, words=order_of(words_of(message.reply_to_message, me.id, me.username)[0]).words)


def _base(update: Update, message: Message, me: Me) -> dict[str, Any]:
    topic = message.message_thread_id or 0 if message.is_topic_message else 0
    return {
        "update_id": update.update_id,
        "key": Key(message.chat_id, topic),
        "private": message.chat.type == ChatType.PRIVATE,
        "author": author_of(message.from_user, message.sender_chat, me.language),
    }


def _pressed(update: Update, key: Key, me: Me) -> Pressed | None:
    query = update.callback_query
    if query is None or query.message is None or query.data is None:
        return None
    return Pressed(
        update_id=update.update_id,
        key=key,
        private=query.message.chat.type == ChatType.PRIVATE,
        author=author_of(query.from_user, None, me.language),
        callback_id=query.id,
        message_id=query.message.message_id,
        data=query.data,
        shown=query.message.is_accessible,
        # Newer than PTB, which keeps unknown fields (Bot API 10.2, Message.ephemeral_message_id).
        whisper_id=int(query.message.api_kwargs.get("ephemeral_message_id") or 0),
    )


def _membership(update: Update, me: Me) -> Incoming | None:
    change = update.my_chat_member
    if change is None:
        return None
    base: dict[str, Any] = {
        "update_id": update.update_id,
        "key": Key(change.chat.id, 0),
        "private": change.chat.type == ChatType.PRIVATE,
        "author": author_of(change.from_user, None, me.language),
    }
    if _is_gone(change.new_chat_member.to_dict()):
        return Left(**base)
    was_admin, admin = (
        member.status == ChatMemberStatus.ADMINISTRATOR for member in (change.old_chat_member, change.new_chat_member)
    )
    if _is_gone(change.old_chat_member.to_dict()):
        return Joined(**base, kind=change.chat.type, title=change.chat.title or "", admin=admin)
    return Ranked(**base, admin=admin) if admin != was_admin else None


def _joined_channel(update: Update, me: Me) -> ChannelJoined | None:
    """Return the event that the bot was added to a channel; other updates of channels are ignored."""
    change = update.my_chat_member
    if change is None or change.chat.type != ChatType.CHANNEL or _is_gone(change.new_chat_member.to_dict()):
        return None
    return ChannelJoined(
        update_id=update.update_id,
        key=Key(0, 0),
        private=False,
        author=author_of(change.from_user, None, me.language),
        channel_id=change.chat.id,
    )
