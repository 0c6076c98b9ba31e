"""Models that end: which model replaces them, who is notified, and what can be chosen."""

from __future__ import annotations

import json
import time
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.operator.check_store import check
from bot.providers.base import Answer
from bot.providers.calls.raw_answer import dump
from bot.settings.settings import Settings
from bot.turns.call_journal import mark_of
from tests.support.painter import not_for_new_users, number_of, plain
from tests.support.people import CHEN, Chat, Message
from tests.support.talking import Talk, in_files, talking

LEGACY, SECOND, THIRD = "gemini-2.5-flash-image", "gemini-nano-banana-2.1", "gemini-3.1-flash-lite-image"
REPLACED = "Nano Banana is no longer offered, so Nano Banana 2.1 painted this."


def models(talk: Talk) -> list[str]:
    return [call.model for call in talk.painter.calls]


async def ask(chat: Chat, wish: str) -> Message:
    await chat.say(wish)
    return await chat.answer()


async def heard(talk: Talk, count: int = 1) -> list[str]:
    """Return the message to the owner, once it came."""
    return [message.text for message in await talk.telegram.chen.answers(count)]


async def test_a_new_key_that_is_refused_the_default_model_paints_all_the_same(tmp_path: Path) -> None:
    """In the same turn, with a sentence to the person and one to the owner; the refused call costs nothing."""
    async with talking(tmp_path, owner_ids={CHEN}) as talk:
        await ask(talk.telegram.chen, "/start")
        talk.painter.gone = {LEGACY}
        first = await ask(talk.telegram.ann, "a boat")
        assert number_of(await first.picture_bytes()) == 1
        assert REPLACED in first.caption
        assert models(talk) == [LEGACY, SECOND]
        (told,) = await heard(talk)
        assert f"no longer offers {LEGACY} to this key. {SECOND} paints in its place" in told

        second = await ask(talk.telegram.ann, "warmer")
        assert "no longer offered" not in second.caption
        third = await ask(talk.telegram.boris, "a gull")
        assert "no longer offered" not in third.caption
        assert models(talk) == [LEGACY, SECOND, SECOND, SECOND]
        await talk.restart()
        await ask(talk.telegram.ann, "colder")
        assert models(talk)[4:] == [SECOND]
        # The pictures of another model are not signed, so the request carries their wishes as words.
        assert [number_of(picture) for picture in talk.painter.calls[-1].all_pictures] == [1, 2]
        assert "- a boat\n- warmer" in talk.painter.calls[-1].wish
        await ask(talk.telegram.chen, "a fish")
        assert len([m for m in await talk.telegram.chen.history() if "no longer offers" in m.text]) == 1


async def test_a_successor_that_is_gone_as_well_has_one_of_its_own(tmp_path: Path) -> None:
    async with talking(tmp_path, owner_ids={CHEN}) as talk:
        await ask(talk.telegram.chen, "/start")
        talk.painter.gone = {LEGACY, SECOND}
        answer = await ask(talk.telegram.ann, "a boat")
        assert answer.has_picture
        assert "so Nano Banana 2 Lite painted this" in answer.caption
        assert models(talk) == [LEGACY, SECOND, THIRD]
        (told,) = await heard(talk)
        assert f"{LEGACY} to this key. {THIRD} paints" in told
        await ask(talk.telegram.ann, "warmer")
        assert models(talk)[3:] == [THIRD]


async def test_where_nobody_follows_the_person_reads_it_and_nothing_is_learned(tmp_path: Path) -> None:
    """A wrong GEMINI_API_VERSION looks the same, and is mended: then the model that was chosen paints."""
    async with talking(tmp_path) as talk:
        talk.painter.gone = {LEGACY, SECOND, THIRD}
        answer = await ask(talk.telegram.ann, "a boat")
        assert "is no longer offered. Choose another with /model" in answer.text
        assert models(talk) == [LEGACY, SECOND, THIRD]
        talk.painter.gone = set()
        await ask(talk.telegram.ann, "a boat again")
        assert models(talk)[3:] == [LEGACY]


async def test_a_conversation_that_chose_the_gone_model_is_moved_and_told_once(tmp_path: Path) -> None:
    """Also a conversation that learns it only now, because somebody else's wish found it out."""
    async with talking(tmp_path) as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        for chat in (ann, boris):
            await chat.say(f"/model {LEGACY}")
            await chat.answer()
        talk.painter.gone = {LEGACY}
        assert REPLACED in (await ask(ann, "a boat")).caption
        assert REPLACED in (await ask(boris, "a gull")).caption
        assert models(talk) == [LEGACY, SECOND, SECOND]
        assert "no longer offered" not in (await ask(boris, "warmer")).caption
        await boris.say("/settings")
        assert "Model: Nano Banana 2.1" in (await boris.answer()).buttons


async def test_four_versions_are_replaced_together_and_say_so_once(tmp_path: Path) -> None:
    async with talking(tmp_path, owner_ids={CHEN}) as talk:
        await ask(talk.telegram.chen, "/start")
        talk.painter.gone = {LEGACY}
        await talk.telegram.ann.say("/x4 a boat")
        answers = await talk.telegram.ann.answers(5)
        assert sum(answer.has_picture for answer in answers) == 4
        assert answers[-1].text.count(REPLACED) == 1
        assert models(talk).count(SECOND) == 4
        await heard(talk)
        assert len([m for m in await talk.telegram.chen.history() if "no longer offers" in m.text]) == 1


@in_files
async def test_a_model_that_ends_within_sixty_days_is_told_once_a_day(tmp_path: Path) -> None:
    async with talking(tmp_path, owner_ids={CHEN}) as talk:
        await ask(talk.telegram.chen, "/start")
        ends = datetime.now(UTC) + timedelta(days=41, hours=1)
        talk.painter.status = {"modelStage": "LEGACY", "retirementTime": ends.isoformat()}
        await ask(talk.telegram.ann, "a boat")
        (told,) = await heard(talk)
        assert f"ends the model {LEGACY} on {ends.date().isoformat()} (in 42 days)" in told
        assert f"{SECOND} then takes its place by itself" in told
        await ask(talk.telegram.ann, "warmer")
        await talk.restart()
        await ask(talk.telegram.ann, "colder")
        assert len([m for m in await talk.telegram.chen.history() if "ends the model" in m.text]) == 1

        ageing = talk.running.answering.ageing
        tomorrow = time.time() + 24 * 3600
        ageing._clock = lambda: tomorrow
        await ageing.look("gemini")
        (again,) = await heard(talk)
        assert "(in 41 days)" in again


async def test_a_model_that_ends_later_is_no_news(tmp_path: Path) -> None:
    async with talking(tmp_path, owner_ids={CHEN}) as talk:
        await ask(talk.telegram.chen, "/start")
        ends = datetime.now(UTC) + timedelta(days=61)
        talk.painter.status = {"modelStage": "LEGACY", "retirementTime": ends.isoformat()}
        await ask(talk.telegram.ann, "a boat")
        await ask(talk.telegram.chen, "a gull")
        assert not [m for m in await talk.telegram.chen.history() if "ends the model" in m.text]


@in_files
async def test_what_the_key_may_use_is_offered(tmp_path: Path) -> None:
    """Also models that the catalog does not know yet.

    The model of the settings stays, even if the list does not have it.
    """
    async with talking(tmp_path) as talk:
        talk.painter.offered = ["gemini-3.8-flash", SECOND, "gemini-nano-banana-9"]
        talk.running.answering.ageing._clock = lambda: time.time() + 25 * 3600
        await talk.running.answering.ageing.look("gemini")
        asked = talk.painter.asked_for_models
        await talk.telegram.ann.say("/model")
        page = await talk.telegram.ann.answer()
        assert [*page.buttons][:-1] == [
            "✓ Nano Banana",
            "Nano Banana 2.1",
            "gemini-nano-banana-9",
        ]
        await talk.running.answering.ageing.look("gemini")
        assert talk.painter.asked_for_models == asked


async def test_without_a_list_all_known_models_are_offered_and_the_bot_starts(talk: Talk) -> None:
    await talk.telegram.ann.say("/model")
    page = await talk.telegram.ann.answer()
    assert len(page.buttons) == 1 + 5


# The shape of the picture that is changed.


def shape(talk: Talk) -> str | None:
    config = talk.painter.calls[-1].body["generationConfig"].get("imageConfig", {})
    return config.get("aspectRatio")


async def test_a_photo_keeps_its_shape_whatever_was_chosen_for_new_pictures(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("/settings")
    opened = await ann.answer()
    await ann.press(opened, "Shape")
    await ann.until(opened, lambda message: "16:9" in message.buttons)
    await ann.press(opened, "16:9")
    await ann.until(opened, lambda message: "Shape: 16:9" in message.buttons)
    await ann.photo(plain(150, (900, 1600)), "make it red")
    answer = await ann.answer()
    assert shape(talk) == "9:16"
    assert "did not keep" not in answer.caption
    await ann.say("/new a boat")
    await ann.answer()
    assert shape(talk) == "16:9"


@pytest.mark.parametrize(
    ("size_px", "nearest"),
    [((1200, 1600), "3:4"), ((1000, 1010), "1:1"), ((1170, 2532), "9:16"), ((3000, 1000), "21:9"), ((640, 480), "4:3")],
)
async def test_the_nearest_shape_that_the_model_makes_goes_along(
    talk: Talk, size_px: tuple[int, int], nearest: str
) -> None:
    await talk.telegram.ann.photo(plain(150, size_px), "warmer")
    await talk.telegram.ann.answer()
    assert shape(talk) == nearest


async def test_a_wish_with_a_shape_of_its_own_changes_it_for_this_once(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.photo(plain(150), "/ratio 16:9 wider, please")
    await ann.answer()
    assert (shape(talk), talk.painter.calls[-1].wish) == ("16:9", "wider, please")
    await ann.say("/ratio 1:1 as a stamp")
    await ann.answer()
    assert shape(talk) == "1:1"
    await ann.say("/again")
    await ann.answer()
    assert shape(talk) == "1:1"
    await ann.say("warmer")
    await ann.answer()
    # The picture that is changed has 64 x 48 px, as this provider paints.
    assert shape(talk) == "4:3"
    await ann.say("/settings")
    assert "Shape: automatic" in (await ann.answer()).buttons


@pytest.mark.parametrize(
    ("wanted", "sent", "said"),
    [
        ("5:1", "21:9", "Nano Banana does not make 5:1, so I asked for 21:9, which is nearest."),
        ("32:18", "16:9", ""),
        ("1:99", "9:16", "Nano Banana does not make 1:99, so I asked for 9:16"),
    ],
)
async def test_a_shape_that_the_model_does_not_make_is_said_to_be_another(
    talk: Talk, wanted: str, sent: str, said: str
) -> None:
    """And the model, which keeps to what it was asked for, is not blamed for it."""
    across, down = map(int, sent.split(":"))
    talk.painter.will([{"inlineData": inline(across * 64, down * 64)}])
    answer = await ask(talk.telegram.ann, f"/ratio {wanted} a boat")
    assert shape(talk) == sent
    assert said in answer.caption
    assert "did not keep" not in answer.caption
    assert ("asked for" in answer.caption) == bool(said)


async def test_a_shape_that_was_typed_is_meant_for_the_next_wish_too(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ask(ann, "a boat")
    await ann.say("/ratio 16:9")
    await ann.answer()
    await ask(ann, "warmer")
    assert shape(talk) == "16:9"
    await ask(ann, "colder")
    assert shape(talk) == "4:3"
    await ask(ann, "/new a gull")
    assert shape(talk) == "16:9"


async def test_a_shape_that_is_added_by_an_edit_makes_the_wish_again(talk: Talk) -> None:
    """And an edit that adds none does not: Telegram reports more than changed words as one."""
    ann = talk.telegram.ann
    await ann.say("/ratio 4:3")
    await ann.answer()
    said = await ann.say("a boat")
    await ann.answer()
    await ann.edit(said, "a boat ")
    await ann.silence()
    await ann.edit(said, "/ratio 16:9 a boat")
    await ann.answer()
    assert (len(talk.painter.calls), shape(talk)) == (2, "16:9")


@pytest.mark.parametrize(
    "wish",
    ["make it square", "crop to the face", "als Hochformat", "más ancha", "mais larga", "шире", "改成竖版", "to 2:1"],
)
async def test_a_wish_that_speaks_of_the_frame_leaves_it_to_the_model(talk: Talk, wish: str) -> None:
    await talk.telegram.ann.photo(plain(150), wish)
    await talk.telegram.ann.answer()
    assert shape(talk) is None


async def test_of_several_pictures_together_the_model_makes_what_was_chosen(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.album([plain(150), plain(151)], "put them side by side")
    await ann.answer()
    assert shape(talk) is None


# Effort, and the size that came.


async def test_effort_is_chosen_where_the_model_knows_it(tmp_path: Path) -> None:
    async with talking(tmp_path, gemini_model=SECOND) as talk:
        ann = talk.telegram.ann
        await ann.say("/effort draft")
        assert "Effort: draft" in (await ann.answer()).buttons
        await ask(ann, "a boat")
        assert talk.painter.calls[-1].body["generationConfig"]["thinkingConfig"] == {"thinkingLevel": "MINIMAL"}
        await ann.say("/effort")
        page = await ann.answer()
        assert "✓ draft" in page.buttons
        await ann.press(page, "careful")
        await ann.until(page, lambda message: "Effort: careful" in message.buttons)
        await ask(ann, "a gull")
        assert talk.painter.calls[-1].body["generationConfig"]["thinkingConfig"] == {"thinkingLevel": "HIGH"}
        await ann.say("/effort normal")
        assert "Effort: normal" in (await ann.answer()).buttons
        await ask(ann, "a fish")
        assert "thinkingConfig" not in talk.painter.calls[-1].body["generationConfig"]


async def test_elsewhere_effort_is_left_out_and_said_to_be(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("/effort")
    page = await ann.answer()
    assert "Nano Banana does not offer this choice" in page.text
    await ann.press(page, "careful")
    await ann.until(page, lambda message: "Model: Nano Banana" in message.buttons)
    assert not any("Effort" in button for button in (await ann.reload(page)).buttons)
    await ask(ann, "a boat")
    assert "thinkingConfig" not in talk.painter.calls[-1].body["generationConfig"]


async def test_a_picture_smaller_than_what_was_chosen_is_said_to_be(tmp_path: Path) -> None:
    async with talking(tmp_path, gemini_model=SECOND) as talk:
        ann = talk.telegram.ann
        await ann.say("/size 2K")
        await ann.answer()
        talk.painter.will([{"inlineData": inline(1024, 1024)}], [{"inlineData": inline(2048, 2048)}])
        assert "size 2K, and the model made 1024" in (await ask(ann, "a boat")).caption
        assert "the model made" not in (await ask(ann, "/new a boat")).caption


def inline(width_px: int, height_px: int) -> dict[str, str]:
    return {"mimeType": "image/png", "data": b64encode(plain(7, (width_px, height_px))).decode()}


@in_files
async def test_check_tells_which_models_end_and_which_are_gone(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        talk.painter.gone = {LEGACY}
        talk.painter.status = {"modelStage": "DEPRECATED", "retirementTime": "2099-03-15T00:00:00Z"}
        await ask(talk.telegram.ann, "a boat")
        await talk.stop()
        lines: list[str] = []
        assert await check(Settings.model_validate(talk.settings), lines.append) == 0
        gone = f"{LEGACY} is not offered any more, {SECOND} paints instead; /model {LEGACY} tries it again"
        assert f"note  models: gemini: {gone}" in lines
        assert f"note  models: gemini: {SECOND} ends on 2099-03-15" in lines


@in_files
async def test_an_answer_of_the_gone_model_that_was_kept_says_nothing_of_its_successor(tmp_path: Path) -> None:
    """The process died between the refusal and the next call; meanwhile somebody else learned who paints."""
    async with talking(tmp_path) as talk:
        talk.stop_grace_s = 0
        talk.painter.hold()
        await talk.telegram.ann.say("a boat")
        await talk.painter.called(1)
        (turn,) = [await talk.store.conversations.turn(1)]
        assert turn is not None
        refusal = Answer(
            status=404, content_type="application/json", body=json.dumps(not_for_new_users(LEGACY)).encode()
        )
        await talk.store.media.keep_raw_answer(turn.id, 1, dump(refusal, mark_of(turn)))
        await talk.running.answering.ageing.learn_successor("gemini", [LEGACY], SECOND)
        await talk.restart()
        answer = await talk.telegram.ann.answer()
        assert answer.has_picture
        assert models(talk) == [LEGACY, SECOND]
        assert talk.running.answering.ageing.present("gemini", SECOND) == SECOND
