"""Any part of an update may be missing: the bot never interrupts people, and never loses a message that is for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Bot

from bot.chat.authorization import is_meant
from bot.chat.events import Commanded, Pressed, Said
from bot.chat.updates.parse import Me, read
from bot.chat.updates.raw import is_surely_meant

ME = Me(id=77, username="pentimento_bot", reads_all=True)
TELEGRAM = Bot(":".join(("77", "A" * 35)))

Json = dict[str, Any]
Path = tuple[str | int, ...]

ANN = {"id": 7, "is_bot": False, "first_name": "Ann", "language_code": "de"}
BORIS = {"id": 8, "is_bot": False, "first_name": "Boris"}
BOT = {"id": 77, "is_bot": True, "first_name": "Pentimento", "username": "pentimento_bot"}
GROUP = {"id": -100_5, "type": "supergroup", "title": "Painters"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Ann"}
SIZES = [{"file_id": f"f{px}", "file_unique_id": f"u{px}", "width": px, "height": px} for px in (90, 320)]
THUMBNAIL = {"thumbnail": SIZES[0]}
VIDEO = {"file_id": "v", "file_unique_id": "w", "width": 9, "height": 9, "duration": 1, **THUMBNAIL}
CLIP = {"file_id": "a", "file_unique_id": "b", "width": 9, "height": 9, "duration": 1}
PIN = {"latitude": 1.0, "longitude": 2.0}
POLL = {
    "id": "5", "question": "Which?", "options": [{"text": "red", "voter_count": 0, "persistent_id": "1"}],
    "total_voter_count": 0, "is_closed": False, "is_anonymous": True, "type": "regular",
    "allows_multiple_answers": False, "allows_revoting": True, "members_only": False,
}  # fmt: skip
GIFT = {"gift": {"id": "1", "sticker": {"file_id": "s"}, "star_count": 5}, "owned_gift_id": "x"}
BACKGROUND = {"type": {"type": "fill", "fill": {"type": "solid", "color": 5}, "dark_theme_dimming": 3}}
STORY = {"chat": GROUP, "id": 5}
ORIGIN = {"type": "user", "sender_user": BORIS, "date": 5}
ELSEWHERE = {"origin": ORIGIN, "chat": GROUP, "message_id": 5, "poll": POLL}


def message(author: Json = ANN, chat: Json = GROUP, **more: Any) -> Json:
    return {"message_id": 40, "date": 1, "chat": chat, "from": author} | more


def marked(kind: str, words: str, **more: Any) -> Json:
    end = len(words.split()[0])
    entities = [{"type": kind, "offset": 0, "length": end, **more}, {"type": "bold", "offset": end, "length": 2}]
    return {"text": words, "entities": entities}


AMONG_PEOPLE = [
    message(poll=POLL),
    message(text="lunch?", reply_to_message=message(BORIS, poll=POLL)),
    message(text="look", external_reply=ELSEWHERE, quote={"text": "x", "position": 0}),
    message(photo=SIZES, caption="the harbour", forward_origin=ORIGIN),
    message(video=VIDEO, caption="@weather_bot what is this?"),
    message(gift=GIFT),
    message(chat_background_set=BACKGROUND),
    message(story=STORY, reply_to_message=message(BORIS, photo=SIZES)),
    message(pinned_message=message(BOT, text="Here is your boat.", photo=SIZES)),
    message(**marked("mention", "@weather_bot rain?")),
    message(**marked("text_mention", "Boris", user=BORIS), reply_to_message=message(BORIS, animation=CLIP)),
    message(venue={"location": PIN, "title": "x", "address": "y"}, reply_to_message=message(BORIS, location=PIN)),
    message(new_chat_members=[BORIS], message_thread_id=4, is_topic_message=True),
]  # fmt: skip

OF_THE_WISH: dict[str, tuple[Json, set[str]]] = {
    "in private": (
        message(ANN, PRIVATE, text="a boat", reply_to_message=message(BOT, PRIVATE, text="Hello", poll=POLL)),
        {"text"},
    ),
    "by its name": (
        message(**marked("mention", "@pentimento_bot a boat"), reply_to_message=message(BORIS, poll=POLL)),
        {"text", "entities", "0", "type", "offset", "length"},
    ),
    "by a link": (
        message(**marked("text_mention", "Penny a boat", user=BOT), external_reply=ELSEWHERE),
        {"text", "entities", "0", "type", "offset", "length", "user", "id", "is_bot", "first_name"},
    ),
    "by a command": (
        message(**marked("bot_command", "/edit@pentimento_bot a boat"), reply_to_message=message(BORIS, gift=GIFT)),
        {"text"},
    ),
    "by a reply": (
        message(text="a boat", reply_to_message=message(BOT, text="Hello", story=STORY, photo=SIZES)),
        {"text", "reply_to_message", "from", "id"},
    ),
    "under a picture": (
        message(ANN, PRIVATE, caption="a boat", photo=SIZES, forward_origin={**ORIGIN, "sender_user": ANN}),
        {"caption", "photo", "forward_origin", "type", "sender_user", "id", "from"},
    ),
}  # fmt: skip
"""Messages for the bot, and the names of the fields that make them a wish."""

NEEDED: tuple[Path, ...] = (("message_id",), ("chat",), ("chat", "id"), ("chat", "type"))
"""Without these the bot cannot tell whom to answer."""


def paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the path to every field and item."""
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in items:
        yield (*path, name)
        yield from paths(inner, (*path, name))


def without(whole: Json, gone: list[Path]) -> Json:
    """Return a copy without some of its parts."""
    whole = json.loads(json.dumps(whole))
    for path in sorted(gone, key=lambda path: json.dumps(path), reverse=True):
        inner: Any = whole
        for step in path[:-1]:
            inner = inner[step] if (isinstance(inner, list) and step < len(inner)) or step in inner else {}
        if isinstance(inner, dict):
            inner.pop(path[-1], None)
        elif path[-1] < len(inner):
            del inner[path[-1]]
    return whole


def heard(body: Json) -> Said | Commanded | Pressed | str | None:
    """Return what the bot takes a message for: nothing, an event that it answers, or "sorry" where it says so."""
    update = {"update_id": 1, "message": body}
    try:
        event = read(update, TELEGRAM, ME)
    except Exception:
        return "sorry" if is_surely_meant(update, ME.id, ME.username) else None
    return event if isinstance(event, Said | Commanded | Pressed) and is_meant(event) else None


@given(st.data())
@settings(max_examples=400, deadline=None)
def test_talk_among_people_is_never_answered_whatever_it_lacks(data: st.DataObject) -> None:
    body = data.draw(st.sampled_from(AMONG_PEOPLE))
    gone = data.draw(st.lists(st.sampled_from([*paths(body)]), max_size=4))
    assert heard(without(body, gone)) is None


@given(st.data())
@settings(max_examples=400, deadline=None)
def test_a_wish_is_read_whatever_else_its_message_lacks(data: st.DataObject) -> None:
    body, made_of = data.draw(st.sampled_from([*OF_THE_WISH.values()]))
    may_go = [path for path in paths(body) if path not in NEEDED and not made_of & {*map(str, path[-1:])}]
    gone = data.draw(st.lists(st.sampled_from(may_go), max_size=4))
    lacking = without(body, gone)
    event = heard(lacking)
    if any("photo" in path for path in gone):
        assert event is not None
    else:
        assert isinstance(event, Said)
        assert event.words == "a boat"
        assert (event.attachment is None) == ("photo" not in body)
