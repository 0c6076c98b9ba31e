"""Webhook delivery: secret, order in each queue, redelivery, and its quarrel with getUpdates."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.botapi.state.backend import build
from bot.sandbox.config import SandboxConfig
from tests.support.bots import ApiRefusal, PlainBot
from tests.support.messages import Json
from tests.support.people import Telegram
from tests.support.serving import served


@dataclass
class Receiver:
    """A web server that takes updates and answers as a test wants."""

    url: str = ""
    arrived: list[tuple[Json, str]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)
    hold: asyncio.Event | None = None

    @property
    def texts(self) -> list[str]:
        return [body.get("message", {}).get("text", "") for body, _ in self.arrived]

    async def take(self, request: Request) -> Response:
        secret = request.headers.get("x-telegram-bot-api-secret-token", "")
        self.times.append(time.monotonic())
        self.arrived.append((json.loads(await request.body()), secret))
        if self.hold is not None:
            await self.hold.wait()
        return self.answers.pop(0) if self.answers else Response()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """Run a receiver on a free port."""
    receiver = Receiver()
    app = Starlette(routes=[Route("/hook", receiver.take, methods=["POST"])])
    async with served(app) as url:
        receiver.url = f"{url}/hook"
        yield receiver


async def until(fits: Callable[[], bool], timeout_s: float = 30.0) -> None:
    """Wait until something holds. Raises TimeoutError."""
    async with asyncio.timeout(timeout_s):
        while not fits():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_updates_are_posted_with_the_secret(telegram: Telegram, bot: PlainBot, receiver: Receiver) -> None:
    await telegram.ann.say("before")
    await bot("setWebhook", url=receiver.url, secret_token="s3cret-_A")
    await telegram.ann.say("after")
    await until(lambda: len(receiver.arrived) == 2)
    assert receiver.texts == ["before", "after"]
    assert {secret for _, secret in receiver.arrived} == {"s3cret-_A"}
    while await telegram.queue():  # noqa: ASYNC110
        await asyncio.sleep(0.01)


async def test_one_update_of_a_chat_is_under_way_at_a_time(
    telegram: Telegram, bot: PlainBot, receiver: Receiver
) -> None:
    receiver.hold = asyncio.Event()
    await bot("setWebhook", url=receiver.url)
    for text in ("one", "two"):
        await telegram.ann.say(text)
    await telegram.boris.say("another chat")
    await until(lambda: len(receiver.arrived) == 2)
    await asyncio.sleep(0.1)
    assert sorted(receiver.texts) == ["another chat", "one"]
    receiver.hold.set()
    await until(lambda: "two" in receiver.texts)


async def test_presses_do_not_wait_for_messages(telegram: Telegram, bot: PlainBot, receiver: Receiver) -> None:
    await telegram.ann.say("/start")
    sent = await bot.say(
        telegram.ann.id, "x", reply_markup={"inline_keyboard": [[{"text": "b", "callback_data": "x"}]]}
    )
    await bot.updates()
    await bot.updates()
    receiver.hold = asyncio.Event()
    await bot("setWebhook", url=receiver.url)
    await telegram.ann.say("slow")
    await telegram.ann.press_data(sent["message_id"], "x")
    await until(lambda: len(receiver.arrived) == 2)
    assert {"message", "callback_query"} <= {key for body, _ in receiver.arrived for key in body}
    receiver.hold.set()


async def test_a_refused_update_comes_again_before_the_next(
    telegram: Telegram, bot: PlainBot, receiver: Receiver
) -> None:
    receiver.answers = [Response(status_code=500)]
    await bot("setWebhook", url=receiver.url)
    for text in ("one", "two"):
        await telegram.ann.say(text)
    await until(lambda: len(receiver.arrived) == 3)
    assert receiver.texts == ["one", "one", "two"]
    info = await bot("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 500"


async def test_repeats_come_at_once_then_with_growing_pauses(
    telegram: Telegram, bot: PlainBot, receiver: Receiver
) -> None:
    receiver.answers = [Response(status_code=503) for _ in range(3)]
    await bot("setWebhook", url=receiver.url)
    await telegram.ann.say("one")
    await until(lambda: len(receiver.arrived) == 3)
    first, second, third = receiver.times
    assert third - second > max(1.5, second - first)


async def test_retry_after_is_honoured(telegram: Telegram, bot: PlainBot, receiver: Receiver) -> None:
    receiver.answers = [Response(status_code=503, headers={"retry-after": "1"})]
    await bot("setWebhook", url=receiver.url)
    started = time.perf_counter()
    await telegram.ann.say("one")
    await until(lambda: len(receiver.arrived) == 2)
    assert time.perf_counter() - started >= 1


async def test_an_answer_can_be_a_call(telegram: Telegram, bot: PlainBot, receiver: Receiver) -> None:
    call = {"method": "sendMessage", "chat_id": telegram.ann.id, "text": "by the way"}
    receiver.answers = [Response(json.dumps(call), media_type="application/json")]
    await bot("setWebhook", url=receiver.url)
    await telegram.ann.say("one")
    assert (await telegram.ann.answer()).text == "by the way"


async def test_a_webhook_and_getupdates_exclude_each_other(
    telegram: Telegram, bot: PlainBot, receiver: Receiver
) -> None:
    await telegram.fault("getUpdates", delay_s=0)  # which does no harm, and shows that the call came
    poller = asyncio.create_task(bot("getUpdates", timeout=20))
    await telegram.fault_met()
    await bot("setWebhook", url=receiver.url)
    with pytest.raises(ApiRefusal, match="Conflict: terminated by setWebhook request"):
        await poller
    with pytest.raises(ApiRefusal) as caught:
        await bot("getUpdates")
    assert caught.value.code == 409
    assert caught.value.text.startswith("Conflict: can't use getUpdates method while webhook is active")
    assert (await bot("getWebhookInfo"))["url"] == receiver.url
    await bot("deleteWebhook")
    await telegram.ann.say("polled again")
    assert await bot.texts() == ["polled again"]
    assert receiver.arrived == []


async def test_pending_updates_are_dropped_on_request(telegram: Telegram, bot: PlainBot) -> None:
    await telegram.ann.say("one")
    await bot("deleteWebhook", drop_pending_updates=True)
    assert await bot.updates() == []


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        ({"url": "https://example.com/", "secret_token": "x" * 257}, "secret token is too long"),
        ({"url": "https://example.com/", "secret_token": "a b"}, "secret token contains unallowed characters"),
        ({"url": "http://example.com/"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "nonsense"}, "invalid webhook URL specified"),
    ],
)
async def test_a_faulty_webhook_is_refused(bot: PlainBot, parameters: Json, text: str) -> None:
    with pytest.raises(ApiRefusal, match=text):
        await bot("setWebhook", **parameters)


async def test_an_unreachable_webhook_keeps_the_updates(telegram: Telegram, bot: PlainBot) -> None:
    await bot("setWebhook", url="http://127.0.0.1:9/hook")
    await telegram.ann.say("one")
    async with asyncio.timeout(15):
        while "last_error_message" not in (info := await bot("getWebhookInfo")):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert info["pending_update_count"] == 1
    assert info["last_error_message"].startswith("Connection failed")


async def test_23_hours_of_gone_end_a_webhook(receiver: Receiver) -> None:
    clock = [time.time()]
    backend = build(replace(SandboxConfig(), clock=lambda: clock[0]))
    backend.webhook.first_pause_s = 0.01
    receiver.answers = [Response(status_code=410) for _ in range(50)]
    await backend.webhook.set(receiver.url)
    backend.updates.add("message", {"text": "one"}, lane="chat:1", life_s=10**6)
    await until(lambda: len(receiver.arrived) == 2)
    assert backend.webhook.settings
    clock[0] += 23 * 3600 + 1
    await until(lambda: not backend.webhook.settings)
    await backend.close()
