"""What each kind of event does. May import everything in ``chat``, ``pictures``, ``turns``, ``texts`` and ``storage``.

An event's effect and the end of its update are stored in one transaction; what must be said of the effect is stored
with it and said by :meth:`Handlers.tell`, so that no effect happens twice and none goes unsaid.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.chat.admins import AdminsUntold
from bot.chat.arrivals import Arrivals
from bot.chat.captions import Captions
from bot.chat.commands import Commands
from bot.chat.delivery import Delivery, Place
from bot.chat.door import Door, is_meant
from bot.chat.edits import is_news, retold
from bot.chat.fetch import Fetched, Fetcher, UnusablePicture
from bot.chat.hearing import Hearing
from bot.chat.incoming import ChannelJoined, Commanded, Event, Incoming, Joined, Left, Moved, Pressed, Ranked, Said
from bot.chat.questions import Questions
from bot.chat.refusals import optional
from bot.chat.replies import meaning_of
from bot.pictures.errors import PictureError
from bot.pictures.pool import off_loop
from bot.texts import knows, say
from bot.turns import TurnInput, Turns
from storage.records import InboxRow, InputPicture, Key, MessageLink, Role, Turn
from storage.store import Store

log = logging.getLogger(__name__)


MENTION = re.compile(r"@([^\W_][\w-]{0,31})")


class Handlers:
    """One method for each kind of event."""

    def __init__(
        self,
        store: Store,
        turns: Turns,
        delivery: Delivery,
        fetcher: Fetcher,
        commands: Commands,
        door: Door,
        hearing: Hearing,
        arrivals: Arrivals,
    ) -> None:
        self._store = store
        self._turns = turns
        self._delivery = delivery
        self._fetcher = fetcher
        self._commands = commands
        self._door = door
        self._questions = Questions(store, delivery, hearing)
        self._captions = Captions(store, turns, commands)
        self._hearing = hearing
        self._arrivals = arrivals

    async def handle(self, event: Incoming) -> None:
        """Do what an event asks for, if whoever asks is served here."""
        try:
            await self._handle(event)
        except AdminsUntold:
            await self._untold(event)

    async def _handle(self, event: Incoming) -> None:
        if isinstance(event, Said | Commanded | Pressed | Joined) and not await self._door.lets_in(event):
            await self._done(event)
            return
        match event:
            case Said():
                await self.said([event])
            case Commanded():
                await self._commanded(event)
            case Pressed():
                await self._commands.pressed(event)
            case Joined():
                await self._arrivals.joined(event)
            case Ranked():
                await self._arrivals.ranked(event)
            case ChannelJoined():
                log.info("channel %s: nothing is said in channels, so it is left", event.channel_id)
                await self._delivery.leave(event.channel_id)
                await self._done(event)
            case Left():
                await self._store.chats.set_active(event.key.chat_id, False)
                await self._done(event)
            case Moved():
                await self._store.chats.migrate(event.old_id, event.new_id)
                await self._done(event)

    async def handle_album(self, messages: Sequence[Said]) -> None:
        """Do what the messages of one album ask for together."""
        meant = next(filter(is_meant, messages), messages[0])
        try:
            let_in = await self._door.lets_in(meant)
        except AdminsUntold:
            await self._refuse(messages, "admins-untold")
            return
        if not let_in:
            await self._store.inbox.finish([message.update_id for message in messages])
            return
        alone = len(messages) == 1 and meant.called and not meant.private
        if alone and not (await self._hearing.of(meant.key.chat_id)).everything:
            # To Telegram each picture is a message of its own, and in privacy mode only the one with the command comes.
            with optional(meant.key.chat_id):
                await self._delivery.say(Place.answering(meant), "album-part")
        await self.said(messages)

    async def said(self, messages: Sequence[Said]) -> None:
        """Take a message, or the messages of one album, as a wish, as pictures that wait for one, or as a mistake."""
        messages = await self._captions.obey_beside(sorted(messages, key=lambda message: message.message_id))
        if not messages:
            return
        first = messages[0]
        if not any(map(is_meant, messages)):
            await self._hearing.overheard(first)
            await self._store.inbox.finish([message.update_id for message in messages])
        elif first.edited and not await is_news(self._store, first):
            await self._edited(messages)
        elif unusable := next((message.unusable for message in messages if message.unusable), None):
            key = f"unusable-{unusable}"
            await self._refuse(messages, key if knows(key) else "unusable-other")
        else:
            await self._wish(messages)

    async def _wish(self, messages: Sequence[Said], retold: Turn | None = None) -> None:
        first = messages[0]
        place = Place.answering(first)
        try:
            fetched = await self._fetch_all(messages)
            reply = await self._reply(first)
        except UnusablePicture as unusable:
            await self._refuse(messages, unusable.key, **unusable.values)
            return
        fetched = await self._marked(place, fetched, reply)
        if any(message.command for message in messages):
            messages = await self._captions.obey(messages, fetched)
            fetched = {one.message_id: fetched[one.message_id] for one in messages if one.message_id in fetched}
        if not messages:
            return
        words = "\n".join(message.words for message in messages if message.words)
        pictures = tuple(one.picture for one in fetched.values())
        if words:
            await self._notes(place, fetched, len(pictures))
            asked = self._input(messages, fetched, words, reply, retold)
            await self._turns.take(replace(asked, pictures=(*asked.pictures, *await self._named(first.key, words))))
        elif pictures:
            await self._notes(place, fetched, len(pictures))
            links = [message.link(Role.LOOSE, _picture(fetched, message)) for message in messages]
            await self._questions.of_pictures(messages, links)
        else:
            await self._questions.of_reply(messages, reply)

    async def _marked(self, place: Place, fetched: dict[int, Fetched], reply: MessageLink | None) -> dict[int, Fetched]:
        """Say beside the only picture of a reply, where it is the replied-to one with pen strokes, what they mean."""
        if reply is None or reply.picture is None or len(fetched) != 1:
            return fetched
        ((message_id, one),) = fetched.items()
        data = [await self._store.media.get(ref.sha256) for ref in (reply.picture.media, one.picture.media)]
        try:
            marked = await off_loop(_is_marked, *data)
        except PictureError:
            return fetched
        if not marked:
            return fetched
        picture = replace(one.picture, caption=say(place.language, "marked-place"))
        return {message_id: replace(one, picture=picture)}

    async def _named(self, key: Key, words: str) -> list[InputPicture]:
        """Return the saved pictures that a wish names with an @, each labelled with its name."""
        wanted = dict.fromkeys(name.lower() for name in MENTION.findall(words))
        if not wanted:
            return []
        conversation = await self._store.conversations.open(key)
        known = await self._store.names.of(conversation.id)
        return [replace(known[name], caption=f"@{name}:") for name in wanted if name in known]

    def _input(
        self,
        messages: Sequence[Said],
        fetched: dict[int, Fetched],
        words: str,
        reply: MessageLink | None,
        retold: Turn | None,
    ) -> TurnInput:
        first = messages[0]
        # Captions stay with their pictures where an album has several; the only one is the wish.
        captioned = [message for message in messages if message.words]
        several = len(captioned) > 1
        pictures = [
            InputPicture(
                media=fetched[message.message_id].picture.media,
                original=fetched[message.message_id].picture.original,
                caption=message.words if several else fetched[message.message_id].picture.caption,
            )
            for message in messages
            if message.message_id in fetched
        ]
        return TurnInput(
            key=first.key,
            author=first.author,
            wish="" if several else words,
            pictures=tuple(pictures) if pictures or retold is None else retold.pictures,
            request_message_id=(captioned or messages)[0].message_id,
            links=tuple(message.link(Role.REQUEST, _picture(fetched, message)) for message in messages),
            updates=tuple(message.update_id for message in messages),
            reply=reply,
            named=not first.private,
            retold=retold,
            times=max(message.times for message in messages),
            anew=any(message.anew for message in messages),
        )

    async def _edited(self, messages: Sequence[Said]) -> None:
        message = messages[0]
        link = await self._store.messages.find(message.key.chat_id, message.message_id)
        turn = await self._store.conversations.turn(link.turn_id) if link and link.turn_id else None
        if link is not None and link.role is Role.LOOSE and message.words:
            # Words that a waiting picture gets by an edit of its caption are its wish.
            await self._turns.take(replace(self._input(messages, {}, message.words, link, None), links=()))
            return
        try:
            now = (await self._fetcher.fetch(message.attachment)).picture if turn and message.attachment else None
        except UnusablePicture as unusable:
            await self._refuse(messages, unusable.key, **unusable.values)
            return
        edited = retold(turn, message, link.picture if link else None, now) if turn else None
        if turn is None or edited is None:
            # Telegram reports more than changed words as an edit (Bot API, Update.edited_message).
            await self._store.inbox.finish([one.update_id for one in messages])
            return
        wish, pictures = edited
        await self._turns.take(
            TurnInput(
                key=message.key,
                author=message.author,
                wish=wish,
                pictures=pictures,
                request_message_id=turn.request_message_id,
                links=(),
                updates=tuple(one.update_id for one in messages),
                named=turn.named,
                retold=turn,
                times=message.times,
                anew=message.anew,
            )
        )

    async def _fetch_all(self, messages: Sequence[Said]) -> dict[int, Fetched]:
        return {
            message.message_id: await self._fetcher.fetch(message.attachment)
            for message in messages
            if message.attachment
        }

    async def _commanded(self, event: Commanded) -> None:
        # Names are for pictures, so of a picture that the bot has never seen it needs the picture.
        try:
            reply = await self._reply(event) if event.name == "save" else None
        except UnusablePicture as unusable:
            await self._refuse([event], unusable.key, **unusable.values)
            return
        await self._commands.commanded(event, reply.picture if reply else None)

    async def _reply(self, message: Said | Commanded) -> MessageLink | None:
        """Return what the replied-to message means; a picture that the bot has never seen is fetched for it."""
        replied = message.replied
        if replied is None:
            return None
        if (link := await meaning_of(self._store, message.key, replied)) is not None:
            return link
        if replied.attachment is None:
            return None
        fetched = await self._fetcher.fetch(replied.attachment)
        return MessageLink(
            chat_id=message.key.chat_id,
            message_id=replied.message_id or 0,
            role=Role.REQUEST,
            picture=fetched.picture,
        )

    async def _notes(self, place: Place, fetched: dict[int, Fetched], count: int) -> None:
        notes = [note for one in fetched.values() for note in one.notes]
        if notes:
            sentences = dict.fromkeys(say(place.language, note) for note in notes)
            with optional(place.key.chat_id):
                await self._delivery.write(place, "\n".join(sentences))

    async def _refuse(self, messages: Sequence[Said | Commanded], key: str, **values: Any) -> None:
        await self._delivery.say(Place.answering(messages[0]), key, **values)
        await self._store.inbox.finish([message.update_id for message in messages])

    async def _untold(self, event: Incoming) -> None:
        """Say that it cannot be looked up now who runs the group, so that nothing behind it waits for that."""
        if isinstance(event, Said | Commanded | Pressed):
            await self._delivery.say(Place.answering(event), "admins-untold")
        await self._done(event)

    async def tell(self, row: InboxRow) -> None:
        """Say what a stored effect was, and be done with its update."""
        await self._commands.tell(row)

    async def _done(self, event: Event) -> None:
        await self._store.inbox.finish([event.update_id])


def _is_marked(original: bytes, sent: bytes) -> bool:
    # In the thread that looks: with Pillow this takes 7 MB of memory, and most people never draw on a picture.
    from bot.pictures.scribbles import find_scribble

    return find_scribble(original, sent) is not None


def _picture(fetched: Mapping[int, Fetched], message: Said) -> InputPicture | None:
    return fetched[message.message_id].picture if message.message_id in fetched else None
