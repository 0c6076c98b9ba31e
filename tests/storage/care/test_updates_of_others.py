"""What stays of the updates of others that wait when somebody has everything deleted: on both databases."""

from __future__ import annotations

from typing import Any

import pytest

from storage.care.forgetting import Asked
from storage.records import InputPicture, Key, TurnState
from storage.rows.upsert import GoneMeanwhile
from storage.store import Store
from storage.tables.inbox import FOUND_OUT
from tests.support.aged import picture
from tests.support.records import new_turn

ANN, BORIS = 1001, 1002
GROUP = Key(-100, 0)
SECRET = "a very secret fox"
CHAT = {"id": -100, "type": "supergroup"}
ASKED = 50


def message(author_id: int, text: str, **more: Any) -> dict[str, Any]:
    """Return a message as Telegram sends it."""
    author = {"id": author_id, "is_bot": False, "first_name": "Somebody"}
    return {"message_id": 9, "date": 1, "chat": CHAT, "from": author, "text": text, **more}


async def left_of(store: Store, update_id: int = 5, **update: Any) -> dict[str, Any] | None:
    """Let Ann's update wait while Boris has everything deleted; return what is left of it, None for nothing."""
    await store.inbox.add([(GROUP, {"update_id": update_id, **update}), (GROUP, {"update_id": ASKED})])
    await store.forgetting.person(BORIS, Asked(update_id=ASKED, notice=lambda _: {"key": "forgotten"}))
    rows = {row.update_id: row.payload for row in await store.inbox.open_updates(GROUP)}
    return rows.get(update_id)


async def test_a_reply_keeps_its_own_words_and_its_place(store: Store) -> None:
    replied = message(BORIS, SECRET, photo=[{"file_id": "x"}], message_thread_id=3)
    wish = message(ANN, "in blue", reply_to_message=replied, quote={"text": "secret"})
    left = await left_of(store, message=wish)
    place = {"message_id": 9, "message_thread_id": 3, "date": 1, "chat": CHAT}
    assert left == {"update_id": 5, "message": message(ANN, "in blue", reply_to_message=place)}


@pytest.mark.parametrize(
    "more",
    [
        {"reply_to_message": message(7, SECRET, forward_origin={"type": "user", "sender_user": {"id": BORIS}})},
        {"external_reply": {"origin": {"type": "user", "sender_user": {"id": BORIS}}}, "quote": {"text": SECRET}},
    ],
    ids=["what somebody passed on", "a message of another chat"],
)
async def test_whatever_reply_holds_the_words_loses_them(store: Store, more: dict[str, Any]) -> None:
    left = await left_of(store, message=message(ANN, "in blue", **more))
    assert left is not None
    assert left["message"]["text"] == "in blue"
    assert SECRET not in str(left)
    assert str(BORIS) not in str(left)


async def test_a_reply_to_a_picture_tells_that_there_was_one(store: Store) -> None:
    """Else the words alone would be painted."""
    replied = {**message(BORIS, ""), "caption": SECRET, "photo": [{"file_id": "x"}]}
    replied.pop("text")
    left = await left_of(store, message=message(ANN, "in blue", reply_to_message=replied))
    place = {"message_id": 9, "date": 1, "chat": CHAT, "deleted_file": True}
    assert left == {"update_id": 5, "message": message(ANN, "in blue", reply_to_message=place)}


async def test_so_does_a_reply_to_a_picture_of_another_chat(store: Store) -> None:
    origin = {"type": "user", "sender_user": {"id": BORIS}}
    external = {"origin": origin, "photo": [{"file_id": "x"}], "message_id": 3}
    left = await left_of(store, message=message(ANN, "in blue", external_reply=external))
    assert left is not None
    assert left["message"]["external_reply"].pop("origin")["type"] == "hidden_user"
    assert left["message"]["external_reply"] == {"deleted_file": True}


async def test_a_wish_that_waits_for_its_call_fails_without_its_picture(store: Store) -> None:
    talk = await store.conversations.open(GROUP)
    sent_by_boris = InputPicture(media=await picture(store, 1), author_id=BORIS)
    turn = await store.conversations.take(new_turn(talk.id, "warmer", pictures=(sent_by_boris,)), (), ())
    await store.forgetting.person(BORIS)
    left = await store.conversations.turn(turn.id)
    assert left is not None
    assert (left.state, left.error, left.pictures) == (
        TurnState.FAILING,
        {"key": "unusable-deleted_file", "values": {}, "help": []},
        (),
    )


async def test_a_press_loses_the_wish_above_its_button(store: Store) -> None:
    answer = message(42, "Here it is.", reply_to_message=message(BORIS, SECRET))
    left = await left_of(store, callback_query={"id": "1", "from": {"id": ANN}, "data": "undo:1", "message": answer})
    assert left is not None
    assert left["callback_query"]["data"] == "undo:1"
    assert SECRET not in str(left)


@pytest.mark.parametrize(
    "origin", [{"forward_origin": {"sender_user": {"id": BORIS}}}, {"forward_from": {"id": BORIS}}]
)
async def test_what_only_passes_words_on_goes(store: Store, origin: dict[str, Any]) -> None:
    assert await left_of(store, message=message(ANN, SECRET, **origin)) is None


@pytest.mark.parametrize(
    "update",
    [
        {"message": message(ANN, f"a fox for {BORIS}")},
        {"message": message(ANN, "so", reply_to_message=message(BORIS * 10, "a hen"))},
        {"message": message(ANN, "so", reply_to_message=message(7, f"{BORIS}"))},
        {"message": message(ANN, "so", reply_to_message=f"{BORIS}", external_reply=[BORIS], quote=BORIS)},
        {"message": [BORIS]},
        {"message": message(ANN, "so", forward_origin={"sender_user": BORIS}, forward_from=[BORIS])},
    ],
)
async def test_nothing_else_is_touched(store: Store, update: dict[str, Any]) -> None:
    """Also not by what no message looks like."""
    assert await left_of(store, **update) == {"update_id": 5, **update}


async def test_what_was_said_in_a_voice_message_goes_with_it(store: Store) -> None:
    """It was written down, and is kept until the reply to it is a wish."""
    replied = message(BORIS, "", voice={"file_id": "x"})
    wish = message(ANN, "", reply_to_message=replied)
    left = await left_of(store, message=wish, **{FOUND_OUT: {"recording x": SECRET}})
    assert left is not None
    assert SECRET not in str(left)


async def test_what_comes_after_the_request_is_new(store: Store) -> None:
    wish = message(ANN, "in blue", reply_to_message=message(BORIS, SECRET))
    assert await left_of(store, update_id=ASKED + 1, message=wish) == {"update_id": ASKED + 1, "message": wish}


async def test_whoever_had_read_it_before_stores_nothing_of_it(store: Store) -> None:
    """Ann's wish was being handled: what it replied to had been fetched, and is gone now."""
    wish = message(ANN, "in blue", reply_to_message=message(BORIS, SECRET))
    await store.inbox.add([(GROUP, {"update_id": 6, "message": message(ANN, "and large")})])
    await left_of(store, message=wish)
    talk = await store.conversations.open(GROUP)
    with pytest.raises(GoneMeanwhile):
        await store.conversations.take(new_turn(talk.id, "in blue"), (), (5,))
    with pytest.raises(GoneMeanwhile):
        await store.conversations.take(new_turn(talk.id, "in blue, and large"), (), (5, 6))
    await store.inbox.read_anew(GROUP)
    assert {row.update_id: row.tries for row in await store.inbox.open_updates(GROUP)}[5] == 0
    await store.conversations.take(new_turn(talk.id, "in blue, and large"), (), (5, 6))
    assert [row.update_id for row in await store.inbox.open_updates(GROUP)] == [ASKED]


async def test_a_try_that_failed_meanwhile_counts_once(store: Store) -> None:
    await left_of(store, message=message(ANN, "in blue", reply_to_message=message(BORIS, SECRET)))
    assert [await store.inbox.try_again(5) for _ in range(2)] == [1, 2]


async def test_what_the_sender_said_and_what_was_done_stays(store: Store) -> None:
    """It was paid for, and the topic that the wish opened must not be opened once more."""
    replied = message(BORIS, "", voice={"file_id": "his"})
    wish = message(ANN, "", reply_to_message=replied, voice={"file_id": "hers"})
    noted = {"his": {"words": SECRET}, "hers": {"words": "in blue"}, "topic": 7}
    left = await left_of(store, message=wish, **{FOUND_OUT: noted})
    assert left is not None
    assert left[FOUND_OUT] == {"hers": {"words": "in blue"}, "topic": 7}


async def test_what_somebody_pins_goes(store: Store) -> None:
    """Telegram repeats the whole message in the note about it."""
    pinned = {**message(ANN, ""), "pinned_message": {**message(BORIS, SECRET), "photo": [{"file_id": "x"}]}}
    left = await left_of(store, message=pinned)
    assert left is not None
    assert left["message"]["pinned_message"] == {"message_id": 9, "date": 1, "chat": CHAT}
