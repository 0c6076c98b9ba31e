"""How the emulated server takes and refuses what a bot sends: sizes, speed, rights, topics that go.

Each test names where the real one does so: files of tdlib/telegram-bot-api and tdlib/td, core.telegram.org, or reports.
"""

from __future__ import annotations

import asyncio
import json
import time

import pytest

from tests.support.bots import ApiRefusal, PlainBot
from tests.support.messages import Json
from tests.support.people import Chat, Telegram
from tests.support.pictures import picture


@pytest.fixture
async def ann(telegram: Telegram, bot: PlainBot) -> int:
    """Let Ann start the chat."""
    await telegram.ann.say("/start")
    await bot.updates()
    return telegram.ann.id


def album(*files: bytes) -> Json:
    """Return the parameters and files of an album of photos."""
    media = [{"type": "photo", "media": f"attach://f{number}"} for number in range(len(files))]
    return {"media": json.dumps(media), "files": {f"f{n}": (f"{n}.jpg", file) for n, file in enumerate(files)}}


async def test_an_album_is_measured_as_a_whole(ann: int, bot: PlainBot) -> None:
    """50 MB are the limit of a request, not of a file: core.telegram.org/bots/api#sending-files, telegraf#222."""
    given = album(*[picture() + bytes(9_900_000)] * 6)
    answer = await bot.raw("sendMediaGroup", data={"chat_id": ann, "media": given["media"]}, files=given["files"])
    assert answer.status_code == 413


@pytest.mark.parametrize(("size_bytes", "space_s"), [(150_000, 0.2), (3_000_000, 0.3)])
async def test_equal_files_are_let_through_one_after_the_other(
    ann: int, bot: PlainBot, size_bytes: int, space_s: float
) -> None:
    """telegram-bot-api, Client.cpp, Client::on_cmd: after a second's worth each waits for the one before."""
    free = round(1 / space_s) + 1
    began = time.monotonic()
    sends = [
        bot("sendDocument", {"document": ("a.bin", bytes(size_bytes))}, chat_id=ann)
        for _ in range(free + 2)
    ]  # fmt: skip
    await asyncio.gather(*sends)
    assert time.monotonic() - began >= 1.5 * space_s


async def test_unequal_and_small_files_are_not_kept_apart(telegram: Telegram, ann: int, bot: PlainBot) -> None:
    """telegram-bot-api, Client.cpp, Client::on_cmd: only files of the same size, above 100,000 bytes."""
    for size_bytes in (*[100_000] * 20, *range(200_000, 200_010)):
        await bot("sendDocument", {"document": ("a.bin", bytes(size_bytes))}, chat_id=ann)
    calls = await telegram.calls("sendDocument")
    assert calls[-1]["at"] - calls[0]["at"] < 2.5


async def test_an_upload_is_read_no_faster_than_the_line_brings_it(telegram: Telegram, ann: int, bot: PlainBot) -> None:
    await telegram.line(bytes_per_s=2_000_000)
    began = time.monotonic()
    await bot("sendDocument", {"document": ("a.bin", bytes(1_000_000))}, chat_id=ann)
    assert time.monotonic() - began >= 0.45


async def test_a_send_is_answered_when_the_file_is_in_the_data_centre(
    telegram: Telegram, ann: int, bot: PlainBot
) -> None:
    """python-telegram-bot#4188: the answer may come after the client has given up, although the file arrived."""
    await telegram.line(onward_bytes_per_s=2_000_000)
    began = time.monotonic()
    await bot("sendDocument", {"document": ("a.bin", bytes(1_000_000))}, chat_id=ann)
    assert time.monotonic() - began >= 0.45


@pytest.mark.parametrize(
    ("right", "code"),
    [
        ("send_photos", "CHAT_SEND_PHOTOS_FORBIDDEN"),
        ("send_documents", "CHAT_SEND_DOCS_FORBIDDEN"),
        ("send_other_messages", "CHAT_SEND_GIFS_FORBIDDEN"),
        ("send_messages", "CHAT_SEND_PLAIN_FORBIDDEN"),
    ],
)
async def test_a_right_that_tdlib_believes_in_is_refused_by_a_bare_code(
    telegram: Telegram, bot: PlainBot, right: str, code: str
) -> None:
    """core.telegram.org/method/messages.sendMedia, "Possible errors"; Client.cpp makes their 403 a 400."""
    group = await telegram.group()
    others = ("send_messages", "send_photos", "send_documents", "send_other_messages")
    await group.rights(bot_can=dict.fromkeys(others, True) | {right: False}, by_code=True)
    sends = {
        "send_photos": lambda: bot.photo(group.id, picture()),
        "send_documents": lambda: bot("sendDocument", {"document": ("a.bin", b"a")}, chat_id=group.id),
        "send_other_messages": lambda: bot("sendAnimation", {"animation": ("a.mp4", b"a")}, chat_id=group.id),
        "send_messages": lambda: bot.say(group.id, "words"),
    }
    for name, send in sends.items():
        if name != right:
            await send()
    with pytest.raises(ApiRefusal) as caught:
        await sends[right]()
    assert (caught.value.code, caught.value.text) == (400, f"Bad Request: {code}")


async def test_where_everything_is_forbidden_one_code_says_so(telegram: Telegram, bot: PlainBot) -> None:
    """core.telegram.org/method/messages.sendMedia: CHAT_WRITE_FORBIDDEN."""
    group = await telegram.group()
    await group.rights(bot_can={"send_messages": False}, by_code=True)
    for send in (bot.photo(group.id, picture()), bot.say(group.id, "words")):
        with pytest.raises(ApiRefusal, match=r"^Bad Request: CHAT_WRITE_FORBIDDEN$"):
            await send


async def test_in_an_album_a_code_names_its_item(telegram: Telegram, bot: PlainBot) -> None:
    """telegram-bot-api, Client.cpp, on_message_send_failed. TDLib's own refusal comes before that, as it is."""
    group = await telegram.group()
    given = album(picture(), picture())
    await group.rights(bot_can={"send_photos": False}, by_code=True)
    with pytest.raises(ApiRefusal) as caught:
        await bot("sendMediaGroup", given["files"], chat_id=group.id, media=given["media"])
    assert caught.value.text == (
        'Bad Request: failed to send message #1 with the error message "CHAT_SEND_PHOTOS_FORBIDDEN"'
    )
    await group.rights(by_code=False)
    with pytest.raises(ApiRefusal, match=r"^Bad Request: not enough rights to send photos to the chat$"):
        await bot("sendMediaGroup", given["files"], chat_id=group.id, media=given["media"])


async def test_an_album_may_arrive_in_part_and_be_refused(telegram: Telegram, ann: int, bot: PlainBot) -> None:
    """td, MessagesManager.cpp, SendMultiMediaQuery: what Telegram's server left out fails, the others are sent."""
    said = 'Bad Request: failed to send message #3 with the error message "Message was not sent"'
    await telegram.fault("sendMediaGroup", status=400, description=said, keeps=2)
    given = album(picture(), picture(), picture())
    with pytest.raises(ApiRefusal, match="Message was not sent"):
        await bot("sendMediaGroup", given["files"], chat_id=ann, media=given["media"])
    assert len(await telegram.ann.answers(2)) == 2
    await telegram.ann.silence(for_s=0)


@pytest.fixture
async def topic(telegram: Telegram) -> Chat:
    """Return a topic of a forum."""
    forum = await telegram.group(kind="supergroup", is_forum=True)
    return await forum.open_topic("Boats")


async def test_a_deleted_topic_is_not_found(bot: PlainBot, topic: Chat) -> None:
    """telegram-bot-api, Client.cpp, TdOnCheckForumTopicCallback: getForumTopic fails. Bots get no update about it."""
    said = await bot.say(topic.id, "here", message_thread_id=topic.topic)
    before = len(await bot.updates())
    assert before
    await topic.delete_topic()
    assert await bot.updates() == []
    for reply in ({}, {"reply_parameters": {"message_id": said["message_id"], "allow_sending_without_reply": True}}):
        with pytest.raises(ApiRefusal, match=r"^Bad Request: message thread not found$"):
            await bot.say(topic.id, "there", message_thread_id=topic.topic, **reply)
    assert await topic.history() == []


@pytest.mark.parametrize("method", ["sendPhoto", "sendMediaGroup"])
async def test_a_topic_that_goes_while_a_file_is_uploaded_is_missed_by_the_server(
    telegram: Telegram, bot: PlainBot, topic: Chat, method: str
) -> None:
    """core.telegram.org/method/messages.sendMedia, "Possible errors": TOPIC_DELETED is a 406, in Client.cpp 400."""
    await telegram.line(onward_bytes_per_s=100_000)
    several = album(*[picture() + bytes(20_000)] * 2)
    given: Json = {"files": {"photo": ("a.jpg", picture() + bytes(40_000))}} if method == "sendPhoto" else several
    sending = asyncio.create_task(bot(method, chat_id=topic.id, message_thread_id=topic.topic, **given))
    await asyncio.sleep(0.1)
    await topic.delete_topic()
    with pytest.raises(ApiRefusal, match=r"^Bad Request: TOPIC_DELETED$"):
        await sending


@pytest.mark.parametrize(
    "order",
    [
        ["migrate_to", "my_chat_member", "migrate_from"],
        ["migrate_to", "migrate_from", "my_chat_member"],
        ["my_chat_member", "migrate_from", "migrate_to"],
    ],
)
async def test_an_upgrade_is_told_in_any_order(telegram: Telegram, bot: PlainBot, order: list[str]) -> None:
    """Queues of the old chat, the new one, and the membership (Client.cpp); telegram-bot-api#266, telebot#187."""
    group = await telegram.group()
    await bot.updates()
    upgraded = await group.upgrade(order=order)
    told = [next(name for name in order if name in str(update)) for update in await bot.updates()]
    assert told == order
    await bot.say(upgraded.id, "here")


async def test_the_news_of_an_upgrade_may_come_alone(telegram: Telegram, bot: PlainBot) -> None:
    """getUpdates answers as soon as there is one update (Client.h, and Client.cpp, long_poll_wakeup)."""
    group = await telegram.group()
    await bot.updates()
    upgraded = await group.upgrade(order=["my_chat_member", "migrate_to", "migrate_from"], gap_s=0.3)
    assert [update["my_chat_member"]["chat"]["id"] for update in await bot.updates()] == [upgraded.id]
    await bot.say(upgraded.id, "here already")
    with pytest.raises(ApiRefusal) as caught:
        await bot.say(group.id, "not here any more")
    assert caught.value.parameters == {"migrate_to_chat_id": upgraded.id}
    assert [update["message"]["chat"]["id"] for update in await bot.updates(timeout=5)] == [group.id]
    assert [update["message"]["chat"]["id"] for update in await bot.updates(timeout=5)] == [upgraded.id]
