"""Which proxy a connection goes through, by settings and by the environment: one rule for all that calls out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from telegram.error import NetworkError

from bot.process import clients
from bot.providers.base import Provider
from bot.providers.errors import LinkRefused
from bot.providers.wire import Fetcher, FetchPolicy, Redactor
from bot.settings.proxies import ProxyFault, proxy_for
from bot.settings.settings import Settings, SettingsError
from tests.providers.wiring import Authority, Reply, make_authority, png, resolver, serving

TELEGRAM = "https://api.telegram.org"
RUNS = {"TELEGRAM_BOT_TOKEN": f"7000000001:{'A' * 35}", "GEMINI_API_KEY": "AIzaMadeUpKeyOfATest"}


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Take all variables that speak of proxies away."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


@pytest.mark.parametrize(
    ("environment", "url", "expected"),
    [
        ({}, TELEGRAM, None),
        ({"HTTPS_PROXY": "http://proxy:3128"}, TELEGRAM, "http://proxy:3128"),
        ({"https_proxy": "proxy:3128"}, TELEGRAM, "http://proxy:3128"),
        ({"HTTP_PROXY": "http://proxy:3128"}, TELEGRAM, None),
        ({"HTTP_PROXY": "http://proxy:3128"}, "http://relay.example", "http://proxy:3128"),
        ({"ALL_PROXY": "socks5://me:secret@proxy:1080/"}, TELEGRAM, "socks5://me:secret@proxy:1080"),
        ({"ALL_PROXY": "socks://127.0.0.1:2080/"}, TELEGRAM, "socks5://127.0.0.1:2080"),
        ({"ALL_PROXY": "http://one", "HTTPS_PROXY": "http://two"}, TELEGRAM, "http://two"),
        ({"ALL_PROXY": "http://one", "NO_PROXY": "localhost,.telegram.org"}, TELEGRAM, None),
        ({"ALL_PROXY": "http://one", "NO_PROXY": "*"}, TELEGRAM, None),
        ({"ALL_PROXY": "http://one"}, "http://127.0.0.1:8081", None),
        ({"ALL_PROXY": "http://one"}, "http://[::1]:8081", None),
        ({"ALL_PROXY": "http://one"}, "http://localhost:8081", None),
        ({"ALL_PROXY": "http://one"}, "http://telegram-bot-api:8081", "http://one"),
    ],
    ids=str,
)
def test_the_environment_counts_as_it_does_for_curl(
    alone: pytest.MonkeyPatch, environment: dict[str, str], url: str, expected: str | None
) -> None:
    for name, value in environment.items():
        alone.setenv(name, value)
    assert proxy_for(url, None) == expected
    assert proxy_for(url, "http://chosen:1") == "http://chosen:1"


@pytest.mark.parametrize(
    "value", ["socks4://proxy:1080", "ftp://proxy", "http://proxy:port", "://", "http://proxy/path"]
)
def test_a_proxy_that_cannot_be_used_ends_a_start_in_one_line(alone: pytest.MonkeyPatch, value: str) -> None:
    for name, given in RUNS.items():
        alone.setenv(name, given)
    alone.setenv("ALL_PROXY", value)
    with pytest.raises(SettingsError) as caught:
        Settings.load(None, for_run=True)
    shape = "must be a proxy's address like http://host:port or socks5://host:port."
    assert caught.value.faults == (f"ALL_PROXY {shape}",)
    # The sandbox connects to nothing outside.
    Settings.load(None)
    alone.setenv("ALL_PROXY", "")
    alone.setenv("PROXY_URL", value)
    with pytest.raises(SettingsError) as caught:
        Settings.load(None, for_run=True)
    assert caught.value.faults == (f"PROXY_URL {shape}",)
    alone.setenv("ALL_PROXY", value)
    with pytest.raises(ProxyFault):
        proxy_for(TELEGRAM, None)


@dataclass
class Proxy:
    """An HTTP proxy on loopback: it connects everything to ``target`` and records the addresses that are asked for."""

    target: tuple[str, int] = ("", 0)
    asked: list[str] = field(default_factory=list)
    url: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one CONNECT and pass bytes on until one side has had enough."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            self.asked.append(head.split(b"\r\n")[0].decode())
            there = await asyncio.open_connection(*self.target)
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await asyncio.gather(self._pass(reader, there[1]), self._pass(there[0], writer))
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    @staticmethod
    async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.close()


@asynccontextmanager
async def proxying() -> AsyncIterator[Proxy]:
    """Run a proxy."""
    proxy = Proxy()
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    async with server:
        proxy.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield proxy


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """Return a certificate for a store of pictures that only the proxy trusts."""
    return make_authority(tmp_path, ["cdn.example.com", "inside.example.com"])


async def test_a_linked_picture_comes_by_the_proxy_where_nothing_else_leads_outside(authority: Authority) -> None:
    async with serving(authority) as store, proxying() as proxy:
        store.pages["/a.png"] = Reply(png("red"), headers={"content-type": "image/png"})
        proxy.target = ("127.0.0.1", store.port)
        policy = replace(FetchPolicy.of("https://relay.example"), attempts=2, wait_s=0.01, total_s=5)
        via = Fetcher(
            policy,
            Redactor(),
            verify=authority.context(),
            proxy=proxy.url,
            resolve=resolver(inside__example__com="10.0.0.7"),
        )
        blob = await via.picture("https://cdn.example.com/a.png")
        assert blob.data == png("red")
        assert proxy.asked == ["CONNECT cdn.example.com:443 HTTP/1.1"]
        # Addresses that are known to be inside do not go to a proxy either.
        for link in ("https://inside.example.com/a.png", "https://10.0.0.8/a.png", "http://cdn.example.com/a.png"):
            with pytest.raises(LinkRefused):
                await via.picture(link)
        assert len(proxy.asked) == 1
        await via.aclose()


async def test_telegram_and_providers_are_called_by_the_proxy_that_is_named(alone: pytest.MonkeyPatch) -> None:
    async with proxying() as proxy:
        proxy.target = ("127.0.0.1", 9)
        settings = Settings.model_validate(
            {
                **{name.lower(): value for name, value in RUNS.items()},
                "proxy_url": proxy.url,
                "telegram_proxy_url": proxy.url,
            }
        )
        bot, _ = clients.telegram(settings)
        with pytest.raises(NetworkError):
            await bot.initialize()
        await bot.shutdown()
        provider: Provider = clients.providers(settings)["gemini"][0]
        await provider.check("gemini-2.5-flash-image")
        await provider.aclose()
    hosts = [line.split()[1] for line in proxy.asked]
    assert set(hosts) == {"api.telegram.org:443", "generativelanguage.googleapis.com:443"}
