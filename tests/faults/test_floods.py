"""One person's flood does not slow down anybody else, and ends with one sentence."""

from __future__ import annotations

import itertools
import time

from storage.records import Key
from tests.support.painter import number_of, plain
from tests.support.people import BORIS
from tests.support.talking import Talk

Json = dict[str, object]
PEOPLE, COMMANDS, A_CALL = 30, 70, 100
"""Together more updates than conversations may wait."""
numbers = itertools.count(500_000_000)


def command(chat_id: int, words: str = "/help") -> Json:
    """Return a command as Telegram delivers it."""
    number = next(numbers)
    person = {"id": chat_id, "is_bot": False, "first_name": "Person", "language_code": "en"}
    entity = {"type": "bot_command", "offset": 0, "length": len(words)}
    message = {
        "message_id": number,
        "date": int(time.time()),
        "chat": {"id": chat_id, "type": "private", "first_name": "Person"},
        "from": person,
        "text": words,
        "entities": [entity],
    }
    return {"update_id": number, "message": message}


async def test_thirty_people_who_send_commands_while_they_wait_stop_nobody(talk: Talk) -> None:
    """Each command waits for the picture before it. Their total must not close the bot for everybody."""
    people = [await talk.telegram.newcomer(f"Person {number}") for number in range(PEOPLE)]
    talk.settings["max_parallel_calls"] = PEOPLE
    await talk.restart()
    gates = [talk.painter.hold() for _ in people]
    for person in people:
        await person.say("a boat")
    await talk.painter.called(PEOPLE, timeout_s=60)
    flood = [command(person.id) for _ in range(COMMANDS) for person in people]
    for start in range(0, len(flood), A_CALL):
        await talk.running.receiver.take(flood[start : start + A_CALL])
    assert not await talk.running.receiver.full()
    began = time.monotonic()
    await talk.telegram.ann.say("/help")
    assert "How it works" in (await talk.telegram.ann.answer()).text
    print(f"answered after {time.monotonic() - began:.2f} s, {await talk.store.inbox.count_open()} updates wait")
    for person in people:
        assert "I skipped" in (await person.answer()).text
        await person.silence(0)
    for gate in gates:
        gate.set()
    assert len([said for said in await people[0].answers(21, 90) if "How it works" in said.text]) == 20


async def test_what_people_say_to_each_other_does_not_wait_behind_a_picture(talk: Talk) -> None:
    """A bot that reads everything gets these messages, too. They are no flood."""
    await talk.telegram.privacy(on=False)
    await talk.restart()
    group = await talk.telegram.group()
    await group.answer()
    gate = talk.painter.hold()
    await group.say("@pentimento_bot a boat")
    await talk.painter.called(1)
    for number in range(30):
        await group.seen_by(BORIS).say(f"we talk {number}")
    await group.say("@pentimento_bot now red")
    gate.set()
    answers = await group.answers(2)
    assert all(answer.has_picture for answer in answers)
    assert await talk.store.inbox.open_updates(Key(group.id, 0)) == []


async def test_a_wish_is_turned_away_whole_or_not_at_all(talk: Talk) -> None:
    """Five may wait. The last one that has room came in two messages, since the client cut it."""
    ann = talk.telegram.ann
    gate = talk.painter.hold()
    await ann.say("wish 0")
    await talk.painter.called(1)
    for number in range(1, 5):
        await ann.say(f"wish {number}")
    words = " ".join(f"house number {number} in red brick," for number in range(180))
    await ann.say(words)
    await ann.silence()
    gate.set()
    assert all(one.has_picture for one in await ann.answers(6))
    assert talk.painter.calls[-1].wish == words


async def test_what_is_passed_on_with_a_wish_is_not_lost_among_what_others_say(talk: Talk) -> None:
    """In a group only the comment mentions the bot; the picture after it means nothing to the bot by itself."""
    await talk.telegram.privacy(on=False)
    await talk.restart()
    group = await talk.telegram.group(kind="supergroup")
    await group.answer()
    harbour = await talk.telegram.group("Harbour", bot=False)
    photo = await harbour.photo(plain(150))
    gate = talk.painter.hold()
    await group.say("@pentimento_bot a boat")
    await talk.painter.called(1)
    await harbour.pass_on([photo], group, "@pentimento_bot make it red")
    for number in range(8):
        await group.seen_by(BORIS).say(f"lovely weather {number}")
    await group.silence()
    gate.set()
    await group.answers(2)
    assert [number_of(picture) for picture in talk.painter.calls[1].pictures] == [150]
