"""Updates between Telegram and the conversations: none lost, none twice, each in its order."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update

from storage.care.forgetting import Asked
from storage.records import Key, MessageLink, Press, Role, SendState, TurnState
from storage.rows.upsert import GoneMeanwhile
from storage.schema import conversations, inbox
from storage.store import Store
from storage.tables.deliveries import SendRecord
from storage.tables.inbox import KEEP_DONE_S, KEEP_TAP_S
from tests.support.records import TERMS, new_turn, outcome, sent

ANN, GROUP = Key(1001, 0), Key(-100, 7)


def telegram_says(number: int, **more: Any) -> dict[str, Any]:
    return {"update_id": number, "message": {"text": "naïve 🎨"}, **more}


async def waiting(store: Store, key: Key = ANN) -> list[int]:
    return [row.update_id for row in await store.inbox.open_updates(key)]


async def test_an_update_waits_as_it_came(store: Store) -> None:
    update_as_sent = telegram_says(5, zebra=1, apple={"b": None, "a": [1.5]})
    await store.inbox.add([(ANN, update_as_sent)])
    (row,) = await store.inbox.open_updates(ANN)
    assert json.dumps(row.payload) == json.dumps(update_as_sent)
    assert (row.key, row.tries, row.notice) == (ANN, 0, None)


async def test_a_redelivered_update_is_known_whatever_became_of_it(store: Store) -> None:
    await store.inbox.add([(ANN, telegram_says(number)) for number in (5, 6, 7)])
    await store.inbox.finish([5])
    await store.inbox.set_aside(6)
    assert await store.inbox.add([(ANN, telegram_says(number)) for number in (5, 6, 7, 8)]) == {8}
    assert await waiting(store) == [7, 8]


async def test_updates_wait_in_telegrams_order_however_they_arrive(store: Store) -> None:
    await store.inbox.add([(ANN, telegram_says(number)) for number in (9, 7)])
    await store.inbox.add([(ANN, telegram_says(number)) for number in (8, 10)])
    assert await waiting(store) == [7, 8, 9, 10]


async def test_what_is_done_and_only_wants_telling_comes_first(store: Store) -> None:
    await store.inbox.add([(ANN, telegram_says(number)) for number in (5, 6)])
    await store.inbox.finish([6], {"key": "undone"})
    assert [(row.update_id, row.notice) for row in await store.inbox.open_updates(ANN)] == [
        (6, {"key": "undone"}),
        (5, None),
    ]
    await store.inbox.finish([6])
    assert await waiting(store) == [5]


async def test_conversations_do_not_see_each_others_updates(store: Store) -> None:
    await store.inbox.add([(ANN, telegram_says(5)), (GROUP, telegram_says(6)), (Key(-100, 0), telegram_says(7))])
    assert await waiting(store, GROUP) == [6]
    assert set(await store.inbox.keys()) == {ANN, GROUP, Key(-100, 0)}
    await store.inbox.finish([5, 7])
    assert await store.inbox.keys() == [GROUP]


async def test_no_more_are_read_than_asked_for(store: Store) -> None:
    await store.inbox.add([(ANN, telegram_says(number)) for number in range(5, 30)])
    assert [row.update_id for row in await store.inbox.open_updates(ANN, limit=3)] == [5, 6, 7]


async def test_what_was_found_out_about_an_update_stays_until_it_is_done(store: Store) -> None:
    await store.inbox.add([(ANN, telegram_says(5))])
    assert await store.inbox.found_out(5) == {}
    await store.inbox.note(5, "one", {"begun": 1})
    await store.inbox.note(5, "other", 7)
    await store.inbox.note(5, "one", {"words": "a boat"})
    assert await store.inbox.found_out(5) == {"one": {"words": "a boat"}, "other": 7}
    (row,) = await store.inbox.open_updates(ANN)
    assert {name: value for name, value in row.payload.items() if name != "pentimento"} == telegram_says(5)
    await store.inbox.finish([5])
    assert await store.inbox.found_out(5) == {}
    with pytest.raises(GoneMeanwhile):
        await store.inbox.note(5, "one", {})


async def test_tries_are_counted(store: Store) -> None:
    await store.inbox.add([(ANN, telegram_says(5))])
    assert [await store.inbox.try_again(5) for _ in range(3)] == [1, 2, 3]
    assert [row.tries for row in await store.inbox.open_updates(ANN)] == [3]


async def test_nothing_to_write_down_is_no_work(store: Store) -> None:
    assert not await store.inbox.add([])
    await store.inbox.finish([])
    assert await store.inbox.keys() == []


@pytest.mark.parametrize(("age_s", "swept"), [(KEEP_DONE_S - 60, 0), (KEEP_DONE_S + 60, 1)])
async def test_numbers_are_forgotten_when_telegram_no_longer_redelivers(store: Store, age_s: float, swept: int) -> None:
    await store.inbox.add([(ANN, telegram_says(number)) for number in (5, 6)])
    await store.inbox.finish([5])
    async with store.database.begin() as connection:
        await connection.execute(update(inbox).values(received_at=inbox.c.received_at - age_s))
    assert await store.inbox.sweep() == swept
    assert await waiting(store) == [6]
    assert bool(await store.inbox.add([(ANN, telegram_says(5))])) == bool(swept)


async def test_what_has_no_number_is_kept_once_and_waits_for_nobody(store: Store) -> None:
    bodies = ["<html>", '{"message": "\ud800\0"}', ""]
    assert await store.inbox.keep_unusable(bodies) == 3
    assert await store.inbox.keep_unusable(["<html>", "<html lang='en'>"]) == 1
    assert await store.inbox.count_open() == 0
    findings = [finding async for finding in store.audit.inbox()]
    assert [finding.broken for finding in findings] == [False] * 4


async def test_a_press_with_signs_that_no_database_takes_is_kept_all_the_same(store: Store) -> None:
    press = Press(callback_id="\0\ud800", tap="7:\0")
    assert await store.inbox.add([(ANN, telegram_says(5))], {5: press}) == {5}
    assert await waiting(store) == [5]


async def pressed(store: Store, number: int, *, lasting: bool = True, tap: str = "7:40:again:4") -> set[int]:
    """Press a button, and return what waits then."""
    press = Press(callback_id=f"q{number}", tap=tap, lasting=lasting)
    assert await store.inbox.add([(ANN, telegram_says(number))], {number: press}) == {number}
    return set(await waiting(store))


async def test_a_button_that_waits_is_pressed_once(store: Store) -> None:
    assert await pressed(store, 5) == {5}
    assert await pressed(store, 6) == {5}
    assert await pressed(store, 7, tap="8:40:again:4") == {5, 7}
    assert await pressed(store, 8, tap="7:40:undo:4", lasting=False) == {5, 7, 8}
    assert await pressed(store, 9, tap="7:40:undo:4", lasting=False) == {5, 7, 8, 9}
    await store.inbox.finish([5])
    assert await pressed(store, 10) == {7, 8, 9, 10}


async def test_a_double_tap_that_comes_at_once_is_one_press_and_a_later_tap_another(store: Store) -> None:
    """The process is killed after the picture was sent, while a second tap still waited: it held up the third one."""
    conversation = await store.conversations.open(ANN)
    again = {number: Press(callback_id=f"q{number}", tap="7:40:again:4", lasting=True) for number in (5, 6)}
    assert await store.inbox.add([(ANN, telegram_says(number)) for number in again], again) == {5, 6}
    assert await waiting(store) == [5]
    turn = await store.conversations.take(new_turn(conversation.id), [], [5])
    await store.conversations.set_state(turn.id, TurnState.DELIVERED)
    assert await pressed(store, 7) == {7}


async def test_a_tap_beside_one_that_is_delivered_again_is_not_a_double_tap(store: Store) -> None:
    await pressed(store, 5)
    await store.inbox.finish([5])
    again = {number: Press(callback_id=f"q{number}", tap="7:40:again:4", lasting=True) for number in (5, 6)}
    assert await store.inbox.add([(ANN, telegram_says(number)) for number in again], again) == {6}
    assert await waiting(store) == [6]


@pytest.mark.parametrize("times", [1, 4])
async def test_a_button_asks_for_nothing_more_until_what_it_asked_for_may_be_seen(store: Store, times: int) -> None:
    conversation = await store.conversations.open(ANN)
    await pressed(store, 5)
    turn = await store.conversations.take(new_turn(conversation.id), [], [5], times=times)
    assert await pressed(store, 6) == set()
    await store.conversations.begin_call(turn.id, terms=TERMS)
    assert await pressed(store, 7) == set()
    for one in await store.conversations.batch_of(turn):
        await store.conversations.set_state(one.id, TurnState.ANSWERED)
    assert await pressed(store, 8) == set()
    await store.deliveries.record(SendRecord(turn_id=turn.id, position=0, state=SendState.SENDING))
    assert await pressed(store, 9) == {9}


@pytest.mark.parametrize("state", [TurnState.CANCELLED, TurnState.FAILING, TurnState.FAILED, TurnState.DELIVERED])
async def test_a_button_counts_again_once_its_turn_is_over(store: Store, state: TurnState) -> None:
    conversation = await store.conversations.open(ANN)
    await pressed(store, 5)
    turn = await store.conversations.take(new_turn(conversation.id), [], [5])
    await store.conversations.set_state(turn.id, state)
    assert await pressed(store, 6) == {6}


async def test_of_a_done_update_its_number_is_kept_and_for_a_day_which_button_it_was(store: Store) -> None:
    """Two presses mean the same within seconds, or until something can be seen of the first."""

    async def left() -> dict[int, tuple[Any, ...]]:
        columns = (inbox.c.chat_id, inbox.c.topic_id, inbox.c.tap, inbox.c.callback_id)
        async with store.database.connect() as connection:
            rows = await connection.execute(select(inbox.c.update_id, *columns))
            return {row[0]: tuple(row[1:]) for row in rows}

    await pressed(store, 5)
    await pressed(store, 6, tap="8:40:again:4")
    await store.inbox.finish([5])
    assert await left() == {5: (0, 0, "7:40:again:4", "q5"), 6: (1001, 0, "8:40:again:4", "q6")}
    async with store.database.begin() as connection:
        await connection.execute(update(inbox).values(received_at=inbox.c.received_at - KEEP_TAP_S - 1))
    assert await store.inbox.sweep() == 0
    assert await left() == {5: (0, 0, None, None), 6: (1001, 0, "8:40:again:4", "q6")}


async def test_more_than_fit_into_one_transaction_are_swept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.tables.inbox.SWEPT_AT_ONCE", 3)
    await store.inbox.add([(ANN, telegram_says(number)) for number in range(5, 15)])
    await store.inbox.finish(range(5, 14))
    async with store.database.begin() as connection:
        await connection.execute(update(inbox).values(received_at=inbox.c.received_at - KEEP_DONE_S - 1))
    assert await store.inbox.sweep() == 9
    assert await waiting(store) == [14]


async def test_an_update_that_was_forgotten_meanwhile_has_no_effect(store: Store) -> None:
    """While its photo was fetched, say. One that a command in its caption has ended is a wish all the same."""
    await store.inbox.add([(ANN, telegram_says(number)) for number in (5, 6, 7)])
    await store.forgetting.person(ANN.chat_id, Asked(update_id=6, notice=lambda _: {"key": "forgotten"}))
    assert [(row.update_id, row.notice) for row in await store.inbox.open_updates(ANN)] == [
        (6, {"key": "forgotten"}),
        (7, None),
    ]
    conversation = await store.conversations.open(ANN)
    loose = MessageLink(chat_id=1001, message_id=1, role=Role.LOOSE, picture=sent(5))
    with pytest.raises(GoneMeanwhile):
        await store.conversations.take(new_turn(conversation.id), [], [5])
    with pytest.raises(GoneMeanwhile):
        await store.messages.save(conversation.id, [loose], [5])
    assert await store.conversations.latest(conversation.id) is None
    assert await store.messages.loose(conversation.id) == []
    await store.inbox.finish([7])
    await store.messages.save(conversation.id, [loose], [7])
    assert len(await store.messages.loose(conversation.id)) == 1


async def test_nothing_is_added_to_what_was_forgotten_meanwhile(store: Store) -> None:
    """At that moment another task is about to take a wish, keep a picture, store an answer, or record a send."""
    conversation = await store.conversations.open(ANN)
    turn = await store.conversations.take(new_turn(conversation.id), [], [])
    await store.forgetting.conversation(ANN)
    link = MessageLink(chat_id=1001, message_id=1, role=Role.ANSWER, turn_id=turn.id, picture=sent(5))
    loose = replace(link, role=Role.LOOSE, turn_id=None)
    step = SendRecord(turn_id=turn.id, position=0, state=SendState.SENDING)
    for late in (
        store.conversations.take(new_turn(conversation.id), [], []),
        store.messages.save(conversation.id, [loose]),
        store.conversations.store_answer(turn, outcome(1)),
        store.conversations.begin_call(turn.id, terms=TERMS),
        store.deliveries.record(step),
    ):
        with pytest.raises(GoneMeanwhile):
            await late
    await store.messages.save(conversation.id, [link])
    await store.deliveries.sent(replace(step, state=SendState.SENT), conversation.id, [link], brings=[turn.id])
    assert await store.messages.find(1001, 1) is None
    assert await store.deliveries.of(turn.id) == {}
    assert await store.audit.named() == set()


async def test_an_empty_conversation_is_dropped_and_no_other(store: Store) -> None:
    await store.conversations.open(ANN)
    chosen = await store.conversations.open(GROUP)
    await store.conversations.change(chosen.id, lambda _: {"ratio": "1:1"})
    for key in (ANN, GROUP):
        await store.conversations.drop_empty(key)
    async with store.database.connect() as connection:
        assert (await connection.execute(select(conversations.c.chat_id))).scalars().all() == [GROUP.chat_id]


async def test_what_was_done_meanwhile_gets_no_notice(store: Store) -> None:
    """A finished row names no conversation, so the notice would wait for ever."""
    await store.inbox.add([(ANN, telegram_says(number)) for number in (5, 6)])
    await store.inbox.finish([5])
    await store.inbox.finish([5, 6], {"key": "busy"})
    assert await waiting(store) == [6]
    await store.inbox.set_aside(5)
    assert await store.inbox.count_open() == 1
    assert await store.inbox.keys() == [ANN]


async def test_only_what_nobody_has_begun_is_refused(store: Store) -> None:
    await store.inbox.add([(ANN, telegram_says(number)) for number in (5, 6, 7, 8)])
    await store.inbox.finish([5])
    assert await store.waiting.refuse([5, 6, 7], {"key": "busy"}) == 7
    assert [(row.update_id, row.notice) for row in await store.inbox.open_updates(ANN)] == [
        (7, {"key": "busy"}),
        (8, None),
    ]
    assert await store.waiting.refuse([5, 6, 7], {"key": "busy"}) is None
    assert await store.waiting.refuse([8], None) is None
    assert await waiting(store) == [7]


async def test_what_waits_in_a_chat_is_read_over_all_its_topics(store: Store) -> None:
    """Beside it stands whether its conversation works on a turn. Notices do not wait for anything."""
    topics = [Key(-100, number) for number in (1, 2)]
    await store.inbox.add([(key, telegram_says(number)) for number, key in enumerate((*topics, *topics, ANN), start=5)])
    await store.inbox.finish([8], {"key": "undone"})
    conversation = await store.conversations.open(topics[0])
    await store.conversations.take(new_turn(conversation.id), [], [])
    assert await store.waiting.count_waiting([-100, 1001, 4]) == {-100: 3, 1001: 1}
    found = await store.waiting.waiting_in(-100, limit=10)
    assert [(row.update_id, row.key, held_up) for row, held_up in found] == [
        (5, topics[0], True),
        (6, topics[1], False),
        (7, topics[0], True),
    ]
