"""The second picture of an answer: stored with it, taken or not, gone with whom it belongs to; on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage.care.retention import Keep
from storage.records import Author, InputPicture, Key, Restored, Turn
from storage.rows.upsert import TurnMovedOn
from storage.store import Store
from tests.support.records import ANNE, HOME, TERMS, media, new_turn, outcome

BEN = Author(id=8, name="Ben", language="en")
GROUP = Key(-100, 0)


async def stored(store: Store, number: int) -> str:
    """Store a picture of some bytes and return its SHA-256."""
    return await store.media.put(f"picture {number}".encode())


async def restored_turn(store: Store, key: Key = HOME, author: Author = ANNE, *, owner: int = ANNE.id) -> Turn:
    """Return an answered turn with a restored picture that holds pixels of ``owner``."""
    refs = [replace(media(number), sha256=await stored(store, number)) for number in (1, 2, 3)]
    talk = await store.conversations.open(key)
    turn = await store.conversations.take(new_turn(talk.id, "a hat", author=author), (), ())
    await store.conversations.begin_call(turn.id, terms=TERMS)
    picture = InputPicture(media=refs[1], original=refs[2], author_id=owner)
    restored = Restored(picture=picture, painted=refs[0], taken=True, record={"verdict": "local", "box": [1, 2, 3, 4]})
    reply = {"role": "model", "parts": [{"inlineData": {"mimeType": "image/png", "data": f"media:{refs[0].sha256}"}}]}
    answer = outcome(1, reply=reply, shown=(refs[0],), media=(refs[0],), restored=restored)
    return await store.conversations.store_answer(turn, answer)


async def test_it_is_what_is_shown_and_the_model_s_own_stays(store: Store) -> None:
    turn = await restored_turn(store)
    assert turn.restored is not None
    assert turn.shown == (turn.restored.picture.media,)
    assert turn.painted == (turn.restored.painted,)
    assert turn.painted[0].sha256 in str(turn.reply)
    assert await store.conversations.turn(turn.id) == turn
    assert (await store.conversations.path(turn.id))[0].shown == turn.shown
    ((_, sketch),) = await store.views.newest(turn.conversation_id, 5)
    assert sketch.shown == turn.shown
    (far,) = await store.views.whole_path(turn.id)
    assert (far.shown, far.painted, far.restored) == (turn.shown, turn.painted, turn.restored)


async def test_either_can_be_taken(store: Store) -> None:
    turn = await restored_turn(store)
    painted = await store.conversations.take_restored(turn, taken=False)
    assert painted.shown == turn.painted
    assert painted.restored is not None
    assert painted.restored.record == {"verdict": "local", "box": [1, 2, 3, 4]}
    assert await store.conversations.take_restored(painted, taken=True) == turn
    await store.forgetting.conversation(HOME)
    with pytest.raises(TurnMovedOn):
        await store.conversations.take_restored(turn, taken=True)


@pytest.mark.parametrize("elsewhere", [False, True], ids=["nowhere else", "in another chat, too"])
async def test_nothing_is_stored_that_was_made_of_a_picture_that_was_forgotten_meanwhile(
    store: Store, *, elsewhere: bool
) -> None:
    """Ben's answer is looked at while Anne, whose photo he edits, has everything of hers deleted."""
    photo, painted, made = [replace(media(number), sha256=await stored(store, number)) for number in (1, 2, 3)]
    if elsewhere:
        other = await store.conversations.open(Key(BEN.id, 0))
        same = (InputPicture(media=photo, author_id=BEN.id),)
        await store.conversations.take(new_turn(other.id, "warmer", author=BEN, pictures=same), (), ())
    talk = await store.conversations.open(GROUP)
    wish = new_turn(talk.id, "a hat", author=BEN, pictures=(InputPicture(media=photo, author_id=ANNE.id),))
    turn = await store.conversations.take(wish, (), ())
    await store.conversations.begin_call(turn.id, terms=TERMS)
    await store.forgetting.person(ANNE.id)
    record = {"verdict": "local", "source": photo.sha256}
    picture = InputPicture(media=made, author_id=ANNE.id)
    restored = Restored(picture=picture, painted=painted, taken=True, record=record)
    reply = {"role": "model", "parts": [{"inlineData": {"mimeType": "image/png", "data": f"media:{painted.sha256}"}}]}
    answer = outcome(2, reply=reply, shown=(painted,), media=(painted,), restored=restored)
    kept = await store.conversations.store_answer(turn, answer)
    assert (kept.restored, kept.shown) == (None, (painted,))
    assert await store.conversations.turn(turn.id) == kept
    assert [finding async for finding in store.audit.references()] == []


async def test_either_can_be_taken_also_where_its_source_stayed_in_another_topic(store: Store) -> None:
    """The topic of an answer is gone, so the answer moved to the chat itself; the photo is of an earlier turn."""
    photo, painted, made = [replace(media(number), sha256=await stored(store, number)) for number in (1, 2, 3)]
    topic, chat = [await store.conversations.open(Key(GROUP.chat_id, topic_id)) for topic_id in (5, 0)]
    sent = new_turn(topic.id, "look", author=BEN, pictures=(InputPicture(media=photo, author_id=BEN.id),))
    await store.conversations.take(sent, (), ())
    turn = await store.conversations.take(new_turn(topic.id, "a hat", author=BEN), (), ())
    await store.conversations.begin_call(turn.id, terms=TERMS)
    record = {"verdict": "local", "source": photo.sha256}
    restored = Restored(picture=InputPicture(media=made), painted=painted, taken=True, record=record)
    answer = outcome(2, shown=(painted,), media=(painted,), restored=restored)
    kept = await store.conversations.store_answer(turn, answer)
    await store.deliveries.move(kept, chat.id, ())
    assert (await store.conversations.take_restored(kept, taken=False)).shown == (painted,)


async def test_a_check_knows_its_files(store: Store) -> None:
    turn = await restored_turn(store)
    assert turn.restored is not None
    assert [finding async for finding in store.audit.references()] == []
    assert [finding async for finding in store.audit.pictures()] == []
    original = turn.restored.picture.original
    assert original is not None
    await store.media.delete(original.sha256)
    (finding,) = [finding async for finding in store.audit.references()]
    assert original.sha256 in finding.text


async def test_it_goes_with_the_conversation(store: Store) -> None:
    await restored_turn(store)
    await store.forgetting.conversation(HOME)
    assert await store.media.names() == []


@pytest.mark.parametrize("author", [ANNE, BEN], ids=["her own wish", "a wish of another"])
async def test_in_a_group_it_goes_with_whose_pixels_it_holds(store: Store, author: Author) -> None:
    """The model's picture is part of an answer that others saw, and stays."""
    turn = await restored_turn(store, GROUP, author)
    await store.forgetting.person(ANNE.id)
    left = await store.conversations.turn(turn.id)
    assert left is not None
    assert left.restored is None
    assert left.shown == turn.painted
    assert await store.media.names() == [turn.painted[0].sha256]
    assert [finding async for finding in store.audit.references()] == []


async def test_in_a_group_it_stays_where_the_pixels_are_another_s(store: Store) -> None:
    turn = await restored_turn(store, GROUP, ANNE, owner=BEN.id)
    await store.forgetting.person(ANNE.id)
    left = await store.conversations.turn(turn.id)
    assert left is not None
    assert left.restored == turn.restored
    assert len(await store.media.names()) == 3


async def test_what_is_too_old_goes_with_both_pictures(store: Store) -> None:
    turn = await restored_turn(store)
    await store.conversations.set_state(turn.id, turn.state)
    async with store.database.begin() as connection:
        await connection.exec_driver_sql("UPDATE turns SET created_at = 0, state = 'delivered'")
        await connection.exec_driver_sql("UPDATE media SET created_at = 0")
    gone = await store.retention.run(Keep(days=30))
    assert (gone.turns, gone.pictures) == (1, 3)
    assert await store.media.names() == []
