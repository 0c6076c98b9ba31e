"""/forget: what it asks, what it deletes, what it keeps, and what it says about it."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from sqlalchemy import ColumnElement, Table, select, true

from storage.records import Key
from storage.schema import conversations, inbox, media, messages, names, turns
from tests.support.forgetting import CONVERSATION, MINE, asked, forget
from tests.support.painter import number_of, plain
from tests.support.people import ANN, BORIS, CHEN, Chat
from tests.support.talking import Talk, in_files, talking

BOT = "@pentimento_bot"


def _stored(talk: Talk) -> bytes:
    """Return every byte that the bot keeps on disk."""
    root = Path(talk.settings["data_dir"])
    return b"".join(path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file())


@pytest.fixture
async def group(talk: Talk) -> Chat:
    """Return a group that Ann runs, greeted, in which the bot reads along."""
    await talk.telegram.privacy(on=False)
    await talk.restart()
    made = await talk.telegram.group(kind="supergroup")
    await made.answer()
    return made


@in_files
async def test_forgetting_a_conversation_leaves_no_byte_of_it(talk: Talk) -> None:
    """Words and pictures are gone from every file; a picture that somebody else sent, too, stays."""
    ann, boris = talk.telegram.ann, talk.telegram.boris
    await ann.document(plain(150), "a very secret wish")
    await ann.answer()
    await ann.document(plain(160), "shared")
    await ann.answer()
    await boris.document(plain(160), "shared")
    await boris.answer()
    await ann.photo(plain(170))
    await ann.answer()
    assert b"a very secret wish" in _stored(talk)
    assert plain(150) in _stored(talk)
    gone = await forget(ann, CONVERSATION)
    assert "Deleted: 2 wishes" in gone.text
    assert "1 more" in gone.text
    kept = _stored(talk)
    assert b"a very secret wish" not in kept
    assert plain(150) not in kept
    assert plain(160) in kept
    await talk.stop()
    assert b"a very secret wish" not in _stored(talk)
    await talk.start()
    await ann.say("a boat")
    await ann.answer()
    assert talk.painter.calls[-1].roles == ["user"]


@in_files
async def test_forgetting_a_person_empties_their_wishes_in_groups(talk: Talk, group: Chat) -> None:
    """The group's answers stay, the person's words and pictures go."""
    await group.seen_by(BORIS).photo(plain(150), f"{BOT} a very secret wish")
    await group.answer()
    await forget(talk.telegram.boris, MINE)
    assert b"a very secret wish" not in _stored(talk)
    await group.say(f"{BOT} now blue")
    await group.answer()
    assert [number_of(picture) for picture in talk.painter.calls[-1].all_pictures] == [1]


@in_files
async def test_forgetting_a_person_empties_the_wishes_of_others_that_are_their_words(talk: Talk, group: Chat) -> None:
    """A bare mention in reply to words makes them a wish, and so does passing them on to the bot."""
    ann = talk.telegram.ann
    words = await group.seen_by(BORIS).say("a very secret fox")
    await group.say(BOT, reply_to=words)
    await group.answer()
    await group.forward(words, ann)
    await ann.answer()
    assert [call.wish for call in talk.painter.calls] == ["Ann: a very secret fox", "a very secret fox"]
    await forget(talk.telegram.boris, MINE)
    assert b"a very secret fox" not in _stored(talk)
    await ann.say("now blue")
    assert (await ann.answer()).has_picture


async def test_only_admins_delete_what_belongs_to_a_group(group: Chat) -> None:
    """Ann created the group, Boris is a member."""
    await group.say(f"{BOT} a boat")
    await group.answer()
    await group.say(f"/forget{BOT}")
    question = await group.answer()
    await group.seen_by(BORIS).press(question, CONVERSATION)
    assert "Only admins" in (await group.answer()).text
    await group.press(question, CONVERSATION)
    question = await group.until(question, "Delete everything here for good: one wish and one picture?")
    await group.press(question, "Delete for good")
    assert "Deleted: 1 wish and 1 picture." in (await group.answer()).text


async def test_nothing_is_deleted_by_a_second_thought(talk: Talk) -> None:
    """Neither at the first question nor at the last; and the buttons are gone then."""
    ann = talk.telegram.ann
    await ann.say("a boat")
    await ann.answer()
    await ann.say("/forget")
    question = await ann.answer()
    assert "What you see in this chat stays until you delete it in Telegram" in question.text
    await ann.press(question, "Keep everything")
    assert "Nothing was deleted" in (await ann.answer()).text
    await ann.until(question, lambda now: not now.buttons)
    question = await asked(ann, MINE)
    await ann.press(question, "Keep everything")
    assert "Nothing was deleted" in (await ann.answer()).text
    await ann.until(question, lambda now: not now.buttons)
    await ann.say("now red")
    await ann.answer()
    assert talk.painter.calls[-1].roles == ["user", "model", "user"]


async def test_it_asks_once_more_with_the_count_and_the_buttons_go(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.document(plain(150), "warmer")
    await ann.answer()
    await ann.say("colder")
    await ann.answer()
    await ann.say("/new")
    await ann.answer()
    await ann.say("/forget")
    first = await ann.answer()
    assert "covers everything in this chat or topic, also what came before /new" in first.text
    await ann.press(first, CONVERSATION)
    question = await ann.until(first, "Delete everything here for good: 2 wishes and 3 pictures?")
    await ann.say("now red")
    assert (await ann.answer()).has_picture
    await ann.press(question, "Delete for good")
    assert (await ann.answer()).text == "Deleted: 3 wishes and 4 pictures."
    await ann.until(question, lambda now: not now.buttons)


async def test_what_the_chat_still_shows_comes_back_by_a_reply(talk: Talk) -> None:
    """As the question says: only the person can delete what Telegram has."""
    ann = talk.telegram.ann
    await ann.say("a boat")
    boat = await ann.answer()
    await forget(ann, CONVERSATION)
    await ann.say("warmer", reply_to=boat)
    await ann.answer()
    call = talk.painter.calls[-1]
    assert (call.roles, [number_of(picture) for picture in call.pictures]) == (["user"], [1])


async def test_the_buttons_go_when_the_time_is_over(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.chat.commands.forget.BUTTONS_FOR_S", 0.4)
    await talk.telegram.ann.say("/forget")
    question = await talk.telegram.ann.answer()
    assert question.buttons
    await talk.telegram.ann.until(question, lambda now: not now.buttons)


@pytest.mark.parametrize("what", ["forget-person", "forget-person-surely", "forget-conversation-surely"])
async def test_an_old_button_deletes_nothing(talk: Talk, what: str) -> None:
    """After a restart the bot does not remove old buttons, but they carry the time of the question."""
    ann = talk.telegram.ann
    await ann.say("a boat")
    await ann.answer()
    await ann.say("/forget")
    question = await ann.answer()
    await talk.restart()
    await ann.press_data(question, f"{what}:{time.time() - 601:.0f}/{ANN}")
    assert "more than ten minutes old" in (await ann.answer()).text
    await ann.until(question, lambda now: not now.buttons)
    for no_time in ("", f"nan/{ANN}", f"inf/{ANN}"):
        await ann.press_data(question, f"{what}:{no_time}")
        assert "more than ten minutes old" in (await ann.answer()).text
    await ann.say("now red")
    await ann.answer()
    assert talk.painter.calls[-1].roles == ["user", "model", "user"]


async def test_nobody_answers_for_somebody_else(talk: Talk, group: Chat) -> None:
    """Ann was asked. If Boris could press her button, it would delete his own data."""
    boris = group.seen_by(BORIS)
    await boris.say(f"{BOT} a boat")
    await group.answer()
    question = await asked(group, MINE)
    await boris.press(question, "Delete for good")
    assert "Only the person who was asked" in (await group.answer()).text
    await group.say("/again")
    await group.answer()
    assert talk.painter.calls[-1].wish == "Boris: a boat"


@in_files
async def test_a_call_that_runs_elsewhere_ends_and_leaves_nothing(talk: Talk, group: Chat) -> None:
    """Boris presses in a group while his private wish is painted; the provider answers all the same."""
    boris = talk.telegram.boris
    gate = talk.painter.hold()
    await boris.photo(plain(150), "my secret boat")
    await talk.painter.called(1)
    assert "Deleted" in (await forget(group.seen_by(BORIS), MINE)).text
    gate.set()
    await boris.silence(1.0)
    kept = _stored(talk)
    assert b"my secret boat" not in kept
    assert plain(1) not in kept
    assert list((Path(talk.settings["data_dir"]) / "media" / "answers").glob("*")) == []
    await boris.say("a gull")
    assert (await boris.answer()).has_picture
    assert talk.painter.calls[-1].roles == ["user"]


@in_files
async def test_an_answer_that_comes_at_that_moment_is_not_kept(talk: Talk, group: Chat) -> None:
    """It is on the disk already, but its picture cannot be stored yet, when its turn is forgotten."""
    boris = talk.telegram.boris
    gate = talk.painter.hold()
    await group.seen_by(BORIS).say(f"{BOT} my secret boat")
    await talk.painter.called(1)
    await forget(boris, MINE)
    gate.set()
    await group.silence(1.0)
    assert b"my secret boat" not in _stored(talk)
    assert plain(1) not in _stored(talk)
    await group.say(f"{BOT} a gull")
    assert (await group.answer()).has_picture


@in_files
async def test_pictures_that_wait_in_a_group_go_with_their_sender(talk: Talk, group: Chat) -> None:
    await group.seen_by(BORIS).photo(plain(150), BOT)
    await group.answer()
    await group.seen_by(CHEN).photo(plain(151), BOT)
    await group.answer()
    await forget(talk.telegram.boris, MINE)
    for person in (BORIS, CHEN):
        await group.seen_by(person).say(f"{BOT} make it warm")
        await group.answer()
    assert [[number_of(picture) for picture in call.pictures] for call in talk.painter.calls] == [[], [151]]


async def test_a_photo_under_a_name_goes_with_its_sender(talk: Talk, group: Chat) -> None:
    """Somebody gave it. A name for another person's answer stays."""
    boris = group.seen_by(BORIS)
    photo = await boris.photo(plain(150), f"{BOT} a hat for me")
    hat = await group.answer()
    await group.say("/save boris", reply_to=photo)
    await group.answer()
    await group.say("/save hat", reply_to=hat)
    await group.answer()
    await boris.say("/save mine", reply_to=hat)
    await group.answer()
    await forget(talk.telegram.boris, MINE)
    await group.say("/saved")
    assert (await group.answer()).text.startswith("Saved here: @hat. ")


@in_files
async def test_a_photo_that_somebody_else_used_goes_with_its_sender(talk: Talk, group: Chat) -> None:
    """Ann asked for a change of a photo that Boris had sent without a word to the bot; the bot fetched it for her."""
    photo = await group.seen_by(BORIS).document(plain(150))
    await group.say(f"{BOT} warmer", reply_to=photo)
    await group.answer()
    assert plain(150) in _stored(talk)
    await forget(talk.telegram.boris, MINE)
    assert plain(150) not in _stored(talk)
    await group.say(f"{BOT} colder")
    assert (await group.answer()).has_picture
    assert [number_of(picture) for picture in talk.painter.calls[-1].all_pictures] == [1]


@in_files
@pytest.mark.parametrize("comment", ["make it older", ""])
async def test_a_photo_that_somebody_else_passed_on_goes_with_its_sender(talk: Talk, comment: str) -> None:
    """With a wish, or still waiting for one. Words that are passed on go with their author as well."""
    harbour, boris = await talk.telegram.group("Harbour", bot=False), talk.telegram.boris
    photo = await harbour.document(plain(150))
    await harbour.seen_by(BORIS).pass_on([photo], boris, comment)
    await boris.answer()
    assert plain(150) in _stored(talk)
    await forget(talk.telegram.ann, MINE)
    assert plain(150) not in _stored(talk)
    await boris.say("warmer")
    assert (await boris.answer()).has_picture


async def test_what_is_forgotten_is_not_asked_for_again(talk: Talk, group: Chat) -> None:
    """There is nothing left to ask for; a call would be paid for all the same."""
    await group.seen_by(BORIS).say(f"{BOT} a very secret wish")
    answer = await group.answer()
    await forget(talk.telegram.boris, MINE)
    for button in ("Again", "Four versions"):
        await group.press(answer, button)
        assert "nothing left to repeat" in (await group.answer()).text
    await group.say("/again")
    assert "nothing left to repeat" in (await group.answer()).text
    assert len(talk.painter.calls) == 1


async def test_who_was_let_in_by_name_is_not_any_more(talk: Talk, group: Chat) -> None:
    said = await group.seen_by(BORIS).say("may I, too?")
    await group.say("/allow admins")
    await group.answer()
    await group.say("/allow", reply_to=said)
    assert "and: Boris." in (await group.answer()).text
    await group.seen_by(CHEN).say(f"{BOT} a gull")
    await group.answer()
    for person in (talk.telegram.boris, talk.telegram.chen):
        await forget(person, MINE)
    chat = await talk.store.chats.find(group.id)
    assert chat is not None
    assert chat.settings["allow"] == {"people": {}, "told": []}


async def test_what_waits_elsewhere_is_forgotten_too(talk: Talk, group: Chat) -> None:
    """A wish that waits in line when its author has everything forgotten is never painted."""
    gate = talk.painter.hold()
    await group.say(f"{BOT} a boat")
    await talk.painter.called(1)
    await group.seen_by(BORIS).say(f"{BOT} my secret boat")
    await talk.telegram.wait_for(lambda: _waits(talk, Key(group.id, 0)), 10, "the wish does not wait")
    await forget(talk.telegram.boris, MINE)
    gate.set()
    assert (await group.answer()).has_picture
    await group.say(f"{BOT} a gull")
    assert (await group.answer()).has_picture
    assert [call.wish for call in talk.painter.calls] == ["Ann: a boat", "Ann: a gull"]


async def _waits(talk: Talk, key: Key) -> bool | None:
    return bool(await talk.store.inbox.open_updates(key)) or None


@in_files
async def test_a_photo_that_is_being_fetched_is_not_kept(talk: Talk, group: Chat) -> None:
    boris = talk.telegram.boris
    await talk.telegram.fault("getFile", delay_s=1.5)
    await boris.photo(plain(150), "my secret boat")
    await talk.telegram.fault_met()
    await forget(group.seen_by(BORIS), MINE)
    await boris.silence(2.5)
    assert talk.painter.calls == []
    assert b"my secret boat" not in _stored(talk)
    async with talk.store.database.connect() as connection:
        for table in ("conversations", "turns", "messages"):
            of = "author_id" if table == "turns" else "chat_id"
            count = f"SELECT count(*) FROM {table} WHERE {of} = {BORIS}"  # noqa: S608 - our own names
            assert (await connection.exec_driver_sql(count)).scalar_one() == 0


@in_files
async def test_an_answer_that_is_being_sent_leaves_nothing(talk: Talk, group: Chat) -> None:
    boris = talk.telegram.boris
    await talk.telegram.fault("sendPhoto", delay_s=1.5)
    await boris.say("my secret boat")
    await talk.telegram.fault_met()
    await forget(group.seen_by(BORIS), MINE)
    await boris.answer()
    await boris.say("a gull")
    assert (await boris.answer()).has_picture
    assert plain(1) not in _stored(talk)
    findings = [finding.text for look in talk.store.audit.checks.values() async for finding in look()]
    assert findings == []


async def test_money_that_was_spent_stays_in_the_sum_of_all(tmp_path: Path) -> None:
    """The owner's sums stay right, but nobody can see any more whose wishes those were."""
    async with talking(tmp_path, owner_ids=str(CHEN)) as talk:
        ann, boris, chen = talk.telegram.ann, talk.telegram.boris, talk.telegram.chen
        group = await talk.telegram.group()
        await group.answer()
        for chat, wish in ((ann, "a boat"), (ann, "warmer"), (boris, "a gull"), (group, f"/edit{BOT} a hat")):
            await chat.say(wish)
            assert (await chat.answer()).has_picture
        await forget(ann, MINE)
        await chen.say("/usage")
        everybody = (await chen.answer()).text
        assert "Boris: 1 answered, 1 with a picture, about $0.04" in everybody
        assert "People whose data was deleted: 3 answered, 3 with a picture, about $0.12" in everybody
        assert "Ann" not in everybody
        await ann.say("/usage")
        assert "You have not asked me for anything yet" in (await ann.answer()).text


async def test_a_repeat_counts_for_the_person_who_pressed(talk: Talk, group: Chat) -> None:
    await group.say(f"{BOT} a boat")
    answer = await group.answer()
    await group.seen_by(BORIS).press(answer, "Four versions")
    await group.answers(5)
    assert await _spent(talk) == {"Ann": 1, "Boris": 4}
    await forget(talk.telegram.boris, MINE)
    assert await _spent(talk) == {"Ann": 1, "": 4}


async def _spent(talk: Talk) -> dict[str, int]:
    return {one.author_name: one.turns for one in await talk.store.usage.everybody()}


async def test_who_asked_for_a_repeat_may_press_its_buttons(talk: Talk, group: Chat) -> None:
    """With buttons kept for who asked: Boris stops what he began, and so may Ann, whose wish it is; Chen may not."""
    await group.say(f"{BOT} a boat")
    answer = await group.answer()
    boris, chen = group.seen_by(BORIS), group.seen_by(CHEN)
    await boris.press(answer, "Again")
    repeated = await group.answer()
    await group.say("/settings")
    menu = await group.answer()
    await group.press_data(menu, "set-buttons:author")
    await group.until(menu, lambda now: "Buttons: who asked" in now.buttons)
    await chen.press(repeated, "Again")
    assert "only for Ann" in (await group.answer()).text
    for person in (boris, group):
        await person.press(repeated, "Again")
        assert (await group.answer()).has_picture
    await boris.press(answer, "Four versions")
    assert "only for Ann" in (await group.answer()).text


@in_files
@pytest.mark.parametrize("again", [False, True])
async def test_a_correction_that_is_under_way_brings_nothing_back(tmp_path: Path, again: bool) -> None:
    """The edit has found its wish when that is forgotten. Neither the wish nor the conversation is written again."""
    async with talking(tmp_path, max_parallel_calls=1) as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        group = await talk.telegram.group(kind="supergroup")
        await group.answer()
        gate = talk.painter.hold()
        await boris.say("a boat")
        await talk.painter.called(1)
        wish = await ann.photo(plain(150), "a very secret hoose")
        await talk.in_line()
        question = await asked(group, MINE)
        await talk.telegram.fault("getFile", delay_s=0.5)
        await ann.edit(wish, "a very secret house")
        await talk.telegram.fault_met()
        await group.press(question, "Delete for good")
        assert "Deleted: your words" in (await group.answer()).text
        if again:
            await ann.edit(wish, "a houseboat")
        await ann.silence(for_s=0.8)
        gate.set()
        await boris.answer()
        await ann.silence()
        assert len(talk.painter.calls) == 1
        assert b"very secret" not in _stored(talk)


@in_files
@pytest.mark.parametrize("caption", ["/save hat", "/ratio 1:1", "a boat"])
async def test_a_photo_that_is_fetched_meanwhile_leaves_nothing(talk: Talk, group: Chat, caption: str) -> None:
    ann = talk.telegram.ann
    question = await asked(group, MINE)
    await talk.telegram.fault("getFile", delay_s=0.3)
    await ann.photo(plain(150), caption)
    await talk.telegram.fault_met()
    await group.press(question, "Delete for good")
    assert "Deleted: your words" in (await group.answer()).text
    await asyncio.sleep(0.5)
    left = {table.name: await _of(talk, table, table.c.chat_id == ANN) for table in (conversations, messages, inbox)}
    assert left == {"conversations": [], "messages": [], "inbox": []}
    assert [await _of(talk, table, true()) for table in (names, turns, media)] == [[], [], []]
    assert talk.painter.calls == []


async def _of(talk: Talk, table: Table, where: ColumnElement[bool]) -> list[str]:
    async with talk.store.database.connect() as connection:
        return [str(row) for row in await connection.execute(select(table).where(where))]
