"""The payload of an invoice: which pack it sells. Imports ``books.values``."""

from __future__ import annotations

import re

from storage.books.values import Pack

STARS = "XTR"
"""The currency of Telegram Stars (Bot API, sendInvoice)."""

PAYLOAD = re.compile(r"pack:(\d{1,6}):(\d{1,6})", re.ASCII)


def payload_of(pack: Pack) -> str:
    """Return what an invoice carries for the bot; no client can change it."""
    return f"pack:{pack.pictures}:{pack.stars}"


def pack_in(payload: str) -> Pack | None:
    """Return the pack of an invoice; None if the invoice is not one of this bot's."""
    match = PAYLOAD.fullmatch(payload)
    return Pack(pictures=int(match[1]), stars=int(match[2])) if match else None
