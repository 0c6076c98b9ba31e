"""A restored picture in the tree: moves, versions, names, exports, other models, and other people know of it."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pybase64
import pytest

from storage.records import Key
from tests.support.drifting import is_equal, jpeg, part, photo, redness, repainted, ringed, signed, size_of, with_hat
from tests.support.forgetting import MINE, forget
from tests.support.people import ANN, Chat, Message
from tests.support.pictures import opened
from tests.support.talking import Talk, in_one

KEPT = "Everything else kept from your photo."


async def marked_hat(talk: Talk, chat: Chat, *, wish: str = "put a red hat on it", called: str = "") -> Message:
    """Send a photo, and a copy with a ring on it; return the answer, in which the rest is kept."""
    sent = jpeg(photo())
    talk.painter.will(signed(repainted(with_hat(opened(sent)))))
    first = await chat.document(("photo.jpg", sent), *([f"{called} look"] if called else []))
    await chat.answer(60)
    talk.painter.script.clear()
    talk.painter.will(signed(repainted(with_hat(opened(sent)))))
    more: dict[str, Any] = {"reply_to": first} if called else {}
    await chat.photo(ringed(opened(sent)), f"{called} {wish}".strip(), **more)
    return await chat.answer(60)


async def file_of(chat: Chat, answer: Message) -> bytes:
    """Press File below an answer, and return what comes."""
    await chat.press(answer, "File")
    return await (await chat.answer(30)).document_bytes()


async def test_undo_and_redo_lead_back_to_it(talk: Talk) -> None:
    ann = talk.telegram.ann
    await marked_hat(talk, ann)
    await ann.say("a boat instead")
    await ann.answer(60)
    await ann.say("/undo")
    back = await ann.answer(30)
    assert "🖌 What the model painted" in back.buttons
    assert is_equal(part(await file_of(ann, back)), part(jpeg(photo())))
    await ann.say("warmer")
    await ann.answer(60)
    assert is_equal(part(talk.painter.calls[-1].all_pictures[-1]), part(jpeg(photo())))


async def test_a_name_a_number_and_a_comparison_find_it(talk: Talk) -> None:
    ann = talk.telegram.ann
    answer = await marked_hat(talk, ann)
    await ann.say("/save hat", reply_to=answer)
    await ann.answer()
    await ann.say("/compare")
    board = await ann.answer(60)
    assert board.caption.endswith("The line goes around what is different.")
    await ann.say("/tree")
    assert (await ann.answer(60)).has_picture
    await ann.say("/new @hat in the rain")
    await ann.answer(60)
    assert is_equal(part(talk.painter.calls[-1].pictures[0]), part(jpeg(photo())))
    await ann.say("/go 1")
    assert is_equal(part(await file_of(ann, await ann.answer(30))), part(jpeg(photo())))


async def test_again_restores_the_other_answer_too(talk: Talk) -> None:
    ann = talk.telegram.ann
    answer = await marked_hat(talk, ann)
    talk.painter.will(signed(repainted(with_hat(opened(jpeg(photo())), "green"), 3)))
    await ann.press(answer, "Again")
    again = await ann.answer(60)
    assert again.caption.endswith(KEPT)
    whole = await file_of(ann, again)
    assert is_equal(part(whole), part(jpeg(photo())))
    assert redness(whole) < 0


async def test_of_four_versions_each_has_its_own(talk: Talk) -> None:
    ann, sent = talk.telegram.ann, opened(jpeg(photo()))
    colours = ("crimson", "green", "blue", "gold")
    first = await ann.document(("photo.jpg", jpeg(photo())))
    await ann.answer()
    talk.painter.will(*(signed(repainted(with_hat(sent, one), seed)) for seed, one in enumerate(colours)))
    await ann.photo(ringed(sent), "/x4 put a hat on it", reply_to=first)
    *album, words = await ann.answers(5, 120)
    assert all(picture.has_picture for picture in album)
    assert words.text.count(KEPT) == 1
    await ann.press(words, "3")
    chosen = await ann.answer(30)
    assert "🖌 What the model painted" in chosen.buttons
    assert is_equal(part(await file_of(ann, chosen)), part(sent))
    turns = [await talk.store.conversations.turn(turn_id) for turn_id in range(1, 5)]
    made = [turn.restored.picture.media.sha256 for turn in turns if turn and turn.restored]
    assert len(set(made)) == 4


@in_one
async def test_of_four_versions_it_is_said_in_which_the_rest_was_kept(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two put a hat on, two change all of the photo."""
    # On a busy machine, too.
    monkeypatch.setattr("bot.turns.restoring.restoring.LOOK_S", 60.0)
    ann, sent = talk.telegram.ann, opened(jpeg(photo()))
    dark = sent.point(lambda level: level // 4)
    hats = [with_hat(sent, "crimson"), dark, with_hat(sent, "blue"), dark]
    talk.painter.will(*(signed(repainted(one, seed)) for seed, one in enumerate(hats)))
    await ann.document(("photo.jpg", jpeg(photo())), "/x4 put a hat on it")
    *_, words = await ann.answers(5, 120)
    turns = [await talk.store.conversations.turn(turn_id) for turn_id in range(1, 5)]
    kept = [str(number) for number, turn in enumerate(turns, start=1) if turn and turn.restored]
    assert len(kept) == 2
    assert KEPT not in words.text
    assert words.text.endswith(f"Everything else is as it was in number {', '.join(kept)}.")


async def test_an_export_holds_both_and_replays_what_was_seen(talk: Talk) -> None:
    """The model's reply stays as it was, with its signature; the request has the picture that is edited, without."""
    ann, sent = talk.telegram.ann, jpeg(photo())
    answer = await marked_hat(talk, ann)
    whole = await file_of(ann, answer)
    painted = repainted(with_hat(opened(sent)))
    await ann.say("warmer")
    await ann.answer(60)
    await ann.say("/export")
    archive = zipfile.ZipFile(io.BytesIO(await (await ann.answer(60)).document_bytes()))
    pictures = [archive.read(name) for name in archive.namelist() if name.startswith("pictures/")]
    assert {whole, painted, sent} <= set(pictures)
    first = json.loads(archive.read("tree.json"))[0]
    assert archive.read(first["restored"]["picture"]) == whole
    assert first["restored"]["taken"] is True
    assert first["restored"]["verdict"] == "local"
    assert "c2lnbmVk" in str(first["reply"])
    replay = json.loads(archive.read("contents.json"))
    assert [content["role"] for content in replay["contents"]] == ["user", "model", "user"]
    (shown,) = [one for one in replay["contents"][1]["parts"] if "inlineData" in one]
    assert is_equal(part(pybase64.b64decode(shown["inlineData"]["data"])), part(sent))
    assert "thoughtSignature" not in shown


async def test_another_model_gets_the_same(talk: Talk) -> None:
    ann = talk.telegram.ann
    await marked_hat(talk, ann)
    await ann.say("/model gemini-3-pro-image")
    await ann.answer()
    await ann.say("warmer")
    await ann.answer(60)
    call = talk.painter.calls[-1]
    assert call.model == "gemini-3-pro-image"
    assert call.roles == ["user"]
    (picture,) = call.all_pictures
    assert is_equal(part(picture), part(jpeg(photo())))


async def test_it_never_loses_size_along_a_chain(talk: Talk) -> None:
    """Five edits in five places: after each the far part is the photo, bit for bit, at its size."""
    ann, sent = talk.telegram.ann, jpeg(photo(900))
    await ann.document(("photo.jpg", sent))
    await ann.answer()
    now = opened(sent)
    for number in range(4):
        place = (0.05 + 0.13 * number, 0.3, 0.15 + 0.13 * number, 0.5)
        talk.painter.will(signed(repainted(with_hat(now, ("crimson", "gold")[number % 2], place), number)))
        await ann.photo(ringed(now, place), f"hat {number}")
        answer = await ann.answer(60)
        assert "🔒" in answer.caption
        now = opened(await file_of(ann, answer))
        assert now.size == (900, 600)
        assert is_equal(part(now), part(sent))


async def test_an_album_and_a_transparent_picture_are_left_as_they_come(talk: Talk) -> None:
    ann, sent = talk.telegram.ann, photo()
    talk.painter.will(signed(repainted(with_hat(sent))))
    await ann.album([jpeg(sent), jpeg(sent.rotate(180))], "put hats on them")
    assert not [button for button in (await ann.answer(60)).buttons if "Only" in button]
    clear = sent.convert("RGBA")
    clear.putalpha(120)
    written = io.BytesIO()
    clear.save(written, "PNG")
    talk.painter.will(signed(repainted(with_hat(sent))))
    await ann.document(("clear.png", written.getvalue()), "put a hat on it")
    assert not [button for button in (await ann.answer(60)).buttons if "Only" in button]


async def test_a_chosen_shape_is_not_undone(talk: Talk) -> None:
    ann, sent = talk.telegram.ann, jpeg(photo())
    talk.painter.will(signed(repainted(with_hat(opened(sent)))))
    await ann.document(("photo.jpg", sent), "/ratio 1:1 put a hat on it")
    answer = await ann.answer(60)
    assert not [button for button in answer.buttons if "Only" in button]


@pytest.mark.parametrize("taken", [True, False])
async def test_what_somebody_forgets_leaves_the_restored_pictures_of_others(talk: Talk, taken: bool) -> None:
    """In a group the model's answer stays; the one that holds Ann's own pixels goes, with its file."""
    await talk.telegram.privacy(on=False)
    await talk.restart()
    group = await talk.telegram.group(kind="supergroup")
    await group.answer()
    answer = await marked_hat(talk, group, called="@pentimento_bot")
    assert answer.caption.endswith(KEPT)
    turn = await talk.store.conversations.turn(2)
    assert turn is not None
    assert turn.restored is not None
    made = turn.restored.picture.media.sha256
    if not taken:
        await group.press(answer, "What the model painted")
        await group.answer(30)
    await forget(talk.telegram.ann, MINE)
    left = await talk.store.conversations.turn(2)
    assert left is not None
    assert left.restored is None
    assert left.shown == turn.painted
    assert await talk.store.media.size_bytes(made) is None
    for check in talk.store.audit.checks.values():
        assert [finding async for finding in check() if finding.broken] == []
    boris = group.seen_by(1002)
    await boris.say("@pentimento_bot warmer", reply_to=answer)
    assert (await boris.answer(60)).has_picture
    assert size_of(talk.painter.calls[-1].all_pictures[-1]) == size_of(repainted(photo()))


async def test_what_people_delete_of_a_conversation_is_gone_from_the_store(talk: Talk) -> None:
    ann = talk.telegram.ann
    await marked_hat(talk, ann)
    conversation = await talk.store.conversations.open(Key(ANN, 0))
    assert conversation.head_id is not None
    assert len(await talk.store.media.names()) >= 4
    await forget(ann, MINE)
    assert await talk.store.media.names() == []
