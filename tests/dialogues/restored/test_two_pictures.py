"""An answer has two pictures: each message, its file and its reply mean the one that it shows."""

from __future__ import annotations

import pytest

from storage.records import Key
from tests.support.drifting import is_equal, jpeg, part, photo, redness, repainted, ringed, signed, size_of, with_hat
from tests.support.people import ANN, Chat, Message
from tests.support.pictures import opened
from tests.support.talking import Talk, in_one

KEPT = "Everything else kept from your photo."
LEFT = "they do not fit back into your picture"
PAINTED, ONLY = "What the model painted", "Only the change"
SPOT = (0.45, 0.45, 0.53, 0.55)
"""A place that is small enough to be sent as a crop."""


async def marked_hat(talk: Talk) -> tuple[bytes, Message]:
    """Let Ann mark a place of her photo; return the photo and the answer."""
    ann, sent = talk.telegram.ann, jpeg(photo())
    await ann.document(("photo.jpg", sent))
    await ann.answer()
    talk.painter.will(signed(repainted(with_hat(opened(sent)))))
    await ann.photo(ringed(opened(sent)), "put a red hat on it")
    return sent, await ann.answer(60)


async def file_of(chat: Chat, answer: Message) -> bytes:
    """Press File below an answer, and return what comes."""
    await chat.press(answer, "File")
    return await (await chat.answer(30)).document_bytes()


async def test_file_brings_the_picture_above_the_button(talk: Talk) -> None:
    """Also where the conversation goes on from the other one."""
    ann = talk.telegram.ann
    sent, kept = await marked_hat(talk)
    await ann.press(kept, PAINTED)
    painted = await ann.answer(30)
    model_s = repainted(with_hat(opened(sent)))
    assert await file_of(ann, painted) == model_s
    whole = await file_of(ann, kept)
    assert is_equal(part(whole), part(sent))
    await ann.say("/file", reply_to=kept)
    assert await (await ann.answer(30)).document_bytes() == whole
    await ann.press(painted, ONLY)
    await ann.answer(30)
    await ann.say("/file", reply_to=painted)
    assert await (await ann.answer(30)).document_bytes() == model_s
    await ann.say("/file")
    assert await (await ann.answer(30)).document_bytes() == whole


async def test_a_look_at_the_model_s_picture_of_an_older_answer_changes_nothing(talk: Talk) -> None:
    """What came after it was made from the picture that was seen then, and Again makes it from that one again."""
    ann = talk.telegram.ann
    sent, kept = await marked_hat(talk)
    await ann.say("warmer")
    later = await ann.answer(60)
    await ann.press(kept, PAINTED)
    looked = await ann.answer(30)
    assert looked.caption == "This is what the model painted. Reply to it to go on from here."
    assert f"🔒 {ONLY}" in looked.buttons
    assert await file_of(ann, looked) == repainted(with_hat(opened(sent)))
    await ann.press(later, "Again")
    await ann.answer(60)
    assert is_equal(part(talk.painter.calls[-1].all_pictures[-1]), part(sent))
    await ann.say("colder", reply_to=looked)
    await ann.answer(60)
    assert talk.painter.calls[-1].all_pictures[-1] == repainted(with_hat(opened(sent)))
    await ann.press(looked, ONLY)
    only = await ann.answer(30)
    assert only.caption == "Only the change, and everything else as it was. Reply to it to go on from here."
    assert is_equal(part(await file_of(ann, only)), part(sent))


async def test_a_mark_on_a_restored_picture_edits_the_lossless_one(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its copy for chats and models may be smaller. As a reply, and without one."""
    monkeypatch.setattr("bot.turns.restoring.making.COPY_SIDE_PX", 480)
    ann = talk.telegram.ann
    sent, answer = await marked_hat(talk)
    place = (0.1, 0.2, 0.25, 0.4)
    whole = await file_of(ann, answer)
    for reply, colour in ((True, "gold"), (False, "blue")):
        now = opened(whole)
        talk.painter.will(signed(repainted(with_hat(now, colour, place), 2)))
        more = {"reply_to": answer} if reply else {}
        await ann.photo(ringed(now, place), "and a sun", **more)
        answer = await ann.answer(60)
        whole = await file_of(ann, answer)
        assert size_of(whole) == size_of(sent)
        assert is_equal(part(whole), part(sent))
        assert redness(whole) > 100


@in_one
async def test_a_crop_that_cannot_be_put_back_for_want_of_the_photo_is_told(talk: Talk) -> None:
    """Else a part of the photo would come as if it were the whole."""
    ann, sent = talk.telegram.ann, jpeg(photo(2100))
    await ann.document(("photo.jpg", sent))
    await ann.answer(30)
    gate = talk.painter.hold()
    await ann.photo(ringed(opened(sent), SPOT), "put a hat there")
    call = await talk.painter.called(1, 60)
    assert "This is a part of a larger picture." in call.wish
    turn = await talk.store.conversations.next_unfinished(Key(ANN, 0))
    assert turn is not None
    await talk.store.media.delete(turn.pictures[0].media.sha256)
    gate.set()
    answer = await ann.answer(60)
    assert LEFT in answer.caption
    assert len(talk.painter.calls) == 1


async def test_a_reply_to_a_marked_copy_means_its_picture_and_the_place(talk: Talk) -> None:
    """The copy alone would be edited with the pen's lines in it."""
    ann, sent = talk.telegram.ann, jpeg(photo())
    await ann.document(("photo.jpg", sent))
    await ann.answer()
    talk.painter.will(signed(repainted(with_hat(opened(sent)))))
    marked = await ann.photo(ringed(opened(sent)), "put a red hat on it")
    await ann.answer(60)
    talk.painter.will(signed(repainted(with_hat(opened(sent), "green"))))
    await ann.say("a green one", reply_to=marked)
    answer = await ann.answer(60)
    assert answer.caption.endswith(KEPT)
    assert len(talk.painter.calls[-1].all_pictures) == 2
    assert is_equal(part(talk.painter.calls[-1].all_pictures[0]), part(sent))
    whole = await file_of(ann, answer)
    assert is_equal(part(whole), part(sent))
    assert redness(whole) < 0
