"""What holds for every request, after any history: the picture to change, each word, the order, the limits."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from hypothesis import event, given, settings
from hypothesis import strategies as st

from bot.turns.request.contents import (
    AHEAD_BYTES,
    AS_IT_WAS,
    BEGAN,
    TO_CHANGE,
    WISHED,
    WISHED_OF_OTHERS,
    Composed,
    compose,
    current_picture,
    may_replay,
)
from bot.turns.request.exchanges import Fit, replayable, wish_text
from bot.turns.request.parked import picture_bytes, wire_bytes
from storage.records import Json, MediaRef, Turn
from tests.support.conversations import OURS, Talked, fits, inline, seen_in, talks

ROOMY = Fit(maker=OURS, signatures=False, history=True, max_images=10_000, budget_bytes=10**12)


def pictures_of(content: Json) -> list[MediaRef]:
    return [inline(part)["data"] for part in content["parts"] if inline(part)]


def texts_of(content: Json) -> list[str]:
    return [part["text"] for part in content["parts"] if "text" in part]


@dataclass(frozen=True)
class Case:
    """A conversation, the request made of it, and what must be looked at in both."""

    path: list[Turn]
    new: Turn
    fit: Fit

    @cached_property
    def made(self) -> Composed:
        made = compose(self.path, self.new, self.fit)
        event(f"replayed {len(self.path) - made.left_out} of {len(self.path)}")
        return made

    @property
    def pictures(self) -> list[MediaRef]:
        """Every picture in the request, in order."""
        return [found for content in self.made.contents for found in pictures_of(content)]

    @property
    def replayed(self) -> list[Turn]:
        return self.path[self.made.left_out :]

    @property
    def last(self) -> Json:
        return self.made.contents[-1]

    @property
    def changed(self) -> MediaRef | None:
        """The picture of the path that the wish is to change: the current one, unless it brings others."""
        own = [picture.media for picture in self.new.pictures if not picture.name]
        current = current_picture(self.path)
        return current if not own or current in own else None

    @property
    def brought(self) -> list[MediaRef]:
        """Return the pictures of the wish, each once, without the one to change unless something is said about it."""
        said = {one.media.sha256 for one in self.new.pictures if one.caption or one.name}
        found = {one.media.sha256: one.media for one in self.new.pictures}.values()
        return [ref for ref in found if ref != self.changed or ref.sha256 in said]

    @property
    def named(self) -> list[MediaRef]:
        names = {one.media.sha256 for one in self.new.pictures if one.name}
        return [ref for ref in self.brought if ref.sha256 in names]


def _case(talked: Talked, fit: Fit) -> Case:
    return Case(talked.path, talked.new, fit)


RULES: list[Callable[[Case], None]] = []


def every(rule: Callable[[Case], None]) -> Callable[[Case], None]:
    """Note something that every request keeps to.

    All rules look at the same conversations: to draw one takes eight times as long as to look at it by all of them.
    """
    RULES.append(rule)
    return rule


@every
def roles_alternate_from_a_user_to_the_new_user_turn(case: Case) -> None:
    roles = [content["role"] for content in case.made.contents]
    assert roles == ["user", "model"] * len(case.replayed) + ["user"]
    assert all(content["parts"] for content in case.made.contents)


@every
def the_new_turn_stays_whole(case: Case) -> None:
    """Its words come last, its pictures in order, each once, with names before and captions after them."""
    parts, taken = case.last["parts"], list(case.made.pictures)
    assert (parts[-1].get("text") or "").endswith(case.new.wish)
    assert [ref for ref in case.brought if ref in taken] == taken
    assert pictures_of(case.last)[len(pictures_of(case.last)) - len(taken) :] == taken
    shown = [inline(part).get("data") for part in parts]
    for one in case.new.pictures:
        if one.media in taken:
            place = len(shown) - 1 - shown[::-1].index(one.media)
            behind = next((at for at in range(place + 1, len(parts)) if shown[at]), len(parts))
            before = next((at for at in range(place - 1, -1, -1) if shown[at]), -1)
            assert not one.name or {"text": f"@{one.name}:"} in parts[before + 1 : place]
            assert not one.caption or {"text": one.caption} in parts[place + 1 : behind]


@every
def the_picture_to_be_changed_is_always_in(case: Case) -> None:
    assert case.changed is None or case.fit.max_images == 0 or case.changed in case.pictures


@every
def nothing_older_stands_beside_pictures_that_a_wish_brings(case: Case) -> None:
    own = [picture.media for picture in case.new.pictures]
    if case.changed is None and own:
        assert [ref for ref in pictures_of(case.last) if ref not in own] == []
        assert not case.made.contents[:-1] or WISHED not in json.dumps(case.last, default=str)


@every
def what_a_wish_names_is_not_pushed_out(case: Case) -> None:
    """Pictures with a name go before those that were only sent along. Equal bytes count, and are sent, once."""
    taken = list(case.made.pictures)
    assert len({ref.sha256 for ref in taken}) == len(taken)
    assert case.made.dropped == len(case.brought) - len(taken)
    if any(ref not in taken for ref in case.named):
        target = [case.changed] if case.changed else [ref for ref in case.brought if ref not in case.named][:1]
        assert [ref for ref in taken if ref not in case.named and [ref] != target] == []


@every
def never_more_pictures_than_the_model_takes(case: Case) -> None:
    assert len(case.pictures) <= case.fit.max_images
    for content in case.made.contents[::2]:
        shown = [ref.sha256 for ref in pictures_of(content)]
        assert len(set(shown)) == len(shown)


@every
def never_over_budget_unless_the_new_turn_with_its_picture_is(case: Case) -> None:
    if wire_bytes(case.made.contents) > case.fit.budget_bytes:
        assert (len(case.made.contents), case.made.first) == (1, None)
        told = (WISHED, WISHED_OF_OTHERS)
        untold = [part for part in case.last["parts"] if not part.get("text", "").startswith(told)]
        assert wire_bytes([{**case.last, "parts": untold}]) + AHEAD_BYTES > case.fit.budget_bytes


@every
def no_word_is_lost(case: Case) -> None:
    """Turns that are left out are represented by their wishes, oldest first, before all replayed turns.

    Only if the words alone are more than the request can take, the oldest are left out.
    """
    wishes = [wish for one in case.path[: case.made.left_out] if (wish := wish_text(one))]
    heading = [text for text in texts_of(case.made.contents[0]) if text.startswith((WISHED, WISHED_OF_OTHERS))]
    told = wishes[len(wishes) - case.made.in_words :]
    assert heading[:1] == (["\n".join([heading[0].split("\n")[0], *(f"- {wish}" for wish in told)])] if told else [])
    if case.made.in_words < len(wishes):
        older = f"- {wishes[len(wishes) - case.made.in_words - 1]}\n"
        assert not case.replayed
        assert wire_bytes(case.made.contents) + wire_bytes([{"parts": [{"text": older}]}]) + AHEAD_BYTES > (
            case.fit.budget_bytes
        )
    for earlier, content in zip(case.replayed, case.made.contents[::2], strict=False):
        assert (texts_of(content) or [""])[-1].endswith(earlier.wish)


@every
def a_request_is_as_long_as_counted(case: Case) -> None:
    def spelled_out(ref: MediaRef) -> str:
        return "A" * (4 * -(-ref.size_bytes // 3))

    if all(ref.size_bytes < 100_000 for ref in case.pictures):
        on_wire = [json.dumps(content, ensure_ascii=False, default=spelled_out) for content in case.made.contents]
        assert sum(len(one.encode()) for one in on_wire) <= wire_bytes(case.made.contents)


@every
def signatures_stay_with_whom_they_belong_to(case: Case) -> None:
    for earlier, reply in zip(case.replayed, case.made.contents[1::2], strict=True):
        signed = ["thoughtSignature" in part for part in reply["parts"]]
        assert "thought_signature" not in json.dumps(reply, default=str)
        if earlier.maker != OURS:
            assert not any(signed)
        else:
            assert [part for part in reply["parts"] if "thoughtSignature" in part] == signed_in(earlier)
        if case.fit.signatures:
            assert [part for part in reply["parts"] if inline(part) and "thoughtSignature" not in part] == []
    assert not any("thoughtSignature" in part for content in case.made.contents[::2] for part in content["parts"])


def signed_in(earlier: Turn) -> list[Json]:
    return [part for part in map(respelt, (earlier.reply or {})["parts"]) if "thoughtSignature" in part]


def respelt(part: Json) -> Json:
    names = {"inline_data": "inlineData", "thought_signature": "thoughtSignature"}
    found = {names.get(name, name): value for name, value in part.items()}
    if picture := inline(part):
        found["inlineData"] = {"mimeType": picture.get("mimeType") or picture["mime_type"], "data": ref_of(picture)}
    return found


def ref_of(picture: Json) -> MediaRef:
    name = picture["data"].removeprefix("media:")
    return MediaRef(sha256=name, mime="image/png", size_bytes=int(name, 16), width_px=640, height_px=480)


@every
def with_room_for_all_the_whole_path_goes_back_as_it_came(case: Case) -> None:
    read = [one for one in case.path if one.reply is not None]
    made = compose(read, case.new, ROOMY)
    assert (made.left_out, made.in_words, made.first) == (0, 0, None)
    assert len(made.contents) == 2 * len(read) + 1
    for earlier, content in zip(read, made.contents[1::2], strict=True):
        if earlier.maker == OURS:
            assert content["parts"] == as_it_came(earlier)


def as_it_came(earlier: Turn) -> list[Json]:
    """Return the parts that a maker gets back: its own, without thoughts, in the spelling that every relay reads."""
    kept: list[Json] = []
    for part in (respelt(part) for part in (earlier.reply or {})["parts"] if not part.get("thought")):
        shown = [inline(other) for other in kept if inline(other)]
        if "thoughtSignature" in part or inline(part) not in shown:
            kept.append(part)
    return kept or [{"text": earlier.words or "…"}]


@every
def what_is_left_out_would_not_have_fitted(case: Case) -> None:
    """One more pair would have been too much, or its reply cannot go back.

    The words of what does not fit come with the photo that a person began with, if that photo is in the request.
    """
    made, fit = case.made, case.fit
    if not fit.history or made.left_out == 0 or not replayable(case.path[made.left_out - 1], fit):
        return
    more = compose(case.path[made.left_out - 1 :], case.new, ROOMY)
    shown = [ref for content in more.contents for ref in pictures_of(content)]
    # Pictures that a turn brings are counted, even if one is in the answer before and is sent once.
    spared = [one.media for turn in case.path[made.left_out - 1 :] for one in turn.pictures]
    count = len(shown) - (more.dropped + len(more.pictures)) + len(made.pictures) + (made.first is not None)
    older = [ref for ref in (made.first, case.changed) if ref]
    words_bytes = sum(len(wish_text(one).encode()) + 20 for one in case.path) + 2 * AHEAD_BYTES
    size_bytes = wire_bytes(more.contents) + sum(map(picture_bytes, [*older, *spared])) + words_bytes
    too_large = any(picture_bytes(ref) > fit.picture_bytes for ref in seen_in(case.path[made.left_out - 1 :]))
    assert too_large or size_bytes > fit.budget_bytes or count + len(spared) + 1 > fit.max_images


@every
def the_picture_that_a_path_began_with_goes_along_where_there_is_room(case: Case) -> None:
    """It comes first, labelled, once; it is never sent beside pictures that a wish brings."""
    first = next(
        iter([ref for one in case.path for ref in (*(p.media for p in one.pictures[:1]), *one.shown[-1:])]), None
    )
    texts = [text for content in case.made.contents for text in texts_of(content)]
    assert texts.count(BEGAN) == (case.made.first is not None)
    if case.made.first is not None:
        assert case.made.first == first
        assert case.made.contents[0]["parts"][0] == {"text": BEGAN}
        assert pictures_of(case.made.contents[0])[0] == first
        assert case.pictures.count(case.made.first) == 1
    elif first is not None and case.path and case.fit.history and first not in case.pictures:
        own = case.changed is None and bool(case.brought) and not case.replayed
        full = len(case.pictures) >= case.fit.max_images
        heavy = wire_bytes(case.made.contents) + picture_bytes(first) + 2 * AHEAD_BYTES > case.fit.budget_bytes
        assert own or full or heavy or picture_bytes(first) > case.fit.picture_bytes


@every
def a_photo_that_somebody_began_with_is_worth_a_pair(case: Case) -> None:
    """The identity of people depends on it. So if any pair is sent with it, it has priority over older pairs."""
    made = case.made
    if case.fit.history and case.path and case.path[0].pictures and len(case.replayed) > 1:
        first = case.path[0].pictures[0].media
        assert (
            first in case.pictures
            or picture_bytes(first) > case.fit.picture_bytes
            or made.left_out == 0
            or (
                # There was no room for it even beside the newest pair.
                len(case.replayed) >= 1 and _too_much_with(first, case)
            )
        )


def _too_much_with(first: MediaRef, case: Case) -> bool:
    newest = compose(case.path[-1:], case.new, ROOMY)
    shown = sum(len(pictures_of(content)) for content in newest.contents)
    words_bytes = sum(len(wish_text(one).encode()) + 20 for one in case.path) + 2 * AHEAD_BYTES
    extra = [ref for ref in (first, case.changed) if ref]
    size_bytes = wire_bytes(newest.contents) + sum(map(picture_bytes, extra)) + words_bytes
    return shown + 2 > case.fit.max_images or size_bytes > case.fit.budget_bytes


@every
def a_carried_picture_is_said_to_be_the_one_to_change(case: Case) -> None:
    """Its position within the new turn, among others."""
    texts = [text for content in case.made.contents for text in texts_of(content)]
    labels = [text for text in texts if text in (TO_CHANGE, AS_IT_WAS)]
    carried = case.changed is not None and case.fit.max_images > 0 and bool(labels)
    assert len(labels) == carried
    if carried:
        parts = case.made.contents[0]["parts"]
        place = parts.index({"text": labels[0]})
        assert inline(parts[place + 1])["data"] == case.changed
        assert (labels[0] == TO_CHANGE) == (not case.replayed)
        assert case.pictures.count(case.changed) == 1


@every
def replies_that_need_not_be_read_would_not_go_back(case: Case) -> None:
    """A path that is read without looking into its replies makes the same request."""
    path = [one for one in case.path if one.reply is not None]
    start = may_replay(path, case.fit)
    read = [replace(one, reply=None, words="") for one in path[:start]] + path[start:]
    assert compose(read, case.new, case.fit) == compose(path, case.new, case.fit)


@given(st.builds(_case, talks(), fits))
@settings(deadline=None, max_examples=300)
def test_what_every_request_keeps_to(case: Case) -> None:
    for rule in RULES:
        rule(case)
