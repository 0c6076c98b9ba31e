"""One act of a person is one wish, in however many messages Telegram delivers it."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from bot.chat.receive import acts
from tests.support.painter import number_of, numbers, plain, too_many_for
from tests.support.people import BORIS, Chat, Message
from tests.support.talking import Talk, both_ways, read_whole, talking

BOT = "@pentimento_bot"
QUESTION = "What should I do with"


async def _elsewhere(talk: Talk) -> Chat:
    """Return a group without the bot, from which Ann forwards something."""
    return await talk.telegram.group("Harbour", bot=False)


# A comment, and the message that is forwarded with it.


@both_ways
async def test_a_comment_and_the_photo_passed_on_with_it_are_one_wish(talk: Talk) -> None:
    """Clients send the comment first, as a separate message (tdesktop, share_box.cpp)."""
    ann, harbour = talk.telegram.ann, await _elsewhere(talk)
    photo = await harbour.seen_by(BORIS).photo(plain(150), "our boat")
    await harbour.pass_on([photo], ann, "make it black and white", stagger_s=0.02)
    assert (await ann.answer()).has_picture
    (call,) = talk.painter.calls
    assert (call.wish, numbers(call.pictures)) == ("make it black and white", [150])
    await ann.silence()


async def test_the_photo_passed_on_may_be_an_album_that_arrives_bit_by_bit(talk: Talk) -> None:
    ann, harbour = talk.telegram.ann, await _elsewhere(talk)
    album = await harbour.album([plain(150), plain(151)])
    single = await harbour.photo(plain(152))
    await harbour.pass_on([*album, single], ann, "a collage", stagger_s=0.02)
    assert (await ann.answer()).has_picture
    (call,) = talk.painter.calls
    assert (call.wish, numbers(call.pictures)) == ("a collage", [150, 151, 152])
    await ann.silence()


@both_ways
async def test_a_comment_on_an_own_photo_that_is_passed_on_is_about_that_photo(talk: Talk) -> None:
    """As from Saved Messages: one's own old caption is no second wish beside the comment."""
    ann, harbour = talk.telegram.ann, await _elsewhere(talk)
    photo = await harbour.photo(plain(150), "our boat")
    await harbour.pass_on([photo], ann, "make it black and white", stagger_s=0.02)
    assert (await ann.answer()).has_picture
    (call,) = talk.painter.calls
    assert call.wish.endswith("make it black and white")
    assert numbers(call.pictures) == [150]
    await ann.silence()


async def test_in_a_group_the_mention_in_the_comment_holds_for_the_photo(talk: Talk) -> None:
    group, harbour = await read_whole(talk, "supergroup"), await _elsewhere(talk)
    photo = await harbour.photo(plain(150))
    await harbour.pass_on([photo], group, f"{BOT} make it black and white")
    assert (await group.answer()).has_picture
    (call,) = talk.painter.calls
    assert (call.wish, numbers(call.pictures)) == ("Ann: make it black and white", [150])


async def test_what_others_write_in_between_does_not_part_them(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    # Three requests of a test take longer than what clients send in one go, above all on a busy machine.
    monkeypatch.setattr(acts, "TOGETHER_S", 0.3)
    group, harbour = await read_whole(talk, "supergroup"), await _elsewhere(talk)
    photo = await harbour.photo(plain(150))
    passing = asyncio.create_task(harbour.pass_on([photo], group, f"{BOT} make it red", stagger_s=0.06))
    await asyncio.sleep(0.03)
    await group.seen_by(BORIS).say("lovely weather")
    await passing
    assert (await group.answer()).has_picture
    assert numbers(talk.painter.calls[0].pictures) == [150]


async def test_words_passed_on_with_a_comment_go_along_as_somebody_elses(talk: Talk) -> None:
    ann, harbour = talk.telegram.ann, await _elsewhere(talk)
    words = await harbour.seen_by(BORIS).say("a fox in a yellow raincoat on a pier")
    await harbour.pass_on([words], ann, "draw this at night")
    assert (await ann.answer()).has_picture
    (call,) = talk.painter.calls
    assert call.wish == "Boris wrote: “a fox in a yellow raincoat on a pier”\ndraw this at night"
    await ann.silence()


async def test_a_comment_on_what_no_model_reads_is_answered_and_costs_nothing(talk: Talk) -> None:
    ann, harbour = talk.telegram.ann, await _elsewhere(talk)
    clip = await harbour.send(("boat.mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(100)), "video")
    await harbour.pass_on([clip], ann, "make it black and white")
    assert "can’t get a picture out of that video" in (await ann.answer()).text
    await ann.silence()
    assert talk.painter.calls == []


async def test_a_photo_sent_long_after_some_words_is_no_part_of_them(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("a boat")
    await ann.answer()
    await ann.photo(plain(150))
    assert QUESTION in (await ann.answer()).text


async def test_words_alone_wait_for_no_more_than_a_moment(talk: Talk) -> None:
    """The time from the wish to the call, of which nothing else takes long here."""
    ann = talk.telegram.ann
    await ann.say("a boat")
    await ann.answer()
    waits = []
    for number in range(2, 7):
        said_at = time.monotonic()
        await ann.say("warmer")
        waits.append((await talk.painter.called(number)).at_s - said_at)
        await ann.answer()
    assert min(waits) < 0.2


# Words that a client cut.


@both_ways
@pytest.mark.parametrize("length", [6000, 10000])
async def test_words_longer_than_a_message_are_one_wish(talk: Talk, length: int) -> None:
    ann = talk.telegram.ann
    words = "".join(f"house number {number} in red brick, " for number in range(400))[:length].strip()
    await ann.say(words, stagger_s=0.2)
    assert (await ann.answer()).has_picture
    (call,) = talk.painter.calls
    assert call.wish == words
    await ann.silence()


async def test_a_client_may_cut_far_before_the_limit_where_a_sentence_ends(talk: Talk) -> None:
    """At any good place after the middle (tdesktop, text_utilities.cpp, CutPart)."""
    ann = talk.telegram.ann
    first = "A harbour with many boats. " * 90
    sent = [await ann.say(first), await ann.say("All of them are red.")]
    assert (await ann.answer()).has_picture
    (call,) = talk.painter.calls
    assert call.wish == f"{first.strip()} All of them are red."
    await ann.edit(sent[1], "All of them are blue.")
    assert "several messages" in (await ann.answer()).text
    assert len(talk.painter.calls) == 1


async def test_long_words_alone_are_painted_by_themselves(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("a harbour, " * 370)
    assert (await ann.answer()).has_picture
    await ann.say("now red")
    assert (await ann.answer()).has_picture
    assert talk.painter.calls[1].wish == "now red"


# Single photos, one after another.


async def test_a_burst_of_single_photos_is_kept_whole_and_asked_about_once(talk: Talk) -> None:
    ann = talk.telegram.ann
    sent = [plain(number) for number in range(150, 158)]
    await ann.album(sent, ungrouped=True, stagger_s=0.05)
    question = await ann.answer()
    assert question.text == "What should I do with these 8 pictures? Just write it."
    await ann.silence()
    talk.painter.will(too_many_for(3))
    await ann.say("a collage of all")
    answer = await ann.answer()
    assert [numbers(call.pictures) for call in talk.painter.calls] == [[*range(150, 158)], [150, 151, 152]]
    assert "I used the 3 pictures that you sent one after another." in answer.words
    assert "I left out the last 5 pictures." in answer.words


async def test_photos_that_come_with_pauses_change_the_question(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.photo(plain(150))
    question = await ann.answer()
    await ann.photo(plain(151))
    await ann.until(question, "these 2 pictures")
    await ann.silence()


async def test_words_that_follow_the_photos_at_once_answer_the_question_before_it_is_asked(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.album([plain(150), plain(151)], ungrouped=True)
    await ann.say("blend them")
    assert (await ann.answer()).has_picture
    (call,) = talk.painter.calls
    assert (call.wish, numbers(call.pictures)) == ("blend them", [150, 151])
    await ann.silence()


async def test_equal_pictures_count_once(talk: Talk) -> None:
    ann = talk.telegram.ann
    for number in (150, 150, 151):
        await ann.document(("boat.png", plain(number)))
    assert "these 2 pictures" in (await ann.until(await ann.answer(), "2")).text
    await ann.say("blend them")
    answer = await ann.answer()
    assert numbers(talk.painter.calls[0].pictures) == [150, 151]
    assert "I used the 2 pictures" in answer.words


async def test_photos_wait_behind_a_picture_that_is_being_painted(talk: Talk) -> None:
    """None of them is turned away, and the bot asks about none while the answer is still running."""
    ann = talk.telegram.ann
    gate = talk.painter.hold()
    await ann.say("a boat")
    await talk.painter.called(1)
    await ann.album([plain(number) for number in range(150, 158)], ungrouped=True)
    await ann.say("a collage of all")
    await ann.silence()
    gate.set()
    assert [one.has_picture for one in await ann.answers(2)] == [True, True]
    assert numbers(talk.painter.calls[1].pictures) == [*range(150, 158)]
    await ann.silence()


async def test_a_question_in_a_group_is_asked_once_and_its_answer_finds_all_photos(talk: Talk) -> None:
    group = await talk.telegram.group(kind="supergroup")
    hello = await group.answer()
    await group.album([plain(150), plain(151)], ungrouped=True, reply_to=hello)
    question = await group.answer()
    assert "these 2 pictures" in question.text
    await group.silence()
    await group.say("blend them", reply_to=question)
    await group.answer()
    assert numbers(talk.painter.calls[0].pictures) == [150, 151]


# Corrections.


async def test_a_typo_mended_while_the_wish_waits_is_painted_once(talk: Talk) -> None:
    ann = talk.telegram.ann
    gate = talk.painter.hold()
    await ann.say("a boat")
    await talk.painter.called(1)
    wish = await ann.say("a hoose")
    await ann.edit(wish, "a hause")
    await ann.edit(wish, "a house")
    gate.set()
    await ann.answers(2)
    assert [call.wish for call in talk.painter.calls] == ["a boat", "a house"]
    await ann.silence()


async def test_a_typo_mended_at_once_is_painted_once(talk: Talk) -> None:
    ann = talk.telegram.ann
    wish = await ann.say("a hoose")
    await ann.edit(wish, "a house")
    answer = await ann.answer()
    assert [call.wish for call in talk.painter.calls] == ["a house"]
    assert "edited" not in answer.words
    await ann.silence()


async def test_a_wish_in_line_for_the_provider_is_changed_where_it_stands(tmp_path: Path) -> None:
    async with talking(tmp_path, max_parallel_calls=1) as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        gate = talk.painter.hold()
        await boris.say("a boat")
        await talk.painter.called(1)
        wish = await ann.say("a hoose")
        await talk.in_line()
        await ann.edit(wish, "/x2 a house")
        await ann.silence()
        gate.set()
        await ann.answers(3)
        assert [call.wish for call in talk.painter.calls] == ["a boat", "a house", "a house"]
        await ann.silence()


async def test_a_correction_in_line_brings_its_photo_and_its_reply_along(tmp_path: Path) -> None:
    async with talking(tmp_path, max_parallel_calls=1) as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        await ann.say("a boat")
        boat = await ann.answer()
        await ann.say("a gull")
        await ann.answer()
        gate = talk.painter.hold()
        await boris.say("a boat")
        await talk.painter.called(3)
        wish = await ann.photo(plain(150), "put this flga on it", reply_to=boat)
        await talk.in_line()
        await ann.edit(wish, "put this flag on it")
        await ann.silence()
        gate.set()
        answer = await ann.answer()
        call = talk.painter.calls[3]
        assert (call.wish, numbers(call.all_pictures)) == ("put this flag on it", [1, 150])
        await ann.say("now red", reply_to=wish)
        await ann.answer()
        assert numbers(talk.painter.calls[4].all_pictures)[-1] in (150, number_of(await answer.picture_bytes()))
        assert len(talk.painter.calls) == 5


async def test_an_edit_of_a_wish_that_is_being_painted_is_a_wish_of_its_own(talk: Talk) -> None:
    ann = talk.telegram.ann
    gate = talk.painter.hold()
    wish = await ann.say("a hoose")
    await talk.painter.called(1)
    await ann.edit(wish, "a house")
    await ann.silence()
    gate.set()
    await ann.answers(2)
    assert [call.wish for call in talk.painter.calls] == ["a hoose", "a house"]


async def test_a_stop_between_wish_and_edit_loses_neither(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        ann = talk.telegram.ann
        gate = talk.painter.hold()
        talk.stop_grace_s = 0
        await ann.say("a boat")
        await talk.painter.called(1)
        wish = await ann.say("a hoose")
        await ann.edit(wish, "a house")
        await ann.silence()
        await talk.restart()
        gate.set()
        answers = await ann.answers(2)
        assert all(one.has_picture for one in answers)
        assert [call.wish for call in talk.painter.calls] == ["a boat", "a boat", "a house"]


async def test_acts_survive_a_stop_in_their_midst(tmp_path: Path) -> None:
    """Persons pass photos on with a comment, cut words in two and send bursts while the bot stops and starts again."""
    async with talking(tmp_path) as talk:
        people = [await talk.telegram.newcomer(f"Person {number}") for number in range(9)]
        harbour = await _elsewhere(talk)
        photo = await harbour.photo(plain(150))
        sent: list[list[Message]] = []
        for number, person in enumerate(people):
            if number % 3 == 0:
                sender = harbour.seen_by(person.person_id)
                await harbour.add(person.person_id)
                sent.append(await sender.pass_on([photo], person, f"make it red {number}", stagger_s=0.02))
            elif number % 3 == 1:
                await person.say("a harbour, " * 400 + f"and boat {number}", stagger_s=0.05)
            else:
                await person.album([plain(151), plain(152)], ungrouped=True, stagger_s=0.1)
            if number == 5:
                await talk.restart()
        for number, person in enumerate(people):
            answer = await person.answer()
            assert answer.has_picture == (number % 3 != 2)
            assert number % 3 != 2 or "these 2 pictures" in (await person.until(answer, "2")).text
        assert len(talk.painter.calls) == 6
