"""What can be done with new pictures by a button: another shape, more like one of several."""

from __future__ import annotations

import io

from PIL import Image, ImageChops

from bot.chat.send.split import shorten
from bot.pictures.boards.draw import numbered
from bot.texts import languages, say
from tests.support.painter import number_of, plain
from tests.support.talking import Talk


async def test_a_new_picture_can_be_made_once_more_in_another_shape(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("a boat")
    answer = await ann.answer()
    await ann.press(answer, "16:9")
    wide = await ann.answer()
    again = talk.painter.calls[-1]
    assert (again.wish, again.body["generationConfig"]["imageConfig"]) == ("a boat", {"aspectRatio": "16:9"})
    assert "1:1" in str(wide.buttons)
    await ann.say("now red")
    changed = await ann.answer()
    assert not [label for label in changed.buttons if ":" in label]
    assert "imageConfig" not in talk.painter.calls[-1].body["generationConfig"] or (
        talk.painter.calls[-1].body["generationConfig"]["imageConfig"] != {"aspectRatio": "16:9"}
    )


async def test_a_changed_photo_keeps_its_shape_and_offers_no_other(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.photo(plain(150), "make it red")
    assert not [label for label in (await ann.answer()).buttons if ":" in label]


async def test_a_changed_picture_that_is_named_keeps_its_shape(talk: Talk) -> None:
    """Her shape is for new pictures. The wish names the current one, as the bot's own example does."""
    ann = talk.telegram.ann
    for said in ("/ratio 9:16", "a boat"):
        await ann.say(said)
        await ann.answer()
    await ann.photo(plain(150), "make it red")
    await ann.answer()
    await ann.say("/save hat")
    assert "@hat" in (await ann.answer()).text
    await ann.say("make @hat black and white")
    assert "9:16" not in (await ann.answer()).text
    assert talk.painter.calls[-1].body["generationConfig"]["imageConfig"] == {"aspectRatio": "4:3"}
    await ann.say("/new a man with @hat")
    await ann.answer()
    assert talk.painter.calls[-1].body["generationConfig"]["imageConfig"] == {"aspectRatio": "9:16"}


async def test_four_more_like_one_of_several(talk: Talk) -> None:
    """They are made from that one, and the sentence that asks for them speaks the person's language."""
    ann = talk.telegram.ann
    await ann.say("/x4 a boat")
    *album, question = await ann.answers(5)
    assert [*question.buttons][:8] == ["1", "2", "3", "4", "≈ 1", "≈ 2", "≈ 3", "≈ 4"]
    third = number_of(await album[2].picture_bytes())
    await ann.press(question, "≈ 3")
    *more, _ = await ann.answers(5)
    assert len({number_of(await picture.picture_bytes()) for picture in more}) == 4
    calls = talk.painter.calls[-4:]
    assert {call.wish for call in calls} == {"Another picture like this one, with small differences"}
    assert all([number_of(picture) for picture in call.all_pictures][-1] == third for call in calls)
    # It is short enough for its place below a picture of the tree and in "we go on from".
    assert all(shorten(say(language, "wish-like-this")) == say(language, "wish-like-this") for language in languages())


async def test_the_versions_show_their_numbers_and_the_chosen_one_is_clean(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("/x2 a boat")
    *album, question = await ann.answers(3)
    await ann.press(question, "2")
    clean = Image.open(io.BytesIO(await (await ann.answer()).picture_bytes())).convert("RGB")
    sent = Image.open(io.BytesIO(await album[1].picture_bytes())).convert("RGB")
    box = ImageChops.difference(clean, sent).point(lambda level: 255 if level > 40 else 0).getbbox()
    assert box is not None
    assert (box[2] < clean.width / 2, box[3] < clean.height / 2) == (True, True)


def test_a_number_covers_a_corner_and_nothing_else() -> None:
    picture = Image.new("RGB", (1024, 768), "navy")
    written = io.BytesIO()
    picture.save(written, "PNG")
    marked = Image.open(io.BytesIO(numbered(written.getvalue(), 3))).convert("RGB")
    assert marked.size == picture.size
    box = ImageChops.difference(picture, marked).point(lambda level: 255 if level > 24 else 0).getbbox()
    assert box is not None
    assert max(box) < 180


async def test_answers_that_came_behind_other_messages_quote_their_wish(talk: Talk) -> None:
    """Of several quick wishes, each answer says which one it is about; a lone one does not."""
    ann = talk.telegram.ann
    await ann.say("a boat")
    assert (await ann.answer()).reply_to is None
    held = talk.painter.hold()
    wishes = [await ann.say(words) for words in ("a gull", "a crab", "a shell")]
    await talk.painter.called(2)
    held.set()
    answers = await ann.answers(3)
    assert [answer.reply_to for answer in answers] == [wish.id for wish in wishes]
