"""What the commands have in common: how they print a line or an error, and how this program is called here.

Imports ``logs`` and ``storage``. People can copy each command in a message. The distribution is ``pentimento-bot``:
``pentimento`` on PyPI is another project.
"""

from __future__ import annotations

import shlex
import shutil
import sys
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from bot.logs import without_known
from storage.engine.faults import FaultKind, StorageFault, is_full

DISTRIBUTION = "pentimento-bot"
NAME = "pentimento"

ONCE = {
    FaultKind.FULL: "The disk is full. Free some space, and start the command again.",
    FaultKind.LOCKED: "Another program holds the database. Close it, and start the command again.",
}


def show(line: str) -> None:
    """Print a line without the secrets of the settings: a proxy or a server may repeat in an error what it was sent."""
    print(without_known(line))


def command(*words: str) -> str:
    """Return a command line of this program: ``pentimento check`` where that is on the PATH, else with its path."""
    script = Path(sys.executable).with_name(NAME)
    found = shutil.which(NAME)
    if found is not None and Path(found).resolve() == script.resolve():
        return shlex.join([NAME, *words])
    if script.exists():
        return shlex.join([_short(script), *words])
    return shlex.join([_short(Path(sys.executable)), "-m", "bot", *words])


def reason(error: Exception) -> str:
    """Return in sentences why a command could not do its work. Unlike a bot, it does not try again by itself."""
    if isinstance(error, StorageFault) and error.kind in ONCE:
        return f"{ONCE[error.kind]} ({error.detail})"
    if isinstance(error, OSError):
        if is_full(error):
            return f"{ONCE[FaultKind.FULL]} ({error.strerror})"
        if isinstance(error, FileExistsError | NotADirectoryError) and error.filename is not None:
            return f"{error.filename} cannot be used: a file is there, and no folder."
        if error.strerror and error.filename is not None:
            return f"{error.filename} cannot be used: {error.strerror}."
    return str(error)


def adding(extra: str) -> str:
    """Return the command line that installs the libraries of an extra into the running environment.

    It names the libraries, not our distribution: a package index may have another project under that name.
    """
    try:
        # A line is "psycopg[binary,pool]>=3.2; extra == 'cluster'".
        lines = [line.partition(";") for line in requires(DISTRIBUTION) or ()]
    except PackageNotFoundError:
        return "make run"
    wanted = [name.strip() for name, _, marker in lines if f'"{extra}"' in marker.replace("'", '"')]
    return shlex.join([_short(Path(sys.executable)), "-m", "pip", "install", *wanted])


def _short(path: Path) -> str:
    """Return a path as one would type it here: relative below the working directory."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
