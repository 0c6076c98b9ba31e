"""The command line: ``pentimento [run | worker | sandbox | check | backup | move | export | health]``.

Or ``python -m bot ...``. Imports everything, each part when a command needs it. Without a command it runs the bot when
there is a token, else the sandbox, and says which.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import sys
from pathlib import Path
from typing import NoReturn

from bot import __version__
from bot.logs import set_up
from bot.operator.program import NAME, adding
from bot.operator.program import command as command_line
from bot.settings.settings import Settings, SettingsError

log = logging.getLogger(__name__)

ABOUT = """\
A Telegram bot that paints and edits pictures in conversation.

Without a command it runs on Telegram if there is a token, and else in the sandbox.

commands:
  run                 run the bot on Telegram
  sandbox             run the bot in a chat in your browser, with an offline engine
  check               check the settings, token, keys and everything that is stored; the bot must not run
  check --accounts    check only the settings, token and keys, also while the bot runs
  backup FOLDER       copy everything that is stored into a folder, while the bot runs
  export CHAT FOLDER  write one chat into an empty folder, as /export does
  move                copy everything that is stored to another database, and to other media
  worker              answer the updates that other processes receive; needs PostgreSQL
  health              exit with 0 if the bot heard from Telegram in the last minutes, else with 1; say which"""
EPILOG = "Settings come from the environment or a file .env; docs/settings.md lists them."


class Written(argparse.RawDescriptionHelpFormatter):
    """Help that prints the table of commands as it is written, with options in lines of 100 columns."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=100)


def main(arguments: list[str] | None = None) -> int:
    """Run a command and return the exit code of the process."""
    parser = argparse.ArgumentParser(prog=command_line(), description=ABOUT, epilog=EPILOG, formatter_class=Written)
    parser.add_argument("--version", action="version", version=f"{NAME} {__version__}")
    parser.add_argument(
        "command",
        nargs="?",
        choices=("run", "worker", "sandbox", "check", "backup", "move", "export", "health"),
        metavar="COMMAND",
        help="one of those above",
    )
    parser.add_argument("--receive", action="store_true", help="with run: only receive updates; workers answer them")
    parser.add_argument("what", nargs="*", metavar="FOLDER", help="with backup: where to; with export: CHAT FOLDER")
    parser.add_argument(
        "--anyway", action="store_true", help="with backup: replace an older backup even if most of it would be lost"
    )
    parser.add_argument(
        "--accounts",
        action="store_true",
        help="with check: only token, keys, models and webhook, which can be checked while the bot runs",
    )
    parser.add_argument("--to", metavar="DATABASE_URL", help="with move: the database to copy everything to")
    parser.add_argument("--media-to", metavar="MEDIA_URL", help="with move: where to copy the pictures as well")
    # So that an option may stand anywhere: `backup --anyway FOLDER`, too.
    given = parser.parse_intermixed_args(arguments)
    command = given.command
    if len(given.what) != {"backup": 1, "export": 2}.get(command, 0):
        parser.error(
            "backup takes a folder, export takes a chat's number and a folder, and other commands take neither"
        )
    if not all(word.strip() for word in given.what):
        # As of a variable in a script that is not set; an empty path would be the working directory.
        parser.error("the name of the folder is empty")
    if (command == "move") != (given.to is not None) or (given.media_to and not given.to):
        parser.error("move needs --to, and no other command takes it")
    if given.receive and command != "run":
        parser.error("--receive belongs to run")
    if given.anyway and command != "backup":
        parser.error("--anyway belongs to backup")
    if given.accounts and command != "check":
        parser.error("--accounts belongs to check")
    set_up()
    # Files of the bot are readable only by its own user: photos with places, and what people write.
    os.umask(0o077)
    try:
        settings = Settings.load(for_run=command in ("run", "worker"))
        if command is None:
            command = "run" if settings.telegram_bot_token else "sandbox"
            if command == "sandbox":
                print("TELEGRAM_BOT_TOKEN is not set: starting the sandbox.", flush=True)
            else:
                settings = Settings.load(for_run=True)
    except SettingsError as error:
        for fault in error.faults:
            print(fault, file=sys.stderr)
        return 2
    set_up(level=settings.log_level, log_format=settings.log_format, secrets=settings.secrets())
    for suspicion in settings.suspicions():
        log.warning("%s", suspicion)
    try:
        with asyncio.Runner(loop_factory=_event_loop) as runner:
            return runner.run(_command(command, settings, given))
    except ImportError as error:
        if not settings.shares and "postgres" not in (given.to or ""):
            raise
        print(f"PostgreSQL needs more libraries ({error.name or error}): {adding('cluster')}", file=sys.stderr)
        return 2


def _event_loop() -> asyncio.AbstractEventLoop:
    try:
        import uvloop
    except ImportError:
        # Windows and PyPy do not have it.
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


async def _command(command: str, settings: Settings, given: argparse.Namespace) -> int:
    if command == "health":
        from bot.process.heartbeat import Heartbeat

        well, sentence = Heartbeat(settings.data_dir).health()
        print(sentence, file=sys.stdout if well else sys.stderr)
        return 0 if well else 1
    if command == "check":
        from bot.operator.check_accounts import check_accounts
        from bot.operator.check_store import check, total
        from bot.process.clock import TelegramClock

        clock = TelegramClock()
        broken = await check_accounts(settings, clock=clock)
        return total(broken) if given.accounts else await check(settings, broken=broken, clock=clock)
    if command == "backup":
        from bot.operator.backup import backup

        return await backup(settings, Path(given.what[0]), anyway=given.anyway)
    if command == "export":
        from bot.operator.export import export_chat

        return await export_chat(settings, given.what[0], Path(given.what[1]))
    if command == "move":
        from bot.operator.move import move

        return await move(settings, given.to, given.media_to)
    if command == "sandbox":
        from bot.process.open_store import make_private
        from bot.sandboxed import run_sandbox

        make_private(settings.data_dir)
        return int(await run_sandbox(settings))
    # A thousand modules make no garbage, and scanning them would take the garbage collector an eighth of the start.
    gc.disable()
    from bot.app import run
    from bot.dispatch.base import ProcessRole

    role = ProcessRole.WORK if command == "worker" else ProcessRole.RECEIVE if given.receive else ProcessRole.ALL
    return int(await run(settings, role))


def start() -> NoReturn:
    """Run a command, and end the process with its exit code."""
    code = main()
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    # Threads of the object store's library may still be ending. Sometimes that aborts an interpreter that shuts down
    # at the same time, but the exit code must say how the bot ended. Nothing is left to be written.
    os._exit(code)


if __name__ == "__main__":
    start()
