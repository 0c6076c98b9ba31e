"""The target of an export: a zip or a folder. Imports the standard library only. Its calls block."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Protocol


class Archive(Protocol):
    """Takes files, one after the other."""

    def open(self, name: str, *, packed: bool) -> AbstractContextManager[IO[bytes]]:
        """Open a new file; ``packed``: compress it."""
        ...

    def close(self) -> None:
        """Finish the archive after the last file."""
        ...


class Zip:
    """A zip. Pictures and base64 are stored uncompressed: compression takes seconds and saves almost nothing."""

    def __init__(self, target: Path | IO[bytes]) -> None:
        self._file = zipfile.ZipFile(target, "w")
        self._date = time.localtime()[:6]

    def open(self, name: str, *, packed: bool) -> AbstractContextManager[IO[bytes]]:
        """Open a new file."""
        info = zipfile.ZipInfo(name, self._date)
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        return self._file.open(info, "w", force_zip64=True)

    def close(self) -> None:
        """Write the list of files."""
        self._file.close()


class Folder:
    """A folder of plain files."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def open(self, name: str, *, packed: bool) -> Iterator[IO[bytes]]:
        """Open a new file."""
        path = self._path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            yield file

    def close(self) -> None:
        """Nothing to do."""
