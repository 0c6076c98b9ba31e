"""The limiter against time that only the test moves, and against a Bot API server that counts."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from telegram import InputMediaPhoto
from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.chat.send.places import MessageLimits
from bot.chat.send.rate_limiter import Importance, Limiter
from bot.chat.send.sliding_window import SlidingWindow
from tests.support.serving import served

# PTB 22 warns each time it reads or makes a RetryAfter.
pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")

GROUP, OTHER_GROUP, ANN, BORIS = -100, -200, 1, 2


class Time:
    """A clock that moves only when every task sleeps, and then to the next wake-up."""

    def __init__(self) -> None:
        self.now = 1000.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.now + seconds, next(self._order), woken))
        await woken

    async def run(self, *tasks: asyncio.Task[Any]) -> None:
        """Let time pass until all ``tasks`` are done."""
        while not all(task.done() for task in tasks):
            for _ in range(20):
                await asyncio.sleep(0)
            if self._sleepers and not all(task.done() for task in tasks):
                at, _, woken = heapq.heappop(self._sleepers)
                self.now = max(self.now, at)
                if not woken.done():
                    woken.set_result(None)


class Telegram:
    """The receiver of ``callback``: records each call; returns True, or raises what is set for its method or chat."""

    def __init__(self, **limits: Any) -> None:
        self.time = Time()
        self.limiter = Limiter(MessageLimits(**limits), clock=self.time, sleep=self.time.sleep)
        self.calls: list[tuple[float, str, Any, Any]] = []
        self.faults: dict[Any, list[Exception]] = defaultdict(list)
        self.takes_s = 0.0

    def call(self, endpoint: str, chat_id: Any = None, mark: Any = None, **extra: Any) -> asyncio.Task[Any]:
        rank = extra.pop("rank", None)
        data = {"chat_id": chat_id, **extra} if chat_id is not None else extra

        async def callback() -> bool:
            self.calls.append((self.time.now - 1000, endpoint, chat_id, mark))
            if self.takes_s:
                await self.time.sleep(self.takes_s)
            for name in (endpoint, chat_id):
                if self.faults[name]:
                    raise self.faults[name].pop(0)
            return True

        return asyncio.create_task(self.limiter.process_request(callback, (), {}, endpoint, data, rank))

    def sent(self, chat_id: Any, endpoint: str = "sendMessage") -> list[float]:
        return [at for at, name, chat, _ in self.calls if (chat, name) == (chat_id, endpoint)]


def most_within(times: list[float], period_s: float) -> int:
    return max((sum(start <= at < start + period_s for at in times) for start in times), default=0)


async def test_a_private_chat_gets_a_small_burst_and_then_one_a_second() -> None:
    far = Telegram()
    await far.time.run(*(far.call("sendMessage", ANN) for _ in range(30)))
    times = far.sent(ANN)
    assert times[:3] == [0, 0, 0]
    assert most_within(times, 3) == 3
    assert times[-1] == 27


async def test_a_group_never_gets_more_than_twenty_in_any_minute() -> None:
    far = Telegram(longest_wait_s=1000)
    await far.time.run(*(far.call("sendPhoto", GROUP) for _ in range(65)))
    times = far.sent(GROUP, "sendPhoto")
    assert len(times) == 65
    assert most_within(times, 60) == 20
    assert times[-1] == 180


async def test_slow_uploads_count_from_their_end() -> None:
    far = Telegram(longest_wait_s=1000)
    far.takes_s = 10.0
    await far.time.run(*(far.call("sendPhoto", GROUP) for _ in range(25)))
    assert far.sent(GROUP, "sendPhoto")[20:] == [70] * 5


async def test_order_within_a_chat_is_the_order_of_arrival() -> None:
    far = Telegram(longest_wait_s=1000)
    tasks = [far.call("sendMessage", ANN, mark=n) for n in range(12)]
    far.faults[ANN] = [RetryAfter(4)]
    late = [far.call("sendMessage", ANN, mark=n) for n in range(12, 20)]
    await far.time.run(*tasks, *late)
    first_time = [mark for _, _, _, mark in far.calls if mark != far.calls[0][3]]
    assert first_time == sorted(first_time)


async def test_all_chats_together_keep_below_thirty_a_second() -> None:
    far = Telegram()
    await far.time.run(*(far.call("sendMessage", chat) for chat in range(1, 101)))
    times = [at for at, *_ in far.calls]
    assert most_within(times, 1) == 30
    assert times[-1] == 3


async def test_a_busy_chat_never_holds_up_a_quiet_one() -> None:
    far = Telegram(longest_wait_s=1000)
    busy = [far.call("sendMessage", GROUP) for _ in range(200)]
    await asyncio.sleep(0)
    quiet = far.call("sendMessage", ANN)
    await far.time.run(quiet)
    assert far.sent(ANN) == [0]
    for task in busy:
        task.cancel()
    await asyncio.gather(*busy, return_exceptions=True)


@pytest.mark.parametrize("endpoint", ["sendChatAction", "sendMessageDraft", "setMessageReaction"])
async def test_cosmetic_calls_take_nothing_from_the_group(endpoint: str) -> None:
    far = Telegram(overall=(1000, 1.0))
    await far.time.run(*(far.call(endpoint, GROUP) for _ in range(50)))
    await far.time.run(*(far.call("sendMessage", GROUP) for _ in range(20)))
    assert far.sent(GROUP) == [0] * 20
    assert len(far.sent(GROUP, endpoint)) == 50


async def test_cosmetic_calls_are_dropped_in_a_chat_at_its_limit() -> None:
    far = Telegram()
    waiting = [far.call("sendMessage", GROUP) for _ in range(21)]
    await asyncio.sleep(0)
    progress = far.call("editMessageText", GROUP, rank=Importance.COSMETIC)
    typing, elsewhere = far.call("sendChatAction", GROUP), far.call("sendChatAction", OTHER_GROUP)
    await far.time.run(progress, typing, elsewhere)
    assert progress.result() is True
    assert typing.result() is True
    assert far.sent(GROUP, "editMessageText") == far.sent(GROUP, "sendChatAction") == []
    assert far.sent(OTHER_GROUP, "sendChatAction") == [0]
    await far.time.run(*waiting)
    assert far.sent(GROUP) == [0] * 20 + [60]


async def test_an_edit_that_is_no_progress_counts_as_a_message() -> None:
    far = Telegram()
    await far.time.run(*(far.call("editMessageMedia", GROUP) for _ in range(20)), far.call("sendMessage", GROUP))
    assert far.sent(GROUP) == [60]


async def test_an_album_counts_each_picture() -> None:
    far = Telegram(longest_wait_s=1000)
    await far.time.run(*(far.call("sendMediaGroup", GROUP, media=[0] * 8) for _ in range(4)))
    assert far.sent(GROUP, "sendMediaGroup") == [0, 0, 60, 60]
    await far.time.run(*(far.call("sendMediaGroup", ANN, media=[0] * 9) for _ in range(2)))
    first, second = far.sent(ANN, "sendMediaGroup")
    assert second - first == 9


async def test_deletions_and_readings_take_nothing_from_the_chat() -> None:
    far = Telegram(overall=(1000, 1.0))
    await far.time.run(*(far.call(name, GROUP) for name in ("deleteMessage", "getChat", "pinChatMessage") * 20))
    await far.time.run(far.call("sendMessage", GROUP))
    assert far.sent(GROUP) == [0]


async def test_a_flood_wait_holds_its_chat_alone() -> None:
    far = Telegram()
    far.faults[GROUP] = [RetryAfter(7)]
    flooded = far.call("sendMessage", GROUP)
    await asyncio.sleep(0)
    later, other = far.call("sendMessage", GROUP), far.call("sendMessage", OTHER_GROUP)
    dropped, shown = far.call("sendChatAction", GROUP), far.call("sendChatAction", OTHER_GROUP)
    await far.time.run(other, dropped, shown)
    assert far.limiter.places.flood_s(str(GROUP)) == 7
    assert far.limiter.places.flood_s(str(OTHER_GROUP)) == 0
    assert far.sent(OTHER_GROUP) == [0]
    assert far.sent(OTHER_GROUP, "sendChatAction") == [0]
    await far.time.run(flooded, later)
    assert far.sent(GROUP) == [0, 7, 7]
    assert far.sent(GROUP, "sendChatAction") == []


@pytest.mark.parametrize("method", ["setMyCommands", "getFile", "getMe", "deleteWebhook"])
async def test_a_flood_wait_of_a_call_without_a_chat_holds_that_method_alone(method: str) -> None:
    """openclaw/openclaw#32017: for 490 s of setMyCommands the bot was mute for everybody."""
    far = Telegram()
    far.faults[method] = [RetryAfter(490)]
    flooded = far.call(method)
    await far.time.run(flooded)
    assert isinstance(flooded.exception(), RetryAfter)
    others = {"setMyCommands", "getFile", "getMe", "getChat"} - {method}
    free = [far.call("sendMessage", ANN), far.call("sendChatAction", BORIS), *(far.call(name) for name in others)]
    again = far.call(method)
    await far.time.run(again, *free)
    assert {when for when, *_ in far.calls} == {0}
    assert [name for _, name, *_ in far.calls].count(method) == 1
    assert str(again.exception()) == "Flood control exceeded. Retry in 490 seconds"
    far.time.now += 490
    late = far.call(method)
    await far.time.run(late)
    assert late.result() is True


async def test_a_flood_wait_of_a_question_holds_that_question_in_that_chat_alone() -> None:
    far = Telegram()
    far.faults["getChat"] = [RetryAfter(30)]
    asked = far.call("getChat", GROUP)
    await asyncio.sleep(0)
    same, elsewhere, other = (
        far.call("getChat", GROUP),
        far.call("getChat", OTHER_GROUP),
        far.call("getFile", ""),
    )
    message, left = far.call("sendMessage", GROUP), far.call("leaveChat", GROUP)
    await far.time.run(elsewhere, other, message, left)
    assert {when for when, *_ in far.calls} == {0}
    await far.time.run(asked, same)
    assert far.sent(GROUP, "getChat") == [0, 30, 30]


@pytest.mark.parametrize("method", ["getMe", "getChatMember", "getChatAdministrators"])
async def test_a_question_that_can_go_without_an_answer_never_sleeps_through_a_flood_wait(method: str) -> None:
    far = Telegram()
    chat = "" if method == "getMe" else GROUP
    far.faults[method] = [RetryAfter(30)]
    for _ in range(2):
        with pytest.raises(RetryAfter):
            await far.call(method, chat)
    assert far.time.now == 1000
    assert far.sent(chat, method) == [0]


async def test_a_flood_wait_of_a_message_holds_every_message_to_its_chat_and_nothing_else() -> None:
    far = Telegram()
    far.faults["sendPhoto"] = [RetryAfter(9)]
    photo = far.call("sendPhoto", GROUP)
    await asyncio.sleep(0)
    held = [far.call(name, GROUP) for name in ("sendMessage", "editMessageText", "sendDocument")]
    free = [far.call(name, GROUP) for name in ("deleteMessage", "getChat", "leaveChat")]
    await far.time.run(*free)
    assert far.time.now == 1000
    await far.time.run(photo, *held)
    assert all(far.sent(GROUP, name) == [9] for name in ("sendMessage", "editMessageText", "sendDocument"))


async def test_chats_that_flood_at_the_same_time_do_not_silence_the_others() -> None:
    """In the server each query waits by itself (td, NetQueryDelayer.cpp); no answer stops the whole bot."""
    far = Telegram()
    chats = range(-10, 0)
    for chat in chats:
        far.faults[chat] = [RetryAfter(40)]
    flooded = [far.call("sendMessage", chat) for chat in chats]
    await asyncio.sleep(0)
    other = far.call("sendMessage", ANN)
    await far.time.run(other)
    assert far.sent(ANN) == [0]
    await far.time.run(*flooded)
    assert all(far.sent(chat) == [0, 40] for chat in chats)


async def test_a_flood_wait_is_told_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    far = Telegram()
    far.faults["setMyCommands"], far.faults[GROUP] = [RetryAfter(490)], [RetryAfter(5)]
    await far.time.run(far.call("setMyCommands"), far.call("sendMessage", GROUP))
    assert "Telegram asks to wait 490 s with setMyCommands" in caplog.text
    assert "Telegram asks to wait 5 s with messages to chat -100" in caplog.text


async def test_a_long_flood_wait_is_given_back_at_once_and_remembered() -> None:
    far = Telegram()
    far.faults[GROUP] = [RetryAfter(600)]
    first = far.call("sendMessage", GROUP)
    await far.time.run(first)
    far.time.now += 100
    second, other = far.call("sendPhoto", GROUP), far.call("sendPhoto", ANN)
    await far.time.run(second, other)
    assert isinstance(first.exception(), RetryAfter)
    assert str(second.exception()) == "Flood control exceeded. Retry in 500 seconds"
    assert far.sent(GROUP, "sendPhoto") == []
    assert far.sent(ANN, "sendPhoto") == [100]
    far.time.now += 500
    third = far.call("sendMessage", GROUP)
    await far.time.run(third)
    assert third.result() is True


async def test_calls_that_were_turned_away_leave_no_trace_in_the_queue() -> None:
    far = Telegram(longest_wait_s=10)
    await far.time.run(*(far.call("sendMessage", GROUP) for _ in range(20)))
    away = [far.call("sendMessage", GROUP) for _ in range(40)]
    await far.time.run(*away)
    assert all(isinstance(task.exception(), RetryAfter) for task in away)
    far.time.now += 60
    await far.time.run(far.call("sendMessage", GROUP))
    assert far.sent(GROUP)[-1] == 60


async def test_cancelled_calls_give_their_places_back() -> None:
    far = Telegram()
    await far.time.run(*(far.call("sendMessage", ANN) for _ in range(3)))
    waiting = [far.call("sendMessage", ANN) for _ in range(9)]
    await asyncio.sleep(0)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    await far.time.run(far.call("sendMessage", ANN))
    assert far.sent(ANN) == [0, 0, 0, 3]


@pytest.mark.parametrize("error", [TimedOut(), NetworkError("bad gateway"), BadRequest("chat not found")])
async def test_nothing_else_is_ever_repeated(error: Exception) -> None:
    far = Telegram()
    far.faults[ANN] = [error]
    task = far.call("sendPhoto", ANN)
    await far.time.run(task)
    assert task.exception() is error
    assert len(far.calls) == 1


async def test_a_flood_of_cosmetic_calls_never_holds_a_message() -> None:
    far = Telegram()
    far.faults[ANN] = [RetryAfter(30)]
    typing = far.call("sendChatAction", ANN)
    await far.time.run(typing)
    again, message = far.call("sendChatAction", ANN), far.call("sendMessage", ANN)
    await far.time.run(again, message)
    assert typing.result() is again.result() is True
    assert far.sent(ANN) == [0]
    assert far.sent(ANN, "sendChatAction") == [0]


async def test_quiet_chats_are_forgotten_and_flooded_ones_kept() -> None:
    far = Telegram(overall=(10**6, 1.0))
    far.faults[-7] = [RetryAfter(10**6)]
    await far.time.run(far.call("sendMessage", -7))
    for chat in range(1, 5001):
        await far.limiter.process_request(asyncio.sleep, (0, True), {}, "sendMessage", {"chat_id": chat}, None)
        far.time.now += 0.1
    assert far.limiter.places.known_chats < 600
    assert far.limiter.places.flood_s("-7") > 0


@given(
    size=st.integers(1, 6),
    calls=st.lists(st.tuples(st.floats(0, 4), st.integers(1, 9)), min_size=1, max_size=40),
)
@settings(max_examples=80)
def test_a_window_is_never_overfull(size: int, calls: list[tuple[float, int]]) -> None:
    window, now, taken = SlidingWindow(size, 10.0), 0.0, []
    for pause, weight in calls:
        now += pause
        window.forget(now)
        at = window.earliest(now, weight)
        taken += window.book(at, weight)
        now = max(now, at)
    assert all(sum(start <= at < start + 10.0 - 1e-6 for at in taken) <= size for start in taken)


@pytest.fixture
async def server() -> AsyncIterator[tuple[str, list[tuple[float, str, str]], list[Callable[[str], Any]]]]:
    """A Bot API on loopback: notes (time, method, chat) and answers, or lets a scripted fault answer."""
    seen: list[tuple[float, str, str]] = []
    faults: list[Callable[[str], Any]] = []

    async def answer(request: Request) -> JSONResponse:
        async with request.form() as form:
            chat = str(form.get("chat_id"))
        method = request.path_params["method"]
        seen.append((time.monotonic(), method, chat))
        for fault in faults:
            if body := fault(chat):
                return JSONResponse(body, status_code=body["error_code"])
        message = {"message_id": len(seen), "date": 1, "chat": {"id": int(chat or 1), "type": "private"}, "text": "x"}
        result: Any = {"sendMessage": message, "sendMediaGroup": [message], "editMessageText": message}.get(
            method, True
        )
        return JSONResponse({"ok": True, "result": result})

    app = Starlette(routes=[Route("/bot{token}/{method}", answer, methods=["POST"])])
    async with served(app) as url:
        yield f"{url}/bot", seen, faults


@asynccontextmanager
async def bot_at(url: str, limits: MessageLimits) -> AsyncIterator[ExtBot[Importance]]:
    async with HTTPXRequest() as request:
        yield ExtBot("1:A", base_url=url, request=request, get_updates_request=request, rate_limiter=Limiter(limits))


async def test_a_real_bot_is_held_back_and_drops_its_typing(server: Any) -> None:
    url, seen, _ = server
    async with bot_at(url, MessageLimits(private=(2, 0.2), longest_wait_s=5)) as bot:
        started = time.monotonic()
        *_, typing, edited = await asyncio.gather(
            *(bot.send_message(ANN, "x") for _ in range(7)),
            bot.send_chat_action(ANN, "typing"),
            bot.edit_message_text("x", ANN, 1, rate_limit_args=Importance.COSMETIC),
        )
        assert time.monotonic() - started >= 0.6
        assert typing is edited is True
        await bot.send_media_group(BORIS, [InputMediaPhoto(b"x"), InputMediaPhoto(b"y")])
        assert [method for _, method, _ in seen] == ["sendMessage"] * 7 + ["sendMediaGroup"]


async def test_a_real_flood_wait_is_slept_by_its_chat_alone(server: Any) -> None:
    url, seen, faults = server
    flooded = asyncio.Event()

    def flood(chat: str) -> Any:
        if chat != str(ANN) or flooded.is_set():
            return None
        flooded.set()
        return {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 2}}

    faults.append(flood)
    async with bot_at(url, MessageLimits()) as bot:
        ann = asyncio.create_task(bot.send_message(ANN, "x"))
        await flooded.wait()
        await bot.send_message(BORIS, "x")
        assert not ann.done()
        assert (await ann).message_id == len(seen)
        assert [chat for _, _, chat in seen] == [str(ANN), str(BORIS), str(ANN)]
        assert seen[-1][0] - seen[0][0] >= 2


async def test_a_real_long_flood_wait_is_raised(server: Any) -> None:
    url, seen, faults = server
    faults.append(
        lambda chat: {"ok": False, "error_code": 429, "description": "Too Many", "parameters": {"retry_after": 245}}
    )
    async with bot_at(url, MessageLimits()) as bot:
        for _ in range(3):
            with pytest.raises(RetryAfter, match=r"24[45] seconds"):
                await bot.send_message(ANN, "x")
        assert len(seen) == 1
