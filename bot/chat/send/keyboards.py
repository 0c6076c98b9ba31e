"""Inline keyboards and the data of their buttons, which ``actions`` reads. Imports PTB, ``texts`` and ``records``."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import KeyboardButtonStyle

from bot.texts import knows, say
from storage.records import Key, Turn

HELP_ACTIONS = {"try-again": "again", "other-model": "models", "new-conversation": "new"}
"""The button for each remedy of an error. Other words and fewer pictures need no button."""

VERSIONS = {"1": "again", "2": "x2", "3": "x3", "4": "vary"}
"""The buttons that make a wish once more, by the number of versions."""

SHAPES = {"square": "1:1", "wide": "16:9", "tall": "9:16"}
"""The buttons that make a new picture once more in another shape."""

LONGEST_LABELS = {2: 17, 3: 10, 4: 7}
"""How many characters a label may have in a row of so many buttons. Telegram gives all of a row the same width, on a
phone about 290 points together, and cuts off what is longer. Alone, a label fits."""

DATA_LIMIT_BYTES = 64
"""The limit of callback_data (Bot API, InlineKeyboardButton)."""


def under_answer(
    language: str,
    turn_id: int,
    *,
    pictures: bool,
    redoes: bool = False,
    shapes: Sequence[str] = (),
    each: bool = False,
    other: str = "",
) -> InlineKeyboardMarkup:
    """Return the buttons under an answer; some only where it has a picture.

    ``redoes``: an undo led here. ``shapes``: names of :data:`SHAPES` in which a new picture can be made once more.
    ``each``: the wish brought several pictures, and may be done on each of them. ``other``: the name of the button for
    the other picture of an answer that has a restored one, or could have one.
    """
    back = ("undo", "redo") if redoes else ("undo",)
    if not pictures:
        groups: list[Sequence[str]] = [("again", "new"), back] if redoes else [("again", "undo", "new")]
    else:
        groups = [("again", "vary"), (*back, "new", "file")]
    groups += [("each",)] if each else []
    groups += [(other,)] if other else []
    shaped = [InlineKeyboardButton(SHAPES[one], callback_data=f"{one}:{turn_id}") for one in shapes]
    rows = [row for group in groups for row in in_rows([_button(language, name, turn_id) for name in group])]
    return InlineKeyboardMarkup([*rows, shaped] if shaped else rows)


def in_rows(
    buttons: Sequence[InlineKeyboardButton], most: int = max(LONGEST_LABELS)
) -> list[list[InlineKeyboardButton]]:
    """Return buttons in rows of at most ``most``, in their order, so that no label is cut off on a phone."""
    rows: list[list[InlineKeyboardButton]] = []
    for button in buttons:
        if rows and len(rows[-1]) < most and _fits([*rows[-1], button]):
            rows[-1].append(button)
        else:
            rows.append([button])
    # A last button that is left alone takes the one before it along.
    if len(rows) > 1 and len(rows[-1]) == 1 < len(rows[-2]) and _fits([rows[-2][-1], *rows[-1]]):
        rows[-1].insert(0, rows[-2].pop())
    return rows


def _fits(row: Sequence[InlineKeyboardButton]) -> bool:
    return len(row) == 1 or all(len(button.text) <= LONGEST_LABELS[len(row)] for button in row)


def under_turn(turn: Turn, language: str, *, redoes: bool = False, shapes: Sequence[str] = ()) -> InlineKeyboardMarkup:
    """Return the buttons under the answer of a turn; see :func:`under_answer`."""
    pictures = bool(turn.shown)
    each = pictures and turn.brought_several
    other = "painted" if turn.restored and turn.restored.taken else "only" if turn.restored or turn.offered_from else ""
    return under_answer(language, turn.id, pictures=pictures, redoes=redoes, shapes=shapes, each=each, other=other)


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
    return InlineKeyboardMarkup(in_rows(buttons)) if buttons else None


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
    return InlineKeyboardMarkup([chosen, alike, *in_rows(others)])


def to_forget(language: str, asked: str) -> InlineKeyboardMarkup:
    """Return the choices of what to forget, the harmless one last. ``asked``: when the person asked, and who it was."""
    names = ("forget-conversation", "forget-person", "forget-nothing")
    return InlineKeyboardMarkup([[_plain_button(language, name, name, asked)] for name in names])


def to_forget_surely(language: str, what: str, asked: str) -> InlineKeyboardMarkup:
    """Return the last question's buttons: delete for good, or keep all."""
    really = _plain_button(language, "forget-surely", f"{what}-surely", asked)
    return InlineKeyboardMarkup(in_rows([really, _plain_button(language, "forget-nothing", "forget-nothing", asked)]))


def to_cancel(language: str, turn_id: int) -> InlineKeyboardMarkup:
    """Return the button that stops a turn."""
    return InlineKeyboardMarkup([[_button(language, "cancel", turn_id, style=KeyboardButtonStyle.DANGER)]])


def to_join(language: str, turn_id: int, count: int) -> InlineKeyboardMarkup:
    """Return the button that makes a wish again with pictures that came late."""
    button = InlineKeyboardButton(say(language, "button-join", count=count), callback_data=f"join:{turn_id}")
    return InlineKeyboardMarkup([[button]])


def to_do_each(language: str, turn_id: int, count: int) -> InlineKeyboardMarkup:
    """Return the button that does a wish on each of its pictures."""
    button = InlineKeyboardButton(
        say(language, "button-each-surely", count=count), callback_data=f"each-surely:{turn_id}"
    )
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


def to_give_back(language: str, number: int) -> InlineKeyboardMarkup:
    """Return the buttons under the question whether a payment is given back."""
    names = ("give-back-surely", "give-back-not")
    return InlineKeyboardMarkup(in_rows([_plain_button(language, name, name, f"{number}/") for name in names]))


def to_decide(language: str, guest_id: int) -> InlineKeyboardMarkup:
    """Return the buttons under the question whether a guest may use the bot."""
    return InlineKeyboardMarkup(
        in_rows([_plain_button(language, name, name, f"{guest_id}/") for name in ("admit", "refuse", "block")])
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


def below_placeholder(language: str, key: Key, update_id: int = 0) -> InlineKeyboardMarkup:
    """Return the button below an inline message that waits for its picture. A press of it tells which message it is.

    There is no turn yet, so it names the update, as a number below zero; 0 for the only wish of its conversation.
    """
    return InlineKeyboardMarkup([[_inline_button(language, "inline-ready", "show", -update_id, key)]])


def below_inline(
    language: str, turn_id: int, key: Key, username: str, help_keys: Sequence[str] = ()
) -> InlineKeyboardMarkup:
    """Return the buttons below an answer in an inline message: again, and go on in the private chat.

    ``help_keys``: what helps after a failure; where that is to buy pictures, it happens in the private chat.
    """
    later = any(one.startswith("later-") for one in help_keys)
    rows = [[_inline_button(language, "try-again" if later else "again", "again", turn_id, key)]]
    rows += [[_link(language, "buy", "buy", username)]] if "buy" in help_keys else []
    return InlineKeyboardMarkup([*rows, [_link(language, "inline-private", f"go{turn_id}", username)]])


def to_private(language: str, username: str) -> InlineKeyboardMarkup:
    """Return the button of an inline message that opens the private chat."""
    return InlineKeyboardMarkup([[_link(language, "inline-open", "chat", username)]])


def below_unshown(language: str, turn_id: int, key: Key, username: str) -> InlineKeyboardMarkup:
    """Return the buttons of an answer that has to wait until the person opens a chat with the bot."""
    show = _inline_button(language, "inline-show-here", "show", turn_id, key)
    return InlineKeyboardMarkup([[_link(language, "inline-open", f"go{turn_id}", username)], [show]])


def _inline_button(language: str, label: str, name: str, turn_id: int, key: Key) -> InlineKeyboardButton:
    data = f"inline-{name}:{turn_id}:{key.chat_id}:{key.topic_id}"
    return InlineKeyboardButton(say(language, f"button-{label}"), callback_data=data)


def _link(language: str, label: str, start: str, username: str) -> InlineKeyboardButton:
    """Return a link that opens the private chat with a word behind ``/start``. A turn opens for its own person only."""
    return InlineKeyboardButton(say(language, f"button-{label}"), url=f"https://t.me/{username}?start={start}")


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
        InlineKeyboardButton(
            f"✓ {label}" if value == chosen else label,
            callback_data=data_of(name, value or "auto"),
            style=KeyboardButtonStyle.SUCCESS if value == chosen else None,
        )
        for value, label in values
    ]
    rows = in_rows(buttons, {"model": 1, "maker": 1, "keep": 1, "language": 2}.get(name, max(LONGEST_LABELS)))
    rows += in_rows([InlineKeyboardButton(label, callback_data=data) for data, label in beside])
    rows.append([InlineKeyboardButton(say(language, "button-back"), callback_data=back)])
    return InlineKeyboardMarkup(rows)


def data_of(name: str, value: str) -> str:
    """Return the data of a choice's button. A value that is too long is replaced by its digest."""
    data = f"set-{name}:{value}"
    return data if len(data.encode()) <= DATA_LIMIT_BYTES else f"set-{name}:#{sha256(value.encode()).hexdigest()[:20]}"


def _plain_button(language: str, label: str, action: str, value: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(say(language, f"button-{label}"), callback_data=f"{action}:{value}")


def _button(language: str, name: str, turn_id: int, style: str | None = None) -> InlineKeyboardButton:
    assert knows(f"button-{name}")  # noqa: S101 - a misspelt action must not reach a person
    return InlineKeyboardButton(say(language, f"button-{name}"), callback_data=f"{name}:{turn_id}", style=style)
