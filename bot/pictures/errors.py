"""Why a file cannot be used as a picture: one class per reason.

Each class has the key of the text that tells a person what to do (``key``) and the values for it (``facts``). Imports
the standard library alone. Never holds bytes of the file.
"""

from __future__ import annotations

from typing import ClassVar


class PictureError(Exception):
    """A file that cannot be used as a picture."""

    key: ClassVar[str] = "picture-damaged"

    def __init__(self, message: str, /, **facts: str | int) -> None:
        super().__init__(message)
        self.facts = facts


class NotAPictureError(PictureError):
    """The file is not a picture. Facts: ``looks_like`` (``pdf``, ``video``, ``voice``, ``zip``, ``empty`` ...)."""

    key = "not-a-picture"


class UnsupportedPictureError(PictureError):
    """A picture of an unsupported kind. Facts: ``looks_like`` (``svg``, ``jxl``, ``psd`` ...)."""

    key = "picture-unsupported"


class CameraRawError(UnsupportedPictureError):
    """A camera's raw file without a large enough preview. Facts: ``looks_like`` is ``raw``."""

    key = "picture-raw"


class TruncatedPictureError(PictureError):
    """The file ends before its picture does: the upload was cut off."""

    key = "picture-truncated"


class DamagedPictureError(PictureError):
    """The file begins like a picture, but the rest is invalid."""

    key = "picture-damaged"


class TooManyPartsError(PictureError):
    """More parts than any picture has; reading stops to save time."""

    key = "picture-too-many-parts"


class TooManyPixelsError(PictureError):
    """More pixels than this program decodes. Facts: ``width_px``, ``height_px``, ``limit_megapixels``."""

    key = "picture-too-large-pixels"
