"""What a person can see of pictures in the page: all of them open, animations play, and a place can be marked."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.stage import ANN, ANSWER_MS, PHONE, SAMPLES, WIDE, Puppet, Studio, Visitor, loaded, until, visiting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CAT = (SAMPLES / "cat.jpg").read_bytes()


async def answered(window: Visitor, number: int) -> Locator:
    """Wait for the n-th answer, not for the draft that a slow machine shows before it."""
    answer = window.page.locator(".msg.in:not(.draft)").nth(number - 1)
    await expect(answer).to_be_visible(timeout=3 * ANSWER_MS)
    return answer


async def tell(window: Visitor, *wishes: str) -> Locator:
    """Say some things, one after another, and return the last answer."""
    for number, words in enumerate(wishes, start=1):
        await window.say(words)
        answer = await answered(window, number)
    return answer


@pytest.mark.parametrize("window", [WIDE, PHONE], ids=["wide", "phone"])
async def test_what_the_bot_draws_opens_large(browser: Browser, studio: Studio, window: dict[str, int]) -> None:
    """The tree, before and after, and the context: on a phone, too, their numbers can be read after one double tap."""
    async with visiting(browser, studio.url, viewport=window) as visitor:
        page = visitor.page
        await page.goto(f"{visitor.url}/#/{ANN}/{ANN}")
        await expect(page.locator(".welcome")).to_be_visible()
        for number, words in enumerate(
            ("a lighthouse at dusk", "warmer", "now at night", "/tree", "/compare"), start=1
        ):
            await visitor.say(words)
            answer = await answered(visitor, number)
            if not words.startswith("/"):
                continue
            await answer.locator(".photo").click()
            image = page.locator(".lightbox-stage img")
            await loaded(image)
            shown = await image.bounding_box()
            assert shown is not None
            assert shown["width"] >= min(window["width"], 760) - 8 or shown["height"] > 480
            await expect(page.get_by_role("button", name="Mark a place")).to_be_hidden()
            await image.dblclick()
            larger = await image.bounding_box()
            assert larger is not None
            assert larger["width"] > 2 * shown["width"]
            await page.keyboard.press("Escape")
            await expect(page.locator(".lightbox")).to_have_count(0)


async def test_a_timelapse_plays_where_it_stands(visitor: Visitor) -> None:
    await visitor.go()
    answer = await tell(visitor, "a lighthouse at dusk", "warmer", "/timelapse")
    film = answer.locator(".film")
    await expect(film).to_be_visible()
    await expect(answer.locator(".file")).to_have_count(0)
    video = film.locator("video")
    if await video.count():
        await expect(video).to_have_js_property("paused", value=False)
        await until(visitor.page, "document.querySelector('.film video').currentTime > 0.1")
    else:  # without a video encoder it is a GIF
        await loaded(film.locator("img"))


async def draw_around(page: Page) -> None:
    """Draw a square with the pen in the picture that is open."""
    box = await page.locator(".pen-sheet").bounding_box()
    assert box is not None
    left, top, size = box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.3, box["width"] * 0.3
    await page.mouse.move(left, top)
    await page.mouse.down()
    for x, y in ((1, 0), (1, 1), (0, 1), (0, 0)):
        await page.mouse.move(left + x * size, top + y * size, steps=8)
    await page.mouse.up()


async def test_a_marked_place_is_all_that_changes(visitor: Visitor) -> None:
    """The pen is in the picture view; the copy goes out as a reply, and the bot sees what it means."""
    page = visitor.page
    await visitor.go()
    answer = await tell(visitor, "a lighthouse at dusk")
    await answer.locator(".photo").click()
    await loaded(page.locator(".lightbox-stage img"))
    await page.get_by_role("button", name="Mark a place").click()
    await page.fill("#pen-words", "black and white")
    await expect(page.locator("#pen-send")).to_be_disabled()  # nothing is marked yet
    await draw_around(page)
    await page.click("#pen-send")
    await expect(page.locator(".lightbox")).to_have_count(0)
    await expect(visitor.own.nth(1).locator(".quote")).to_be_visible()
    await expect(visitor.own.nth(1).locator(".photo")).to_be_visible()
    said = (await answered(visitor, 2)).locator(".text")
    await expect(said).to_contain_text("I changed only the marked place.")
    await expect(said).not_to_contain_text("understand")


@pytest.mark.parametrize("window", [WIDE, PHONE], ids=["wide", "phone"])
async def test_a_tap_with_the_pen_marks_a_place(browser: Browser, studio: Studio, window: dict[str, int]) -> None:
    """Also on a photo, which comes back as a JPEG of a JPEG."""
    async with visiting(browser, studio.url, viewport=window) as visitor:
        page = visitor.page
        await page.goto(f"{visitor.url}/#/{ANN}/{ANN}")
        await expect(page.locator(".welcome")).to_be_visible()
        await visitor.attach(SAMPLES / "cat.jpg")
        await answered(visitor, 1)
        await page.locator(".msg.out .photo").click()
        await loaded(page.locator(".lightbox-stage img"))
        await page.get_by_role("button", name="Mark a place").click()
        await page.locator(".pen-sheet").click()
        await page.fill("#pen-words", "black and white")
        await page.click("#pen-send")
        said = (await answered(visitor, 2)).locator(".text")
        await expect(said).to_contain_text("I changed only the marked place.")


async def test_a_mark_on_a_friends_photo_reaches_the_bot_in_a_group(visitor: Visitor) -> None:
    """It gets a reply to somebody else only as a command, so the pen's words begin with one."""
    page = visitor.page
    async with httpx.AsyncClient(base_url=visitor.url) as client:
        body = {"as": ANN, "members": [1002], "bot": True, "title": "Painters", "type": "supergroup"}
        chat = (await client.post("/sandbox/groups", json=body)).json()["id"]
    await visitor.go(1002, chat)
    await visitor.attach(SAMPLES / "cat.jpg", caption="my cat")
    await expect(visitor.own).to_have_count(1)
    await visitor.go(ANN, chat)
    await page.locator(".msg.in .photo").click()
    await loaded(page.locator(".lightbox-stage img"))
    await page.get_by_role("button", name="Mark a place").click()
    await draw_around(page)
    await expect(page.locator("#pen-words")).to_have_value("/edit@pentimento_bot ")
    await expect(page.locator("#pen-send")).to_be_disabled()
    await page.fill("#pen-words", "/edit@pentimento_bot black and white")
    await page.click("#pen-send")
    said = page.locator(".msg.in .text", has_text="I changed only the marked place.")
    await expect(said).to_be_visible(timeout=ANSWER_MS)
    await expect(said).not_to_contain_text("my cat")


async def test_the_pen_can_be_put_down(guest: Visitor, puppet: Puppet) -> None:
    page = guest.page
    await guest.go()
    await puppet.bot.send_photo(ANN, CAT)
    await page.locator(".msg.in .photo").click()
    await loaded(page.locator(".lightbox-stage img"))
    await page.get_by_role("button", name="Mark a place").click()
    sheet = page.locator(".pen-sheet")
    await sheet.click()
    back = page.get_by_role("button", name="Take the last stroke back")
    await expect(back).to_be_enabled()
    await back.click()
    await expect(back).to_be_disabled()
    await page.keyboard.press("Escape")
    await expect(sheet).to_have_count(0)
    await expect(page.locator(".lightbox")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator(".lightbox")).to_have_count(0)


async def test_arrow_up_edits_a_caption_too(guest: Visitor) -> None:
    page = guest.page
    await guest.go()
    await guest.say("older words")
    await expect(guest.own).to_have_count(1)
    await guest.attach(SAMPLES / "cat.jpg", caption="newer caption")
    await expect(guest.own).to_have_count(2)
    await page.press("#composer-text", "ArrowUp")
    await expect(page.locator("#composer-text")).to_have_value("newer caption")


async def test_a_mention_that_is_typed_to_its_end_is_sent_by_enter(guest: Visitor) -> None:
    page = guest.page
    async with httpx.AsyncClient(base_url=guest.url) as client:
        body = {"as": ANN, "members": [1002], "bot": True, "bot_admin": True, "title": "Painters", "type": "supergroup"}
        chat = (await client.post("/sandbox/groups", json=body)).json()["id"]
    await guest.go(chat=chat)
    await page.locator("#composer-text").press_sequentially("hello @boris")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.press("#composer-text", "Enter")
    await expect(guest.own.locator(".text")).to_have_text("hello @boris")


async def test_letters_come_from_the_font_of_the_system_before_that_with_emoji(guest: Visitor) -> None:
    """A font with emoji has digits and spaces of its own, which are wide."""
    await guest.go()
    family = await guest.page.evaluate("getComputedStyle(document.body).fontFamily")
    assert family.startswith("system-ui")
    assert re.search(r'sans-serif, "Noto Color Emoji"$', family)


async def test_the_welcome_speaks_the_language_of_the_person(visitor: Visitor) -> None:
    async with httpx.AsyncClient(base_url=visitor.url) as client:
        person = (await client.post("/sandbox/people", json={"first_name": "Grete", "language_code": "de"})).json()
    await visitor.go(person["id"], person["id"])
    await visitor.page.locator(".chip", has_text="ein Leuchtturm in der Dämmerung").click()
    answer = await answered(visitor, 1)
    await expect(answer.locator(".text")).to_contain_text("Ohne KI gemalt: „ein Leuchtturm in der Dämmerung“.")
    await loaded(answer.locator(".photo img"))


async def test_the_page_of_an_export_fits_a_phone(browser: Browser, visitor: Visitor, tmp_path: Path) -> None:
    """A long address has no space to break at, and would make all of the page as wide as itself."""
    await visitor.go()
    await tell(visitor, "a lighthouse at dusk, as on https://example.com/" + "a" * 500, "/export")
    async with visitor.page.expect_download() as download:
        await visitor.page.locator(".msg.in a[download]").click()
    await (await download.value).save_as(tmp_path / "conversation.zip")
    with zipfile.ZipFile(tmp_path / "conversation.zip") as archive:
        archive.extractall(tmp_path)
    reader = await browser.new_page(viewport={"width": PHONE["width"], "height": PHONE["height"]})
    await reader.goto((tmp_path / "index.html").as_uri())
    await loaded(reader.locator("img").first)
    assert await reader.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    width, height = await reader.locator("img").first.evaluate("image => [image.clientWidth, image.clientHeight]")
    assert abs(width / height - 1) < 0.02
    await reader.close()
