"""Speech into words by a text model of Gemini: the request, and how its answer is read.

Imports ``base``, ``catalog``, ``errors``, ``answer``, ``parts``, ``wire`` and ``storage.records``. Models take OGG and
MP4 inline (ai.google.dev/gemini-api/docs/audio, "Supported audio formats", and /video-understanding).
"""

from __future__ import annotations

from bot.providers.base import Answer, Recording, Transcript
from bot.providers.catalog import price_of_listening
from bot.providers.errors import NothingReturned
from bot.providers.gemini.answer import read_gemini
from bot.providers.shared.parts import Fetch
from bot.providers.wire import Body, Redactor, json_body
from storage.records import MediaRef

ASK = (
    "Write down what is said in this recording, word for word and in the language that is spoken. "
    "Leave out fillers. Answer with those words alone, and with a single hyphen where nobody speaks."
)

NOBODY = frozenset("-\N{EN DASH}\N{EM DASH}")
"""What models answer instead of words where nobody speaks."""


def question(recording: Recording) -> Body:
    """Return the request that asks for the words of a recording."""
    sound = MediaRef(sha256="", mime=recording.mime, size_bytes=len(recording.data), width_px=0, height_px=0)

    async def read(_: MediaRef) -> bytes:
        return recording.data

    parts = [{"inlineData": {"mimeType": recording.mime, "data": sound}}, {"text": ASK}]
    return json_body({"contents": [{"role": "user", "parts": parts}]}, read)


async def read_transcript(answer: Answer, *, model: str, redactor: Redactor, fetch: Fetch) -> Transcript:
    """Read the words of an answer. Raises: ``ProviderError``."""
    price = price_of_listening(model)
    try:
        read = await read_gemini(answer, model=model, price=price, redactor=redactor, fetch=fetch, links_in_text=False)
    except NothingReturned as nothing:
        # A model that heard nobody may say so with no words at all.
        return Transcript(words="", cost_usd=nothing.cost_usd)
    words = read.text.strip()
    return Transcript(words="" if words in NOBODY else words, cost_usd=read.usage.cost_usd)
