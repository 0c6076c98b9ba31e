"""A wish changes one place of a photo; the model repaints all of it, and the person gets the photo with the change."""

from __future__ import annotations

import logging
import re

import pytest

from tests.support.drifting import (
    FAR,
    is_equal,
    jpeg,
    part,
    photo,
    redness,
    repainted,
    ringed,
    signed,
    size_of,
    with_hat,
)
from tests.support.people import Chat, Message
from tests.support.pictures import opened
from tests.support.talking import Talk, in_one

KEPT = "Everything else kept from your photo."
PAINTED, ONLY = "What the model painted", "Only the change"


async def file_of(chat: Chat, answer: Message) -> bytes:
    """Press File below an answer, and return what comes."""
    await chat.press(answer, "File")
    return await (await chat.answer(30)).document_bytes()


async def hat(talk: Talk, wish: str = "put a red hat on it", seed: int = 1) -> tuple[bytes, Message]:
    """Let Ann ask for a hat on her photo, without a mark; return the photo and the answer."""
    sent = jpeg(photo())
    talk.painter.will(signed(repainted(with_hat(opened(sent)), seed)))
    await talk.telegram.ann.document(("photo.jpg", sent), wish)
    return sent, await talk.telegram.ann.answer(60)


async def test_a_marked_place_changes_and_nothing_else_does(sandbox: Talk) -> None:
    """The engine drifts as real models do. Of that only the marked place comes through."""
    ann, sent = sandbox.telegram.ann, jpeg(photo(1200))
    await ann.document(("photo.jpg", sent))
    await ann.answer()
    await ann.photo(ringed(opened(sent)), "make it black and white")
    answer = await ann.answer(60)
    assert answer.caption.endswith(KEPT)
    assert answer.buttons.keys() >= {"🖌 What the model painted"}
    whole = await file_of(ann, answer)
    assert size_of(whole) == (1200, 800)
    assert opened(whole).format == "PNG"
    assert is_equal(part(whole), part(sent))
    # The cup in the ring is grey now.
    assert abs(redness(whole)) < 5 < abs(redness(sent))


async def test_what_the_model_painted_is_one_tap_away_and_gone_on_from(sandbox: Talk) -> None:
    ann, sent = sandbox.telegram.ann, jpeg(photo())
    await ann.document(("photo.jpg", sent))
    await ann.answer()
    await ann.photo(ringed(opened(sent)), "make it black and white")
    answer = await ann.answer(60)
    await ann.press(answer, PAINTED)
    painted = await ann.answer(30)
    assert painted.caption == "This is what the model painted. We go on from this one."
    assert "🔒 Only the change" in painted.buttons
    file = await file_of(ann, painted)
    assert size_of(file) != (600, 400)
    assert not is_equal(part(opened(file).resize((600, 400))), part(sent))
    await ann.press(painted, ONLY)
    back = await ann.answer(30)
    assert back.caption == "Only the change, and everything else as it was. We go on from this one."
    assert is_equal(part(await file_of(ann, back)), part(sent))


async def test_without_a_mark_the_rest_is_kept_where_it_is_sure(talk: Talk) -> None:
    """Whole photo, every pixel of it but the hat and a narrow seam. What the model painted is one tap away."""
    ann = talk.telegram.ann
    sent, answer = await hat(talk)
    assert answer.caption == f"Here it is.\n🔒 {KEPT}"
    whole = await file_of(ann, answer)
    assert size_of(whole) == size_of(sent)
    assert is_equal(part(whole), part(sent))
    assert redness(whole) > 100
    await ann.press(answer, PAINTED)
    painted = await ann.answer(30)
    assert await file_of(ann, painted) == repainted(with_hat(opened(sent)))


async def test_a_change_of_everything_is_shown_as_it_is_and_nothing_is_said(talk: Talk) -> None:
    ann, sent = talk.telegram.ann, jpeg(photo())
    night = opened(sent).point(lambda level: level // 4)
    talk.painter.will(signed(repainted(night)))
    await ann.document(("photo.jpg", sent), "make it night")
    answer = await ann.answer(60)
    assert answer.caption == "Here it is."
    assert not [button for button in answer.buttons if ONLY in button or PAINTED in button]
    file = await file_of(ann, answer)
    assert size_of(file) == size_of(repainted(night))


async def test_whoever_marked_a_place_reads_that_all_of_it_was_painted_anew(talk: Talk) -> None:
    ann, sent = talk.telegram.ann, jpeg(photo())
    await ann.document(("photo.jpg", sent))
    await ann.answer()
    talk.painter.will(signed(repainted(opened(sent).rotate(90))))
    await ann.photo(ringed(opened(sent)), "a red hat")
    answer = await ann.answer(60)
    assert answer.caption.endswith(
        "The model painted more than the marked place anew, and I could not take the place alone from it."
    )
    assert not [button for button in answer.buttons if ONLY in button or PAINTED in button]


async def test_the_model_gets_what_the_person_sees_and_no_signature_of_other_bytes(talk: Talk) -> None:
    """The restored picture stands in the new user turn, and what was wished before is told in words."""
    ann = talk.telegram.ann
    sent, answer = await hat(talk)
    before = opened(await file_of(ann, answer))
    talk.painter.will(signed(repainted(with_hat(before, "gold", (0.1, 0.2, 0.25, 0.4)), 2)))
    await ann.say("and a golden sun")
    next_answer = await ann.answer(60)
    call = talk.painter.calls[-1]
    assert call.roles == ["user"]
    assert "put a red hat on it" in call.wish
    assert call.wish.endswith("Now: and a golden sun")
    (picture,) = call.all_pictures
    assert is_equal(part(picture), part(sent))
    assert "thoughtSignature" not in str(call.contents)
    # The second edit is made in the restored picture: both changes are there, and the rest is the photo.
    whole = await file_of(ann, next_answer)
    assert size_of(whole) == size_of(sent)
    assert is_equal(part(whole), part(sent))
    assert redness(whole) > 100


async def test_a_reply_goes_on_from_the_picture_that_it_is_a_reply_to(talk: Talk) -> None:
    ann = talk.telegram.ann
    sent, answer = await hat(talk)
    await ann.press(answer, PAINTED)
    painted = await ann.answer(30)
    await ann.press(painted, ONLY)
    only = await ann.answer(30)
    await ann.say("warmer", reply_to=painted)
    await ann.answer(60)
    call = talk.painter.calls[-1]
    assert call.all_pictures[-1] == repainted(with_hat(opened(sent)))
    assert "put a red hat on it" in call.wish
    await ann.say("cooler", reply_to=only)
    await ann.answer(60)
    call = talk.painter.calls[-1]
    assert call.roles == ["user"]
    assert is_equal(part(call.all_pictures[-1]), part(sent))


@pytest.mark.parametrize(("choice", "button"), [("by a button", True), ("never", False)])
async def test_people_choose_what_happens(talk: Talk, choice: str, button: bool) -> None:
    """With a mark the rest is kept by itself, unless the conversation says otherwise."""
    ann, sent = talk.telegram.ann, jpeg(photo())
    await ann.say("/settings")
    menu = await ann.answer()
    assert "Keep the rest: automatic" in menu.buttons
    await ann.press(menu, "Keep the rest")
    page = await ann.until(menu, "should I keep the rest of your picture as it was?")
    await ann.press(page, choice)
    await ann.until(menu, lambda seen: f"Keep the rest: {choice}" in seen.buttons)
    await ann.document(("photo.jpg", sent))
    await ann.answer()
    talk.painter.will(signed(repainted(with_hat(opened(sent)))))
    await ann.photo(ringed(opened(sent)), "put a red hat on it")
    answer = await ann.answer(60)
    assert KEPT not in answer.caption
    assert ("🔒 Only the change" in answer.buttons) is button


async def test_the_far_part_of_what_is_shown_is_the_photo(sandbox: Talk) -> None:
    """What Telegram shows is a copy for the eye; it has no drift either."""
    ann, sent = sandbox.telegram.ann, jpeg(photo())
    await ann.document(("photo.jpg", sent))
    await ann.answer()
    await ann.photo(ringed(opened(sent)), "make it black and white")
    shown = await (await ann.answer(60)).picture_bytes()
    levels = [abs(a - b) for a, b in zip(part(shown, FAR).tobytes(), part(sent, FAR).tobytes(), strict=True)]
    assert sum(levels) / len(levels) < 2


@in_one
async def test_operators_see_in_numbers_what_became_of_answers(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    """One line for each answer, and how often people took an offer or took it back; a second tap changes nothing."""
    ann = talk.telegram.ann
    with caplog.at_level(logging.INFO, "bot.turns.restoring"):
        _, answer = await hat(talk)
    (line,) = [record.message for record in caplog.records if record.name.startswith("bot.turns.restoring")]
    assert re.match(
        r"turn 1: restored: local, .*, share 0\.0\d+, box \(\d+, .*\), transform .*, 600 x 400; [\d.]+ s", line
    )
    for button in (PAINTED, ONLY):
        await ann.press(answer, button)
        answer = await ann.answer(30)
    data = next(data for text, data in answer.buttons.items() if PAINTED in text).replace("painted", "only")
    await ann.press_data(answer, data)
    await ann.answer(30)
    counted = talk.running.answering.meter.restored
    assert counted == {"restored": 1, "taken_back": 1, "taken": 1}
