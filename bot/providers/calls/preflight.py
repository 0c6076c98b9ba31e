"""Refuses what a model cannot do before it costs anything.

Imports ``base``, ``errors`` and ``flatten``. Pure: looks only at the request and at the model's capabilities.
"""

from __future__ import annotations

from bot.providers.base import Capabilities, Request
from bot.providers.errors import (
    CannotEdit,
    PictureTypeUnsupported,
    RatioUnsupported,
    SizeUnsupported,
    TooManyPictures,
    WordsMissing,
)
from bot.providers.shared.flatten import turn_pictures


def refuse(row: Capabilities, request: Request) -> None:
    """Raise an ``Unsupported`` error for the first thing in ``request`` that the model of ``row`` cannot do."""
    options, pictures = request.options, turn_pictures(request)
    if pictures and row.max_images == 0:
        raise CannotEdit(model=row.label)
    if len(pictures) > row.max_images:
        raise TooManyPictures(model=row.label, limit=row.max_images, count=len(pictures))
    for picture in pictures:
        if picture.mime not in row.input_mimes:
            raise PictureTypeUnsupported(model=row.label, type=picture.mime.partition("/")[2].upper())
    if options.ratio and options.ratio not in row.ratios and "aspectRatio" not in options.without:
        raise RatioUnsupported(model=row.label, wanted=options.ratio, known=", ".join(row.ratios) or "1:1")
    if options.size and options.size not in row.sizes and "imageSize" not in options.without:
        raise SizeUnsupported(model=row.label, wanted=options.size, known=", ".join(row.sizes) or "1K")
    if not row.history and not request.wish.strip():
        raise WordsMissing()
