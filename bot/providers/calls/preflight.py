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


def refuse(able: Capabilities, request: Request) -> None:
    """Raise an ``Unsupported`` error for the first thing in ``request`` of which a model is not ``able``."""
    options, pictures = request.options, turn_pictures(request)
    if pictures and able.max_images == 0:
        raise CannotEdit(model=able.label)
    if len(pictures) > able.max_images:
        raise TooManyPictures(model=able.label, limit=able.max_images, count=len(pictures))
    for picture in pictures:
        if picture.mime not in able.input_mimes:
            raise PictureTypeUnsupported(model=able.label, type=picture.mime.partition("/")[2].upper())
    if options.ratio and options.ratio not in able.ratios and "aspectRatio" not in options.without:
        raise RatioUnsupported(model=able.label, wanted=options.ratio, known=", ".join(able.ratios) or "1:1")
    if options.size and options.size not in able.sizes and "imageSize" not in options.without:
        raise SizeUnsupported(model=able.label, wanted=options.size, known=", ".join(able.sizes) or "1K")
    if not able.history and not request.wish.strip():
        raise WordsMissing()
