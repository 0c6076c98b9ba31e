"""Updates of which python-telegram-bot cannot read a part: as those of a Bot API server of another version.

It demands each field that its own version of the Bot API calls required. The same happened to
ehForwarderBot/efb-telegram-master#119.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.people import ANN, Chat
from tests.support.talking import Talk, talking

OLD_POLL: dict[str, Any] = {
    "id": "5", "question": "Which boat?", "options": [{"text": "red", "voter_count": 0}], "total_voter_count": 0,
    "is_closed": False, "is_anonymous": True, "type": "regular", "allows_multiple_answers": False,
}  # fmt: skip
"""A poll as servers sent it before Bot API 9.6: without allows_revoting and others."""


async def heard(talk: Talk, group: Chat, body: dict[str, Any]) -> None:
    """Let an update come in that the bot's server makes, and be done with it."""
    state = await talk.telegram.state()
    chat = next(chat for chat in state["chats"] if chat["id"] == group.id)
    about = {"id": group.id, "type": chat["type"], "title": chat["title"]}
    ann = {"id": ANN, "is_bot": False, "first_name": "Ann"}
    await talk.telegram.update({"message": {"message_id": 9000, "date": 1, "chat": about, "from": ann} | body})


async def test_a_poll_among_people_is_nothing_to_the_bot(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with talking(tmp_path, owner_ids=str(ANN)) as talk:
        await talk.telegram.ann.say("/start")
        await talk.telegram.ann.answer()
        group = await talk.telegram.group(bot_admin=True)
        await group.answer()
        await heard(talk, group, {"poll": OLD_POLL})
        await group.say("/edit@pentimento_bot a boat")
        assert (await group.answer()).has_picture
        await group.silence()
        await talk.telegram.ann.silence()
    assert "read without message.poll" in caplog.text


async def test_a_wish_in_reply_to_such_a_poll_is_painted(talk: Talk) -> None:
    group = await talk.telegram.group(bot_admin=True)
    await group.answer()
    poll = {"message_id": 8999, "date": 1, "chat": {"id": group.id, "type": "group"}, "poll": OLD_POLL}
    words = {"text": "@pentimento_bot paint a cat", "entities": [{"type": "mention", "offset": 0, "length": 15}]}
    await heard(talk, group, words | {"reply_to_message": poll})
    assert (await group.answer()).has_picture
    assert talk.painter.calls[-1].wish == "Ann: paint a cat"


async def test_a_reply_to_a_picture_finds_it_whatever_else_it_lacks(talk: Talk) -> None:
    """Here the sender of the replied-to message has no first name, and its chat no type."""
    group = await talk.telegram.group(bot_admin=True)
    await group.say("/edit@pentimento_bot a boat")
    _, boat = await group.answers(2)
    me = {key: value for key, value in boat.body["from"].items() if key != "first_name"}
    replied = {**boat.body, "from": me, "chat": {"id": group.id, "type": "group"}, "poll": OLD_POLL}
    await heard(talk, group, {"text": "warmer", "reply_to_message": replied})
    assert (await group.answer()).has_picture
    assert talk.painter.calls[-1].wish == "Ann: warmer"


async def test_what_cannot_be_read_at_all_is_silently_passed_over(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    group = await talk.telegram.group(bot_admin=True)
    await group.answer()
    await talk.telegram.update({"message": {"chat": {"id": group.id, "type": "group"}, "text": "lunch?"}})
    await group.say("/edit@pentimento_bot a boat")
    assert (await group.answer()).has_picture
    await group.silence()
    assert "cannot be read, nor is it for the bot" in caplog.text


async def test_what_cannot_be_read_but_is_for_the_bot_is_not_met_with_silence(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("/start")
    await ann.answer()
    await talk.telegram.update({"message": {"chat": {"id": ann.id, "type": "private"}, "text": "a boat"}})
    assert "Something went wrong" in (await ann.answer()).text


async def test_a_fault_of_ours_over_talk_among_people_is_told_to_the_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever goes wrong, the bot says nothing to people who did not speak to it."""

    async def broken(*_: Any) -> None:
        raise ArithmeticError

    for handler in ("handle", "handle_act"):
        monkeypatch.setattr(f"bot.chat.handlers.Handlers.{handler}", broken)
    # As if an hour lay between.
    monkeypatch.setattr("bot.repeats.SELDOM_S", 0.0)
    async with talking(tmp_path, owner_ids=str(ANN)) as talk:
        ann = talk.telegram.ann
        await ann.say("/start")
        sorry, aside = sorted(one.text for one in await ann.answers(2))
        assert "set aside" in aside
        assert "Something went wrong" in sorry
        group = await talk.telegram.group(bot_admin=True, kind="supergroup")
        await group.say("lunch?")
        told = await ann.answers(3)
        assert all("set aside" in one.text for one in told)
        await group.silence()
