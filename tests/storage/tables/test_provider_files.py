"""Files at a provider: stored by account until they expire, and forgotten together with the picture."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event, text

from storage.engine.database import now
from storage.records import InputPicture, Key, MediaRef
from storage.store import Store
from tests.support.records import HOME, new_turn

HOUR_S = 3600.0
ELSEWHERE = Key(8, 0)


async def keep(store: Store, name: str, account: str = "ours", lives_s: float = 48 * HOUR_S) -> None:
    uri = f"https://provider/files/{name}-{account}"
    await store.provider_files.keep(account, name, uri, expires_at=now() + lives_s)


async def count(store: Store) -> int:
    async with store.database.connect() as connection:
        return int(await connection.scalar(text("SELECT count(*) FROM provider_files")) or 0)


async def test_what_lives_long_enough_is_known_to_its_account(store: Store) -> None:
    await keep(store, "a")
    await keep(store, "a", "theirs")
    await keep(store, "b", lives_s=HOUR_S / 2)
    await keep(store, "c")
    assert await store.provider_files.alive("ours", ["a", "b", "d"], for_s=HOUR_S) == {
        "a": "https://provider/files/a-ours"
    }
    assert set(await store.provider_files.alive("ours", ["a", "b"], for_s=0)) == {"a", "b"}
    assert await store.provider_files.alive("nobody", ["a", "b"], for_s=0) == {}


async def test_an_upload_takes_the_place_of_the_one_before(store: Store) -> None:
    await keep(store, "a", lives_s=1)
    await store.provider_files.keep("ours", "a", "https://provider/files/new", expires_at=now() + HOUR_S)
    assert await store.provider_files.alive("ours", ["a"], for_s=10) == {"a": "https://provider/files/new"}
    assert await count(store) == 1


async def test_dropped_files_go_unless_they_were_uploaded_again(store: Store) -> None:
    await keep(store, "a")
    await keep(store, "a", "theirs")
    await store.provider_files.drop("ours", [("a", "https://provider/files/older")])
    assert await count(store) == 2
    await store.provider_files.drop("ours", [("a", "https://provider/files/a-ours")])
    assert await store.provider_files.alive("ours", ["a"], for_s=0) == {}
    assert set(await store.provider_files.alive("theirs", ["a"], for_s=0)) == {"a"}


async def test_what_has_expired_is_swept_as_new_uploads_come(store: Store) -> None:
    for name in "abc":
        await keep(store, name, lives_s=-1)
    await keep(store, "d")
    await keep(store, "e")
    assert await count(store) == 2


async def test_forgetting_a_conversation_takes_along_where_its_pictures_lie(store: Store) -> None:
    """Only of pictures that go; one that somebody else uses stays where it is."""
    own, shared = [MediaRef(sha256=await store.media.put(data), mime="image/png", size_bytes=3, width_px=1, height_px=1)
                   for data in (b"own", b"all")]  # fmt: skip
    for key, refs in ((HOME, (own, shared)), (ELSEWHERE, (shared,))):
        conversation = await store.conversations.open(key)
        pictures = tuple(InputPicture(media=ref) for ref in refs)
        await store.conversations.take(new_turn(conversation.id, pictures=pictures), (), ())
    for account in ("ours", "theirs"):
        await keep(store, own.sha256, account)
        await keep(store, shared.sha256, account)
    await keep(store, own.sha256, "of old", lives_s=-1)
    gone = await store.forgetting.conversation(HOME)
    uris = [(account, f"https://provider/files/{own.sha256}-{account}") for account in ("ours", "theirs")]
    assert sorted(gone.files) == uris
    assert set(await store.provider_files.alive("ours", [own.sha256, shared.sha256], for_s=0)) == {shared.sha256}
    assert await store.provider_files.alive("ours", [own.sha256], for_s=0) == {}
    assert sorted(await store.provider_files.released()) == uris
    await store.provider_files.forget_released(uris[:1])
    assert await store.provider_files.released() == uris[1:]
    assert len((await store.forgetting.conversation(ELSEWHERE)).files) == 2
    assert await count(store) == 3


async def test_an_upload_whose_picture_is_gone_is_not_used_when_that_picture_comes_again(store: Store) -> None:
    """Its deletion may be on its way to the provider."""
    await keep(store, "a")
    assert await store.provider_files.released() == [("ours", "https://provider/files/a-ours")]
    await store.provider_files.keep("ours", "a", "https://provider/files/new", expires_at=now() + HOUR_S)
    await store.provider_files.forget_released([("ours", "https://provider/files/a-ours")])
    assert set(await store.provider_files.alive("ours", ["a"], for_s=0)) == {"a"}


@pytest.mark.parametrize("question", ["alive", "keep", "drop"])
async def test_no_statement_reads_the_whole_table(store: Store, question: str) -> None:
    """Neither to name pictures nor to sweep those that have expired."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if "provider_files" in statement and not statement.startswith("INSERT"):
            seen.append((statement, parameters))

    for engine in store.database.engines:
        event.listen(engine.sync_engine, "before_cursor_execute", note)
    await {
        "alive": lambda: store.provider_files.alive("ours", ["a", "b"], for_s=HOUR_S),
        "keep": lambda: keep(store, "a"),
        "drop": lambda: store.provider_files.drop("ours", [("a", "https://provider/files/a-ours")]),
    }[question]()
    ((statement, parameters),) = seen
    async with store.database.connect() as connection:
        if connection.dialect.name == "sqlite":
            rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plan = [row.detail for row in rows]
        else:
            # With no rows a scan is cheaper: what counts is whether there is another way.
            await connection.execute(text("SET enable_seqscan = off"))
            plan = [row[0] for row in await connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)]
    assert plan
    assert not [step for step in plan if "SCAN provider_files" in step or "Seq Scan" in step]
