"""What stays of the updates of others that wait when somebody has everything deleted: on both databases."""

from __future__ import annotations

from typing import Any

import pytest

from storage.care.forgetting import Asked
from storage.records import Key
from storage.store import Store
from storage.tables.inbox import FOUND_OUT

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
