"""Conversations as they happen, drawn by hypothesis: replies in either casing, signed or not, thoughts, unknown parts.

Albums, named pictures, replies to older ones, makers that change, turns so far up that their replies were not read.
Imports hypothesis, ``bot.turns.turns.request.exchanges`` and ``storage.records``. Pictures are named after numbers, as
``tests.support.records`` does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from bot.turns.request.exchanges import Fit
from storage.records import Cited, InputPicture, Json, MediaRef, Turn, TurnState
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
    shows_author=st.booleans(),
    maker=st.sampled_from([OURS, OURS, THEIRS]),
)
paths = st.lists(answered_turns, max_size=6)
new_turns = st.builds(
    turn, wish=words, pictures=st.lists(sent_pictures, max_size=4).map(tuple), shows_author=st.booleans()
)
cited = st.just(()) | st.just((Cited(words="a fox", name="Bob", author_id=8),))
fits = st.builds(
    Fit,
    maker=st.just(OURS),
    signatures=st.booleans(),
    history=st.sampled_from([True, True, True, False]),
    max_images=st.integers(0, 14) | st.just(127),
    budget_bytes=st.integers(1_000, 20_000_000) | st.sampled_from([2_000_000, 6_000_000, 15_000_000]),
    picture_bytes=st.just(10**12) | st.integers(1_000_000, 5_000_000),
)


@dataclass(frozen=True)
class Talked:
    """A path, root first, and the wish that goes on from its end; what goes on elsewhere in the tree is not in it."""

    path: list[Turn]
    new: Turn


def seen_in(path: list[Turn]) -> list[MediaRef]:
    """Return every picture of a path."""
    return [ref for one in path for ref in (*(sent.media for sent in one.pictures), *one.shown)]


PAINTED = 1_500_000
"""About as large as models make their pictures."""


def _painted(one: Turn, number: int) -> Turn:
    """Return a turn that answers with one picture, signed by us."""
    ref = media(PAINTED + number)
    part = {**spelt(ref, snake=False), "thoughtSignature": "c2lnbmVk"}
    return replace(one, reply={"parts": [{"text": "Done."}, part]}, shown=(ref,), maker=OURS)


@st.composite
def talks(draw: st.DrawFn) -> Talked:
    """Draw a conversation in which people reply to older pictures, call some by name, and send some twice."""
    asked = [*draw(st.lists(answered_turns, max_size=7)), draw(new_turns)]
    # Half of them are talks as they mostly go: a picture with every answer, of the size and with the signature of ours.
    ordinary = draw(st.booleans())
    far = 0 if ordinary else draw(st.integers(0, 2))
    path: list[Turn] = []
    for place, one in enumerate(asked):
        older = seen_in(path)
        brought = [replace(sent, name=draw(names)) for sent in one.pictures]
        if older and draw(st.booleans()):
            brought.insert(0, InputPicture(media=draw(st.sampled_from(older)), caption=draw(words | st.just(""))))
        if brought and draw(st.integers(0, 4)) == 0:
            brought.append(replace(draw(st.sampled_from(brought)), caption="once more"))
        changed: dict[str, Any] = {"pictures": tuple(brought), "cited": draw(cited)}
        # Turns far up the path are read without their replies.
        changed |= {"reply": None} if place < min(far, len(asked) - 1) and draw(st.booleans()) else {}
        path.append(replace(one, id=place + 1, **changed))
        if ordinary and place < len(asked) - 1:
            path[-1] = _painted(path[-1], place)
    return Talked(path[:-1], path[-1])


names = st.sampled_from(["", "", "hat", "cup"])
