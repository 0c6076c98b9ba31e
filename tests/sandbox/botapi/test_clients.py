"""An independent client talks to the emulated Bot API: python-telegram-bot. ``test_declared`` asks another one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import telegram as ptb
import telegram.error as ptb_error
from telegram.ext import Application, TypeHandler
from telegram.request import HTTPXRequest
from telegram.warnings import PTBDeprecationWarning

from tests.support.bots import PlainBot
from tests.support.messages import Json
from tests.support.people import Telegram
from tests.support.pictures import opened, picture


@pytest.fixture
async def library_bot(telegram: Telegram) -> AsyncIterator[ptb.Bot]:
    """Yield an initialised bot of python-telegram-bot."""
    requests = [HTTPXRequest(httpx_kwargs={"trust_env": False}) for _ in range(2)]
    bot = ptb.Bot(
        telegram.token,
        base_url=f"{telegram.base_url}/bot",
        base_file_url=f"{telegram.base_url}/file/bot",
        request=requests[0],
        get_updates_request=requests[1],
    )
    async with bot:
        yield bot


async def everything(telegram: Telegram, bot: PlainBot) -> list[Json]:
    """Make every kind of update that the sandbox makes, and give them."""
    await bot("getUpdates", allowed_updates=[*ptb.Update.ALL_TYPES, "stopped_message_generation"])
    ann = telegram.ann
    said = await ann.say("/start https://example.com @pentimento_bot 😀 #tag")
    await ann.edit(said, "/start again")
    await ann.react(said, "🔥")
    await ann.photo(picture(1500, 900), "a caption with a@b.com", spoiler=True)
    await ann.album([picture(), picture()], "two", reply_to=said, quote="start")
    await ann.document(("a.png", picture(kind="PNG")))
    for kind in ("voice", "video", "video_note", "audio", "sticker", "animation"):
        await ann.send(("a.webp", picture(kind="WEBP")), kind)
    place = {"location": {"latitude": 52.5, "longitude": 13.4}}
    await telegram.post("send", {"as": ann.id, "chat_id": ann.id, "extra": place})
    await ann.forward(said, ann)
    keyboard = {"inline_keyboard": [[{"text": "b", "callback_data": "x"}, {"text": "u", "url": "https://a.com"}]]}
    sent = await bot.say(ann.id, "press", reply_markup=keyboard)
    await ann.press_data(sent["message_id"], "x")
    await bot("deleteMessage", chat_id=ann.id, message_id=sent["message_id"])
    await ann.press_data(sent["message_id"], "x")
    await bot("sendMessageDraft", chat_id=ann.id, draft_id=3, text="x", can_stop=True)
    await telegram.post("stop", {"as": ann.id, "chat_id": ann.id, "draft_id": 3})
    group = await telegram.group()
    await group.rights(bot_admin=True)
    await group.remove(1003)
    await group.add(1003)
    new = await group.upgrade()
    await new.rights(bot_admin=False, bot_can={"send_photos": False})
    forum = await telegram.group("Forum", is_forum=True)
    topic = await forum.open_topic("Cats")
    await topic.say("/new@pentimento_bot")
    await telegram.post("topics", {"as": forum.person_id, "chat_id": forum.id, "topic": topic.topic, "close": True})
    await forum.remove("bot")
    await channels(telegram)
    await telegram.post("private-topics", {"as": ann.id, "on": True})
    await (await ann.open_topic("Boats")).say("a boat")
    await ann.block()
    return await bot.updates()


async def channels(telegram: Telegram) -> None:
    """Send every kind of message that channels and their discussion groups have."""
    channel = await telegram.channel()
    group = await telegram.group("Readers", kind="supergroup", bot_admin=True)
    await channel.act("link", group_id=group.id)
    post = await channel.photo(picture(), "a post")
    await channel.edit(post, "a better post")
    forwarded = (await group.history())[-1]
    comment = await group.say("a comment", thread=forwarded.id)
    await group.say("as the group", anonymous=True, reply_to=comment)
    await group.say("as the channel", as_channel=channel.id)
    await channel.forward(post, group)
    direct = (await channel.act("direct-messages"))["id"]
    await telegram.post("send", {"as": channel.person_id, "chat_id": direct, "text": "a question"})


def lost(given: Any, kept: Any, path: str = "update") -> Iterator[str]:
    """Yield the places where a sent value was stored differently.

    More may be stored than was sent, and python-telegram-bot has no empty lists.
    """
    if isinstance(given, dict) and isinstance(kept, dict):
        for name, value in given.items():
            yield from lost(value, kept.get(name), f"{path}.{name}")
    elif isinstance(given, list) and isinstance(kept, list) and len(given) == len(kept):
        for index, (one, other) in enumerate(zip(given, kept, strict=True)):
            yield from lost(one, other, f"{path}[{index}]")
    elif given != kept and given != []:
        yield f"{path}: {given!r} became {kept!r}"


async def test_every_update_goes_through_python_telegram_bot_without_loss(
    telegram: Telegram, bot: PlainBot, library_bot: ptb.Bot
) -> None:
    for update in await everything(telegram, bot):
        again = json.loads(ptb.Update.de_json(update, library_bot).to_json())
        assert list(lost(update, again)) == []


async def test_a_polling_bot_of_python_telegram_bot_edits_a_photo(telegram: Telegram) -> None:
    async def flip(update: ptb.Update, _: Any) -> None:
        if update.callback_query is not None:
            await update.callback_query.answer("once more")
            await update.callback_query.edit_message_caption("flipped twice")
        elif update.message is not None and update.message.photo:
            file = await update.message.photo[-1].get_file()
            flipped = opened(bytes(await file.download_as_bytearray())).rotate(90, expand=True)
            again = ptb.InlineKeyboardMarkup([[ptb.InlineKeyboardButton("Again", callback_data="again")]])
            data = picture(*flipped.size)
            await update.message.reply_photo(data, filename="new.jpg", caption="flipped", reply_markup=again)
            await update.message.reply_media_group([ptb.InputMediaPhoto(data), ptb.InputMediaPhoto(data, caption="2")])

    application = (
        Application.builder()
        .token(telegram.token)
        .base_url(f"{telegram.base_url}/bot")
        .base_file_url(f"{telegram.base_url}/file/bot")
        .job_queue(None)
        .build()
    )
    application.add_handler(TypeHandler(ptb.Update, flip))
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling()
        await telegram.ann.photo(picture(400, 200), "flip it")
        answer, one, two = await telegram.ann.answers(3)
        assert (answer.caption, answer.size_px) == ("flipped", (200, 400))
        assert (one.body["media_group_id"], two.caption) == (two.body["media_group_id"], "2")
        press = await telegram.ann.press(answer, "Again")
        assert (await press.answered())["text"] == "once more"
        assert (await telegram.ann.until(answer, "flipped twice")).buttons == {}
        await application.updater.stop()
        await application.stop()
    assert await telegram.queue() == []


async def test_python_telegram_bot_meets_telegrams_errors(telegram: Telegram, library_bot: ptb.Bot) -> None:
    ann = telegram.ann.id
    with pytest.raises(ptb_error.Forbidden, match="can't initiate conversation"):
        await library_bot.send_message(ann, "hello")
    await telegram.ann.say("/start")
    with pytest.raises(ptb_error.BadRequest, match="Photo_invalid_dimensions"):
        await library_bot.send_photo(ann, picture(2100, 100))
    group = await telegram.group()
    new = await group.upgrade()
    with pytest.raises(ptb_error.ChatMigrated) as migrated:
        await library_bot.send_message(group.id, "hello")
    assert migrated.value.new_chat_id == new.id
    await telegram.fault("sendMessage", retry_after=7)
    with pytest.warns(PTBDeprecationWarning, match="retry_after"), pytest.raises(ptb_error.RetryAfter):
        await library_bot.send_message(ann, "hello")
    await telegram.fault("sendMessage", status=502)
    with pytest.raises(ptb_error.NetworkError, match="Bad Gateway"):
        await library_bot.send_message(ann, "hello")
    await telegram.fault("sendMessage", drop="after")
    with pytest.raises(ptb_error.NetworkError):
        await library_bot.send_message(ann, "sent, but nobody knows")
    assert (await telegram.ann.answer()).text == "sent, but nobody knows"


async def test_two_pollers_of_one_bot_disturb_each_other(telegram: Telegram, library_bot: ptb.Bot) -> None:
    await telegram.fault("getUpdates", delay_s=0)  # which does no harm, and shows that the call came
    older = asyncio.create_task(library_bot.get_updates(timeout=10))
    await telegram.fault_met()
    newer = asyncio.create_task(telegram.api("getUpdates", timeout=10))
    with pytest.raises(ptb_error.Conflict, match="terminated by other getUpdates request"):
        await older
    await telegram.ann.say("done")
    assert (await newer)["ok"]
