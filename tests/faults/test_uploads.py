"""Uploads: slow lines, large albums, answers that never come. Nothing is sent twice by itself."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from bot.chat.send import message
from bot.chat.send.delivery import Delivery
from bot.chat.send.message import Recipient
from bot.process import clients
from storage.records import Key
from tests.support.messages import Message
from tests.support.painter import answered, number_of, picture_part, plain
from tests.support.talking import Talk

FORGOTTEN: list[dict[str, object]] = [{"drop": "after"}, {"status": 502}, {"status": 504}]


async def _sent(talk: Talk, method: str) -> int:
    calls = await talk.telegram.calls(method)
    return len([call for call in calls if call["params"]["chat_id"] == str(talk.telegram.ann.id)])


async def _until(talk: Talk, words: str) -> Message:
    while True:
        said = await talk.telegram.ann.answer()
        if words in said.words:
            return said


@pytest.mark.parametrize("fault", FORGOTTEN)
async def test_an_export_of_unknown_outcome_is_not_sent_again_by_itself(talk: Talk, fault: dict[str, object]) -> None:
    """Telegram takes long to answer for a large file, and it may be there all the same: python-telegram-bot#4188."""
    ann = talk.telegram.ann
    await ann.say("a boat")
    await ann.answer()
    await talk.telegram.fault("sendDocument", **fault)
    await ann.say("/export")
    await _until(talk, "not sure that this reached you")
    assert await _sent(talk, "sendDocument") == 1
    await ann.say("/export")
    assert "document" in (await ann.answer()).body


async def test_an_export_is_sent_once_though_the_process_dies_in_between(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("a boat")
    await ann.answer()
    await talk.telegram.fault("sendDocument", delay_s=3, drop="after")
    await ann.say("/export")
    await talk.telegram.fault_met()
    talk.stop_grace_s = 0
    await talk.restart()
    await _until(talk, "not sure that this reached you")
    assert await _sent(talk, "sendDocument") <= 1


async def test_the_largest_export_fits_with_all_that_stands_around_it(talk: Talk, tmp_path: Path) -> None:
    """50 MB is the limit of the whole request: core.telegram.org/bots/api#sending-files, telegraf#222."""
    export = tmp_path / "conversation.zip"
    export.write_bytes(bytes(message.REQUEST_LIMIT_BYTES))
    await _send(talk, export)
    assert (await talk.telegram.ann.answer()).body["document"]["file_size"] == message.REQUEST_LIMIT_BYTES


async def test_a_large_file_arrives_however_slow_the_line_is(
    talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The timeout is for one piece. Scaled: 16 MB at 5 MB/s, of which the kernel holds up to 9, and 1 s of patience."""
    monkeypatch.setattr(message, "WRITE_TIMEOUT_S", 1.0)
    await talk.telegram.line(bytes_per_s=5_000_000)
    export = tmp_path / "conversation.zip"
    export.write_bytes(bytes(16_000_000))
    began = time.monotonic()
    await _send(talk, export)
    assert time.monotonic() - began > 2
    assert "document" in (await talk.telegram.ann.answer()).body


async def test_a_large_picture_arrives_however_slow_the_line_is(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message, "WRITE_TIMEOUT_S", 1.0)
    large = plain(7) + bytes(16_000_000)
    talk.painter.will(answered([picture_part(large)]))
    await talk.telegram.line(bytes_per_s=5_000_000)
    await talk.telegram.ann.say("a boat")
    assert await (await talk.telegram.ann.answer()).document_bytes() == large


async def test_who_sends_much_waits_longer_for_the_answer(
    talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Telegram answers when the file is in its data centre. Scaled: 0.5 s, and 1 s more for each MB."""
    monkeypatch.setattr(message, "READ_TIMEOUT_S", 0.5)
    monkeypatch.setattr(message, "ONWARD_BYTES_PER_S", 1_000_000)
    await talk.telegram.line(onward_bytes_per_s=1_500_000)
    export = tmp_path / "conversation.zip"
    export.write_bytes(bytes(2_000_000))
    await _send(talk, export)
    assert "document" in (await talk.telegram.ann.answer()).body
    await talk.telegram.ann.silence()


async def test_an_answer_with_many_pictures_goes_in_albums_that_telegram_takes(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Scaled: a request may hold four of these pictures, and Telegram has nothing to refuse."""
    pictures = [plain(number) + bytes(30_000) for number in range(1, 10)]
    monkeypatch.setattr(message, "ALBUM_LIMIT_BYTES", 4 * max(map(len, pictures)))
    talk.painter.will(answered([{"text": "Nine."}, *map(picture_part, pictures)]))
    await talk.telegram.ann.say("nine boats")
    *shown, words = await talk.telegram.ann.answers(10)
    assert [number_of(await one.picture_bytes()) for one in shown] == [*range(1, 10)]
    groups = [one.body.get("media_group_id") for one in shown]
    assert [groups.count(group) for group in dict.fromkeys(groups)] == [4, 4, 1]
    assert words.text == "Nine."
    await talk.telegram.ann.say("in colour", reply_to=shown[8])
    await talk.telegram.ann.answer()
    assert number_of(talk.painter.calls[1].all_pictures[-1]) == 9


async def test_versions_that_are_too_large_for_one_album_can_all_be_chosen(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = [plain(number) + bytes(30_000) for number in range(1, 5)]
    monkeypatch.setattr(message, "ALBUM_LIMIT_BYTES", 3 * max(map(len, pictures)))
    talk.painter.will(*(answered([picture_part(picture)]) for picture in pictures))
    await talk.telegram.ann.say("/x4 a boat")
    *shown, choice = await talk.telegram.ann.answers(5)
    assert "media_group_id" not in shown[3].body
    await talk.telegram.ann.say("in colour", reply_to=shown[3])
    await talk.telegram.ann.answer()
    (last,) = talk.painter.calls[4].all_pictures
    assert number_of(last) == number_of(await shown[3].picture_bytes())
    assert len(choice.buttons) >= 4


async def test_an_album_that_telegram_calls_too_large_goes_one_by_one(talk: Talk) -> None:
    """nginx answers 413, in HTML: telegraf#222."""
    await talk.telegram.fault("sendMediaGroup", status=413)
    talk.painter.will(answered([picture_part(plain(7)), picture_part(plain(8))]))
    await talk.telegram.ann.say("two boats")
    first, second, _ = await talk.telegram.ann.answers(3)
    assert [number_of(await one.picture_bytes()) for one in (first, second)] == [7, 8]
    await talk.telegram.boris.silence(for_s=0.1)


async def test_an_album_of_which_a_part_arrived_is_not_sent_again(talk: Talk) -> None:
    """td, MessagesManager.cpp, SendMultiMediaQuery: one item fails with these words, the others are in the chat."""
    said = 'Bad Request: failed to send message #3 with the error message "Message was not sent"'
    await talk.telegram.fault("sendMediaGroup", status=400, description=said, keeps=2)
    talk.painter.will(answered([picture_part(plain(number)) for number in (7, 8, 9)]))
    await talk.telegram.ann.say("three boats")
    first, second, told, _ = await talk.telegram.ann.answers(4)
    assert (first.has_picture, second.has_picture) == (True, True)
    assert "not sure" in told.text
    await talk.telegram.ann.silence()
    assert [await _sent(talk, method) for method in ("sendMediaGroup", "sendPhoto", "sendDocument")] == [1, 0, 0]


async def test_an_album_held_up_by_a_flood_wait_comes_later_and_whole(talk: Talk) -> None:
    """TelegramBots#1520: the wait is part of a 400, and nothing was sent."""
    inside = "Too Many Requests: retry after 1"
    said = f'Bad Request: failed to send message #1 with the error message "{inside}"'
    await talk.telegram.fault("sendMediaGroup", status=400, description=said)
    talk.painter.will(answered([picture_part(plain(7)), picture_part(plain(8))]))
    await talk.telegram.ann.say("two boats")
    first, second, _ = await talk.telegram.ann.answers(3)
    assert first.body["media_group_id"] == second.body["media_group_id"]
    assert [await _sent(talk, "sendMediaGroup"), await _sent(talk, "sendPhoto")] == [2, 0]


async def test_an_album_refused_for_one_picture_goes_one_by_one_and_that_one_as_a_file(talk: Talk) -> None:
    """td, MessagesManager.cpp, do_send_message_group: in this case nothing was sent."""
    said = 'Bad Request: failed to send message #2 with the error message "IMAGE_PROCESS_FAILED"'
    await talk.telegram.fault("sendMediaGroup", status=400, description=said)
    talk.painter.will(answered([picture_part(plain(7)), picture_part(plain(8))]))
    await talk.telegram.ann.say("two boats")
    first, second, _ = await talk.telegram.ann.answers(3)
    assert [number_of(await one.picture_bytes()) for one in (first, second)] == [7, 8]


async def test_what_arrived_of_an_interrupted_row_of_files_is_found_by_a_reply(talk: Talk) -> None:
    """One by one, and the second one's outcome is unknown. The first one arrived, and the bot knows it."""
    await talk.telegram.fault("sendMediaGroup", status=400, description="Bad Request: group send failed")
    await talk.telegram.fault("sendPhoto", delay_s=0.01)
    await talk.telegram.fault("sendPhoto", drop="before")
    talk.painter.will(answered([picture_part(plain(7)), picture_part(plain(8))]))
    await talk.telegram.ann.say("two boats")
    first = await talk.telegram.ann.answer()
    await _until(talk, "not sure")
    await talk.telegram.ann.say("/file", reply_to=first)
    async with asyncio.timeout(20):
        while "document" not in (await talk.telegram.ann.answer()).body:
            continue


async def test_words_whose_answer_does_not_come_in_time_are_said_once_more_and_then_no_more(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All other calls are answered, so Telegram is only slow. Eight copies would be worse than a doubt."""
    monkeypatch.setattr(clients, "READ_TIMEOUT_S", 0.5)
    await talk.restart()
    ann = talk.telegram.ann
    await talk.telegram.fault("sendMessage", delay_s=1.0, chat_id=ann.id, times=2)
    await ann.say("/help")
    said = [one.text for one in await ann.answers(3)]
    assert [sum(words in text for text in said) for words in ("How it works", "set it aside")] == [2, 1]
    assert "nobody answered" in (await talk.telegram.boris.answer()).text
    await ann.silence()


async def test_a_text_answer_that_is_not_confirmed_in_time_is_offered(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "READ_TIMEOUT_S", 0.5)
    await talk.restart()
    ann = talk.telegram.ann
    talk.painter.will(answered([{"text": "A boat needs no picture."}]))
    await talk.telegram.fault("sendMessage", delay_s=1.0, chat_id=ann.id, times=2)
    await ann.say("what is a boat?")
    told = await _until(talk, "not sure that this reached you")
    said = [one.text for one in await ann.history() if one.from_bot]
    assert said.count("A boat needs no picture.") <= 2
    await ann.press(told, "Show it again")
    assert (await _until(talk, "once more")).text.endswith("A boat needs no picture.")
    await talk.telegram.boris.silence(for_s=0.1)


async def test_words_that_a_broken_connection_swallowed_are_said_again(talk: Talk) -> None:
    ann = talk.telegram.ann
    await talk.telegram.fault("sendMessage", drop="before", chat_id=ann.id, times=3)
    await ann.say("/help")
    assert "How it works" in (await ann.answer()).text
    await ann.silence()


@pytest.mark.parametrize("method", ["sendMessage", "sendPhoto"])
async def test_what_was_said_is_not_said_again_because_the_store_fails_after_it(talk: Talk, method: str) -> None:
    ann = talk.telegram.ann
    for wish in ("a boat", "now red"):
        await ann.say(wish)
        await ann.answer()
    before = await _sent(talk, method)
    when = "UPDATE ON inbox WHEN NEW.state = 'done'" if method == "sendMessage" else "INSERT ON messages"
    async with talk.store.database.begin() as connection:
        await connection.exec_driver_sql(f"CREATE TRIGGER broken BEFORE {when} BEGIN SELECT RAISE(ABORT, 'no'); END")
    await ann.say("/help" if method == "sendMessage" else "/undo")
    await ann.answer()
    assert "set aside" in (await talk.telegram.boris.answer()).text
    assert not (await ann.answer()).has_picture
    assert await _sent(talk, method) - before == (1 if method == "sendPhoto" else 2)


async def _send(talk: Talk, path: Path) -> None:
    """Have a file sent to Ann as an export is."""
    await talk.telegram.ann.say("/help")
    await talk.telegram.ann.answer()
    delivery = Delivery(talk.running.bot, talk.store)
    with path.open("rb") as file:
        await delivery.document(
            Recipient(key=Key(talk.telegram.ann.id, 0), language="en"), file, "x" * 900, name=path.name
        )
