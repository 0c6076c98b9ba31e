"""The object store says no: at the start in one clear line, in the middle without buying anything twice."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from tests.support.objects import SECRET, Objects
from tests.support.painter import plain
from tests.support.people import BORIS
from tests.support.talking import talking


async def test_an_answer_that_was_paid_for_waits_until_the_store_is_back(tmp_path: Path, objects: Objects) -> None:
    """The store goes away while the provider paints. People and owner are notified once, and nothing is paid twice."""
    places = {"media_url": objects.bucket(), "owner_ids": str(BORIS)}
    async with talking(tmp_path, **objects.options, **places) as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        await boris.say("/start")
        await boris.answer()
        gate = talk.painter.hold()
        await ann.say("a boat")
        await talk.painter.called(1)
        objects.stop()
        gate.set()
        assert "cannot be read or written" in (await boris.answer(30)).text
        objects.start()
        answer = await ann.answer(60)
        assert answer.has_picture
        await ann.say("warmer")
        assert (await ann.answer(30)).has_picture
        assert [call.wish for call in talk.painter.calls] == ["a boat", "warmer"]
        # It delays nobody, so it comes after the picture.
        while await talk.store.media.raw_answers():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_a_photo_that_comes_while_the_store_is_away_is_answered_when_it_is_back(
    tmp_path: Path, objects: Objects
) -> None:
    async with talking(tmp_path, **objects.options, media_url=objects.bucket(), owner_ids=str(BORIS)) as talk:
        await talk.telegram.boris.say("/start")
        await talk.telegram.boris.answer()
        objects.stop()
        await talk.telegram.ann.photo(plain(150, (400, 300)), "make it warmer")
        assert "cannot be read or written" in (await talk.telegram.boris.answer(30)).text
        objects.start()
        assert (await talk.telegram.ann.answer(60)).has_picture
        assert len(talk.painter.calls) == 1


async def test_a_wish_that_needs_a_picture_waits_until_the_store_gives_it(tmp_path: Path, objects: Objects) -> None:
    """The store refuses a picture while the request is being made. Nobody has to send the wish again."""
    async with talking(tmp_path, **objects.options, media_url=objects.bucket(), owner_ids=str(BORIS)) as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        await boris.say("/start")
        await boris.answer()
        await ann.say("a boat")
        assert (await ann.answer()).has_picture
        objects.refuse("rights")
        await ann.say("warmer")
        assert "refuses" in (await boris.answer(30)).text
        objects.refuse("")
        assert (await ann.answer(30)).has_picture
        assert [call.wish for call in talk.painter.calls] == ["a boat", "warmer"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"MEDIA_URL": "s3://nobody-made-this/pictures"}, "there is no such bucket"),
        ({"refuse": "secret"}, "SignatureDoesNotMatch"),
    ],
    ids=["bucket", "key"],
)
async def test_a_wrong_bucket_or_key_is_told_in_one_line_before_anything_begins(
    tmp_path: Path, objects: Objects, wrong: dict[str, str], sentence: str
) -> None:
    bucket = objects.bucket()
    objects.refuse(wrong.get("refuse", ""))
    environment = {name.upper(): value for name, value in objects.options.items()}
    settings = {
        "TELEGRAM_BOT_TOKEN": "7000000002:AAHanotherMadeUpTokenThatNobodyKnow",
        "TELEGRAM_API_URL": "http://127.0.0.1:9",
        "GEMINI_API_KEY": "key-of-a-test",
        "MEDIA_URL": bucket,
        "DATA_DIR": str(tmp_path / "data"),
        "PYTHONPATH": str(Path(__file__).parent.parent.parent),
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        cwd=tmp_path,
        env={**environment, **settings, **wrong},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said = (await asyncio.wait_for(process.communicate(), 60))[0].decode()
    objects.refuse("")
    assert process.returncode == 2, said
    (line,) = said.splitlines()
    assert sentence in line
    assert SECRET not in said
