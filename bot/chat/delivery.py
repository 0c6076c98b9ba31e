"""Answers on their way to Telegram: a plan of messages, each noted before it is sent and again when it was.

May import PTB, ``keyboards``, ``split``, ``pictures``, ``texts`` and ``storage``. The original bytes stay in the store;
what Telegram makes of a photo is for looking. Model words go out as plain text, so no markup in them can break it.

A send has no idempotency key. When its outcome is unknown (a read timeout, a reset connection, 5xx after the upload, or
a process that died in between) the step is recorded as unknown and not sent again blindly: a short message with a
button offers it once more.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from telegram import Bot, ForceReply, InlineKeyboardMarkup, InputFile, InputMediaPhoto, Message, ReplyParameters
from telegram.error import BadRequest, Forbidden, NetworkError, TelegramError

from bot.chat import keyboards
from bot.chat.incoming import Commanded, Pressed, Said
from bot.chat.outgoing import Out, file_name, link_of
from bot.chat.split import fit_caption, shorten, split_text
from bot.chat.uploads import UnknownOutcome, Uploads, is_unknown
from bot.pictures.boards import Animation
from bot.pictures.fit import telegram_fit
from bot.pictures.inspect import inspect
from bot.texts import say
from storage.records import Key, MediaRef, MessageLink, Step, StepState, Turn, TurnState
from storage.store import Store

log = logging.getLogger(__name__)

ALBUM_LIMIT = 10
"""Pictures in one sendMediaGroup (Bot API)."""

UPLOAD_TIMEOUTS: dict[str, Any] = {"read_timeout": 60, "write_timeout": 60}
"""Telegram may hold a send for 8 s by itself before it says anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a message goes. ``reply_to`` is quoted in groups, where several people talk.

    ``own_language`` is that of the person who is answered, which the conversation may overrule.
    """

    key: Key
    language: str
    reply_to: int | None = None
    own_language: str = ""

    @classmethod
    def answering(cls, event: Said | Commanded | Pressed) -> Place:
        """Return where an answer to an event goes."""
        reply_to = None if event.private or isinstance(event, Pressed) else event.message_id
        return cls(key=event.key, language=event.language, reply_to=reply_to, own_language=event.author.language)

    @classmethod
    def of_turn(cls, turn: Turn, key: Key) -> Place:
        """Return where a turn is answered, in the language that the conversation had chosen when it was asked."""
        own = turn.author.language
        reply_to = turn.request_message_id if key.chat_id < 0 else None
        return cls(key=key, language=turn.options.get("language") or own, reply_to=reply_to, own_language=own)

    def arguments(self) -> dict[str, Any]:
        """Return what every send call takes. The topic is left out for 0, which is no topic."""
        found: dict[str, Any] = {"chat_id": self.key.chat_id}
        if self.key.topic_id:
            found["message_thread_id"] = self.key.topic_id
        if self.reply_to is not None:
            found["reply_parameters"] = ReplyParameters(self.reply_to, allow_sending_without_reply=True)
        return found


class Delivery:
    """Sends what a turn answered, and everything else that the bot says."""

    def __init__(self, bot: Bot, store: Store) -> None:
        self._bot = bot
        self._store = store
        self._uploads = Uploads(store.deliveries)
        self._arrived: dict[tuple[int, int], list[MessageLink]] = {}

    def answering(self, update_id: int) -> AbstractContextManager[None]:
        """Hold that the pictures sent in this block answer an update: each is sent once, whatever happens."""
        return self._uploads.answering(update_id)

    async def say(
        self, place: Place, key: str, keyboard: InlineKeyboardMarkup | ForceReply | None = None, /, **values: Any
    ) -> Message:
        """Send a sentence of the bot's own, in as many messages as it needs; return the last."""
        return await self.write(place, say(place.language, key, **values), keyboard)

    async def write(
        self, place: Place, text: str, keyboard: InlineKeyboardMarkup | ForceReply | None = None
    ) -> Message:
        """Send words as they are, in as many messages as they need; return the last."""
        pieces = split_text(text)
        for piece in pieces[:-1]:
            await self._words(place, piece, None)
        return await self._words(place, pieces[-1], keyboard)

    async def reword(self, place: Place, message_id: int, text: str) -> None:
        """Change what an earlier message of the bot's says, if it is still there."""
        with suppress(BadRequest):
            await self._bot.edit_message_text(text, chat_id=place.key.chat_id, message_id=message_id)

    async def leave(self, chat_id: int) -> None:
        """Leave a group or a channel."""
        try:
            await self._bot.leave_chat(chat_id)
        except (BadRequest, Forbidden) as error:
            log.info("chat %s could not be left: %s", chat_id, error.message)

    async def deliver(self, turn: Turn, place: Place, remarks: Sequence[str] = ()) -> None:
        """Send an answered turn's messages that did not go out yet, or say why it failed.

        ``remarks`` are sentences of the bot's own that stand behind the model's words.
        """
        if turn.state is TurnState.FAILING:
            await self._tell_failure(turn, place)
            return
        if turn.state is not TurnState.ANSWERED:
            return
        await self._send(turn, place, self._plan(turn, place, remarks))

    async def _send(self, turn: Turn, place: Place, plan: Sequence[Out]) -> None:
        """Send the steps of a plan that did not go out yet."""
        known = await self._store.deliveries.of(turn.id)
        for position, out in enumerate(plan):
            if known.get(position) in (StepState.SENT, StepState.UNKNOWN):
                continue
            last = position == len(plan) - 1
            if (turn.id, position) in self._arrived:
                await self._note_sent(turn, position, last=last)
                continue
            if known.get(position) is StepState.SENDING and out.pictures:
                await self._offer_again(turn, place, position, last=last)
                continue
            await self._step(turn, place, position, out, last=last)
        if known.get(len(plan) - 1) in (StepState.SENT, StepState.UNKNOWN):
            await self._store.deliveries.give_up(turn.id)

    async def deliver_set(self, turns: Sequence[Turn], place: Place) -> None:
        """Send the answers of turns that were asked for side by side as one album, with a button to choose each."""
        leader = turns[0]
        drawn = [turn for turn in turns if turn.shown]
        failed = [turn for turn in turns if turn.state is TurnState.FAILING]
        if not drawn:
            await self.deliver(leader, place)
        else:
            number, missing = len(drawn), len(turns) - len(drawn)
            words = say(place.language, "versions", count=number, missing=missing)
            plan = [
                Out(pictures=tuple(turn.shown[-1] for turn in drawn), owners=tuple(turn.id for turn in drawn)),
                Out(words=words, keyboard=keyboards.to_choose(place.language, [turn.id for turn in drawn], leader.id)),
            ]
            await self._send(leader, place, plan)
        for turn in failed:
            await self._store.conversations.set_state(turn.id, TurnState.FAILED)

    async def show(self, turn: Turn, place: Place, key: str, /, **values: Any) -> None:
        """Show a turn's current picture again with a sentence, or only the sentence; a reply to it finds the turn."""
        words = say(place.language, key, **values)
        keyboard = keyboards.under_answer(place.language, turn.id, pictures=bool(turn.shown))
        if not turn.shown:
            message = await self._words(place, words, keyboard)
            links = [link_of(message, turn.id, None)]
            await self._store.messages.save(turn.conversation_id, links)
            return
        out = Out(pictures=turn.shown[-1:], words=words, keyboard=keyboard)
        try:
            await self._uploads.once(lambda: self._linked_pictures(turn, place, out))
        except UnknownOutcome:
            await self.say(place, "show-unknown", keyboards.to_show(place.language, turn.id))

    async def picture(self, place: Place, data: bytes, words: str, *, name: str) -> None:
        """Send a picture that was drawn here; it belongs to no turn."""
        file = InputFile(data, filename=name)
        shared = {"caption": words, **place.arguments(), **UPLOAD_TIMEOUTS}
        shown = partial(self._bot.send_photo, photo=file, **shared)
        await self._once(
            place, partial(self._permitted, place, shown, partial(self._bot.send_document, document=file, **shared))
        )

    async def document(self, place: Place, data: bytes, words: str, *, name: str) -> None:
        """Send a file that was made here."""
        file = InputFile(data, filename=name)
        shared = {"caption": words, **place.arguments(), **UPLOAD_TIMEOUTS}
        await self._permitted(place, partial(self._bot.send_document, document=file, **shared))

    async def animation(self, place: Place, animation: Animation, words: str) -> None:
        """Send an animation that was made here."""
        file = InputFile(animation.data, filename=animation.name)
        shared: dict[str, Any] = {"caption": words, **place.arguments(), **UPLOAD_TIMEOUTS}
        shown = {"width": animation.width_px, "height": animation.height_px, "duration": round(animation.duration_s)}
        moving = partial(self._bot.send_animation, animation=file, **{**shown, **shared})
        await self._once(
            place, partial(self._permitted, place, moving, partial(self._bot.send_document, document=file, **shared))
        )

    async def files(self, turn: Turn, place: Place) -> None:
        """Send the original bytes of a turn's pictures as documents."""
        for ref in turn.shown:
            out = Out(pictures=(ref,), as_file=True)
            await self._once(place, partial(self._linked_pictures, turn, place, out))

    def _plan(self, turn: Turn, place: Place, remarks: Sequence[str]) -> list[Out]:
        keyboard = keyboards.under_answer(place.language, turn.id, pictures=bool(turn.shown))
        said = turn.wish or " · ".join(picture.caption for picture in turn.pictures if picture.caption)
        retold = say(place.language, "retold", wish=shorten(said)) if turn.kind == "edit" else ""
        words = "\n".join(filter(None, [retold, turn.words, *remarks]))
        if len(turn.shown) == 1:
            caption, rest = fit_caption(words)
            first = Out(pictures=turn.shown, words=caption, keyboard=keyboard)
            return [first, *(Out(words=piece) for piece in (split_text(rest) if rest else []))]
        albums = [
            Out(pictures=turn.shown[start : start + ALBUM_LIMIT]) for start in range(0, len(turn.shown), ALBUM_LIMIT)
        ]
        pieces = split_text(words or say(place.language, "pictures-ready" if albums else "words-only-empty"))
        # An album takes no keyboard (Bot API, sendMediaGroup), so the words behind it carry the buttons.
        return [*albums, *(Out(words=piece) for piece in pieces[:-1]), Out(words=pieces[-1], keyboard=keyboard)]

    async def _step(self, turn: Turn, place: Place, position: int, out: Out, *, last: bool) -> None:
        step = Step(turn_id=turn.id, position=position, state=StepState.SENDING)
        await self._store.deliveries.note(step)
        try:
            links = await self._pictures(turn, place, out) if out.pictures else await self._linked(turn, place, out)
        except UnknownOutcome:
            await self._offer_again(turn, place, position, last=last)
            return
        except Exception:
            # It has certainly not arrived, so whoever comes next may send it.
            await self._store.deliveries.withdraw(turn.id, position)
            raise
        self._arrived[turn.id, position] = links
        await self._note_sent(turn, position, last=last)

    async def _note_sent(self, turn: Turn, position: int, *, last: bool) -> None:
        """Note what is known to have arrived; with a disk that is full right now it stays known until there is room."""
        sent = Step(turn_id=turn.id, position=position, state=StepState.SENT)
        links = self._arrived[turn.id, position]
        await self._store.deliveries.sent(sent, turn.conversation_id, links, last=last)
        del self._arrived[turn.id, position]

    async def _offer_again(self, turn: Turn, place: Place, position: int, *, last: bool) -> None:
        # Noted as unknown only when it was told: a process that dies in between tells it twice rather than never.
        unknown = Step(turn_id=turn.id, position=position, state=StepState.UNKNOWN)
        log.warning("turn %s: whether message %s arrived is unknown; a button offers it again", turn.id, position)
        message = await self.say(place, "show-unknown", keyboards.to_show(place.language, turn.id))
        await self._store.deliveries.sent(unknown, turn.conversation_id, [link_of(message, turn.id, None)], last=last)

    async def _linked(self, turn: Turn, place: Place, out: Out) -> list[MessageLink]:
        return [link_of(await self._words(place, out.words, out.keyboard), turn.id, None)]

    async def _tell_failure(self, turn: Turn, place: Place) -> None:
        error = turn.error or {"key": "trouble", "values": {}, "help": []}
        keyboard = keyboards.under_failure(place.language, turn.id, error.get("help", ()))
        message = await self.say(place, error["key"], keyboard, **error.get("values", {}))
        await self._store.messages.save(turn.conversation_id, [link_of(message, turn.id, None)])
        await self._store.conversations.set_state(turn.id, TurnState.FAILED)

    async def _words(self, place: Place, text: str, keyboard: InlineKeyboardMarkup | ForceReply | None) -> Message:
        return await self._bot.send_message(text=text, reply_markup=keyboard, **place.arguments())

    async def _pictures(self, turn: Turn, place: Place, out: Out) -> list[MessageLink]:
        """Send pictures as photos if Telegram takes them so, else as files, else say that they can't be sent."""
        try:
            if len(out.pictures) == 1:
                return [await self._one(turn, place, out)]
            if not all([await self._is_photo(ref) for ref in out.pictures]):
                return await self._one_by_one(turn, place, out)
            try:
                return await self._album(turn, place, out)
            except BadRequest as error:
                # An album is refused as a whole for one picture in it (Bot API server); one by one the rest goes.
                log.info("turn %s: not taken as an album (%s)", turn.id, error.message)
                return await self._one_by_one(turn, place, out)
        except NetworkError as error:
            if is_unknown(error):
                raise UnknownOutcome from error
            raise

    async def _linked_pictures(self, turn: Turn, place: Place, out: Out) -> None:
        await self._store.messages.save(turn.conversation_id, await self._pictures(turn, place, out))

    async def _once(self, place: Place, send: Callable[[], Awaitable[Any]]) -> None:
        try:
            await self._uploads.once(send)
        except UnknownOutcome:
            await self.say(place, "outcome-unknown")

    async def _is_photo(self, ref: MediaRef) -> bool:
        data = await self._store.media.get(ref.sha256, size_bytes=ref.size_bytes)
        return telegram_fit(inspect(data)).send_as == "photo"

    async def _one_by_one(self, turn: Turn, place: Place, out: Out) -> list[MessageLink]:
        owners = out.owners or (turn.id,) * len(out.pictures)
        links: list[MessageLink] = []
        for ref in out.pictures:
            try:
                links.append(await self._one(turn, place, replace(out, pictures=(ref,), owners=())))
            except TelegramError as error:
                if links:
                    raise UnknownOutcome from error
                raise
        return [replace(link, turn_id=owner) for link, owner in zip(links, owners, strict=True)]

    async def _one(self, turn: Turn, place: Place, out: Out) -> MessageLink:
        ref = out.pictures[0]
        data = await self._store.media.get(ref.sha256, size_bytes=ref.size_bytes)
        as_file = out.as_file or telegram_fit(inspect(data)).send_as == "document"
        file = InputFile(data, filename=file_name(turn, ref), read_file_handle=False)
        arguments = {
            "caption": out.words or None, "reply_markup": out.keyboard, **place.arguments(), **UPLOAD_TIMEOUTS
        }  # fmt: skip
        if not as_file:
            try:
                message = await self._bot.send_photo(photo=file, **arguments)
                return link_of(message, turn.id, ref)
            except BadRequest as error:
                log.info("turn %s: not taken as a photo (%s), so it goes as a file", turn.id, error.message)
        as_is = {"document": file, "disable_content_type_detection": True, **arguments}
        message = await self._permitted(place, partial(self._bot.send_document, **as_is))
        return link_of(message, turn.id, ref if message.document else None)

    async def _permitted(self, place: Place, *ways: Callable[[], Awaitable[Message]]) -> Message:
        """Send in the first of several ways for which the bot has the right, or say that it has none."""
        for way in ways:
            try:
                return await way()
            except BadRequest as error:
                if "not enough rights" not in error.message.lower():
                    raise
        return await self.say(place, "photo-refused")

    async def _album(self, turn: Turn, place: Place, out: Out) -> list[MessageLink]:
        media = []
        for ref in out.pictures:
            data = await self._store.media.get(ref.sha256, size_bytes=ref.size_bytes)
            media.append(InputMediaPhoto(InputFile(data, filename=file_name(turn, ref), attach=True)))
        messages = await self._bot.send_media_group(media=media, **place.arguments(), **UPLOAD_TIMEOUTS)
        owners = out.owners or (turn.id,) * len(messages)
        return [
            link_of(message, owner, ref) for message, owner, ref in zip(messages, owners, out.pictures, strict=True)
        ]
