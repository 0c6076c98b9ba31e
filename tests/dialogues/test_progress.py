"""What people see while they wait."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from tests.support.talking import Talk, talking

LIMITED: tuple[int, dict[str, Any]] = (
    429,
    {
        "error": {
            "code": 429,
            "message": "Resource exhausted.",
            "status": "RESOURCE_EXHAUSTED",
            "details": [
                {
                    "@type": "type.googleapis.com/google.rpc.QuotaFailure",
                    "violations": [{"quotaId": "GenerateRequestsPerMinutePerProject"}],
                },
                {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "6s"},
            ],
        }
    },
)


async def test_in_private_a_draft_with_a_stop_button_shows_the_work(talk: Talk) -> None:
    """No message is spent on it."""
    gate = asyncio.Event()
    talk.painter.will(gate)
    ann = talk.telegram.ann
    await ann.say("a boat")
    await talk.telegram.wait_for(lambda: _draft(talk), 5, "no draft came")
    drafts = await talk.telegram.calls("sendMessageDraft")
    assert "Painting" in drafts[-1]["params"]["text"]
    gate.set()
    assert (await ann.answer()).has_picture
    await ann.silence()


async def test_stopping_the_draft_cancels_the_turn(talk: Talk) -> None:
    """Telegram's Stop button does what /cancel does."""
    talk.painter.will(asyncio.Event())
    ann = talk.telegram.ann
    await ann.say("a boat")
    await talk.telegram.wait_for(lambda: _draft(talk), 5, "no draft came")
    draft = (await talk.telegram.calls("sendMessageDraft"))[-1]["params"]["draft_id"]
    await talk.telegram.post("stop", {"as": ann.person_id, "chat_id": ann.id, "draft_id": draft})
    assert "Stopped" in (await ann.answer()).text
    await ann.say("a tree")
    assert (await ann.answer()).has_picture


async def test_a_wait_counts_down_in_the_draft(talk: Talk) -> None:
    """A 429 with a delay is told and waited for."""
    talk.painter.will(LIMITED)
    ann = talk.telegram.ann
    await ann.say("a boat")
    await talk.telegram.wait_for(lambda: _draft(talk, "try again in"), 5, "no countdown came")
    assert (await ann.answer(15)).has_picture


async def test_in_a_group_a_wait_is_one_message_with_a_cancel_button(talk: Talk) -> None:
    """Groups have no drafts."""
    talk.painter.will(LIMITED)
    group = await talk.telegram.group()
    await group.answer()
    await group.say("/edit@pentimento_bot a boat")
    told = await group.answer()
    assert "try again in" in told.text
    await group.press(told, "Cancel")
    assert "Stopped" in (await group.answer()).text
    await group.silence()


async def _draft(talk: Talk, words: str = "") -> bool | None:
    drafts = await talk.telegram.calls("sendMessageDraft")
    return True if any(words in draft["params"].get("text", "") for draft in drafts) else None


async def test_who_waits_for_the_provider_sees_the_place_in_line(tmp_path: Path) -> None:
    """One call at a time: the second person is next, and told so in the draft."""
    async with talking(tmp_path, max_parallel_calls=1) as talk:
        gate = asyncio.Event()
        talk.painter.will(gate)
        await talk.telegram.ann.say("a boat")
        await talk.telegram.wait_for(lambda: _draft(talk), 10, "no draft came")
        await talk.telegram.boris.say("a tree")
        await talk.telegram.wait_for(lambda: _draft(talk, "next in line"), 10, "no place was told")
        gate.set()
        assert (await talk.telegram.ann.answer()).has_picture
        assert (await talk.telegram.boris.answer()).has_picture
