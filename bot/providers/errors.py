"""The tree of provider errors: what each means for the person, the owner and the attempt loop.

Imports ``error_base``. Each class docstring is a sentence; the sentences that people read are in
``bot/locales/<lang>/errors.ftl``.

    ProviderError
    ├── Unsupported        CannotEdit · TooManyPictures · RatioUnsupported · SizeUnsupported · PictureTypeUnsupported ·
    │                      WordsMissing                                     (said before anything is paid)
    ├── Refused            PromptRefused · PicturePromptRefused · SafetyRefused · PictureRefused · ProhibitedRefused ·
    │                      RecitationRefused · LanguageRefused · PrivacyRefused · ModerationRefused · OtherRefused
    ├── NoPicture          NothingReturned · NothingDrawn · CouldNotDraw · CutShort · MalformedAnswer · UnknownFinish
    ├── HistoryProblem     SignatureMissing
    ├── BadRequest         Rejected · UnknownField · OnePictureOnly · PictureUnusable · PictureUnreadable · WrongAddress
    ├── AccountProblem     KeyInvalid · KeyDisabled · AccountRestricted · NotPermitted
    ├── RegionBlocked
    ├── BalanceEmpty
    ├── ModelUnavailable
    ├── RateLimited
    ├── QuotaExhausted     DailyQuota · NoPaidAccess
    ├── Overloaded         ModelOverloaded · QueueFull
    ├── UpstreamError      InternalError · UnnamedFault · GatewayError · NoChannel · ConnectionFailed ·
    │                      UploadFailed
    ├── TimedOut           DeadlinePassed · CancelledUpstream · CutOff · AnswerLost
    ├── BadBody            EmptyBody · DamagedBody · DamagedPicture · NotAPicture · ConnectionLost ·
    │                      LinkFailed · LinkRefused
    └── TooLarge           RequestTooLarge · PromptTooLong · AnswerTooLarge · PictureTooLarge
"""

from __future__ import annotations

from bot.providers.error_base import UNSENT, Help, ProviderError, Remedy, RemedyKind, Retry

__all__ = ["UNSENT", "Help", "ProviderError", "Remedy", "RemedyKind", "Retry"]

_WORDS = (Help.REPHRASE,)
_MODEL = (Help.OTHER_MODEL,)
_AGAIN_WORDS = (Help.TRY_AGAIN, Help.REPHRASE)
_AGAIN_MODEL = (Help.TRY_AGAIN, Help.OTHER_MODEL)


class Unsupported(ProviderError, outcome="bad_request", help=_MODEL):
    """The chosen model cannot do this, and nothing was sent."""


class CannotEdit(Unsupported, key="cannot-edit", takes=("model",)):
    """The model paints from words only."""


class TooManyPictures(
    Unsupported,
    key="too-many-pictures",
    help=(Help.FEWER_PICTURES, Help.OTHER_MODEL),
    takes=("model", "limit", "count"),
):
    """The turn holds more pictures than the model takes."""


class RatioUnsupported(Unsupported, key="ratio-unsupported", takes=("model", "wanted", "known")):
    """The model does not offer the chosen shape."""


class SizeUnsupported(Unsupported, key="size-unsupported", takes=("model", "wanted", "known")):
    """The model does not offer the chosen size."""


class PictureTypeUnsupported(Unsupported, key="picture-type-unsupported", takes=("model", "type")):
    """The model does not read this kind of picture file."""


class WordsMissing(Unsupported, key="words-missing", help=_WORDS):
    """This provider needs words with the picture."""


class Refused(ProviderError, outcome="refused", help=_WORDS, explains=True):
    """The provider declined for a reason of policy or safety."""


class PromptRefused(Refused, key="refused-prompt"):
    """The request was blocked before anything was drawn."""


class PicturePromptRefused(Refused, key="refused-picture-prompt"):
    """The image safety filter blocked the request's words or one of its pictures."""


class SafetyRefused(Refused, key="refused-safety"):
    """The text safety filter stopped the answer."""


class PictureRefused(Refused, key="refused-picture", help=_AGAIN_WORDS):
    """The finished picture was held back by the image safety filter; a repeat often passes, and may be billed."""


class ProhibitedRefused(Refused, key="refused-prohibited"):
    """A rule about rights or forbidden content stopped the answer."""


class RecitationRefused(Refused, key="refused-recitation"):
    """The result came out too close to an existing work."""


class LanguageRefused(Refused, key="refused-language"):
    """The model does not serve the language of the request."""


class PrivacyRefused(Refused, key="refused-privacy"):
    """The request touches personal data that the provider does not process."""


class ModerationRefused(Refused, key="refused-moderation"):
    """A moderation service in front of the model declined."""


class OtherRefused(Refused, key="refused-other", help=_AGAIN_WORDS):
    """The provider declined and named no reason."""


class NoPicture(ProviderError, outcome="no_image", help=_AGAIN_WORDS):
    """The answer holds nothing usable, and no policy was named."""


class NothingReturned(NoPicture, key="nothing-returned", retry=Retry.ONCE):
    """The answer was well formed and empty."""


class NothingDrawn(NoPicture, key="nothing-drawn", retry=Retry.ONCE, remedy=RemedyKind.WITH_TEXT):
    """The model chose to draw nothing."""


class CouldNotDraw(NoPicture, key="could-not-draw", retry=Retry.ONCE, explains=True):
    """The provider tried and failed to make the picture."""


class CutShort(NoPicture, key="cut-short", help=(Help.REPHRASE, Help.NEW_CONVERSATION)):
    """The output budget ran out before a picture appeared."""


class MalformedAnswer(NoPicture, key="malformed-answer", retry=Retry.ONCE):
    """The model garbled its own answer."""


class UnknownFinish(NoPicture, key="unknown-finish", takes=("reason",), explains=True):
    """The model stopped for a reason that this program does not know."""


class HistoryProblem(ProviderError, outcome="history_problem", help=(Help.TRY_AGAIN, Help.NEW_CONVERSATION)):
    """The stored conversation cannot be continued as it is."""


class SignatureMissing(HistoryProblem, key="signature-missing", remedy=RemedyKind.DEGRADE_HISTORY):
    """The history lacks a thought signature that the model requires, or the model refuses it for another reason."""


class BadRequest(ProviderError, outcome="bad_request", help=_AGAIN_MODEL):
    """The provider found a fault in the request."""


class Rejected(BadRequest, key="rejected", explains=True, owner=True):
    """The provider rejected the request."""


class UnknownField(BadRequest, key="unknown-field", takes=("field",), remedy=RemedyKind.WITHOUT_FIELD):
    """The model or API version does not know one of the settings."""


class OnePictureOnly(BadRequest, key="one-picture-only"):
    """The model makes one picture per request."""


class PictureUnusable(BadRequest, key="picture-unusable", help=(Help.FEWER_PICTURES, Help.NEW_CONVERSATION)):
    """The provider cannot process one of the pictures sent."""


class PictureUnreadable(BadRequest, key="picture-unreadable", owner=True, help=(Help.NEW_CONVERSATION,)):
    """A picture of the conversation could not be read from storage."""


class WrongAddress(BadRequest, key="wrong-address", owner=True, help=_MODEL):
    """The configured address is not that of the provider's interface."""


class AccountProblem(ProviderError, outcome="auth", owner=True, help=_MODEL):
    """Key or account do not allow the call."""


class KeyInvalid(AccountProblem, key="key-invalid"):
    """The provider does not accept the API key."""


class KeyDisabled(AccountProblem, key="key-disabled"):
    """The provider switched the API key off."""


class AccountRestricted(AccountProblem, key="account-restricted"):
    """The provider restricted the account."""


class NotPermitted(AccountProblem, key="not-permitted", explains=True):
    """The key is known and lacks the permission."""


class RegionBlocked(ProviderError, key="region-blocked", outcome="region", owner=True, help=_MODEL):
    """The provider does not serve the place where the program runs."""


class BalanceEmpty(ProviderError, key="balance-empty", outcome="billing", owner=True, help=_MODEL):
    """The balance at the provider is used up."""


class ModelUnavailable(
    ProviderError, key="model-unavailable", outcome="model_unavailable", owner=True, help=_MODEL, takes=("model",)
):
    """The model id is not, or no longer, offered."""


class RateLimited(
    ProviderError, key="rate-limited", outcome="rate_limited", retry=Retry.AFTER_DELAY, takes=("seconds",)
):
    """Too many requests in a short time."""


class QuotaExhausted(ProviderError, outcome="quota_exhausted", owner=True, help=_MODEL):
    """A quota is used up that no short wait brings back."""


class DailyQuota(QuotaExhausted, key="daily-quota"):
    """The daily quota for the model is used up."""


class NoPaidAccess(QuotaExhausted, key="no-paid-access"):
    """The key's plan does not include the model at all."""


class Overloaded(ProviderError, outcome="overloaded", help=_AGAIN_MODEL):
    """There is no capacity at the moment."""


class ModelOverloaded(Overloaded, key="model-overloaded", retry=Retry.BACKOFF):
    """The model has too much to do."""


class QueueFull(Overloaded, key="queue-full"):
    """Too many people wait for this bot already."""


class UpstreamError(ProviderError, help=_AGAIN_MODEL):
    """The provider failed on its own side."""


class InternalError(UpstreamError, key="internal-error", retry=Retry.BACKOFF):
    """The provider had an internal error."""


class UnnamedFault(InternalError, key="internal-error"):
    """An answer with HTTP 200 says that it failed and names no kind that is known: it may be a refusal, too."""


class GatewayError(UpstreamError, key="gateway-error", retry=Retry.BACKOFF):
    """A gateway in front of the provider could not reach it."""


class NoChannel(UpstreamError, key="no-channel", retry=Retry.BACKOFF):
    """The relay has no free channel for the model."""


class ConnectionFailed(UpstreamError, key="connection-failed", retry=Retry.BACKOFF):
    """No connection came about, so nothing was sent."""


class UploadFailed(UpstreamError, key="upload-failed", retry=Retry.ONCE, explains=True):
    """The provider did not take the picture that was to be uploaded before the call; nothing is paid."""


class TimedOut(ProviderError, outcome="timeout"):
    """The answer did not come in time."""


class DeadlinePassed(TimedOut, key="deadline-passed", retry=Retry.ONCE):
    """The provider ran into its own deadline and says so."""


class CancelledUpstream(TimedOut, key="cancelled-upstream", retry=Retry.ONCE):
    """The provider cancelled the request."""


class CutOff(TimedOut, key="cut-off"):
    """The wait was cut off while the provider may still have been painting, so a repeat may be paid twice."""


class AnswerLost(TimedOut, key="answer-lost"):
    """The connection was cut while the provider may have been painting, so a repeat may be paid twice."""


class BadBody(ProviderError, outcome="bad_body", retry=Retry.ONCE):
    """An answer came and cannot be read."""


class EmptyBody(BadBody, key="empty-body"):
    """The answer has no bytes."""


class DamagedBody(BadBody, key="damaged-body"):
    """The answer is not what the dialect promises."""


class DamagedPicture(BadBody, key="damaged-picture"):
    """The picture in the answer is damaged."""


class NotAPicture(BadBody, key="answer-not-a-picture"):
    """The answer holds something else in place of a picture."""


class ConnectionLost(BadBody, key="connection-lost"):
    """The connection broke during the exchange."""


class LinkFailed(BadBody, key="link-failed", retry=Retry.NEVER):
    """The picture was made, but its link gave nothing."""


class LinkRefused(BadBody, key="link-refused", retry=Retry.NEVER, owner=True):
    """The picture is at an address that this program does not open."""


class TooLarge(ProviderError, outcome="too_large"):
    """Request or answer are too large."""


class RequestTooLarge(
    TooLarge, key="request-too-large", remedy=RemedyKind.TRIM_HISTORY, help=(Help.FEWER_PICTURES, Help.NEW_CONVERSATION)
):
    """The conversation with its pictures is more than the provider takes."""


class PromptTooLong(TooLarge, key="prompt-too-long", remedy=RemedyKind.TRIM_HISTORY, help=_WORDS):
    """The words are more than the provider takes at once."""


class AnswerTooLarge(TooLarge, key="answer-too-large", takes=("limit",)):
    """The answer is larger than this program reads."""


class PictureTooLarge(TooLarge, key="picture-too-large"):
    """The picture has more pixels than this program decodes."""
