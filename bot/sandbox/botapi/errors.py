"""Refusals of the Bot API, in Telegram's own words, and those of the person API.

Texts follow the source of Telegram's Bot API server (tdlib/telegram-bot-api and tdlib/td, July 2026). Imports nothing
of ours.
"""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """A refusal: HTTP status and ``error_code``, ``description`` and the optional ``parameters``."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


class PersonError(Exception):
    """An act that is not possible for a person. Its text is a sentence for them."""


def bad(text: str, **parameters: Any) -> ApiError:
    """Return a 400. The first letter becomes lower-case unless the text is a code, as on Telegram's server."""
    if len(text) < 2 or not (text[1] == "_" or text[1].isupper()):
        text = text[:1].lower() + text[1:]
    return ApiError(400, f"Bad Request: {text}", **parameters)


def forbidden(text: str) -> ApiError:
    return ApiError(403, f"Forbidden: {text}")


def too_many(retry_after_s: int) -> ApiError:
    """Return a 429 with the seconds to wait."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after_s}", retry_after=retry_after_s)


def conflict(text: str) -> ApiError:
    return ApiError(409, f"Conflict: {text}")


NOT_FOUND = ApiError(404, "Not Found")
UNAUTHORIZED = ApiError(401, "Unauthorized")
BROKEN = ApiError(500, "Internal Server Error")
TOO_LARGE = ApiError(413, "Request Entity Too Large")

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_IS_SET = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
