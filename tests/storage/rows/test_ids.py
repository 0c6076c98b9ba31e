"""No number of a turn or a conversation is given twice. Otherwise files under that number would reach a stranger."""

from __future__ import annotations

from pathlib import Path

from storage.records import Key
from storage.store import Store
from tests.support.records import HOME, new_turn

STRANGER = Key(8, 0)


async def wish(store: Store, key: Key) -> tuple[int, int]:
    """Take a wish; return the numbers of its conversation and turn."""
    conversation = await store.conversations.open(key)
    return conversation.id, (await store.conversations.take(new_turn(conversation.id), (), ())).id


async def test_a_forgotten_persons_numbers_go_to_nobody(store: Store, database_url: str, tmp_path: Path) -> None:
    """Also after a restart, and when nothing at all is left in the tables."""
    forgotten = await wish(store, HOME)
    await store.forgetting.conversation(HOME)
    assert not set(await wish(store, STRANGER)) & {*forgotten}
    await store.forgetting.conversation(STRANGER)
    again = await Store.open(database_url, str(tmp_path / "media"))
    conversation_id, turn_id = await wish(again, STRANGER)
    await again.close()
    assert conversation_id == forgotten[0] + 2
    assert turn_id == forgotten[1] + 2
