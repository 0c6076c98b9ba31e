"""Views of the tree: lasting numbers, the first and the newest turn of a path, pages; on both databases."""

from __future__ import annotations

from dataclasses import replace

from bot.turns.request.exchanges import wish_text
from storage.records import Cited, InputPicture, Key, Turn
from storage.store import Store
from storage.tables.views import PAGE
from tests.storage.tables.test_tree import begun, grow
from tests.support.records import HOME, media, new_turn, outcome, sent


async def _line(store: Store, length: int) -> list[Turn]:
    """Return this many turns in a row, each with a picture of its number; the first wish came with picture 1000."""
    talk = await begun(store)
    line: list[Turn] = []
    for number in range(1, length + 1):
        pictures = () if line else (sent(1000),)
        line.append(await grow(store, talk.id, line[-1] if line else None, number, pictures=pictures))
    return line


async def test_numbers_count_answered_turns_and_are_the_same_everywhere(store: Store) -> None:
    talk = await begun(store)
    first = await grow(store, talk.id, None, 1)
    await store.conversations.take(new_turn(talk.id, "waits"), (), ())
    second = await grow(store, talk.id, first, 2)
    elsewhere = await store.conversations.open(Key(-100, 7))
    await grow(store, elsewhere.id, None, 9)
    third = await grow(store, talk.id, first, 3)
    ids = [first.id, second.id, third.id]
    assert await store.views.count(talk.id) == 3
    assert [(number, turn.id) for number, turn in await store.views.newest(talk.id, 99)] == [*enumerate(ids, 1)]
    assert [number for number, _ in await store.views.newest(talk.id, 2)] == [2, 3]
    assert [await store.views.numbered(talk.id, number) for number in (1, 2, 3)] == [first, second, third]
    assert [await store.views.numbered(talk.id, number) for number in (0, 4, -1)] == [None] * 3
    assert await store.views.numbers(talk.id, [third.id, first.id, 12345]) == {third.id: 3, first.id: 1}


async def test_a_sketch_has_all_but_the_reply(store: Store) -> None:
    (turn,) = await _line(store, 1)
    ((_, sketch),) = await store.views.newest(turn.conversation_id, 5)
    names = ("id", "parent_id", "wish", "words", "pictures", "shown")
    assert [getattr(sketch, name) for name in names] == [getattr(turn, name) for name in names]


async def test_the_first_of_a_path_is_its_root_however_long_it_is(store: Store) -> None:
    line = await _line(store, 70)
    seen = await store.views.seen(line[-1].id, 3)
    assert [turn.id for turn in seen] == [line[at].id for at in (0, -3, -2, -1)]
    assert seen[0].pictures == (sent(1000),)
    assert [turn.id for turn in await store.views.seen(line[1].id, 3)] == [line[0].id, line[1].id]
    assert await store.views.seen(None, 3) == []


async def test_a_whole_path_goes_back_to_the_root_with_all_that_was_said_and_shown(store: Store) -> None:
    """For a path of any length. Replies of models are read separately, only for turns that are needed whole."""
    line = await _line(store, 70)
    talk = line[0].conversation_id
    fox = Cited(words="a fox", name="Bob", author_id=8)
    more = {
        "shows_author": True,
        "cited": (fox,),
        "pictures": (InputPicture(media=media(7), name="hat", covered=True),),
    }
    line.append(await grow(store, talk, line[-1], 71, **more))
    found = await store.views.whole_path(line[-1].id)
    names = ("id", "parent_id", "wish", "shows_author", "author", "pictures", "shown", "cited", "maker", "covered")
    for turn, told in zip(line, found, strict=True):
        author = replace(turn.author, language="")
        assert [getattr(told, name) for name in names] == [
            getattr(replace(turn, author=author), name) for name in names
        ]
        assert wish_text(told) == wish_text(turn)
    assert await store.views.whole_path(None) == []
    seen = []
    assert await store.views.whole_path(line[-1].id, lambda path: seen.append(path) or 2) == [*found[:-2], *line[-2:]]
    assert seen == [found]
    assert await store.views.whole_path(line[1].id, len) == line[:2]


async def test_turns_without_a_picture_are_not_part_of_what_was_seen(store: Store) -> None:
    talk = await begun(store)
    asked = await store.conversations.take(new_turn(talk.id, "what can you do?"), (), ())
    await store.conversations.store_answer(asked, outcome(1, words="Paint.", shown=(), media=()))
    painted = await grow(store, talk.id, asked, 2)
    assert [turn.id for turn in await store.views.seen(painted.id, 3)] == [painted.id]
    assert await store.views.seen(asked.id, 3) == []


async def test_the_size_is_known_without_reading_anything(store: Store) -> None:
    line = await _line(store, 5)
    size_bytes = await store.views.size_bytes(line[0].conversation_id)
    pictures = sum(media(number).size_bytes for number in (1, 2, 3, 4, 5, 1000))
    assert pictures < size_bytes < pictures + 5 * 1000
    assert await store.views.size_bytes(line[0].conversation_id + 1) == 0


async def test_pages_hold_every_turn_once_and_begin_where_they_are_told(store: Store) -> None:
    line = await _line(store, 2 * PAGE + 1)
    pages = [page async for page in store.views.pages(line[0].conversation_id)]
    assert [len(page) for page in pages] == [PAGE, PAGE, 1]
    assert [turn for page in pages for turn in page] == line
    later = [turn async for page in store.views.pages(line[0].conversation_id, after=line[3].id) for turn in page]
    assert later == line[4:]


async def test_a_chat_has_a_conversation_for_each_topic(store: Store) -> None:
    for key in (HOME, Key(-100, 7), Key(-100, 0), Key(-100, 3)):
        await store.conversations.open(key)
    assert [talk.key.topic_id for talk in await store.views.of_chat(-100)] == [0, 3, 7]
