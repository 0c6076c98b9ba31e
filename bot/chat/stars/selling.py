"""Commands around buying: ``/buy``, ``/terms``, and the buttons of the packs.

Imports ``packs``, ``commands.context``, ``response``, ``keyboards``, ``identity``, ``access`` and ``texts``. Telegram
wants a bot that sells to answer ``/terms`` and ``/paysupport`` (core.telegram.org/bots/payments-stars, "Live
Checklist"); ``support`` has the second.
"""

from __future__ import annotations

from bot.access.limits import Limits
from bot.chat.commands.context import CommandContext, verb
from bot.chat.identity import BotIdentity
from bot.chat.response import Invoice, Response, Sentence, respond
from bot.chat.send import keyboards
from bot.chat.stars.packs import payload_of
from bot.texts import say


class SellingCommands:
    """Verbs of buying."""

    def __init__(self, identity: BotIdentity, limits: Limits) -> None:
        self._identity = identity
        self._limits = limits

    @verb("buy")
    async def buy(self, context: CommandContext) -> Response:
        """Offer the packs, one button each."""
        if not self._limits.packs:
            return respond("button-outdated")
        if not context.private:
            # Credit belongs to a person, so the price list is theirs, too.
            return self._in_private("buy")
        keyboard = keyboards.packs(context.language, [(pack.pictures, pack.stars) for pack in self._limits.packs])
        return Response(parts=(Sentence(key="buy", keyboard=keyboard),))

    @verb("pack")
    async def pack(self, context: CommandContext) -> Response:
        """Send the invoice of a pack that is still sold."""
        pack = next((one for one in self._limits.packs if payload_of(one) == f"pack:{context.value}"), None)
        if pack is None or not context.private:
            return respond("button-outdated")
        language = context.language
        invoice = Invoice(
            title=say(language, "invoice-title", count=pack.pictures),
            description=say(language, "invoice-description", count=pack.pictures),
            payload=payload_of(pack),
            stars=pack.stars,
        )
        return Response(parts=(invoice,))

    @verb("terms")
    async def terms(self, context: CommandContext) -> Response:
        """Say under what terms pictures are sold."""
        return respond("terms")

    def _in_private(self, name: str) -> Response:
        return respond("buy-in-private", name=name, username=self._identity.me.username)
