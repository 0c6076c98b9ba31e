"""Which fields of a message are something that a person sends. Imports ``raw`` and ``storage.records``.

What a person sends in private is always answered, also a kind that came after this program was written. So the fields
that say nothing by themselves are listed here (Bot API 10.3, Message), and every other field counts as content.
"""

from __future__ import annotations

from bot.chat.updates.raw import words_of
from storage.records import Json

BESIDE = frozenset({
    "message_id", "date", "chat", "message_thread_id", "direct_messages_topic", "from", "sender_chat", "sender_tag",
    "sender_boost_count", "sender_business_bot", "guest_query_id", "business_connection_id", "forward_origin",
    "is_topic_message", "is_automatic_forward", "reply_to_message", "external_reply", "quote", "reply_to_story",
    "reply_to_checklist_task_id", "reply_to_poll_option_id", "via_bot", "guest_bot_caller_user",
    "guest_bot_caller_chat", "edit_date", "has_protected_content", "is_from_offline", "is_paid_post", "media_group_id",
    "author_signature", "paid_star_count", "entities", "link_preview_options", "suggested_post_info", "effect_id",
    "caption_entities", "show_caption_above_media", "has_media_spoiler", "reply_markup", "receiver_user",
    "ephemeral_message_id", "forward_date", "forward_from", "forward_from_chat", "forward_from_message_id",
    "forward_sender_name", "forward_signature",
})  # fmt: skip
"""Fields that say something about a message, and are none of its content."""

EVENTS = frozenset({
    "new_chat_members", "left_chat_member", "chat_owner_left", "chat_owner_changed", "new_chat_title",
    "new_chat_photo", "delete_chat_photo", "group_chat_created", "supergroup_chat_created", "channel_chat_created",
    "message_auto_delete_timer_changed", "migrate_to_chat_id", "migrate_from_chat_id", "pinned_message",
    "successful_payment", "refunded_payment", "gift_upgrade_sent", "connected_website", "write_access_allowed",
    "proximity_alert_triggered", "boost_added", "chat_background_set", "checklist_tasks_done",
    "checklist_tasks_added", "direct_message_price_changed", "forum_topic_created", "forum_topic_edited",
    "forum_topic_closed", "forum_topic_reopened", "general_forum_topic_hidden", "general_forum_topic_unhidden",
    "giveaway_created", "giveaway_completed", "managed_bot_created", "paid_message_price_changed",
    "poll_option_added", "poll_option_deleted", "suggested_post_approved", "suggested_post_approval_failed",
    "suggested_post_declined", "suggested_post_paid", "suggested_post_refunded", "video_chat_scheduled",
    "video_chat_started", "video_chat_ended", "video_chat_participants_invited", "community_chat_added",
    "community_chat_removed", "community_chat_joined",
})  # fmt: skip
"""Fields of service messages: something happened to the chat, and nobody waits for an answer."""


def is_unknown(message: Json) -> bool:
    """Return whether a raw message is something without words that a person sent, of a kind that is not known here."""
    sent = any(name not in BESIDE and name not in EVENTS for name in message) and EVENTS.isdisjoint(message)
    return sent and not words_of(message)
