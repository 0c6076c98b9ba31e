"""Endpoints and a throw-away certificate authority for the provider tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.providers.base import Provider
from bot.providers.factory import ProviderConfig, build
from tests.providers.dialects import DIALECTS, Dialect
from tests.providers.turns import Book
from tests.providers.wiring import KEY, Album, Authority, Endpoint, make_authority, serving

HOSTS = ("localhost", "cdn.example.com", "cdn.aimlapi.com", "s3.us-east-1.amazonaws.com", "asset.1min.ai")


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """An authority that certifies the hosts of the recorded answers."""
    folder: Path = tmp_path_factory.mktemp("authority")
    return make_authority(folder, HOSTS)


@pytest.fixture
async def endpoint() -> AsyncIterator[Endpoint]:
    """A provider's endpoint."""
    async with serving() as served:
        yield served


@pytest.fixture
async def secure(authority: Authority) -> AsyncIterator[Endpoint]:
    """A store of results over TLS."""
    async with serving(authority) as served:
        yield served


@pytest.fixture
def album() -> Album:
    """The pictures of a conversation."""
    return Album()


@pytest.fixture
async def provider(endpoint: Endpoint) -> AsyncIterator[Provider]:
    built = build("gemini", ProviderConfig(base_url=endpoint.url, api_key=KEY))
    yield built
    await built.aclose()


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture(params=DIALECTS, ids=lambda dialect: dialect.name)
def dialect(request: pytest.FixtureRequest) -> Dialect:
    """Each dialect in turn."""
    found: Dialect = request.param
    return found


@pytest.fixture
async def spoken(dialect: Dialect, endpoint: Endpoint) -> AsyncIterator[Provider]:
    """The provider that speaks ``dialect``."""
    built = dialect.build(endpoint)
    yield built
    await built.aclose()
