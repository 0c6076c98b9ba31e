"""No secret reaches a log: a real process misbehaves in every way known, and all that it wrote is searched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logs import redact

ROOT = Path(__file__).parent.parent
TOKEN = "8123456789:AAFakeFakeFakeFakeFakeFakeFakeFakeFak"
KEY = "AIzaFakeKeyFakeKeyFakeKeyFakeKeyFakeKey"
ODD_KEY = 'relay"key\\with+odd/signs='
PASSWORD = "hunter2hunter2"
SECRETS = (TOKEN, KEY, PASSWORD)

PROGRAM = """
import asyncio, gc, logging, sys, threading, warnings
import httpx, structlog, telegram
from bot.logs import set_up
from bot.settings.settings import Settings

settings = Settings.load(None)
set_up(level=settings.log_level, log_format=settings.log_format, secrets=settings.secrets())
token, key, odd = (getattr(settings, name).get_secret_value() for name in
                   ("telegram_bot_token", "gemini_api_key", "tokaify_api_key"))
root, log, foreign = settings.telegram_api_url, structlog.get_logger("bot.chat"), logging.getLogger("some.library")

def attempt(what, act):
    foreign.info("NOW %s", what)
    try:
        act()
    except Exception:
        log.exception("failed", what=what, settings=settings, url=f"{root}/bot{token}/getMe")

def chained():
    try:
        httpx.get(f"{root}/v1beta/models?key={key}").raise_for_status()
    except httpx.HTTPStatusError as error:
        raise RuntimeError(f"Authorization: Bearer {odd}") from error

async def telegram_calls():
    async with telegram.Bot(token, base_url=f"{root}/bot", base_file_url=f"{root}/file/bot") as bot:
        log.info("bot", bot=repr(bot))

async def forgotten_task():
    async def fails(secret):
        raise ValueError(f"{secret} in a task")
    task = asyncio.create_task(fails(token), name=f"task {token}")
    await asyncio.sleep(0)
    del task
    gc.collect()
    asyncio.get_running_loop().call_soon(lambda: 1 / len(""), )
    await asyncio.sleep(0.01)
    asyncio.get_running_loop().call_exception_handler({"message": f"handler {odd}", "token": token})

class Ending:
    def __del__(self):
        raise ValueError(f"in del {token}")

attempt("httpx", chained)
attempt("telegram", lambda: asyncio.run(telegram_calls()))
attempt("task", lambda: asyncio.run(forgotten_task()))
foreign.warning("args %s %r %(x)s" if False else "args %s %r", token, {"x-goog-api-key": key, "odd": odd})
foreign.warning("extra", extra={"header": f"Bearer {odd}", "api_key": "short1"})
foreign.error("stack of %s", odd, stack_info=True)
foreign.info("too few %s %s", token)
log.warning("fields", api_key=odd, database=settings.database_url, nested={"list": [token, {"key": odd}]})
log.info("positional %s", token)
logging.getLogger("httpx").info("HTTP Request: GET %s", f"{root}/bot{token}/getUpdates")
logging.getLogger("uvicorn.access").warning('"POST /bot%s/x HTTP/1.1"', token)
warnings.warn(f"old {token}", stacklevel=1)
thread = threading.Thread(target=lambda: int(f"thread {token}"))
thread.start(); thread.join()
Ending(); gc.collect()
foreign.warning("picture %s", "iVBORw0KGgo" * 200)
foreign.warning("THE END")
raise SystemError(f"uncaught {token} {odd}")
"""


class _Refuses(BaseHTTPRequestHandler):
    """Answers every call like Telegram answers a wrong token, repeating the address."""

    def do_GET(self) -> None:
        body = json.dumps({"ok": False, "error_code": 401, "description": f"Unauthorized {self.path}"}).encode()
        self.send_response(401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None: ...


@contextmanager
def _refusing_server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Refuses) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def _run(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default"} | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture(scope="module", params=["text", "json"])
def output(request: pytest.FixtureRequest) -> tuple[str, str]:
    """All that the misbehaving process wrote, and the format that it wrote in."""
    with _refusing_server() as url:
        done = _run(
            PROGRAM,
            TELEGRAM_BOT_TOKEN=TOKEN,
            TELEGRAM_API_URL=url,
            GEMINI_API_KEY=KEY,
            TOKAIFY_API_KEY=ODD_KEY,
            DATABASE_URL=f"postgresql+psycopg://bot:{PASSWORD}@db/pentimento",
            LOG_LEVEL="DEBUG",
            LOG_FORMAT=request.param,
        )
    assert done.returncode == 1
    assert done.stdout == ""
    return done.stderr, request.param


def test_no_secret_is_written(output: tuple[str, str]) -> None:
    text, _ = output
    odd_forms = (ODD_KEY, json.dumps(ODD_KEY)[1:-1], json.dumps(json.dumps(ODD_KEY)[1:-1])[1:-1])
    for secret in (*SECRETS, *odd_forms, "AAFakeFake", "short1"):
        assert secret not in text, secret


@pytest.mark.parametrize(
    "trace",
    [
        "InvalidToken",
        "HTTPStatusError",
        "RuntimeError: Authorization: Bearer [hidden]",
        "ValueError: [hidden] in a task",
        "ZeroDivisionError",
        "handler [hidden]",
        "in del [hidden]",
        "Uncaught exception in a thread",
        "SystemError: uncaught [hidden] [hidden]",
        "old [hidden]",
        "positional [hidden]",
        "not enough arguments for format string",
        "/bot[hidden]/getMe",
        "bot:[hidden]@db",
        "picture [long data]",
        "THE END",
    ],
)
def test_what_happened_is_still_told(output: tuple[str, str], trace: str) -> None:
    assert trace in output[0]


def test_requests_of_httpx_are_not_told(output: tuple[str, str]) -> None:
    assert "HTTP Request" not in output[0]


def test_json_lines_can_be_read_by_a_machine(output: tuple[str, str]) -> None:
    text, log_format = output
    if log_format == "text":
        assert not text.startswith("{")
        return
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    assert {"event", "level", "logger", "timestamp"} <= set(lines[-1])
    assert lines[-1]["level"] == "critical"
    assert "SystemError" in lines[-1]["exception"]
    strays = [line for line in text.splitlines() if not line.startswith("{")]
    assert strays[0].startswith("A log line of ")
    assert strays[-1] == "TypeError: not enough arguments for format string"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("GET https://h/v1?alt=1&key=abcdef&x=1", "GET https://h/v1?alt=1&key=[hidden]&x=1"),
        (
            "https://b.s3/p.png?X-Amz-Signature=0aF&X-Amz-Date=2026",
            "https://b.s3/p.png?X-Amz-Signature=[hidden]&X-Amz-Date=2026",
        ),
        ("Authorization: Bearer abc.def-1", "Authorization: Bearer [hidden]"),
        ("{'x-goog-api-key': 'abc', 'a': 1}", "{'x-goog-api-key': '[hidden]', 'a': 1}"),
        ('{"API-KEY": "abc"}', '{"API-KEY": "[hidden]"}'),
        ("GEMINI_API_KEY=abc", "GEMINI_API_KEY=[hidden]"),
        (f"/file/bot{TOKEN}/photos/1.jpg", "/file/bot[hidden]/photos/1.jpg"),
        (f"/bot{TOKEN.replace(':', '%3A')}/getMe", "/bot[hidden]/getMe"),
        ("/bot12345/getMe", "/bot[hidden]/getMe"),
        ("File bot/chat/updates/parse.py, botocore/client.py", "File bot/chat/updates/parse.py, botocore/client.py"),
        ("postgresql+psycopg://me:pw@db:5432/x", "postgresql+psycopg://me:[hidden]@db:5432/x"),
        ("by socks5://me:p@ss@proxy:1080/ at 12:30", "by socks5://me:[hidden]@proxy:1080/ at 12:30"),
        ("http://127.0.0.1:8080/ at 12:30:05", "http://127.0.0.1:8080/ at 12:30:05"),
        ("1290 tokens: 3 pictures, monkey=1", "1290 tokens: 3 pictures, monkey=1"),
        ("media " + "0123456789abcdef" * 4, "media " + "0123456789abcdef" * 4),
    ],
)
def test_what_looks_like_a_secret_is_hidden_and_nothing_else(text: str, shown: str) -> None:
    assert redact(text) == shown


@given(
    before=st.text(max_size=20),
    bot=st.integers(100, 10**12),
    tail=st.text("abcXYZ019_-", min_size=30, max_size=40),
    after=st.text(max_size=20),
)
def test_a_token_is_hidden_wherever_it_stands(before: str, bot: int, tail: str, after: str) -> None:
    assert tail not in redact(f"{before}{bot}:{tail}{after}")


def test_a_named_secret_is_hidden_on_a_coloured_terminal() -> None:
    reader, terminal = os.openpty()
    program = "import bot.logs, structlog; bot.logs.set_up(); structlog.get_logger('x').info('hi', api_key='short1')"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, stderr=terminal, check=True, timeout=30)
    os.close(terminal)
    shown = os.read(reader, 10_000).decode()
    os.close(reader)
    assert "\x1b[" in shown
    assert "api_key" in shown
    assert "short1" not in shown


HOSTILE = """
import logging, sys
from bot.logs import set_up

set_up(log_format=sys.argv[1])
said = "no\\n2026-11-29T00:00:00Z [error    ] made up [bot]\\r\\x1b[2J\\x1b]0;title\\x07\\x9b2J\\u2028\\u202egnp.exe"
log = logging.getLogger("bot.chat")
log.warning("the provider says: %s", said)
try:
    raise ValueError(said)
except ValueError:
    log.exception("failed")
"""
UNSEEN = [*map(chr, (*range(10), *range(11, 32), *range(127, 160), 0x2028, 0x2029, *range(0x202A, 0x202F)))]
"""Characters that a terminal obeys, or that some readers of logs take for the end of a line; without the newline."""


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_what_others_say_begins_no_line_and_commands_no_terminal(log_format: str) -> None:
    """A provider may repeat what a person wrote to it."""
    command = [sys.executable, "-c", HOSTILE, log_format]
    written = subprocess.run(command, capture_output=True, check=True, cwd=ROOT).stderr.decode()
    assert not set(UNSEEN) & set(written)
    lines = written.split("\n")
    first = json.loads(lines[0])["event"] if log_format == "json" else lines[0]
    assert "the provider says: no" in first
    assert "made up" in first
    assert "gnp.exe" in first
    if log_format == "json":
        assert [json.loads(line)["level"] for line in filter(None, lines)] == ["warning", "error"]
