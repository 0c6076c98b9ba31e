"""A browser page on a sandbox, as tests use it: the address, the bot's side of the wire, and what a person does.

Imports Playwright, PTB's plain ``Bot`` (the scripted bot of page-only tests) and the sandbox. Holds no test.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import httpx
from playwright.async_api import (
    Browser,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    async_playwright,
    expect,
)
from telegram import Bot

from bot.app import assembled
from bot.sandbox.config import SandboxConfig
from bot.sandbox.page.routes import STATIC_DIR
from bot.sandbox.server import serve
from bot.sandboxed import BotTree, in_sandbox
from bot.settings.settings import Settings

ANN, BORIS, CHEN = 1001, 1002, 1003
SAMPLES = STATIC_DIR / "samples"
WIDE = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 780}
ANSWER_MS = 20_000

# CI runs other tests at the same time on two cores.
expect.set_options(timeout=10_000)

_spare: WeakKeyDictionary[Browser, dict[str, Page]] = WeakKeyDictionary()
"""Empty pages by the options of their window."""

# The flags keep Debian's Chromium from looking for updates, which would be requests to other hosts.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium_path() -> str | None:
    """Return where Chromium is installed, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@asynccontextmanager
async def launched(path: str) -> AsyncIterator[Browser]:
    """Run a Chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        await browser.close()


@dataclass(slots=True, kw_only=True)
class Studio:
    """The sandbox with the real bot and the offline engine, on one port over restarts. ``chosen``: its settings."""

    data_dir: Path
    chosen: dict[str, Any] = field(default_factory=dict)
    url: str = ""
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def start(self) -> None:
        """Start sandbox and bot on what an earlier run left."""
        port = int(self.url.rpartition(":")[2]) if self.url else 0
        tree = BotTree()
        folder = self.data_dir / "sandbox"
        config = SandboxConfig(data_dir=folder, with_owner=True, guests=True, tree=tree.of)
        self.url = await self._stack.enter_async_context(serve(config, port=port))
        settings = in_sandbox(Settings(data_dir=self.data_dir, **self.chosen), config, self.url)
        running = await self._stack.enter_async_context(assembled(settings))
        tree.attach(running)
        polling = asyncio.create_task(running.ingress.run())

        async def end() -> None:
            polling.cancel()
            await asyncio.gather(polling, return_exceptions=True)
            await running.stop(5)

        self._stack.push_async_callback(end)

    async def stop(self) -> None:
        """Stop both."""
        await self._stack.aclose()


@dataclass(slots=True, kw_only=True)
class Puppet:
    """A sandbox without a bot: the test acts as the bot."""

    url: str
    bot: Bot


@asynccontextmanager
async def puppet_stage(**options: Any) -> AsyncIterator[Puppet]:
    """Serve a sandbox that forgets, and a client that speaks as its bot. ``options`` are those of the sandbox."""
    config = SandboxConfig(**options)
    async with serve(config) as url:
        bot = Bot(config.bot_token, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot")
        async with bot, httpx.AsyncClient(base_url=url) as client:
            for person in (ANN, BORIS):
                # A bot may write only to those who wrote first; nothing of that greeting stays.
                greeting = {"as": person, "chat_id": person, "text": "hello"}
                sent = (await client.post("/sandbox/send", json=greeting)).json()["messages"][0]
                await bot.delete_message(person, sent["message_id"])
            await bot.get_updates(offset=(await bot.get_updates())[-1].update_id + 1)
            yield Puppet(url=url, bot=bot)


@dataclass(kw_only=True)  # Playwright notes its wrappers on the object
class Visitor:
    """One person at one browser window. Every fault of the page is kept in ``faults``."""

    page: Page
    url: str
    faults: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    _away: bool = False

    def watch(self) -> None:
        """Note console errors, exceptions, failed requests, and the hosts that the page talks to."""
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.faults.append(f"exception: {error}"))
        self.page.on("request", self._on_request)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not self._away:
            self.faults.append(f"{message.type}: {message.text}")

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith(("data:", "blob:")):
            self.hosts.add(request.url.partition("://")[2].partition("/")[0])

    @contextmanager
    def while_away(self) -> Iterator[None]:
        """Expect the browser itself to report that the sandbox does not answer."""
        self._away = True
        yield
        self._away = False

    async def go(self, person: int = ANN, chat: int | None = None) -> None:
        """Open the page as a person."""
        await self.page.goto(f"{self.url}/#/{person}" + (f"/{chat}" if chat is not None else ""))
        await expect(self.page.locator(".who-name")).to_be_visible()

    async def say(self, words: str) -> None:
        """Write words and press Enter."""
        await self.page.fill("#composer-text", words)
        await self.page.press("#composer-text", "Enter")

    async def attach(self, *files: Path, caption: str = "", as_file: bool = False) -> None:
        """Send files through the attach menu and the sheet."""
        await self.page.click("#attach")
        async with self.page.expect_file_chooser() as chooser:
            await self.page.get_by_role("menuitem", name="Files" if as_file else "Photos").click()
        await (await chooser.value).set_files(files)
        await self.page.fill("#caption", caption)
        await self.page.click("#sheet-send")

    @property
    def answers(self) -> Locator:
        """All bubbles of others."""
        return self.page.locator(".msg.in")

    @property
    def own(self) -> Locator:
        """All bubbles of one's own that the sandbox confirmed."""
        return self.page.locator(".msg.out:not(.pending)")

    async def answer(self, number: int) -> Locator:
        """Wait for the n-th bubble of others, counted from 1, and for its picture if it has one."""
        bubble = self.answers.nth(number - 1)
        await expect(bubble).to_be_visible(timeout=ANSWER_MS)
        picture = bubble.locator(".photo img").first
        if await picture.count():
            await loaded(picture)
        return bubble


async def until(page: Page, condition: str) -> None:
    """Wait for a condition of the page. Playwright's own wait polls by ``eval``, which the page's policy forbids."""
    await page.evaluate(
        f"""() => new Promise((done, fail) => {{
          const late = Date.now() + {ANSWER_MS};
          const look = () => ({condition}) ? done() : Date.now() > late ? fail('too late') : setTimeout(look, 50);
          look();
        }})"""
    )


async def loaded(picture: Locator) -> None:
    """Wait until a picture is decoded."""
    await picture.scroll_into_view_if_needed()
    await picture.evaluate("image => image.decode()")


async def pixels(picture: Locator) -> list[int]:
    """Return a picture's pixels scaled to 8 x 8, as 192 numbers: red, green, blue of each."""
    await loaded(picture)
    return list(
        await picture.evaluate(
            """image => {
              const canvas = new OffscreenCanvas(8, 8);
              const pen = canvas.getContext('2d');
              pen.drawImage(image, 0, 0, 8, 8);
              return [...pen.getImageData(0, 0, 8, 8).data].filter((_, i) => i % 4 < 3);
            }"""
        )
    )


def colourfulness(values: list[int]) -> float:
    """Return the mean distance between the largest and smallest of red, green, blue."""
    triples = [values[i : i + 3] for i in range(0, len(values), 3)]
    return sum(max(t) - min(t) for t in triples) / len(triples)


@asynccontextmanager
async def visiting(browser: Browser, url: str, **options: object) -> AsyncIterator[Visitor]:
    """Open a window on a sandbox; at its end the page must have had no fault and no other host.

    It is empty, but may use the process of an earlier window with the same options, as starting one takes a second.
    """
    chosen: dict[str, Any] = {"viewport": WIDE, "locale": "en-GB", "color_scheme": "light", **options}
    spare = _spare.setdefault(browser, {})
    page = spare.pop(repr(chosen), None)
    if page is None:
        context = await browser.new_context(**chosen)
        context.set_default_timeout(10_000)
        page = await context.new_page()
    visitor = Visitor(page=page, url=url)
    visitor.watch()
    try:
        yield visitor
        assert visitor.faults == []
        assert visitor.hosts == {url.partition("://")[2]}
    except BaseException:
        await page.context.close()
        raise
    # The browser stores the page's data by address, and a later sandbox may have the same address.
    await page.evaluate("localStorage.clear()")
    following = await page.context.new_page()
    for done in page.context.pages:
        if done is not following:
            await done.close()
    spare[repr(chosen)] = following
