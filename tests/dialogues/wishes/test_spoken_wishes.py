"""Voice and video messages are wishes: they are written down, what was understood is shown, and then it is done."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pybase64
import pytest

from bot.chat.receive import hearing
from bot.texts import languages, say
from storage.books import braking
from storage.books.values import Amounts, Scope
from tests.dialogues.limits.test_limits import noon
from tests.support.buying import PACKS, bought, faults
from tests.support.messages import as_file_json
from tests.support.painter import number_of, plain
from tests.support.people import ANN, VOICE
from tests.support.talking import Talk, in_one, talking

EAR = "gemini-3.5-flash-lite"
NOTE = ("note.mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(100))
OVERLOADED = (503, {"error": {"code": 503, "message": "The model is overloaded.", "status": "UNAVAILABLE"}})
NOT_FOUND = (404, {"error": {"code": 404, "message": f"models/{EAR} is not found", "status": "NOT_FOUND"}})


async def used(talk: Talk) -> Amounts:
    """Return what the books say that Ann used."""
    return (await talk.store.books.sums(Scope.PERSON, [ANN])).get(ANN, Amounts())


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    """Yield a bot that listens."""
    async with talking(tmp_path, listen_model=EAR, owner_ids="1003") as talk:
        yield talk


async def test_a_voice_message_of_hours_that_says_it_is_one_second(talk: Talk) -> None:
    """The length comes from the sender's client (Bot API, sendVoice, duration); the bytes say three hours."""
    hours = b"OggS\x00\x04" + (3 * 3600 * 48_000).to_bytes(8, "little") + bytes(15)
    file = as_file_json(("v.ogg", VOICE[1] + hours)) | {"kind": "voice", "mime": "audio/ogg", "duration_s": 1}
    await talk.telegram.ann._send(files=[file])
    assert "I listen for 5 minutes at most" in (await talk.telegram.ann.answer()).text
    assert not talk.painter.heard


@in_one
async def test_silence_is_not_listened_to_without_end(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """It brings no picture, so a limit in pictures does not end it."""
    monkeypatch.setattr(hearing, "MOST_AN_HOUR", 3)
    for _ in range(3):
        talk.painter.spoken.append("-")
        await talk.telegram.ann.voice(duration_s=290)
        await talk.telegram.ann.answer()
    await talk.telegram.ann.voice(duration_s=290)
    assert "many messages of yours" in (await talk.telegram.ann.answer()).text
    talk.painter.spoken.append("a boat")
    await talk.telegram.boris.voice()
    await talk.telegram.boris.answers(2)
    assert len(talk.painter.heard) == 4


async def test_a_voice_message_is_written_down_shown_and_painted(talk: Talk) -> None:
    ann = talk.telegram.ann
    talk.painter.spoken.append("A lighthouse at dusk.")
    await ann.voice()
    understood, answer = await ann.answers(2)
    assert understood.text == "🎙 I understood: “A lighthouse at dusk.”"
    assert answer.has_picture
    assert [call.wish for call in talk.painter.calls] == ["A lighthouse at dusk."]
    (heard,) = talk.painter.heard
    sound = heard.contents[-1]["parts"][0]["inlineData"]
    assert (heard.model, sound["mimeType"], pybase64.b64decode(sound["data"])) == (EAR, "audio/ogg", VOICE[1])


async def test_the_wish_is_changed_by_saying_it_anew(talk: Talk) -> None:
    ann = talk.telegram.ann
    talk.painter.spoken.extend(["a boat", "now red"])
    for wish in ("a boat", "now red"):
        await ann.voice()
        understood, answer = await ann.answers(2)
        assert wish in understood.text
        assert answer.has_picture
    assert [number_of(picture) for picture in talk.painter.calls[1].all_pictures] == [1]


async def test_a_voice_message_is_about_the_picture_that_it_replies_to(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("a boat")
    boat = await ann.answer()
    await ann.say("/new a hat")
    await ann.answer()
    talk.painter.spoken.append("make it red")
    await ann.voice(reply_to=boat)
    await ann.answers(2)
    assert [number_of(picture) for picture in talk.painter.calls[-1].all_pictures] == [1]


async def test_a_photo_that_waits_for_words_gets_spoken_ones(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.photo(plain(150))
    await ann.answer()
    talk.painter.spoken.append("make it warmer")
    await ann.voice()
    await ann.answers(2)
    (call,) = talk.painter.calls
    assert (call.wish, [number_of(picture) for picture in call.pictures]) == ("make it warmer", [150])


async def test_a_video_message_is_heard_and_not_looked_at(talk: Talk) -> None:
    ann = talk.telegram.ann
    talk.painter.spoken.append("a gull")
    await ann.send(NOTE, "video_note")
    understood, _ = await ann.answers(2)
    assert "a gull" in understood.text
    (call,) = talk.painter.calls
    assert (call.wish, call.all_pictures) == ("a gull", [])
    assert talk.painter.heard[0].contents[-1]["parts"][0]["inlineData"]["mimeType"] == "video/mp4"


async def test_in_a_group_a_spoken_reply_to_the_bot_is_a_wish_and_other_talk_is_not_listened_to(talk: Talk) -> None:
    group = await talk.telegram.group()
    greeting = await group.answer()
    await group.voice()
    await group.silence()
    assert talk.painter.heard == []
    talk.painter.spoken.append("a hat")
    await group.voice(reply_to=greeting)
    understood, answer = await group.answers(2)
    assert "a hat" in understood.text
    assert answer.has_picture
    assert talk.painter.calls[0].wish.endswith("a hat")


async def test_someone_elses_voice_message_is_heard_when_a_wish_replies_to_it(talk: Talk) -> None:
    group = await talk.telegram.group(kind="supergroup", bot_admin=True)
    await group.answer()
    theirs = await group.seen_by(1002).voice()
    talk.painter.spoken.append("a hat with feathers")
    await group.say("/edit@pentimento_bot paint this", reply_to=theirs)
    assert (await group.answer()).has_picture
    assert "a hat with feathers" in talk.painter.calls[0].wish
    assert "paint this" in talk.painter.calls[0].wish


async def test_silence_and_long_speeches_cost_no_picture(talk: Talk) -> None:
    ann = talk.telegram.ann
    talk.painter.spoken.append("-")
    await ann.voice()
    assert "I heard no words" in (await ann.answer()).text
    await ann.voice(duration_s=301)
    assert "5 minutes at most" in (await ann.answer()).text
    assert len(talk.painter.heard) == 1
    assert talk.painter.calls == []


async def test_an_overloaded_model_is_asked_again_and_a_missing_one_is_told_to_the_owner(talk: Talk) -> None:
    ann, chen = talk.telegram.ann, talk.telegram.chen
    await chen.say("/start")
    await chen.answer()
    talk.painter.spoken.extend([OVERLOADED, "a boat"])
    await ann.voice()
    assert "a boat" in (await ann.answers(2))[0].text
    talk.painter.spoken.append(NOT_FOUND)
    await ann.voice()
    assert "can’t listen to that at the moment" in (await ann.answer()).text
    assert f"{EAR} (LISTEN_MODEL)" in (await chen.answer()).text


async def test_listening_is_booked_and_counts_for_the_person_who_spoke(talk: Talk) -> None:
    """200 tokens of sound and 8 of words at the list price: 80 millionths of a dollar."""
    ann = talk.telegram.ann
    await ann.say("a boat")
    await ann.answer()
    before = await talk.store.usage.of(ann.id)
    await ann.voice()
    await ann.answers(2)
    after = await talk.store.usage.of(ann.id)
    assert before is not None
    assert after is not None
    assert (after.turns, after.pictures) == (2, 2)
    assert after.cost_micro_usd == 2 * before.cost_micro_usd + 80
    assert (await used(talk)).micro_usd == after.cost_micro_usd
    assert await faults(talk) == []


async def test_of_four_versions_one_pays_for_listening(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.voice()
    await ann.answers(2)
    before = await talk.store.usage.of(ann.id)
    await ann.say("/x4")
    await ann.answers(5)
    after = await talk.store.usage.of(ann.id)
    assert before is not None
    assert after is not None
    assert after.cost_micro_usd == 5 * (before.cost_micro_usd - 80) + 80


async def test_what_brings_no_picture_is_booked_as_well(talk: Talk) -> None:
    """Silence, and a wish that fails: the provider was paid for listening to each of them."""
    ann = talk.telegram.ann
    talk.painter.spoken.extend(["-", "a boat"])
    await ann.voice()
    assert "I heard no words" in (await ann.answer()).text
    assert (await used(talk)).micro_usd == 80
    talk.painter.will((400, {"error": {"code": 400, "message": "no", "status": "INVALID_ARGUMENT"}}))
    await ann.voice()
    assert (await ann.answers(2))[0].text.startswith("🎙")
    assert (await used(talk)).micro_usd == 160
    assert (await used(talk)).pictures == 0
    assert await faults(talk) == []


@pytest.mark.parametrize(
    ("limit", "said"),
    [("1/day", "I did not listen to this: please send it again after that"), ("0/day", "so I did not listen to this")],
)
async def test_over_a_limit_nobody_listens(tmp_path: Path, limit: str, said: str) -> None:
    async with talking(tmp_path, listen_model=EAR, limit_person=limit, limit_timezone=noon()) as talk:
        ann = talk.telegram.ann
        if limit == "1/day":
            await ann.say("a boat")
            await ann.answer()
        await ann.voice()
        assert said in (await ann.answer()).text
        assert talk.painter.heard == []
        assert not await talk.telegram.calls("getFile")


async def test_dollars_that_listening_cost_count_in_the_limits(tmp_path: Path) -> None:
    async with talking(tmp_path, listen_model=EAR, limit_total="$0.0001/day", limit_timezone=noon()) as talk:
        ann = talk.telegram.ann
        talk.painter.spoken.extend(["-", "-"])
        for _ in range(2):
            await ann.voice()
            assert "I heard no words" in (await ann.answer()).text
        await ann.voice()
        assert "it goes on from midnight" in (await ann.answer()).text
        assert len(talk.painter.heard) == 2


async def test_who_has_bought_pictures_is_listened_to_and_others_may_buy(tmp_path: Path) -> None:
    async with talking(tmp_path, listen_model=EAR, limit_person="0/day", stars_packs=PACKS) as talk:
        ann = talk.telegram.ann
        await ann.voice()
        over = await ann.answer()
        assert [*over.buttons] == ["⭐ Buy pictures"]
        await ann.press(over, "Buy pictures")
        await ann.answer()
        await bought(talk, ann)
        await ann.voice()
        understood, answer = await ann.answers(2)
        assert understood.text.startswith("🎙")
        assert answer.has_picture
        assert await faults(talk) == []


async def test_bought_pictures_do_not_pay_for_listening_to_silence_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes none of them, and no limit stops it. Here they pay for recordings worth one picture, not ten."""
    monkeypatch.setattr(braking, "MOST_IN_VAIN", 1)
    heard = braking.WHOLE // braking.SMALL
    async with talking(tmp_path, listen_model=EAR, limit_person="0/day", stars_packs=PACKS) as talk:
        ann = talk.telegram.ann
        await bought(talk, ann)
        for _ in range(heard):
            talk.painter.spoken.append("-")
            await ann.voice()
            await ann.answer()
        await ann.voice()
        assert "I did not listen to this" in (await ann.answer()).text
        assert len(talk.painter.heard) == heard
        await ann.say("a boat")
        assert (await ann.answer()).has_picture


async def test_a_caption_below_a_voice_message_joins_its_words_and_its_edit_changes_nothing(talk: Talk) -> None:
    ann = talk.telegram.ann
    talk.painter.spoken.append("at dusk")
    sent = await ann.voice(text="a boat")
    await ann.answers(2)
    assert talk.painter.calls[0].wish == "a boat\nat dusk"
    await ann.edit(sent, "a hat")
    assert "say it anew" in (await ann.answer()).text
    assert len(talk.painter.calls) == 1


async def test_privacy_says_that_voices_leave_the_machine(talk: Talk) -> None:
    await talk.telegram.ann.say("/privacy")
    assert "Voice and video messages go to Gemini" in (await talk.telegram.ann.answer()).text


async def test_a_cancel_stops_the_listening(talk: Talk) -> None:
    ann = talk.telegram.ann
    talk.painter.spoken.append(asyncio.Event())
    await ann.voice()
    await talk.painter.listened(1)
    await ann.say("/cancel")
    assert "Stopped" in (await ann.answer()).text
    await ann.silence()
    assert talk.painter.calls == []


@in_one
async def test_a_stop_after_the_words_were_heard_neither_loses_nor_doubles_anything(talk: Talk) -> None:
    ann = talk.telegram.ann
    talk.painter.spoken.append("a boat")
    # What was heard is stored; the sentence about it hangs, and there the process ends.
    await talk.telegram.fault("sendMessage", delay_s=30)
    await ann.voice()
    await talk.painter.listened(1)
    await talk.telegram.fault_met()
    talk.stop_grace_s = 0
    await talk.stop()
    await talk.start()
    understood, answer = (await ann.answers(2))[-2:]
    assert "a boat" in understood.text
    assert answer.has_picture
    await ann.silence()
    assert (len(talk.painter.heard), len(talk.painter.calls)) == (1, 1)


@in_one
async def test_a_call_that_a_stop_cut_off_is_made_once_more_and_not_for_ever(talk: Talk) -> None:
    ann = talk.telegram.ann
    talk.stop_grace_s = 0
    talk.painter.spoken.extend([asyncio.Event(), asyncio.Event()])
    await ann.voice()
    for calls in (1, 2):
        await talk.painter.listened(calls)
        await talk.stop()
        await talk.start()
    assert "I was interrupted while I listened" in (await ann.answer()).text
    assert (len(talk.painter.heard), talk.painter.calls) == (2, [])
    await ann.voice()
    assert (await ann.answers(2))[1].has_picture


@in_one
async def test_where_the_operator_wants_that_the_person_is_asked_to_say_it_again(tmp_path: Path) -> None:
    async with talking(tmp_path, listen_model=EAR, on_interrupted="ask") as talk:
        talk.stop_grace_s = 0
        talk.painter.spoken.append(asyncio.Event())
        await talk.telegram.ann.voice()
        await talk.painter.listened(1)
        await talk.restart()
        assert "I was interrupted while I listened" in (await talk.telegram.ann.answer()).text
        assert len(talk.painter.heard) == 1


@pytest.mark.parametrize("language", languages())
async def test_what_was_understood_is_shown_in_each_language(talk: Talk, language: str) -> None:
    person = await talk.telegram.newcomer("Kim", language_code=language)
    talk.painter.spoken.append("a boat")
    await person.voice()
    assert (await person.answers(2))[0].text == say(language, "heard", words="a boat")


async def test_where_nobody_listens_a_voice_message_is_answered_and_a_video_message_is_a_picture(
    tmp_path: Path,
) -> None:
    async with talking(tmp_path) as talk:
        ann = talk.telegram.ann
        await ann.voice()
        assert "can’t listen to voice messages" in (await ann.answer()).text
        preview = pybase64.b64encode(plain(150)).decode()
        await ann._send(files=[as_file_json(NOTE) | {"kind": "video_note", "preview": preview}])
        assert "small preview" in (await ann.answers(2))[0].text
        await ann.say("make it warmer")
        await ann.answer()
        assert [number_of(picture) for picture in talk.painter.calls[0].pictures] == [150]
