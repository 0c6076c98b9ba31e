"""The values that storage takes and gives. Frozen, without behaviour; imports nothing of ours.

Times are Unix seconds as float (``_at``), sizes bytes, picture sides pixels. A picture inside stored JSON is named by
:data:`MEDIA_PREFIX` and its SHA-256 in the place of its base64.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MEDIA_PREFIX = "media:"
