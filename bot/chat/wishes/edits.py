"""Handles edited messages: an answered wish is made once more, a wish that still waits is changed.

Imports PTB, ``acts``, ``events``, ``response``, ``authorization``, ``download``, ``raw``, ``naming``, ``turns``,
``wishes`` and ``storage``.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Iterable
from dataclasses import replace

from telegram.error import TelegramError

from bot.chat.authorization import Authorization
from bot.chat.events import Said
from bot.chat.receive.acts import Read, try_read
from bot.chat.receive.download import Downloader, UnusablePicture
from bot.chat.response import DONE, KeepLinks, Response, Sentence, Take, respond
from bot.chat.updates.raw import is_edit
from bot.chat.wishes.naming import named_in
from bot.chat.wishes.unusable import unusable
from bot.turns.request.aspect import OWN
from bot.turns.turns import Turns
from bot.turns.wishes import TurnInput
from storage.records import InboxRow, InputPicture, MessageLink, Role, Turn, TurnState
from storage.rows.upsert import GoneMeanwhile
from storage.store import Store

log = logging.getLogger(__name__)


NEWS_FOR_S = 900
"""How long after it was sent an edited text of a private chat may be a wish for the first time.

Telegram sends edits for other changes, too (Bot API, Update.edited_message), and what was forgotten must not be painted
by one of those.
"""


async def is_news(store: Store, message: Said) -> bool:
    """Return whether a message is a wish only since its edit.

    It added a mention or a command. In private it was a command before, or a text that was refused.
    """
    text = message.private and message.is_text and message.recording is None
    young = text and time.time() - message.sent_at < NEWS_FOR_S
    if not (message.called or young) or not (message.words or message.attachment):
        return False
    return await store.messages.find(message.key.chat_id, message.message_id) is None


class Edits:
    """Makes wishes of edited messages."""

    def __init__(self, store: Store, turns: Turns, downloader: Downloader, authorization: Authorization) -> None:
        self._store = store
        self._turns = turns
        self._downloader = downloader
        self._authorization = authorization

    async def edited(self, message: Said) -> Response:
        """Make the wish of an edited message once more, with its new words."""
        link = await self._store.messages.find(message.key.chat_id, message.message_id)
        turn = await self._store.conversations.turn(link.turn_id) if link and link.turn_id else None
        turn_input = None
        if message.recording is not None:
            # Only its caption can be edited, and the wish is in its voice.
            return respond("edit-of-recording") if link and message.words else DONE
        try:
            if link is not None and link.role is Role.LOOSE:
                link = await self._as_shown(message, link)
                # A new caption of a waiting picture is its wish.
                turn_input = await self._first_words(message, link) if message.words else None
            elif link and turn and await self._is_one_of_several(link, turn):
                return respond("edit-of-several")
            elif link and turn:
                turn_input = await self._changed_wish(message, link, turn)
        except UnusablePicture as why:
            return await self._unusable(message, link, why)
        # Telegram sends edits for other changes, too (Bot API, Update.edited_message).
        return DONE if turn_input is None else Response(ending=Take(turn_input=turn_input))

    async def _unusable(self, message: Said, link: MessageLink | None, why: UnusablePicture) -> Response:
        said = Sentence(key=why.key, values=why.values)
        if link is None or link.role is not Role.LOOSE:
            return Response(parts=(said,))
        # The picture that waited is gone from its message.
        conversation = await self._store.conversations.open(message.key)
        ended = replace(link, picture=None, waits_until=0.0)
        return Response(parts=(said,), ending=KeepLinks(conversation_id=conversation.id, links=(ended,)))

    async def catch_up(self, turn: Turn, waiting: Iterable[InboxRow], read: Read) -> bool:
        """Apply waiting edits to a turn whose call has not begun; return whether another turn replaced it."""
        for row in waiting:
            event = try_read(row, read) if is_edit(row.payload) else None
            if isinstance(event, Said) and await self.correct(event, turn):
                return True
        return False

    async def correct(self, message: Said, turn: Turn) -> bool:
        """Change a wish by an edited message if its call has not begun; return whether that was done."""
        link = await self._store.messages.find(message.key.chat_id, message.message_id)
        if link is None or link.turn_id != turn.id or turn.state is not TurnState.ACCEPTED or message.recording:
            return False
        if await self._is_one_of_several(link, turn) or not await self._authorization.may_correct(message):
            return False
        try:
            turn_input = await self._changed_wish(message, link, turn)
            if turn_input is not None:
                await self._turns.take(replace(turn_input, corrects=True))
                return True
        except (GoneMeanwhile, UnusablePicture, TelegramError) as error:
            # The edit stays in the inbox and becomes a new wish later.
            log.info("turn %s keeps its words, and the edit waits for its turn: %s", turn.id, error)
            # Of a conversation that was forgotten meanwhile not even an empty row may stay.
            await self._store.conversations.drop_empty(message.key)
        return False

    async def _as_shown(self, message: Said, link: MessageLink) -> MessageLink:
        """Replace a waiting picture by the one that its message shows now, also in questions about it.

        Raises: ``UnusablePicture``.
        """
        was = link.picture
        if was and message.unusable:
            raise unusable(message.unusable)
        if was is None or message.attachment is None:
            return link
        now = (await self._downloader.download(message.attachment, message.owner_id)).picture
        if (now.media, now.covered) == (was.media, was.covered):
            return link
        conversation = await self._store.conversations.open(message.key)
        loose = await self._store.messages.loose(conversation.id)
        about = [one for one in loose if link.message_id in one.asks and one.picture == was]
        shown = [replace(one, picture=now) for one in (link, *about)]
        await self._store.messages.save(conversation.id, shown, of=message.updates)
        return shown[0]

    async def _first_words(self, message: Said, link: MessageLink) -> TurnInput:
        """Return the wish of a waiting picture, and of the whole album that it belongs to."""
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
            # Like a reply to a question about these pictures alone.
            reply=replace(link, role=Role.REQUEST, asks=album),
            shows_author=not message.private,
            times=message.times,
            anew=message.anew,
            ratio=message.ratio,
        )

    async def _changed_wish(self, message: Said, link: MessageLink, turn: Turn) -> TurnInput | None:
        """Return the wish of a turn with the changes of one message; None where nothing changed."""
        now = None
        if message.unusable and link.picture:
            # The picture that the wish was about is gone from its message.
            raise unusable(message.unusable)
        if message.attachment:
            now = (await self._downloader.download(message.attachment, message.owner_id)).picture
        # Read again: late pictures of its album may have joined it.
        turn = await self._store.conversations.turn(turn.id) or turn
        wish, pictures = _changed(turn, message, await self._places(turn, link), now)
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
            shows_author=turn.shows_author,
            edited_from=turn,
            times=message.times,
            anew=message.anew,
            ratio=message.ratio,
            # New words have no other author.
            cited=tuple(one for one in turn.cited if one.words or wish == turn.wish),
        )

    async def _places(self, turn: Turn, link: MessageLink) -> list[int]:
        """Return the places of a message's picture in a wish: of equal pictures its own, where each has a message."""
        if link.picture is None:
            return []
        media = link.picture.media
        equal = [place for place, one in enumerate(turn.pictures) if one.media == media]
        sent = await self._store.messages.of_turn(turn.id, Role.REQUEST)
        shown_by = [one.message_id for one in sent if one.picture and one.picture.media == media]
        if len(shown_by) != len(equal) or link.message_id not in shown_by:
            return equal
        return [equal[shown_by.index(link.message_id)]]

    async def _showing(self, turn: Turn, link: MessageLink, now: InputPicture) -> tuple[MessageLink, ...]:
        """Return the messages of a wish, one of which shows another picture now: all of them are about that one."""
        sent = await self._store.messages.of_turn(turn.id, Role.REQUEST)
        return tuple(replace(one, picture=now) if one.message_id == link.message_id else one for one in sent)

    async def _is_one_of_several(self, link: MessageLink, turn: Turn) -> bool:
        """Return whether a message is one of several with the words of a wish, so that its part is unknown."""
        if link.picture is not None:
            return False
        sent = await self._store.messages.of_turn(turn.id, Role.REQUEST)
        return sum(one.picture is None for one in sent) > 1


def _changed(
    turn: Turn, message: Said, places: Collection[int], now: InputPicture | None
) -> tuple[str, tuple[InputPicture, ...]]:
    """Return the wish and pictures of a turn with the changes of one message.

    ``places``: where its picture is among those of the turn; ``now``: the picture that it shows after the edit.
    """
    wish, pictures = turn.wish, list(turn.pictures)
    if turn.wish and message.message_id == turn.request_message_id:
        wish = message.words
    else:
        for place in places:
            pictures[place] = replace(pictures[place], caption=message.words)
    for place in places:
        if now is not None and now.media != pictures[place].media:
            pictures[place] = replace(now, caption=pictures[place].caption)
    return wish, tuple(pictures)


def _said(wish: str, pictures: Iterable[InputPicture]) -> str:
    return "\n".join(filter(None, [wish, *(picture.caption for picture in pictures)]))
