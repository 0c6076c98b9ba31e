"""What is on the buttons means the same when somebody writes it."""

from __future__ import annotations

import pytest

from bot.chat.updates.labels import command_said
from bot.texts import languages, say

LABELS = {
    "button-undo": "undo",
    "button-redo": "redo",
    "button-again": "again",
    "button-new": "new",
    "button-new-conversation": "new",
    "button-cancel": "cancel",
}


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("key", LABELS)
def test_every_label_is_known_with_its_sign_and_without(language: str, key: str) -> None:
    label = say(language, key)
    for written in (label, label.strip("🔄↩↪✨ "), f" {label.upper()}! "):
        assert command_said(written) == LABELS[key]


@pytest.mark.parametrize("words", ["Еще раз", "ЕЩЁ РАЗ!!", "ещё раз…"])
def test_russian_io_may_be_written_as_ie(words: str) -> None:
    assert command_said(words) == "again"


@pytest.mark.parametrize(
    "words", ["Undo that!", "Zurück", "deshazlo", "Desfaz", "desfaça", "отмени", "Отмени!", "назад"]
)
def test_undo_is_known_as_people_say_it_to_somebody(words: str) -> None:
    """A button has the bare verb; to somebody one says "do it"."""
    assert command_said(words) == "undo"


@pytest.mark.parametrize(
    "words",
    ["", "!", "🔄", "undo the sky", "a new boat", "newer", "again and again", "stop sign", "neues", "x" * 10_000],
)
def test_other_words_are_wishes(words: str) -> None:
    assert command_said(words) == ""
