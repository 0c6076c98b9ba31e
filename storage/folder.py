"""What a media store in a local folder needs beyond obstore: flushes, and a look at what was written lately.

Imports nothing of ours. Knows folders and names only, never what the bytes are.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

STAGING = re.compile(r"#\d+$")
"""What obstore leaves of an unfinished local write after a kill."""

PICTURE = re.compile(r"[0-9a-f]{64}")


def fsync(path: Path) -> None:
    """Bring a file or a folder's entries to the disk. Raises: ``OSError``."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_file(root: Path, path: str) -> bool:
    """Tell whether there is a file of this name, without leaving the thread."""
    return (root / path).is_file()


def written_since(root: Path, since: float) -> Iterator[os.DirEntry[str]]:
    """Yield the files that were written after a time (Unix s); a folder's own time tells whether it has any."""
    folders = [root, root / "media", root / "answers"]
    with suppress(FileNotFoundError):
        folders += [Path(entry.path) for entry in os.scandir(root / "media") if entry.is_dir()]
    for folder in folders:
        with suppress(FileNotFoundError):
            if folder.stat().st_mtime >= since:
                yield from (one for one in os.scandir(folder) if one.is_file() and one.stat().st_mtime >= since)


def names_since(root: Path, since: float) -> list[str]:
    """Return the pictures that were written after a time (Unix s)."""
    return [entry.name for entry in written_since(root, since) if PICTURE.fullmatch(entry.name)]


def sweep_staging(root: Path, older_than_s: float, since: float) -> int:
    """Delete what writes cut short after ``since`` (Unix s) have left behind; return how many."""
    swept = 0
    for entry in written_since(root, since):
        if STAGING.search(entry.name) and time.time() - entry.stat().st_mtime >= older_than_s:
            Path(entry.path).unlink(missing_ok=True)
            swept += 1
    return swept
