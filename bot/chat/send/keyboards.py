"""Inline keyboards and the data of their buttons. Imports PTB, ``split``, ``texts`` and ``records``.

``callback_data`` is ``action:turn id`` (1-64 bytes, Bot API, InlineKeyboardButton). It comes back from a client, so it
cannot be trusted: its handler checks that the turn belongs to the chat.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.chat.send.split import shorten
from bot.texts import knows, say
from storage.records import Key

HELP_ACTIONS = {"try-again": "again", "other-model": "models", "new-conversation": "new"}
"""The button for each remedy of an error. Other words and fewer pictures need no button."""


DATA_LIMIT_BYTES = 64
"""The limit of callback_data (Bot API, InlineKeyboardButton)."""


_START = re.compile(r"go([0-9]{1,18})")
_NUMBER = re.compile(r"-?[0-9]{1,19}")

MOST_BUTTONS, KEYBOARD_BYTES, BUTTON_BYTES = 90, 8000, 40
"""Telegram refuses a keyboard of more than 100 buttons or some 10 kB of JSON (tginfo/Telegram-Limits#187, #228)."""


class Action(NamedTuple):
    """The data of a button: its name, and a turn or another value."""

    name: str
    value: str

    @property
    def turn_id(self) -> int | None:
        """Return the value as the id of a turn; None where it is not a number."""
        return int(self.value) if self.value.isascii() and self.value.isdigit() and len(self.value) < 19 else None


def action_of(data: str) -> Action:
    """Read ``callback_data``."""
    name, _, value = data.partition(":")
    return Action(name, value)


class InlineAction(NamedTuple):
    """The data of a button below an inline message.

    ``turn_id``: below zero it is an update, see :func:`below_placeholder`. ``caller_id``: for whom the button is.
    ``topic``: that of the conversation, 0 if unknown.
    """

    name: str
    turn_id: int
    caller_id: int
    topic: int


def inline_action_of(data: str) -> InlineAction | None:
    """Read the ``callback_data`` of a button below an inline message; None for other data."""
    name, *numbers = data.split(":")
    if not name.startswith("inline-") or len(numbers) != 3 or not all(map(_NUMBER.fullmatch, numbers)):
        return None
    return InlineAction(name, *map(int, numbers))


def turn_under(markup: InlineKeyboardMarkup | None) -> int | None:
    """Return the turn of the buttons under an answer; None for other buttons."""
    buttons = [button for row in markup.inline_keyboard for button in row] if markup else []
    datas = [button.callback_data for button in buttons if isinstance(button.callback_data, str)]
    inline = next((action.turn_id for action in map(inline_action_of, datas) if action and action.turn_id > 0), None)
    found = map(action_of, datas)
    return inline or next((action.turn_id for action in found if action.name in ("again", "show")), None)


def under_answer(language: str, turn_id: int, *, pictures: bool) -> InlineKeyboardMarkup:
    """Return the buttons under an answer; some only where it has a picture."""
    rows = (("again", "vary", "undo"), ("new", "file")) if pictures else (("again", "undo", "new"),)
    return InlineKeyboardMarkup([[_button(language, name, turn_id) for name in row] for row in rows])


def under_failure(language: str, turn_id: int, help_keys: Sequence[str]) -> InlineKeyboardMarkup | None:
    """Return the buttons that may help after a failure; None where no button helps."""
    actions = [(key, HELP_ACTIONS[key]) for key in help_keys if key in HELP_ACTIONS]
    buttons = [
        InlineKeyboardButton(say(language, f"button-{key}"), callback_data=f"{action}:{turn_id}")
        for key, action in actions
    ]
    return InlineKeyboardMarkup([buttons]) if buttons else None


def with_words_of(language: str, keyboard: InlineKeyboardMarkup, turn_ids: Sequence[int]) -> InlineKeyboardMarkup:
    """Return a keyboard with one more button for each version that came as words alone."""
    numbers = range(1, len(turn_ids) + 1) if len(turn_ids) > 1 else [0]
    rows = [
        [InlineKeyboardButton(say(language, "button-words", number=number), callback_data=f"words:{turn_id}")]
        for number, turn_id in zip(numbers, turn_ids, strict=True)
    ]
    return InlineKeyboardMarkup([*keyboard.inline_keyboard, *rows])


def to_choose(language: str, turn_ids: Sequence[int], leader_id: int) -> InlineKeyboardMarkup:
    """Return one button for each version, and one for four more versions."""
    numbers = [
        InlineKeyboardButton(str(number), callback_data=f"choose:{turn_id}")
        for number, turn_id in enumerate(turn_ids, start=1)
    ]
    return InlineKeyboardMarkup([numbers, [_button(language, "vary", leader_id), _button(language, "new", leader_id)]])


def to_forget(language: str, asked: str) -> InlineKeyboardMarkup:
    """Return the choices of what to forget, the harmless one last. ``asked``: when the person asked, and who it was."""
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
    """Return the button that makes a wish again with pictures that came late."""
    button = InlineKeyboardButton(say(language, "button-join", count=count), callback_data=f"join:{turn_id}")
    return InlineKeyboardMarkup([[button]])


def to_show(language: str, turn_id: int) -> InlineKeyboardMarkup:
    """Return the button that shows an answer again that may not have arrived."""
    return InlineKeyboardMarkup([[_button(language, "show", turn_id)]])


def below_placeholder(language: str, key: Key, update_id: int = 0) -> InlineKeyboardMarkup:
    """Return the button below an inline message that waits for its picture. A press of it tells which message it is.

    There is no turn yet, so it names the update, as a number below zero; 0 for the only wish of its conversation.
    """
    return InlineKeyboardMarkup([[_inline_button(language, "inline-ready", "show", -update_id, key)]])


def below_inline(language: str, turn_id: int, key: Key, username: str) -> InlineKeyboardMarkup:
    """Return the buttons below an answer in an inline message: again, and go on in the private chat."""
    again = _inline_button(language, "again", "again", turn_id, key)
    return InlineKeyboardMarkup([[again], [_link(language, "inline-private", turn_id, username)]])


def below_unshown(language: str, turn_id: int, key: Key, username: str) -> InlineKeyboardMarkup:
    """Return the buttons of an answer that has to wait until the person opens a chat with the bot."""
    show = _inline_button(language, "inline-show-here", "show", turn_id, key)
    return InlineKeyboardMarkup([[_link(language, "inline-open", turn_id, username)], [show]])


def linked_turn(start: str) -> int | None:
    """Return the turn in the words behind ``/start`` that a link of :func:`below_inline` brings; None for others."""
    found = _START.fullmatch(start)
    return int(found[1]) if found else None


def _inline_button(language: str, label: str, name: str, turn_id: int, key: Key) -> InlineKeyboardButton:
    data = f"inline-{name}:{turn_id}:{key.chat_id}:{key.topic_id}"
    return InlineKeyboardButton(say(language, f"button-{label}"), callback_data=data)


def _link(language: str, label: str, turn_id: int, username: str) -> InlineKeyboardButton:
    """Return a link that opens the private chat with the turn's number. It opens the turn for its own person alone."""
    url = f"https://t.me/{username}?start=go{turn_id}"
    return InlineKeyboardButton(say(language, f"button-{label}"), url=url)


def settings(language: str, rows: Sequence[tuple[str, str]]) -> InlineKeyboardMarkup:
    """Return the first page of the settings. ``rows``: the name and the shown value of each setting."""
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(say(language, f"setting-{name}", value=value), callback_data=f"set-{name}:")]
            for name, value in rows
        ]
    )


def choices(language: str, name: str, values: Sequence[tuple[str, str]], chosen: str) -> InlineKeyboardMarkup:
    """Return the page of a setting: its values as ``(value, label)``, the chosen one marked, and Back."""
    buttons = [
        InlineKeyboardButton(f"✓ {label}" if value == chosen else label, callback_data=data_of(name, value or "auto"))
        for value, label in values
    ]
    width = {"model": 1, "language": 2}.get(name, 4)
    rows = [buttons[start : start + width] for start in range(0, len(buttons), width)]
    rows.append([InlineKeyboardButton(say(language, "button-back"), callback_data="settings:")])
    return InlineKeyboardMarkup(rows)


def fitting(name: str, values: Sequence[tuple[str, str]], chosen: str) -> list[tuple[str, str]]:
    """Return as many values of a setting as fit into one keyboard, among them the chosen one."""
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
    """Return the data of a choice's button. A value that is too long is replaced by its digest."""
    data = f"set-{name}:{value}"
    return data if len(data.encode()) <= DATA_LIMIT_BYTES else f"set-{name}:#{sha256(value.encode()).hexdigest()[:20]}"


def _plain_button(language: str, label: str, action: str, value: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(say(language, f"button-{label}"), callback_data=f"{action}:{value}")


def _button(language: str, name: str, turn_id: int) -> InlineKeyboardButton:
    assert knows(f"button-{name}")  # noqa: S101 - a misspelt action must not reach a person
    return InlineKeyboardButton(say(language, f"button-{name}"), callback_data=f"{name}:{turn_id}")
