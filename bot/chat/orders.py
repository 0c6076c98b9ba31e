"""Commands at the beginning of what people write. Imports the standard library only.

Some carry a wish (``/edit make it warmer``), of others the words behind them are the argument (``/ratio 16:9``). Words
are looked at, not Telegram's marks: in a caption a command is a command as well (Bot API, Message.caption_entities).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

BEFORE_WORDS = " \n,:;-\N{EN DASH}\N{EM DASH}"
"""What may stand between the bot's name or a command and the words."""

COMMAND = re.compile(rf"/(?P<name>(?a:\w{{1,64}}))(?:@(?P<bot>(?a:\w*)))?[\s{re.escape(BEFORE_WORDS)}]*")
"""A command at the beginning of some words.

Telegram marks none where a letter follows at once (td, MessageEntity.cpp, match_bot_commands), but Chinese has no
spaces, so such words can still be meant as one.
"""

WISHES: Mapping[str, Mapping[str, Any]] = {
    "edit": {},
    "new": {"anew": True},
    **{f"x{times}": {"times": times} for times in (2, 3, 4)},
}
"""Commands behind which a wish stands, and what they want of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What stands before some words: commands that carry them as a wish, or ``name``, of which they are the argument.

    ``bots``: for whom the commands are, as far as they say.
    """

    words: str
    name: str = ""
    carries: bool = False
    times: int = 1
    anew: bool = False
    bots: frozenset[str] = frozenset()

    def meant_for(self, username: str) -> bool:
        """Tell whether none of the commands is for another bot than the one of this name."""
        return self.bots <= {username.lower()}


def order_of(words: str) -> Order:
    """Read the commands before some words, one behind the other: what is left of a wish begins with none."""
    order = Order(words=words)
    while not order.name and (found := COMMAND.match(order.words)):
        name, rest = found["name"].lower(), order.words[found.end() :]
        order = replace(order, words=rest, bots=order.bots | ({found["bot"].lower()} if found["bot"] else set()))
        if name in WISHES and (rest or name == "edit"):
            order = replace(order, carries=True, **WISHES[name])
        else:
            order = replace(order, name=name)
    return replace(order, name="new") if order.anew and not order.words else order
