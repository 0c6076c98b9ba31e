"""Wishes whose answers have a second picture. Imports ``drifting``, ``messages``, ``pictures`` and ``talking``."""

from __future__ import annotations

from tests.support.drifting import PLACE, Place, repainted, signed, with_hat
from tests.support.messages import Message
from tests.support.pictures import opened
from tests.support.talking import Talk

MOST_OF_IT: Place = (0.0, 0.1, 0.75, 0.9)
"""So large a place that the change may be one of everything."""


async def kept_and_offered(talk: Talk, sent: bytes) -> tuple[Message, Message]:
    """Let Ann edit her photo twice; return an answer in which the rest is kept, and one that only offers it."""
    answers = []
    for place in (PLACE, MOST_OF_IT):
        talk.painter.will(signed(repainted(with_hat(opened(sent), place=place))))
        await talk.telegram.ann.document(("photo.jpg", sent), "/new put a red hat on it")
        answers.append(await talk.telegram.ann.answer(60))
    return answers[0], answers[1]
