"""What the engine understands: two tables of sentences, written before the parser was tried on them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.sandbox.engine.reading import grammar
from bot.sandbox.engine.reading.parser import parse
from bot.sandbox.engine.reading.vocabulary import OPERATIONS
from tests.sandbox.engine.made import line

HERE = Path(__file__).parent
ROWS: list[dict[str, Any]] = [
    row for name in ("sentences.json", "sentences_later.json") for row in json.loads((HERE / name).read_text("utf-8"))
]


def understood(sentence: str, pictures: int = 2) -> list[str]:
    return [line(step) for step in parse(sentence, pictures).steps]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["sentence"])
def test_sentence(row: dict[str, Any]) -> None:
    """``left``: the words that the answer names as not understood, beside what is carried out."""
    wish = parse(row["sentence"], 0 if row["steps"][0].startswith("scene") else 2)
    assert [line(step) for step in wish.steps] == row["steps"]
    assert wish.steps[0].op == "talk" or wish.ignored == row.get("left", [])


def test_the_tables_are_broad() -> None:
    used = {step.split()[0] for row in ROWS for step in row["steps"]}
    assert len(ROWS) >= 300
    assert set(OPERATIONS) <= used, set(OPERATIONS) - used


def test_words_that_mean_nothing_are_named() -> None:
    wish = parse("make it warmer and frobnicate the quux", 1)
    assert [step.op for step in wish.steps] == ["warmer"]
    assert {"frobnicate", "quux"} <= set(wish.ignored)


def test_the_names_of_pictures_are_no_unknown_words() -> None:
    wish = parse("put @cup side by side with @my-cat, frobnicate", 2)
    assert [step.op for step in wish.steps] == ["side_by_side"]
    assert wish.ignored == ["frobnicate"]


@pytest.mark.parametrize(
    ("sentence", "steps"),
    [
        ("make page 2 black and white", ["black_and_white"]),
        ("crop page 3 to 16:9", ["crop ratio=16:9"]),
        ("rotate the 2nd page by 90 degrees", ["rotate degrees=90"]),
        ("Seite 2 schwarzweiß", ["black_and_white"]),
        ("la página 2 en blanco y negro", ["black_and_white"]),
        ("第2页变成黑白", ["black_and_white"]),
        ('write "page 2" on it', ['text text="page 2"']),
        ("write page 2 at the bottom", ['text text="page 2" place=bottom']),
    ],
)
def test_the_page_of_a_pdf_is_chosen_by_the_bot_and_no_wish(sentence: str, steps: list[str]) -> None:
    assert understood(sentence, 1) == steps
    assert parse(sentence, 1).ignored == []


@pytest.mark.parametrize(
    "sentence",
    ["make the castle brighter", "sharpen his eyes", "blur the faces", "darken only the sky", "make the text bigger"],
)
def test_a_part_of_the_picture_is_refused_and_not_done_to_all_of_it(sentence: str) -> None:
    assert understood(sentence, 1) == ["refuse"]


def test_quoted_words_are_no_wishes() -> None:
    assert understood('write "make it black and white and blur it"') == [
        'text text="make it black and white and blur it"'
    ]


@pytest.mark.parametrize("name", ["Ann", "Boris K.", "Мария", "Jean-Luc"])
def test_the_name_before_a_wish_in_a_group_is_no_wish(name: str) -> None:
    wish = parse(f"{name}: a bit warmer", 1)
    assert [line(step) for step in wish.steps] == ["warmer x0.5"]
    assert not wish.ignored


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Boris wrote: “my cat”\nAnn: black and white", "black_and_white"),
        ("Boris wrote: “my cat,\nin the garden”\nAnn: black and white", "black_and_white"),
        ("Boris wrote: “mi gato”\nAnn: en blanco y negro", "black_and_white"),
        ("Somebody wrote: “it is warmer today”\nblack and white", "black_and_white"),
        ("Boris wrote: “a lighthouse at night”\nAnn: paint this", "lighthouse"),
        ("Boris wrote: “ein Leuchtturm bei Nacht”\nAnn: mal das bitte", "lighthouse"),
        ("Boris wrote: “warmer”", "warmer"),
    ],
)
def test_what_others_wrote_is_a_wish_only_where_it_is_pointed_at(said: str, asked: str) -> None:
    found = parse(said, 0 if asked == "lighthouse" else 1)
    assert not found.ignored
    assert [step.get("subject") or step.op for step in found.steps] == [asked]


def test_caption_is_no_name() -> None:
    assert understood("Caption: hello world") == ['text text="hello world"']


@pytest.mark.parametrize("sentence", ["a lighthouse at dusk", "draw a castle", "a new picture of a fox in the snow"])
def test_a_new_thing_is_painted_even_when_a_picture_is_there(sentence: str) -> None:
    assert understood(sentence, 1)[0].startswith("scene")


@pytest.mark.parametrize(
    "sentence", ["make the sea bluer", "the castle should be brighter", "a bit more like a forest"]
)
def test_a_thing_in_the_picture_is_no_new_scene(sentence: str) -> None:
    assert not understood(sentence, 1)[0].startswith("scene") or "forest" in sentence


@given(st.text(max_size=120), st.integers(0, 3))
@example(f"{grammar.MARK}0", 0)
@example(f"{grammar.MARK}7 “warmer” {grammar.MARK}x", 1)
def test_any_words_give_steps(sentence: str, pictures: int) -> None:
    wish = parse(sentence, pictures)
    assert wish.steps
    assert all(step.op in OPERATIONS or step.op in _OTHERS for step in wish.steps)


@given(
    st.lists(st.sampled_from(sorted({w for r in ROWS for w in r["sentence"].split()})), max_size=14), st.integers(0, 3)
)
def test_known_words_in_any_order_give_steps(words: list[str], pictures: int) -> None:
    assert parse(" ".join(words), pictures).steps


_OTHERS = {"more", "less", "undo", "original", "scene", "talk", "refuse"}
