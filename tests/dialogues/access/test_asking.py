"""ACCESS=ask: a stranger's first wish waits for an owner, who lets the person in, refuses or blocks."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from storage.guests.values import Standing
from storage.records import Author, Key
from tests.support.forgetting import MINE, forget
from tests.support.lending import asked, lent
from tests.support.people import ANN, BORIS, CHEN
from tests.support.pictures import picture
from tests.support.talking import Talk


async def test_a_stranger_is_let_in_and_the_first_wish_is_done(tmp_path: Path) -> None:
    async with lent(tmp_path, access="ask") as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        await ann.say("a boat")
        assert "I keep your wish" in (await ann.answer()).text
        question = await asked(boris)
        assert "Ann" in question.text
        assert str(ANN) in question.text
        assert "a boat" in question.text
        assert not talk.painter.calls
        await boris.press(question, "Admit")
        assert "let you in" in (await ann.answer()).text
        assert (await ann.answer()).has_picture
        await boris.until(question, "let in by Boris")
        assert (await boris.reload(question)).buttons == {}
        await ann.say("a gull")
        assert (await ann.answer()).has_picture
        await boris.silence()


async def test_an_owner_is_asked_in_the_language_of_the_settings_where_theirs_is_not_known(tmp_path: Path) -> None:
    async with lent(tmp_path, access="ask", language="ru") as talk:
        await talk.telegram.ann.say("a boat")
        question = await asked(talk.telegram.boris)
        assert question.text.startswith("Ann (1001) хочет мной пользоваться")
        await talk.telegram.boris.say("/language deutsch")
        await talk.telegram.boris.answer()
        await talk.telegram.boris.press(question, "✓")
        await talk.telegram.boris.until(question, "zugelassen von Boris")


async def test_an_album_waits_whole_and_nothing_of_it_is_fetched_before(tmp_path: Path) -> None:
    async with lent(tmp_path, access="ask") as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        sent = await ann.album([picture(), picture(colour="red")], "put one beside the other")
        await ann.answer()
        question = await asked(boris)
        await ann.edit(sent[0], "put one above the other")
        await ann.silence()
        assert not await talk.telegram.calls("getFile")
        await boris.press(question, "Admit")
        await ann.answer()
        assert (await ann.answer()).has_picture
        (call,) = talk.painter.calls
        assert "one above the other" in str(call.body)
        assert len(await talk.telegram.calls("getFile")) == 2


async def test_start_asks_and_the_wish_after_it_is_kept(tmp_path: Path) -> None:
    """Telegram's Start button comes before every first wish."""
    async with lent(tmp_path, access="ask") as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        await ann.say("/start")
        assert "first wish" in (await ann.answer()).text
        question = await asked(boris)
        assert question.text == f"Ann ({ANN}) would like to use me."
        await ann.say("a boat")
        assert "I keep your wish" in (await ann.answer()).text
        # The owner reads the wish where they were asked.
        question = await boris.until(question, "begins with: “a boat”")
        assert len(question.buttons) == 3
        await boris.silence()
        await boris.press(question, "Admit")
        assert "begin with your wish" in (await ann.answer()).text
        assert (await ann.answer()).has_picture
        assert len(talk.painter.calls) == 1


async def test_further_messages_get_one_sentence_and_ask_nobody_again(tmp_path: Path) -> None:
    async with lent(tmp_path, access="ask") as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        await ann.say("a boat")
        await ann.answer()
        question = await asked(boris)
        for wish in ("a gull", "/help", "a fox"):
            await ann.say(wish)
        assert "only your first wish" in (await ann.answer()).text
        await ann.silence()
        await boris.silence()
        await boris.press(question, "Admit")
        await ann.answer()
        assert (await ann.answer()).has_picture
        await ann.silence()
        assert len(talk.painter.calls) == 1


async def test_a_refusal_is_one_sentence_and_the_wish_goes(tmp_path: Path) -> None:
    async with lent(tmp_path, access="ask") as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        await ann.say("a boat")
        await ann.answer()
        question = await asked(boris)
        await boris.press(question, "Refuse")
        assert "decided against it" in (await ann.answer()).text
        await boris.until(question, "refused by Boris")
        await ann.say("a boat, please")
        await ann.silence()
        await boris.silence()
        assert not await talk.store.guests.kept(ANN)
        assert not talk.painter.calls
        await boris.say(f"/admit {ANN}")
        assert "let in by Boris" in (await boris.answer()).text
        assert "let you in" in (await ann.answer()).text
        await ann.say("a gull")
        assert (await ann.answer()).has_picture


async def test_a_slip_can_be_taken_back_where_it_was_made(tmp_path: Path) -> None:
    """Block is one tap beside Admit."""
    async with lent(tmp_path, access="ask", owners=(BORIS, CHEN)) as talk:
        ann, boris, chen = talk.telegram.ann, talk.telegram.boris, talk.telegram.chen
        await ann.say("a boat")
        await ann.answer()
        question, other = await asked(boris), await asked(chen)
        await boris.press(question, "Block")
        question = await boris.until(question, "blocked by Boris")
        assert [*question.buttons] == ["Unblock"]
        await boris.press(question, "Unblock")
        question = await boris.until(question, "let in by Boris")
        assert question.buttons == {}
        assert "let you in" in (await ann.answer()).text
        assert (await chen.until(other, "let in by Boris")).buttons == {}
        await ann.say("a gull")
        assert (await ann.answer()).has_picture


async def test_who_was_refused_by_mistake_is_let_in_by_the_same_card_or_the_list(tmp_path: Path) -> None:
    async with lent(tmp_path, access="ask") as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        await ann.say("a boat")
        await ann.answer()
        question = await asked(boris)
        await boris.press(question, "Refuse")
        question = await boris.until(question, "refused by Boris")
        assert [*question.buttons] == ["✓ Admit"]
        assert "decided against it" in (await ann.answer()).text
        await boris.say("/people")
        assert [*(await boris.answer()).buttons] == ["1. Ann: ✓ Admit", "1. Ann: 🚫 Block"]
        await boris.press(question, "Admit")
        assert "let you in" in (await ann.answer()).text
        await boris.until(question, "let in by Boris")


async def test_who_waits_may_choose_the_language_of_what_is_said(tmp_path: Path) -> None:
    async with lent(tmp_path, access="ask") as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        await ann.say("/language deutsch")
        assert "Deutsch" in str((await ann.answer()).buttons)
        await boris.silence()
        await ann.say("ein Boot")
        assert (await ann.answer()).text.startswith("Mein Besitzer entscheidet")
        question = await asked(boris)
        await ann.say("/language")
        page = await ann.answer()
        await ann.press(page, "Español")
        await ann.until(page, "Ajustes")
        await boris.press(question, "Admit")
        assert (await ann.answer()).text.startswith("Mi dueño te ha admitido")
        assert (await ann.answer()).has_picture


async def test_of_two_owners_the_first_decides_and_the_other_reads_who(tmp_path: Path) -> None:
    async with lent(tmp_path, access="ask", owners=(BORIS, CHEN)) as talk:
        ann, boris, chen = talk.telegram.ann, talk.telegram.boris, talk.telegram.chen
        await ann.say("a boat")
        await ann.answer()
        mine, other = await asked(boris), await asked(chen)
        block = next(data for text, data in other.buttons.items() if "Block" in text)
        await boris.press(mine, "Admit")
        await chen.until(other, "let in by Boris")
        # The press was on its way.
        await chen.press_data(other, block)
        assert (await ann.answer()).text
        assert (await ann.answer()).has_picture
        assert (await talk.store.guests.of(ANN))[ANN].standing is Standing.ADMITTED


async def test_a_group_waits_for_an_owner_and_is_greeted_when_it_is_let_in(tmp_path: Path) -> None:
    async with lent(tmp_path, access="ask") as talk:
        boris = talk.telegram.boris
        group = await talk.telegram.group(members=(CHEN,))
        assert "I have asked" in (await group.answer()).text
        question = await asked(boris)
        assert "Painters" in question.text
        assert str(group.id) in question.text
        await group.say("/edit@pentimento_bot a boat")
        assert "I keep your wish" in (await group.answer()).text
        await boris.press(question, "Admit")
        assert "I paint and edit pictures here" in (await group.answer()).text
        assert (await group.answer()).has_picture
        chen = group.seen_by(CHEN)
        await chen.say("/edit@pentimento_bot a gull")
        assert (await chen.answer()).has_picture
        assert not await talk.telegram.calls("leaveChat")


async def test_a_refused_group_is_left(tmp_path: Path) -> None:
    async with lent(tmp_path, access="ask") as talk:
        group = await talk.telegram.group(members=(CHEN,))
        await group.answer()
        await talk.telegram.boris.press(await asked(talk.telegram.boris), "Refuse")
        assert "other groups" in (await group.answer()).text
        assert await talk.telegram.wait_for(lambda: _left(talk), 20, "the bot stayed")


async def _left(talk: Talk) -> bool | None:
    return bool(await talk.telegram.calls("leaveChat")) or None


async def test_an_owner_brings_the_bot_along(tmp_path: Path) -> None:
    """Nobody need be asked whom an owner let in."""
    async with lent(tmp_path, access="ask") as talk:
        group = await talk.telegram.group(by=BORIS, members=(CHEN,))
        assert "I paint and edit pictures here" in (await group.answer()).text
        await group.seen_by(CHEN).say("/edit@pentimento_bot a boat")
        assert (await group.answer()).has_picture
        await talk.telegram.boris.silence()


async def test_a_supergroup_is_let_in_as_the_group_that_it_was(tmp_path: Path) -> None:
    async with lent(tmp_path, access="ask") as talk:
        group = await talk.telegram.group(members=(CHEN,))
        await group.answer()
        await talk.telegram.boris.press(await asked(talk.telegram.boris), "Admit")
        await group.answer()
        upgraded = await group.upgrade()
        await upgraded.say("/edit@pentimento_bot a boat")
        assert (await upgraded.answer()).has_picture
        await talk.telegram.boris.silence()


@pytest.mark.parametrize("when", ["before the decision", "after it"])
async def test_a_restart_between_asking_and_admitting_loses_nothing(tmp_path: Path, when: str) -> None:
    async with lent(tmp_path, access="ask") as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        await ann.photo(picture(), "make it warm")
        await ann.answer()
        question = await asked(boris)
        if when == "before the decision":
            await talk.restart()
            await boris.press(question, "Admit")
        else:
            # As if the process had died right behind its transaction.
            await talk.store.guests.decide(ANN, Standing.ADMITTED, Author(id=BORIS, name="Boris"))
            await talk.restart()
            await boris.press(question, "Admit")
        answers = [await ann.answer() for _ in range(2)]
        assert sorted(answer.has_picture for answer in answers) == [False, True]
        assert len(talk.painter.calls) == 1


async def test_a_kill_before_the_owner_was_asked_asks_after_it(tmp_path: Path) -> None:
    """The update stays in the inbox until every owner was asked."""
    async with lent(tmp_path, access="ask") as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        talk.stop_grace_s = 0
        await talk.telegram.fault("sendMessage", delay_s=30, chat_id=BORIS)
        await ann.say("a boat")
        await talk.telegram.fault_met()
        await talk.restart()
        question = await boris.answer()
        assert "a boat" in question.text
        assert "I keep your wish" in (await ann.answer()).text
        # It is said before it is stored, so that a kill in between repeats it.
        async with asyncio.timeout(10):
            while [row.key for row in await talk.store.guests.kept(ANN)] != [Key(ANN, 0)]:  # noqa: ASYNC110
                await asyncio.sleep(0.02)


async def test_an_owner_who_never_pressed_start_holds_nobody_up(tmp_path: Path) -> None:
    async with lent(tmp_path, access="ask", owners=(BORIS, CHEN)) as talk:
        await talk.telegram.fault("sendMessage", status=403, description="Forbidden: bot was blocked", chat_id=CHEN)
        await talk.telegram.ann.say("a boat")
        await talk.telegram.ann.answer()
        await talk.telegram.boris.press(await asked(talk.telegram.boris), "Admit")
        await talk.telegram.ann.answer()
        assert (await talk.telegram.ann.answer()).has_picture


async def test_whom_a_list_names_need_not_ask(tmp_path: Path) -> None:
    async with lent(tmp_path, access="ask", allowed_users={ANN}) as talk:
        await talk.telegram.ann.say("a boat")
        assert (await talk.telegram.ann.answer()).has_picture
        await talk.telegram.boris.say("a boat")
        assert (await talk.telegram.boris.answer()).has_picture
        await talk.telegram.chen.say("a boat")
        assert "I have asked" in (await talk.telegram.chen.answer()).text


async def test_who_waits_may_read_what_is_kept_and_delete_it(tmp_path: Path) -> None:
    async with lent(tmp_path, access="ask") as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        await ann.say("a boat with my secret name")
        await ann.answer()
        question = await asked(boris)
        await ann.say("/privacy")
        assert "the first wish until then" in (await ann.answer()).text
        assert "Deleted" in (await forget(ann, MINE)).text
        assert not await talk.store.guests.kept(ANN)
        guest = (await talk.store.guests.of(ANN))[ANN]
        assert (guest.name, guest.standing) == ("", Standing.ASKED)
        await boris.press(question, "Admit")
        assert "What shall I paint?" in (await ann.answer()).text
        assert not talk.painter.calls


async def test_in_a_group_it_is_the_group_that_waits(tmp_path: Path) -> None:
    """Ann herself was let in before."""
    async with lent(tmp_path, access="ask", allowed_users={ANN}) as talk:
        group = await talk.telegram.group()
        await group.answer()
        await group.say("/edit@pentimento_bot a boat")
        said = (await group.answer()).words
        assert said.startswith("My owner decides in which groups I work")
        assert said.endswith("begin as soon as this group is let in.")
