"""Makes text of providers fit to show: without secrets and markup, and short.

Imports ``secret_shapes``. All text of providers passes here before it enters an error or a log line.
"""

from __future__ import annotations

import html
import re

from bot.secret_shapes import HIDDEN, KEYS, pattern_of

SHORTEST_SECRET = 4
"""Known values below this length are not looked for."""

_SHAPES = re.compile(rf"{KEYS.pattern}|(?<=[?&]key=)[^\s&\"'<>]+|(?i:(?<=bearer ))[0-9A-Za-z_\-.=+/]{{8,}}")
# Bounded: an unbounded match that fails at its end would be tried again from each start.
_URL_QUERY = re.compile(r"(https?://[^\s\"'<>?#]{1,1000})\?[^\s\"'<>]*")
# Also of proxies, and up to the last @: a password may have one, too.
_USERINFO = re.compile(r"\b((?:https?|socks5?h?)://)[^\s/?#\"'<>]{1,200}@")
_INVISIBLE = re.compile(r"<(script|style|head)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z!][^<>]{0,500}>")
# The most letters of an excerpt; the first words of an error matter.
_READ_CHARS = 4000
_LONG_BASE64 = re.compile(r"[A-Za-z0-9+/_\-]{200,}={0,2}")


class Redactor:
    """Removes the given secrets, and everything that looks like one, from text."""

    def __init__(self, *secrets: str) -> None:
        self._known = pattern_of(secret for secret in secrets if len(secret) >= SHORTEST_SECRET)

    def __repr__(self) -> str:
        return "Redactor()"

    def clean(self, text: str) -> str:
        """Return ``text`` without secrets; a signed link loses its query."""
        text = _SHAPES.sub(HIDDEN, self._hide_known(text))
        text = _USERINFO.sub(r"\1", text)
        return _URL_QUERY.sub(r"\1", text)

    def _hide_known(self, text: str) -> str:
        return self._known.sub(HIDDEN, text) if self._known is not None else text

    def excerpt(self, text: str, limit: int = 300) -> str:
        """Return at most ``limit`` characters of ``text`` on one line, without secrets, markup or inline data."""
        # Known secrets come first, so that the cut cannot leave half of one.
        text = self._hide_known(text[: 20 * _READ_CHARS])[:_READ_CHARS]
        text = _TAG.sub(" ", _INVISIBLE.sub(" ", text))
        text = _LONG_BASE64.sub("[data]", self.clean(html.unescape(text)))
        text = " ".join(text.split())
        if not text.isprintable():
            text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
        return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
