"""What the owner hears by itself: the week, a disk that is nearly full; and what people hear of a full one."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, NoReturn

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from bot.chat.owners import NotReached
from bot.process import chores, weekly
from bot.settings.settings import Settings
from bot.texts import languages, say
from storage.engine.faults import FaultKind, StorageFault
from storage.schema import windows
from tests.support.fallback import INVALID
from tests.support.forgetting import MINE, forget
from tests.support.images import SdCpp
from tests.support.own_servers import HOME, at
from tests.support.owning import owned, owners_of, settings_of, witness
from tests.support.people import BORIS
from tests.support.talking import Given, Talk, in_one, painted, talking

pytestmark = in_one


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    async with owned(tmp_path) as talk:
        yield talk


async def _monday(talk: Talk) -> None:
    """Let it become Monday: the message is due."""
    async with talk.store.database.begin() as connection:
        due = update(windows).where(windows.c.name == "chore weekly report").values(not_before=time.time() - 1)
        await connection.execute(due)


async def _look(talk: Talk) -> None:
    await chores.report_if_due(talk.store, owners_of(talk), settings_of(talk))


async def test_on_mondays_the_owner_reads_what_the_week_was(talk: Talk) -> None:
    """Once, and not before; with the last backup and the disk."""
    ann, boris = talk.telegram.ann, talk.telegram.boris
    await painted(ann, "a boat", "now red")
    talk.painter.will({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}})
    await ann.say("something else")
    await ann.answer()
    await _look(talk)
    await boris.silence()
    await _monday(talk)
    for _ in range(3):
        await _look(talk)
    lines = (await boris.answer()).text.splitlines()
    assert lines[0] == "📊 The last 7 days: 2 pictures for one person, about $0.08."
    assert lines[1] == "One of 3 wishes failed: the provider refused the wish."
    assert lines[2].startswith("⚠ I know of no backup.")
    assert lines[3].startswith("Disk: ")
    await boris.silence()


async def test_what_a_refusal_and_a_stopped_call_cost_is_in_the_sums_that_owners_read(talk: Talk) -> None:
    """The week and /usage name what all calls cost, as /people does for each person."""
    ann, boris = talk.telegram.ann, talk.telegram.boris
    await _look(talk)
    await painted(ann, "a boat")
    used = {"promptTokenCount": 1000, "candidatesTokenCount": 1290, "totalTokenCount": 2290}
    used |= {"candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": 1290}]}
    talk.painter.will({"candidates": [{"finishReason": "IMAGE_SAFETY", "index": 0}], "usageMetadata": used})
    await ann.say("something else")
    await ann.answer()
    await boris.say("/people")
    assert "today 1 🖼 $0.08" in (await boris.answer()).text
    gate = talk.painter.hold()
    await ann.say("now red")
    await talk.painter.called(3)
    await ann.say("/cancel")
    await ann.answer()
    gate.set()
    await boris.say("/people")
    assert "today 1 🖼 $0.12" in (await boris.answer()).text
    await boris.say("/usage")
    ends = (await boris.answer()).text.splitlines()[-2:]
    assert ends == [
        "• Ann: 1 answered, 1 with a picture, about $0.04",
        "All calls together, also those that were refused or stopped and may be billed: about $0.12",
    ]
    await _monday(talk)
    await _look(talk)
    assert (await boris.answer()).text.startswith("📊 The last 7 days: one picture for one person, about $0.12.")


@pytest.mark.parametrize(("price", "says"), [("openai=0", False), ("0", False), ("", True)])
async def test_a_picture_for_which_the_owner_set_no_cost_has_a_known_price(
    tmp_path: Path, price: str, says: bool
) -> None:
    """As of a model at home; without the setting the week says that its price is not known."""
    settings = {"owner_ids": str(BORIS)} | ({"price_per_picture": price} if price else {})
    async with at(SdCpp(), HOME, tmp_path, **settings) as talk:
        boris = talk.telegram.boris
        await painted(boris, "a boat")
        await boris.say("/context")
        assert "$" not in (await boris.answer()).words
        await _look(talk)
        await _monday(talk)
        await _look(talk)
        week = (await boris.answer()).text
        assert week.startswith("📊 The last 7 days: one picture for one person, about $0.00.")
        assert ("The price of one answer is not known." in week) is says


async def test_it_comes_in_the_language_that_the_owner_chose_and_after_a_restart_not_again(talk: Talk) -> None:
    boris = talk.telegram.boris
    await boris.say("/language deutsch")
    await boris.answer()
    weekly.note_backup(settings_of(talk).data_dir, whole=True)
    await _look(talk)
    await _monday(talk)
    await _look(talk)
    text = (await boris.answer()).text
    assert text.startswith(
        "📊 Die letzten 7 Tage: Niemand hat mich um etwas gebeten.\nLetztes Backup: heute.\nPlatte: zu "
    )
    await talk.restart()
    await _look(talk)
    await boris.silence()


async def test_a_backup_of_last_night_was_made_yesterday(talk: Talk) -> None:
    """By the calendar, also where it is only some hours old. And a single wish is not one of one."""
    folder = settings_of(talk).data_dir
    weekly.note_backup(folder, whole=True)
    before_midnight = datetime.now().replace(hour=0, minute=0, second=0, microsecond=0).timestamp() - 60
    os.utime(folder / weekly.BACKED_UP, (before_midnight, before_midnight))
    talk.painter.will({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}})
    await talk.telegram.ann.say("something")
    await talk.telegram.ann.answer()
    await _look(talk)
    await _monday(talk)
    await _look(talk)
    week = (await talk.telegram.boris.answer()).text
    assert "The only wish failed: the provider refused the wish." in week
    assert "Last backup: yesterday." in week


async def test_a_message_that_telegram_does_not_take_now_comes_later(talk: Talk) -> None:
    """The week is not lost because a router begins anew at that moment."""
    boris = talk.telegram.boris
    await _look(talk)
    await _monday(talk)
    await talk.telegram.fault("sendMessage", status=502, chat_id=boris.id)
    with pytest.raises(NotReached):
        await _look(talk)
    for _ in range(2):
        await _look(talk)
    assert (await boris.answer()).text.startswith("📊")
    await boris.silence()


async def test_who_blocked_the_bot_is_not_asked_for_every_few_minutes(talk: Talk) -> None:
    boris = talk.telegram.boris
    await _look(talk)
    await boris.block()
    await _monday(talk)
    for _ in range(3):
        await _look(talk)
    assert len([call for call in await talk.telegram.calls("sendMessage") if "📊" in str(call)]) == 1
    await boris.block(on=False)


async def test_what_the_store_does_not_say_now_is_said_later(talk: Talk) -> None:
    await _look(talk)
    await _monday(talk)
    (settings_of(talk).data_dir / weekly.BACKED_UP).write_bytes(b"\xff\xfe")
    async with talk.store.database.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE spent RENAME TO gone")
    with pytest.raises((StorageFault, OperationalError)):
        await _look(talk)
    async with talk.store.database.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE gone RENAME TO spent")
    await _look(talk)
    assert (await talk.telegram.boris.answer()).text.startswith("📊")


async def test_a_setting_switches_it_off() -> None:
    boris = {"owner_ids": str(BORIS)}
    names = [
        set(_chores_of(Given.model_validate(given)))
        for given in (boris, {**boris, "weekly_report": "false"}, {}, {"keep_days": "30"})
    ]
    assert names == [{"weekly", "disk"}, {"disk"}, set(), {"retention"}]


def _chores_of(settings: Settings) -> list[str]:
    class _Owners(NamedTuple):
        some: bool

    found = chores.chores(settings, None, _Owners(bool(settings.owner_ids)), witness(0))  # type: ignore[arg-type]
    for one in found.values():
        one.close()
    return list(found)


class _Away:
    """A store whose database does not answer."""

    @property
    def views(self) -> _Away:
        return self

    async def of_chat(self, chat_id: int) -> NoReturn:
        await asyncio.sleep(0.2)
        raise StorageFault(FaultKind.UNREACHABLE, f"nothing about {chat_id}")


class _Usage(NamedTuple):
    total: int
    used: int
    free: int


async def test_a_disk_that_is_nearly_full_is_told_to_the_owner_before_it_is_full(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once a day."""
    free = 600_000_000
    monkeypatch.setattr(shutil, "disk_usage", lambda _: _Usage(10**10, 10**10 - free, free))
    await chores.warn_if_scarce(talk.store, owners_of(talk), settings_of(talk))
    await talk.telegram.boris.silence()
    free = 300_000_000
    for _ in range(3):
        await chores.warn_if_scarce(talk.store, owners_of(talk), settings_of(talk))
    assert "Only 300 MB are free" in (await talk.telegram.boris.answer()).text
    await talk.telegram.boris.silence()


async def test_an_owner_hears_of_a_full_disk_in_a_language_of_their_own(talk: Talk) -> None:
    """The one that was chosen; else that of their Telegram."""
    boris, full = talk.telegram.boris, StorageFault(FaultKind.FULL, "no space left")
    owners_of(talk, language="es").alarm(full)
    assert (await boris.answer()).text.startswith("⚠ The disk is full")
    await boris.say("/language deutsch")
    await boris.answer()
    owners_of(talk, language="es").alarm(full)
    assert (await boris.answer()).text.startswith("⚠ Die Platte ist voll")


async def test_an_owner_who_only_pressed_start_is_written_to_in_the_language_of_their_telegram(tmp_path: Path) -> None:
    """Also after a restart, when nothing of them has come yet; and like everybody else, not in that of the settings."""
    async with talking(tmp_path, language="es") as talk:
        greta = await talk.telegram.newcomer("Greta", language_code="de")
        await talk.stop()
        talk.settings["owner_ids"] = str(greta.id)
        await talk.start()
        await greta.say("/start")
        await greta.answer()
        await talk.restart()
        owners = owners_of(talk, greta.id, language="es")
        await owners.notify("owner-disk", megabytes=300)
        assert "nur noch 300 MB" in (await greta.answer()).text
        await greta.say("/language русский")
        await greta.answer()
        await owners.notify("owner-disk", megabytes=200)
        assert (await greta.answer()).text.startswith("⚠ На диске")


async def test_an_owner_who_had_everything_forgotten_is_written_to_in_the_language_of_their_telegram(
    tmp_path: Path,
) -> None:
    """What the store knew of it went with the rest; the bot took that of the settings until the next start."""
    async with talking(tmp_path, language="es") as talk:
        greta = await talk.telegram.newcomer("Greta", language_code="de")
        await talk.stop()
        talk.settings["owner_ids"] = str(greta.id)
        await talk.start()
        await greta.say("/language english")
        await greta.answer()
        await forget(greta, MINE)
        talk.painter.will(INVALID)
        await talk.telegram.ann.say("a boat")
        await talk.telegram.ann.answer()
        assert (await greta.answer()).text.startswith("⚠ Runde 1 ")


@pytest.mark.parametrize("kind", FaultKind)
def test_each_fault_of_the_store_is_told_in_each_language(kind: FaultKind) -> None:
    told = {say(one, f"owner-storage-{kind.value}", detail="disk I/O error") for one in languages()}
    assert len(told) == len(languages())
    assert all(one.startswith("⚠ ") and "disk I/O error" in one for one in told)


async def test_a_store_that_is_away_delays_no_message_to_the_owner(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes in the last language that was known."""
    boris, owners = talk.telegram.boris, owners_of(talk, language="es")
    await boris.say("/language deutsch")
    await boris.answer()
    await owners.notify("owner-disk", megabytes=300)
    assert "nur noch 300 MB" in (await boris.answer()).text
    monkeypatch.setattr("bot.chat.owners.PATIENCE_S", 0.05)
    monkeypatch.setattr(owners, "_store", _Away())
    await owners.notify("owner-disk", megabytes=200)
    assert "nur noch 200 MB" in (await boris.answer()).text


async def test_people_hear_that_their_picture_is_there_but_cannot_be_stored(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The owner hears it at once; the person after half a minute, which is a moment here. Then it comes by itself."""
    monkeypatch.setattr("bot.turns.call_journal.TELL_AFTER_S", 0.4)
    answers = settings_of(talk).data_dir / "media" / "answers"
    shutil.rmtree(answers, ignore_errors=True)
    answers.write_text("in the way, as a full disk is")
    group = await talk.telegram.group(kind="group")
    await group.answer()
    await group.say(f"/edit@{talk.running.me.username} a boat")
    assert (
        await group.answer()
    ).text == "Your picture is ready, but I can’t store it right now. It comes as soon as I can."
    assert "cannot be read or written" in (await talk.telegram.boris.answer()).text
    answers.unlink()
    assert (await group.answer()).has_picture
    assert len(talk.painter.calls) == 1


async def test_people_hear_that_their_wish_waits_for_the_store(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The picture itself cannot be stored; the answer is kept, and is not bought again."""
    monkeypatch.setattr("bot.chat.passes.stuck.TELL_AFTER_S", 0.5)
    folder = settings_of(talk).data_dir / "media" / "media"
    shutil.rmtree(folder, ignore_errors=True)
    folder.write_text("in the way, as a full disk is")
    ann = talk.telegram.ann
    await ann.say("a boat")
    said = (await ann.answer()).text
    assert said.startswith("I can’t store anything right now, so your wish is waiting.")
    assert said.endswith("My owner has been told.")
    folder.unlink()
    assert (await ann.answer(20)).has_picture
    await ann.silence()
    assert len(talk.painter.calls) == 1
