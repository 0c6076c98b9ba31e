"""Refusals: people get a sentence, the bot gets Telegram's words. Also some rarer calls that succeed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from PIL import Image

from tests.support.bots import ApiRefusal, PlainBot
from tests.support.messages import Json
from tests.support.people import BORIS, CHEN, Chat, Refused, Telegram
from tests.support.pictures import encoded, picture


@pytest.fixture
async def ann(telegram: Telegram, bot: PlainBot) -> int:
    """Let Ann start the chat."""
    await telegram.ann.say("/start")
    await bot.updates()
    return telegram.ann.id


@pytest.mark.parametrize(
    ("path", "order", "sentence"),
    [
        ("send", {"as": 1, "chat_id": 1001, "text": "x"}, "There is no person 1 here."),
        ("send", {"as": 1001, "chat_id": 77, "text": "x"}, "There is no chat 77."),
        ("send", {"as": 1001, "chat_id": 1002, "text": "x"}, "Ann is not a member of this chat."),
        ("send", {"as": 1001, "chat_id": 1001}, "There is nothing to send."),
        ("send", {"as": 1001, "chat_id": 1001, "text": "x", "reply_to": 99}, "The message to reply to is not there"),
        ("send", {"as": 1001, "chat_id": 1001, "text": "x", "topic": 9}, "There is no such topic."),
        ("send", {"as": 1001, "chat_id": 1001, "text": "x", "order": [1]}, "The order must name each item once"),
        (
            "send",
            {"as": 1001, "chat_id": 1001, "sample": "../../config.py"},
            "There is no sample photo ../../config.py.",
        ),
        ("send", {"as": 1001, "chat_id": 1001, "txt": "x"}, "txt: Extra inputs are not permitted"),
        ("send", [], "The body must be a JSON object."),
        ("edit", {"as": 1001, "chat_id": 1001, "message_id": 99, "text": "x"}, "There is no message 99 in this chat."),
        ("edit", {"as": 1001, "chat_id": 1001, "message_id": 1, "text": " "}, "A message cannot be empty"),
        ("edit", {"as": 1001, "chat_id": 1001, "message_id": 2, "text": "x"}, "Only one's own messages can be edited."),
        ("upgrade", {"as": 1001, "chat_id": 1001}, "That works in groups only."),
        ("groups", {"as": 1001, "title": " "}, "A group needs a title of 1-128 characters."),
        ("groups", {"as": 1001, "title": "x", "members": [9]}, "There is no person 9 here."),
        ("people", {"first_name": " "}, "A person needs a first name."),
    ],
)
async def test_a_person_is_told_why_not(
    telegram: Telegram, ann: int, bot: PlainBot, path: str, order: Any, sentence: str
) -> None:
    await bot.say(ann, "message 2")
    with pytest.raises(Refused) as caught:
        await telegram.post(path, order)
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize(
    ("path", "order", "sentence"),
    [
        ("members", {"add": ["bot"]}, "The bot is in this group already."),
        ("members", {"add": [BORIS]}, "Boris is in this group already."),
        ("members", {"remove": [CHEN]}, "Chen is not in this group."),
        ("topics", {"name": "Cats"}, "This chat has no topics."),
        ("topics", {"topic": 5}, "There is no such topic."),
    ],
)
async def test_a_member_is_told_why_not(telegram: Telegram, path: str, order: Json, sentence: str) -> None:
    group = await telegram.group(members=[BORIS])
    with pytest.raises(Refused) as caught:
        await telegram.post(path, {"as": group.person_id, "chat_id": group.id} | order)
    assert str(caught.value) == sentence


async def test_only_the_owner_deletes_what_others_wrote(telegram: Telegram) -> None:
    group = await telegram.group()
    said = await group.say("mine")
    with pytest.raises(Refused, match="Only the owner"):
        await group.seen_by(BORIS).delete(said)
    with pytest.raises(Refused, match="Only the owner"):
        await telegram.post("dissolve", {"as": BORIS, "chat_id": group.id})
    await group.upgrade()
    supergroup = await telegram.group(kind="supergroup")
    with pytest.raises(Refused, match="supergroup already"):
        await supergroup.upgrade()


async def test_without_the_bot_there_are_no_rights_to_change(telegram: Telegram) -> None:
    group = await telegram.group(bot=False)
    with pytest.raises(Refused, match="The bot is not in this group"):
        await group.rights(bot_admin=True)
    with pytest.raises(Refused, match="The bot is not in this group"):
        await group.remove("bot")


async def test_a_caption_that_is_too_long_is_not_sent(telegram: Telegram) -> None:
    with pytest.raises(Refused, match="at most 1024 characters; this one has 1025"):
        await telegram.ann.photo(picture(), "x" * 1025)


@pytest.mark.parametrize(
    ("method", "parameters", "text"),
    [
        ("editMessageText", {"text": "x"}, "chat_id is empty"),
        ("editMessageText", {"chat_id": 1001, "text": "x"}, "message identifier is not specified"),
        ("editMessageText", {"inline_message_id": "AgAAAAxxxxxxxxxxxxxx", "text": "x"}, "MESSAGE_ID_INVALID"),
        ("sendMessage", {"business_connection_id": "1", "chat_id": 1001, "text": "x"}, "business connection not found"),
        ("editMessageText", {"business_connection_id": "1", "text": "x"}, "business connection not found"),
        ("sendMessage", {"chat_id": "@nobody", "text": "x"}, "chat not found"),
        ("sendMediaGroup", {"chat_id": 1001, "media": []}, "there are no messages to send"),
        ("sendMediaGroup", {"chat_id": 1001, "media": [{"type": "poll", "media": "x"}]}, "can't parse media:"),
        ("deleteMessages", {"chat_id": 1001, "message_ids": []}, "message identifiers are not specified"),
        ("deleteMessages", {"chat_id": 1001, "message_ids": [*range(1, 102)]}, "too many message identifiers"),
        ("forwardMessages", {"chat_id": 1001, "from_chat_id": 1001, "message_ids": [2, 1]}, "message identifiers must"),
        ("forwardMessages", {"chat_id": 1001, "from_chat_id": 1001, "message_ids": [98, 99]}, "there are no messages"),
        ("copyMessages", {"chat_id": 1001, "from_chat_id": 1001, "message_ids": []}, "message identifiers are not"),
        ("getChatMember", {"chat_id": 1001, "user_id": 5}, "user not found"),
        ("leaveChat", {"chat_id": 1001}, "chat member status can't be changed in private chats"),
        ("setMyCommands", {"commands": [{"command": "x", "description": "y"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ("setMessageReaction", {"chat_id": 1001, "message_id": 1, "reaction": [{"type": "poop"}]}, "can't parse reac"),
        (
            "sendMessage",
            {"chat_id": 1001, "text": "x", "reply_parameters": {"message_id": 1, "chat_id": 1002}},
            "the sandbox has no replies to another chat",
        ),
        # telegram-bot-api, Client.cpp, get_reply_parameters; td, JsonBuilder.cpp, get_required_int_field.
        *(
            (
                "sendMessage",
                {"chat_id": 1001, "text": "x", "reply_parameters": {"message_id": wrong}},
                f'field "message_id" must be a {kind}',
            )
            for wrong, kind in (
                (2**31, "valid Number"),
                (-(2**40), "valid Number"),
                ("x", "valid Number"),
                ([], "Number"),
            )
        ),
        (
            "sendDocument",
            {"chat_id": 1001, "document": "x", "ephemeral_message_parameters": {"receiver_user_id": 1001}},
            "the sandbox does not do ephemeral messages with files",
        ),
        (
            "sendMessage",
            {"chat_id": 1001, "text": "x", "entities": [{"type": "bold", "offset": 2, "length": 1}]},
            "entity begins after the end of the text at UTF-16 offset 2",
        ),
    ],
)
async def test_the_bot_is_told_why_not(
    telegram: Telegram, ann: int, bot: PlainBot, method: str, parameters: dict[str, Any], text: str
) -> None:
    with pytest.raises(ApiRefusal) as caught:
        await bot(method, **parameters)
    assert caught.value.code == 400
    assert caught.value.text.startswith(f"Bad Request: {text}")


@pytest.mark.parametrize("body", [b"{", b"[1]"])
async def test_a_body_that_is_no_json_object_is_refused(bot: PlainBot, body: bytes) -> None:
    answer = await bot.raw("getMe", content=body, headers={"content-type": "application/json"})
    assert answer.json()["description"] == "Bad Request: can't parse JSON object"


async def test_a_broken_multipart_body_is_refused(bot: PlainBot) -> None:
    answer = await bot.raw("getMe", content=b"x", headers={"content-type": "multipart/form-data; boundary=y"})
    assert answer.json()["description"].startswith("Bad Request: can't parse the multipart body")


async def test_albums_stay_albums_when_they_are_copied_and_forwarded(
    telegram: Telegram, ann: int, bot: PlainBot
) -> None:
    sent = await telegram.ann.album([picture(), picture()], "one")
    await telegram.boris.say("/start")
    ids = {"chat_id": telegram.boris.id, "from_chat_id": ann, "message_ids": [message.id for message in sent]}
    await bot("copyMessages", **ids, remove_caption=True)
    await bot("forwardMessages", **ids)
    copies = await telegram.boris.answers(4)
    groups = [message.body["media_group_id"] for message in copies]
    assert groups[0] == groups[1] != groups[2] == groups[3]
    assert [message.caption for message in copies] == ["", "", "one", ""]
    assert ["forward_origin" in message.body for message in copies] == [False, False, True, True]


async def test_protected_content_is_not_passed_on(ann: int, bot: PlainBot) -> None:
    sent = await bot.say(ann, "secret", protect_content=True)
    assert sent["has_protected_content"] is True
    with pytest.raises(ApiRefusal, match="message can't be forwarded"):
        await bot("forwardMessage", chat_id=ann, from_chat_id=ann, message_id=sent["message_id"])


async def test_an_effect_is_for_private_chats(telegram: Telegram, ann: int, bot: PlainBot) -> None:
    group = await telegram.group()
    assert (await bot.say(ann, "x", message_effect_id="5104841245755180586"))["effect_id"] == "5104841245755180586"
    assert "effect_id" not in await bot.say(group.id, "x", message_effect_id="5104841245755180586")


async def test_a_mention_by_link_names_a_known_user(telegram: Telegram, ann: int, bot: PlainBot) -> None:
    known = {"type": "text_mention", "offset": 0, "length": 3, "user": {"id": ann}}
    unknown = {"type": "text_mention", "offset": 4, "length": 3, "user": {"id": 5}}
    sent = await bot.say(ann, "Ann and", entities=[known, unknown])
    assert [entity["user"]["first_name"] for entity in sent["entities"]] == ["Ann"]


async def test_a_caption_is_edited_and_media_replaced(telegram: Telegram, ann: int, bot: PlainBot) -> None:
    sent = await bot.photo(ann, picture(), caption="one")
    target = {"chat_id": ann, "message_id": sent["message_id"]}
    edited = await bot("editMessageCaption", **target, caption="two", show_caption_above_media=True)
    assert (edited["caption"], edited["show_caption_above_media"]) == ("two", True)
    media = {"type": "photo", "media": sent["photo"][0]["file_id"], "has_spoiler": True}
    again = await bot("editMessageMedia", **target, media=media)
    assert ("caption" in again, again["has_media_spoiler"]) == (False, True)


async def test_an_item_of_an_album_stays_a_picture(ann: int, bot: PlainBot) -> None:
    media = json.dumps([{"type": "photo", "media": "attach://a"}] * 2)
    sent = await bot("sendMediaGroup", {"a": ("a.jpg", picture())}, chat_id=ann, media=media)
    document = await bot("sendDocument", {"document": ("a.txt", b"a")}, chat_id=ann)
    other = {"type": "document", "media": document["document"]["file_id"]}
    with pytest.raises(ApiRefusal, match="can't use the media of the specified type in the album"):
        await bot("editMessageMedia", chat_id=ann, message_id=sent[0]["message_id"], media=other)


async def test_a_gif_that_a_bot_sends_as_a_document_becomes_an_animation(ann: int, bot: PlainBot) -> None:
    frames = [Image.effect_noise((40, 40), 20 * number + 1) for number in range(3)]
    gif = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=100)
    sent = await bot("sendDocument", {"document": ("a.gif", gif)}, chat_id=ann)
    kept = await bot("sendDocument", {"document": ("a.gif", gif)}, chat_id=ann, disable_content_type_detection="true")
    assert ("animation" in sent, "animation" in kept) == (True, False)


@pytest.mark.parametrize("kind", ["video", "animation"])
async def test_moving_pictures_are_sent(telegram: Telegram, ann: int, bot: PlainBot, kind: str) -> None:
    method = f"send{kind.capitalize()}"
    sent = await bot(method, {kind: ("a.mp4", b"moving")}, chat_id=ann, width=640, height=360, duration=7)
    assert {name: sent[kind][name] for name in ("width", "height", "duration")} == {
        "width": 640,
        "height": 360,
        "duration": 7,
    }
    again = await bot(method, chat_id=ann, **{kind: sent[kind]["file_id"]})
    assert again[kind] == sent[kind]


async def test_those_who_left_are_described_too(telegram: Telegram, bot: PlainBot) -> None:
    group: Chat = await telegram.group(kind="supergroup", members=[])
    me = await bot("getMe")
    assert (await bot("getChatMember", chat_id=group.id, user_id=BORIS))["status"] == "left"
    with pytest.raises(ApiRefusal, match="PARTICIPANT_ID_INVALID"):
        await bot("getChatMember", chat_id=group.id, user_id=5)
    await group.rights(bot_can={"send_photos": False}, slow_mode_s=10)
    assert (await bot("getChatMember", chat_id=group.id, user_id=me["id"]))["can_send_photos"] is False
    assert (await bot("getChat", chat_id=group.id))["slow_mode_delay"] == 10
