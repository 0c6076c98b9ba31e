"""Several versions of one wish, side by side."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path

from storage.records import TurnState
from tests.support.aimlapi import serving_aimlapi
from tests.support.painter import number_of, picture_part, plain
from tests.support.talking import Talk, talking


async def test_four_versions_come_as_an_album_and_one_is_chosen(talk: Talk) -> None:
    """The four calls run at once; the chosen picture is the one that the next wish continues."""
    ann = talk.telegram.ann
    talk.painter.delay_s = 0.3
    await ann.say("/x4 a boat")
    *album, question = await ann.answers(5)
    assert sorted([number_of(await picture.picture_bytes()) for picture in album]) == [1, 2, 3, 4]
    assert talk.painter.most_running == 4
    assert {call.wish for call in talk.painter.calls} == {"a boat"}
    assert [*question.buttons][:4] == ["1", "2", "3", "4"]
    await ann.press(question, "3")
    chosen = await ann.answer()
    third = number_of(await album[2].picture_bytes())
    assert number_of(await chosen.picture_bytes()) == third
    await ann.say("now red")
    await ann.answer()
    assert [number_of(picture) for picture in talk.painter.calls[-1].all_pictures] == [third]


async def test_without_a_choice_the_next_wish_goes_on_from_the_first_version(talk: Talk) -> None:
    """The calls run at once, and the first one may take longest."""
    ann = talk.telegram.ann
    slow = talk.painter.hold()
    await ann.say("/x3 a boat")
    await talk.painter.called(3)
    async with asyncio.timeout(10):
        while not await _is_answered(talk):  # noqa: ASYNC110 - the store tells nobody
            await asyncio.sleep(0.02)
    slow.set()
    *album, question = await ann.answers(4)
    assert "If you write on without choosing, I go on from number 1." in question.text
    first = number_of(await album[0].picture_bytes())
    await ann.say("now red")
    await ann.answer()
    assert [number_of(picture) for picture in talk.painter.calls[-1].all_pictures] == [first]


async def test_versions_in_words_alone_do_not_lead(talk: Talk) -> None:
    ann = talk.telegram.ann
    talk.painter.will([{"text": "Sorry, no boat."}], [picture_part(plain(11))], [picture_part(plain(12))])
    await ann.say("/x3 a boat")
    *album, question = await ann.answers(3)
    assert "If you write on without choosing, I go on from number 1." in question.text
    first = number_of(await album[0].picture_bytes())
    await ann.say("now red")
    await ann.answer()
    assert [number_of(picture) for picture in talk.painter.calls[-1].all_pictures] == [first]


async def _is_answered(talk: Talk) -> bool:
    """Return whether the conversation has an answer that the next wish could continue."""
    (conversation,) = await talk.store.views.of_chat(talk.telegram.ann.id)
    return conversation.head_id is not None


async def test_the_button_makes_versions_of_a_picture_that_is_there(talk: Talk) -> None:
    """The button repeats the wish of its own picture."""
    ann = talk.telegram.ann
    await ann.photo(plain(150), "make it warmer")
    answer = await ann.answer()
    await ann.press(answer, "Four versions")
    await ann.answers(5)
    assert len(talk.painter.calls) == 5
    assert all([number_of(picture) for picture in call.pictures] == [150] for call in talk.painter.calls)


async def test_a_caption_can_ask_for_versions(talk: Talk) -> None:
    """``/x2`` works with a photo, too."""
    ann = talk.telegram.ann
    await ann.photo(plain(150), "/x2 make it warmer")
    await ann.answers(3)
    assert [call.wish for call in talk.painter.calls] == ["make it warmer"] * 2


async def test_a_version_that_fails_is_counted_and_the_others_come(talk: Talk) -> None:
    """One refusal does not spoil the set."""
    ann = talk.telegram.ann
    refusal = {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}
    talk.painter.will(refusal)
    await ann.say("/x3 a boat")
    *album, question = await ann.answers(3)
    assert len(album) == 2
    assert "one did not come out" in question.text
    await ann.silence()


async def test_a_reply_to_a_version_goes_on_from_it(talk: Talk) -> None:
    """Each picture of the album is a separate turn."""
    ann = talk.telegram.ann
    await ann.say("/x4 a boat")
    *album, _question = await ann.answers(5)
    await ann.say("now red", reply_to=album[1])
    await ann.answer()
    second = number_of(await album[1].picture_bytes())
    assert [number_of(picture) for picture in talk.painter.calls[-1].all_pictures] == [second]


async def test_where_the_provider_makes_several_at_once_it_is_asked_once(tmp_path: Path) -> None:
    """AIMLAPI's ``num_images``: the album is the same, each picture is a turn, and a reply to one goes on from it."""
    async with serving_aimlapi() as aimlapi:
        account = {"provider": "aimlapi", "aimlapi_api_key": "key-of-a-test", "aimlapi_base_url": aimlapi.url}
        async with talking(tmp_path, **account) as talk:
            ann = talk.telegram.ann
            await ann.say("/x4 a boat")
            *album, question = await ann.answers(5)
            assert [number_of(await picture.picture_bytes()) for picture in album] == [1, 2, 3, 4]
            assert [*question.buttons][:4] == ["1", "2", "3", "4"]
            await ann.say("/x2 now red", reply_to=album[1])
            await ann.answers(3)
            assert [call["num_images"] for call in aimlapi.calls] == [4, 2]
            (shown,) = aimlapi.calls[1]["image_urls"]
            second = number_of(await album[1].picture_bytes())
            assert number_of(base64.b64decode(shown.partition(",")[2])) == second == 2


async def test_cancel_of_four_versions_is_one_cancel(talk: Talk) -> None:
    """Those that were ready go with the others, and the conversation goes on where it was."""
    ann = talk.telegram.ann
    await ann.say("a boat")
    await ann.answer()
    gates = [talk.painter.hold() for _ in range(2)]
    await ann.say("/x4 now red")
    await talk.painter.called(5)
    await _ready(talk, 2)
    await ann.say("/cancel")
    assert "Stopped" in (await ann.answer()).text
    for gate in gates:
        gate.set()
    await ann.silence(0.6)
    await ann.say("warmer")
    await ann.answer()
    assert [number_of(picture) for picture in talk.painter.calls[-1].all_pictures] == [1]


async def test_nothing_of_cancelled_versions_stays_in_the_conversation(talk: Talk) -> None:
    """Also not of the one that was ready: it has no number. It was paid for, so the sum counts it."""
    ann = talk.telegram.ann
    for wish in ("a boat", "now red"):
        await ann.say(wish)
        await ann.answer()
    await ann.say("/undo")
    await ann.answer()
    gate = talk.painter.hold()
    await ann.say("/x2 now blue")
    await talk.painter.called(4)
    await _ready(talk, 1, first=3)
    await ann.say("/cancel")
    assert "Stopped" in (await ann.answer()).text
    gate.set()
    await ann.say("/tree")
    assert "2 answers" in (await ann.answer()).words
    await ann.say("/go 3")
    assert "from 1 to 2" in (await ann.answer()).text
    await ann.say("/redo")
    assert "now red" in (await ann.answer()).words
    await ann.say("/usage")
    assert "3 pictures from 3 wishes" in (await ann.answer()).text


async def test_versions_that_came_leave_nothing_to_redo(talk: Talk) -> None:
    """Whether the last of them came or failed."""
    ann = talk.telegram.ann
    refused = {"promptFeedback": {"blockReason": "SAFETY"}}
    for last, messages in ((), 3), ((refused,), 2):
        await ann.say("/new a boat")
        await ann.answer()
        await ann.say("/undo")
        await ann.answer()
        talk.painter.will(*last)
        await ann.say("/x2 now blue")
        await ann.answers(messages)
        await ann.say("/redo")
        assert "nothing to redo" in (await ann.answer()).text


async def _ready(talk: Talk, count: int, *, first: int = 2) -> None:
    """Wait until so many versions are answered, while the others still run."""
    async with asyncio.timeout(10):
        while True:
            turns = [await talk.store.conversations.turn(turn_id) for turn_id in range(first, first + 4)]
            if sum(turn is not None and turn.state is TurnState.ANSWERED for turn in turns) == count:
                return
            await asyncio.sleep(0.02)
