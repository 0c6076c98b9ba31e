"""A marked place goes to the model as a mask, too, where the model takes one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.support.drifting import PLACE, jpeg, part, photo, ringed, size_of
from tests.support.images import OpenAI, SdCpp, Server, VllmOmni, openai_error
from tests.support.masks import is_clear, may_change
from tests.support.messages import Message
from tests.support.own_servers import GPT, HOME, QWEN, at
from tests.support.pictures import opened
from tests.support.talking import Talk, in_one

SPOT = (0.45, 0.45, 0.53, 0.55)
"""A place small enough for a crop."""


async def wish_for_a_place(talk: Talk) -> Message:
    """Let Ann mark a place of her photo; return the answer."""
    ann, sent = talk.telegram.ann, jpeg(photo())
    await ann.photo(sent)
    await ann.answer(30)
    await ann.photo(ringed(opened(sent)), "put a red hat on it")
    return await ann.answer(60)


Read = Callable[[bytes], Image.Image]


@pytest.mark.parametrize(("kind", "model", "read"), [(OpenAI, GPT, is_clear), (SdCpp, HOME, may_change)])
async def test_the_ring_opens_its_place_in_the_form_that_the_model_takes(
    kind: type[Server], model: str, read: Read, tmp_path: Path
) -> None:
    async with at(server := kind(), model, tmp_path) as talk:
        assert (await wish_for_a_place(talk)).has_picture
    (call,) = server.calls
    (mask,) = call.masks
    # The photo, and the marked copy of which the words speak.
    assert [size_of(one) for one in call.pictures] == [(600, 400), (600, 400)]
    assert size_of(mask) == (600, 400)
    assert "a mark drawn on it" in call.fields["prompt"]
    assert call.fields["prompt"].endswith("put a red hat on it")
    there = read(mask)
    assert part(there, PLACE).getextrema() == (255, 255)
    left, top, right, bottom = there.getbbox() or (0, 0, 0, 0)
    assert 150 < left < right < 450
    assert 80 < top < bottom < 320


async def test_of_a_small_place_the_mask_is_that_of_the_crop(tmp_path: Path) -> None:
    async with at(server := OpenAI(), GPT, tmp_path) as talk:
        ann, sent = talk.telegram.ann, jpeg(photo(2100))
        await ann.document(("photo.jpg", sent))
        await ann.answer(30)
        await ann.photo(ringed(opened(sent), SPOT), "put a hat there")
        assert (await ann.answer(120)).has_picture
    (call,) = server.calls
    (mask,) = call.masks
    assert size_of(mask) == size_of(call.pictures[0])
    assert max(size_of(mask)) <= 1536
    assert is_clear(mask).getbbox() not in (None, (0, 0, *size_of(mask)))


async def test_a_server_that_takes_no_mask_gets_the_words_and_the_marked_copy(tmp_path: Path) -> None:
    async with at(server := VllmOmni(), QWEN, tmp_path) as talk:
        assert (await wish_for_a_place(talk)).has_picture
    (call,) = server.calls
    assert [name for name, _, _ in call.files] == ["image", "image"]
    assert "a mark drawn on it" in call.fields["prompt"]


@in_one
async def test_a_refused_mask_is_left_out_from_then_on_and_nobody_is_troubled(tmp_path: Path) -> None:
    """Each process learns it for itself."""
    async with at(server := OpenAI(), GPT, tmp_path) as talk:
        said = "Invalid mask image format - mask image missing alpha channel"
        server.script.append((400, openai_error(said, "invalid_mask_image_format")))
        answer = await wish_for_a_place(talk)
        assert answer.has_picture
        assert "mask" not in answer.caption
        assert [len(call.masks) for call in server.calls] == [1, 0]
        await talk.telegram.ann.say("/new")
        await talk.telegram.ann.answer()
        assert (await wish_for_a_place(talk)).has_picture
    assert [len(call.masks) for call in server.calls] == [1, 0, 0]


@pytest.mark.parametrize(("limit", "value"), [("MARKED_S", 0.001), ("MOST_CRASHES", 0)])
async def test_a_mask_that_cannot_be_made_stops_no_wish(
    limit: str, value: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"bot.turns.restoring.restoring.{limit}", value)
    async with at(server := OpenAI(), GPT, tmp_path) as talk:
        assert (await wish_for_a_place(talk)).has_picture
    (call,) = server.calls
    assert (len(call.pictures), call.masks) == (2, [])


async def test_a_mark_on_the_second_of_two_photos_is_told_by_words_alone(tmp_path: Path) -> None:
    """A mask would be taken for one of the first picture."""
    async with at(server := OpenAI(), GPT, tmp_path) as talk:
        ann, other, sent = talk.telegram.ann, jpeg(photo().rotate(180)), jpeg(photo())
        await ann.photo(other)
        await ann.answer(30)
        await ann.photo(sent)
        await ann.silence(1)
        await ann.photo(ringed(opened(sent)), "put a red hat on it")
        assert (await ann.answer(60)).has_picture
    (call,) = server.calls
    assert (len(call.pictures), call.masks) == (3, [])
    assert "a mark drawn on it" in call.fields["prompt"]
