"""What people read of the pictures that an answer used is true: where no picture came, none was used."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.chat.passes.first import DOUBLE_TAP_S
from tests.dialogues.stars.test_buying import credit, selling
from tests.support.buying import bought, faults

IN_WORDS = [{"text": "Sorry, I can't do that."}]


async def test_an_answer_in_words_used_nothing_that_was_bought(tmp_path: Path) -> None:
    async with selling(tmp_path, limit_person="0/day") as talk:
        ann = talk.telegram.ann
        await bought(talk, ann)
        for left in (2, 1):
            talk.painter.will(IN_WORDS)
            await ann.say("make it red")
            assert (await ann.answer()).words == "Sorry, I can't do that."
            await ann.say("/usage")
            assert (
                f"Left of what you bought: {'one picture' if left == 1 else '2 pictures'}" in (await ann.answer()).words
            )
            await ann.say("a boat")
            said = (await ann.answer()).words
            assert ("one is left." if left == 2 else "that was the last one.\n/buy gets you more.") in said
        assert await faults(talk) == []


async def test_an_answer_in_words_is_not_the_last_picture_of_the_day(tmp_path: Path) -> None:
    async with selling(tmp_path, stars_packs="") as talk:
        ann = talk.telegram.ann
        talk.painter.will(IN_WORDS)
        await ann.say("make it red")
        assert (await ann.answer()).words == "Sorry, I can't do that."
        await ann.say("a boat")
        assert "That was the last one for today" in (await ann.answer()).words


async def test_versions_of_which_one_came_as_words_say_how_many_are_left(tmp_path: Path) -> None:
    async with selling(tmp_path, limit_person="0/day") as talk:
        ann = talk.telegram.ann
        await bought(talk, ann)
        talk.painter.will(IN_WORDS)
        await ann.say("/x2 a boat")
        said = "\n".join(one.words for one in await ann.answers(2))
        assert "Paid with your pictures; one is left." in said
        assert (await credit(talk)).credits == 1


async def test_nobody_uses_bought_pictures_for_several_versions_unasked(tmp_path: Path) -> None:
    """Three were bought, none are free, and four are wished for; then the limit gives one free picture."""
    async with selling(tmp_path, limit_person="0/day", stars_packs="3:15") as talk:
        ann = talk.telegram.ann
        await bought(talk, ann, "3 pictures")
        await ann.say("/x4 a boat")
        few = await ann.answer()
        assert few.words == "3 pictures that you bought are left. Shall I use them?"
        assert [*few.buttons] == ["Make 3", "⭐ Buy pictures"]
        await talk.stop()
        talk.settings["limit_person"] = "1/day"
        await talk.start()
        await ann.say("a gull")
        last = (await ann.answer()).words
        assert "That was the last one for today; 1 more from midnight" in last
        assert "From now on I use the 3 pictures that you bought." in last
        await ann.say("/x4 a boat")
        few = await ann.answer()
        assert few.words.startswith("Your free pictures are used up; 1 more from midnight")
        assert few.words.endswith("3 that you bought are left. Shall I use them?")
        assert (await credit(talk)).credits == 3


async def test_what_versions_took_of_the_free_and_of_the_bought_ones_is_said(tmp_path: Path) -> None:
    async with selling(tmp_path, stars_packs="2:10, 4:20") as talk:
        ann = talk.telegram.ann
        await bought(talk, ann)
        await ann.say("/x4 a boat")
        few = await ann.answer()
        assert few.words == "I can make 3: one free picture and 2 that you bought. Shall I?"
        await bought(talk, ann, "4 pictures")
        await ann.say("/x4 a boat")
        *_, question = await ann.answers(5)
        assert "The free ones are used up, so 3 of these were paid with your pictures; 3 are left." in question.words
        assert (await credit(talk)).credits == 3
        assert await faults(talk) == []


async def test_where_nothing_is_free_nobody_waits_for_midnight(tmp_path: Path) -> None:
    async with selling(tmp_path, limit_person="0/day") as talk:
        ann = talk.telegram.ann
        await ann.say("a boat")
        over = await ann.answer()
        assert over.words == (
            "There are no free pictures here, but I sell some. I keep your wish: buy pictures, then press “Try again”."
        )
        assert [*over.buttons] == ["Try again", "⭐ Buy pictures"]
        await bought(talk, ann)
        await ann.press(over, "Try again")
        assert (await ann.answer()).has_picture


@pytest.mark.parametrize("wish", ["a boat", "/x2 a boat"])
async def test_a_kept_wish_is_made_once_however_often_its_button_is_pressed(tmp_path: Path, wish: str) -> None:
    async with selling(tmp_path, limit_person="0/day", stars_packs="20:90") as talk:
        ann = talk.telegram.ann
        await ann.say(wish)
        over = await ann.answer()
        (again, _) = over.buttons.values()
        await bought(talk, ann, "20 pictures")
        await ann.press_data(over, again)
        await ann.answers(1 if wish == "a boat" else 3)
        assert not (await ann.reload(over)).buttons
        calls = len(talk.painter.calls)
        await asyncio.sleep(DOUBLE_TAP_S + 0.1)
        await ann.press_data(over, again)
        assert (await ann.answer()).words.startswith("I have taken up this wish already")
        assert len(talk.painter.calls) == calls


async def test_a_wish_that_is_over_the_limit_once_more_has_one_button(tmp_path: Path) -> None:
    async with selling(tmp_path) as talk:
        ann = talk.telegram.ann
        await ann.say("a boat")
        await ann.answer()
        await ann.say("a gull")
        first = await ann.answer()
        await ann.press(first, "Try again")
        second = await ann.answer()
        assert not (await ann.reload(first)).buttons
        assert [*second.buttons] == ["Try again", "⭐ Buy pictures"]
