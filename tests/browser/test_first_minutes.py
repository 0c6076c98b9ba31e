"""A newcomer's first minutes, with the real bot and the offline engine."""

from __future__ import annotations

import hashlib
from pathlib import Path

import httpx
import pytest
from playwright.async_api import expect

from tests.browser.stage import ANN, BORIS, SAMPLES, Studio, Visitor, colourfulness, pixels

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_an_example_wish_brings_a_picture(visitor: Visitor) -> None:
    await visitor.go()
    await expect(visitor.page.locator(".chip")).to_have_count(3)
    await visitor.page.locator(".chip").filter(has_text="lighthouse").click()
    await expect(visitor.own.locator(".text")).to_have_text("a lighthouse at dusk")
    answer = await visitor.answer(1)
    for button in ("Again", "Undo", "New", "File"):
        await expect(answer.locator(".key").filter(has_text=button)).to_be_visible()
    assert len(set(await pixels(answer.locator(".photo img")))) > 40  # a picture, not a plain colour
    await expect(visitor.page.locator(".welcome")).to_have_count(0)


async def test_what_each_answer_suggests_can_be_done_next(visitor: Visitor) -> None:
    """The boat is put into the picture before it, and the lighthouse is still known as one afterwards."""
    await visitor.go()
    for number, wish in enumerate(("a lighthouse at dusk", "add a small boat", "now at night", "let it snow"), start=1):
        await visitor.say(wish)
        await expect((await visitor.answer(number)).locator(".photo")).to_be_visible()
    await expect(visitor.answers.nth(3)).to_contain_text("lighthouse, night, snow, with a boat")


async def test_a_photo_is_edited_refined_undone_and_branched(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.go()
    await visitor.attach(SAMPLES / "coffee.jpg", caption="make it black and white")
    sent = await pixels(visitor.own.first.locator(".photo img"))
    grey = await pixels((await visitor.answer(1)).locator(".photo img"))
    assert colourfulness(sent) > 40
    assert colourfulness(grey) < 2

    await visitor.say("warmer")
    warm = await pixels((await visitor.answer(2)).locator(".photo img"))
    assert colourfulness(warm) > colourfulness(grey) + 5

    await visitor.say("/undo")
    await visitor.answer(3)
    await visitor.say("flip it upside down")
    flipped = await pixels((await visitor.answer(4)).locator(".photo img"))
    assert colourfulness(flipped) < 2  # made from the grey picture: the warm one was undone

    await visitor.own.first.hover()
    await visitor.own.first.locator(".msg-more").click()
    await page.get_by_role("menuitem", name="Reply").click()
    await expect(page.locator(".mode")).to_contain_text("make it black and white")
    await visitor.say("mirror it")
    branch = await visitor.answer(5)
    assert colourfulness(await pixels(branch.locator(".photo img"))) > 40  # made from the photo in colour

    await visitor.own.last.locator(".quote").click()
    await expect(visitor.own.first).to_be_in_viewport()
    await expect(visitor.own.first).to_be_focused()

    await branch.locator(".photo").click()
    path = page.get_by_role("navigation", name="The path that led to this picture")
    await expect(path.locator(".step")).to_have_count(2)
    await expect(path.locator(".step-wish")).to_have_text("mirror it")
    await page.keyboard.press("Escape")
    await expect(page.locator(".lightbox")).to_have_count(0)


async def test_four_versions_are_four_pictures(visitor: Visitor) -> None:
    await visitor.go()
    await visitor.attach(SAMPLES / "coffee.jpg", caption="/x4 make it black and white")
    pictures = visitor.page.locator(".msg.in .photo img")
    await expect(pictures).to_have_count(4, timeout=20_000)
    assert len({tuple(await pixels(pictures.nth(number))) for number in range(4)}) == 4


async def test_several_photos_become_one_album_and_one_answer(visitor: Visitor) -> None:
    await visitor.go()
    await visitor.attach(SAMPLES / "cat.jpg", SAMPLES / "coffee.jpg", caption="put them side by side")
    await expect(visitor.own).to_have_count(1)
    await expect(visitor.own.locator(".album .photo")).to_have_count(2)
    picture = (await visitor.answer(1)).locator(".photo img")
    # It has no size before it has come.
    await picture.evaluate("image => image.decode()")
    width, height = await picture.evaluate("image => [image.naturalWidth, image.naturalHeight]")
    assert width > 2 * height


async def test_a_group_is_made_and_the_bot_answers_only_what_is_meant_for_it(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.go()
    await page.click("#new-group")
    await page.fill("#group-title", "Sunday painters")
    await page.click("#create-group")
    await expect(page.locator(".service").first).to_contain_text("You created the group")
    await expect(page.locator(".head-status")).to_have_text("5 members")
    await expect(visitor.answers).to_have_count(1)  # the bot's greeting

    await visitor.say("nice weather today")
    await visitor.say("@pentimento_bot a bowl of fruit")
    await visitor.say("/edit@pentimento_bot mountains at sunrise")
    answer = await visitor.answer(2)
    await expect(answer.locator(".quote")).to_contain_text("mountains at sunrise")
    # "nice weather" was not for the bot, and a mention does not reach one in privacy mode.
    await expect(visitor.answers).to_have_count(2)

    await page.get_by_role("button", name="switch person").click()
    await page.get_by_role("menuitemradio", name="Boris").click()
    await expect(page.locator(".who-name")).to_have_text("Boris")
    await expect(page.locator(".msg.in .author").nth(1)).to_have_text("Ann Albright")
    painted = page.locator(".msg.in", has=page.locator(".photo"))
    await painted.click(button="right", position={"x": 40, "y": 10})
    await page.get_by_role("menuitem", name="Reply").click()
    await visitor.say("now at night")
    await expect(visitor.own.last.locator(".quote-author")).to_have_text("Pentimento")
    await expect(page.locator(".msg.in .photo")).to_have_count(2, timeout=20_000)


async def test_what_the_page_offers_in_a_group_would_work_on_telegram(visitor: Visitor) -> None:
    """In privacy mode a command does, and a mention does not: the bot is not among those that "@" offers."""
    page = visitor.page
    async with httpx.AsyncClient(base_url=visitor.url) as client:
        order = {"as": ANN, "title": "Forum", "members": [BORIS], "type": "supergroup", "is_forum": True}
        forum = (await client.post("/sandbox/groups", json=order)).json()
        topic = (await client.post("/sandbox/topics", json={"as": ANN, "chat_id": forum["id"], "name": "Boats"})).json()
    await page.goto(f"{visitor.url}/#/{ANN}/{forum['id']}/{topic['topics'][0]['id']}")
    await expect(page.locator(".welcome-card")).to_contain_text("Send /edit@pentimento_bot with a wish")
    await page.fill("#composer-text", "@")
    await expect(page.locator(".suggestion-hint")).to_have_text(["@boris"])
    await page.fill("#composer-text", "")
    await page.locator(".chip").filter(has_text="fruit").click()
    await expect(visitor.own.locator(".text")).to_have_text("/edit@pentimento_bot a bowl of fruit")
    await expect(page.locator(".msg.in .photo")).to_have_count(1, timeout=20_000)


async def test_a_downloaded_document_has_the_original_bytes(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor.page
    await visitor.go()
    await visitor.attach(SAMPLES / "cat.jpg", caption="warmer", as_file=True)
    async with page.expect_download() as download:
        await visitor.own.get_by_role("link", name="Download cat.jpg").click()
    await (await download.value).save_as(tmp_path / "again.jpg")
    assert (tmp_path / "again.jpg").read_bytes() == (SAMPLES / "cat.jpg").read_bytes()

    answer = await visitor.answer(1)
    await answer.locator(".key", has_text="File").click()
    file = page.locator(".msg.in .file-get")
    await expect(file).to_be_visible()
    async with page.expect_download() as download:
        await file.click()
    await (await download.value).save_as(tmp_path / "painted.png")
    async with httpx.AsyncClient(base_url=visitor.url) as client:
        calls = (await client.get("/sandbox/calls")).json()["calls"]
    sent = next(call["params"]["document"] for call in calls if call["method"] == "sendDocument")
    assert hashlib.sha256((tmp_path / "painted.png").read_bytes()).hexdigest() == sent["file"]


async def test_a_reload_and_a_restart_keep_the_chat(visitor: Visitor, studio: Studio) -> None:
    page = visitor.page
    await visitor.go()
    await visitor.attach(SAMPLES / "cat.jpg", caption="sepia")
    await visitor.answer(1)
    await page.reload()
    await expect(visitor.own.locator(".text")).to_have_text("sepia")
    await visitor.answer(1)

    with visitor.while_away():
        await studio.stop()
        await expect(page.locator("#offline")).to_be_visible()
        await expect(page.locator(".head-status")).to_have_text("connecting…")
        await studio.start()
        await expect(page.locator("#offline")).to_be_hidden()
    await visitor.say("flip it upside down")
    await visitor.answer(2)
    await expect(visitor.own).to_have_count(2)


async def test_the_pane_shows_the_exchange_and_makes_the_provider_refuse(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.go()
    await expect(page.locator("#panel")).to_be_hidden()
    await page.click("#hood-toggle")
    panel = page.get_by_role("complementary", name="Under the hood")
    await expect(panel.get_by_text("No request to the provider yet.")).to_be_visible()
    await visitor.attach(SAMPLES / "cat.jpg", caption="sepia")
    await visitor.answer(1)
    await expect(panel.locator(".json-picture")).to_have_count(2)  # one in the request, one in the answer
    await expect(panel.get_by_role("group", name="The request as JSON")).to_contain_text("sepia")
    await expect(panel.locator(".tree-wish")).to_have_text(["sepia"])
    await expect(panel.locator(".tree-node img")).to_have_count(2)  # the photo, and what became of it

    await panel.get_by_role("radio", name="Drifts").check()
    await visitor.say("mirror it")
    await expect((await visitor.answer(2)).locator(".text")).to_contain_text("I repainted the whole picture")

    await panel.get_by_role("radio", name="Refuses").check()
    await expect(page.locator(".toast", has_text="refuses")).to_be_visible()
    await visitor.say("brighter")
    refusal = await visitor.answer(3)
    await expect(refusal.locator(".photo")).to_have_count(0)
    await expect(refusal.locator(".text")).not_to_be_empty()


async def test_two_windows_with_two_people_see_the_same_group(visitor: Visitor) -> None:
    async with httpx.AsyncClient(base_url=visitor.url) as client:
        group = (await client.post("/sandbox/groups", json={"as": ANN, "title": "Duo", "members": [BORIS]})).json()
    other = await visitor.page.context.new_page()
    await visitor.go(ANN, group["id"])
    await other.goto(f"{visitor.url}/#/{BORIS}/{group['id']}")
    await visitor.say("hello Boris")
    await expect(other.locator(".msg.in .text").last).to_have_text("hello Boris")
    await other.fill("#composer-text", "hello Ann")
    await other.press("#composer-text", "Enter")
    await expect(visitor.answers.last).to_contain_text("hello Ann")
    await expect(visitor.own.last.locator(".ticks")).to_contain_text("read")
