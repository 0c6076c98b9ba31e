"""Decides what follows a failed step of a conversation: try later, set aside, or give up; and who is notified.

Imports PTB, ``identity``, ``acts``, ``delivery``, ``events``, ``owners``, ``raw``, ``dispatch.base``, ``repeats``,
``turns``, ``send`` and ``storage``. A fault that passes by itself is waited out, while other conversations go on. Any
other failure ends after a fixed number of tries.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import NoReturn

from telegram import InlineKeyboardMarkup
from telegram.error import ChatMigrated, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.chat.events import updates_of
from bot.chat.identity import BotIdentity
from bot.chat.owners import Owners
from bot.chat.receive.acts import MOST_IN_AN_ACT, act_of
from bot.chat.send import keyboards
from bot.chat.send.delivery import Delivery
from bot.chat.send.inline import InlineMessage, InlineMessageGone
from bot.chat.send.message import Recipient
from bot.chat.send.once import Unanswered
from bot.chat.send.refusals import Meaning, is_refusal, meaning_of_refusal, retry_after_s
from bot.chat.updates.raw import album_of, is_edit
from bot.dispatch.base import ConversationMoved, Later
from bot.repeats import reason_of, same_as
from bot.turns.failure import Failure
from bot.turns.turns import Turns
from bot.turns.wishes import current_at, each_once
from storage.engine.faults import StorageFault
from storage.records import InboxRow, Key, Turn, TurnState
from storage.rows.upsert import GoneMeanwhile
from storage.store import Store

log = logging.getLogger(__name__)

TRIES = 3
"""How often an update, a call or a delivery may fail, if neither the network nor the store is the cause."""

NETWORK_TRIES = 8
"""How often an update or delivery may fail by the network while Telegram answers other calls: some two minutes."""

LATE_TRIES = 2
"""How often words are sent without an answer in time, while Telegram answers other calls."""

CRASHES = 4
"""How many processes may die during the same work before it is set aside."""


class FailurePolicy:
    """Decides on failures. ``telegram_answers`` returns whether Telegram has answered any call lately."""

    def __init__(
        self,
        store: Store,
        turns: Turns,
        delivery: Delivery,
        identity: BotIdentity,
        owners: Owners,
        telegram_answers: Callable[[], bool],
    ) -> None:
        self._store = store
        self._turns = turns
        self._delivery = delivery
        self._inline = delivery.inline
        self._identity = identity
        self.owners = owners
        self._telegram_answers = telegram_answers
        self._strikes: Counter[tuple[str, int]] = Counter()

    async def handling_failed(self, row: InboxRow, error: Exception) -> None:
        """Decide on a failure while an update was handled. Raises: errors after which the dispatcher tries again.

        If that fails, too, the update alone is to blame, and only so many tries may fail. Otherwise it would block its
        conversation for ever.
        """
        try:
            await self._decide(row, error)
        except (Later, ConversationMoved, StorageFault, TelegramError):
            raise
        except Exception as fault:
            _log_fault(fault, "update %s: its failure could not be handled", row.update_id)
            strikes = ("failure of update", row.update_id)
            self._strikes[strikes] += 1
            if self._strikes[strikes] < TRIES:
                raise Later(1.0, f"the failure of update {row.update_id} could not be handled") from fault
            del self._strikes[strikes]
            await self._store.inbox.set_aside(row.update_id)
            self.owners.report("owner-aside", type(error).__name__, update=str(row.update_id))

    async def _decide(self, row: InboxRow, error: Exception) -> None:
        if isinstance(error, GoneMeanwhile):
            log.info("update %s: its turn or conversation was ended or forgotten meanwhile (%s)", row.update_id, error)
            await self._store.inbox.read_anew(row.key)
            await self._store.conversations.drop_empty(row.key)
            return
        if await self._cannot_write(row.key, error):
            log.info("update %s: nothing can be said there (%s)", row.update_id, error)
            await self._store.inbox.finish(await self._act_of(row))
            return
        if await self._passes(row.key, error, ("update", row.update_id)):
            raise error
        if isinstance(error, Unanswered):
            # More tries would send more copies. The update is not done either: the words may precede a wish.
            await self._set_aside(row, "nobody answered whether words about it arrived")
            return
        tries = await self._store.inbox.try_again(row.update_id)
        _log_fault(error, "update %s could not be handled (try %s of %s)", row.update_id, tries, TRIES)
        if tries < TRIES:
            raise Later(float(tries), f"update {row.update_id} could not be handled")
        del self._strikes["update", row.update_id]
        await self._set_aside(row, f"it failed {tries} times, at last with {type(error).__name__}")

    async def say_stuck(self, recipient: Recipient) -> None:
        """Tell a person that their wish waits for the store. Raises: ``TelegramError``."""
        if recipient.key.is_inline:
            # Its placeholder says already that it is not done.
            return
        await self._delivery.say_fault(recipient, "store-stuck")

    async def call_failed(self, turn: Turn, error: Exception) -> None:
        """Decide on an unexpected failure of a turn's call. Raises: errors after which the dispatcher tries again."""
        strikes = ("turn", turn.id)
        if isinstance(error, StorageFault):
            self.owners.alarm(error)
            raise error
        self._strikes[strikes] += 1
        _log_fault(error, "turn %s broke off (try %s of %s)", turn.id, self._strikes[strikes], TRIES)
        if self._strikes[strikes] < TRIES:
            raise Later(1.0, f"turn {turn.id} broke off")
        del self._strikes[strikes]
        await self._fail(turn, "trouble", f"it failed {TRIES} times, at last with {type(error).__name__}")

    async def delivery_failed(self, turn: Turn, recipient: Recipient, error: Exception) -> None:
        """Decide on a failure while an answer was sent. Raises: errors after which the dispatcher tries again."""
        strikes, notified = ("turn", turn.id), False
        if recipient.key.topic_id and meaning_of_refusal(error) is Meaning.TOPIC_GONE:
            await self._move_out(turn, recipient)
        if await self._cannot_write(recipient.key, error):
            log.info("turn %s: its answer is kept, but cannot be sent there (%s)", turn.id, error)
        elif await self._passes(recipient.key, error, strikes):
            raise error
        elif isinstance(error, Unanswered):
            log.warning("turn %s: whether its words arrived is unknown", turn.id)
            notified = await self._offer(turn, recipient, "outcome-unknown")
        else:
            self._strikes[strikes] += 1
            _log_fault(error, "turn %s could not be sent (try %s)", turn.id, self._strikes[strikes])
            if self._strikes[strikes] < TRIES and not is_refusal(error):
                raise Later(float(self._strikes[strikes]), f"turn {turn.id} could not be sent")
            notified = await self._offer(turn, recipient, "undelivered")
            self.owners.report("owner-undelivered", type(error).__name__, turn=str(turn.id))
        await self._keep_back(turn, notified=notified)
        del self._strikes[strikes]

    async def _offer(self, turn: Turn, recipient: Recipient, key: str) -> bool:
        """Say that an answer could not be sent, with a button that shows it; return whether that was sent."""
        if recipient.key.is_inline:
            keyboard = keyboards.below_unshown(recipient.language, turn.id, recipient.key, self._inline.username)
            await self._say_inline(InlineMessage.of_turn(turn), recipient.language, key, keyboard)
            # A press of the button shows what nobody has read yet.
            return False
        try:
            tell = self._delivery.say_fault if key == "undelivered" else self._delivery.say
            await tell(await self._delivery.about(turn, recipient), key, keyboards.to_show(recipient.language, turn.id))
        except TelegramError as error:
            log.info("turn %s: the notice that it could not be sent failed: %s", turn.id, type(error).__name__)
            return False
        return True

    async def _say_inline(
        self, message: InlineMessage, language: str, key: str, keyboard: InlineKeyboardMarkup | None = None
    ) -> None:
        """Say something in an inline message, if that can be changed."""
        try:
            await self._inline.say(message, language, key, keyboard)
        except (TelegramError, InlineMessageGone) as error:
            log.info("an inline message could not be changed: %s", type(error).__name__)

    async def _keep_back(self, turn: Turn, *, notified: bool) -> None:
        if not notified:
            log.warning("turn %s: nobody knows of its answer yet; it is sent when somebody writes there again", turn.id)
        self._turns.count_kept_back(turn, await self._store.deliveries.keep_back(turn.id, announced=notified))

    async def crashed(self, key: Key) -> None:
        """Count a crash during the work on a conversation, and end work that crashes again and again."""
        turn = await self._store.conversations.next_unfinished(key)
        if turn is None:
            rows = await self._store.inbox.open_updates(key, limit=1)
            if rows and await self._store.inbox.try_again(rows[0].update_id) >= CRASHES:
                await self._set_aside(rows[0], f"the process ended {CRASHES} times while it was handled")
        elif await self._store.conversations.crashed(turn.id) >= CRASHES:
            await self._end(turn, key)

    async def _end(self, turn: Turn, key: Key) -> None:
        """End a turn during which the process died again and again."""
        log.error("turn %s: the process ended %s times while it ran, so it is given up", turn.id, CRASHES)
        if turn.state in (TurnState.ANSWERED, TurnState.FAILING):
            # Sent again by itself, it would end the next process, too.
            await self._offer(turn, Recipient(key=key, language=turn.author.language), "undelivered")
            await self._keep_back(turn, notified=True)
            why = f"the process ended {CRASHES} times while it was sent"
            self.owners.report("owner-undelivered", why, turn=str(turn.id))
            return
        await self._fail(turn, "interrupted-again", f"the process ended {CRASHES} times while it ran")

    async def _fail(self, turn: Turn, key: str, why: str) -> None:
        failure = Failure(key=key, help=("try-again",), owner_text=why)
        for member in await self._store.conversations.batch_of(turn):
            if member.state in (TurnState.ACCEPTED, TurnState.CALLING):
                await self._turns.fail(member, failure)

    async def _passes(self, key: Key, error: Exception, what: tuple[str, int]) -> bool:
        """Return whether a failure passes by itself. Raises: :class:`Later` where it is known how soon."""
        if isinstance(error, Later):
            return True
        if isinstance(error, RetryAfter):
            raise Later(retry_after_s(error), "Telegram asks to wait") from error
        if isinstance(error, ChatMigrated) and error.new_chat_id != key.chat_id:
            await self._store.chats.migrate(key.chat_id, error.new_chat_id)
            raise ConversationMoved(Key(error.new_chat_id, key.topic_id)) from error
        if isinstance(error, StorageFault):
            self.owners.alarm(error)
            return True
        # PTB makes InvalidToken of each 401 and 404, also of those from a proxy or from the address of a file. Polling
        # finds out whether the token is wrong, and then ends the process.
        if not isinstance(error, NetworkError | InvalidToken) or is_refusal(error):
            return False
        self._strikes[what] += 1
        tries = LATE_TRIES if isinstance(error, Unanswered) and error.late else NETWORK_TRIES
        return self._strikes[what] < tries or not self._telegram_answers()

    async def _cannot_write(self, key: Key, error: Exception) -> bool:
        """Return whether the chat is gone, or the bot may not write there; store that a chat is gone.

        This is no failure of the bot, so it is not reported to the owners.
        """
        meaning = meaning_of_refusal(error)
        if meaning is Meaning.CHAT_GONE:
            await self._store.chats.set_active(key.chat_id, False)
        return meaning is not None

    async def _move_out(self, turn: Turn, recipient: Recipient) -> NoReturn:
        """Move the answer for a deleted topic to the chat itself, or to its General topic.

        Raises: :class:`ConversationMoved`.
        """
        log.info("turn %s: its topic is gone, so its answer goes to the chat itself", turn.id)
        chat = Key(recipient.key.chat_id, 0)
        conversation = await self._store.conversations.open(chat)
        # Its history stays behind in the topic, but not the picture that it was about: its own, or that of its parent.
        brings_own = any(not picture.name for picture in turn.pictures)
        before = () if brings_own else await current_at(self._store, turn.parent_id)
        pictures = each_once((*before, *turn.pictures))
        await self._store.deliveries.move(turn, conversation.id, pictures)
        with suppress(TelegramError):
            await self._delivery.say(replace(recipient, key=chat), "topic-gone")
        raise ConversationMoved(chat)

    async def _set_aside(self, row: InboxRow, why: str) -> None:
        stored = await self._store.inbox.row(row.update_id) or row
        for update_id in await self._act_of(row):
            await self._store.inbox.set_aside(update_id)
            log.error("update %s is set aside: %s", update_id, why)
        self.owners.report("owner-aside", why, update=str(row.update_id))
        if row.key.is_inline:
            await self._say_inline(InlineMessage.of_update(stored.payload), "", "trouble")
            return
        if not self._identity.is_called(row.payload):
            # The message was not for the bot, so its author is not notified.
            return
        with suppress(TelegramError):
            await self._delivery.say_fault(Recipient(key=row.key, language=""), "trouble")

    async def _act_of(self, row: InboxRow) -> list[int]:
        """Return an update and the other updates of its act: half an album or half a text is no wish."""
        act = await act_of(self._store.inbox, row, self._identity.read)
        found = dict.fromkeys([row.update_id, *updates_of(act)])
        if not is_edit(row.payload) and (album := album_of(row.payload)) is not None:
            # The album is found also where the update cannot be read.
            waiting = await self._store.inbox.open_updates(row.key, limit=MOST_IN_AN_ACT)
            found |= dict.fromkeys(other.update_id for other in waiting if album_of(other.payload) == album)
        return list(found)


def _log_fault(error: Exception, words: str, *values: object) -> None:
    """Log a fault with its traceback once, then count it, whatever update or turn meets it."""
    why = f"{words.partition('%s')[2].partition(' (')[0].strip(' :')}: {type(error).__name__}: {error}"
    log.error(words, *values, exc_info=error, extra=same_as(why, reason_of(why)))
