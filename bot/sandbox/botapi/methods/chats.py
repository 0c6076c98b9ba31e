"""Methods about chats and their members.

Imports rights and members.
"""

from __future__ import annotations

from bot.sandbox.botapi.errors import bad
from bot.sandbox.botapi.members import as_member, bot_leaves, member_permissions
from bot.sandbox.botapi.records import Json
from bot.sandbox.botapi.registry import Call, method
from bot.sandbox.botapi.rights import find_chat
from bot.sandbox.botapi.shapes import ChatId, Shape


class OneChat(Shape):
    chat_id: ChatId


class GetChatMember(Shape):
    chat_id: ChatId
    user_id: int


class GetChatAdministrators(Shape):
    chat_id: ChatId
    return_bots: bool | None = None


@method
async def get_chat(call: Call, p: OneChat) -> Json:
    """Describe a chat in full."""
    world = call.backend.world
    chat = find_chat(call.backend, p.chat_id, write=False)
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    found = world.chat_json(chat) | {
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }
    if chat.type == "private":
        username = world.people[chat.id].username
        return found | ({"active_usernames": [username]} if username else {})
    found["permissions"] = member_permissions(chat)
    if chat.type == "supergroup":
        found |= {"join_to_send_messages": True}
        if chat.slow_mode_s:
            found["slow_mode_delay"] = chat.slow_mode_s
    return found


@method
async def get_chat_member(call: Call, p: GetChatMember) -> Json:
    """Describe a member."""
    chat = find_chat(call.backend, p.chat_id, write=False)
    if p.user_id != call.backend.config.bot_id and p.user_id not in call.backend.world.people:
        raise bad("PARTICIPANT_ID_INVALID" if chat.type == "supergroup" else "user not found")
    return as_member(call.backend, chat, p.user_id)


@method
async def get_chat_administrators(call: Call, p: GetChatAdministrators) -> list[Json]:
    """List the owner and, when it is one, the bot."""
    chat = find_chat(call.backend, p.chat_id)
    if not chat.is_group:
        raise bad("there are no administrators in the private chat")
    found = [as_member(call.backend, chat, chat.owner_id)]
    if chat.bot_status == "administrator":
        found.append(as_member(call.backend, chat, call.backend.config.bot_id))
    return found


@method
async def get_chat_member_count(call: Call, p: OneChat) -> int:
    """Count people and the bot."""
    chat = find_chat(call.backend, p.chat_id)
    return len(chat.members) + int(chat.bot_is_member)


@method
async def leave_chat(call: Call, p: OneChat) -> bool:
    """Leave a group."""
    chat = find_chat(call.backend, p.chat_id)
    if not chat.is_group:
        raise bad("chat member status can't be changed in private chats")
    bot_leaves(call.backend, chat, call.backend.config.bot_id)
    return True
