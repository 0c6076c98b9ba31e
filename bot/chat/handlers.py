"""What each kind of event does. May import everything in ``chat``, ``pictures``, ``turns``, ``texts`` and ``storage``.

An event's effect and the end of its update are stored in one transaction; what must be said of the effect is stored
with it and said by :meth:`Handlers.tell`, so that no effect happens twice and none goes unsaid.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.chat.commands import Commands, known_command
from bot.chat.delivery import Delivery, Place
from bot.chat.fetch import Fetched, Fetcher, UnusablePicture
from bot.chat.gate import Gate
from bot.chat.incoming import Commanded, Event, Incoming, Joined, Left, Moved, Pressed, Said
from bot.chat.intake import Me, moved_from
from bot.chat.replies import meaning_of
from bot.chat.rules import Rules, may_press
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
        me: Me,
        store: Store,
        turns: Turns,
        delivery: Delivery,
        fetcher: Fetcher,
        commands: Commands,
        gate: Gate,
        rules: Rules,
    ) -> None:
        self._me = me
        self._store = store
        self._turns = turns
        self._delivery = delivery
        self._fetcher = fetcher
        self._commands = commands
        self._gate = gate
        self._rules = rules

    async def handle(self, event: Incoming) -> None:
        """Do what an event asks for, if whoever asks is served here."""
        if isinstance(event, Said | Commanded | Pressed | Joined) and not await self._served(event):
            await self._done(event)
            return
        match event:
            case Said():
                await self.said([event])
            case Commanded():
                await self._commands.commanded(event)
            case Pressed():
                await self._commands.pressed(event)
            case Joined():
                await self._joined(event)
            case Left():
                await self._store.chats.set_active(event.key.chat_id, False)
                await self._done(event)
            case Moved():
                await self._store.chats.migrate(event.old_id, event.new_id)
                await self._done(event)

    async def handle_album(self, messages: Sequence[Said]) -> None:
        """Do what the messages of one album ask for together."""
        if await self._served(messages[0]):
            await self.said(messages)
        else:
            await self._store.inbox.finish([message.update_id for message in messages])

    async def may_stop(self, event: Incoming | None, turn: Turn | None) -> bool:
        """Tell whether somebody who asks to cancel may stop a turn, or what is in hand before there is one."""
        if not isinstance(event, Commanded | Pressed):
            return True
        if not (self._gate.lets_chat(event) and self._gate.lets_person(event) and await self._rules.allow(event)):
            return False
        settings = await self._store.conversations.settings(event.key) if isinstance(event, Pressed) else {}
        return may_press(settings, event.private, event.author, turn)

    async def _served(self, event: Said | Commanded | Pressed | Joined) -> bool:
        """Tell whether to serve an event. A stranger hears so once; a group that is not served is left."""
        chat_id = event.key.chat_id
        if not self._gate.lets_chat(event):
            await self._tell_once(chat_id, "group", Place(key=event.key, language=event.language), "not-served-chat")
            await self._delivery.leave(chat_id)
            return False
        if isinstance(event, Joined):
            return True
        meant = event.private or isinstance(event, Pressed) or event.addressed or known_command(event)
        if self._gate.lets_person(event):
            return not meant or await self._rules.lets(event)
        if meant:
            person_id = event.author.id
            await self._tell_once(person_id, "person", Place.answering(event), "not-served-person", id=str(person_id))
        return False

    async def _tell_once(self, chat_id: int, kind: str, place: Place, key: str, **values: str) -> None:
        """Tell a chat or person once that they are not served. Nothing but the id is kept of them."""
        await self._store.chats.seen(chat_id, kind, "")
        chat = await self._store.chats.find(chat_id)
        if chat is not None and not chat.greeted:
            await self._delivery.say(place, key, **values)
            # Noted after it was said: a process that dies in between, or waits in a flood, says it twice, not never.
            await self._store.chats.claim_greeting(chat_id)

    async def said(self, messages: Sequence[Said]) -> None:
        """Take a message, or the messages of one album, as a wish, as pictures that wait for one, or as a mistake."""
        messages = sorted(messages, key=lambda message: message.message_id)
        first = messages[0]
        if not any(message.addressed for message in messages):
            await self._store.inbox.finish([message.update_id for message in messages])
        elif first.edited:
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
        words = "\n".join(message.words for message in messages if message.words)
        pictures = tuple(one.picture for one in fetched.values())
        if words:
            await self._notes(place, fetched, len(pictures))
            asked = self._input(messages, fetched, words, reply, retold)
            await self._turns.take(replace(asked, pictures=(*asked.pictures, *await self._named(first.key, words))))
        elif pictures:
            conversation = await self._store.conversations.open(first.key)
            await self._notes(place, fetched, len(pictures))
            await self._delivery.say(place, "what-to-do", count=len(pictures))
            links = [_link(message, fetched.get(message.message_id), Role.LOOSE) for message in messages]
            await self._store.messages.save(conversation.id, links, [message.update_id for message in messages])
        else:
            await self._refuse(messages, "empty-mention")

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
            replace(one.picture, caption=message.words if several else one.picture.caption)
            for message in messages
            if (one := fetched.get(message.message_id)) is not None
        ]
        return TurnInput(
            key=first.key,
            author=first.author,
            wish="" if several else words,
            pictures=tuple(pictures) if pictures or retold is None else retold.pictures,
            request_message_id=(captioned or messages)[0].message_id,
            links=tuple(_link(message, fetched.get(message.message_id), Role.REQUEST) for message in messages),
            updates=tuple(message.update_id for message in messages),
            reply=reply,
            named=not first.private,
            retold=retold,
            times=max(message.times for message in messages),
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
            fetched = await self._fetch_all(messages[:1]) if turn else {}
        except UnusablePicture as unusable:
            await self._refuse(messages, unusable.key, **unusable.values)
            return
        now = next((one.picture for one in fetched.values()), None)
        edited = _retold(turn, message, link.picture if link else None, now) if turn else None
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
            )
        )

    async def _fetch_all(self, messages: Sequence[Said]) -> dict[int, Fetched]:
        return {
            message.message_id: await self._fetcher.fetch(message.attachment, message.author.id)
            for message in messages
            if message.attachment
        }

    async def _reply(self, message: Said) -> MessageLink | None:
        """Return what the replied-to message means; a picture that the bot has never seen is fetched for it."""
        replied = message.replied
        if replied is None:
            return None
        if (link := await meaning_of(self._store, message.key, replied)) is not None:
            return link
        if replied.attachment is None:
            return None
        fetched = await self._fetcher.fetch(replied.attachment, replied.author.id if replied.author else None)
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
            await self._delivery.write(place, "\n".join(sentences))

    async def _refuse(self, messages: Sequence[Said], key: str, **values: Any) -> None:
        await self._delivery.say(Place.answering(messages[0]), key, **values)
        await self._store.inbox.finish([message.update_id for message in messages])

    async def tell(self, row: InboxRow) -> None:
        """Say what a stored effect was, and be done with its update."""
        await self._commands.tell(row)

    async def _joined(self, event: Joined) -> None:
        # A supergroup may be a group that was greeted: Telegram tells so in a message of its own, before or after.
        for row in await self._store.inbox.waiting(event.key):
            if (old_id := moved_from(row.payload)) is not None:
                await self._store.chats.migrate(old_id, event.key.chat_id)
        await self._store.chats.seen(event.key.chat_id, event.kind, event.title)
        chat = await self._store.chats.find(event.key.chat_id)
        if not event.private and chat is not None and not chat.greeted:
            reads = "greeting-reads-all" if event.reads_all else "greeting-reads-mentions"
            language = event.language
            words = f"{say(language, 'greeting', username=self._me.username)}\n\n{say(language, reads)}"
            await self._delivery.write(Place(key=event.key, language=language), words)
            # Noted after it was said: a process that dies in between greets twice rather than never.
            await self._store.chats.claim_greeting(event.key.chat_id)
        await self._done(event)

    async def _done(self, event: Event) -> None:
        await self._store.inbox.finish([event.update_id])


def _is_marked(original: bytes, sent: bytes) -> bool:
    # In the thread that looks: with Pillow this takes 7 MB of memory, and most people never draw on a picture.
    from bot.pictures.scribbles import find_scribble

    return find_scribble(original, sent) is not None


def _retold(
    turn: Turn, message: Said, was: InputPicture | None, now: InputPicture | None
) -> tuple[str, tuple[InputPicture, ...]] | None:
    """Return a turn's wish and pictures with what was changed in one of its messages, None where nothing was."""
    wish, pictures = turn.wish, turn.pictures
    if turn.wish and message.message_id == turn.request_message_id:
        wish = message.words
    elif was is not None:
        pictures = tuple(replace(one, caption=message.words) if one.media == was.media else one for one in pictures)
    if was is not None and now is not None:
        pictures = tuple(replace(now, caption=one.caption) if one.media == was.media else one for one in pictures)
    said = wish or any(picture.caption for picture in pictures)
    return (wish, pictures) if said and (wish, pictures) != (turn.wish, turn.pictures) else None


def _link(message: Said, fetched: Fetched | None, role: Role) -> MessageLink:
    return MessageLink(
        chat_id=message.key.chat_id,
        message_id=message.message_id,
        role=role,
        picture=fetched.picture if fetched else None,
        album=message.album,
    )
