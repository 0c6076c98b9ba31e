"""Calls that a conversation can do without, such as getMe and getChatMember. Imports PTB.

Where Telegram does not answer soon, the caller uses what it knows and asks again later.
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
"""How long to wait for an answer. Most come within a tenth of a second."""


async def if_reachable(question: Awaitable[T]) -> T | None:
    """Return Telegram's answer; None where there is none now: a flood wait, no network, or too slow.

    Raises: PTB's errors where Telegram refuses.
    """
    try:
        async with asyncio.timeout(ASK_S):
            return await question
    except BadRequest:
        raise
    except (RetryAfter, NetworkError, TimeoutError) as error:
        log.info("Telegram does not answer now (%s); going on without the answer", error or "too slow")
        return None
