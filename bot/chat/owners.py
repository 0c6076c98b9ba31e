"""Messages to the people who run the bot.

Imports PTB, ``delivery``, ``message``, ``once``, ``refusals``, ``texts``, ``background`` and ``storage``.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from contextvars import Context

from telegram import InlineKeyboardMarkup
from telegram.error import NetworkError, RetryAfter, TelegramError

from bot.background import BackgroundTasks
from bot.chat.send.delivery import Delivery
from bot.chat.send.message import Recipient
from bot.chat.send.once import Unanswered
from bot.chat.send.refusals import is_refusal
from bot.texts import say
from storage.engine.faults import FaultKind, StorageFault
from storage.records import Author, Conversation, Key
from storage.store import Store

log = logging.getLogger(__name__)

REMIND_AFTER_S = 3600.0
"""How long one kind of storage fault, and one reason why turns fail, is not reported again."""

MOST_REASONS = 100
"""So many reasons are remembered, those that came last."""

PATIENCE_S = 2.0
"""How long a message waits for the language of its owner: it may say that the database does not answer."""


OF_TELEGRAM = "telegram_language"
"""A setting of an owner's private chat: the language of their Telegram. Unlike a choice, it is not theirs to undo."""

_NUMBER = re.compile(r"(?<![\w.-])(?<!HTTP )[0-9.]+s?\b")
"""Times and counts differ where the reason is the same. Another status or another model is another reason."""


class NotReached(Exception):
    """No owner was reached, but later somebody may be."""


class Owners:
    """The people of ``OWNER_IDS``, in their private chats with the bot. ``language``: where theirs is not known."""

    def __init__(self, delivery: Delivery, owner_ids: Iterable[int], store: Store, language: str) -> None:
        self._delivery = delivery
        self._store = store
        self._language = language
        self._languages: dict[int, str] = {}
        self._met: dict[int, str] = {}
        # An owner who is an anonymous admin or a channel has no private chat, and everybody reads a channel.
        self._ids = sorted(owner_id for owner_id in owner_ids if owner_id > 0)
        self._reported_at: dict[FaultKind, float] = {}
        self._told: dict[str, tuple[float, int]] = {}
        self._background = BackgroundTasks()

    def alarm(self, fault: StorageFault) -> None:
        """Report a fault of the store, at most once an hour for each kind; returns at once."""
        now = asyncio.get_running_loop().time()
        if now - self._reported_at.get(fault.kind, -REMIND_AFTER_S) < REMIND_AFTER_S:
            return
        self._reported_at[fault.kind] = now
        log.error("%s", fault)
        if fault.kind is FaultKind.FULL:
            self.notify_soon("owner-storage-full", detail=fault.detail)
        else:
            self.notify_soon("owner-storage", fault=str(fault))

    async def turn_failed(self, turn_id: int, why: str) -> None:
        """Report why a turn failed: for one reason at most once an hour, with how many failed so since the last time.

        A night without a valid key would else bring as many messages as wishes. The log has a line for each turn.
        """
        now, reason = asyncio.get_running_loop().time(), _NUMBER.sub("0", why)
        told_at, more = self._told.pop(reason, (-REMIND_AFTER_S, 0))
        if now - told_at < REMIND_AFTER_S:
            self._told[reason] = (told_at, more + 1)
            return
        while len(self._told) >= MOST_REASONS:
            del self._told[next(iter(self._told))]
        self._told[reason] = (now, 0)
        key = "owner-turn-more" if more else "owner-turn"
        await self.notify(key, turn=str(turn_id), why=why, count=more)

    def notify_soon(self, key: str, keyboard: InlineKeyboardMarkup | None = None, /, **values: str | int) -> None:
        """Send a sentence in the background; returns at once."""
        # An empty context carries no worker's fence: a message that the database is away must not wait for it.
        self._background.run(self.notify(key, keyboard, **values), context=Context())

    @property
    def some(self) -> bool:
        """Whether there is anybody to write to."""
        return bool(self._ids)

    async def write_each(self, words: Callable[[str], str], keyboard: InlineKeyboardMarkup | None = None) -> None:
        """Send each owner the words that a function returns for their language.

        Whom Telegram does not let the bot write to is skipped. Raises: what the function raises, before anything is
        sent; :class:`NotReached`.
        """
        texts = [(one, language, words(language)) for one in self._ids for language in [await self.language_of(one)]]
        reached, passes = False, None
        for owner_id, language, text in texts:
            try:
                await self._delivery.write(Recipient(key=Key(owner_id, 0), language=language), text, keyboard)
                reached = True
            except Unanswered:
                # It has probably arrived.
                reached = True
            except TelegramError as error:
                log.info("owner %s cannot be written to: %s", owner_id, error.message)
                passes = error if isinstance(error, NetworkError | RetryAfter) and not is_refusal(error) else passes
        if passes is not None and not reached:
            raise NotReached(passes.message) from passes

    async def notify(self, key: str, keyboard: InlineKeyboardMarkup | None = None, /, **values: str | int) -> None:
        """Send a sentence to each owner whom Telegram lets the bot write to, each in their language."""
        with suppress(NotReached):
            await self.write_each(lambda language: say(language, key, **values), keyboard)

    async def language_of(self, owner_id: int) -> str:
        """Return the language that an owner chose in private; else that of their Telegram; else ``language``.

        Where the store does not answer, it is the last one known.
        """
        looking = self._background.run(self._look(owner_id), context=Context())
        await asyncio.wait([looking], timeout=PATIENCE_S)
        return self._languages.get(owner_id) or self._language

    async def met(self, person: Author) -> None:
        """Store the language of an owner's Telegram, which comes with all that they do, the first /start included.

        Telegram tells it of nobody who does nothing (core.telegram.org/bots/api#user, ``language_code``).
        """
        if person.id not in self._ids or self._met.get(person.id) == person.language:
            return
        with suppress(StorageFault):
            await self._store.chats.choose(person.id, OF_TELEGRAM, person.language)
            self._met[person.id] = person.language

    async def _look(self, owner_id: int) -> None:
        with suppress(StorageFault):
            talks = await self._store.views.of_chat(owner_id)
            chosen = next(filter(None, (talk.settings.get("language") for talk in talks)), None)
            if found := chosen or await self._own(owner_id, talks):
                self._languages[owner_id] = str(found)

    async def _own(self, owner_id: int, talks: Iterable[Conversation]) -> str | None:
        """Return the language of an owner's Telegram; None where it is not known."""
        home = await self._store.chats.find(owner_id)
        if home is not None and (language := home.settings.get(OF_TELEGRAM)):
            return str(language)
        # Of an owner who has written nothing since earlier versions, the newest wish knows it.
        for talk in talks:
            if latest := await self._store.conversations.latest(talk.id):
                return latest.author.language
        return None
