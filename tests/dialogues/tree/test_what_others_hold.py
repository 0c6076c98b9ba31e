"""/forget: what others hold of a person, in replies, forwards and copies, goes with its author."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.records import Key
from tests.support.drifting import jpeg, photo, ringed
from tests.support.forgetting import MINE, forget
from tests.support.lending import asked, lent
from tests.support.painter import numbers, plain, refused
from tests.support.people import ANN, BORIS, CHEN, Chat, Message
from tests.support.pictures import opened
from tests.support.talking import Talk, in_files, read_whole

pytestmark = in_files

BOT = "@pentimento_bot"
SECRET = "a very secret fox"


def _stored(talk: Talk) -> bytes:
    """Return every byte that the bot keeps on disk."""
    root = Path(talk.settings["data_dir"])
    return b"".join(path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file())


async def _faults(talk: Talk) -> list[str]:
    return [finding.text for look in talk.store.audit.checks.values() async for finding in look()]


async def _harbour(talk: Talk) -> Chat:
    """Return a group without the bot, as Boris uses it."""
    return (await talk.telegram.group("Harbour", bot=False)).seen_by(BORIS)


async def test_a_kept_wish_of_a_guest_that_passes_words_on_goes_with_their_author(tmp_path: Path) -> None:
    """Chen waits for an owner, which may take days. The words that she passed on are Ann's."""
    async with lent(tmp_path, access="ask", allowed_users={ANN}) as talk:
        ann, boris, chen = talk.telegram.ann, talk.telegram.boris, talk.telegram.chen
        harbour = await talk.telegram.group("Harbour", bot=False)
        await harbour.seen_by(CHEN).forward(await harbour.say(SECRET), chen)
        await chen.answer()
        question = await asked(boris)
        assert SECRET.encode() in _stored(talk)
        await forget(ann, MINE)
        assert SECRET.encode() not in _stored(talk)
        await boris.press(question, "Admit")
        await chen.answer()
        await chen.say("a gull")
        assert (await chen.answer()).has_picture
        assert [call.wish for call in talk.painter.calls] == ["a gull"]


async def test_a_wish_that_waits_loses_the_words_that_it_replies_to(talk: Talk) -> None:
    """Chen's own words stay a wish."""
    group = await read_whole(talk, "supergroup")
    gate = talk.painter.hold()
    await group.say(f"{BOT} a boat")
    await talk.painter.called(1)
    words = await group.seen_by(BORIS).say(SECRET)
    chen = group.seen_by(CHEN)
    await chen.say(f"{BOT} something like this, in blue", reply_to=words)
    await talk.telegram.wait_for(lambda: _is_stored(talk, SECRET), 10, "the reply has not come")
    await forget(talk.telegram.boris, MINE)
    assert SECRET.encode() not in _stored(talk)
    gate.set()
    await group.answers(2)
    assert talk.painter.calls[-1].wish == "Chen: something like this, in blue"
    assert SECRET.encode() not in _stored(talk)


async def _is_stored(talk: Talk, words: str) -> bool | None:
    return words.encode() in _stored(talk) or None


async def test_a_press_that_waits_shows_nothing_of_the_wish_below_which_it_was_made(talk: Talk) -> None:
    """Telegram says with each press to which message the answer replies."""
    group = await read_whole(talk, "supergroup")
    await group.seen_by(BORIS).say(f"{BOT} {SECRET}")
    answer = await group.answer()
    gate = talk.painter.hold()
    await group.say(f"{BOT} a boat")
    await talk.painter.called(2)
    await group.seen_by(CHEN).press(answer, "Undo")
    await talk.telegram.wait_for(lambda: _presses(talk, group), 10, "the press has not come")
    await forget(talk.telegram.boris, MINE)
    assert SECRET.encode() not in _stored(talk)
    gate.set()
    await group.answers(2)


async def _presses(talk: Talk, chat: Chat) -> bool | None:
    waiting = await talk.store.inbox.open_updates(Key(chat.id, 0))
    return any("callback_query" in row.payload for row in waiting) or None


async def _drawn_on(talk: Talk, words: str) -> tuple[Chat, bytes, bytes]:
    """Let Boris send a photo, and Ann a marked copy of it with words; return the group, the photo and the copy."""
    group = await read_whole(talk, "supergroup")
    sent = jpeg(photo())
    drawn = ringed(opened(sent))
    look = await group.seen_by(BORIS).document(("photo.jpg", sent), f"{BOT} make it warm")
    await group.answer(60)
    await group.document(("marked.jpg", drawn), words, reply_to=look)
    await group.answer(60)
    return group, sent, drawn


async def test_a_copy_on_which_somebody_drew_goes_with_the_photo(talk: Talk) -> None:
    """It holds the photo's pixels. The wish and its answer stay, since they are Ann's."""
    group, sent, drawn = await _drawn_on(talk, f"{BOT} remove this")
    assert drawn in _stored(talk)
    await forget(talk.telegram.boris, MINE)
    assert sent not in _stored(talk)
    assert drawn not in _stored(talk)
    assert await _faults(talk) == []
    await group.say(f"{BOT} colder")
    assert (await group.answer(60)).has_picture
    assert "Ann: remove this" in str(talk.painter.calls[-1].contents)


async def test_a_copy_that_waits_for_words_goes_with_the_photo(talk: Talk) -> None:
    _, _, drawn = await _drawn_on(talk, BOT)
    await forget(talk.telegram.boris, MINE)
    assert drawn not in _stored(talk)
    assert await _faults(talk) == []


async def test_a_copy_under_a_name_goes_with_the_photo(talk: Talk) -> None:
    group = await read_whole(talk, "supergroup")
    sent = jpeg(photo())
    drawn = ringed(opened(sent))
    look = await group.seen_by(BORIS).document(("photo.jpg", sent), f"{BOT} make it warm")
    await group.answer(60)
    copy = await group.document(("marked.jpg", drawn), f"{BOT} remove this", reply_to=look)
    await group.answer(60)
    await group.say(f"/save{BOT} cup", reply_to=copy)
    assert "@cup" in (await group.answer()).text
    await forget(talk.telegram.boris, MINE)
    assert drawn not in _stored(talk)
    assert await _faults(talk) == []


@pytest.mark.parametrize("used", [False, True], ids=["waits", "used"])
async def test_a_photo_that_was_passed_on_into_a_group_goes_with_its_author(talk: Talk, *, used: bool) -> None:
    """It waits for the words of Ann, who passed it on, and is Boris's all the same."""
    group, harbour = await read_whole(talk, "supergroup"), await _harbour(talk)
    await harbour.forward(await harbour.document(plain(150), BOT), talk.telegram.boris)
    await talk.telegram.boris.answer()
    await _pass_on(harbour, group, await harbour.document(plain(151), BOT))
    await group.answer()
    await group.seen_by(BORIS).say(f"{BOT} a gull")
    await group.answer()
    if used:
        await group.say(f"{BOT} warmer")
        await group.answer()
    assert [numbers(call.pictures) for call in talk.painter.calls] == [[], *([[151]] if used else [])]
    await forget(talk.telegram.boris, MINE)
    assert plain(151) not in _stored(talk)
    assert await _faults(talk) == []


async def _pass_on(harbour: Chat, group: Chat, message: Message) -> None:
    """Let Ann forward a message of a group."""
    await harbour.seen_by(ANN).forward(message, group)


async def test_a_photo_that_somebody_passed_on_goes_with_them_too_while_it_waits(talk: Talk) -> None:
    group, harbour = await read_whole(talk, "supergroup"), await _harbour(talk)
    await _pass_on(harbour, group, await harbour.document(plain(150), BOT))
    await group.answer()
    await forget(talk.telegram.ann, MINE)
    assert plain(150) not in _stored(talk)
    assert await _faults(talk) == []


async def test_what_somebody_replies_to_is_its_first_author_s(talk: Talk) -> None:
    """Ann passed on what Boris wrote and sent, and Chen replies to that."""
    group, harbour = await read_whole(talk, "supergroup"), await _harbour(talk)
    chen = group.seen_by(CHEN)
    passed_on = [await harbour.document(plain(150), SECRET), await harbour.say(SECRET)]
    seen = [await harbour.seen_by(ANN).forward(one, group) for one in passed_on]
    for words, replied in (("warmer", seen[0]), ("like this", seen[1]), ("", seen[1])):
        await chen.say(f"{BOT} {words}", reply_to=replied)
        assert (await group.answer()).has_picture
    assert SECRET.encode() in _stored(talk)
    await forget(talk.telegram.boris, MINE)
    assert plain(150) not in _stored(talk)
    assert SECRET.encode() not in _stored(talk)
    assert await _faults(talk) == []


async def test_a_photo_that_somebody_passed_on_and_asks_about_still_waits_for_them(talk: Talk) -> None:
    """In a group a picture waits for its sender; who took it does not matter for that."""
    group, harbour = await read_whole(talk, "supergroup"), await _harbour(talk)
    passed_on = await harbour.seen_by(ANN).forward(await harbour.document(plain(150)), group)
    await group.say(BOT, reply_to=passed_on)
    await group.answer()
    await group.say(f"{BOT} warmer")
    await group.answer()
    assert numbers(talk.painter.calls[-1].pictures) == [150]
    await forget(talk.telegram.boris, MINE)
    assert plain(150) not in _stored(talk)


async def test_a_refusal_that_repeats_words_of_others_loses_them(talk: Talk) -> None:
    group = await read_whole(talk, "supergroup")
    words = await group.seen_by(BORIS).say(SECRET)
    talk.painter.will(refused(f"No picture of {SECRET} can be made."))
    wish = await group.say(f"{BOT} something like this", reply_to=words)
    assert SECRET in (await group.answer()).text
    await forget(talk.telegram.boris, MINE)
    assert SECRET.encode() not in _stored(talk)
    await group.edit(wish, f"{BOT} a gull")
    assert (await group.answer()).has_picture


async def test_a_photo_whose_name_was_dropped_is_not_left_behind(talk: Talk) -> None:
    """Nothing else used it: the bot had fetched it for the name."""
    group = await read_whole(talk, "supergroup")
    look = await group.seen_by(BORIS).document(plain(150))
    await group.say(f"/save{BOT} hat", reply_to=look)
    await group.answer()
    assert plain(150) in _stored(talk)
    await group.say(f"/drop{BOT} hat")
    await group.answer()
    await forget(talk.telegram.boris, MINE)
    assert plain(150) not in _stored(talk)
    assert await _faults(talk) == []


async def test_a_wish_that_waits_is_not_painted_without_the_photo_that_it_is_about(talk: Talk) -> None:
    """It would cost something and show something else."""
    group = await read_whole(talk, "supergroup")
    look = await group.seen_by(BORIS).document(plain(150))
    gate = talk.painter.hold()
    await group.say(f"{BOT} a boat")
    await talk.painter.called(1)
    await group.seen_by(CHEN).say(f"{BOT} warmer", reply_to=look)
    await talk.telegram.wait_for(lambda: _is_stored(talk, "warmer"), 10, "the wish has not come")
    await forget(talk.telegram.boris, MINE)
    gate.set()
    await group.answer()
    assert "deleted it" in (await group.answer()).text
    assert [call.wish for call in talk.painter.calls] == ["Ann: a boat"]
    assert plain(150) not in _stored(talk)
