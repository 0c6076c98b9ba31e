"""Whether an answer is an edit in place, from numbers alone: every limit, and the reason in one or two words.

Imports the standard library.
"""

from __future__ import annotations

import enum


class Verdict(enum.Enum):
    """What an answer is: an edit in place, a change of the whole, or something in between."""

    LOCAL = "local"
    GLOBAL = "global"
    UNSURE = "unsure"
