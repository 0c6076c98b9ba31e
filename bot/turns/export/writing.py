"""Plans an export and writes it, one picture at a time, in threads.

Imports ``archive``, ``page``, ``plan``, ``replay``, ``source`` and ``storage.records``. Reads turns in pages and holds
one picture, so its memory does not grow with the conversation.
"""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import IO

import pybase64

from bot.turns.export.archive import Archive
from bot.turns.export.page import Surroundings, article, file_name, page, readme
from bot.turns.export.plan import ENTRY_BYTES, FRAME_BYTES, Division, Part, Weighed, pictures_of
from bot.turns.export.replay import PicturePart, Replay, replay_of
from bot.turns.export.source import Source
from storage.records import Json, MediaRef, Turn

LARGEST_REPLAY_BYTES = 100_000_000
"""What Google takes in one request (ai.google.dev/gemini-api/docs/file-input-methods, inline data)."""

LARGEST_TEXT_BYTES = 20_000_000
"""The most bytes of one turn in tree.json; signatures alone can be megabytes."""

LINKS_BYTES = 200
"""The most bytes of a turn's links to other parts."""

# A multiple of 3, so that the chunks join without padding inside.
CHUNK_BYTES = 3 * 256 * 1024

LOST = b'{"text": "(a picture that is lost)"}'


async def plan_export(source: Source, language: str, limit_bytes: float = math.inf) -> Export:
    """Divide a conversation into parts of at most ``limit_bytes``; reads turns, but no pictures.

    ``language``: that of the page to read.
    """
    division = Division(limit_bytes)
    around = Surroundings(numbers={}, parts={}, count=1, head_id=source.head_id, language=language)
    async for turns in source.pages(0):
        for turn in turns:
            around.numbers[turn.id] = len(around.numbers) + 1
            around.parts[turn.id] = 1
        for weighed in await asyncio.to_thread(_weigh, turns, around):
            division.add(weighed)
    room_bytes = min(LARGEST_REPLAY_BYTES, limit_bytes - FRAME_BYTES - ENTRY_BYTES)
    replay = await replay_of(source.head_id, source.path, int(room_bytes))
    division.end(replay.size_bytes + ENTRY_BYTES if replay else None)
    return Export(source, division, around, replay)


class Export:
    """A conversation that is ready to be written."""

    def __init__(self, source: Source, division: Division, around: Surroundings, replay: Replay | None) -> None:
        self._source = source
        self._replay = replay
        self._too_large = division.too_large
        self.parts = division.parts
        part_of: dict[int, int] = {}
        for part in self.parts:
            for turn_id in part.turns:
                part_of.setdefault(turn_id, part.number)
        self._around = replace(
            around,
            parts=part_of,
            count=len(self.parts),
            replay_in=self.parts[-1].number if replay else 0,
            replay_from=0 if replay is None or replay.is_whole else around.numbers.get(replay.begins_with, 0),
        )

    @property
    def turns(self) -> int:
        """How many turns there are."""
        return len(self._around.numbers)

    async def write(self, part: Part, archive: Archive) -> int:
        """Write a part and close the archive; return the number of its lost pictures."""
        try:
            lost = {ref.sha256 for ref in part.pictures.values() if not await self._write_picture(archive, ref)}
            if part.turns:
                await self._write_turns(part, archive, lost)
            if part.has_replay and self._replay is not None:
                await self._write_replay(self._replay, archive)
            words = readme(part, self._around, len(lost), len(self._too_large))
            await asyncio.to_thread(_write, archive, "README.txt", words.encode(), packed=True)
        finally:
            await asyncio.to_thread(archive.close)
        return len(lost)

    async def _write_picture(self, archive: Archive, ref: MediaRef) -> bool:
        data = await self._source.read(ref)
        if data is None:
            return False
        await asyncio.to_thread(_write, archive, file_name(ref), data, packed=False)
        return True

    async def _write_turns(self, part: Part, archive: Archive, lost: Collection[str]) -> None:
        """Write tree.json and index.html, turn by turn."""
        articles: list[str] = []
        async with _opened(archive, "tree.json", packed=True) as file:
            async for turns in self._source.pages(min(part.turns) - 1):
                held = [turn for turn in turns if turn.id in part.turns]
                begins = b"[\n" if not articles else b",\n"
                articles += [article(turn, part, self._around, lost) for turn in held]
                text = await asyncio.to_thread(_documented, held, self._around)
                if held:
                    await asyncio.to_thread(file.write, begins + text)
                if len(held) < len(turns):
                    break
            await asyncio.to_thread(file.write, b"\n]\n")
        whole = await asyncio.to_thread(page, articles, part, self._around)
        await asyncio.to_thread(_write, archive, "index.html", whole.encode("utf-8", "replace"), packed=True)

    async def _write_replay(self, replay: Replay, archive: Archive) -> None:
        pieces = replay.pieces()
        async with _opened(archive, "contents.json", packed=False) as file:
            while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
                data = await self._source.read(piece.ref) if isinstance(piece, PicturePart) else piece
                await asyncio.to_thread(_write_piece, file, piece, data)


@asynccontextmanager
async def _opened(archive: Archive, name: str, *, packed: bool) -> AsyncIterator[IO[bytes]]:
    entry = archive.open(name, packed=packed)
    file = await asyncio.to_thread(entry.__enter__)
    try:
        yield file
    finally:
        await asyncio.to_thread(entry.__exit__, None, None, None)


def _write(archive: Archive, name: str, data: bytes, *, packed: bool) -> None:
    with archive.open(name, packed=packed) as file:
        file.write(data)


def _write_piece(file: IO[bytes], piece: bytes | PicturePart, data: bytes | None) -> None:
    if isinstance(piece, bytes):
        file.write(piece)
        return
    if data is None:
        file.write(LOST)
        return
    before, behind = piece.around()
    file.write(before)
    view = memoryview(data)
    for start in range(0, len(view), CHUNK_BYTES):
        file.write(pybase64.b64encode(view[start : start + CHUNK_BYTES]))
    file.write(behind)


def _weigh(turns: Sequence[Turn], around: Surroundings) -> list[Weighed]:
    """Return the sizes of turns, with some bytes for links to parts that are not known yet."""
    weighed = []
    for turn in turns:
        pictures = pictures_of(turn)
        alone = Part(1, turns={turn.id: pictures})
        text_bytes = len(_documented([turn], around)) + len(article(turn, alone, around).encode("utf-8", "replace"))
        number = around.numbers[turn.id]
        weighed.append(Weighed(id=turn.id, number=number, text_bytes=text_bytes + LINKS_BYTES, pictures=pictures))
    return weighed


def _documented(turns: Sequence[Turn], around: Surroundings) -> bytes:
    """Return turns as JSON for tree.json; a reply too large for any part is left out."""
    texts = []
    for turn in turns:
        text = json.dumps(_as_json(turn, around), ensure_ascii=False, indent=2).encode("utf-8", "replace")
        if len(text) > LARGEST_TEXT_BYTES:
            text = _documented([replace(turn, reply=None)], around)
        texts.append(text)
    return b",\n".join(texts)


def _restored(turn: Turn) -> Json | None:
    """Return the restored picture of a turn, the model's, which of them is shown, and how and why it was made."""
    if turn.restored is None:
        return None
    picture = turn.restored.picture.original or turn.restored.picture.media
    both = {"picture": file_name(picture), "painted": file_name(turn.restored.painted)}
    return {**both, "taken": turn.restored.taken, **turn.restored.record}


def _as_json(turn: Turn, around: Surroundings) -> Json:
    return {
        "number": around.numbers[turn.id],
        "parent": around.numbers.get(turn.parent_id or 0),
        "head": turn.id == around.head_id,
        "asked_at": datetime.fromtimestamp(turn.created_at, UTC).isoformat(timespec="seconds"),
        "author": turn.author.name,
        "wish": turn.wish,
        "sent": [file_name(picture.original or picture.media) for picture in turn.pictures],
        "words": turn.words,
        "shown": [file_name(ref) for ref in turn.shown],
        "restored": _restored(turn),
        "provider": turn.provider,
        "model": turn.model,
        "reply": turn.reply,
    }
