"""Finds out who runs a group. Imports PTB and ``optional``; stores nothing.

Telegram is asked about the single person. Where a group hides its members, a bot without rights gets no answer about
one person, so it asks for the list of all admins instead. Frequent checks use a list that is up to a minute old; a
check before somebody changes or deletes something uses a new list. Where Telegram does not answer now, frequent checks
use the last list.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from telegram import Bot, ChatMember
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest

from bot.chat.groups.optional import if_reachable

log = logging.getLogger(__name__)

RANKS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)

LISTED_S = 60.0
"""How long a list of admins is used for frequent checks."""

KEPT_S = 3600.0
"""How long a list is used where Telegram does not answer: longer than most flood waits."""


class AdminsUnknown(Exception):
    """It is not known who runs a group: Telegram does not answer, as in a flood wait, and there is no list."""


class Admins:
    """Knows the admins of groups. ``owner_ids``: the owners of this bot count as admins of every group."""

    def __init__(self, bot: Bot, owner_ids: frozenset[int]) -> None:
        self._bot = bot
        self._owner_ids = owner_ids
        self._lists: dict[int, tuple[float, frozenset[int]]] = {}

    async def has(self, chat_id: int, person_id: int, *, surely: bool) -> bool:
        """Return whether a person is an admin.

        An anonymous admin has the id of the group. ``surely``: do not use an older list. Raises:
        :class:`AdminsUnknown`.
        """
        if person_id in self._owner_ids or person_id == chat_id:
            return True
        if person_id <= 0:
            return False
        try:
            member = await if_reachable(self._bot.get_chat_member(chat_id, person_id))
        except BadRequest as error:
            # The call is only guaranteed to work where the bot is an admin (Bot API, getChatMember). Hidden members
            # are CHAT_ADMIN_REQUIRED or PARTICIPANT_ID_INVALID (teloxide/teloxide#1349).
            log.debug("chat %s: Telegram hides a member (%s); asking for the list of admins", chat_id, error.message)
            member = None
        if member is not None:
            return member.status in RANKS
        return person_id in await self._listed(chat_id, surely=surely)

    async def _listed(self, chat_id: int, *, surely: bool) -> frozenset[int]:
        """Return the admins of a group; none where Telegram refuses to name them. Raises: :class:`AdminsUnknown`."""
        now = asyncio.get_running_loop().time()
        self._lists = {one: known for one, known in self._lists.items() if now - known[0] < KEPT_S}
        known = None if surely else self._lists.get(chat_id)
        if known is not None and now - known[0] < LISTED_S:
            return known[1]
        members: Sequence[ChatMember] | None
        try:
            members = await if_reachable(self._bot.get_chat_administrators(chat_id))
        except BadRequest as error:
            log.info("chat %s: Telegram does not name its admins: %s", chat_id, error.message)
            members = ()
        if members is None:
            if known is None:
                raise AdminsUnknown
            return known[1]
        ids = frozenset(member.user.id for member in members)
        self._lists[chat_id] = (now, ids)
        return ids
