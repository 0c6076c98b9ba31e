"""Maps errors of providers to the error tree: one tolerant reader for all their shapes, and tables of rules.

Imports ``base``, ``errors``, ``error_base``, ``delays``, ``echoes``, ``lenient_json``, ``sizes`` and ``wire``. A
dialect puts its own rules first; without a matching rule the HTTP status decides. An unknown shape raises a leaf of the
error tree, never anything else.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.providers.base import Answer
from bot.providers.error_base import PROMPT
from bot.providers.errors import (
    BalanceEmpty,
    CancelledUpstream,
    ConnectionLost,
    CutOff,
    DailyQuota,
    DamagedBody,
    DeadlinePassed,
    EmptyBody,
    GatewayError,
    InternalError,
    KeyInvalid,
    ModelOverloaded,
    ModelUnavailable,
    ModerationRefused,
    NotPermitted,
    PromptTooLong,
    ProviderError,
    RateLimited,
    RegionBlocked,
    Rejected,
    RequestTooLarge,
    UnnamedFault,
    WrongAddress,
)
from bot.providers.shared.delays import delay_s
from bot.providers.shared.echoes import without_echo
from bot.providers.shared.lenient_json import read_json
from bot.providers.shared.sizes import STATUSES, TOO_LARGE, named_in
from bot.providers.wire.redact import Redactor

# The length of a rate limit if the provider names none; most are per minute.
DEFAULT_DELAY_S = 30

UNNAMED = 500
"""The status of an error without a kind inside a successful answer: a fault of the provider."""

_ANSWERS = ("candidates", "choices", "data", "aiRecord", "images", "output")
"""The fields in which answers hold their pictures."""

_FINE = (None, 0, 200, "0", "200", "ok", "success", "succeeded")
"""Codes of success, in lower case."""


@dataclass(frozen=True, slots=True)
class Rule:
    """``pattern`` in the lower-cased text of a fault means ``leaf``, for the given ``statuses`` or any."""

    pattern: str
    leaf: type[ProviderError]
    statuses: frozenset[int] = frozenset()

    def fits(self, fault: Fault) -> bool:
        """Return whether the rule matches ``fault``."""
        return (not self.statuses or fault.status in self.statuses) and bool(re.search(self.pattern, fault.text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An error of a provider: the effective HTTP status, the redacted message, and all its words in lower case.

    ``text`` holds nothing that the request said: rules are about the provider's own words.
    """

    status: int
    message: str
    text: str
    retry_after_s: float | None = None
    details: tuple[str, ...] = ()
    """What it lists with its message: reasons of a moderation, faults of a validation."""
    readable: bool = True
    """False for pages of gateways, which are not shown to people."""
    named: bool = True
    """False if neither the HTTP status nor a code inside the answer says of what kind it is."""


_MODERATED = frozenset({400, 403, 422, UNNAMED})
COMMON_RULES: tuple[Rule, ...] = (
    Rule(r"location is not supported|not available in your (country|region)|unsupported_country", RegionBlocked),
    Rule(
        r"insufficient[_ ](user[_ ])?(quota|credits?|balance|funds)|quota is not enough|out of credits"
        r"|top up your \w{4}|credit balance|balance is (too low|depleted|not enough)"
        r"|prepa(id|yment).{0,40}(depleted|exhausted|empty)",
        BalanceEmpty,
    ),
    Rule(TOO_LARGE, RequestTooLarge, STATUSES),
    Rule(r"invalid url|no route|^(\S+ )*not found$", WrongAddress, frozenset({404})),
    # OpenRouter, about an id that it does not know, or no longer (OpenRouterTeam/openrouter-examples#74).
    Rule(r"is not a valid model\b", ModelUnavailable, frozenset({400, 404, 422})),
    Rule(r"per[- ]?day|daily (limit|quota)", DailyQuota, frozenset({429})),
    Rule(r"rate[_ -]?limit|too[_ ]many[_ ]requests", RateLimited, frozenset({UNNAMED})),
    # OpenAI, also behind relays: {"code": "moderation_blocked", "message": "... rejected by the safety system ..."}.
    Rule(r"(by|of) (the|our) safety system|content_policy_violation", ModerationRefused, _MODERATED),
    Rule(r"input was flagged|flagged by \w{3}|moderation", ModerationRefused, _MODERATED),
    Rule(r"invalid (api[ _-]?key|token)|incorrect api key|api[ _-]?key not valid|unauthori[sz]ed", KeyInvalid),
)

BY_STATUS: dict[int, type[ProviderError]] = {
    400: Rejected,
    401: KeyInvalid,
    402: BalanceEmpty,
    403: NotPermitted,
    404: ModelUnavailable,
    405: WrongAddress,
    408: DeadlinePassed,
    409: Rejected,
    413: RequestTooLarge,
    422: Rejected,
    425: ModelOverloaded,
    429: RateLimited,
    451: RegionBlocked,
    499: CancelledUpstream,
    500: InternalError,
    501: WrongAddress,
    502: GatewayError,
    503: ModelOverloaded,
    504: DeadlinePassed,
    520: GatewayError,
    521: GatewayError,
    522: GatewayError,
    523: GatewayError,
    # The proxy stopped waiting while the provider went on working: the call is probably billed.
    524: CutOff,
    525: GatewayError,
    526: GatewayError,
    529: ModelOverloaded,
    530: GatewayError,
    598: CutOff,
    599: ConnectionLost,
}

_STATUS_WORDS = {
    "INVALID_ARGUMENT": 400,
    "FAILED_PRECONDITION": 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "RESOURCE_EXHAUSTED": 429,
    "CANCELLED": 499,
    "INTERNAL": 500,
    "UNKNOWN": 500,
    "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
}
_QUOTED = ("flagged_input", "input")
"""Fields of errors that repeat what was sent: OpenRouter's moderation, and validation by Pydantic."""

_ERROR_STATUS = re.compile(r"[45][0-9]{2}")
_PATH = re.compile(r"(?<!\w)/\S*")


def parse_json(answer: Answer, redactor: Redactor) -> Any:
    """Return the JSON document of ``answer``. Raises: ``EmptyBody``, ``DamagedBody``."""
    body = answer.body.removeprefix(b"\xef\xbb\xbf").strip()
    if not body:
        raise EmptyBody(owner_text=f"HTTP {answer.status} without a body")
    try:
        return read_json(body)
    except ValueError:
        shown = redactor.excerpt(body[:4000].decode("utf-8", "replace"), 120)
        error = DamagedBody(owner_text=f"HTTP {answer.status} with {len(body)} bytes that are not JSON: {shown}")
        # A web page instead of an answer mostly means a wrong address in the settings.
        error.tell_owner = body[:1] == b"<"
        raise error from None


def fault_of(answer: Answer, redactor: Redactor) -> Fault:
    """Return the fault of an answer with an error status."""
    try:
        document = parse_json(answer, redactor)
    except ProviderError as error:
        return Fault(
            status=answer.status,
            message=error.owner_text,
            text=without_echo(answer.body[:4000].decode("utf-8", "replace"), answer.said).lower(),
            retry_after_s=answer.retry_after_s,
            readable=False,
        )
    return fault_in(document, answer, redactor, always=True) or Fault(
        status=answer.status, message="", text="", retry_after_s=answer.retry_after_s
    )


def fault_in(document: Any, answer: Answer, redactor: Redactor, *, always: bool = False) -> Fault | None:
    """Return the fault in ``document``, or None. ``always``: by its status it must be one."""
    nodes = list(_nodes(document, always))
    if not nodes:
        return None
    strings = [text for node in nodes for text in _strings(node)]
    said = without_echo(redactor.clean("\n".join(strings)[:20_000]), answer.said).replace("\n", " ")
    message = next((text for node in reversed(nodes) for text in _messages(node)), "")
    status = _status(nodes, answer.status)
    return Fault(
        status=status or UNNAMED,
        named=status is not None,
        message=redactor.excerpt(message),
        text=said.lower(),
        details=tuple(redactor.excerpt(detail, 120) for node in nodes for detail in _details(node))[:5],
        retry_after_s=answer.retry_after_s if answer.retry_after_s is not None else delay_s(nodes, said),
    )


def _nodes(document: Any, always: bool, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Yield the error objects of ``document``, outermost first; a relay wraps its provider's error."""
    if isinstance(document, list):
        document = next((entry for entry in document if isinstance(entry, dict)), None)
    if not isinstance(document, dict) or depth > 3:
        return
    inner = document.get("error")
    if isinstance(inner, str) and inner:
        inner = {"message": inner}
    if isinstance(inner, dict) and inner:
        if "message" in document or "statusCode" in document:
            yield {name: value for name, value in document.items() if name != "error"}
        yield from _packed(inner, depth)
    elif always or "statusCode" in document or _denies(document):
        yield from _packed(document, depth)


def _denies(document: dict[str, Any]) -> bool:
    """Return whether a document without ``error`` is an error: some relays only set ``success`` or ``code``.

    ``{"success": false, "code": "INSUFFICIENT_BALANCE", "message": "..."}`` comes with HTTP 200 (csghub-server#1369,
    gemini-balance#327).
    """
    if any(document.get(name) for name in _ANSWERS) or not any(_messages(document)):
        return False
    code = document.get("code")
    return document.get("success") is False or (code.lower() if isinstance(code, str) else code) not in _FINE


def _packed(node: dict[str, Any], depth: int) -> Iterator[dict[str, Any]]:
    yield node
    raw = node["metadata"].get("raw") if isinstance(node.get("metadata"), dict) else None
    for text in [*_messages(node), *([raw] if isinstance(raw, str) else [])]:
        start = text.find("{")
        if start < 0:
            continue
        try:
            yield from _nodes(read_json(text[start : text.rfind("}") + 1]), True, depth + 1)
        except ValueError:
            continue


def _messages(node: dict[str, Any]) -> Iterator[str]:
    for name in ("message", "detail", "error_description", "msg", "title"):
        value = node.get(name)
        for entry in value if isinstance(value, list) else [value]:
            text = entry.get("msg") or entry.get("message") if isinstance(entry, dict) else entry
            if isinstance(text, str) and text.strip():
                yield text


def _details(node: dict[str, Any]) -> Iterator[str]:
    metadata = node.get("metadata")
    for values in (node.get("details"), metadata.get("reasons") if isinstance(metadata, dict) else None):
        for value in values if isinstance(values, list) else []:
            if isinstance(value, str) and value.strip():
                yield value


def _strings(node: Any, depth: int = 0) -> Iterator[str]:
    """Yield all texts of an error; the limit of a quota is written as its message mostly has it."""
    if isinstance(node, str):
        yield node[:4000]
    elif isinstance(node, dict) and depth < 6:
        if "quotaValue" in node:
            yield f"limit: {node['quotaValue']}"
        for name, value in node.items():
            if name not in _QUOTED:
                yield from _strings(value, depth + 1)
    elif isinstance(node, list) and depth < 6:
        for value in node[:50]:
            yield from _strings(value, depth + 1)


def _status(nodes: Sequence[dict[str, Any]], status: int) -> int | None:
    """Return the status that an answer has or names inside, None if it does not say any."""
    if status >= 300:
        return status
    for node in reversed(nodes):
        for value in (node.get("code"), node.get("statusCode"), node.get("status")):
            # Only a few digits are read as an int: thousands of digits would raise an error.
            if isinstance(value, int | str) and _ERROR_STATUS.fullmatch(str(value)):
                return int(value)
            if isinstance(value, str) and value in _STATUS_WORDS:
                return _STATUS_WORDS[value]
    return None


def error_of(fault: Fault, rules: Sequence[Rule], *, model: str) -> ProviderError:
    """Return the leaf of the first matching rule, else that of the status."""
    leaf = next((rule.leaf for rule in (*rules, *COMMON_RULES) if rule.fits(fault)), None)
    if leaf is None and fault.status == 404 and not _is_of_the_model(fault, model):
        leaf = WrongAddress
    if leaf is None:
        generic = WrongAddress if fault.status < 400 else Rejected if fault.status < 500 else InternalError
        leaf = BY_STATUS.get(fault.status, generic) if fault.named else UnnamedFault
    field, most = named_in(fault.text) if leaf is RequestTooLarge else ("", 0)
    leaf = PromptTooLong if field == PROMPT else leaf
    delay, details = fault.retry_after_s, ", ".join(fault.details)
    said = details if details and leaf is ModerationRefused else ": ".join(filter(None, (fault.message, details)))
    return leaf(
        explanation=said if fault.readable else "",
        # The message about an answer that cannot be read names its status itself.
        owner_text=f"HTTP {fault.status}: {fault.message}" if fault.readable else fault.message,
        retry_after_s=delay,
        field=field,
        most=most,
        model=model,
        seconds=max(1, math.ceil(delay if delay is not None else DEFAULT_DELAY_S)),
    )


def _is_of_the_model(fault: Fault, model: str) -> bool:
    """Return whether a "not found" text means the model, and not a path or something under a path."""
    words = _PATH.sub("", fault.text)
    return fault.readable and ("model" in words or bool(model and model.lower() in words))
