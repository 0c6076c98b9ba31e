"""Serve the browser chat: one HTML page and its static files, under a strict Content-Security-Policy.

Imports Starlette only. It never renders data into HTML, never sets a cookie, and nothing it serves refers to another
host, so the page works with the network off.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC_DIR: Final = Path(__file__).parent / "static"

# 'self' alone covers fetch and server-sent events. Previews of files about to be sent are blob: URLs, thumbnails in the
# provider pane are data: URLs; both are allowed for pictures only.
CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)

# no-cache keeps the copy but asks with its ETag each time: a reload always shows the files as they are on disk.
PAGE_HEADERS: Final = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class PageFiles(StaticFiles):
    """Static files that carry the page's headers and are revalidated on every load."""

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Answer with the file, or 304 when the browser's ETag still fits; the page's headers are on both."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers.update(PAGE_HEADERS)
        return response


async def index(request: Request) -> Response:
    """Return the page itself."""
    return FileResponse(STATIC_DIR / "index.html", media_type="text/html; charset=utf-8", headers=PAGE_HEADERS)


def routes() -> list[BaseRoute]:
    """Return the page at `/` and its files under `/static`, ready to be mounted in the sandbox's application."""
    return [
        Route("/", index, methods=["GET"]),
        Mount("/static", PageFiles(directory=STATIC_DIR), name="static"),
    ]
