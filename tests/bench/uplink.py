"""The cost and gain of uploading pictures once: the real bot behind an emulated uplink, with files on and off.

Run: ``python -m tests.bench.uplink [--mbit N] [--round-trip-ms N] [--turns N]``. Two tables: one picture by its size,
and long conversations. The uplink is a relay on loopback with a limited rate and a delay; the way down has only the
delay. The time that Google needs to store an upload is not included, so the real break-even is later than the one
shown.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

from bot.providers.base import Provider
from bot.providers.factory import ProviderConfig, build
from bot.providers.gemini import files
from storage.engine.database import Database
from storage.records import MediaRef
from storage.tables.provider_files import ProviderFiles
from tests.bench.provider import noise
from tests.providers.turns import asking
from tests.providers.wiring import Album
from tests.support.painter import Painter, answered, painting, picture_part
from tests.support.talking import talking

GOOGLE = f"http://{files.HOST}"
SIZES = (25_000, 50_000, 100_000, 200_000, 400_000, 1_000_000, 2_000_000)
SIGNED = "gemini-3-pro-image"
UNSIGNED = "gemini-2.5-flash-image"


@dataclass
class Uplink:
    """A shared line: bytes queue at ``bytes_per_s`` and arrive ``delay_s`` later."""

    bytes_per_s: float
    delay_s: float
    to_port: int
    url: str = ""
    sent_bytes: int = 0
    _free_at: float = 0.0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection."""
        onwards, back = await asyncio.open_connection("127.0.0.1", self.to_port)
        await asyncio.gather(self._carry(reader, back, up=True), self._carry(onwards, writer, up=False))

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, up: bool) -> None:
        waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        arriving = asyncio.create_task(self._arrive(waiting, target))
        while chunk := await source.read(16_384):
            at = time.monotonic()
            if up:
                self.sent_bytes += len(chunk)
                at = self._free_at = max(self._free_at, at) + len(chunk) / self.bytes_per_s
            waiting.put_nowait((at + self.delay_s, chunk))
        waiting.put_nowait((time.monotonic() + self.delay_s, b""))
        await arriving

    async def _arrive(self, waiting: asyncio.Queue[tuple[float, bytes]], target: asyncio.StreamWriter) -> None:
        while True:
            at, chunk = await waiting.get()
            await asyncio.sleep(at - time.monotonic())
            if not chunk:
                target.close()
                return
            target.write(chunk)


@asynccontextmanager
async def line(painter: Painter, mbit: float, round_trip_ms: float) -> AsyncIterator[Uplink]:
    """Serve a relay before a painter."""
    port = int(painter.base_url.rpartition(":")[2])
    uplink = Uplink(bytes_per_s=mbit * 125_000, delay_s=round_trip_ms / 2000, to_port=port)
    server = await asyncio.start_server(uplink.serve, "127.0.0.1", 0)
    uplink.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield uplink
    finally:
        server.close()


async def by_size(mbit: float, round_trip_ms: float, scratch: Path) -> None:
    """Print, for one picture of each size, what a request takes inline, with its upload, and by name."""
    files.MIN_BYTES = 0
    print(f"\none picture, {mbit:g} Mbit/s, {round_trip_ms:g} ms: ms until its request is answered")
    print(f"{'kB':>6}{'inline':>9}{'upload':>9}{'named':>9}{'  requests until an upload has paid'}")
    async with painting() as painter, line(painter, mbit, round_trip_ms) as uplink:
        database = await Database.open(f"sqlite+aiosqlite:///{scratch}/sizes.db")
        for size in SIZES:
            inline, upload, by_name = await _times(uplink, database, size)
            saved = inline - by_name
            pays = f"{1 + max(0.0, upload - inline) / saved:.1f}" if saved > 0 else "never"
            print(f"{size // 1000:>6}{inline * 1000:>9.0f}{upload * 1000:>9.0f}{by_name * 1000:>9.0f}{pays:>9}")
        await database.close()


async def _times(uplink: Uplink, database: Database, size: int) -> tuple[float, float, float]:
    """Return the median seconds of a request inline, with a fresh upload, and by name."""
    album = Album()
    taken: tuple[list[float], list[float], list[float]] = ([], [], [])
    config = {"base_url": GOOGLE, "proxy": uplink.url, "api_key": "a-key-for-the-bench"}
    plain = build("gemini", ProviderConfig(**config))
    naming = build("gemini", ProviderConfig(**config, files=ProviderFiles(database)))
    await _ask(plain, album, album.add(noise(5_000)))
    await _ask(naming, album, album.add(noise(5_000)))
    for _ in range(5):
        picture = album.add(noise(size), "image/jpeg")
        for provider, place in ((plain, 0), (naming, 1), (naming, 2)):
            begun = time.monotonic()
            await _ask(provider, album, picture)
            taken[place].append(time.monotonic() - begun)
    await plain.aclose()
    await naming.aclose()
    return median(taken[0]), median(taken[1]), median(taken[2])


async def _ask(provider: Provider, album: Album, picture: MediaRef) -> None:
    parts = [{"inlineData": {"mimeType": picture.mime, "data": picture}}, {"text": "warmer"}]
    answer = await provider.ask(asking(album, contents=({"role": "user", "parts": parts},), pictures=(picture,)))
    assert answer.status == 200


async def talks(mbit: float, round_trip_ms: float, turns: int, scratch: Path) -> None:
    """Print what goes up the line in long talks, and how long it is until the provider has it."""
    print(
        f"\ntalks of {turns} turns, pictures of 1 MB, {mbit:g} Mbit/s, {round_trip_ms:g} ms: MB and s up to the request"
    )
    print(f"{'':<44}{'turn 1':>8}{'turn 2':>8}{'last':>8}{'mean MB':>9}{'mean s':>8}")
    folders = itertools.count()
    for title, model, signed, always in (
        ("no signatures, one photo at first", UNSIGNED, False, False),
        ("no signatures, a photo in each turn", UNSIGNED, False, True),
        ("signed answers, one photo at first", SIGNED, True, False),
        ("signed answers, a photo in each turn", SIGNED, True, True),
    ):
        for on in (False, True):
            folder = scratch / str(next(folders))
            sent, took = await _talk(
                folder, mbit, round_trip_ms, turns, model=model, signed=signed, always=always, on=on
            )
            cells = "".join(f"{sent[place] / 1e6:>8.2f}" for place in (0, 1, -1))
            name = f"{title}, files {'on' if on else 'off'}"
            print(f"{name:<44}{cells}{mean(sent) / 1e6:>9.2f}{mean(took):>8.2f}", flush=True)


async def _talk(
    folder: Path, mbit: float, round_trip_ms: float, turns: int, *, model: str, signed: bool, always: bool, on: bool
) -> tuple[list[int], list[float]]:
    """Hold one talk; return bytes and seconds of each turn."""
    sent, took = [], []
    await asyncio.to_thread(folder.mkdir)
    async with talking(folder) as talk, line(talk.painter, mbit, round_trip_ms) as uplink:
        await talk.stop()
        talk.settings |= {"gemini_base_url": GOOGLE, "proxy_url": uplink.url, "gemini_model": model, "gemini_files": on}
        await talk.start()
        ann, more = talk.telegram.ann, {"thoughtSignature": "c2lnbmVk"} if signed else {}
        for number in range(turns):
            parts = [{"text": "Done."}, picture_part(noise(1_000_000), "image/jpeg", **more)]
            talk.painter.will(answered(parts))
            photo = noise(1_000_000)
            before, begun = uplink.sent_bytes, time.monotonic()
            if number == 0 or always:
                await ann.document(photo, f"wish {number}", mime="image/jpeg")
            else:
                await ann.say(f"wish {number}")
            call = await talk.painter.called(number + 1, 120)
            sent.append(uplink.sent_bytes - before)
            took.append(call.at_s - begun)
            await ann.answer(60)
    return sent, took


async def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.uplink", description=__doc__)
    parser.add_argument("--mbit", type=float, default=50, help="rate of the uplink")
    parser.add_argument("--round-trip-ms", type=float, default=50, help="time there and back")
    parser.add_argument("--turns", type=int, default=30, help="turns of a talk; 0 leaves talks out")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pentimento-uplink-") as made:
        smallest = files.MIN_BYTES
        await by_size(asked.mbit, asked.round_trip_ms, Path(made))
        files.MIN_BYTES = smallest
        if asked.turns:
            await talks(asked.mbit, asked.round_trip_ms, asked.turns, Path(made))


if __name__ == "__main__":
    asyncio.run(main())
