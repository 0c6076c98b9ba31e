"""Mutated answers: each gives a result or an error with a sentence, never a crash.

``PENTIMENTO_MUTATIONS`` multiplies the number of random examples.
"""

from __future__ import annotations

import asyncio
import copy
import json
import os
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.providers.base import Answer, Blob, Provider, Result
from bot.providers.errors import ProviderError
from bot.providers.factory import ProviderConfig, build
from bot.turns.request import contents
from bot.turns.request.exchanges import Fit
from bot.turns.request.parked import park
from storage.records import MEDIA_PREFIX, MediaRef, TurnState
from tests.providers.recorded import NAMES, PROVIDERS, Recorded, load
from tests.providers.sentences import say
from tests.providers.wiring import KEY
from tests.support.records import media, turn

TIMES = int(os.environ.get("PENTIMENTO_MUTATIONS", "1"))
EVERY = {name: load(name) for name in NAMES if name != "51_huge_body.json"}
JSON_NAMES = [name for name, recorded in EVERY.items() if recorded.document is not None]
SCALARS: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    1,
    3.5,
    10**30,
    "",
    "x",
    "11",
    "\ud800",
    [],
    {},
    [None],
    [[]],
    {"a": None},
]

Path = tuple[str | int, ...]


@cache
def providers() -> dict[str, Provider]:
    """Return a provider of each dialect whose links lead nowhere: any fetch is refused at once."""
    config = ProviderConfig(api_key=KEY, links_in_text=True)

    async def nowhere(host: str, port: int) -> list[str]:
        return ["10.0.0.1"]

    return {name: build(name, config, resolver=nowhere) for name in set(PROVIDERS.values())}


async def outcome(provider: Provider, recorded: Recorded, body: bytes, status: int | None = None) -> str:
    """Read ``body`` in place of the recorded one and check the outcome."""
    answer = Answer(
        status=recorded.answer.status if status is None else status,
        content_type=recorded.answer.content_type,
        body=body,
    )
    try:
        result = await provider.read(answer, model=recorded.model)
    except ProviderError as error:
        _check_sentence(say(error.key, error.values), str(error))
        return error.outcome
    _check(result)
    return "ok"


def _check_sentence(sentence: str, logged: str) -> None:
    assert 20 < len(sentence) < 700
    assert KEY not in sentence + logged


def _check(result: Result) -> None:
    assert result.pictures or result.text
    assert isinstance(result.text, str)
    assert isinstance(result.model, str)
    assert result.content["role"] == "model"
    for part in result.content["parts"]:
        assert isinstance(part, dict)
    assert result.usage.input_tokens >= 0
    assert result.usage.text_tokens >= 0
    # Everything that is stored must have a JSON form.
    json.dumps(result.content, default=lambda value: value.mime if isinstance(value, Blob) else 1 / 0)
    _check_next_request(result)


def _check_next_request(result: Result) -> None:
    """Continue from an answer: Gemini must accept the next wish's request, whatever the answer contains."""
    refs = {id(blob): media(number) for number, blob in enumerate(result.pictures, 1)}
    draft = media(99)
    reply = park(result.content, lambda blob: MEDIA_PREFIX + refs.get(id(blob), draft).sha256)
    stored = json.loads(json.dumps(reply))
    answered = turn("a boat", state=TurnState.DELIVERED, reply=stored, shown=tuple(refs.values()), maker="here")
    fit = Fit(maker="here", signatures=False, history=True, max_images=99, budget_bytes=10**9)
    request = contents.compose([answered], turn("warmer"), fit)
    assert [content["role"] for content in request.contents][-1] == "user"
    for content in request.contents:
        assert content["parts"]
        for part in content["parts"]:
            assert part
            assert None not in part.values()
            assert isinstance(part.get("text", ""), str)
            inline = part.get("inlineData", {"mimeType": "", "data": draft})
            assert isinstance(inline["mimeType"], str)
            assert isinstance(inline["data"], MediaRef)


def places(node: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the path of every value inside ``node``."""
    children: Any = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for name, child in children:
        yield (*path, name)
        yield from places(child, (*path, name))


def changed(document: Any, path: Path, value: Any, *, drop: bool = False) -> Any:
    """Return a copy of ``document`` with ``value`` at ``path``, or nothing there; all else is the same objects."""
    twin = node = copy.copy(document)
    for step in path[:-1]:
        node[step] = copy.copy(node[step])
        node = node[step]
    if drop:
        del node[path[-1]]
    else:
        node[path[-1]] = value
    return twin


@pytest.mark.parametrize("name", JSON_NAMES)
async def test_every_value_may_be_missing_null_or_of_another_type(name: str) -> None:
    recorded = EVERY[name]
    provider = providers()[recorded.provider]
    tried = 0
    for path in list(places(recorded.document)):
        for value in [..., *SCALARS]:
            bent = changed(recorded.document, path, value, drop=value is ...)
            await outcome(provider, recorded, json.dumps(bent).encode())
            tried += 1
    assert tried == len(list(places(recorded.document))) * (len(SCALARS) + 1) > 0


@pytest.mark.parametrize("name", list(EVERY))
async def test_a_body_may_end_at_every_byte(name: str) -> None:
    recorded = EVERY[name]
    provider = providers()[recorded.provider]
    body = recorded.body
    for end in range(len(body)):
        await outcome(provider, recorded, body[:end])


@pytest.mark.parametrize("name", list(EVERY))
async def test_any_status_may_come_with_any_body_in_any_dialect(name: str) -> None:
    recorded = EVERY[name]
    for provider in providers().values():
        for status in [0, 199, 200, 204, 301, 400, 403, 404, 418, 429, 451, 500, 524, 529, 599, 999]:
            await outcome(provider, recorded, recorded.body, status)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@given(data=st.data())
@settings(max_examples=120 * TIMES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_several_values_may_be_bent_at_once(data: st.DataObject) -> None:
    recorded = EVERY[data.draw(st.sampled_from(JSON_NAMES))]
    document = copy.deepcopy(recorded.document)
    for _ in range(data.draw(st.integers(1, 4))):
        found = list(places(document))
        if not found:
            break
        drop = data.draw(st.booleans())
        document = changed(document, data.draw(st.sampled_from(found)), data.draw(json_values), drop=drop)
    body = json.dumps(document).encode("utf-8", "surrogatepass")
    status = data.draw(st.sampled_from([None, 200, 400, 403, 429, 500, 503]))
    asyncio.run(outcome(providers()[recorded.provider], recorded, body, status))


@given(data=st.data())
@settings(max_examples=120 * TIMES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_bytes_may_be_overwritten_anywhere(data: st.DataObject) -> None:
    recorded = EVERY[data.draw(st.sampled_from(list(EVERY)))]
    body = bytearray(recorded.body)
    for _ in range(data.draw(st.integers(1, 6)) if body else 0):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    asyncio.run(outcome(providers()[recorded.provider], recorded, bytes(body)))


@given(document=json_values, provider=st.sampled_from(sorted(set(PROVIDERS.values()))), status=st.integers(100, 599))
@settings(max_examples=80 * TIMES, deadline=None)
def test_any_json_at_all_may_come(document: Any, provider: str, status: int) -> None:
    body = json.dumps(document).encode("utf-8", "surrogatepass")
    asyncio.run(outcome(providers()[provider], EVERY["01_text_and_image.json"], body, status))
