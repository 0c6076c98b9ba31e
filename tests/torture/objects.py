"""An S3 server as a separate process: ``python -m tests.torture.objects``. Prints its address.

Imports the S3 server of the tests. ``PUT /-/trouble?why=...`` makes it refuse everything until ``why`` is empty; ``GET
/-/kept`` says when each of the provider's answers was stored.
"""

from __future__ import annotations

import io
import json
import re
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import httpx

from tests.support.objects import KEY_ID, SECRET, Objects

ANSWER = re.compile(rb'"responseId":\s*"([^"]+)"')
"""The provider's answers are recognised by this."""


@dataclass
class Troubled(Objects):
    """A server that fails on order. ``kept``: when each of the provider's answers was stored."""

    kept: dict[str, float] = field(default_factory=dict)

    def _answer(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/-/kept":
            return _say(start_response, json.dumps(self.kept).encode())
        if path == "/-/trouble":
            self.refuse(parse_qs(environ["QUERY_STRING"]).get("why", [""])[0])
            return _say(start_response, b"")
        if environ["REQUEST_METHOD"] != "PUT" or "/answers/" not in path:
            return super()._answer(environ, start_response)
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        environ["wsgi.input"] = io.BytesIO(body)

        def respond(status: str, *more: Any) -> Any:
            if status.startswith("200") and (found := ANSWER.search(body)):
                self.kept.setdefault(found[1].decode(), time.time())
            return start_response(status, *more)

        return super()._answer(environ, respond)


def _say(start_response: Callable[..., Any], body: bytes) -> list[bytes]:
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


async def trouble(address: str, why: str) -> None:
    """Let a server refuse everything in the words of ``REFUSALS``; "" ends that."""
    async with httpx.AsyncClient(trust_env=False) as client:
        await client.put(f"{address}/-/trouble", params={"why": why})


async def settings_of_bucket(address: str) -> dict[str, str]:
    """Make a bucket and return the settings that name it."""
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.put(f"{address}/torture")).status_code == 200
    return {
        "MEDIA_URL": "s3://torture/pictures",
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET,
    }


def main() -> None:
    """Serve until the process is ended."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    objects = Troubled(DomainDispatcherApplication(create_backend_app))
    objects.start()
    print(objects.endpoint, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    sys.exit(main())
