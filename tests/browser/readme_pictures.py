"""Take the README's screenshots: a real conversation with the offline engine, in light and in dark.

Run ``python -m tests.browser.readme_pictures``; it needs Chromium, and no network. Imports stage.
"""

from __future__ import annotations

import asyncio
import io
import tempfile
from pathlib import Path

import httpx
from PIL import Image
from playwright.async_api import Browser

from tests.browser.stage import ANN, BORIS, CHEN, SAMPLES, Studio, Visitor, chromium_path, launched, visiting

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


async def main() -> None:
    """Take both."""
    path = chromium_path()
    if path is None:
        raise SystemExit("No Chromium is installed.")
    with tempfile.TemporaryDirectory() as directory:
        studio = Studio(data_dir=Path(directory))
        await studio.start()
        async with launched(path) as browser:
            async with visiting(browser, studio.url) as visitor:
                await converse(visitor)
            for scheme in ("light", "dark"):
                taken = await screenshot(browser, studio.url, scheme)
                with Image.open(io.BytesIO(taken)) as image:
                    small = image.convert("RGB").quantize(256, kmeans=2)
                small.save(SCREENSHOTS / f"sandbox-{scheme}.png", optimize=True)
        await studio.stop()


if __name__ == "__main__":
    asyncio.run(main())
