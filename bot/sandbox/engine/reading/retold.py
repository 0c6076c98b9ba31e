"""What the bot tells in words before the first turn that it replays, taken apart again.

May import: wire's ``Turn``. The words are those of ``bot/turns/request/contents.py``, which nothing here may import.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.sandbox.engine.wire import Turn

_BEGAN = "This conversation began with this picture:\n"
_HEADINGS = (_BEGAN, "Wished so far, ", "Wished earlier, of other pictures ", "The picture as it ")
_NOW = re.compile(r"\n(?:Now|Then): ")
_WISHES = re.compile(r"^Wished so far, [^\n]*:\n(?P<wishes>- .*?)(?=\nThe picture as it |\Z)", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retold:
    """A user turn as it was said, and the last of the wishes that were told before it, "" where none was."""

    turn: Turn
    last: str


def unfold(turn: Turn) -> Retold | None:
    """Return what was said in a user turn, without what is told ahead of it; None where nothing is."""
    said = _NOW.search(turn.text) if turn.text.startswith(_HEADINGS) else None
    if said is None:
        return None
    wishes = _WISHES.search(turn.text[: said.start()])
    last = wishes["wishes"].rpartition("\n- ")[2].removeprefix("- ") if wishes else ""
    # The picture that the conversation began with is there to be looked at, not to be changed.
    pictures = turn.pictures[1:] if turn.text.startswith(_BEGAN) else turn.pictures
    return Retold(turn=replace(turn, text=turn.text[said.end() :], pictures=pictures), last=last)
