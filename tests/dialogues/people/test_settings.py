"""Settings that people choose, where they choose them, and that the model gets them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.chat.command_table import COMMANDS, TAKING_WORDS, WISHES
from tests.support.painter import Call
from tests.support.people import Chat, Message
from tests.support.talking import Talk, talking


async def menu(chat: Chat) -> Message:
    await chat.say("/settings")
    return await chat.answer()


async def choose(chat: Chat, opened: Message, setting: str, value: str) -> Message:
    """Turn to a setting's page and choose; return the menu as it then is."""
    await chat.press(opened, setting)
    page = await chat.until(opened, lambda message: any("Back" in button for button in message.buttons))
    button = next(button for button in page.buttons if value in button)
    await chat.press(page, button)
    return await chat.until(opened, lambda message: any(setting in button for button in message.buttons))


async def painted(talk: Talk, chat: Chat) -> Call:
    """Ask for a new picture, also where an older one exists."""
    await chat.say("/new a boat")
    assert (await chat.answer()).has_picture
    return talk.painter.calls[-1]


def generation(call: Call) -> dict[str, Any]:
    return dict(call.body["generationConfig"])


async def test_by_default_the_model_chooses(talk: Talk) -> None:
    call = await painted(talk, talk.telegram.ann)
    assert call.body.keys() == {"contents", "generationConfig"}
    assert generation(call) == {"responseModalities": ["TEXT", "IMAGE"]}


async def test_a_chosen_shape_reaches_the_model_and_stays_after_a_restart(talk: Talk) -> None:
    ann = talk.telegram.ann
    after = await choose(ann, await menu(ann), "Shape", "16:9")
    assert "Shape: 16:9" in after.buttons
    assert len(await ann.history()) == 2
    assert generation(await painted(talk, ann))["imageConfig"] == {"aspectRatio": "16:9"}
    await talk.restart()
    assert generation(await painted(talk, ann))["imageConfig"] == {"aspectRatio": "16:9"}
    await choose(ann, await menu(ann), "Shape", "automatic")
    assert "imageConfig" not in generation(await painted(talk, ann))


async def test_the_chosen_value_is_marked(talk: Talk) -> None:
    ann = talk.telegram.ann
    opened = await choose(ann, await menu(ann), "Shape", "4:3")
    await ann.press(opened, "Shape")
    page = await ann.until(opened, lambda message: "✓ 4:3" in message.buttons)
    assert [button for button in page.buttons if "✓" in button] == ["✓ 4:3"]
    await ann.press(page, "Back")
    await ann.until(opened, lambda message: "Shape: 4:3" in message.buttons)


async def test_words_can_be_switched_off(talk: Talk) -> None:
    ann = talk.telegram.ann
    opened = await menu(ann)
    await ann.press(opened, "Comments")
    await ann.until(opened, lambda message: "Comments with pictures: off" in message.buttons)
    assert generation(await painted(talk, ann))["responseModalities"] == ["IMAGE"]


async def test_a_size_is_offered_only_where_the_model_knows_sizes(tmp_path: Path) -> None:
    async with talking(tmp_path, gemini_model="gemini-3-pro-image") as talk:
        ann = talk.telegram.ann
        opened = await choose(ann, await menu(ann), "Size", "2K")
        assert "Size: 2K" in opened.buttons
        assert generation(await painted(talk, ann))["imageConfig"] == {"imageSize": "2K"}


async def test_the_model_is_chosen_from_those_that_there_are(talk: Talk) -> None:
    """A setting that the new model does not know is left out. It comes back with a model that knows it."""
    ann = talk.telegram.ann
    opened = await menu(ann)
    assert not any("Size" in button for button in opened.buttons)
    opened = await choose(ann, opened, "Model", "Nano Banana Pro")
    assert "Model: Nano Banana Pro" in opened.buttons
    opened = await choose(ann, opened, "Size", "4K")
    assert (await painted(talk, ann)).model == "gemini-3-pro-image"
    await choose(ann, opened, "Model", "Nano Banana")
    call = await painted(talk, ann)
    assert call.model == "gemini-2.5-flash-image"
    assert "imageConfig" not in generation(call)


async def test_a_shape_that_the_model_refuses_is_left_out_and_others_are_sent(talk: Talk) -> None:
    """As some models said of one shape (waooAI/waoowaoo#155); the page offers it no more."""
    ann = talk.telegram.ann
    message = "`aspectRatio` does not support `21:9` as a valid value"
    refusal = {"error": {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}}
    opened = await choose(ann, await menu(ann), "Shape", "21:9")
    talk.painter.will((400, refusal))
    for _ in range(2):
        await painted(talk, ann)
    shapes = [generation(call).get("imageConfig") for call in talk.painter.calls]
    assert shapes == [{"aspectRatio": "21:9"}, None, None]
    await ann.press(opened, "Shape")
    page = await ann.until(opened, lambda message: "16:9" in message.buttons)
    assert "21:9" not in page.buttons
    assert "✓ automatic" in page.buttons
    await ann.press(page, "16:9")
    await ann.until(opened, lambda message: "Shape: 16:9" in message.buttons)
    assert generation(await painted(talk, ann))["imageConfig"] == {"aspectRatio": "16:9"}


async def test_the_menu_shows_no_shape_that_the_model_does_not_have(talk: Talk) -> None:
    """The choice is kept for the model that has it."""
    ann = talk.telegram.ann
    await ann.say("/model gemini-3.1-flash-image")
    await ann.answer()
    await ann.say("/ratio 1:4")
    assert "Shape: 1:4" in (await ann.answer()).buttons
    await ann.say("/model gemini-2.5-flash-image")
    opened = await ann.answer()
    assert "Shape: automatic" in opened.buttons
    await ann.press(opened, "Shape")
    assert "✓ automatic" in (await ann.until(opened, lambda message: "16:9" in message.buttons)).buttons
    await ann.say("/model gemini-3.1-flash-image")
    assert "Shape: 1:4" in (await ann.answer()).buttons


@pytest.mark.parametrize("typed", ["Nano Banana Pro", "nano banana pro · gemini", "Gemini-3-Pro-Image"])
async def test_what_a_button_says_can_be_typed(talk: Talk, typed: str) -> None:
    """People type the model's name as they read it, and "4k" on a phone."""
    ann = talk.telegram.ann
    await ann.say(f"/model {typed}")
    assert "Model: Nano Banana Pro" in (await ann.answer()).buttons
    await ann.say("/size 4k")
    assert "Size: 4K" in (await ann.answer()).buttons


@pytest.mark.parametrize(
    ("command", "config"),
    [("/ratio 16:9", {"aspectRatio": "16:9"}), ("/ratio 1:3", None), ("/ratio; drop table", None)],
)
async def test_a_choice_by_command_is_taken_or_the_page_is_offered(
    talk: Talk, command: str, config: dict[str, str] | None
) -> None:
    ann = talk.telegram.ann
    await ann.say(command)
    answer = await ann.answer()
    assert ("Shape: 16:9" in answer.buttons) == (config is not None)
    assert generation(await painted(talk, ann)).get("imageConfig") == config


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/effort draft add a moon", "draft add a moon"),
        ("/ratio make it wide", "make it wide"),
        ("/size huge", "huge"),
        ("/language klingon", "klingon"),
        ("/model the best", "the best"),
        (f"/effort {'very ' * 500}", "very very"),
    ],
)
async def test_words_that_are_no_choice_are_not_passed_over_in_silence(talk: Talk, command: str, words: str) -> None:
    ann = talk.telegram.ann
    await ann.say(command)
    said = (await ann.answer()).text
    assert said.startswith(f"I can’t choose “{words}")
    assert "nothing has changed" in said
    assert len(said) < 600
    await ann.say(command.split()[0])
    assert "choose “" not in (await ann.answer()).text


async def test_an_effort_for_later_models_is_confirmed_and_not_only_swallowed(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("/effort careful")
    page = await ann.answer()
    assert "Nano Banana does not offer this choice; it counts for models that do." in page.text
    assert "✓ careful" in page.buttons


async def test_automatic_is_understood_in_the_language_of_the_menu(talk: Talk) -> None:
    ann = talk.telegram.ann
    for command in ("/language deutsch", "/ratio 16:9"):
        await ann.say(command)
        answer = await ann.answer()
    assert "Format: 16:9" in answer.buttons
    await ann.say("/ratio Automatisch")
    assert "Format: automatisch" in (await ann.answer()).buttons


async def test_a_size_that_the_model_cannot_choose_is_no_empty_question(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("/size")
    assert (await ann.answer()).text.startswith("Nano Banana makes pictures in one size. These models have several:")


async def test_a_shape_that_the_model_did_not_keep_is_mentioned(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("/ratio 21:9")
    await ann.answer()
    await ann.say("a boat")
    assert "did not keep to the shape 21:9" in (await ann.answer()).caption


async def test_each_conversation_has_choices_of_its_own(talk: Talk) -> None:
    ann, group = talk.telegram.ann, await talk.telegram.group()
    await group.answer()
    await group.say("/ratio 16:9")
    await group.answer()
    assert "imageConfig" not in generation(await painted(talk, ann))
    await group.say("/edit@pentimento_bot a boat")
    await group.answer()
    assert generation(talk.painter.calls[-1])["imageConfig"] == {"aspectRatio": "16:9"}


@pytest.mark.parametrize("data", ["set-ratio:7:7", "set-model:nobody/nothing", "set-colour:blue", "settings:x"])
async def test_a_choice_that_nobody_offered_changes_nothing(talk: Talk, data: str) -> None:
    ann = talk.telegram.ann
    opened = await menu(ann)
    await ann.press_data(opened, data)
    call = await painted(talk, ann)
    assert generation(call) == {"responseModalities": ["TEXT", "IMAGE"]}
    assert call.model == "gemini-2.5-flash-image"


async def test_an_instruction_of_the_owner_goes_along_with_each_wish(tmp_path: Path) -> None:
    async with talking(tmp_path, gemini_model="gemini-3-pro-image", system_prompt="Paint in oil.") as talk:
        call = await painted(talk, talk.telegram.ann)
        assert call.body["systemInstruction"] == {"parts": [{"text": "Paint in oil."}]}


# Commands that only show something.


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("/start", "Tell me what to paint"),
        ("/help", "/undo · Go one picture back"),
        ("/privacy", "In groups I see only replies to me and commands."),
        ("/privacy", "with the earlier wishes, answers and pictures of this conversation"),
        ("/privacy", "first names go along."),
        ("/usage", "not asked me for anything yet"),
    ],
)
async def test_a_command_tells(talk: Talk, command: str, sentence: str) -> None:
    await talk.telegram.ann.say(command)
    assert sentence in (await talk.telegram.ann.answer()).text


async def test_usage_counts_what_was_answered(talk: Talk) -> None:
    ann = talk.telegram.ann
    await painted(talk, ann)
    await ann.say("/usage")
    assert "One picture from one wish so far" in (await ann.answer()).text


async def test_the_command_menu_is_published_for_private_chats_and_groups(talk: Talk) -> None:
    await talk.published()
    commands = (await talk.telegram.state())["commands"]
    private, group = [[one["command"] for one in commands[scope]] for scope in ("private", "group")]
    assert private == ["start", *(name for name in group if name not in ("allow", "limit"))]
    wanted = {"help", "new", "undo", "redo", "again", "file", "cancel", "settings", "privacy"}
    assert wanted <= set(group)


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in {*TAKING_WORDS, *WISHES}])
async def test_a_command_that_takes_no_words_says_so(talk: Talk, name: str) -> None:
    ann = talk.telegram.ann
    await ann.say(f"/{name} and make it red")
    said = (await ann.answer()).words
    while f"I used only /{name}. Please send the rest separately" not in said:
        said = (await ann.answer()).words
    assert talk.painter.calls == []


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("save two words", "/save"),
        ("drop my cat", "@my cat"),
        ("go somewhere", "The numbers go from 1 to 2"),
        ("compare sideways", "I used only /compare"),
        ("allow whoever", "is for groups"),
        ("model of a boat", "Which"),
        ("ratio sideways", "shape"),
        ("size huge", "huge"),
        ("language klingon", "language"),
    ],
)
async def test_words_that_a_command_cannot_use_are_answered(talk: Talk, command: str, answer: str) -> None:
    ann = talk.telegram.ann
    for wish in ("a boat", "a red boat"):
        await ann.say(wish)
        await ann.answer()
    await ann.say(f"/{command}")
    assert answer in (await ann.answer()).words
    assert len(talk.painter.calls) == 2
