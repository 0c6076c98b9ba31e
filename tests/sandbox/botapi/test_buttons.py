"""Presses of buttons, drafts with Stop, chat actions, the bot's profile."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import pytest

from bot.sandbox.config import SandboxConfig
from tests.support.bots import ApiRefusal, PlainBot
from tests.support.messages import Json
from tests.support.people import Refused, Telegram, running_sandbox

ROW = [{"text": "Again", "callback_data": "again"}, {"text": "Undo", "callback_data": "undo"}]
KEYBOARD = {"inline_keyboard": [ROW]}


@pytest.fixture
async def ann(telegram: Telegram, bot: PlainBot) -> int:
    """Let Ann start the chat."""
    await telegram.ann.say("/start")
    await bot.updates()
    return telegram.ann.id


async def events(telegram: Telegram, after: int, count: int) -> list[tuple[str, str]]:
    """Read events from the stream: names and data."""
    found: list[tuple[str, str]] = []
    async with telegram.http.stream("GET", f"/sandbox/events?after={after}") as stream:
        name = ""
        async for line in stream.aiter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                found.append((name, line.removeprefix("data: ")))
                if len(found) == count:
                    return found
    return found


async def now_of(telegram: Telegram) -> int:
    return int((await telegram.get("wait"))["last_event"])


async def test_a_press_is_a_callback_query(telegram: Telegram, ann: int, bot: PlainBot) -> None:
    await bot.say(ann, "done", reply_markup=KEYBOARD)
    message = await telegram.ann.answer()
    press = await telegram.ann.press(message, "Undo")
    (update,) = await bot.updates()
    query = update["callback_query"]
    assert (query["id"], query["data"], query["from"]["id"]) == (press.id, "undo", ann)
    assert query["message"]["message_id"] == message.id
    assert query["chat_instance"]


async def test_a_press_is_answered_within_150_seconds() -> None:
    clock = [time.time()]
    async with running_sandbox(replace(SandboxConfig(), clock=lambda: clock[0])) as telegram:
        bot, ann = PlainBot(telegram), telegram.ann
        await ann.say("/start")
        sent = await bot.say(ann.id, "x", reply_markup=KEYBOARD)
        press = await ann.press_data(sent["message_id"], "again")
        await bot("answerCallbackQuery", callback_query_id=press.id, text="soon", show_alert=True)
        assert await press.answered() == {"answered": True, "text": "soon", "show_alert": True}
        late = await ann.press_data(sent["message_id"], "again")
        clock[0] += 151
        with pytest.raises(ApiRefusal, match="query is too old and response timeout expired or query ID is invalid"):
            await bot("answerCallbackQuery", callback_query_id=late.id)


@pytest.mark.parametrize(
    ("parameters", "text"),
    [({"callback_query_id": "1"}, "query is too old"), ({"callback_query_id": "", "text": "x"}, "query is too old")],
)
async def test_an_unknown_press_cannot_be_answered(bot: PlainBot, parameters: Json, text: str) -> None:
    with pytest.raises(ApiRefusal, match=text):
        await bot("answerCallbackQuery", **parameters)


async def test_an_answer_has_at_most_200_characters(telegram: Telegram, ann: int, bot: PlainBot) -> None:
    sent = await bot.say(ann, "x", reply_markup=KEYBOARD)
    press = await telegram.ann.press_data(sent["message_id"], "again")
    with pytest.raises(ApiRefusal, match="MESSAGE_TOO_LONG"):
        await bot("answerCallbackQuery", callback_query_id=press.id, text="x" * 201)


async def test_a_button_of_a_deleted_message_gives_an_inaccessible_message(
    telegram: Telegram, ann: int, bot: PlainBot
) -> None:
    sent = await bot.say(ann, "x", reply_markup=KEYBOARD)
    await bot("deleteMessage", chat_id=ann, message_id=sent["message_id"])
    await telegram.ann.press_data(sent["message_id"], "again")
    (update,) = await bot.updates()
    assert update["callback_query"]["message"]["date"] == 0
    assert update["callback_query"]["message"]["message_id"] == sent["message_id"]


async def test_a_draft_is_seen_and_goes_with_the_next_message(telegram: Telegram, ann: int, bot: PlainBot) -> None:
    after = await now_of(telegram)
    await bot("sendMessageDraft", chat_id=ann, draft_id=7, text="paint", can_stop=True)
    await bot("sendMessageDraft", chat_id=ann, draft_id=7, text="painting")
    await bot.say(ann, "painted")
    seen = await events(telegram, after, 4)
    assert [name for name, _ in seen] == ["draft", "draft", "draft", "message"]
    assert ['"text": "paint"' in data for _, data in seen[:1]] == [True]
    assert '"text": null' in seen[2][1]
    assert (await telegram.state())["drafts"] == []


async def test_a_draft_is_stopped_by_its_button(telegram: Telegram, ann: int, bot: PlainBot) -> None:
    await bot("sendMessageDraft", chat_id=ann, draft_id=7, text="", can_stop=True)
    await telegram.post("stop", {"as": ann, "chat_id": ann, "draft_id": 7})
    (update,) = await bot.updates()
    assert update["stopped_message_generation"]["draft_id"] == 7
    assert update["stopped_message_generation"]["chat"]["id"] == ann
    with pytest.raises(Refused, match="gone"):
        await telegram.post("stop", {"as": ann, "chat_id": ann, "draft_id": 7})


async def test_a_draft_lives_30_seconds_after_its_last_change() -> None:
    clock = [time.time()]
    async with running_sandbox(replace(SandboxConfig(), clock=lambda: clock[0])) as telegram:
        bot, ann = PlainBot(telegram), telegram.ann
        await ann.say("/start")
        await bot("sendMessageDraft", chat_id=ann.id, draft_id=7, text="pain")
        clock[0] += 20
        await bot("sendMessageDraft", chat_id=ann.id, draft_id=7, text="painting")
        clock[0] += 20
        assert [draft["text"] for draft in (await telegram.state())["drafts"]] == ["painting"]
        clock[0] += 11
        assert (await telegram.state())["drafts"] == []


async def test_a_draft_without_a_stop_button_cannot_be_stopped(telegram: Telegram, ann: int, bot: PlainBot) -> None:
    await bot("sendMessageDraft", chat_id=ann, draft_id=7, text="x", can_stop=False)
    with pytest.raises(Refused, match="no Stop button"):
        await telegram.post("stop", {"as": ann, "chat_id": ann, "draft_id": 7})


async def test_drafts_are_for_private_chats(telegram: Telegram, bot: PlainBot) -> None:
    group = await telegram.group()
    with pytest.raises(ApiRefusal, match="only for private chats"):
        await bot("sendMessageDraft", chat_id=group.id, draft_id=7, text="x")
    await telegram.ann.say("/start")
    with pytest.raises(ApiRefusal, match="draft identifier is invalid"):
        await bot("sendMessageDraft", chat_id=telegram.ann.id, draft_id=0, text="x")


async def test_an_action_is_seen(telegram: Telegram, ann: int, bot: PlainBot) -> None:
    after = await now_of(telegram)
    await bot("sendChatAction", chat_id=ann, action="upload_photo")
    ((name, data),) = await events(telegram, after, 1)
    assert name == "action"
    assert '"action": "upload_photo"' in data


async def test_an_event_stream_goes_on_where_it_was_cut(telegram: Telegram) -> None:
    after = await now_of(telegram)
    await telegram.ann.say("one")
    await telegram.ann.say("two")
    first, second = await events(telegram, after, 2)
    assert await events(telegram, after + 1, 1) == [second]
    assert '"one"' in first[1]


async def test_a_stream_from_before_a_restart_has_to_load_everything_again(telegram: Telegram) -> None:
    ((name, data),) = await events(telegram, 17, 1)
    assert (name, '"reload": true' in data) == ("state", True)


async def test_commands_have_scopes_and_languages(telegram: Telegram, bot: PlainBot) -> None:
    private, groups = {"type": "all_private_chats"}, {"type": "all_group_chats"}
    await bot("setMyCommands", commands=[{"command": "/Start", "description": "Begin"}])
    await bot("setMyCommands", commands=[{"command": "new", "description": "Neu"}], scope=groups, language_code="de")
    await bot("setMyCommands", commands=[{"command": "file", "description": "Get the file"}], scope=private)
    assert await bot("getMyCommands") == [{"command": "start", "description": "Begin"}]
    assert await bot("getMyCommands", scope=groups) == []
    assert await bot("getMyCommands", scope=groups, language_code="de") == [{"command": "new", "description": "Neu"}]
    shown = (await telegram.state())["commands"]
    assert [command["command"] for command in shown["private"]] == ["file"]
    assert [command["command"] for command in shown["group"]] == ["start"]
    await bot("deleteMyCommands", scope=private)
    assert [command["command"] for command in (await telegram.state())["commands"]["private"]] == ["start"]


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ({"command": "größe", "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "/", "description": "x"}, "command must be non-empty"),
        ({"command": "x" * 33, "description": "x"}, "command length must not exceed 32"),
        ({"command": "x", "description": ""}, "command description must be non-empty"),
        ({"command": "x", "description": "x" * 257}, "command description length must not exceed 256"),
    ],
)
async def test_a_faulty_command_is_refused(bot: PlainBot, command: Json, text: str) -> None:
    """Refused in the words of TDLib, which checks first (td/telegram/BotCommand.cpp), or of Telegram's servers."""
    with pytest.raises(ApiRefusal, match=text):
        await bot("setMyCommands", commands=[command])


def menu(count: int, letters: int, name: int = 8) -> list[Json]:
    """Return a menu of so many commands, with names and descriptions of such lengths."""
    return [{"command": f"c{number:0{name - 1}}", "description": "x" * letters} for number in range(count)]


@pytest.mark.parametrize(
    ("taken", "refused"),
    [
        (menu(100, 30), menu(101, 1)),
        (menu(63, 78), menu(63, 80)),
        (menu(51, 78), menu(51, 98)),
        (menu(100, 10, name=32), menu(100, 32, name=32)),
    ],
    ids=["100 commands", "about 7.8 kB", "descriptions of about 5,000 letters", "long names weigh as well"],
)
async def test_a_menu_has_a_largest_size(bot: PlainBot, taken: list[Json], refused: list[Json]) -> None:
    """Live bots measured it (adolfousier/opencrabs#1613, grandamenium/cortextos#670)."""
    await bot("setMyCommands", commands=taken)
    with pytest.raises(ApiRefusal, match="BOT_COMMANDS_TOO_MUCH"):
        await bot("setMyCommands", commands=refused)


async def test_the_bot_describes_itself(telegram: Telegram, bot: PlainBot) -> None:
    await bot("setMyDescription", description="Paints")
    await bot("setMyShortDescription", short_description="Malt", language_code="de")
    await bot("setMyName", name="Painter")
    assert await bot("getMyDescription", language_code="fr") == {"description": "Paints"}
    assert await bot("getMyShortDescription") == {"short_description": ""}
    assert await bot("getMyShortDescription", language_code="de") == {"short_description": "Malt"}
    assert (await bot("getMe"))["first_name"] == (await bot("getMyName"))["name"] == "Painter"
    with pytest.raises(ApiRefusal, match="description is too long"):
        await bot("setMyDescription", description="x" * 513)
    assert (await telegram.state())["description"] == "Paints"


async def test_two_listeners_hear_the_same(telegram: Telegram) -> None:
    after = await now_of(telegram)
    both = [asyncio.create_task(events(telegram, after, 1)) for _ in range(2)]
    await telegram.ann.say("hear me")
    one, two = await asyncio.gather(*both)
    assert one == two
