"""Errors of Gemini and its relays: error texts, finish reasons and block reasons, each with its leaf.

Imports ``errors``, ``error_mapping`` and ``sizes``. Reasons come by name or, from some relays, by the number of the
protocol buffer.
"""

from __future__ import annotations

import re

from bot.providers.errors import (
    AccountRestricted,
    BalanceEmpty,
    CouldNotDraw,
    CutShort,
    DailyQuota,
    DamagedBody,
    KeyDisabled,
    KeyInvalid,
    LanguageRefused,
    MalformedAnswer,
    ModelOverloaded,
    ModelUnavailable,
    ModerationRefused,
    NoChannel,
    NoPaidAccess,
    NothingDrawn,
    NothingReturned,
    NotPermitted,
    OnePictureOnly,
    OtherRefused,
    PicturePromptRefused,
    PictureRefused,
    PictureUnusable,
    PrivacyRefused,
    ProhibitedRefused,
    PromptRefused,
    ProviderError,
    RecitationRefused,
    RegionBlocked,
    RequestTooLarge,
    SafetyRefused,
    SignatureMissing,
    UnknownField,
    UnknownFinish,
)
from bot.providers.shared.error_mapping import UNNAMED, Fault, Rule, error_of
from bot.providers.shared.sizes import STATUSES, TOO_LARGE

_400 = frozenset({400})
_429 = frozenset({429})
_GONE = frozenset({400, 403, 404, 410, UNNAMED})
_PASSING = frozenset({502, 503, 504})

RULES: tuple[Rule, ...] = (
    Rule(r"thought[_ ]?signature", SignatureMissing, _400),
    # "Unknown name \"x\" at 'contents[1].parts[0]': Cannot find field.": Gemini refuses parts of its own reply.
    Rule(r"unknown name .{1,80} at '(request\.)?contents\[", SignatureMissing, _400),
    Rule(r"api_key_invalid|api key (not valid|expired)", KeyInvalid),
    Rule(r"reported as leaked|api key (was|has been) (disabled|suspended)|consumer_suspended", KeyDisabled),
    Rule(r"location is not supported", RegionBlocked),
    Rule(TOO_LARGE, RequestTooLarge, STATUSES),
    Rule(r"multiple candidates", OnePictureOnly, _400),
    Rule(r"unsupported mime type|unable to process input image|provided image is not valid", PictureUnusable, _400),
    Rule(r"billing (account|to be enabled)|enable billing|requires billing", BalanceEmpty, frozenset({400, 403})),
    Rule(r"model_capacity_exhausted|no capacity available|model is overloaded", ModelOverloaded),
    Rule(r"limit: 0\b", NoPaidAccess, _429),
    Rule(r"per ?day", DailyQuota, _429),
    Rule(r"service_disabled|has not been used in project|api_key_service_blocked", NotPermitted, frozenset({403})),
    # Codes of relays.
    Rule(r"insufficient_user_quota|pre_consume_token_quota_failed|quota is not enough", BalanceEmpty),
    # The text is more exact than its code: "无可用渠道" is "no available channel" (QuantumNous/new-api#6310).
    Rule(r"get_channel_failed|no available channel|无可用渠道|\bchannel:", NoChannel),
    Rule(r"model_not_found", NoChannel, _PASSING),
    # "This model models/x is no longer available to new users." Files, tools and free tiers get similar texts.
    Rule(r"model_not_found", ModelUnavailable),
    Rule(r"(?<![\w./-])models?(/\S{1,100})?( \S{1,100})? (is|are) no longer available", ModelUnavailable, _GONE),
    Rule(r"sensitive_words_detected|prompt_blocked", PromptRefused),
    Rule(r"empty_response", NothingReturned),
    Rule(r"bad_response_body", DamagedBody),
)

FINISH_NUMBERS = (
    "FINISH_REASON_UNSPECIFIED",
    "STOP",
    "MAX_TOKENS",
    "SAFETY",
    "RECITATION",
    "OTHER",
    "LANGUAGE",
    "BLOCKLIST",
    "PROHIBITED_CONTENT",
    "SPII",
    "MALFORMED_FUNCTION_CALL",
    "IMAGE_SAFETY",
    "UNEXPECTED_TOOL_CALL",
    "TOO_MANY_TOOL_CALLS",
    "IMAGE_PROHIBITED_CONTENT",
    "IMAGE_OTHER",
    "NO_IMAGE",
    "IMAGE_RECITATION",
)
BLOCK_NUMBERS = ("BLOCKED_REASON_UNSPECIFIED", "SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "IMAGE_SAFETY")

ORDINARY = frozenset({"", "STOP", "FINISH_REASON_UNSPECIFIED"})
"""Finish reasons of a normal end."""

FINISH: dict[str, type[ProviderError]] = {
    "MAX_TOKENS": CutShort,
    "CONTINUATION": CutShort,
    "SAFETY": SafetyRefused,
    "RECITATION": RecitationRefused,
    "LANGUAGE": LanguageRefused,
    "OTHER": OtherRefused,
    "BLOCKLIST": ProhibitedRefused,
    "PROHIBITED_CONTENT": ProhibitedRefused,
    "SPII": PrivacyRefused,
    "MODEL_ARMOR": ModerationRefused,
    "MALFORMED_FUNCTION_CALL": MalformedAnswer,
    "MALFORMED_RESPONSE": MalformedAnswer,
    "UNEXPECTED_TOOL_CALL": MalformedAnswer,
    "TOO_MANY_TOOL_CALLS": MalformedAnswer,
    "IMAGE_SAFETY": PictureRefused,
    "IMAGE_PROHIBITED_CONTENT": ProhibitedRefused,
    "IMAGE_RECITATION": RecitationRefused,
    "IMAGE_OTHER": CouldNotDraw,
    "NO_IMAGE": NothingDrawn,
    "MISSING_THOUGHT_SIGNATURE": SignatureMissing,
    "ESCALATION": AccountRestricted,
    "PUP_LIMITED_DISABLED": AccountRestricted,
}

BLOCK: dict[str, type[ProviderError]] = {
    "IMAGE_SAFETY": PicturePromptRefused,
    "MODEL_ARMOR": ModerationRefused,
}

# Request fields that can be left out if a model or API version does not know them.
OPTIONAL_FIELDS = (
    "imageSize",
    "aspectRatio",
    "imageConfig",
    "thinkingLevel",
    "thinkingConfig",
    "responseModalities",
    "systemInstruction",
    "safetySettings",
    "googleSearch",
    "tools",
    "generationConfig",
)
_REASON_CHARS = 60
"""The longest known reason has 28 letters. Bounds an unknown reason that is shown, and numbers read as int."""

_FIELD_BY_TEXT = {name.lower(): name for name in OPTIONAL_FIELDS}
_UNKNOWN_NAME = re.compile(r"unknown name \W{0,3}(\w+)|unknown field \W{0,3}(\w+)|unrecognized field \W{0,3}(\w+)")
_NO_INSTRUCTION = re.compile(r"(developer|system)[ _]?instructions? (is|are) not (enabled|supported)")
_NO_LEVEL = re.compile(r"thinking[ _]?(level|config|budget)?[^.]{0,40} (is|are) not (enabled|supported)")
"""As in "Thinking level MINIMAL is not supported for this model"."""
_NO_RATIO = re.compile(r"aspect[ _]?ratio(\W{0,3} does not support|[^.]{0,40} (is|are) not (enabled|supported))")
"""As in "Aspect ratio is not enabled for this model" (yeahhe365/Gemini-Nexus#13) and in "`aspectRatio` does not support
`1:1` as a valid value" (waooAI/waoowaoo#155). The bot adds one by itself, so it must recognise its refusal."""

_NO_VALUE = "as a valid value"
"""Says that a field is known, and only its value is refused."""

_NO_TOOLS = re.compile(
    r"(search|grounding|google_search|tools?|url.?context|code.?execution|function calling)[^.]{0,40}"
    r" (is|are) not (enabled|supported|available)"
)


def reason_name(value: object, names: tuple[str, ...]) -> str:
    """Return the name of a reason given as a name, a number or a number in a string."""
    text = str(value).strip()[:_REASON_CHARS] if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if text.isdecimal():
        return names[int(text)] if int(text) < len(names) else text
    return text.upper()


def gemini_error(fault: Fault, *, model: str) -> ProviderError:
    """Return the leaf for an error of Gemini or a relay."""
    field = _refused_field(fault)
    if field:
        of_value = _NO_VALUE in fault.text
        return UnknownField(field=field, of_value=of_value, owner_text=f"HTTP {fault.status}: {fault.message}")
    return error_of(fault, RULES, model=model)


def _refused_field(fault: Fault) -> str:
    if fault.status != 400:
        return ""
    found = _UNKNOWN_NAME.search(fault.text)
    if found:
        name = next(group for group in found.groups() if group)
        # Tools are the operator's: if one is unknown, all are left out.
        return _FIELD_BY_TEXT.get(name.replace("_", ""), "tools" if "'tools" in fault.text else "")
    if _NO_INSTRUCTION.search(fault.text):
        return "systemInstruction"
    if _NO_LEVEL.search(fault.text):
        return "thinkingConfig"
    if _NO_RATIO.search(fault.text):
        return "aspectRatio"
    return "tools" if _NO_TOOLS.search(fault.text) else ""


def finish_error(reason: str, explanation: str) -> ProviderError:
    """Return the leaf for a finish reason without a picture."""
    leaf = FINISH.get(reason, UnknownFinish)
    return leaf(explanation=explanation, reason=reason, owner_text=f"finishReason {reason}: {explanation}")


def block_error(reason: str, explanation: str) -> ProviderError:
    """Return the leaf for a prompt that was blocked."""
    leaf = BLOCK.get(reason, PromptRefused)
    named = leaf is PromptRefused and not reason.endswith("UNSPECIFIED")
    words = explanation or (reason.replace("_", " ").lower() if named else "")
    return leaf(explanation=words, owner_text=f"blockReason {reason}: {explanation}")
