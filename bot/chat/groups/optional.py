"""Questions to Telegram that a conversation can do without: who the bot is now, and who runs a group. Imports PTB.

One that Telegram does not answer at once holds nobody up: whoever asked goes by what is known, and asks again later.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from typing import TypeVar

from telegram.error import BadRequest, NetworkError, RetryAfter

T = TypeVar("T")

log = logging.getLogger(__name__)

ASK_S = 5.0
"""How long an answer is waited for. It mostly comes in a tenth of a second."""


async def answer_to(question: Awaitable[T]) -> T | None:
    """Return what Telegram answers, None where it does not now: a flood wait, no network, or too slow.

    Raises: PTB's errors where Telegram says no.
    """
    try:
        async with asyncio.timeout(ASK_S):
            return await question
    except BadRequest:
        raise
    except (RetryAfter, NetworkError, TimeoutError) as error:
        log.info("Telegram does not answer now (%s), so it goes on without", error or "too slow")
        return None
