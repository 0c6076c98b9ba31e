"""Membership: ChatMember objects, joining, leaving and rights.

Each change makes its service messages and updates. Imports ``post`` and ``state``.
"""

from __future__ import annotations

from dataclasses import replace

from bot.sandbox.botapi.chats.post import service, tell_chat
from bot.sandbox.botapi.state.backend import Backend
from bot.sandbox.botapi.state.records import Chat, Json

_PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
_BASIC_ADMIN = {
    "can_manage_chat": True,
    "can_delete_messages": True,
    "can_manage_video_chats": True,
    "can_restrict_members": True,
    "can_promote_members": False,
    "can_change_info": True,
    "can_invite_users": True,
    "can_post_stories": False,
    "can_edit_stories": False,
    "can_delete_stories": False,
    "can_send_welcome_messages": False,
}

_POSTING = {"can_post_messages": True, "can_edit_messages": True, "can_manage_direct_messages": True}


def member_permissions(chat: Chat) -> Json:
    """Return the ChatPermissions of members without special rights."""
    return dict.fromkeys(_PERMISSIONS, True) | ({} if chat.is_forum else {"can_manage_topics": False})


def as_member(backend: Backend, chat: Chat, user_id: int) -> Json:
    """Return the ChatMember object of a person or the bot."""
    user = backend.world.user(user_id)
    if user_id == backend.config.bot_id:
        return _bot_as_member(chat, user)
    if user_id == chat.owner_id and user_id in chat.members:
        return {"status": "creator", "user": user, "is_anonymous": False}
    if chat.is_run_by(user_id):
        rights = {"can_be_edited": False, "is_anonymous": False, **_BASIC_ADMIN, "can_pin_messages": True}
        return {"status": "administrator", "user": user, **rights, "can_manage_topics": chat.is_forum}
    return {"status": "member" if user_id in chat.members else "left", "user": user}


def _bot_as_member(chat: Chat, user: Json) -> Json:
    if chat.bot_status == "administrator":
        return {
            "status": "administrator",
            "user": user,
            "can_be_edited": False,
            "is_anonymous": False,
            **_BASIC_ADMIN,
            **(_POSTING if chat.type == "channel" else {"can_pin_messages": True, "can_manage_topics": chat.is_forum}),
            **chat.bot_rights,
        }
    if chat.bot_status == "kicked":
        return {"status": "kicked", "user": user, "until_date": 0}
    if chat.bot_status == "member" and chat.bot_can and chat.type == "supergroup":
        rights = dict.fromkeys(_PERMISSIONS, True) | chat.bot_can
        return {"status": "restricted", "user": user, "is_member": True, "until_date": 0} | rights
    return {"status": chat.bot_status, "user": user}


def set_bot(backend: Backend, chat: Chat, by: int, **fields: object) -> Chat:
    """Change the bot's status in a chat. The bot gets my_chat_member, and people see it."""
    before = as_member(backend, chat, backend.config.bot_id)
    chat = backend.world.put_chat(replace(backend.world.chats[chat.id], **fields))  # type: ignore[arg-type]
    tell_bot(backend, chat, by, before)
    tell_chat(backend, chat)
    return chat


def tell_bot(backend: Backend, chat: Chat, by: int, before: Json) -> None:
    """Queue my_chat_member for the bot, if its status or rights differ from ``before``."""
    world = backend.world
    after = as_member(backend, chat, backend.config.bot_id)
    if before != after:
        body = {
            "chat": world.chat_json(chat),
            "from": world.user(by),
            "date": world.now(),
            "old_chat_member": before,
            "new_chat_member": after,
        }
        backend.updates.add("my_chat_member", body, lane=f"member:{chat.id}")


def bot_joins(backend: Backend, chat: Chat, by: int, *, as_admin: bool = False) -> Chat:
    """Add the bot to a chat, as a member or an admin.

    Its privacy mode at this moment decides what it may read there.
    """
    reads_all = not backend.world.profile.get("privacy", True)
    status = "administrator" if as_admin else "member"
    return set_bot(backend, chat, by, bot_status=status, bot_reads_all=reads_all, bot_can={}, bot_rights={})


def bot_leaves(backend: Backend, chat: Chat, by: int) -> Chat:
    """Take the bot out of a chat: by itself (left) or by a person (kicked)."""
    bot_id = backend.config.bot_id
    if chat.type != "channel":
        service(backend, chat, by, {"left_chat_member": backend.world.bot()})
    return set_bot(backend, chat, by, bot_status="left" if by == bot_id else "kicked")
