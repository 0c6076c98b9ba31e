"""Gives spoken messages their words before a wish is made of them.

Imports ``events``, ``download``, ``hearing``, ``response``, ``reply_target``, ``unusable`` and ``storage``.

What was understood is said before it is done, so that a person sees a mistake at once and says it anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.chat.events import Replied, Said
from bot.chat.receive.download import UnusablePicture
from bot.chat.receive.hearing import Hearing
from bot.chat.reply_target import meaning_of
from bot.chat.response import Part, Sentence
from bot.chat.wishes.unusable import unusable
from storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """The messages of an act with their spoken words, and what is said about those."""

    messages: tuple[Said, ...]
    parts: tuple[Part, ...] = ()


class Spoken:
    """Understands spoken messages."""

    def __init__(self, store: Store, hearing: Hearing) -> None:
        self._store = store
        self._hearing = hearing

    async def understood(self, messages: Sequence[Said]) -> Understood:
        """Return messages with the words that are spoken in them.

        Where nobody listens, or nobody speaks, a video message is its picture. Raises: ``UnusablePicture``.
        """
        found: list[Said] = []
        parts: list[Part] = []
        for message in messages:
            recorded = message.recording
            if recorded is None:
                found.append(message)
                continue
            words = ""
            if self._hearing.is_on or recorded.still is None:
                words = await self._hearing.hear(recorded, message)
            if words:
                parts.append(Sentence(key="heard", values={"words": words}))
            elif recorded.still is None:
                raise UnusablePicture("recording-empty")
            said = "\n".join(filter(None, (message.words, words)))
            picture = None if words else recorded.still
            found.append(replace(message, words=said, recording=None, attachment=picture))
        return Understood(messages=tuple(found), parts=tuple(parts))

    async def replied_words(
        self, message: Said, replied: Replied | None, *, alone: bool
    ) -> tuple[Replied | None, list[Part]]:
        """Return the replied-to message with its spoken words, and what is said about those.

        ``alone``: there are no other words, so they are the wish. Nobody listens again to a message whose words are a
        wish already. Others come back as they are. Raises: ``UnusablePicture``.
        """
        if replied is None or replied.recording is None:
            return replied, []
        if await meaning_of(self._store, message.key, replied) is not None:
            return replied, []
        if not self._hearing.is_on and replied.recording.still is not None:
            return replace(replied, attachment=replied.recording.still), []
        if not self._hearing.is_on:
            raise unusable(replied.recording.file.kind)
        words = await self._hearing.hear(replied.recording, message)
        heard = [Sentence(key="heard", values={"words": words})] if words and alone else []
        return replace(replied, words=words), [*heard]


def each_picture(messages: Sequence[Said]) -> list[Said]:
    """Return messages so that each has one picture at most: those of a rich message become an album.

    Only the last one keeps the number and the words of the message. Numbers far below all others name no message of
    Telegram, and keep the order.
    """
    return [one for message in messages for one in _spread(message)]


APART = 2**44
"""How far the numbers of such pictures lie apart: further than those of before a move (``records.BEFORE_MOVE``)."""


def _spread(message: Said) -> list[Said]:
    if not message.others:
        return [message]
    *first, last = (message.attachment, *message.others)
    whole = replace(message, attachment=last, others=(), album=message.album or f"rich {message.message_id}")
    return [
        *(
            replace(whole, attachment=one, words="", command=None, message_id=message.message_id - left * APART)
            for left, one in zip(range(len(first), 0, -1), first, strict=True)
        ),
        whole,
    ]
