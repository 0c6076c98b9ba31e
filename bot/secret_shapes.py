"""The shapes of secrets in text, for log lines and provider messages. Imports the standard library alone."""

from __future__ import annotations

import re
from collections.abc import Iterable

HIDDEN = "[hidden]"
"""The text that replaces a secret."""

KEYS = re.compile(
    r"\bAIza[0-9A-Za-z_-]{20,}"  # Google API keys
    r"|\bsk-[0-9A-Za-z_-]{8,}|\b[rp]k-[0-9A-Za-z_-]{16,}"  # keys of services in OpenAI's and Stripe's manner
    r"|\bya29\.[0-9A-Za-z_.-]+"  # Google access tokens
)


def pattern_of(secrets: Iterable[str]) -> re.Pattern[str] | None:
    """Return a pattern that finds any of these values, the longest first; None if there are none."""
    known = sorted(set(secrets), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, known))) if known else None
