"""Limits, admission and blocks hold for wishes from chats where the bot is no member, as everywhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.texts import languages, say
from storage.books.values import Amounts, Scope
from tests.dialogues.limits.test_limits import noon
from tests.support.buying import PACKS, bought, faults
from tests.support.calling import BOT, placeholder, shown, strangers
from tests.support.forgetting import MINE, forget
from tests.support.lending import asked, lent
from tests.support.painter import number_of, plain
from tests.support.people import ANN, BORIS, Chat, Message
from tests.support.talking import Talk, talking


@asynccontextmanager
async def limited(tmp_path: Path, **settings: Any) -> AsyncIterator[Talk]:
    """Start a bot that can be called as a guest and by inline queries, and has written to Ann; prove its books."""
    async with talking(tmp_path, limit_timezone=noon(), **settings) as talk:
        await talk.telegram.modes(guests=True, inline=True, feedback=True)
        await talk.restart()
        await talk.telegram.ann.say("/start")
        await talk.telegram.ann.answer()
        yield talk
        assert await faults(talk) == []


@asynccontextmanager
async def asking(tmp_path: Path) -> AsyncIterator[Talk]:
    """Start such a bot with ACCESS=ask, whose owner is Boris."""
    async with lent(tmp_path, access="ask") as talk:
        await talk.telegram.modes(guests=True, inline=True, feedback=True)
        await talk.restart()
        # From then on it asks for such updates.
        await talk.telegram.boris.say("/help")
        await talk.telegram.boris.answer()
        yield talk


async def used(talk: Talk, scope: Scope = Scope.PERSON, subject: int = ANN) -> Amounts:
    return (await talk.store.books.sums(scope, [subject])).get(subject, Amounts())


async def call(group: Chat, words: str, **more: Any) -> Message:
    """Call the bot; return its placeholder."""
    await group.say(f"{BOT} {words}", **more)
    return await placeholder(group)


async def test_a_wish_there_is_held_and_settled_for_the_person_who_asked(tmp_path: Path) -> None:
    async with limited(tmp_path, limit_person="5/day", limit_group="0/day") as talk:
        group = await strangers(talk)
        release = talk.painter.hold()
        first = await call(group, "a lighthouse")
        await talk.painter.called(1)
        assert (await used(talk)).held_pictures == 1
        release.set()
        await shown(group, first)
        spent = await used(talk)
        assert (spent.held_pictures, spent.pictures) == (0, 1)
        assert spent.micro_usd > 0
        # The foreign chat pays nothing, and its limit does not count: the bot does not even work there.
        assert await used(talk, Scope.GROUP, group.id) == Amounts()
        assert await used(talk, subject=BORIS) == Amounts()


async def test_a_failed_wish_there_gives_its_place_back(tmp_path: Path) -> None:
    async with limited(tmp_path, limit_person="1/day") as talk:
        group = await strangers(talk)
        talk.painter.will((400, {"error": {"code": 400, "message": "no", "status": "INVALID_ARGUMENT"}}))
        first = await call(group, "a lighthouse")
        message = await group.until(first, lambda found: found.text != first.text)
        assert (await used(talk)).pictures == 0
        await group.press(message, "Again")
        assert (await shown(group, first)).has_picture
        assert (await used(talk)).pictures == 1


async def test_over_the_limit_the_placeholder_says_so_and_the_wish_is_kept(tmp_path: Path) -> None:
    async with limited(tmp_path, limit_person="1/day") as talk:
        ann, group = talk.telegram.ann, await strangers(talk)
        await shown(group, await call(group, "a lighthouse"))
        # What is left for her is nobody's business there.
        assert "That was the last one for today" in (await ann.answer()).text
        photo = await group.seen_by(BORIS).photo(plain(7))
        first = await call(group, "make it red", reply_to=photo)
        over = await group.until(first, "Your pictures for today are used up; 1 more from midnight")
        assert [*over.buttons] == ["Try again", "Go on in private"]
        assert len(talk.painter.calls) == 1
        # The next day, as it were.
        await talk.stop()
        talk.settings["limit_person"] = "2/day"
        await talk.start()
        await group.press(over, "Try again")
        assert (await shown(group, first)).has_picture
        assert [number_of(one) for one in talk.painter.calls[1].all_pictures] == [7]


async def test_an_inline_wish_over_the_limit_ends_in_words_too(tmp_path: Path) -> None:
    async with limited(tmp_path, limit_person="0/day") as talk:
        group = await strangers(talk)
        query_id = await group.type("a tower")
        (first, *_) = (await group.offered(query_id))["results"]
        message = await group.choose(query_id, first["id"])
        await group.until(message, "At present I have no pictures to give here")
        assert talk.painter.calls == []


async def test_pictures_are_bought_in_the_private_chat_and_used_there(tmp_path: Path) -> None:
    async with limited(tmp_path, limit_person="0/day", stars_packs=PACKS) as talk:
        ann, group = talk.telegram.ann, await strangers(talk)
        first = await call(group, "a lighthouse")
        over = await group.until(first, "There are no free pictures here, but I sell some")
        assert [*over.buttons] == ["Try again", "⭐ Buy pictures", "Go on in private"]
        assert over.buttons["⭐ Buy pictures"] == "https://t.me/pentimento_bot?start=buy"
        await ann.say("/start buy")
        assert [*(await ann.answer()).buttons] == ["2 pictures for ⭐ 10", "20 pictures for ⭐ 90"]
        await bought(talk, ann)
        await group.press(over, "Try again")
        message = await shown(group, first)
        # How many are left concerns her alone.
        assert "left" not in message.words
        assert "one" in (await ann.answer()).text
        assert (await used(talk)).credits == 1


async def test_a_bought_picture_is_finished_there_before_its_payer_is_forgotten(tmp_path: Path) -> None:
    async with limited(tmp_path, limit_person="0/day", stars_packs=PACKS) as talk:
        ann, group = talk.telegram.ann, await strangers(talk)
        await bought(talk, ann)
        release = talk.painter.hold()
        first = await call(group, "a lighthouse")
        await talk.painter.called(1)
        assert "I am still painting a picture that you bought" in (await forget(ann, MINE)).text
        assert (await group.reload(first)).text == "On it…"
        release.set()
        assert (await shown(group, first)).has_picture


async def test_a_stranger_there_is_let_in_and_the_wish_is_done_there(tmp_path: Path) -> None:
    async with asking(tmp_path) as talk:
        boris, group = talk.telegram.boris, await strangers(talk)
        photo = await group.seen_by(BORIS).photo(plain(7))
        first = await call(group, "make it red", reply_to=photo)
        await group.until(first, "I keep your wish and begin as soon as you are let in")
        question = await asked(boris)
        assert "make it red" in question.text
        assert str(ANN) in question.text
        second = await call(group, "a tower")
        await group.until(second, "I keep only your first wish")
        assert not await talk.telegram.calls("getFile")
        release = talk.painter.hold()
        await boris.press(question, "Admit")
        await group.until(first, "On it…")
        await talk.painter.called(1)
        release.set()
        await group.until(first, lambda found: "open a chat with me once" in found.text or found.has_picture)
        assert [number_of(one) for one in talk.painter.calls[0].all_pictures] == [7]
        assert len(talk.painter.calls) == 1


async def test_whoever_is_forgotten_while_an_owner_decides_reads_that_nothing_comes(tmp_path: Path) -> None:
    async with asking(tmp_path) as talk:
        boris, group = talk.telegram.boris, await strangers(talk)
        first = await call(group, "a lighthouse")
        await group.until(first, "I keep your wish")
        question = await asked(boris)
        await forget(talk.telegram.ann, MINE)
        await group.until(first, "You had everything of yours deleted")
        await boris.press(question, "Admit")
        await talk.telegram.ann.answer()
        assert talk.painter.calls == []


async def test_who_is_refused_reads_so_there(tmp_path: Path) -> None:
    async with asking(tmp_path) as talk:
        boris, group = talk.telegram.boris, await strangers(talk)
        first = await call(group, "a lighthouse")
        await group.until(first, "I keep your wish")

        async def kept() -> bool | None:
            return bool(await talk.store.guests.kept(ANN)) or None

        # It is kept once that was said. A refusal in between is told in other words.
        await talk.telegram.wait_for(kept, 10, "the wish was not kept")
        await boris.press(await asked(boris), "Refuse")
        await group.until(first, "decided against it")
        await group.until(await call(group, "a tower"), "you are not on my list")
        assert talk.painter.calls == []


async def test_a_stranger_may_ask_by_an_inline_query(tmp_path: Path) -> None:
    async with asking(tmp_path) as talk:
        boris, group = talk.telegram.boris, await strangers(talk)
        await talk.telegram.ann.say("/start")
        await talk.telegram.ann.answer()
        question = await asked(boris)
        query_id = await group.type("a tower")
        ((first,),) = ((await group.offered(query_id))["results"],)
        message = await group.choose(query_id, first["id"])
        await group.until(message, "I keep your wish")
        await boris.press(question, "Admit")
        assert (await shown(group, message)).has_picture
        assert [call.wish for call in talk.painter.calls] == ["a tower"]


async def test_a_blocked_person_reads_it_once_and_then_gets_no_answer(tmp_path: Path) -> None:
    async with limited(tmp_path, owner_ids={BORIS}) as talk:
        boris, group = talk.telegram.boris, await strangers(talk)
        message = await shown(group, await call(group, "a lighthouse"))
        await boris.say(f"/block {ANN}")
        await boris.answer()
        await group.until(await call(group, "a tower"), "My owner has blocked you")
        fetched = len(await talk.telegram.calls("getFile"))
        await group.photo(plain(7), f"{BOT} make it red")
        await group.press(message, "Again")
        assert (await group.offered(await group.type("a boat")))["results"] == []
        await group.silence()
        assert (await group.reload(message)).has_picture
        assert len(await talk.telegram.calls("getFile")) == fetched
        assert len(await talk.telegram.calls("answerGuestQuery")) == 2
        assert len(talk.painter.calls) == 1
        assert await talk.store.inbox.count_open() == 0


async def test_a_block_ends_what_is_painted_there(tmp_path: Path) -> None:
    async with limited(tmp_path, owner_ids={BORIS}) as talk:
        boris, group = talk.telegram.boris, await strangers(talk)
        talk.painter.hold()
        first = await call(group, "a lighthouse")
        await talk.painter.called(1)
        await boris.say(f"/block {ANN}")
        await boris.answer()
        await group.until(first, "My owner has blocked you")
        assert (await used(talk)).pictures == 0


@pytest.mark.parametrize("language", languages())
async def test_what_is_said_there_of_limits_is_in_the_callers_language(tmp_path: Path, language: str) -> None:
    async with limited(tmp_path, limit_person="0/day") as talk:
        kim = await talk.telegram.newcomer("Kim", language_code=language)
        group = (await strangers(talk, kim.person_id)).seen_by(kim.person_id)
        first = await call(group, "a boat")
        await group.until(first, say(language, "limit-none"))


async def test_what_is_bought_and_kept_counts_once_in_usage(tmp_path: Path) -> None:
    """A copy that somebody goes on with in private is no picture more."""
    async with limited(tmp_path) as talk:
        ann, group = talk.telegram.ann, await strangers(talk)
        message = await shown(group, await call(group, "a lighthouse"))
        before = await talk.store.usage.of(ANN)
        await ann.say("/start " + message.buttons["Go on in private"].partition("start=")[2])
        assert (await ann.answer()).has_picture
        assert await talk.store.usage.of(ANN) == before
        assert before is not None
        assert (before.turns, before.pictures) == (1, 1)
