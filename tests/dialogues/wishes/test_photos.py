"""Photos that people send: one or several, with words, before words, or as an answer to an older one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.painter import numbers, plain, too_many_for
from tests.support.talking import Talk, both_ways, talking


async def test_an_album_is_one_wish_in_the_order_in_which_it_was_sent(tmp_path: Path) -> None:
    """Its pictures arrive as messages of their own, with pauses and in any order; the call has them all, and once."""
    async with talking(tmp_path, album_wait_s=1.0) as talk:
        ann = talk.telegram.ann
        sent = await ann.album([plain(150), plain(151), plain(152)], "a collage", order=[2, 0, 1], stagger_s=0.1)
        assert (await ann.answer()).has_picture
        (call,) = talk.painter.calls
        assert call.wish == "a collage"
        assert numbers(call.pictures) == [150, 151, 152]
        assert [message.id for message in sent] == sorted(message.id for message in sent)
        await ann.silence()


@pytest.mark.parametrize("count", [3, 4])
async def test_an_album_that_fills_the_models_room_is_painted_in_mid_conversation(talk: Talk, count: int) -> None:
    ann = talk.telegram.ann
    await ann.photo(plain(40), "make it warm")
    await ann.answer()
    talk.painter.will(too_many_for(3))
    await ann.album([plain(150 + number) for number in range(count)], "a collage")
    answer = await ann.answer()
    assert answer.has_picture
    assert numbers(talk.painter.calls[-1].all_pictures) == [150, 151, 152]
    assert ("no more than 3 at once" in answer.words) == (count > 3)


@both_ways
async def test_captions_of_an_album_stay_beside_their_pictures(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.album([plain(150), plain(151)], captions=["this boat", "into this harbour"])
    await ann.answer()
    (call,) = talk.painter.calls
    parts = call.contents[0]["parts"]
    assert [part.get("text", "picture") for part in parts] == ["picture", "this boat", "picture", "into this harbour"]
    assert numbers(call.pictures) == [150, 151]


async def test_an_album_without_words_waits_for_them(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.album([plain(150), plain(151)])
    assert "these 2 pictures" in (await ann.answer()).text
    await ann.say("blend them")
    await ann.answer()
    assert numbers(talk.painter.calls[0].pictures) == [150, 151]


@both_ways
async def test_two_albums_at_once_are_two_wishes(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.album([plain(150), plain(151)], "a collage")
    await ann.album([plain(152), plain(153)], "another")
    await ann.answers(2)
    first, second = talk.painter.calls
    assert (first.wish, numbers(first.pictures)) == ("a collage", [150, 151])
    assert second.wish.endswith("another")
    assert numbers(second.pictures)[-2:] == [152, 153]


async def test_loose_photos_are_used_up_together_by_the_next_words(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.photo(plain(150))
    question = await ann.answer()
    assert "What should I do with this picture?" in question.text
    await ann.photo(plain(151))
    await ann.until(question, "What should I do with these 2 pictures?")
    await ann.say("blend them")
    await ann.answer()
    await ann.say("now red")
    await ann.answer()
    first, second = talk.painter.calls
    assert (first.wish, numbers(first.pictures)) == ("blend them", [150, 151])
    assert (second.wish, second.pictures) == ("now red", [])


async def test_more_pictures_than_the_model_takes_are_left_out_with_a_word(talk: Talk) -> None:
    ann = talk.telegram.ann
    talk.painter.will(too_many_for(3))
    await ann.album([plain(number) for number in (150, 151, 152, 153)], "a collage")
    answer = await ann.answer()
    assert "takes no more than 3 at once" in answer.caption
    assert [numbers(call.pictures) for call in talk.painter.calls] == [[150, 151, 152, 153], [150, 151, 152]]


async def test_more_pictures_than_the_model_does_well_with_all_go_with_a_word(talk: Talk) -> None:
    """Google advises three for this model, and refuses none."""
    ann = talk.telegram.ann
    await ann.album([plain(number) for number in (150, 151, 152, 153)], "a collage")
    assert "works best with no more than 3 pictures" in (await ann.answer()).caption
    assert numbers(talk.painter.calls[0].pictures) == [150, 151, 152, 153]


async def test_a_reply_to_ones_own_photo_edits_that_photo(talk: Talk) -> None:
    """Even if newer pictures exist."""
    ann = talk.telegram.ann
    photo = await ann.photo(plain(150), "make it red")
    await ann.answer()
    await ann.say("now blue")
    await ann.answer()
    await ann.say("make it green", reply_to=photo)
    await ann.answer()
    call = talk.painter.calls[2]
    assert (call.roles, call.wish, numbers(call.all_pictures)) == (["user"], "make it green", [150])


async def test_a_reply_to_one_of_several_waiting_photos_takes_that_one(talk: Talk) -> None:
    ann = talk.telegram.ann
    first = await ann.photo(plain(150))
    question = await ann.answer()
    await ann.photo(plain(151))
    await ann.until(question, "these 2 pictures")
    await ann.say("make it red", reply_to=first)
    await ann.answer()
    await ann.say("and this one green")
    await ann.answer()
    assert numbers(talk.painter.calls[0].pictures) == [150]
    assert numbers(talk.painter.calls[1].pictures) == [151]


async def test_a_reply_to_one_picture_of_an_album_speaks_of_that_picture(talk: Talk) -> None:
    ann = talk.telegram.ann
    sent = await ann.album([plain(150), plain(151)], "a collage")
    await ann.answer()
    await ann.say("this one in black and white", reply_to=sent[1])
    await ann.answer()
    assert numbers(talk.painter.calls[1].all_pictures) == [151]


@both_ways
async def test_a_reply_to_a_photo_that_the_bot_never_saw_brings_it(talk: Talk) -> None:
    """In a supergroup the bot sees other people's photos only through the replies to them, in a basic one never."""
    group = await talk.telegram.group(kind="supergroup")
    await group.answer()
    photo = await group.photo(plain(150))
    await group.silence()
    await group.say("/edit@pentimento_bot make it red", reply_to=photo)
    await group.answer()
    (call,) = talk.painter.calls
    assert (call.wish, numbers(call.pictures)) == ("Ann: make it red", [150])


async def test_a_photo_in_reply_to_a_picture_goes_along_with_it(talk: Talk) -> None:
    """The answer is edited, and the new photo is sent along."""
    ann = talk.telegram.ann
    await ann.say("a boat")
    first = await ann.answer()
    await ann.say("now red")
    await ann.answer()
    await ann.photo(plain(150), "put this flag on it", reply_to=first)
    await ann.answer()
    call = talk.painter.calls[2]
    assert numbers(call.all_pictures) == [1, 150]
    assert call.wish == "put this flag on it"


async def test_a_picture_sent_as_a_file_works_like_a_photo(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.document(("boat.png", plain(150)), "make it red")
    await ann.answer()
    assert numbers(talk.painter.calls[0].pictures) == [150]


async def test_a_plain_sticker_is_a_picture(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.send(("sticker.webp", plain(150, (512, 512), "WEBP")), "sticker")
    assert "What should I do with this picture?" in (await ann.answer()).text
    await ann.say("make it red")
    await ann.answer()
    assert numbers(talk.painter.calls[0].pictures) == [150]


async def test_the_file_button_gives_back_what_the_model_made_and_not_what_telegram_made_of_it(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("a boat")
    answer = await ann.answer()
    assert await answer.picture_bytes() != plain(1)
    await ann.press(answer, "File")
    file = await ann.answer()
    assert await file.document_bytes() == plain(1)
    assert file.body["document"]["file_name"].endswith(".png")
    assert file.body["document"]["mime_type"] == "image/png"
    assert len(talk.painter.calls) == 1


async def test_a_reply_to_the_file_goes_on_from_its_picture(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("a boat")
    await ann.answer()
    await ann.say("/file")
    file = await ann.answer()
    await ann.say("now red")
    await ann.answer()
    await ann.say("now blue", reply_to=file)
    await ann.answer()
    assert numbers(talk.painter.calls[2].all_pictures) == [1]
