"""Faults of disk and database, as one exception with a sentence for the owner. Imports SQLAlchemy and obstore.

SQLite's own errors come from a backup, which copies a database without SQLAlchemy.

A fault leaves nothing half written: the transaction is rolled back, and the new file does not get its name.
"""

from __future__ import annotations

import errno
import re
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

P = ParamSpec("P")
T = TypeVar("T")

DEADLOCKS = 3
"""How often a transaction is run again after deadlocks."""


class FaultKind(StrEnum):
    """The kind of a fault: what the owner has to look at."""

    FULL = "full"
    LOCKED = "locked"
    DEADLOCK = "deadlock"
    CROWDED = "crowded"
    DAMAGED = "damaged"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    SWEPT = "swept"


SENTENCES = {
    FaultKind.FULL: "The disk is full, so nothing can be stored. Free some space; work goes on by itself then.",
    FaultKind.LOCKED: "Another program holds the database. Close it; work goes on by itself then.",
    FaultKind.DEADLOCK: "Two transactions waited for each other, and one was undone; it is tried again by itself.",
    FaultKind.CROWDED: "All connections to the database are in use. If that stays so, raise DATABASE_POOL_SIZE.",
    FaultKind.DAMAGED: "The database is damaged. Stop the bot, look with its command `check`, and restore a backup.",
    FaultKind.UNREACHABLE: "The store cannot be read or written. Look at the disk, its rights and the connection.",
    FaultKind.REFUSED: "The object store refuses. Look at MEDIA_URL, its bucket, and the keys and rights for it.",
    FaultKind.SWEPT: "A picture was deleted while somebody sent it again; the bot stores it once more by itself.",
}

SIGNS = {
    FaultKind.FULL: ("is full", "no space left", "quota exceeded", "file too large"),
    # Before the next one: PostgreSQL's message goes on with who is "blocked".
    FaultKind.DEADLOCK: ("deadlock detected",),
    # SQLite has one writing connection, so a wait for it is a wait for the program that holds the file.
    FaultKind.LOCKED: ("locked", "busy"),
    FaultKind.CROWDED: ("queuepool limit",),
    FaultKind.DAMAGED: ("malformed", "not a database", "corrupt"),
    FaultKind.REFUSED: ("nosuchbucket", "invalidaccesskeyid", "signaturedoesnotmatch"),
}

PASSING = frozenset({FaultKind.FULL, FaultKind.LOCKED, FaultKind.CROWDED, FaultKind.UNREACHABLE})
"""Kinds that may pass without a change of the settings."""

LASTING = (
    *("password", "pg_hba.conf", "does not exist", "permission denied"),
    *("read-only", "readonly", "no such file", "not a directory", "file exists", "name too long"),
    "unable to open database file",
)
"""Signs that a store cannot be reached because a setting or a right is wrong."""


noticed: Counter[str] = Counter()
"""The number of faults in this process, by kind."""


class StorageFault(Exception):
    """The store does not work at the moment. The text is for the owner."""

    def __init__(self, kind: FaultKind, detail: str) -> None:
        noticed[kind.value] += 1
        super().__init__(f"{SENTENCES[kind]} ({detail})")
        self.kind = kind
        self.detail = detail
        self._lasts = any(sign in detail.lower() for sign in LASTING)

    @property
    def passes(self) -> bool:
        """Whether a later try may succeed, with nothing changed in the settings."""
        return self.kind in PASSING and not self._lasts


def again_after_deadlock(transaction: Callable[P, Awaitable[T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Run a transaction again that PostgreSQL undid because it and another one waited for each other."""

    @wraps(transaction)
    async def tried(*args: P.args, **kwargs: P.kwargs) -> T:
        for _ in range(DEADLOCKS):
            try:
                return await transaction(*args, **kwargs)
            except StorageFault as fault:
                if fault.kind is not FaultKind.DEADLOCK:
                    raise
        return await transaction(*args, **kwargs)

    return tried


@contextmanager
def faults_named() -> Iterator[None]:
    """Turn errors of drivers and disk into :class:`StorageFault`; programming errors pass unchanged.

    So does a value that its column refuses: waiting does not cure it, as it does an outage.
    """
    try:
        yield
    except (IntegrityError, ProgrammingError, DataError, FileNotFoundError):
        raise
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.DataError):
        raise
    except (DatabaseError, sqlite3.DatabaseError, PoolTimeout, BaseError, OSError) as error:
        raise StorageFault(_kind(error), _detail(error)) from error


def is_full(error: OSError) -> bool:
    """Return whether an error means that a disk, a quota or a file has no more room."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def _kind(error: Exception) -> FaultKind:
    if isinstance(error, OSError) and is_full(error):
        return FaultKind.FULL
    if isinstance(error, PermissionDeniedError | UnauthenticatedError):
        return FaultKind.REFUSED
    text = str(error).lower()
    return next((kind for kind, signs in SIGNS.items() if any(sign in text for sign in signs)), FaultKind.UNREACHABLE)


def _detail(error: Exception) -> str:
    """Return the driver's message in one line, without the statement and its values."""
    origin = error.orig if isinstance(error, DatabaseError) and error.orig else error
    words = str(origin)
    if isinstance(origin, BaseError):
        # An object store answers in XML; obstore wraps it into a description of the request.
        said = re.search(r"<Code>(\w+)</Code>(?:\s*<Message>([^<]*))?", words)
        words = ": ".join(filter(None, said.groups())) if said else words.partition("Debug source")[0].split(" - ")[-1]
    return " ".join(words.split())[:200]
