"""Command menus are published in the background: slowly, each once, and without delaying anybody."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from bot.chat.commands.menus import menus_of_all, published_beside
from storage.tables.menus import Menus
from tests.support.messages import Json
from tests.support.talking import Talk, in_files, note_menus, talking

# PTB 22 warns each time it makes a RetryAfter.
pytestmark = pytest.mark.filterwarnings("ignore:.*retry_after:telegram.warnings.PTBDeprecationWarning")

ALL = len([*menus_of_all()])


async def calls(talk: Talk, count: int) -> list[Json]:
    """Wait for so many attempts to publish a menu, and return all."""
    async with asyncio.timeout(20):
        while len(found := await talk.telegram.calls("setMyCommands")) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return found


async def anew(talk: Talk) -> None:
    """Start as if no menu had ever been published."""
    await note_menus(talk.store, out=False)
    await talk.restart()


async def test_a_flood_wait_of_menus_keeps_nobody_waiting(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """openclaw/openclaw#32017: setMyCommands was answered with 490 s, and the bot was mute for so long."""
    async with talking(tmp_path, telegram_limits=True) as talk:
        await talk.telegram.fault("setMyCommands", retry_after=490, times=-1)
        await anew(talk)
        await calls(talk, 1)
        ann, group = talk.telegram.ann, await talk.telegram.group()
        began = time.monotonic()
        await ann.say("a boat")
        assert (await ann.answer()).has_picture
        # A second on a machine with nothing else to do.
        assert time.monotonic() - began < 5
        assert (await group.answer()).text
        assert f"{ALL} command menus are still to be published; the next try is in 490 s" in caplog.text
        await talk.restart()
        await ann.say("now red")
        assert (await ann.answer()).has_picture
        assert len(await calls(talk, 1)) == 1


async def test_menus_go_out_slowly_and_a_restart_goes_on_behind_the_last(tmp_path: Path) -> None:
    async with talking(tmp_path, telegram_limits=True) as talk:
        await anew(talk)
        first, second, *_ = await calls(talk, 2)
        assert second["at"] - first["at"] > 1
        await talk.telegram.fault("setMyCommands", delay_s=20)
        await talk.telegram.fault_met()
        # In the midst of the third.
        await talk.restart()
        menus = [(call["params"]["scope"], call["params"].get("language_code")) for call in await calls(talk, 3)]
        assert len(set(menus)) == len(menus)


async def test_a_menu_that_was_refused_for_a_while_comes_then(talk: Talk) -> None:
    await talk.telegram.fault("setMyCommands", retry_after=2, times=1)
    await anew(talk)
    refused, *others = await calls(talk, ALL + 1)
    assert len(others) == ALL
    assert [call["ok"] for call in (refused, *others)] == [False] + [True] * ALL
    assert others[0]["at"] - refused["at"] > 1.5
    assert others[0]["params"] == refused["params"]


async def test_only_a_menu_that_changed_is_published_again(talk: Talk) -> None:
    bot_id = talk.running.me.id
    note = await talk.store.menus.published(bot_id)
    assert len(note.menus) == ALL
    old = {**note.menus, "groups de": "a digest of other words"}
    await talk.store.menus.compare_and_set(bot_id, note, type(note)(menus=old))
    await talk.restart()
    (call,) = await calls(talk, 1)
    assert call["params"]["language_code"] == "de"
    await talk.telegram.ann.silence(0.5)
    assert len(await talk.telegram.calls("setMyCommands")) == 1
    assert (await talk.store.menus.published(bot_id)).menus == note.menus


@in_files
async def test_processes_that_publish_at_the_same_time_share_the_menus(talk: Talk) -> None:
    """Each sees in the database what the other has done, and whose turn it is."""
    await talk.telegram.fault("setMyCommands", delay_s=0.05, times=-1)
    await note_menus(talk.store, out=False)
    bot, database = talk.running.bot, talk.store.database
    async with (
        published_beside(bot, Menus(database), slowly=False),
        published_beside(bot, Menus(database), slowly=False),
    ):
        await calls(talk, ALL)
        await talk.telegram.ann.silence(1)
    assert len(await talk.telegram.calls("setMyCommands")) == ALL
