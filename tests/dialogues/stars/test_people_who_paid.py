"""Owners see in /people what groups painted, what was bought, and what is left of it."""

from __future__ import annotations

from pathlib import Path

from tests.dialogues.stars.test_buying import BOT, selling
from tests.support.buying import bought
from tests.support.forgetting import MINE, asked
from tests.support.people import ANN, BORIS


async def test_people_shows_the_pictures_of_a_group_and_what_was_bought(tmp_path: Path) -> None:
    async with selling(tmp_path, limit_person="2/day", owner_ids={BORIS}) as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        group = await talk.telegram.group(title="Family")
        await group.answer()
        for wish in ("a boat", "a gull"):
            await group.say(f"/edit{BOT} {wish}")
            await group.answer()
        await boris.say(f"/limit {group.id} 9/day")
        await boris.answer()
        await boris.say(f"/admit {group.id}")
        await boris.answer()
        await bought(talk, ann)
        await ann.say("a whale")
        assert (await ann.answer()).has_picture
        await boris.say("/people")
        said = (await boris.answer()).words.split("\n\n")
        (of_group,) = (one for one in said if str(group.id) in one)
        assert "today 2 🖼" in of_group
        (of_ann,) = (one for one in said if f"({ANN})" in one)
        assert "paid ⭐ 10, 1 🖼 left" in of_ann
        assert said[-1] == "In all: ⭐ 10 paid and not given back; 1 🖼 of them not used yet."


async def test_who_was_forgotten_is_still_listed_with_what_was_bought(tmp_path: Path) -> None:
    async with selling(tmp_path, owner_ids={BORIS}) as talk:
        await bought(talk, talk.telegram.ann)
        await talk.store.forgetting.person(ANN)
        await talk.telegram.boris.say("/people")
        assert "· paid ⭐ 10, 2 🖼 left" in (await talk.telegram.boris.answer()).words


async def test_who_paid_and_is_blocked_may_still_ask_about_it_and_be_forgotten(tmp_path: Path) -> None:
    async with selling(tmp_path, owner_ids={BORIS}) as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        await boris.say("/start")
        await boris.answer()
        charge = await bought(talk, ann)
        await ann.say("a boat")
        await ann.answer()
        await boris.say(f"/block {ANN}")
        told = [one.words for one in await boris.answers(2)]
        assert told[1] == f"Ann has 2 bought pictures left. To give a payment back:\n/refund {charge}"
        await ann.say("a gull")
        assert "there is still /paysupport" in (await ann.answer()).words
        await ann.say("a whale")
        await ann.say("/buy")
        await ann.silence()
        await ann.say("/paysupport where are my pictures?")
        assert (await ann.answer()).words == "I passed your question on to my owner."
        assert "where are my pictures?" in (await boris.answer()).words
        await ann.say("/terms")
        assert "never expire" in (await ann.answer()).words
        last = await asked(ann, MINE)
        assert last.words.endswith("for good?\nThe 2 pictures that you bought stay yours.")
        assert len(talk.painter.calls) == 1


async def test_who_is_blocked_and_never_paid_asks_nobody_anything(tmp_path: Path) -> None:
    async with selling(tmp_path, owner_ids={BORIS}) as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        await boris.say(f"/block {ANN}")
        await boris.answer()
        await boris.silence()
        await ann.say("a boat")
        assert (await ann.answer()).words == "My owner has blocked you, so I don’t answer you any more."
        await ann.say("/paysupport let me in")
        await ann.silence()
