"""/people, /admit, /block and /unblock: for owners, in private, at once in all processes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.texts import languages
from storage.guests.values import Standing
from tests.support.lending import lent
from tests.support.people import ANN, BORIS, CHEN
from tests.support.pictures import picture
from tests.support.talking import Talk, talking

FOR_OWNERS = {"people", "admit", "block", "unblock"}
IN_MENU = {*FOR_OWNERS, "limit"}


async def standing(talk: Talk, guest_id: int) -> Standing | None:
    guest = (await talk.store.guests.of(guest_id)).get(guest_id)
    return guest.standing if guest else None


async def test_a_blocked_person_hears_it_once_and_then_nothing(tmp_path: Path) -> None:
    async with lent(tmp_path) as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        await ann.say("a boat")
        await ann.answer()
        await boris.say(f"/block {ANN}")
        assert (await boris.answer()).text == f"🚫 Ann ({ANN}): blocked by Boris."
        await ann.photo(picture(), "make it warm")
        assert "blocked you" in (await ann.answer()).text
        for said in ("please", "/help", "/usage"):
            await ann.say(said)
        await ann.silence()
        assert len(talk.painter.calls) == 1
        assert not await talk.telegram.calls("getFile")
        await boris.say(f"/unblock {ANN}")
        assert "let in by Boris" in (await boris.answer()).text
        assert "let you in" in (await ann.answer()).text
        await ann.say("a gull")
        assert (await ann.answer()).has_picture
        await boris.say(f"/unblock {ANN}")
        assert "is not blocked" in (await boris.answer()).text


async def test_a_block_stops_what_runs_and_what_waits_and_nobody_else(tmp_path: Path) -> None:
    async with lent(tmp_path) as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        group = await talk.telegram.group(members=(CHEN,))
        await group.answer()
        chen = group.seen_by(CHEN)
        holds = [talk.painter.hold() for _ in range(2)]
        await ann.say("a boat")
        await ann.say("a gull")
        await group.say("/edit@pentimento_bot a fox")
        await talk.painter.called(2)
        await chen.say("/edit@pentimento_bot a lighthouse")
        await boris.say(f"/block {ANN}")
        await boris.answer()
        await talk.painter.called(3)
        for hold in holds:
            hold.set()
        assert (await group.answer()).has_picture
        # Of what waits, the first brings the one sentence.
        assert "blocked you" in (await ann.answer()).text
        await ann.silence()
        await group.silence()
        assert len(talk.painter.calls) == 3


async def test_a_wish_whose_photo_is_fetched_while_its_author_is_blocked_is_not_painted(tmp_path: Path) -> None:
    async with lent(tmp_path) as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        await ann.say("a boat")
        await ann.answer()
        await talk.telegram.fault("getFile", delay_s=2.0)
        await ann.photo(picture(), "make it warm")
        await talk.telegram.fault_met()
        await boris.say(f"/block {ANN}")
        assert "blocked by Boris" in (await boris.answer()).text
        await ann.silence(3.0)
        assert len(talk.painter.calls) == 1


async def test_late_pictures_of_a_blocked_person_are_not_fetched(tmp_path: Path) -> None:
    async with lent(tmp_path) as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        await ann.album([picture(), picture(colour="red")], "side by side", stagger_s=3.0)
        assert (await ann.answer()).has_picture
        fetched = len(await talk.telegram.calls("getFile"))
        await boris.say(f"/block {ANN}")
        await boris.answer()
        assert "blocked you" in (await ann.answer()).text
        assert len(await talk.telegram.calls("getFile")) == fetched


async def test_of_a_hidden_author_the_number_is_not_known(tmp_path: Path) -> None:
    async with lent(tmp_path) as talk:
        boris = talk.telegram.boris
        origin = {"type": "hidden_user", "sender_user_name": "Somebody", "date": 1}
        me = {"id": BORIS, "is_bot": False, "first_name": "Boris", "language_code": "en"}
        chat = {"id": BORIS, "type": "private", "first_name": "Boris"}
        base = {"date": 1, "chat": chat, "from": me}
        told = {**base, "message_id": 900, "text": "hello", "forward_origin": origin}
        entities = [{"type": "bot_command", "offset": 0, "length": 6}]
        message = {**base, "message_id": 901, "text": "/block", "entities": entities, "reply_to_message": told}
        await talk.telegram.update({"message": message})
        assert "hides the number" in (await boris.answer()).text
        origin = {"type": "user", "sender_user": {"id": ANN, "is_bot": False, "first_name": "Ann"}, "date": 1}
        told = {**told, "forward_origin": origin}
        await talk.telegram.update({"message": {**message, "message_id": 902, "reply_to_message": told}})
        assert f"Ann ({ANN}): blocked" in (await boris.answer()).text


async def test_a_number_without_a_name_is_said_to_be_one(tmp_path: Path) -> None:
    """Who mistypes a number notices it."""
    async with lent(tmp_path) as talk:
        boris = talk.telegram.boris
        for command, done in (("block", "🚫 Blocked"), ("admit", "✓ Let in")):
            await boris.say(f"/{command} 777")
            assert (await boris.answer()).text == f"I know no name for 777. {done} all the same by Boris."


async def test_a_number_is_needed_and_owners_are_safe(tmp_path: Path) -> None:
    async with lent(tmp_path, owners=(BORIS, CHEN)) as talk:
        boris = talk.telegram.boris
        for said in ("/block", "/block Ann", "/admit 0", f"/block {'9' * 30}"):
            await boris.say(said)
            assert "and a number" in (await boris.answer()).text
        for owner in (BORIS, CHEN):
            await boris.say(f"/block {owner}")
            assert "cannot be blocked" in (await boris.answer()).text
            assert await standing(talk, owner) is None


async def test_for_others_the_commands_are_unknown_and_their_buttons_do_nothing(tmp_path: Path) -> None:
    async with lent(tmp_path) as talk:
        ann = talk.telegram.ann
        for name in sorted(FOR_OWNERS):
            await ann.say(f"/{name} {BORIS}")
            assert (await ann.answer()).text == f"I don’t know /{name}. /help shows what I can do."
        await ann.say("a boat")
        answer = await ann.answer()
        for data in (
            f"admit:{ANN}/",
            f"block:{CHEN}/0",
            f"unblock:{CHEN}/0",
            "people:/0",
            "refuse:x/y",
            f"block:{CHEN}",
        ):
            await ann.press_data(answer, data)
        await ann.silence()
        assert await talk.store.guests.of(ANN, BORIS, CHEN) == {}
        group = await talk.telegram.group(members=(BORIS,))
        await group.answer()
        owner = group.seen_by(BORIS)
        await owner.say(f"/block@pentimento_bot {ANN}")
        assert "I don’t know /block" in (await owner.answer()).text


async def test_forged_buttons_of_an_owner_do_no_harm(tmp_path: Path) -> None:
    async with lent(tmp_path) as talk:
        boris = talk.telegram.boris
        await boris.say("/people")
        shown = await boris.answer()
        for data in ("admit:/", f"block:{BORIS}/0", f"block:{BORIS}/", f"admit:{ANN}/", "people:/-7", "block:--1/0"):
            await boris.press_data(shown, data)
        await boris.silence()
        assert await talk.store.guests.of(ANN, BORIS) == {}


async def test_people_shows_who_spent_what_with_a_button_each(tmp_path: Path) -> None:
    async with lent(tmp_path) as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        await boris.say("/people")
        nobody = await boris.answer()
        assert "nobody here" in nobody.text
        await ann.say("a boat")
        await ann.answer()
        await boris.say("/people")
        shown = await boris.answer()
        assert f"1. Ann ({ANN})" in shown.text
        assert "today 1 🖼 $0." in shown.text
        await boris.say(f"/limit {ANN} 9/day")
        await boris.answer()
        assert [*shown.buttons] == ["1. Ann: 🚫 Block"]
        await boris.press(shown, "Block")
        shown = await boris.until(shown, "🚫 blocked")
        assert f"1. Ann ({ANN}) · 🚫 blocked · limit 9/day" in shown.text
        assert [*shown.buttons] == ["1. Ann: Unblock"]
        await boris.press(shown, "Unblock")
        shown = await boris.until(shown, "✓ let in")
        assert await standing(talk, ANN) is Standing.ADMITTED
        await ann.answer()


async def test_people_turns_pages_and_names_who_waits(tmp_path: Path) -> None:
    async with lent(tmp_path, access="ask") as talk:
        boris = talk.telegram.boris
        for number in range(9):
            await talk.store.guests.ask(5000 + number, f"Guest {number}", "en")
        await boris.say("/people")
        first = await boris.answer()
        assert first.text.count("waits for you") == 8
        assert len(first.buttons) == 2 * 8 + 1
        await boris.press(first, "→")
        second = await boris.until(first, "9. Guest 0")
        assert [*second.buttons] == ["9. Guest 0: ✓ Admit", "9. Guest 0: 🚫 Block", "←"]
        await boris.press(second, "Admit")
        # Nobody changes places by a decision.
        second = await boris.until(second, "✓ let in")
        assert [*second.buttons] == ["9. Guest 0: 🚫 Block", "←"]


async def test_a_group_is_blocked_by_its_number(tmp_path: Path) -> None:
    async with lent(tmp_path) as talk:
        boris = talk.telegram.boris
        group = await talk.telegram.group(members=(CHEN,))
        await group.answer()
        await boris.say(f"/block {group.id}")
        assert "blocked by Boris" in (await boris.answer()).text
        assert "other groups" in (await group.answer()).text

        async def left() -> bool | None:
            return bool(await talk.telegram.calls("leaveChat")) or None

        await talk.telegram.wait_for(left, 20, "the bot stayed")


async def test_who_is_forgotten_stays_blocked(tmp_path: Path) -> None:
    async with lent(tmp_path) as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        await ann.say("a boat")
        await ann.answer()
        await boris.say(f"/block {ANN}")
        await boris.answer()
        await talk.store.forgetting.person(ANN)
        await boris.say("/people")
        assert f"1. {ANN} ({ANN}) · 🚫 blocked" in (await boris.answer()).text
        await ann.say("a gull")
        assert "blocked you" in (await ann.answer()).text
        await ann.say("a gull")
        await ann.silence()


async def test_only_owners_have_the_commands_in_their_menu(tmp_path: Path) -> None:
    async with lent(tmp_path) as talk:

        async def shown() -> bool | None:
            out = len(await talk.telegram.calls("setMyCommands")) == len(languages())
            return (out and await _menu(talk, BORIS) >= IN_MENU) or None

        await talk.telegram.wait_for(shown, 20, "the owner has no menu")
        assert not await _menu(talk, ANN) & IN_MENU
        await talk.telegram.boris.say("/help all")
        assert "/people · " in (await talk.telegram.boris.answer()).text
        await talk.telegram.ann.say("/help all")
        assert "/people" not in (await talk.telegram.ann.answer()).text
        talk.settings["owner_ids"] = {ANN}
        await talk.restart()

        async def taken_away() -> bool | None:
            calls = await talk.telegram.calls("deleteMyCommands")
            return True if len(calls) == len(languages()) else None

        await talk.telegram.wait_for(taken_away, 20, "a former owner kept the menu")
        assert not await _menu(talk, BORIS) & IN_MENU


async def _menu(talk: Talk, person_id: int) -> set[str]:
    return {one["command"] for one in (await talk.telegram.state(person_id))["commands"]["private"]}


async def test_in_a_listed_bot_an_owner_lets_somebody_in_without_a_restart(tmp_path: Path) -> None:
    async with lent(tmp_path, allowed_users={CHEN}) as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        await ann.say("a boat")
        assert str(ANN) in (await ann.answer()).text
        await boris.say(f"/admit {ANN}")
        await boris.answer()
        assert "let you in" in (await ann.answer()).text
        await talk.restart()
        await ann.say("a boat")
        assert (await ann.answer()).has_picture
        await talk.telegram.chen.say("a gull")
        assert (await talk.telegram.chen.answer()).has_picture


async def test_a_bot_with_the_mode_listed_and_no_list_serves_its_owners_alone(tmp_path: Path) -> None:
    async with talking(tmp_path, access="listed", owner_ids={BORIS}) as talk:
        await talk.telegram.ann.say("a boat")
        assert str(ANN) in (await talk.telegram.ann.answer()).text
        await talk.telegram.boris.say("a boat")
        assert (await talk.telegram.boris.answer()).has_picture


async def test_a_reply_to_a_forwarded_message_names_its_author(tmp_path: Path) -> None:
    async with lent(tmp_path) as talk:
        boris = talk.telegram.boris
        group = await talk.telegram.group(members=(BORIS,))
        await group.answer()
        said = await group.say("buy my pills")
        forwarded = await group.seen_by(BORIS).forward(said, boris)
        await boris.answer()
        await boris.say("/block", reply_to=forwarded)
        assert f"Ann ({ANN}): blocked by Boris" in (await boris.answer()).text
        assert await standing(talk, ANN) is Standing.BLOCKED


async def test_the_menu_of_an_owner_whom_telegram_does_not_know_yet_keeps_no_other_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """telegram-bot-api, Client.cpp, check_bot_command_scope: the chat of a scope must be known to the bot."""
    monkeypatch.setattr("bot.chat.commands.menus.AGAIN_S", 0.3)
    async with lent(tmp_path, owners=(BORIS, CHEN)) as talk:
        bot_id = talk.running.me.id

        async def all_out() -> bool | None:
            names = set((await talk.store.menus.published(bot_id)).menus)
            return True if sum(name.startswith("owner ") for name in names) == 2 * len(languages()) else None

        await talk.telegram.wait_for(all_out, 20, "the menus of owners did not come")
        note = await talk.store.menus.published(bot_id)
        others = {name: digest for name, digest in note.menus.items() if not name.startswith("owner ")}
        await talk.stop()
        refused = {"status": 400, "description": "Bad Request: chat not found", "times": len(languages())}
        await talk.telegram.fault("setMyCommands", **refused)
        await talk.start()
        assert await talk.store.menus.compare_and_set(
            bot_id, await talk.store.menus.published(bot_id), replace(note, menus=others)
        )
        begun = len(await talk.telegram.calls("setMyCommands"))
        await talk.telegram.wait_for(all_out, 20, "the menus of owners did not come")
        calls = [call["params"]["scope"] for call in (await talk.telegram.calls("setMyCommands"))[begun:]]
        assert [str(BORIS) in str(scope) for scope in calls] == [True] * 6 + [False] * 6 + [True] * 6


@pytest.mark.parametrize("written", ["+1001", "1_001"])
async def test_what_is_no_number_of_telegram_blocks_nobody(tmp_path: Path, written: str) -> None:
    """As a phone number, or a number with a slip in it."""
    async with lent(tmp_path) as talk:
        boris = talk.telegram.boris
        await boris.say(f"/block {written}")
        await boris.answer()
        assert await talk.store.guests.of(ANN) == {}
