"""Thought signatures: a keyed mark on a part, so that a part sent back changed or bare can be told.

Imports the standard library only. The key is no secret: it guards nothing, it only has to outlive a restart.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Literal

_KEY = b"offline engine: marks its own parts, guards nothing"
_HEAD = b"\x12\x0fpentimento-sandbox/1"
# Values that Google documents for turns that another model made.
_DUMMIES = frozenset({"skip_thought_signature_validator", "context_engineering_is_the_way_to_go"})

Verdict = Literal["ok", "missing", "corrupted", "wrong"]


def _mark(payload: bytes) -> bytes:
    first = hmac.digest(_KEY, payload, "sha256")
    # Real signatures are hundreds of bytes; the length keeps clients honest about what they store.
    return _HEAD + first + hashlib.shake_256(first).digest(300)


def field(payload: bytes) -> dict[str, str]:
    """Return the ``thoughtSignature`` entry of a part whose text or picture bytes are ``payload``."""
    return {"thoughtSignature": base64.b64encode(_mark(payload)).decode()}


def verify(signature: object, payload: bytes) -> Verdict:
    """Tell whether ``signature`` (either base64 alphabet) was made for ``payload``."""
    if not signature:
        return "missing"
    text = str(signature)
    if text in _DUMMIES:
        return "ok"
    try:
        plain = text.replace("-", "+").replace("_", "/").rstrip("=")
        raw = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except ValueError:
        return "corrupted"
    if raw.decode("latin-1") in _DUMMIES:
        return "ok"
    if not raw.startswith(_HEAD):
        return "corrupted"
    return "ok" if hmac.compare_digest(raw, _mark(payload)) else "wrong"
