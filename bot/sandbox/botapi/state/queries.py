"""Guest and inline queries: whom they are from, until when the bot may answer, and what was offered.

Imports ``keep``, ``records`` and pydantic. A guest query is a message that mentions the bot where it is no member, or
replies to what it posted there as a guest (core.telegram.org/api/bots/guest-mode). An inline query is what somebody
types behind the bot's name.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict

from bot.sandbox.botapi.state.keep import Keep
from bot.sandbox.botapi.state.records import Json, Kept

INLINE_LIFE_S = 30.0
"""How long the server keeps an inline query for the bot (telegram-bot-api Client.cpp, add_new_inline_query)."""

CHOSEN_LIFE_S = 600.0
"""How long it keeps a chosen result (Client.cpp, add_new_chosen_inline_result)."""


class Modes(BaseModel):
    """What the bot's owner switched on at @BotFather. A new bot has none of it.

    ``guests``: guest mode. ``inline``: inline mode; ``feedback``: the bot is told which result was chosen.
    ``guest_life_s``: how long a guest query can be answered. No document says how long that is; bots that do their work
    first come too late (NousResearch/hermes-agent#21587).
    """

    model_config = ConfigDict(extra="forbid")
    guests: bool = False
    inline: bool = False
    feedback: bool = False
    guest_life_s: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Query(Kept):
    """A query of a person. ``message_id``: the message that called the guest; 0 for an inline query.

    ``results``: what the bot offered for an inline query, None before it answered.
    """

    id: str
    person_id: int
    chat_id: int
    until: float
    words: str = ""
    message_id: int = 0
    answered: bool = False
    results: list[Json] | None = None
    button: Json | None = field(default=None)


class Queries:
    """The queries, by their ids."""

    def __init__(self, keep: Keep, clock: Callable[[], float]) -> None:
        self._keep = keep
        self._clock = clock
        self._found = {query.id: query for _, doc in keep.load("query") for query in [Query.from_json(doc)]}

    def new_id(self) -> str:
        """Return an id for a new query."""
        return str(secrets.randbelow(9 * 10**17) + 10**17)

    def put(self, query: Query) -> Query:
        """Keep a query, new or changed."""
        self._found[query.id] = query
        self._keep.put("query", query.id, query.to_json())
        return query

    def find(self, query_id: str) -> Query | None:
        """Return a query, or None."""
        return self._found.get(query_id)

    def open(self, query_id: str) -> Query | None:
        """Return a query that the bot may still answer, or None: each is answered once, and in time."""
        query = self._found.get(query_id)
        return None if query is None or query.answered or self._clock() > query.until else query
