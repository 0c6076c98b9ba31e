"""What every provider must do in any dialect: one suite, run against an endpoint for each dialect."""

from __future__ import annotations

import pytest

from bot.providers.base import Blob, Provider
from bot.providers.errors import (
    NothingReturned,
    Refused,
)
from tests.providers.contract import BLUE, GREEN, RED, answering, asking, paid, part_of, uploads, user
from tests.providers.dialects import Dialect
from tests.providers.sentences import say
from tests.providers.wiring import KEY, Album, Endpoint


async def test_words_become_a_picture(dialect: Dialect, spoken: Provider, endpoint: Endpoint, album: Album) -> None:
    answering(dialect, endpoint, RED)
    answer = await spoken.ask(asking(dialect, album, "a red boat 🛶"))
    result = await spoken.read(answer, model=dialect.model)
    assert result.pictures == (Blob(mime="image/png", data=RED),)
    assert result.content["parts"][-1]["inlineData"] == {"mimeType": "image/png", "data": result.pictures[0]}
    (call,) = paid(dialect, endpoint)
    assert dialect.words(call) == "a red boat 🛶"
    assert dialect.pictures(endpoint, call) == []
    assert call.headers[dialect.auth[0]] == dialect.auth[1]
    assert call.headers["content-type"] == "application/json"
    assert int(call.headers["content-length"]) == len(call.body)
    assert KEY not in call.path + call.query


async def test_the_current_picture_is_edited_and_goes_first(
    dialect: Dialect, spoken: Provider, endpoint: Endpoint, album: Album
) -> None:
    current, new = album.add(RED), album.add(GREEN)
    uploads(endpoint, 2 if dialect.name == "onemin" else 0)
    answering(dialect, endpoint, BLUE)
    request = asking(dialect, album, "put the second on the first", current=current, pictures=(new,))
    result = await spoken.read(await spoken.ask(request), model=dialect.model)
    assert result.pictures[0].data == BLUE
    (call,) = paid(dialect, endpoint)
    assert dialect.pictures(endpoint, call) == [RED, GREEN]


async def test_large_pictures_arrive_byte_for_byte(
    dialect: Dialect, spoken: Provider, endpoint: Endpoint, album: Album
) -> None:
    # Lengths with every remainder by 3, and beyond one chunk of the encoder.
    large = [RED + b"\0" * extra for extra in (400_000, 400_001, 400_002)]
    pictures = tuple(album.add(data) for data in large)
    uploads(endpoint, 3 if dialect.name == "onemin" else 0)
    answering(dialect, endpoint, BLUE)
    await spoken.ask(asking(dialect, album, "join them", pictures=pictures))
    (call,) = paid(dialect, endpoint)
    assert dialect.pictures(endpoint, call) == large


async def test_several_pictures_come_back_in_order(
    dialect: Dialect, spoken: Provider, endpoint: Endpoint, album: Album
) -> None:
    answering(dialect, endpoint, RED, GREEN, BLUE)
    result = await spoken.read(await spoken.ask(asking(dialect, album, "three")), model=dialect.model)
    assert [blob.data for blob in result.pictures] == [RED, GREEN, BLUE]


async def test_earlier_turns_are_known(dialect: Dialect, spoken: Provider, endpoint: Endpoint, album: Album) -> None:
    first, second = album.add(RED), album.add(GREEN)
    uploads(endpoint, 1 if dialect.name == "onemin" else 0)
    answering(dialect, endpoint, BLUE)
    contents = (
        user("a boat"),
        {"role": "model", "parts": [{"text": "Here."}, part_of(first)]},
        user("make it green"),
        {"role": "model", "parts": [part_of(second)]},
        user("and add a moon"),
    )
    request = asking(
        dialect,
        album,
        "and add a moon",
        contents=contents,
        current=second,
        earlier_wishes=("a boat", "make it green"),
    )
    await spoken.ask(request)
    (call,) = paid(dialect, endpoint)
    sent = call.body.decode("utf-8", "replace")
    assert "a boat" in sent
    assert sent.index("a boat") < sent.index("make it green") < sent.index("and add a moon")
    if dialect.history:
        assert sent.count("iVBOR") == 2
        assert "Here." in sent
    else:
        assert dialect.pictures(endpoint, call) == [GREEN]


async def test_words_alone_are_an_answer_where_the_model_talks(
    dialect: Dialect, spoken: Provider, endpoint: Endpoint, album: Album
) -> None:
    answering(dialect, endpoint, text="Which colour?")
    answer = await spoken.ask(asking(dialect, album, "a boat"))
    if dialect.talks:
        result = await spoken.read(answer, model=dialect.model)
        assert (result.text, result.pictures) == ("Which colour?", ())
    else:
        with pytest.raises(NothingReturned):
            await spoken.read(answer, model=dialect.model)


async def test_a_refusal_is_told_as_one(dialect: Dialect, spoken: Provider, endpoint: Endpoint, album: Album) -> None:
    endpoint.add(dialect.refusal)
    with pytest.raises(Refused) as caught:
        await spoken.read(await spoken.ask(asking(dialect, album, "something bad")), model=dialect.model)
    assert say(caught.value.key, caught.value.values)
