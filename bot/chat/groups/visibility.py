"""Knows which messages of a group reach the bot: asks Telegram, stores it with the chat, follows changes.

Every new bot has privacy mode on. Then it gets commands and replies in groups, but no mentions; as an admin it gets
everything. The mode counts as it was when the bot joined (core.telegram.org/bots/features#privacy-mode). It is unknown
for groups that an earlier version joined, until a message arrives that privacy mode would hold back. Imports PTB,
``events``, ``optional`` and ``storage``.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from telegram import Bot
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, Forbidden

from bot.chat.events import Said
from bot.chat.groups.optional import if_reachable
from storage.store import Store

KEPT_AS = "hears"
"""The name of the entry in the settings of a chat."""

BASIC_GROUPS = range(-999_999_999_999, 0)
"""The ids of groups that are not supergroups (core.telegram.org/api/bots/ids)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visibility:
    """Which messages of a group reach the bot.

    ``reads_all``: privacy mode was off when the bot joined; None where that is not known. ``asks``: Telegram did not
    answer when the bot joined, so it is asked again.
    """

    admin: bool
    reads_all: bool | None
    asks: bool = False

    @property
    def everything(self) -> bool:
        """Whether all messages certainly reach the bot, also mentions."""
        return self.admin or self.reads_all is True


class GroupVisibility:
    """Knows for each group which messages reach the bot."""

    def __init__(self, bot: Bot, store: Store) -> None:
        self._bot = bot
        self._store = store
        self._overheard: set[int] = set()

    async def of(self, chat_id: int) -> Visibility:
        """Return which messages of a group reach the bot; ask Telegram where nothing is stored."""
        known = await self._known(chat_id)
        if known is not None:
            return await self.learn(chat_id) if known.asks else known
        admin = await self._is_admin(chat_id)
        # Telegram only says how the mode is now, not how it was when an earlier version joined.
        seen = Visibility(admin=bool(admin), reads_all=None)
        return seen if admin is None else await self._keep(chat_id, seen)

    async def learn(self, chat_id: int, *, admin: bool | None = None) -> Visibility:
        """Ask Telegram which messages reach the bot in a group that it has just joined, and store it.

        ``admin``: whether the bot is an admin; None where Telegram must be asked that, too.
        """
        self._overheard.discard(chat_id)
        admin = await self._is_admin(chat_id) if admin is None else admin
        # The mode may have changed since the process started.
        me = await if_reachable(self._bot.get_me())
        reads_all = bool(me.can_read_all_group_messages) if me else None
        seen = Visibility(admin=bool(admin), reads_all=reads_all, asks=admin is None or me is None)
        return await self._keep(chat_id, seen)

    async def overheard(self, said: Said) -> None:
        """Learn from a message that is not for the bot: in privacy mode it would not have arrived.

        Replies and commands prove nothing, since they may arrive in privacy mode. Posts of channels prove nothing
        either, since Telegram does not document which of them arrive.
        """
        chat_id = said.key.chat_id
        if said.private or said.replied or said.command or said.author.id <= 0 or chat_id in self._overheard:
            return
        known = await self.of(chat_id)
        if not known.admin:
            await self._keep(chat_id, replace(known, reads_all=True, asks=False))
            self._overheard.add(chat_id)

    async def ranked(self, chat_id: int, *, admin: bool) -> None:
        """Store that the bot became an admin of a group, or is no admin any more."""
        known = await self._known(chat_id)
        if known is None:
            await self._keep(chat_id, Visibility(admin=admin, reads_all=None))
        elif known.admin != admin:
            await self._keep(chat_id, replace(known, admin=admin))

    async def misses_replies(self, chat_id: int) -> bool:
        """Return whether replies may arrive without the message that they reply to.

        In a basic group each bot has its own message ids. A message that privacy mode held back has none, so a reply to
        it arrives without reply_to_message ("inaccessible because of the chosen privacy mode": telegram-bot-api,
        Client.cpp, on_get_reply_message; yagop/node-telegram-bot-api#65, aiogram/aiogram#773).
        """
        return chat_id in BASIC_GROUPS and not (await self.of(chat_id)).everything

    async def _known(self, chat_id: int) -> Visibility | None:
        chat = await self._store.chats.find(chat_id)
        kept = chat.settings.get(KEPT_AS) if chat else None
        return Visibility(**kept) if kept else None

    async def _keep(self, chat_id: int, seen: Visibility) -> Visibility:
        await self._store.chats.choose(chat_id, KEPT_AS, asdict(seen))
        return seen

    async def _is_admin(self, chat_id: int) -> bool | None:
        """Return whether the bot is an admin; None where Telegram does not answer now."""
        try:
            member = await if_reachable(self._bot.get_chat_member(chat_id, self._bot.id))
        except (BadRequest, Forbidden):
            return False
        return member.status == ChatMemberStatus.ADMINISTRATOR if member else None
