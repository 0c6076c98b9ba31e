"""All transactions lock rows in one order, so none of them ends another one.

PostgreSQL ends one of two transactions that wait for each other (postgresql.org/docs/current/explicit-locking.html,
13.3.4). The bot would take that for an outage of its store, and notify its owners.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, select, text

from storage.records import Author, Cited, InputPicture, Key, MessageLink, Role
from storage.rows.upsert import GoneMeanwhile
from storage.schema import media as media_table
from storage.schema import messages, turns
from storage.store import Store
from tests.storage.tables.test_messages import as_moved_by_an_earlier_version
from tests.support.databases import Server
from tests.support.records import ANNE, HOME, media, new_turn

pytestmark = pytest.mark.database

BORIS = Author(id=8, name="Boris", language="en")
GROUP = Key(-100, 0)
SUPERGROUP = Key(-1_000_100, 0)


@pytest.fixture
async def store(postgresql: Server, tmp_path: Path) -> AsyncIterator[Store]:
    """Yield an empty store on PostgreSQL."""
    postgresql.wipe()
    opened = await Store.open(postgresql.kept_database, str(tmp_path / "media"))
    yield opened
    await opened.close()


def of(author: Author, number: int) -> InputPicture:
    return InputPicture(media=media(number), author_id=author.id)


async def wait_there(store: Store, key: Key, message_id: int, picture: InputPicture) -> int:
    """Let a picture wait for words in a conversation; return that one's number."""
    conversation = await store.conversations.open(key)
    link = MessageLink(chat_id=key.chat_id, message_id=message_id, role=Role.LOOSE, picture=picture)
    await store.messages.save(conversation.id, [link])
    return conversation.id


@asynccontextmanager
async def held(store: Store, table: Table, column: str, value: Any) -> AsyncIterator[None]:
    """Lock a row, so that the next transaction that needs it waits in the middle of its work."""
    async with store.database.engine.begin() as connection:
        row = select(table).where(table.c[column] == value)
        assert (await connection.execute(row.with_for_update())).first() is not None
        yield


async def one_after_the_other(store: Store, table: Table, column: str, value: Any, *deeds: Awaitable[Any]) -> None:
    """Do deeds side by side, with a row held until each of them waits for something."""
    async with held(store, table, column, value):
        tasks = []
        for deed in deeds:
            tasks.append(asyncio.ensure_future(deed))
            await until_waiting(store, tasks)
    for ended in await asyncio.gather(*tasks, return_exceptions=True):
        if ended is not None and isinstance(ended, BaseException):
            # The row that it wanted to write is gone.
            assert isinstance(ended, GoneMeanwhile), ended


async def until_waiting(store: Store, tasks: list[asyncio.Future[Any]]) -> None:
    blocked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    async with asyncio.timeout(5):
        while True:
            async with store.database.engine.connect() as connection:
                waiting = (await connection.execute(text(blocked))).scalar_one()
            if waiting >= sum(not task.done() for task in tasks):
                return
            await asyncio.sleep(0.005)


@pytest.mark.parametrize("deed", ["a wish anew", "a cancel"])
async def test_pictures_that_stop_waiting_where_a_conversation_is_forgotten(store: Store, deed: str) -> None:
    number = await wait_there(store, HOME, 1, of(ANNE, 1))
    anew = new_turn(number, request_message_id=2)
    cancels = deed == "a cancel"
    other = store.messages.end_waiting(number) if cancels else store.conversations.take(anew, (), (), anew=True)
    picture = media(1).sha256
    await one_after_the_other(store, media_table, "sha256", picture, store.forgetting.conversation(HOME), other)
    assert await store.messages.find(HOME.chat_id, 1) is None


async def test_a_picture_that_comes_once_more_where_a_conversation_is_forgotten(store: Store) -> None:
    for message_id in (1, 9):
        await wait_there(store, HOME, message_id, of(ANNE, message_id))
    again = wait_there(store, HOME, 10, of(ANNE, 9))
    forgotten = store.forgetting.conversation(HOME)
    await one_after_the_other(store, media_table, "sha256", media(1).sha256, forgotten, again)


async def test_a_fresh_start_with_a_picture_whose_sender_is_forgotten(store: Store) -> None:
    for message_id in (1, 9):
        number = await wait_there(store, GROUP, message_id, of(BORIS, message_id))
    anew = new_turn(number, pictures=(of(BORIS, 1),), request_message_id=10)
    other = store.conversations.take(anew, (), (), anew=True)
    await one_after_the_other(store, media_table, "sha256", media(9).sha256, store.forgetting.person(BORIS.id), other)


async def test_a_cancel_of_a_wish_that_speaks_of_somebody_who_is_forgotten(store: Store) -> None:
    number = await wait_there(store, GROUP, 1, of(ANNE, 1))
    await wait_there(store, GROUP, 2, of(BORIS, 2))
    cited = (Cited(words="a fox", name="Boris", author_id=BORIS.id),)
    turn = await store.conversations.take(new_turn(number, cited=cited), (), ())
    cancel = store.conversations.cancel(turn, 5, {"key": "cancelled"})
    await one_after_the_other(store, messages, "message_id", 1, cancel, store.forgetting.person(BORIS.id))
    assert await store.messages.find(GROUP.chat_id, 2) is None


async def test_two_people_who_are_forgotten_at_once(store: Store) -> None:
    number = await wait_there(store, GROUP, 1, of(ANNE, 1))
    of_boris = await store.conversations.take(new_turn(number, author=BORIS), (), ())
    of_anne = await store.conversations.take(new_turn(number, pictures=(of(BORIS, 5),)), (), ())
    with_hers = await store.conversations.take(new_turn(number, author=BORIS, pictures=(of(ANNE, 6),)), (), ())
    assert of_boris.id < of_anne.id < with_hers.id
    people = [store.forgetting.person(author.id) for author in (BORIS, ANNE)]
    await one_after_the_other(store, turns, "id", with_hers.id, *people)


async def test_a_name_that_gets_another_picture_where_its_owner_is_forgotten(store: Store) -> None:
    number = await wait_there(store, GROUP, 1, of(BORIS, 1))
    await store.names.save(number, "hat", of(BORIS, 1), BORIS.id)
    saved = store.names.save(number, "hat", of(BORIS, 1), ANNE.id)
    await one_after_the_other(store, media_table, "sha256", media(1).sha256, store.forgetting.person(BORIS.id), saved)


async def picture_of_boris(store: Store) -> str:
    """Let Boris ask for something in the group, by a picture, and be named in its rule; return the picture's name."""
    number = (await store.conversations.open(GROUP)).id
    link = MessageLink(chat_id=GROUP.chat_id, message_id=1, role=Role.REQUEST)
    await store.conversations.take(new_turn(number, author=BORIS, pictures=(of(BORIS, 1),)), (link,), ())
    await store.chats.choose(GROUP.chat_id, "allow", {"people": {str(BORIS.id): "Boris"}})
    return media(1).sha256


async def test_a_group_that_becomes_a_supergroup_where_it_is_forgotten(store: Store) -> None:
    picture = await picture_of_boris(store)
    deeds = store.forgetting.conversation(GROUP), store.chats.migrate(GROUP.chat_id, SUPERGROUP.chat_id)
    await one_after_the_other(store, media_table, "sha256", picture, *deeds)
    assert await store.views.of_chat(GROUP.chat_id) == await store.views.of_chat(SUPERGROUP.chat_id) == []


@pytest.mark.parametrize("deed", ["the move", "a later start"])
async def test_a_group_that_becomes_a_supergroup_where_somebody_of_it_is_forgotten(store: Store, deed: str) -> None:
    """A start changes the numbers of messages that an earlier version left as they were."""
    picture = await picture_of_boris(store)
    if deed == "a later start":
        await as_moved_by_an_earlier_version(store, GROUP.chat_id, SUPERGROUP.chat_id)
        other = store.chats.mend_moves()
    else:
        other = store.chats.migrate(GROUP.chat_id, SUPERGROUP.chat_id)
    await one_after_the_other(store, media_table, "sha256", picture, store.forgetting.person(BORIS.id), other)
    rules = [await store.chats.find(key.chat_id) for key in (GROUP, SUPERGROUP)]
    assert [chat.settings["allow"] for chat in rules if chat] == [{"people": {}}] * 2
    turn = await store.conversations.latest((await store.conversations.open(SUPERGROUP)).id)
    assert turn is not None
    assert turn.is_forgotten


async def test_a_wish_in_a_supergroup_whose_group_moves_there_at_that_moment(store: Store) -> None:
    """Its conversation there is merged into that of the group, and takes the wish along."""
    await wait_there(store, GROUP, 1, of(ANNE, 1))
    await wait_there(store, HOME, 2, of(ANNE, 2))
    async with held(store, media_table, "sha256", media(2).sha256):
        async with held(store, messages, "message_id", 1):
            deeds: list[asyncio.Future[Any]]
            deeds = [asyncio.ensure_future(store.chats.migrate(GROUP.chat_id, SUPERGROUP.chat_id))]
            await until_waiting(store, deeds)
            there = (await store.conversations.open(SUPERGROUP)).id
            wish = new_turn(there, pictures=(of(ANNE, 2),))
            deeds.append(asyncio.ensure_future(store.conversations.take(wish, (), ())))
            await until_waiting(store, deeds)
        await asyncio.sleep(0.3)
    await asyncio.gather(*deeds)
    assert [finding.text async for finding in store.audit.tree()] == []
    assert await store.conversations.next_unfinished(SUPERGROUP) is not None


async def test_a_wish_in_a_conversation_that_is_dropped_because_it_seems_empty(store: Store) -> None:
    await wait_there(store, GROUP, 1, of(ANNE, 1))
    wish = store.conversations.take(
        new_turn((await store.conversations.open(HOME)).id, pictures=(of(ANNE, 1),)), (), ()
    )
    picture = media(1).sha256
    await one_after_the_other(store, media_table, "sha256", picture, wish, store.conversations.drop_empty(HOME))
    assert await store.conversations.next_unfinished(HOME) is not None


async def test_an_answer_that_moves_out_of_its_topic_where_the_chat_is_forgotten(store: Store) -> None:
    topic = Key(GROUP.chat_id, 5)
    turn = await store.conversations.take(new_turn((await store.conversations.open(topic)).id), (), ())
    there = await wait_there(store, GROUP, 1, of(ANNE, 1))
    forgotten, moved = store.forgetting.conversation(GROUP), store.deliveries.move(turn, there, ())
    await one_after_the_other(store, media_table, "sha256", media(1).sha256, forgotten, moved)
    assert await store.conversations.next_unfinished(topic) is not None
