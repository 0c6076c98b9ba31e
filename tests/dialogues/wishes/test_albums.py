"""Albums in every order of arrival, over a restart: each becomes one wish with all its pictures in their order."""

from __future__ import annotations

import asyncio
from itertools import permutations
from pathlib import Path

from tests.support.painter import number_of, plain
from tests.support.people import Chat
from tests.support.talking import Talk, talking

NUMBERS = [150, 151, 152, 153]
CAPTIONS = ["first", "", "third", ""]


async def test_every_order_of_four_with_delays_and_a_restart(tmp_path: Path) -> None:
    """All 24 orders, each by a different person, spread over the moment at which the bot stops and starts."""
    orders = list(permutations(range(4)))
    async with talking(tmp_path, album_wait_s=1.5, gemini_model="gemini-3-pro-image") as talk:
        people = [await talk.telegram.newcomer(f"Person {number}") for number in range(len(orders))]

        async def send(person: Chat, order: tuple[int, ...], number: int) -> None:
            stagger_s = (0.05, 0.2, 0.5)[number % 3]
            pictures = [plain(one) for one in NUMBERS]
            captions = [caption and f"{caption} of {number}" for caption in CAPTIONS]
            await person.album(pictures, captions=captions, order=list(order), stagger_s=stagger_s)

        senders = [
            asyncio.create_task(send(person, order, number))
            for number, (person, order) in enumerate(zip(people, orders, strict=True))
        ]
        await asyncio.sleep(0.3)
        await talk.restart()
        await asyncio.gather(*senders)
        for person in people:
            assert (await person.answer(30)).has_picture
        assert len(talk.painter.calls) == len(orders)
        for number in range(len(orders)):
            wish = f"first of {number}\nthird of {number}"
            (call,) = [call for call in talk.painter.calls if call.wish == wish]
            assert [number_of(picture) for picture in call.pictures] == NUMBERS
            said = [part.get("text", "picture") for part in call.contents[-1]["parts"]]
            assert said == ["picture", f"first of {number}", "picture", "picture", f"third of {number}", "picture"]
        assert [message for message in await people[0].history() if "arrived after I had" in message.words] == []


async def test_a_correction_keeps_a_picture_that_came_late(talk: Talk) -> None:
    """It comes while the first one is loaded, so it joins the wish; then the words are edited before it is painted."""
    ann, boris = talk.telegram.ann, talk.telegram.boris
    talk.settings["max_parallel_calls"] = 1
    await talk.restart()
    gate = talk.painter.hold()
    await boris.say("a boat")
    await talk.painter.called(1)
    await talk.telegram.fault("getFile", delay_s=2)
    first, _ = await ann.album([plain(150), plain(151)], "a collage", stagger_s=0.9)

    async def joined() -> bool | None:
        turn = await talk.store.conversations.turn(2)
        return True if turn is not None and len(turn.pictures) == 2 else None

    await talk.telegram.wait_for(joined, 20, "the late picture did not join")
    await ann.edit(first, "a warm collage")

    async def corrected() -> bool | None:
        return True if await talk.store.conversations.turn(3) is not None else None

    await talk.telegram.wait_for(corrected, 20, "the wish was not corrected")
    gate.set()
    call = await talk.painter.called(2)
    assert (call.wish, [number_of(picture) for picture in call.pictures]) == ("a warm collage", [150, 151])
