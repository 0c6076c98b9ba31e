"""Photo or document: Telegram's limits, one by one and at their edges."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.pictures.convert.telegram_fit import Reason, TelegramFit, telegram_fit
from bot.pictures.formats.inspect import PictureInfo

PLAIN = PictureInfo(
    mime="image/jpeg",
    size_bytes=1000,
    width_px=1000,
    height_px=800,
    orientation=1,
    frames=1,
    animated=False,
    alpha=False,
    has_metadata=False,
)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, None),
        ({"size_bytes": 10_485_760}, None),
        ({"size_bytes": 10_485_761}, Reason.BYTES),
        ({"width_px": 6000, "height_px": 4000}, None),
        ({"width_px": 6000, "height_px": 4001}, Reason.SIDES),
        ({"width_px": 2000, "height_px": 100}, None),
        ({"width_px": 100, "height_px": 2001}, Reason.RATIO),
        ({"mime": "image/png", "alpha": True}, Reason.TRANSPARENT),
        ({"mime": "image/webp", "animated": True}, Reason.ANIMATED),
        ({"mime": "image/heic"}, Reason.KIND),
    ],
)
def test_limits(change: dict[str, object], reason: Reason | None) -> None:
    expected = TelegramFit(send_as="document", reason=reason) if reason else TelegramFit(send_as="photo")
    assert telegram_fit(replace(PLAIN, **change)) == expected  # type: ignore[arg-type]
