"""Answers of the model, and what people get of them: pictures, words, refusals, and retries at a busy provider."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.painter import Cut, answered, noise, number_of, picture_part, plain
from tests.support.people import BORIS
from tests.support.talking import Talk, in_one, talking

FIXTURES = Path(__file__).parents[2] / "fixtures" / "answers"


def google_says(status: int, word: str, message: str, *details: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Return an error as Google spells it."""
    return status, {"error": {"code": status, "message": message, "status": word, "details": list(details)}}


def too_many(delay_s: int) -> tuple[int, dict[str, Any]]:
    """Return the refusal of a key that made too many requests in a minute."""
    quota = {"quotaId": "GenerateRequestsPerMinutePerProjectPerModel", "quotaValue": "10"}
    return google_says(
        429,
        "RESOURCE_EXHAUSTED",
        "You exceeded your current quota.",
        {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [quota]},
        {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": f"{delay_s}s"},
    )


OVERLOADED = google_says(503, "UNAVAILABLE", "The model is overloaded. Please try again later.")
UNSIGNED = google_says(
    400,
    "INVALID_ARGUMENT",
    "Image part is missing a thought_signature in content position 2, part position 1.",
)


async def test_words_longer_than_a_caption_go_on_in_messages_of_their_own(talk: Talk) -> None:
    """Nothing is lost or said twice, and each message belongs to its turn."""
    ann = talk.telegram.ann
    story = " ".join(f"Sentence {number} of a long story." for number in range(300))
    talk.painter.will([{"text": story}, picture_part(plain(1))])
    await ann.say("a boat and its story")
    answers = await ann.answers(3)
    assert answers[0].has_picture
    assert len(answers[0].caption) <= 1024
    assert [len(answer.text) <= 4096 for answer in answers[1:]] == [True, True]
    assert " ".join(answer.words for answer in answers) == story
    assert [bool(answer.buttons) for answer in answers] == [True, False, False]
    await ann.say("now red", reply_to=answers[2])
    await ann.answer()
    assert [number_of(picture) for picture in talk.painter.calls[1].all_pictures] == [1]


async def test_a_copy_of_the_photo_is_named_and_can_be_asked_for_again(talk: Talk) -> None:
    ann = talk.telegram.ann
    talk.painter.will([picture_part(plain(7, (640, 480)))])
    await ann.photo(plain(7, (640, 480)), "make the sky pink")
    picture, note = await ann.answers(2)
    assert picture.has_picture
    assert note.text.startswith("The model returned the same picture. Try once more")
    assert list(note.buttons) == ["Try again"]


async def test_of_a_copy_at_another_size_it_is_not_said_that_nothing_changed(talk: Talk) -> None:
    """Who wished for half the size got it; who wished for a pink sky reads what came instead."""
    ann = talk.telegram.ann
    talk.painter.will([picture_part(plain(7, (320, 240)))])
    await ann.photo(plain(7, (640, 480)), "make it half as large")
    _, note = await ann.answers(2)
    assert note.text.startswith(
        "The picture shows the same as before; only its size changed, from 640 × 480 to 320 × 240 pixels."
    )


async def test_an_answer_in_words_alone_is_an_answer(talk: Talk) -> None:
    """It has buttons, but no File, and is part of the conversation."""
    ann = talk.telegram.ann
    talk.painter.will([{"text": "Which colour should it have?"}])
    await ann.say("a boat")
    answer = await ann.answer()
    assert answer.text == "Which colour should it have?"
    assert not any("File" in button for button in answer.buttons)
    await ann.say("red")
    await ann.answer()
    assert [part["parts"][0].get("text") for part in talk.painter.calls[1].contents] == [
        "a boat",
        "Which colour should it have?",
        "red",
    ]


async def test_the_picture_before_an_answer_in_words_alone_is_still_the_current_one(talk: Talk) -> None:
    """So /file sends it, as the next wish changes it."""
    ann = talk.telegram.ann
    await ann.say("a boat")
    await ann.answer()
    talk.painter.will([{"text": "Which colour should it have?"}])
    await ann.say("paint it")
    asked = await ann.answer()
    for reply_to in (None, asked):
        await ann.say("/file", reply_to=reply_to)
        assert number_of(await (await ann.answer()).document_bytes()) == 1


async def test_words_in_answer_to_a_photo_leave_the_photo_current(talk: Talk) -> None:
    ann = talk.telegram.ann
    talk.painter.will([{"text": "A boat, I think."}])
    await ann.photo(plain(150), "what is this?")
    await ann.answer()
    await ann.say("make it red")
    await ann.answer()
    assert [number_of(picture) for picture in talk.painter.calls[1].all_pictures] == [150]


async def test_long_words_alone_come_in_as_many_messages_as_they_need(talk: Talk) -> None:
    ann = talk.telegram.ann
    story = "\n\n".join(f"Paragraph {number}: " + "words and words. " * 20 for number in range(30))
    talk.painter.will([{"text": story}])
    await ann.say("tell me about boats")
    answers = await ann.answers(3)
    assert all(0 < len(answer.text) <= 4096 for answer in answers)
    assert "".join("".join(answer.text.split()) for answer in answers) == "".join(story.split())
    assert [bool(answer.buttons) for answer in answers] == [False, False, True]


@pytest.mark.parametrize("words", ["<b>bold & unclosed", "*_[x](y)`~>#+-=|{}.!\\", "a\u202eb\u0000c", "&lt;i&gt;"])
async def test_no_markup_in_the_models_words_can_break_the_answer(talk: Talk, words: str) -> None:
    talk.painter.will([{"text": words}, picture_part(plain(1))])
    await talk.telegram.ann.say("a boat")
    answer = await talk.telegram.ann.answer()
    assert answer.caption == words.replace("\0", "")
    assert answer.has_picture
    assert "caption_entities" not in answer.body


async def test_several_pictures_come_as_an_album_and_the_last_is_current(talk: Talk) -> None:
    ann = talk.telegram.ann
    talk.painter.will([picture_part(plain(1)), {"text": "and"}, picture_part(plain(2))])
    await ann.say("two boats")
    first, second, words = await ann.answers(3)
    assert first.body["media_group_id"] == second.body["media_group_id"]
    assert (words.text, "File" in "".join(words.buttons)) == ("and", True)
    await ann.press(words, "File")
    assert [await one.document_bytes() for one in await ann.answers(2)] == [plain(1), plain(2)]
    await ann.say("now red", reply_to=first)
    await ann.answer()
    assert number_of(talk.painter.calls[1].pictures[0]) == 1


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}, "blocked before anything was drawn"),
        (answered([], "IMAGE_SAFETY"), "held it back"),
        (
            {"candidates": [{"finishReason": "IMAGE_PROHIBITED_CONTENT", "finishMessage": "No famous mice."}]},
            "No famous mice.",
        ),
        (answered([], "MAX_TOKENS"), "cut off before a picture appeared"),
        (answered([], "SOMETHING_NEW"), "SOMETHING_NEW"),
    ],
)
async def test_a_refusal_is_told_and_leaves_no_hole_in_the_conversation(
    talk: Talk, body: dict[str, Any], sentence: str
) -> None:
    ann = talk.telegram.ann
    await ann.say("a boat")
    await ann.answer()
    talk.painter.will(body)
    await ann.say("with a famous mouse")
    assert sentence in (await ann.answer()).text
    await ann.say("now red")
    assert (await ann.answer()).has_picture
    assert [part["parts"][0].get("text") for part in talk.painter.calls[-1].contents][::2] == ["a boat", "now red"]


async def test_a_failed_wish_can_be_tried_again_by_a_button_also_after_a_restart(talk: Talk) -> None:
    ann = talk.telegram.ann
    talk.painter.will(too_many(600))
    await ann.say("a boat")
    told = await ann.answer()
    assert "Too many requests" in told.text
    await talk.restart()
    await ann.press(told, "Try again")
    assert (await ann.answer()).has_picture
    assert [call.wish for call in talk.painter.calls] == ["a boat", "a boat"]


async def test_a_cut_connection_is_told_as_such(talk: Talk) -> None:
    """The wish is the last message, so there is no doubt which one is meant."""
    ann = talk.telegram.ann
    talk.painter.will(Cut())
    await ann.say("a boat")
    told = await ann.answer()
    assert told.text.startswith("The connection to the provider was cut before the answer arrived.")
    assert told.reply_to is None
    await ann.press(told, "Try again")
    assert (await ann.answer()).has_picture


async def test_of_several_failures_each_says_which_wish_it_is_about(talk: Talk) -> None:
    """Also when that wish was deleted meanwhile: then it is no reply."""
    ann, gate = talk.telegram.ann, talk.painter.hold()
    wish = await ann.say("a boat")
    await talk.painter.called(1)
    house, cat, dog = [await ann.say(wish) for wish in ("a house", "a cat", "a dog")]
    talk.painter.will(Cut(), Cut(), Cut())
    await ann.delete(cat)
    gate.set()
    boat, *told = await ann.answers(4)
    assert (boat.has_picture, boat.reply_to) == (True, wish.id)
    assert [failure.reply_to for failure in told] == [house.id, None, dog.id]
    assert all("was cut before the answer arrived" in failure.text for failure in told)


async def test_a_short_delay_that_the_provider_asks_for_is_waited_out(talk: Talk) -> None:
    ann = talk.telegram.ann
    talk.painter.will(too_many(1))
    await ann.say("a boat")
    assert (await ann.answer()).has_picture
    first, second = talk.painter.calls
    assert second.at_s - first.at_s >= 1
    assert first.body == second.body


async def test_an_overloaded_model_is_asked_again(talk: Talk) -> None:
    ann = talk.telegram.ann
    talk.painter.will(OVERLOADED)
    await ann.say("a boat")
    assert (await ann.answer()).has_picture
    assert len(talk.painter.calls) == 2
    await ann.silence()


async def test_a_wrong_key_is_told_to_the_person_and_in_full_to_the_owner(tmp_path: Path) -> None:
    invalid = json.loads((FIXTURES / "61_400_api_key_invalid.json").read_text())
    async with talking(tmp_path, owner_ids={BORIS}) as talk:
        await talk.telegram.boris.say("/start")
        await talk.telegram.boris.answer()
        talk.painter.will((400, invalid["http"]["body_json"]))
        await talk.telegram.ann.say("a boat")
        answer = await talk.telegram.ann.answer()
        assert answer.text == "The API key of this bot is not valid.\nMy owner has been told."
        told = (await talk.telegram.boris.answer()).text
        assert "key-invalid" in told
        assert "key-of-a-test" not in told


async def test_without_an_owner_in_the_settings_the_person_is_asked_to_report_a_fault(talk: Talk) -> None:
    invalid = json.loads((FIXTURES / "61_400_api_key_invalid.json").read_text())
    talk.painter.will((400, invalid["http"]["body_json"]))
    await talk.telegram.ann.say("a boat")
    text = (await talk.telegram.ann.answer()).text
    assert text == "The API key of this bot is not valid.\nPlease tell the person who runs this bot."


# Replies that go back as they came.

SIGNED = [
    {"text": "Thinking of boats.", "thought": True},
    {"thoughtSignature": "Zmlyc3Q=", "text": "Here is\n your  boat. 🎨"},
    {
        "inlineData": {"data": base64.b64encode(plain(1)).decode(), "mimeType": "image/png"},
        "partMetadata": {"zebra": [1, None], "apple": {"b": 0.5}},
        "thoughtSignature": "c2Vjb25k" * 400,
    },
    {"text": "", "thoughtSignature": "bGFzdA=="},
]


async def test_a_signing_model_gets_its_own_words_and_signatures_back_verbatim(tmp_path: Path) -> None:
    """Part by part and byte by byte, also after a restart. Only unsigned thoughts are left out."""
    async with talking(tmp_path, gemini_model="gemini-3-pro-image") as talk:
        ann = talk.telegram.ann
        talk.painter.will(SIGNED)
        await ann.say("a boat")
        assert (await ann.answer()).caption == "Here is\n your  boat. 🎨"
        await talk.restart()
        await ann.say("now red")
        await ann.answer()
        first, second = talk.painter.calls
        assert first.model == "gemini-3-pro-image"
        assert second.roles == ["user", "model", "user"]
        assert json.dumps(second.contents[1]["parts"]) == json.dumps(SIGNED[1:])


async def test_a_picture_without_its_signature_goes_back_as_the_users_own(tmp_path: Path) -> None:
    """A model that signs refuses its own picture without the signature, so it never sees it that way."""
    async with talking(tmp_path, gemini_model="gemini-3-pro-image") as talk:
        ann = talk.telegram.ann
        talk.painter.will([{"text": "There."}, picture_part(plain(1))])
        await ann.say("a boat")
        await ann.answer()
        await ann.say("now red")
        await ann.answer()
        call = talk.painter.calls[1]
        assert call.roles == ["user"]
        assert [number_of(picture) for picture in call.pictures] == [1]
        assert "a boat" in call.wish
        assert call.wish.endswith("now red")


async def test_a_history_that_the_model_refuses_is_sent_as_words_once(tmp_path: Path) -> None:
    async with talking(tmp_path, gemini_model="gemini-3-pro-image") as talk:
        ann = talk.telegram.ann
        talk.painter.will(SIGNED)
        await ann.say("a boat")
        await ann.answer()
        talk.painter.will(UNSIGNED)
        await ann.say("now red")
        assert (await ann.answer()).has_picture
        refused, degraded = talk.painter.calls[1:]
        assert (refused.roles, degraded.roles) == (["user", "model", "user"], ["user"])
        assert [number_of(picture) for picture in degraded.pictures] == [1]
        assert degraded.wish.endswith("now red")


async def test_history_is_fitted_by_whole_pairs_and_never_without_the_current_picture(tmp_path: Path) -> None:
    async with talking(tmp_path, history_budget_bytes=200_000) as talk:
        ann, drawn = talk.telegram.ann, [noise(number) for number in range(5)]
        for number, picture in enumerate(drawn):
            talk.painter.will([picture_part(picture)])
            await ann.say(f"wish {number}")
            await ann.answer()
        last = talk.painter.calls[-1]
        assert len(drawn[0]) * 4 / 3 * 3 > 200_000 > len(drawn[0]) * 4 / 3 * 2
        assert last.all_pictures == drawn[2:4]
        assert last.roles == ["user", "model", "user", "model", "user"]
        assert len(json.dumps(last.contents)) < 200_000


async def test_a_picture_larger_than_the_whole_budget_still_goes_along(tmp_path: Path) -> None:
    async with talking(tmp_path, history_budget_bytes=100_000) as talk:
        ann, large = talk.telegram.ann, noise(1, 200)
        talk.painter.will([picture_part(large)])
        await ann.say("a boat")
        await ann.answer()
        await ann.say("now red")
        await ann.answer()
        assert len(large) > 100_000
        assert (talk.painter.calls[1].roles, talk.painter.calls[1].pictures) == (["user"], [large])


# One conversation, one thing at a time.


async def test_wishes_are_answered_in_the_order_in_which_they_were_sent(talk: Talk) -> None:
    ann = talk.telegram.ann
    for wish in ("a boat", "now red", "add a gull"):
        await ann.say(wish)
    assert [number_of(await answer.picture_bytes()) for answer in await ann.answers(3)] == [1, 2, 3]
    assert [len(call.contents) for call in talk.painter.calls] == [1, 3, 5]
    assert talk.painter.most_running == 1


async def test_conversations_do_not_wait_for_each_other(talk: Talk) -> None:
    gate = talk.painter.hold()
    await talk.telegram.ann.say("a boat that takes long")
    await talk.painter.called(1)
    await talk.telegram.boris.say("a gull")
    assert (await talk.telegram.boris.answer()).has_picture
    gate.set()
    assert (await talk.telegram.ann.answer()).has_picture


async def test_people_see_that_it_paints(talk: Talk) -> None:
    ann, gate = talk.telegram.ann, talk.painter.hold()
    await ann.say("a boat")
    await talk.painter.called(1)

    async def actions() -> list[dict[str, Any]] | None:
        return await talk.telegram.calls("sendChatAction") or None

    (action, *_) = await talk.telegram.wait_for(actions, 10, "nobody saw that it paints")
    gate.set()
    await ann.answer()
    assert action["params"] == {"chat_id": str(ann.id), "action": "upload_photo"}


async def test_cancel_stops_the_painting_and_nothing_of_it_stays(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("a boat")
    await ann.answer()
    talk.painter.hold()
    await ann.say("with a famous mouse")
    await talk.painter.called(2)
    await ann.say("/cancel")
    assert "Stopped" in (await ann.answer()).text
    await ann.say("now red")
    assert (await ann.answer()).has_picture
    assert [part["parts"][0].get("text") for part in talk.painter.calls[-1].contents][::2] == ["a boat", "now red"]


async def test_cancel_takes_the_running_wish_and_leaves_the_waiting_one(talk: Talk) -> None:
    ann = talk.telegram.ann
    talk.painter.hold()
    await ann.say("a boat")
    await talk.painter.called(1)
    await ann.say("a gull")
    await ann.say("/cancel")
    stopped, painted = await ann.answers(2)
    assert ("Stopped" in stopped.text, painted.has_picture) == (True, True)
    assert "One more wish is waiting" in stopped.text
    assert [call.wish for call in talk.painter.calls] == ["a boat", "a gull"]


async def test_a_cancel_says_how_many_wishes_wait_behind_it(talk: Talk) -> None:
    """An album is one wish, a photo that waits for words is none, and what is not stopped is painted."""
    ann, gate = talk.telegram.ann, talk.painter.hold()
    await ann.say("a boat")
    await talk.painter.called(1)
    await ann.say("a gull")
    await ann.album([plain(150), plain(151)], "as a watercolour")
    await ann.photo(plain(152))
    await ann.say("/tree")
    await ann.say("/cancel")
    stopped = await ann.answer()
    assert "2 more wishes are waiting" in stopped.text
    gate.set()
    await ann.answers(4)
    assert [call.wish for call in talk.painter.calls] == ["a boat", "a gull", "as a watercolour"]


async def test_there_may_be_nothing_to_cancel(talk: Talk) -> None:
    await talk.telegram.ann.say("/cancel")
    assert "not painting anything" in (await talk.telegram.ann.answer()).text


async def test_somebody_elses_cancel_stops_nothing_of_mine(talk: Talk) -> None:
    ann, gate = talk.telegram.ann, talk.painter.hold()
    await ann.say("a boat")
    await talk.painter.called(1)
    await talk.telegram.boris.say("/cancel")
    assert "not painting anything" in (await talk.telegram.boris.answer()).text
    gate.set()
    assert (await ann.answer()).has_picture


@in_one
async def test_a_refused_setting_is_told_once_and_not_sent_again(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("/ratio 16:9")
    await ann.answer()
    unknown = "Unknown name \"aspectRatio\" at 'generation_config.image_config': Cannot find field."
    talk.painter.will(google_says(400, "INVALID_ARGUMENT", unknown))
    await ann.say("a boat")
    assert "I tried without it" in (await ann.answer()).words
    await ann.say("warmer")
    assert "without it" not in (await ann.answer()).words
    assert ["aspectRatio" in json.dumps(call.body) for call in talk.painter.calls] == [True, False, False]


async def test_a_conversation_that_a_model_cannot_continue_goes_on_from_its_picture_and_says_so(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("a boat")
    await ann.answer()
    talk.painter.will(UNSIGNED)
    await ann.say("warmer")
    assert "I went on from the last picture only" in (await ann.answer()).words
    assert [len(call.contents) for call in talk.painter.calls] == [1, 3, 1]


@pytest.mark.parametrize("fails_at", [None, pytest.param(2, marks=in_one)])
async def test_long_words_of_which_pieces_are_equal_are_shown_again_whole_and_once(
    talk: Talk, fails_at: int | None
) -> None:
    """Also if the network fails between two pieces: the second try sends only the rest."""
    ann = talk.telegram.ann
    talk.painter.will(answered([{"text": "ha" * 4096}]))
    await ann.say("laugh")
    _, last = await ann.answers(2)
    (again,) = [data for data in last.buttons.values() if data.startswith("again:")]
    if fails_at is not None:
        await talk.telegram.fault("sendMessage", times=fails_at)
        await talk.telegram.fault("sendMessage", drop="before")
    await ann.press_data(last, again.replace("again", "show"))
    shown = await ann.answers(3, 20)
    await ann.silence()
    assert "".join(message.text for message in shown).endswith("ha" * 4096)
    assert [len(message.text) for message in shown][1:] == [4096, 4096]


@pytest.mark.parametrize("words", ["\u200b", "\u2063 \n\u200f"], ids=["a joint", "marks"])
async def test_words_that_nobody_can_see_are_no_answer_and_hold_nothing_up(talk: Talk, words: str) -> None:
    """Telegram calls a message of such words empty (td, misc.cpp, strip_empty_characters)."""
    ann = talk.telegram.ann
    talk.painter.will([{"text": words}])
    await ann.say("a boat")
    assert (await ann.answer()).text == "The model answered without a picture and without words."
    talk.painter.will([{"text": words}, picture_part(plain(1)), picture_part(plain(2))])
    await ann.say("two gulls")
    *album, ready = await ann.answers(3)
    assert all(message.has_picture for message in album)
    assert "Again" in str(ready.buttons)
