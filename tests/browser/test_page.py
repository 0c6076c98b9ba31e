"""What the page shows and does with any bot: the test itself acts as the bot, over the Bot API."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.async_api import Browser, expect
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, MessageEntity, ReactionTypeEmoji

from tests.browser.stage import ANN, BORIS, PHONE, SAMPLES, Puppet, Visitor, visiting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

COFFEE = (SAMPLES / "coffee.jpg").read_bytes()
CAT = (SAMPLES / "cat.jpg").read_bytes()


def keyboard(*texts: str) -> InlineKeyboardMarkup:
    """Return one row of buttons; the data of each is its text in lower case."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(text, callback_data=text.lower()) for text in texts]])


async def test_an_album_is_a_mosaic_and_opens_at_the_picture_pressed(guest: Visitor, puppet: Puppet) -> None:
    page = guest.page
    await guest.go()
    media = [InputMediaPhoto(data) for data in (CAT, COFFEE, CAT, COFFEE, CAT)]
    await puppet.bot.send_media_group(ANN, media, caption="five at once")
    album = page.get_by_role("group", name="Album of 5 photos")
    await expect(album.locator(".photo")).to_have_count(5)
    boxes = [await photo.bounding_box() for photo in await album.locator(".photo").all()]
    assert all(box and box["width"] > 60 and box["height"] > 60 for box in boxes)
    assert len({round(box["y"]) for box in boxes if box}) > 1  # more than one row
    await expect(guest.answers).to_have_count(1)

    await album.locator(".photo").nth(1).click()
    shown = page.locator(".lightbox-stage img")
    second = await shown.get_attribute("src")
    await page.keyboard.press("ArrowRight")
    await expect(shown).not_to_have_attribute("src", second or "")
    await page.keyboard.press("ArrowLeft")
    await expect(shown).to_have_attribute("src", second or "")
    await page.get_by_role("button", name="Larger").click()
    await expect(shown).to_have_attribute("style", re.compile(r"scale\(1\.5\)"))
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Download").click()
    assert (await download.value).suggested_filename.endswith(".jpg")
    await page.keyboard.press("Escape")
    await expect(album.locator(".photo").nth(1)).to_be_focused()


async def test_an_edit_and_a_reaction_leave_the_picture_in_place(guest: Visitor, puppet: Puppet) -> None:
    page = guest.page
    await guest.go()
    sent = await puppet.bot.send_photo(ANN, CAT, caption="first words", reply_markup=keyboard("Go"))
    picture = await page.locator(".msg.in .photo img").element_handle()
    assert picture is not None
    await puppet.bot.edit_message_caption(ANN, sent.message_id, caption="second words")
    await expect(page.locator(".msg.in .text")).to_have_text("second words")
    await expect(page.locator(".msg.in .edited")).to_be_visible()
    await expect(page.locator(".key")).to_have_count(0)
    await puppet.bot.set_message_reaction(ANN, sent.message_id, [ReactionTypeEmoji("👀")])
    await expect(page.locator(".msg.in .reaction")).to_have_text("👀")
    assert await picture.evaluate("image => image.isConnected")


async def test_a_person_reacts_and_takes_it_back(guest: Visitor, puppet: Puppet) -> None:
    page = guest.page
    await guest.go()
    await puppet.bot.send_message(ANN, "react to me")
    await guest.answers.click(button="right")
    await page.get_by_role("menuitem", name="React with 🔥").click()
    await expect(page.locator(".reaction")).to_have_text("🔥")
    await page.locator(".reaction").click()
    await expect(page.locator(".reaction")).to_have_count(0)


async def test_a_pressed_button_waits_then_shows_the_answer(guest: Visitor, puppet: Puppet) -> None:
    page = guest.page
    await guest.go()
    await puppet.bot.send_message(
        ANN,
        "choose",
        reply_markup=keyboard("Toast", "Alert"),
    )
    toast = page.get_by_role("button", name="Toast")
    await toast.click()
    await expect(toast).to_have_attribute("aria-busy", "true")
    (update,) = await puppet.bot.get_updates(timeout=5)
    assert update.callback_query is not None
    assert update.callback_query.data == "toast"
    await update.callback_query.answer("Done <b>well</b>")
    await expect(page.locator(".toast")).to_have_text("Done <b>well</b>")
    await expect(toast).to_have_attribute("aria-busy", "false")

    await page.get_by_role("button", name="Alert").click()
    (update,) = await puppet.bot.get_updates(offset=update.update_id + 1, timeout=5)
    assert update.callback_query is not None
    await update.callback_query.answer("Read this", show_alert=True)
    await expect(page.get_by_role("dialog")).to_contain_text("Read this")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_text_is_text_and_entities_are_drawn(guest: Visitor, puppet: Puppet) -> None:
    await guest.go()
    hostile = '<img src=x onerror="document.title=1"> 🎨 bold javascript:alert(1) /start'
    at = hostile.encode("utf-16-le").index("bold".encode("utf-16-le")) // 2
    command = hostile.encode("utf-16-le").index("/start".encode("utf-16-le")) // 2
    entities = [MessageEntity("bold", at, 4), MessageEntity("bot_command", command, 6)]
    await puppet.bot.send_message(ANN, hostile, entities=entities)
    text = guest.answers.locator(".text")
    await expect(text).to_have_text(hostile)
    await expect(text.locator("strong")).to_have_text("bold")
    await expect(text.locator("img, a")).to_have_count(0)
    await puppet.bot.send_message(ANN, "שלום עולם")
    await expect(guest.answers.nth(1).locator(".body")).to_have_css("direction", "rtl")
    await text.get_by_role("button", name="/start").click()
    await expect(guest.own.locator(".text")).to_have_text("/start")


async def test_commands_are_suggested_and_sent_with_the_keyboard_alone(guest: Visitor, puppet: Puppet) -> None:
    page = guest.page
    await puppet.bot.set_my_commands([("undo", "one back"), ("new", "start over"), ("unfold", "open up")])
    await guest.go()
    await page.focus("#composer-text")
    await page.keyboard.type("/un")
    options = page.get_by_role("option")
    await expect(options).to_have_count(2)
    await page.keyboard.press("ArrowDown")
    await expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("Tab")
    await expect(page.locator("#composer-text")).to_have_value("/unfold ")
    await page.keyboard.type("it")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("now")
    await page.keyboard.press("Enter")
    await expect(guest.own.locator(".text")).to_have_text("/unfold it\nnow")

    await page.keyboard.press("ArrowUp")  # in the empty box: edit the last message
    await expect(page.locator(".mode-title")).to_have_text("Edit message")
    await page.fill("#composer-text", "/unfold all")
    await page.keyboard.press("Enter")
    await expect(guest.own.locator(".text")).to_have_text("/unfold all")
    await expect(guest.own.locator(".edited")).to_be_visible()

    await page.focus("#timeline")
    await page.keyboard.press("ArrowUp")
    await expect(guest.own).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menu")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(guest.own).to_be_focused()


async def test_files_come_by_drop_and_paste_and_can_be_left_out(guest: Visitor) -> None:
    page = guest.page
    await guest.go()
    transfer = await page.evaluate_handle(
        """async () => {
          const transfer = new DataTransfer();
          for (const name of ['cat', 'coffee']) {
            const bytes = await (await fetch(`/static/samples/${name}.jpg`)).blob();
            transfer.items.add(new File([bytes], `${name}.jpg`, {type: 'image/jpeg'}));
          }
          return transfer;
        }"""
    )
    await page.dispatch_event("#timeline", "dragenter", {"dataTransfer": transfer})
    target = page.locator(".drop-target").nth(1)
    await expect(target).to_contain_text("Drop to send as file")
    await page.dispatch_event(".drop-target >> nth=1", "drop", {"dataTransfer": transfer})
    await expect(page.get_by_role("switch")).to_be_checked()
    await page.get_by_role("button", name="Leave out cat.jpg").click()
    await page.click("#sheet-send")
    await expect(guest.own.locator(".file-name")).to_have_text(["coffee.jpg"])

    await page.evaluate(
        """transfer => document.getElementById('composer-text').dispatchEvent(
             new ClipboardEvent('paste', {clipboardData: transfer, bubbles: true, cancelable: true}))""",
        transfer,
    )
    await expect(page.locator(".sheet-tile")).to_have_count(2)
    await page.fill("#caption", "pasted")
    await page.keyboard.press("Enter")
    await expect(guest.own.last.locator(".album .photo")).to_have_count(2)
    await expect(guest.own.last.locator(".text")).to_have_text("pasted")


async def test_a_message_that_fails_is_kept_and_can_be_sent_again(guest: Visitor) -> None:
    page = guest.page
    await guest.go()
    await page.route("**/sandbox/send", lambda route: route.abort())
    with guest.while_away():
        await guest.say("do not lose me")
        await expect(page.locator(".failure")).to_contain_text("does not answer")
    await page.unroute("**/sandbox/send")
    await page.get_by_role("button", name="Send again").click()
    await expect(guest.own.locator(".text")).to_have_text("do not lose me")
    await expect(page.locator(".pending")).to_have_count(0)


async def test_a_group_grows_into_a_supergroup_and_members_change(guest: Visitor, puppet: Puppet) -> None:
    page = guest.page
    async with httpx.AsyncClient(base_url=puppet.url) as client:
        group = (await client.post("/sandbox/groups", json={"as": ANN, "title": "Duo", "members": [BORIS]})).json()
    await guest.go(ANN, group["id"])
    await page.click("#chat-info")
    panel = page.get_by_role("complementary", name="About the group")
    await panel.get_by_role("button", name="Remove Boris").click()
    await expect(page.locator(".service").last).to_have_text("You removed Boris")
    await panel.get_by_role("button", name="Add someone").click()
    await page.get_by_role("dialog").get_by_role("button", name="Chen Wei").click()
    await expect(page.locator(".service").last).to_have_text("You added Chen Wei")
    async with page.expect_response("**/sandbox/privacy"):
        await panel.get_by_role("switch", name="Privacy mode").uncheck()
    await expect(panel.get_by_role("switch", name="Privacy mode")).not_to_be_checked()
    assert (await puppet.bot.get_me()).can_read_all_group_messages
    await panel.get_by_role("switch", name="Send photos").uncheck()
    await expect(panel.get_by_role("switch", name="Send photos")).not_to_be_checked()
    await panel.get_by_role("button", name="Remove Pentimento").click()
    await expect(panel.get_by_text("The bot is not in this group.")).to_be_visible()
    await panel.get_by_role("button", name="Turn into a supergroup").click()
    await expect(page.locator(".head-status")).to_contain_text("supergroup")
    await expect(page.locator(".chat-row")).to_have_count(2)
    await expect(page.locator(".service").first).to_contain_text("continues the group")


async def test_topics_are_separate_and_can_be_closed(guest: Visitor) -> None:
    page = guest.page
    await guest.go()
    await page.click("#new-group")
    await page.fill("#group-title", "Studio")
    await page.get_by_role("radio", name="Forum").check()
    await page.click("#create-group")
    await page.get_by_role("button", name="New topic").click()
    await page.fill("#topic-name", "Portraits")
    await page.keyboard.press("Enter")
    topics = page.get_by_role("navigation", name="Topics")
    await expect(topics.locator("[aria-current]")).to_have_text("Portraits")
    await guest.say("only here")
    await expect(guest.own).to_have_count(1)
    await topics.get_by_role("link", name="General").click()
    await expect(guest.own).to_have_count(0)
    await topics.get_by_role("link", name="Portraits").click()
    await expect(guest.own).to_have_count(1)
    await page.click("#chat-info")
    await page.get_by_role("button", name="Close the topic Portraits").click()
    await expect(page.get_by_role("button", name="This topic is closed")).to_be_disabled()


async def test_unread_messages_are_counted_and_older_ones_load(guest: Visitor, puppet: Puppet) -> None:
    page = guest.page
    for number in range(75):
        await puppet.bot.send_message(BORIS, f"number {number}")
    await guest.go(BORIS)
    words = page.locator(".msg .text")
    await expect(words.last).to_have_text("number 74")
    await expect(words).to_have_count(60)  # one page of them
    await page.evaluate("document.getElementById('timeline').scrollTop = 0")
    await expect(words.first).to_have_text("number 0")
    await expect(page.get_by_text("number 15", exact=True)).to_be_in_viewport()  # the place that was being read
    await expect(words.first).not_to_be_in_viewport()
    await puppet.bot.send_message(BORIS, "news")
    await expect(page.get_by_role("button", name="To the newest message, 1 unread")).to_be_visible()
    await expect(page.locator(".chat-row .badge")).to_have_text("1")
    await expect(page).to_have_title(re.compile(r"^\(1\)"))
    await page.click("#jump")
    await expect(page.locator(".chat-row .badge")).to_have_count(0)


async def test_a_phone_shows_either_the_list_or_the_chat(browser: Browser, puppet: Puppet) -> None:
    async with visiting(browser, puppet.url, viewport=PHONE, has_touch=True, is_mobile=True) as phone:
        page = phone.page
        await phone.go()
        await expect(page.locator("#chat")).to_be_hidden()
        await page.locator(".chat-row").first.tap()
        await expect(page.locator("#sidebar")).to_be_hidden()
        await phone.say("hello from the phone")
        await puppet.bot.send_photo(ANN, COFFEE, caption="a picture that is as wide as the screen allows")
        photo = page.locator(".msg.in .photo")
        box = await photo.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
        assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        await phone.own.locator(".text").tap()
        await expect(page.get_by_role("menuitem", name="Reply")).to_be_visible()
        await page.keyboard.press("Escape")
        await page.get_by_role("button", name="Back to the chats").tap()
        await expect(page.locator("#chat")).to_be_hidden()
        await page.go_back()
        await expect(page.locator("#sidebar")).to_be_hidden()


async def test_dark_follows_the_system_until_the_switch_is_pressed(browser: Browser, puppet: Puppet) -> None:
    async with visiting(browser, puppet.url, color_scheme="dark") as night:
        page = night.page
        await night.go()
        body = page.locator("body")
        dark = await body.evaluate("body => getComputedStyle(body).backgroundColor")
        await page.emulate_media(color_scheme="light")
        await expect(body).not_to_have_css("background-color", dark)
        await page.get_by_role("button", name="Switch to dark").click()
        await expect(body).to_have_css("background-color", dark)
        await page.reload()
        await expect(body).to_have_css("background-color", dark)


async def test_the_policy_forbids_everything_from_elsewhere(puppet: Puppet) -> None:
    async with httpx.AsyncClient(base_url=puppet.url) as client:
        page = await client.get("/")
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        script = await client.get("/static/js/main.js")
        again = await client.get("/static/js/main.js", headers={"If-None-Match": script.headers["etag"]})
        assert (script.status_code, again.status_code) == (200, 304)
        assert again.headers["cache-control"] == "no-cache"
        assert (await client.get("/static/../routes.py")).status_code == 404
        assert (await client.get("/static/%2e%2e/routes.py")).status_code == 404
