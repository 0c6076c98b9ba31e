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

from sqlalchemy import ColumnElement, case, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.records import DELETED_FILE, Key
from storage.rows.codec import Row, dumps
from storage.rows.settings import change_settings
from storage.rows.statements import batched
from storage.rows.upsert import insert_into
from storage.schema import chats, guests, identity, inbox, spent
from storage.tables.inbox import CHANGED, FORGOTTEN, FOUND_OUT, KEPT, OPEN

DAY_S = 24 * 3600

SUMMED = ("turns", "pictures", "cost_micro_usd", "unpriced")


KINDS = ("message", "edited_message", "callback_query", "guest_message", "chosen_inline_result")
"""The members of an update that say who wrote or pressed."""

PLACE = ("message_id", "message_thread_id", "is_topic_message", "date", "chat")
"""What stays of a replied-to message: the reply is still one, to something that is not known any more."""

WITHOUT_FILE = frozenset({"origin", "chat", "message_id", "link_preview_options", "has_media_spoiler"})
"""The members that a message of another chat has without a file (Bot API, ExternalReplyInfo)."""

NOBODY = {"type": "hidden_user", "date": 0, "sender_user_name": ""}

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
        inbox.c.state.in_((*OPEN, KEPT, "aside")),
        inbox.c.payload.contains(str(person_id)),
        inbox.c.update_id.not_in(await _payments(connection)),
    )
    rows = (await connection.execute(elsewhere.order_by(inbox.c.update_id).with_for_update())).all()
    named = re.compile(rf"(?<!\d){person_id}(?!\d)")
    theirs = []
    for row in (row for row in rows if named.search(row.payload)):
        earlier = before is not None and 0 <= row.update_id < before
        if row.state == "aside" or (earlier and _is_from(row.payload, person_id)):
            theirs.append(row.update_id)
        elif earlier or row.state == KEPT:
            theirs += await _forget_cited(connection, row.update_id, row.payload, person_id)
    for some in batched(theirs):
        await connection.execute(update(inbox).where(inbox.c.update_id.in_(some)).values(FORGOTTEN))


async def _forget_cited(connection: AsyncConnection, update_id: int, payload: str, person_id: int) -> list[int]:
    """Take a person's messages out of the update of somebody else that replies to them.

    Return the update itself where it only passes one on: nothing of it is its sender's.
    """
    try:
        found = json.loads(payload)
    except ValueError:
        return []
    kinds = (found.get(kind) for kind in KINDS) if isinstance(found, dict) else ()
    if any(_is_by(one, ("forward_origin", "forward_from"), person_id) for one in kinds):
        return [update_id]
    if (left := _without_replies_to(found, person_id)) != found:
        _forget_found_out(left)
        # Somebody may be working on it, and must not store what is gone from it.
        marked = case((inbox.c.tries < CHANGED, inbox.c.tries + CHANGED), else_=inbox.c.tries)
        meant = inbox.c.update_id == update_id
        await connection.execute(update(inbox).where(meant).values(payload=dumps(left), tries=marked))
    return []


def _forget_found_out(left: dict[str, Any]) -> None:
    """Drop from an update what was said in voice messages that it has no more; what else was found out stays.

    That is noted under the name of the file (``bot.chat.receive.hearing``), and was paid for.
    """
    known = left.pop(FOUND_OUT, None)
    if isinstance(known, dict):
        rest = dumps(left)
        kept = {name: one for name, one in known.items() if isinstance(one, int) or dumps(name) in rest}
        left |= {FOUND_OUT: kept} if kept else {}


def _without_replies_to(found: Any, person_id: int) -> Any:
    """Return a part of an update where replied-to messages of a person have only their place left, and no quotes.

    That there was a file stays known: a wish is not painted without the picture that it is about.
    """
    if isinstance(found, list):
        return [_without_replies_to(one, person_id) for one in found]
    if not isinstance(found, dict):
        return found
    left = {name: _without_replies_to(one, person_id) for name, one in found.items()}
    for repeated in (name for name in ("reply_to_message", "pinned_message") if isinstance(left.get(name), dict)):
        whole = left[repeated]
        if _is_by(whole, ("from", "forward_origin", "forward_from"), person_id):
            place = {name: whole[name] for name in PLACE if name in whole}
            left[repeated] = place if "text" in whole else place | {DELETED_FILE: True}
            left.pop("quote", None)
    external = left.get("external_reply")
    if isinstance(external, dict) and _is_by(external, ("origin",), person_id):
        left = {name: one for name, one in left.items() if name not in ("external_reply", "quote")}
        if external.keys() - WITHOUT_FILE:
            left["external_reply"] = {"origin": NOBODY, DELETED_FILE: True}
    return left


def _is_by(message: Any, members: Iterable[str], person_id: int) -> bool:
    """Return whether one of these members of a message names a person as its author."""
    authors = [message.get(name) for name in members] if isinstance(message, dict) else []
    named = [author.get("sender_user", author) for author in authors if isinstance(author, dict)]
    return any(isinstance(author, dict) and author.get("id") == person_id for author in named)


async def forget_left_updates(connection: AsyncConnection, before: float) -> None:
    """Blank the updates from before a time (Unix s) that were set aside, or that nobody decided about; ids stay."""
    left = inbox.c.state.in_(("aside", KEPT)) & (inbox.c.received_at < before)
    unpaid = inbox.c.update_id.not_in(await _payments(connection))
    await connection.execute(update(inbox).where(left, unpaid).values(FORGOTTEN))


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
    found = (update_.get(kind) for kind in KINDS) if isinstance(update_, dict) else ()
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
