"""What can go wrong with disk and database, as one exception with a sentence for the owner. Imports no sibling.

Nothing that was being written when it happens is half there: a transaction is rolled back, a file keeps its old name.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from obstore.exceptions import BaseError
from sqlalchemy.exc import DatabaseError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout


class FaultKind(StrEnum):
    """What the owner has to look at."""

    FULL = "full"
    LOCKED = "locked"
    DAMAGED = "damaged"
    UNREACHABLE = "unreachable"


SENTENCES = {
    FaultKind.FULL: "The disk is full, so nothing can be stored. Free some space; work goes on by itself then.",
    FaultKind.LOCKED: "Another program holds the database. Close it; work goes on by itself then.",
    FaultKind.DAMAGED: "The database is damaged. Stop the bot, run `python -m bot check`, and restore a backup.",
    FaultKind.UNREACHABLE: "The store cannot be read or written. Look at the disk, its rights and the connection.",
}

SIGNS = {
    FaultKind.FULL: ("is full", "no space left", "quota exceeded", "file too large"),
    FaultKind.LOCKED: ("locked", "busy", "queuepool limit"),
    FaultKind.DAMAGED: ("malformed", "not a database", "corrupt"),
}


class StorageFault(Exception):
    """The store does not work now. Its text is for the owner."""

    def __init__(self, kind: FaultKind, detail: str) -> None:
        super().__init__(f"{SENTENCES[kind]} ({detail})")
        self.kind = kind


@contextmanager
def faults_named() -> Iterator[None]:
    """Turn faults of drivers and of the disk into :class:`StorageFault`; mistakes of the program pass as they are."""
    try:
        yield
    except (IntegrityError, ProgrammingError, FileNotFoundError):
        raise
    except (DatabaseError, PoolTimeout, BaseError, OSError) as error:
        raise StorageFault(_kind(error), _detail(error)) from error


def _kind(error: Exception) -> FaultKind:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return FaultKind.FULL
    text = str(error).lower()
    return next((kind for kind, signs in SIGNS.items() if any(sign in text for sign in signs)), FaultKind.UNREACHABLE)


def _detail(error: Exception) -> str:
    """Return the driver's own words in one line, without the statement and its values."""
    origin = error.orig if isinstance(error, DatabaseError) and error.orig else error
    return " ".join(str(origin).split())[:200]
