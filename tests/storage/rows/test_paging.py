"""Whole tables are read in pages that fit into memory, however large their rows are."""

from __future__ import annotations

import pytest

from storage.rows.paging import pages
from storage.schema import inbox, turn_media
from storage.store import Store
from tests.support.records import HOME

LENGTHS = [10, 10, 3000, 10, 900, 900, 10, 10, 2500, 2500, 10]


async def fill(store: Store) -> None:
    await store.inbox.add([(HOME, {"update_id": number, "x": "ä" * long}) for number, long in enumerate(LENGTHS, 1)])


@pytest.mark.parametrize("size", [1, 2, 4, 100])
async def test_no_page_holds_more_text_than_it_may_unless_one_row_does(store: Store, size: int) -> None:
    await fill(store)
    async with store.database.connect() as connection:
        found = [page async for page in pages(connection, inbox, size=size, most_chars=2000)]
    assert [row["update_id"] for page in found for row in page] == [*range(1, len(LENGTHS) + 1)]
    assert all(len(page) <= size for page in found)
    assert all(len(page) == 1 or sum(len(row["payload"]) for row in page) <= 2000 for page in found)
    if size == 100:
        assert [len(page) for page in found] == [2, 1, 5, 1, 1, 1]


async def test_pages_of_rows_without_text_are_full(store: Store) -> None:
    async with store.database.begin() as connection:
        rows = [{"turn_id": number // 3, "sha256": f"{number:064x}"} for number in range(10)]
        await connection.execute(turn_media.insert(), rows)
    async with store.database.connect() as connection:
        found = [page async for page in pages(connection, turn_media, size=4)]
    assert [len(page) for page in found] == [4, 4, 2]
    assert [int(row["sha256"], 16) for page in found for row in page] == [*range(10)]


async def test_an_empty_table_has_no_pages(store: Store) -> None:
    async with store.database.connect() as connection:
        assert [page async for page in pages(connection, inbox)] == []
