"""Undo after a wish about a photo that came amid a conversation: it goes back to the picture before, and says so."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from tests.support.painter import number_of, picture_part, plain
from tests.support.talking import Talk

LEFT = "All right, I’ll leave "


@pytest.mark.parametrize("sent", ["with a caption", "words later", "an album"])
async def test_an_undone_photo_is_said_to_be_left(talk: Talk, sent: str) -> None:
    """The next wish changes the picture before it. Who wants something else done to the photo learns how."""
    ann = talk.telegram.ann
    await ann.say("a boat")
    await ann.answer()
    if sent == "an album":
        photo, *_ = await ann.album([plain(150), plain(160)], "blend them")
    else:
        photo = await ann.photo(plain(150), "warmer" if sent == "with a caption" else "")
        if sent == "words later":
            assert not (await ann.answer()).has_picture
            await ann.say("warmer")
    assert (await ann.answer()).has_picture
    await ann.say("/undo")
    left, back = await ann.answers(2)
    assert left.text.startswith(LEFT + ("those 2 pictures" if sent == "an album" else "that picture"))
    assert number_of(await back.picture_bytes()) == 1
    assert back.caption == "↩ Back to “a boat”."
    await ann.say("cooler", reply_to=photo)
    await ann.answer()
    assert [number_of(picture) for picture in talk.painter.calls[-1].pictures] == [150]


async def test_an_undone_mark_on_the_current_picture_leaves_nothing(talk: Talk) -> None:
    """Undo goes back to the picture that was marked."""
    ann, picture = talk.telegram.ann, Image.radial_gradient("L").convert("RGB").resize((640, 480))
    drawn = picture.copy()
    ImageDraw.Draw(drawn).ellipse((220, 140, 420, 340), outline=(255, 59, 48), width=10)
    painted, marked = io.BytesIO(), io.BytesIO()
    picture.save(painted, "PNG")
    drawn.save(marked, "PNG")
    talk.painter.will([picture_part(painted.getvalue())])
    await ann.say("a fog")
    first = await ann.answer()
    await ann.photo(marked.getvalue(), "warmer", reply_to=first)
    await ann.answer(30)
    assert "a mark drawn on it" in talk.painter.calls[-1].wish
    await ann.say("/undo")
    back = await ann.answer()
    assert back.caption == "↩ Back to “a fog”."
    await ann.silence()


async def test_an_undone_wish_in_words_leaves_no_photo(talk: Talk) -> None:
    """Also where an earlier wish had one."""
    ann = talk.telegram.ann
    await ann.say("a boat")
    await ann.answer()
    await ann.photo(plain(150), "warmer")
    await ann.answer()
    await ann.say("cooler")
    await ann.answer()
    await ann.say("/undo")
    assert (await ann.answer()).caption == "↩ Back to “warmer”."
    await ann.silence()
