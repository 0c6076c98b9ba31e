"""The tree of turns and the heads that move over it: single promises, on both databases."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event, text

from storage.records import Conversation, Key, MessageLink, Role, Turn, TurnState
from storage.rows.upsert import TurnMovedOn
from storage.store import Store
from storage.tables.conversations import PATH_LIMIT
from tests.support.records import ANNE, HOME, TERMS, media, new_turn, outcome, sent


async def begun(store: Store, key: Key = HOME) -> Conversation:
    return await store.conversations.open(key)


async def grow(store: Store, conversation_id: int, parent: Turn | None, number: int, **more: Any) -> Turn:
    """Add an answered turn below ``parent``, as a wish in the ordinary way would."""
    parent_id = parent.id if parent else None
    new = new_turn(conversation_id, f"wish {number}", parent_id=parent_id, head_before=parent_id, **more)
    turn = await store.conversations.take(new, (), ())
    await store.conversations.store_answer(turn, outcome(number))
    return await stored(store, turn)


async def stored(store: Store, turn: Turn) -> Turn:
    found = await store.conversations.turn(turn.id)
    assert found is not None
    return found


async def head(store: Store) -> int | None:
    return (await begun(store)).head_id


async def test_a_conversation_begins_once(store: Store) -> None:
    opened = await asyncio.gather(*(store.conversations.open(HOME) for _ in range(6)))
    assert len({one.id for one in opened}) == 1
    assert (opened[0].key, opened[0].head_id, opened[0].redo, opened[0].settings) == (HOME, None, (), {})


async def test_topics_are_conversations_of_their_own(store: Store) -> None:
    ids = {(await store.conversations.open(Key(-100, topic))).id for topic in (0, 7, 8)}
    assert len(ids) == 3


async def test_a_wish_anew_leaves_head_behind_in_the_transaction_that_takes_it(store: Store) -> None:
    conversation = await begun(store)
    old = await grow(store, conversation.id, None, 1)
    new = new_turn(conversation.id, "a gull", head_before=old.id)
    with pytest.raises(ZeroDivisionError):
        await store.conversations.take(new, (), (1 // 0 for _ in "x"), anew=True)
    assert (await head(store), await store.conversations.latest(conversation.id)) == (old.id, old)
    turn = await store.conversations.take(new, (), (), anew=True)
    conversation = await begun(store)
    assert (conversation.head_id, conversation.redo, turn.head_before) == (None, (old.id,), None)
    await store.conversations.store_answer(turn, outcome(2))
    assert await head(store) == turn.id


async def test_a_wish_anew_that_finds_head_elsewhere_becomes_a_branch(store: Store) -> None:
    conversation = await begun(store)
    first = await grow(store, conversation.id, None, 1)
    second = await grow(store, conversation.id, first, 2)
    new = new_turn(conversation.id, "a gull", head_before=first.id)
    turn = await store.conversations.take(new, (), (), anew=True)
    await store.conversations.store_answer(turn, outcome(3))
    assert await head(store) == second.id


async def test_a_turn_comes_back_as_it_was_written(store: Store) -> None:
    conversation = await begun(store)
    asked = new_turn(
        conversation.id,
        "naïve 🎨 wish\nwith \u2028 and 'quotes'",
        author=replace(ANNE, name="Ånne 🎨"),
        pictures=(replace(sent(5, "a caption"), original=media(9, "image/heic")),),
        options={"ratio": "16:9", "words": False},
        shows_author=True,
        kind="edit",
        repeats_id=3,
        request_message_id=2**40,
    )
    taken = await store.conversations.take(asked, (), ())
    assert await stored(store, taken) == taken
    assert (taken.wish, taken.author, taken.pictures) == (asked.wish, asked.author, asked.pictures)
    assert (taken.options, taken.shows_author, taken.kind, taken.repeats_id) == (asked.options, True, "edit", 3)
    assert (taken.state, taken.request_message_id, taken.reply) == (TurnState.ACCEPTED, 2**40, None)


REPLY = {
    "zebra": 1,
    "role": "model",
    "parts": [
        {"thoughtSignature": "c2ln", "text": "é 🎨"},
        {"inlineData": {"data": "media:0", "mimeType": "image/png"}, "partMetadata": {"b": [None, 1.5], "a": {}}},
    ],
    "apple": None,
}


async def test_a_reply_comes_back_key_for_key_in_its_order(store: Store) -> None:
    conversation = await begun(store)
    turn = await store.conversations.take(new_turn(conversation.id), (), ())
    answer = outcome(4, reply=REPLY, words="é 🎨", usage={"image_tokens": 1290}, cost_micro_usd=39_000)
    await store.conversations.store_answer(turn, answer)
    found = await stored(store, turn)
    assert json.dumps(found.reply) == json.dumps(REPLY)
    assert (found.words, found.shown, found.usage, found.cost_micro_usd) == (
        "é 🎨",
        (media(4),),
        {"image_tokens": 1290},
        39_000,
    )
    assert (found.provider, found.maker, found.model) == ("gemini", "gemini:here", "a-model")


async def test_letters_that_no_database_can_hold_do_not_lose_an_answer(store: Store) -> None:
    """A model may send half a character or a NUL; people's words may carry them too."""
    conversation = await begun(store)
    turn = await store.conversations.take(new_turn(conversation.id, "a\x00b\ud83d"), (), ())
    reply = {"role": "model", "parts": [{"text": "half \ud83d, whole \ud83d\ude00, NUL \x00"}]}
    await store.conversations.store_answer(turn, outcome(4, reply=reply, words=reply["parts"][0]["text"]))
    found = await stored(store, turn)
    assert json.dumps(found.reply) == json.dumps(reply)
    assert found.words == "half \N{REPLACEMENT CHARACTER}, whole 😀, NUL "
    assert found.wish == "ab\N{REPLACEMENT CHARACTER}"


async def test_an_answer_moves_head(store: Store) -> None:
    conversation = await begun(store)
    turn = await grow(store, conversation.id, None, 1)
    assert turn.state is TurnState.ANSWERED
    assert await head(store) == turn.id


async def test_an_answer_does_not_move_a_head_that_moved_meanwhile(store: Store) -> None:
    """A person used /undo or /new while it was painted: the answer is kept, and head stays where they put it."""
    conversation = await begun(store)
    first = await grow(store, conversation.id, None, 1)
    late = await store.conversations.take(new_turn(conversation.id, parent_id=first.id, head_before=first.id), (), ())
    assert await store.conversations.move_head(await begun(store), None)
    answered = await store.conversations.store_answer(late, outcome(2))
    assert await head(store) is None
    assert answered.state is TurnState.ANSWERED
    assert await stored(store, late) == answered


async def test_head_moves_for_one_of_many_who_saw_it_in_the_same_place(store: Store) -> None:
    conversation = await begun(store)
    turns = [await store.conversations.take(new_turn(conversation.id), (), ()) for _ in range(8)]
    moved = await asyncio.gather(*(store.conversations.move_head(conversation, turn.id) for turn in turns))
    assert sum(moved) == 1
    assert await head(store) == turns[moved.index(True)].id


async def test_a_move_that_fails_changes_nothing(store: Store) -> None:
    conversation = await begun(store)
    turn = await grow(store, conversation.id, None, 1)
    await store.inbox.add([(HOME, {"update_id": 5})])
    notice = {"key": "undone", "turn_id": None, "language": "en"}
    assert not await store.conversations.move_head(conversation, None, redo=(9,), updates=(5,), notice=notice)
    assert (await begun(store)).head_id == turn.id
    assert (await begun(store)).redo == ()
    assert [row.notice for row in await store.inbox.open_updates(HOME)] == [None]


async def test_a_move_is_noted_with_what_is_to_be_said_of_it(store: Store) -> None:
    await store.inbox.add([(HOME, {"update_id": 5})])
    notice = {"key": "undone", "turn_id": None, "language": "en"}
    assert await store.conversations.move_head(await begun(store), None, redo=(3, 4), updates=(5,), notice=notice)
    assert (await begun(store)).redo == (3, 4)
    assert [row.notice for row in await store.inbox.open_updates(HOME)] == [notice]


async def test_choices_are_replaced(store: Store) -> None:
    conversation = await begun(store)
    await store.conversations.change(conversation.id, lambda _: {"ratio": "16:9"})
    assert (await store.conversations.by_id(conversation.id)).settings == {"ratio": "16:9"}


async def test_a_path_runs_from_the_root_to_the_turn(store: Store) -> None:
    conversation = await begun(store)
    root = await grow(store, conversation.id, None, 1)
    branch = await grow(store, conversation.id, root, 2)
    await grow(store, conversation.id, root, 3)
    leaf = await grow(store, conversation.id, branch, 4)
    assert [turn.wish for turn in await store.conversations.path(leaf.id)] == ["wish 1", "wish 2", "wish 4"]
    assert await store.conversations.path(leaf.id) == [root, branch, leaf]
    assert await store.conversations.path(None) == []
    assert await store.conversations.path(10**9) == []


async def test_of_a_long_path_the_newest_turns_are_read(store: Store) -> None:
    conversation = await begun(store)
    parent = None
    for number in range(1, PATH_LIMIT + 4):
        parent = await grow(store, conversation.id, parent, number)
    assert parent is not None
    path = await store.conversations.path(parent.id)
    assert [turn.wish for turn in path] == [f"wish {number}" for number in range(4, PATH_LIMIT + 4)]


async def test_a_wish_that_was_forgotten_gives_no_place_to_another(store: Store) -> None:
    turn = await store.conversations.take(new_turn((await begun(store)).id, "a hoose"), (), ())
    await store.forgetting.conversation(HOME)
    corrected = new_turn((await begun(store)).id, "a house")
    with pytest.raises(TurnMovedOn):
        await store.conversations.take(corrected, (), (), instead_of=turn)
    assert await store.conversations.next_unfinished(HOME) is None


async def test_updates_are_withdrawn_together_with_pictures_that_wait(store: Store) -> None:
    """Or with none, where they had an effect already."""
    conversation = await begun(store)
    waiting = MessageLink(chat_id=HOME.chat_id, message_id=3, role=Role.LOOSE, picture=sent(3))
    await store.messages.save(conversation.id, [waiting])
    await store.inbox.add([(HOME, {"update_id": number}) for number in (5, 6, 7)])
    notice = {"key": "cancelled"}
    assert not await store.conversations.withdraw(conversation.id, [4], 7, notice, along=[5, 6])
    assert [row.update_id for row in await store.inbox.open_updates(HOME)] == [5, 6, 7]
    assert len(await store.messages.waiting_pictures(conversation.id)) == 1
    assert await store.conversations.withdraw(conversation.id, [5], 7, notice, along=[5, 6])
    assert [(row.update_id, row.notice) for row in await store.inbox.open_updates(HOME)] == [(7, notice)]
    assert await store.messages.waiting_pictures(conversation.id) == []


async def test_the_oldest_unfinished_turn_is_next(store: Store) -> None:
    conversation = await begun(store)
    assert await store.conversations.next_unfinished(HOME) is None
    turns = [await store.conversations.take(new_turn(conversation.id), (), ()) for _ in range(3)]
    await store.conversations.set_state(turns[0].id, TurnState.FAILED, error={"key": "cut-off"})
    assert (await stored(store, turns[0])).error == {"key": "cut-off"}
    found = await store.conversations.next_unfinished(HOME)
    assert found is not None
    assert found.id == turns[1].id
    assert await store.conversations.unfinished_keys() == [HOME]
    assert await store.conversations.next_unfinished(Key(8, 0)) is None
    latest = await store.conversations.latest(conversation.id)
    assert latest is not None
    assert latest.id == turns[2].id


@pytest.mark.parametrize("state", list(TurnState))
async def test_a_turn_has_something_to_do_until_it_is_finished(store: Store, state: TurnState) -> None:
    conversation = await begun(store)
    turn = await store.conversations.take(new_turn(conversation.id), (), ())
    await store.conversations.set_state(turn.id, state)
    found = await store.conversations.next_unfinished(HOME)
    assert (found is None) == (state in (TurnState.DELIVERED, TurnState.FAILED, TurnState.CANCELLED))


async def test_calls_and_interruptions_are_counted(store: Store) -> None:
    conversation = await begun(store)
    turn = await store.conversations.take(new_turn(conversation.id), (), ())
    assert [(await store.conversations.begin_call(turn.id, terms=TERMS)).attempt for _ in range(2)] == [1, 2]
    assert await store.conversations.interrupted(turn.id) == 1
    found = await stored(store, turn)
    assert (found.state, found.attempts, found.interruptions) == (TurnState.CALLING, 2, 1)


async def test_a_cancelled_turn_keeps_a_late_answer_out_of_the_way(store: Store) -> None:
    conversation = await begun(store)
    await store.inbox.add([(HOME, {"update_id": 5})])
    turn = await store.conversations.take(new_turn(conversation.id), (), ())
    assert await store.conversations.cancel(turn, 5, {"key": "cancelled"})
    assert [row.notice for row in await store.inbox.open_updates(HOME)] == [{"key": "cancelled"}]
    found = await store.conversations.store_answer(turn, outcome(1))
    assert await stored(store, turn) == found
    assert found.state is TurnState.CANCELLED
    assert found.reply is not None
    assert await head(store) is None


@pytest.mark.parametrize("state", [TurnState.ANSWERED, TurnState.DELIVERED, TurnState.FAILED])
async def test_it_is_too_late_to_cancel_what_is_answered_or_over(store: Store, state: TurnState) -> None:
    conversation = await begun(store)
    turn = await store.conversations.take(new_turn(conversation.id), (), ())
    await store.conversations.set_state(turn.id, state)
    assert not await store.conversations.cancel(turn, 5, {"key": "cancelled"})
    assert (await stored(store, turn)).state is state


async def test_versions_side_by_side_are_one_set(store: Store) -> None:
    conversation = await begun(store)
    first = await store.conversations.take(new_turn(conversation.id, pictures=(sent(5),)), (), (), times=3)
    members = await store.conversations.batch_of(first)
    assert members[0].id == first.id
    assert {(member.batch_id, member.wish, member.pictures) for member in members} == {(first.id, "a boat", (sent(5),))}
    assert len(members) == 3
    assert await store.conversations.cancel(first, 5, {"key": "cancelled"})
    assert {(await stored(store, member)).state for member in members} == {TurnState.CANCELLED}


async def test_a_taken_wish_links_its_messages_and_ends_its_updates(store: Store) -> None:
    from storage.records import MessageLink

    conversation = await begun(store)
    await store.inbox.add([(HOME, {"update_id": 5}), (HOME, {"update_id": 6})])
    link = MessageLink(chat_id=7, message_id=31, role=Role.REQUEST, picture=sent(5))
    turn = await store.conversations.take(new_turn(conversation.id), (link,), (5, 6))
    assert await store.inbox.open_updates(HOME) == []
    assert await store.messages.find(7, 31) == replace(link, turn_id=turn.id)


@pytest.fixture
def statements(store: Store) -> list[tuple[str, Any]]:
    """Yield the list of statements that reach the database from here on."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            seen.append((statement, parameters))

    for engine in store.database.engines:
        event.listen(engine.sync_engine, "before_cursor_execute", note)
    return seen


@pytest.mark.parametrize("question", ["path", "whole path", "next_unfinished", "next_work", "waiting", "links"])
async def test_a_question_is_one_query_by_index(store: Store, statements: list[tuple[str, Any]], question: str) -> None:
    """No table is read from end to end, however many turns there are."""
    conversation = await begun(store)
    leaf = await grow(store, conversation.id, await grow(store, conversation.id, None, 1), 2)
    asked = {
        "path": lambda: store.conversations.path(leaf.id),
        "whole path": lambda: store.views.whole_path(leaf.id),
        "next_unfinished": lambda: store.conversations.next_unfinished(HOME),
        "next_work": lambda: store.next_work.of(HOME),
        "waiting": lambda: store.inbox.open_updates(HOME),
        "links": lambda: store.messages.of_turn(leaf.id, Role.ANSWER),
    }[question]
    statements.clear()
    await asked()
    ((statement, parameters),) = statements
    assert whole_tables(await explained(store, statement, parameters)) == []


async def explained(store: Store, statement: str, parameters: Any) -> list[str]:
    async with store.database.connect() as connection:
        if connection.dialect.name == "sqlite":
            rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            return [row.detail for row in rows]
        # With three rows a scan is cheaper: what counts is whether there is another way.
        await connection.execute(text("SET enable_seqscan = off"))
        return [row[0] for row in await connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)]


def whole_tables(plan: list[str]) -> list[str]:
    tables = ("turns", "inbox", "messages", "conversations", "above")
    return [
        step for step in plan if any(f"{scan} {table}" in step for table in tables for scan in ("SCAN", "Seq Scan on"))
    ]


async def test_turns_that_are_not_done_are_counted_among_the_newest(store: Store) -> None:
    assert await store.conversations.count_unfinished() == 0
    conversation = await store.conversations.open(HOME)
    turns = [await store.conversations.take(new_turn(conversation.id), (), ()) for _ in range(3)]
    await store.conversations.set_state(turns[2].id, TurnState.DELIVERED)
    assert await store.conversations.count_unfinished() == 2
    assert await store.conversations.count_unfinished(newest=2) == 1


async def test_unfinished_turns_are_found_by_an_index_of_their_own(
    store: Store, statements: list[tuple[str, Any]]
) -> None:
    """However many turns are done: every worker looks for them now and then."""
    conversation = await begun(store)
    await grow(store, conversation.id, None, 1)
    await store.conversations.take(new_turn(conversation.id), (), ())
    statements.clear()
    assert await store.conversations.unfinished_keys() == [HOME]
    ((statement, parameters),) = statements
    assert any("ix_turns_unfinished" in step for step in await explained(store, statement, parameters))
