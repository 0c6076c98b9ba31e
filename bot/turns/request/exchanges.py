"""One turn as Gemini contents: what a person asked as a user's, what the model answered as its own. Pure.

May import ``parked``, ``wordy`` and the records of ``storage`` only. Pictures stand as :class:`MediaRef` where base64
belongs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.turns.request.parked import camel, expand, inline_of, outgoing, parts_of
from bot.turns.request.wordy import parts_worth_sending, worth_sending
from storage.records import Cited, InputPicture, Json, MediaRef, Turn
from storage.rows.spoken import Spoken

NO_LIMIT = 10**12

PathTurn = Turn | Spoken
"""A turn, or what of one far up is needed to tell it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """What a request may hold: pictures, bytes on the wire, bytes of one older picture; which replies can go back.

    ``prompt_chars``: letters of the prompt in which a model without history is told everything.
    ``signatures``: a model of ``maker`` takes its pictures back only as it signed them. ``verbatim``: all words of a
    model, and nothing but what was said.
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
    """A picture that a wish brings, with what is said of it."""

    media: MediaRef
    names: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()


def target_of(current: MediaRef | None, turn: Turn) -> MediaRef | None:
    """Return the picture that a wish is to change, of a path whose newest is ``current``; None if it brings its own."""
    brought = [picture.media for picture in turn.pictures if not picture.name]
    return current if not brought or current in brought else None


def beside(current: MediaRef | None, turn: Turn) -> list[Shown]:
    """Return the pictures that a wish brings, each once.

    The one that is to be changed is not among them, unless something is said of it.
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
    """Return the picture at which a turn is: the last one shown in it, else the last one sent."""
    if shown := turn.shown:
        return shown[-1]
    return pictures[-1].media if (pictures := turn.pictures) else None


def wish_text(turn: PathTurn) -> str:
    """Return a wish as the model reads it: captions, words, and the author's name where several people talk."""
    if isinstance(turn, Spoken) and turn.is_plain:
        return turn.wish
    if not (pictures := turn.pictures):
        return _said(turn, turn.wish)
    labels = (label for picture in pictures for label in (_label(picture.name), picture.caption))
    return _said(turn, "\n".join(filter(None, [*labels, turn.wish])))


def user_content(turn: Turn, pictures: Sequence[Shown], ahead: Sequence[Json] = (), lead: str = "") -> Json:
    """Return what somebody asked. ``ahead``: parts that stand before it; ``lead`` stands before the words."""
    parts = list(ahead)
    for picture in pictures:
        # A name introduces its picture; what somebody wrote under one follows it.
        parts += [{"text": _label(name)} for name in picture.names]
        parts += [image_part(picture.media), *({"text": caption} for caption in picture.captions)]
    if words := _said(turn, turn.wish):
        parts.append({"text": f"{lead}{words}"})
    return {"role": "user", "parts": parts or [{"text": "…"}]}


def model_content(turn: Turn, fit: Fit) -> Json:
    """Return what the model answered, as it may go back to the model of ``fit``."""
    shown = {ref.sha256: ref for ref in turn.shown}
    reply = expand(turn.reply or {}, shown.get)
    parts = [sent for part in parts_of(reply) if (sent := outgoing(part, own=turn.maker == fit.maker))]
    parts = parts if fit.verbatim else parts_worth_sending(parts)
    # An unsigned thought may stay away; a signed one belongs to what the signature covers.
    parts = [part for part in parts if not part.get("thought") or "thoughtSignature" in part]
    parts = [part for part in parts if (inline := inline_of(part)) is None or inline.get("data") is not None]
    parts = [part for place, part in enumerate(parts) if not _is_repeated(part, parts[:place])]
    return {**reply, "role": "model", "parts": parts or [{"text": worth_sending(turn.words) or "…"}]}


def replayable(turn: Turn, fit: Fit) -> bool:
    """Return whether a reply may go back to this model: a model that signs wants its own signature on each picture."""
    if turn.reply is None or (turn.maker == fit.maker and not fit.verbatim and _signs_wordy(turn.reply)):
        return False
    if not fit.signatures or not turn.shown:
        return True
    pictures = [part for part in parts_of(turn.reply) if inline_of(part) and not part.get("thought")]
    return turn.maker == fit.maker and all(camel(part).get("thoughtSignature") for part in pictures)


def image_part(ref: MediaRef) -> Json:
    """Return a part that holds a picture."""
    return {"inlineData": {"mimeType": ref.mime, "data": ref}}


def _signs_wordy(reply: Json) -> bool:
    """Return whether words that must be cut are signed: under its signature a text may not change."""
    signed = [part for part in map(camel, parts_of(reply)) if "thoughtSignature" in part and not part.get("thought")]
    return any(worth_sending(part["text"]) != part["text"] for part in signed if isinstance(part.get("text"), str))


def _is_repeated(part: Json, before: Sequence[Json]) -> bool:
    """Return whether a part only shows a picture once more; one that is signed may not stay away."""
    inline = inline_of(part)
    return inline is not None and "thoughtSignature" not in part and inline in [inline_of(other) for other in before]


def _said(turn: PathTurn, words: str) -> str:
    said = f"{turn.author.name}: {words}" if turn.named and words else words
    # Words that became the wish itself are known as somebody's, and told as the wish.
    return "\n".join(filter(None, [*(_told(cited) for cited in turn.cited if cited.words), said]))


def _told(cited: Cited) -> str:
    """Return words of somebody else, marked as whose they are."""
    name = "You" if cited.author_id is None else cited.name or "Somebody"
    return f"{name} wrote: \N{LEFT DOUBLE QUOTATION MARK}{cited.words}\N{RIGHT DOUBLE QUOTATION MARK}"


def _label(name: str) -> str:
    return f"@{name}:" if name else ""
