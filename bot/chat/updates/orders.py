"""Commands at the beginning of what people write. Imports ``command_table``.

Some carry a wish (``/edit make it warmer``), of others the words behind them are the argument (``/ratio 16:9``). Words
are looked at, not Telegram's marks: in a caption a command is a command as well (Bot API, Message.caption_entities).
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
"""Signs that nobody sees (Unicode, DerivedCoreProperties.txt, Default_Ignorable_Code_Point); keyboards put some in."""

SPACE = rf"[\s{UNSEEN}]"
DASH = r"[-\u2013\u2014]"
STOP = r"[,:;\u3001\uff0c\uff1a\uff1b]"
MARK = rf"(?:{DASH}|{STOP})"

BEFORE = re.compile(rf"(?:{SPACE}|{MARK})*")
"""What may stand before a command or the bot's name."""

BEHIND = re.compile(rf"(?:{STOP}|{DASH}(?!\d))*(?:{SPACE}|{MARK}++(?={SPACE}|$))*")
"""What may stand between them and the words, as in "/edit: make it red" or "/edit - red".

What begins a word belongs to it, as in "/edit -20% saturation" or "/edit :) a smile".
"""

COMMAND = re.compile(rf"{BEFORE.pattern}/(?P<name>(?a:\w{{1,64}}))(?:@(?P<bot>(?a:\w*)))?{BEHIND.pattern}")
"""A command at the beginning of some words.

Telegram marks none where a letter follows at once (td, MessageEntity.cpp, match_bot_commands), but Chinese has no
spaces, so such words can still be meant as one.
"""

SHAPE = re.compile(rf"([1-9]\d?:[1-9]\d?){SPACE}+(?=\S)")
"""A shape with a wish behind it, as in "/ratio 16:9 wider, please"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What stands before some words: commands that carry them as a wish, or ``name``, of which they are the argument.

    ``bots``: for whom the commands are, as far as they say. ``ratio``: the shape that the wish alone shall have.
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
        """Return how its wish is to be done."""
        return {"times": self.times, "anew": self.anew, "ratio": self.ratio}

    def meant_for(self, username: str) -> bool:
        """Tell whether none of the commands is for another bot than the one of this name."""
        return self.bots <= {username.lower()}


def order_of(words: str) -> Order:
    """Read the commands before some words, one behind the other: what is left of a wish begins with none."""
    order = Order(words=words)
    while not order.name and (found := COMMAND.match(order.words)):
        name, rest = found["name"].lower(), order.words[found.end() :]
        order = replace(order, words=rest, bots=order.bots | ({found["bot"].lower()} if found["bot"] else set()))
        if name in WISHES and (rest or name in ALWAYS_WISH):
            order = replace(order, carries=True, **WISHES[name])
        elif name == "ratio" and (shape := SHAPE.match(rest)):
            order = replace(order, carries=True, ratio=shape[1], words=rest[shape.end() :])
        elif name != "again" or not COMMAND.match(rest):
            # Two commands that each do something: the last one is meant, as behind those that carry a wish.
            order = replace(order, name=name)
    return replace(order, name="new") if order.anew and not (order.words or order.name) else order


def behind(words: str) -> str:
    """Return words without what stands between the bot's name, which was before them, and themselves."""
    return BEHIND.sub("", words, count=1)
