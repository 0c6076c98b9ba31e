"""What a wish from a chat of others uses of strangers is used for that wish, and then given back."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.dialogues.inline.test_guests import at_home
from tests.support.calling import BOT, placeholder, shown, strangers
from tests.support.forgetting import MINE, asked, forget
from tests.support.painter import number_of, plain
from tests.support.people import ANN, BORIS, Chat, Message
from tests.support.talking import Talk, in_files


@pytest.fixture
async def guests(talk: Talk) -> Talk:
    """Return a bot that may be called as a guest."""
    return await at_home(talk)


async def called(group: Chat, words: str, reply_to: Message | None = None) -> None:
    """Call the bot and wait for its picture."""
    await group.say(f"{BOT} {words}", reply_to=reply_to)
    await shown(group, await placeholder(group))


async def kept_pictures(talk: Talk) -> list[str]:
    """Return the pictures that the store has, by their names."""
    return sorted([name async for page in talk.store.media.pages("media", before=time.time() + 60) for name in page])


async def test_nothing_of_a_foreign_chat_is_in_any_other_request(guests: Talk) -> None:
    """Neither in the same chat, nor in another one, nor in private; nor in what others ask."""
    first, second = await strangers(guests), await strangers(guests, title="Others")
    photo = await first.seen_by(BORIS).photo(plain(7), "the secret harbour")
    await called(first, "make it red", reply_to=photo)
    await called(first, "a lighthouse")
    await called(second, "a tower")
    await called(first.seen_by(BORIS), "a bridge")
    await guests.telegram.ann.say("a mill")
    await guests.telegram.ann.answer()
    using, *others = guests.painter.calls
    assert [number_of(one) for one in using.all_pictures] == [7]
    assert using.wish == "make it red"
    assert [call.wish for call in others] == ["a lighthouse", "a tower", "a bridge", "a mill"]
    assert "secret harbour" not in str(using.contents)
    for call in others:
        assert 7 not in [number_of(one) for one in call.all_pictures]
        assert "secret harbour" not in str(call.contents)
        assert "Boris" not in str(call.contents)
    # Only the caller's own answer in the same chat goes on.
    assert [call.roles for call in others] == [["user", "model", "user"], ["user"], ["user"], ["user"]]


async def test_pictures_and_words_of_strangers_leave_the_store(guests: Talk) -> None:
    group = await strangers(guests)
    photo = await group.seen_by(BORIS).photo(plain(7), "my boat")
    await called(group, "make it red", reply_to=photo)
    turn = await guests.store.conversations.turn(1)
    assert turn is not None
    assert (turn.wish, turn.pictures, turn.cited) == ("make it red", (), ())
    assert await kept_pictures(guests) == sorted(ref.sha256 for ref in turn.shown)


def on_disk(folder: Path, words: bytes) -> list[Path]:
    """Return the files below a folder that contain some words."""
    return [path for path in folder.rglob("*") if path.is_file() and words in path.read_bytes()]


@in_files
async def test_their_bytes_are_on_no_disk(guests: Talk) -> None:
    group = await strangers(guests)
    await called(group, "make it red", reply_to=await group.seen_by(BORIS).photo(plain(7), "the secret harbour"))
    folder = Path(guests.settings["data_dir"])
    await guests.stop()
    assert on_disk(folder, b"secret harbour") == []
    await guests.start()


async def test_the_callers_own_photo_stays(guests: Talk) -> None:
    group = await strangers(guests)
    await group.photo(plain(7), f"{BOT} make it red")
    await shown(group, await placeholder(group))
    turn = await guests.store.conversations.turn(1)
    assert turn is not None
    assert [picture.author_id for picture in turn.pictures] == [ANN]


async def test_words_of_a_stranger_are_spoken_of_once(guests: Talk) -> None:
    group = await strangers(guests)
    words = await group.seen_by(BORIS).say("a castle in the clouds")
    await called(group, "paint this", reply_to=words)
    await called(group, "now at night")
    first, second = guests.painter.calls
    assert "a castle in the clouds" in first.wish
    assert "castle" not in str(second.contents)


async def test_words_of_a_stranger_can_be_the_wish(guests: Talk) -> None:
    group = await strangers(guests)
    words = await group.seen_by(BORIS).say("a castle in the clouds")
    await group.say(BOT, reply_to=words)
    await shown(group, await placeholder(group))
    assert guests.painter.calls[0].wish == "a castle in the clouds"
    await called(group, "now at night")
    assert "castle" not in str(guests.painter.calls[1].contents)


async def test_again_fetches_the_photo_anew(guests: Talk) -> None:
    group = await strangers(guests)
    await group.say(f"{BOT} make it red", reply_to=await group.seen_by(BORIS).photo(plain(7)))
    message = await shown(group, await placeholder(group))
    await group.press(message, "Again")
    await guests.painter.called(2)
    again = await group.until(message, lambda found: found.has_picture and bool(found.buttons))
    assert [[number_of(one) for one in call.all_pictures] for call in guests.painter.calls] == [[7], [7]]
    assert number_of(await again.picture_bytes()) in (1, 2)
    assert len(await kept_pictures(guests)) <= 3


async def test_forget_takes_everything_from_there(guests: Talk) -> None:
    group = await strangers(guests)
    await called(group, "make it red", reply_to=await group.seen_by(BORIS).photo(plain(7)))
    await forget(guests.telegram.ann, MINE)
    assert await guests.store.conversations.turn(1) is None
    assert await kept_pictures(guests) == []


async def test_a_stranger_who_asks_to_be_forgotten_is_forgotten_here_too(guests: Talk) -> None:
    """Also the names by which Telegram would give the picture out again."""
    group = await strangers(guests)
    await group.say(f"{BOT} make it red", reply_to=await group.seen_by(BORIS).photo(plain(7)))
    message = await shown(group, await placeholder(group))
    await forget(guests.telegram.boris, MINE)
    turn = await guests.store.conversations.turn(1)
    assert turn is not None
    assert str(BORIS) not in str(turn)
    await group.press(message, "Again")
    await group.until(message, "in reply to the same message")
    assert len(guests.painter.calls) == 1


async def test_forget_ends_in_words_what_is_painted_there(guests: Talk) -> None:
    """No placeholder may promise a picture for ever."""
    release = guests.painter.hold()
    group, ann = await strangers(guests), guests.telegram.ann
    await group.say(f"{BOT} a lighthouse")
    first = await placeholder(group)
    await guests.painter.called(1)
    await forget(ann, MINE)
    message = await group.until(first, "You had everything of yours deleted")
    assert [*message.buttons] == []
    release.set()
    await ann.say("a mill")
    assert (await ann.answer()).has_picture
    assert (await group.reload(first)).text == message.text


async def test_where_forget_could_not_say_so_the_button_does(guests: Talk) -> None:
    release = guests.painter.hold()
    group = await strangers(guests)
    await group.say(f"{BOT} a lighthouse")
    first = await placeholder(group)
    await guests.painter.called(1)
    question = await asked(guests.telegram.ann, MINE)
    await guests.telegram.fault("editMessageText", status=400, description="Bad Request: not now")
    await guests.telegram.ann.press(question, "Delete for good")
    assert "Deleted" in (await guests.telegram.ann.answer()).text
    release.set()
    await group.press(first, "Is it ready?")
    await group.until(first, "I do not have what this was made from any more")


async def test_forget_ends_what_waits_there_for_an_open_chat(talk: Talk) -> None:
    await talk.telegram.modes(guests=True)
    await talk.restart()
    group, ann = await strangers(talk), talk.telegram.ann
    await group.say(f"{BOT} a lighthouse")
    first = await placeholder(group)
    await group.until(first, "open a chat with me once")
    await ann.say("/start")
    await ann.answer()
    await forget(ann, MINE)
    await group.until(first, "You had everything of yours deleted")


async def test_a_button_of_what_was_forgotten_goes_when_it_is_pressed(guests: Talk) -> None:
    group = await strangers(guests)
    await group.say(f"{BOT} a lighthouse")
    message = await shown(group, await placeholder(group))
    await forget(guests.telegram.ann, MINE)
    assert (await group.reload(message)).buttons
    await group.press(message, "Again")
    gone = await group.until(message, lambda found: not found.buttons)
    assert gone.has_picture
    # A forged one stops nobody, though a picture cannot be replaced by words.
    await group.seen_by(BORIS).press_data(message, f"inline-show:1:{BORIS}:0")
    await guests.telegram.boris.say("a mill")
    assert (await guests.telegram.boris.answer()).has_picture
    assert (await group.reload(message)).has_picture
