"""One turn as Gemini contents: the wish as a user turn, the reply as a model turn. Pure.

Imports ``parked``, ``wordy`` and the records of ``storage`` only. A :class:`MediaRef` takes the place of base64.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.turns.request.parked import camel, expand, inline_of, outgoing, parts_of
from bot.turns.request.wordy import parts_worth_sending, worth_sending
from storage.records import Cited, InputPicture, Json, MediaRef, Restored, Sketch, Turn
from storage.rows.spoken import Spoken

NO_LIMIT = 10**12

PathTurn = Turn | Spoken
"""A turn of a path: whole, or for turns far up without the reply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """What a request may hold, and which replies can go back.

    ``max_images``: pictures. ``budget_bytes``: bytes on the wire. ``picture_bytes``: bytes of one older picture.
    ``prompt_chars``: letters of the prompt for a model without history. ``signatures``: the model takes pictures back
    only with the signatures of ``maker``. ``verbatim``: replay the exact conversation, with all words of the model.
    """

    maker: str
    signatures: bool
    history: bool
    max_images: int
    budget_bytes: int
    picture_bytes: int = NO_LIMIT
    prompt_chars: int = NO_LIMIT
    verbatim: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that a wish brings, with its names and captions."""

    media: MediaRef
    names: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()


def target_of(current: MediaRef | None, turn: PathTurn) -> MediaRef | None:
    """Return the picture of the path that a wish edits, None if it edits the pictures that it brings."""
    brought = [picture.media for picture in turn.pictures if not picture.name]
    return current if not brought or current in brought else None


def pictures_brought(current: MediaRef | None, turn: Turn) -> list[Shown]:
    """Return the pictures that a wish brings, each once.

    The picture to edit is left out, unless it has a name or a caption.
    """
    target = target_of(current, turn)
    found: dict[str, list[InputPicture]] = {}
    for picture in turn.pictures:
        found.setdefault(picture.media.sha256, []).append(picture)
    brought = [
        Shown(
            same[0].media,
            tuple(dict.fromkeys(picture.name for picture in same if picture.name)),
            tuple(dict.fromkeys(picture.caption for picture in same if picture.caption)),
        )
        for same in found.values()
    ]
    return [one for one in brought if one.media != target or one.names or one.captions]


def newest_of(turn: PathTurn) -> MediaRef | None:
    """Return the current picture after a turn: the last one shown, else the last one sent."""
    if shown := turn.shown:
        return shown[-1]
    sent = last_sent(turn)
    return sent.media if sent else None


def last_sent(turn: PathTurn | Sketch) -> InputPicture | None:
    """Return the last picture of a wish: one that it brings before one that it names, and one without a mark."""
    plain = [one for one in turn.pictures if not one.marks] or turn.pictures
    own = [one for one in plain if not one.name] or plain
    return own[-1] if own else None


def picture_of_answer(turn: PathTurn) -> InputPicture | None:
    """Return the current picture of an answer with its original: of a restored one the lossless one, at full size."""
    if not turn.shown:
        return None
    if turn.restored and turn.restored.taken:
        return replace(turn.restored.picture, covered=turn.covered)
    return InputPicture(media=turn.shown[-1], covered=turn.covered)


def with_original(picture: InputPicture, turn: PathTurn) -> InputPicture:
    """Return a picture of an answer with its original, if it is the restored one: its message names the copy only."""
    restored = turn.restored
    if restored is None or picture.media != restored.picture.media:
        return picture
    return replace(restored.picture, covered=picture.covered, caption=picture.caption, name=picture.name)


def is_restored(turn: PathTurn) -> bool:
    """Return whether a turn shows a picture that the bot made of the model's, so that its reply does not hold it."""
    return turn.restored is not None and turn.restored.taken


def as_meant(path: Sequence[PathTurn], turn: Turn) -> Sequence[PathTurn]:
    """Return a path with the other picture of its newest answer, restored or as painted, if the wish brings that one.

    A person replied to it.
    """
    turned = with_other(path)
    other = newest_shown(turned)
    if turned is path or not any(picture.media == other and not picture.name for picture in turn.pictures):
        return path
    return turned


def with_other(path: Sequence[PathTurn]) -> Sequence[PathTurn]:
    """Return a path with the other picture of its newest answer, restored or as painted; as it is if it has one."""
    place = next((place for place in range(len(path) - 1, -1, -1) if path[place].shown), None)
    restored = path[place].restored if place is not None else None
    if place is None or restored is None:
        return path
    other = restored.painted if restored.taken else restored.picture.media
    return [*path[:place], _turned(path[place], other, replace(restored, taken=not restored.taken)), *path[place + 1 :]]


def newest_shown(path: Sequence[PathTurn]) -> MediaRef | None:
    """Return the last picture that an answer of a path shows."""
    return next((turn.shown[-1] for turn in reversed(path) if turn.shown), None)


def showing(turn: Turn, picture: MediaRef | None) -> Turn:
    """Return a turn as it shows one of the two pictures of its answer, restored or as painted; else as it is."""
    restored = turn.restored
    if restored is None or picture not in (restored.picture.media, restored.painted):
        return turn
    return replace(turn, shown=(picture,), restored=replace(restored, taken=picture == restored.picture.media))


def _turned(turn: PathTurn, shown: MediaRef, restored: Restored) -> PathTurn:
    return showing(turn, shown) if isinstance(turn, Turn) else turn.with_restored(restored)


def wish_text(turn: PathTurn, *, done: bool = False) -> str:
    """Return a wish as the model reads it: captions, words, and in groups the author's name.

    ``done``: it is an earlier one, told in words. What was said of a mark on a picture then is left out: it would be
    read as an order for now.
    """
    if isinstance(turn, Spoken) and turn.is_plain:
        return turn.wish
    pictures = [picture for picture in turn.pictures if not (done and picture.marks)]
    if not pictures:
        return _said(turn, turn.wish)
    labels = (label for picture in pictures for label in (_label(picture.name), picture.caption))
    return _said(turn, "\n".join(filter(None, [*labels, turn.wish])))


def user_content(turn: Turn, pictures: Sequence[Shown], ahead: Sequence[Json] = (), lead: str = "") -> Json:
    """Return the wish as a user turn. ``ahead``: parts to put first; ``lead``: text before the words."""
    parts = list(ahead)
    for picture in pictures:
        # A name comes before its picture, a caption after it.
        parts += [{"text": _label(name)} for name in picture.names]
        parts += [image_part(picture.media), *({"text": caption} for caption in picture.captions)]
    if words := _said(turn, turn.wish):
        parts.append({"text": f"{lead}{words}"})
    return {"role": "user", "parts": parts or [{"text": "…"}]}


def model_content(turn: Turn, fit: Fit) -> Json:
    """Return the reply as a model turn that may go back to the model of ``fit``."""
    shown = {ref.sha256: ref for ref in turn.painted}
    reply = expand(turn.reply or {}, shown.get)
    parts = [sent for part in parts_of(reply) if (sent := outgoing(part, own=turn.maker == fit.maker))]
    parts = [_as_seen(part, turn) for part in parts] if is_restored(turn) else parts
    parts = parts if fit.verbatim else parts_worth_sending(parts)
    # An unsigned thought may be left out; a signed one is covered by the signature.
    parts = [part for part in parts if not part.get("thought") or "thoughtSignature" in part]
    parts = [part for part in parts if (inline := inline_of(part)) is None or inline.get("data") is not None]
    parts = [part for place, part in enumerate(parts) if not _is_repeated(part, parts[:place])]
    return {**reply, "role": "model", "parts": parts or [{"text": worth_sending(turn.words) or "…"}]}


def replayable(turn: Turn, fit: Fit) -> bool:
    """Return whether a reply may go back: a model that signs requires its own signature on each picture.

    A reply whose picture was restored has another picture than the one that is edited, so it does not.
    """
    if is_restored(turn) and not fit.verbatim:
        return False
    if turn.reply is None or (turn.maker == fit.maker and not fit.verbatim and _signs_wordy(turn.reply)):
        return False
    if not fit.signatures or not turn.shown:
        return True
    pictures = [part for part in parts_of(turn.reply) if inline_of(part) and not part.get("thought")]
    return turn.maker == fit.maker and all(camel(part).get("thoughtSignature") for part in pictures)


def image_part(ref: MediaRef) -> Json:
    """Return a part that holds a picture."""
    return {"inlineData": {"mimeType": ref.mime, "data": ref}}


def _as_seen(part: Json, turn: Turn) -> Json:
    """Return a part with the restored picture in place of the model's, without the signature of that one."""
    inline, restored = inline_of(part), turn.restored
    if restored is None or inline is None or inline.get("data") != restored.painted or part.get("thought"):
        return part
    unsigned = {name: value for name, value in part.items() if name != "thoughtSignature"}
    return {**unsigned, **image_part(restored.picture.media)}


def _signs_wordy(reply: Json) -> bool:
    """Return whether a signed text would be shortened: a signed text must not change."""
    signed = [part for part in map(camel, parts_of(reply)) if "thoughtSignature" in part and not part.get("thought")]
    return any(worth_sending(part["text"]) != part["text"] for part in signed if isinstance(part.get("text"), str))


def _is_repeated(part: Json, before: Sequence[Json]) -> bool:
    """Return whether a part only repeats a picture; a signed part must stay."""
    inline = inline_of(part)
    return inline is not None and "thoughtSignature" not in part and inline in [inline_of(other) for other in before]


def _said(turn: PathTurn, words: str) -> str:
    said = f"{turn.author.name}: {words}" if turn.shows_author and words else words
    # A citation with empty words has become the wish itself.
    return "\n".join(filter(None, [*(_told(cited) for cited in turn.cited if cited.words), said]))


def _told(cited: Cited) -> str:
    """Return quoted words with the name of their author."""
    name = "You" if cited.author_id is None else cited.name or "Somebody"
    return f"{name} wrote: \N{LEFT DOUBLE QUOTATION MARK}{cited.words}\N{RIGHT DOUBLE QUOTATION MARK}"


def _label(name: str) -> str:
    return f"@{name}:" if name else ""
