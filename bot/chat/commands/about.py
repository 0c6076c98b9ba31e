"""Commands about the bot itself: what it does, what it costs, what it stores.

Imports ``command_table``, ``context``, ``visibility``, ``identity``, ``turns``, ``texts``, ``response`` and
``storage``.
"""

from __future__ import annotations

from typing import Any

from bot.chat.command_table import COMMANDS
from bot.chat.commands.context import CommandContext, verb
from bot.chat.groups.visibility import GroupVisibility
from bot.chat.identity import BotIdentity
from bot.chat.response import Response, respond, respond_lines
from bot.texts import decimal, say
from bot.turns.turns import Turns
from storage.store import Store
from storage.tables.usage import Spent


class AboutCommands:
    """Verbs about the bot. ``owner_ids``: the people who see what everybody spent."""

    def __init__(
        self,
        identity: BotIdentity,
        store: Store,
        turns: Turns,
        visibility: GroupVisibility,
        owner_ids: frozenset[int],
    ) -> None:
        self._identity = identity
        self._store = store
        self._turns = turns
        self._visibility = visibility
        self._owner_ids = owner_ids

    @verb("help")
    async def help(self, context: CommandContext) -> Response:
        """Explain how to talk to the bot here, and list the commands."""
        language = context.language
        lines = "\n".join(f"/{name} · {say(language, f'command-{name}')}" for name in COMMANDS)
        username, chat_id = self._identity.me.username, context.recipient.key.chat_id
        if context.private:
            return respond("help", groups=say(language, "help-groups", username=username), commands=lines)
        everything = (await self._visibility.of(chat_id)).everything
        groups = say(language, "help-groups-mentions" if everything else "help-here", username=username)
        unseen = await self._visibility.misses_replies(chat_id)
        pictures = say(language, "reply-unseen") if unseen else say(language, "help-pictures", username=username)
        return respond("help-in-group", groups=groups, pictures=pictures, commands=lines)

    @verb("usage")
    async def usage(self, context: CommandContext) -> Response:
        """Say what a person spent; to owners, in private, what everybody spent."""
        language = context.language
        own = await self._store.usage.of(context.author.id)
        key = "usage-offline" if self._turns.answering.policy.offline else "usage-own"
        lines = [say(language, key, **_spent(own)) if own else say(language, "usage-none")]
        # What others spent is for the owner alone, and not for a group to read.
        if context.author.id in self._owner_ids and context.private:
            everybody = await self._store.usage.everybody()
            lines += [
                say(language, "usage-everybody"),
                *(say(language, "usage-line", **_spent(one, say(language, "usage-forgotten"))) for one in everybody),
            ]
        return respond_lines(*lines)

    @verb("privacy")
    async def privacy(self, context: CommandContext) -> Response:
        """Say what is stored, where it goes, and which messages reach the bot."""
        language = context.language
        seen = say(language, await self._seen(context))
        return respond_lines(say(language, "privacy"), *self._leaves(context), seen)

    def _leaves(self, context: CommandContext) -> list[str]:
        """Return what leaves this machine, in sentences."""
        language, answering, options = context.language, self._turns.answering, context.conversation.settings
        if answering.policy.offline:
            return [say(language, "privacy-offline")]
        provider = answering.providers[answering.choice(options).provider].title
        uploads = [say(language, "privacy-uploads")] if answering.uploads(options) else []
        return [say(language, "privacy-provider", provider=provider), *uploads]

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


def _spent(spent: Spent, forgotten: str = "") -> dict[str, Any]:
    dollars = decimal(spent.cost_micro_usd / 1_000_000, 2)
    name = spent.author_name if spent.author_id else forgotten
    return {"name": name, "turns": spent.turns, "pictures": spent.pictures, "dollars": dollars}
