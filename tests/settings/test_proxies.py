"""Which proxy a connection goes through, by settings and by the environment: one rule for all that calls out."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from telegram.error import NetworkError

from bot.process import clients
from bot.providers.base import Provider
from bot.providers.dialects.openai import Openai
from bot.providers.errors import LinkFailed, LinkRefused
from bot.providers.wire import Fetcher, FetchPolicy, Redactor
from bot.settings.proxies import DIRECT, ProxyFault, proxy_for, secrets_in, way_to
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
    # A setting wins over the variables that name a proxy, and NO_PROXY over both.
    assert proxy_for(url, "http://chosen:1") == (None if "NO_PROXY" in environment else "http://chosen:1")


@pytest.mark.parametrize(
    ("exempt", "url", "direct"),
    [
        ("", "http://192.168.1.20:1234/v1", False),
        ("192.168.1.20", "http://192.168.1.20:1234/v1", True),
        ("192.168.1.2", "http://192.168.1.20:1234/v1", False),
        ("192.168.0.0/16", "http://192.168.1.20:1234/v1", True),
        ("10.0.0.0/8 192.168.1.20:1234", "http://192.168.1.20:1234/v1", True),
        ("192.168.1.20:80", "http://192.168.1.20:1234/v1", False),
        ("fd00::/8", "http://[fd00::7]:1234/v1", True),
        ("[fd00::7]:1234", "http://[fd00::7]:1234/v1", True),
        ("gpu", "http://GPU:8000/v1", True),
        ("gpu", "http://gpu.example/v1", False),
        (".example", "https://gpu.example/v1", True),
        ("*.example", "https://gpu.example./v1", True),
        ("example", "https://gpu.example/v1", True),
        ("ample", "https://gpu.example/v1", False),
        (", *", "https://api.openai.com/v1", True),
        ("].[ :: /8,:80", "https://api.openai.com/v1", False),
    ],
    ids=str,
)
def test_no_proxy_counts_also_where_a_setting_names_a_proxy(
    alone: pytest.MonkeyPatch, exempt: str, url: str, direct: bool
) -> None:
    """As with curl (CURLOPT_NOPROXY); it may stand in .env, too."""
    settings = Settings.model_validate({"proxy_url": "http://one", "openai_base_url": url, "no_proxy": exempt})
    assert settings.proxy_to(url) == (None if direct else "http://one")
    named = settings.telegram_proxy
    assert proxy_for(url, named[0], settings.no_proxy) == (None if direct else "http://one")
    assert ("PROXY_URL" in way_to(url, *named, settings.no_proxy)) is not direct


def test_the_environment_names_what_is_reached_directly(alone: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PROXY_URL=http://one\nNO_PROXY=.lan\n")
    assert Settings.load(tmp_path / ".env").proxy_to("http://gpu.lan:8000") is None
    alone.setenv("NO_PROXY", "10.0.0.0/8")
    settings = Settings.load(tmp_path / ".env")
    assert (settings.proxy_to("http://gpu.lan:8000"), settings.proxy_to("http://10.1.2.3")) == ("http://one", None)
    alone.setenv("NO_PROXY", "")
    assert Settings.load(tmp_path / ".env").proxy_to("http://gpu.lan:8000") == "http://one"


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


class Socks(Proxy):
    """The same as a SOCKS5 proxy (RFC 1928) that asks for a name and a password (RFC 1929): ann, pa:ss."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one CONNECT and pass bytes on until one side has had enough."""
        try:
            _, count = await reader.readexactly(2)
            assert 2 in await reader.readexactly(count)
            writer.write(bytes([5, 2]))
            assert (await reader.readexactly(1)) == bytes([1])
            given = [await reader.readexactly((await reader.readexactly(1))[0]) for _ in range(2)]
            writer.write(bytes([1, 0 if given == [b"ann", b"pa:ss"] else 1]))
            _, command, _, kind = await reader.readexactly(4)
            assert (command, kind) == (1, 3), "a CONNECT by name"
            name = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
            port = int.from_bytes(await reader.readexactly(2))
            self.asked.append(f"SOCKS {name}:{port}")
            there = await asyncio.open_connection(*self.target)
            writer.write(bytes([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]))
            await asyncio.gather(self._pass(reader, there[1]), self._pass(there[0], writer))
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def proxying(proxy: Proxy | None = None) -> AsyncIterator[Proxy]:
    """Run a proxy."""
    proxy = proxy or Proxy()
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    async with server:
        proxy.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield proxy


@asynccontextmanager
async def hanging_up(answer: bytes = b"") -> AsyncIterator[tuple[str, int]]:
    """Run a server that reads a little, answers with these bytes and closes the connection."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(3)
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield "127.0.0.1", server.sockets[0].getsockname()[1]


def _address(proxy: Proxy) -> str:
    return proxy.url.replace("http://", "socks5://ann:pa%3Ass@") if isinstance(proxy, Socks) else proxy.url


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """Return a certificate for a store of pictures that only the proxy trusts."""
    return make_authority(tmp_path, ["cdn.example.com", "inside.example.com"])


@pytest.mark.parametrize("kind", [Proxy, Socks])
async def test_a_linked_picture_comes_by_the_proxy_where_nothing_else_leads_outside(
    authority: Authority, kind: type[Proxy]
) -> None:
    async with serving(authority) as store, proxying(kind()) as proxy:
        store.pages["/a.png"] = Reply(png("red"), headers={"content-type": "image/png"})
        proxy.target = ("127.0.0.1", store.port)
        policy = replace(FetchPolicy.of("https://relay.example"), attempts=2, wait_s=0.01, total_s=5)
        via = Fetcher(
            policy,
            Redactor(),
            verify=authority.context(),
            proxy_to=lambda _: _address(proxy),
            resolve=resolver(inside__example__com="10.0.0.7"),
        )
        blob = await via.picture("https://cdn.example.com/a.png")
        assert blob.data == png("red")
        assert [line.split()[1] for line in proxy.asked] == ["cdn.example.com:443"]
        # Addresses that are known to be inside do not go to a proxy either.
        for link in ("https://inside.example.com/a.png", "https://10.0.0.8/a.png", "http://cdn.example.com/a.png"):
            with pytest.raises(LinkRefused):
                await via.picture(link)
        assert len(proxy.asked) == 1
        await via.aclose()


@pytest.mark.parametrize("kind", [Proxy, Socks])
@pytest.mark.parametrize("own", [False, True])
async def test_telegram_and_providers_are_called_by_the_proxy_that_is_named(
    alone: pytest.MonkeyPatch, kind: type[Proxy], own: bool
) -> None:
    """One setting is enough for both; Telegram may have its own."""
    async with proxying(kind()) as proxy, proxying(kind()) as telegrams, hanging_up() as target:
        proxy.target = telegrams.target = target
        named = {"proxy_url": _address(proxy)} | ({"telegram_proxy_url": _address(telegrams)} if own else {})
        settings = Settings.model_validate({**{name.lower(): value for name, value in RUNS.items()}, **named})
        bot, _ = clients.telegram(settings)
        with pytest.raises(NetworkError):
            await bot.initialize()
        await bot.shutdown()
        provider: Provider = clients.providers(settings)["gemini"][0]
        await provider.check("gemini-2.5-flash-image")
        await provider.aclose()
    to_telegram, to_provider = "api.telegram.org:443", "generativelanguage.googleapis.com:443"
    assert {line.split()[1] for line in proxy.asked} == ({to_provider} if own else {to_telegram, to_provider})
    assert {line.split()[1] for line in telegrams.asked} == ({to_telegram} if own else set())


async def test_a_server_on_this_machine_is_not_asked_by_the_proxy_for_the_outside(alone: pytest.MonkeyPatch) -> None:
    """Pictures that it links to outside are."""
    async with proxying() as proxy, hanging_up() as target:
        proxy.target = target
        home = f"http://localhost:{target[1]}/v1"
        settings = Settings.model_validate({"proxy_url": proxy.url, "openai_base_url": home})
        (provider,) = clients.providers(settings)["openai"]
        assert isinstance(provider, Openai)
        await provider.check("sd-cpp-local")
        assert proxy.asked == []
        with pytest.raises(LinkFailed):
            await provider.fetcher.picture(f"{home}/pictures/1.png")
        assert proxy.asked == []
        with pytest.raises(LinkFailed):
            await provider.fetcher.picture("https://pictures.invalid/1.png")
        assert {line.split()[1] for line in proxy.asked} == {"pictures.invalid:443"}
        await provider.aclose()


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, (None, "PROXY_URL")),
        ({"proxy_url": "http://one"}, ("http://one", "PROXY_URL")),
        ({"proxy_url": "http://one", "telegram_proxy_url": "socks5://two"}, ("socks5://two", "TELEGRAM_PROXY_URL")),
        ({"proxy_url": "http://one", "telegram_proxy_url": "Direct"}, ("direct", "TELEGRAM_PROXY_URL")),
        # A Bot API server on this machine; its own setting counts, whatever it is for.
        ({"proxy_url": "http://one", "telegram_api_url": "http://127.0.0.1:8081"}, (None, "PROXY_URL")),
        ({"proxy_url": "http://one", "telegram_api_url": "http://bot-api:8081"}, ("http://one", "PROXY_URL")),
    ],
    ids=str,
)
def test_the_proxy_for_telegram(settings: dict[str, str], expected: tuple[str | None, str]) -> None:
    assert Settings.model_validate(settings).telegram_proxy == expected


def test_direct_means_no_proxy_whatever_else_is_set(alone: pytest.MonkeyPatch) -> None:
    alone.setenv("ALL_PROXY", "http://one")
    assert proxy_for(TELEGRAM, DIRECT) is None
    assert way_to(TELEGRAM, DIRECT, "TELEGRAM_PROXY_URL") == TELEGRAM


# httpcore leaves a connection whose SOCKS handshake failed to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"", b"\x05"], ids=["http", "closed", "half"])
async def test_a_proxy_that_speaks_no_socks_is_a_failure_like_any_other(
    alone: pytest.MonkeyPatch, answer: bytes
) -> None:
    """As where somebody writes socks5:// for an HTTP proxy."""
    async with hanging_up(answer) as (_, port):
        named = {**RUNS, "proxy_url": f"socks5://127.0.0.1:{port}"}
        settings = Settings.model_validate({name.lower(): value for name, value in named.items()})
        bot, _ = clients.telegram(settings)
        with pytest.raises(NetworkError):
            await bot.initialize()
        await bot.shutdown()
        provider: Provider = clients.providers(settings)["gemini"][0]
        assert await provider.reach()
        await provider.aclose()
    gc.collect()


@pytest.mark.parametrize(
    ("address", "secrets"),
    [
        ("http://proxy:3128", []),
        ("proxy:3128", []),
        ("direct", []),
        ("http://[::1", []),
        ("http://me:pa%2fss@proxy:3128", ["pa%2fss", "pa/ss", "bWU6cGEvc3M="]),
        ("me:pass@proxy:3128", ["pass", "pass", "bWU6cGFzcw=="]),
        ("socks5://me:p@ss@proxy", ["p@ss", "p@ss", "bWU6cEBzcw=="]),
        ("http://token@proxy", ["token", "token", "dG9rZW46"]),
    ],
)
def test_what_is_secret_of_a_proxy_s_address(address: str, secrets: list[str]) -> None:
    assert list(secrets_in(address)) == secrets


class Telltale(Proxy):
    """A proxy that refuses, and repeats who asked with which password."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one CONNECT."""
        head = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
        given = next(line for line in head if line.lower().startswith(b"proxy-authorization: basic "))
        self.asked.append(b64decode(given.split()[-1]).decode())
        writer.write(b"HTTP/1.1 407 No access for %s, %s\r\n\r\n" % (self.asked[-1].encode(), given))
        writer.close()


@pytest.mark.parametrize(
    ("form", "password"),
    [
        ("http://me:{}@{}", "hush-hush-7"),
        ("me:{}@{}", "hush-hush-7"),
        ("http://{}@{}", "hush-hush-7"),
        ("me:{}@{}", "h7sh"),
    ],
)
async def test_a_proxy_of_the_environment_that_repeats_its_password_shows_it_to_nobody(
    alone: pytest.MonkeyPatch, form: str, password: str, tmp_path: Path
) -> None:
    """Neither where ``check`` prints it, nor in the log, nor in what owners read of a provider."""
    async with proxying(Telltale()) as proxy:
        address = form.format(password, proxy.url.removeprefix("http://"))
        environment = {**os.environ, **RUNS, "HTTPS_PROXY": address, "DATA_DIR": str(tmp_path)}
        program = [sys.executable, "-m", "bot", "check", "--accounts"]
        pipes = {"stdout": asyncio.subprocess.PIPE, "stderr": asyncio.subprocess.STDOUT}
        process = await asyncio.create_subprocess_exec(*program, env=environment, **pipes)
        shown = (await process.communicate())[0].decode()
        assert shown.count("No access for") == 2
        alone.setenv("HTTPS_PROXY", address)
        settings = Settings(_env_file=None, gemini_api_key="a-key")
        (provider,) = clients.providers(settings)["gemini"]
        shown += await provider.reach()
        await provider.aclose()
        assert shown.count("No access for") == 3
    assert {asked.rpartition(":")[2] or asked[:-1] for asked in proxy.asked} == {password}
    sent = {b64encode(asked.encode()).decode() for asked in proxy.asked}
    assert not any(secret in shown for secret in {password, *sent})
