"""Results fetched by link, as an attacker would use it: real servers on loopback, real TLS, a resolver that lies.

``127.0.0.2`` plays the internet (the policy allows its network); ``127.0.0.1`` and ``127.0.0.3`` are inside.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.providers.errors import (
    AnswerTooLarge,
    DamagedPicture,
    LinkFailed,
    LinkRefused,
    NotAPicture,
    PictureTooLarge,
    ProviderError,
)
from bot.providers.wire import Fetcher, FetchPolicy, Redactor
from bot.providers.wire.address import is_public
from tests.providers.pictures import bomb
from tests.providers.sentences import say
from tests.providers.wiring import Authority, Detour, Endpoint, Reply, b64, make_authority, png, resolver, serving

RED = png("red")
PICTURE = Reply(RED, headers={"content-type": "image/png"})
FAST = FetchPolicy(attempts=2, wait_s=0.01, total_s=5)


@pytest.fixture
async def internet(authority: Authority) -> AsyncIterator[Endpoint]:
    """A public store of pictures."""
    async with serving(authority, host="127.0.0.2") as served:
        served.pages["/a.png"] = PICTURE
        yield served


@pytest.fixture
async def inside() -> AsyncIterator[Endpoint]:
    """Something within the network that must never be asked."""
    async with serving(host="127.0.0.3") as served:
        served.pages["/a.png"] = PICTURE
        yield served


def fetcher(authority: Authority, policy: FetchPolicy | None = None, **table: str | list[str]) -> Fetcher:
    """Return a fetcher to which 127.0.0.2 is the internet and whose resolver knows ``table``."""
    public = replace(FetchPolicy.of("https://relay.example", ["127.0.0.2/32"]), attempts=2, wait_s=0.01, total_s=5)
    return Fetcher(policy or public, Redactor(), verify=authority.context(), resolve=resolver(**table))


async def refused(link: str, via: Fetcher) -> LinkRefused:
    """Expect that ``link`` is not opened, with a sentence for the person."""
    with pytest.raises(LinkRefused) as caught:
        await via.picture(link)
    await via.aclose()
    assert say(caught.value.key, caught.value.values)
    assert caught.value.tell_owner
    return caught.value


async def test_a_public_link_is_fetched_over_tls(internet: Endpoint, authority: Authority) -> None:
    via = fetcher(authority, cdn__example__com="127.0.0.2")
    blob = await via.picture(f"https://cdn.example.com:{internet.port}/a.png?sig=x#part")
    await via.aclose()
    assert (blob.data, blob.mime) == (RED, "image/png")
    (call,) = internet.calls
    assert call.headers["host"] == f"cdn.example.com:{internet.port}"
    assert call.query == "sig=x"
    assert not {"authorization", "x-goog-api-key", "api-key", "cookie"} & set(call.headers)


async def test_the_name_is_verified_though_the_address_is_dialled(internet: Endpoint, authority: Authority) -> None:
    via = fetcher(authority, evil__example="127.0.0.2")
    with pytest.raises(LinkFailed):
        await via.picture(f"https://evil.example:{internet.port}/a.png")
    await via.aclose()
    assert internet.calls == []


PRIVATE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",  # noqa: S104
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.8",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "fc00::1",
    "fd12:3456::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "100::1",
    "not an address",
    "",
]


@pytest.mark.parametrize("address", PRIVATE)
async def test_a_name_that_leads_inside_is_refused(address: str, authority: Authority) -> None:
    assert not is_public(address)
    detour = Detour(9, authority.context())
    via = Fetcher(FAST, Redactor(), transport=detour, resolve=resolver(evil__example=[address]))
    await refused("https://evil.example/a.png", via)
    assert detour.targets == []


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101", "2002:101:101::1"]
)
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


async def test_one_private_address_among_public_ones_is_enough(authority: Authority) -> None:
    async def mixed(host: str, port: int) -> list[str]:
        return ["93.184.215.14", "10.0.0.1"]

    await refused("https://evil.example/a.png", Fetcher(FAST, Redactor(), resolve=mixed))


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost", "0"],
)
async def test_every_spelling_of_loopback_is_refused_by_the_real_resolver(host: str, inside: Endpoint) -> None:
    via = Fetcher(FAST, Redactor())
    with pytest.raises((LinkRefused, LinkFailed)):
        await via.picture(f"https://{host}:{inside.port}/a.png")
    await via.aclose()
    assert inside.calls == []


@pytest.mark.parametrize(
    "link",
    [
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "ftp://cdn.example.com/a.png",
        "gopher://cdn.example.com/a.png",
        "http://cdn.example.com/a.png",
        "//cdn.example.com/a.png",
        "/etc/passwd",
        "https:///a.png",
        "https://",
        "https://user:secret@cdn.example.com/a.png",
        "https://user@cdn.example.com/a.png",
        "https://[::1/a.png",
        "https://cdn.example.com:99999/a.png",
        "https://cdn\u0000.example.com/a.png",
        "javascript:alert(1)",
    ],
)
async def test_only_plain_https_links_are_opened(link: str, authority: Authority) -> None:
    detour = Detour(9, authority.context())
    via = Fetcher(FAST, Redactor(), transport=detour, resolve=resolver(cdn__example__com="93.184.215.14"))
    error = await refused(link, via)
    assert detour.targets == []
    assert "secret" not in say(error.key, error.values) + str(error)


async def test_a_name_that_changes_after_the_check_gains_nothing(
    internet: Endpoint, inside: Endpoint, authority: Authority
) -> None:
    via = fetcher(authority, cdn__example__com=["127.0.0.2", "127.0.0.3"])
    blob = await via.picture(f"https://cdn.example.com:{internet.port}/a.png")
    assert blob.data == RED
    assert inside.calls == []
    # The second look-up leads inside, and is the one that is checked then.
    await refused(f"https://cdn.example.com:{inside.port}/a.png", via)
    assert inside.calls == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_inside_is_refused(
    status: int, internet: Endpoint, inside: Endpoint, authority: Authority
) -> None:
    for target in (f"http://127.0.0.3:{inside.port}/a.png", f"https://inside.example:{inside.port}/a.png", "file:///x"):
        internet.pages["/go"] = Reply(status=status, headers={"location": target})
        via = fetcher(authority, cdn__example__com="127.0.0.2", inside__example="127.0.0.3")
        await refused(f"https://cdn.example.com:{internet.port}/go", via)
    assert inside.calls == []


async def test_a_redirect_to_the_same_name_is_looked_up_and_checked_again(
    internet: Endpoint, inside: Endpoint, authority: Authority
) -> None:
    internet.pages["/go"] = Reply(status=302, headers={"location": f"https://cdn.example.com:{inside.port}/a.png"})
    via = fetcher(authority, cdn__example__com=["127.0.0.2", "127.0.0.3"])
    await refused(f"https://cdn.example.com:{internet.port}/go", via)
    assert inside.calls == []


async def test_three_redirects_are_followed_and_a_fourth_is_not(internet: Endpoint, authority: Authority) -> None:
    for hop in range(4):
        internet.pages[f"/{hop}"] = Reply(status=302, headers={"location": f"/{hop + 1}"})
    internet.pages["/4"] = PICTURE
    via = fetcher(authority, cdn__example__com="127.0.0.2")
    assert (await via.picture(f"https://cdn.example.com:{internet.port}/1")).data == RED
    await refused(f"https://cdn.example.com:{internet.port}/0", via)


async def test_the_provider_s_own_host_and_port_are_trusted_and_no_other_port(
    inside: Endpoint, endpoint: Endpoint, authority: Authority
) -> None:
    own = replace(FetchPolicy.of(inside.url), attempts=1)
    via = fetcher(authority, own, **{"127__0__0__3": "127.0.0.3", "127__0__0__1": "127.0.0.1"})
    assert (await via.picture(f"{inside.url}/a.png")).data == RED
    await refused(f"http://127.0.0.3:{inside.port + 1}/a.png", via)


async def test_a_stranger_may_not_redirect_to_the_trusted_host(
    internet: Endpoint, inside: Endpoint, authority: Authority
) -> None:
    internet.pages["/go"] = Reply(status=302, headers={"location": f"{inside.url}/a.png"})
    policy = replace(FetchPolicy.of(inside.url, ["127.0.0.2/32"]), attempts=1)
    via = fetcher(authority, policy, cdn__example__com="127.0.0.2", **{"127__0__0__3": "127.0.0.3"})
    await refused(f"https://cdn.example.com:{internet.port}/go", via)
    assert inside.calls == []


@pytest.mark.parametrize(
    "form", ["http://minio.internal:{port}", "10.0.0.0/8", "minio.internal:{port}", "minio.internal"]
)
async def test_the_operator_may_allow_further_places(form: str, tmp_path: Path) -> None:
    local = make_authority(tmp_path, ["minio.internal"])
    async with serving(None if form.startswith("http:") else local, host="127.0.0.3") as served:
        served.pages["/a.png"] = PICTURE
        allowed = form.format(port=served.port).replace("10.0.0.0/8", "127.0.0.3/32")
        policy = replace(FetchPolicy.of("https://relay.example", [allowed]), attempts=1)
        scheme = "http" if form.startswith("http:") else "https"
        via = fetcher(local, policy, minio__internal="127.0.0.3")
        assert (await via.picture(f"{scheme}://minio.internal:{served.port}/a.png")).data == RED
        await via.aclose()


@pytest.mark.parametrize("entry", ["http://", "ftp://x", "10.0.0.0/99", "a b", "", "https://u@x", "x/path"])
def test_a_wrong_entry_of_the_operator_is_named(entry: str) -> None:
    with pytest.raises(ValueError, match="neither a host"):
        FetchPolicy.of("https://relay.example", [entry])


async def test_bytes_must_be_a_whole_picture_of_bearable_size(internet: Endpoint, authority: Authority) -> None:
    cases: list[tuple[bytes, type[ProviderError]]] = [
        (b"<html>no</html>", NotAPicture),
        (b"", NotAPicture),
        (png("blue", (300, 300))[:-40], DamagedPicture),
        (bomb(30_000, 30_000, rows=9), PictureTooLarge),
        (bomb(9_000, 5_000), PictureTooLarge),
    ]
    via = fetcher(authority, cdn__example__com="127.0.0.2")
    for data, leaf in cases:
        internet.pages["/b"] = Reply(data, headers={"content-type": "image/png"})
        with pytest.raises(leaf):
            await via.picture(f"https://cdn.example.com:{internet.port}/b")
    await via.aclose()


async def test_size_and_time_are_capped(internet: Endpoint, authority: Authority) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(2000):
            yield b"\x89PNG" * 16384
            await asyncio.sleep(0)

    internet.pages["/big"] = Reply(chunks=endless)
    internet.pages["/slow"] = replace(PICTURE, delay_s=3)
    small = replace(FetchPolicy.of("", ["127.0.0.2/32"]), max_bytes=500_000, total_s=0.3, attempts=1)
    via = fetcher(authority, small, cdn__example__com="127.0.0.2")
    with pytest.raises(AnswerTooLarge):
        await via.picture(f"https://cdn.example.com:{internet.port}/big")
    with pytest.raises(LinkFailed):
        await via.picture(f"https://cdn.example.com:{internet.port}/slow")
    await via.aclose()


@pytest.mark.parametrize(("status", "looks"), [(404, 2), (503, 2), (403, 1), (410, 1), (204, 1), (500, 2)])
async def test_a_link_that_fails_is_looked_at_again_only_if_that_may_help(
    status: int, looks: int, internet: Endpoint, authority: Authority
) -> None:
    internet.pages["/x"] = Reply(status=status)
    via = fetcher(authority, cdn__example__com="127.0.0.2")
    with pytest.raises(LinkFailed):
        await via.picture(f"https://cdn.example.com:{internet.port}/x")
    await via.aclose()
    assert len(internet.calls) == looks


async def test_data_uris_are_read_without_any_connection(authority: Authority) -> None:
    via = fetcher(authority)
    for uri in (
        f"data:image/png;base64,{b64(RED)}",
        f"DATA:;base64,{b64(RED).rstrip('=')}",
        f"data:image/jpeg;base64,{b64(RED).replace('+', '%2B').replace('/', '_')}",
    ):
        assert (await via.picture(uri)).data == RED
    with pytest.raises(NotAPicture):
        await via.picture("data:text/html,<b>hi</b>")
    with pytest.raises(DamagedPicture):
        await via.picture("data:image/png;base64,!!!!")
    await via.aclose()
