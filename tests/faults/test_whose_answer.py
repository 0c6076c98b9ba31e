"""A stored answer goes only to the wish that it was paid for."""

from __future__ import annotations

import json
from pathlib import Path

from bot.providers.base import Answer
from bot.providers.calls.raw_answer import dump
from tests.support.painter import answered, number_of, picture_part, plain
from tests.support.talking import Talk, in_files

pytestmark = in_files

SECRET = answered([{"text": "A secret boat."}, picture_part(plain(150))])


def _raw(of: str) -> bytes:
    return dump(Answer(status=200, content_type="application/json", body=json.dumps(SECRET).encode()), of)


def _answers(talk: Talk) -> Path:
    return Path(talk.settings["data_dir"]) / "media" / "answers"


async def _killed_while_chen_waits(talk: Talk) -> int:
    """End the process as a kill would, while the call for Chen's mountain runs; return her turn's number."""
    gate = talk.painter.hold()
    await talk.telegram.chen.say("a mountain")
    await talk.painter.called(1)
    (key,) = await talk.store.conversations.unfinished_keys()
    turn = await talk.store.conversations.next_unfinished(key)
    assert turn is not None
    talk.stop_grace_s = 0
    await talk.stop()
    gate.set()
    _answers(talk).mkdir(exist_ok=True)
    return turn.id


async def test_a_stranger_does_not_get_the_picture_of_somebody_forgotten(talk: Talk) -> None:
    """Boris's answer is stored under the number of Chen's turn, as after a restored backup."""
    turn_id = await _killed_while_chen_waits(talk)
    (_answers(talk) / f"{turn_id}-1").write_bytes(_raw(f"{turn_id} 1700000000.25"))
    await talk.start()
    answer = await talk.telegram.chen.answer()
    assert number_of(await answer.picture_bytes()) != 150
    assert "secret" not in answer.words
    assert [call.wish for call in talk.painter.calls] == ["a mountain", "a mountain"]


async def test_an_answer_that_the_version_before_kept_is_not_bought_again(talk: Talk) -> None:
    """The file does not say whose it is. It must be this turn's: the place was empty when the call began."""
    turn_id = await _killed_while_chen_waits(talk)
    kept = _raw("x").replace(b'"of":"x",', b"")
    (_answers(talk) / f"{turn_id}-1").write_bytes(kept)
    await talk.start()
    assert number_of(await (await talk.telegram.chen.answer()).picture_bytes()) == 150
    assert len(talk.painter.calls) == 1


async def test_a_stray_file_in_the_place_of_an_answer_is_dropped_before_the_call(talk: Talk) -> None:
    left = [_answers(talk) / f"{number}-1" for number in range(1, 4)]
    _answers(talk).mkdir(parents=True, exist_ok=True)
    for path in left:
        path.write_bytes(_raw("x").replace(b'"of":"x",', b""))
    turn_id = await _killed_while_chen_waits(talk)
    assert [path.exists() for path in left] == [turn_id != number for number in range(1, 4)]
    await talk.start()
    assert number_of(await (await talk.telegram.chen.answer()).picture_bytes()) != 150
