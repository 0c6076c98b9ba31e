"""Finds the page of a PDF that somebody names: "page 3", "Seite 3", "página 3", "стр. 3", "第3页". Pure."""

from __future__ import annotations

import re

_NAMED = re.compile(
    r"(?:\b(?:page|p\.|pg\.?|seite|s\.|p[aá]gina|p[aá]g\.?|страниц\w*|стр\.?)\s*(?P<after>\d{1,4})\b)"
    r"|(?:\b(?P<before>\d{1,4})(?:(?:st|nd|rd|th|\.|ª)?\s*(?:page|seite|p[aá]gina)|-?(?:я|й|ую|ю|ой|ей)\s+страниц\w*)\b)"
    r"|(?:第?\s*(?P<chinese>\d{1,4})\s*[页頁])",
    re.IGNORECASE,
)
"""The word for a page in the bot's languages, and a number beside it."""


def page_named(words: str) -> int:
    """Return the first page that the words name, 1 where they name none."""
    found = _NAMED.search(words)
    return int(next(filter(None, found.groups()))) if found else 1
