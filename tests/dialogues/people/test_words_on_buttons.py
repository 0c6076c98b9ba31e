"""People write what stands on the buttons: "undo", "once more", "stop". No model is asked what that may mean."""

from __future__ import annotations

from tests.support.painter import number_of, numbers, plain
from tests.support.people import BORIS
from tests.support.talking import Talk, read_whole


async def test_undo_redo_and_again_in_words(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("a boat")
    first = await ann.answer()
    await ann.say("a red sail")
    await ann.answer()
    await ann.say("Undo!")
    assert (await ann.answer()).caption == "↩ Back to “a boat”."
    await ann.say("redo")
    assert "↪ Forward" in (await ann.answer()).caption
    await ann.say("undo", reply_to=first)
    assert "Back at the start" in (await ann.answer()).text
    assert len(talk.painter.calls) == 2
    await ann.say("Once more", reply_to=first)
    await ann.answer()
    assert [call.wish for call in talk.painter.calls] == ["a boat", "a red sail", "a boat"]


async def test_in_every_language_whatever_the_bot_speaks(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("a boat")
    await ann.answer()
    for words in ("neu", "Ещё раз", "重新开始"):
        await ann.say(words)
        await ann.answer()
    assert [call.wish for call in talk.painter.calls] == ["a boat", "a boat"]


async def test_stop_overtakes_the_painting(talk: Talk) -> None:
    ann = talk.telegram.ann
    talk.painter.hold()
    await ann.say("a boat")
    await talk.painter.called(1)
    await ann.say("stop")
    assert (await ann.answer()).text == "Stopped, as if you had never asked."


async def test_with_a_picture_or_with_more_words_it_is_a_wish(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.photo(plain(150), "new")
    await ann.answer()
    await ann.say("undo the red")
    await ann.answer()
    assert [call.wish for call in talk.painter.calls] == ["new", "undo the red"]
    assert numbers(talk.painter.calls[0].pictures) == [150]


async def test_a_wish_that_is_edited_into_such_a_word_stays_a_wish(talk: Talk) -> None:
    """What it did cannot be taken back by an edit."""
    ann = talk.telegram.ann
    wish = await ann.say("a boat")
    await ann.answer()
    await ann.edit(wish, "again")
    await ann.answer()
    assert [call.wish for call in talk.painter.calls] == ["a boat", "again"]


async def test_among_people_only_what_is_said_to_the_bot_counts(talk: Talk) -> None:
    group = await read_whole(talk, "supergroup")
    boris = group.seen_by(BORIS)
    await group.say("@pentimento_bot a boat")
    answer = await group.answer()
    await boris.say("again")
    await boris.say("Stop!")
    await boris.say("@pentimento_bot again")
    await group.answer()
    await boris.say("undo", reply_to=answer)
    assert "Boris" in (await group.answer()).text
    assert len(talk.painter.calls) == 2
    assert number_of(await answer.picture_bytes()) == 1
