"""The guarded call: exact bodies, every transport failure mapped, and text made fit to be shown."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import Iterator
from email.utils import formatdate
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.providers.errors import (
    AnswerLost,
    AnswerTooLarge,
    ConnectionFailed,
    ConnectionLost,
    CutOff,
    DamagedBody,
    PictureUnreadable,
    ProviderError,
    RequestTooLarge,
    WrongAddress,
)
from bot.providers.factory import ProviderConfig, build
from bot.providers.shared.error_mapping import BY_STATUS, Fault, error_of
from bot.providers.wire import Body, DataUri, ExchangeLimits, Redactor, Wire, json_body
from bot.providers.wire.client import TRANSPORT_ERRORS, as_provider_error, retry_after_s
from storage.records import MediaRef
from tests.providers.wiring import KEY, Album, Endpoint, Reply, png, raw_server

QUICK = ExchangeLimits(connect_s=1, read_s=0.5, total_s=1, answer_bytes=100_000)


async def nothing(picture: MediaRef) -> bytes:
    """Read no picture."""
    raise AssertionError("there is no picture")


def wire(**changes: Any) -> Wire:
    """Return a quick wire."""
    return Wire(redactor=Redactor(KEY), limits=QUICK, **changes)


async def whole(body: Body) -> bytes:
    """Return the body in one piece."""
    return b"".join([chunk async for chunk in body.stream()])


@given(st.binary(max_size=2000), st.text(max_size=30), st.sampled_from([1, 2, 3, 7]))
def test_a_body_is_the_json_that_it_stands_for_and_of_the_length_it_names(data: bytes, text: str, count: int) -> None:
    picture = MediaRef(sha256="0" * 64, mime="image/png", size_bytes=len(data), width_px=1, height_px=1)

    async def read(_: MediaRef) -> bytes:
        return data

    pictures = [{"text": text, "plain": picture, "uri": DataUri(picture)} for _ in range(count)]
    body = json_body({"first": text, "all": pictures, "last": [None, 1.5, True]}, read)
    sent = asyncio.run(whole(body))
    assert len(sent) == body.length_bytes
    encoded = base64.b64encode(data).decode()
    shown = text.encode("utf-8", "replace").decode()
    uri = f"data:image/png;base64,{encoded}"
    expected = [{"text": shown, "plain": encoded, "uri": uri} for _ in range(count)]
    assert json.loads(sent) == {"first": shown, "all": expected, "last": [None, 1.5, True]}


async def test_pictures_are_read_one_at_a_time_while_sending(endpoint: Endpoint, album: Album) -> None:
    events: list[str] = []
    pictures = [album.add(png("red") + bytes(300_000)) for _ in range(1)] + [album.add(png("blue") + bytes(200_000))]

    async def read(picture: MediaRef) -> bytes:
        events.append(f"read {picture.size_bytes}")
        return album.held[picture.sha256]

    body = json_body({"pictures": pictures}, read)
    assert events == []
    sizes = []
    async for chunk in body.stream():
        sizes.append(len(chunk))
        events.append("sent")
    assert [event for event in events if event != "sent"] == [f"read {p.size_bytes}" for p in pictures]
    assert events.index(f"read {pictures[1].size_bytes}") > events.index("sent") + 2
    assert max(sizes) <= 4 * 64 * 1024


async def test_a_picture_of_another_length_is_never_sent_as_if_it_fit(endpoint: Endpoint, album: Album) -> None:
    picture = album.add(png())
    album.held[picture.sha256] += b"more"
    used = wire()
    with pytest.raises(PictureUnreadable):
        await used.post(endpoint.url, {}, json_body({"picture": picture}, album.read))
    await used.aclose()


def unmapped() -> Iterator[type[Exception]]:
    """Yield every error that httpx may raise from a request."""
    pending: list[type[Exception]] = [httpx.RequestError, httpx.InvalidURL]
    while pending:
        kind = pending.pop()
        children = kind.__subclasses__()
        pending += children
        if not children:
            yield kind


@pytest.mark.parametrize("kind", sorted(unmapped(), key=lambda kind: kind.__name__))
def test_every_error_of_the_http_library_has_a_row(kind: type[Exception]) -> None:
    assert kind in [row for row, _ in TRANSPORT_ERRORS]
    leaf = as_provider_error(kind(f"with {KEY} in it"), Redactor(KEY))
    assert isinstance(leaf, ProviderError)
    assert KEY not in str(leaf)


def test_an_error_of_another_kind_is_a_bug_and_stays_one() -> None:
    with pytest.raises(ZeroDivisionError):
        as_provider_error(ZeroDivisionError(), Redactor())


async def exchange(
    answer: bytes, *, read_first: bool = True, hold_s: float = 0.0, total_s: float | None = None
) -> None:
    """Make one call to a server that sends ``answer`` and hangs up."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if read_first:
            await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        await asyncio.sleep(hold_s)

    used = wire()
    async with raw_server(talk) as url:
        await used.post(f"{url}/x", {}, json_body({}, nothing), total_s=total_s)
    await used.aclose()


OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"


@pytest.mark.parametrize(
    ("answer", "leaf"),
    [
        # The whole request was out, so that somebody may be painting by now.
        (b"", AnswerLost),
        (b"HTTP/1.1 200", AnswerLost),
        (b"not http at all\r\n\r\n", AnswerLost),
        (OK + b"content-length: 100\r\n\r\n{}", AnswerLost),
        (OK + b"transfer-encoding: chunked\r\n\r\n5\r\n{", AnswerLost),
        (OK + b"transfer-encoding: chunked\r\n\r\nzz\r\n", AnswerLost),
        (OK + b"content-encoding: gzip\r\ncontent-length: 5\r\n\r\nhello", DamagedBody),
        (OK + b"content-length: 99999999999\r\n\r\n", AnswerTooLarge),
        (OK + b"\r\n" + b"x" * 200_000, AnswerTooLarge),
    ],
    ids=lambda value: str(value)[-30:],
)
async def test_a_broken_exchange_has_its_leaf(answer: bytes, leaf: type[ProviderError]) -> None:
    with pytest.raises(leaf):
        await exchange(answer, total_s=30)


@pytest.mark.parametrize("free", [False, True], ids=["a paid call", "a call that costs nothing"])
@pytest.mark.parametrize("seen", [0.5, 1.0], ids=["half of the request", "all of it"])
async def test_what_may_have_been_paid_for_is_not_asked_again_when_the_connection_breaks(
    album: Album, seen: float, free: bool
) -> None:
    picture = album.add(png() + bytes(20_000_000))
    body = json_body({"picture": picture}, album.read)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(body.length_bytes * seen))
        writer.transport.abort()

    used = wire()
    async with raw_server(talk) as url:
        with pytest.raises(AnswerLost if seen == 1.0 and not free else ConnectionLost):
            await used.post(url, {}, body, total_s=30, free=free)
    await used.aclose()


@pytest.mark.parametrize(("silent_s", "leaf"), [(0.0, ConnectionLost), (1.2, AnswerLost)], ids=["at once", "later"])
async def test_a_kept_connection_that_breaks_at_once_was_closed_before(
    silent_s: float, leaf: type[ProviderError]
) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n{}")
        writer.write(OK + b"content-length: 2\r\n\r\n{}")
        await reader.readuntil(b"\r\n\r\n{}")
        await asyncio.sleep(silent_s)

    used = Wire(redactor=Redactor(KEY))
    async with raw_server(talk) as url:
        assert (await used.post(url, {}, json_body({}, nothing))).body == b"{}"
        with pytest.raises(leaf):
            await used.post(url, {}, json_body({}, nothing))
    await used.aclose()


async def test_a_server_that_falls_silent_midway_is_given_up() -> None:
    began = time.monotonic()
    with pytest.raises(CutOff):
        await exchange(OK + b"content-length: 100\r\n\r\n{", hold_s=2)
    assert time.monotonic() - began < 1.5


async def test_a_refusal_during_the_upload_is_read_all_the_same(album: Album) -> None:
    """A proxy answers 413 as soon as it sees the length, and throws the rest away."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 413 Too Large\r\ncontent-type: text/html\r\ncontent-length: 4\r\n\r\n<p/>")
        await writer.drain()
        # As servers do that let the answer be read before they hang up.
        while await reader.read(65536):
            pass

    async with raw_server(talk) as url:
        provider = build("gemini", ProviderConfig(base_url=url, api_key=KEY))
        used = wire()
        body = json_body({"picture": album.add(png() + bytes(3_000_000))}, album.read)
        answer = await used.post(url, {}, body)
        with pytest.raises(RequestTooLarge):
            await provider.read(answer, model="gemini-2.5-flash-image")
        await used.aclose()
        await provider.aclose()


async def test_an_unusable_address_is_told_as_one() -> None:
    used = wire()
    with pytest.raises(ConnectionFailed):
        await used.get("http://no-such-host.invalid/", {})
    for url in ("foo://example", "http://[::1"):
        with pytest.raises(WrongAddress):
            await used.get(url, {})
    await used.aclose()


@pytest.mark.parametrize(
    ("base_url", "key"),
    [
        ("example.com", KEY),
        ("ftp://example.com", KEY),
        ("https://", KEY),
        ("https://user:pw@example.com", KEY),
        ("https://example.com?key=1", KEY),
        ("https://example.com", "two words"),
        ("https://example.com", "line\nbreak"),
        ("https://example.com", "schlüssel"),
    ],
)
def test_a_configuration_that_cannot_work_is_told_in_one_line(base_url: str, key: str) -> None:
    with pytest.raises(ValueError, match=r"^gemini: ") as caught:
        build("gemini", ProviderConfig(base_url=base_url, api_key=key))
    assert "\n" not in str(caught.value)
    assert key not in str(caught.value)


def test_an_unknown_provider_is_named_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"'dall-e'.*gemini, tokaify, aimlapi, onemin, openrouter"):
        build("dall-e", ProviderConfig())


async def test_no_redirect_takes_the_key_elsewhere(endpoint: Endpoint) -> None:
    endpoint.pages["/v1"] = Reply(status=307, headers={"location": endpoint.url + "/thief"})
    used = wire()
    answer = await used.get(endpoint.url + "/v1", {"x-goog-api-key": KEY})
    await used.aclose()
    assert answer.status == 307
    assert [call.path for call in endpoint.calls] == ["/v1"]


async def test_a_compressed_answer_is_capped_after_unpacking(endpoint: Endpoint) -> None:
    import gzip

    endpoint.add(Reply(gzip.compress(b" " * 5_000_000), headers={"content-encoding": "gzip"}))
    used = wire()
    with pytest.raises(AnswerTooLarge):
        await used.post(endpoint.url, {}, json_body({}, nothing))
    await used.aclose()
    assert endpoint.calls[0].headers["accept-encoding"] == "identity"


NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("value", "delay_s"),
    [
        ("17", 17),
        (" 0.5 ", 0.5),
        (formatdate(NOW + 30, usegmt=True), 30),
        (formatdate(NOW - 30, usegmt=True), 0),
        ("-4", 0),
        ("", None),
        (None, None),
        ("soon", None),
        ("1e300", None),
        ("nan", None),
        ("Fri, 99 Foo 2026", None),
    ],
)
def test_retry_after_is_a_number_or_a_date(value: str | None, delay_s: float | None) -> None:
    assert retry_after_s(value, NOW) == delay_s


def test_text_is_shown_without_secrets_markup_and_data() -> None:
    redactor = Redactor("hunter2-hunter2", "")
    google = "AIza" + "Sy0123456789abcdefghijklmnopqrstuvw"
    cases = {
        "key hunter2-hunter2 is bad": "key [hidden] is bad",
        f"leaked {google}": "leaked [hidden]",
        "Authorization: Bearer abcdefghijklmnop": "Authorization: Bearer [hidden]",
        "Incorrect API key sk-abc123456789def": "Incorrect API key [hidden]",
        "see https://s3.example/a.png?X-Amz-Signature=00ff&b=1 now": "see https://s3.example/a.png now",
        "at https://u:p@example.com/x": "at https://example.com/x",
        "<html><head><style>p{}</style></head><body><h1>502</h1> Bad &amp; ugly</body>": "502 Bad & ugly",
        "a\n\tb\x00c\u202e d": "a b c d",
        "data " + "QUJD" * 100: "data [data]",
        "x < y and y > z": "x < y and y > z",
    }
    for raw, shown in cases.items():
        assert redactor.excerpt(raw) == shown
    long = redactor.excerpt("word " * 1000, 50)
    assert len(long) <= 50
    assert long.endswith("…")


def test_redaction_is_quick_on_hostile_text() -> None:
    began = time.thread_time()
    for piece in ("<", "<a", "https://", "Bearer ", "A", "&#x", "?key=", "<script"):
        Redactor(KEY).excerpt(piece * 200_000)
        Redactor(KEY).clean((piece * 200_000)[:400_000])
    assert time.thread_time() - began < 5


@pytest.mark.parametrize("status", range(300, 600))
def test_every_status_has_a_leaf(status: int) -> None:
    error = error_of(Fault(status=status, message="", text=""), (), model="m")
    # A missing page that names no model says nothing of one.
    assert isinstance(error, WrongAddress if status == 404 else BY_STATUS.get(status, ProviderError))
