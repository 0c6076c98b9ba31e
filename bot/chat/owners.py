"""Messages to the people who run the bot.

Imports PTB, ``delivery``, ``message``, ``once``, ``refusals``, ``texts``, ``background``, ``logs``, ``repeats``,
``providers.reasons`` and ``storage``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from contextvars import Context

from telegram import InlineKeyboardMarkup
from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.background import BackgroundTasks
from bot.chat.send.delivery import Delivery
from bot.chat.send.message import Recipient
from bot.chat.send.once import Unanswered
from bot.chat.send.refusals import is_refusal
from bot.logs import redact
from bot.providers.reasons import OTHER, group_of, needs_account
from bot.repeats import Seldom
from bot.texts import say
from storage.engine.faults import FaultKind, StorageFault
from storage.records import Author, Conversation, Key
from storage.store import Store

log = logging.getLogger(__name__)

REMIND_AFTER_S = 3600.0
"""How long one kind of storage fault is not reported again."""

PATIENCE_S = 2.0
"""How long a message waits for the language of its owner: it may say that the database does not answer."""

AGAIN_AFTER_S = 5.0
LONGEST_PAUSE_S = 600.0
"""How soon an owner whom Telegram did not reach is written to again; each pause is twice as long as the last one."""

TRIES = 50
"""How often that is tried: for eight hours."""

MOST_WAITING = 20
"""So many messages wait for that. With Telegram away for hours more would only say the same."""

CLOSE_S = 1.0
"""How long the end of the process waits for messages that are on their way."""

OF_TELEGRAM = "telegram_language"
"""A setting of an owner's private chat: the language of their Telegram. Unlike a choice, it is not theirs to undo."""


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
        self._seldom = Seldom()
        self._turn = asyncio.Lock()
        """Messages come in the order in which they were thought of."""
        self._waiting = 0
        self._background = BackgroundTasks()

    def alarm(self, fault: StorageFault) -> None:
        """Report a fault of the store, at most once an hour for each kind; returns at once."""
        now = asyncio.get_running_loop().time()
        if now - self._reported_at.get(fault.kind, -REMIND_AFTER_S) < REMIND_AFTER_S:
            return
        self._reported_at[fault.kind] = now
        log.error("%s", fault)
        self.notify_soon(f"owner-storage-{fault.kind.value}", detail=fault.detail)

    def turn_failed(self, turn_id: int, why: str) -> None:
        """Report why a turn failed; ``why`` begins with the key of its error. The log has a line for each turn."""
        key = why.partition(":")[0]
        group = group_of(key)
        sentence = "owner-turn-other" if group == OTHER else "owner-turn"
        advice = "owner-advice-account" if needs_account(key) else ""
        self.report(sentence, why, about=key, advice=advice, turn=str(turn_id), reason={"key": group})

    def report(
        self, key: str, why: str, /, *, about: str = "", advice: str = "", **values: str | int | Mapping[str, str]
    ) -> None:
        """Send a sentence that says ``why`` in the background; for one reason at most once an hour.

        The next one tells how often the same happened since. A night without a valid key would else bring as many
        messages as wishes. ``about``: what the reason is about; with very many reasons there is one message for each.
        ``advice``: the key of a sentence that says what the owner can do.
        """
        more = self._seldom.left_out(f"{key} {about}", why)
        if more is None:
            return

        def words(language: str) -> str:
            lines = [say(language, key, why=why, **values)]
            lines += [say(language, advice)] if advice else []
            return "\n".join([*lines, say(language, "owner-more", count=more)] if more else lines)

        # In the background, so that nobody's next wish waits for the chat of an owner.
        self._background.run(self._tell(words), context=Context())

    def notify_soon(self, key: str, keyboard: InlineKeyboardMarkup | None = None, /, **values: str | int) -> None:
        """Send a sentence in the background; returns at once."""
        # An empty context carries no worker's fence: a message that the database is away must not wait for it.
        self._background.run(self.notify(key, keyboard, **values), context=Context())

    @property
    def some(self) -> bool:
        """Whether there is anybody to write to."""
        return bool(self._ids)

    async def write_each(self, words: Callable[[str], str]) -> None:
        """Send each owner the words that a function returns for their language.

        Whom Telegram does not let the bot write to is skipped. Raises: what the function raises, before anything is
        sent; :class:`NotReached`.
        """
        reached, left = await self._write_all(words, None)
        if left and not reached:
            raise NotReached(next(iter(left.values()))) from None

    async def notify(self, key: str, keyboard: InlineKeyboardMarkup | None = None, /, **values: str | int) -> None:
        """Send a sentence to each owner whom Telegram lets the bot write to, each in their language.

        Who cannot be reached now is written to again in the background.
        """
        await self._tell(lambda language: say(language, key, **values), keyboard)

    async def close(self) -> None:
        """Wait a moment for what is on its way, and give up the rest."""
        await self._background.stop(CLOSE_S)

    async def _tell(self, words: Callable[[str], str], keyboard: InlineKeyboardMarkup | None = None) -> None:
        async with self._turn:
            _, left = await self._write_all(words, keyboard)
        if left and self._waiting < MOST_WAITING:
            self._background.run(self._tell_later(list(left), words, keyboard), context=Context())
        elif left:
            log.warning("owners are not told of everything: %s messages wait for Telegram", self._waiting)

    async def _tell_later(
        self, ids: Sequence[int], words: Callable[[str], str], keyboard: InlineKeyboardMarkup | None
    ) -> None:
        pause_s = AGAIN_AFTER_S
        self._waiting += 1
        try:
            for _ in range(TRIES):
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
                _, left = await self._write(ids, words, keyboard)
                if not left:
                    return
                ids = list(left)
        finally:
            self._waiting -= 1

    async def _write_all(
        self, words: Callable[[str], str], keyboard: InlineKeyboardMarkup | None
    ) -> tuple[bool, dict[int, str]]:
        reached, left = await self._write(self._ids, words, keyboard)
        # People read that an owner has been told. Not where none has pressed Start, or all have blocked the bot.
        self._delivery.has_owners = reached or bool(left)
        return reached, left

    async def _write(
        self, ids: Iterable[int], words: Callable[[str], str], keyboard: InlineKeyboardMarkup | None
    ) -> tuple[bool, dict[int, str]]:
        """Return whether anybody was reached, and who was not but later may be, with what kept the words from them."""
        # What a driver or a provider says may hold a secret, and Telegram keeps messages.
        texts = [(one, language, redact(words(language))) for one in ids for language in [await self.language_of(one)]]
        reached, left = False, dict[int, str]()
        for owner_id, language, text in texts:
            try:
                await self._delivery.write(Recipient(key=Key(owner_id, 0), language=language), text, keyboard)
                reached = True
            except TelegramError as error:
                if isinstance(error, Unanswered) and error.late:
                    # It has probably arrived.
                    reached = True
                    continue
                log.info("owner %s cannot be written to: %s", owner_id, error.message)
                if isinstance(error, NetworkError | RetryAfter | InvalidToken) and not is_refusal(error):
                    left[owner_id] = error.message
        return reached, left

    async def language_of(self, owner_id: int) -> str:
        """Return the language that an owner chose in private; else that of their Telegram; else ``language``.

        Where the store does not answer, it is the last one known.
        """
        looking = self._background.run(self._look(owner_id), context=Context())
        await asyncio.wait([looking], timeout=PATIENCE_S)
        # Who had everything forgotten has none in the store until the next start.
        return self._languages.get(owner_id) or self._met.get(owner_id) or self._language

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
