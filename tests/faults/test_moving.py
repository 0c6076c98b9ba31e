"""A bot moves from one machine's files to servers, and back: every row and byte, and the conversation goes on."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.operator.move import move
from bot.settings.settings import Settings
from storage.media.backend import sha256_of
from storage.records import Key
from storage.schema import identity
from storage.store import Store
from tests.support.databases import Server
from tests.support.drifting import is_equal, jpeg, part, photo
from tests.support.objects import Objects
from tests.support.old_stores import make_old_store
from tests.support.painter import plain
from tests.support.people import BORIS
from tests.support.records import new_turn
from tests.support.restoring import kept_and_offered
from tests.support.talking import Talk, talking


@pytest.fixture
async def talk(tmp_path: Path, objects: Objects) -> AsyncIterator[Talk]:
    """Yield a bot with some conversations, which knows the keys of a bucket."""
    async with talking(tmp_path / "data", owner_ids=str(BORIS), **objects.options) as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        await ann.photo(plain(150, (400, 300)), "make it warmer")
        await ann.answer()
        await ann.say("now red")
        await ann.answer()
        await boris.photo(plain(151, kind="JPEG"))
        await boris.answer()
        yield talk


def stored(talk: Talk) -> dict[str, list[Any]]:
    """Return every row of the embedded database, as SQLite has it, but for what stays where it is."""
    with closing(sqlite3.connect(f"{talk.settings['data_dir']}/pentimento.db")) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        kept = [name for name in tables if name != "windows"]
        return {name: sorted(connection.execute(f'SELECT * FROM "{name}"'), key=repr) for name in kept}  # noqa: S608


async def moved(talk: Talk, to: str, media_to: str | None = None, tell: Callable[[str], None] = print) -> int:
    return await move(Settings.model_validate(talk.settings), to, media_to, tell)


@pytest.mark.database
async def test_a_bot_moves_to_servers_and_back_and_the_conversation_goes_on(
    talk: Talk, postgresql: Server, objects: Objects, tmp_path: Path
) -> None:
    database, bucket = postgresql.empty_database(), objects.bucket()
    told: list[str] = []
    await talk.stop()
    before, files = stored(talk), _pictures(tmp_path / "data" / "media")
    assert await moved(talk, database, bucket, told.append) == 0
    assert any(line.startswith(f"table turns: {len(before['turns'])} rows, checksum ") for line in told)
    assert all(secret not in "".join(told) for secret in objects.options.values())
    assert stored(talk) == before

    store = await Store.open(database, bucket, objects.options)
    assert [finding.text for look in store.audit.checks.values() async for finding in look() if finding.broken] == []
    assert {name: await store.media.get(name, verify=True) for name in await store.media.names()} == files
    await store.close()

    # Back into files of another machine: as byte for byte the same rows.
    settings = {**talk.settings, "database_url": database, "media_url": bucket, "data_dir": tmp_path / "another"}
    back = tmp_path / "back"
    back.mkdir()
    target = f"sqlite+aiosqlite:///{back}/pentimento.db"
    assert await move(Settings.model_validate(settings), target, str(back / "media"), told.append) == 0
    talk.settings = {**talk.settings, "data_dir": back}
    assert {name: rows for name, rows in stored(talk).items() if rows} == {k: v for k, v in before.items() if v}
    assert _pictures(back / "media") == files

    talk.settings = {**talk.settings, "data_dir": tmp_path / "data", "database_url": database, "media_url": bucket}
    await talk.start()
    ann = talk.telegram.ann
    await ann.say("and now blue")
    assert (await ann.answer()).has_picture
    assert talk.painter.calls[-1].wish == "and now blue"
    assert len(talk.painter.calls[-1].all_pictures) >= 2
    await talk.telegram.boris.say("what waited gets its words")
    assert (await talk.telegram.boris.answer()).has_picture


@pytest.mark.database
async def test_restored_pictures_and_what_is_offered_go_along(
    talk: Talk, postgresql: Server, objects: Objects, tmp_path: Path
) -> None:
    """One edit in place, and one that may be more than that; after the move both are the person's own photo."""
    database, bucket = postgresql.empty_database(), objects.bucket()
    ann, sent = talk.telegram.ann, jpeg(photo())
    kept, offered = await kept_and_offered(talk, sent)
    await ann.press(kept, "File")
    whole = await (await ann.answer(60)).document_bytes()
    await talk.stop()
    assert await moved(talk, database, bucket) == 0
    talk.settings = {**talk.settings, "data_dir": tmp_path / "data", "database_url": database, "media_url": bucket}
    await talk.start()
    await ann.say("/file", reply_to=kept)
    assert await (await ann.answer(60)).document_bytes() == whole
    await ann.press(offered, "Only the change")
    await ann.press(await ann.answer(60), "File")
    assert is_equal(part(await (await ann.answer(60)).document_bytes()), part(sent))


@pytest.mark.database
async def test_what_waits_and_what_was_paid_for_goes_along(
    talk: Talk, postgresql: Server, objects: Objects, tmp_path: Path
) -> None:
    """A turn whose answer had just arrived is not paid again, and an update that was not handled yet is answered."""
    database, bucket = postgresql.empty_database(), objects.bucket()
    ann = talk.telegram.ann
    folder = tmp_path / "data" / "media" / "media"
    blocked = folder / sha256_of(plain(3))[:2]
    blocked.write_text("in the way")
    await ann.say("a third one")
    await talk.painter.called(3)
    assert "cannot be read or written" in (await talk.telegram.boris.answer()).text
    await ann.say("a fourth one")

    async def taken() -> bool | None:
        return True if await talk.store.inbox.count_open() else None

    await talk.telegram.wait_for(taken, 20, "the bot did not take the update")
    talk.stop_grace_s = 0
    await talk.stop()
    blocked.unlink()
    with closing(sqlite3.connect(tmp_path / "data" / "pentimento.db")) as connection, connection:
        # A worker waits some seconds before it takes an update that has no job.
        connection.execute("UPDATE inbox SET received_at = received_at - 60")
    assert await moved(talk, database, bucket) == 0
    talk.settings = {**talk.settings, "database_url": database, "media_url": bucket}
    await talk.start()
    answers = await ann.answers(2, 60)
    assert all(answer.has_picture for answer in answers)
    assert [call.wish for call in talk.painter.calls] == ["make it warmer", "now red", "a third one", "a fourth one"]


@pytest.mark.database
async def test_a_move_that_is_cut_leaves_no_row_and_can_be_run_again(
    talk: Talk, postgresql: Server, objects: Objects
) -> None:
    database, bucket = postgresql.empty_database(), objects.bucket()
    await talk.stop()

    class Cut(Exception):
        pass

    def cut_at(start: str) -> Callable[[str], None]:
        def tell(line: str) -> None:
            if line.startswith(start):
                raise Cut

        return tell

    for start in ("pictures:", "table chats", "table turns"):
        with pytest.raises(Cut):
            await moved(talk, database, bucket, cut_at(start))
        store = await Store.open(database, bucket, objects.options)
        assert await store.audit.named() == set()
        await store.close()
    told: list[str] = []
    puts = len([path for method, path in objects.calls if method == "PUT" and "/media/" in path])
    assert await moved(talk, database, bucket, told.append) == 0
    assert len([path for method, path in objects.calls if method == "PUT" and "/media/" in path]) == puts
    told.clear()
    assert await moved(talk, database, bucket, told.append) == 0
    assert "the tables are in the target already, row by row the same" in told


async def test_a_move_is_refused_where_it_would_mix_or_miss_something(talk: Talk, tmp_path: Path) -> None:
    told: list[str] = []
    other = f"sqlite+aiosqlite:///{tmp_path}/other.db"
    assert await moved(talk, other, None, told.append) == 2
    assert "stop it first" in told[-1]
    await talk.stop()
    for wrong, why in [("mysql://x/y", "--to or --media-to must start with"), (other, "holds other data already")]:
        if wrong == other:
            store = await Store.open(other, str(tmp_path / "elsewhere"))
            await store.chats.seen(1, "private", "somebody else")
            await store.close()
        assert await moved(talk, wrong, None, told.append) == 2
        assert why in told[-1]
    assert await moved(talk, other, "nonsense://x", told.append) == 2
    settings = Settings.model_validate({**talk.settings, "data_dir": tmp_path / "nothing"})
    assert await move(settings, other, None, told.append) == 2
    assert "nothing is stored yet" in told[-1]


@pytest.mark.database
async def test_a_move_is_refused_while_others_are_connected(talk: Talk, postgresql: Server) -> None:
    database = postgresql.empty_database()
    await talk.stop()
    store = await Store.open(database, "memory:///")
    told: list[str] = []
    assert await moved(talk, database, None, told.append) == 2
    # The name of each once, however many connections it has.
    assert re.fullmatch(r"Others are connected to that database \(local(, \d+ times)?\): stop every bot .*", told[-1])
    await store.close()
    # The server needs a moment to notice who is gone.
    while (code := await moved(talk, database, None, told.append)) == 2:
        assert "Others are connected to that database" in told[-1]
    assert code == 0


async def test_a_picture_that_was_lost_before_is_told_and_no_obstacle(talk: Talk, tmp_path: Path) -> None:
    name = sha256_of(plain(1))
    await talk.stop()
    (tmp_path / "data" / "media" / "media" / name[:2] / name).write_bytes(b"something else")
    told: list[str] = []
    assert await moved(talk, f"sqlite+aiosqlite:///{tmp_path}/new.db", str(tmp_path / "new"), told.append) == 0
    assert any(name in line and line.startswith("note") for line in told)
    assert any("1 pictures were lost before" in line for line in told)


async def test_without_the_object_store_a_move_breaks_off_in_words(
    talk: Talk, objects: Objects, tmp_path: Path
) -> None:
    bucket, told = objects.bucket(), []
    await talk.stop()

    def tell(line: str) -> None:
        told.append(line)

    held = objects.hold("PUT")
    moving = asyncio.create_task(moved(talk, f"sqlite+aiosqlite:///{tmp_path}/new.db", bucket, tell))
    await asyncio.to_thread(held.reached.wait)
    objects.refuse("trouble")
    held.go.set()
    try:
        assert await moving == 1
    finally:
        objects.refuse("")
    assert "run this once more" in told[-1]
    assert await moved(talk, f"sqlite+aiosqlite:///{tmp_path}/new.db", bucket, tell) == 0


def _pictures(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "media").rglob("*") if path.is_file()}


@pytest.mark.database
async def test_a_store_of_the_version_before_moves_to_servers_and_back(
    postgresql: Server, objects: Objects, tmp_path: Path
) -> None:
    """With a language code that is longer than PostgreSQL keeps, and numbers of turns that were forgotten."""
    data, back = tmp_path / "data", tmp_path / "back"
    data.mkdir()
    back.mkdir()
    addresses = [f"sqlite+aiosqlite:///{folder}/pentimento.db" for folder in (data, back)]
    await make_old_store(addresses[0])
    server, told = postgresql.empty_database(), []
    settings = Settings.model_validate({"telegram_bot_token": "1:x", "data_dir": data})
    assert await move(settings, server, None, told.append) == 0, told
    moved_there = settings.model_copy(update={"database_url": server, "data_dir": tmp_path / "another"})
    assert await move(moved_there, addresses[1], None, told.append) == 0, told
    given = []
    for address in (*addresses, server):
        store = await Store.open(address, str(tmp_path / "media"))
        found = await store.conversations.turn(3)
        assert found is not None
        assert found.author.language.startswith("a-code-of-22-let")
        conversation = await store.conversations.open(Key(1001, 0))
        given.append((await store.conversations.take(new_turn(conversation.id), (), ())).id)
        async with store.database.connect() as connection:
            given.append((await connection.execute(select(identity.c.store_id))).scalar_one())
        await store.close()
    assert given[:2] == given[2:4] == given[4:]
    assert given[0] > 7
