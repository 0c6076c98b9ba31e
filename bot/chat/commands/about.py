"""Commands about the bot itself: what it does, what it costs, what it stores.

Imports ``command_table``, ``context``, ``limits``, ``visibility``, ``identity``, ``providers``,
``turns``, ``texts``, ``response`` and ``storage``.
"""

from __future__ import annotations

import time
from typing import Any

from bot.chat.command_table import (
    AFTER_SALE,
    AFTER_SALE_FOR_OWNERS,
    COMMANDS,
    FOR_OWNERS,
    FOR_SALE,
    MOST_USED,
    in_menu,
)
from bot.chat.commands.context import CommandContext, verb
from bot.chat.commands.limits import left
from bot.chat.groups.visibility import GroupVisibility
from bot.chat.identity import BotIdentity
from bot.chat.response import Response, respond, respond_lines
from bot.providers.base import Provider
from bot.texts import decimal, say
from bot.turns.turns import Turns
from storage.books.values import Amounts, Bound, Scope
from storage.store import Store
from storage.tables.usage import Spent

CENT_MICRO_USD = 10_000


class AboutCommands:
    """Verbs about the bot. ``owner_ids``: who sees what everybody spent, and has more commands.

    ``keep_days`` and ``keep_gb``: what is older or more goes by itself; None where nothing does.
    ``listener``: who writes down voice messages, if anybody does. ``stages``: pictures may first go to an owner's chat.
    """

    def __init__(
        self,
        identity: BotIdentity,
        store: Store,
        turns: Turns,
        visibility: GroupVisibility,
        owner_ids: frozenset[int],
        keep_days: int | None,
        keep_gb: float | None,
        listener: Provider | None = None,
        *,
        stages: bool = False,
    ) -> None:
        self._identity = identity
        self._store = store
        self._turns = turns
        self._visibility = visibility
        self._owner_ids = owner_ids
        self._keep_days = keep_days
        self._keep_gb = keep_gb
        self._listener = listener
        self._stages = stages

    @verb("help")
    async def help(self, context: CommandContext) -> Response:
        """Explain how to talk to the bot here, and list the commands that matter; with any word, all of them."""
        language = context.language
        if context.value:
            lists = [f"/{name} · {say(language, f'command-{name}')}" for name in await self._listed(context)]
            return respond_lines(say(language, "help-all"), *lists)
        shown = MOST_USED if context.private else ("edit", *MOST_USED)
        lines = "\n".join(f"/{name} · {say(language, f'command-{name}')}" for name in shown)
        username, chat_id = self._identity.me.username, context.recipient.key.chat_id
        if context.private:
            return respond("help", groups=say(language, "help-groups", username=username), commands=lines)
        everything = (await self._visibility.of(chat_id)).everything
        groups = say(language, "help-groups-mentions" if everything else "help-here", username=username)
        unseen = await self._visibility.misses_replies(chat_id)
        pictures = say(language, "reply-unseen") if unseen else say(language, "help-pictures", username=username)
        return respond("help-in-group", groups=groups, pictures=pictures, commands=lines)

    async def _listed(self, context: CommandContext) -> tuple[str, ...]:
        """Return all commands that there are here."""
        if not context.private:
            return COMMANDS
        sells, owner = bool(self._turns.answering.policy.limits.packs), context.author.id in self._owner_ids
        shown = in_menu(private=True, owner=owner, sells=sells)
        if not sells:
            # Who paid may ask about it, and owners can give it back.
            shown += AFTER_SALE if await self._store.purchases.of(context.author.id) else ()
            shown += AFTER_SALE_FOR_OWNERS if owner and await self._store.purchases.any() else ()
        return tuple(name for name in (*COMMANDS, *FOR_SALE, *FOR_OWNERS) if name in shown)

    @verb("usage")
    async def usage(self, context: CommandContext) -> Response:
        """Say what a person spent; to owners, in private, what everybody spent."""
        language = context.language
        own = await self._store.usage.of(context.author.id)
        key = "usage-offline" if self._turns.answering.policy.offline else "usage-own"
        lines = [say(language, key, **_spent(own)) if own else say(language, "usage-none")]
        lines += left(language, await self._bounds(context), self._turns.answering.policy.limits)
        lines += await self._credit(context)
        # What others spent is for the owner alone, and not for a group to read.
        if context.author.id in self._owner_ids and context.private:
            everybody = await self._store.usage.everybody()
            lines += [
                say(language, "usage-everybody"),
                *(say(language, "usage-line", **_spent(one, say(language, "usage-forgotten"))) for one in everybody),
                *await self._unanswered(language, sum(one.cost_micro_usd for one in everybody)),
            ]
        return respond_lines(*lines)

    async def _unanswered(self, language: str, listed_micro_usd: int) -> list[str]:
        """Return the line about what all calls cost, where that is more than what the answers did."""
        total = (await self._store.books.sums(Scope.TOTAL, [0])).get(0, Amounts())
        micro_usd = total.micro_usd + total.paid_micro_usd
        if micro_usd - listed_micro_usd < CENT_MICRO_USD:
            return []
        return [say(language, "usage-all-calls", dollars=decimal(micro_usd / 1_000_000, 2))]

    async def _credit(self, context: CommandContext) -> list[str]:
        """Return the line about pictures that somebody bought, where some are left."""
        found = await self._store.books.sums(Scope.PERSON, [context.author.id])
        credits = found.get(context.author.id, Amounts()).credits
        return [say(context.language, "usage-credit", count=credits)] if credits else []

    async def _bounds(self, context: CommandContext) -> list[Bound]:
        """Return the limits that a person may know of here; how much all may use is for the owners."""
        person_id, is_owner = context.author.id, context.author.id in self._owner_ids
        terms = self._turns.answering.policy.limits.terms(person_id, time.time())
        found = await self._store.books.bounds(person_id, min(context.recipient.key.chat_id, 0), terms)
        return [one for one in found if one.scope is not Scope.TOTAL or (is_owner and context.private)]

    @verb("privacy")
    async def privacy(self, context: CommandContext) -> Response:
        """Say what is stored, where it goes, and which messages reach the bot."""
        language = context.language
        seen = say(language, await self._seen(context))
        kept = (say(language, "privacy"), *self._goes(language))
        elsewhere = self._elsewhere(language) if context.private else []
        return respond_lines(*kept, *self._leaves(context), seen, *elsewhere, say(language, "privacy-guests"))

    def _elsewhere(self, language: str) -> list[str]:
        """Return what is seen and kept of chats where the bot is no member, in sentences; none where it cannot come."""
        me = self._identity.me
        staged = ["privacy-staging"] if self._stages and (me.is_guest or me.is_inline) else []
        keys = [*(["privacy-elsewhere"] if me.is_guest else []), *(["privacy-inline"] if me.is_inline else []), *staged]
        return [say(language, key) for key in keys]

    def _goes(self, language: str) -> list[str]:
        """Return what is deleted by itself, in sentences."""
        said = []
        if self._keep_days is not None:
            said.append(say(language, "privacy-days", days=self._keep_days))
        if self._keep_gb is not None:
            said.append(say(language, "privacy-room", gigabytes=self._keep_gb))
        return said

    def _leaves(self, context: CommandContext) -> list[str]:
        """Return what leaves this machine, in sentences."""
        language, answering, options = context.language, self._turns.answering, context.conversation.settings
        if answering.policy.offline:
            return [say(language, "privacy-offline")]
        provider = answering.providers[answering.choice(options).provider]
        others = [one for one in answering.others if one is not provider]
        named = ", ".join(_who(language, one) for one in others if not one.is_home)
        key = "privacy-own" if provider.is_home else "privacy-provider"
        said = [say(language, key, provider=_who(language, provider))]
        own = any(one.is_home for one in others)
        instead = "privacy-instead-own" if not named else "privacy-instead-both" if own else "privacy-instead"
        said += [say(language, instead, others=named)] if others else []
        said += [say(language, "privacy-uploads")] if answering.uploads(options) else []
        voice = [say(language, "privacy-voice", provider=_who(language, self._listener))] if self._listener else []
        return said + voice

    async def _seen(self, context: CommandContext) -> str:
        """Return the key of the text about messages that reach the bot: in groups at large, or in this one."""
        if context.private:
            return "privacy-groups-all" if self._identity.me.reads_all else "privacy-groups-meant"
        seen = await self._visibility.of(context.recipient.key.chat_id)
        if seen.admin:
            return "privacy-here-admin"
        if seen.reads_all is None:
            return "privacy-here-unknown"
        return "privacy-here-all" if seen.reads_all else "privacy-here-meant"


def _who(language: str, provider: Provider) -> str:
    """Return the name of a provider, with the relay through which wishes go there; one at home without its address."""
    if provider.relay is None:
        return provider.title
    key = "privacy-relay" if provider.relay else "privacy-relay-own"
    return say(language, key, provider=provider.title, host=provider.relay)


def _spent(spent: Spent, forgotten: str = "") -> dict[str, Any]:
    dollars = decimal(spent.cost_micro_usd / 1_000_000, 2)
    name = spent.author_name if spent.author_id else forgotten
    return {"name": name, "turns": spent.turns, "pictures": spent.pictures, "dollars": dollars}
