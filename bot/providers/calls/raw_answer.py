"""The file format of raw answers: one line of JSON, then the body as it arrived.

Imports ``base``. The body is not encoded again, so a 20 MB answer takes 20 MB.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bot.providers.base import Answer

_FORMAT = 1


def dump(
    answer: Answer,
    of: str,
    shared_by: Sequence[int] = (),
    by: tuple[str, str] | None = None,
    *,
    cropped: bool | None = None,
) -> bytes:
    """Return ``answer`` as bytes for storage. ``of`` names the turn that it answers.

    ``shared_by``: where several turns share the answer, their ids in the order of its pictures. ``by``: the provider
    and the model that were asked. ``cropped``: whether they got a crop in place of the whole picture.
    """
    head: dict[str, Any] = {"v": _FORMAT, "of": of, "status": answer.status, "type": answer.content_type}
    head["size"] = len(answer.body)
    if answer.retry_after_s is not None:
        head["retry_after_s"] = answer.retry_after_s
    if len(shared_by) > 1:
        head["shared_by"] = list(shared_by)
    if by is not None:
        head["by"] = list(by)
    if cropped is not None:
        head["cropped"] = cropped
    return json.dumps(head, separators=(",", ":")).encode() + b"\n" + answer.body


def sharers(data: bytes) -> tuple[int, ...]:
    """Return the ids of the turns that share an answer which :func:`load` accepted; none if it belongs to one."""
    head = json.loads(data.partition(b"\n")[0])
    return tuple(one for one in head.get("shared_by", ()) if isinstance(one, int))


def given_by(data: bytes) -> tuple[str, str] | None:
    """Return who gave an answer that :func:`load` accepted, as provider and model; None from earlier versions."""
    match json.loads(data.partition(b"\n")[0]).get("by"):
        case [str(provider), str(model)]:
            return provider, model
    return None


def is_cropped(data: bytes) -> bool | None:
    """Return whether a crop was sent for an answer that :func:`load` accepted; None from earlier versions."""
    match json.loads(data.partition(b"\n")[0]).get("cropped"):
        case bool(cropped):
            return cropped
    return None


def load(data: bytes, of: str) -> Answer:
    """Return the answer that :func:`dump` wrote. Raises: ``ValueError`` if ``data`` is damaged or answers another turn.

    Earlier versions did not write the turn's name; such an answer is accepted.
    """
    line, _, body = data.partition(b"\n")
    try:
        head = json.loads(line)
        whole = head["v"] == _FORMAT and head["size"] == len(body)
        answer = Answer(
            status=head["status"], content_type=head["type"], body=body, retry_after_s=head.get("retry_after_s")
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError("the stored answer has no readable first line") from error
    if not whole:
        raise ValueError("the stored answer is cut off or of another format")
    if head.get("of", of) != of:
        raise ValueError("the stored answer belongs to another turn")
    return answer
