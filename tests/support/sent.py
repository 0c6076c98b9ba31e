"""A message of each kind that a person can send to a bot in private, as the Bot API shows it (10.3, Message)."""

from __future__ import annotations

from typing import Any

FILE = {"file_id": "BQACAgIAAxkBAAunknown", "file_unique_id": "AgADunknown", "file_size": 100}
PERSON = {"id": 1002, "is_bot": False, "first_name": "Boris"}
CHAT = {"id": 1002, "type": "private", "first_name": "Boris"}
PLACE = {"latitude": 50.45, "longitude": 30.52}
SIZE = FILE | {"width": 90, "height": 90}
GIFT = {
    "id": "1",
    "sticker": FILE | {"type": "regular", "width": 9, "height": 9, "is_animated": False, "is_video": False},
    "star_count": 15,
}

SENT: dict[str, dict[str, Any]] = {
    "text": {"text": "a boat"},
    "caption": {"caption": "a boat", "video": FILE | {"width": 9, "height": 9, "duration": 1}},
    "animation": {"animation": FILE | {"width": 9, "height": 9, "duration": 1}},
    "audio": {"audio": FILE | {"duration": 3}},
    "document": {"document": FILE | {"file_name": "wish.txt", "mime_type": "text/plain"}},
    "live_photo": {"live_photo": FILE | {"width": 9, "height": 9, "duration": 1}},
    "paid_media": {"paid_media": {"star_count": 1, "paid_media": []}},
    "photo": {"photo": [SIZE]},
    "sticker": {"sticker": FILE | {"type": "regular", "width": 9, "height": 9, "is_animated": True, "is_video": False}},
    "story": {"story": {"chat": CHAT, "id": 1}},
    "video": {"video": FILE | {"width": 9, "height": 9, "duration": 1}},
    "video_note": {"video_note": FILE | {"length": 240, "duration": 1}},
    "voice": {"voice": FILE | {"duration": 3}},
    "checklist": {"checklist": {"title": "Boats", "tasks": [{"id": 1, "text": "paint"}]}},
    "contact": {"contact": {"phone_number": "1", "first_name": "Bo"}},
    "dice": {"dice": {"emoji": "🎲", "value": 6}},
    "game": {"game": {"title": "Boats", "description": "Sink them", "photo": [SIZE]}},
    "poll": {
        "poll": {
            "id": "1",
            "question": "A boat?",
            "options": [],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
        }
    },
    "venue": {"venue": {"location": PLACE, "title": "Harbour", "address": "1"}, "location": PLACE},
    "location": {"location": PLACE},
    "invoice": {
        "invoice": {
            "title": "A boat",
            "description": "Wood",
            "start_parameter": "",
            "currency": "XTR",
            "total_amount": 1,
        }
    },
    "users_shared": {"users_shared": {"request_id": 1, "users": [{"user_id": 1002}]}},
    "user_shared": {"user_shared": {"request_id": 1, "user_id": 1002}},
    "chat_shared": {"chat_shared": {"request_id": 1, "chat_id": -5}},
    "gift": {"gift": {"gift": GIFT}},
    "unique_gift": {"unique_gift": {}},
    "passport_data": {"passport_data": {"data": [], "credentials": {"data": "", "hash": "", "secret": ""}}},
    "giveaway": {"giveaway": {"chats": [CHAT], "winners_selection_date": 1, "winner_count": 1}},
    "giveaway_winners": {
        "giveaway_winners": {
            "chat": CHAT,
            "giveaway_message_id": 1,
            "winners_selection_date": 1,
            "winner_count": 1,
            "winners": [PERSON],
        }
    },
    "web_app_data": {"web_app_data": {"data": "1", "button_text": "Open"}},
    "rich_message": {"rich_message": {"blocks": [{"type": "paragraph", "text": "a boat"}]}},
}
"""A body for each field with content, by the name of the field."""
