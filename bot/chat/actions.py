"""What the buttons of the bot bring back: reads their data, and links to the bot. Imports PTB.

``callback_data`` is ``action:turn id`` (1-64 bytes, Bot API, InlineKeyboardButton). It comes back from a client, so it
cannot be trusted: its handler checks that the turn belongs to the chat.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from telegram import InlineKeyboardMarkup

MOST_PAGES = 100_000
"""No list of people has so many pages; a forger may name one."""

_START = re.compile(r"go([0-9]{1,18})")
_NUMBER = re.compile(r"-?[0-9]{1,19}")


class GuestAt(NamedTuple):
    """What a button about a guest carries. ``page``: of the list of people; None under a question to an owner."""

    guest_id: int | None
    page: int | None


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

    ``turn_id``: below zero it is an update, as below a placeholder. ``caller_id``: for whom the button is.
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
    found = InlineAction(name, *map(int, numbers))
    # No database takes a larger number.
    return found if max(map(abs, found[1:])) < 2**63 else None


def turn_under(markup: InlineKeyboardMarkup | None) -> int | None:
    """Return the turn of the buttons under an answer; None for other buttons."""
    buttons = [button for row in markup.inline_keyboard for button in row] if markup else []
    datas = [button.callback_data for button in buttons if isinstance(button.callback_data, str)]
    inline = next((action.turn_id for action in map(inline_action_of, datas) if action and action.turn_id > 0), None)
    found = map(action_of, datas)
    return inline or next((action.turn_id for action in found if action.name in ("again", "show")), None)


def asker_under(markup: InlineKeyboardMarkup | None) -> tuple[int, str] | None:
    """Return the person whose question a message of the bot passed on, and their language; None for other messages."""
    buttons = [button for row in markup.inline_keyboard for button in row] if markup else []
    found = [action_of(button.callback_data) for button in buttons if isinstance(button.callback_data, str)]
    person_id, _, spoken = next((action.value for action in found if action.name == "answer"), "").partition("/")
    return (int(person_id), spoken) if person_id.isascii() and person_id.isdigit() else None


def guest_in(value: str) -> GuestAt:
    """Read what a button about a guest carries: ``id/page``, of which either may be missing or come from a forger."""
    guest_id, _, page = value.partition("/")
    place = _whole(page)
    return GuestAt(_whole(guest_id), place if place is not None and 0 <= place < MOST_PAGES else None)


def _whole(written: str) -> int | None:
    digits = written.removeprefix("-")
    return int(written) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None


def linked_turn(start: str) -> int | None:
    """Return the turn in the words behind ``/start`` that a link below an inline message brings; None for others."""
    found = _START.fullmatch(start)
    return int(found[1]) if found else None
