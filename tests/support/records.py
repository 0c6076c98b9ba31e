"""Records for tests, with everything that a test does not speak of filled in. Imports ``storage.records`` only."""

from __future__ import annotations

from typing import Any

from storage.books.values import Terms
from storage.records import Author, InputPicture, Key, MediaRef, NewTurn, Outcome, Turn, TurnState

ANNE = Author(id=7, name="Anne", language="en")
HOME = Key(7, 0)
TERMS = Terms(day="2026-11-28", price_micro_usd=40_000)
"""What a call is held under, without any limit."""


def media(number: int, mime: str = "image/png") -> MediaRef:
    """Return a picture that is named after a number, and as many bytes large."""
    return MediaRef(sha256=f"{number:064x}", mime=mime, size_bytes=number, width_px=640, height_px=480)


def sent(number: int, caption: str = "") -> InputPicture:
    """Return a picture as somebody sends it."""
    return InputPicture(media=media(number), caption=caption)


def turn(wish: str = "", **more: Any) -> Turn:
    """Return a turn that waits for its answer."""
    values: dict[str, Any] = {
        "id": 1,
        "conversation_id": 1,
        "parent_id": None,
        "head_before": None,
        "state": TurnState.ACCEPTED,
        "author": ANNE,
        "wish": wish,
        "pictures": (),
        "request_message_id": 1,
        "shows_author": False,
        "options": {},
        "kind": "send",
        "repeats_id": None,
        "batch_id": None,
        "created_at": 0.0,
    }
    return Turn(**{**values, **more})


def new_turn(conversation_id: int, wish: str = "a boat", **more: Any) -> NewTurn:
    """Return a new wish for the store; without ``parent_id`` it is at the root."""
    values: dict[str, Any] = {
        "parent_id": None,
        "head_before": None,
        "author": ANNE,
        "pictures": (),
        "request_message_id": 1,
        "shows_author": False,
        "options": {},
    }
    return NewTurn(conversation_id=conversation_id, wish=wish, **{**values, **more})


def outcome(number: int, **more: Any) -> Outcome:
    """Return an answer that shows the picture of a number."""
    shown = media(number)
    values: dict[str, Any] = {
        "reply": {
            "role": "model",
            "parts": [{"inlineData": {"mimeType": shown.mime, "data": f"media:{shown.sha256}"}}],
        },
        "words": "",
        "shown": (shown,),
        "media": (shown,),
        "provider": "gemini",
        "maker": "gemini:here",
        "model": "a-model",
        "usage": {},
    }
    return Outcome(**{**values, **more})
