"""Turns the words of voice and video messages into text, once for each message.

Imports PTB, ``progress``, ``download``, ``events``, ``sound``, ``dispatch.base``, ``metrics``, ``providers.base``,
``providers.errors`` and ``storage``. Before the call it is noted with the stored update that it begins, and what was
heard is noted there before anybody reads it. So a process that dies afterwards does not pay for the same words again,
and one that dies during the call makes it once more. The cost is booked along with the words, whether or not a wish
comes of them. Nobody listens where the limits leave no room for a picture.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Protocol

from telegram import Bot
from telegram.constants import ChatAction

from bot.chat.events import Recording as Recorded
from bot.chat.events import Said
from bot.chat.receive.download import Downloader, UnusablePicture
from bot.chat.receive.sound import length_s
from bot.chat.send.progress import show
from bot.dispatch.base import Later, at_rest
from bot.metrics import Meter
from bot.providers.base import Listener, Recording, Transcript
from bot.providers.errors import (
    AccountProblem,
    BalanceEmpty,
    ModelUnavailable,
    ProviderError,
    QuotaExhausted,
    RateLimited,
    Retry,
)
from storage.books.values import Listened
from storage.engine.faults import StorageFault
from storage.records import Json
from storage.tables.inbox import Inbox

log = logging.getLogger(__name__)

LONGEST_S = 300
"""How long a recording may be: a wish of five minutes is a mistake, and each second is paid."""

MOST_AN_HOUR = 30
"""How many recordings of one person a process listens to in an hour. Silence costs no picture, so no limit ends it."""

TRIES, FIRST_PAUSE_S, LONGEST_PAUSE_S = 3, 1.0, 20.0
AT_ONCE = 4
"""How many recordings one process has written down at a time."""

OF_THE_KEY = (AccountProblem, BalanceEmpty, QuotaExhausted, RateLimited)
"""Failures after which another key may listen. Such calls are free."""

INTERRUPTIONS = 1
"""How often a call whose process died is repeated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ear:
    """Who listens, once for each of its keys. ``asks``: after a crash during the call the person says it again."""

    listeners: Sequence[Listener]
    model: str
    asks: bool = False

    @property
    def name(self) -> str:
        """Return the provider's name, for metrics."""
        return self.listeners[0].name


class NoRoom(UnusablePicture):
    """A limit leaves no room to listen. ``sells``: pictures can be bought, which no limit stops."""

    sells = False


class Purse(Protocol):
    """Knows the limits of people, and what they pay."""

    @property
    def sells(self) -> bool:
        """Whether people can buy pictures."""
        ...

    async def no_room(self, person_id: int, chat_id: int) -> tuple[str, Json] | None:
        """Return what to say where nothing paid may begin for a person in a chat; None where there is room."""
        ...

    def listened(self, person_id: int, chat_id: int, cost_usd: Decimal | None) -> Listened:
        """Return what is booked for a recording."""
        ...


class Owners(Protocol):
    """Tells the owners of what does not work."""

    def alarm(self, fault: StorageFault) -> None:
        """Tell them of a fault of the store."""
        ...

    def report(self, key: str, why: str, /, *, about: str = "", advice: str = "", **values: str | int) -> None:
        """Send them a sentence that says why, for one reason once an hour. ``about``: what the reason is about."""
        ...


class Hearing:
    """Listens to messages. ``ear``: None where the provider has no model that does. ``stopping``: the process ends."""

    def __init__(
        self,
        ear: Ear | None,
        bot: Bot,
        downloader: Downloader,
        inbox: Inbox,
        purse: Purse,
        meter: Meter,
        stopping: asyncio.Event,
        owners: Owners,
    ) -> None:
        self._ear = ear
        self._bot = bot
        self._downloader = downloader
        self._inbox = inbox
        self._purse = purse
        self._meter = meter
        self._stopping = stopping
        self._alarm = owners.alarm
        self._report = owners.report
        self._places = asyncio.Semaphore(AT_ONCE)
        self._key = 0
        """Which key listened last: it is asked first, so that none is asked in vain for every message."""
        self._heard: dict[int, deque[float]] = defaultdict(partial(deque, maxlen=MOST_AN_HOUR))

    @property
    def is_on(self) -> bool:
        """Whether anybody listens."""
        return self._ear is not None

    async def hear(self, recorded: Recorded, message: Said) -> str:
        """Return what is said in a recording that came with a message; "" where nobody speaks.

        Its author pays. Raises: :class:`UnusablePicture` with the reason, ``Later`` while the process stops, and PTB's
        errors.
        """
        name = recorded.file.file_id
        noted = (await self._inbox.found_out(message.update_id)).get(name) or {}
        if "words" in noted:
            return str(noted["words"])
        ear = await self._ready(recorded, noted.get("begun", 0), message)
        await show(self._bot, message.key, ChatAction.TYPING)
        data = await self._downloader.whole(recorded.file)
        if length_s(data, recorded.duration_s) > LONGEST_S + 1:
            raise _too_long()
        async with self._places:
            if self._stopping.is_set():
                raise Later(0.0, "the process stops before a recording is listened to")
            await self._inbox.note(message.update_id, name, {"begun": noted.get("begun", 0) + 1})
            with at_rest():
                transcript = await self._listen(ear, Recording(mime=recorded.file.mime, data=data))
        self._heard[message.author.id].append(time.monotonic())
        listened = self._purse.listened(message.author.id, message.key.chat_id, transcript.cost_usd)
        self._meter.spent(ear.name, ear.model, listened.micro_usd)
        await self._keep(message.update_id, name, transcript.words, listened)
        return transcript.words

    async def _ready(self, recorded: Recorded, begun: int, message: Said) -> Ear:
        """Return who listens to a recording. ``begun``: how often that began before. Raises: as :meth:`hear`."""
        if self._ear is None:
            raise UnusablePicture(f"unusable-{recorded.file.kind}")
        if recorded.duration_s > LONGEST_S:
            raise _too_long()
        if self._heard_lately(message.author.id) >= MOST_AN_HOUR:
            raise UnusablePicture("recording-too-many")
        if begun > INTERRUPTIONS or (begun and self._ear.asks):
            raise UnusablePicture("recording-interrupted")
        if (full := await self._purse.no_room(message.author.id, message.key.chat_id)) is not None:
            key, values = full
            no_room = NoRoom(key, **values)
            no_room.sells = self._purse.sells
            raise no_room
        return self._ear

    def _heard_lately(self, person_id: int) -> int:
        """Return how many recordings of a person this process listened to within an hour."""
        since = time.monotonic() - 3600
        for one in [one for one, heard in self._heard.items() if heard[-1] <= since]:
            # Nobody is remembered longer than it matters.
            del self._heard[one]
        return sum(at > since for at in self._heard.get(person_id, ()))

    async def _listen(self, ear: Ear, recording: Recording) -> Transcript:
        """Make the call, a few times where that may help; where a key is out of order, with the next one.

        Raises: :class:`UnusablePicture` with the reason.
        """
        tries, key, left = 1, self._key, len(ear.listeners) - 1
        while True:
            try:
                transcript = await self._call(ear, ear.listeners[key], recording)
                self._key = key
                return transcript
            except ProviderError as error:
                if left and isinstance(error, OF_THE_KEY):
                    log.info("key %d of %s does not listen, the next one is asked: %s", key + 1, ear.name, error)
                    key, left = (key + 1) % len(ear.listeners), left - 1
                    continue
                wait_s = error.retry_after_s or FIRST_PAUSE_S * tries
                if tries == TRIES or error.retry is Retry.NEVER or wait_s > LONGEST_PAUSE_S:
                    log.warning("%s does not listen to a recording: %s", ear.model, error)
                    if error.tell_owner or isinstance(error, ModelUnavailable):
                        why = error.owner_text or error.outcome
                        self._report("owner-listening", why, about=ear.model, model=ear.model)
                    raise UnusablePicture("recording-unheard") from error
                log.info("a recording is listened to again in %.1f s: %s", wait_s, error)
            tries += 1
            await asyncio.sleep(wait_s)

    async def _call(self, ear: Ear, listener: Listener, recording: Recording) -> Transcript:
        began_at = time.monotonic()
        self._meter.began(ear.name)
        try:
            return await listener.listen(recording, model=ear.model)
        finally:
            self._meter.ended(ear.name, time.monotonic() - began_at)

    async def _keep(self, update_id: int, name: str, words: str, listened: Listened) -> None:
        """Note what was heard, and book it. It is paid for: it stays in memory until it can be stored."""
        pause_s = FIRST_PAUSE_S
        while True:
            try:
                await self._inbox.note(update_id, name, {"words": words}, listened)
                return
            except StorageFault as fault:
                self._alarm(fault)
                log.error("update %s: what was heard waits in memory: %s", update_id, fault)
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)


def _too_long() -> UnusablePicture:
    return UnusablePicture("recording-too-long", limit_minutes=LONGEST_S // 60)
