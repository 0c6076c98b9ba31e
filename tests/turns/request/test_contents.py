"""The content of requests in named cases, and every stored reply exactly as it came.

Rules for all requests are in ``test_history``.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.turns.request.contents import AS_IT_WAS, BEGAN, TO_CHANGE, WISHED, WISHED_OF_OTHERS, compose, current_picture
from bot.turns.request.exchanges import Fit
from bot.turns.request.parked import expand, park
from storage.records import Cited, InputPicture, Json, MediaRef, Turn, TurnState
from tests.support.conversations import (
    OURS,
    THEIRS,
    inline,
    signatures,
    spelt,
    spoken_parts,
    strange,
    unknown_parts,
)
from tests.support.records import media, sent, turn

ROOMY = Fit(maker=OURS, signatures=False, history=True, max_images=10_000, budget_bytes=10**12)
ENDLESS = {"I am done. " * 10_000: "I am done. ", "\n".join(map(str, range(9999))): "\n".join(map(str, range(700)))}
"""Words without end, and how they begin."""

relaxed = settings(deadline=None, max_examples=80)


def pictures_of(content: Json) -> list[MediaRef]:
    return [inline(part)["data"] for part in content["parts"] if inline(part)]


def painted(number: int, wish: str, **more: Any) -> Turn:
    ref = media(number)
    reply = {"role": "model", "parts": [{"text": "There."}, {**spelt(ref, snake=False), **more.pop("fields", {})}]}
    values = {"state": TurnState.DELIVERED, "reply": reply, "shown": (ref,), "maker": OURS, "words": "There."}
    return turn(wish, **{**values, **more})


def texts_of(content: Json) -> str:
    return "\n".join(part["text"] for part in content["parts"] if "text" in part)


@pytest.mark.parametrize("missing", [{}, {"maker": THEIRS, "fields": {"thoughtSignature": "theirs"}}])
def test_a_picture_without_a_signature_moves_into_the_new_user_turn(missing: dict[str, Any]) -> None:
    """A model that signs gets the picture as the user's own, with the wishes that made it, and no turn to refuse."""
    path = [painted(11, "a boat"), painted(12, "now red", **missing)]
    demanding = Fit(maker=OURS, signatures=True, history=True, max_images=14, budget_bytes=10**7)
    (only,) = compose(path, turn("add a gull"), demanding).contents
    assert pictures_of(only) == [media(11), media(12)]
    assert texts_of(only).splitlines() == [BEGAN, WISHED, "- a boat", "- now red", TO_CHANGE, "Now: add a gull"]


def test_a_model_that_does_not_sign_gets_unsigned_pictures_back() -> None:
    path = [painted(11, "a boat", maker=THEIRS, fields={"thoughtSignature": "theirs"})]
    contents = compose(path, turn("now red"), ROOMY).contents
    assert contents[1] == {
        "role": "model",
        "parts": [{"text": "There."}, {"inlineData": {"mimeType": "image/png", "data": media(11)}}],
    }


def test_a_signed_thought_goes_back_to_its_maker_and_an_unsigned_one_to_nobody() -> None:
    signed, unsigned = {"text": "hm", "thought": True, "thoughtSignature": "x"}, {"text": "well", "thought": True}
    reply = {"role": "model", "parts": [unsigned, signed, {"text": "No picture today."}]}
    path = [turn("a boat", state=TurnState.DELIVERED, reply=reply, maker=OURS)]
    assert compose(path, turn("why?"), ROOMY).contents[1]["parts"] == [signed, {"text": "No picture today."}]
    elsewhere = Fit(maker=THEIRS, signatures=False, history=True, max_images=3, budget_bytes=10**7)
    assert compose(path, turn("why?"), elsewhere).contents[1]["parts"] == [{"text": "No picture today."}]


@pytest.mark.parametrize(("said", "begins"), [*ENDLESS.items()])
def test_words_without_end_go_back_cut_and_stay_whole_where_they_are_kept(said: str, begins: str) -> None:
    """google-gemini/gemini-cli#12737, su-kaka/gcli2api#217: models that repeat themselves until their limit."""
    reply = {"role": "model", "parts": [{"text": said}, spelt(media(11), snake=False)]}
    boat = painted(11, "a boat", reply=reply, words=said)
    answer = compose([boat], turn("now red"), ROOMY).contents[1]
    text, picture = answer["parts"]
    assert text["text"].startswith(begins.rstrip())
    assert len(text["text"]) <= 4010
    assert picture["inlineData"]["data"] == media(11)
    assert boat.reply == reply
    verbatim = replace(ROOMY, verbatim=True)
    assert compose([boat], turn("now red"), verbatim).contents[1]["parts"][0] == {"text": said}


@pytest.mark.parametrize("said", ENDLESS)
def test_signed_words_without_end_are_told_and_not_sent_back_otherwise(said: str) -> None:
    """A text may not change under its signature (lbjlaq/Antigravity-Manager#3337)."""
    signed = {"text": said, "thoughtSignature": "ours"}
    picture = {**spelt(media(11), snake=False), "thoughtSignature": "ours"}
    path = [painted(11, "a boat", reply={"role": "model", "parts": [signed, picture]})]
    demanding = Fit(maker=OURS, signatures=True, history=True, max_images=14, budget_bytes=10**7)
    (only,) = compose(path, turn("now red"), demanding).contents
    assert pictures_of(only) == [media(11)]
    assert "a boat" in texts_of(only)
    # No other provider gets the signature. Those parts go back without it, and are cut.
    elsewhere = Fit(maker=THEIRS, signatures=False, history=True, max_images=14, budget_bytes=10**7)
    assert len(texts_of(compose(path, turn("now red"), elsewhere).contents[1])) <= 4010


@pytest.mark.parametrize("said", ["-" * 150, "ha " * 30, "It rains.\n" * 3, "Boats: " + "red, " * 20, "A" * 199])
def test_emphasis_is_no_loop(said: str) -> None:
    reply = {"role": "model", "parts": [{"text": said}]}
    path = [turn("a boat", state=TurnState.DELIVERED, reply=reply, maker=OURS)]
    assert compose(path, turn("now red"), ROOMY).contents[1]["parts"] == [{"text": said}]


def test_a_picture_that_comes_twice_goes_once_with_all_that_is_said_of_it() -> None:
    cup, mug = (InputPicture(media=media(5), name=name) for name in ("cup", "mug"))
    new = turn(pictures=(sent(5, "before"), sent(5, "after"), cup, mug))
    made = compose([], new, replace(ROOMY, max_images=1))
    assert [part.get("text") for part in made.contents[0]["parts"]] == ["@cup:", "@mug:", None, "before", "after"]
    assert made.dropped == 0


def test_names_stand_before_words_where_several_people_talk() -> None:
    contents = compose([painted(11, "a boat", shows_author=True)], turn("now red", shows_author=True), ROOMY).contents
    assert [texts_of(content) for content in contents[::2]] == ["Anne: a boat", "Anne: now red"]


def test_a_turn_without_any_words_is_still_a_turn() -> None:
    (only,) = compose([], turn(), ROOMY).contents
    assert only == {"role": "user", "parts": [{"text": "…"}]}


def test_a_provider_without_history_gets_the_turn_flatly() -> None:
    path = [painted(11, "a boat"), painted(12, "now red")]
    flat = Fit(maker=OURS, signatures=False, history=False, max_images=3, budget_bytes=10**7)
    made = compose(path, turn("add @gull", pictures=(InputPicture(media=media(13), name="gull"),)), flat)
    assert (made.wish, made.earlier_wishes) == ("@gull:\nadd @gull", ("a boat", "now red"))
    assert (made.current, made.pictures) == (media(12), (media(13),))


FLAT = Fit(maker=OURS, signatures=False, history=False, max_images=3, budget_bytes=10**7)


def test_a_wish_with_a_picture_of_its_own_is_about_that_one() -> None:
    """A provider without history does not get wishes about other pictures."""
    path = [painted(11, "a boat"), painted(12, "now red")]
    made = compose(path, turn("warmer", pictures=(sent(13),)), FLAT)
    assert (made.wish, made.earlier_wishes) == ("warmer", ())
    assert (made.current, made.pictures) == (None, (media(13),))
    assert pictures_of(made.contents[0]) == [media(13)]


@pytest.mark.parametrize("history", [True, False])
def test_a_reply_to_one_of_two_pictures_is_about_that_one(history: bool) -> None:
    path = [painted(11, "a boat"), painted(12, "now red", shown=(media(14), media(12)))]
    fit = replace(FLAT, history=history, budget_bytes=10**7 if history else 1000)
    made = compose(path, turn("frame it", pictures=(sent(14),)), fit)
    assert pictures_of(made.contents[-1]) == [media(14)]


def test_what_is_replied_to_is_in_whatever_else_comes() -> None:
    """The last of the new ones has no room then."""
    path = [painted(11, "a boat")]
    new = turn("put these on it", pictures=(sent(11), sent(21), sent(22), sent(23)))
    made = compose(path, new, replace(ROOMY, max_images=3))
    assert [pictures_of(content) for content in made.contents] == [[], [media(11)], [media(21), media(22)]]
    assert made.dropped == 1
    made = compose(path, new, FLAT)
    assert pictures_of(made.contents[0]) == [media(11), media(21), media(22)]
    assert (made.current, made.dropped) == (media(11), 1)


def test_a_photo_beside_named_pictures_does_not_push_them_out() -> None:
    cat, cup = (InputPicture(media=media(number), name=name) for number, name in ((31, "cat"), (32, "cup")))
    new = turn("put @cat and @cup there", pictures=(sent(21), sent(22), cup, cat))
    made = compose([painted(11, "a boat")], new, replace(FLAT, max_images=3))
    assert made.pictures == (media(21), media(32), media(31))
    assert made.dropped == 1


# History that does not fit into a request.


PHOTO = sent(1_500_000)


def _talk(count: int, *, photo: bool = True) -> list[Turn]:
    """Return so many turns with pictures of 1.5 MB, from a photo of somebody on or from words alone."""
    first = {"pictures": (PHOTO,)} if photo else {}
    return [painted(1_500_000 + n, f"wish {n}", **(first if n == 1 else {})) for n in range(1, count + 1)]


@pytest.mark.parametrize("photo", [True, False])
def test_what_has_no_room_is_told_before_what_goes_back_whole(photo: bool) -> None:
    """The photo that somebody began with is worth a pair; a painted picture goes where there is room left."""
    made = compose(_talk(20, photo=photo), turn("now blue"), replace(ROOMY, budget_bytes=15_000_000))
    assert (made.left_out, made.in_words) == ((14, 14) if photo else (13, 13))
    first = made.contents[0]
    wishes = [f"- wish {n}" for n in range(1, made.in_words + 1)]
    told = [BEGAN] * photo + [WISHED, *wishes, f"Then: wish {made.in_words + 1}"]
    assert texts_of(first).splitlines() == told
    assert pictures_of(first) == [PHOTO.media] * photo
    assert texts_of(made.contents[-1]) == "now blue"


def test_a_photo_that_would_take_the_last_pair_away_stays_out() -> None:
    path = _talk(3)
    made = compose(path, turn("now blue"), replace(ROOMY, max_images=1))
    assert [pictures_of(content) for content in made.contents] == [[], [media(1_500_003)], []]
    assert (made.first, made.in_words) == (None, 2)


def test_talk_of_a_picture_that_has_no_room_as_a_pair_goes_on_behind_that_picture() -> None:
    """Words that were said since then go back unchanged."""
    said = turn("what is it?", state=TurnState.DELIVERED, reply={"parts": [{"text": "A boat."}]}, maker=THEIRS)
    path = [painted(11, "a boat"), painted(12, "now red"), said]
    made = compose(path, turn("and now?"), replace(ROOMY, signatures=True))
    first = made.contents[0]
    assert texts_of(first).splitlines() == [BEGAN, WISHED, "- a boat", "- now red", AS_IT_WAS, "Then: what is it?"]
    assert pictures_of(first) == [media(11), media(12)]
    assert [texts_of(content) for content in made.contents[1:]] == ["A boat.", "and now?"]


def test_a_wish_with_its_own_picture_hears_what_was_wished_of_others() -> None:
    """As words: no older picture is sent beside the wish's own, and none of those wishes is about that one."""
    path = [painted(11, "a boat"), painted(12, "now red")]
    demanding = Fit(maker=OURS, signatures=True, history=True, max_images=14, budget_bytes=10**7)
    (only,) = compose(path, turn("warmer", pictures=(sent(21),)), demanding).contents
    assert pictures_of(only) == [media(21)]
    assert texts_of(only).splitlines() == [WISHED_OF_OTHERS, "- a boat", "- now red", "Now: warmer"]


def test_a_large_picture_that_the_provider_refuses_is_told() -> None:
    path = [painted(4_000_000, "a boat"), painted(12, "now red"), painted(13, "and blue")]
    made = compose(path, turn("add a gull"), replace(ROOMY, picture_bytes=1_000_000))
    assert [pictures_of(content) for content in made.contents] == [[], [media(12)], [], [media(13)], []]
    assert texts_of(made.contents[0]).splitlines() == [WISHED, "- a boat", "Then: now red"]


def test_what_was_replied_to_goes_back_once() -> None:
    path = [painted(11, "a boat"), painted(12, "put this on it", pictures=(sent(11), sent(21)))]
    contents = compose(path, turn("now red"), ROOMY).contents
    assert [pictures_of(content) for content in contents] == [[], [media(11)], [media(21)], [media(12)], []]


def test_a_name_introduces_its_picture() -> None:
    hat, cup = (InputPicture(media=media(number), name=name) for number, name in ((21, "hat"), (22, "cup")))
    (only,) = compose([], turn("put @hat on @cup", pictures=(hat, cup)), ROOMY).contents
    said = [part.get("text", "picture") for part in only["parts"]]
    assert said == ["@hat:", "picture", "@cup:", "picture", "put @hat on @cup"]


def test_words_of_others_are_marked_as_theirs() -> None:
    """Those of the bot are the model's own."""
    fox = Cited(words="a fox", name="Bob", author_id=8)
    hidden, own = Cited(words="at night", author_id=0), Cited(words="It is red.", author_id=None)
    (only,) = compose([], turn("draw this", shows_author=True, cited=(fox, hidden, own)), ROOMY).contents
    lines = ["Bob wrote: “a fox”", "Somebody wrote: “at night”", "You wrote: “It is red.”", "Anne: draw this"]
    assert texts_of(only).splitlines() == lines


def test_an_unsigned_picture_that_a_reply_holds_twice_goes_back_once() -> None:
    twice = spelt(media(11), snake=False)
    signed = {**twice, "thoughtSignature": "x"}
    path = [turn("a boat", reply={"parts": [signed, twice, twice, signed]}, shown=(media(11),), maker=OURS)]
    contents = compose(path, turn("now red"), ROOMY).contents
    assert pictures_of(contents[1]) == [media(11), media(11)]
    assert all("thoughtSignature" in part for part in contents[1]["parts"])


def test_the_current_picture_is_the_last_shown_or_else_the_last_sent() -> None:
    photo = turn("what is this?", pictures=(sent(1), sent(2)), reply={"parts": [{"text": "A cat."}]})
    assert current_picture([photo]) == media(2)
    assert current_picture([photo, painted(3, "paint it")]) == media(3)
    assert current_picture([painted(3, "paint it"), photo]) == media(2)
    assert current_picture([]) is None
    called = turn(
        "put @hat on", pictures=(sent(1), replace(sent(2), name="hat")), reply={"parts": [{"text": "I can't."}]}
    )
    assert current_picture([called]) == media(1)


# Storage and back.


@dataclass(frozen=True)
class Bytes:
    """The content of a reply that was just read."""

    mime: str
    data: bytes

    @property
    def base64(self) -> str:
        return base64.b64encode(self.data).decode()


blobs = st.builds(Bytes, st.sampled_from(["image/png", "image/jpeg"]), st.binary(min_size=1, max_size=20))


def carrying(blob: Bytes, more: Json, *, snake: bool) -> Json:
    mime, name = ("mime_type", "inline_data") if snake else ("mimeType", "inlineData")
    return {name: {mime: blob.mime, **more, "data": blob}}


blob_parts = st.builds(carrying, blobs, st.sampled_from([{}, {"displayName": "p"}]), snake=st.booleans())
fresh_parts = st.builds(lambda *bits: {k: v for b in bits for k, v in b.items()}, blob_parts, signatures, strange)
fresh_replies = st.builds(
    lambda parts, more: {**more, "parts": parts},
    st.lists(st.permutations([0, 1, 2]).flatmap(lambda _: fresh_parts | spoken_parts | unknown_parts), max_size=5),
    st.sampled_from([{}, {"role": "model"}, {"groundingMetadata": {"z": 1, "a": [2]}}]),
)


def on_the_wire(value: object) -> str:
    return json.dumps(value, default=lambda blob: blob.base64)


@given(fresh_replies)
@relaxed
def test_a_reply_comes_back_from_storage_byte_for_byte(reply: Json) -> None:
    """Unknown fields, the order of keys and parts, signatures and pictures: all as the model sent them."""
    kept: dict[str, str] = {}

    def name(blob: Bytes) -> str:
        kept[f"{len(kept)}"] = blob.base64
        return f"media:{len(kept) - 1}"

    stored = json.dumps(park(reply, name))
    assert all(data not in stored for data in kept.values() if len(data) > 12)
    assert json.dumps(expand(json.loads(stored), kept.__getitem__)) == on_the_wire(reply)


def test_storage_notes_what_the_bytes_say_and_not_what_the_model_says() -> None:
    reply = {"parts": [{"inlineData": {"mimeType": "image/png", "data": Bytes("image/jpeg", b"x")}}]}
    assert park(reply, lambda _: "media:0")["parts"][0]["inlineData"]["mimeType"] == "image/jpeg"


@pytest.mark.parametrize("content", [{}, {"role": "model"}, {"parts": None}, {"parts": ["a", {"inlineData": None}]}])
def test_a_reply_of_another_shape_is_kept_as_it_is(content: Json) -> None:
    assert expand(park(content, lambda _: "never"), lambda _: "never") == content


def test_snake_case_comes_back_in_camel_case() -> None:
    """Relays answer in snake case and drop it from requests (QuantumNous/new-api)."""
    ref = media(11)
    part = {
        "inline_data": {"mime_type": "image/png", "data": f"media:{ref.sha256}"},
        "thought_signature": "c2lnbmVk",
        "file_data": {"file_uri": "gs://there", "mime_type": "image/png"},
        "left_alone": {"mime_type": 1},
    }
    path = [turn("a boat", reply={"parts": [part]}, shown=(ref,), maker=OURS)]
    assert compose(path, turn("now red"), ROOMY).contents[1]["parts"] == [
        {
            "inlineData": {"mimeType": "image/png", "data": ref},
            "thoughtSignature": "c2lnbmVk",
            "fileData": {"fileUri": "gs://there", "mimeType": "image/png"},
            "left_alone": {"mime_type": 1},
        }
    ]


def test_what_is_to_be_changed_is_in_also_where_it_comes_second_and_the_model_takes_one_alone() -> None:
    """A person sends it again with words, after another picture. There is no room for that other one."""
    before = turn(pictures=(InputPicture(media=media(2)),), reply={"parts": []}, state=TurnState.DELIVERED)
    wish = turn(pictures=(InputPicture(media=media(1)), InputPicture(media=media(2), caption="make this red")))
    fit = Fit(maker=OURS, signatures=False, history=False, max_images=1, budget_bytes=10**6)
    made = compose([before], wish, fit)
    assert [ref for content in made.contents for ref in pictures_of(content)] == [media(2)]
    assert made.dropped == 1


def test_what_only_a_relay_knows_goes_to_no_other_maker() -> None:
    """Google refuses a request with a relay's own field, "Unknown name", and with it each later wish."""
    fields = {"id": "part-7", "text": "", "thoughtSignature": "theirs"}
    odd = painted(11, "a boat", maker=THEIRS, fields=fields)
    odd = replace(odd, reply={**(odd.reply or {}), "parts": [{"id": "part-6"}, *(odd.reply or {})["parts"]]})
    kept = compose([odd], turn("warmer"), replace(ROOMY, maker=THEIRS)).contents[1]["parts"]
    sent = compose([odd], turn("warmer"), ROOMY).contents[1]["parts"]
    assert [sorted(part) for part in kept] == [["id"], ["text"], ["id", "inlineData", "thoughtSignature"]]
    assert [sorted(part) for part in sent] == [["text"], ["inlineData"]]
