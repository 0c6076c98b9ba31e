"""Going back to an answer in words shows the picture that is current there, or says what is left of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.forgetting import MINE, forget
from tests.support.painter import number_of, numbers, plain
from tests.support.people import BORIS
from tests.support.talking import Talk, in_files, read_whole

WORDS = [{"text": "I cannot tell."}]
BOT = "@pentimento_bot"


@in_files
async def test_words_come_back_although_the_picture_there_is_lost(talk: Talk) -> None:
    """A broken disk took it. The answer itself is in words, and needs it for nothing."""
    ann = talk.telegram.ann
    talk.painter.will(WORDS)
    await ann.photo(plain(150), "who is that?")
    await ann.answer()
    await ann.say("/new")
    await ann.answer()
    for file in (Path(talk.settings["data_dir"]) / "media").rglob("*"):
        if file.is_file():
            file.unlink()
    await ann.say("/undo")
    back = await ann.answer()
    assert back.text == "↩ Back to “who is that?”, which I answered with words."
    assert "↪ Redo" in back.buttons


async def test_a_picture_that_was_shown_again_and_then_forgotten_is_fetched_for_a_reply(talk: Talk) -> None:
    """It was paid for a picture of nothing. And words that somebody had forgotten are not quoted as “”."""
    group = await read_whole(talk, "supergroup")
    talk.painter.will(WORDS)
    await group.seen_by(BORIS).photo(plain(150), f"{BOT} who is that?")
    await group.answer()
    await group.say(f"{BOT} now red")
    await group.answer()
    await group.say(f"/undo{BOT}")
    shown = await group.answer()
    assert number_of(await shown.picture_bytes()) == 150
    await forget(talk.telegram.boris, MINE)
    await group.say(f"/redo{BOT}")
    await group.answer()
    await group.say(f"/undo{BOT}")
    assert (await group.answer()).text == "Ann: ↩ Back to an answer in words."
    await group.say(f"{BOT} now blue", reply_to=shown)
    assert (await group.answer()).has_picture
    assert numbers(talk.painter.calls[-1].pictures) == [150]


async def test_a_forgotten_picture_that_was_shown_again_is_meant_by_a_reply_though_an_older_one_is_left(
    talk: Talk,
) -> None:
    """It is what stands in the message; the older one would be painted and paid for instead."""
    group = await read_whole(talk, "supergroup")
    talk.painter.will(WORDS)
    await group.photo(plain(40), f"{BOT} who is that?")
    await group.answer()
    talk.painter.will(WORDS)
    await group.seen_by(BORIS).photo(plain(150), f"{BOT} and who is that?")
    await group.answer()
    await group.say(f"{BOT} now red")
    await group.answer()
    await group.say(f"/undo{BOT}")
    shown = await group.answer()
    assert number_of(await shown.picture_bytes()) == 150
    await forget(talk.telegram.boris, MINE)
    await group.say(f"{BOT} now blue", reply_to=shown)
    assert (await group.answer()).has_picture
    assert numbers(talk.painter.calls[-1].pictures) == [150]


@pytest.mark.parametrize("older", [True, False], ids=["over an older one", "alone"])
async def test_so_is_a_picture_that_somebody_lent_to_the_wish_of_another_person(talk: Talk, older: bool) -> None:
    """The wish stays and is not forgotten, only its picture is gone."""
    group = await read_whole(talk, "supergroup")
    if older:
        talk.painter.will(WORDS)
        await group.photo(plain(40), f"{BOT} who is that?")
        await group.answer()
    lent = await group.seen_by(BORIS).photo(plain(150))
    talk.painter.will(WORDS)
    await group.say(f"{BOT} and who is that?", reply_to=lent)
    await group.answer()
    await group.say(f"{BOT} now red")
    await group.answer()
    await group.say(f"/undo{BOT}")
    shown = await group.answer()
    assert number_of(await shown.picture_bytes()) == 150
    await forget(talk.telegram.boris, MINE)
    await group.say(f"{BOT} now blue", reply_to=shown)
    assert (await group.answer()).has_picture
    assert numbers(talk.painter.calls[-1].pictures) == [150]
