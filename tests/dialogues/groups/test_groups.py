"""Several people and one bot: when and to whom it answers, and how the model learns who said what."""

from __future__ import annotations

import pytest

from tests.support.painter import number_of, plain
from tests.support.people import BORIS, CHEN, Chat
from tests.support.talking import Talk, both_ways

BOT = "@pentimento_bot"
BOT_ID = 7000000001


@pytest.fixture
async def group(talk: Talk) -> Chat:
    """Return a group of Ann, Boris and Chen that the bot has greeted."""
    made = await talk.telegram.group()
    await made.answer()
    return made


@both_ways
async def test_a_group_created_with_the_bot_is_greeted_once(talk: Talk) -> None:
    """Two updates announce it, in two queues of Telegram. One greeting says how to talk to the bot."""
    group = await talk.telegram.group()
    greeting = await group.answer()
    assert BOT in greeting.text
    assert "only replies to me and commands" in greeting.text
    await group.say(f"/edit{BOT} a boat")
    assert (await group.answer()).has_picture


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0, 0, 1), (1, 0, 1)])
async def test_the_news_of_a_group_may_come_in_any_order_and_twice(talk: Talk, order: tuple[int, ...]) -> None:
    await talk.stop()
    group = await talk.telegram.group()
    news = await talk.telegram.queue()
    assert [[*update][-1] for update in news] == ["my_chat_member", "message"]
    await talk.telegram.api("getUpdates", offset=news[-1]["update_id"] + 1, timeout=0)
    for which in order:
        await talk.telegram.update({kind: body for kind, body in news[which].items() if kind != "update_id"})
    await talk.start()
    assert BOT in (await group.answer()).text
    await group.say("/help")
    assert "How it works" in (await group.answer()).text


async def test_a_bot_added_later_greets_and_greets_again_after_it_was_removed(talk: Talk) -> None:
    group = await talk.telegram.group(bot=False)
    await group.add("bot")
    assert BOT in (await group.answer()).text
    await group.remove("bot")
    await group.add("bot")
    assert BOT in (await group.answer()).text


async def test_what_people_tell_each_other_is_none_of_its_business(talk: Talk) -> None:
    """Even where it reads everything: no answer, no call, no picture kept for later."""
    await talk.telegram.privacy(on=False)
    group = await talk.telegram.group()
    await group.answer()
    await group.say("shall we meet at eight?")
    await group.photo(plain(150), "my new boat")
    await group.say("/somebodys_command")
    await group.say(f"{BOT} a lighthouse")
    assert (await group.answer()).has_picture
    (call,) = talk.painter.calls
    assert (call.wish, call.all_pictures) == ("Ann: a lighthouse", [])


async def test_a_reply_to_the_bot_needs_no_command(talk: Talk, group: Chat) -> None:
    await group.say(f"/edit{BOT} a boat")
    first = await group.answer()
    await group.seen_by(BORIS).say("now red", reply_to=first)
    await group.answer()
    assert talk.painter.calls[1].roles == ["user", "model", "user"]
    assert [number_of(picture) for picture in talk.painter.calls[1].all_pictures] == [1]


async def test_answers_reply_to_the_request(talk: Talk, group: Chat) -> None:
    """So that everybody sees whose wish came true; in private there is no doubt and no quote."""
    sent = await group.seen_by(CHEN).say(f"/edit{BOT} a boat")
    assert (await group.answer()).reply_to == sent.id
    await talk.telegram.ann.say("a boat")
    assert (await talk.telegram.ann.answer()).reply_to is None


@both_ways
async def test_the_members_share_one_conversation_and_keep_their_names(talk: Talk, group: Chat) -> None:
    await group.say(f"/edit{BOT} a boat")
    await group.answer()
    await group.seen_by(BORIS).say(f"/edit{BOT} make it red")
    await group.answer()
    await group.seen_by(CHEN).say(f"/edit{BOT} add a gull")
    await group.answer()
    said = ["".join(part.get("text", "") for part in one["parts"]) for one in talk.painter.calls[2].contents[::2]]
    assert said == ["Ann: a boat", "Boris: make it red", "Chen: add a gull"]


async def test_a_group_and_a_private_chat_know_nothing_of_each_other(talk: Talk, group: Chat) -> None:
    await group.say(f"/edit{BOT} a boat")
    await group.answer()
    await talk.telegram.ann.say("now red")
    await talk.telegram.ann.answer()
    assert talk.painter.calls[1].roles == ["user"]


async def test_commands_work_with_and_without_the_bots_name(talk: Talk, group: Chat) -> None:
    for command in ("/help@pentimento_bot", "/HELP@Pentimento_Bot", "/help"):
        sent = await group.say(command)
        answer = await group.answer()
        assert "How it works" in answer.text
        assert answer.reply_to == sent.id


async def test_commands_of_other_bots_are_ignored(talk: Talk) -> None:
    """An admin gets them all."""
    group = await talk.telegram.group(bot_admin=True)
    await group.answer()
    await group.say("/new@other_bot")
    await group.say("/paint@other_bot a boat")
    await group.say("/help")
    assert "How it works" in (await group.answer()).text
    await group.silence()


async def test_an_unknown_command_gets_a_hint_where_it_was_meant_for_this_bot(talk: Talk, group: Chat) -> None:
    await group.say("/brighter")
    await group.say("/brighter@pentimento_bot")
    assert "/brighter" in (await group.answer()).text
    await talk.telegram.ann.say("/brighter")
    assert "/help" in (await talk.telegram.ann.answer()).text
    assert talk.painter.calls == []
    await group.silence()


@both_ways
async def test_topics_are_conversations_of_their_own(talk: Talk) -> None:
    forum = await talk.telegram.group(kind="supergroup", is_forum=True)
    await forum.answer()
    boats, gulls = await forum.open_topic("Boats"), await forum.open_topic("Gulls")
    await boats.say(f"/edit{BOT} a boat")
    await boats.answer()
    await gulls.say(f"/edit{BOT} a gull")
    await gulls.answer()
    await boats.say(f"/edit{BOT} now red")
    answer = await boats.answer()
    assert [call.wish for call in talk.painter.calls] == ["Ann: a boat", "Ann: a gull", "Ann: now red"]
    assert [len(call.contents) for call in talk.painter.calls] == [1, 1, 3]
    assert answer.body["message_thread_id"] == boats.topic


async def test_a_message_in_a_topic_is_no_reply_to_the_person_who_opened_it(talk: Talk) -> None:
    """Telegram shows every first message of a topic as a reply to the message that opened it."""
    forum = await talk.telegram.group(kind="supergroup", is_forum=True)
    await forum.answer()
    topic = await forum.open_topic("Boats")
    await topic.say("just talking")
    await topic.say(f"/edit{BOT} a boat")
    await topic.answer()
    assert [call.wish for call in talk.painter.calls] == ["Ann: a boat"]


async def test_a_group_takes_its_history_along_when_it_becomes_a_supergroup(talk: Talk, group: Chat) -> None:
    """Old message ids mean nothing there: the supergroup counts from 1 again."""
    await group.say(f"/edit{BOT} a boat")
    old = await group.answer()
    upgraded = await group.upgrade()
    await upgraded.say(f"/edit{BOT} now red")
    answer = await upgraded.answer()
    assert answer.has_picture
    assert talk.painter.calls[1].roles == ["user", "model", "user"]
    assert await talk.store.messages.find(group.id, old.id) is None
    await upgraded.silence()


@both_ways
async def test_a_turn_that_runs_while_the_group_moves_is_answered_in_the_supergroup(talk: Talk, group: Chat) -> None:
    gate = talk.painter.hold()
    await group.say(f"/edit{BOT} a boat")
    await talk.painter.called(1)
    upgraded = await group.upgrade()
    await upgraded.say(f"/help{BOT}")
    gate.set()
    painted, told = await upgraded.answers(2)
    assert painted.has_picture
    assert "How it works" in told.text
    assert len(talk.painter.calls) == 1
    await upgraded.say(f"/edit{BOT} now red")
    await upgraded.answer()
    assert talk.painter.calls[1].roles == ["user", "model", "user"]


async def test_a_bot_that_was_kicked_says_nothing_and_goes_on_elsewhere(talk: Talk, group: Chat) -> None:
    gate = talk.painter.hold()
    await group.say(f"/edit{BOT} a boat")
    await talk.painter.called(1)
    await group.remove("bot")
    gate.set()
    await talk.telegram.ann.say("a gull")
    assert (await talk.telegram.ann.answer()).has_picture
    await group.add("bot")
    assert BOT in (await group.answer()).text
    await group.say(f"/edit{BOT} now red")
    assert (await group.answer()).has_picture


async def test_a_person_who_blocked_the_bot_gets_the_paid_picture_after_coming_back(talk: Talk) -> None:
    """The picture that was being painted comes; what waited was not bought, and that is said once."""
    ann, gate = talk.telegram.ann, talk.painter.hold()
    await ann.say("a boat")
    await talk.painter.called(1)
    await ann.say("a cat")
    await ann.say("a dog")
    await ann.block()

    async def ended() -> bool | None:
        chat = await talk.store.chats.find(ann.id)
        return True if chat and chat.settings else None

    await talk.telegram.wait_for(ended, 10, "what waited was not ended")
    gate.set()
    await talk.telegram.boris.say("a gull")
    assert (await talk.telegram.boris.answer()).has_picture
    await ann.block(on=False)
    said, picture = await ann.answers(2)
    assert said.text.startswith("You blocked me while 2 of your messages were waiting. I did nothing about them.")
    assert picture.has_picture
    await ann.say("now red")
    assert (await ann.answer()).has_picture
    assert [call.wish for call in talk.painter.calls] == ["a boat", "a gull", "now red"]
    await ann.block()
    await ann.block(on=False)
    await ann.silence()


async def test_a_person_who_blocks_the_bot_while_nothing_waits_reads_nothing_about_it(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("a boat")
    await ann.answer()
    await ann.block()
    await ann.block(on=False)
    await ann.say("now red")
    assert (await ann.answer()).has_picture
