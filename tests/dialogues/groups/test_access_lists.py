"""ALLOWED_USERS, ALLOWED_CHATS and OWNER_IDS: which people and groups the bot serves."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from tests.support.people import ANN, BORIS, Telegram
from tests.support.pictures import picture
from tests.support.talking import SPREAD, in_one, talking


async def test_a_stranger_hears_once_that_the_bot_is_for_others(tmp_path: Path) -> None:
    """One sentence with the number that the owner needs, then silence, and no model call."""
    async with talking(tmp_path, allowed_users={BORIS}) as talk:
        ann = talk.telegram.ann
        await ann.say("a boat")
        assert str(ANN) in (await ann.answer()).text
        await ann.say("a boat, please")
        await ann.silence()
        await talk.telegram.boris.say("a boat")
        assert (await talk.telegram.boris.answer()).has_picture
        assert len(talk.painter.calls) == 1


async def test_an_owner_is_always_served(tmp_path: Path) -> None:
    """The owner need not be in the list."""
    async with talking(tmp_path, allowed_users={BORIS}, owner_ids={ANN}) as talk:
        await talk.telegram.ann.say("a boat")
        assert (await talk.telegram.ann.answer()).has_picture


async def test_a_stranger_in_a_group_stops_nobody(tmp_path: Path) -> None:
    """Neither a call nor the download of a photo; people who are served can stop both."""
    async with talking(tmp_path, allowed_users={ANN}) as talk:
        group = await talk.telegram.group()
        await group.answer()
        boris = group.seen_by(BORIS)
        hold = talk.painter.hold()
        await group.say("/edit@pentimento_bot a boat")
        await talk.painter.called(1)
        await boris.say("/cancel")
        await group.say("/cancel")
        assert "Stopped" in (await group.answer()).text
        assert str(BORIS) in (await group.answer()).text
        hold.set()
        await talk.telegram.fault("getFile", delay_s=1)
        await group.photo(picture(), "/edit@pentimento_bot make it warm")
        await talk.telegram.wait_for(lambda: _asked_for_a_file(talk.telegram), 10, "nobody fetched the photo")
        await boris.say("/cancel")
        assert (await group.answer()).has_picture


async def _asked_for_a_file(telegram: Telegram) -> bool | None:
    return bool(await telegram.calls("getFile")) or None


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_a_group_that_is_not_served_is_left_with_a_sentence(tmp_path: Path, kind: str) -> None:
    """The bot says why, and goes."""
    async with talking(tmp_path, allowed_chats={-1}) as talk:
        group = await talk.telegram.group(kind=kind)
        assert "other groups" in (await group.answer()).text
        await talk.telegram.wait_for(lambda: _left(talk.telegram), 20, "the bot stayed")


async def test_a_group_that_is_not_served_is_left_where_nothing_may_be_said(tmp_path: Path) -> None:
    async with talking(tmp_path, allowed_chats={-1}) as talk:
        await talk.telegram.fault("sendMessage", status=400, description="Bad Request: CHAT_WRITE_FORBIDDEN")
        await talk.telegram.group()
        await talk.telegram.wait_for(lambda: _left(talk.telegram), 20, "the bot stayed")
        assert len(await talk.telegram.calls("sendMessage")) == 1


async def test_a_stranger_who_speaks_as_the_group_hears_so_and_the_group_stays_one(tmp_path: Path) -> None:
    """The number of an anonymous admin is that of the group (Bot API, Message.sender_chat)."""
    async with talking(tmp_path, allowed_users={BORIS}) as talk:
        group = await talk.telegram.group(kind="supergroup")
        await group.answer()
        for _ in range(2):
            await group.say("/help@pentimento_bot", anonymous=True)
        assert str(group.id) in (await group.answer()).text
        await group.silence()
        chat = await talk.store.chats.find(group.id)
        assert chat is not None
        assert (chat.kind, chat.title, chat.greeted) == ("supergroup", "Painters", True)


async def _left(telegram) -> bool | None:  # type: ignore[no-untyped-def]
    chats = (await telegram.state())["chats"]
    return True if not any(chat["bot_is_member"] for chat in chats if chat["id"] < 0) else None


ORDERS = [
    ["migrate_to", "my_chat_member", "migrate_from"],
    ["migrate_from", "migrate_to", "my_chat_member"],
    ["my_chat_member", "migrate_from", "migrate_to"],
    ["my_chat_member", "migrate_to", "migrate_from"],
]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("noted", [True, False])
async def test_a_served_group_is_served_as_the_supergroup_that_it_becomes(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, order: list[str], noted: bool
) -> None:
    """Whichever news of the move comes first, and where the group was never noted; the log says which id to add."""
    async with talking(tmp_path) as talk:
        group = await talk.telegram.group()
        await group.answer()
        if not noted:
            async with talk.store.database.begin() as connection:
                await connection.execute(text("DELETE FROM chats"))
        talk.settings["allowed_chats"] = {group.id}
        await talk.restart()
        upgraded = await group.upgrade(order=order, gap_s=0.4)
        for wish in ("a boat", "a gull"):
            await upgraded.say(f"/edit@pentimento_bot {wish}")
            painted = await upgraded.answer()
            while not painted.has_picture:
                painted = await upgraded.answer()
        assert not await talk.telegram.calls("leaveChat")
        await talk.restart()
        await upgraded.say("/edit@pentimento_bot warmer")
        assert (await upgraded.answer()).has_picture
    logged = [record for record in caplog.messages if f"became the supergroup {upgraded.id}" in record]
    # Once for each start of a process.
    assert len(logged) == 2 or (SPREAD and 2 < len(logged) <= 6)


async def test_a_stranger_is_told_after_a_flood_wait_too(tmp_path: Path) -> None:
    """And nothing but the number is kept of who is not served."""
    async with talking(tmp_path, allowed_users={BORIS}) as talk:
        await talk.telegram.fault("sendMessage", retry_after=1)
        await talk.telegram.ann.say("a boat")
        assert str(ANN) in (await talk.telegram.ann.answer()).text
        await talk.telegram.ann.say("a boat, please")
        await talk.telegram.ann.silence()
        chat = await talk.store.chats.find(ANN)
        assert chat is not None
        assert chat.title == ""


async def test_a_group_that_is_not_served_is_told_after_a_flood_wait_too(tmp_path: Path) -> None:
    async with talking(tmp_path, allowed_chats={-1}) as talk:
        await talk.telegram.fault("sendMessage", retry_after=1)
        group = await talk.telegram.group()
        assert "other groups" in (await group.answer()).text
        await talk.telegram.wait_for(lambda: _left(talk.telegram), 20, "the bot stayed")


@in_one
async def test_who_speaks_as_the_group_is_told_after_a_flood_wait_too(tmp_path: Path) -> None:
    async with talking(tmp_path, allowed_users={BORIS}) as talk:
        group = await talk.telegram.group(kind="supergroup")
        await group.answer()
        await talk.telegram.fault("sendMessage", retry_after=1, chat_id=group.id)
        await group.say("/edit@pentimento_bot a boat", anonymous=True)
        assert str(group.id) in (await group.answer()).text
        await group.say("/edit@pentimento_bot a boat", anonymous=True)
        await group.silence()
