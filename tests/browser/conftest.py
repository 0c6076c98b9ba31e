"""Fixtures of the browser tests: one Chromium for all, a fresh sandbox and window for each test.

Imports stage. A machine without Chromium skips these tests with the reason.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.stage import Puppet, Studio, Visitor, chromium_path, launched, puppet_stage, visiting


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for all tests."""
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium is installed; `apt-get install chromium` brings it")
    async with launched(path) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def studio(tmp_path: Path) -> AsyncIterator[Studio]:
    """The real bot with the offline engine, in a fresh sandbox."""
    running = Studio(data_dir=tmp_path)
    await running.start()
    yield running
    await running.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def puppet() -> AsyncIterator[Puppet]:
    """A sandbox in which the test is the bot."""
    async with puppet_stage() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(browser: Browser, studio: Studio) -> AsyncIterator[Visitor]:
    """A window on the real bot."""
    async with visiting(browser, studio.url) as window:
        yield window


@pytest_asyncio.fixture(loop_scope="session")
async def guest(browser: Browser, puppet: Puppet) -> AsyncIterator[Visitor]:
    """A window on the sandbox in which the test is the bot."""
    async with visiting(browser, puppet.url) as window:
        yield window


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def library(browser: Browser) -> AsyncIterator[Visitor]:
    """One window for all tests of a file that only ask the page's modules."""
    async with puppet_stage() as running, visiting(browser, running.url) as window:
        await window.go()
        yield window
