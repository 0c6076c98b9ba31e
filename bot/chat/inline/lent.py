"""Pictures of others that a wish from elsewhere uses: their names at Telegram, and how they are fetched again.

Imports ``events``, ``inline``, ``download``, ``turns.wishes`` and ``storage``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.chat.events import Attachment, Replied, Said
from bot.chat.receive.download import Downloader, UnusablePicture
from bot.chat.send.inline import InlineMessage
from bot.turns.wishes import TurnInput
from storage.records import InputPicture, Json

NAMED = ("file_id", "kind", "mime", "size_bytes", "covered", "chosen")


def lent_to(found: TurnInput, said: Said, replied: Replied | None) -> list[Json]:
    """Return how Telegram names the pictures of a wish that are not the caller's own.

    ``replied``: the message of others whose pictures it uses. Where files were left out, it is not known which picture
    is which: then they have no names, so they are given back and cannot be fetched again.
    """
    own = (said.attachment, *said.others) if said.attachment else ()
    files = [*(replied.others if replied else ()), *own]
    named: list[Attachment | None] = [*files] if len(files) == len(found.pictures) else [None] * len(found.pictures)
    pairs = [*zip(found.pictures, named, strict=True)]
    if replied is not None and found.reply is not None and found.reply.picture is not None:
        pairs.append((found.reply.picture, replied.attachment))
    return [_lent(picture, file) for picture, file in pairs if picture.author_id != said.author.id]


def _lent(picture: InputPicture, file: Attachment | None) -> Json:
    whose = {"sha256": picture.media.sha256, "author_id": picture.author_id}
    return {**whose, **_name_of(file)} if file is not None else whose


def _name_of(file: Attachment) -> Json:
    """Return what is needed to fetch a file again: of one that is no picture, also its preview."""
    shown = {"shown": _name_of(file.shown)} if file.shown else {}
    return {**{name: getattr(file, name) for name in NAMED}, **shown}


def _file_in(named: Mapping[str, Any]) -> Attachment:
    shown = _file_in(named["shown"]) if "shown" in named else None
    return Attachment(**{name: named[name] for name in NAMED if name in named}, shown=shown)


async def borrowed(downloader: Downloader, place: InlineMessage) -> list[InputPicture]:
    """Fetch pictures once more that a wish gave back. Raises: ``UnusablePicture``, PTB's errors."""
    found = []
    for one in place.lent:
        if "file_id" not in one:
            raise UnusablePicture("file-gone")
        found.append((await downloader.download(_file_in(one), one["author_id"])).picture)
    return found
