"""Converts rows to records and back. Imports ``column_types`` and ``records`` only; knows no SQL.

Four fields of a turn have other names than their columns, which are older: ``shows_author`` is the column ``named``,
``repeats_id`` is ``retold_id``, ``batch_id`` is ``set_id``, and ``remarks`` are in ``notes``.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from storage.column_types import is_utf8
from storage.records import (
    MEDIA_PREFIX,
    Author,
    Cited,
    Conversation,
    InboxRow,
    InputPicture,
    Json,
    KeptBack,
    Key,
    MediaRef,
    MessageLink,
    NewTurn,
    Outcome,
    Restored,
    Role,
    Sketch,
    Turn,
    TurnState,
)

LARGE_REPLY = 200_000
"""Replies with more characters take a while to parse; signatures alone can be megabytes."""

PARKED = re.compile(re.escape(MEDIA_PREFIX) + r"([0-9a-f]{64})")
_NAMED = re.compile(r'"sha256": ?"([^"]*)"')


class Row(Protocol):
    """A row by column name."""

    def __getitem__(self, name: str, /) -> Any: ...


def dumps(value: object) -> str:
    """Return compact JSON, with keys in their order and characters unescaped, as far as UTF-8 allows."""
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # JSON can contain half a surrogate pair, which UTF-8 cannot.
    return written if is_utf8(written) else json.dumps(value, separators=(",", ":"))


def media_json(media: MediaRef) -> Json:
    """Return ``{"sha256", "mime", "size_bytes", "width_px", "height_px"}``."""
    return {name: getattr(media, name) for name in MediaRef.__slots__}


def picture_json(picture: InputPicture) -> Json:
    """Return the media's JSON with the other fields that have a value."""
    found = media_json(picture.media)
    if picture.original:
        found["original"] = media_json(picture.original)
    if picture.author_id is not None:
        found["author_id"] = picture.author_id
    return found | {
        name: value for name in ("caption", "name", "covered", "marks") if (value := getattr(picture, name))
    }


def read_picture(found: Mapping[str, Any]) -> InputPicture:
    """Read what :func:`picture_json` wrote."""
    media = MediaRef(**{name: found[name] for name in MediaRef.__slots__})
    original = MediaRef(**found["original"]) if "original" in found else None
    words = {name: found.get(name, "") for name in ("caption", "name", "marks")}
    covered, author_id = found.get("covered", False), found.get("author_id")
    return InputPicture(media=media, original=original, covered=covered, author_id=author_id, **words)


def read_pictures(written: str) -> tuple[InputPicture, ...]:
    """Read the pictures of a wish."""
    return () if written == "[]" else tuple(map(read_picture, json.loads(written)))


def read_shown(written: str) -> tuple[MediaRef, ...]:
    """Read the pictures of an answer."""
    return () if written == "[]" else tuple(MediaRef(**found) for found in json.loads(written))


def restored_json(restored: Restored | None) -> str | None:
    """Return ``{"picture", "taken", "record"}``, None for none."""
    if restored is None:
        return None
    return dumps({"picture": picture_json(restored.picture), "taken": restored.taken, "record": restored.record})


def read_restored(written: str | None, painted: Sequence[MediaRef]) -> Restored | None:
    """Read what :func:`restored_json` wrote. ``painted``: the pictures of the model."""
    if not written or not painted:
        return None
    found = json.loads(written)
    picture = read_picture(found["picture"])
    return Restored(picture=picture, painted=painted[-1], taken=found["taken"], record=found["record"])


def seen(painted: tuple[MediaRef, ...], restored: Restored | None) -> tuple[MediaRef, ...]:
    """Return what a person sees of an answer: the model's pictures, or the restored one if that is taken."""
    return (restored.picture.media,) if restored and restored.taken else painted


def read_cited(written: str | None) -> tuple[Cited, ...]:
    """Read the words of others that a wish refers to."""
    return tuple(Cited(**one) for one in json.loads(written)) if written else ()


def notes_json(remarks: Sequence[str], *, covered: bool, offered_from: str = "") -> str | None:
    """Return the notes of an answer, those of them that are set; None for none."""
    found: Json = {"remarks": list(remarks), "covered": covered, "offered_from": offered_from}
    kept = {name: value for name, value in found.items() if value}
    return dumps(kept) if kept else None


def read_conversation(row: Row) -> Conversation:
    """Read a row of ``conversations``."""
    redo = json.loads(row["redo"])
    return Conversation(
        id=row["id"],
        key=Key(row["chat_id"], row["topic_id"]),
        head_id=row["head_id"],
        redo=tuple(map(abs, redo)),
        is_anew=row["head_id"] is None and any(one < 0 for one in redo[-1:]),
        settings=json.loads(row["settings"]),
    )


def write_turn(new: NewTurn) -> Json:
    """Return the columns of a new turn."""
    return {
        "conversation_id": new.conversation_id,
        "parent_id": new.parent_id,
        "head_before": new.head_before,
        "state": TurnState.ACCEPTED.value,
        "kind": new.kind,
        "retold_id": new.repeats_id,
        "asker_id": new.asker.id if new.asker else None,
        "asker_name": new.asker.name if new.asker else None,
        "author_id": new.author.id,
        "author_name": new.author.name,
        "author_language": new.author.language,
        "named": new.shows_author,
        "wish": new.wish,
        "pictures": dumps([picture_json(picture) for picture in new.pictures]),
        "request_message_id": new.request_message_id,
        "options": dumps(new.options),
        "cited": dumps([cited_json(one) for one in new.cited]) if new.cited else None,
        "attempts": 0,
        "interruptions": 0,
        "crashes": 0,
        "words": "",
        "shown": "[]",
        "usage": "{}",
    }


def write_outcome(outcome: Outcome) -> Json:
    """Return the columns of an answer, each with ``new_`` before its name."""
    return {
        "new_reply": dumps(outcome.reply),
        "new_words": outcome.words,
        "new_shown": dumps([media_json(shown) for shown in outcome.shown]),
        "new_provider": outcome.provider,
        "new_maker": outcome.maker,
        "new_model": outcome.model,
        "new_usage": dumps(outcome.usage),
        "new_cost_micro_usd": outcome.cost_micro_usd,
        "new_notes": notes_json(outcome.remarks, covered=outcome.covered, offered_from=outcome.offered_from),
        "new_restored": restored_json(outcome.restored),
    }


def read_turn(row: Row) -> Turn:
    """Read a row of ``turns``."""
    notes, painted = _notes(row), read_shown(row["shown"])
    restored = read_restored(row["restored"], painted)
    return Turn(
        id=row["id"],
        conversation_id=row["conversation_id"],
        parent_id=row["parent_id"],
        head_before=row["head_before"],
        state=TurnState(row["state"]),
        author=Author(id=row["author_id"], name=row["author_name"], language=row["author_language"]),
        wish=row["wish"],
        pictures=read_pictures(row["pictures"]),
        request_message_id=row["request_message_id"],
        shows_author=row["named"],
        options=json.loads(row["options"]),
        kind=row["kind"],
        repeats_id=row["retold_id"],
        batch_id=row["set_id"],
        created_at=row["created_at"],
        attempts=row["attempts"],
        interruptions=row["interruptions"],
        crashes=row["crashes"],
        reply=json.loads(row["reply"]) if row["reply"] else None,
        shown=seen(painted, restored),
        words=row["words"],
        provider=row["provider"],
        maker=row["maker"],
        model=row["model"],
        usage=json.loads(row["usage"]),
        cost_micro_usd=row["cost_micro_usd"],
        error=json.loads(row["error"]) if row["error"] else None,
        kept_back=KeptBack(row["kept_back"]) if row["kept_back"] else None,
        remarks=tuple(notes.get("remarks", ())),
        covered=notes.get("covered", False),
        restored=restored,
        offered_from=notes.get("offered_from", ""),
        asker=None if row["asker_id"] is None else Author(id=row["asker_id"], name=row["asker_name"] or ""),
        cited=read_cited(row["cited"]),
    )


async def read_turns(rows: Iterable[Row]) -> list[Turn]:
    """Read rows of ``turns``, yielding to the event loop before large ones."""
    found = []
    for row in rows:
        if len(row["reply"] or "") > LARGE_REPLY:
            await asyncio.sleep(0)
        found.append(read_turn(row))
    return found


def read_sketch(row: Row) -> Sketch:
    """Read the columns of a sketch."""
    painted = read_shown(row["shown"])
    return Sketch(
        id=row["id"],
        parent_id=row["parent_id"],
        wish=row["wish"],
        words=row["words"],
        pictures=read_pictures(row["pictures"]),
        shown=seen(painted, read_restored(row["restored"], painted)),
        covered=_notes(row).get("covered", False),
    )


def _notes(row: Row) -> Json:
    return json.loads(row["notes"]) if row["notes"] else {}


def cited_json(cited: Cited) -> Json:
    """Return ``{"words", "name", "author_id"}``."""
    return {name: getattr(cited, name) for name in Cited.__slots__}


def write_link(link: MessageLink, conversation_id: int) -> Json:
    """Return the columns of a message."""
    return {
        "chat_id": link.chat_id,
        "message_id": link.message_id,
        "conversation_id": conversation_id,
        "turn_id": link.turn_id,
        "role": link.role.value,
        "picture": dumps(picture_json(link.picture) | _waiting_json(link)) if link.picture else None,
        "file_id": link.file_id,
        "album": link.album,
        "author_id": link.picture.author_id if link.picture else None,
    }


def _waiting_json(link: MessageLink) -> Json:
    found: Json = {} if link.waits_until is None else {"waits_until": link.waits_until}
    found |= {"waits_for": link.waits_for} if link.waits_for else {}
    return found | ({"asks": link.asks} if link.asks else {})


def read_link(row: Row) -> MessageLink:
    """Read a row of ``messages``."""
    picture = json.loads(row["picture"]) if row["picture"] else {}
    return MessageLink(
        chat_id=row["chat_id"],
        message_id=row["message_id"],
        role=Role(row["role"]),
        turn_id=row["turn_id"],
        picture=read_picture({"author_id": row["author_id"], **picture}) if picture else None,
        file_id=row["file_id"],
        album=row["album"],
        waits_until=picture.get("waits_until"),
        waits_for=picture.get("waits_for"),
        asks=tuple(picture.get("asks", ())),
    )


def read_inbox(row: Row) -> InboxRow:
    """Read a row of ``inbox``. The update of a finished row is gone."""
    return InboxRow(
        update_id=row["update_id"],
        key=Key(row["chat_id"], row["topic_id"]),
        payload=json.loads(row["payload"] or "{}"),
        tries=row["tries"],
        received_at=row["received_at"],
        notice=json.loads(row["notice"]) if row["notice"] else None,
    )


def parked_in(written: str) -> set[str]:
    """Return the SHA-256 of the pictures that are parked in stored JSON."""
    return set(PARKED.findall(written))


def named_in(written: Iterable[str]) -> set[str]:
    """Return the SHA-256 of all media in stored JSON of pictures, originals included.

    Six times as fast as to read the pictures; there may be 100,000. What people wrote cannot look like a name: within
    a text, JSON writes each quotation mark with a backslash.
    """
    return {name for one in written for name in _NAMED.findall(one)}


def authors_of(pictures: Iterable[InputPicture]) -> dict[str, int]:
    """Return the known senders of pictures, by SHA-256, originals included."""
    known = [picture for picture in pictures if picture.author_id is not None]
    return {ref.sha256: picture.author_id or 0 for picture in known for ref in media_of((picture,))}


def media_of(pictures: Iterable[InputPicture]) -> list[MediaRef]:
    """Return the media of these pictures, originals included."""
    pictures = tuple(pictures)
    return [picture.media for picture in pictures] + [picture.original for picture in pictures if picture.original]
