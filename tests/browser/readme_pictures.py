"""Take the README's screenshots: a real conversation with the offline engine, in light and in dark, and the pen.

Run ``python -m tests.browser.readme_pictures``; it needs Chromium and a font with emoji, and no network. Imports stage.
"""

from __future__ import annotations

import asyncio
import io
import math
import subprocess
import tempfile
from pathlib import Path

import httpx
from PIL import Image
from playwright.async_api import Browser

from tests.browser.stage import (
    ANN,
    BORIS,
    CHEN,
    SAMPLES,
    Studio,
    Visitor,
    chromium_path,
    launched,
    loaded,
    visiting,
)

SCREENSHOTS = Path(__file__).parent / "screenshots"
SIZE = {"width": 1200, "height": 920}


async def converse(visitor: Visitor) -> None:
    """Let Ann edit a photo and her friends talk in a group."""
    async with httpx.AsyncClient(base_url=visitor.url) as client:
        order = {"as": BORIS, "title": "Sunday painters", "members": [ANN, CHEN]}
        group = (await client.post("/sandbox/groups", json=order)).json()
        for person, words in ((CHEN, "Shall we paint the harbour today?"), (BORIS, "Yes, the one with the red boats")):
            await client.post("/sandbox/send", json={"as": person, "chat_id": group["id"], "text": words})
    await visitor.go(ANN, ANN)
    await visitor.attach(
        SAMPLES / "coffee.jpg", caption="an oil painting, please, with the text GOOD MORNING at the top"
    )
    answer = await visitor.answer(1)
    await answer.click(button="right", position={"x": 40, "y": 300})
    await visitor.page.get_by_role("menuitem", name="React with 🔥").click()
    await answer.locator(".reaction").wait_for()


async def screenshot(browser: Browser, url: str, scheme: str) -> bytes:
    """Show the conversation's end."""
    async with visiting(browser, url, viewport=SIZE, color_scheme=scheme) as visitor:
        await visitor.go(ANN, ANN)
        await visitor.answer(1)
        await visitor.page.wait_for_timeout(500)
        return await visitor.page.screenshot()


async def pen(browser: Browser, url: str) -> bytes:
    """Draw around the boat of a painted lighthouse in the picture view, and begin a wish."""
    async with visiting(browser, url, viewport={"width": 900, "height": 760}, color_scheme="dark") as visitor:
        page = visitor.page
        await visitor.go(BORIS, BORIS)
        await visitor.say("a lighthouse at dusk with a boat")
        await page.locator(".msg.in:not(.draft) .photo").click(timeout=60_000)
        image = page.locator(".lightbox-stage img")
        await loaded(image)
        await page.get_by_role("button", name="Mark a place").click()
        # The words below it take some height from the picture, and the sheet follows.
        await page.wait_for_timeout(500)
        box = await page.locator(".pen-sheet").bounding_box()
        assert box is not None
        ring = [(0.305 + 0.105 * math.cos(step / 8), 0.655 + 0.12 * math.sin(step / 8)) for step in range(52)]
        points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in ring]
        await page.mouse.move(*points[0])
        await page.mouse.down()
        for point in points:
            await page.mouse.move(*point)
        await page.mouse.up()
        await page.fill("#pen-words", "make it warmer here")
        await page.wait_for_timeout(300)
        return await page.screenshot()


def has_emoji() -> bool:
    """Return whether a font here has the signs on the buttons; without one they would be empty boxes."""
    return bool(subprocess.run(["fc-list", f":charset={ord('🔄'):x}"], capture_output=True, check=True).stdout)


async def main() -> None:
    """Take all of them."""
    path = chromium_path()
    if path is None:
        raise SystemExit("No Chromium is installed.")
    with tempfile.TemporaryDirectory() as directory:
        studio = Studio(data_dir=Path(directory))
        await studio.start()
        async with launched(path) as browser:
            async with visiting(browser, studio.url) as visitor:
                await converse(visitor)
            taken = {f"sandbox-{scheme}": await screenshot(browser, studio.url, scheme) for scheme in ("light", "dark")}
            taken["pen"] = await pen(browser, studio.url)
            for name, data in taken.items():
                with Image.open(io.BytesIO(data)) as image:
                    small = image.convert("RGB").quantize(256, kmeans=2)
                small.save(SCREENSHOTS / f"{name}.png", optimize=True)
        await studio.stop()


if __name__ == "__main__":
    if not has_emoji():
        raise SystemExit("No font with emoji is installed: apt-get install fonts-noto-color-emoji")
    asyncio.run(main())
