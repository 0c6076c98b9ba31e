"""A person draws on a picture in Telegram's photo editor and sends it back: the wish is about the marked place."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

from PIL import Image, ImageDraw

from tests.support.painter import picture_part
from tests.support.talking import Talk, in_files

SAMPLE = Path(__file__).parents[3] / "bot" / "sandbox" / "page" / "static" / "samples" / "coffee.jpg"


def jpeg(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.convert("RGB").save(written, "JPEG", quality=85)
    return written.getvalue()


async def test_a_ring_around_a_place_restricts_the_wish_to_it(talk: Talk) -> None:
    """The model sees the picture itself, the marked one, and what the mark means; another photo has no such words."""
    ann, picture = talk.telegram.ann, Image.open(SAMPLE)
    picture.thumbnail((1024, 1024))
    talk.painter.will([picture_part(jpeg(picture), "image/jpeg")])
    await ann.say("a cup of coffee")
    answer = await ann.answer()
    drawn = picture.copy()
    ImageDraw.Draw(drawn).ellipse((420, 200, 640, 400), outline=(255, 59, 48), width=10)
    await ann.photo(jpeg(drawn), "remove this", reply_to=answer)
    assert not any("Each" in button for button in (await ann.answer(30)).buttons)
    call = talk.painter.calls[-1]
    said = [part.get("text", "picture") for part in call.contents[-1]["parts"]]
    assert said[0] == "picture"
    assert "a mark drawn on it" in said[1]
    assert said[2] == "remove this"
    assert len(call.all_pictures) == 2
    await ann.photo(jpeg(picture.rotate(180)), "like this one", reply_to=answer)
    await ann.answer(30)
    assert "mark" not in talk.painter.calls[-1].wish


def marked(picture: Image.Image) -> bytes:
    """Return a copy with a ring of a pen on it."""
    drawn = picture.copy()
    ImageDraw.Draw(drawn).ellipse((420, 200, 640, 400), outline=(255, 59, 48), width=10)
    return jpeg(drawn)


def told(talk: Talk) -> list[str]:
    """Return what the last request brought with its wish, in order."""
    return [part.get("text", "picture") for part in talk.painter.calls[-1].contents[-1]["parts"]]


async def test_a_marked_copy_after_its_photo_is_known_without_a_reply(talk: Talk) -> None:
    """As people do it on a phone: the photo, then the same photo with a ring and a wish."""
    ann, picture = talk.telegram.ann, Image.open(SAMPLE)
    picture.thumbnail((1024, 1024))
    await ann.photo(jpeg(picture))
    await ann.answer()
    await ann.photo(marked(picture), "remove this")
    answer = await ann.answer(30)
    # A photo and its marked copy are one picture: nothing to be done "each by itself", and no "2 pictures".
    assert not any("Each" in button for button in answer.buttons)
    assert "pictures" not in answer.text
    first, *rest = told(talk)
    assert first == "picture"
    assert "a mark drawn on it" in " ".join(rest)
    assert rest[-1] == "remove this"
    assert len(talk.painter.calls[-1].all_pictures) == 2


async def painted(talk: Talk) -> Image.Image:
    """Let Ann ask for a picture, and return it."""
    picture = Image.open(SAMPLE)
    picture.thumbnail((1024, 1024))
    talk.painter.will([picture_part(jpeg(picture), "image/jpeg")])
    await talk.telegram.ann.say("a cup of coffee")
    await talk.telegram.ann.answer()
    return picture


async def test_a_marked_copy_of_the_picture_that_an_undo_shows_at_an_answer_in_words_is_known(talk: Talk) -> None:
    """That message shows the picture of an earlier answer, and a reply to it means that picture."""
    ann, picture = talk.telegram.ann, await painted(talk)
    talk.painter.will([{"text": "Coffee."}])
    await ann.say("what is in it?")
    await ann.answer()
    await ann.say("/new")
    await ann.answer()
    await ann.say("/undo")
    shown = await ann.answer()
    assert shown.has_picture
    await ann.photo(marked(picture), "remove this", reply_to=shown)
    await ann.answer(30)
    assert told(talk)[0] == "picture"
    assert "a mark drawn on it" in told(talk)[1]


async def test_a_marked_copy_of_the_current_picture_is_known_without_a_reply(talk: Talk) -> None:
    ann, picture = talk.telegram.ann, await painted(talk)
    await ann.photo(marked(picture), "remove this")
    await ann.answer(30)
    assert "a mark drawn on it" in " ".join(told(talk))
    assert len(talk.painter.calls[-1].all_pictures) == 2
    await ann.photo(jpeg(picture.rotate(180)), "like this one")
    await ann.answer(30)
    assert "mark" not in " ".join(told(talk))


async def test_a_marked_copy_of_a_photo_that_was_used_is_known_without_a_reply(talk: Talk) -> None:
    """The answer disappointed her, so she opens her own photo again, and rings the place that she meant."""
    ann, picture = talk.telegram.ann, Image.open(SAMPLE)
    picture.thumbnail((1024, 1024))
    await ann.photo(jpeg(picture), "warmer")
    await ann.answer()
    await ann.photo(marked(picture), "remove this")
    await ann.answer(30)
    assert "a mark drawn on it" in " ".join(told(talk))
    assert told(talk)[0] == "picture"
    assert len(talk.painter.calls[-1].all_pictures) == 2


async def test_a_marked_copy_of_an_older_answer_is_known_without_a_reply(talk: Talk) -> None:
    ann, picture = talk.telegram.ann, await painted(talk)
    await ann.say("now at night")
    await ann.answer()
    await ann.say("/new")
    await ann.answer()
    await ann.photo(marked(picture), "remove this")
    await ann.answer(30)
    assert "a mark drawn on it" in " ".join(told(talk))
    assert "now at night" not in str(talk.painter.calls[-1].contents)


async def test_a_marked_copy_that_waits_for_words_keeps_its_picture(talk: Talk) -> None:
    """The copy comes first, without a caption; the words follow."""
    ann, picture = talk.telegram.ann, await painted(talk)
    await ann.photo(marked(picture))
    assert "this picture" in (await ann.answer()).text
    await ann.say("remove this")
    await ann.answer(30)
    assert "a mark drawn on it" in " ".join(told(talk))
    assert len(talk.painter.calls[-1].all_pictures) == 2


async def test_a_marked_copy_of_a_used_photo_that_waits_for_words_keeps_its_picture(talk: Talk) -> None:
    ann, picture = talk.telegram.ann, Image.open(SAMPLE)
    picture.thumbnail((1024, 1024))
    await ann.photo(jpeg(picture), "warmer")
    await ann.answer()
    await ann.photo(marked(picture))
    await ann.answer()
    await ann.say("remove this")
    await ann.answer(30)
    assert told(talk)[0] == "picture"
    assert "a mark drawn on it" in " ".join(told(talk)[1:])
    assert len(talk.painter.calls[-1].all_pictures) == 2


async def test_a_new_start_with_a_marked_copy_knows_nothing_of_the_picture(talk: Talk) -> None:
    ann, picture = talk.telegram.ann, await painted(talk)
    await ann.photo(marked(picture), "/new frame it")
    await ann.answer(30)
    assert "mark" not in " ".join(told(talk))


def kept_as(talk: Talk, sha256: str) -> list[Path]:
    """Return the files that have the bytes of a picture."""
    return [*Path(talk.settings["data_dir"]).rglob(sha256)]


@in_files
async def test_a_photo_in_reply_to_a_picture_that_the_store_lost_says_what_is_missing(talk: Talk) -> None:
    """Whether there are strokes on it cannot be seen then; what cannot go on says so in its own words."""
    ann = talk.telegram.ann
    await ann.say("a boat")
    boat = await ann.answer()
    # A picture that was painted a moment ago is still in memory.
    await talk.restart()
    (turn,) = await talk.store.conversations.path(1)
    for kept in await asyncio.to_thread(kept_as, talk, turn.shown[0].sha256):
        kept.unlink()
    await ann.photo(jpeg(Image.new("RGB", (64, 48), "navy")), "like this one", reply_to=boat)
    assert "can no longer be read" in (await ann.answer()).text
    await ann.silence()
