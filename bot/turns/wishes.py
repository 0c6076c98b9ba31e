"""Incoming wishes: their content, their parent in the tree, and the pictures that they mean.

Imports ``aspect``, ``exchanges`` and ``storage``. Knows nothing of Telegram: the target of a reply arrives as a stored
link.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.turns.request.aspect import LEFT
from bot.turns.request.exchanges import last_sent, picture_of_answer, with_original
from storage.records import (
    INLINE,
    Author,
    Cited,
    Conversation,
    InputPicture,
    Json,
    Key,
    MessageLink,
    Role,
    Turn,
    TurnState,
)
from storage.store import Store
from storage.tables.messages import WAITS_S

MOST_LOOKED_AT = 40
"""Among how many messages with pictures the one is looked for that a marked copy was made from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnInput:
    """A wish, free of Telegram's types.

    ``reply``: the stored link of the message that it replies to. ``links``: its own messages; ``updates``: the updates
    in which it came. ``shows_author``: the author's name goes before the words, as in groups. ``edited_from``: the
    turn whose message was edited; with ``corrects`` the wish replaces that turn. ``reworded``: the message is a wish
    only since it was edited. ``times``: the number of versions.
    ``anew``: start a new picture, from what comes with the wish alone. ``cited``: quoted words of others.
    ``ratio``: the wanted shape, such as ``"16:9"``. ``inline``: where the answer goes, if not into the chat.
    """

    key: Key
    author: Author
    wish: str
    request_message_id: int
    links: tuple[MessageLink, ...]
    updates: tuple[int, ...]
    pictures: tuple[InputPicture, ...] = ()
    reply: MessageLink | None = None
    shows_author: bool = False
    edited_from: Turn | None = None
    corrects: bool = False
    reworded: bool = False
    times: int = 1
    anew: bool = False
    cited: tuple[Cited, ...] = ()
    ratio: str = ""
    inline: Json | None = None

    @property
    def kind(self) -> str:
        """How its turn is made.

        Below a message that was reworded stands the answer of the command that it was. That one is not stored, so
        nothing but the kind tells that something came in between.
        """
        return "edit" if self.edited_from else "reworded" if self.reworded else "send"


@dataclass(frozen=True, slots=True)
class Basis:
    """The parent of a wish, the older pictures that it means, and the waiting messages that it uses up."""

    parent_id: int | None
    pictures: tuple[InputPicture, ...] = ()
    used: tuple[MessageLink, ...] = ()


async def basis_of(store: Store, conversation: Conversation, turn_input: TurnInput) -> Basis:
    """Return the parent of a wish and the older pictures that it means."""
    waiting = await _waiting_pictures(store, conversation, turn_input)
    found = await _continued(store, conversation, await _with_marked(store, conversation, turn_input, waiting))
    pictures = (*found.pictures, *_sent(link for link in waiting if not link.asks))
    brings = any(not one.name for one in turn_input.pictures)
    if turn_input.anew:
        pictures = pictures or await _brought(store, turn_input.reply, found.parent_id)
    elif not (pictures or turn_input.reply or turn_input.edited_from or brings):
        pictures = await undone_photos(store, conversation)
        pictures = pictures or _photos_of(await _failed_here(store, conversation, turn_input.author.id))
    return Basis(None if turn_input.anew else found.parent_id, pictures, (*found.used, *waiting))


async def left_alone(store: Store, turn_input: TurnInput) -> int:
    """Return how many waiting pictures are not used by a wish that starts over; they stop waiting."""
    conversation = await store.conversations.open(turn_input.key)
    found = await basis_of(store, conversation, turn_input)
    used = {link.message_id for link in (*found.used, *turn_input.links)}
    waiting = await store.messages.waiting_pictures(conversation.id)
    earlier = [link for link in waiting if link.message_id < turn_input.request_message_id and not link.asks]
    return sum(link.message_id not in used for link in earlier)


async def _continued(store: Store, conversation: Conversation, turn_input: TurnInput) -> Basis:
    reply, head_id = turn_input.reply, conversation.head_id
    if turn_input.edited_from is not None:
        return Basis(turn_input.edited_from.parent_id)
    if reply is None:
        return Basis(head_id)
    if reply.asks:
        found = [await store.messages.find(reply.chat_id, message_id) for message_id in reply.asks]
        about = [link for link in found if link is not None]
        used = [link for link in (*about, reply) if link.role is Role.LOOSE]
        return Basis(head_id, _sent(about), tuple(used))
    pictures = _sent([reply])
    replied = await store.conversations.turn(reply.turn_id) if reply.turn_id else None
    if replied is None:
        return Basis(head_id, pictures, (reply,) if reply.role is Role.LOOSE else ())
    if reply.role is Role.ANSWER and replied.reply is not None:
        # The last picture of an answer is the current one anyway. An earlier one must be sent along, and so must any
        # if the wish brings new pictures: otherwise only those would be changed.
        current = bool(replied.shown and reply.picture and reply.picture.media == replied.shown[-1])
        pictures = tuple(with_original(picture, replied) for picture in pictures)
        return Basis(replied.id, () if current and not turn_input.pictures else pictures)
    if reply.role is Role.REQUEST and reply.picture is None and replied.is_known:
        return Basis(replied.id)
    # A copy with a mark on it means the picture without. A picture keeps its sender, even if another person replies.
    meant = pictures or replied.pictures
    marked = {one.marks for one in meant}
    unmarked = [one for one in replied.pictures if one.media.sha256 in marked and one not in meant]
    sent = (replace(one, author_id=one.author_id or replied.author.id) for one in (*unmarked, *meant))
    return Basis(replied.parent_id, tuple(sent))


async def _waiting_pictures(store: Store, conversation: Conversation, turn_input: TurnInput) -> list[MessageLink]:
    """Return the waiting pictures that a wish uses up.

    These are the sender's; for a reply or a new start, only those of the same album.
    """
    if turn_input.edited_from is not None or not conversation.has_loose:
        return []
    if turn_input.reply is None and not turn_input.anew:
        waiting = await store.messages.waiting_pictures(
            conversation.id, turn_input.author.id if turn_input.shows_author else None
        )
    else:
        albums = {link.album for link in turn_input.links if link.album}
        waiting = (
            [link for link in await store.messages.loose(conversation.id) if link.album in albums] if albums else []
        )
    own = {link.message_id for link in turn_input.links}
    return [link for link in waiting if link.message_id not in own]


async def _with_marked(
    store: Store, conversation: Conversation, turn_input: TurnInput, waiting: list[MessageLink]
) -> TurnInput:
    """Return a wish as a reply to the picture that a waiting copy is marked on, if that picture does not wait."""
    sent = _sent(waiting)
    marks = {picture.marks for picture in sent if picture.marks} - {picture.media.sha256 for picture in sent}
    if not marks or turn_input.reply is not None or turn_input.anew:
        return turn_input
    links = await store.messages.newest_pictures(conversation.id, MOST_LOOKED_AT)
    meant = next((link for link in links if link.picture and link.picture.media.sha256 in marks), None)
    return replace(turn_input, reply=meant, pictures=sent) if meant else turn_input


async def _brought(store: Store, reply: MessageLink | None, turn_id: int | None) -> tuple[InputPicture, ...]:
    """Return the picture that a new start takes along by a reply: the current one of that turn."""
    return await current_at(store, turn_id) if reply is not None else ()


async def current_at(store: Store, turn_id: int | None) -> tuple[InputPicture, ...]:
    """Return the current picture at a turn, with its sender; nothing where there is none."""
    path = await store.conversations.path(turn_id)
    newest = next((turn for turn in reversed(path) if turn.shown or turn.pictures), None)
    if newest is None:
        return ()
    if shown := picture_of_answer(newest):
        return (shown,)
    sent = last_sent(newest)
    if sent is None:
        return ()
    return (replace(sent, caption="", name="", author_id=sent.author_id or newest.author.id),)


async def undone_photos(store: Store, conversation: Conversation) -> tuple[InputPicture, ...]:
    """Return what was sent with the first wish of a tree where undo took that wish back: it is current again.

    What the wish called by its name went with the wish.
    """
    if conversation.head_id is not None or conversation.is_anew or not conversation.redo:
        return ()
    undone = await store.conversations.turn(conversation.redo[-1])
    if undone is None or undone.parent_id is not None:
        return ()
    return _photos_of(undone)


async def set_aside_by_undo(store: Store, conversation: Conversation, back: Turn) -> int:
    """Return how many photos the undone wish after ``back`` brought: the next wish is about ``back`` again.

    A wish that undo took back stays the last of ``redo`` until something else happens. Photos at the beginning of a
    tree are not among these, see ``undone_photos``, and neither is a copy with a mark on it.
    """
    undone = await store.conversations.turn(conversation.redo[-1]) if conversation.redo else None
    if undone is None or undone.parent_id != back.id or conversation.head_id != back.id:
        return 0
    seen = {ref.sha256 for ref in back.shown} | {one.media.sha256 for one in back.pictures}
    return sum(not (one.name or one.marks or one.media.sha256 in seen) for one in undone.pictures)


async def left_by_new(store: Store, conversation: Conversation) -> int | None:
    """Return the turn that a new start leaves. The photos of a wish that failed there are not for the next one."""
    if failed := await _failed_here(store, conversation):
        await store.conversations.change(conversation.id, lambda settings: {**settings, LEFT: failed.id})
    left = conversation.is_anew or await undone_photos(store, conversation)
    return conversation.redo[-1] if left else conversation.head_id


async def _failed_here(store: Store, conversation: Conversation, author_id: int | None = None) -> Turn | None:
    """Return the newest turn if it failed a short while ago, and nothing happened since: its author may say it anew."""
    turn = await store.conversations.latest(conversation.id) if conversation.has_failed else None
    if turn is None or turn.state not in (TurnState.FAILING, TurnState.FAILED) or INLINE in turn.options:
        return None
    here = turn.parent_id == turn.head_before == conversation.head_id
    is_theirs = author_id in (None, turn.author.id) and turn.created_at > time.time() - WAITS_S
    return turn if here and is_theirs and conversation.settings.get(LEFT) != turn.id else None


def _photos_of(turn: Turn | None) -> tuple[InputPicture, ...]:
    """Return the pictures that came with a wish, without those that it called by name and without marked copies."""
    own = [one for one in turn.pictures if not one.name] if turn else []
    plain = [one for one in own if not one.marks] or own
    return tuple(replace(one, author_id=one.author_id or turn.author.id) for one in plain) if turn else ()


def _sent(links: Iterable[MessageLink]) -> tuple[InputPicture, ...]:
    return tuple(link.picture for link in links if link.picture)


def each_once(pictures: Iterable[InputPicture]) -> tuple[InputPicture, ...]:
    """Return pictures without byte-equal repeats, unless these have other captions."""
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
