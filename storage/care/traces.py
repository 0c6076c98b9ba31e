"""Deletes traces of a person outside turns and pictures: in chats, group rules and updates. Keeps sums of costs.

Imports SQLAlchemy, ``records``, ``rows``, ``schema`` and ``tables``. Each function works within the deleting
transaction.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.records import Key
from storage.rows.codec import Row
from storage.rows.settings import change_settings
from storage.rows.statements import batched
from storage.rows.upsert import insert_into
from storage.schema import chats, guests, identity, inbox, spent
from storage.tables.inbox import FORGOTTEN, KEPT, OPEN

DAY_S = 24 * 3600

SUMMED = ("turns", "pictures", "cost_micro_usd", "unpriced")


PAYMENTS = ("successful_payment", "refunded_payment")
_NAMES_PAYMENT = or_(*(inbox.c.payload.contains(f'"{kind}":') for kind in PAYMENTS))


async def forget_chat(connection: AsyncConnection, person_id: int) -> None:
    """Delete a private chat's row, and remove the person from the rules of groups."""
    await connection.execute(delete(chats).where(chats.c.chat_id == person_id))
    named = select(chats.c.chat_id).where(chats.c.settings.contains(str(person_id))).order_by(chats.c.chat_id)
    for chat_id in (await connection.execute(named)).scalars().all():
        await change_settings(connection, chats, chats.c.chat_id == chat_id, lambda found: _without(found, person_id))


async def forget_guest(connection: AsyncConnection, person_id: int) -> None:
    """Remove a person's names from decisions about guests. Number and decision stay: else a block would end."""
    left = {"name": "", "language": ""}
    await connection.execute(update(guests).where(guests.c.id == person_id).values(left))
    await connection.execute(update(guests).where(guests.c.by_id == person_id).values(by_name=""))


def _without(settings: Mapping[str, Any], person_id: int) -> Mapping[str, Any]:
    rule = settings.get("allow")
    if rule is None:
        return settings
    people = {number: name for number, name in rule.get("people", {}).items() if number != str(person_id)}
    kept = {**rule, "people": people}
    if "told" in rule:
        kept["told"] = [number for number in rule["told"] if number != person_id]
    return {**settings, "allow": kept}


async def forget_updates_of_conversation(connection: AsyncConnection, key: Key, before: int | None) -> None:
    """Blank the updates of a conversation that are done, set aside, or earlier than ``before``; their ids stay."""
    await _forget(connection, (inbox.c.chat_id == key.chat_id) & (inbox.c.topic_id == key.topic_id), before)


async def forget_updates_of_person(connection: AsyncConnection, person_id: int, before: int | None) -> None:
    """Blank a person's updates anywhere that are done, set aside, or earlier than ``before``; their ids stay."""
    await _forget(connection, inbox.c.chat_id == person_id, before)
    pressed = (inbox.c.state == "done") & inbox.c.tap.startswith(f"{person_id}:")
    await connection.execute(update(inbox).where(pressed).values(FORGOTTEN))
    elsewhere = select(inbox.c.update_id, inbox.c.state, inbox.c.payload).where(
        inbox.c.state.in_((*OPEN, KEPT, "aside")), inbox.c.update_id.not_in(await _payments(connection))
    )
    rows = (await connection.execute(elsewhere)).all()
    named = re.compile(rf"(?<!\d){person_id}(?!\d)")
    theirs = [
        row.update_id
        for row in rows
        if (row.state == "aside" and named.search(row.payload))
        or (before is not None and 0 <= row.update_id < before and _is_from(row.payload, person_id))
    ]
    for some in batched(theirs):
        await connection.execute(update(inbox).where(inbox.c.update_id.in_(some)).values(FORGOTTEN))


async def forget_press(connection: AsyncConnection, update_id: int) -> None:
    """Blank who pressed the button that asked for the deletion; the chat stays until the result is sent there."""
    left = {"payload": "{}", "tap": None, "callback_id": None}
    await connection.execute(update(inbox).where(inbox.c.update_id == update_id).values(left))


async def _forget(connection: AsyncConnection, where: ColumnElement[bool], before: int | None) -> None:
    where = where & inbox.c.update_id.not_in(await _payments(connection))
    over: ColumnElement[bool] = inbox.c.state.not_in(OPEN)
    if before is not None:
        over = or_(over, inbox.c.update_id < before)
    await connection.execute(update(inbox).where(where, over).values(FORGOTTEN))


async def _payments(connection: AsyncConnection) -> list[int]:
    """Return the updates that still have to enter the books; not those of messages that only reply to a payment."""
    named = (await connection.execute(select(inbox.c.update_id, inbox.c.payload).where(_NAMES_PAYMENT))).all()
    return [row.update_id for row in named if not _message_in(row.payload).keys().isdisjoint(PAYMENTS)]


def _message_in(payload: str) -> Mapping[str, Any]:
    try:
        update_ = json.loads(payload)
    except ValueError:
        return {}
    message = update_.get("message") if isinstance(update_, dict) else None
    return message if isinstance(message, dict) else {}


def _is_from(payload: str, person_id: int) -> bool:
    """Whether a person sent the message, or pressed the button, of a raw update."""
    try:
        update_ = json.loads(payload)
    except ValueError:
        return False
    kinds = ("message", "edited_message", "callback_query", "guest_message", "chosen_inline_result")
    found = (update_.get(kind) for kind in kinds) if isinstance(update_, dict) else ()
    senders = (one.get("from") for one in found if isinstance(one, dict))
    return any(isinstance(sender, dict) and sender.get("id") == person_id for sender in senders)


async def keep_sums(connection: AsyncConnection, gone: Iterable[Row]) -> None:
    """Add the costs of turns that are being deleted to the anonymous sums, and count them."""
    sums: dict[tuple[int, str, str], Counter[str]] = {}
    number = 0
    for row in gone:
        number += 1
        if row["answered_at"] is None:
            continue
        key = (int(row["answered_at"] // DAY_S), row["provider"] or "", row["model"] or "")
        cost = row["cost_micro_usd"]
        sums.setdefault(key, Counter()).update(
            turns=1, pictures=row["painted"], cost_micro_usd=cost or 0, unpriced=cost is None
        )
    for (day, provider, model), added in sorted(sums.items()):
        row = {"day": day, "provider": provider, "model": model, **{name: int(added[name]) for name in SUMMED}}
        statement = insert_into(spent, connection).values(row)
        more = {name: spent.c[name] + statement.excluded[name] for name in SUMMED}
        await connection.execute(
            statement.on_conflict_do_update(index_elements=[*spent.primary_key.columns], set_=more)
        )
    if number:
        await connection.execute(update(identity).values(forgotten=identity.c.forgotten + number))
