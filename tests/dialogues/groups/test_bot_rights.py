"""Chats where the bot lacks a right, and chats that it has left: the next best way, then words, then nothing."""

from __future__ import annotations

import asyncio

import pytest
from PIL import Image

from tests.support.painter import plain
from tests.support.people import Chat
from tests.support.pictures import encoded
from tests.support.talking import Talk

BOT = "@pentimento_bot"


async def greeted(talk: Talk, **how: object) -> Chat:
    group = await talk.telegram.group(**how)  # type: ignore[arg-type]
    await group.answer()
    return group


async def test_what_is_drawn_here_takes_the_next_best_way_too(talk: Talk) -> None:
    """The tree is a photo where photos are allowed, else a file; the animation likewise; else there are words."""
    group = await greeted(talk)
    for wish in ("a boat", "now red"):
        await group.say(f"/edit{BOT} {wish}")
        await group.answer()
    await group.rights(bot_can={"can_send_photos": False, "can_send_other_messages": False})
    await group.say("/tree")
    assert "document" in (await group.answer()).body
    await group.say("/timelapse")
    assert "document" in (await group.answer()).body
    await group.rights(bot_can={"can_send_photos": False, "can_send_documents": False})
    await group.say("/tree")
    assert "not allowed to send photos or files" in (await group.answer()).text
    await group.say("/export")
    assert "not allowed to send files" in (await group.answer()).text


async def test_where_nothing_may_be_sent_it_gives_up_quietly(talk: Talk) -> None:
    """The answer is kept, nothing is tried for ever, and others are served."""
    group = await greeted(talk)
    await group.rights(bot_can={"can_send_messages": False, "can_send_photos": False, "can_send_documents": False})
    await group.say(f"/edit{BOT} a boat")
    await talk.painter.called(1)
    await group.say("/help")
    await _idle(talk)
    tried = len(await talk.telegram.calls())
    await talk.telegram.ann.say("a gull")
    assert (await talk.telegram.ann.answer()).has_picture
    await group.silence()
    assert [call for call in (await talk.telegram.calls())[tried:] if call["params"].get("chat_id") == group.id] == []
    await group.rights(bot_can={})
    await group.say("/file")
    assert "document" in (await group.answer()).body


async def test_a_closed_topic_is_left_alone(talk: Talk) -> None:
    forum = await greeted(talk, kind="supergroup", is_forum=True)
    topic = await forum.open_topic("Boats")
    gate = talk.painter.hold()
    await topic.say(f"/edit{BOT} a boat")
    await talk.painter.called(1)
    await talk.telegram.post("topics", {"as": forum.person_id, "chat_id": forum.id, "topic": topic.topic})
    gate.set()
    await _idle(talk)
    await topic.silence()
    await forum.say(f"/edit{BOT} a gull")
    assert (await forum.answer()).has_picture


async def test_leaving_ends_what_runs_and_what_waits(talk: Talk) -> None:
    """A group that removed the bot pays for nothing more; when it returns, it is served again."""
    group = await greeted(talk)
    talk.painter.hold()
    await group.say(f"/edit{BOT} a boat")
    await talk.painter.called(1)
    await group.say(f"/edit{BOT} a gull")
    await group.remove("bot")
    await _idle(talk)
    chat = await talk.store.chats.find(group.id)
    assert chat is not None
    assert not chat.active
    assert len(talk.painter.calls) == 1
    await group.add("bot")
    await group.answer()
    await group.say(f"/edit{BOT} a lighthouse")
    assert (await group.answer()).has_picture
    assert talk.painter.calls[-1].roles == ["user"]


async def _idle(talk: Talk) -> None:
    """Wait until no conversation has anything to do."""
    async with asyncio.timeout(10):
        while await talk.store.inbox.keys() or await talk.store.conversations.unfinished_keys():
            await talk.telegram.get("wait?timeout_s=0.05")


async def _wordless(talk: Talk) -> Chat:
    """Return a group where everything but text may be sent (core.telegram.org, CHAT_SEND_PLAIN_FORBIDDEN)."""
    group = await greeted(talk, kind="supergroup")
    allowed = dict.fromkeys(("send_messages", "send_photos", "send_documents", "send_other_messages"), True)
    await group.rights(bot_can=allowed | {"send_messages": False}, by_code=True)
    return group


async def test_a_wish_is_painted_though_a_remark_about_its_picture_may_not_be_said(talk: Talk) -> None:
    converted = encoded(Image.new("RGB", (64, 48)), "BMP")
    await talk.telegram.ann.document(converted, "make it red", mime="image/bmp")
    assert "I converted it" in (await talk.telegram.ann.answer()).text
    group = await _wordless(talk)
    await group.document(converted, f"/edit{BOT} make it red", mime="image/bmp")
    assert (await group.answer()).has_picture
    await group.album([plain(150), plain(151)], f"/edit{BOT} make it blue")
    assert (await group.answer()).has_picture
    await group.say(f"/again{BOT} please")
    assert (await group.answer()).has_picture


@pytest.mark.parametrize("captions", [["make it red", "/undo"], ["make it red", "/settings"]])
async def test_a_wish_under_an_album_is_painted_though_what_a_command_says_may_not_be_said(
    talk: Talk, captions: list[str]
) -> None:
    group = await _wordless(talk)
    await group.say(f"/edit{BOT} a boat")
    boat = await group.answer()
    await group.album([plain(150), plain(151)], captions=captions, reply_to=boat)
    assert (await group.answer()).has_picture
    assert talk.painter.calls[1].wish.endswith("make it red")
