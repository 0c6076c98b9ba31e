"""From raw updates to the bot's own events: who said what to whom. None of Telegram's types come out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot

from bot.chat.command_table import KNOWN
from bot.chat.events import (
    Attachment,
    ChannelJoined,
    Commanded,
    Incoming,
    Joined,
    Left,
    Moved,
    Pressed,
    Ranked,
    Replied,
    Said,
)
from bot.chat.updates.moving import carried
from bot.chat.updates.parse import (
    Me,
    is_addition,
    is_cancel,
    is_left,
    is_move,
    key_of,
    moved_from,
    press_of,
    read,
    turn_to_cancel,
)
from storage.records import BEFORE_MOVE, Key

ME = Me(id=77, username="Pentimento_bot", reads_all=False, language="de")
TELEGRAM = Bot(":".join(("77", "A" * 35)))
ANN = {"id": 7, "is_bot": False, "first_name": "Ann", "username": "ann", "language_code": "en"}
BOT = {"id": 77, "is_bot": True, "first_name": "Pentimento", "username": "Pentimento_bot"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Ann"}
GROUP = {"id": -5, "type": "group", "title": "Painters"}
SUPERGROUP = {"id": -100_6, "type": "supergroup", "title": "Boats"}
CHANNEL = {"id": -100_7, "type": "channel", "title": "News"}
TOPIC = {"name": "Boats", "icon_color": 1}
FORUM = {"id": -100_5, "type": "supergroup", "title": "Forum", "is_forum": True}

Json = dict[str, Any]


def message(text: str = "", chat: Json = PRIVATE, **more: Any) -> Json:
    """Return an update with a message; entities are found as Telegram finds them."""
    body = {"message_id": 31, "date": 1_800_000_000, "chat": chat, "from": ANN, **more}
    if text:
        body |= {"text": text, "entities": entities(text)}
    return {"update_id": 5, "message": body}


def entities(text: str) -> list[Json]:
    """Return commands and mentions; in these tests they are at the beginning or at the end."""
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
    """All of them have the same stand-in user (core.telegram.org/bots/api#message, sender_chat)."""
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
    opener["forum_topic_created"] = TOPIC
    topic = {"message_thread_id": 9, "is_topic_message": True, "reply_to_message": opener}
    event = said(message("just talking", FORUM, **topic))
    assert (event.addressed, event.replied, event.key) == (False, None, Key(-100_5, 9))
    command = understood(message("/allow", FORUM, **topic))
    assert isinstance(command, Commanded)
    assert command.replied is None


def test_comments_below_a_channel_are_no_topics() -> None:
    """They have a message_thread_id as well (core.telegram.org/bots/api#message, is_topic_message)."""
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
    assert (event.replied.message_id, event.replied.elsewhere) == (None, True)
    assert event.replied.attachment is not None
    assert event.replied.attachment.file_id == "far"
    assert event.replied.author is not None
    assert event.replied.author.name == "Ann"


HIDDEN = {"type": "hidden_user", "date": 1, "sender_user_name": "Somebody"}


@pytest.mark.parametrize(
    ("origin", "author", "addressed"),
    [
        ({"type": "user", "date": 1, "sender_user": BOT}, None, True),
        ({"type": "user", "date": 1, "sender_user": ANN}, 7, False),
        ({"type": "chat", "date": 1, "sender_chat": FORUM}, -100_5, False),
        ({"type": "channel", "date": 1, "chat": CHANNEL, "message_id": 9}, -100_7, False),
        (HIDDEN, 0, False),
    ],
)  # fmt: skip
def test_a_reply_to_another_topic_is_one_to_who_wrote_there(origin: Json, author: int | None, addressed: bool) -> None:
    """``reply_to_message`` is then only the first message of this topic or thread, whoever wrote it."""
    first = {"message_id": 30, "date": 1, "chat": FORUM, "from": BOT, "text": "There."}
    quoted = {"origin": origin, "chat": FORUM, "message_id": 9}
    for beside in ({}, {"reply_to_message": first}, {"reply_to_message": first | {"forum_topic_created": TOPIC}}):
        event = said(message("now red", FORUM, external_reply=quoted, message_thread_id=30, **beside))
        assert event.addressed is addressed
        assert event.replied is not None
        assert (event.replied.message_id, event.replied.elsewhere) == (9, True)
        assert (event.replied.author.id if event.replied.author else None) == author


def test_what_stands_in_a_thread_is_said_to_who_began_it() -> None:
    """A client sends it as a reply to the thread's first message (tdlib MessageInputReplyTo.cpp)."""
    first = {"message_id": 30, "date": 1, "chat": SUPERGROUP, "text": "There."}
    thread = {"message_thread_id": 30}
    below_bot = said(message("now red", SUPERGROUP, reply_to_message={**first, "from": BOT}, **thread))
    below_ann = said(message("now red", SUPERGROUP, reply_to_message={**first, "from": ANN}, **thread))
    assert (below_bot.addressed, below_ann.addressed) == (True, False)
    assert below_bot.key == Key(-100_6, 0)


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
        (file("application/pdf"), "pdf", None),
        (file(UNKNOWN, "plan.PDF"), "pdf", None),
        (file(UNKNOWN, "photo.jfif"), "document", None),
        (file(UNKNOWN, "image"), "document", None),
        (file(""), "document", None),
        (file(UNKNOWN, "IMG_1.CR2", 20 * 1024 * 1024), "document", None),
        (file(UNKNOWN, "backup.bin", 20 * 1024 * 1024 + 1), None, "document"),
        (file(UNKNOWN, "scan.TIFF", 20 * 1024 * 1024 + 1), "document", None),
        (file("text/plain", "photo.jpg"), None, "document"),
        (file("video/mp4", animation=MOVING), "animation", None),
        (file("video/quicktime", "boat.mov"), "video", None),
        ({"video": MOVING}, "video", None),
        ({"voice": {"file_id": "f", "file_unique_id": "f", "duration": 1}}, None, None),
        ({"sticker": STICKER | {"is_animated": False, "is_video": False}}, "sticker", None),
        ({"sticker": STICKER | {"is_animated": True, "is_video": False}}, "moving-sticker", None),
        ({"sticker": STICKER | {"is_animated": False, "is_video": True}}, "moving-sticker", None),
        ({"location": {"latitude": 1.0, "longitude": 1.0}}, None, "location"),
        ({"rich_message": {"blocks": [{"type": "paragraph", "text": "a boat"}]}}, None, None),
        ({"rich_message": {"blocks": [{"type": "divider"}]}}, None, "rich_message"),
        ({"hologram": {"file_id": "f"}}, None, "other"),
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
        ("/edit a boat", 1, "a boat"),
        ("/edit@pentimento_BOT:\na boat", 1, "a boat"),
        ("/x3 /edit /x2 a boat", 2, "a boat"),
        ("/edit", 1, ""),
        ("/edit@", 1, ""),
        ("/edit画一艘船", 1, "画一艘船"),
        ("/editor a boat", 1, None),
        ("/x4", 1, None),
        ("/edit /undo", 1, None),
    ],
)
def test_commands_carry_a_wish_in_groups_too(text: str, times: int, words: str | None) -> None:
    for chat in (PRIVATE, GROUP):
        event = understood(message(text, chat))
        if words is None:
            assert isinstance(event, Commanded)
        else:
            assert isinstance(event, Said)
            assert (event.times, event.words, event.addressed, event.called) == (times, words, True, True)


@pytest.mark.parametrize(
    ("text", "words", "anew"),
    [("/new a boat", "a boat", True), ("/x2 /new a boat", "a boat", True), ("/edit a boat", "a boat", False)],
)
def test_a_wish_after_new_starts_over(text: str, words: str, anew: bool) -> None:
    event = said(message(text, GROUP))
    assert (event.words, event.anew, event.addressed) == (words, anew, True)


@pytest.mark.parametrize("text", ["/new", "/new@Pentimento_bot", "@Pentimento_bot /new", "/new /edit"])
def test_new_alone_is_a_command(text: str) -> None:
    event = understood(message(text, GROUP))
    assert isinstance(event, Commanded)
    assert (event.name, event.argument) == ("new", "")


def captioned(caption: str, chat: Json = PRIVATE, **more: Any) -> Json:
    """Return an update with a photo that has a caption."""
    return message("", chat, caption=caption, caption_entities=entities(caption), **photo(), **more)


@pytest.mark.parametrize(
    ("caption", "name", "argument", "addressed"),
    [
        ("/undo", "undo", "", False),
        ("/save@Pentimento_bot hat", "save", "hat", True),
        ("@Pentimento_bot /ratio 16:9", "ratio", "16:9", True),
        ("/nwe make it red", "nwe", "make it red", False),
    ],
)
def test_a_command_in_a_caption_comes_with_its_picture(caption: str, name: str, argument: str, addressed: bool) -> None:
    event = said(captioned(caption, GROUP))
    assert (event.words, event.addressed, event.attachment is not None) == ("", addressed, True)
    assert event.command is not None
    assert (event.command.name, event.command.argument, event.command.addressed) == (name, argument, addressed)
    private = said(captioned(caption))
    assert private.command is not None
    assert private.command.addressed


def test_a_command_in_the_caption_of_what_is_no_picture_is_never_words() -> None:
    event = said(message("", caption="/undo", audio={"file_id": "f", "file_unique_id": "f", "duration": 1}))
    assert (event.words, event.unusable, event.command is not None) == ("", "audio", True)


def test_of_a_video_its_cover_is_known_and_else_its_thumbnail() -> None:
    def size(name: str, side: int) -> Json:
        return {"file_id": name, "file_unique_id": name, "width": side, "height": side}

    small = MOVING | {"thumbnail": size("small", 90)}
    chosen = small | {"cover": [size("cover", 1280), size("less", 320)]}
    found = [said(message("", video=one)).attachment for one in (MOVING, small, chosen)]
    shown = [one.shown for one in found if one]
    assert [(one.file_id, one.chosen) if one else None for one in shown] == [None, ("small", False), ("cover", True)]


def test_a_voice_and_a_video_message_are_recordings() -> None:
    voice = {"file_id": "v", "file_unique_id": "v", "duration": 7, "mime_type": "audio/ogg", "file_size": 9}
    heard = said(message("", voice=voice)).recording
    seen = said(message("", video_note={"file_id": "n", "file_unique_id": "n", "duration": 3, "length": 240})).recording
    assert heard is not None
    assert seen is not None
    assert (heard.file.file_id, heard.file.mime, heard.duration_s, heard.still) == ("v", "audio/ogg", 7, None)
    assert (seen.file.mime, seen.duration_s, seen.still is not None) == ("video/mp4", 3, True)


def test_a_caption_of_another_bots_is_not_for_this_one() -> None:
    assert understood(captioned("/new@other_bot make it red")) is None


def test_a_command_under_a_photo_that_is_passed_on_was_said_to_somebody_else() -> None:
    origin = {"type": "user", "date": 1, "sender_user": {"id": 8, "is_bot": False, "first_name": "Bo"}}
    event = said(captioned("/new@other_bot make it red", forward_origin=origin))
    assert (event.words, event.anew, event.command) == ("", False, None)
    assert not is_cancel(captioned("/cancel", forward_origin=origin), TELEGRAM, ME)


def test_a_command_in_reply_to_the_bot_is_meant_for_it() -> None:
    original = {"message_id": 30, "date": 1, "chat": GROUP, "text": "There.", "from": BOT}
    event = understood(message("/brighter", GROUP, reply_to_message=original))
    assert isinstance(event, Commanded)
    assert event.addressed


@given(st.sampled_from([*KNOWN]), st.text(alphabet=st.sampled_from(" \n/@:,-ax4edit画🎨"), max_size=30), st.booleans())
def test_no_wish_begins_with_a_command(name: str, rest: str, in_caption: bool) -> None:
    text = f"/{name}{rest}".strip()
    event = understood(captioned(text) if in_caption else message(text))
    assert event is None or isinstance(event, Said | Commanded)
    if isinstance(event, Said):
        assert not any(event.words.startswith(f"/{one}") for one in KNOWN), event.words


def test_a_caption_can_ask_for_versions() -> None:
    caption = "/x2@Pentimento_bot warmer"
    event = said(message("", GROUP, caption=caption, caption_entities=entities(caption), **photo()))
    assert (event.times, event.words, event.addressed) == (2, "warmer", True)


RIGHTS = (
    *("send_messages", "send_audios", "send_documents", "send_photos", "send_videos", "send_video_notes"),
    *("send_voice_notes", "send_polls", "send_other_messages", "add_web_page_previews", "change_info"),
    *("invite_users", "pin_messages", "manage_topics", "edit_tag", "react_to_messages"),
)
ADMIN = (
    *("manage_chat", "delete_messages", "manage_video_chats", "restrict_members", "promote_members", "change_info"),
    *("invite_users", "post_stories", "edit_stories", "delete_stories"),
)


def standing(status: str) -> Json:
    """Return the bot's ChatMember; "restricted" and "out" can do less there, the latter from outside."""
    more: Json = {"until_date": 0} if status == "kicked" else {}
    if status in ("restricted", "out"):
        more = {"until_date": 0, "is_member": status == "restricted"} | {f"can_{right}": False for right in RIGHTS}
    if status == "administrator":
        more = {"can_be_edited": False, "is_anonymous": False} | {f"can_{right}": False for right in ADMIN}
    return {"status": "restricted" if status == "out" else status, "user": BOT, **more}


def membership(before: str, after: str, chat: Json = GROUP) -> Json:
    change = {"old_chat_member": standing(before), "new_chat_member": standing(after)}
    return {"update_id": 5, "my_chat_member": {"chat": chat, "from": ANN, "date": 1, **change}}


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("left", "member", Joined),
        ("kicked", "member", Joined),
        ("member", "left", Left),
        ("member", "kicked", Left),
        ("restricted", "out", Left),
        ("out", "restricted", Joined),
        ("out", "member", Joined),
        ("left", "restricted", Joined),
        ("member", "restricted", type(None)),
        ("member", "member", type(None)),
        ("administrator", "administrator", type(None)),
    ],
)
def test_coming_and_going_is_noticed(before: str, after: str, kind: type) -> None:
    """A restricted person may no longer be a member (Bot API, ChatMemberRestricted.is_member)."""
    update = membership(before, after)
    assert type(understood(update)) is kind
    assert is_left(update) == (kind is Left)


DIRECT = {"id": -100_8, "type": "supergroup", "title": "News", "is_direct_messages": True}


@pytest.mark.parametrize(
    "update",
    [
        message("@Pentimento_bot a boat", CHANNEL),
        message("/start", DIRECT),
        membership("administrator", "left", CHANNEL),
        membership("administrator", "kicked", CHANNEL),
        membership("left", "administrator", DIRECT),
        {"update_id": 5, "callback_query": {"id": "q", "from": ANN, "chat_instance": "c", "data": "new:4"}
         | {"message": {"message_id": 40, "date": 0, "chat": CHANNEL}}},
    ],
)  # fmt: skip
def test_nothing_in_a_channel_means_anything_and_nothing_can_be_answered_there(update: Json) -> None:
    assert understood(update) is None
    assert key_of(update) == Key(0, 0)
    assert not is_left(update)


def test_to_be_in_a_channel_is_noticed_without_a_place_to_answer() -> None:
    for update in (membership("left", "administrator", CHANNEL), membership("administrator", "administrator", CHANNEL)):
        event = understood(update)
        assert isinstance(event, ChannelJoined)
        assert (event.channel_id, event.key) == (-100_7, Key(0, 0))


@pytest.mark.parametrize("news", [{"group_chat_created": True}, {"new_chat_members": [ANN, BOT]}])
def test_a_service_message_tells_of_joining_as_well(news: Json) -> None:
    event = understood(message("", GROUP, **news))
    assert isinstance(event, Joined)
    assert (event.kind, event.title, event.admin) == ("group", "Painters", None)


@pytest.mark.parametrize(
    ("before", "after", "event"),
    [
        ("left", "administrator", (Joined, True)),
        ("kicked", "member", (Joined, False)),
        ("member", "administrator", (Ranked, True)),
        ("administrator", "member", (Ranked, False)),
    ],
)
def test_the_news_says_whether_the_bot_is_an_admin(before: str, after: str, event: tuple[type, bool]) -> None:
    told = understood(membership(before, after))
    assert isinstance(told, Joined | Ranked)
    assert (type(told), told.admin) == event


def test_somebody_who_was_added_is_no_upgrade() -> None:
    assert is_addition(message("", GROUP, new_chat_members=[BOT]))
    assert not is_addition(message("", FORUM, migrate_from_chat_id=-5))
    assert not is_addition(membership("left", "member", FORUM))


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
    assert is_move(message("", GROUP, migrate_to_chat_id=-100_5))
    assert is_move(message("", FORUM, migrate_from_chat_id=-5))
    assert not is_move(message("a boat"))


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
    assert (event.author.name, event.key, event.private, event.shown) == ("Ann", Key(-5, 0), False, True)
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
    assert (event.key, event.shown) == (Key(-5, 0), False)


@pytest.mark.parametrize("body", [{"data": None}, {"message": None, "inline_message_id": "x"}])
def test_a_press_that_is_not_of_our_buttons_means_nothing(body: Json) -> None:
    update = pressed(**body)
    update["callback_query"] = {name: value for name, value in update["callback_query"].items() if value is not None}
    assert understood(update) is None


def stopped(**more: Any) -> Json:
    """A press of the Stop button under a draft (Bot API, MessageGenerationStopped)."""
    return {"update_id": 5, "stopped_message_generation": {"chat": PRIVATE, "draft_id": 4, **more}}


@pytest.mark.parametrize(
    ("update", "turn_id"),
    [
        (message("/cancel"), None),
        (pressed(data="cancel:4"), 4),
        (pressed(data="cancel:"), None),
        (pressed(data="undo:4"), None),
        (stopped(draft_id=17), 17),
    ],
)
def test_a_cancel_may_name_its_turn(update: Json, turn_id: int | None) -> None:
    assert turn_to_cancel(update) == turn_id


@pytest.mark.parametrize(
    ("update", "asked"),
    [
        (message("/cancel"), True),
        (message("/Cancel@Pentimento_bot please"), True),
        (message("/cancel@other_bot"), False),
        (message("@Pentimento_bot /cancel"), True),
        (message("", caption="/cancel", **photo()), True),
        (message("", caption="/cancel@other_bot", **photo()), False),
        (message("", caption="/cancelled", **photo()), False),
        (message("/edit the word cancel"), False),
        (message("cancel"), True),
        (message("@Pentimento_bot stop!", chat=GROUP), True),
        (message("stop!", chat=GROUP), False),
        (message("cancel the sky"), False),
        (message("", caption="stop", **photo()), False),
        ({"update_id": 5, "message": message("@Pentimento_bot /cancel")["message"] | {"entities": []}}, False),
        (message("@Pentimento_bot /cancel the sky"), True),
        ({"update_id": 5, "edited_message": message("", caption="/cancel", **photo())["message"]}, False),
        (pressed(data="cancelled:4"), False),
        (pressed(data="cancel:4"), True),
        (pressed(), False),
        (stopped(), True),
    ],
)
def test_what_asks_to_cancel_is_seen_at_the_door(update: Json, asked: bool) -> None:
    assert is_cancel(update, TELEGRAM, ME) == asked


@pytest.mark.parametrize(
    ("update", "key"),
    [
        (message("a boat"), Key(7, 0)),
        ({"update_id": 5, "edited_message": message("a boat", GROUP)["message"]}, Key(-5, 0)),
        (message("a boat", FORUM, message_thread_id=9, is_topic_message=True), Key(-100_5, 9)),
        (pressed(), Key(-5, 0)),
        (membership("left", "member"), Key(-5, 0)),
        (stopped(), Key(7, 0)),
        (stopped(message_thread_id=9), Key(7, 9)),
        ({"update_id": 5, "poll": {"id": "1"}}, Key(0, 0)),
    ],
)
def test_an_update_belongs_to_a_conversation(update: Json, key: Key) -> None:
    assert key_of(update) == key


names = st.sampled_from(
    [
        *("message", "edited_message", "callback_query", "my_chat_member", "stopped_message_generation"),
        *("chat", "id", "from", "data", "draft_id", "message_thread_id"),
    ]
)
nonsense = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(max_size=8) | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names | st.text(max_size=8), inner, max_size=4),
    max_leaves=15,
)


@given(st.dictionaries(names, nonsense, max_size=4))
def test_nothing_that_comes_in_can_break_the_door(update: Json) -> None:
    """Parsing never raises: an update that cannot be stored would block all later ones."""
    chat_id, topic_id = key_of(update)
    assert abs(chat_id) < 2**63
    assert abs(topic_id) < 2**63
    assert is_cancel(update, TELEGRAM, ME) in (True, False)
    turn_to_cancel(update)
    press_of(update)
    moved_from(update)


def test_what_waited_in_a_group_is_of_the_supergroup_and_its_ids_are_not() -> None:
    boat = {"message_id": 12, "date": 1, "chat": GROUP, "from": BOT, "text": "Painting 1."}
    asked = message("now red", chat=GROUP, reply_to_message=boat)
    now = said(carried(asked, -100_7))
    assert (now.key, now.message_id) == (Key(-100_7, 0), 31 + BEFORE_MOVE)
    assert now.replied is not None
    assert now.replied.message_id == 12 + BEFORE_MOVE
    edited = carried({"update_id": 5, "edited_message": asked["message"]}, -100_7)
    assert said(edited).message_id == 31 + BEFORE_MOVE
    press = {"id": "1", "from": ANN, "chat_instance": "1", "data": "undo:4", "message": boat}
    pressed = understood(carried({"update_id": 5, "callback_query": press}, -100_7))
    assert isinstance(pressed, Pressed)
    assert (pressed.key, pressed.message_id) == (Key(-100_7, 0), 12 + BEFORE_MOVE)
    assert asked["message"]["chat"] == GROUP


def test_news_of_a_group_stay_news_of_the_group() -> None:
    member = {"user": BOT, "status": "left"}
    left = {"chat": GROUP, "from": ANN, "date": 1, "old_chat_member": member, "new_chat_member": member}
    for update in (message(chat=GROUP, migrate_to_chat_id=-100_7), {"update_id": 5, "my_chat_member": left}):
        assert carried(update, -100_7) == update
