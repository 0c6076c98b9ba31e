"""A model that writes without end: a chat gets a few messages and a file, and the next wish does not carry it all."""

from __future__ import annotations

from pathlib import Path

from tests.support.painter import answered, picture_part, plain
from tests.support.talking import Talk, talking

LOOP = "I am done. " * 11_000
STORY = "\n\n".join(
    f"Chapter {number}. " + "The sea is wide, and the boat is small. " * 20 for number in range(150)
).strip()


async def test_a_loop_beside_a_picture_is_three_messages_and_a_file(talk: Talk) -> None:
    """su-kaka/gcli2api#217: 120,000 letters were 33 messages, for which everybody else in the group waited a minute."""
    talk.painter.will(answered([{"text": LOOP}, picture_part(plain(7))]))
    group = await talk.telegram.group()
    await group.answer()
    await group.say("/edit@pentimento_bot a boat")
    boat, *words, file = await group.answers(5)
    assert boat.has_picture
    assert [*boat.buttons]
    assert all(word.text.startswith("I am done.") for word in words)
    assert (await file.document_bytes()).decode() == LOOP.strip()
    assert "all of it is in the file" in file.words
    await group.silence()
    await group.say("now red", reply_to=file)
    assert (await group.answer()).has_picture
    assert talk.painter.calls[-1].roles == ["user", "model", "user"]
    assert len(str(talk.painter.calls[-1].contents[1]["parts"][0])) < 100


async def test_words_alone_keep_their_buttons_and_are_shown_again_as_briefly(talk: Talk) -> None:
    talk.painter.will(answered([{"text": STORY}]))
    ann = talk.telegram.ann
    await ann.say("tell me a story")
    *_, last, file = await ann.answers(4)
    assert "Again" in str(last.buttons)
    assert (await file.document_bytes()).decode() == STORY
    (again,) = [data for text, data in last.buttons.items() if "Again" in text]
    await ann.press_data(last, again.replace("again", "show"))
    shown = await ann.answers(4)
    assert "Chapter 0." in shown[0].text
    assert "document" in shown[-1].body
    await ann.silence()


async def test_what_fits_into_a_caption_and_three_messages_is_told_whole(talk: Talk) -> None:
    told = STORY[:11_000]
    talk.painter.will(answered([{"text": told}, picture_part(plain(7))]))
    await talk.telegram.ann.say("a boat")
    said = await talk.telegram.ann.answers(4)
    assert "".join("".join(one.words for one in said).split()) == "".join(told.split())
    assert len(said[0].words) <= 1024
    await talk.telegram.ann.silence()


async def test_a_file_that_did_not_get_through_is_sent_after_a_restart(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        talk.painter.will(answered([{"text": LOOP}, picture_part(plain(7))]))
        await talk.telegram.fault("sendDocument", status=429, retry_after=3)
        await talk.telegram.ann.say("a boat")
        assert len(await talk.telegram.ann.answers(4)) == 4
        await talk.restart()
        assert "document" in (await talk.telegram.ann.answer()).body
        await talk.telegram.ann.silence()


async def test_where_files_may_not_be_sent_a_word_says_so(talk: Talk) -> None:
    talk.painter.will(answered([{"text": LOOP}, picture_part(plain(7))]))
    group = await talk.telegram.group(kind="supergroup")
    await group.answer()
    allowed = dict.fromkeys(("send_messages", "send_photos", "send_other_messages"), True)
    await group.rights(bot_can=allowed | {"send_documents": False})
    await group.say("/edit@pentimento_bot a boat")
    *_, last = await group.answers(5)
    assert "not allowed to send files" in last.text
    await group.silence()
