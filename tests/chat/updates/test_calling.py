"""Updates from places where the bot is no member: whose conversation they belong to, and what they mean."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Bot

from bot.chat.events import Called, PressedInline
from bot.chat.updates.calling import MESSAGES, PEOPLE, reply_to_press
from bot.chat.updates.parse import Me, key_of, press_of, read
from bot.chat.updates.raw import is_surely_meant, sender_of
from storage.records import Key

ME = Me(id=77, username="Pentimento_bot", reads_all=False)
TELEGRAM = Bot(":".join(("77", "A" * 35)))
ANN = {"id": 7, "is_bot": False, "first_name": "Ann", "language_code": "de"}
BORIS = {"id": 8, "is_bot": False, "first_name": "Boris"}
GROUP = {"id": -1002100000001, "type": "supergroup", "title": "Strangers"}
PHOTO = [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9, "file_size": 9}]


def guest(**more: Any) -> dict[str, Any]:
    text = "@pentimento_bot make it red"
    message = {"message_id": 31, "date": 1, "chat": GROUP, "from": ANN, "text": text, "guest_query_id": "5"}
    message["entities"] = [{"type": "mention", "offset": 0, "length": 15}]
    return {"update_id": 1, "guest_message": message | more}


def pressed(data: str, by: dict[str, Any] = ANN) -> dict[str, Any]:
    query = {"id": "3", "from": by, "inline_message_id": "AAA", "chat_instance": "1", "data": data}
    return {"update_id": 1, "callback_query": query}


def chosen(result_id: str = "paint", **more: Any) -> dict[str, Any]:
    result = {"result_id": result_id, "from": ANN, "query": " a boat ", "inline_message_id": "AAA"}
    return {"update_id": 1, "chosen_inline_result": {name: one for name, one in (result | more).items() if one}}


def called(update: dict[str, Any]) -> Called:
    event = read(update, TELEGRAM, ME)
    assert isinstance(event, Called)
    return event


def test_the_caller_and_the_place_make_the_conversation() -> None:
    assert key_of(guest()) == Key(7, -1002100000001)
    assert key_of(guest(**{"from": BORIS})) == Key(8, -1002100000001)
    assert key_of(guest(chat={"id": 8, "type": "private"})) == Key(7, PEOPLE - 8)
    there = key_of(chosen())
    assert there.topic_id < MESSAGES
    assert key_of(chosen(inline_message_id="AAB")) != there
    assert key_of(pressed("inline-show:0:7:0")) == there
    assert key_of(pressed("inline-again:3:7:-1002100000001")) == Key(7, -1002100000001)
    assert all(key_of(update).is_inline for update in (guest(), chosen(), pressed("anything")))


@pytest.mark.parametrize("broken", [{"from": None}, {"chat": None}, {"chat": {"id": 2**62}}, {"chat": {"id": 0}}])
def test_a_malformed_one_belongs_to_nobody(broken: dict[str, Any]) -> None:
    assert key_of(guest(**broken)) == Key(0, 0)
    assert key_of(chosen(inline_message_id=None)) == Key(0, 0)


def test_a_guest_query_is_a_wish_without_the_numbers_of_its_chat() -> None:
    replied = {"message_id": 30, "date": 1, "chat": GROUP, "from": BORIS, "photo": PHOTO, "caption": "my boat"}
    event = called(guest(reply_to_message=replied))
    said = event.said
    assert said is not None
    assert (event.query_id, said.words, said.message_id, said.private) == ("5", "make it red", 0, True)
    assert said.replied is not None
    assert (said.replied.message_id, said.replied.words) == (None, "")
    assert said.replied.attachment is not None
    assert event.language == "de"


def test_words_that_it_replies_to_are_said_to_the_bot() -> None:
    replied = {"message_id": 30, "date": 1, "chat": GROUP, "from": BORIS, "text": "a castle"}
    said = called(guest(reply_to_message=replied)).said
    assert said is not None
    assert said.replied is not None
    assert said.replied.words == "a castle"


@pytest.mark.parametrize("text", ["/help", "@pentimento_bot /undo"])
def test_a_command_is_no_wish(text: str) -> None:
    entities = [{"type": "mention", "offset": 0, "length": 15}] if text[0] == "@" else []
    assert called(guest(text=text, entities=entities)).said is None


def test_bots_do_not_call() -> None:
    assert read(guest(**{"from": {**BORIS, "is_bot": True}}), TELEGRAM, ME) is None


def test_only_the_result_that_paints_is_a_wish() -> None:
    said = called(chosen()).said
    assert said is not None
    assert said.words == "a boat"
    assert read(chosen("picture-3"), TELEGRAM, ME) is None


def test_what_was_chosen_in_inline_mode_is_no_message_to_the_bot() -> None:
    via = {"id": 77, "is_bot": True, "first_name": "Pentimento"}
    message = {"message_id": 3, "date": 1, "chat": {"id": 7, "type": "private"}, "from": ANN, "text": "On it"}
    assert read({"update_id": 1, "message": message | {"via_bot": via}}, TELEGRAM, ME) is None


def test_a_press_is_its_callers_alone() -> None:
    mine = pressed("inline-again:3:7:-5")
    assert isinstance(read(mine, TELEGRAM, ME), PressedInline)
    assert reply_to_press(mine) is None
    assert reply_to_press(pressed("inline-show:-1:7:-5")) == "inline-soon"
    for strange in (pressed("inline-again:3:7:-5", BORIS), pressed("again:3"), pressed("inline-again:3:7")):
        assert read(strange, TELEGRAM, ME) is None
        assert reply_to_press(strange) == "inline-not-yours"
    press = press_of(mine)
    assert press is not None
    assert press.lasting


def test_whoever_calls_means_the_bot() -> None:
    assert is_surely_meant(guest(), ME.id, ME.username)
    assert sender_of(guest()) == 7
