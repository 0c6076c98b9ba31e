"""The second pass: a turn is answered, and its result is sent.

Imports everything in ``chat``, ``background``, ``logs``, ``turns`` and ``storage``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from bot.background import BackgroundTasks
from bot.chat.cancelling import RunningTurn, Stopped, stoppable
from bot.chat.failures import FailurePolicy
from bot.chat.overtaking import Overtaking
from bot.chat.passes.stuck import StuckTurns
from bot.chat.passes.turn_log import cost_of, log_turn, outcome_of
from bot.chat.report import TurnReporter
from bot.chat.send.message import Recipient
from bot.chat.send.progress import Progress
from bot.chat.wishes.late import LateUpdates
from bot.logs import fields
from bot.turns.turns import Turns
from storage.books.books import Books
from storage.engine.faults import StorageFault
from storage.records import Key, Turn, TurnState


class SecondPass:
    """Runs turns. ``progress_of`` returns what shows the progress of a turn, given by its id, to a recipient."""

    def __init__(
        self,
        turns: Turns,
        books: Books,
        late: LateUpdates,
        overtaking: Overtaking,
        reporter: TurnReporter,
        failures: FailurePolicy,
        progress_of: Callable[[Recipient, int], Progress],
    ) -> None:
        self._turns = turns
        self._books = books
        self._late = late
        self._overtaking = overtaking
        self._reporter = reporter
        self._failures = failures
        self._progress_of = progress_of
        self._stuck = StuckTurns(failures)
        self._background = BackgroundTasks()

    async def run(self, turn: Turn, key: Key) -> None:
        """Answer a turn and the others of its batch, and report the result.

        Raises: errors after which the dispatcher tries again.
        """
        with fields(turn=turn.id):
            await self._run(turn, key)

    async def _run(self, turn: Turn, key: Key) -> None:
        recipient = Recipient.of_turn(turn, key)
        progress = self._progress_of(recipient, turn.id)
        call = asyncio.create_task(self._run_turn(turn, key, progress), name=f"turn {turn.id}")
        try:
            running = RunningTurn(turn=turn, call=call, language=recipient.language)
            with self._overtaking.cancelling.running(key, running):
                turns = await self._ended(turn, call, recipient, progress)
            if turns and all(one.state not in (TurnState.ACCEPTED, TurnState.CALLING) for one in turns):
                await self._log(turns, key, sent=await self._reporter.report(turns, recipient))
        finally:
            # In the background, so that it delays nothing.
            self._background.run(progress.take_away())

    async def close(self) -> None:
        """Wait for the work in the background."""
        await self._background.finish()

    async def _log(self, turns: Sequence[Turn], key: Key, *, sent: bool) -> None:
        for turn in turns:
            cost_micro_usd = await cost_of(turn, self._books)
            choice = self._turns.answering.choice(turn.options)
            log_turn(turn, key, choice, outcome_of(turn, sent=sent), cost_micro_usd)

    async def _ended(
        self, turn: Turn, call: asyncio.Task[list[Turn]], recipient: Recipient, progress: Progress
    ) -> list[Turn]:
        """Wait for the call of a turn; return the turns that ended, none where it was stopped or failed."""
        try:
            async with progress.shown():
                return await stoppable(call)
        except Stopped:
            await self._log(await self._turns.settle_cancelled(turn), recipient.key, sent=False)
        except StorageFault as fault:
            self._background.run(self._stuck.tell(turn.id, recipient))
            await self._failures.call_failed(turn, fault)
        except Exception as error:
            await self._failures.call_failed(turn, error)
        return []

    async def _run_turn(self, turn: Turn, key: Key, progress: Progress) -> list[Turn]:
        """Run a turn and its other versions, with waiting edits and pictures; none where an edit replaced it."""
        # The turn is already noted as running here. So an update that is stored after this look finds the running turn.
        rows = await self._overtaking.look(key, waits=True) if self._overtaking.may_wait(key) else []
        if turn.state is TurnState.ACCEPTED:
            caught_up = await self._late.catch_up(turn, rows)
            if caught_up is None:
                return []
            turn = caught_up
        return await self._turns.run_batch(turn, progress)
