"""What newer servers add: messages for one member of a group, topics that a bot opens, films with pictures of them."""

from __future__ import annotations

import pybase64
import pytest

from tests.support.bots import ApiRefusal, PlainBot
from tests.support.messages import as_file_json
from tests.support.people import ANN, BORIS, Chat, Telegram
from tests.support.pictures import picture


async def whispering(telegram: Telegram, *, bot_admin: bool) -> Chat:
    await telegram.post("whispers", {"as": ANN, "on": True})
    return await telegram.group(kind="supergroup", bot_admin=bot_admin)


async def test_a_message_for_one_member_has_no_number_and_stands_in_no_history(
    telegram: Telegram, bot: PlainBot
) -> None:
    """Bot API 10.2, Message.message_id: "0 for ephemeral messages"."""
    group = await whispering(telegram, bot_admin=True)
    parameters = {"receiver_user_id": BORIS}
    sent = await bot.say(group.id, "only you", ephemeral_message_parameters=parameters)
    assert (sent["message_id"], sent["receiver_user"]["id"]) == (0, BORIS)
    assert sent["ephemeral_message_id"] > 0
    assert "only you" not in [message.text for message in await group.history()]
    assert (await group.seen_by(BORIS).whispers(), await group.whispers()) == (["only you"], [])


async def test_only_an_admin_sends_one_out_of_the_blue(telegram: Telegram, bot: PlainBot) -> None:
    """core.telegram.org/bots/api#ephemeral-messages; what live bots are told is BOT_NOT_ADMIN."""
    group = await whispering(telegram, bot_admin=False)
    await telegram.ann.say("/start")
    for chat_id in (group.id, ANN):
        with pytest.raises(ApiRefusal, match="BOT_NOT_ADMIN"):
            await bot.say(chat_id, "only you", ephemeral_message_parameters={"receiver_user_id": ANN})
    keyboard = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    menu = await bot.say(group.id, "menu", reply_markup=keyboard)
    press = await group.seen_by(BORIS).press_data(int(menu["message_id"]), "go")
    answer = {"receiver_user_id": BORIS, "callback_query_id": press.id}
    assert (await bot.say(group.id, "yes", ephemeral_message_parameters=answer))["message_id"] == 0


async def test_an_older_server_ignores_what_it_does_not_know(telegram: Telegram, bot: PlainBot) -> None:
    group = await telegram.group()
    sent = await bot.say(group.id, "to all", ephemeral_message_parameters={"receiver_user_id": BORIS})
    assert sent["message_id"] > 0
    assert "ephemeral_message_id" not in sent


async def test_a_bot_opens_topics_where_its_account_has_them(telegram: Telegram, bot: PlainBot) -> None:
    """Bot API, createForumTopic: also "a private chat with a user"."""
    await telegram.ann.say("/start")
    with pytest.raises(ApiRefusal, match="not a forum"):
        await bot("createForumTopic", chat_id=ANN, name="Boats")
    await telegram.post("private-topics", {"as": ANN, "on": True})
    topic = await bot("createForumTopic", chat_id=ANN, name=" Boats ")
    assert topic["name"] == "Boats"
    assert (await bot.say(ANN, "here", message_thread_id=topic["message_thread_id"]))["is_topic_message"] is True
    forum = await telegram.group(is_forum=True)
    with pytest.raises(ApiRefusal, match="not enough rights"):
        await bot("createForumTopic", chat_id=forum.id, name="Boats")


async def test_a_film_comes_with_its_thumbnail_and_the_cover_that_was_chosen(telegram: Telegram, bot: PlainBot) -> None:
    """Bot API, Video.thumbnail and Video.cover."""
    shown = pybase64.b64encode(picture(640, 480)).decode()
    film = as_file_json(("boat.mp4", b"\x00\x00\x00\x18ftypmp42")) | {"kind": "video", "duration_s": 9}
    await telegram.ann._send(files=[film | {"preview": shown, "cover": shown}])
    video = (await bot.updates())[-1]["message"]["video"]
    assert (video["duration"], max(video["thumbnail"]["width"], video["thumbnail"]["height"])) == (9, 320)
    assert max(size["width"] for size in video["cover"]) == 640
