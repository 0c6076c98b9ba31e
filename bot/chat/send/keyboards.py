"""Inline keyboards and what their buttons say back. Imports PTB, ``split`` and ``texts``.

``callback_data`` is ``action:turn id`` (1-64 bytes, Bot API, InlineKeyboardButton). It comes back from a client, so it
is only ever a wish: whoever handles it checks that the turn belongs to the chat.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.chat.send.split import shorten
from bot.texts import knows, say

HELP_ACTIONS = {"try-again": "again", "other-model": "models", "new-conversation": "new"}
"""Which action serves which of an error's remedies; rephrasing and fewer pictures need no button."""


DATA_LIMIT_BYTES = 64
"""Of callback_data (Bot API, InlineKeyboardButton)."""


MOST_BUTTONS, KEYBOARD_BYTES, BUTTON_BYTES = 90, 8000, 40
"""Telegram refuses a keyboard of more than 100 buttons or some 10 kB of JSON (tginfo/Telegram-Limits#187, #228)."""


class Action(NamedTuple):
    """A pressed button: what it asks for, and the turn or value that it speaks of."""

    name: str
    value: str

    @property
    def turn_id(self) -> int | None:
        """Return the value as a turn's id, None where it is none."""
        return int(self.value) if self.value.isascii() and self.value.isdigit() and len(self.value) < 19 else None


def parse(data: str) -> Action:
    """Read ``callback_data``."""
    name, _, value = data.partition(":")
    return Action(name, value)


def turn_under(markup: InlineKeyboardMarkup | None) -> int | None:
    """Return the turn that the buttons under one answer speak of; None for others."""
    buttons = [button for row in markup.inline_keyboard for button in row] if markup else []
    found = [parse(button.callback_data) for button in buttons if isinstance(button.callback_data, str)]
    return next((action.turn_id for action in found if action.name in ("again", "show")), None)


def under_answer(language: str, turn_id: int, *, pictures: bool) -> InlineKeyboardMarkup:
    """Return the buttons under an answer; File only where there is a picture."""
    rows = (("again", "vary", "undo"), ("new", "file")) if pictures else (("again", "undo", "new"),)
    return InlineKeyboardMarkup([[_button(language, name, turn_id) for name in row] for row in rows])


def under_failure(language: str, turn_id: int, help_keys: Sequence[str]) -> InlineKeyboardMarkup | None:
    """Return the buttons that may help after a failure, None where only other words would."""
    actions = [(key, HELP_ACTIONS[key]) for key in help_keys if key in HELP_ACTIONS]
    buttons = [
        InlineKeyboardButton(say(language, f"button-{key}"), callback_data=f"{action}:{turn_id}")
        for key, action in actions
    ]
    return InlineKeyboardMarkup([buttons]) if buttons else None


def to_choose(language: str, turn_ids: Sequence[int], leader_id: int) -> InlineKeyboardMarkup:
    """Return a button for each of several versions, and one for another round of them."""
    numbers = [
        InlineKeyboardButton(str(number), callback_data=f"choose:{turn_id}")
        for number, turn_id in enumerate(turn_ids, start=1)
    ]
    return InlineKeyboardMarkup([numbers, [_button(language, "vary", leader_id), _button(language, "new", leader_id)]])


def to_forget(language: str, asked: str) -> InlineKeyboardMarkup:
    """Return the choices of what to forget, the harmless one last. ``asked`` says when that was asked, and by whom."""
    names = ("forget-conversation", "forget-person", "forget-nothing")
    return InlineKeyboardMarkup([[_plain_button(language, name, name, asked)] for name in names])


def to_forget_surely(language: str, what: str, asked: str) -> InlineKeyboardMarkup:
    """Return the last question's buttons: delete for good, or keep all."""
    really = _plain_button(language, "forget-surely", f"{what}-surely", asked)
    return InlineKeyboardMarkup([[really, _plain_button(language, "forget-nothing", "forget-nothing", asked)]])


def to_cancel(language: str, turn_id: int) -> InlineKeyboardMarkup:
    """Return the button that stops a turn."""
    return InlineKeyboardMarkup([[_button(language, "cancel", turn_id)]])


def to_join(language: str, turn_id: int, count: int) -> InlineKeyboardMarkup:
    """Return the button that does a wish again with pictures that came late."""
    button = InlineKeyboardButton(say(language, "button-join", count=count), callback_data=f"join:{turn_id}")
    return InlineKeyboardMarkup([[button]])


def to_show(language: str, turn_id: int) -> InlineKeyboardMarkup:
    """Return the button that sends an answer again whose arrival is unknown."""
    return InlineKeyboardMarkup([[_button(language, "show", turn_id)]])


def settings(language: str, rows: Sequence[tuple[str, str]]) -> InlineKeyboardMarkup:
    """Return the first page of the settings: ``(name, value as shown)`` per row."""
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(say(language, f"setting-{name}", value=value), callback_data=f"set-{name}:")]
            for name, value in rows
        ]
    )


def choices(language: str, name: str, values: Sequence[tuple[str, str]], chosen: str) -> InlineKeyboardMarkup:
    """Return one setting's values as ``(value, label)``, three a row, the chosen one marked, and the way back."""
    buttons = [
        InlineKeyboardButton(f"✓ {label}" if value == chosen else label, callback_data=data_of(name, value or "auto"))
        for value, label in values
    ]
    width = {"model": 1, "language": 2}.get(name, 4)
    rows = [buttons[start : start + width] for start in range(0, len(buttons), width)]
    rows.append([InlineKeyboardButton(say(language, "button-back"), callback_data="settings:")])
    return InlineKeyboardMarkup(rows)


def fitting(name: str, values: Sequence[tuple[str, str]], chosen: str) -> list[tuple[str, str]]:
    """Return as many of a setting's values as one keyboard holds, the chosen one among them."""
    found: list[tuple[str, str]] = []
    left_bytes = KEYBOARD_BYTES
    for value, label in sorted(values, key=lambda one: one[0] != chosen):
        label = shorten(label)
        left_bytes -= len(label.encode()) + len(data_of(name, value).encode()) + BUTTON_BYTES
        if left_bytes < 0 or len(found) == MOST_BUTTONS:
            break
        found.append((value, label))
    order = [value for value, _ in values]
    return sorted(found, key=lambda one: order.index(one[0]))


def data_of(name: str, value: str) -> str:
    """Return what a choice's button says back; a value that is too long stands as its digest."""
    data = f"set-{name}:{value}"
    return data if len(data.encode()) <= DATA_LIMIT_BYTES else f"set-{name}:#{sha256(value.encode()).hexdigest()[:20]}"


def _plain_button(language: str, label: str, action: str, value: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(say(language, f"button-{label}"), callback_data=f"{action}:{value}")


def _button(language: str, name: str, turn_id: int) -> InlineKeyboardButton:
    assert knows(f"button-{name}")  # noqa: S101 - a misspelt action must not reach a person
    return InlineKeyboardButton(say(language, f"button-{name}"), callback_data=f"{name}:{turn_id}")
