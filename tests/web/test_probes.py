"""Health and readiness: what they say and why, how long an answer is valid, and that probes cost nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from bot.web.probes import Need, Probes
from tests.support.fallback import with_relay
from tests.support.talking import Talk, by_webhook, talking
from tests.web.conftest import Caller


async def test_a_bot_that_can_work_says_so(caller: Caller) -> None:
    health = await caller.http.get("/healthz")
    ready = await caller.http.get("/readyz")
    assert (health.status_code, health.json()["alive"]) == (200, True)
    good = {"ready": True, "database": "ok", "media": "ok", "provider": "ok", "process": "ok"}
    assert (ready.status_code, ready.json()) == (200, good)
    assert caller.talk.painter.calls == []
    assert (await caller.http.post("/healthz")).status_code == 404


async def test_a_bot_that_is_stopping_is_alive_and_not_ready(caller: Caller) -> None:
    """Updates that Telegram still delivers are kept for the next process."""
    talk = caller.talk
    hold = talk.painter.hold()
    await talk.telegram.ann.say("a boat")
    await talk.painter.called(1)
    stopping = asyncio.create_task(talk.running.stop(20))
    await asyncio.sleep(0)
    ready = await caller.http.get("/readyz")
    assert (ready.status_code, ready.json()["process"]) == (503, "it is stopping")
    assert (await caller.http.get("/healthz")).status_code == 200
    await talk.telegram.boris.say("a house")
    while await talk.telegram.queue():  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    hold.set()
    await stopping
    assert (await talk.telegram.ann.answer()).has_picture
    assert len(talk.painter.calls) == 1
    await talk.restart()
    assert (await talk.telegram.boris.answer()).has_picture


async def test_a_provider_that_cannot_be_reached_makes_it_unready(tmp_path: Path) -> None:
    async with talking(tmp_path, **by_webhook()) as talk:
        await talk.stop()
        talk.settings["gemini_base_url"] = "http://127.0.0.1:9"
        await talk.start()
        async with httpx.AsyncClient(base_url=talk.running.address, trust_env=False) as http:
            ready = await http.get("/readyz")
    assert ready.status_code == 503
    assert "ConnectError" in ready.json()["provider"]
    assert ready.json()["database"] == "ok"


async def test_it_is_ready_while_somebody_else_can_answer(tmp_path: Path) -> None:
    async with with_relay(tmp_path) as (talk, _):
        await talk.stop()
        talk.settings |= {"gemini_base_url": "http://127.0.0.1:9", **by_webhook()}
        await talk.start()
        async with httpx.AsyncClient(base_url=talk.running.address, trust_env=False) as http:
            assert (await http.get("/readyz")).json()["provider"] == "ok"


async def test_a_polling_bot_listens_only_where_it_is_told_to(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        assert talk.running.address == ""
        await talk.stop()
        talk.settings["listen"] = by_webhook()["listen"]
        await talk.start()
        async with httpx.AsyncClient(base_url=talk.running.address, trust_env=False) as http:
            assert (await http.get("/healthz")).status_code == 200
            assert (await http.post("/", json={"update_id": 1})).status_code == 404
        await talk.telegram.ann.say("a boat")
        assert (await talk.telegram.ann.answer()).has_picture


class Rig:
    """Probes alone, with needs that the test sets."""

    def __init__(self, *needs: Need) -> None:
        self.reason = ""
        probes = Probes(needs, {"worker": lambda: self.reason}, lambda: False)
        transport = httpx.ASGITransport(app=Starlette(routes=probes.routes()))
        self.http = httpx.AsyncClient(transport=transport, base_url="http://bot")


async def test_what_was_found_holds_for_a_while_however_many_ask() -> None:
    asked: list[int] = []
    state = ""

    async def ask() -> str:
        asked.append(1)
        await asyncio.sleep(0.01)
        return state

    rig = Rig(Need(name="store", ask=ask, every_s=60))
    answers = await asyncio.gather(*(rig.http.get("/readyz") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert len(asked) == 1
    rig = Rig(Need(name="store", ask=ask, every_s=-1))
    state = "it is gone"
    answer = await rig.http.get("/readyz")
    assert (answer.status_code, answer.json()["store"]) == (503, "it is gone")
    state = ""
    assert (await rig.http.get("/readyz")).status_code == 200


@pytest.mark.parametrize("error", [ConnectionError("gone"), TimeoutError()])
async def test_a_need_that_fails_is_a_reason_and_no_error(error: Exception) -> None:
    async def ask() -> str:
        raise error

    answer = await Rig(Need(name="store", ask=ask)).http.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["store"] in ("ConnectionError: gone", "no answer within 2 s")


async def test_a_worker_that_has_ended_makes_it_unhealthy() -> None:
    rig = Rig()
    rig.reason = "the worker has ended"
    answer = await rig.http.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"alive": False, "worker": "the worker has ended"})


async def test_a_port_that_is_taken_is_one_line(talk: Talk, tmp_path: Path) -> None:
    from bot.app import assembled
    from bot.process.signals import StartError
    from bot.settings.settings import Settings

    second = Settings.model_validate(talk.settings | {"data_dir": tmp_path / "second"})
    with pytest.raises(StartError, match=r"^LISTEN 127\.0\.0\.1:\d+ cannot be used .*: stop what uses it"):
        async with assembled(second):
            pass
