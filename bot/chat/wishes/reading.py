"""Reads the messages of an act: a wish, pictures that wait for words, or something unusable.

Imports ``wishes``, ``receive``, ``authorization``, ``response``, ``topics``, ``visibility``, ``keyboards``, ``split``,
``turns``, ``texts``, ``events``, ``reply_target`` and ``storage``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.chat.authorization import is_meant
from bot.chat.events import Replied, Said, updates_of
from bot.chat.groups.topics import NewTopics
from bot.chat.groups.visibility import GroupVisibility
from bot.chat.receive.acts import joined
from bot.chat.receive.download import SAID_ONCE, Downloaded, Downloader, UnusablePicture
from bot.chat.receive.hearing import Hearing, NoRoom
from bot.chat.reply_target import meaning_of
from bot.chat.response import DONE, Part, Response, Sentence, Take, Words
from bot.chat.send import keyboards
from bot.chat.send.split import shorten
from bot.chat.wishes.captions import Captions
from bot.chat.wishes.citing import cited_by, is_cited, lent_by, sees_words
from bot.chat.wishes.edits import Edits, is_news
from bot.chat.wishes.marks import Marks
from bot.chat.wishes.naming import MOST_NAMES, named_in, unknown_in
from bot.chat.wishes.pages import page_named
from bot.chat.wishes.questions import Questions
from bot.chat.wishes.spoken import Spoken, each_picture
from bot.chat.wishes.unusable import unusable
from bot.texts import say
from bot.turns.wishes import TurnInput, left_alone
from storage.records import InputPicture, Key, MessageLink, Role
from storage.store import Store

MOST_LOOKED_AT = 100
"""Among how many earlier pictures of a conversation one is looked for that was remarked on."""


class WishReader:
    """Finds out what an act asks for."""

    def __init__(
        self,
        store: Store,
        downloader: Downloader,
        hearing: Hearing,
        visibility: GroupVisibility,
        captions: Captions,
        edits: Edits,
        topics: NewTopics,
    ) -> None:
        self._store = store
        self._downloader = downloader
        self._spoken = Spoken(store, hearing)
        self._visibility = visibility
        self._captions = captions
        self._edits = edits
        self._topics = topics
        self._questions = Questions(store, visibility)
        self._marks = Marks(store)

    async def respond(self, messages: Sequence[Said]) -> tuple[Sequence[Said], Response]:
        """Return the response to the messages of an act, and those that it is about.

        The others were commands under pictures, which are answered by themselves.
        """
        remarks = await self._remarks_on_album(messages)
        left, response = await self._read(sorted(each_picture(messages), key=lambda message: message.message_id))
        return left, replace(response, parts=(*remarks, *response.parts)) if remarks else response

    async def _remarks_on_album(self, messages: Sequence[Said]) -> list[Part]:
        """Explain why only one picture of an album is used.

        For Telegram each picture is a message, and in privacy mode only the one with the command arrives.
        """
        first = messages[0]
        alone = len(messages) == 1 and first.album and first.called and not (first.private or first.edited)
        if not alone or (await self._visibility.of(first.key.chat_id)).everything:
            return []
        return [Sentence(key="album-part", optional=True)]

    async def _read(self, messages: Sequence[Said]) -> tuple[Sequence[Said], Response]:
        messages = await self._captions.obey_beside(messages)
        if not messages:
            return (), DONE
        first = messages[0]
        if not any(map(is_meant, messages)):
            await self._visibility.overheard(first)
            return messages, DONE
        if first.edited and not await is_news(self._store, first):
            return messages, await self._edits.edited(first)
        return await self._wish(messages)

    async def replied_picture(self, key: Key, replied: Replied | None) -> InputPicture | None:
        """Return the picture of a replied-to message; it is downloaded if it is not stored yet.

        Raises: ``UnusablePicture`` where it is a file that no model reads.
        """
        reply, _ = await self._reply(key, replied)
        return reply.picture if reply else None

    async def _wish(self, messages: Sequence[Said]) -> tuple[Sequence[Said], Response]:
        language = messages[0].language
        try:
            understood = await self._spoken.understood(messages)
            messages, heard = understood.messages, [*understood.parts]
            replied = next((message.replied for message in messages if message.replied), None)
            speaks = any(message.words or message.called for message in messages)
            if speaks:
                alone = not any(message.words for message in messages)
                replied, more = await self._spoken.replied_words(messages[0], replied, alone=alone)
                heard += more
            # Pictures without words only wait, so the replied-to message need not be usable yet.
            target = replied if speaks or replied is None or not replied.unusable else None
            reply, fetched = await self._reply(messages[0].key, target, page_named(joined(messages)))
            others = await self._others(target, reply)
            downloaded, left_out = await self._download_all(messages)
        except UnusablePicture as why:
            return messages, _refusal(why, language)
        downloaded, reply = await self._marks.found(messages, downloaded, reply)
        if any(message.command for message in messages):
            messages = await self._captions.obey(messages, downloaded)
            downloaded = {
                one.message_id: downloaded[one.message_id] for one in messages if one.message_id in downloaded
            }
        if not messages:
            return (), DONE
        brought = await self._not_said_before(messages, (*fetched, *downloaded.values()))
        said = [*heard, *_remarks_on_pictures(language, brought, left_out)]
        own = [message for message in messages if message.words and not is_cited(message, messages)]
        turn_input = await self._input(messages, own, downloaded, replied, reply)
        turn_input = replace(turn_input, pictures=(*others, *turn_input.pictures))
        if turn_input.wish or own:
            return messages, await self._taken(turn_input, messages[0], said)
        if downloaded:
            links = [message.link(Role.LOOSE, _picture(downloaded, message)) for message in messages]
            question = await self._questions.of_pictures(messages, links)
        else:
            question = await self._questions.of_reply(messages, reply)
        return messages, replace(question, parts=(*said, *question.parts))

    async def _not_said_before(self, messages: Sequence[Said], brought: Sequence[Downloaded]) -> Sequence[Downloaded]:
        """Return what pictures brought, without remarks that their conversation has heard: a phone's are all HEIC."""
        if not any(remark.key in SAID_ONCE for one in brought for remark in one.remarks):
            return brought
        conversation, now = await self._store.conversations.open(messages[0].key), {one.message_id for one in messages}
        earlier = await self._store.messages.newest_sent(conversation.id, MOST_LOOKED_AT)
        if not any(_is_converted(link.picture) for link in earlier if link.message_id not in now):
            return brought
        return [
            replace(one, remarks=tuple(remark for remark in one.remarks if remark.key not in SAID_ONCE))
            for one in brought
        ]

    async def _taken(self, turn_input: TurnInput, message: Said, said: Sequence[Part]) -> Response:
        """Return the response that takes a wish. One that starts over may get a topic of its own."""
        if turn_input.anew and message.private and not turn_input.key.is_inline:
            name = shorten(turn_input.wish) or say(message.language, "topic-name")
            topic = await self._topics.open(message.update_id, turn_input.key, name)
            if topic is not None:
                told = Sentence(key="topic-opened", values={"name": name}, optional=True)
                moved = Take(turn_input=replace(turn_input, key=topic))
                return Response(parts=(*said, told), ending=moved, wakes=(topic,))
        remarks = await self._remarks_on_wish(turn_input, message)
        return Response(parts=(*said, *remarks), ending=Take(turn_input=turn_input))

    async def _remarks_on_wish(self, turn_input: TurnInput, message: Said) -> list[Part]:
        """Return what is said before a wish is taken: pictures that it leaves out, names that it gets wrong."""
        found: list[Part] = []
        if turn_input.anew and (left := await left_alone(self._store, turn_input)):
            found.append(Sentence(key="waiting-ended", values={"count": left}, optional=True))
        # In groups an @name mostly means a person.
        if message.private and (unknown := await unknown_in(self._store, turn_input.key, turn_input.wish)):
            lines = [say(message.language, "name-unknown", name=name) for name in unknown[:MOST_NAMES]]
            found.append(Words(text="\n".join(lines), optional=True))
        return found

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
            replace(picture, caption=captions.get(message.message_id, picture.caption))
            for message in messages
            if (picture := _picture(downloaded, message)) is not None
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
            reworded=first.edited,
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
        page = page_named(joined(messages))
        for message in messages:
            try:
                if message.unusable:
                    raise unusable(message.unusable)
                if message.attachment:
                    downloaded[message.message_id] = await self._downloader.download(
                        message.attachment, message.owner_id, page
                    )
            except UnusablePicture as reason:
                left_out.append(reason)
        if left_out and not downloaded:
            raise left_out[0]
        return downloaded, left_out

    async def _others(self, replied: Replied | None, reply: MessageLink | None) -> list[InputPicture]:
        """Return the further pictures of a replied-to message that means nothing here yet. Raises: as `_reply`."""
        if replied is None or reply is None or reply.turn_id is not None:
            return []
        if reply.message_id != (replied.message_id or 0):
            return []
        owner_id = replied.owner.id if replied.owner else None
        return [(await self._downloader.download(one, owner_id)).picture for one in replied.others]

    async def _reply(
        self, key: Key, replied: Replied | None, page: int = 1
    ) -> tuple[MessageLink | None, tuple[Downloaded, ...]]:
        """Return the link of the replied-to message; download its picture, and return that, if it is not stored yet.

        ``page``: the one of a PDF that is used. Raises: ``UnusablePicture`` where it is a file that no model reads.
        """
        if replied is None:
            return None, ()
        if (link := await meaning_of(self._store, key, replied)) is not None:
            return link, ()
        if replied.unusable:
            raise unusable(replied.unusable)
        if replied.attachment is None:
            return None, ()
        owner_id, sender_id = (one.id if one else None for one in (replied.owner, replied.author))
        fetched = await self._downloader.download(replied.attachment, owner_id, page)
        link = MessageLink(
            chat_id=key.chat_id,
            message_id=replied.message_id or 0,
            role=Role.REQUEST,
            picture=fetched.picture,
            waits_for=sender_id if sender_id != owner_id else None,
        )
        return link, (fetched,)


def _refusal(why: UnusablePicture, language: str) -> Response:
    """Return why a wish is not taken. That limits leave no room concerns the asker alone."""
    buys = keyboards.under_failure(language, 0, ("buy",)) if isinstance(why, NoRoom) and why.sells else None
    sentence = Sentence(key=why.key, values=why.values, keyboard=buys, alone=isinstance(why, NoRoom))
    return Response(parts=(sentence,))


def _remarks_on_pictures(
    language: str, downloaded: Iterable[Downloaded], left_out: Sequence[UnusablePicture]
) -> list[Part]:
    """Return which pictures were changed, and which are not used."""
    sentences = [say(language, remark.key, **remark.values) for one in downloaded for remark in one.remarks]
    reasons = [say(language, one.key, **one.values) for one in left_out]
    for why in dict.fromkeys(reasons):
        sentences.append(say(language, "left-out", count=reasons.count(why), why=why))
    return [Words(text="\n".join(dict.fromkeys(sentences)), optional=True)] if sentences else []


def _is_converted(picture: InputPicture | None) -> bool:
    """Return whether models get a picture in another format than it came in."""
    return picture is not None and picture.original is not None and picture.original.mime != picture.media.mime


def _picture(downloaded: Mapping[int, Downloaded], message: Said) -> InputPicture | None:
    return downloaded[message.message_id].picture if message.message_id in downloaded else None
