"""What messages mean, which of them were sent, and their chats."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from storage.records import BEFORE_MOVE, KeptBack, Key, MessageLink, Role, SendState, TurnState
from storage.rows.upsert import TurnMovedOn
from storage.store import Store
from storage.tables.chats import IDS_MOVED
from storage.tables.deliveries import DeliveryResult, SendRecord
from tests.support.records import HOME, media, new_turn, outcome, sent

OLD, NEW = -500, -100_500


def link(message_id: int, **more: Any) -> MessageLink:
    return MessageLink(**{"chat_id": HOME.chat_id, "message_id": message_id, "role": Role.ANSWER, **more})


async def test_a_message_finds_its_meaning_and_learns_a_new_one(store: Store) -> None:
    picture = replace(sent(5, "a caption"), original=media(9, "image/heic"))
    loose = link(31, role=Role.LOOSE, picture=picture, waits_until=5.5, asks=(29, 30))
    conversation = await store.conversations.open(HOME)
    await store.messages.save(conversation.id, [loose])
    assert await store.messages.find(HOME.chat_id, 31) == loose
    turn = await store.conversations.take(new_turn(conversation.id), (), ())
    used = replace(loose, role=Role.REQUEST, turn_id=turn.id, file_id="AgAC")
    await store.messages.save(conversation.id, [used])
    assert await store.messages.find(HOME.chat_id, 31) == used
    assert await store.messages.find(HOME.chat_id, 32) is None
    assert await store.messages.find(8, 31) is None


async def test_pictures_wait_in_the_order_in_which_they_were_sent(store: Store) -> None:
    conversation, other = await store.conversations.open(HOME), await store.conversations.open(Key(8, 0))
    for number in (33, 31, 32):
        await store.messages.save(conversation.id, [link(number, role=Role.LOOSE, picture=sent(number))])
    await store.messages.save(other.id, [link(34, chat_id=8, role=Role.LOOSE, picture=sent(34))])
    assert [one.message_id for one in await store.messages.loose(conversation.id)] == [31, 32, 33]


async def test_the_messages_of_a_turn_come_by_their_role(store: Store) -> None:
    conversation = await store.conversations.open(HOME)
    one, other = [(await store.conversations.take(new_turn(conversation.id), (), ())).id for _ in range(2)]
    links = [link(33, turn_id=one), link(32, turn_id=one), link(34, turn_id=other)]
    await store.messages.save(conversation.id, [*links, link(31, turn_id=one, role=Role.REQUEST)])
    assert [found.message_id for found in await store.messages.of_turn(one, Role.ANSWER)] == [32, 33]


async def test_to_save_links_ends_their_updates(store: Store) -> None:
    await store.inbox.add([(HOME, {"update_id": 5})])
    await store.messages.save((await store.conversations.open(HOME)).id, [link(31)], [5])
    assert await store.inbox.open_updates(HOME) == []


async def test_a_delivery_begins_once(store: Store) -> None:
    conversation = await store.conversations.open(HOME)
    turn = await store.conversations.take(new_turn(conversation.id), (), ())
    assert await store.deliveries.begin(turn.id) == {}
    assert await store.deliveries.begin(turn.id) == {0: SendState.SENDING}
    await store.deliveries.sent(SendRecord(turn_id=turn.id, position=0, state=SendState.SENT), conversation.id, ())
    assert await store.deliveries.begin(turn.id) == {0: SendState.SENT}
    await store.forgetting.conversation(HOME)
    with pytest.raises(TurnMovedOn):
        await store.deliveries.begin(turn.id)


async def test_a_delivery_knows_its_steps_and_ends_with_the_last(store: Store) -> None:
    conversation = await store.conversations.open(HOME)
    turn = await store.conversations.take(new_turn(conversation.id), (), ())
    await store.conversations.store_answer(turn, outcome(1))
    first, last = (SendRecord(turn_id=turn.id, position=place, state=SendState.SENDING) for place in (0, 1))
    for step in (first, last):
        await store.deliveries.record(step)
    assert await store.deliveries.of(turn.id) == {0: SendState.SENDING, 1: SendState.SENDING}
    assert (
        await store.deliveries.sent(replace(first, state=SendState.SENT), conversation.id, [link(41)])
        == DeliveryResult()
    )
    assert (await store.conversations.next_unfinished(HOME)) is not None
    ended = replace(last, state=SendState.SENT)
    result = await store.deliveries.sent(ended, conversation.id, [link(42)], brings=[turn.id])
    assert result == DeliveryResult(delivered=frozenset({turn.id}))
    assert await store.deliveries.of(turn.id) == {0: SendState.SENT, 1: SendState.SENT}
    found = await store.conversations.turn(turn.id)
    assert found is not None
    assert found.state is TurnState.DELIVERED
    assert await store.messages.find(HOME.chat_id, 42) is not None
    assert await store.deliveries.end(turn.id, [turn.id]) == DeliveryResult()


@pytest.mark.parametrize("doubted", [0, 1])
async def test_a_delivery_of_which_a_step_is_unknown_delivers_nothing(store: Store, doubted: int) -> None:
    """A kept-back answer is finished: it delays no update, and a start does not begin with it."""
    conversation = await store.conversations.open(HOME)
    turn = await store.conversations.take(new_turn(conversation.id), (), ())
    await store.conversations.store_answer(turn, outcome(1))
    for position in (0, 1):
        state = SendState.UNKNOWN if position == doubted else SendState.SENT
        step = SendRecord(turn_id=turn.id, position=position, state=state)
        result = await store.deliveries.sent(step, conversation.id, [], brings=[turn.id] if position else ())
    assert result == DeliveryResult(kept_back=frozenset({turn.id}))
    found = await store.conversations.turn(turn.id)
    assert found is not None
    assert (found.state, found.kept_back, found.is_known) == (TurnState.ANSWERED, KeptBack.ANNOUNCED, True)
    assert await store.conversations.next_unfinished(HOME) is None
    assert await store.deliveries.take_up(HOME) is False
    await store.inbox.add([(HOME, {"update_id": 5})])
    assert await store.waiting.count_ready(10) == 1
    await store.deliveries.shown([turn.id])
    found = await store.conversations.turn(turn.id)
    assert found is not None
    assert (found.state, found.kept_back) == (TurnState.DELIVERED, None)


async def test_a_delivery_keeps_back_what_a_set_has_beside_it(store: Store) -> None:
    conversation = await store.conversations.open(HOME)
    leader = await store.conversations.take(new_turn(conversation.id), (), (), times=3)
    first, second, third = await store.conversations.batch_of(leader)
    for turn in (first, second):
        await store.conversations.store_answer(turn, outcome(1))
    step = SendRecord(turn_id=first.id, position=0, state=SendState.SENT)
    result = await store.deliveries.sent(step, conversation.id, [], brings=[first.id])
    assert result == DeliveryResult(delivered=frozenset({first.id}), kept_back=frozenset({second.id}))
    running = await store.conversations.turn(third.id)
    assert running is not None
    assert (running.state, running.kept_back) == (TurnState.ACCEPTED, None)


async def test_a_chat_is_greeted_once(store: Store) -> None:
    assert not await store.chats.claim_greeting(OLD)
    await store.chats.seen(OLD, "group", "Painters")
    assert [await store.chats.claim_greeting(OLD) for _ in range(3)] == [True, False, False]
    await store.chats.seen(OLD, "group", "Painters of Lviv")
    assert not await store.chats.claim_greeting(OLD)
    chat = await store.chats.find(OLD)
    assert chat is not None
    assert (chat.title, chat.greeted, chat.active) == ("Painters of Lviv", True, True)
    assert await store.chats.find(NEW) is None


async def test_who_comes_back_is_greeted_again(store: Store) -> None:
    await store.chats.seen(OLD, "group", "Painters")
    await store.chats.claim_greeting(OLD)
    await store.chats.set_active(OLD, False)
    chat = await store.chats.find(OLD)
    assert chat is not None
    assert not chat.active
    assert await store.chats.claim_greeting(OLD)


async def talked(store: Store, key: Key, number: int) -> tuple[int, int]:
    """Let a conversation have one answered turn; return both ids."""
    conversation = await store.conversations.open(key)
    new = new_turn(conversation.id, f"wish {number}", parent_id=conversation.head_id, head_before=conversation.head_id)
    asked = link(number, chat_id=key.chat_id, role=Role.REQUEST)
    turn = await store.conversations.take(new, [asked], ())
    await store.conversations.store_answer(turn, outcome(number))
    return conversation.id, turn.id


async def test_a_group_takes_its_conversations_along_when_it_becomes_a_supergroup(store: Store) -> None:
    old_id, turn_id = await talked(store, Key(OLD, 0), 31)
    await store.inbox.add([(Key(OLD, 0), {"update_id": 5})])
    await store.chats.seen(OLD, "group", "Painters")
    await store.chats.migrate(OLD, NEW)
    moved = await store.conversations.open(Key(NEW, 0))
    assert (moved.id, moved.head_id) == (old_id, turn_id)
    assert [row.update_id for row in await store.inbox.open_updates(Key(NEW, 0))] == [5]
    # Message ids start again there: 31 is somebody else's message by now.
    assert await store.messages.find(OLD, 31) is None
    assert await store.messages.find(NEW, 31) is None


async def test_what_was_said_before_the_move_is_known_by_ids_that_nobody_else_has(store: Store) -> None:
    await talked(store, Key(OLD, 0), 31)
    conversation_id, second_id = await talked(store, Key(OLD, 0), 32)
    waiting = link(33, chat_id=OLD, role=Role.LOOSE, album="four")
    await store.messages.save(conversation_id, [waiting])
    for _ in range(2):
        await store.chats.migrate(OLD, NEW)
    found = await store.messages.find(NEW, 32 + BEFORE_MOVE)
    assert found is not None
    assert found.turn_id == second_id
    (loose,) = await store.messages.loose(conversation_id)
    assert await store.messages.album(NEW, "four") == loose
    turn = await store.conversations.turn(second_id)
    assert turn is not None
    assert turn.request_message_id == 1 + BEFORE_MOVE


async def test_a_wish_of_the_supergroup_keeps_the_message_that_it_came_in(store: Store) -> None:
    await talked(store, Key(OLD, 0), 31)
    _, early_id = await talked(store, Key(NEW, 0), 2)
    for _ in range(2):
        await store.chats.migrate(OLD, NEW)
    _, later_id = await talked(store, Key(NEW, 0), 3)
    for turn_id in (early_id, later_id):
        turn = await store.conversations.turn(turn_id)
        assert turn is not None
        assert turn.request_message_id == 1


async def test_a_chat_that_became_itself_is_left_alone(store: Store) -> None:
    await store.chats.seen(NEW, "supergroup", "Painters")
    conversation_id, turn_id = await talked(store, Key(NEW, 0), 2)
    await store.chats.migrate(NEW, NEW)
    kept = await store.conversations.open(Key(NEW, 0))
    assert (kept.id, kept.head_id) == (conversation_id, turn_id)
    chat = await store.chats.find(NEW)
    assert chat is not None
    assert chat.active


async def test_both_service_messages_of_a_move_may_come(store: Store) -> None:
    old_id, turn_id = await talked(store, Key(OLD, 0), 31)
    await store.chats.migrate(OLD, NEW)
    _, later_id = await talked(store, Key(NEW, 0), 2)
    await store.chats.migrate(OLD, NEW)
    moved = await store.conversations.open(Key(NEW, 0))
    assert (moved.id, moved.head_id) == (old_id, later_id)
    assert [turn.id for turn in await store.conversations.path(moved.head_id)] == [turn_id, later_id]
    assert await store.messages.find(NEW, 2) is not None


async def test_what_was_said_in_the_supergroup_before_the_news_joins_the_old_history(store: Store) -> None:
    old_id, _ = await talked(store, Key(OLD, 0), 31)
    _, early_id = await talked(store, Key(NEW, 0), 2)
    await store.chats.migrate(OLD, NEW)
    moved = await store.conversations.open(Key(NEW, 0))
    assert (moved.id, moved.head_id) == (old_id, early_id)
    found = await store.messages.find(NEW, 2)
    assert found is not None
    assert found.turn_id == early_id
    turn = await store.conversations.turn(early_id)
    assert turn is not None
    assert turn.conversation_id == old_id


async def test_a_conversation_that_only_began_in_the_supergroup_gives_way(store: Store) -> None:
    old_id, turn_id = await talked(store, Key(OLD, 0), 31)
    await store.conversations.open(Key(NEW, 0))
    await store.chats.migrate(OLD, NEW)
    moved = await store.conversations.open(Key(NEW, 0))
    assert (moved.id, moved.head_id) == (old_id, turn_id)


async def test_named_pictures_of_both_conversations_come_along(store: Store) -> None:
    """And none is left under a number that a stranger's conversation could have."""
    old_id, _ = await talked(store, Key(OLD, 0), 31)
    new_id, _ = await talked(store, Key(NEW, 0), 2)
    for number, (conversation_id, name) in enumerate(
        [(old_id, "hat"), (old_id, "cup"), (new_id, "hat"), (new_id, "cat")]
    ):
        await store.names.save(conversation_id, name, sent(5 + number), 7)
    await store.chats.migrate(OLD, NEW)
    assert await store.names.of(old_id) == {"cat": sent(8), "cup": sent(6), "hat": sent(7)}
    assert await store.names.of(new_id) == {}


async def test_a_supergroup_is_not_greeted_as_if_it_were_new(store: Store) -> None:
    for number, (first, second) in enumerate([("moved", "seen"), ("seen", "moved")]):
        old, new = OLD - number, NEW - number
        await store.chats.seen(old, "group", "Painters")
        assert await store.chats.claim_greeting(old)
        for what in (first, second):
            if what == "moved":
                await store.chats.migrate(old, new)
            else:
                await store.chats.seen(new, "supergroup", "Painters")
        assert not await store.chats.claim_greeting(new)
        chat = await store.chats.find(new)
        assert chat is not None
        assert chat.active


async def test_what_holds_for_a_chat_is_kept_one_by_one(store: Store) -> None:
    await store.chats.choose(OLD, "allow", {"people": {}})
    await store.chats.seen(OLD, "group", "Painters")
    await asyncio.gather(*(store.chats.choose(OLD, f"choice-{number}", number) for number in range(8)))
    await store.chats.choose(OLD, "choice-3", None)
    await store.chats.choose(OLD, "choice-4", "another")
    chat = await store.chats.find(OLD)
    assert chat is not None
    others = {f"choice-{number}": number for number in (0, 1, 2, 5, 6, 7)}
    assert chat.settings == {"allow": {"people": {}}, **others, "choice-4": "another"}


@pytest.mark.parametrize("chosen_early", [False, True])
async def test_a_supergroup_has_the_choices_of_the_group_and_its_own(store: Store, chosen_early: bool) -> None:
    """In any order: what the supergroup learns before the news of the move must not replace the group's rule."""
    await store.chats.choose(OLD, "allow", {"people": {}})
    await store.chats.choose(OLD, "hears", "old")
    if chosen_early:
        await store.chats.choose(NEW, "hears", "new")
    await store.chats.migrate(OLD, NEW)
    await store.chats.choose(NEW, "hears", "new")
    await store.chats.migrate(OLD, NEW)
    chat = await store.chats.find(NEW)
    assert chat is not None
    assert chat.settings == {"allow": {"people": {}}, "hears": "new"}


async def test_a_move_of_an_unknown_group_is_no_trouble(store: Store) -> None:
    await store.chats.migrate(OLD, NEW)
    assert (await store.conversations.open(Key(NEW, 0))).head_id is None


async def _request_ids(store: Store, *turn_ids: int) -> list[int]:
    turns = [await store.conversations.turn(turn_id) for turn_id in turn_ids]
    return [turn.request_message_id for turn in turns if turn is not None]


async def as_moved_by_an_earlier_version(store: Store, old: int, new: int) -> None:
    """Leave a move as versions of schema 0004 do: links deleted, the ids of wishes as they were, and no note of it."""
    await store.chats.migrate(old, new)
    await store.chats.choose(old, IDS_MOVED, None)
    async with store.database.begin() as connection:
        await connection.execute(text("DELETE FROM messages WHERE message_id < 0"))
        back = "UPDATE turns SET request_message_id = request_message_id - :moved WHERE request_message_id < 0"
        await connection.execute(text(back), {"moved": BEFORE_MOVE})


async def test_wishes_that_an_earlier_version_moved_get_ids_that_nobody_else_has(store: Store) -> None:
    """Those of the supergroup itself stay, also with a repeat of an old one among them; and it is done once."""
    await store.chats.seen(OLD, "group", "Painters")
    conversation_id, old_id = await talked(store, Key(OLD, 0), 31)
    await as_moved_by_an_earlier_version(store, OLD, NEW)
    _, alone_id = await talked(store, Key(NEW + 1, 0), 1)
    early = new_turn(conversation_id, "again", parent_id=old_id, head_before=old_id)
    repeated = await store.conversations.take(early, [], ())
    await store.conversations.store_answer(repeated, outcome(5))
    assert await _request_ids(store, old_id, repeated.id) == [1, 1]
    own = replace(
        new_turn(conversation_id, "own", parent_id=repeated.id, head_before=repeated.id), request_message_id=7
    )
    new = await store.conversations.take(own, [link(7, chat_id=NEW, role=Role.REQUEST)], ())
    for _ in range(2):
        await store.sweep()
        moved = 1 + BEFORE_MOVE
        assert await _request_ids(store, old_id, repeated.id, new.id, alone_id) == [moved, moved, 7, 1]
    chat = await store.chats.find(OLD)
    assert chat is not None
    assert chat.settings == {IDS_MOVED: True}


async def test_a_supergroup_in_which_nothing_was_asked_yet_is_mended_whole(store: Store) -> None:
    await store.chats.seen(OLD, "group", "Painters")
    _, old_id = await talked(store, Key(OLD, 0), 31)
    await as_moved_by_an_earlier_version(store, OLD, NEW)
    await store.sweep()
    assert await _request_ids(store, old_id) == [1 + BEFORE_MOVE]
