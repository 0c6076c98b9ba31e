"""Long talks: what goes to the model with every wish, request by request, and what a refusal of too much teaches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.turns.request.contents import BEGAN, TO_CHANGE, WISHED
from storage.records import Key
from tests.support.large import MB, heavy, painted
from tests.support.painter import Call, number_of, picture_part, plain, refused, too_many_for
from tests.support.people import ANN, Chat
from tests.support.talking import Talk, in_one, talking

HERE = Key(ANN, 0)
KB = 1000
PHOTO = 150


def numbers(call: Call) -> list[int]:
    return [number_of(picture) for picture in call.all_pictures]


def said(content: Any) -> list[str]:
    return [part.get("text", "picture") for part in content["parts"]]


def told(call: Call) -> list[str]:
    """Return the earlier wishes that a request carries as words."""
    texts = [text for text in said(call.contents[0]) if text.startswith(WISHED)]
    return [line.removeprefix("- ") for text in texts for line in text.splitlines()[1:]]


async def _wish(talk: Talk, chat: Chat, number: int, size_bytes: int) -> None:
    talk.painter.will([{"text": f"Painting {number}."}, picture_part(heavy(number, size_bytes), "image/jpeg")])
    if number == 1:
        await chat.photo(plain(PHOTO), "wish 1")
    else:
        await chat.say(f"wish {number}")
    assert (await chat.answer(60)).has_picture


TABLE = [
    # request, turns that go whole, wishes that go as words, pictures, megabytes
    (1, 0, 0, 1, 0.0),
    (2, 1, 0, 2, 2.0),
    (3, 2, 0, 3, 4.0),
    (4, 3, 0, 4, 6.0),
    (5, 4, 0, 5, 8.0),
    (6, 5, 0, 6, 10.0),
    (7, 6, 0, 7, 12.0),
    (8, 7, 0, 8, 14.0),
    (9, 7, 1, 8, 14.0),
    (10, 7, 2, 8, 14.0),
    (11, 7, 3, 8, 14.0),
    (12, 7, 4, 8, 14.0),
    (13, 7, 5, 8, 14.0),
    (14, 7, 6, 8, 14.0),
    (15, 7, 7, 8, 14.0),
    (16, 7, 8, 8, 14.0),
    (17, 7, 9, 8, 14.0),
    (18, 7, 10, 8, 14.0),
    (19, 7, 11, 8, 14.0),
    (20, 7, 12, 8, 14.0),
]


async def test_twenty_turns_with_the_default_model_keep_photo_words_and_what_has_room(talk: Talk) -> None:
    """Pictures of 1.5 MB, as models make them. Only old pictures are lost, and the photo is not one of them."""
    ann, found = talk.telegram.ann, []
    for number in range(1, 21):
        await _wish(talk, ann, number, 1_500 * KB)
        call = talk.painter.calls[-1]
        whole, words = (len(call.contents) - 1) // 2, told(call)
        found.append((number, whole, len(words), len(call.all_pictures), round(call.size_bytes / MB, 1)))
        assert call.model == "gemini-2.5-flash-image"
        assert call.roles == ["user", "model"] * whole + ["user"]
        assert numbers(call) == [PHOTO, *range(number - whole, number)]
        assert words == [f"wish {earlier}" for earlier in range(1, number - whole)]
        wishes = [said(content)[-1].removeprefix("Then: ") for content in call.contents[::2]]
        assert wishes == [f"wish {later}" for later in range(number - whole, number + 1)]
        assert call.size_bytes < 15_000 * KB + 5 * KB
    assert found == TABLE


async def test_no_word_is_lost_however_far_up_it_was_said(talk: Talk) -> None:
    """In a conversation of a hundred turns; their replies are not read for that."""
    await painted(talk, HERE, 100, 300 * KB, sent=True, size_px=(96, 72))
    await talk.telegram.ann.say("and now at night")
    await talk.telegram.ann.answer(60)
    (call,) = talk.painter.calls
    whole = (len(call.contents) - 1) // 2
    assert told(call) == [f"wish {number}" for number in range(1, 101 - whole)]
    assert numbers(call) == [0, *range(101 - whole, 101)]
    assert said(call.contents[0])[:2] == [BEGAN, "picture"]


@in_one
@pytest.mark.parametrize(
    ("refusal", "pictures"),
    [
        (too_many_for(4), 4),
        (refused("Please use fewer than 4 images in your request to models/gemini-2.5-flash-image"), 3),
        (refused("Too many images"), 4),
        (refused("Request payload size exceeds the limit: 2000000 bytes."), 5),
    ],
)
async def test_what_is_too_much_is_learned_once_for_all(talk: Talk, refusal: Any, pictures: int) -> None:
    """The request goes out again with less; the next ones come with no more than that from the beginning."""
    ann = talk.telegram.ann
    for number in range(1, 8):
        await _wish(talk, ann, number, 300 * KB)
    talk.painter.will(refusal, [picture_part(heavy(8, 300 * KB), "image/jpeg")])
    await ann.say("now at night")
    answer = await ann.answer()
    assert "more than the provider takes at once" in answer.words
    before, after = talk.painter.calls[-2:]
    assert len(before.all_pictures) == 8
    assert numbers(after) == [PHOTO, *range(9 - pictures, 8)]
    assert told(after) == [f"wish {number}" for number in range(1, 9 - pictures)]
    await talk.telegram.boris.photo(plain(40), "a boat")
    await talk.telegram.boris.answer()
    await ann.say("brighter")
    answer = await ann.answer()
    assert "more than the provider takes" not in answer.words
    assert len(talk.painter.calls[-1].all_pictures) <= pictures
    calls = len(talk.painter.calls)
    await talk.restart()
    await ann.say("bluer")
    await ann.answer()
    assert len(talk.painter.calls) == calls + 1
    # There may be room for one more picture by bytes, since the last one is small.
    assert len(talk.painter.calls[-1].all_pictures) <= pictures + 1


@pytest.mark.parametrize(
    "wish",
    ["a poster that says: at most 1 image", "a sign: payload size exceeds 10000 bytes", "a stamp: too many images"],
)
async def test_a_refusal_that_quotes_a_wish_teaches_nothing_about_the_provider(talk: Talk, wish: str) -> None:
    """Ann's words came back in a refusal, and from then on nobody's earlier pictures were sent any more."""
    ann, boris = talk.telegram.ann, talk.telegram.boris
    for number in range(1, 4):
        await _wish(talk, ann, number, 30 * KB)
        await _wish(talk, boris, number, 30 * KB)
    calls = len(talk.painter.calls)
    talk.painter.will(*[refused(f'The prompt was rejected: "{wish}"')] * 2)
    await ann.say(wish)
    assert not (await ann.answer()).has_picture
    assert len(talk.painter.calls) == calls + 1
    talk.painter.script.clear()
    await boris.say("now at night")
    await boris.answer()
    assert numbers(talk.painter.calls[-1]) == [PHOTO, 1, 2, 3]


async def test_a_limit_that_did_not_help_is_no_limit(talk: Talk) -> None:
    """What a refusal names is known to be true once less came through."""
    ann, boris = talk.telegram.ann, talk.telegram.boris
    for number in range(1, 4):
        await _wish(talk, ann, number, 30 * KB)
        await _wish(talk, boris, number, 30 * KB)
    talk.painter.will(too_many_for(2), refused("I don't like it"))
    await ann.say("bluer")
    assert not (await ann.answer()).has_picture
    await boris.say("now at night")
    await boris.answer()
    assert numbers(talk.painter.calls[-1]) == [PHOTO, 1, 2, 3]


async def test_too_large_a_picture_is_told_and_not_sent_again(talk: Talk) -> None:
    ann = talk.telegram.ann
    await _wish(talk, ann, 1, 900 * KB)
    await _wish(talk, ann, 2, 30 * KB)
    talk.painter.will(refused("image exceeds 1 MB maximum: 1200000 bytes > 1000000 bytes"))
    await ann.say("now at night")
    await ann.answer()
    after = talk.painter.calls[-1]
    assert numbers(after) == [PHOTO, 2]
    assert told(after) == ["wish 1"]
    await ann.say("brighter")
    await ann.answer()
    assert max(map(len, talk.painter.calls[-1].all_pictures)) < 900 * KB


async def test_what_a_picture_takes_that_came_through_is_no_more_than_is_taken(talk: Talk) -> None:
    """The bot halves a refused size, but a picture that had to be sent, and passed, may be larger than that half."""
    ann, boris = talk.telegram.ann, talk.telegram.boris
    await _wish(talk, ann, 1, 30 * KB)
    await _wish(talk, ann, 2, 900 * KB)
    talk.painter.will(refused("Request Entity Too Large"))
    await ann.say("now at night")
    assert (await ann.answer()).has_picture
    assert numbers(talk.painter.calls[-1]) == [2]
    await _wish(talk, boris, 1, 400 * KB)
    await _wish(talk, boris, 2, 400 * KB)
    await boris.say("brighter")
    assert (await boris.answer()).has_picture
    assert numbers(talk.painter.calls[-1]) == [PHOTO, 1, 2]


async def test_pixels_are_no_bytes(talk: Talk) -> None:
    """If the limit were taken for bytes, no conversation could send a picture for days."""
    ann, boris = talk.telegram.ann, talk.telegram.boris
    await _wish(talk, ann, 1, 300 * KB)
    await _wish(talk, ann, 2, 30 * KB)
    talk.painter.will(refused("The image size is too large: 25 megapixels at most"))
    await ann.say("now at night")
    await ann.answer()
    await boris.photo(plain(40), "a boat")
    await boris.answer()
    await boris.say("brighter")
    await boris.answer()
    assert len(talk.painter.calls[-1].all_pictures) == 2


async def test_what_is_still_too_much_gets_less_until_one_picture_is_left(talk: Talk) -> None:
    ann = talk.telegram.ann
    for number in range(1, 8):
        await _wish(talk, ann, number, 30 * KB)
    talk.painter.will(*[refused("Too many images")] * 3)
    await ann.say("now at night")
    assert (await ann.answer()).has_picture
    assert [len(call.all_pictures) for call in talk.painter.calls[-4:]] == [8, 4, 2, 1]
    last = talk.painter.calls[-1]
    assert numbers(last) == [7]
    assert [*told(last), said(last.contents[-1])[-1]] == [*(f"wish {number}" for number in range(1, 7)), "now at night"]


@pytest.mark.parametrize(
    "words",
    [
        "The input token count (33011) exceeds the maximum number of tokens allowed (32768).",
        "The prompt is too long",
        "prompt: String must contain at most 32,000 character(s)",
    ],
)
async def test_one_talk_with_too_many_words_takes_no_pictures_from_the_others(talk: Talk, words: str) -> None:
    """The limit that a conversation of many words met says little about the next conversation."""
    ann, boris = talk.telegram.ann, talk.telegram.boris
    for number in range(1, 8):
        await _wish(talk, ann, number, 30 * KB)
    talk.painter.will(*[refused(words)] * 3)
    await ann.say("now at night")
    assert (await ann.answer()).has_picture
    assert len(talk.painter.calls[-1].all_pictures) == 1
    await boris.album([plain(150), plain(151)], "put them side by side")
    await boris.answer()
    assert numbers(talk.painter.calls[-1]) == [150, 151]


async def test_another_makers_talk_is_told_with_the_photo_and_the_picture_as_it_is(talk: Talk) -> None:
    """Gemini 3 takes back only pictures that it signed; a text before the two says which one to change."""
    ann = talk.telegram.ann
    for number in (1, 2):
        await _wish(talk, ann, number, 30 * KB)
    conversation = await talk.store.conversations.open(HERE)
    await talk.store.conversations.change(conversation.id, {"model": "gemini-3-pro-image", "provider": "gemini"}.__or__)
    await ann.say("make her smile")
    await ann.answer()
    (content,) = talk.painter.calls[-1].contents
    wished = "\n".join([WISHED, "- wish 1", "- wish 2"])
    assert said(content) == [BEGAN, "picture", wished, TO_CHANGE, "picture", "Now: make her smile"]
    assert numbers(talk.painter.calls[-1]) == [PHOTO, 2]


async def test_context_says_what_goes_whole_what_as_words_and_what_came_first(tmp_path: Path) -> None:
    async with talking(tmp_path, history_budget_bytes=1_400_000) as talk:
        ann = talk.telegram.ann
        for number in range(1, 7):
            await _wish(talk, ann, number, 300 * KB)
        await ann.say("/context")
        seen = (await ann.answer()).caption
        await ann.say("now at night")
        await ann.answer()
        call = talk.painter.calls[-1]
        assert f"the last {(len(call.contents) - 1) // 2} steps" in seen
        assert f"{len(call.all_pictures)} pictures" in seen
        assert f"Of {len(told(call))} older steps it gets only the wishes, without pictures." in seen
        # It is counted among the pictures, and must not sound like one more.
        assert "The first photo on the way to this picture is always among them." in seen
        assert f"{call.size_bytes / MB:.1f} MB" in seen
        assert "about $0.0" in seen


async def test_what_is_not_taken_back_as_it_came_is_told_in_words(talk: Talk) -> None:
    """An answer had a field that the same address refuses: relays change the provider behind them."""
    ann = talk.telegram.ann
    talk.painter.will([{"text": "There.", "id": "part-7"}, picture_part(plain(9))])
    await ann.say("a boat")
    await ann.answer()
    unknown = "Invalid JSON payload received. Unknown name \"id\" at 'contents[1].parts[0]': Cannot find field."
    talk.painter.will(refused(unknown))
    await ann.say("warmer")
    assert (await ann.answer()).has_picture
    assert [call.roles for call in talk.painter.calls[1:]] == [["user", "model", "user"], ["user"]]
    assert numbers(talk.painter.calls[-1]) == [9]
    assert told(talk.painter.calls[-1]) == ["a boat"]
