"""What is stored of wishes from elsewhere: their places, copies that people keep, and what strangers lent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import event, text

from storage.inline.answers import KEEP_LENT_S
from storage.records import INLINE, Cited, InputPicture, Key, MediaRef, Turn, TurnState
from storage.rows.upsert import GoneMeanwhile, TurnMovedOn
from storage.store import Store
from tests.support.records import ANNE, HOME, TERMS, new_turn, outcome

ELSEWHERE = Key(ANNE.id, -1_002_100_000_000)
BORIS_ID = 8


async def kept(store: Store, data: bytes) -> MediaRef:
    """Store the bytes of a picture."""
    sha256 = await store.media.put(data)
    return MediaRef(sha256=sha256, mime="image/png", size_bytes=len(data), width_px=1, height_px=1)


async def asked(store: Store, *pictures: InputPicture, key: Key = ELSEWHERE, **more: object) -> Turn:
    """Store a wish from elsewhere."""
    conversation = await store.conversations.open(key)
    return await store.conversations.take(new_turn(conversation.id, pictures=pictures, **more), (), ())


async def answered(store: Store, turn: Turn, data: bytes = b"answer") -> Turn:
    """Answer a wish with a picture."""
    shown = await kept(store, data)
    await store.conversations.begin_call(turn.id, terms=TERMS)
    result = outcome(0, shown=(shown,), media=(shown,), reply={"parts": []}, cost_micro_usd=39_000)
    return await store.conversations.store_answer(turn, result)


async def exists(store: Store, ref: MediaRef) -> bool:
    return ref.sha256 in [name async for names in store.media.pages("media", before=2**40) for name in names]


async def test_a_place_is_noted_with_an_update_and_with_a_turn(store: Store) -> None:
    await store.inbox.add([(ELSEWHERE, {"update_id": 5, "guest_message": {}})])
    await store.inline.note(5, {"placed": ""})
    await store.inline.note(5, {"placed": "there"})
    (row,) = await store.inbox.open_updates(ELSEWHERE)
    assert row.payload == {"update_id": 5, "guest_message": {}, "placed": "there"}
    turn = await asked(store, options={INLINE: {"id": "", "lent": []}, "model": "x"})
    await store.inline.place(turn.id, {"id": "there"})
    changed = await store.conversations.turn(turn.id)
    assert changed is not None
    assert changed.options == {INLINE: {"id": "there", "lent": []}, "model": "x"}
    with pytest.raises(TurnMovedOn):
        await store.inline.place(99, {"id": "there"})


async def test_the_turn_of_an_update_is_found_after_the_update_is_done(store: Store) -> None:
    await store.inbox.add([(ELSEWHERE, {"update_id": 5})])
    conversation = await store.conversations.open(ELSEWHERE)
    turn = await store.conversations.take(new_turn(conversation.id), (), (5,))
    assert await store.inline.turn_of_update(5) == turn.id
    assert await store.inline.turn_of_update(6) is None


async def test_a_finished_update_is_not_written_to(store: Store) -> None:
    await store.inbox.add([(ELSEWHERE, {"update_id": 5})])
    await store.inbox.finish([5])
    await store.inline.note(5, {"placed": "there"})
    assert await store.inbox.row(5) is None


async def test_what_was_lent_goes_from_the_turn_the_table_and_the_disk(store: Store) -> None:
    lent, own = await kept(store, b"lent"), await kept(store, b"own")
    cited = (Cited(words="a fox", name="Boris", author_id=BORIS_ID), Cited(words="mine", author_id=ANNE.id))
    turn = await asked(
        store,
        InputPicture(media=lent, author_id=BORIS_ID),
        InputPicture(media=own, author_id=ANNE.id),
        cited=cited,
    )
    for _ in range(2):
        assert not await store.lending.give_back(turn.id, [lent.sha256])
        left = await store.conversations.turn(turn.id)
        assert left is not None
        assert [picture.media for picture in left.pictures] == [own]
        assert [one.words for one in left.cited] == ["mine"]
        assert not await exists(store, lent)
        assert await exists(store, own)
    assert not await store.lending.give_back(99, [own.sha256])


async def test_a_wish_that_is_a_strangers_words_becomes_empty(store: Store) -> None:
    turn = await asked(store, wish="a castle", cited=(Cited(words="", author_id=BORIS_ID),))
    await store.lending.give_back(turn.id, [])
    left = await store.conversations.turn(turn.id)
    assert left is not None
    assert (left.wish, left.cited) == ("", ())


async def test_a_picture_that_somebody_else_uses_stays_on_the_disk(store: Store) -> None:
    lent = await kept(store, b"lent")
    turn = await asked(store, InputPicture(media=lent, author_id=BORIS_ID))
    await asked(store, InputPicture(media=lent, author_id=BORIS_ID), key=Key(BORIS_ID, 0))
    await store.lending.give_back(turn.id, [lent.sha256])
    assert await exists(store, lent)


async def test_a_copy_is_kept_once_and_leads(store: Store) -> None:
    home = await store.conversations.open(HOME)
    turn = await answered(store, await asked(store, wish="a boat", options={INLINE: {"id": "there"}, "model": "x"}))
    lent = InputPicture(media=await kept(store, b"lent"), author_id=BORIS_ID)
    await store.inbox.add([(HOME, {"update_id": 5}), (HOME, {"update_id": 6})])
    copy_id = await store.inline.keep(turn.id, HOME, [lent], 5, {"key": "went-on"})
    assert await store.inline.keep(turn.id, HOME, [lent], 6, {"key": "went-on"}) == copy_id
    copied = await store.conversations.turn(copy_id)
    assert copied is not None
    assert (copied.wish, copied.state, copied.parent_id) == ("a boat", TurnState.DELIVERED, None)
    assert (copied.shown, copied.pictures, copied.options) == (turn.shown, (lent,), {"model": "x"})
    assert (await store.conversations.by_id(home.id)).head_id == copy_id
    rows = await store.inbox.open_updates(HOME)
    assert [row.notice for row in rows] == [{"key": "went-on", "turn_id": copy_id}] * 2
    spent = await store.usage.of(ANNE.id)
    assert spent is not None
    assert (spent.turns, spent.pictures, spent.cost_micro_usd, spent.unpriced) == (1, 1, 39_000, 0)
    await store.forgetting.conversation(ELSEWHERE)
    assert await exists(store, copied.shown[0])
    with pytest.raises(GoneMeanwhile):
        await store.inline.keep(turn.id, HOME, [], 5, {})


async def test_names_of_lent_pictures_go_after_a_day_and_with_their_owner(store: Store) -> None:
    def place(author_id: int) -> dict[str, object]:
        return {INLINE: {"id": "x", "lent": [{"sha256": "ab", "file_id": "secret", "author_id": author_id}]}}

    old, young, theirs = [await asked(store, options=place(number)) for number in (9, 9, BORIS_ID)]
    async with store.database.begin() as connection:
        when = f"UPDATE turns SET created_at = created_at - {KEEP_LENT_S + 1} WHERE id = {old.id}"  # noqa: S608
        await connection.execute(text(when))
    await store.inline.sweep()
    await store.forgetting.person(BORIS_ID)
    for turn, named in ((old, False), (young, True), (theirs, False)):
        left = await store.conversations.turn(turn.id)
        assert left is not None
        assert ("secret" in str(left.options)) is named
        assert len(left.options[INLINE]["lent"]) == 1


@pytest.mark.parametrize(
    "ask",
    [
        # Whoever forges a button may ask so as often as they like.
        lambda store: store.inline.conversation_at("nowhere"),
        # It runs beside everything else, and on SQLite nobody else writes meanwhile.
        lambda store: store.inline.sweep(),
    ],
    ids=["a forged press", "the sweep"],
)
async def test_turns_from_elsewhere_are_found_without_reading_all_others(
    store: Store, ask: Callable[[Store], Awaitable[object]]
) -> None:
    await asked(store, key=HOME)
    await asked(store, options={INLINE: {"id": "there", "lent": [{"file_id": "secret"}]}})
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            seen.append((statement, parameters))

    for engine in store.database.engines:
        event.listen(engine.sync_engine, "before_cursor_execute", note)
    await ask(store)
    ((statement, parameters),) = seen
    async with store.database.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if not sqlite:
            # With two rows a scan is cheaper: what counts is whether there is another way.
            await connection.execute(text("SET enable_seqscan = off"))
        how = "EXPLAIN QUERY PLAN" if sqlite else "EXPLAIN"
        plan = str((await connection.exec_driver_sql(f"{how} {statement}", parameters)).all())
    assert "SCAN turns" not in plan
    assert "Seq Scan on turns" not in plan


async def test_where_a_person_waits_is_known_until_it_is_shown(store: Store) -> None:
    await store.inbox.add([(ELSEWHERE, {"update_id": 5, "placed": "there"}), (HOME, {"update_id": 6})])
    turn = await asked(store, options={INLINE: {"id": "elsewhere"}})
    await asked(store, key=HOME, options={"model": "x"})
    await asked(store, key=Key(BORIS_ID, ELSEWHERE.topic_id), options={INLINE: {"id": "theirs"}})
    assert await store.inline.waiting(ANNE.id) == (
        [{INLINE: {"id": "elsewhere"}}],
        [{"update_id": 5, "placed": "there"}],
    )
    await store.conversations.set_state(turn.id, TurnState.FAILED)
    await store.inbox.finish([5])
    assert await store.inline.waiting(ANNE.id) == ([], [])
