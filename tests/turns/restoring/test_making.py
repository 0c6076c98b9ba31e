"""Which pictures are restored at all."""

from __future__ import annotations

import io

from PIL import Image

from bot.pictures import threads
from bot.pictures.formats.inspect import MOST_PNG_PX
from bot.pictures.restore.values import EITHER
from bot.turns.restoring.making import NotMade, make, planned


def flat(width_px: int, height_px: int) -> bytes:
    out = io.BytesIO()
    Image.new("L", (width_px, height_px), 90).save(out, "JPEG", quality=30)
    return out.getvalue()


def test_a_photo_that_could_not_be_read_as_a_png_is_shown_as_it_came_without_any_work() -> None:
    """A JPEG may have more pixels than a PNG, and the restored picture is one."""
    side = round(MOST_PNG_PX**0.5) + 50
    source, answer = flat(side, side), flat(64, 64)
    with threads.room_for(1):
        made = make(source, answer, None, None, EITHER)
    assert made == NotMade(reason="it is too large for the memory")
    assert planned(source, answer) is None
