"""A process that dies between an answer and its restored picture: nothing is lost, nothing paid or sent twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.drifting import is_equal, jpeg, part, photo, repainted, ringed, signed, with_hat
from tests.support.painter import Painter, painting
from tests.support.people import Chat, Telegram, running_sandbox
from tests.support.pictures import opened
from tests.support.restoring import MOST_OF_IT
from tests.torture.processes import Bot
from tests.torture.run import settings_of

KEPT = "Everything else kept from your photo."


class Stage:
    """Telegram, a painter, and a bot as a separate process."""

    def __init__(self, telegram: Telegram, painter: Painter, folder: Path) -> None:
        self.telegram = telegram
        self.painter = painter
        self.folder = folder
        self.bot = Bot(settings_of(folder, telegram.base_url, painter.base_url), folder / "bot.log")

    async def arrived(self) -> None:
        """Wait until a raw answer is on the disk: from here on the bot makes the restored picture."""
        async with asyncio.timeout(20):
            while not [path for path in self.folder.rglob("answers/*") if path.is_file() and "#" not in path.name]:  # noqa: ASYNC110
                # obstore writes it under a name with # first, and then renames it.
                await asyncio.sleep(0.005)

    async def killed_after(self, delay_s: float) -> None:
        """Kill the bot so long after the answer arrived, and start it again."""
        await self.arrived()
        await asyncio.sleep(delay_s)
        await self.bot.kill()
        await self.bot.start()

    async def is_whole_after_one_call(self) -> None:
        """Stop the bot, and see that it paid once and that nothing is missing in its store."""
        assert len(self.painter.calls) == 1
        assert await self.bot.stop() == 0
        _, words = await self.bot.check()
        assert all(f"ok  {what}" in words for what in ("tree", "books", "references", "pictures")), words


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """Yield a running bot process, which is ended with the test."""
    async with running_sandbox() as telegram, painting() as painter:
        stage = Stage(telegram, painter, tmp_path)
        await stage.bot.start()
        try:
            await stage.bot.up()
            yield stage
        finally:
            await stage.bot.kill()


async def whole(chat: Chat) -> bytes:
    """Return the file of the current picture. What a kill left may be said before it comes."""
    await chat.say("/file")
    while "document" not in (answer := await chat.answer(60)).body:
        pass
    return await answer.document_bytes()


@pytest.mark.parametrize("delay_s", [0.0, 0.5, 2.0])
async def test_a_kill_between_the_answer_and_the_restored_picture_loses_and_doubles_nothing(
    stage: Stage, delay_s: float
) -> None:
    """At once, while the picture is made, and about when it is stored."""
    ann, sent = stage.telegram.ann, jpeg(photo())
    await ann.document(("photo.jpg", sent))
    await ann.answer(30)
    stage.painter.will(signed(repainted(with_hat(opened(sent)))))
    killed = asyncio.create_task(stage.killed_after(delay_s))
    await ann.photo(ringed(opened(sent)), "a hat")
    await killed
    answer = await ann.answer(60)
    assert answer.caption.endswith(KEPT)
    assert is_equal(part(await whole(ann)), part(sent))
    await ann.silence()
    await stage.is_whole_after_one_call()


async def test_a_kill_while_it_is_sent_shows_it_once(stage: Stage) -> None:
    ann, sent = stage.telegram.ann, jpeg(photo())
    await ann.document(("photo.jpg", sent))
    await ann.answer(30)
    stage.painter.will(signed(repainted(with_hat(opened(sent)))))
    await stage.telegram.fault("sendPhoto", delay_s=60, chat_id=ann.id)
    await ann.photo(ringed(opened(sent)), "a hat")
    await stage.telegram.fault_met()
    await stage.bot.kill()
    await stage.bot.start()
    unsure = await ann.answer(60)
    assert "not sure" in unsure.text
    await ann.press(unsure, "Show it again")
    shown = await ann.answer(60)
    assert "🖌 What the model painted" in shown.buttons
    assert is_equal(part(await whole(ann)), part(sent))
    assert len(stage.painter.calls) == 1


@pytest.mark.parametrize("delay_s", [0.0, 0.3, 0.8, 1.5])
async def test_a_kill_while_the_button_makes_it_shows_it_once(stage: Stage, delay_s: float) -> None:
    """The press is on the disk, so the next process makes the picture, or shows the one that is there already."""
    ann, sent = stage.telegram.ann, jpeg(photo())
    stage.painter.will(signed(repainted(with_hat(opened(sent), place=MOST_OF_IT))))
    await ann.document(("photo.jpg", sent), "a huge hat")
    answer = await ann.answer(60)
    await ann.press(answer, "Only the change")
    await asyncio.sleep(delay_s)
    await stage.bot.kill()
    await stage.bot.start()
    only = await ann.answer(60)
    if "not sure" in only.text:
        await ann.press(only, "Show it again")
        only = await ann.answer(60)
    assert "🖌 What the model painted" in only.buttons
    assert is_equal(part(await whole(ann)), part(sent))
    await ann.silence()
    await stage.is_whole_after_one_call()
