"""The table of commands and buttons: what exists, where it is offered, and how it is read. Imports ``events``.

The parser, the menus, ``/help``, the limits on what may wait, and the tests of README read it. Each row that does
something by itself has a method in ``commands``, marked with ``@verb``; a test finds a row without one.

A new command is a row here, a ``@verb`` method, the texts ``command-NAME`` and what it says, and a row in README.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from bot.chat.events import Commanded, Said


class InMenu(Enum):
    """Which menu shows a command. One that is sent elsewhere all the same is answered there."""

    BOTH = "both"
    PRIVATE = "private"
    GROUPS = "groups"
    GROUPS_AND_OWNERS = "groups and owners"
    """Of groups, and of the private chats of the bot's owners."""
    OWNERS = "owners"
    """Of the private chats of the bot's owners. For anybody else, and elsewhere, there is no such command."""
    SELLERS = "sellers"
    """As OWNERS, and shown only where Stars are sold."""
    SALE = "sale"
    """Of private chats, where Stars are sold. Where they are not, there is no such command."""
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command.

    ``wish``: it carries the words behind it as a wish, done in this manner; None for other commands.
    ``always_wishes``: it does so without words, too, and then asks for them. ``versions``: it makes an earlier wish
    once more, in so many versions. ``takes_words``: it uses or answers the words behind it; other commands say that
    they stand alone. ``about_an_answer``: in reply to an answer it is about that one. ``chooses``: it is a setting.
    """

    name: str
    menu: InMenu = InMenu.BOTH
    wish: Mapping[str, Any] | None = None
    always_wishes: bool = False
    versions: int = 0
    takes_words: bool = False
    about_an_answer: bool = False
    chooses: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """One button.

    ``versions``: it is a wish, in so many versions. ``brings_picture``: until it is sent, more presses are ignored.
    ``for_owners``: only the bot's owners get it; a press of anybody else is forged.
    """

    name: str
    versions: int = 0
    brings_picture: bool = False
    for_owners: bool = False


TABLE = (
    # Telegram's own Start button sends it, sometimes with words of a link after it.
    Command(name="start", menu=InMenu.PRIVATE, takes_words=True),
    # First in groups: to a bot in privacy mode Telegram passes commands on, but no mentions.
    Command(name="edit", wish={}, always_wishes=True),
    Command(name="help", takes_words=True),
    Command(name="new", wish={"anew": True}),
    Command(name="undo", about_an_answer=True),
    Command(name="redo"),
    Command(name="again", versions=1, takes_words=True, about_an_answer=True),
    *(
        Command(
            name=f"x{times}",
            menu=InMenu.BOTH if times == 4 else InMenu.NONE,
            wish={"times": times},
            versions=times,
            about_an_answer=True,
        )
        for times in (2, 3, 4)
    ),
    Command(name="file", about_an_answer=True),
    Command(name="cancel"),
    Command(name="tree"),
    Command(name="go", takes_words=True),
    Command(name="compare", takes_words=True, about_an_answer=True),
    Command(name="timelapse", about_an_answer=True),
    Command(name="context"),
    Command(name="save", takes_words=True),
    Command(name="saved"),
    Command(name="drop", takes_words=True),
    Command(name="export"),
    Command(name="forget"),
    Command(name="allow", menu=InMenu.GROUPS, takes_words=True),
    Command(name="limit", menu=InMenu.GROUPS_AND_OWNERS, takes_words=True),
    Command(name="settings"),
    *(Command(name=name, takes_words=True, chooses=True) for name in ("model", "ratio", "size", "effort", "language")),
    Command(name="usage"),
    Command(name="privacy"),
    *(Command(name=name, menu=InMenu.SALE) for name in ("buy", "terms")),
    Command(name="paysupport", menu=InMenu.SALE, takes_words=True),
    Command(name="people", menu=InMenu.OWNERS),
    *(Command(name=name, menu=InMenu.OWNERS, takes_words=True) for name in ("admit", "block", "unblock")),
    Command(name="refund", menu=InMenu.SELLERS, takes_words=True),
)
"""Every command, in the order of the menu, of ``/help`` and of README."""

VERSIONS = 4
"""How many versions of a wish the button under an answer makes."""

BUTTONS = (
    Button(name="again", versions=1, brings_picture=True),
    Button(name="vary", versions=VERSIONS, brings_picture=True),
    Button(name="x2", versions=2, brings_picture=True),
    Button(name="x3", versions=3, brings_picture=True),
    Button(name="like", versions=4, brings_picture=True),
    *(Button(name=shape, versions=1, brings_picture=True) for shape in ("square", "wide", "tall")),
    Button(name="join", versions=1, brings_picture=True),
    # Of up to ten pictures; it counts like the largest other wish, so that it is not always too many.
    Button(name="each-surely", versions=VERSIONS, brings_picture=True),
    Button(name="show", brings_picture=True),
    Button(name="file", brings_picture=True),
    *(Button(name=name, brings_picture=True) for name in ("painted", "only")),
    *(Button(name=name) for name in ("undo", "redo", "new", "choose", "words", "cancel", "models", "each")),
    *(Button(name=f"forget-{what}") for what in ("conversation", "person", "nothing")),
    *(Button(name=f"forget-{what}-surely") for what in ("conversation", "person")),
    *(Button(name=name) for name in ("buy", "pack")),
    *(Button(name=name, for_owners=True) for name in ("answer", "give-back", "give-back-surely", "give-back-not")),
    *(Button(name=name, for_owners=True) for name in ("people", "admit", "refuse", "block", "unblock")),
)
"""Every button with a verb. Those of the settings, ``set-NAME``, are pages of one message."""

FOR_OWNERS = tuple(one.name for one in TABLE if one.menu in (InMenu.OWNERS, InMenu.SELLERS))
FOR_SALE = tuple(one.name for one in TABLE if one.menu is InMenu.SALE)
AFTER_SALE = tuple(name for name in FOR_SALE if name != "buy")
"""What people who paid keep where nothing is sold any more."""
AFTER_SALE_FOR_OWNERS = tuple(one.name for one in TABLE if one.menu is InMenu.SELLERS)
KNOWN = frozenset(one.name for one in TABLE if one.name not in (*FOR_OWNERS, *FOR_SALE))
"""The commands that everybody has."""

_OF_GROUPS = (InMenu.GROUPS, InMenu.GROUPS_AND_OWNERS)
COMMANDS = tuple(one.name for one in TABLE if one.menu in (InMenu.BOTH, *_OF_GROUPS))
"""What ``/help`` and README list besides ``/start``."""

MOST_USED = ("new", "undo", "again", "x4", "file", "tree", "settings", "cancel")
"""The commands that ``/help`` shows by itself, in groups after ``/edit``."""

IN_GROUPS = tuple(one.name for one in TABLE if one.menu in _OF_GROUPS)
CHOICES = tuple(one.name for one in TABLE if one.chooses)
WISHES = {one.name: one.wish for one in TABLE if one.wish is not None}
"""Commands that carry a wish, and how it is done."""

ALWAYS_WISH = frozenset(one.name for one in TABLE if one.always_wishes)
REPEATS = {one.name: one.versions for one in TABLE if one.versions}
"""Commands that make a wish once more, and in how many versions."""

TAKING_WORDS = frozenset(one.name for one in TABLE if one.takes_words)
ABOUT_AN_ANSWER = frozenset(one.name for one in TABLE if one.about_an_answer)
PRESSED = frozenset(one.name for one in BUTTONS)
"""What a press may mean. A changed client can send any data, so the name of a command alone must do nothing."""

BUTTONS_FOR_OWNERS = frozenset(one.name for one in BUTTONS if one.for_owners)
PRESSED_WISHES = {one.name: one.versions for one in BUTTONS if one.versions} | {"inline-again": 1}
"""Buttons that are wishes, and in how many versions."""

MOST_VERSIONS = max(*REPEATS.values(), *PRESSED_WISHES.values())
"""The most pictures that one wish may ask for."""

SHOWING = frozenset(("show", "words", "file", "painted", "only"))
"""Buttons that show an answer which is there."""

BRINGING_PICTURES = frozenset(one.name for one in BUTTONS if one.brings_picture) | {"inline-again"}


def known_command(event: object) -> bool:
    """Return whether an event is one of this bot's commands, or has one under its picture."""
    command = event.command if isinstance(event, Said) else event
    return isinstance(command, Commanded) and command.name in KNOWN


def in_menu(*, private: bool, owner: bool = False, sells: bool = False) -> list[str]:
    """Return the names in the menu of private chats, of an owner's one, or of groups, in their order.

    ``sells``: the bot sells pictures for Stars.
    """
    here = {InMenu.BOTH, *((InMenu.PRIVATE,) if private else _OF_GROUPS)}
    here |= ({InMenu.SALE} if private and sells else set()) | ({InMenu.SELLERS} if owner and sells else set())
    here |= {InMenu.OWNERS, InMenu.GROUPS_AND_OWNERS} if owner else set()
    return [one.name for one in TABLE if one.menu in here]
