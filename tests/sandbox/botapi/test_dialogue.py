"""People and bot talk to each other: the test driver and the emulated Telegram, from end to end."""

from __future__ import annotations

import pytest

from tests.support.people import BORIS, NoAnswer, Refused, Telegram


async def test_a_person_writes_and_the_bot_answers(telegram: Telegram) -> None:
    said = await telegram.ann.say("hello")
    (update,) = (await telegram.api("getUpdates"))["result"]
    assert update["message"]["text"] == "hello"
    await telegram.api("sendMessage", chat_id=said.chat_id, text="hello, Ann", reply_parameters={"message_id": said.id})
    answer = await telegram.ann.answer()
    assert (answer.text, answer.reply_to) == ("hello, Ann", said.id)


async def test_an_answer_is_given_once(telegram: Telegram) -> None:
    await telegram.ann.say("hello")
    for text in ("one", "two"):
        await telegram.api("sendMessage", chat_id=telegram.ann.id, text=text)
    assert [(await telegram.ann.answer()).text for _ in range(2)] == ["one", "two"]
    with pytest.raises(NoAnswer):
        await telegram.ann.answer(timeout_s=0.05)


async def test_silence_is_broken_by_a_message(telegram: Telegram) -> None:
    await telegram.ann.say("hello")
    await telegram.ann.silence(for_s=0.05)
    await telegram.api("sendMessage", chat_id=telegram.ann.id, text="psst")
    with pytest.raises(AssertionError, match="psst"):
        await telegram.ann.silence(for_s=0.05)


async def test_a_button_is_pressed_by_its_words(telegram: Telegram) -> None:
    await telegram.ann.say("hello")
    keyboard = {"inline_keyboard": [[{"text": "🔁 Again", "callback_data": "again:1"}]]}
    await telegram.api("sendMessage", chat_id=telegram.ann.id, text="done", reply_markup=keyboard)
    press = await telegram.ann.press(await telegram.ann.answer(), "again")
    update = (await telegram.api("getUpdates", offset=-1))["result"][0]
    assert update["callback_query"]["data"] == "again:1"
    await telegram.api("answerCallbackQuery", callback_query_id=update["callback_query"]["id"], text="on it")
    assert await press.answered() == {"answered": True, "text": "on it", "show_alert": False}


async def test_an_edit_of_the_bot_is_waited_for(telegram: Telegram) -> None:
    await telegram.ann.say("hello")
    await telegram.api("sendMessage", chat_id=telegram.ann.id, text="working")
    status = await telegram.ann.answer()
    await telegram.api("editMessageText", chat_id=telegram.ann.id, message_id=status.id, text="done")
    assert (await telegram.ann.until(status, "done")).text == "done"


async def test_strangers_do_not_read_along(telegram: Telegram) -> None:
    group = await telegram.group("Two", members=[])
    with pytest.raises(Refused, match="not a member"):
        await group.seen_by(BORIS).say("let me in")


async def test_a_deleted_message_is_gone_and_nobody_tells_the_bot(telegram: Telegram) -> None:
    said = await telegram.ann.say("oops")
    await telegram.api("getUpdates", offset=-1)
    await telegram.ann.delete(said)
    assert await telegram.ann.history() == []
    assert len((await telegram.api("getUpdates"))["result"]) == 1
    with pytest.raises(Refused, match="no message"):
        await telegram.ann.delete(said)
