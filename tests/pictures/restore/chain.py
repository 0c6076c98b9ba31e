"""Forty edits in a row, with and without restoring, and the curve of what is left of the untouched part.

``python -m tests.pictures.restore.chain --out chain.json --curve docs/pictures/restoring-chain.png``

Imports numpy, Pillow, ``bases``, ``edits``, ``model``, ``pens`` and the code under test. All edits lie in the left 55 %
of the frame; 68 to 97 % of its width is measured. A model gets the picture of the step before, as a chat sends it.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from bot.pictures.restore.result import Restored, Verdict, restore
from tests.pictures.restore.bases import Picture, made, photo
from tests.pictures.restore.edits import LOCAL
from tests.pictures.restore.model import painted
from tests.pictures.restore.pens import pixels, png

KINDS = ("pasted", "pasted small", "removed", "recoloured", "pattern", "several", "text", "thin lines", "glow")
IDENTICAL = 60.0


def edited(picture: Picture, other: Picture, step: int, seed: int) -> Picture:
    """Return a picture with an edit in its left 55 %."""
    width = picture.shape[1]
    cut = round(0.55 * width)
    chance = np.random.default_rng([seed, step])
    kind = KINDS[int(chance.integers(len(KINDS)))]
    whole = picture.copy()
    whole[:, :cut] = LOCAL[kind](np.ascontiguousarray(picture[:, :cut]), np.ascontiguousarray(other[:, :cut]), chance)
    return whole


def psnr(one: Picture, two: Picture) -> float:
    """Return how near the measured part is in dB; ``IDENTICAL`` when no byte differs."""
    height, width = one.shape[:2]
    part = np.s_[round(0.03 * height) : round(0.97 * height), round(0.68 * width) : round(0.97 * width)]
    error = float(((one[part].astype(float) - two[part]) ** 2).mean())
    return IDENTICAL if error == 0 else 10 * np.log10(255**2 / error)


def chain(source: Picture, other: Picture, steps: int, seed: int) -> list[dict[str, float | str]]:
    """Return, for each step, dB of the plain chain and of the restored one, and what was decided."""
    size = (source.shape[1], source.shape[0])
    plain, kept = source, source
    rows: list[dict[str, float | str]] = []
    for step in range(steps):
        chance = np.random.default_rng([seed, step, 7])
        answer = painted(edited(plain, other, step, seed), chance).picture
        plain = answer
        shown = np.asarray(Image.fromarray(plain).resize(size, Image.Resampling.BICUBIC))
        result = restore(
            png(kept), painted(edited(kept, other, step, seed), np.random.default_rng([seed, step, 7])).data
        )
        if isinstance(result, Restored) and result.verdict is Verdict.LOCAL:
            kept = pixels(result.png)
        rows.append({"plain": psnr(shown, source), "kept": psnr(kept, source), "reason": result.reason})
    return rows


def curve(chains: dict[str, list[dict[str, float | str]]], path: Path) -> None:
    """Draw all chains: the plain ones fall, the restored ones stay."""
    width, height, scale = 900, 460, 2
    image = Image.new("RGB", (width * scale, height * scale), "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(15 * scale)
    left, top, right, bottom = 64, 46, width - 24, height - 54
    steps = max(len(rows) for rows in chains.values())

    def place(step: float, value: float) -> tuple[float, float]:
        return (
            scale * (left + (right - left) * (step - 1) / max(1, steps - 1)),
            scale * (bottom - (bottom - top) * (value - 5) / (IDENTICAL - 5)),
        )

    for value in (10, 20, 30, 40, 50, 60):
        draw.line([place(1, value), place(steps, value)], fill="#dddddd", width=scale)
        name = "same" if value == IDENTICAL else f"{value} dB"
        draw.text((scale * 8, place(1, value)[1] - 9 * scale), name, font=font, fill="#444444")
    for step in (1, 10, 20, 30, 40):
        if step <= steps:
            x, y = place(step, 5)
            draw.text((x - 8 * scale, y + 6 * scale), str(step), font=font, fill="#444444")
    for name, colour in (("plain", "#c0392b"), ("kept", "#1f6fb2")):
        for rows in chains.values():
            line = [place(step, max(5.0, float(row[name]))) for step, row in enumerate(rows, 1)]
            draw.line(line, fill=colour, width=3 * scale, joint="curve")
    draw.text((scale * left, scale * 12), "restored: the untouched part", font=font, fill="#1f6fb2")
    draw.text((scale * (left + 250), scale * 12), "as painted: the same part", font=font, fill="#c0392b")
    draw.text((scale * (left + 300), scale * (height - 26)), "edits in a row", font=font, fill="#444444")
    image.resize((width, height), Image.Resampling.LANCZOS).save(path, optimize=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--photo", type=Path, action="append", default=[])
    parser.add_argument("--pixels", type=int, default=500_000)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--curve", type=Path)
    options = parser.parse_args()
    sources = {path.stem: photo(path, options.pixels) for path in options.photo} or {
        name: made(name, (840, 600), options.seed) for name in ("stones", "lighthouse")
    }
    chains = json.loads(options.out.read_text("utf-8")) if options.out.exists() else {}
    other = made("still life", (840, 600), options.seed)
    for name, source in sources.items():
        if name not in chains:
            fitting = np.asarray(Image.fromarray(other).resize(source.shape[1::-1]))
            chains[name] = chain(source, fitting, options.steps, options.seed)
            options.out.write_text(json.dumps(chains), "utf-8")
        rows = chains[name]
        same = sum(row["kept"] == IDENTICAL for row in rows)
        refused = sum(not str(row["reason"]).startswith("local") for row in rows)
        at = {step: round(float(rows[step - 1]["plain"]), 1) for step in (1, 5, 10, 20, 30, 40) if step <= len(rows)}
        print(f"{name}: identical after {same} of {len(rows)} edits, {refused} not taken; plain {at} dB")
    if options.curve:
        curve(chains, options.curve)


if __name__ == "__main__":
    main()
