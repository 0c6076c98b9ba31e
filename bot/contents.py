"""Turns into Gemini ``contents``, and replies into what is stored. Pure: no I/O, no clock.

May import ``wordy`` and ``storage.records`` only. The model's own fields are never rewritten: a reply goes back as it
came to the maker that wrote it, and without its signatures to any other; words without end go back cut. A reply that
can't go back at all (the model demands a signature that is missing or somebody else's, or signed what must be cut) is
told instead: its picture and the earlier wishes go into the next user turn, which needs none (gemini.md, 3.3).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.wordy import parts_worth_sending, worth_sending
from storage.records import MEDIA_PREFIX, Cited, InputPicture, Json, MediaRef, Turn

CAMEL = {
    "inline_data": "inlineData",
    "mime_type": "mimeType",
    "thought_signature": "thoughtSignature",
    "file_data": "fileData",
    "file_uri": "fileUri",
}
"""Relays answer in snake_case but drop it from requests, so it goes back in camelCase (gemini.md, 1.2)."""

HELD = frozenset({"text", "inlineData", "fileData", "thoughtSignature"})
"""What a part is there for."""

PART_BYTES = 100
"""What a picture costs on the wire beside its base64: keys, MIME type, punctuation."""

TOLD_BYTES = 100
"""What the words around retold wishes cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """What a request may hold: pictures, bytes on the wire, and which replies can go back; ``verbatim``: all words."""

    maker: str
    signatures: bool
    history: bool
    max_images: int
    budget_bytes: int
    verbatim: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A path and its new turn as a request.

    ``contents`` is the conversation, ``wish``, ``earlier_wishes``, ``current`` (the picture being edited) and
    ``pictures`` tell the same turn flatly. ``left_out`` counts the turns that ``contents`` does not replay,
    ``dropped`` the new pictures for which the model has no room.
    """

    contents: tuple[Json, ...]
    wish: str
    earlier_wishes: tuple[str, ...]
    current: MediaRef | None
    pictures: tuple[MediaRef, ...]
    left_out: int
    dropped: int


def compose(
    path: Sequence[Turn], turn: Turn, fit: Fit, *, data: Callable[[MediaRef], Any] = lambda ref: ref
) -> Composed:
    """Build the request for ``turn``, whose parents are ``path``, root first.

    The new turn stays whole. Whole pairs join it from the newest backwards while bytes and pictures allow. The picture
    being edited is always in, if need be in the new user turn: what the wish names by a reply, else the current one -
    but where the wish brings pictures of its own, those are to be changed, and no older one is put beside them.
    ``data(ref)`` stands where base64 belongs.
    """
    target, beside = _target(path, turn), _beside(path, turn)
    # Where the wish itself shows it, with something to say of it, it need not stand anywhere else.
    missing = None if target in [picture.media for picture in beside] else target
    # Whatever else has no room, the one to be changed has.
    first = sorted(range(len(beside)), key=lambda place: beside[place].media != target)
    taken = [beside[place] for place in sorted(first[: max(0, fit.max_images - (missing is not None))])]
    replayed = _newest_pairs(path, turn, taken, fit)
    told = path[: len(path) - len(replayed)]
    carried = missing if fit.max_images and not replayed else None
    alone = _user(turn, taken, _itself, carried=carried)
    wishes = _newest_wishes(told, fit.budget_bytes - wire_bytes([alone])) if carried else []
    contents = _replay(replayed, fit, data)
    contents.append(_user(turn, taken, data, carried=carried, wishes=wishes))
    return Composed(
        contents=tuple(contents),
        wish=wish_text(turn),
        # Beside pictures of its own nobody would know in which picture they are done.
        earlier_wishes=tuple(filter(None, map(wish_text, path))) if target or not beside else (),
        current=missing,
        pictures=tuple(picture.media for picture in taken),
        left_out=len(told),
        dropped=len(beside) - len(taken),
    )


def _target(path: Sequence[Turn], turn: Turn) -> MediaRef | None:
    """Return the picture of a path that a wish is to change; None where it brings its own."""
    current = current_picture(path)
    brought = [picture.media for picture in turn.pictures if not picture.name]
    return current if not brought or current in brought else None


def _beside(path: Sequence[Turn], turn: Turn) -> list[InputPicture]:
    """Return the pictures that a wish brings, without the one to be changed, unless something is said of that one."""
    target = _target(path, turn)
    return [one for one in turn.pictures if one.media != target or one.caption or one.name]


def current_picture(path: Sequence[Turn]) -> MediaRef | None:
    """Return the newest picture of a path: the last one shown in a turn, else the last one sent in it."""
    for turn in reversed(path):
        if turn.shown:
            return turn.shown[-1]
        if turn.pictures:
            return turn.pictures[-1].media
    return None


def is_covered(path: Sequence[Turn]) -> bool:
    """Tell whether the newest picture of a path was sent covered, or made of one that was."""
    for turn in reversed(path):
        if turn.shown:
            return turn.covered
        if turn.pictures:
            return turn.pictures[-1].covered
    return False


def wish_text(turn: Turn) -> str:
    """Return a wish as the model reads it: captions, words, and the author's name where several people talk."""
    labels = (label for picture in turn.pictures for label in (_label(picture), picture.caption))
    return _said(turn, "\n".join(filter(None, [*labels, turn.wish])))


def replayable(turn: Turn, fit: Fit) -> bool:
    """Tell whether a reply may go back to this model: a model that signs wants its own signature on each picture."""
    if turn.reply is None or (turn.maker == fit.maker and not fit.verbatim and _signs_wordy(turn.reply)):
        return False
    if not fit.signatures or not turn.shown:
        return True
    pictures = [part for part in _parts(turn.reply) if _inline(part) and not part.get("thought")]
    return turn.maker == fit.maker and all(_camel(part).get("thoughtSignature") for part in pictures)


def park(content: Json, name: Callable[[Any], str]) -> Json:
    """Copy a reply with ``name(blob)`` where a blob (anything with a ``mime``) stands for the bytes of a picture.

    The MIME type becomes the blob's, which is what the bytes say; nothing else changes, nor does any order.
    """

    def swap(inline: Json) -> Json:
        blob = inline["data"]
        mime = "mime_type" if "mime_type" in inline else "mimeType"
        return {**inline, mime: blob.mime, "data": name(blob)}

    return _swap(content, swap, where=lambda data: hasattr(data, "mime"))


def expand(content: Json, look_up: Callable[[str], Any]) -> Json:
    """Copy a stored reply with ``look_up(sha256)`` where :func:`park` left the name of a picture."""

    def swap(inline: Json) -> Json:
        return {**inline, "data": look_up(inline["data"].removeprefix(MEDIA_PREFIX))}

    return _swap(content, swap, where=lambda data: isinstance(data, str) and data.startswith(MEDIA_PREFIX))


def base64_bytes(size_bytes: int) -> int:
    """Return how long ``size_bytes`` are in base64."""
    return 4 * -(-size_bytes // 3)


def wire_bytes(contents: Sequence[Json]) -> int:
    """Return the size of ``contents`` on the wire, where pictures stand as :class:`MediaRef`."""
    return sum(_json_bytes(content) + sum(map(_picture_bytes, media_in(content))) for content in contents)


def _newest_pairs(path: Sequence[Turn], turn: Turn, taken: Sequence[InputPicture], fit: Fit) -> Sequence[Turn]:
    """Return the longest end of ``path`` that can be replayed before ``turn`` and holds the current picture."""
    if not fit.history:
        return ()
    bytes_left = fit.budget_bytes - wire_bytes([_user(turn, taken, _itself)])
    images_left = fit.max_images - len(taken)
    start = len(path)
    for index in range(len(path) - 1, -1, -1):
        earlier = path[index]
        pair = _pair(earlier, fit, _itself) if replayable(earlier, fit) else []
        images_left -= sum(len(media_in(content)) for content in pair)
        bytes_left -= wire_bytes(pair)
        if not pair or images_left < 0 or bytes_left < 0:
            break
        start = index
    kept, current = path[start:], current_picture(path)
    holds = any(current in media_in(content) for earlier in kept for content in _pair(earlier, fit, _itself))
    # Words without the picture that they speak of would mislead the model: then the picture goes along instead.
    return kept if current is None or holds or current in [picture.media for picture in taken] else ()


def _replay(path: Sequence[Turn], fit: Fit, data: Callable[[MediaRef], Any]) -> list[Json]:
    """Return pairs of contents. A picture that was replied to stands in the answer before and goes along once."""
    contents = []
    for place, earlier in enumerate(path):
        target = _target(path[:place], earlier)
        once = replace(earlier, pictures=tuple(_beside(path[:place], earlier))) if target else earlier
        contents += _pair(once, fit, data)
    return contents


def _newest_wishes(told: Sequence[Turn], room_bytes: int) -> list[str]:
    """Return the newest wishes that there is room for, oldest first."""
    kept: list[str] = []
    room_bytes -= TOLD_BYTES
    for wish in filter(None, map(wish_text, reversed(told))):
        room_bytes -= _json_bytes(f"- {wish}\n")
        if room_bytes < 0:
            break
        kept.append(wish)
    return kept[::-1]


def _pair(turn: Turn, fit: Fit, data: Callable[[MediaRef], Any]) -> list[Json]:
    own = turn.maker == fit.maker
    shown = {ref.sha256: ref for ref in turn.shown}
    reply = expand(turn.reply or {}, lambda sha256: data(shown[sha256]) if sha256 in shown else None)
    parts = [_outgoing(part, own=own) for part in _parts(reply)]
    parts = parts if fit.verbatim else parts_worth_sending(parts)
    # An unsigned thought may stay away; a signed one belongs to what the signature covers (gemini.md, 3.3).
    parts = [part for part in parts if not part.get("thought") or "thoughtSignature" in part]
    parts = [part for part in parts if (inline := _inline(part)) is None or inline.get("data") is not None]
    parts = [part for place, part in enumerate(parts) if not _is_repeated(part, parts[:place])]
    model = {**reply, "role": "model", "parts": parts or [{"text": worth_sending(turn.words) or "…"}]}
    return [_user(turn, turn.pictures, data), model]


def _signs_wordy(reply: Json) -> bool:
    """Tell whether words that must be cut are signed: under its signature a text may not change (gemini.md, 3.3)."""
    signed = [part for part in map(_camel, _parts(reply)) if "thoughtSignature" in part and not part.get("thought")]
    return any(worth_sending(part["text"]) != part["text"] for part in signed if isinstance(part.get("text"), str))


def _is_repeated(part: Json, before: Sequence[Json]) -> bool:
    """Tell whether a part only shows a picture once more; one that is signed may not stay away."""
    inline = _inline(part)
    return inline is not None and "thoughtSignature" not in part and inline in [_inline(other) for other in before]


def _user(
    turn: Turn,
    pictures: Sequence[InputPicture],
    data: Callable[[MediaRef], Any],
    *,
    carried: MediaRef | None = None,
    wishes: Sequence[str] = (),
) -> Json:
    parts: list[Json] = [_image_part(carried, data)] if carried else []
    for picture in pictures:
        # A name introduces its picture; what somebody wrote under one follows it.
        named, captioned = ([{"text": words}] if words else [] for words in (_label(picture), picture.caption))
        parts += [*named, _image_part(picture.media, data), *captioned]
    words = _said(turn, turn.wish)
    if wishes:
        earlier = "\n".join(f"- {wish}" for wish in wishes)
        words = f"Earlier wishes, already done in the first picture:\n{earlier}\n\nNow: {words}"
    if words or not parts:
        parts.append({"text": words or "…"})
    return {"role": "user", "parts": parts}


def _said(turn: Turn, words: str) -> str:
    said = f"{turn.author.name}: {words}" if turn.named and words else words
    return "\n".join(filter(None, [*(_told(cited) for cited in turn.cited if cited.words), said]))


def _told(cited: Cited) -> str:
    """Return words of somebody else, marked as whose they are."""
    name = "You" if cited.author_id is None else cited.name or "Somebody"
    return f"{name} wrote: \N{LEFT DOUBLE QUOTATION MARK}{cited.words}\N{RIGHT DOUBLE QUOTATION MARK}"


def _label(picture: InputPicture) -> str:
    return f"@{picture.name}:" if picture.name else ""


def _image_part(ref: MediaRef, data: Callable[[MediaRef], Any]) -> Json:
    return {"inlineData": {"mimeType": ref.mime, "data": data(ref)}}


def _outgoing(part: Json, *, own: bool) -> Json:
    # Relays fill up a part with null for what it does not hold.
    sent = {name: value for name, value in _camel(part).items() if value is not None or name not in HELD}
    if not own:
        sent = {name: value for name, value in sent.items() if name != "thoughtSignature"}
    return sent


def _camel(part: Json) -> Json:
    return {
        CAMEL.get(name, name): _camel(value)
        if isinstance(value, dict) and name in CAMEL | {"inlineData": ""}
        else value
        for name, value in part.items()
    }


def _parts(content: Json) -> list[Json]:
    return [part for part in content.get("parts") or [] if isinstance(part, dict)]


def _inline(part: Json) -> Json | None:
    inline = part.get("inlineData") or part.get("inline_data")
    return inline if isinstance(inline, dict) else None


def _swap(content: Json, swap: Callable[[Json], Json], *, where: Callable[[Any], bool]) -> Json:
    if not isinstance(content.get("parts"), list):
        return content

    def one(part: Any) -> Any:
        inline = _inline(part) if isinstance(part, dict) else None
        if inline is None or not where(inline.get("data")):
            return part
        return {**part, "inlineData" if "inlineData" in part else "inline_data": swap(inline)}

    return {**content, "parts": [one(part) for part in content["parts"]]}


def _itself(ref: MediaRef) -> MediaRef:
    return ref


def media_in(content: Json) -> list[MediaRef]:
    """Return the pictures of a composed content."""
    found = [(_inline(part) or {}).get("data") for part in _parts(content)]
    return [data for data in found if isinstance(data, MediaRef)]


def _picture_bytes(ref: MediaRef) -> int:
    return base64_bytes(ref.size_bytes) + PART_BYTES


def _json_bytes(value: object) -> int:
    return len(json.dumps(value, ensure_ascii=False, default=lambda _: "").encode("utf-8", "surrogatepass"))
