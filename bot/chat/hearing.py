"""What the bot gets to read in a group: asked of Telegram, kept with the chat, changed when Telegram says so.

With privacy mode on, as every new bot has it, one that is no admin gets commands and replies, but no mentions; admins
get everything. The mode counts as it was when the bot joined (core.telegram.org/bots/features#privacy-mode). May import
PTB and ``storage``.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from telegram import Bot
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, Forbidden

from storage.store import Store

KEPT_AS = "hears"
"""Under which name it stands among what a chat chose."""

BASIC_GROUPS = range(-999_999_999_999, 0)
"""Ids of groups that are no supergroups (core.telegram.org/api/bots/ids)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hears:
    """``reads_all``: privacy mode was off when the bot joined."""

    admin: bool
    reads_all: bool

    @property
    def everything(self) -> bool:
        """Whether all messages reach the bot, mentions too."""
        return self.admin or self.reads_all


class Hearing:
    """Knows for each group what reaches the bot there."""

    def __init__(self, bot: Bot, store: Store) -> None:
        self._bot = bot
        self._store = store

    async def of(self, chat_id: int) -> Hears:
        """Return what reaches the bot in a group; Telegram is asked where an earlier version joined it."""
        return await self._known(chat_id) or await self.learn(chat_id)

    async def learn(self, chat_id: int, *, admin: bool | None = None) -> Hears:
        """Ask Telegram what reaches the bot in a group that it has just joined, and keep it.

        ``admin``: whether the bot is one, None where that must be asked, too.
        """
        admin = await self._is_admin(chat_id) if admin is None else admin
        # How the mode is set now: a person can change it while the bot runs.
        me = await self._bot.get_me()
        return await self._keep(chat_id, Hears(admin=admin, reads_all=bool(me.can_read_all_group_messages)))

    async def ranked(self, chat_id: int, *, admin: bool) -> None:
        """Note that the bot became an admin of a group, or is none any more."""
        known = await self._known(chat_id)
        if known is None:
            await self.learn(chat_id, admin=admin)
        elif known.admin != admin:
            await self._keep(chat_id, replace(known, admin=admin))

    async def misses_replies(self, chat_id: int) -> bool:
        """Tell whether messages may come without what they reply to.

        In a basic group message ids are the bot's own. What privacy mode held back has none, so a reply to it comes
        without reply_to_message ("inaccessible because of the chosen privacy mode": telegram-bot-api, Client.cpp,
        on_get_reply_message; yagop/node-telegram-bot-api#65, aiogram/aiogram#773).
        """
        return chat_id in BASIC_GROUPS and not (await self.of(chat_id)).everything

    async def _known(self, chat_id: int) -> Hears | None:
        chat = await self._store.chats.find(chat_id)
        kept = chat.settings.get(KEPT_AS) if chat else None
        return Hears(admin=kept["admin"], reads_all=kept["reads_all"]) if kept else None

    async def _keep(self, chat_id: int, hears: Hears) -> Hears:
        await self._store.chats.choose(chat_id, KEPT_AS, asdict(hears))
        return hears

    async def _is_admin(self, chat_id: int) -> bool:
        try:
            member = await self._bot.get_chat_member(chat_id, self._bot.id)
        except (BadRequest, Forbidden):
            return False
        return member.status == ChatMemberStatus.ADMINISTRATOR
