"""Two receivers behind one webhook address, and a worker that receives nothing itself."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from bot.dispatch.base import ProcessRole
from tests.cluster.crew import Crew
from tests.support.painter import number_of, plain
from tests.support.people import ANN
from tests.support.talking import by_webhook
from tests.web.conftest import SECRET_HEADER, said

pytestmark = pytest.mark.database


async def test_a_delivery_to_both_receivers_is_answered_once(crew: Crew) -> None:
    crew.settings |= by_webhook()
    first = await crew.hire(ProcessRole.RECEIVE)
    crew.settings["listen"] = by_webhook()["listen"]
    second = await crew.hire(ProcessRole.RECEIVE)
    del crew.settings["listen"]
    worker = await crew.hire(ProcessRole.WORK)
    assert worker.running.address == ""
    ann = crew.telegram.ann
    await ann.say("/start")
    await ann.answer()
    headers = {SECRET_HEADER: "s3cret-_A"}
    addresses = (first.running.address, second.running.address)
    async with httpx.AsyncClient(trust_env=False, headers=headers) as http:
        update = said(10**9, chat_id=ANN)
        posts = [http.post(f"{address}/hook/here", json=update) for address in addresses for _ in range(2)]
        assert [answer.status_code for answer in await asyncio.gather(*posts)] == [200] * 4
        assert (await ann.answer()).has_picture
        for address in addresses:
            ready = (await http.get(f"{address}/readyz")).json()
            assert ready == {"ready": True, "database": "ok", "media": "ok", "process": "ok"}
    await ann.silence(0.3)
    assert len(crew.painter.calls) == 1


async def test_an_album_that_two_receivers_take_in_is_one_wish(crew: Crew) -> None:
    """Telegram reaches one and then, after a rolling restart, the other."""
    crew.settings["album_wait_s"] = 4
    await crew.hire(ProcessRole.WORK)
    crew.settings |= by_webhook()
    first = await crew.hire(ProcessRole.RECEIVE)
    ann = crew.telegram.ann
    sending = asyncio.create_task(ann.album([plain(150), plain(151), plain(152)], "a collage", stagger_s=0.3))
    while not await first.running.store.inbox.count_open():  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    crew.members.remove(first)
    await first.stop()
    await crew.hire(ProcessRole.RECEIVE)
    await sending
    assert (await ann.answer()).has_picture
    (call,) = crew.painter.calls
    assert [number_of(picture) for picture in call.pictures] == [150, 151, 152]
