"""Methods about chats and their members.

Imports ``chats``, ``botapi`` and ``records``.
"""

from __future__ import annotations

from bot.sandbox.botapi.chats.members import as_member, bot_leaves, member_permissions
from bot.sandbox.botapi.chats.rights import find_chat
from bot.sandbox.botapi.errors import bad
from bot.sandbox.botapi.registry import Call, method
from bot.sandbox.botapi.shapes import ChatId, Shape
from bot.sandbox.botapi.state.records import Json


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
    """Return the full description of a chat."""
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
    if chat.type != "channel":
        found["permissions"] = member_permissions(chat)
    if chat.linked is not None:
        found["linked_chat_id"] = chat.linked
    if chat.type == "channel":
        return found | {"can_send_paid_media": True}
    if chat.parent is not None:
        found["parent_chat"] = world.chat_json(world.chats[chat.parent])
    if chat.hides_members:
        found["has_hidden_members"] = True
    if chat.type == "supergroup":
        found |= {"join_to_send_messages": True}
        if chat.slow_mode_s:
            found["slow_mode_delay"] = chat.slow_mode_s
    return found


@method
async def get_chat_member(call: Call, p: GetChatMember) -> Json:
    chat = find_chat(call.backend, p.chat_id, write=False)
    mine = p.user_id == call.backend.config.bot_id
    if not mine and p.user_id not in call.backend.world.people:
        raise bad("PARTICIPANT_ID_INVALID" if chat.type == "supergroup" else "user not found")
    if not mine and chat.bot_status != "administrator" and (chat.hides_members or chat.type == "channel"):
        # Reports name this code (teloxide/teloxide#1349). For channels, TDLib refuses the call itself
        # (DialogParticipantManager.cpp, get_channel_participant).
        raise bad("CHAT_ADMIN_REQUIRED" if chat.type == "supergroup" else "member list is inaccessible")
    return as_member(call.backend, chat, p.user_id)


@method
async def get_chat_administrators(call: Call, p: GetChatAdministrators) -> list[Json]:
    """List the owner, the admins, and the bot if it is one: has_hidden_members does not hide these (ChatFullInfo)."""
    chat = find_chat(call.backend, p.chat_id)
    if not chat.is_group:
        raise bad("there are no administrators in the private chat")
    found = [as_member(call.backend, chat, person) for person in chat.members if chat.is_run_by(person)]
    if chat.bot_status == "administrator":
        found.append(as_member(call.backend, chat, call.backend.config.bot_id))
    return found


@method
async def get_chat_member_count(call: Call, p: OneChat) -> int:
    """Count the people and the bot."""
    chat = find_chat(call.backend, p.chat_id)
    return len(chat.members) + int(chat.bot_is_member)


@method
async def leave_chat(call: Call, p: OneChat) -> bool:
    chat = find_chat(call.backend, p.chat_id)
    if not chat.is_group:
        raise bad("chat member status can't be changed in private chats")
    bot_leaves(call.backend, chat, call.backend.config.bot_id)
    return True
