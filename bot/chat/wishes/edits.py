"""What an edited message changes: a wish that was answered is made once more, one that only waits is another one.

May import PTB, ``acts``, ``events``, ``delivery``, ``door``, ``download``, ``raw``, ``naming``, ``turns``, ``wishes``
and ``storage``.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace

from telegram.error import TelegramError

from bot.chat.door import Door
from bot.chat.events import Said
from bot.chat.receive.acts import Read, glance
from bot.chat.receive.download import Fetcher, UnusablePicture
from bot.chat.send.delivery import Delivery, Place
from bot.chat.updates.raw import is_edit
from bot.chat.wishes.naming import named_in
from bot.chat.wishes.unusable import unusable
from bot.turns.request.aspect import OWN
from bot.turns.turns import Turns
from bot.turns.wishes import TurnInput
from storage.records import InboxRow, InputPicture, MessageLink, Role, Turn, TurnState
from storage.rows.upsert import Overtaken
from storage.store import Store

log = logging.getLogger(__name__)


async def is_news(store: Store, message: Said) -> bool:
    """Tell whether only an edit made a message one for the bot, by a mention or a command that it lacked before."""
    if not message.called or not (message.words or message.attachment):
        return False
    return await store.messages.find(message.key.chat_id, message.message_id) is None


class Edits:
    """Makes wishes of edited messages."""

    def __init__(self, store: Store, turns: Turns, delivery: Delivery, fetcher: Fetcher, door: Door) -> None:
        self._store = store
        self._turns = turns
        self._delivery = delivery
        self._fetcher = fetcher
        self._door = door

    async def edited(self, message: Said) -> None:
        """Make the wish of an edited message once more, in its new words."""
        link = await self._store.messages.find(message.key.chat_id, message.message_id)
        turn = await self._store.conversations.turn(link.turn_id) if link and link.turn_id else None
        asked = None
        try:
            if link is not None and link.role is Role.LOOSE:
                link = await self._as_shown(message, link)
                # Words that a waiting picture gets by an edit of its caption are its wish.
                asked = await self._first_words(message, link) if message.words else None
            elif link and turn and await self._is_one_of_several(link, turn):
                await self._delivery.say(Place.answering(message), "edit-of-several")
            elif link and turn:
                asked = await self._retold(message, link, turn)
        except UnusablePicture as why:
            await self._delivery.say(Place.answering(message), why.key, **why.values)
            if link is not None and link.role is Role.LOOSE:
                # What its message showed before is not there any more.
                conversation = await self._store.conversations.open(message.key)
                ended = replace(link, picture=None, waits_until=0.0)
                await self._store.messages.save(conversation.id, [ended], message.updates)
        if asked is None:
            # Telegram reports more than changed words as an edit (Bot API, Update.edited_message).
            await self._store.inbox.finish(message.updates)
        else:
            await self._turns.take(asked)

    async def catch_up(self, turn: Turn, waiting: Iterable[InboxRow], read: Read) -> bool:
        """Look for corrections of a wish whose call has not begun; return whether another turn has its place by now."""
        for row in waiting:
            event = glance(row, read) if is_edit(row.payload) else None
            if isinstance(event, Said) and await self.correct(event, turn):
                return True
        return False

    async def correct(self, message: Said, turn: Turn) -> bool:
        """Let an edited message change its wish where no call for it has begun; return whether it did."""
        link = await self._store.messages.find(message.key.chat_id, message.message_id)
        if link is None or link.turn_id != turn.id or turn.state is not TurnState.ACCEPTED:
            return False
        if await self._is_one_of_several(link, turn) or not await self._door.may_correct(message):
            return False
        try:
            asked = await self._retold(message, link, turn)
            if asked is not None:
                await self._turns.take(replace(asked, corrects=True))
                return True
        except (Overtaken, UnusablePicture, TelegramError) as error:
            # The edit stays where it is, and is a wish of its own when its time comes.
            log.info("turn %s is not corrected: %s", turn.id, error)
            # Of a conversation that was forgotten meanwhile nothing may stay, not even that there was one.
            await self._store.conversations.drop_empty(message.key)
        return False

    async def _as_shown(self, message: Said, link: MessageLink) -> MessageLink:
        """Let a picture that waits be what its message shows by now, for a question about it as well.

        Raises: ``UnusablePicture``.
        """
        was = link.picture
        if was and message.unusable:
            raise unusable(message.unusable)
        if was is None or message.attachment is None:
            return link
        now = (await self._fetcher.fetch(message.attachment, message.author.id)).picture
        if (now.media, now.covered) == (was.media, was.covered):
            return link
        conversation = await self._store.conversations.open(message.key)
        loose = await self._store.messages.loose(conversation.id)
        about = [one for one in loose if link.message_id in one.asks and one.picture == was]
        shown = [replace(one, picture=now) for one in (link, *about)]
        await self._store.messages.save(conversation.id, shown, of=message.updates)
        return shown[0]

    async def _first_words(self, message: Said, link: MessageLink) -> TurnInput:
        """Return the wish that a waiting picture gets, and with it all of its album, under which they stand as well."""
        conversation = await self._store.conversations.open(message.key)
        loose = await self._store.messages.loose(conversation.id) if link.album else [link]
        album = tuple(one.message_id for one in loose if one.album == link.album)
        return TurnInput(
            key=message.key,
            author=message.author,
            wish=message.words,
            pictures=tuple(await named_in(self._store, message.key, message.words)),
            request_message_id=message.message_id,
            links=(),
            updates=message.updates,
            # As an answer to a question about these pictures, and about nothing else that waits.
            reply=replace(link, role=Role.REQUEST, asks=album),
            named=not message.private,
            times=message.times,
            anew=message.anew,
            ratio=message.ratio,
        )

    async def _retold(self, message: Said, link: MessageLink, turn: Turn) -> TurnInput | None:
        """Return a turn's wish with what was changed in one of its messages, None where nothing was."""
        now = None
        if message.unusable and link.picture:
            # The picture that the wish was about is not there any more.
            raise unusable(message.unusable)
        if message.attachment:
            now = (await self._fetcher.fetch(message.attachment, message.author.id)).picture
        # As it is by now: pictures of its album may have joined it since it was looked at.
        turn = await self._store.conversations.turn(turn.id) or turn
        wish, pictures = _changed(turn, message, link.picture, now)
        said, before = _said(wish, pictures), _said(turn.wish, turn.pictures)
        asks_more = (message.anew and turn.parent_id) or message.ratio not in ("", turn.options.get(OWN))
        if not said or ((said, pictures) == (before, turn.pictures) and not asks_more):
            return None
        links = await self._showing(turn, link, now) if now and link.picture and now.media != link.picture.media else ()
        if said != before:
            named = await named_in(self._store, message.key, said)
            pictures = (*(picture for picture in pictures if not picture.name), *named)
        return TurnInput(
            key=message.key,
            author=message.author,
            wish=wish,
            pictures=pictures,
            request_message_id=turn.request_message_id,
            links=links,
            updates=message.updates,
            named=turn.named,
            retold=turn,
            times=message.times,
            anew=message.anew,
            ratio=message.ratio,
            # What was written anew is nobody else's.
            cited=tuple(one for one in turn.cited if one.words or wish == turn.wish),
        )

    async def _showing(self, turn: Turn, link: MessageLink, now: InputPicture) -> tuple[MessageLink, ...]:
        """Return the messages of a wish, one of which shows another picture now: all of them are about that one."""
        sent = await self._store.messages.of_turn(turn.id, Role.REQUEST)
        return tuple(replace(one, picture=now) if one.message_id == link.message_id else one for one in sent)

    async def _is_one_of_several(self, link: MessageLink, turn: Turn) -> bool:
        """Tell whether the words of a message are but a part of the wish, and nobody knows which."""
        if link.picture is not None:
            return False
        sent = await self._store.messages.of_turn(turn.id, Role.REQUEST)
        return sum(one.picture is None for one in sent) > 1


def _changed(
    turn: Turn, message: Said, was: InputPicture | None, now: InputPicture | None
) -> tuple[str, tuple[InputPicture, ...]]:
    """Return a turn's wish and pictures with what was changed in one of its messages.

    ``was`` and ``now``: the message's picture before and after, as far as it has one.
    """
    wish, pictures = turn.wish, turn.pictures
    if turn.wish and message.message_id == turn.request_message_id:
        wish = message.words
    elif was is not None:
        pictures = tuple(replace(one, caption=message.words) if one.media == was.media else one for one in pictures)
    if was is not None and now is not None and now.media != was.media:
        pictures = tuple(replace(now, caption=one.caption) if one.media == was.media else one for one in pictures)
    return wish, pictures


def _said(wish: str, pictures: Iterable[InputPicture]) -> str:
    return "\n".join(filter(None, [wish, *(picture.caption for picture in pictures)]))
