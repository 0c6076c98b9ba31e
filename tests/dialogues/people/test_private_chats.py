"""Conversations of one person with the bot."""

from __future__ import annotations

from tests.support.painter import number_of, plain
from tests.support.talking import Talk

PICTURE = ["🔄 Again", "🎲 Four versions", "↩ Undo", "✨ New", "📎 File"]
"""The buttons under every picture; a new one can also be made in another shape."""


async def test_words_become_a_picture_with_words(talk: Talk) -> None:
    """The first wish brings a picture, and the model's words as its caption."""
    ann = talk.telegram.ann
    await ann.say("a lighthouse at dusk")
    answer = await ann.answer()
    assert answer.caption == "Painting 1."
    assert number_of(await answer.picture_bytes()) == 1
    assert [*answer.buttons] == [*PICTURE, "1:1", "16:9", "9:16"]


async def test_a_photo_with_a_caption_goes_to_the_model_with_its_wish(talk: Talk) -> None:
    """The caption is the wish."""
    ann = talk.telegram.ann
    await ann.photo(plain(150), "make it black and white")
    await ann.answer()
    (call,) = talk.painter.calls
    assert call.wish == "make it black and white"
    assert [number_of(picture) for picture in call.pictures] == [150]


async def test_a_photo_without_words_waits_for_them(talk: Talk) -> None:
    """The bot asks what to do and uses the photo with the next text."""
    ann = talk.telegram.ann
    await ann.photo(plain(150))
    assert "What should I do with this picture?" in (await ann.answer()).text
    assert talk.painter.calls == []
    await ann.say("make it warmer")
    await ann.answer()
    assert [number_of(picture) for picture in talk.painter.calls[0].pictures] == [150]
    assert talk.painter.calls[0].wish == "make it warmer"


async def test_a_refinement_sends_the_whole_conversation(talk: Talk) -> None:
    """The second wish carries the first one and its picture."""
    ann = talk.telegram.ann
    await ann.say("a boat")
    await ann.answer()
    await ann.say("now red")
    await ann.answer()
    call = talk.painter.calls[1]
    assert call.roles == ["user", "model", "user"]
    assert [number_of(picture) for picture in call.all_pictures] == [1]
    assert call.wish == "now red"


async def test_undo_goes_back_and_the_next_wish_continues_there(talk: Talk) -> None:
    """After undo the model sees the earlier picture only."""
    ann = talk.telegram.ann
    await ann.say("a boat")
    await ann.answer()
    await ann.say("now red")
    await ann.answer()
    await ann.say("/undo")
    back = await ann.answer()
    assert "a boat" in back.caption
    assert number_of(await back.picture_bytes()) == 1
    await ann.say("now blue")
    await ann.answer()
    assert [number_of(picture) for picture in talk.painter.calls[2].all_pictures] == [1]


async def test_a_reply_to_an_older_picture_goes_on_from_there(talk: Talk) -> None:
    """A reply branches."""
    ann = talk.telegram.ann
    await ann.say("a boat")
    first = await ann.answer()
    await ann.say("now red")
    await ann.answer()
    await ann.say("rotate left", reply_to=first)
    await ann.answer()
    assert [number_of(picture) for picture in talk.painter.calls[2].all_pictures] == [1]


async def test_the_conversation_survives_a_restart(talk: Talk) -> None:
    """Head, history and buttons are where they were."""
    ann = talk.telegram.ann
    await ann.say("a boat")
    first = await ann.answer()
    await talk.restart()
    await ann.say("now red")
    await ann.answer()
    assert [number_of(picture) for picture in talk.painter.calls[1].all_pictures] == [1]
    await ann.press(first, "File")
    document = await ann.answer()
    assert await document.document_bytes() == plain(1)
