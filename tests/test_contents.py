"""What goes to the model: whatever was said before, a request that it takes, and every stored reply as it came."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.contents import Composed, Fit, compose, current_picture, expand, park, wire_bytes, wish_text
from storage.records import Cited, InputPicture, Json, MediaRef, Turn, TurnState
from tests.support.conversations import (
    OURS,
    THEIRS,
    inline,
    new_turns,
    paths,
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

fits = st.builds(
    Fit,
    maker=st.just(OURS),
    signatures=st.booleans(),
    history=st.booleans(),
    max_images=st.integers(0, 14),
    budget_bytes=st.integers(1_000, 20_000_000),
)


@dataclass(frozen=True)
class Case:
    """A conversation, the request made of it, and what must be looked at in both."""

    path: list[Turn]
    turn: Turn
    fit: Fit
    made: Composed

    @property
    def pictures(self) -> list[MediaRef]:
        """Every picture in the request, in order."""
        return [found for content in self.made.contents for found in pictures_of(content)]

    @property
    def replayed(self) -> list[Turn]:
        """The turns that the request replays, by their number."""
        return self.path[len(self.path) - (len(self.made.contents) - 1) // 2 :]


def pictures_of(content: Json) -> list[MediaRef]:
    return [inline(part)["data"] for part in content["parts"] if inline(part)]


cases = st.builds(lambda path, new, fit: Case(path, new, fit, compose(path, new, fit)), paths, new_turns, fits)
relaxed = settings(deadline=None, max_examples=80)


@given(cases)
@relaxed
def test_roles_alternate_from_a_user_to_the_new_user_turn(case: Case) -> None:
    roles = [content["role"] for content in case.made.contents]
    assert roles == ["user", "model"] * (len(roles) // 2) + ["user"]
    assert all(content["parts"] for content in case.made.contents)


def target(path: list[Turn], new: Turn) -> MediaRef | None:
    """Return the picture of a path that a wish is to change: the current one, if it brings no other."""
    own = [picture.media for picture in new.pictures if not picture.name]
    current = current_picture(path)
    return current if not own or current in own else None


def beside(case: Case) -> list[InputPicture]:
    """Return what a wish brings beside the picture to be changed, unless it says something of that one."""
    changed = target(case.path, case.turn)
    return [one for one in case.turn.pictures if one.media != changed or one.caption or one.name]


def brought(case: Case) -> list[InputPicture]:
    """Return as much of that as there is room for."""
    changed = target(case.path, case.turn)
    found = beside(case)
    own = [one for one in found if one.media == changed]
    room = max(0, case.fit.max_images - (changed is not None and not own))
    left = max(0, room - len(own))
    others = [one for one in found if one.media != changed][:left]
    return [one for one in found if one in others or one in own[:room]][:room]


@given(cases)
@relaxed
def test_the_new_turn_stays_whole(case: Case) -> None:
    last = case.made.contents[-1]
    wanted = [picture.media for picture in brought(case)]
    assert pictures_of(last)[-len(wanted) or len(pictures_of(last)) :] == wanted
    assert (last["parts"][-1].get("text") or "").endswith(case.turn.wish)
    said = [part["text"] for part in last["parts"] if "text" in part]
    captions = [one.caption for one in brought(case) if one.caption]
    assert [one for one in said if one in captions][: len(captions)] == captions
    assert case.made.dropped == len(beside(case)) - len(wanted)


@given(cases)
@relaxed
def test_the_picture_to_be_changed_is_always_in(case: Case) -> None:
    changed = target(case.path, case.turn)
    assert changed is None or case.fit.max_images == 0 or changed in case.pictures


def test_it_is_in_also_where_it_comes_second_and_the_model_takes_one_alone() -> None:
    """Somebody sends it once more with words, behind another one: that other one has no room."""
    before = turn(pictures=(InputPicture(media=media(2)),), reply={"parts": []}, state=TurnState.DELIVERED)
    wish = turn(pictures=(InputPicture(media=media(1)), InputPicture(media=media(2), caption="make this red")))
    fit = Fit(maker="gemini:here", signatures=False, history=False, max_images=1, budget_bytes=1000)
    made = compose([before], wish, fit)
    assert [ref for content in made.contents for ref in pictures_of(content)] == [media(2)]
    assert made.dropped == 1


@given(cases)
@relaxed
def test_nothing_older_stands_beside_pictures_that_a_wish_brings(case: Case) -> None:
    own = [picture.media for picture in case.turn.pictures]
    changed = target(case.path, case.turn)
    assert [ref for ref in pictures_of(case.made.contents[-1]) if ref not in (*own, changed)] == []


@given(cases)
@relaxed
def test_never_more_pictures_than_the_model_takes(case: Case) -> None:
    assert len(case.pictures) <= case.fit.max_images


@given(cases)
@relaxed
def test_never_over_budget_unless_the_new_turn_with_its_picture_is(case: Case) -> None:
    if wire_bytes(case.made.contents) > case.fit.budget_bytes:
        assert len(case.made.contents) == 1
        assert "Earlier wishes" not in json.dumps(case.made.contents, default=str)


@given(cases)
@relaxed
def test_a_request_is_as_long_as_counted(case: Case) -> None:
    def spelled_out(ref: MediaRef) -> str:
        return "A" * (4 * -(-ref.size_bytes // 3))

    if all(ref.size_bytes < 100_000 for ref in case.pictures):
        on_wire = [json.dumps(content, ensure_ascii=False, default=spelled_out) for content in case.made.contents]
        assert sum(len(one.encode()) for one in on_wire) <= wire_bytes(case.made.contents)


@given(cases)
@relaxed
def test_signatures_go_back_to_their_maker_only(case: Case) -> None:
    for earlier, reply in zip(case.replayed, case.made.contents[1::2], strict=True):
        signed = ["thoughtSignature" in part for part in reply["parts"]]
        assert "thought_signature" not in json.dumps(reply, default=str)
        if earlier.maker != OURS:
            assert not any(signed)
        if case.fit.signatures:
            unsigned = [part for part in reply["parts"] if inline(part) and "thoughtSignature" not in part]
            assert unsigned == []


@given(path=paths, new=new_turns)
@relaxed
def test_with_room_for_all_the_whole_path_goes_back_as_it_came(path: list[Turn], new: Turn) -> None:
    made = compose(path, new, ROOMY)
    assert made.left_out == 0
    assert len(made.contents) == 2 * len(path) + 1
    for earlier, content in zip(path, made.contents[1::2], strict=True):
        if earlier.maker == OURS:
            assert content["parts"] == as_it_came(earlier)


def as_it_came(earlier: Turn) -> list[Json]:
    """Return the parts that a maker gets back: its own, without the thoughts, spelt as every relay reads them."""
    kept: list[Json] = []
    for part in (respelt(part) for part in (earlier.reply or {})["parts"] if not part.get("thought")):
        shown = [inline(other) for other in kept if inline(other)]
        if "thoughtSignature" in part or inline(part) not in shown:
            kept.append(part)
    return kept or [{"text": earlier.words or "…"}]


def respelt(part: Json) -> Json:
    names = {"inline_data": "inlineData", "thought_signature": "thoughtSignature"}
    found = {names.get(name, name): value for name, value in part.items()}
    if picture := inline(part):
        ref = media(int(picture["data"].removeprefix("media:"), 16))
        found["inlineData"] = {"mimeType": ref.mime, "data": ref}
    return found


@given(path=paths, new=new_turns, fit=fits)
@relaxed
def test_what_is_left_out_would_not_have_fitted(path: list[Turn], new: Turn, fit: Fit) -> None:
    """One more pair would have been too much, can't go back, or the replay would lack the picture being edited."""
    case = Case(path, new, fit, compose(path, new, fit))
    left_out = case.made.left_out
    if not fit.history or left_out == 0:
        return
    more = compose(path[left_out - 1 :], new, ROOMY)
    too_much = (
        wire_bytes(more.contents) > fit.budget_bytes
        or sum(len(pictures_of(content)) for content in more.contents) - case.made.dropped > fit.max_images
    )
    unsigned = fit.signatures and any(one.shown and not all_signed(one) for one in path[left_out - 1 :])
    assert too_much or unsigned or current_picture(path) in [one.media for one in new.pictures] or not case.replayed


def all_signed(one: Turn) -> bool:
    parts = [part for part in (one.reply or {})["parts"] if inline(part) and not part.get("thought")]
    return one.maker == OURS and all("thoughtSignature" in part or "thought_signature" in part for part in parts)


@given(paths, new_turns, st.integers(1, 100_000))
@relaxed
def test_of_the_earlier_wishes_the_newest_are_told(path: list[Turn], new: Turn, budget_bytes: int) -> None:
    fit = Fit(maker=OURS, signatures=False, history=False, max_images=14, budget_bytes=budget_bytes)
    last = texts_of(compose(path, new, fit).contents[-1])
    wishes = [f"- {wish}\n" for one in path if (wish := wish_text(one))]
    newest = ["".join(wishes[start:]) for start in range(len(wishes))]
    assert "Earlier wishes" not in last or any(f"first picture:\n{told}\nNow: " in last for told in newest)


# Single cases that a person can name.


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
    assert pictures_of(only) == [media(12)]
    assert texts_of(only).splitlines()[1:] == ["- a boat", "- now red", "", "Now: add a gull"]


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
    # Nobody else gets the signature, so there they go back, cut.
    elsewhere = Fit(maker=THEIRS, signatures=False, history=True, max_images=14, budget_bytes=10**7)
    assert len(texts_of(compose(path, turn("now red"), elsewhere).contents[1])) <= 4010


@pytest.mark.parametrize("said", ["-" * 150, "ha " * 30, "It rains.\n" * 3, "Boats: " + "red, " * 20, "A" * 199])
def test_emphasis_is_no_loop(said: str) -> None:
    reply = {"role": "model", "parts": [{"text": said}]}
    path = [turn("a boat", state=TurnState.DELIVERED, reply=reply, maker=OURS)]
    assert compose(path, turn("now red"), ROOMY).contents[1]["parts"] == [{"text": said}]


def test_two_copies_of_a_picture_keep_their_own_captions() -> None:
    (only,) = compose([], turn(pictures=(sent(5, "before"), sent(5, "after"))), ROOMY).contents
    assert [part.get("text") for part in only["parts"]] == [None, "before", None, "after"]


def test_names_stand_before_words_where_several_people_talk() -> None:
    contents = compose([painted(11, "a boat", named=True)], turn("now red", named=True), ROOMY).contents
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
    assert pictures_of(made.contents[0]) == [media(12), media(13)]


FLAT = Fit(maker=OURS, signatures=False, history=False, max_images=3, budget_bytes=10**7)


def test_a_wish_with_a_picture_of_its_own_is_about_that_one() -> None:
    """And wishes that are done in an older picture are not told beside it."""
    path = [painted(11, "a boat"), painted(12, "now red")]
    made = compose(path, turn("warmer", pictures=(sent(13),)), FLAT)
    assert (made.wish, made.earlier_wishes) == ("warmer", ())
    assert (made.current, made.pictures) == (None, (media(13),))
    assert pictures_of(made.contents[0]) == [media(13)]
    assert texts_of(made.contents[0]) == "warmer"


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
    (only,) = compose([], turn("draw this", named=True, cited=(fox, hidden, own)), ROOMY).contents
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


# Storage and back.


@dataclass(frozen=True)
class Bytes:
    """What stands in a reply that was just read."""

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
    """Relays answer in snake case and drop it from requests (gemini.md, 1.2)."""
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
