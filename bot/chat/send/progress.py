"""What a person sees while the bot works on a turn, a command or a press.

Imports PTB, ``delivery``, ``keyboards``, ``texts``, ``background``, ``message``, ``providers``, ``repeats`` and
``storage.records``. Of a turn it is a live draft with Telegram's Stop button in a private chat (Bot API 10.3,
``can_stop``), elsewhere a chat action and a reaction on the wish; never a message for each step. The draft and the
Cancel button name the turn, so that a late press stops no other turn. Nothing depends on the display, so its failures
are ignored.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import AbstractAsyncContextManager, suppress

from telegram import Bot, Message
from telegram.constants import ChatAction
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.background import beside, log_failure
from bot.chat.send import keyboards
from bot.chat.send.delivery import Delivery
from bot.chat.send.message import Recipient
from bot.providers.errors import ProviderError
from bot.repeats import reason_of, same_as
from bot.texts import say
from storage.records import Key

log = logging.getLogger(__name__)

AFTER_S = 0.2
"""No picture takes less time, so the delay cannot be noticed."""

NOTICED_AFTER_S = 0.5
"""Telegram asks for a chat action where an answer takes a noticeable time. Most commands are answered sooner."""

EVERY_S = 4.0
"""A chat action shows for five seconds, or until a message comes (Bot API, sendChatAction); a draft for thirty."""

WORTH_NOTIFYING_S = 5.0

LONG_S = 8.0
"""Most pictures are there sooner; from then on the draft says how long it has taken."""


LASTING = ("progress-queued", "progress-unstored")
"""What is shown until something else happens; other sentences count down and end."""

ACTIONS = {
    **dict.fromkeys(("tree", "compare", "context", "go", "only", "painted", "show"), ChatAction.UPLOAD_PHOTO),
    **dict.fromkeys(("file", "export"), ChatAction.UPLOAD_DOCUMENT),
    "timelapse": ChatAction.UPLOAD_VIDEO,
}
"""What is on its way after a command or a press; words after any other."""


class Progress:
    """Shows the progress of one turn, with a countdown or the position in the queue while it waits."""

    def __init__(self, bot: Bot, delivery: Delivery, recipient: Recipient, turn_id: int) -> None:
        self._bot = bot
        self._delivery = delivery
        self._recipient = recipient
        self._turn_id = turn_id
        # The placeholder of an inline message shows all that there is to see.
        self._silent = recipient.key.is_inline
        self._drafts = recipient.key.chat_id > 0 and not self._silent
        self._drafting = asyncio.Lock()
        self._key, self._until, self._number = "progress-painting", 0.0, 0
        self._began_at = asyncio.get_running_loop().time()
        self._notified = False
        self._message: Message | None = None
        self._notifying: asyncio.Task[None] | None = None
        self._reacted = False

    def shown(self) -> AbstractAsyncContextManager[object]:
        """Show progress while the block runs."""
        return beside(progress=self._show())

    async def retrying(self, delay_s: float, error: ProviderError) -> None:
        """Count down to the next attempt."""
        same = same_as(str(error), reason_of(str(error)))
        log.info("turn %s waits %.1f s: %s", self._turn_id, delay_s, error, extra=same)
        self._key, self._until = error.countdown_key, asyncio.get_running_loop().time() + delay_s
        if delay_s >= WORTH_NOTIFYING_S:
            self._notify_soon()

    async def queued(self, number: int) -> None:
        """Show the position in the provider's queue; 1 is next."""
        self._key, self._number = "progress-queued", number
        self._notify_soon()

    async def unstored(self) -> None:
        """Say that the answer is there, but cannot be stored for now."""
        self._key = "progress-unstored"
        self._notify_soon()

    async def _show(self) -> None:
        # The request to the provider goes first; these two calls would delay it by some milliseconds.
        await asyncio.sleep(AFTER_S)
        # Until there is an answer it may be set: a turn may end while Telegram is asked.
        if not self._silent:
            self._reacted = True
            self._reacted = await self._delivery.manners.react(self._recipient, at_work=True)
        while not self._silent:
            await self._draft()
            await show(self._bot, self._recipient.key, ChatAction.UPLOAD_PHOTO)
            await asyncio.sleep(EVERY_S)

    async def _draft(self) -> None:
        async with self._drafting:
            if self._drafts:
                await self._send_draft()

    async def _send_draft(self) -> None:
        try:
            await self._bot.send_message_draft(
                self._recipient.key.chat_id,
                draft_id=self._turn_id,
                text=self._words(),
                message_thread_id=self._recipient.key.topic_id or None,
                api_kwargs={"can_stop": True},
            )
        except (BadRequest, InvalidToken) as error:
            # This server does not know drafts; the chat action is enough. PTB makes InvalidToken of the 404 for an
            # unknown method (telegram-bot-api, Client::on_cmd).
            log.debug("the server knows no drafts: %s", error.message)
            self._drafts = False
        except TelegramError as error:
            log.debug("a draft was not sent: %s", error)

    def _notify_soon(self) -> None:
        """Show a wait in the background, so that a slow Telegram does not delay the turn."""
        if self._notifying is None or self._notifying.done():
            self._notifying = asyncio.create_task(self._notify())
            self._notifying.add_done_callback(log_failure)

    async def _notify(self) -> None:
        """Show a wait at once; without drafts, in one message with a Cancel button."""
        await self._draft()
        if not (self._drafts or self._notified or self._silent):
            self._notified = True
            with suppress(TelegramError):
                keyboard = keyboards.to_cancel(self._recipient.language, self._turn_id)
                self._message = await self._delivery.write(self._recipient, self._words(), keyboard)

    async def take_away(self) -> None:
        """Take back the reaction and the message with the Cancel button, if there are, after the end of the turn."""
        if self._reacted:
            await self._delivery.manners.react(self._recipient, at_work=False)
        if self._notifying is not None:
            await asyncio.wait({self._notifying})
        if self._message is not None:
            with suppress(TelegramError):
                await self._bot.delete_message(self._message.chat_id, self._message.message_id)

    def _words(self) -> str:
        now = asyncio.get_running_loop().time()
        left_s = max(0, round(self._until - now))
        key = self._key if left_s or self._key in LASTING else "progress-painting"
        took_s = round(now - self._began_at)
        if key == "progress-painting" and took_s >= LONG_S:
            key, left_s = "progress-painting-long", took_s
        return say(self._recipient.language, key, seconds=left_s, number=self._number)


def at_work(bot: Bot, key: Key, verb: str) -> AbstractAsyncContextManager[object]:
    """Show that the bot works on a command or a press, as soon as that takes long and until the block ends."""
    return beside(at_work=_keep_showing(bot, key, ACTIONS.get(verb, ChatAction.TYPING)))


async def show(bot: Bot, key: Key, action: ChatAction) -> None:
    """Show an action for five seconds. An inline message has no chat for it."""
    if key.is_inline:
        return
    try:
        await bot.send_chat_action(key.chat_id, action, message_thread_id=key.topic_id or None)
    except TelegramError as error:
        log.debug("it was not shown that the bot is at work: %s", type(error).__name__)


async def _keep_showing(bot: Bot, key: Key, action: ChatAction) -> None:
    await asyncio.sleep(NOTICED_AFTER_S)
    while True:
        await show(bot, key, action)
        await asyncio.sleep(EVERY_S)
