"""All HTTP to providers: streamed requests, capped answers, fetched results, and no key in any message.

Imports pybase64, ``body``, ``client``, ``fetch`` and ``redact``. Knows no dialect.
"""

from bot.providers.wire.body import Body, DataUri, json_body, multipart_body, related_body
from bot.providers.wire.client import ExchangeLimits, Wire
from bot.providers.wire.fetch import Fetcher, FetchPolicy
from bot.providers.wire.redact import Redactor

__all__ = [
    "Body",
    "DataUri",
    "ExchangeLimits",
    "FetchPolicy",
    "Fetcher",
    "Redactor",
    "Wire",
    "json_body",
    "multipart_body",
    "related_body",
]
