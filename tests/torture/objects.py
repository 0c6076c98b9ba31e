"""An S3 server as a process of its own: ``python -m tests.torture.objects``. Prints its address.

Imports the S3 server of the tests. ``PUT /-/trouble?why=...`` lets it refuse everything, until ``why`` is nothing.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

import httpx

from tests.support.objects import KEY_ID, SECRET, Objects


class Troubled(Objects):
    """A server that is told from outside when to fail."""

    def _answer(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/-/trouble":
            return super()._answer(environ, start_response)
        self.refuse(parse_qs(environ["QUERY_STRING"]).get("why", [""])[0])
        start_response("200 OK", [("Content-Length", "0")])
        return []


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
