"""The tree in people's hands."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from tests.support.painter import colour, number_of, plain
from tests.support.people import Chat
from tests.support.talking import Talk


async def _paint(chat: Chat, *wishes: str) -> None:
    for wish in wishes:
        await chat.say(wish)
        await chat.answer()


def _size(picture: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(picture)) as opened:
        return opened.size


async def test_the_tree_is_a_picture_and_go_moves_to_a_number(talk: Talk) -> None:
    """Numbers do not change: 2 is the second answer, wherever head is."""
    ann = talk.telegram.ann
    await _paint(ann, "a boat", "now red", "now blue")
    await ann.say("/tree")
    tree = await ann.answer()
    assert "3 answers" in tree.caption
    assert min(_size(await tree.picture_bytes())) > 300
    await ann.say("/go 2")
    there = await ann.answer()
    assert "now red" in there.caption
    assert number_of(await there.picture_bytes()) == 2
    await _paint(ann, "with a sail")
    assert [number_of(picture) for picture in talk.painter.calls[-1].all_pictures] == [1, 2]


async def test_go_without_a_good_number_says_which_there_are(talk: Talk) -> None:
    """Words, zero and too much are answered alike."""
    ann = talk.telegram.ann
    await _paint(ann, "a boat", "now red")
    for wrong in ("/go", "/go 9", "/go back", "/go 99999999999999999999"):
        await ann.say(wrong)
        assert "from 1 to 2" in (await ann.answer()).text


async def test_compare_shows_before_and_after(talk: Talk) -> None:
    """Left the older, right the newer; with a word the first state."""
    ann = talk.telegram.ann
    await ann.photo(plain(150), "make it warmer")
    await ann.answer()
    await ann.say("/compare")
    pair = Image.open(io.BytesIO(await (await ann.answer()).picture_bytes())).convert("RGB")
    left, right = pair.crop((10, 10, 40, 40)), pair.crop((pair.width - 40, 10, pair.width - 10, 40))
    assert [number_of(_png(side)) for side in (left, right)] == [150, 1]


async def test_an_answer_in_words_has_no_picture_to_compare_and_leaves_the_current_one(talk: Talk) -> None:
    ann = talk.telegram.ann
    await _paint(ann, "a boat")
    talk.painter.will([{"text": "That is a boat."}])
    await _paint(ann, "what is it?")
    await ann.say("/compare 1 2")
    assert "Number 2 was answered with words" in (await ann.answer()).text
    await ann.say("/compare 1 7")
    assert "from 1 to 2" in (await ann.answer()).text
    await ann.say("/save ship")
    assert "Saved" in (await ann.answer()).text
    await ann.say("/new @ship in a storm")
    await ann.answer()
    assert [number_of(picture) for picture in talk.painter.calls[-1].all_pictures] == [1]


async def test_compare_original_names_what_it_shows_and_offers_no_more_of_it(talk: Talk) -> None:
    ann = talk.telegram.ann
    await _paint(ann, "a boat", "now red", "now blue")
    await ann.say("/compare")
    assert "/compare original" in (await ann.answer()).caption
    await ann.say("/compare original")
    assert (await ann.answer()).caption == "The first state and the current one."


@pytest.mark.parametrize("later", [(), ("now blue", "now green")])
async def test_the_original_is_the_photo_that_the_picture_comes_from(talk: Talk, later: tuple[str, ...]) -> None:
    """A second photo begins anew: the first one is not the original of what came of the second."""
    ann = talk.telegram.ann
    await ann.photo(plain(150), "make it warmer")
    await ann.answer()
    await ann.photo(plain(90), "make it red")
    await ann.answer()
    await _paint(ann, *later)
    await ann.say("/compare original")
    pair = Image.open(io.BytesIO(await (await ann.answer()).picture_bytes())).convert("RGB")
    left, right = pair.crop((10, 10, 40, 40)), pair.crop((pair.width - 40, 10, pair.width - 10, 40))
    assert [number_of(_png(side)) for side in (left, right)] == [90, 2 + len(later)]


async def test_the_original_stays_while_named_pictures_come_along(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.photo(plain(90), "a hat")
    await ann.answer()
    await ann.say("/save hat")
    await ann.answer()
    await ann.photo(plain(150), "make it warmer")
    await ann.answer()
    await ann.say("put @hat on")
    await ann.answer()
    await ann.say("/compare original")
    pair = Image.open(io.BytesIO(await (await ann.answer()).picture_bytes())).convert("RGB")
    assert number_of(_png(pair.crop((10, 10, 40, 40)))) == 150


async def test_one_state_has_nothing_to_compare(talk: Talk) -> None:
    """The bot says so, and where there is no picture at all it does not speak of one."""
    ann = talk.telegram.ann
    nothing = "There is nothing to show yet. Send me a wish first."
    for compared, filmed in (
        (nothing, nothing),
        ("There is only one state of this picture", "One picture so far: a timelapse needs two."),
    ):
        for command, expected in (("/compare", compared), ("/timelapse", filmed)):
            await ann.say(command)
            assert (await ann.answer()).text.startswith(expected)
        await _paint(ann, "a boat")


async def test_two_numbers_of_the_tree_are_compared(talk: Talk) -> None:
    ann = talk.telegram.ann
    await _paint(ann, "a boat", "now red", "now blue")
    await ann.say("/compare 3 and 1")
    answer = await ann.answer()
    assert answer.caption == "Number 3 and number 1."
    pair = Image.open(io.BytesIO(await answer.picture_bytes())).convert("RGB")
    sides = [pair.crop((10, 10, 40, 40)), pair.crop((pair.width - 40, 10, pair.width - 10, 40))]
    assert [number_of(_png(side)) for side in sides] == [3, 1]
    await ann.say("/compare 2 9")
    assert "The numbers go from 1 to 3" in (await ann.answer()).text


async def test_the_tree_begins_with_the_photo_that_was_sent(talk: Talk) -> None:
    """Two pictures of one photo are its children, not two beginnings."""
    ann = talk.telegram.ann
    photo = await ann.photo(plain(150), "make it red")
    await ann.answer()
    await ann.say("make it blue", reply_to=photo)
    await ann.answer()
    await ann.say("/tree")
    board = Image.open(io.BytesIO(await (await ann.answer()).picture_bytes())).convert("RGB")
    seen = {pixel for _, pixel in board.getcolors(board.width * board.height) or ()}
    wanted = colour(150)
    assert any(max(abs(a - b) for a, b in zip(pixel, wanted, strict=True)) < 12 for pixel in seen)


async def _areas(talk: Talk, *numbers: int) -> list[int]:
    """Return for each plain picture how many pixels of the tree show it."""
    await talk.telegram.ann.say("/tree")
    board = Image.open(io.BytesIO(await (await talk.telegram.ann.answer()).picture_bytes())).convert("RGB")
    seen = board.getcolors(board.width * board.height) or []

    def near(pixel: tuple[int, ...], number: int) -> bool:
        return max(abs(a - b) for a, b in zip(pixel, colour(number), strict=True)) < 12

    return [sum(count for count, pixel in seen if near(pixel, number)) for number in numbers]


async def test_the_tree_shows_each_photo_that_was_sent_on_the_way(talk: Talk) -> None:
    """Otherwise the versions of a second photo hang below a picture that they have nothing to do with."""
    ann = talk.telegram.ann
    await ann.photo(plain(150), "make it red")
    await ann.answer()
    await ann.photo(plain(90), "/x2 warmer")
    await ann.answers(3)
    first, second, of_answer = await _areas(talk, 150, 90, 2)
    assert all(0.8 < area / of_answer < 1.25 for area in (first, second))


async def test_the_tree_shows_an_answer_once_that_a_later_wish_brings(talk: Talk) -> None:
    """By its name, or by a reply with another photo."""
    ann = talk.telegram.ann
    await ann.photo(plain(150), "make it red")
    answer = await ann.answer()
    await ann.say("/save hat")
    await ann.answer()
    await ann.say("put @hat on a man")
    await ann.answer()
    await ann.photo(plain(90), "put this beside it", reply_to=answer)
    await ann.answer()
    sent, red, added, beside = await _areas(talk, 150, 1, 90, 3)
    assert all(0.8 < area / beside < 1.25 for area in (sent, red, added))


async def test_timelapse_is_an_animation_of_the_way(talk: Talk) -> None:
    """Each state is in it."""
    ann = talk.telegram.ann
    await _paint(ann, "a boat", "now red", "now blue")
    await ann.say("/timelapse")
    film = await ann.answer()
    assert "3 steps" in film.caption
    assert "animation" in film.body


async def test_context_tells_what_goes_along(talk: Talk) -> None:
    """Turns, pictures, megabytes, price."""
    ann = talk.telegram.ann
    await ann.say("/context")
    assert "starts a new picture" in (await ann.answer()).text
    await _paint(ann, "a boat", "now red")
    await ann.say("/context")
    seen = await ann.answer()
    assert "the last 2 steps" in seen.caption
    assert "2 pictures" in seen.caption


def _png(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()
