"""The next piece of work of a conversation: the oldest open turn, else the next update, with what a step needs."""

from __future__ import annotations

from storage.records import Key, MessageLink, Role
from storage.store import Store
from storage.tables.next_work import NextWork
from tests.support.records import HOME, new_turn, outcome, sent

OTHER = Key(HOME.chat_id, 3)


async def test_nothing_is_to_be_done_where_nothing_was_said(store: Store) -> None:
    await store.inbox.add([(OTHER, {"update_id": 5})])
    assert await store.next_work.of(HOME) == NextWork()


async def test_an_update_comes_before_there_is_a_conversation(store: Store) -> None:
    await store.inbox.add([(HOME, {"update_id": number, "text": "a boat"}) for number in (6, 5)])
    work = await store.next_work.of(HOME)
    assert work == NextWork(row=(await store.inbox.open_updates(HOME))[0], undecided=True)
    assert work.row is not None
    assert (work.row.update_id, work.row.payload["text"]) == (5, "a boat")


async def test_the_oldest_open_turn_comes_with_the_update_that_waits(store: Store) -> None:
    conversation = await store.conversations.open(HOME)
    first, second = [await store.conversations.take(new_turn(conversation.id), (), ()) for _ in range(2)]
    assert await store.next_work.of(HOME) == NextWork(turn=first)
    assert await store.conversations.cancel(first)
    await store.inbox.add([(HOME, {"update_id": 5})])
    work = await store.next_work.of(HOME)
    assert (work.turn, work.row) == (second, (await store.inbox.open_updates(HOME))[0])


async def test_what_still_has_to_be_said_comes_first(store: Store) -> None:
    await store.inbox.add([(HOME, {"update_id": number}) for number in (5, 6)])
    await store.inbox.finish([6], {"key": "undone"})
    row = (await store.next_work.of(HOME)).row
    assert row is not None
    assert (row.update_id, row.notice) == (6, {"key": "undone"})


async def test_an_update_comes_with_what_its_conversation_chose(store: Store) -> None:
    conversation = await store.conversations.open(HOME)
    await store.conversations.change(conversation.id, lambda _: {"language": "de"})
    await store.inbox.add([(HOME, {"update_id": 5})])
    work = await store.next_work.of(HOME)
    assert (work.settings, work.has_unannounced) == ({"language": "de"}, False)


async def test_an_update_says_whether_owners_decide_about_its_chat(store: Store) -> None:
    await store.inbox.add([(HOME, {"update_id": 5})])
    assert (await store.next_work.of(HOME)).undecided
    await store.guests.ask(HOME.chat_id, "Anne", "en")
    assert not (await store.next_work.of(HOME)).undecided


async def test_an_update_says_whether_there_are_answers_of_which_nobody_knows(store: Store) -> None:
    conversation = await store.conversations.open(HOME)
    turn = await store.conversations.take(new_turn(conversation.id), (), ())
    await store.conversations.store_answer(turn, outcome(1))
    await store.deliveries.keep_back(turn.id, announced=False)
    await store.inbox.add([(HOME, {"update_id": 5})])
    work = await store.next_work.of(HOME)
    assert (work.turn, work.has_unannounced) == (None, True)


async def test_a_conversation_says_whether_pictures_may_wait_in_it(store: Store) -> None:
    assert not (await store.conversations.open(HOME)).has_loose
    conversation = await store.conversations.open(HOME)
    assert not conversation.has_loose
    link = MessageLink(chat_id=HOME.chat_id, message_id=3, role=Role.LOOSE, picture=sent(3))
    await store.messages.save(conversation.id, [link])
    assert (await store.conversations.open(HOME)).has_loose
