"""Many people at once: all get their pictures, and the provider is asked as it can bear it."""

from __future__ import annotations

import asyncio

from tests.support.talking import Talk, in_one


async def test_more_people_than_a_provider_takes_all_get_their_pictures(talk: Talk) -> None:
    """The provider refuses at most one call for each person."""
    talk.painter.takes, talk.painter.delay_s = 8, 2.5
    people = [await talk.telegram.newcomer(f"Person {number}") for number in range(24)]
    await asyncio.gather(*(person.say("a boat") for person in people))
    answers = await asyncio.gather(*(person.answer(60) for person in people))
    assert all(answer.has_picture for answer in answers)
    assert 0 < talk.painter.refused <= len(people)
    assert talk.painter.most_running == 8


@in_one
async def test_four_versions_do_not_keep_another_chat_waiting(talk: Talk) -> None:
    """Ann's four versions are first in line. Boris comes later, and gets his picture after one of hers."""
    talk.settings["max_parallel_calls"] = 1
    await talk.restart()
    ann, boris = talk.telegram.ann, talk.telegram.boris
    gate = talk.painter.hold()
    await ann.say("/x4 a boat")
    await talk.painter.called(1)
    await boris.say("a house")
    async with asyncio.timeout(10):
        while not any(lanes[0].queue.waiting == 4 for lanes in talk.running.answering.fallback.lanes.values()):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    gate.set()
    assert (await boris.answer()).has_picture
    await ann.answers(4)
    assert [call.wish for call in talk.painter.calls] == ["a boat", "a house", "a boat", "a boat", "a boat"]
