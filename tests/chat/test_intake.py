"""Raw updates in the bot's own words: who said what to whom, and nothing of Telegram's types behind this door."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot

from bot.chat.incoming import Attachment, Commanded, Incoming, Joined, Left, Moved, Pressed, Replied, Said
from bot.chat.intake import Me, is_cancel, key_of, moved_from, press_of, read
from storage.records import Key

ME = Me(id=77, username="Pentimento_bot", reads_all=False, language="de")
TELEGRAM = Bot(":".join(("77", "A" * 35)))
ANN = {"id": 7, "is_bot": False, "first_name": "Ann", "username": "ann", "language_code": "en"}
BOT = {"id": 77, "is_bot": True, "first_name": "Pentimento", "username": "Pentimento_bot"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Ann"}
GROUP = {"id": -5, "type": "group", "title": "Painters"}
FORUM = {"id": -100_5, "type": "supergroup", "title": "Forum", "is_forum": True}

Json = dict[str, Any]


def message(text: str = "", chat: Json = PRIVATE, **more: Any) -> Json:
    """Return an update with a message; entities are found as Telegram finds them."""
    body = {"message_id": 31, "date": 1_800_000_000, "chat": chat, "from": ANN, **more}
    if text:
        body |= {"text": text, "entities": entities(text)}
    return {"update_id": 5, "message": body}


def entities(text: str) -> list[Json]:
    """Return commands and mentions, which in these tests stand at the beginning or at the end."""
    found = []
    for word in text.split():
        kind = {"/": "bot_command", "@": "mention"}.get(word[0])
        if kind:
            before = text[: text.index(word)].encode("utf-16-le")
            found.append({"type": kind, "offset": len(before) // 2, "length": len(word.encode("utf-16-le")) // 2})
    return found


def understood(update: Json) -> Incoming | None:
    return read(update, TELEGRAM, ME)


def said(update: Json) -> Said:
    event = understood(update)
    assert isinstance(event, Said)
    return event


def photo(file_id: str = "big", **more: Any) -> Json:
    """Return the sizes of a photo, out of order."""
    sizes = [("small", 90), (file_id, 1280), ("middle", 320)]
    named = [{"file_id": name, "file_unique_id": name, "width": side, "height": side} for name, side in sizes]
    return {"photo": [size | {"file_size": size["width"]} for size in named], **more}


def test_words_in_private_are_a_wish() -> None:
    event = said(message("  a boat  "))
    assert (event.words, event.addressed, event.private, event.key) == ("a boat", True, True, Key(7, 0))
    assert (event.update_id, event.message_id) == (5, 31)
    assert (event.author.id, event.author.name, event.author.language) == (7, "Ann", "en")


def test_people_without_a_language_are_spoken_to_in_the_operators() -> None:
    event = said(message("a boat", **{"from": {"id": 8, "is_bot": False, "first_name": "Bo"}}))
    assert event.language == "de"


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ({"sender_chat": GROUP, "from": {"id": 1087968824, "is_bot": True, "first_name": "Group"}}, "Painters"),
        (
            {
                "sender_chat": {"id": -100_9, "type": "channel", "title": "News"},
                "from": {"id": 136817688, "is_bot": True, "first_name": "Channel"},
            },
            "News",
        ),
    ],
)
def test_who_speaks_as_a_chat_is_known_by_the_chat(sender: Json, name: str) -> None:
    """The stand-in user is the same for all of them (telegram.md, 3)."""
    event = said(message("@Pentimento_bot a boat", GROUP, **sender))
    assert (event.author.id, event.author.name) == (sender["sender_chat"]["id"], name)


@pytest.mark.parametrize(
    ("text", "words", "addressed"),
    [
        ("@pentimento_BOT a boat", "a boat", True),
        ("🎨 a boat @Pentimento_bot", "🎨 a boat", True),
        ("@Pentimento_bot", "", True),
        ("a boat", "a boat", False),
        ("@somebody a boat", "@somebody a boat", False),
    ],
)
def test_a_mention_addresses_the_bot_in_a_group(text: str, words: str, addressed: bool) -> None:
    event = said(message(text, GROUP))
    assert (event.words, event.addressed) == (words, addressed)


def test_a_mention_in_a_caption_counts_too() -> None:
    caption = "@Pentimento_bot warmer"
    update = message("", GROUP, caption=caption, caption_entities=entities(caption), **photo())
    event = said(update)
    assert (event.words, event.addressed) == ("warmer", True)


def test_a_reply_to_the_bot_addresses_it_and_one_to_somebody_else_does_not() -> None:
    original = {"message_id": 30, "date": 1, "chat": GROUP, "text": "There."}
    to_bot = said(message("now red", GROUP, reply_to_message={**original, "from": BOT}))
    to_ann = said(message("now red", GROUP, reply_to_message={**original, "from": ANN}))
    assert (to_bot.addressed, to_ann.addressed) == (True, False)
    assert to_bot.replied == Replied(message_id=30)


def test_what_opened_a_topic_is_not_replied_to() -> None:
    opener = {"message_id": 9, "date": 1, "chat": FORUM, "from": BOT}
    opener["forum_topic_created"] = {"name": "Boats", "icon_color": 1}
    topic = {"message_thread_id": 9, "is_topic_message": True, "reply_to_message": opener}
    event = said(message("just talking", FORUM, **topic))
    assert (event.addressed, event.replied, event.key) == (False, None, Key(-100_5, 9))


def test_comments_below_a_channel_are_no_topics() -> None:
    """They have a message_thread_id as well (telegram.md, 3)."""
    assert said(message("nice", GROUP, message_thread_id=4)).key == Key(-5, 0)


def test_of_a_photo_the_largest_size_is_taken() -> None:
    event = said(message("", **photo(caption="warmer", media_group_id="album")))
    assert event.attachment == Attachment(file_id="big", kind="photo", mime="image/jpeg", size_bytes=1280)
    assert (event.words, event.album) == ("warmer", "album")


def test_the_photo_of_a_replied_message_comes_along() -> None:
    original = {"message_id": 30, "date": 1, "chat": GROUP, "from": ANN, **photo("theirs")}
    event = said(message("@Pentimento_bot warmer", GROUP, reply_to_message=original))
    assert event.replied is not None
    assert event.replied.attachment is not None
    assert event.replied.attachment.file_id == "theirs"


def test_a_photo_of_another_chat_can_be_replied_to() -> None:
    origin = {"type": "user", "date": 1, "sender_user": ANN}
    event = said(message("warmer", external_reply={"origin": origin, "message_id": 9, **photo("far")}))
    assert event.replied is not None
    assert event.replied.message_id is None
    assert event.replied.attachment is not None
    assert event.replied.attachment.file_id == "far"


def file(mime: str, name: str = "", size_bytes: int = 9, **more: Any) -> Json:
    told = {"mime_type": mime, "file_name": name}
    unique = {"file_id": "f", "file_unique_id": "f", "file_size": size_bytes}
    return {"document": {**unique, **{key: value for key, value in told.items() if value}}, **more}


UNKNOWN = "application/octet-stream"


MOVING = {"file_id": "f", "file_unique_id": "f", "width": 9, "height": 9, "duration": 1, "mime_type": "video/mp4"}
STICKER = {"file_id": "f", "file_unique_id": "f", "type": "regular", "width": 9, "height": 9}


@pytest.mark.parametrize(
    ("body", "kind", "unusable"),
    [
        (file("image/png"), "document", None),
        (file("image/heic"), "document", None),
        (file("application/pdf"), None, "document"),
        (file(UNKNOWN, "photo.jfif"), "document", None),
        (file(UNKNOWN, "image"), "document", None),
        (file(""), "document", None),
        (file(UNKNOWN, "IMG_1.CR2", 20 * 1024 * 1024), "document", None),
        (file(UNKNOWN, "backup.bin", 20 * 1024 * 1024 + 1), None, "document"),
        (file(UNKNOWN, "scan.TIFF", 20 * 1024 * 1024 + 1), "document", None),
        (file("text/plain", "photo.jpg"), None, "document"),
        (file("video/mp4", animation=MOVING), None, "animation"),
        ({"video": MOVING}, None, "video"),
        ({"voice": {"file_id": "f", "file_unique_id": "f", "duration": 1}}, None, "voice"),
        ({"sticker": STICKER | {"is_animated": False, "is_video": False}}, "sticker", None),
        ({"sticker": STICKER | {"is_animated": True, "is_video": False}}, None, "sticker"),
        ({"sticker": STICKER | {"is_animated": False, "is_video": True}}, None, "sticker"),
        ({"location": {"latitude": 1.0, "longitude": 1.0}}, None, "location"),
    ],
)
def test_a_file_is_a_picture_or_named_by_its_kind(body: Json, kind: str | None, unusable: str | None) -> None:
    event = said(message("", **body))
    assert (event.attachment.kind if event.attachment else None, event.unusable) == (kind, unusable)


@pytest.mark.parametrize(
    ("text", "name", "argument", "addressed"),
    [
        ("/help", "help", "", False),
        ("/HELP@pentimento_BOT", "help", "", True),
        ("/ratio 16:9", "ratio", "16:9", False),
        ("/ratio@Pentimento_bot  16:9 ", "ratio", "16:9", True),
    ],
)
def test_a_command_is_read_with_its_argument(text: str, name: str, argument: str, addressed: bool) -> None:
    event = understood(message(text, GROUP))
    assert isinstance(event, Commanded)
    assert (event.name, event.argument, event.addressed) == (name, argument, addressed)
    private = understood(message(text))
    assert isinstance(private, Commanded)
    assert private.addressed


@pytest.mark.parametrize("text", ["/help@other_bot", "/x4@other_bot a boat"])
def test_a_command_for_another_bot_means_nothing_here(text: str) -> None:
    assert understood(message(text, GROUP)) is None
    assert understood(message(text)) is None


def test_a_command_in_the_middle_is_part_of_the_words() -> None:
    assert said(message("paint /help on a sign")).words == "paint /help on a sign"


def test_an_edited_command_means_nothing() -> None:
    update = message("/new")
    assert understood({"update_id": 5, "edited_message": update["message"]}) is None


@pytest.mark.parametrize(
    ("text", "times", "words"),
    [
        ("/x4 a boat", 4, "a boat"),
        ("/x2@Pentimento_bot a boat", 2, "a boat"),
        ("/x4u a boat", 1, None),
        ("/x9 a boat", 1, None),
    ],
)
def test_versions_are_asked_for_before_the_wish_in_groups_too(text: str, times: int, words: str | None) -> None:
    for chat in (PRIVATE, GROUP):
        event = understood(message(text, chat))
        if words is None:
            assert isinstance(event, Commanded)
        else:
            assert isinstance(event, Said)
            assert (event.times, event.words, event.addressed) == (times, words, True)


def test_a_caption_can_ask_for_versions() -> None:
    caption = "/x2@Pentimento_bot warmer"
    event = said(message("", GROUP, caption=caption, caption_entities=entities(caption), **photo()))
    assert (event.times, event.words, event.addressed) == (2, "warmer", True)


def membership(before: str, after: str, chat: Json = GROUP) -> Json:
    member = {"chat": chat, "from": ANN, "date": 1}
    rights = {"until_date": 0} if after == "kicked" else {}
    return {
        "update_id": 5,
        "my_chat_member": {
            **member,
            "old_chat_member": {"status": before, "user": BOT, **({"until_date": 0} if before == "kicked" else {})},
            "new_chat_member": {"status": after, "user": BOT, **rights},
        },
    }


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("left", "member", Joined),
        ("kicked", "member", Joined),
        ("member", "left", Left),
        ("member", "kicked", Left),
        ("member", "member", type(None)),
    ],
)
def test_coming_and_going_is_noticed(before: str, after: str, kind: type) -> None:
    assert type(understood(membership(before, after))) is kind


@pytest.mark.parametrize("news", [{"group_chat_created": True}, {"new_chat_members": [ANN, BOT]}])
def test_a_service_message_tells_of_joining_as_well(news: Json) -> None:
    event = understood(message("", GROUP, **news))
    assert isinstance(event, Joined)
    assert (event.kind, event.title, event.reads_all) == ("group", "Painters", False)


@pytest.mark.parametrize("news", [{"new_chat_members": [ANN]}, {"left_chat_member": ANN}, {"new_chat_title": "Hm"}])
def test_other_service_messages_mean_nothing(news: Json) -> None:
    assert understood(message("", GROUP, **news)) is None


def test_a_move_is_told_by_either_side() -> None:
    for update in (message("", GROUP, migrate_to_chat_id=-100_5), message("", FORUM, migrate_from_chat_id=-5)):
        event = understood(update)
        assert isinstance(event, Moved)
        assert (event.old_id, event.new_id) == (-5, -100_5)
    assert moved_from(message("", FORUM, migrate_from_chat_id=-5)) == -5
    assert moved_from(message("a boat")) is None


def pressed(**more: Any) -> Json:
    shown = {"message_id": 40, "date": 1, "chat": GROUP, "from": BOT, "text": "There."}
    return {
        "update_id": 5,
        "callback_query": {"id": "q", "from": ANN, "chat_instance": "c", "message": shown, "data": "undo:4", **more},
    }


def test_a_pressed_button_says_who_pressed_what_where() -> None:
    event = understood(pressed())
    assert isinstance(event, Pressed)
    assert (event.callback_id, event.data, event.message_id) == ("q", "undo:4", 40)
    assert (event.author.name, event.key, event.private) == ("Ann", Key(-5, 0), False)
    press = press_of(pressed())
    assert press is not None
    assert (press.callback_id, press.tap, press.lasting) == ("q", "7:-5:40:undo:4", False)
    again = press_of(pressed(data="again:4"))
    assert again is not None
    assert again.lasting
    assert press_of(message("a boat")) is None


def test_a_button_under_a_message_too_old_to_be_shown_still_works() -> None:
    event = understood(pressed(message={"message_id": 40, "date": 0, "chat": GROUP}))
    assert isinstance(event, Pressed)
    assert event.key == Key(-5, 0)


@pytest.mark.parametrize("body", [{"data": None}, {"message": None, "inline_message_id": "x"}])
def test_a_press_that_is_not_of_our_buttons_means_nothing(body: Json) -> None:
    update = pressed(**body)
    update["callback_query"] = {name: value for name, value in update["callback_query"].items() if value is not None}
    assert understood(update) is None


@pytest.mark.parametrize(
    ("update", "asked"),
    [
        (message("/cancel"), True),
        (message("/Cancel@Pentimento_bot please"), True),
        (message("/cancel@other_bot"), False),
        (message("cancel"), False),
        (pressed(data="cancel:4"), True),
        (pressed(), False),
        ({"update_id": 5, "stopped_message_generation": {"chat": PRIVATE, "draft_id": 4}}, True),
    ],
)
def test_cancel_is_seen_before_anything_is_read(update: Json, asked: bool) -> None:
    assert is_cancel(update, ME) == asked


@pytest.mark.parametrize(
    ("update", "key"),
    [
        (message("a boat"), Key(7, 0)),
        ({"update_id": 5, "edited_message": message("a boat", GROUP)["message"]}, Key(-5, 0)),
        (message("a boat", FORUM, message_thread_id=9, is_topic_message=True), Key(-100_5, 9)),
        (pressed(), Key(-5, 0)),
        (membership("left", "member"), Key(-5, 0)),
        ({"update_id": 5, "stopped_message_generation": {"chat": PRIVATE, "draft_id": 4}}, Key(7, 0)),
        ({"update_id": 5, "poll": {"id": "1"}}, Key(0, 0)),
    ],
)
def test_an_update_belongs_to_a_conversation(update: Json, key: Key) -> None:
    assert key_of(update) == key


names = st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member", "chat", "id", "from", "data"])
nonsense = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(max_size=8) | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names | st.text(max_size=8), inner, max_size=4),
    max_leaves=15,
)


@given(st.dictionaries(names, nonsense, max_size=4))
def test_nothing_that_comes_in_can_break_the_door(update: Json) -> None:
    """What stands before the inbox never raises: an update that cannot be stored would hold up all behind it."""
    chat_id, topic_id = key_of(update)
    assert abs(chat_id) < 2**63
    assert abs(topic_id) < 2**63
    assert is_cancel(update, ME) in (True, False)
    press_of(update)
    moved_from(update)
