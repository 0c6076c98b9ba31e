"""Conversations as they happen, drawn by hypothesis: replies in either casing, signed or not, thoughts, unknown parts.

Imports hypothesis and ``storage.records``. Pictures are named after numbers, as ``tests.support.records`` does.
"""

from __future__ import annotations

from hypothesis import strategies as st

from storage.records import InputPicture, Json, MediaRef, TurnState
from tests.support.records import media, turn

OURS, THEIRS = "gemini:here", "gemini:elsewhere"
words = st.text(max_size=40)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)
pictures = st.integers(1, 4_000_000).map(media)
sent_pictures = st.builds(InputPicture, media=pictures, caption=words)
signatures = st.sampled_from([{}, {"thoughtSignature": "c2lnbmVk"}, {"thought_signature": "c2lnbmVk"}])
strange = st.sampled_from([{}, {"partMetadata": {"inline_data": [1]}}, {"newField": None}])


def spelt(ref: MediaRef, *, snake: bool) -> Json:
    """Return the part under which storage keeps a picture."""
    parked = f"media:{ref.sha256}"
    if snake:
        return {"inline_data": {"mime_type": ref.mime, "data": parked}}
    return {"inlineData": {"mimeType": ref.mime, "data": parked}}


picture_parts = st.builds(spelt, pictures, snake=st.booleans())
text_parts = st.fixed_dictionaries({"text": words})
unknown_parts = st.fixed_dictionaries({"holographData": json_values})
spoken_parts = st.builds(lambda *bits: {k: v for b in bits for k, v in b.items()}, text_parts, signatures, strange)
shown_parts = st.builds(lambda *bits: {k: v for b in bits for k, v in b.items()}, picture_parts, signatures, strange)
thoughts = (text_parts | picture_parts).map(lambda part: {**part, "thought": True})
replies = st.builds(
    lambda parts, more: {**more, "parts": parts},
    st.lists(spoken_parts | shown_parts | unknown_parts | thoughts, max_size=5),
    st.sampled_from([{}, {"role": "model"}, {"role": "model", "later": 1}]),
)


def inline(part: Json) -> Json:
    return part.get("inlineData") or part.get("inline_data") or {}


def shown_in(reply: Json) -> tuple[MediaRef, ...]:
    """Return what a person sees of a reply."""
    names = [inline(part)["data"] for part in reply["parts"] if inline(part) and not part.get("thought")]
    return tuple(media(int(name.removeprefix("media:"), 16)) for name in names)


answered_turns = st.builds(
    lambda reply, **asked: turn(state=TurnState.DELIVERED, reply=reply, shown=shown_in(reply), **asked),
    replies,
    wish=words,
    pictures=st.lists(sent_pictures, max_size=2).map(tuple),
    words=words,
    named=st.booleans(),
    maker=st.sampled_from([OURS, OURS, THEIRS]),
)
paths = st.lists(answered_turns, max_size=6)
new_turns = st.builds(turn, wish=words, pictures=st.lists(sent_pictures, max_size=4).map(tuple), named=st.booleans())
