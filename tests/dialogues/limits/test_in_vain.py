"""A bought picture that comes back has cost dollars. It cannot do so without end, though no limit stops it."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest

from bot.chat.cancelling import STOPS_A_DAY
from bot.texts import languages
from storage.books.braking import MOST_IN_VAIN
from tests.dialogues.limits.test_limits import BOT, limited, used
from tests.support.buying import PACKS, bought, faults
from tests.support.forgetting import MINE, asked, forget
from tests.support.people import ANN, BORIS
from tests.support.talking import Talk

KNOWN, UNKNOWN = "gemini-2.5-flash-image", "gemini-of-no-known-price"
AS_DEAR_AS_A_PICTURE = {"promptTokenCount": 300, "candidatesTokenCount": 20_000, "totalTokenCount": 20_300}
IN_WORDS = {
    "candidates": [{"content": {"role": "model", "parts": [{"text": "A long story."}]}, "finishReason": "STOP"}],
    "usageMetadata": AS_DEAR_AS_A_PICTURE,
}
REFUSED = {"candidates": [{"finishReason": "IMAGE_SAFETY"}], "usageMetadata": AS_DEAR_AS_A_PICTURE}
ENOUGH = "Many times today I took a picture that you bought, and gave it back because none came."


def selling(tmp_path: Path, **settings: Any) -> Any:
    """Run a bot that gives nothing for free."""
    return limited(tmp_path, **{"limit_person": "0/day", "stars_packs": PACKS, **settings})


@pytest.mark.parametrize("answer", [IN_WORDS, REFUSED], ids=["words", "billed refusals"])
async def test_a_bought_picture_pays_only_for_some_answers_without_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Any
) -> None:
    async with selling(tmp_path) as talk:
        ann, clock = talk.telegram.ann, time.time
        await bought(talk, ann)
        talk.painter.will(*[answer] * 2 * MOST_IN_VAIN)
        for _ in range(MOST_IN_VAIN):
            await ann.say("tell me a story")
            assert ENOUGH not in (await ann.answer()).words
        calls = len(talk.painter.calls)
        talk.painter.script.clear()
        await ann.say("a boat")
        enough = await ann.answer()
        assert enough.words.startswith(ENOUGH)
        assert "it goes on from midnight" in enough.words
        # To buy more would not help.
        assert [*enough.buttons] == ["Try again"]
        assert len(talk.painter.calls) == calls
        assert (await used(talk)).credits == 2
        # Nor would it help to be forgotten.
        await forget(ann, MINE)
        await ann.say("a boat")
        enough = await ann.answer()
        assert enough.words.startswith(ENOUGH)
        monkeypatch.setattr(time, "time", lambda: clock() + 24 * 3600)
        await ann.press(enough, "Try again")
        assert "Paid with your pictures; one is left." in (await ann.answer()).words
        assert await faults(talk) == []


async def test_somebody_who_talks_a_lot_keeps_the_use_of_what_they_bought(tmp_path: Path) -> None:
    """Short words cost little."""
    async with selling(tmp_path) as talk:
        ann = talk.telegram.ann
        await bought(talk, ann)
        talk.painter.will(*[[{"text": "It is a boat."}]] * 2 * MOST_IN_VAIN)
        for _ in range(2 * MOST_IN_VAIN):
            await ann.say("what is that?")
            await ann.answer()
        await ann.say("a boat")
        assert "Paid with your pictures; one is left." in (await ann.answer()).words


async def test_others_and_pictures_that_are_free_go_on(tmp_path: Path) -> None:
    async with selling(tmp_path) as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        for one in (ann, boris):
            await bought(talk, one)
        talk.painter.will(*[IN_WORDS] * MOST_IN_VAIN)
        for _ in range(MOST_IN_VAIN):
            await ann.say("tell me a story")
            await ann.answer()
        await ann.say("a boat")
        assert (await ann.answer()).words.startswith(ENOUGH)
        await boris.say("a boat")
        assert "one is left." in (await boris.answer()).words
        await talk.stop()
        talk.settings["limit_person"] = "1/day"
        await talk.start()
        await ann.say("a gull")
        assert (await ann.answer()).has_picture


@pytest.mark.parametrize("language", languages())
async def test_each_language_says_that_it_was_enough(tmp_path: Path, language: str) -> None:
    async with selling(tmp_path) as talk:
        dora = await talk.telegram.newcomer("Dora", language_code=language)
        await dora.say("/buy")
        offer = await dora.answer()
        await dora.press(offer, next(iter(offer.buttons)))
        invoice = await dora.answer()
        await talk.telegram.post("pay", {"as": dora.person_id, "chat_id": dora.id, "message_id": invoice.id})
        await dora.answer()
        talk.painter.will(*[IN_WORDS] * MOST_IN_VAIN)
        for _ in range(MOST_IN_VAIN):
            await dora.say("?")
            await dora.answer()
        await dora.say("a boat")
        words = (await dora.answer()).words
        assert "Etc/GMT" in words
        assert "{" not in words
        assert (await used(talk, subject=dora.person_id)).credits == 2


@pytest.mark.parametrize("model", [KNOWN, UNKNOWN])
async def test_whoever_is_forgotten_cannot_stop_three_more(tmp_path: Path, model: str) -> None:
    async with selling(tmp_path, gemini_model=model) as talk:
        ann = talk.telegram.ann
        await bought(talk, ann)
        for number in range(STOPS_A_DAY):
            gate = talk.painter.hold()
            await ann.say("a boat")
            await talk.painter.called(number + 1)
            await ann.say("/cancel")
            assert "Stopped" in (await ann.answer()).words
            gate.set()
        await forget(ann, MINE)
        gate = talk.painter.hold()
        await ann.say("a boat")
        await talk.painter.called(STOPS_A_DAY + 1)
        await ann.say("/cancel")
        assert "I stop only three of those a day" in (await ann.answer()).words
        gate.set()
        assert "one is left." in (await ann.answer()).words


async def test_many_cancels_at_once_stop_three(tmp_path: Path) -> None:
    async with selling(tmp_path) as talk:
        ann = talk.telegram.ann
        await bought(talk, ann, "20 pictures")
        groups = [await talk.telegram.group(f"Painters {number}") for number in range(STOPS_A_DAY + 3)]
        gate = talk.painter.hold()
        gates = [gate, *(talk.painter.hold() for _ in groups[1:])]
        for number, group in enumerate(groups):
            await group.answer()
            await group.say(f"/edit{BOT} a boat")
            await talk.painter.called(number + 1)
        await asyncio.gather(*(group.say(f"/cancel{BOT}") for group in groups))
        said = [await group.answer() for group in groups]
        assert sum("I finish this one" in one.words for one in said) == 3
        for gate in gates:
            gate.set()
        await painted(talk, 3)
        assert await faults(talk) == []


async def painted(talk: Talk, count: int, person: int = ANN) -> None:
    """Wait until so many bought pictures were used."""

    async def look() -> bool | None:
        return True if (await used(talk, subject=person)).paid_pictures == count else None

    await talk.telegram.wait_for(look, 10, f"{count} bought pictures were not used")


@pytest.mark.parametrize("how", ["the wish of the other", "words of the other"])
async def test_what_somebody_else_paid_for_is_not_stopped_by_being_forgotten(tmp_path: Path, how: str) -> None:
    """Two people could repeat that with one bought picture as often as they like."""
    async with selling(tmp_path) as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        group = await talk.telegram.group(kind="supergroup")
        await group.answer()
        theirs = group.seen_by(BORIS)
        await bought(talk, boris)
        gate = talk.painter.hold()
        if how == "the wish of the other":
            await group.say(f"/edit{BOT} a boat")
            await theirs.press(await group.answer(), "Try again")
        else:
            await theirs.say(f"/edit{BOT}", reply_to=await group.say("a boat in a storm"))
        await talk.painter.called(1)
        question = await asked(ann, MINE)
        await ann.press(question, "Delete for good")
        assert (await ann.answer()).words == (
            "I am painting a picture from your words that somebody else bought. "
            "Press the button again when it is finished."
        )
        gate.set()
        await painted(talk, 1, BORIS)
        await asyncio.sleep(2.1)
        await ann.press(question, "Delete for good")
        assert "Deleted" in (await ann.answer()).words
        assert (await used(talk, subject=BORIS)).credits == 1
        assert await faults(talk) == []


async def test_who_pays_for_a_repeat_may_be_forgotten_meanwhile(tmp_path: Path) -> None:
    """Nothing is stopped by that: the picture belongs to the group, and it is used."""
    async with selling(tmp_path) as talk:
        boris = talk.telegram.boris
        group = await talk.telegram.group(kind="supergroup")
        await group.answer()
        await bought(talk, boris)
        gate = talk.painter.hold()
        await group.say(f"/edit{BOT} a boat")
        await group.seen_by(BORIS).press(await group.answer(), "Try again")
        await talk.painter.called(1)
        assert "Deleted" in (await forget(boris, MINE)).words
        gate.set()
        assert (await group.answer()).has_picture
        found = await used(talk, subject=BORIS)
        assert (found.credits, found.paid_pictures) == (1, 1)
        assert await faults(talk) == []
