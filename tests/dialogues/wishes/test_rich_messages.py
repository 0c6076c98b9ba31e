"""Rich messages (Bot API 10.1): their words in order are the wish, and their photos an album."""

from __future__ import annotations

from typing import Any

from tests.support.messages import Message, as_file_json
from tests.support.painter import number_of, plain
from tests.support.people import Chat
from tests.support.talking import Talk

COLLAGE = [
    {"type": "heading", "text": ["Two ", {"type": "bold", "text": "boats"}], "size": 1},
    {
        "type": "collage",
        "blocks": [{"type": "photo", "file": 0}, {"type": "photo", "file": 1, "has_spoiler": True}],
        "caption": {"text": "off Odesa", "credit": "Ann"},
    },
    {"type": "list", "items": [{"label": "1.", "blocks": [{"type": "paragraph", "text": "make them red"}]}]},
    {"type": "buttons", "buttons": [{"text": "Buy now", "url": "https://boats.example"}]},
]
WORDS = "Two boats\noff Odesa\nAnn\n1. make them red"


async def send(chat: Chat, blocks: list[dict[str, Any]], *numbers: int, **more: Any) -> Message:
    """Send a rich message with plain pictures."""
    return (await chat._send(rich=blocks, files=[as_file_json(plain(one)) for one in numbers], **more))[0]


async def test_words_alone_are_a_wish(talk: Talk) -> None:
    ann = talk.telegram.ann
    dusk = {"type": "paragraph", "text": {"type": "italic", "text": ["at ", {"type": "marked", "text": "dusk"}]}}
    await send(ann, [{"type": "paragraph", "text": "a boat"}, {"type": "blockquote", "blocks": [dusk]}])
    assert (await ann.answer()).has_picture
    assert talk.painter.calls[0].wish == "a boat\nat dusk"


async def test_words_and_photos_are_a_wish_about_an_album(talk: Talk) -> None:
    ann = talk.telegram.ann
    await send(ann, COLLAGE, 150, 151)
    assert (await ann.answer()).has_picture
    (call,) = talk.painter.calls
    assert (call.wish, [number_of(picture) for picture in call.pictures]) == (WORDS, [150, 151])


async def test_photos_without_words_wait_for_them(talk: Talk) -> None:
    ann = talk.telegram.ann
    await send(
        ann, [{"type": "slideshow", "blocks": [{"type": "photo", "file": at} for at in range(3)]}], 150, 151, 152
    )
    assert "these 3 pictures" in (await ann.answer()).text
    await ann.say("blend them")
    await ann.answer()
    assert [number_of(picture) for picture in talk.painter.calls[0].pictures] == [150, 151, 152]


async def test_another_bots_forwarded_answer_brings_its_pictures_and_no_wish(talk: Talk) -> None:
    """Its words are its author's, like the caption of somebody else's photo."""
    ann, group = talk.telegram.ann, await talk.telegram.group(bot=False)
    await group.forward(await send(group.seen_by(1002), COLLAGE, 150, 151), ann)
    assert "these 2 pictures" in (await ann.answer()).text
    await ann.say("as a poster")
    await ann.answer()
    assert talk.painter.calls[-1].wish == "as a poster"
    assert [number_of(picture) for picture in talk.painter.calls[-1].pictures] == [150, 151]


async def test_forwarded_words_stand_beside_the_comment(talk: Talk) -> None:
    ann, group = talk.telegram.ann, await talk.telegram.group(bot=False)
    theirs = await send(group.seen_by(1002), [{"type": "paragraph", "text": "a hat with feathers"}])
    await group.pass_on([theirs], ann, "paint this")
    assert (await ann.answer()).has_picture
    assert "a hat with feathers" in talk.painter.calls[-1].wish
    assert "paint this" in talk.painter.calls[-1].wish


async def test_a_reply_to_one_brings_its_words_and_all_its_pictures(talk: Talk) -> None:
    group = await talk.telegram.group(kind="supergroup", bot_admin=True)
    await group.answer()
    theirs = await send(group.seen_by(1002), COLLAGE, 150, 151)
    await group.say("/edit@pentimento_bot as a poster", reply_to=theirs)
    assert (await group.answer()).has_picture
    (call,) = talk.painter.calls
    assert "make them red" in call.wish
    assert [number_of(picture) for picture in call.pictures] == [150, 151]


async def test_in_a_group_a_mention_in_one_is_for_the_bot(talk: Talk) -> None:
    group = await talk.telegram.group(kind="supergroup", bot_admin=True)
    await group.answer()
    named = {"type": "mention", "text": "@pentimento_bot", "username": "pentimento_bot"}
    await send(group, [{"type": "paragraph", "text": "a boat"}])
    await group.silence()
    await send(group, [{"type": "paragraph", "text": [named, " a boat"]}])
    assert (await group.answer()).has_picture
    assert talk.painter.calls[0].wish.endswith("a boat")


async def test_one_with_neither_words_nor_photos_is_answered(talk: Talk) -> None:
    ann = talk.telegram.ann
    await send(ann, [{"type": "divider"}, {"type": "map", "location": {"latitude": 1, "longitude": 1}, "zoom": 3}])
    assert "can’t use that kind of message" in (await ann.answer()).text
    assert talk.painter.calls == []
