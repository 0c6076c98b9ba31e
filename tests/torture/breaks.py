"""Promises broken on purpose, to see that the tests notice: ``python -m tests.torture.breaks``, or ``make breaks``.

Each break is a small change to a copy of the bot; the short torture and the fault tests must fail there. Imports the
standard library only. The working tree is never touched.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
TESTS = ("tests/faults", "tests/torture/test_torture.py")
"""The quick ones first: the first failure is enough."""

CLUSTER = ("tests/cluster/test_guard.py", "tests/cluster/test_worker.py", "tests/cluster/test_crew.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A promise, and how a file is changed so that it no longer holds."""

    promise: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...] = TESTS


BREAKS = (
    Break(
        promise="an update is committed before Telegram is told to forget it",
        file="bot/chat/receive/polling.py",
        old="        await self._receiver.take(updates)\n",
        new="        asyncio.get_running_loop().call_later(\n"
        "            1.0, lambda: setattr(self, 'late', asyncio.ensure_future(self._receiver.take(updates)))\n"
        "        )\n",
    ),
    Break(
        promise="an answer is durable before anything else happens with it",
        file="storage/media/store.py",
        old='        """Store a raw answer durably under its turn, before it is read."""\n',
        new='        """Keep nothing."""\n        return\n',
    ),
    Break(
        promise="pictures are stored before the turn that names them",
        file="bot/turns/answering.py",
        old="        sha256 = await self._store.media.put_to_send(blob.data)\n",
        new="        sha256 = __import__('hashlib').sha256(blob.data).hexdigest()\n"
        "        asyncio.get_running_loop().call_later(\n"
        "            1.0, lambda: setattr(self, 'late', asyncio.ensure_future(self._store.media.put(blob.data)))\n"
        "        )\n",
    ),
    Break(
        promise="an update that Telegram delivers again has no effect",
        file="storage/tables/inbox.py",
        old="            statement = insert_or_pass(inbox, connection, inbox.c.update_id)\n            new = set(",
        new='            statement = insert_or_update(inbox, connection, ("state", "payload"))\n'
        "            statement = statement.returning(inbox.c.update_id)\n"
        "            new = set(",
    ),
    Break(
        promise="a button that is pressed again before its picture is on its way asks for nothing more",
        file="storage/tables/inbox.py",
        old="    idle = {update_id for update_id, tap in lasting.items() if tap in taps}\n",
        new="    idle = set()\n",
    ),
    Break(
        promise="one turn of a conversation at a time",
        file="bot/dispatch/local.py",
        old="        if key in self._tasks:\n            return False\n",
        new="",
    ),
    Break(
        promise="a picture that may have arrived is not sent again",
        file="bot/chat/send/delivery.py",
        old="            elif known.get(position) is SendState.SENDING and outgoing.pictures:\n",
        new="            elif False:\n",
    ),
    Break(
        promise="delivered is said of nothing that was not delivered",
        file="storage/tables/deliveries.py",
        old="_IS_DELIVERED = and_(_BROUGHT, ~_DOUBTED)\n",
        new="_IS_DELIVERED = _BROUGHT\n",
        tests=("tests/dialogues/answers/test_unconfirmed_answers.py",),
    ),
    Break(
        promise="a file that may have arrived is not sent again",
        file="bot/chat/send/once.py",
        old="            if known is not None:\n                raise UnknownOutcome\n",
        new="",
    ),
    Break(
        promise="cancel overtakes",
        file="bot/chat/receive/receiver.py",
        old="            if row.update_id in urgent:\n",
        new="            if False:\n",
    ),
    Break(
        promise="a call that keeps being cut off is not made for ever",
        file="bot/turns/answering.py",
        old="        if times > INTERRUPTIONS or self.policy.ask_interrupted:\n",
        new="        if False:\n",
    ),
    Break(
        promise="nobody else is asked after a refusal, or where the outcome of a call is unknown",
        file="bot/turns/calling/candidates.py",
        old="        if outage is None or self.is_alone:\n",
        new="        outage = outage or Outage.CALL\n        if self.is_alone:\n",
        tests=("tests/dialogues/models/test_going_on.py",),
    ),
    Break(
        promise="an answer is read by whoever gave it",
        file="bot/providers/calls/raw_answer.py",
        old='        head["by"] = list(by)\n',
        new="        pass\n",
        tests=("tests/faults/test_kills_while_going_on.py",),
    ),
    Break(
        promise="one wish alone tries what is out of order",
        file="bot/turns/calling/outages.py",
        old="        return await self._change(tried)\n",
        new="        await self._change(tried)\n        return True\n",
        tests=("tests/turns/test_outages.py",),
    ),
    Break(
        promise="the answer that several versions share is kept until the last of them has its picture",
        file="bot/turns/call_journal.py",
        old="        turn = turns[-1]\n",
        new="        turn = turns[0]\n",
        tests=("tests/turns/test_batches.py",),
    ),
    Break(
        promise="a worker that was declared dead writes nothing",
        file="storage/engine/database.py",
        old="                    await worker.hold(connection)\n",
        new="                    pass\n",
        tests=CLUSTER,
    ),
    Break(
        promise="a worker that was declared dead sends and buys nothing",
        file="storage/engine/fencing.py",
        old="    if held is not None:\n        await held.check()\n",
        new="    assert held is held\n",
        tests=CLUSTER,
    ),
    Break(
        promise="one turn of a conversation at a time, over all workers",
        file="bot/dispatch/cluster/outbox.py",
        old="lock=lock_of(key), ",
        new="lock=None, ",
        tests=CLUSTER,
    ),
    Break(
        promise="cancel reaches the worker whichever process takes it in",
        file="bot/dispatch/cluster/outbox.py",
        old="(number for _, number in rows if number in urgent)",
        new="()",
        tests=CLUSTER,
    ),
    Break(
        promise="a dead worker's turns are taken over",
        file="bot/dispatch/cluster/takeover.py",
        old="        await self._take_over(held)\n",
        new="",
        tests=CLUSTER,
    ),
    Break(
        promise="a worker that is only slow keeps its work",
        file="storage/cluster/heartbeat.py",
        old="STUCK_S = 60.0\n",
        new="STUCK_S = 2.0\n",
        tests=("tests/cluster/test_slowness.py",),
    ),
    Break(
        promise="nobody's flood is felt by anybody else",
        file="bot/chat/receive/backlog.py",
        old="MOST_OTHERS = 20\n",
        new="MOST_OTHERS = 20_000\n",
        tests=("tests/faults/test_floods.py",),
    ),
    Break(
        promise="what was heard in a voice message is not paid for again after a kill",
        file="bot/chat/receive/hearing.py",
        old="        await self._keep(message.update_id, name, transcript.words, listened)\n",
        new="",
        tests=("tests/faults/test_processes.py",),
    ),
    Break(
        promise="a topic is opened once for a new start, also after a kill",
        file="bot/chat/groups/topics.py",
        old="            await self._store.inbox.note(update_id, TOPIC, topic_id)\n",
        new="",
        tests=("tests/dialogues/people/test_private_topics.py",),
    ),
    Break(
        promise="a wish for which a limit has no room is not bought",
        file="storage/books/holding.py",
        old="  WHERE found.room IS NULL OR wanted.count <=",
        new="  WHERE 1 = 1 OR wanted.count <=",
        tests=("tests/storage/books/test_holding.py",),
    ),
    Break(
        promise="a call to somebody dearer holds the higher price, or is not made",
        file="storage/books/holding.py",
        old="            anew = await _release(connection, turn_ids, terms.price_micro_usd)\n",
        new="            anew = 0\n",
        tests=("tests/storage/books/test_prices.py",),
    ),
    Break(
        promise="each provider is called at its own price",
        file="bot/turns/calling/calls.py",
        old="            job.journal.terms = partial(self._limit_watch.terms, job.turn, choice)\n",
        new="            if not asked.instead:\n"
        "                job.journal.terms = partial(self._limit_watch.terms, job.turn, choice)\n",
        tests=("tests/dialogues/limits/test_going_on_costs.py",),
    ),
    Break(
        promise="bought pictures cannot be stopped without end",
        file="storage/tables/cancelling.py",
        old="        await allow_stop(connection, turn.id, brake)\n",
        new="        pass\n",
        tests=("tests/dialogues/limits/test_cancels.py",),
    ),
    Break(
        promise="a bought picture does not pay without end for answers that bring none",
        file="storage/books/holding.py",
        old="(:exempt = 1 OR (SELECT weight FROM vain) < {MOST_IN_VAIN * WHOLE})",
        new="1 = 1",
        tests=("tests/dialogues/limits/test_in_vain.py",),
    ),
    Break(
        promise="a place that was held for nothing is given back",
        file="storage/triggers.py",
        old='_ENDS = f"OLD.state IN {_BEGUN} AND NEW.state NOT IN {_BEGUN}"\n',
        new="_ENDS = \"OLD.state = 'calling' AND NEW.state = 'answered'\"\n",
        tests=("tests/storage/books/test_holding.py",),
    ),
    Break(
        promise="a payment counts once, however often it is delivered",
        file="storage/sales/purchases.py",
        old="        charge_id=payment.charge_id,\n",
        new='        charge_id=f"{payment.charge_id} {payment.at}",\n',
        tests=("tests/dialogues/stars/test_buying.py",),
    ),
    Break(
        promise="a checkout is answered while everything else waits",
        file="bot/chat/receive/receiver.py",
        old="        if is_checkout(update):\n",
        new="        if False:\n",
        tests=("tests/dialogues/stars/test_buying.py",),
    ),
    Break(
        promise="what listening cost is booked, whatever becomes of the wish",
        file="storage/tables/inbox.py",
        old="            if listened is not None and listened.micro_usd:\n",
        new="            if False:\n",
        tests=("tests/dialogues/wishes/test_spoken_wishes.py",),
    ),
    Break(
        promise="a wish from elsewhere is held back until an owner decides",
        file="bot/chat/inline/callers.py",
        old="        if verdict is Verdict.SERVED:\n",
        new="        if True:\n",
        tests=("tests/dialogues/inline/test_lending_there.py",),
    ),
    Break(
        promise="pictures of strangers are given back before the answer is shown",
        file="bot/chat/inline/answers.py",
        old="        await self._give_back(turn, place)\n",
        new="",
        tests=("tests/dialogues/inline/test_what_strangers_lend.py",),
    ),
    Break(
        promise="nothing is painted for somebody who was blocked",
        file="bot/chat/worker.py",
        old="                    if not (work.barred and await self._cancelling.bar(turn)):\n",
        new="                    if True:\n",
        tests=(
            "tests/dialogues/access/test_blocking.py",
            "tests/storage/test_guests.py",
            "tests/cluster/test_blocking.py",
        ),
    ),
    Break(
        promise="what a kept turn goes on from is kept, however old it is",
        file="storage/care/branches.py",
        old="                newest[turn.parent_id] = max(newest[turn.parent_id], newest[turn.id])\n",
        new="                pass\n",
        tests=("tests/storage/care/test_retention.py",),
    ),
    Break(
        promise="a conversation at work is not touched by retention",
        file="storage/care/retention.py",
        old="    return any(row is not None for row in found)\n",
        new="    return False\n",
        tests=("tests/storage/care/test_retention.py",),
    ),
    Break(
        promise="the backup of another store is not replaced unasked",
        file="storage/backup.py",
        old="    if not (is_same or (had and 2 * kept >= had) or (is_same is None and not had)):\n",
        new="    if False:\n",
        tests=("tests/faults/test_backups.py",),
    ),
    Break(
        promise="what the bot stores is closed to other users of the machine",
        file="bot/__main__.py",
        old="    os.umask(0o077)\n",
        new="    os.umask(0o022)\n",
        tests=("tests/process/test_process.py::test_nobody_else_on_the_machine_reads_what_is_stored",),
    ),
    Break(
        promise="a network that stays away ends the start with a code after which a supervisor starts it anew",
        file="bot/app.py",
        old="    except (NotReached, PollingHangs, StorageFault, WorkEnded) as error:\n"
        '        log.error("%s", error)\n        return ExitCode.FAILED\n',
        new="    except (NotReached, PollingHangs, StorageFault, WorkEnded) as error:\n"
        '        log.error("%s", error)\n        return ExitCode.MISCONFIGURED\n',
        tests=("tests/chat/test_reaching.py",),
    ),
    Break(
        promise="nothing is deleted by a clock that is wrong",
        file="bot/process/chores.py",
        old="    if not await witness.clock.is_right(witness.ask):\n",
        new="    if False:\n",
        tests=("tests/dialogues/people/test_owners.py",),
    ),
    Break(
        promise="the weekly message comes once a week, also after a restart",
        file="bot/process/chores.py",
        old='    if await store.reporting.claim("weekly report", now=now, until=due, first=due):\n',
        new="    if now >= due - 7 * DAY_S:\n",
        tests=("tests/dialogues/people/test_owners.py",),
    ),
    Break(
        promise="a full disk does not fill the log",
        file="bot/repeats.py",
        old="        if not known:\n",
        new="        if True:\n",
        tests=("tests/test_repeats.py",),
    ),
    Break(
        promise="outside the place that changed every pixel is the person's own",
        file="bot/pictures/restore/stitch.py",
        old="    alpha = alpha_of(analysis.region)\n",
        new="    alpha = np.maximum(alpha_of(analysis.region), np.float32(0.02))\n",
        tests=("tests/pictures/restore/test_restoring.py",),
    ),
    Break(
        promise="what is only offered is made when somebody asks for it",
        file="bot/turns/restoring/restoring.py",
        old="        wanted = () if turn.options.get(KEEP) == OFFERED else (Verdict.LOCAL,)\n",
        new="        wanted = EITHER\n",
        tests=("tests/dialogues/restored/test_offers.py",),
    ),
    Break(
        promise="a part of a photo is not shown as if it were the whole, also after a restart",
        file="bot/turns/call_journal.py",
        old="by, cropped=self._cropped)\n",
        new="by)\n",
        tests=("tests/dialogues/restored/test_crops.py",),
    ),
    Break(
        promise="a photo that somebody had deleted does not come back in a restored picture",
        file="storage/tables/media_rows.py",
        old="    if source is not None and not await _is_used_beside(connection, turn_id, source):\n",
        new="    if source == 0:\n",
        tests=("tests/storage/tables/test_restored.py",),
    ),
)


def try_out(broken: Break, folder: Path) -> tuple[bool, str]:
    """Run the tests on a copy with one promise broken; return whether they noticed, and which did.

    A test that passes when it runs alone failed by chance, and has noticed nothing. Raises: SystemExit where a test
    fails without the break, too, or no test ran.
    """
    copy = _copy(folder / "broken")
    path = copy / broken.file
    text = path.read_text()
    if text.count(broken.old) != 1:
        raise SystemExit(f'{broken.file} has changed: the break of "{broken.promise}" does not fit any more.')
    path.write_text(text.replace(broken.old, broken.new))
    for tests in broken.tests:
        by_chance: list[str] = []
        while failed := _failing(copy, tests, *by_chance):
            if again := _failing(copy, *failed):
                if faulty := _failing(_copy(folder / "whole"), *again):
                    raise SystemExit(f"these fail without the break, too: {', '.join(faulty)}")
                return True, ", ".join(again)
            by_chance += [f"--deselect={test}" for test in failed]
    return False, "nothing failed"


def _copy(place: Path) -> Path:
    kept_out = shutil.ignore_patterns(".git", ".venv", "data", "__pycache__", ".*_cache", ".hypothesis")
    shutil.copytree(ROOT, place, ignore=kept_out)
    return place


def _failing(copy: Path, *tests: str) -> list[str]:
    """Return which tests fail, up to the first one or two. Raises: SystemExit if no test ran."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--maxfail", "1", "--timeout", "240", *tests]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    failed = re.findall(r"^(?:FAILED|ERROR) (tests/.+?)(?: - .*)?$", done.stdout, re.MULTILINE)
    if done.returncode and not failed:
        raise SystemExit(f"the tests did not run: {done.stdout[-2000:]}")
    return failed


def main() -> int:
    """Break every promise once; return how many breaks went unnoticed."""
    unnoticed = 0
    for broken in BREAKS:
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            noticed, by = try_out(broken, Path(folder))
        unnoticed += not noticed
        print(
            f"{'caught' if noticed else 'MISSED'} in {time.monotonic() - began:3.0f} s: {broken.promise} ({by})",
            flush=True,
        )
    return unnoticed


if __name__ == "__main__":
    sys.exit(main())
