"""Finds saved pictures that a wish names as @name. Imports ``storage`` and the standard library."""

from __future__ import annotations

import re
from dataclasses import replace

from storage.records import InputPicture, Key
from storage.store import Store

MOST_NAMES = 3
"""The most unknown names that are reported: a text with many @names means something else by them."""

MENTION = re.compile(r"@([^\W_][\w-]{0,31})")


async def named_in(store: Store, key: Key, words: str) -> list[InputPicture]:
    """Return the saved pictures of a conversation whose names are in the words."""
    wanted = dict.fromkeys(name.lower() for name in MENTION.findall(words))
    if not wanted:
        return []
    conversation = await store.conversations.open(key)
    known = await store.names.of(conversation.id)
    return [replace(known[name], name=name, caption="") for name in wanted if name in known]


async def unknown_in(store: Store, key: Key, words: str) -> list[str]:
    """Return the @names in the words that are not saved; none where the conversation has no names at all."""
    wanted = dict.fromkeys(name.lower() for name in MENTION.findall(words))
    if not wanted:
        return []
    known = await store.names.of((await store.conversations.open(key)).id)
    return [name for name in wanted if name not in known] if known else []
