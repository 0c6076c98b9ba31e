"""Buttons in every language: none is cut off on a phone, and all keep their order."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.chat.send import keyboards
from bot.texts import languages

FITTING = 36
"""How many characters a button may have that is alone in its row."""


def all_of(language: str) -> Iterator[InlineKeyboardMarkup | None]:
    """Make each keyboard with fixed labels that has several buttons."""
    for redoes in (False, True):
        yield keyboards.under_answer(language, 1, pictures=False, redoes=redoes)
        for other in ("painted", "only"):
            shapes = tuple(keyboards.SHAPES)
            yield keyboards.under_answer(
                language, 1, pictures=True, redoes=redoes, shapes=shapes, each=True, other=other
            )
    yield keyboards.under_failure(language, 1, ("try-again", "other-model", "new-conversation"))
    yield keyboards.under_failure(language, 1, ("make-3", "later-4", "buy"))
    yield keyboards.to_choose(language, [1, 2, 3, 4], 1)
    yield keyboards.to_forget(language, "1")
    yield keyboards.to_forget_surely(language, "forget-person", "1")
    yield keyboards.to_give_back(language, 1)
    yield keyboards.to_decide(language, 1)


@pytest.mark.parametrize("language", languages())
def test_no_label_is_cut_off_on_a_phone(language: str) -> None:
    for keyboard in all_of(language):
        assert keyboard is not None
        for row in keyboard.inline_keyboard:
            longest = keyboards.LONGEST_LABELS.get(len(row), FITTING)
            assert [one.text for one in row if len(one.text) > longest] == []


def test_german_buttons_get_a_row_more_where_english_ones_fit() -> None:
    def rows(language: str) -> list[list[str]]:
        keyboard = keyboards.under_answer(language, 1, pictures=True, redoes=True)
        return [[one.text for one in row] for row in keyboard.inline_keyboard]

    assert rows("en") == [["🔄 Again", "🎲 Four versions"], ["↩ Undo", "↪ Redo", "✨ New", "📎 File"]]
    assert rows("de") == [
        ["🔄 Noch einmal", "🎲 Vier Varianten"],
        ["↩ Rückgängig", "↪ Wiederholen"],
        ["✨ Neu", "📎 Datei"],
    ]


@given(st.lists(st.text(min_size=1, max_size=30), max_size=14), st.integers(1, 4))
def test_rows_keep_every_button_in_its_order(labels: list[str], most: int) -> None:
    rows = keyboards.in_rows([InlineKeyboardButton(label, callback_data="x") for label in labels], most)
    assert [one.text for row in rows for one in row] == labels
    for row in rows:
        assert 1 <= len(row) <= most
        assert len(row) == 1 or max(len(one.text) for one in row) <= keyboards.LONGEST_LABELS[len(row)]
