"""Texts: limits in code points, entities in UTF-16 units, markup, keyboards, edits, replies, deletion."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.botapi.content.text import covered, find_entities, utf16_length
from bot.sandbox.config import SandboxConfig
from tests.support.bots import ApiRefusal, PlainBot
from tests.support.messages import Json
from tests.support.people import Telegram, running_sandbox
from tests.support.pictures import picture


@pytest.fixture
async def ann(telegram: Telegram, bot: PlainBot) -> int:
    """Let Ann start the chat, without which a bot may not write to her."""
    await telegram.ann.say("/start")
    await bot.updates()
    return telegram.ann.id


def entities(text: str) -> list[tuple[str, str]]:
    return [(entity["type"], covered(text, entity)) for entity in find_entities(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/start", [("bot_command", "/start")]),
        ("😀 /new@pentimento_bot, please", [("bot_command", "/new@pentimento_bot")]),
        ("/new\nmake it red", [("bot_command", "/new")]),
        ("@/new, (/undo) or -/redo", [("bot_command", "/new"), ("bot_command", "/undo"), ("bot_command", "/redo")]),
        ("/edit画一艘船 é/new /new/ </new> /new@x /" + "n" * 65, []),
        ("hi @pentimento_bot!", [("mention", "@pentimento_bot")]),
        (
            "see https://example.com/a?b=c. Or example.org",
            [("url", "https://example.com/a?b=c"), ("url", "example.org")],
        ),
        ("a@b.com is #one #1", [("email", "a@b.com"), ("hashtag", "#one")]),
        ("1/2 and a/b and $USD", [("cashtag", "$USD")]),
        ("no entity here, not even 3.5 or e.g. that", []),
    ],
)
def test_entities_are_found(text: str, found: list[tuple[str, str]]) -> None:
    assert entities(text) == found


async def test_a_caption_has_its_command_marked_like_a_text(telegram: Telegram, bot: PlainBot) -> None:
    """Bot API, Message.caption_entities; under any picture of an album, and after an edit."""
    ann = telegram.ann
    first, second = await ann.album([picture(), picture()], captions=["", "/new make it red"])
    updates = [one["message"] for one in await bot.updates()]
    assert [message.get("caption_entities") for message in updates] == [
        None,
        [{"type": "bot_command", "offset": 0, "length": 4}],
    ]
    await ann.edit(first, "/edit@pentimento_bot warmer")
    (edited,) = await bot.updates()
    assert edited["edited_message"]["caption_entities"] == [{"type": "bot_command", "offset": 0, "length": 20}]
    assert second.caption == "/new make it red"


@given(st.text(alphabet="ab 😀é@/#\n", max_size=60))
def test_entities_cover_what_they_say_in_utf16_units(text: str) -> None:
    for entity in find_entities(text):
        words = covered(text, entity)
        assert words.startswith({"bot_command": "/", "mention": "@", "hashtag": "#"}[entity["type"]])
        assert text.encode("utf-16-le")[entity["offset"] * 2 :].startswith(words.encode("utf-16-le"))
        assert utf16_length(words) == entity["length"]


async def test_a_text_has_at_most_4096_code_points(ann: int, bot: PlainBot) -> None:
    assert len((await bot.say(ann, "😀" * 4096))["text"]) == 4096
    with pytest.raises(ApiRefusal, match=r"^Bad Request: message is too long$"):
        await bot.say(ann, "x" * 4097)


async def test_a_caption_has_at_most_1024_code_points(ann: int, bot: PlainBot) -> None:
    file = {"document": ("a.txt", b"a")}
    assert (await bot("sendDocument", file, chat_id=ann, caption="😀" * 1024))["caption"] == "😀" * 1024
    with pytest.raises(ApiRefusal, match=r"^Bad Request: message caption is too long$"):
        await bot("sendDocument", file, chat_id=ann, caption="x" * 1025)


async def test_white_space_around_a_text_is_cut_off_and_entities_move_along(ann: int, bot: PlainBot) -> None:
    sent = await bot.say(ann, "  \n bold  ", entities=[{"type": "bold", "offset": 4, "length": 6}])
    assert sent["text"] == "bold"
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 4}]
    with pytest.raises(ApiRefusal, match="message text is empty"):
        await bot.say(ann, " \n ")


async def test_an_entity_beyond_the_text_is_refused(ann: int, bot: PlainBot) -> None:
    with pytest.raises(ApiRefusal, match="ends after the end of the text"):
        await bot.say(ann, "short", entities=[{"type": "bold", "offset": 0, "length": 6}])


@pytest.mark.parametrize(
    ("html", "plain", "found"),
    [
        ("<b>a</b> &lt;&amp; <i>😀</i>", "a <& 😀", [("bold", 0, 1), ("italic", 5, 2)]),
        ("<b>x<u>y</u></b>", "xy", [("bold", 0, 2), ("underline", 1, 1)]),
        ('<a href="https://a.com/">here</a>', "here", [("text_link", 0, 4)]),
        ('<pre><code class="language-python">x = 1</code></pre>', "x = 1", [("pre", 0, 5)]),
        ('<span class="tg-spoiler">s</span><tg-spoiler>t</tg-spoiler>', "st", [("spoiler", 0, 1), ("spoiler", 1, 1)]),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", 0, 1)]),
    ],
)
async def test_html_becomes_entities(
    ann: int, bot: PlainBot, html: str, plain: str, found: list[tuple[str, int, int]]
) -> None:
    sent = await bot.say(ann, html, parse_mode="HTML")
    assert sent["text"] == plain
    assert [(e["type"], e["offset"], e["length"]) for e in sent["entities"]] == found


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a <table> b", 'can\'t parse entities: Unsupported start tag "table" at byte offset 2'),
        ("é <b>x", "can't parse entities: Can't find end tag corresponding to start tag \"b\""),
        ("x</b>", "can't parse entities: Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'can\'t parse entities: Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b", "can't parse entities: Unclosed start tag at byte offset 0"),
        ("<span>x</span>", 'can\'t parse entities: Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
async def test_faulty_html_is_refused(ann: int, bot: PlainBot, html: str, text: str) -> None:
    with pytest.raises(ApiRefusal) as caught:
        await bot.say(ann, html, parse_mode="HTML")
    assert caught.value.text == f"Bad Request: {text}"


async def test_an_unknown_parse_mode_is_refused(ann: int, bot: PlainBot) -> None:
    with pytest.raises(ApiRefusal, match="unsupported parse_mode"):
        await bot.say(ann, "x", parse_mode="BBCode")


def button(**how: Any) -> Json:
    return {"inline_keyboard": [[{"text": "b"} | how]]}


@pytest.mark.parametrize(
    ("keyboard", "text"),
    [
        (button(callback_data="x" * 65), "BUTTON_DATA_INVALID"),
        (button(callback_data="é" * 33), "BUTTON_DATA_INVALID"),
        (button(callback_data=""), "BUTTON_DATA_INVALID"),
        (button(), "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        (button(text="", callback_data="x"), "can't parse inline keyboard button: Inline keyboard button text must"),
        ({"inline_keyboard": [[{"text": "b", "callback_data": "x"}] * 9]}, "reply markup is too long"),
        ({"inline_keyboard": [[{"text": "b", "callback_data": "x"}]] * 101}, "reply markup is too long"),
    ],
)
async def test_a_faulty_keyboard_is_refused(ann: int, bot: PlainBot, keyboard: Json, text: str) -> None:
    with pytest.raises(ApiRefusal) as caught:
        await bot.say(ann, "x", reply_markup=keyboard)
    assert caught.value.text.startswith(f"Bad Request: {text}")


async def test_64_bytes_of_callback_data_are_taken(ann: int, bot: PlainBot) -> None:
    assert (await bot.say(ann, "x", reply_markup=button(callback_data="x" * 64)))["reply_markup"]


async def test_an_edit_without_a_change_is_refused(ann: int, bot: PlainBot) -> None:
    sent = await bot.say(ann, "same", reply_markup=button(callback_data="x"))
    target = {"chat_id": ann, "message_id": sent["message_id"]}
    with pytest.raises(ApiRefusal, match="message is not modified: specified new message content and reply markup"):
        await bot("editMessageText", **target, text="same", reply_markup=button(callback_data="x"))
    edited = await bot("editMessageText", **target, text="same")
    assert "reply_markup" not in edited
    with pytest.raises(ApiRefusal, match="message is not modified"):
        await bot("editMessageReplyMarkup", **target)


async def test_what_cannot_be_edited(telegram: Telegram, ann: int, bot: PlainBot) -> None:
    said = await telegram.ann.say("mine")
    sent = await bot.say(ann, "x")
    photo = await bot("sendDocument", {"document": ("a.txt", b"a")}, chat_id=ann)
    for parameters, text in (
        ({"message_id": said.id, "text": "y"}, "message can't be edited"),
        ({"message_id": 9999, "text": "y"}, "message to edit not found"),
        ({"message_id": photo["message_id"], "text": "y"}, "there is no text in the message to edit"),
    ):
        with pytest.raises(ApiRefusal, match=text):
            await bot("editMessageText", chat_id=ann, **parameters)
    with pytest.raises(ApiRefusal, match="there is no caption in the message to edit"):
        await bot("editMessageCaption", chat_id=ann, message_id=sent["message_id"], caption="y")


async def test_a_person_edits_their_text(telegram: Telegram, ann: int, bot: PlainBot) -> None:
    said = await telegram.ann.say("rde")
    await telegram.ann.edit(said, "red")
    created, edited = await bot.updates()
    assert created["message"]["message_id"] == edited["edited_message"]["message_id"]
    assert edited["edited_message"]["text"] == "red"
    assert edited["edited_message"]["edit_date"] >= created["message"]["date"]


async def test_a_reply_to_nothing_is_refused_unless_allowed(ann: int, bot: PlainBot) -> None:
    with pytest.raises(ApiRefusal, match="message to be replied not found"):
        await bot.say(ann, "x", reply_parameters={"message_id": 9999})
    reply = {"message_id": 9999, "allow_sending_without_reply": True}
    assert "reply_to_message" not in await bot.say(ann, "x", reply_parameters=reply)


async def test_a_reply_is_shown_one_level_deep(telegram: Telegram, ann: int, bot: PlainBot) -> None:
    one = await telegram.ann.say("one")
    two = await telegram.ann.say("two", reply_to=one)
    three = await telegram.ann.say("three", reply_to=two, quote="tw")
    assert three.body["reply_to_message"]["text"] == "two"
    assert "reply_to_message" not in three.body["reply_to_message"]
    assert three.body["quote"]["text"] == "tw"
    with pytest.raises(ApiRefusal, match="QUOTE_TEXT_INVALID"):
        await bot.say(ann, "x", reply_parameters={"message_id": two.id, "quote": "never said"})


async def test_a_bot_deletes_in_private_chats_and_its_own_for_48_hours() -> None:
    clock = [time.time()]
    async with running_sandbox(replace(SandboxConfig(), clock=lambda: clock[0])) as telegram:
        bot, ann = PlainBot(telegram), telegram.ann
        said, late = await ann.say("one"), await ann.say("two")
        assert await bot("deleteMessage", chat_id=ann.id, message_id=said.id) is True
        with pytest.raises(ApiRefusal, match="message to delete not found"):
            await bot("deleteMessage", chat_id=ann.id, message_id=said.id)
        clock[0] += 48 * 3600 + 1
        with pytest.raises(ApiRefusal, match="message can't be deleted"):
            await bot("deleteMessage", chat_id=ann.id, message_id=late.id)
        assert await bot("deleteMessages", chat_id=ann.id, message_ids=[late.id, 9999]) is True


async def test_a_long_text_of_a_person_arrives_in_pieces(telegram: Telegram, bot: PlainBot) -> None:
    await telegram.ann.say("x" * 5000)
    assert [len(text) for text in await bot.texts()] == [4096, 904]


async def test_only_one_reaction_of_the_usual_ones(telegram: Telegram, ann: int, bot: PlainBot) -> None:
    said = await telegram.ann.say("one")
    target = {"chat_id": ann, "message_id": said.id}
    await bot("setMessageReaction", **target, reaction=[{"type": "emoji", "emoji": "👀"}])
    assert await telegram.ann.reactions(said) == ["👀"]
    await bot("setMessageReaction", **target, reaction=[])
    assert await telegram.ann.reactions(said) == []
    with pytest.raises(ApiRefusal, match="REACTION_INVALID"):
        await bot("setMessageReaction", **target, reaction=[{"type": "emoji", "emoji": "🥨"}])
    with pytest.raises(ApiRefusal, match="message to react not found"):
        await bot("setMessageReaction", chat_id=ann, message_id=9999)


async def test_copies_forget_where_they_come_from_and_forwards_do_not(
    telegram: Telegram, ann: int, bot: PlainBot
) -> None:
    await telegram.boris.say("/start")
    sent = await bot("sendDocument", {"document": ("a.txt", b"a")}, chat_id=ann, caption="one")
    target = {"chat_id": telegram.boris.id, "from_chat_id": ann, "message_id": sent["message_id"]}
    await bot("copyMessage", **target, caption="two")
    await bot("forwardMessage", **target)
    await bot("copyMessages", chat_id=telegram.boris.id, from_chat_id=ann, message_ids=[sent["message_id"], 9999])
    copy, forward, plain = await telegram.boris.answers(3)
    assert (copy.caption, "forward_origin" in copy.body) == ("two", False)
    assert forward.body["forward_origin"]["sender_user"]["is_bot"] is True
    assert plain.caption == "one"
    with pytest.raises(ApiRefusal, match="message to copy not found"):
        await bot("copyMessage", chat_id=ann, from_chat_id=ann, message_id=9999)
