"""People who use up what is free, buy pictures, and get payments back, whatever dies meanwhile.

Imports the people of the dialogue tests. A shopper sees what a person sees, and remembers what was paid.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.support.buying import charge_of
from tests.support.people import Chat, Message, Refused, Telegram
from tests.torture.person import LOOK_EVERY_S, Lost

PICTURES, STARS = 2, 10
PACKS = f"{PICTURES}:{STARS}"
KINDS = (*("wish",) * 7, *("buy",) * 5, *("versions",) * 2, "refund", "chargeback", "stop")
"""The kinds of acts, each as often as it should happen."""

NO_ROOM = re.compile(
    r"used up; |take no more today; |that I may make today; |left for today; |that you bought\. Shall I\?"
)
COME_BACK = ("did not answer in time", "can’t take payments at this moment")


def acts_of(seed: str, number: int, length: int) -> list[str]:
    """Return what a shopper does; the same for the same seed."""
    dice = random.Random(f"{seed} shopper {number}")
    return ["wish", *(dice.choice(KINDS) for _ in range(length)), "wish"]


@dataclass
class Owner:
    """An owner in their private chat, who does one thing after the other."""

    chat: Chat
    busy: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass
class Shopper:
    """``chat``: where they paint. ``home``: their private chat, where they buy.

    ``bought``: the charge ids of their payments. ``refunded``: those that were given back. ``left``: what ``/usage``
    said at the end. ``refusals``: how often a limit had no room.
    """

    telegram: Telegram
    chat: Chat
    home: Chat
    owner: Owner
    number: int
    patience_s: float
    bought: list[str] = field(default_factory=list)
    refunded: list[str] = field(default_factory=list)
    left: int = 0
    refusals: int = 0
    deliveries: int = 0
    tried_again: int = 0
    _pressed: set[int] = field(default_factory=set)
    _wishes: int = 0

    @property
    def is_in_group(self) -> bool:
        """Whether they paint in a group."""
        return self.chat.id < 0

    async def play(self, acts: list[str]) -> None:
        """Do all acts, one after the other, and ask at the end what is left. Raises Lost."""
        for place, act in enumerate(acts):
            self._dice = random.Random(f"{self.number} {place} {act}")
            await getattr(self, f"_{act}")()
        if self.is_in_group:
            sent = await self.chat.say("/usage@pentimento_bot")
            await self._see(self.chat, sent.id, lambda said: "for this group today" in said.words, "the group's usage")
        sent = await self.home.say("/usage")
        said = await self._see(self.home, sent.id, lambda one: "for you today" in one.words, "what is left")
        # Where nothing is left, nothing is said.
        found = re.search(r"of what you bought: (?:one|(\d+)) picture", said.words)
        self.left = int(found[1] or 1) if found else 0

    async def _wish(self) -> None:
        tag = self._tag()
        sent = await self.chat.say(self._words(f"{tag} a boat"))
        await self._end(sent, tag)

    async def _versions(self) -> None:
        tag = self._tag()
        command = "/x4@pentimento_bot" if self.is_in_group else "/x4"
        # Versions come as an album without words.
        await self._end(await self.chat.say(f"{command} {tag} boats"), "")

    async def _stop(self) -> None:
        sent = await self.chat.say(self._words(f"{self._tag()} slow and long"))
        await asyncio.sleep(self._dice.uniform(0.1, 1.5))
        await self.chat.say("/cancel@pentimento_bot" if self.is_in_group else "/cancel")
        over = ("Stopped,", "I am not painting anything", "I was interrupted twice", "This one is paid with")
        await self._see(self.chat, sent.id, lambda said: said.words.startswith(over), "the stop", helped=False)
        self._pressed.update(said.id for said in await self.chat.history())

    async def _buy(self) -> None:
        sent = await self.home.say("/buy")
        packs = await self._see(self.home, sent.id, lambda said: bool(_pack(said)), "the packs")
        await self.home.press_data(packs, _pack(packs))
        invoice = await self._see(self.home, packs.id, lambda said: "invoice" in said.body, "the invoice")
        payment = await self._pay(invoice)
        charge_id = charge_of(payment.body)
        self.bought.append(charge_id)
        for _ in range(self._dice.randrange(3)):
            # As Telegram does until an update is confirmed, but under another number.
            await asyncio.sleep(self._dice.uniform(0, 0.5))
            await self.telegram.update({"message": payment.body})
            self.deliveries += 1
        await self._see(self.home, payment.id, lambda said: "Thank you!" in said.words, "the thanks")

    async def _pay(self, invoice: Message) -> Message:
        """Press Pay until the bot agrees in time, as people do."""
        while True:
            try:
                body = {"as": self.home.person_id, "chat_id": self.home.id, "message_id": invoice.id}
                return Message(self.telegram, (await self.telegram.post("pay", body))["message"])
            except Refused as refused:
                if not any(words in str(refused) for words in COME_BACK):
                    raise
                await asyncio.sleep(LOOK_EVERY_S)

    async def _refund(self) -> None:
        """Let the owner give the oldest payment back."""
        charge_id = next((one for one in self.bought if one not in self.refunded), None)
        if charge_id is None:
            return await self._buy()
        self.refunded.append(charge_id)
        async with self.owner.busy:
            sent = await self.owner.chat.say(f"/refund {charge_id}")
            whose = f"({self.home.person_id})"
            ask = await self._see(
                self.owner.chat, sent.id, lambda one: whose in one.words, f"the refund of {charge_id}"
            )
            if "give-back-surely" in "".join(ask.buttons.values()):
                await self.owner.chat.press(ask, "Give back")
                await self._see(self.owner.chat, ask.id, lambda one: whose in one.words, "its end")

    async def _chargeback(self) -> None:
        """Let Telegram give the oldest payment back, without the bot."""
        charge_id = next((one for one in self.bought if one not in self.refunded), None)
        if charge_id is None:
            return await self._buy()
        self.refunded.append(charge_id)
        last = (await self.home.history())[-1]
        await self.telegram.post("refund", {"charge_id": charge_id})
        await self._see(self.home, last.id, lambda one: "were given back to you." in one.words, "the chargeback")

    async def _end(self, sent: Message, tag: str) -> None:
        """Wait for the picture, or for the news that there is no room for it."""

        def ends(said: Message) -> bool:
            return (said.has_picture and tag in said.words) or NO_ROOM.search(said.words) is not None

        said = await self._see(self.chat, sent.id, ends, f"the end of {tag}")
        self.refusals += not said.has_picture

    def _tag(self) -> str:
        self._wishes += 1
        return f"[c{self.number}-{self._wishes}]"

    def _words(self, wish: str) -> str:
        return f"/edit@pentimento_bot {wish}" if self.is_in_group else wish

    async def _see(
        self, chat: Chat, since: int, fits: Callable[[Message], bool], what: str, *, helped: bool = True
    ) -> Message:
        until = asyncio.get_running_loop().time() + self.patience_s
        seen: list[Message] = []
        while asyncio.get_running_loop().time() < until:
            seen = await chat.history()
            for said in seen:
                if said.from_bot and said.id > since and fits(said):
                    return said
            if helped:
                await self._help(chat, seen)
            await asyncio.sleep(LOOK_EVERY_S)
        raise Lost(f"shopper {self.number}: nobody ever saw {what}; the chat ends with {seen[-6:]}")

    async def _help(self, chat: Chat, seen: list[Message]) -> None:
        """Press what the bot offers after an interruption, once; but not what waits for the next day or for Stars."""
        for said in seen:
            data = next((one for one in said.buttons.values() if one.startswith(("again:", "show:"))), None)
            waits = NO_ROOM.search(said.words) or said.words.startswith("Thank you!")
            if data is None or said.has_picture or said.id in self._pressed or waits:
                continue
            self._pressed.add(said.id)
            self.tried_again += 1
            await chat.press_data(said, data)


def _pack(said: Message) -> str:
    return next((data for data in said.buttons.values() if data.startswith("pack:")), "")
