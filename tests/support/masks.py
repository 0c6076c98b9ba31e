"""Masks as servers read them. Imports ``pictures`` and Pillow."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image

from tests.support.pictures import opened


def may_change(mask: bytes) -> Image.Image:
    """Return where stable-diffusion.cpp lets a picture change, white there.

    It reads one channel, for which alpha counts nothing (``load_image_from_memory``).
    """
    return opened(mask).convert("RGB").convert("L")


def is_clear(mask: bytes) -> Image.Image:
    """Return where OpenAI lets a picture change, white there."""
    return opened(mask).getchannel("A").point(lambda level: 255 if level == 0 else 0)


def fault_of(masks: Sequence[bytes], picture: bytes, *, markup: bool) -> str:
    """Return what OpenAI has against masks of ``picture``, by ``image_edit_params.py``; "" if nothing.

    People quote the message about alpha (help.apiyi.com/?p=2702), the others are made up.
    """
    for drawn, size_bytes in ((opened(one), len(one)) for one in masks):
        if "A" not in drawn.getbands():
            return "mask image missing alpha channel"
        if drawn.format != "PNG" or size_bytes >= 4_000_000:
            return "mask must be a PNG less than 4MB"
        if drawn.size != opened(picture).size:
            return "mask size does not match image size"
    return "mask cannot be combined with another one" if len(masks) + markup > 1 else ""
