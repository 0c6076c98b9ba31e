"""An album's wish can be done on every picture of its own: a button says what that costs, and a second one does it."""

from __future__ import annotations

import pytest

from bot.texts import decimal, languages, say
from tests.support.painter import number_of, plain
from tests.support.people import Chat
from tests.support.talking import Talk

ALBUM = [plain(150), plain(151), plain(152)]


async def album(chat: Chat, caption: str = "as a watercolour") -> None:
    """Send three pictures with a wish."""
    await chat.album(ALBUM, caption)


async def test_each_picture_of_an_album_is_done_by_itself_for_a_price_that_is_said_before(talk: Talk) -> None:
    ann = talk.telegram.ann
    await album(ann)
    together = await ann.answer()
    assert [number_of(picture) for picture in talk.painter.calls[0].pictures] == [150, 151, 152]
    await ann.press(together, "Each by itself")
    offer = await ann.answer()
    # 1290 tokens of a picture at 30 dollars a million, three times.
    assert "3 new pictures, for about $0.12" in offer.text
    assert len(talk.painter.calls) == 1
    await ann.press(offer, "Paint all 3")
    *pictures, choice = await ann.answers(4)
    assert all(picture.has_picture for picture in pictures)
    assert "Here they are, each by itself" in choice.text
    alone = talk.painter.calls[1:]
    assert sorted(number_of(call.pictures[0]) for call in alone) == [150, 151, 152]
    assert all(len(call.pictures) == 1 and call.wish == "as a watercolour" for call in alone)
    assert (await ann.reload(offer)).buttons == {}


async def test_one_of_them_is_chosen_and_gone_on_from(talk: Talk) -> None:
    ann = talk.telegram.ann
    await album(ann)
    await ann.press(await ann.answer(), "Each by itself")
    await ann.press(await ann.answer(), "Paint all 3")
    *pictures, choice = await ann.answers(4)
    await ann.press(choice, "2")
    await ann.answer()
    await ann.say("now warmer")
    await ann.answer()
    shown = number_of(await pictures[1].picture_bytes())
    assert number_of(talk.painter.calls[-1].all_pictures[-1]) == shown


async def test_a_wish_about_one_picture_has_no_such_button(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.photo(plain(150), "make it warmer")
    assert not any("Each" in button for button in (await ann.answer()).buttons)


async def test_tapping_twice_paints_once(talk: Talk) -> None:
    ann = talk.telegram.ann
    await album(ann)
    await ann.press(await ann.answer(), "Each by itself")
    offer = await ann.answer()
    (data,) = offer.buttons.values()
    await ann.press_data(offer, data)
    await ann.press_data(offer, data)
    await ann.answers(4)
    await ann.silence()
    assert len(talk.painter.calls) == 4


@pytest.mark.parametrize("language", languages())
async def test_the_offer_is_in_each_language(talk: Talk, language: str) -> None:
    person = await talk.telegram.newcomer("Kim", language_code=language)
    await album(person)
    await person.press(await person.answer(), say(language, "button-each"))
    offer = await person.answer()
    assert offer.text == say(language, "each-offer-priced", count=3, dollars=decimal(0.1161, 2))
    assert [*offer.buttons] == [say(language, "button-each-surely", count=3)]
