"""The disk says no, or holds something else than was stored: clear words, nothing half written or bought twice."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from bot.operator.check_store import check
from bot.settings.settings import Settings
from storage.media.backend import sha256_of
from storage.records import Key
from tests.support.painter import plain
from tests.support.talking import Talk


async def test_an_answer_that_arrived_is_not_bought_again_when_its_picture_cannot_be_stored(talk: Talk) -> None:
    ann = talk.telegram.ann
    folder = talk.settings["data_dir"] / "media" / "media"
    folder.mkdir(parents=True, exist_ok=True)
    blocked = folder / sha256_of(plain(1))[:2]
    blocked.write_text("in the way")
    await ann.say("a boat")
    await talk.painter.called(1)
    assert "cannot be read or written" in (await talk.telegram.boris.answer()).text
    talk.stop_grace_s = 0
    await talk.stop()
    blocked.unlink()
    await talk.start()
    assert (await ann.answer()).has_picture
    assert len(talk.painter.calls) == 1


async def test_a_torn_picture_fails_the_turn_with_clear_words(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("a boat")
    await ann.answer()
    # A picture that was painted a moment ago is still in memory.
    await talk.restart()
    _stored(talk, plain(1)).write_bytes(plain(1)[:20])
    await ann.say("warmer")
    assert "can no longer be read" in (await ann.answer()).text
    assert len(talk.painter.calls) == 1
    await ann.say("/new")
    await ann.answer()
    await ann.say("a house")
    assert (await ann.answer()).has_picture


async def test_pictures_that_nothing_names_are_swept_and_those_that_wait_are_kept(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.photo(plain(7, kind="JPEG"))
    assert "What should I do" in (await ann.answer()).text
    kept = set(await talk.store.media.names())
    left = await talk.store.media.put(b"nobody names this")
    (talk.settings["data_dir"] / "media" / "media" / "ab").mkdir(exist_ok=True)
    (talk.settings["data_dir"] / "media" / "media" / "ab" / "half#1").write_text("cut short")
    await talk.restart()
    assert set(await talk.store.media.names()) == kept
    assert left not in kept
    await ann.say("make it warm")
    assert (await ann.answer()).has_picture


async def test_the_check_finds_what_is_missing_changed_and_dangling(talk: Talk) -> None:
    ann = talk.telegram.ann
    for wish in ("a boat", "warmer", "colder"):
        await ann.say(wish)
        await ann.answer()
    settings = Settings.model_validate(talk.settings)
    await talk.stop()
    told: list[str] = []
    assert await check(settings, told.append) == 0
    assert told[-1] == "Nothing is broken."
    _stored(talk, plain(1)).unlink()
    _stored(talk, plain(2)).write_bytes(b"x" * len(plain(2)))
    await talk.start()
    async with talk.store.database.begin() as connection:
        await connection.exec_driver_sql("UPDATE conversations SET head_id = 99 WHERE chat_id = 1001")
    await talk.stop()
    told.clear()
    assert await check(settings, told.append) == 1
    words = "\n".join(told)
    assert f"its picture {sha256_of(plain(1))} is not in the media store" in words
    assert f"{sha256_of(plain(2))} has changed on disk" in words
    assert "head 99 is no answered turn of its conversation" in words
    await talk.start()


async def test_an_answer_that_an_earlier_version_moved_out_of_a_deleted_topic_is_noted(talk: Talk) -> None:
    """Those versions left its parent, and the head, in the conversation of the topic."""
    ann = talk.telegram.ann
    for wish in ("a boat", "warmer"):
        await ann.say(wish)
        await ann.answer()
    topic = await talk.store.conversations.open(Key(ann.id, 7))
    async with talk.store.database.begin() as connection:
        moved = {"topic": topic.id}
        await connection.execute(text("UPDATE turns SET conversation_id = :topic WHERE id = 1"), moved)
    found = [finding async for finding in talk.store.audit.tree()]
    assert [finding.broken for finding in found] == [False]
    assert "turn 2: its parent 1 is in another topic of the chat" in found[0].text


async def test_a_store_in_use_is_not_checked(talk: Talk) -> None:
    told: list[str] = []
    assert await check(Settings.model_validate(talk.settings), told.append) == 2
    assert "stop it first" in told[0]


def _stored(talk: Talk, data: bytes) -> Path:
    name = sha256_of(data)
    return Path(talk.settings["data_dir"]) / "media" / "media" / name[:2] / name
