"""A small marked place of a large photo: the model gets that part alone, and what it paints is put back."""

from __future__ import annotations

import asyncio

import pytest
from PIL import Image, ImageStat

from tests.support.drifting import is_equal, jpeg, part, photo, repainted, ringed, signed, size_of, with_hat
from tests.support.pictures import opened
from tests.support.talking import Talk, in_one

SPOT = (0.45, 0.45, 0.53, 0.55)
"""Where the small edit is."""

AROUND = (0.2, 0.2, 0.75, 0.8)
"""The crop is somewhere in here."""


def saturation(picture: Image.Image) -> float:
    """Return how colourful a picture is on average."""
    return ImageStat.Stat(picture.convert("HSV")).mean[1]


async def test_the_part_that_the_model_painted_is_put_back_in_full_size(sandbox: Talk) -> None:
    ann, sent = sandbox.telegram.ann, jpeg(photo(2100))
    await ann.document(("photo.jpg", sent))
    await ann.answer(30)
    await ann.photo(ringed(opened(sent), SPOT), "make it black and white")
    answer = await ann.answer(120)
    assert answer.caption.endswith("Everything else kept from your photo.")
    last = await sandbox.telegram.get("provider/last")
    assert "This is a part of a larger picture." in str(last["request"])
    await ann.press(answer, "File")
    whole = await (await ann.answer(60)).document_bytes()
    assert size_of(whole) == (2100, 1400)
    for far in ((0.0, 0.0, 0.2, 1.0), (0.75, 0.0, 1.0, 1.0)):
        assert is_equal(part(whole, far), part(sent, far))
    middle = (0.48, 0.48, 0.5, 0.52)
    grey, colour = (saturation(part(picture, middle)) for picture in (whole, sent))
    assert grey < colour / 2


async def test_what_does_not_fit_back_is_shown_with_a_sentence_and_again_sends_the_whole(talk: Talk) -> None:
    """No second call is paid for by itself."""
    ann, sent = talk.telegram.ann, jpeg(photo(2100))
    await ann.document(("photo.jpg", sent))
    await ann.answer(30)
    # The model made a picture of its own of the part.
    talk.painter.will(signed(repainted(photo().rotate(180))))
    await ann.photo(ringed(opened(sent), SPOT), "put a hat there")
    answer = await ann.answer(120)
    assert "they do not fit back into your picture" in answer.caption
    assert len(talk.painter.calls) == 1
    call = talk.painter.calls[0]
    crop, marked = call.all_pictures
    assert size_of(crop) == size_of(marked)
    assert max(size_of(crop)) <= 1536
    assert call.wish.startswith("This is a part of a larger picture.")
    assert "a mark drawn on it" in call.wish
    assert call.wish.endswith("put a hat there")
    whole, piece = opened(sent).convert("RGB"), opened(crop).convert("RGB")
    corners = ((left, top) for left in range(whole.width - piece.width) for top in range(whole.height - piece.height))
    places = [at for at in corners if whole.getpixel(at) == piece.getpixel((0, 0))]
    parts = (whole.crop((left, top, left + piece.width, top + piece.height)) for left, top in places)
    assert any(is_equal(one, piece) for one in parts), "it is a part of the photo in full resolution"
    talk.painter.will(signed(repainted(with_hat(whole, "crimson", SPOT))))
    await ann.press(answer, "Again")
    again = await ann.answer(120)
    assert again.caption.endswith("Everything else kept from your photo.")
    assert size_of(talk.painter.calls[1].all_pictures[0]) == (2100, 1400)


async def stopped_while_looking(talk: Talk, sent: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Ann mark a small place; stop the bot when the answer is on the disk and is looked at."""
    ann, looking = talk.telegram.ann, asyncio.Event()

    async def held(*_: object) -> None:
        looking.set()
        await asyncio.Event().wait()

    await ann.document(("photo.jpg", sent))
    await ann.answer(30)
    with monkeypatch.context() as until_stopped:
        until_stopped.setattr("bot.turns.restoring.looks.Looks.run", held)
        await ann.photo(ringed(opened(sent), SPOT), "put a hat there")
        await asyncio.wait_for(looking.wait(), 60)
        talk.stop_grace_s = 0
        await talk.stop()


@in_one
async def test_after_a_restart_a_part_is_not_shown_as_if_it_were_the_whole(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The crop cannot be made again, say because processes ended with it. What the model painted is paid for."""
    sent = jpeg(photo(2100))
    await stopped_while_looking(talk, sent, monkeypatch)
    monkeypatch.setattr("bot.turns.restoring.restoring.MOST_CRASHES", 0)
    await talk.start()
    assert "they do not fit back into your picture" in (await talk.telegram.ann.answer(120)).caption
    assert len(talk.painter.calls) == 1


@in_one
async def test_after_a_restart_the_whole_is_not_put_back_as_a_part(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """No crop could be made when the model was asked; now it could."""
    sent = jpeg(photo(2100))
    talk.painter.will(signed(repainted(with_hat(opened(sent), "crimson", SPOT))))
    with monkeypatch.context() as at_first:
        at_first.setattr("bot.turns.restoring.restoring.planned", lambda *_: None)
        await stopped_while_looking(talk, sent, monkeypatch)
    await talk.start()
    answer = await talk.telegram.ann.answer(120)
    assert answer.caption.endswith("Everything else kept from your photo.")
    assert len(talk.painter.calls) == 1
    assert size_of(talk.painter.calls[0].all_pictures[0]) == (2100, 1400)
