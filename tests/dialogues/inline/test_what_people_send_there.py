"""In chats of others the bot understands what it understands everywhere: voices, films, papers and rich messages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pybase64
import pytest

from storage.books.values import Amounts, Scope
from tests.dialogues.inline.test_guests import at_home
from tests.dialogues.inline.test_what_strangers_lend import kept_pictures
from tests.dialogues.wishes.test_rich_messages import send as send_rich
from tests.support.calling import BOT, placeholder, shown, strangers
from tests.support.messages import as_file_json
from tests.support.painter import colour, number_of, plain
from tests.support.papers import pdf
from tests.support.people import ANN, BORIS
from tests.support.talking import Talk, talking

EAR = "gemini-3.5-flash-lite"
JUNK = b"\x00\x00\x00\x18ftypmp42" + bytes(100)


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    """Yield a bot that listens, and that can be called as a guest."""
    async with talking(tmp_path, listen_model=EAR) as talk:
        yield await at_home(talk)


async def test_a_voice_message_of_ones_own_is_the_wish(talk: Talk) -> None:
    group = await strangers(talk)
    voice = await group.voice()
    talk.painter.spoken.append("a lighthouse at dusk")
    release = talk.painter.hold()
    await group.say(BOT, reply_to=voice)
    first = await placeholder(group)
    # What was understood stands there until the picture does.
    await group.until(first, "I understood: “a lighthouse at dusk”")
    release.set()
    assert (await shown(group, first)).has_picture
    assert talk.painter.calls[0].wish == "a lighthouse at dusk"
    spent = (await talk.store.books.sums(Scope.PERSON, [ANN])).get(ANN, Amounts())
    assert (await talk.store.usage.of(ANN)) is not None
    assert spent.micro_usd > 80


async def test_words_of_a_stranger_that_were_heard_are_spoken_of_once_and_leave_the_store(talk: Talk) -> None:
    group = await strangers(talk)
    voice = await group.seen_by(BORIS).voice()
    talk.painter.spoken.append("a castle in the clouds")
    await group.say(f"{BOT} paint this", reply_to=voice)
    await shown(group, await placeholder(group))
    assert "a castle in the clouds" in talk.painter.calls[0].wish
    turn = await talk.store.conversations.turn(1)
    assert turn is not None
    assert (turn.wish, turn.cited) == ("paint this", ())
    await group.say(f"{BOT} now at night")
    await shown(group, await placeholder(group))
    assert "castle" not in str(talk.painter.calls[1].contents)


async def test_a_video_of_a_stranger_is_a_picture_that_is_given_back_and_fetched_again(talk: Talk) -> None:
    group = await strangers(talk)
    preview = pybase64.b64encode(plain(150)).decode()
    file = as_file_json(("boat.mp4", JUNK)) | {"kind": "video", "preview": preview}
    [video] = await group.seen_by(BORIS)._send(files=[file])
    await group.say(f"{BOT} make it red", reply_to=video)
    message = await shown(group, await placeholder(group))
    assert [number_of(one) for one in talk.painter.calls[0].all_pictures] == [150]
    turn = await talk.store.conversations.turn(1)
    assert turn is not None
    assert turn.pictures == ()
    assert await kept_pictures(talk) == sorted(ref.sha256 for ref in turn.shown)
    await group.press(message, "Again")
    await talk.painter.called(2)
    assert [number_of(one) for one in talk.painter.calls[1].all_pictures] == [150]


async def test_of_a_strangers_pdf_the_named_page_is_used(talk: Talk) -> None:
    pytest.importorskip("pypdfium2")
    group = await strangers(talk)
    file = as_file_json(("plan.pdf", pdf(colour(150), colour(151)))) | {"mime": "application/pdf"}
    [paper] = await group.seen_by(BORIS)._send(files=[file], as_file=True)
    release = talk.painter.hold()
    await group.say(f"{BOT} colour page 2", reply_to=paper)
    first = await placeholder(group)
    await group.until(first, "page 2 of 2")
    release.set()
    await shown(group, first)
    assert len(talk.painter.calls[0].all_pictures) == 1


async def test_all_pictures_of_a_strangers_rich_message_are_used_and_given_back(talk: Talk) -> None:
    group = await strangers(talk)
    blocks = [{"type": "collage", "blocks": [{"type": "photo", "file": at} for at in range(2)]}]
    theirs = await send_rich(group.seen_by(BORIS), blocks, 150, 151)
    await group.say(f"{BOT} blend them", reply_to=theirs)
    await shown(group, await placeholder(group))
    assert sorted(number_of(one) for one in talk.painter.calls[0].all_pictures) == [150, 151]
    turn = await talk.store.conversations.turn(1)
    assert turn is not None
    assert turn.pictures == ()
    assert await kept_pictures(talk) == sorted(ref.sha256 for ref in turn.shown)


async def test_what_nobody_understands_gets_words_there(talk: Talk) -> None:
    """The placeholder stands there already, so silence would be a promise that is not kept."""
    group = await strangers(talk)
    await group.say(f"{BOT} a lighthouse")
    message = await shown(group, await placeholder(group))
    await group.say("/help@another_bot", reply_to=message)
    await group.until(await placeholder(group), "Here I only make pictures")
    await group.send(("song.mp3", b"ID3"), "audio", reply_to=message.id)
    await group.until(await placeholder(group), "Write after my name what you want")


async def test_another_bot_gets_no_answer_and_no_placeholder(talk: Talk) -> None:
    """Two bots would go on for ever."""
    group = await strangers(talk)
    await group.say(f"{BOT} a lighthouse")
    await shown(group, await placeholder(group))
    [call] = await talk.telegram.calls("answerGuestQuery")
    update = {
        "guest_message": {
            "message_id": 77,
            "date": 1,
            "chat": {"id": group.id, "type": "supergroup", "title": "Strangers"},
            "from": {"id": 4242, "is_bot": True, "first_name": "Robo", "username": "robo_bot"},
            "text": f"{BOT} a tower",
            "entities": [{"type": "mention", "offset": 0, "length": len(BOT)}],
            "guest_query_id": "4711",
        }
    }
    await talk.telegram.update(update)
    await talk.telegram.ann.say("/help")
    await talk.telegram.ann.answer()
    assert await talk.telegram.calls("answerGuestQuery") == [call]
    assert len(talk.painter.calls) == 1
