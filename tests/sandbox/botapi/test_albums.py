"""Albums: messages of their own that share a media_group_id, late and out of order if need be."""

from __future__ import annotations

import json

import pytest

from tests.support.bots import ApiRefusal, PlainBot
from tests.support.messages import Json
from tests.support.people import Telegram
from tests.support.pictures import picture


@pytest.fixture
async def ann(telegram: Telegram, bot: PlainBot) -> int:
    """Let Ann start the chat."""
    await telegram.ann.say("/start")
    await bot.updates()
    return telegram.ann.id


def album(count: int, kind: str = "photo", **first: object) -> dict[str, object]:
    """Return the parameters and files of an album."""
    media: list[Json] = [{"type": kind, "media": f"attach://f{number}"} for number in range(count)]
    media[0] |= first
    return {"media": json.dumps(media), "files": {f"f{n}": (f"{n}.jpg", picture(60 + n, 60)) for n in range(count)}}


async def test_the_items_of_an_album_are_messages_with_the_caption_on_the_first(
    telegram: Telegram, bot: PlainBot
) -> None:
    await telegram.ann.album([picture(), picture(), picture()], "all of them")
    messages = [update["message"] for update in await bot.updates()]
    assert len({message["media_group_id"] for message in messages}) == 1
    assert [message.get("caption") for message in messages] == ["all of them", None, None]
    assert [m["message_id"] for m in messages] == sorted(m["message_id"] for m in messages)


async def test_each_item_can_have_its_caption(telegram: Telegram, bot: PlainBot) -> None:
    await telegram.ann.album([picture(), picture()], captions=["one", "two"])
    assert await bot.texts() == ["one", "two"]


async def test_items_come_late_and_in_any_order(telegram: Telegram, bot: PlainBot) -> None:
    sent = await telegram.ann.album([picture(), picture(), picture()], "x", order=[2, 0, 1], stagger_s=1)
    came = [await bot.updates(timeout=20)]
    while sum(map(len, came)) < 3:
        came.append(await bot.updates(timeout=20))
    assert [update["message"]["message_id"] for updates in came for update in updates] == [
        sent[number].id for number in (2, 0, 1)
    ]
    assert len(came) > 1


async def test_an_edited_item_names_its_album(telegram: Telegram, bot: PlainBot) -> None:
    one, _ = await telegram.ann.album([picture(), picture()], "one")
    await telegram.ann.edit(one, "two")
    edited = (await bot.updates())[-1]["edited_message"]
    assert (edited["caption"], edited["media_group_id"]) == ("two", one.body["media_group_id"])


async def test_a_reply_with_an_album_is_a_reply_of_each_item(telegram: Telegram, bot: PlainBot) -> None:
    first = await telegram.ann.photo(picture())
    await telegram.ann.album([picture(), picture()], reply_to=first)
    messages = [update["message"] for update in await bot.updates()][1:]
    assert [message["reply_to_message"]["message_id"] for message in messages] == [first.id, first.id]


async def test_the_bot_sends_an_album(telegram: Telegram, ann: int, bot: PlainBot) -> None:
    given = album(3, caption="three")
    sent = await bot("sendMediaGroup", given["files"], chat_id=ann, media=given["media"])
    assert len({message["media_group_id"] for message in sent}) == 1
    answers = await telegram.ann.answers(3)
    assert [answer.caption for answer in answers] == ["three", "", ""]
    assert [answer.size_px[0] for answer in answers] == [60, 61, 62]


@pytest.mark.parametrize(
    ("count", "text"), [(1, "album must have 2-10 items"), (11, "too many messages to send as an")]
)
async def test_an_album_has_2_to_10_items(ann: int, bot: PlainBot, count: int, text: str) -> None:
    given = album(count)
    with pytest.raises(ApiRefusal, match=text):
        await bot("sendMediaGroup", given["files"], chat_id=ann, media=given["media"])


async def test_an_album_is_sent_whole_or_not_at_all(telegram: Telegram, ann: int, bot: PlainBot) -> None:
    given = album(2)
    files = dict(given["files"]) | {"f1": ("1.jpg", b"broken")}  # type: ignore[call-overload]
    with pytest.raises(ApiRefusal) as caught:
        await bot("sendMediaGroup", files, chat_id=ann, media=given["media"])
    assert caught.value.text == 'Bad Request: failed to send message #2 with the error message "IMAGE_PROCESS_FAILED"'
    await telegram.ann.silence(for_s=0)


async def test_documents_do_not_mix_with_photos(ann: int, bot: PlainBot) -> None:
    media = [{"type": "photo", "media": "attach://a"}, {"type": "document", "media": "attach://a"}]
    with pytest.raises(ApiRefusal, match="can't be mixed with other media types"):
        await bot("sendMediaGroup", {"a": ("a.jpg", picture())}, chat_id=ann, media=json.dumps(media))


async def test_a_keyboard_cannot_be_put_on_an_item(ann: int, bot: PlainBot) -> None:
    given = album(2)
    sent = await bot("sendMediaGroup", given["files"], chat_id=ann, media=given["media"])
    keyboard = {"inline_keyboard": [[{"text": "b", "callback_data": "x"}]]}
    with pytest.raises(ApiRefusal, match="message is not modified"):
        await bot("editMessageReplyMarkup", chat_id=ann, message_id=sent[0]["message_id"], reply_markup=keyboard)


async def test_more_than_ten_photos_are_two_albums(telegram: Telegram) -> None:
    sent = await telegram.ann.album([picture(20, 20)] * 12)
    groups = [message.body["media_group_id"] for message in sent]
    assert [groups.count(group) for group in dict.fromkeys(groups)] == [10, 2]
