"""Methods by which the bot asks for something: itself, updates, webhook settings, files.

Imports ``botapi``, ``parameters`` and ``state``.
"""

from __future__ import annotations

from typing import Annotated

from bot.sandbox.botapi.errors import bad
from bot.sandbox.botapi.methods.parameters import Strings
from bot.sandbox.botapi.registry import Call, method
from bot.sandbox.botapi.shapes import InputFile, Shape
from bot.sandbox.botapi.state.files import LINK_LIFE_S
from bot.sandbox.botapi.state.records import Json

MAX_DOWNLOAD_BYTES = 20_971_520


class Nothing(Shape):
    """No parameters."""


class GetUpdates(Shape):
    offset: int | None = None
    limit: int | None = None
    timeout: int | None = None
    allowed_updates: Strings | None = None


class SetWebhook(Shape):
    url: str
    certificate: InputFile | None = None
    ip_address: str | None = None
    max_connections: int | None = None
    allowed_updates: Strings | None = None
    drop_pending_updates: bool | None = None
    secret_token: str | None = None


class DeleteWebhook(Shape):
    drop_pending_updates: bool | None = None


class GetFile(Shape):
    file_id: Annotated[str, "as given in a message"]


@method
async def get_me(call: Call, p: Nothing) -> Json:
    world = call.backend.world
    return world.bot() | {
        "can_join_groups": True,
        "can_read_all_group_messages": not world.profile.get("privacy", True),
        "supports_guest_queries": call.backend.modes.guests,
        "supports_inline_queries": call.backend.modes.inline,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": bool(world.profile.get("private_topics")),
    }


@method
async def get_updates(call: Call, p: GetUpdates) -> list[Json]:
    """Return waiting updates, and forget those before ``offset``."""
    updates = call.backend.updates
    if not updates.has_webhook:
        updates.allow(p.allowed_updates)
    return await updates.poll(p.offset or 0, p.limit or 100, p.timeout or 0)


@method
async def set_webhook(call: Call, p: SetWebhook) -> bool:
    backend = call.backend
    await backend.webhook.set(
        p.url, secret=p.secret_token or "", max_connections=min(max(p.max_connections or 40, 1), 100), ip=p.ip_address
    )
    backend.updates.allow(p.allowed_updates)
    if p.drop_pending_updates:
        backend.updates.forget_all()
    return True


@method
async def delete_webhook(call: Call, p: DeleteWebhook) -> bool:
    """Return to getUpdates."""
    await call.backend.webhook.set("")
    if p.drop_pending_updates:
        call.backend.updates.forget_all()
    return True


@method
async def get_webhook_info(call: Call, p: Nothing) -> Json:
    """Return the state of delivery to the webhook."""
    return call.backend.webhook.info()


@method
async def get_file(call: Call, p: GetFile) -> Json:
    """Return a file with a download link that works for an hour."""
    files = call.backend.files
    if not p.file_id:
        raise bad("file_id not specified")
    record = files.by_id.get(p.file_id)
    if record is None:
        raise bad("wrong file_id or the file is temporarily unavailable" if len(p.file_id) > 40 else "invalid file_id")
    if record.size_bytes > MAX_DOWNLOAD_BYTES:
        raise bad("file is too big")
    record = files.link(record, call.backend.config.clock() + LINK_LIFE_S)
    return {
        "file_id": record.file_id,
        "file_unique_id": record.file_unique_id,
        "file_size": record.size_bytes,
        "file_path": record.path,
    }


@method
async def log_out(call: Call, p: Nothing) -> bool:
    """Accept the call; the sandbox stays usable."""
    return True


@method
async def close(call: Call, p: Nothing) -> bool:
    """Accept the call; the sandbox stays usable."""
    return True
