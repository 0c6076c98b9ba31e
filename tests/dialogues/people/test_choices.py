"""What people type and press to choose models, shapes and sizes, and what /help tells."""

from __future__ import annotations

from tests.support.talking import Talk


async def test_models_say_what_they_are_good_for_and_what_they_cost(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("/model")
    lines = (await ann.answer()).text.splitlines()
    assert "• Nano Banana Pro: best for detail and text · 1K, 2K, 4K · about $0.134" in lines
    assert "• Nano Banana: quick, for everyday edits · about $0.039" in lines


async def test_who_asks_for_a_size_learns_which_models_have_several(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("/size 4K")
    page = await ann.answer()
    assert page.text.startswith("I can’t choose “4K” here")
    assert "Nano Banana makes pictures in one size. These models have several:" in page.text
    await ann.press(page, "Nano Banana Pro")
    await ann.until(page, lambda message: "Model: Nano Banana Pro" in message.buttons)
    await ann.say("/size 4K")
    assert "Size: 4K" in (await ann.answer()).buttons


async def test_near_misses_are_understood(talk: Talk) -> None:
    ann = talk.telegram.ann
    for typed in ("16x9", "16/9", "1920 x 1080"):
        await ann.say(f"/ratio {typed}")
        assert "Shape: 16:9" in (await ann.answer()).buttons
    await ann.say("/ratio 5:1")
    said = (await ann.answer()).text
    assert said.startswith("Nano Banana does not make 5:1, so nothing has changed. Nearest is 21:9.")
    await ann.say("/model pro")
    assert "Model: Nano Banana Pro" in (await ann.answer()).buttons
    await ann.say("/model banana")
    assert (await ann.answer()).text.startswith("I can’t choose “banana” here")


async def test_the_settings_end_with_done(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("/settings")
    opened = await ann.answer()
    await ann.press(opened, "Done")
    await ann.until(opened, lambda message: not message.buttons)


async def test_help_shows_what_matters_and_the_rest_on_demand(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("/help")
    short = (await ann.answer()).text
    assert sum(line.startswith("/") and " · " in line for line in short.splitlines()) == 8
    assert "draw around it with the pen" in short
    await ann.say("/help all")
    whole = (await ann.answer()).text
    assert "/effort · " in whole
    assert "/allow · " not in whole  # of groups
    group = await talk.telegram.group()
    await group.answer()
    await group.say("/help@pentimento_bot all")
    assert "/allow · " in (await group.answer()).text
