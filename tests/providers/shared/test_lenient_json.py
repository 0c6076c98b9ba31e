"""JSON as providers write it, and what becomes of what no request could carry."""

from __future__ import annotations

import json
import time

import pytest

from bot.providers.shared.lenient_json import MOST_DEPTH, read_json


@pytest.mark.parametrize("odd", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9" * 5000])
def test_numbers_that_no_request_could_carry_become_null(odd: str) -> None:
    assert read_json(f'{{"a": {odd}, "b": [1, -2.5, 1e3]}}'.encode()) == {"a": None, "b": [1, -2.5, 1000.0]}


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"]": ', "}")])
def test_what_is_nested_too_deeply_becomes_null_and_the_rest_stays(opening: str, closing: str) -> None:
    deep = f"{opening * 5000}0{closing * 5000}"
    read = read_json(f'{{"a": {deep}, "b": "]}}[{{\\" kept", "c": {deep}}}')
    assert read["b"] == ']}[{" kept'
    assert MOST_DEPTH - 3 < json.dumps(read["a"]).count(opening[0]) < MOST_DEPTH + 1
    assert read["a"] == read["c"]


def test_what_is_not_too_deep_stays_as_it_is() -> None:
    document = [json.loads("[" * (MOST_DEPTH - 1) + "]" * (MOST_DEPTH - 1)) for _ in range(3)]
    assert read_json(json.dumps(document)) == document


@pytest.mark.parametrize(
    "damaged", ["[" * 5000, "[" * 200 + "]" * 199, "[" * 200 + '"', "[" * 100 + "]" * 200, '{"a": nan}', "", "[],"]
)
def test_what_is_no_json_is_refused(damaged: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_json(damaged)


@pytest.mark.parametrize(
    "hostile",
    ["[" * 10**7, "[" * 200 + '"' + '\\"' * 10**6, "[" * 200 + '"\\' * 10**6, "[" + "[]," * 10**6 + "[]]"],
    ids=["open", "escaped", "cut", "many"],
)
def test_no_text_makes_the_search_slow(hostile: str) -> None:
    began = time.process_time()
    with pytest.raises(ValueError, match=r"."):
        read_json(hostile)
    assert time.process_time() - began < 2
