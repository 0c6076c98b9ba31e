"""Who runs a group: asked of Telegram, which does not always tell. Imports PTB and ``optional``; stores nothing.

An admin's rights end when Telegram says so, with one exception: of a group that hides its members a bot without rights
is told nothing about a single person, and the list of all admins is asked for instead. What people do all the time
goes by a list of up to a minute ago; whoever wants to change or delete something is looked for in a new one. Where
Telegram does not answer now, the last list counts for what people do all the time.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from telegram import Bot, ChatMember
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest

from bot.chat.groups.optional import answer_to

log = logging.getLogger(__name__)

RANKS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)

LISTED_S = 60.0
"""How long a list of admins is good enough."""

KEPT_S = 3600.0
"""How long a list is kept for when Telegram does not answer: longer than most flood waits."""


class AdminsUnknown(Exception):
    """Telegram does not tell now who runs a group, as in a flood wait, and no list is known."""


class Admins:
    """Knows the admins of groups; ``owner_ids`` run this bot, and so every group."""

    def __init__(self, bot: Bot, owner_ids: frozenset[int]) -> None:
        self._bot = bot
        self._owner_ids = owner_ids
        self._lists: dict[int, tuple[float, frozenset[int]]] = {}

    async def has(self, chat_id: int, person_id: int, *, surely: bool) -> bool:
        """Tell whether somebody runs a group; an anonymous admin speaks as the group itself.

        ``surely``: as it is now, and not as it was up to a minute ago. Raises: :class:`AdminsUnknown`.
        """
        if person_id in self._owner_ids or person_id == chat_id:
            return True
        if person_id <= 0:
            return False
        try:
            member = await answer_to(self._bot.get_chat_member(chat_id, person_id))
        except BadRequest as error:
            # Only of a group in which it is an admin is a bot told of others for certain (Bot API, getChatMember);
            # hidden members are CHAT_ADMIN_REQUIRED or PARTICIPANT_ID_INVALID (teloxide/teloxide#1349).
            log.debug("chat %s: a member is not told (%s), so the list of admins is asked for", chat_id, error.message)
            member = None
        if member is not None:
            return member.status in RANKS
        return person_id in await self._listed(chat_id, surely=surely)

    async def _listed(self, chat_id: int, *, surely: bool) -> frozenset[int]:
        """Return the admins of a group; nobody where Telegram refuses to name them. Raises: :class:`AdminsUnknown`."""
        now = asyncio.get_running_loop().time()
        self._lists = {one: known for one, known in self._lists.items() if now - known[0] < KEPT_S}
        known = None if surely else self._lists.get(chat_id)
        if known is not None and now - known[0] < LISTED_S:
            return known[1]
        members: Sequence[ChatMember] | None
        try:
            members = await answer_to(self._bot.get_chat_administrators(chat_id))
        except BadRequest as error:
            log.info("chat %s: its admins are not told: %s", chat_id, error.message)
            members = ()
        if members is None:
            if known is None:
                raise AdminsUnknown
            return known[1]
        ids = frozenset(member.user.id for member in members)
        self._lists[chat_id] = (now, ids)
        return ids
