"""getUpdates: offsets and confirmation, long poll, expiry, wanted kinds, one reader at a time."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import pytest

from bot.sandbox.config import SandboxConfig
from tests.support.bots import ApiRefusal, PlainBot
from tests.support.people import Telegram, running_sandbox


async def test_an_unconfirmed_update_comes_again(telegram: Telegram, bot: PlainBot) -> None:
    await telegram.ann.say("one")
    first = await bot("getUpdates")
    assert await bot("getUpdates") == first


async def test_an_offset_confirms_what_is_before_it(telegram: Telegram, bot: PlainBot) -> None:
    for text in ("one", "two", "three"):
        await telegram.ann.say(text)
    one, two, three = await bot("getUpdates")
    assert [two["update_id"] - one["update_id"], three["update_id"] - two["update_id"]] == [1, 1]
    assert await bot("getUpdates", offset=three["update_id"]) == [three]
    assert await bot("getUpdates") == [three]


async def test_a_negative_offset_forgets_all_but_the_last(telegram: Telegram, bot: PlainBot) -> None:
    for text in ("one", "two", "three"):
        await telegram.ann.say(text)
    last = await bot("getUpdates", offset=-1)
    assert [update["message"]["text"] for update in last] == ["three"]
    assert await bot("getUpdates") == last


async def test_at_most_limit_updates_come_and_never_more_than_100(telegram: Telegram, bot: PlainBot) -> None:
    for number in range(105):
        await telegram.ann.say(str(number))
    assert len(await bot("getUpdates", limit=2)) == 2
    assert len(await bot("getUpdates", limit=1000)) == 100


async def test_an_empty_queue_without_timeout_answers_at_once(bot: PlainBot) -> None:
    assert await bot("getUpdates") == []


async def test_a_long_poll_wakes_when_something_happens(telegram: Telegram, bot: PlainBot) -> None:
    poll = asyncio.create_task(bot("getUpdates", timeout=20))
    await asyncio.sleep(0.05)
    assert not poll.done()
    await telegram.ann.say("wake up")
    (update,) = await asyncio.wait_for(poll, 15)
    assert update["message"]["text"] == "wake up"


async def test_a_long_poll_ends_empty_after_its_timeout(bot: PlainBot) -> None:
    started = time.perf_counter()
    assert await bot("getUpdates", timeout=1) == []
    assert 0.9 < time.perf_counter() - started < 15


async def test_a_second_poller_ends_the_first_with_a_conflict(telegram: Telegram, bot: PlainBot) -> None:
    await telegram.fault("getUpdates", delay_s=0)  # which does no harm, and shows that the call came
    older = asyncio.create_task(bot("getUpdates", timeout=20))
    await telegram.fault_met()
    newer = asyncio.create_task(bot("getUpdates", timeout=20))
    with pytest.raises(ApiRefusal, match="terminated by other getUpdates request; make sure that only one bot"):
        await older
    await telegram.ann.say("for the newer one")
    assert len(await newer) == 1


async def test_only_wanted_kinds_are_queued_and_the_wish_is_remembered(telegram: Telegram, bot: PlainBot) -> None:
    await bot("getUpdates", allowed_updates=["edited_message"])
    said = await telegram.ann.say("one")
    await telegram.ann.edit(said, "two")
    assert await bot.kinds() == ["edited_message"]
    await bot("getUpdates", allowed_updates=[])
    await telegram.ann.say("three")
    assert await bot.kinds() == ["message"]


async def test_reactions_come_only_on_request(telegram: Telegram, bot: PlainBot) -> None:
    said = await telegram.ann.say("one")
    await bot.updates()
    await telegram.ann.react(said, "🔥")
    assert await bot.updates() == []
    await bot("getUpdates", allowed_updates=["message_reaction"])
    await telegram.ann.react(said, "👍")
    (update,) = await bot.updates()
    assert update["message_reaction"]["old_reaction"] == [{"type": "emoji", "emoji": "🔥"}]
    assert update["message_reaction"]["new_reaction"] == [{"type": "emoji", "emoji": "👍"}]


async def test_messages_wait_24_hours_and_presses_150_seconds() -> None:
    now = time.time()
    clock = [now]
    async with running_sandbox(replace(SandboxConfig(), clock=lambda: clock[0])) as telegram:
        bot = PlainBot(telegram)
        await telegram.ann.say("hello")
        keyboard = {"inline_keyboard": [[{"text": "go", "callback_data": "go"}]]}
        sent = await bot.say(telegram.ann.id, "press me", reply_markup=keyboard)
        await telegram.ann.press_data(sent["message_id"], "go")
        assert [update.keys() - {"update_id"} for update in await bot("getUpdates")] == [
            {"message"},
            {"callback_query"},
        ]
        clock[0] = now + 151
        assert [update.keys() - {"update_id"} for update in await bot("getUpdates")] == [{"message"}]
        clock[0] = now + 86_401
        assert await bot("getUpdates") == []


async def test_a_raw_update_comes_as_it_was_given(telegram: Telegram, bot: PlainBot) -> None:
    await telegram.update({"update_id": 5, "message": {"nonsense": True}})
    await telegram.update({"poll": {"id": "1"}})
    first, second = await bot("getUpdates")
    assert first == {"update_id": 5, "message": {"nonsense": True}}
    assert second["poll"] == {"id": "1"}


async def test_a_hasty_bot_is_slowed_down_when_patience_is_on() -> None:
    async with running_sandbox(SandboxConfig(poll_patience=True)) as telegram:
        bot = PlainBot(telegram)
        for text in ("one", "two"):
            await telegram.ann.say(text)
        assert len(await bot("getUpdates")) == 2
        assert len(await bot("getUpdates")) == 1


@pytest.mark.parametrize("token", ["1234567890:wrong", "x"])
async def test_a_wrong_token_is_unauthorized(telegram: Telegram, token: str) -> None:
    answer = await telegram.http.post(f"/bot{token}/getMe")
    assert (answer.status_code, answer.json()["description"]) == (401, "Unauthorized")


async def test_parameters_come_by_query_form_multipart_and_json(telegram: Telegram, bot: PlainBot) -> None:
    await telegram.ann.say("hello")
    url = f"/bot{telegram.token}/sendMessage"
    given = {"chat_id": "1001", "text": "x", "reply_parameters": '{"message_id": 1}', "disable_notification": "true"}
    answers = [
        await telegram.http.get(url, params=given),
        await telegram.http.post(url, data=given),
        await telegram.http.post(url, data=given, files={"unused": ("a.txt", b"a")}),
        await telegram.http.post(url, json=given),
        await telegram.http.post(url, json=given | {"chat_id": 1001, "reply_parameters": {"message_id": 1}}),
    ]
    results = [answer.json()["result"] for answer in answers]
    assert [result["reply_to_message"]["message_id"] for result in results] == [1] * 5


async def test_method_names_are_not_case_sensitive(bot: PlainBot) -> None:
    assert (await bot("GETME"))["is_bot"] is True


async def test_an_unknown_method_is_not_found(bot: PlainBot) -> None:
    with pytest.raises(ApiRefusal) as caught:
        await bot("paintPicture")
    assert (caught.value.code, caught.value.text) == (404, "Not Found")


@pytest.mark.parametrize(
    ("method", "parameters", "text"),
    [
        ("sendMessage", {"text": "x"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": 1001}, "message text is empty"),
        ("sendPhoto", {"chat_id": 1001}, "there is no photo in the request"),
        ("sendDocument", {"chat_id": 1001}, "there is no document in the request"),
        ("getFile", {}, "file_id not specified"),
        ("deleteMessage", {"chat_id": 1001}, "message identifier is not specified"),
        ("sendChatAction", {"chat_id": 1001, "action": "painting"}, "wrong parameter action in request"),
        ("setMessageReaction", {"chat_id": 1001}, "message identifier is not specified"),
        ("sendMessage", {"chat_id": 1001, "text": "x", "txet": "y"}, 'unknown parameter "txet" of sendMessage'),
        ("sendMessage", {"chat_id": 1001, "text": "x", "reply_to_message_id": 1}, 'unknown parameter "reply_to_mess'),
        ("sendMessage", {"chat_id": 1001, "text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON"),
        (
            "sendMessage",
            {"chat_id": 1001, "text": "x", "reply_markup": {"inline_keyboard": 1}},
            "can't parse reply key",
        ),
        ("sendMessage", {"chat_id": 1001, "text": ["x"]}, "can't parse text:"),
        ("getUpdates", {"limit": "many"}, "can't parse limit:"),
    ],
)
async def test_a_faulty_request_is_refused(
    telegram: Telegram, bot: PlainBot, method: str, parameters: dict[str, object], text: str
) -> None:
    await telegram.ann.say("hello")
    with pytest.raises(ApiRefusal) as caught:
        await bot(method, **parameters)
    assert caught.value.code == 400
    assert caught.value.text.startswith(f"Bad Request: {text}")


async def test_telegram_itself_ignores_unknown_parameters() -> None:
    async with running_sandbox(SandboxConfig(strict=False)) as telegram:
        assert (await PlainBot(telegram)("getMe", nonsense=1))["is_bot"] is True


async def test_an_answer_carries_four_megabytes_of_updates(telegram: Telegram, bot: PlainBot) -> None:
    """The rest waits for the next poll (telegram-bot-api, Client::JsonUpdates)."""
    for number in range(5):
        await telegram.update({"message": {"text": "x" * 1_000_000, "message_id": number}})
    first = await bot.updates()
    assert [update["message"]["message_id"] for update in first] == [0, 1, 2, 3]
    assert [update["message"]["message_id"] for update in await bot.updates()] == [4]
