"""A wish about a photo that failed: who says it in other words, as the bot asks for, sends the photo only once."""

from __future__ import annotations

from tests.support.painter import answered, number_of, plain
from tests.support.people import Chat
from tests.support.talking import Talk


def shown(talk: Talk) -> list[int]:
    """Return the pictures that the model was shown last, by their numbers."""
    return [number_of(picture) for picture in talk.painter.calls[-1].all_pictures]


async def fails(talk: Talk, chat: Chat, words: str = "with a famous mouse", *photos: int) -> None:
    """Send a wish with photos that the model's filter holds back."""
    talk.painter.will(answered([], "IMAGE_SAFETY"))
    if len(photos) > 1:
        await chat.album([plain(number) for number in photos], words)
    elif photos:
        await chat.photo(plain(photos[0]), words)
    else:
        await chat.say(words)
    assert "held it back" in (await chat.answer()).text


async def paints(chat: Chat, words: str) -> None:
    await chat.say(words)
    assert (await chat.answer()).has_picture


async def test_the_photo_is_still_there(talk: Talk) -> None:
    ann = talk.telegram.ann
    await fails(talk, ann, "with a famous mouse", 150)
    await fails(talk, ann, "with that mouse")
    await paints(ann, "with some mouse")
    assert (shown(talk), talk.painter.calls[-1].wish) == ([150], "with some mouse")


async def test_all_photos_of_an_album_are_and_no_older_picture_is_taken_for_them(talk: Talk) -> None:
    ann = talk.telegram.ann
    await paints(ann, "a boat")
    await fails(talk, ann, "blend them", 150, 151)
    await paints(ann, "lay one over the other")
    assert shown(talk)[-2:] == [150, 151]
    assert [number_of(picture) for picture in talk.painter.calls[-1].pictures] == [150, 151]


async def test_it_is_not_after_a_new_start_or_a_step_back(talk: Talk) -> None:
    ann = talk.telegram.ann
    for command in ("/new", "/undo"):
        await fails(talk, ann, "with a famous mouse", 150)
        await ann.say(command)
        await ann.answer()
        await paints(ann, "a boat")
        assert shown(talk) == []


async def test_it_is_not_once_the_wish_was_tried_again(talk: Talk) -> None:
    ann = talk.telegram.ann
    talk.painter.will(answered([], "IMAGE_SAFETY"))
    await ann.photo(plain(150), "with a famous mouse")
    failure = await ann.answer()
    await ann.press(failure, "Try again")
    assert (await ann.answer()).has_picture
    await paints(ann, "now red")
    assert [number_of(picture) for picture in talk.painter.calls[-1].pictures] == []


async def test_in_a_group_it_is_there_for_its_sender_alone(talk: Talk) -> None:
    group = await talk.telegram.group()
    await group.answer()
    boris = group.seen_by(talk.telegram.boris.person_id)
    await fails(talk, group, "/edit@pentimento_bot with a famous mouse", 150)
    await paints(boris, "/edit@pentimento_bot a boat")
    assert shown(talk) == []
    await paints(group, "/edit@pentimento_bot now red")
    assert 150 not in shown(talk)
