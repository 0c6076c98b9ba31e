"""The sandbox keeps chats, messages, files, waiting updates and numbers on disk, even if it is killed."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from bot.sandbox.config import SandboxConfig
from bot.sandbox.server import serve
from tests.support.bots import PlainBot
from tests.support.people import Chat, Telegram, running_sandbox
from tests.support.pictures import picture

PROGRAM = """
import asyncio, sys
from pathlib import Path
from bot.sandbox.server import SandboxConfig, serve

async def main():
    async with serve(SandboxConfig(data_dir=Path(sys.argv[1]))) as url:
        print(url, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


@asynccontextmanager
async def killed_at_the_end(data_dir: Path) -> AsyncIterator[Telegram]:
    """Run a sandbox as a separate process and end it with SIGKILL."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, str(data_dir), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    url = (await asyncio.wait_for(process.stdout.readline(), 30)).decode().strip()
    try:
        async with Telegram(url) as telegram:
            yield telegram
    finally:
        process.send_signal(signal.SIGKILL)
        await process.wait()


async def test_everything_is_there_after_a_kill(tmp_path: Path) -> None:
    data = picture(500, 400)
    async with killed_at_the_end(tmp_path) as telegram:
        bot = PlainBot(telegram)
        await telegram.ann.say("confirmed")
        await bot.updates()
        photo = await telegram.ann.photo(data, "a photo")
        document = await telegram.ann.document(("a.jpg", data))
        group = await telegram.group("Painters")
        await bot("setMyCommands", commands=[{"command": "new", "description": "Begin anew"}])
        keyboard = {"inline_keyboard": [[{"text": "b", "callback_data": "x"}]]}
        sent = await bot.say(telegram.ann.id, "press", reply_markup=keyboard)
        press = await telegram.ann.press_data(sent["message_id"], "x")
        await bot("setMessageReaction", chat_id=telegram.ann.id, message_id=photo.id, reaction=[])
        before = [message.body for message in await telegram.ann.history()]
        waiting = await telegram.queue()
    async with killed_at_the_end(tmp_path) as telegram:
        bot = PlainBot(telegram)
        assert [message.body for message in await telegram.ann.history()] == before
        # "confirmed" was read by a getUpdates that no later one confirmed, so it comes again, as on Telegram.
        assert await telegram.queue() == waiting
        assert [update["message"]["text"] for update in waiting[:1]] == ["confirmed"]
        assert await telegram.file(document.body["document"]["file_id"]) == data
        link = await bot("getFile", file_id=photo.body["photo"][-1]["file_id"])
        assert (await telegram.http.get(f"/file/bot{telegram.token}/{link['file_path']}")).status_code == 200
        assert await bot("answerCallbackQuery", callback_query_id=press.id) is True
        assert await bot("getMyCommands") == [{"command": "new", "description": "Begin anew"}]
        assert (await telegram.state())["chats"][-1]["title"] == "Painters"
        later = await telegram.ann.say("later")
        assert later.id > max(message["message_id"] for message in before)
        assert (await telegram.queue())[-1]["update_id"] == waiting[-1]["update_id"] + 1
        assert (await telegram.group("Other")).id != group.id


async def test_confirmed_updates_stay_confirmed(tmp_path: Path) -> None:
    config = SandboxConfig(data_dir=tmp_path)
    async with running_sandbox(config) as telegram:
        bot = PlainBot(telegram)
        await telegram.ann.say("one")
        await bot.updates()
        await bot.updates()
        await telegram.ann.say("two")
    async with running_sandbox(config) as telegram:
        assert await PlainBot(telegram).texts() == ["two"]


async def test_the_wanted_kinds_and_privacy_are_remembered(tmp_path: Path) -> None:
    config = SandboxConfig(data_dir=tmp_path)
    async with running_sandbox(config) as telegram:
        await PlainBot(telegram)("getUpdates", allowed_updates=["message"])
        await telegram.privacy(on=False)
    async with running_sandbox(config) as telegram:
        bot = PlainBot(telegram)
        said = await telegram.ann.say("one")
        await telegram.ann.edit(said, "two")
        assert await bot.kinds() == ["message"]
        assert (await bot("getMe"))["can_read_all_group_messages"] is True


async def test_what_the_bot_said_is_answered_after_a_restart_also_from_before_that_was_noted(tmp_path: Path) -> None:
    config = SandboxConfig(data_dir=tmp_path)
    async with running_sandbox(config) as telegram:
        group, bot = await telegram.group(), PlainBot(telegram)
        await bot.say(group.id, "I am here")
    # Earlier versions kept neither who has a message nor whom it is for.
    with closing(sqlite3.connect(tmp_path / "telegram.sqlite3")) as database, database:
        changed = "UPDATE docs SET body = json_remove(body, '$.seen', '$.meant') WHERE kind = 'message'"
        assert database.execute(changed).rowcount == 2
    async with running_sandbox(config) as telegram:
        bot = PlainBot(telegram)
        await bot.updates()
        group = Chat(telegram, group.person_id, group.id)
        said = next(message for message in await group.history() if message.from_bot)
        await group.say("to the bot", reply_to=said)
        (update,) = await bot.updates()
        assert update["message"]["reply_to_message"]["text"] == "I am here"


async def test_a_sandbox_without_a_folder_forgets() -> None:
    async with running_sandbox() as telegram:
        await telegram.ann.say("one")
    async with running_sandbox() as telegram:
        assert await telegram.ann.history() == []


async def test_two_sandboxes_do_not_share_a_folder(tmp_path: Path) -> None:
    async with serve(SandboxConfig(data_dir=tmp_path)):
        with pytest.raises(OSError, match="is in use by another sandbox"):
            async with serve(SandboxConfig(data_dir=tmp_path)):
                pass


async def test_a_foreign_file_is_left_alone(tmp_path: Path) -> None:
    foreign = tmp_path / "telegram.sqlite3"
    foreign.write_bytes(b"precious" * 1000)
    with pytest.raises(OSError, match="is not a file of the sandbox"):
        async with serve(SandboxConfig(data_dir=tmp_path)):
            pass
    assert foreign.read_bytes() == b"precious" * 1000


async def test_a_taken_port_is_an_error() -> None:
    async with serve(SandboxConfig()) as url:
        port = int(url.rpartition(":")[2])
        with pytest.raises(OSError, match="in use"):
            async with serve(SandboxConfig(), port=port):
                pass
