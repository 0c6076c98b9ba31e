"""Deliveries by webhook: who may make them, what becomes of each, and when Telegram may forget."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.chat.receive import backlog
from bot.sandbox.config import SandboxConfig
from bot.sandboxed import in_sandbox
from bot.settings.settings import Settings
from bot.web.hook import MOST_BYTES, paths_of
from storage.records import Key
from tests.support.buying import PACKS, invoiced, pay
from tests.support.people import ANN
from tests.support.talking import Talk, by_webhook
from tests.web.conftest import SECRET_HEADER, Caller, said


async def test_a_wish_comes_by_webhook_and_is_answered(talk: Talk) -> None:
    await talk.telegram.ann.say("a boat")
    assert (await talk.telegram.ann.answer()).has_picture
    assert await talk.telegram.queue() == []
    (call,) = await talk.telegram.calls("setWebhook")
    asked = call["params"]
    assert asked["url"].endswith("/hook/here")
    assert asked["secret_token"] == "s3cret-_A"
    assert asked.get("drop_pending_updates") is None
    assert await talk.telegram.calls("getUpdates") == []
    assert await talk.telegram.calls("deleteWebhook") == []


STRANGE_SECRETS: list[str | bytes | None] = [None, "", "s3cret-_a", "s3cret-_", "s3cret-_A-", b"s3cret-_A\xe9"]
REFUSED = [
    ("GET", "/hook/here", 405),
    ("PUT", "/hook/here", 405),
    ("POST", "/hook", 404),
    ("POST", "/hook/here/x", 404),
]


async def test_strangers_are_refused_and_told_nothing(caller: Caller) -> None:
    for secret in STRANGE_SECRETS:
        answer = await caller.deliver(said(10), headers={SECRET_HEADER: secret})
        assert (answer.status_code, answer.content) == (403, b""), secret
    for method, path, status in REFUSED:
        answer = await caller.http.request(method, path, headers={SECRET_HEADER: "s3cret-_A"}, json=said(10))
        assert (answer.status_code, answer.content) == (status, b""), (method, path)
    for kind in (None, "text/plain", "application/x-www-form-urlencoded"):
        answer = await caller.deliver(json.dumps(said(10)).encode(), headers={"Content-Type": kind})
        assert answer.status_code == 415, kind
    assert [await caller.rows(state) for state in ("new", "done", "aside")] == [[], [], []]


async def test_a_proxy_may_strip_leading_parts_of_the_path(caller: Caller) -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    for number, path in enumerate(("/hook/here", "/here", "/", "/hook/here/", "/hook%2Fhere")):
        assert (await caller.deliver(said(10 + number), path, headers=headers)).status_code == 200, path
    assert len(await caller.rows("done") + await caller.rows("new")) == 5


def test_paths_are_those_of_the_url_and_its_ends() -> None:
    assert paths_of("https://bot.example") == ["/"]
    assert paths_of("https://bot.example/a/%7Bb%7D/c") == ["/a/{b}/c", "/{b}/c", "/c", "/"]


async def test_a_body_that_is_too_large_is_refused(caller: Caller) -> None:
    """Whether it says so before, or only shows while it comes."""

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(MOST_BYTES // 65536 + 1):
            yield b" " * 65536

    declared = [
        f"POST /hook/here HTTP/1.1\r\nHost: bot\r\n{SECRET_HEADER}: s3cret-_A\r\nContent-Type: application/json"
    ]
    declared.append(f"Content-Length: {MOST_BYTES + 1}\r\n\r\n")
    port = int(caller.talk.running.address.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write("\r\n".join(declared).encode())
    assert b" 413 " in await reader.readline()
    writer.close()
    assert (await caller.deliver(chunks())).status_code == 413
    assert await caller.rows("aside") == []


NO_UPDATES = [
    b"",
    b"<html>",
    b"\xff\xfe",
    b"null",
    b"[]",
    b'"x"',
    b"[" * 100_000,
    b'{"update_id": ' + b"9" * 5000 + b"}",
    b"{}",
    b'{"update_id": null}',
    b'{"update_id": "7"}',
    b'{"update_id": -7}',
    b'{"update_id": true}',
    b'{"update_id": 7.5}',
    b'{"update_id": 99999999999999999999}',
    b'{"message": {"text": "\\u0000\\ud800"}}',
]


async def test_what_is_no_update_is_kept_once_for_the_operator_and_taken_from_telegram(caller: Caller) -> None:
    for body in NO_UPDATES * 2:
        assert (await caller.deliver(body)).status_code == 200, body[:40]
    kept = await caller.rows("aside")
    assert len(kept) == len(NO_UPDATES)
    assert all(number < 0 for number, _ in kept)
    findings = [finding async for finding in caller.talk.store.audit.inbox()]
    assert [finding.broken for finding in findings] == [False] * len(NO_UPDATES)
    assert all(any(str(number) in finding.text for finding in findings) for number, _ in kept)


WRONG_TYPES: list[dict[str, Any]] = [
    {"update_id": 7},
    {"update_id": 7, "message": 5},
    {"update_id": 7, "message": {"chat": {"id": True}}},
    {"update_id": 7, "callback_query": {"id": "\0\ud800", "data": ["x"], "message": {"chat": {"id": 10**30}}}},
    {"update_id": 7, "message": {"chat": {"id": ANN, "type": "private"}, "text": "\0"}},
]


async def test_numbered_bodies_of_wrong_types_hold_nobody_up(caller: Caller) -> None:
    for number, body in enumerate(WRONG_TYPES):
        assert (await caller.deliver(json.dumps(body | {"update_id": 7 + number}).encode())).status_code == 200
    await caller.talk.telegram.chen.say("a boat")
    assert (await caller.talk.telegram.chen.answer()).has_picture


async def test_a_delivery_that_is_repeated_has_no_effect(caller: Caller) -> None:
    ann = caller.talk.telegram.ann
    await ann.say("/start")
    await ann.answer()
    for _ in range(3):
        assert (await caller.deliver(said(10**9, chat_id=ANN))).status_code == 200
    assert (await ann.answer()).has_picture
    assert (await caller.deliver(said(10**9, chat_id=ANN))).status_code == 200
    await ann.silence(0.3)
    assert len(caller.talk.painter.calls) == 1


async def test_deliveries_of_many_chats_come_side_by_side(caller: Caller) -> None:
    answers = await asyncio.gather(*(caller.deliver(said(10 + n, "/help", ANN)) for n in range(50)))
    assert {answer.status_code for answer in answers} == {200}


async def test_when_too_much_waits_telegram_is_asked_to_keep_it(caller: Caller) -> None:
    waiting = [(Key(-number, 0), {"update_id": number}) for number in range(1, backlog.MOST_READY + 1)]
    await caller.talk.store.inbox.add(waiting)
    answer = await caller.deliver(said(900_000))
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    await caller.talk.store.inbox.finish([1])
    assert (await caller.deliver(said(900_000))).status_code == 200


async def test_a_checkout_is_answered_also_when_too_much_waits(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    talk, ann = caller.talk, caller.talk.telegram.ann
    await talk.stop()
    talk.settings["stars_packs"] = PACKS
    await talk.start()
    invoice = await invoiced(ann, "2 pictures")

    async def full(_backlog: backlog.Backlog) -> bool:
        return True

    with monkeypatch.context() as crowded:
        crowded.setattr(backlog.Backlog, "full", full)
        began = time.monotonic()
        await pay(talk, ann, invoice)
        assert time.monotonic() - began < 1
        await ann.silence()
    assert "Thank you!" in (await ann.answer()).words


async def test_while_the_store_fails_telegram_keeps_the_update_and_the_owner_hears_of_it(caller: Caller) -> None:
    """Here the table is gone for a while, which is a fault like any other; disks are filled in tests/faults."""
    talk = caller.talk
    for chat in (talk.telegram.ann, talk.telegram.boris):
        await chat.say("/start")
        await chat.answer()
    async with talk.store.database.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE inbox RENAME TO elsewhere")
    answer = await caller.deliver(said(10**9, chat_id=ANN))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert (await caller.deliver(b"<html>")).status_code == 503
    assert (await caller.http.get("/readyz")).json()["database"].startswith("StorageFault: ")
    assert "store cannot be read or written" in (await talk.telegram.boris.answer()).text
    async with talk.store.database.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO inbox")
    assert (await caller.deliver(said(10**9, chat_id=ANN))).status_code == 200
    assert (await talk.telegram.ann.answer()).has_picture


def test_the_sandbox_takes_nothing_from_outside(tmp_path: Path) -> None:
    """A person with a webhook in ``.env`` who starts the sandbox wants to try something out."""
    settings = Settings.model_validate({**by_webhook(), "data_dir": tmp_path})
    assert in_sandbox(settings, SandboxConfig(data_dir=tmp_path), "http://127.0.0.1:1").webhook_url is None
