"""Scripted faults of the Bot API for the next calls that match: errors, floods, slowness, cut connections.

Imports ``errors`` and ``records``. Faults live in memory only, and each call that meets one uses it up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.sandbox.botapi.errors import ApiError
from bot.sandbox.botapi.state.records import Json

_TEXTS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    413: "Request Entity Too Large",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}
_NGINX = {
    413: "Request Entity Too Large",
    502: "Bad Gateway",
    503: "Service Temporarily Unavailable",
    504: "Gateway Time-out",
}


def nginx_page(status: int) -> str:
    """Return the page that nginx shows in place of an answer (nginx, ngx_http_special_response.c)."""
    title = f"{status} {_NGINX[status]}"
    head = f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n"
    return f"{head}<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"


class FaultOrder(BaseModel):
    """A fault as a test asks for it.

    ``method`` "*" means every method, ``times`` -1 means forever. 413, 502, 503 and 504 come from the nginx before
    Telegram's servers, as a page; with a ``description`` they come from the Bot API.
    ``keeps``: this many items of an album appear all the same (td, MessagesManager.cpp, SendMultiMediaQuery).
    """

    model_config = ConfigDict(extra="forbid")

    method: str = "*"
    chat_id: int | None = None
    times: int = 1
    status: int | None = None
    body: Json | str | None = None
    description: str | None = None
    retry_after: int | None = None
    delay_s: float = 0.0
    drop: Literal["before", "after"] | None = None
    keeps: int | None = None

    def error(self) -> ApiError | None:
        """Return the refusal that the fault stands for, or None."""
        if self.retry_after is not None:
            text = self.description or f"Too Many Requests: retry after {self.retry_after}"
            return ApiError(self.status or 429, text, retry_after=self.retry_after)
        if self.status is None or self.status < 400:
            return None
        return ApiError(self.status, self.description or _TEXTS.get(self.status, "Internal Server Error"))

    def page(self) -> str | None:
        """Return the page of nginx that the fault stands for, or None."""
        if self.status not in _NGINX or self.description is not None or self.retry_after is not None:
            return None
        return nginx_page(self.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Left:
    order: FaultOrder
    times: int


class Faults:
    """The faults that no call has met yet."""

    def __init__(self) -> None:
        self._left: list[_Left] = []

    def add(self, order: FaultOrder) -> None:
        """Add a fault; earlier ones are met first."""
        self._left.append(_Left(order=order, times=order.times))

    def clear(self) -> None:
        self._left.clear()

    def take(self, method: str, chat_id: str) -> FaultOrder | None:
        """Return the fault for a call, and use it up once."""
        for index, left in enumerate(self._left):
            order = left.order
            fits = order.method == "*" or order.method.lower() == method.lower()
            if fits and (order.chat_id is None or str(order.chat_id) == chat_id):
                if left.times == 1:
                    del self._left[index]
                elif left.times > 1:
                    self._left[index] = replace(left, times=left.times - 1)
                return order
        return None

    def remaining(self) -> list[Json]:
        return [left.order.model_dump(exclude_none=True) | {"times": left.times} for left in self._left]
