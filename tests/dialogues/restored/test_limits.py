"""What has no room, takes too long, or fails: the picture is shown as it came, and what cannot be sent is said."""

from __future__ import annotations

import logging

import pytest

from storage.records import Key
from tests.support.drifting import jpeg, photo, repainted, ringed, signed, size_of, with_hat
from tests.support.messages import Message
from tests.support.pictures import opened
from tests.support.talking import Talk, in_one

KEPT = "Everything else kept from your photo."


async def marked_hat(talk: Talk) -> Message:
    """Let Ann mark a place of her photo, and return the answer."""
    ann, sent = talk.telegram.ann, jpeg(photo())
    await ann.document(("photo.jpg", sent))
    await ann.answer()
    talk.painter.will(signed(repainted(with_hat(opened(sent)))))
    await ann.photo(ringed(opened(sent)), "put a red hat on it")
    return await ann.answer(60)


@in_one
@pytest.mark.parametrize(
    ("limit", "value", "why"),
    [
        ("bot.turns.restoring.making.MOST_PX", 1000, "as painted: it is too large for the memory"),
        ("bot.turns.restoring.restoring.MARKED_S", 0.001, "its picture stays as it came: TimeoutError"),
        ("bot.turns.restoring.restoring.MOST_CRASHES", 0, "as painted: 0 processes ended with it"),
    ],
)
async def test_a_picture_that_cannot_be_restored_is_shown_as_it_came_and_that_is_said(
    talk: Talk,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    limit: str,
    value: float,
    why: str,
) -> None:
    """Whatever goes wrong, the answer was paid for. The log says why."""
    monkeypatch.setattr(limit, value)
    with caplog.at_level(logging.INFO):
        answer = await marked_hat(talk)
    assert answer.caption == (
        "Here it is.\nThe model painted more than the marked place anew, and I could not take the place alone from it."
    )
    assert not [button for button in answer.buttons if "Only" in button or "painted" in button]
    assert await answer.picture_bytes()
    assert why in caplog.text
    await talk.telegram.ann.silence()
    assert len(talk.painter.calls) == 1


@in_one
async def test_a_source_that_the_store_lost_costs_nothing_but_the_restored_picture(talk: Talk) -> None:
    ann, sent = talk.telegram.ann, jpeg(photo())
    gate = talk.painter.hold()
    await ann.document(("photo.jpg", sent), "put a red hat on it")
    await talk.painter.called(1)
    turn = await talk.store.conversations.next_unfinished(Key(ann.id, 0))
    assert turn is not None
    await talk.store.media.delete(turn.pictures[0].media.sha256)
    gate.set()
    assert (await ann.answer(60)).has_picture


@in_one
async def test_a_file_above_telegram_s_limit_comes_as_the_best_that_fits(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.turns.restoring.making.COPY_BYTES", 100_000)
    answer = await marked_hat(talk)
    assert answer.caption.endswith(KEPT)
    monkeypatch.setattr("bot.chat.send.sending.REQUEST_LIMIT_BYTES", 150_000)
    await talk.telegram.ann.press(answer, "File")
    file = await talk.telegram.ann.answer(30)
    assert "This JPEG of 600 × 400 pixels is the best that fits." in file.caption
    data = await file.document_bytes()
    assert len(data) <= 150_000
    assert size_of(data) == (600, 400)
    assert opened(data).format == "JPEG"
    # A reply to it is one to the picture.
    await talk.telegram.ann.say("warmer", reply_to=file)
    assert (await talk.telegram.ann.answer(60)).has_picture
    assert "put a red hat on it" in talk.painter.calls[-1].wish
