"""An owner blocks a person at one worker while another one paints for them, and all of them know at once."""

from __future__ import annotations

import asyncio

from tests.cluster.crew import Crew
from tests.support.people import ANN, BORIS


async def test_a_block_cuts_off_a_call_at_whichever_worker_and_holds_at_all_of_them(crew: Crew) -> None:
    crew.settings["owner_ids"] = {BORIS}
    members = [await crew.hire() for _ in range(3)]
    ann, boris = crew.telegram.ann, crew.telegram.boris
    await boris.say("/start")
    await boris.answer()
    for number in range(3):
        gate = crew.painter.hold()
        await ann.say(f"a boat {number}")
        await crew.painter.called(number + 1)
        await boris.say(f"/block {ANN}")
        assert "blocked by Boris" in (await boris.answer()).text
        async with asyncio.timeout(10):
            while any(member.running.answering.meter.in_flight["gemini"] for member in members):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        gate.set()
        await ann.say("a gull")
        assert "blocked you" in (await ann.answer()).text
        await ann.say("a gull")
        await ann.silence(0.5)
        await boris.say(f"/unblock {ANN}")
        await boris.answer()
        assert "let you in" in (await ann.answer()).text
    assert len(crew.painter.calls) == 3
