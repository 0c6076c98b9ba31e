"""Inline keyboards and the data of their buttons. Imports PTB and ``texts``.

``callback_data`` is ``action:turn id`` (1-64 bytes, Bot API, InlineKeyboardButton). It comes back from a client, so it
cannot be trusted: its handler checks that the turn belongs to the chat.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.texts import knows, say

HELP_ACTIONS = {"try-again": "again", "other-model": "models", "new-conversation": "new"}
"""The button for each remedy of an error. Other words and fewer pictures need no button."""

VERSIONS = {"1": "again", "2": "x2", "3": "x3", "4": "vary"}
"""The buttons that make a wish once more, by the number of versions."""

SHAPES = {"square": "1:1", "wide": "16:9", "tall": "9:16"}
"""The buttons that make a new picture once more in another shape."""

MOST_PAGES = 100_000
DATA_LIMIT_BYTES = 64
"""The limit of callback_data (Bot API, InlineKeyboardButton)."""


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


def turn_under(markup: InlineKeyboardMarkup | None) -> int | None:
    """Return the turn of the buttons under an answer; None for other buttons."""
    buttons = [button for row in markup.inline_keyboard for button in row] if markup else []
    found = [action_of(button.callback_data) for button in buttons if isinstance(button.callback_data, str)]
    return next((action.turn_id for action in found if action.name in ("again", "show")), None)


def under_answer(
    language: str, turn_id: int, *, pictures: bool, redoes: bool = False, shapes: Sequence[str] = ()
) -> InlineKeyboardMarkup:
    """Return the buttons under an answer; some only where it has a picture.

    ``redoes``: an undo led here. ``shapes``: names of :data:`SHAPES` in which a new picture can be made once more.
    """
    back = ("undo", "redo") if redoes else ("undo",)
    if not pictures:
        rows: list[Sequence[str]] = [("again", *back, "new")]
    else:
        rows = [("again", "vary"), (*back, "new", "file")] if redoes else [("again", "vary", "undo"), ("new", "file")]
    other = [InlineKeyboardButton(SHAPES[one], callback_data=f"{one}:{turn_id}") for one in shapes]
    buttons = [[_button(language, name, turn_id) for name in row] for row in rows]
    return InlineKeyboardMarkup([*buttons, other] if other else buttons)


def to_redo(language: str) -> InlineKeyboardMarkup:
    """Return the button that goes forward again from the beginning."""
    return InlineKeyboardMarkup([[_plain_button(language, "redo", "redo", "")]])


def under_failure(
    language: str, turn_id: int, help_keys: Sequence[str], *, buys_at: str = ""
) -> InlineKeyboardMarkup | None:
    """Return the buttons that may help after a failure; None where no button helps.

    ``buys_at``: the bot's username, in groups. There the button that sells leads whoever taps it to their own chat
    with the bot, which gets ``/start buy`` (core.telegram.org/bots/features#deep-linking).
    """
    found = [one for key in help_keys if (one := _help(language, key)) is not None]
    link = f"https://t.me/{buys_at}?start=buy" if buys_at else None
    buttons = [
        InlineKeyboardButton(label, url=link)
        if action == "buy" and link
        else InlineKeyboardButton(label, callback_data=f"{action}:{turn_id}")
        for label, action in found
    ]
    return InlineKeyboardMarkup([buttons]) if buttons else None


def _help(language: str, key: str) -> tuple[str, str] | None:
    """Return label and action of the button for a remedy; None where no button helps.

    ``later-N`` makes N versions once a limit has room again, ``make-N`` those for which it has room now,
    and ``buy`` sells pictures.
    """
    kind, _, number = key.partition("-")
    if kind == "make":
        return say(language, "button-make", count=int(number)), VERSIONS[number]
    if kind == "buy":
        return say(language, "button-buy"), "buy"
    if kind == "later":
        return say(language, "button-try-again"), VERSIONS[number]
    return (say(language, f"button-{key}"), HELP_ACTIONS[key]) if key in HELP_ACTIONS else None


def with_words_of(language: str, keyboard: InlineKeyboardMarkup, turn_ids: Sequence[int]) -> InlineKeyboardMarkup:
    """Return a keyboard with one more button for each version that came as words alone."""
    numbers = range(1, len(turn_ids) + 1) if len(turn_ids) > 1 else [0]
    rows = [
        [InlineKeyboardButton(say(language, "button-words", number=number), callback_data=f"words:{turn_id}")]
        for number, turn_id in zip(numbers, turn_ids, strict=True)
    ]
    return InlineKeyboardMarkup([*keyboard.inline_keyboard, *rows])


def to_choose(language: str, turn_ids: Sequence[int], leader_id: int) -> InlineKeyboardMarkup:
    """Return two buttons for each version, to go on from it and to get more like it, and one for four other ones."""
    numbered = [*enumerate(turn_ids, start=1)]
    chosen = [InlineKeyboardButton(str(number), callback_data=f"choose:{turn_id}") for number, turn_id in numbered]
    alike = [InlineKeyboardButton(f"≈ {number}", callback_data=f"like:{turn_id}") for number, turn_id in numbered]
    others = [_button(language, "vary", leader_id), _button(language, "new", leader_id)]
    return InlineKeyboardMarkup([chosen, alike, others])


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


def packs(language: str, sold: Sequence[tuple[int, int]]) -> InlineKeyboardMarkup:
    """Return a button for each pack. ``sold``: pictures and Stars of each."""
    return InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton(
                    say(language, "pack", count=pictures, stars=stars),
                    callback_data=f"pack:{pictures}:{stars}",
                )
            ]
            for pictures, stars in sold
        ]
    )


def for_support(
    language: str, person_id: int, spoken: str, payments: Sequence[tuple[int, int, str]]
) -> InlineKeyboardMarkup:
    """Return the buttons under a question to the owners about payments: to answer it, and to give each payment back.

    ``spoken``: the language of the person. ``payments``: number, Stars and time of each.
    """
    rows = [[_plain_button(language, "answer", "answer", f"{person_id}/{spoken}"[: DATA_LIMIT_BYTES - 8])]]
    rows += [
        [InlineKeyboardButton(say(language, "give-back", stars=stars, at=at), callback_data=f"give-back:{number}/")]
        for number, stars, at in payments
    ]
    return InlineKeyboardMarkup(rows)


def asker_under(markup: InlineKeyboardMarkup | None) -> tuple[int, str] | None:
    """Return the person whose question a message of the bot passed on, and their language; None for other messages."""
    buttons = [button for row in markup.inline_keyboard for button in row] if markup else []
    found = [action_of(button.callback_data) for button in buttons if isinstance(button.callback_data, str)]
    person_id, _, spoken = next((action.value for action in found if action.name == "answer"), "").partition("/")
    return (int(person_id), spoken) if person_id.isascii() and person_id.isdigit() else None


def to_give_back(language: str, number: int) -> InlineKeyboardMarkup:
    """Return the buttons under the question whether a payment is given back."""
    names = ("give-back-surely", "give-back-not")
    return InlineKeyboardMarkup([[_plain_button(language, name, name, f"{number}/") for name in names]])


def to_decide(language: str, guest_id: int) -> InlineKeyboardMarkup:
    """Return the buttons under the question whether a guest may use the bot."""
    return InlineKeyboardMarkup(
        [[_plain_button(language, name, name, f"{guest_id}/") for name in ("admit", "refuse", "block")]]
    )


def to_let_in(language: str, guest_id: int, *, blocked: bool) -> InlineKeyboardMarkup:
    """Return the button under a decision against a guest, which takes it back."""
    label = "unblock" if blocked else "admit"
    return InlineKeyboardMarkup([[_plain_button(language, label, "unblock", f"{guest_id}/")]])


def people(
    language: str, offered: Sequence[tuple[str, int, str]], page: int, *, more: bool
) -> InlineKeyboardMarkup | None:
    """Return the buttons of a page of people, and those that turn it. ``offered``: action, id and name of each."""
    rows = [
        [InlineKeyboardButton(f"{who}: {say(language, f'button-{name}')}", callback_data=f"{name}:{guest_id}/{page}")]
        for name, guest_id, who in offered
    ]
    turning = [("←", page - 1)] * (page > 0) + [("→", page + 1)] * more
    rows += [[InlineKeyboardButton(label, callback_data=f"people:/{to}") for label, to in turning]] if turning else []
    return InlineKeyboardMarkup(rows) if rows else None


def guest_in(value: str) -> GuestAt:
    """Read what a button about a guest carries: ``id/page``, of which either may be missing or come from a forger."""
    guest_id, _, page = value.partition("/")
    place = _whole(page)
    return GuestAt(_whole(guest_id), place if place is not None and 0 <= place < MOST_PAGES else None)


def _whole(written: str) -> int | None:
    digits = written.removeprefix("-")
    return int(written) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None


def settings(language: str, rows: Sequence[tuple[str, str]]) -> InlineKeyboardMarkup:
    """Return the first page of the settings. ``rows``: the name and the shown value of each setting."""
    buttons = [
        [InlineKeyboardButton(say(language, f"setting-{name}", value=value), callback_data=f"set-{name}:")]
        for name, value in rows
    ]
    return InlineKeyboardMarkup([*buttons, [_plain_button(language, "done", "settings", "done")]])


def choices(
    language: str,
    name: str,
    values: Sequence[tuple[str, str]],
    chosen: str,
    *,
    beside: Sequence[tuple[str, str]] = (),
    back: str = "settings:",
) -> InlineKeyboardMarkup:
    """Return the page of a setting: its values as ``(value, label)``, the chosen one marked, and Back.

    ``beside``: buttons to other pages of the same values, as ``(data, label)``. ``back``: the data of Back.
    """
    buttons = [
        InlineKeyboardButton(f"✓ {label}" if value == chosen else label, callback_data=data_of(name, value or "auto"))
        for value, label in values
    ]
    width = {"model": 1, "maker": 1, "language": 2}.get(name, 4)
    rows = [buttons[start : start + width] for start in range(0, len(buttons), width)]
    rows += [[InlineKeyboardButton(label, callback_data=data) for data, label in beside]] if beside else []
    rows.append([InlineKeyboardButton(say(language, "button-back"), callback_data=back)])
    return InlineKeyboardMarkup(rows)


def data_of(name: str, value: str) -> str:
    """Return the data of a choice's button. A value that is too long is replaced by its digest."""
    data = f"set-{name}:{value}"
    return data if len(data.encode()) <= DATA_LIMIT_BYTES else f"set-{name}:#{sha256(value.encode()).hexdigest()[:20]}"


def _plain_button(language: str, label: str, action: str, value: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(say(language, f"button-{label}"), callback_data=f"{action}:{value}")


def _button(language: str, name: str, turn_id: int) -> InlineKeyboardButton:
    assert knows(f"button-{name}")  # noqa: S101 - a misspelt action must not reach a person
    return InlineKeyboardButton(say(language, f"button-{name}"), callback_data=f"{name}:{turn_id}")
