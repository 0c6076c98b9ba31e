"""Nothing that a person sends in private is met with silence, of whatever kind it is.

``tests/sandbox/botapi/test_declared.py`` compares the lists with all fields of a message that the Bot API has.
"""

from __future__ import annotations

from typing import Any

import pytest

from bot.chat.updates.kinds import BESIDE, EVENTS
from tests.support.sent import SENT
from tests.support.talking import Talk


@pytest.mark.parametrize("field", sorted(SENT))
async def test_what_a_person_sends_is_answered(talk: Talk, field: str) -> None:
    ann = talk.telegram.ann
    await ann.say("", extra=SENT[field])
    assert (await ann.answer()).words or field in ("photo", "text")


@pytest.mark.parametrize("body", [{"hologram": {"file_id": "1"}}, {"hologram": {}, "caption": ""}, {"smell": "roses"}])
async def test_a_kind_that_nobody_knows_yet_is_answered_too(talk: Talk, body: dict[str, Any]) -> None:
    ann = talk.telegram.ann
    await ann.say("", extra=body)
    assert (await ann.answer()).text == "I can’t use that kind of message. Send me words or a photo."
    assert talk.painter.calls == []


async def test_events_of_the_chat_are_no_messages_to_answer(talk: Talk) -> None:
    ann = talk.telegram.ann
    for body in ({"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}}, {"boost_added": {}}):
        await ann.say("", extra=body)
    await ann.silence()


async def test_in_a_group_an_unknown_kind_is_nobodys_business(talk: Talk) -> None:
    group = await talk.telegram.group(kind="supergroup", bot_admin=True)
    await group.answer()
    await group.say("", extra={"hologram": {"file_id": "1"}})
    await group.silence()


def test_each_field_is_in_one_list() -> None:
    assert BESIDE.isdisjoint(EVENTS)
    assert SENT.keys().isdisjoint(BESIDE | EVENTS)
