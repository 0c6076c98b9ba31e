"""An S3 server for tests, which can fail, hold requests back, and go away and come again. Imports moto and werkzeug.

What it stores outlives its stops. It takes any key, as moto does; what a real store says to a wrong one is scripted.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

KEY_ID, SECRET = "AKIAMADEUPOFATEST000", "made/up+secret/of/a/test/0123456789abcdef"
HOLD_S = 20

REFUSALS = {
    "key": ("403 Forbidden", "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."),
    "secret": ("403 Forbidden", "SignatureDoesNotMatch", "The request signature we calculated does not match."),
    "rights": ("403 Forbidden", "AccessDenied", "Access Denied"),
    "trouble": ("503 Service Unavailable", "SlowDown", "Please reduce your request rate."),
}


class Quiet(WSGIRequestHandler):
    """Logs nothing."""

    def log(self, type: str, message: str, *args: object) -> None:
        return


@dataclass
class Held:
    """A request that waits: ``reached`` when it has come, until ``go`` is set."""

    reached: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)


@dataclass
class Objects:
    """A running server."""

    backend: Callable[..., Iterable[bytes]]
    calls: list[tuple[str, str]] = field(default_factory=list)
    _refuses: str = ""
    _times: int = 0
    _holds: dict[str, Held] = field(default_factory=dict)
    _server: BaseWSGIServer | None = None
    port: int = 0

    @property
    def endpoint(self) -> str:
        """Root address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def options(self) -> dict[str, str]:
        """What ``Media.open`` needs besides the address; settings of the bot have the same names."""
        return {
            "aws_endpoint_url": self.endpoint,
            "aws_access_key_id": KEY_ID,
            "aws_secret_access_key": SECRET,
            "aws_region": "us-east-1",
        }

    def bucket(self) -> str:
        """Create a bucket and return its ``s3://`` address."""
        name = f"test-{uuid.uuid4().hex[:12]}"
        assert httpx.put(f"{self.endpoint}/{name}").status_code == 200
        return f"s3://{name}/pictures"

    def start(self) -> None:
        """Listen, at the same port as before."""
        self._server = make_server("127.0.0.1", self.port, self._answer, threaded=True, request_handler=Quiet)
        self.port = self._server.port
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def stop(self) -> None:
        """Listen no more: connections are refused."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def refuse(self, why: str, times: int = 1_000_000) -> None:
        """Refuse the next requests in the words of ``REFUSALS``; "" ends that."""
        self._refuses, self._times = why, times if why else 0

    def hold(self, method: str) -> Held:
        """Hold the next request of a method back before the store sees it."""
        held = self._holds[method] = Held()
        return held

    def _answer(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        self.calls.append((method, environ["PATH_INFO"]))
        if held := self._holds.pop(method, None):
            held.reached.set()
            held.go.wait(HOLD_S)
        if self._times > 0:
            self._times -= 1
            status, code, message = REFUSALS[self._refuses]
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            body = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>".encode()
            start_response(status, [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))])
            return [body]
        return self.backend(environ, start_response)


@contextmanager
def running_objects() -> Iterator[Objects]:
    """Start a server on a free port, and stop it at the end."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    objects = Objects(DomainDispatcherApplication(create_backend_app))
    objects.start()
    try:
        yield objects
    finally:
        objects.stop()
