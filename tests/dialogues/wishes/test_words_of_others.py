"""Words that a wish speaks of: replied to, quoted, taken for the wish; and replies to what no model reads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.painter import numbers, plain
from tests.support.people import BORIS, CHEN, Chat
from tests.support.talking import Talk, in_files

BOT = "@pentimento_bot"
FOX = "a fox in a yellow raincoat on a pier"
CLIP = ("boat.mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(100))


@pytest.fixture
async def group(talk: Talk) -> Chat:
    """Return a supergroup, in which Telegram shows what a message replies to."""
    made = await talk.telegram.group(kind="supergroup")
    await made.answer()
    return made


async def test_a_wish_that_replies_to_words_brings_them_along(talk: Talk, group: Chat) -> None:
    words = await group.seen_by(BORIS).say(FOX)
    await group.say(f"/edit{BOT} draw this at night", reply_to=words)
    assert (await group.answer()).has_picture
    assert talk.painter.calls[0].wish == f"Boris wrote: “{FOX}”\nAnn: draw this at night"


async def test_a_quoted_part_is_what_a_wish_speaks_of(talk: Talk, group: Chat) -> None:
    words = await group.seen_by(BORIS).say(f"Yesterday I dreamt of {FOX}, and then it rained.")
    await group.say(f"/edit{BOT} draw this", reply_to=words, quote=FOX)
    await group.answer()
    assert talk.painter.calls[0].wish == f"Boris wrote: “{FOX}”\nAnn: draw this"


async def test_a_long_message_goes_along_in_part(talk: Talk, group: Chat) -> None:
    words = await group.seen_by(BORIS).say(f"{FOX}, " * 100)
    await group.say(f"/edit{BOT} draw this", reply_to=words)
    await group.answer()
    told, wish = talk.painter.calls[0].wish.splitlines()
    assert told.startswith(f"Boris wrote: “{FOX}, ")
    assert told.endswith("…”")
    assert 500 < len(told) < 700
    assert wish == "Ann: draw this"


@pytest.mark.parametrize("said", [f"/edit{BOT}", f"/edit{BOT} "])
async def test_the_bare_command_in_reply_to_words_takes_them_for_the_wish(talk: Talk, group: Chat, said: str) -> None:
    words = await group.seen_by(BORIS).say(f"/edit@other_bot {FOX}")
    await group.say(said, reply_to=words)
    assert (await group.answer()).has_picture
    assert talk.painter.calls[0].wish == f"Ann: {FOX}"
    await group.silence()


async def test_a_bare_mention_in_reply_to_words_takes_them_for_the_wish(talk: Talk) -> None:
    await talk.telegram.privacy(on=False)
    await talk.restart()
    group = await talk.telegram.group(kind="supergroup")
    await group.answer()
    words = await group.seen_by(BORIS).say(FOX)
    await group.say(BOT, reply_to=words)
    assert (await group.answer()).has_picture
    assert talk.painter.calls[0].wish == f"Ann: {FOX}"


async def test_words_under_a_photo_that_is_replied_to_come_with_it(talk: Talk, group: Chat) -> None:
    photo = await group.seen_by(BORIS).photo(plain(150), "my harbour")
    await group.say(f"/edit{BOT} paint it at night", reply_to=photo)
    await group.answer()
    (call,) = talk.painter.calls
    assert (call.wish, numbers(call.pictures)) == ("Boris wrote: “my harbour”\nAnn: paint it at night", [150])


async def test_what_stands_in_the_conversation_is_not_told_twice(talk: Talk, group: Chat) -> None:
    wish = await group.say(f"/edit{BOT} a boat")
    boat = await group.answer()
    await group.seen_by(BORIS).say(f"/edit{BOT} now red", reply_to=wish)
    await group.answer()
    await group.seen_by(CHEN).say("now blue", reply_to=boat)
    await group.answer()
    assert [call.wish for call in talk.painter.calls[1:]] == ["Boris: now red", "Chen: now blue"]


async def test_a_part_of_a_message_elsewhere_comes_along(talk: Talk) -> None:
    """Telegram shows the quoted part of a message of another chat (Bot API, ExternalReplyInfo and TextQuote)."""
    ann = talk.telegram.ann
    origin = {"type": "hidden_user", "sender_user_name": "Dana", "date": 1_700_000_000}
    quote = {"text": FOX, "position": 0, "is_manual": False}
    await ann.say("", extra={"text": "draw this", "external_reply": {"origin": origin}, "quote": quote})
    await ann.answer()
    assert talk.painter.calls[0].wish == f"Dana wrote: “{FOX}”\ndraw this"


async def test_again_and_an_edit_keep_what_the_wish_speaks_of(talk: Talk, group: Chat) -> None:
    words = await group.seen_by(BORIS).say(FOX)
    wish = await group.say(f"/edit{BOT} draw this", reply_to=words)
    answer = await group.answer()
    await group.press(answer, "Again")
    await group.answer()
    await group.edit(wish, f"/edit{BOT} draw this at night")
    await group.answer()
    await talk.restart()
    await group.say("warmer", reply_to=answer)
    await group.answer()
    told = f"Boris wrote: “{FOX}”\n"
    wishes = ["Ann: draw this", "Ann: draw this", "Ann: draw this at night", "Ann: warmer"]
    assert [call.wish for call in talk.painter.calls] == [*(told + wish for wish in wishes[:3]), wishes[3]]
    assert talk.painter.calls[3].contents[0]["parts"] == [{"text": f"{told}Ann: draw this"}]


@in_files
async def test_words_of_somebody_who_is_forgotten_are_told_no_more(talk: Talk, group: Chat, tmp_path: Path) -> None:
    words = await group.seen_by(BORIS).say(FOX)
    await group.say(f"/edit{BOT} draw this", reply_to=words)
    answer = await group.answer()
    await talk.store.forgetting.person(BORIS)
    await group.say("warmer", reply_to=answer)
    await group.answer()
    assert talk.painter.calls[1].contents[0]["parts"] == [{"text": "Ann: draw this"}]
    assert "raincoat" not in json.dumps(talk.painter.calls[1].body)


@pytest.mark.parametrize(
    ("kind", "file", "sentence"),
    [
        ("video", CLIP, "can’t get a picture out of that video"),
        ("video_note", CLIP, "out of that video message"),
        ("animation", CLIP, "can’t get a still picture out of that animation"),
        ("voice", ("wish.ogg", b"OggS" + bytes(100)), "can’t listen to voice messages"),
        ("audio", ("song.mp3", b"ID3" + bytes(100)), "can’t use audio"),
        ("sticker", ("wave.tgs", b"\x1f\x8b" + bytes(100)), "That sticker moves"),
        ("document", ("boats.zip", b"PK\x03\x04" + bytes(60)), "can’t use that kind of file"),
    ],
)
async def test_a_reply_to_what_no_model_reads_is_answered_and_costs_nothing(
    talk: Talk, group: Chat, kind: str, file: tuple[str, bytes], sentence: str
) -> None:
    await group.say(f"/edit{BOT} a lighthouse")
    await group.answer()
    sent = await group.seen_by(BORIS).send(file, kind)
    await group.say(f"/edit{BOT} make this look like a photograph", reply_to=sent)
    assert sentence in (await group.answer()).text
    await group.photo(plain(150), f"/edit{BOT} put it here", reply_to=sent)
    assert sentence in (await group.answer()).text
    assert len(talk.painter.calls) == 1


@pytest.mark.parametrize(
    ("command", "sentence"), [("/timelapse", "That is a film that I made"), ("/export", "can’t use that kind of file")]
)
async def test_a_reply_to_a_file_that_the_bot_made_is_answered_and_costs_nothing(
    talk: Talk, command: str, sentence: str
) -> None:
    """'Make this slower' under the timelapse painted the newest picture anew, and said nothing."""
    ann = talk.telegram.ann
    for wish in ("a boat", "now red"):
        await ann.say(wish)
        await ann.answer()
    await ann.say(command)
    made = await ann.answer()
    while not ({"document", "animation"} & made.body.keys()):
        made = await ann.answer()
    await ann.say("make this slower", reply_to=made)
    assert sentence in (await ann.answer()).text
    assert len(talk.painter.calls) == 2


async def test_a_reply_to_what_is_no_file_at_all_is_a_wish(talk: Talk, group: Chat) -> None:
    place = await group.seen_by(BORIS).say("", extra={"location": {"latitude": 50.45, "longitude": 30.52}})
    await group.say(f"/edit{BOT} a cat", reply_to=place)
    assert (await group.answer()).has_picture
    assert talk.painter.calls[0].wish == "Ann: a cat"


async def test_below_a_post_wishes_speak_of_themselves(talk: Talk) -> None:
    """All comments are replies to the post (td, MessageInputReplyTo.cpp), whatever they are about."""
    channel, group = await talk.telegram.channel(), await talk.telegram.group(kind="supergroup")
    await group.answer()
    await channel.act("link", group_id=group.id)
    await channel.send(CLIP, "video")
    post = (await group.history())[-1]
    await group.say(f"/edit{BOT} a cat", thread=post.id)
    assert (await group.answer()).has_picture
    assert talk.painter.calls[0].wish == "Ann: a cat"
