"""Words of other people in a wish: replied-to, quoted, or forwarded with it.

Imports ``events``, ``split`` and ``storage``.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.events import Replied, Said
from bot.chat.send.split import shorten
from storage.records import Author, Cited, MessageLink, TurnState
from storage.store import Store

LONGEST = 600
"""The most letters of cited words in a request: enough for a description, not for an article."""


def cited_by(messages: Sequence[Said], replied: Replied | None, *, known: bool) -> tuple[Cited, ...]:
    """Return the words that an act cites. ``known``: the model sees the replied-to words in the history."""
    found = []
    if replied is not None and replied.words and (replied.quoted or not (known or replied.above)):
        found.append(_cited(replied.words, replied.owner))
    found += [_cited(message.words, message.passed_on) for message in messages if is_cited(message, messages)]
    return tuple(found)


def lent_by(messages: Sequence[Said], adopted: Replied | None) -> tuple[Cited, ...]:
    """Return the other authors of the words of a wish, so that ``/forget`` finds the words by their author.

    ``adopted``: the replied-to message, where its words are the wish.
    """
    writers = [adopted.owner if adopted else None]
    writers += [message.passed_on for message in messages if message.words and not is_cited(message, messages)]
    others = {writer.id for writer in writers if writer is not None and writer.id} - {messages[0].author.id}
    return tuple(Cited(words="", author_id=number) for number in sorted(others))


def is_cited(message: Said, messages: Sequence[Said]) -> bool:
    """Return whether a message is cited by its act: it is forwarded, and the sender adds own words elsewhere."""
    own = any(other.words and other.passed_on is None for other in messages)
    return message.passed_on is not None and bool(message.words) and own


async def sees_words(store: Store, reply: MessageLink | None) -> bool:
    """Return whether the words of a message are in the history that the model gets."""
    turn = await store.conversations.turn(reply.turn_id) if reply is not None and reply.turn_id else None
    return turn is not None and turn.state in (TurnState.ANSWERED, TurnState.DELIVERED)


def _cited(words: str, author: Author | None) -> Cited:
    name, number = (author.name, author.id) if author is not None else ("", None)
    return Cited(words=shorten(words, LONGEST), name=name, author_id=number)
