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

# The value 'self' alone covers fetch and server-sent events. Previews of files before they are sent are blob: URLs,
# and thumbnails in the provider pane are data: URLs. Both are allowed for pictures only.
CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "media-src 'self'",
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
    """Static files with the page's headers; the browser asks for each again on every load."""

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Return the file, or 304 if the browser's ETag is still right. Both carry the page's headers."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers.update(PAGE_HEADERS)
        return response


async def index(request: Request) -> Response:
    return FileResponse(STATIC_DIR / "index.html", media_type="text/html; charset=utf-8", headers=PAGE_HEADERS)


def routes() -> list[BaseRoute]:
    """Return the routes of the page at `/` and its files under `/static`."""
    return [
        Route("/", index, methods=["GET"]),
        Mount("/static", PageFiles(directory=STATIC_DIR), name="static"),
    ]
