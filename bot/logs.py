"""The one way for log lines out of the process; it removes secrets and pictures.

Imports structlog, ``repeats`` and ``secret_shapes``. structlog's own events and the records of all libraries, including
warnings and uncaught exceptions, go through one handler. :func:`redact` checks each finished line, so it also sees
arguments, exception texts and tracebacks. Tracebacks never show local variables. A field named ``key`` or ``token``
never shows its value. A warning that comes again and again is written once and then counted.
"""

from __future__ import annotations

import io
import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterable
from contextlib import AbstractContextManager, suppress
from types import TracebackType
from typing import Any, TextIO
from urllib.parse import quote, quote_plus

import structlog

from bot.repeats import Repeats
from bot.secret_shapes import HIDDEN, KEYS, pattern_of

SHORTEST_SECRET = 8
"""Shorter values are not searched for: ordinary words may contain them."""

# At their usual levels these log URLs with tokens, people's words, or every step of a poll.
QUIET = (
    "PIL",
    "aiosqlite",
    "alembic",
    "apscheduler",
    "hpack",
    "httpcore",
    "httpx",
    "python_multipart",
    "sqlalchemy",
    "sse_starlette",
    "uvicorn",
)

_PATTERNS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # Base64 of a picture: useless to a reader, and private.
        (r"[A-Za-z0-9+/_-]{512,}={0,2}", "[long data]"),
        # A bot token, also with an escaped colon in a URL, and a method's path even if the token is malformed.
        (r"\d+(?::|%3[Aa])[A-Za-z0-9_-]{30,}", HIDDEN),
        (r"/bot\d[^/\s\"'\\]*", f"/bot{HIDDEN}"),
        (KEYS, HIDDEN),
        (r"(?i)\b(bearer|basic)(\s+|%20)(?!\[)[A-Za-z0-9._~+/=-]{6,}", rf"\1 {HIDDEN}"),
        # name=value and "name": "value", in URLs, headers, environments and reprs.
        (
            r"(?i)((?:\b|[_-])(?:key|token|secret|password|passwd|signature|credential)"
            r"(?:=|%3d|\\?[\"']?\s*[:=]\s*(?:b|SecretStr\()?\\?[\"']|\s*:\s+))(?!\[hidden)[^\s&\"'\\,;)}\]]+",
            rf"\1{HIDDEN}",
        ),
        # Up to the last @: a password may have one, too.
        (r"(?<=://)([^/\s:@\"']*):[^/\s\"']+@", rf"\1:{HIDDEN}@"),
    )
)

_SECRET_NAME = re.compile(r"(?i)(key|token|secret|password|signature|authorization)$")

_JSON_LEAVES = "\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
_HIDDEN_IN_JSON, _IN_TRACEBACK, _IN_LINE = (
    re.compile(f"[{more}{_JSON_LEAVES}]") for more in ("", "\x00-\x08\x0b-\x1f", "\x00-\x1f")
)
"""Characters that a log must not contain as they are. A provider or a person may have sent them: they would begin a
line that nobody wrote, or change what a terminal shows."""

_known: set[str] = set()
_known_pattern: re.Pattern[str] | None = None
_lock = threading.Lock()


def hide(*secrets: str) -> None:
    """Add values that must not be logged, as they are and in the spelling of URLs and JSON."""
    global _known_pattern
    with _lock:
        for secret in secrets:
            if len(secret) >= SHORTEST_SECRET:
                forms = {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]}
                _known.update(forms, {repr(secret)[1:-1]})
        if _known:
            _known_pattern = pattern_of(_known)


def without_known(text: str) -> str:
    """Return ``text`` without the values given to :func:`hide`."""
    return text if _known_pattern is None else _known_pattern.sub(HIDDEN, text)


def redact(text: str) -> str:
    """Return ``text`` without secrets: the values given to :func:`hide`, and everything that looks like one."""
    text = without_known(text)
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


class _Formatter(structlog.stdlib.ProcessorFormatter):
    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


class _Handler(logging.StreamHandler[TextIO]):
    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._repeats = Repeats()

    def emit(self, record: logging.LogRecord) -> None:
        for one in self._repeats.passed(record):
            super().emit(one)

    def close(self) -> None:
        """Write what was only counted so far; ``logging.shutdown`` calls it."""
        for one in self._repeats.rest():
            super().emit(one)
        super().close()

    def handleError(self, record: logging.LogRecord) -> None:
        # The inherited one prints the record's arguments as they are.
        with suppress(OSError, ValueError):
            place = f"{record.pathname}:{record.lineno}"
            self.stream.write(redact(f"A log line of {place} could not be written.\n{traceback.format_exc()}"))


def fields(**values: Any) -> AbstractContextManager[None]:
    """Give all lines that are written in the block these fields. Only JSON shows them; text has them in its words."""
    return structlog.contextvars.bound_contextvars(**values)


def set_up(
    *, level: str = "INFO", log_format: str = "text", secrets: Iterable[str] = (), stream: TextIO | None = None
) -> None:
    """Send every log line of the process to ``stream`` (default: standard error) through one redacting handler.

    Call it before the first client is made, and again when the settings are known; the last call counts.
    """
    hide(*secrets)
    stream = stream or sys.stderr
    shared: list[structlog.typing.Processor] = [
        *([structlog.contextvars.merge_contextvars] if log_format == "json" else []),
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        _hide_by_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler = _Handler(stream)
    handler.setFormatter(
        _Formatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_rendering(log_format, stream)],
        )
    )
    _take_over(handler, level)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *shared,
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught
    sys.unraisablehook = _log_unraisable
    threading.excepthook = _log_thread


def _hide_by_name(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    for name in event:
        if _SECRET_NAME.search(name):
            event[name] = HIDDEN
    return event


def _rendering(log_format: str, stream: TextIO) -> list[structlog.typing.Processor]:
    if log_format == "json":
        # What JSON itself writes with a backslash stays to it.
        return [
            structlog.processors.format_exc_info,
            _visible(_HIDDEN_IN_JSON),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    return [
        _visible(_IN_LINE),
        structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=_write_traceback, pad_event_to=0),
    ]


def _visible(hidden: re.Pattern[str]) -> structlog.typing.Processor:
    """Return a step that writes such characters in the words of a line as Python does."""

    def step(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        several = {name: one for name, one in event.items() if name in ("stack", "exception")}
        words = {name: _escaped(one, hidden) if isinstance(one, str) else one for name, one in event.items()}
        return {**words, **{name: _escaped(one, _IN_TRACEBACK) for name, one in several.items()}}

    return step


def _escaped(text: str, hidden: re.Pattern[str]) -> str:
    return hidden.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def _write_traceback(stream: TextIO, error: structlog.typing.ExcInfo) -> None:
    """Write a traceback as Python does, except for what an error's message does to a terminal."""
    written = io.StringIO()
    structlog.dev.plain_traceback(written, error)
    stream.write(_escaped(written.getvalue(), _IN_TRACEBACK))


def _take_over(handler: logging.Handler, level: str) -> None:
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in [*QUIET, *root.manager.loggerDict]:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    # What it warns of, a line of a `.env` that it cannot parse, is a fault that the settings report in their own words.
    logging.getLogger("dotenv").setLevel(logging.ERROR)


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("bot").critical("Uncaught exception", exc_info=(kind, error, trace))


def _log_unraisable(fact: sys.UnraisableHookArgs) -> None:
    error = fact.exc_value or fact.exc_type()
    logging.getLogger("bot").error(
        "%s: %r",
        fact.err_msg or "Exception ignored in",
        fact.object,
        exc_info=(fact.exc_type, error, fact.exc_traceback),
    )


def _log_thread(fact: threading.ExceptHookArgs) -> None:
    if fact.exc_value is not None and not issubclass(fact.exc_type, SystemExit):
        logging.getLogger("bot").critical(
            "Uncaught exception in a thread", exc_info=(fact.exc_type, fact.exc_value, fact.exc_traceback)
        )
