"""What goes to the model in a conversation of edits in place: with restored pictures, and with the plain history.

Run: ``python -m tests.bench.kept [--turns N] [--width PX]``. The real bot edits one photo, turn after turn; the
emulated model repaints all of it, as the engine's mode "Drifts" does. Printed for each turn: megabytes of the request
and pictures in it. The photo is in every first request, so the first turn is the same in all columns.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from pathlib import Path

from PIL import Image

from tests.bench.tables import table
from tests.support.drifting import jpeg, photo, repainted, signed, with_hat
from tests.support.pictures import opened
from tests.support.talking import Talk, talking

SIGNS, PLAIN = "gemini-3-pro-image", "gemini-2.5-flash-image"
SUBJECTS = {"2.5 plain": (PLAIN, False), "2.5 kept": (PLAIN, True), "3 plain": (SIGNS, False), "3 kept": (SIGNS, True)}


async def edited(talk: Talk, model: str, turns: int, width_px: int, *, kept: bool) -> list[tuple[float, int]]:
    """Edit a photo so many times; return megabytes and pictures of each request."""
    ann, sent = talk.telegram.ann, jpeg(photo(width_px))
    await ann.say(f"/model {model}")
    await ann.answer()
    now: Image.Image = opened(sent)
    for number in range(turns):
        place = (0.04 + 0.07 * number, 0.3, 0.1 + 0.07 * number, 0.45)
        painted = repainted(with_hat(now, ("crimson", "gold", "teal")[number % 3], place), number)
        talk.painter.will(signed(painted))
        if number:
            await ann.say(f"hat {number}")
        else:
            await ann.document(("photo.jpg", sent), "hat 0")
        answer = await ann.answer(120)
        now = opened(painted)
        if kept:
            await ann.press(answer, "Only the change")
            only = await ann.answer(120)
            await ann.press(only, "File")
            now = opened(await (await ann.answer(120)).document_bytes())
    return [(call.size_bytes / 1e6, len(call.all_pictures)) for call in talk.painter.calls]


async def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=8)
    parser.add_argument("--width", type=int, default=1800, help="of the photo, three to two")
    chosen = parser.parse_args()
    found: dict[str, list[tuple[float, int]]] = {}
    for name, (model, kept) in SUBJECTS.items():
        with tempfile.TemporaryDirectory() as folder:
            async with talking(Path(folder)) as talk:
                found[name] = await edited(talk, model, chosen.turns, chosen.width, kept=kept)
    for place, what in enumerate(("megabytes of the request", "pictures in it")):
        columns = {
            name: {f"turn {number}": float(values[place]) for number, values in enumerate(turns, 1)}
            for name, turns in found.items()
        }
        print(f"\n{what}\n{table(columns, 10)}")


if __name__ == "__main__":
    asyncio.run(main())
