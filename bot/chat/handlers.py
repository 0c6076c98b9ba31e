"""Handles each kind of event. May import everything in ``chat``, ``pictures``, ``turns``, ``texts`` and ``storage``.

The effect of an event and the end of its update are stored in one transaction. A notice to say about the effect is
stored with them and said by :meth:`Handlers.notify`, so that no effect happens twice and no notice is lost.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.chat.authorization import Authorization, is_meant
from bot.chat.commands.dispatch import Commands
from bot.chat.events import (
    ChannelJoined,
    Commanded,
    Event,
    Incoming,
    Joined,
    Left,
    Moved,
    Pressed,
    Ranked,
    Replied,
    Said,
    updates_of,
)
from bot.chat.groups.admins import AdminsUnknown
from bot.chat.groups.arrivals import Arrivals
from bot.chat.groups.visibility import GroupVisibility
from bot.chat.receive.acts import joined
from bot.chat.receive.download import Downloaded, Downloader, UnusablePicture
from bot.chat.reply_target import meaning_of
from bot.chat.send.delivery import Delivery
from bot.chat.send.message import Recipient
from bot.chat.send.refusals import optional
from bot.chat.wishes.albums import Albums
from bot.chat.wishes.captions import Captions
from bot.chat.wishes.citing import cited_by, is_cited, lent_by, sees_words
from bot.chat.wishes.edits import Edits, is_news
from bot.chat.wishes.naming import MOST_NAMES, named_in, unknown_in
from bot.chat.wishes.questions import Questions
from bot.chat.wishes.unusable import unusable
from bot.pictures.errors import PictureError
from bot.pictures.threads import off_loop
from bot.texts import say
from bot.turns.turns import Turns
from bot.turns.wishes import TurnInput, left_alone
from storage.media.store import MediaMissing
from storage.records import InboxRow, InputPicture, Key, MessageLink, Role
from storage.store import Store

log = logging.getLogger(__name__)


class Handlers:
    """One method for each kind of event."""

    def __init__(
        self,
        store: Store,
        turns: Turns,
        delivery: Delivery,
        downloader: Downloader,
        commands: Commands,
        authorization: Authorization,
        visibility: GroupVisibility,
        arrivals: Arrivals,
        edits: Edits,
        albums: Albums,
    ) -> None:
        self._store = store
        self._turns = turns
        self._delivery = delivery
        self._downloader = downloader
        self._commands = commands
        self._authorization = authorization
        self._questions = Questions(store, delivery, visibility)
        self._captions = Captions(store, turns, commands)
        self._visibility = visibility
        self._arrivals = arrivals
        self._edits = edits
        self._albums = albums

    async def handle(self, event: Incoming) -> None:
        """Handle an event, if its author is served here."""
        try:
            await self._handle(event)
        except AdminsUnknown:
            await self._refuse_admins_unknown(event)

    async def _handle(self, event: Incoming) -> None:
        if isinstance(event, Said | Commanded | Pressed | Joined):
            updates = event.updates if isinstance(event, Said) else (event.update_id,)
            if not await self._authorization.admits(event, updates):
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
                log.info("channel %s: the bot does not work in channels and leaves", event.channel_id)
                await self._delivery.leave(event.channel_id)
                await self._done(event)
            case Left():
                await self._store.chats.set_active(event.key.chat_id, False)
                await self._done(event)
            case Moved():
                await self._store.chats.migrate(event.old_id, event.new_id)
                await self._done(event)

    async def handle_act(self, messages: Sequence[Said]) -> None:
        """Handle all messages of an act together."""
        meant = next(filter(is_meant, messages), messages[0])
        try:
            let_in = await self._authorization.admits(meant, updates_of(messages))
        except AdminsUnknown:
            await self._refuse(messages, "admins-untold")
            return
        if not let_in or await self._albums.came_late(messages):
            return
        alone = len(messages) == 1 and meant.album and meant.called and not meant.private
        if alone and not (await self._visibility.of(meant.key.chat_id)).everything:
            # For Telegram each picture is a message, and in privacy mode only the one with the command arrives.
            with optional(meant.key.chat_id):
                await self._delivery.say(Recipient.answering(meant), "album-part")
        await self.said(messages)

    async def said(self, messages: Sequence[Said]) -> None:
        """Take the messages of an act as a wish, as pictures that wait for words, or as unusable."""
        messages = await self._captions.obey_beside(sorted(messages, key=lambda message: message.message_id))
        if not messages:
            return
        first = messages[0]
        if not any(map(is_meant, messages)):
            await self._visibility.overheard(first)
            await self._store.inbox.finish(updates_of(messages))
        elif first.edited and not await is_news(self._store, first):
            await self._edits.edited(first)
        else:
            await self._wish(messages)

    async def _wish(self, messages: Sequence[Said]) -> None:
        recipient = Recipient.answering(messages[0])
        replied = next((message.replied for message in messages if message.replied), None)
        speaks = any(message.words or message.called for message in messages)
        try:
            # Pictures without words only wait, so the replied-to message need not be usable yet.
            target = replied if speaks or replied is None or not replied.unusable else None
            reply = await self._reply(messages[0].key, target)
            downloaded, left_out = await self._download_all(messages)
        except UnusablePicture as unusable:
            await self._refuse(messages, unusable.key, **unusable.values)
            return
        downloaded = await self._marked(recipient, downloaded, reply)
        if any(message.command for message in messages):
            messages = await self._captions.obey(messages, downloaded)
            downloaded = {
                one.message_id: downloaded[one.message_id] for one in messages if one.message_id in downloaded
            }
        if not messages:
            return
        if left_out or downloaded:
            await self._notes(recipient, downloaded, left_out)
        own = [message for message in messages if message.words and not is_cited(message, messages)]
        turn_input = await self._input(messages, own, downloaded, replied, reply)
        if turn_input.wish or own:
            if turn_input.anew and (left := await left_alone(self._store, turn_input)):
                with optional(recipient.key.chat_id):
                    await self._delivery.say(recipient, "waiting-ended", count=left)
            # In groups an @name mostly means a person.
            if messages[0].private and (unknown := await unknown_in(self._store, turn_input.key, turn_input.wish)):
                with optional(recipient.key.chat_id):
                    lines = [say(recipient.language, "name-unknown", name=name) for name in unknown[:MOST_NAMES]]
                    await self._delivery.write(recipient, "\n".join(lines))
            await self._turns.take(turn_input)
        elif downloaded:
            links = [message.link(Role.LOOSE, _picture(downloaded, message)) for message in messages]
            await self._questions.of_pictures(messages, links)
        else:
            await self._questions.of_reply(messages, reply)

    async def _marked(
        self, recipient: Recipient, downloaded: dict[int, Downloaded], reply: MessageLink | None
    ) -> dict[int, Downloaded]:
        """Add a caption if the only new picture is the replied-to one, on which the person drew pen strokes."""
        if reply is None or reply.picture is None or len(downloaded) != 1:
            return downloaded
        ((message_id, one),) = downloaded.items()
        try:
            data = [await self._store.media.get(ref.sha256) for ref in (reply.picture.media, one.picture.media)]
            marked = await off_loop(_is_marked, *data)
        except (PictureError, MediaMissing):
            # The picture is used without the caption.
            return downloaded
        if not marked:
            return downloaded
        picture = replace(one.picture, caption=say(recipient.language, "marked-place"))
        return {message_id: replace(one, picture=picture)}

    async def _input(
        self,
        messages: Sequence[Said],
        own: Sequence[Said],
        downloaded: Mapping[int, Downloaded],
        replied: Replied | None,
        reply: MessageLink | None,
    ) -> TurnInput:
        """Return the wish of an act. ``own``: the messages with the sender's own words."""
        first = messages[0]
        # The only words are the wish; of several each stays with its picture.
        wishing = [one for one in own if len(own) == 1 or one.message_id not in downloaded]
        seen = await sees_words(self._store, reply)
        called = any(message.called for message in messages)
        # A mention or command without words, in reply to somebody's words, makes those the wish.
        adopted = replied.words if replied and called and not (own or seen or replied.above) else ""
        wish = adopted or joined(wishing)
        captions = {one.message_id: one.words for one in own if one not in wishing}
        pictures = [
            replace(one.picture, caption=captions.get(message.message_id, one.picture.caption))
            for message in messages
            if (one := downloaded.get(message.message_id)) is not None
        ]
        said = "\n".join([wish, *captions.values()])
        linked = [
            one for one in messages if one.message_id in downloaded or one in own or not (one.unusable or one.words)
        ]
        return TurnInput(
            key=first.key,
            author=first.author,
            wish=wish,
            pictures=(*pictures, *await named_in(self._store, first.key, said)),
            request_message_id=(wishing or own or messages)[0].message_id,
            links=tuple(message.link(Role.REQUEST, _picture(downloaded, message)) for message in linked),
            updates=tuple(updates_of(messages)),
            reply=reply,
            shows_author=not first.private,
            times=max(message.times for message in messages),
            anew=any(message.anew for message in messages),
            ratio=next((message.ratio for message in messages if message.ratio), ""),
            cited=(
                *cited_by(messages, None if adopted else replied, known=seen),
                *lent_by(messages, replied if adopted else None),
            ),
        )

    async def _download_all(self, messages: Sequence[Said]) -> tuple[dict[int, Downloaded], list[UnusablePicture]]:
        """Return the pictures of messages, and why others are unusable. Raises: ``UnusablePicture`` if all are."""
        downloaded: dict[int, Downloaded] = {}
        left_out: list[UnusablePicture] = []
        for message in messages:
            try:
                if message.unusable:
                    raise unusable(message.unusable)
                if message.attachment:
                    downloaded[message.message_id] = await self._downloader.download(
                        message.attachment, message.author.id
                    )
            except UnusablePicture as reason:
                left_out.append(reason)
        if left_out and not downloaded:
            raise left_out[0]
        return downloaded, left_out

    async def _commanded(self, event: Commanded) -> None:
        # A name needs a picture, so a replied-to picture that is not stored yet is downloaded.
        try:
            reply = await self._reply(event.key, event.replied) if event.name == "save" else None
        except UnusablePicture as unusable:
            await self._refuse([event], unusable.key, **unusable.values)
            return
        await self._commands.commanded(event, reply.picture if reply else None)

    async def _reply(self, key: Key, replied: Replied | None) -> MessageLink | None:
        """Return the link of the replied-to message; download its picture where that is not stored yet.

        Raises: ``UnusablePicture`` where it is a file that no model reads.
        """
        if replied is None:
            return None
        if (link := await meaning_of(self._store, key, replied)) is not None:
            return link
        if replied.unusable:
            raise unusable(replied.unusable)
        if replied.attachment is None:
            return None
        downloaded = await self._downloader.download(replied.attachment, replied.author.id if replied.author else None)
        return MessageLink(
            chat_id=key.chat_id,
            message_id=replied.message_id or 0,
            role=Role.REQUEST,
            picture=downloaded.picture,
        )

    async def _notes(
        self, recipient: Recipient, downloaded: Mapping[int, Downloaded], left_out: Sequence[UnusablePicture]
    ) -> None:
        """Say which pictures were changed, and which are not used."""
        sentences = [say(recipient.language, note) for one in downloaded.values() for note in one.notes]
        reasons = [say(recipient.language, one.key, **one.values) for one in left_out]
        for why in dict.fromkeys(reasons):
            sentences.append(say(recipient.language, "left-out", count=reasons.count(why), why=why))
        if sentences:
            with optional(recipient.key.chat_id):
                await self._delivery.write(recipient, "\n".join(dict.fromkeys(sentences)))

    async def _refuse(self, messages: Sequence[Said | Commanded], key: str, **values: Any) -> None:
        await self._delivery.say(Recipient.answering(messages[0]), key, **values)
        said = [message for message in messages if isinstance(message, Said)]
        await self._store.inbox.finish([*updates_of(said), *(message.update_id for message in messages)])

    async def _refuse_admins_unknown(self, event: Incoming) -> None:
        """Say that the admins are not known now, and finish the update, so that the next one need not wait."""
        if isinstance(event, Said | Commanded | Pressed):
            await self._delivery.say(Recipient.answering(event), "admins-untold")
        await self._done(event)

    async def notify(self, row: InboxRow) -> None:
        """Say the notice of a stored effect, and finish its update."""
        await self._commands.notify(row)

    async def _done(self, event: Event) -> None:
        await self._store.inbox.finish([event.update_id])


def _is_marked(original: bytes, sent: bytes) -> bool:
    # Imported only when needed: with Pillow this takes 7 MB, and most people never draw on a picture.
    from bot.pictures.compare.scribbles import is_scribbled

    return is_scribbled(original, sent)


def _picture(downloaded: Mapping[int, Downloaded], message: Said) -> InputPicture | None:
    return downloaded[message.message_id].picture if message.message_id in downloaded else None
