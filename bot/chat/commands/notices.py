"""Notices: what is stored together with an effect, to be said about it.

Imports ``response``, ``events``, ``keyboards``, ``wishes`` and ``storage``.
"""

from __future__ import annotations

from bot.chat.events import Commanded, Incoming, Said
from bot.chat.response import AnswerAgain, Part, Response, Sentence
from bot.chat.send import keyboards
from bot.turns.wishes import current_at, set_aside_by_undo, undone_photos
from storage.records import InboxRow, Json
from storage.store import Store

ALONE = ("busy", "busy-more")
"""Notices that are for the asker alone."""


def cancel_notice(event: Incoming | None, language: str, waiting: int) -> Json:
    """Return the notice about a cancel. It says that the rest of the message was ignored, if there was more.

    ``waiting``: how many wishes wait behind the one that was stopped. The next of them begins at once.
    """
    more = isinstance(event, Said) or (isinstance(event, Commanded) and event.argument)
    key = "cancelled-only" if more else "cancelled"
    said: Json = {"key": key} if not waiting else {"key": "cancelled-others", "said": {"key": key}, "count": waiting}
    return {"key": said.pop("key"), "turn_id": None, "language": language, **({"values": said} if said else {})}


async def response_to_notice(store: Store, row: InboxRow) -> Response:
    """Return what to say about the effect that was stored with an update."""
    notice = row.notice or {}
    turn = await store.conversations.turn(notice["turn_id"]) if notice.get("turn_id") else None
    parts: list[Part] = []
    if notice.get("left"):
        parts.append(Sentence(key="waiting-ended", values={"count": notice["left"]}))
    by = str(notice.get("by", ""))
    if turn is None:
        parts += await _about_no_turn(store, row, by)
    else:
        # Of what somebody had forgotten there are no words to name it.
        named, said = ("-named", "-words") if turn.wish else ("", "-said")
        form = named if turn.shown else said
        redoes = False
        if notice["key"] in ("undone", "redone"):
            conversation = await store.conversations.by_id(turn.conversation_id)
            redoes = bool(conversation.redo)
            aside = await set_aside_by_undo(store, conversation, turn) if notice["key"] == "undone" else 0
            if aside and not parts:
                parts.append(Sentence(key="waiting-ended", values={"count": aside}))
        current = () if turn.shown else await current_at(store, turn.id)
        key = f"{notice['key']}{form}"
        parts.append(AnswerAgain(turn=turn, key=key, current=current, by=by, redoes=redoes))
    return Response(parts=tuple(parts))


async def _about_no_turn(store: Store, row: InboxRow, by: str) -> list[Part]:
    """Return what to say where no turn is to be shown."""
    notice = row.notice or {}
    key = str(notice["key"])
    said = f"{key}-root" if key in ("undone", "redone") else key
    values = dict(notice.get("values", {}))
    if said in ("undone-root", "fresh"):
        conversation = await store.conversations.open(row.key)
        if await store.messages.waiting_pictures(conversation.id):
            # The next message will be about the waiting picture.
            said += "-waiting"
        elif key == "undone" and (photos := await undone_photos(store, conversation)):
            said, values = "undone-photo", {**values, "count": len(photos)}
    keyboard = keyboards.to_redo(str(notice.get("language", ""))) if key == "undone" else None
    spoken = ("moved-by", {"name": by, "said": {"key": said, **values}}) if by else (said, values)
    sentence = Sentence(key=spoken[0], values=spoken[1], keyboard=keyboard, alone=said in ALONE)
    parts: list[Part] = [_with_kept_wish(sentence, notice)]
    if said in ("forgotten", "forgotten-person") and store.forgetting.lingers:
        parts.append(Sentence(key="forgotten-later"))
    return parts


def _with_kept_wish(sentence: Sentence, notice: Json) -> Sentence:
    """Return a sentence that also names a wish which waits for room, with the button that makes it."""
    kept = notice.get("kept")
    if kept is None:
        return sentence
    values = {"thanks": {"key": sentence.key, **sentence.values}, "wish": kept["wish"]}
    keyboard = keyboards.under_failure(notice["language"], kept["turn_id"], kept["help"])
    return Sentence(key="paid-kept" if kept["wish"] else "paid-kept-unnamed", values=values, keyboard=keyboard)
