"""Wishes as they are taken: what somebody asks, where in the tree it goes on, and which pictures it speaks of.

May import ``contents`` and ``storage``. Knows nothing of Telegram: what a reply points to arrives as a stored link.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.turns.request.contents import current_picture, is_covered
from storage.records import Author, Cited, Conversation, InputPicture, Key, MessageLink, Role, Turn
from storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnInput:
    """What somebody asked, free of Telegram's types.

    ``reply`` is what the message that it replies to means here, None where it means nothing. ``links`` are its own
    messages, ``updates`` the deliveries in which it came. ``retold`` is the turn whose message was edited, which
    ``corrects`` takes the place of. ``times``: how many versions are wanted side by side. ``anew``: it begins a new
    picture, of what comes with it alone. ``cited``: words of others that it speaks of. ``ratio``: the shape that it
    asks for, such as ``"16:9"``.
    """

    key: Key
    author: Author
    wish: str
    request_message_id: int
    links: tuple[MessageLink, ...]
    updates: tuple[int, ...]
    pictures: tuple[InputPicture, ...] = ()
    reply: MessageLink | None = None
    named: bool = False
    retold: Turn | None = None
    corrects: bool = False
    times: int = 1
    anew: bool = False
    cited: tuple[Cited, ...] = ()
    ratio: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """The parent of a wish, the older pictures that it speaks of, and the messages that it uses up."""

    parent_id: int | None
    pictures: tuple[InputPicture, ...] = ()
    used: tuple[MessageLink, ...] = ()


async def place_of(store: Store, conversation: Conversation, asked: TurnInput) -> Place:
    """Return where a wish goes on, and the older pictures that it speaks of."""
    found = await _continued(store, conversation, asked)
    waiting = await _waiting(store, conversation, asked)
    pictures = (*found.pictures, *_sent(link for link in waiting if not link.asks))
    if asked.anew:
        pictures = pictures or await _brought(store, asked.reply, found.parent_id)
    return Place(None if asked.anew else found.parent_id, pictures, (*found.used, *waiting))


async def left_alone(store: Store, asked: TurnInput) -> int:
    """Return how many pictures that wait for words are no part of a wish which begins anew, and wait no longer."""
    conversation = await store.conversations.open(asked.key)
    found = await place_of(store, conversation, asked)
    used = {link.message_id for link in (*found.used, *asked.links)}
    waiting = await store.messages.waiting(conversation.id)
    earlier = [link for link in waiting if link.message_id < asked.request_message_id and not link.asks]
    return sum(link.message_id not in used for link in earlier)


async def _continued(store: Store, conversation: Conversation, asked: TurnInput) -> Place:
    reply, head_id = asked.reply, conversation.head_id
    if asked.retold is not None:
        return Place(asked.retold.parent_id)
    if reply is None:
        return Place(head_id)
    if reply.asks:
        found = [await store.messages.find(reply.chat_id, message_id) for message_id in reply.asks]
        about = [link for link in found if link is not None]
        used = [link for link in (*about, reply) if link.role is Role.LOOSE]
        return Place(head_id, _sent(about), tuple(used))
    pictures = _sent([reply])
    replied = await store.conversations.turn(reply.turn_id) if reply.turn_id else None
    if replied is None:
        return Place(head_id, pictures, (reply,) if reply.role is Role.LOOSE else ())
    if reply.role is Role.ANSWER and replied.reply is not None:
        # The last picture of an answer is the current one anyway. An earlier one of several must be shown, and so
        # must each beside new ones: those alone would be what is to be changed.
        current = bool(replied.shown and reply.picture and reply.picture.media == replied.shown[-1])
        return Place(replied.id, () if current and not asked.pictures else pictures)
    if reply.role is Role.REQUEST and reply.picture is None and replied.is_known:
        return Place(replied.id)
    # Whoever replies to somebody's picture does not become the one who sent it.
    sent = (replace(one, author_id=one.author_id or replied.author.id) for one in pictures or replied.pictures)
    return Place(replied.parent_id, tuple(sent))


async def _waiting(store: Store, conversation: Conversation, asked: TurnInput) -> list[MessageLink]:
    """Return the waiting pictures that a wish uses up: the sender's, and where it says more by itself its album's."""
    if asked.retold is not None or not conversation.has_loose:
        return []
    if asked.reply is None and not asked.anew:
        waiting = await store.messages.waiting(conversation.id, asked.author.id if asked.named else None)
    else:
        albums = {link.album for link in asked.links if link.album}
        waiting = (
            [link for link in await store.messages.loose(conversation.id) if link.album in albums] if albums else []
        )
    own = {link.message_id for link in asked.links}
    return [link for link in waiting if link.message_id not in own]


async def _brought(store: Store, reply: MessageLink | None, turn_id: int | None) -> tuple[InputPicture, ...]:
    """Return the picture that a wish anew takes along by a reply: the one at which that turn is."""
    if reply is None:
        return ()
    path = await store.conversations.path(turn_id)
    current = current_picture(path)
    return (InputPicture(media=current, covered=is_covered(path)),) if current else ()


def _sent(links: Iterable[MessageLink]) -> tuple[InputPicture, ...]:
    return tuple(link.picture for link in links if link.picture)


def each_once(pictures: Iterable[InputPicture]) -> tuple[InputPicture, ...]:
    """Return pictures without those that are equal byte for byte to an earlier one, unless other words go with them."""
    found: list[InputPicture] = []
    for picture in pictures:
        place = next((place for place, other in enumerate(found) if _is_the_same(other, picture)), None)
        if place is None:
            found.append(picture)
        else:
            known = found[place]
            caption, name = known.caption or picture.caption, known.name or picture.name
            found[place] = replace(known, caption=caption, name=name)
    return tuple(found)


def _is_the_same(one: InputPicture, other: InputPicture) -> bool:
    words = {one.caption, other.caption} - {""}
    return one.media.sha256 == other.media.sha256 and len(words) < 2
