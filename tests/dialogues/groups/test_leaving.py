"""News that the bot is in a group no more: what they end, and what they do not."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from storage.records import Key
from tests.support.people import ANN, Chat
from tests.support.talking import Talk

BOT = "@pentimento_bot"
BOT_ID = 7000000001


@pytest.fixture
async def group(talk: Talk) -> Chat:
    """Return a basic group in which the bot reads everything, greeted."""
    await talk.telegram.privacy(on=False)
    await talk.restart()
    made = await talk.telegram.group()
    await made.answer()
    return made


async def told(talk: Talk, group: Chat, **standing: Any) -> None:
    """Send the bot an update about its status in a group, whatever its real status is."""
    user = {"id": BOT_ID, "is_bot": True, "first_name": "Pentimento"}
    change = {
        "chat": {"id": group.id, "type": "group", "title": "Painters"},
        "from": {"id": ANN, "is_bot": False, "first_name": "Ann"},
        "date": 1,
        "old_chat_member": {"status": "member", "user": user},
        "new_chat_member": {"user": user, **standing},
    }
    await talk.telegram.update({"my_chat_member": change})


async def moved(talk: Talk, group: Chat) -> None:
    """Return once the bot knows that a group moved.

    It has read one of the two messages about that. The other one waits for the running turn, under the new key.
    """
    async with asyncio.timeout(10):
        while (chat := await talk.store.chats.find(group.id)) is None or chat.moved_to is None:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_picture_for_a_group_that_moves_is_not_stopped_by_news_of_the_old_one(talk: Talk, group: Chat) -> None:
    """Not even while the move waits in the queue: the order of updates is not promised."""
    gate = talk.painter.hold()
    await group.say(f"{BOT} a boat")
    await talk.painter.called(1)
    upgraded = await group.upgrade()
    await told(talk, group, status="left")
    await talk.telegram.ann.say("/help")
    await talk.telegram.ann.answer()
    gate.set()
    assert (await upgraded.answer()).has_picture
    assert await talk.telegram.calls("getChat") == []


async def test_news_of_the_old_group_that_waits_under_the_new_key_does_not_stop_the_picture(
    talk: Talk, group: Chat
) -> None:
    """Each of the two messages about a move takes what waits along; a new process looks at it before the picture."""
    gate = talk.painter.hold()
    await group.say(f"{BOT} a boat")
    await talk.painter.called(1)
    upgraded = await group.upgrade()
    await moved(talk, group)
    await told(talk, group, status="left")
    async with asyncio.timeout(10):
        while len(await talk.store.inbox.open_updates(Key(group.id, 0))) == 0:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await talk.store.chats.migrate(group.id, upgraded.id)
    talk.stop_grace_s = 0
    await talk.restart()
    gate.set()
    assert (await upgraded.answer()).has_picture


async def test_who_is_told_later_that_it_left_the_old_group_works_on_in_the_new_one(talk: Talk, group: Chat) -> None:
    upgraded = await group.upgrade()
    await upgraded.say(f"{BOT} a boat")
    await upgraded.answer()
    await told(talk, group, status="left")
    await upgraded.say(f"{BOT} now red")
    assert (await upgraded.answer()).has_picture


async def test_who_is_restricted_and_outside_is_no_member(talk: Talk, group: Chat) -> None:
    """Bot API, ChatMemberRestricted.is_member. The running call is stopped, and nothing more is said."""
    gate = talk.painter.hold()
    await group.say(f"{BOT} a boat")
    await talk.painter.called(1)
    rights = (
        *("send_messages", "send_audios", "send_documents", "send_photos", "send_videos", "send_video_notes"),
        *("send_voice_notes", "send_polls", "send_other_messages", "add_web_page_previews", "change_info"),
        *("invite_users", "pin_messages", "manage_topics", "edit_tag", "react_to_messages"),
    )
    no_rights = {f"can_{right}": False for right in rights}
    await told(talk, group, status="restricted", is_member=False, until_date=0, **no_rights)
    async with asyncio.timeout(10):
        while (chat := await talk.store.chats.find(group.id)) is None or chat.active:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    gate.set()
    await group.silence()


@pytest.mark.parametrize("how", ["removed", "cancelled"])
async def test_what_is_painted_for_a_group_that_became_a_supergroup_is_stopped_from_there(
    talk: Talk, group: Chat, how: str
) -> None:
    """The call runs under the key that the group had; the one who stops it knows the new one alone."""
    gate = talk.painter.hold()
    await group.say(f"{BOT} a boat")
    await talk.painter.called(1)
    upgraded = await group.upgrade()
    await moved(talk, group)
    if how == "removed":
        await upgraded.remove("bot")
    else:
        await upgraded.say(f"/cancel{BOT}")
        assert "Stopped" in (await upgraded.answer()).text
    async with asyncio.timeout(10):
        while await talk.store.conversations.unfinished_keys():
            await talk.telegram.get("wait?timeout_s=0.05")
    gate.set()
    await upgraded.silence()
    assert not any(message.has_picture for message in await upgraded.history())
