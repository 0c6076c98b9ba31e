"""What is old goes, and no picture that a turn needs which stays: on both databases, for any forest of turns."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from storage.care.branches import Branch, old_branches
from storage.care.retention import Keep
from storage.records import InputPicture, Key, MessageLink, Role, Turn
from storage.schema import inbox, media
from storage.store import Store
from tests.support.aged import DAY_S, SIZE, aged, painted, picture
from tests.support.records import HOME, new_turn


async def _left(store: Store, *made: Turn) -> list[bool]:
    return [await store.conversations.turn(turn.id) is not None for turn in made]


async def _faults(store: Store) -> list[str]:
    """Return what a check finds: something broken, or something that nobody names."""
    return [finding.text for check in store.audit.checks.values() async for finding in check()]


async def test_what_is_older_goes_but_not_what_a_younger_turn_goes_on_from(store: Store) -> None:
    """A tree that is still used keeps its first picture; a branch of it that was left does not."""
    first = await painted(store, 1, 90)
    left = await painted(store, 2, 80, first)
    alone = await painted(store, 3, 70)
    used = await painted(store, 4, 5, first)
    would = await store.retention.plan(Keep(days=30))
    gone = await store.retention.run(Keep(days=30))
    assert would == gone
    assert (gone.turns, gone.pictures, gone.media_bytes) == (2, 2, 2 * SIZE)
    assert await _left(store, first, left, used, alone) == [True, False, True, False]
    assert len(await store.media.names()) == 2
    assert await _faults(store) == []
    assert (await store.retention.run(Keep(days=30))).turns == 0


async def test_a_picture_that_two_turns_use_stays_with_the_one_that_stays(store: Store) -> None:
    shared = await picture(store, 9)
    old = await painted(store, 1, 90, pictures=(InputPicture(media=shared),))
    young = await painted(store, 2, 1, key=Key(8, 0), pictures=(InputPicture(media=shared),))
    gone = await store.retention.run(Keep(days=30))
    assert (gone.turns, gone.pictures) == (1, 1)
    assert await _left(store, old, young) == [False, True]
    assert shared.sha256 in await store.media.names()
    assert await _faults(store) == []


async def test_a_picture_with_a_name_and_one_that_waits_since_yesterday_stay(store: Store) -> None:
    named, waiting, forlorn = [await picture(store, number) for number in (5, 6, 7)]
    old = await painted(store, 1, 90, pictures=(InputPicture(media=named),))
    talk = await store.conversations.open(HOME)
    await store.names.save(talk.id, "hat", InputPicture(media=named), 7)
    ago_at = time.time() - 90 * DAY_S
    links = [
        MessageLink(chat_id=7, message_id=number, role=Role.LOOSE, picture=InputPicture(media=one), waits_until=until)
        for number, one, until in ((1, waiting, None), (2, forlorn, ago_at))
    ]
    await store.messages.save(talk.id, links)
    async with store.database.begin() as connection:
        lately = {"created_at": time.time() - 2 * 3600}
        await connection.execute(update(media).where(media.c.sha256 == waiting.sha256).values(lately))
        ago = {"created_at": ago_at}
        await connection.execute(update(media).where(media.c.sha256.in_([named.sha256, forlorn.sha256])).values(ago))
    planned = await store.retention.plan(Keep(days=30))
    assert (planned.turns, planned.pictures) == (1, 2)
    assert await store.retention.run(Keep(days=30)) == planned
    assert await _left(store, old) == [False]
    assert set(await store.media.names()) == {named.sha256, waiting.sha256}
    assert await _faults(store) == []


async def test_a_dry_run_counts_a_photo_that_waits_and_that_an_old_turn_used(store: Store) -> None:
    """Somebody left it alone and replied to it later. It goes with its message and the turn, so it counts."""
    sent = await picture(store, 5)
    old = await painted(store, 1, 90, pictures=(InputPicture(media=sent),))
    talk, ago = await store.conversations.open(HOME), time.time() - 60 * DAY_S
    link = MessageLink(chat_id=7, message_id=1, role=Role.LOOSE, picture=InputPicture(media=sent), waits_until=ago)
    await store.messages.save(talk.id, [link])
    would = await store.retention.plan(Keep(days=30))
    assert (would.turns, would.pictures, would.media_bytes) == (1, 2, 2 * SIZE)
    assert would == await store.retention.run(Keep(days=30))
    assert await _left(store, old) == [False]
    assert await store.media.names() == []
    assert await _faults(store) == []


async def test_a_photo_that_was_sent_again_without_words_waits_for_them(store: Store) -> None:
    """Its bytes are as old as the first time, and the turn that used them goes."""
    sent = await picture(store, 5)
    old = await painted(store, 1, 90, pictures=(InputPicture(media=sent),))
    talk = await store.conversations.open(HOME)
    link = MessageLink(chat_id=7, message_id=1, role=Role.LOOSE, picture=InputPicture(media=sent))
    await store.messages.save(talk.id, [link])
    would = await store.retention.plan(Keep(days=30))
    assert would == await store.retention.run(Keep(days=30))
    assert await _left(store, old) == [False]
    assert [one.message_id for one in await store.messages.waiting_pictures(talk.id)] == [1]
    assert await store.media.names() == [sent.sha256]
    assert await _faults(store) == []


@pytest.mark.parametrize("left", ["aside", "kept"])
async def test_what_was_set_aside_or_waits_for_an_owner_goes_by_its_age_but_no_payment(store: Store, left: str) -> None:
    """``/privacy`` says that everything goes after so many days, and these hold people's words, too."""
    paid = {"message": {"successful_payment": {"total_amount": 100}}}
    said = {"message": {"text": "a very secret wish"}}
    updates = {1: said, 2: said, 3: paid}
    await store.inbox.add([(HOME, {"update_id": number, **one}) for number, one in updates.items()])
    async with store.database.begin() as connection:
        await connection.execute(update(inbox).values(state=left))
        ago = {"received_at": time.time() - 31 * DAY_S}
        await connection.execute(update(inbox).where(inbox.c.update_id != 2).values(ago))
    await store.retention.run(Keep(media_bytes=1))
    await store.retention.run(Keep(days=30))
    async with store.database.connect() as connection:
        left_of_them = (await connection.execute(select(inbox.c.payload).order_by(inbox.c.update_id))).scalars().all()
    assert ["message" in payload for payload in left_of_them] == [False, True, True]
    assert not await store.inbox.add([(HOME, {"update_id": 1, **said})])


async def test_over_the_size_the_oldest_goes_until_it_fits_and_nothing_of_today(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In any conversation, and no more than that."""
    monkeypatch.setattr("storage.care.retention.FEW", 1)
    homes = [HOME, Key(8, 0)]
    made = [await painted(store, number, 40 - number, key=homes[number % 2]) for number in range(1, 6)]
    made.append(await painted(store, 6, 0.5))
    keep = Keep(media_bytes=4 * SIZE + 10)
    would = await store.retention.plan(keep)
    assert would == await store.retention.run(keep)
    assert await _left(store, *made) == [False] * 2 + [True] * 4
    assert (await store.retention.run(keep)).turns == 0
    await store.retention.run(Keep(media_bytes=1))
    assert await _left(store, *made) == [False] * 5 + [True]
    assert await _faults(store) == []


async def test_both_limits_hold(store: Store) -> None:
    made = [await painted(store, number, 40 - number) for number in range(1, 25)]
    keep = Keep(days=30, media_bytes=10 * SIZE)
    would = await store.retention.plan(keep)
    assert would == await store.retention.run(keep)
    left = await _left(store, *made)
    assert left == sorted(left)
    # Younger ones go ten at a time, so some more than are over may go.
    assert 1 <= left.count(True) <= 10


async def test_head_and_redo_leave_what_went_and_the_sums_stay(store: Store) -> None:
    first = await painted(store, 1, 90)
    await painted(store, 2, 80, first)
    assert (await store.conversations.open(HOME)).head_id is not None
    before = await store.usage.everybody()
    await store.retention.run(Keep(days=30))
    talk = await store.conversations.open(HOME)
    assert (talk.head_id, talk.redo) == (None, ())
    after = await store.usage.everybody()
    assert sum(one.turns for one in before) == sum(one.turns for one in after) == 2


async def test_a_conversation_at_work_is_not_touched(store: Store) -> None:
    """A wish that has just come may reply to the oldest picture there."""
    old = await painted(store, 1, 90)
    talk = await store.conversations.open(HOME)
    waits = await store.conversations.take(new_turn(talk.id, head_before=talk.head_id), [], [])
    other = await painted(store, 2, 80, key=Key(8, 0))
    await aged(store, waits, 80)
    assert (await store.retention.plan(Keep(days=30))).turns == 1
    await store.retention.run(Keep(days=30))
    assert await _left(store, old, waits, other) == [True, True, False]


async def test_a_clock_that_was_wrong_for_a_time_deletes_nothing_young(store: Store) -> None:
    """As of a small computer that begins in 1970 until the network tells it the time."""
    made = [await painted(store, number, 5 - number / 10) for number in range(1, 8)]
    for turn in made[3:5]:
        await aged(store, turn, 20_000)
    assert (await store.retention.plan(Keep(days=30))).turns == 0
    await store.retention.run(Keep(days=30))
    assert await _left(store, *made) == [True] * 7
    assert await _faults(store) == []


@pytest.mark.parametrize("place", range(6))
async def test_a_turn_from_a_clock_that_ran_ahead_is_as_old_as_those_around_it(store: Store, place: int) -> None:
    """It kept itself for years, and where the search for what is old met it, all that came after it."""
    days = [60.0, 55.0, 50.0, 40.0, 2.0]
    days.insert(place, -300.0)
    made = [await painted(store, number, ago) for number, ago in enumerate(days, start=1)]
    await store.retention.run(Keep(days=30))
    # What came right before or after the young one is not known to be old.
    assert await _left(store, *made) == [number >= (4 if place >= 4 else 5) for number in range(6)]
    assert await _faults(store) == []


async def test_what_waits_or_was_set_aside_by_a_clock_that_ran_ahead_grows_old_from_then_on(store: Store) -> None:
    """By its own date it would stay for years, although /privacy says that everything goes."""
    ahead_at, talk = time.time() + 4000 * DAY_S, await store.conversations.open(HOME)
    waiting = InputPicture(media=await picture(store, 5))
    link = MessageLink(chat_id=7, message_id=1, role=Role.LOOSE, picture=waiting, waits_until=ahead_at)
    await store.messages.save(talk.id, [link])
    await store.inbox.add([(HOME, {"update_id": 1, "message": {"text": "a very secret wish"}})])
    dates = ((media, "created_at"), (inbox, "received_at"))
    async with store.database.begin() as connection:
        await connection.execute(update(inbox).values(state="aside"))
        for table, column in dates:
            await connection.execute(update(table).values({column: ahead_at}))
    await store.retention.run(Keep(days=30))
    assert len(await store.media.names()) == 1
    async with store.database.begin() as connection:
        for table, column in dates:
            await connection.execute(update(table).values({column: table.c[column] - 31 * DAY_S}))
    assert (await store.retention.run(Keep(days=30))).pictures == 1
    assert await store.media.names() == []
    async with store.database.connect() as connection:
        assert "secret" not in (await connection.execute(select(inbox.c.payload))).scalar_one()
    assert await _faults(store) == []


@pytest.mark.parametrize("place", range(5))
async def test_the_sums_of_a_week_leave_out_what_came_before_in_spite_of_a_clock_that_ran_ahead(
    store: Store, place: int
) -> None:
    days = [40.0, 30.0, 20.0, 2.0]
    days.insert(place, -300.0)
    for number, ago in enumerate(days, start=1):
        await painted(store, number, ago)
    assert (await store.reporting.sums(time.time() - 7 * DAY_S)).turns == 1 + (place >= 3)


async def test_by_default_nothing_goes(store: Store) -> None:
    made = await painted(store, 1, 4000)
    assert (await store.retention.run(Keep())).turns == 0
    assert await _left(store, made) == [True]


@st.composite
def forests(draw: st.DrawFn) -> list[Branch]:
    """Return turns whose parents are older, some of them in batches."""
    made: list[Branch] = []
    for number in range(1, draw(st.integers(1, 25)) + 1):
        beside = draw(st.booleans()) if made else False
        last = made[-1] if made else None
        if beside and last is not None:
            first = last.batch_id or last.id
            made[-1] = last._replace(batch_id=first)
            made.append(Branch(number, last.parent_id, first))
        else:
            parent = draw(st.sampled_from([None, *(one.id for one in made)]))
            made.append(Branch(number, parent, None))
    return made


@given(forests(), st.integers(0, 30), st.integers(0, 25), st.sets(st.integers(1, 25), max_size=3))
def test_whatever_is_deleted_so_far_each_turn_that_stays_has_all_that_it_needs(
    forest: list[Branch], until: int, done: int, held: set[int]
) -> None:
    """The path to its root, and so each picture there; and the other versions of its batch."""
    old = old_branches(forest, until, held)
    gone = {one.id for one in old[:done]}
    kept = {one.id: one for one in forest if one.id not in gone}
    assert all(one.parent_id is None or one.parent_id in kept for one in kept.values())
    assert all(one.id < until and one.id not in held for one in old)
    needed = {one.id for one in forest if one.id >= until} | held
    ids = {one.id: one for one in forest}
    assert not needed & gone
    # Nothing is kept without a reason: a leaf of the rest is young, held, or beside such a turn.
    rest = {one.id: one for one in forest if one.id not in {each.id for each in old}}
    parents = {one.parent_id for one in rest.values()}
    for leaf in rest.keys() - parents:
        batch = {one.id for one in forest if one.batch_id is not None and one.batch_id == ids[leaf].batch_id}
        assert ({leaf} | batch) & (needed | parents)


@pytest.mark.parametrize("days", [1, 30])
async def test_in_a_large_conversation_it_goes_piece_by_piece(
    store: Store, days: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.care.retention.PIECE", 3)
    monkeypatch.setattr("storage.care.retention.WINDOW", 4)
    made: list[Turn] = []
    for number in range(1, 15):
        parent = made[(number * 7) % len(made)] if made and number % 4 else None
        made.append(await painted(store, number, 60 - number, parent))
    made.append(await painted(store, 15, 0.2, made[2]))
    would = await store.retention.plan(Keep(days=days))
    assert would == await store.retention.run(Keep(days=days))
    assert await _faults(store) == []
    assert (await _left(store, *made))[-1]
