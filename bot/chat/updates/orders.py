"""Commands at the beginning of what people write. Imports ``command_table``.

Some commands carry a wish (``/edit make it warmer``); for others the words behind them are the argument
(``/ratio 16:9``). The parser reads the words and not Telegram's entities, so that a command in a caption counts, too
(Bot API, Message.caption_entities).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.chat.command_table import ALWAYS_WISH, WISHES

UNSEEN = (
    r"\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    r"\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Invisible characters (Unicode, DerivedCoreProperties.txt, Default_Ignorable_Code_Point); keyboards insert some."""

SPACE = rf"[\s{UNSEEN}]"
DASH = r"[-\u2013\u2014]"
STOP = r"[,:;\u3001\uff0c\uff1a\uff1b]"
MARK = rf"(?:{DASH}|{STOP})"

BEFORE = re.compile(rf"(?:{SPACE}|{MARK})*")
"""Characters that may come before a command or the bot's name."""

BEHIND = re.compile(rf"(?:{STOP}|{DASH}(?!\d))*(?:{SPACE}|{MARK}++(?={SPACE}|$))*")
"""What may stand between a command and the words, as in "/edit: make it red" or "/edit - red".

A sign at the beginning of a word belongs to the word, as in "/edit -20% saturation" or "/edit :) a smile".
"""

COMMAND = re.compile(rf"{BEFORE.pattern}/(?P<name>(?a:\w{{1,64}}))(?:@(?P<bot>(?a:\w*)))?{BEHIND.pattern}")
"""A command at the beginning of some words.

Telegram makes no entity where a letter follows at once (td, MessageEntity.cpp, match_bot_commands). Chinese has no
spaces, so here it counts.
"""

SHAPE = re.compile(rf"([1-9]\d?)[:x\u00d7\uff1a]([1-9]\d?){SPACE}+(?=\S)")
"""A shape with a wish after it, as in "/ratio 16:9 wider, please"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The commands before some words: commands that carry the words as a wish, or ``name`` with them as its argument.

    ``bots``: the names of bots behind the commands. ``ratio``: the shape for this wish alone.
    """

    words: str
    name: str = ""
    carries: bool = False
    times: int = 1
    anew: bool = False
    ratio: str = ""
    bots: frozenset[str] = frozenset()

    @property
    def manner(self) -> Mapping[str, Any]:
        """Return how the wish is done."""
        return {"times": self.times, "anew": self.anew, "ratio": self.ratio}

    def meant_for(self, username: str) -> bool:
        """Return whether no command is for a bot with another name."""
        return self.bots <= {username.lower()}


def order_of(words: str) -> Order:
    """Read the commands before some words, one after another, until the rest begins with no command."""
    order = Order(words=words)
    while not order.name and (found := COMMAND.match(order.words)):
        name, rest = found["name"].lower(), order.words[found.end() :]
        order = replace(order, words=rest, bots=order.bots | ({found["bot"].lower()} if found["bot"] else set()))
        if name in WISHES and (rest or name in ALWAYS_WISH):
            order = replace(order, carries=True, **WISHES[name])
        elif name == "ratio" and (shape := SHAPE.match(rest)):
            order = replace(order, carries=True, ratio=f"{shape[1]}:{shape[2]}", words=rest[shape.end() :])
        elif name != "again" or not COMMAND.match(rest):
            # Of two commands that each do something the last one counts.
            order = replace(order, name=name)
    return replace(order, name="new") if order.anew and not (order.words or order.name) else order


def behind(words: str) -> str:
    """Return words without the signs that separated them from the bot's name before them."""
    return BEHIND.sub("", words, count=1)
