"""A marked edit in the page: the person's own photo with the change, the model's picture by a button, the setting."""

from __future__ import annotations

import httpx
import pytest
from playwright.async_api import Browser, Locator, expect

from tests.browser.stage import ANN, ANSWER_MS, PHONE, WIDE, Studio, Visitor, loaded, visiting
from tests.support.drifting import jpeg, photo, ringed
from tests.support.messages import as_file_json

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def marked_edit(visitor: Visitor) -> Locator:
    """Send a photo and a copy with a ring, to an engine that repaints everything; return the answer."""
    async with httpx.AsyncClient(base_url=visitor.url, timeout=30) as client:
        await client.post("/sandbox/provider", json={"mode": "drift"})
        for data, words in ((jpeg(photo(900)), ""), (ringed(photo(900)), "black and white")):
            body = {"as": ANN, "chat_id": ANN, "text": words, "files": [as_file_json(data)]}
            (await client.post("/sandbox/send", json=body)).raise_for_status()
    answer = visitor.page.locator(
        ".msg.in:not(.draft)", has_text="I did that at the marked place, and repainted the whole picture"
    )
    await expect(answer).to_be_visible(timeout=3 * ANSWER_MS)
    await loaded(answer.locator(".photo img"))
    return answer


@pytest.mark.parametrize("window", [WIDE, PHONE], ids=["wide", "phone"])
async def test_the_rest_of_a_photo_is_kept_and_the_model_s_picture_is_a_tap_away(
    browser: Browser, studio: Studio, window: dict[str, int]
) -> None:
    async with visiting(browser, studio.url, viewport=window) as visitor:
        page = visitor.page
        await page.goto(f"{visitor.url}/#/{ANN}/{ANN}")
        await expect(page.locator(".welcome")).to_be_visible()
        answer = await marked_edit(visitor)
        await expect(answer.locator(".text")).to_contain_text("Everything else kept from your photo.")
        button = answer.get_by_role("button", name="What the model painted")
        await button.click()
        painted = page.locator(".msg.in:not(.draft)", has_text="This is what the model painted.")
        await expect(painted).to_be_visible(timeout=ANSWER_MS)
        only = painted.get_by_role("button", name="Only the change")
        box, around = await only.bounding_box(), await painted.bounding_box()
        assert box is not None
        assert around is not None
        assert around["x"] <= box["x"]
        assert box["x"] + box["width"] <= around["x"] + around["width"] + 1
        await visitor.say("/settings")
        row = page.get_by_role("button", name="Keep the rest: automatic")
        await expect(row).to_be_visible(timeout=ANSWER_MS)
        await row.click()
        await page.get_by_role("button", name="by a button").click()
        await expect(page.get_by_role("button", name="Keep the rest: by a button")).to_be_visible(timeout=ANSWER_MS)
