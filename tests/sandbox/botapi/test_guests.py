"""Guest mode and inline mode of the emulated Bot API, by the words of core.telegram.org and the server's source."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.support.messages import Json
from tests.support.people import ANN, BORIS, Chat, Message, Telegram
from tests.support.pictures import picture

BOT = "@pentimento_bot"
ARTICLE = {"type": "article", "id": "1", "title": "Paint", "input_message_content": {"message_text": "On it"}}
BUTTON = {"inline_keyboard": [[{"text": "Again", "callback_data": "again:1"}]]}


@pytest.fixture
async def strangers(telegram: Telegram) -> Chat:
    """Return a supergroup of Ann and Boris in which the bot is no member; the bot may be called as a guest."""
    await telegram.modes(guests=True)
    return await telegram.group("Strangers", members=[BORIS], bot=False, kind="supergroup")


async def called(telegram: Telegram) -> Json:
    """Return the message of the newest guest query."""
    found: Json = (await telegram.queue())[-1]["guest_message"]
    return found


async def answer(telegram: Telegram, query_id: str, **result: Any) -> Json:
    return await telegram.api("answerGuestQuery", guest_query_id=query_id, result=ARTICLE | result)


async def shown(chat: Chat) -> Message:
    """Return the newest message of a chat."""
    return (await chat.history())[-1]


async def test_a_mention_by_name_calls_a_guest_with_what_it_replies_to(telegram: Telegram, strangers: Chat) -> None:
    photo = await strangers.seen_by(BORIS).photo(picture(), "my boat")
    assert await telegram.queue() == []
    await strangers.say(f"{BOT} make it red", reply_to=photo)
    message = await called(telegram)
    assert message["guest_query_id"]
    assert message["from"]["id"] == ANN
    assert message["reply_to_message"]["photo"]
    assert "guest_bot_caller_user" not in message


async def test_what_does_not_call_it_does_not_reach_it(telegram: Telegram, strangers: Chat) -> None:
    await strangers.say("hello")
    await strangers.say("@weather_bot rain?")
    await telegram.modes(guests=False)
    await strangers.say(f"{BOT} a boat")
    assert await telegram.queue() == []


async def test_a_member_is_no_guest(telegram: Telegram) -> None:
    await telegram.modes(guests=True)
    await telegram.doubts(mentions_reach=True)
    group = await telegram.group()
    await group.say(f"{BOT} a boat")
    assert [[*update][-1] for update in await telegram.queue()] == ["my_chat_member", "message", "message"]


async def test_a_query_is_answered_once(telegram: Telegram, strangers: Chat) -> None:
    await strangers.say(f"{BOT} a boat")
    query_id = (await called(telegram))["guest_query_id"]
    sent = await answer(telegram, query_id)
    assert sent["result"]["inline_message_id"]
    message = await shown(strangers)
    assert message.text == "On it"
    assert message.body["guest_bot_caller_user"]["id"] == ANN
    again = await answer(telegram, query_id)
    assert again["description"].startswith("Bad Request: query is too old and response timeout expired or query ID")


async def test_a_query_expires(telegram: Telegram, strangers: Chat) -> None:
    await telegram.modes(guests=True, guest_life_s=0.05)
    await strangers.say(f"{BOT} a boat")
    await asyncio.sleep(0.1)
    late = await answer(telegram, (await called(telegram))["guest_query_id"])
    assert late["error_code"] == 400
    assert len(await strangers.history()) == 1


async def test_a_reply_to_the_guest_calls_it_again(telegram: Telegram, strangers: Chat) -> None:
    await strangers.say(f"{BOT} a boat")
    await answer(telegram, (await called(telegram))["guest_query_id"], reply_markup=BUTTON)
    await strangers.say("now red", reply_to=await shown(strangers))
    replied = (await called(telegram))["reply_to_message"]
    assert replied["from"]["username"] == "pentimento_bot"
    assert replied["reply_markup"] == BUTTON


async def test_an_empty_title_is_refused(telegram: Telegram, strangers: Chat) -> None:
    await strangers.say(f"{BOT} a boat")
    refused = await answer(telegram, (await called(telegram))["guest_query_id"], title="")
    assert refused["description"] == "Bad Request: ARTICLE_TITLE_EMPTY"


async def placed(telegram: Telegram, strangers: Chat) -> str:
    """Return the inline_message_id of an answer with a button."""
    await strangers.say(f"{BOT} a boat")
    sent = await answer(telegram, (await called(telegram))["guest_query_id"], reply_markup=BUTTON)
    return str(sent["result"]["inline_message_id"])


async def test_a_text_becomes_a_picture_that_telegram_has_already(telegram: Telegram, strangers: Chat) -> None:
    """An inline message takes no upload, only a file_id."""
    place = await placed(telegram, strangers)
    await telegram.ann.say("/start")
    files = {"photo": ("boat.png", picture())}
    staged = (await telegram.http.post(f"/bot{telegram.token}/sendPhoto", data={"chat_id": ANN}, files=files)).json()
    file_id = staged["result"]["photo"][-1]["file_id"]
    media = {"type": "photo", "media": file_id, "caption": "Here it is"}
    edited = await telegram.api("editMessageMedia", inline_message_id=place, media=media)
    assert edited["result"] is True
    message = await shown(strangers)
    assert message.has_picture
    assert message.caption == "Here it is"
    assert message.buttons == {}
    same = await telegram.api("editMessageMedia", inline_message_id=place, media=media)
    assert "message is not modified" in same["description"]


async def test_no_file_is_uploaded_into_an_inline_message(telegram: Telegram, strangers: Chat) -> None:
    place = await placed(telegram, strangers)
    data = {"inline_message_id": place, "media": '{"type": "photo", "media": "attach://boat"}'}
    files = {"boat": ("boat.png", picture())}
    answer = (await telegram.http.post(f"/bot{telegram.token}/editMessageMedia", data=data, files=files)).json()
    assert answer["description"] == "Bad Request: invalid message content specified"
    assert not (await shown(strangers)).has_picture


async def test_an_inline_message_that_is_gone_cannot_be_edited(telegram: Telegram, strangers: Chat) -> None:
    place = await placed(telegram, strangers)
    await strangers.delete(await shown(strangers))
    gone = await telegram.api("editMessageText", inline_message_id=place, text="x")
    assert gone["description"] == "Bad Request: MESSAGE_ID_INVALID"
    wrong = await telegram.api("editMessageText", inline_message_id="?", text="x")
    assert wrong["description"] == "Bad Request: invalid inline message identifier specified"


async def test_a_press_below_it_does_not_name_the_chat(telegram: Telegram, strangers: Chat) -> None:
    place = await placed(telegram, strangers)
    await strangers.press(await shown(strangers), "Again")
    query = (await telegram.queue())[-1]["callback_query"]
    assert query["inline_message_id"] == place
    assert "message" not in query


async def test_inline_mode_is_off_until_it_is_switched_on(telegram: Telegram) -> None:
    me = (await telegram.api("getMe"))["result"]
    assert (me["supports_inline_queries"], me["supports_guest_queries"]) == (False, False)
    await telegram.modes(guests=True, inline=True)
    me = (await telegram.api("getMe"))["result"]
    assert (me["supports_inline_queries"], me["supports_guest_queries"]) == (True, True)


@pytest.mark.parametrize("feedback", [True, False])
async def test_a_result_is_offered_and_chosen(telegram: Telegram, *, feedback: bool) -> None:
    """Only with feedback switched on does the bot learn what was chosen, and only with buttons can it change that."""
    await telegram.modes(inline=True, feedback=feedback)
    group = await telegram.group(bot=False)
    query_id = await group.type("a boat")
    query = (await telegram.queue())[-1]["inline_query"]
    assert (query["query"], query["chat_type"]) == ("a boat", "group")
    results = [ARTICLE | {"reply_markup": BUTTON}, ARTICLE | {"id": "2"}]
    await telegram.api("answerInlineQuery", inline_query_id=query_id, results=results)
    assert [one["id"] for one in (await group.offered(query_id))["results"]] == ["1", "2"]
    for result_id in ("1", "2"):
        message = await group.choose(query_id, result_id)
        assert message.body["via_bot"]["username"] == "pentimento_bot"
    chosen = [update["chosen_inline_result"] for update in await telegram.queue() if "chosen_inline_result" in update]
    assert [(one["result_id"], "inline_message_id" in one) for one in chosen] == (
        [("1", True), ("2", False)] if feedback else []
    )


async def test_a_query_that_is_too_old_takes_no_results(telegram: Telegram) -> None:
    await telegram.modes(inline=True)
    query_id = await telegram.ann.type("a boat")
    assert (await telegram.api("answerInlineQuery", inline_query_id=query_id, results=[]))["ok"]
    again = await telegram.api("answerInlineQuery", inline_query_id=query_id, results=[])
    assert "query is too old" in again["description"]
