"""Requests after a restored picture: that one is edited, and no signature goes with bytes it was not made for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.turns.request.contents import BEGAN, TO_CHANGE, WISHED, WISHED_OF_OTHERS, compose, may_replay
from bot.turns.request.exchanges import Fit, PathTurn, picture_of_answer
from bot.turns.restoring.sources import KEEP, NEVER, UNFIT, WHOLE, current_input, sources_of, whole_again
from storage.records import INLINE, InputPicture, Json, MediaRef, Restored, Turn, TurnState
from storage.rows.codec import dumps, media_json, picture_json, restored_json
from storage.rows.spoken import Spoken
from tests.support.conversations import OURS, spelt
from tests.support.records import media, turn

ROOMY = Fit(maker=OURS, signatures=True, history=True, max_images=100, budget_bytes=10**9)
PHOTO, MODELS, COPY, WHOLE_PICTURE = media(1), media(2), media(3), media(4)
MADE = InputPicture(media=COPY, original=WHOLE_PICTURE, author_id=7)


def answered(wish: str, *, taken: bool, **more: Any) -> Turn:
    """Return a turn with a photo whose answer was restored."""
    reply = {"role": "model", "parts": [{**spelt(MODELS, snake=False), "thoughtSignature": "c2lnbmVk"}]}
    restored = Restored(picture=MADE, painted=MODELS, taken=taken, record={})
    shown = COPY if taken else MODELS
    values = {"state": TurnState.DELIVERED, "reply": reply, "shown": (shown,), "maker": OURS, "restored": restored}
    return turn(wish, **{**values, "pictures": (InputPicture(media=PHOTO, author_id=7),), **more})


def spoken(one: Turn) -> Spoken:
    """Return a turn as it is read when it is far up a path."""
    return Spoken(
        id=one.id,
        parent_id=one.parent_id,
        wish=one.wish,
        shows_author=one.shows_author,
        author_id=one.author.id,
        author_name=one.author.name,
        pictures_json=dumps([picture_json(picture) for picture in one.pictures]),
        shown_json=dumps([media_json(ref) for ref in one.painted]),
        maker=one.maker,
        notes_json=None,
        cited_json=None,
        restored_json=restored_json(one.restored),
    )


def pictures_in(contents: tuple[Json, ...]) -> list[MediaRef]:
    parts = [part for content in contents for part in content["parts"]]
    return [part["inlineData"]["data"] for part in parts if "inlineData" in part]


def texts_in(content: Json) -> list[str]:
    return [line for part in content["parts"] if "text" in part for line in part["text"].splitlines()]


@pytest.mark.parametrize("read", [lambda one: one, spoken], ids=["whole", "without its reply"])
def test_it_stands_in_the_new_user_turn_and_what_led_to_it_is_told(read: Any) -> None:
    """The photo need not be sent beside it: its pixels are in it."""
    path: list[PathTurn] = [read(answered("a red hat", taken=True))]
    (only,) = compose(path, turn("and a scarf"), ROOMY).contents
    assert pictures_in((only,)) == [COPY]
    assert texts_in(only) == [WISHED, "- a red hat", TO_CHANGE, "Now: and a scarf"]
    assert "thoughtSignature" not in str(only)
    assert may_replay(path, ROOMY) == 1


@pytest.mark.parametrize("read", [lambda one: one, spoken], ids=["whole", "without its reply"])
def test_what_was_said_of_an_earlier_mark_is_not_said_again(read: Any) -> None:
    """Else the next wish would be one about the marked place alone."""
    marked = replace(MARKED, caption="Change the marked place alone.")
    earlier = read(answered("a red hat", taken=True, pictures=(PHOTO_SENT, marked)))
    composed = compose([earlier], turn("make it night"), ROOMY)
    assert texts_in(composed.contents[0]) == [WISHED, "- a red hat", TO_CHANGE, "Now: make it night"]
    assert composed.earlier_wishes == ("a red hat",)
    now = compose([], turn("a red hat", pictures=(PHOTO_SENT, marked)), ROOMY)
    assert now.wish == "Change the marked place alone.\na red hat"


def test_where_the_model_s_own_is_taken_the_conversation_is_replayed_as_ever() -> None:
    contents = compose([answered("a red hat", taken=False)], turn("and a scarf"), ROOMY).contents
    assert [content["role"] for content in contents] == ["user", "model", "user"]
    assert pictures_in(contents) == [PHOTO, MODELS]
    assert contents[1]["parts"][0]["thoughtSignature"] == "c2lnbmVk"


def test_turns_after_it_are_replayed_and_it_is_not_sent_again() -> None:
    later = media(9)
    part = {**spelt(later, snake=False), "thoughtSignature": "bGF0ZXI="}
    reply = {"role": "model", "parts": [part]}
    night = turn("make it night", state=TurnState.DELIVERED, reply=reply, shown=(later,), maker=OURS)
    contents = compose([answered("a red hat", taken=True), night], turn("and a scarf"), ROOMY).contents
    assert [content["role"] for content in contents] == ["user", "model", "user"]
    # What is edited now is no longer the person's own picture, so that is sent.
    assert pictures_in(contents) == [PHOTO, later]
    assert texts_in(contents[0]) == [BEGAN, WISHED, "- a red hat", "Then: make it night"]


@pytest.mark.parametrize("taken", [True, False])
@pytest.mark.parametrize("read", [lambda one: one, spoken], ids=["whole", "without its reply"])
def test_a_reply_to_the_other_picture_means_that_one(taken: bool, read: Any) -> None:
    """The earlier wish is done in both, so it is not one of another picture."""
    other = MODELS if taken else COPY
    new = turn("and a scarf", pictures=(InputPicture(media=other),))
    composed = compose([read(answered("a red hat", taken=taken))], new, ROOMY)
    assert other in pictures_in(composed.contents)
    assert (COPY if other is MODELS else MODELS) not in pictures_in(composed.contents)
    assert WISHED_OF_OTHERS not in str(composed.contents)
    assert composed.earlier_wishes == ("a red hat",)


def test_an_exact_replay_shows_what_was_seen_without_the_signature() -> None:
    contents = compose([answered("a red hat", taken=True)], turn("more"), replace(ROOMY, verbatim=True)).contents
    assert [content["role"] for content in contents] == ["user", "model", "user"]
    assert contents[1]["parts"] == [{"inlineData": {"mimeType": COPY.mime, "data": COPY}}]


def test_the_current_picture_of_a_restored_answer_has_its_original() -> None:
    assert picture_of_answer(answered("a hat", taken=True)) == MADE
    assert picture_of_answer(answered("a hat", taken=False)) == InputPicture(media=MODELS)
    assert current_input([answered("a hat", taken=True)]) == MADE


PHOTO_SENT, OTHER = InputPicture(media=PHOTO, author_id=7), InputPicture(media=media(8), author_id=7)
MARKED = InputPicture(media=media(6), marks=PHOTO.sha256)


@pytest.mark.parametrize(
    ("pictures", "source"),
    [
        ((PHOTO_SENT,), PHOTO_SENT),
        ((PHOTO_SENT, OTHER), None),
        ((PHOTO_SENT, MARKED), PHOTO_SENT),
        ((OTHER, PHOTO_SENT, MARKED), PHOTO_SENT),
        ((MARKED,), None),
        ((replace(OTHER, name="hat"), PHOTO_SENT), PHOTO_SENT),
        ((), MADE),
        ((replace(OTHER, name="hat"),), MADE),
        ((MADE, OTHER), MADE),
    ],
)
def test_exactly_one_picture_is_edited_or_none(pictures: tuple[InputPicture, ...], source: InputPicture | None) -> None:
    """Of a marked one, the picture without the mark; a picture with a name is something to look at."""
    found = sources_of(turn("a hat", pictures=pictures), [answered("a red hat", taken=True)])
    assert (found.source if found else None) == source
    if found and MARKED in pictures:
        assert found.marked == MARKED


def test_nothing_is_edited_in_a_new_picture() -> None:
    assert sources_of(turn("a boat"), []) is None


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        ({"ratio_own": "4:3"}, True),
        ({"ratio": "1:1"}, True),
        ({"ratio_own": "1:1"}, False),
        ({KEEP: NEVER}, False),
        ({KEEP: "offered"}, True),
        ({INLINE: {"id": "x"}}, False),
    ],
)
def test_a_shape_a_setting_or_a_place_elsewhere_leaves_the_answer_as_it_came(options: Json, kept: bool) -> None:
    """Pictures are 640 to 480 here. A shape for new pictures says nothing of one that is changed."""
    assert (sources_of(turn("a hat", pictures=(PHOTO_SENT,), options=options), []) is not None) is kept


def test_what_was_cropped_in_vain_is_sent_whole_from_then_on() -> None:
    first = turn("a hat", remarks=(UNFIT,))
    assert whole_again(first) == {WHOLE: True}
    assert whole_again(turn("a hat", options=whole_again(first))) == {WHOLE: True}
    assert whole_again(turn("a hat")) == {}
