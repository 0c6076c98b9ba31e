"""Pictures of others that a wish from elsewhere uses: their names at Telegram, and how they are fetched again.

Imports ``events``, ``inline``, ``download``, ``turns.wishes`` and ``storage``.
"""

from __future__ import annotations

from bot.chat.events import Attachment
from bot.chat.receive.download import Downloader, UnusablePicture
from bot.chat.send.inline import InlineMessage
from bot.turns.wishes import TurnInput
from storage.records import InputPicture, Json

NAMED = ("file_id", "kind", "mime", "size_bytes", "covered")


def lent_to(found: TurnInput, own: Attachment | None, replied: Attachment | None, caller_id: int) -> list[Json]:
    """Return how Telegram names the pictures of a wish that are not the caller's own."""
    answered = [found.reply.picture] if replied and found.reply and found.reply.picture else []
    pairs = [*zip(found.pictures, [own] if own else [], strict=False), *zip(answered, [replied], strict=False)]
    return [
        {
            "sha256": picture.media.sha256,
            "author_id": picture.author_id,
            **{name: getattr(file, name) for name in NAMED},
        }
        for picture, file in pairs
        if file is not None and picture.author_id != caller_id
    ]


async def borrowed(downloader: Downloader, place: InlineMessage) -> list[InputPicture]:
    """Fetch pictures once more that a wish gave back. Raises: ``UnusablePicture``, PTB's errors."""
    found = []
    for one in place.lent:
        if "file_id" not in one:
            raise UnusablePicture("file-gone")
        attachment = Attachment(**{name: one[name] for name in NAMED})
        found.append((await downloader.download(attachment, one["author_id"])).picture)
    return found
