"""Privacy mode: which messages of a group Telegram gives the bot, and what it shows with them.

The rules are Telegram's own words (core.telegram.org/bots/features#privacy-mode, core.telegram.org/bots/faq, "What
messages will my bot get?"), read strictly: what they do not name does not arrive. Imports ``text`` and ``state``.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from bot.sandbox.botapi.content.text import commands, mentions
from bot.sandbox.botapi.state.backend import Backend
from bot.sandbox.botapi.state.records import Chat, Json, Message
from bot.sandbox.botapi.state.world import OTHER_BOT

NOTIFIED = {"left_chat_member", "refunded_payment"}
"""The bot's own acts of which it gets an update (telegram-bot-api Client.cpp, need_skip_update_message)."""


class BotsTalk(BaseModel):
    """Who has Bot-to-Bot Communication Mode on: the bot (``own``), or the other bots (``others``)."""

    model_config = ConfigDict(extra="forbid")
    own: bool = False
    others: bool = False


class Doubts(BaseModel):
    """Points on which Telegram's words and reports of live bots differ; tests choose.

    ``mentions_reach``: a mention reaches a bot with privacy mode on. Telegram's list does not contain mentions.
    ``captions_reach``: a command in a caption counts like one in a text.
    """

    model_config = ConfigDict(extra="forbid")
    mentions_reach: bool = False
    captions_reach: bool = True


def doubts(backend: Backend) -> Doubts:
    return Doubts.model_validate(backend.world.profile.get("doubts", {}))


def reads_all(chat: Chat) -> bool:
    """Return whether the bot gets everything that people write: "bot admins always receive all messages"."""
    return not chat.is_group or chat.bot_reads_all or chat.bot_status == "administrator"


def classify(backend: Backend, chat: Chat, message: Message) -> tuple[bool, bool]:
    """Return whether the bot gets a new message, and whether the message is meant for the bot.

    Both are decided when a message is sent. A reply to a message that was meant for the bot is meant for it, too.
    """
    if message.sender_id == backend.config.bot_id:
        return True, True
    if message.sender_id == OTHER_BOT["id"]:
        return chat.bot_is_member and _seen_from_a_bot(backend, chat, message), False
    meant = _meant(backend, chat, message)
    return chat.bot_is_member and (reads_all(chat) or message.service or meant), meant


def _seen_from_a_bot(backend: Backend, chat: Chat, message: Message) -> bool:
    """Return whether the bot gets a message of another bot (core.telegram.org/api/bots/bot-to-bot).

    One of the two bots must have the mode on, and the message must name this bot with a command or reply to it. If
    this bot has the mode on and reads everything in the group, it gets all messages.
    """
    talk = BotsTalk.model_validate(backend.world.profile.get("bots_talk", {}))
    target = backend.world.message(chat.id, message.reply_to) if message.reply_to else None
    named = f"@{backend.world.username.lower()}"
    meant = (target is not None and target.sender_id == backend.config.bot_id) or any(
        found.lower().endswith(named) for found in commands(message.words, message.word_entities)
    )
    return ((talk.own or talk.others) and meant) or (talk.own and reads_all(chat))


def _meant(backend: Backend, chat: Chat, message: Message) -> bool:
    """Return whether a message is meant for this bot. A message goes to one bot only.

    A reply counts more than a command: "replies have the highest priority".
    """
    target = backend.world.message(chat.id, message.reply_to) if message.reply_to else None
    if target is not None and target.meant:
        return True
    if target is not None and target.sender_id == OTHER_BOT["id"]:
        return False
    if (via := message.body.get("via_bot")) is not None:
        return bool(via["id"] == backend.config.bot_id)
    chosen = doubts(backend)
    if "text" in message.body or chosen.captions_reach:
        name = _addressee(message)
        if name is not None:
            # "General commands (e.g. /start) if the bot was the last bot to send a message to the group."
            return name == backend.world.username.lower() if name else chat.last_bot_id == backend.config.bot_id
    mentioned = mentions(message.words, message.word_entities, backend.world.username, backend.config.bot_id)
    return chosen.mentions_reach and mentioned


def _addressee(message: Message) -> str | None:
    """Return the bot that the message's first command names, "" if it names none; None without a command."""
    begins = [entity for entity in message.word_entities if entity["offset"] == 0]
    found = commands(message.words, begins)
    return found[0].partition("@")[2].lower() if found else None


def reaches_bot(backend: Backend, message: Message) -> bool:
    """Return whether the bot gets a message. It gets an edit only of a message that it got before."""
    # About its own acts, a bot is only notified that it left, and of refunds.
    own = message.sender_id == backend.config.bot_id and not NOTIFIED & {*message.body}
    return backend.world.chats[message.chat_id].bot_is_member and message.seen and not own


def shown_to_bot(backend: Backend, message: Message) -> Json:
    """Return a message as the bot sees it.

    In a basic group, message ids are the bot's own. A message that the bot never got has no id, and a reply to it
    comes without ``reply_to_message``: "inaccessible because of the chosen privacy mode" (telegram-bot-api Client.cpp,
    on_get_reply_message); reports: yagop/node-telegram-bot-api#65, aiogram/aiogram#773. In supergroups it is shown.
    """
    target = backend.world.message(message.chat_id, message.reply_to) if message.reply_to else None
    basic = backend.world.chats[message.chat_id].type == "group"
    return backend.world.view(message, with_reply=not (basic and target is not None and not target.seen))
