"""What a provider is: request in, raw answer out, raw answer read into a result.

May import: ``errors`` beside it and the standard library. Never imports Telegram, storage or a dialect, and never opens
a connection: that is ``wire``'s work.

One paid HTTP call is :meth:`Provider.ask`. Its answer is kept before anybody looks into it, and :meth:`Provider.read`
turns it into a :class:`Result` as often as needed, also in a later process. So an answer that arrived is never bought
twice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

LEVELS = {"draft": "MINIMAL", "careful": "HIGH"}
"""``thinkingLevel`` by effort (ai.google.dev/api/generate-content, ThinkingLevel); none for ordinary."""

COUNT = "count"
"""What :attr:`Options.without` calls the number of pictures of one call."""

Content = dict[str, Any]
"""One Gemini ``content``: ``{"role": "user" | "model", "parts": [...]}``."""

CAMEL = {
    "inline_data": "inlineData",
    "mime_type": "mimeType",
    "file_data": "fileData",
    "file_uri": "fileUri",
    "thought_signature": "thoughtSignature",
}
"""Relays answer in snake_case but drop it from requests, so it goes back in camelCase (QuantumNous/new-api)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture by name; its bytes come from :attr:`Request.read` when they are needed."""

    sha256: str
    mime: str
    size_bytes: int
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """The bytes of a picture that just arrived, with the MIME type that its magic bytes say."""

    mime: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a person chose for a turn. ``None`` leaves the choice to the model.

    ``effort``: ``"draft"`` or ``"careful"``, for models that can be told how long to think.
    ``without`` names request fields that the model has refused before (``"systemInstruction"``, ``"imageSize"``).
    """

    ratio: str | None = None
    size: str | None = None
    effort: str | None = None
    count: int = 1
    words: bool = True
    search: bool = False
    system: str | None = None
    without: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One turn, ready for any provider.

    ``contents`` is the whole conversation in Gemini's form, the new user turn last; each ``inlineData.data`` is a
    :class:`Picture` instead of base64. A provider with history sends it. A provider without history uses the flat
    view of the same turn: ``current`` (the picture being edited), ``pictures`` (new in this turn), ``wish``, and
    ``earlier_wishes`` (oldest first), as many of them as it takes.
    """

    model: str
    contents: Sequence[Content]
    wish: str
    read: Callable[[Picture], Awaitable[bytes]]
    earlier_wishes: tuple[str, ...] = ()
    current: Picture | None = None
    pictures: tuple[Picture, ...] = ()
    options: Options = Options()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came over the wire, unread: HTTP status, ``Content-Type`` and body.

    ``retry_after_s`` is the delay of a ``Retry-After`` header, counted from the arrival. ``answers.dump`` and
    ``answers.load`` turn an answer into bytes and back.
    """

    status: int
    content_type: str
    body: bytes = field(repr=False)
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a turn used. Token counts are 0 and ``cost_usd`` is None where the provider does not say."""

    input_tokens: int = 0
    text_tokens: int = 0
    image_tokens: int = 0
    cost_usd: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A page on which a grounded answer rests; whoever shows the answer must show it."""

    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelStatus:
    """What a provider says of a model's age: its stage, as in ``"LEGACY"``, and when it ends (Unix s), if it says."""

    stage: str = ""
    retires_at: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A read answer.

    ``content`` is the model's own JSON, verbatim and in order, with a :class:`Blob` wherever picture bytes stood
    (providers of other dialects compose the Gemini form of what they got). ``text`` and ``pictures`` are what a
    person sees: thoughts left out; the last picture is the current one. ``model`` is the id that answered.
    """

    content: Content
    text: str
    pictures: tuple[Blob, ...]
    model: str
    usage: Usage = Usage()
    sources: tuple[Source, ...] = ()
    status: ModelStatus | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """US dollars per million tokens by modality, or per picture where the provider bills so. None: not known."""

    input_per_mtok: Decimal | None = None
    text_per_mtok: Decimal | None = None
    image_per_mtok: Decimal | None = None
    per_picture: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What one model of one provider can do, so that the impossible is said before it costs anything.

    ``signatures``: the model refuses its own pictures back without their ``thoughtSignature``.
    ``max_images``: pictures in one request, history included, above which it is refused; 0 means that it takes none.
    ``advised_images``: new pictures up to which results are best, as the provider says; 0 where it says nothing.
    ``max_prompt_chars``: letters of a prompt, above which it is refused; 0 where the documents name no number.
    ``max_count``: pictures that one call brings at most, ``max_count_edited`` where it is about pictures.
    ``thinking``: the levels of thinking that can be asked for. ``successor``: what paints where it is gone.
    """

    model: str
    label: str
    history: bool
    max_images: int
    advised_images: int = 0
    ratios: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    system: bool = False
    signatures: bool = False
    search: bool = False
    thinking: tuple[str, ...] = ()
    successor: str = ""
    max_count: int = 1
    max_count_edited: int = 1
    max_prompt_chars: int = 0
    max_request_bytes: int = 20_000_000
    input_mimes: frozenset[str] = frozenset({"image/png", "image/jpeg", "image/webp"})
    price: Price = Price()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of ``pentimento check``: what was looked at, whether it is well, and what to do if not.

    ``rejected``: the provider knows for certain that the key is no good.
    """

    what: str
    ok: bool
    text: str
    rejected: bool = False


class Provider(Protocol):
    """Something that answers a turn. Implementations hold a client and no conversation."""

    name: str
    """As in the setting ``PROVIDER``."""

    title: str
    """As people write it: ``"1min.ai"``."""

    account: str
    """A digest of address and key: what is learned of models holds for those alone."""

    maker: str
    """Who signs thoughts: provider and host, ``"gemini:generativelanguage.googleapis.com"``."""

    uploads: bool
    """Whether pictures are uploaded, to lie there for a time, and not only sent along with each request."""

    def models(self) -> tuple[Capabilities, ...]:
        """Return the models to offer, the default one first."""
        ...

    def capabilities(self, model: str) -> Capabilities:
        """Return what ``model`` can do; an unknown id gets the family's cautious defaults."""
        ...

    async def ask(self, request: Request) -> Answer:
        """Make the one call that may cost money. Raises: ``ProviderError``."""
        ...

    async def read(self, answer: Answer, *, model: str) -> Result:
        """Read an answer, fetching results by link where the dialect gives links. Raises: ``ProviderError``."""
        ...

    async def check(self, model: str) -> tuple[Finding, ...]:
        """Verify key and model id without spending anything."""
        ...

    async def offered(self) -> tuple[str, ...]:
        """Return the ids of image models that the key may use, none where that cannot be asked.

        Spends nothing. Raises: ``ProviderError``.
        """
        ...

    async def reach(self) -> str:
        """Return why the provider's address does not answer, "" where it does. Sends no key and spends nothing."""
        ...

    async def forget(self, files: Sequence[tuple[str, str]]) -> None:
        """Delete what was uploaded, given as account and URI, as far as it is this account's; never raises."""
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...
