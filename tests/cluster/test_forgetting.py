"""A person has everything forgotten by one worker while another worker paints for them."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sqlalchemy import text

from tests.cluster.crew import Crew
from tests.support.forgetting import MINE, forget
from tests.support.people import BORIS


async def test_a_call_of_somebody_forgotten_ends_at_whichever_worker(crew: Crew) -> None:
    """The call is cut off at once, nothing of its answer is kept, and its author can go on."""
    members = [await crew.hire() for _ in range(3)]
    group = await crew.telegram.group()
    await group.answer()
    boris = crew.telegram.boris
    for number in range(3):
        gate = crew.painter.hold()
        await boris.say(f"my secret boat {number}")
        await crew.painter.called(number + 1)
        await forget(group.seen_by(BORIS), MINE)
        async with asyncio.timeout(10):
            while any(member.running.answering.meter.in_flight["gemini"] for member in members):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        gate.set()
    await boris.silence(1.0)
    assert list((Path(crew.folder) / "media" / "answers").glob("*")) == []
    async with members[0].running.store.database.connect() as connection:
        for table in ("turns", "messages", "steps", "turn_media", "media"):
            assert (await connection.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one() == 0  # noqa: S608
    await boris.say("a gull")
    assert (await boris.answer()).has_picture
