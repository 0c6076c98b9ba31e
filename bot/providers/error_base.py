"""The base of provider errors: whether to retry, what to change, which sentence and buttons to show.

Imports the standard library. Never formats a sentence: :attr:`ProviderError.key` names one in
``bot/locales/<lang>/errors.ftl`` and :attr:`ProviderError.values` fills it. The failures themselves are in ``errors``.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import ClassVar

UNSENT = "the request was not sent"
"""The note on a ``CancelledError`` that stopped a call before the provider had its whole request."""


class Retry(Enum):
    """Whether and how the attempt loop repeats a call."""

    NEVER = "never"
    ONCE = "once"
    BACKOFF = "backoff"
    AFTER_DELAY = "after-delay"


class RemedyKind(Enum):
    """A change of the request that may help."""

    DEGRADE_HISTORY = "degrade-history"
    TRIM_HISTORY = "trim-history"
    WITHOUT_FIELD = "without-field"
    WITH_TEXT = "with-text"


PICTURES, REQUEST_BYTES, PICTURE_BYTES, TOKENS = "pictures", "request bytes", "picture bytes", "tokens"
PROMPT = "letters of the prompt"
"""What a request can contain too much of."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """A remedy.

    ``field``: for ``WITHOUT_FIELD`` the refused request field, for ``TRIM_HISTORY`` what was too much:
    ``PICTURES``, ``REQUEST_BYTES``, ``PICTURE_BYTES``, ``TOKENS`` or ``PROMPT``. ``most``: how much of that the
    provider takes, 0 if unknown. ``of_value``: only the value of the field was refused; the model may take another.
    """

    kind: RemedyKind
    field: str = ""
    most: int = 0
    of_value: bool = False

    @property
    def key(self) -> str:
        """Return the key of the sentence about the change."""
        return f"remedy-{self.kind.value}"


class Help(Enum):
    """A button that helps."""

    TRY_AGAIN = "try-again"
    REPHRASE = "rephrase"
    OTHER_MODEL = "other-model"
    FEWER_PICTURES = "fewer-pictures"
    NEW_CONVERSATION = "new-conversation"


class ProviderError(Exception):
    """A turn that a provider did not answer."""

    outcome: ClassVar[str] = "upstream_error"
    base_key: ClassVar[str] = ""
    retry: Retry = Retry.NEVER
    remedy_kind: ClassVar[RemedyKind | None] = None
    help: tuple[Help, ...] = (Help.TRY_AGAIN,)
    tell_owner: bool = False
    explains: ClassVar[bool] = False
    """A variant of the sentence, key + ``-explained``, quotes the provider in ``$explanation``."""
    takes: ClassVar[tuple[str, ...]] = ()
    """Placeholders of the sentence."""

    def __init_subclass__(
        cls,
        *,
        key: str | None = None,
        outcome: str | None = None,
        retry: Retry | None = None,
        remedy: RemedyKind | None = None,
        help: tuple[Help, ...] | None = None,
        owner: bool | None = None,
        explains: bool | None = None,
        takes: tuple[str, ...] | None = None,
    ) -> None:
        super().__init_subclass__()
        given = {
            "base_key": key,
            "outcome": outcome,
            "retry": retry,
            "remedy_kind": remedy,
            "help": help,
            "tell_owner": owner,
            "explains": explains,
            "takes": takes,
        }
        for name, value in given.items():
            if value is not None:
                setattr(cls, name, value)

    def __init__(
        self,
        *,
        explanation: str = "",
        owner_text: str = "",
        retry_after_s: float | None = None,
        field: str = "",
        most: int = 0,
        of_value: bool = False,
        **values: str | int,
    ) -> None:
        """``explanation`` and ``owner_text`` must be redacted already.

        ``field``, ``most`` and ``of_value`` go to the remedy.
        """
        self.key = self.base_key
        values.setdefault("field", field)
        self.values: dict[str, str | int] = {name: values.get(name, "") for name in self.takes}
        if explanation and self.explains:
            self.key = f"{self.base_key}-explained"
            self.values["explanation"] = explanation
        self.owner_text = owner_text or explanation
        """What owner and log read. ``attempts`` takes out what the request said: that is the person's own."""
        self.cost_usd: Decimal | None = None
        """What the provider billed for it, where its answer says so."""
        self.after_paid = False
        """Whether an earlier attempt brought an answer that could not be read, and that may be paid all the same."""
        self.retry_after_s = retry_after_s
        kind = self.remedy_kind
        possible = kind and (field or kind is not RemedyKind.WITHOUT_FIELD)
        self.remedy = Remedy(kind, field, most, of_value) if kind and possible else None
        super().__init__()

    def __str__(self) -> str:
        return f"{self.key} ({self.outcome}): {self.owner_text}" if self.owner_text else self.key

    @property
    def countdown_key(self) -> str:
        """Return the key of the countdown sentence (``$seconds``) shown while the attempt loop waits."""
        return {"rate_limited": "waiting-rate-limited", "overloaded": "waiting-overloaded"}.get(
            self.outcome, "waiting-trouble"
        )
