"""What a provider is: request in, raw answer out, raw answer read into a result.

Imports ``storage.records``. Never imports Telegram or a dialect, and never opens a connection: ``wire`` does that.

:meth:`Provider.ask` is the one paid HTTP call. Its answer is stored before it is read, and :meth:`Provider.read` turns
it into a :class:`Result` as often as needed, also in a later process. So no answer is ever paid for twice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol, runtime_checkable

from storage.records import MediaRef

STRENGTHS = ("quick", "versatile", "best", "cheap")
"""What a model is best for; each has its sentence, ``strength-NAME``."""

LEVELS = {"draft": "MINIMAL", "careful": "HIGH"}
"""``thinkingLevel`` by effort (ai.google.dev/api/generate-content, ThinkingLevel); ordinary effort sends none."""

COUNT = "count"
"""What :attr:`Options.without` calls the number of pictures of one call."""

MASK = "mask"
"""What :attr:`Options.without` calls the mask of a marked place."""

ALPHA, WHITE = "alpha", "white"
"""Forms of a mask, for :attr:`Capabilities.mask`: alpha 0, or white, is where the picture may change."""

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


def base64_bytes(size_bytes: int) -> int:
    """Return the length of ``size_bytes`` as base64."""
    return 4 * -(-size_bytes // 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """The bytes of a picture that just arrived, and its MIME type by its magic bytes."""

    mime: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a person chose for a turn. ``None`` leaves the choice to the model.

    ``effort``: ``"draft"`` or ``"careful"``, for models whose thinking can be set. ``without``: request fields that the
    model has refused before (``"systemInstruction"``, ``"imageSize"``).
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
    :class:`MediaRef` instead of base64. A provider with history sends it. A provider without history uses the flat
    view of the same turn: ``current`` (the picture being edited), ``pictures`` (new in this turn), ``wish``, and
    ``earlier_wishes`` (oldest first), as many of them as it takes. ``mask``: a PNG that says where the first picture of
    the flat view may change, of the same size, in the form that the model takes; the words say the same.
    """

    model: str
    contents: Sequence[Content]
    wish: str
    read: Callable[[MediaRef], Awaitable[bytes]]
    earlier_wishes: tuple[str, ...] = ()
    current: MediaRef | None = None
    pictures: tuple[MediaRef, ...] = ()
    mask: MediaRef | None = None
    options: Options = Options()

    @property
    def said(self) -> tuple[str, ...]:
        """All texts of the conversation: what a provider may echo in a refusal."""
        texts = (part.get("text") for content in self.contents for part in content.get("parts", ()))
        return (self.wish, *self.earlier_wishes, *(text for text in texts if isinstance(text, str)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP answer, not yet read: status, ``Content-Type`` and body.

    ``retry_after_s``: the delay of a ``Retry-After`` header, counted from the arrival. ``raw_answer.dump`` and
    ``raw_answer.load`` turn an answer into bytes and back, without ``said``: the texts of the request that it answers,
    which must decide nothing when the answer quotes them.
    """

    status: int
    content_type: str
    body: bytes = field(repr=False)
    retry_after_s: float | None = None
    said: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a turn used. Token counts are 0 and ``cost_usd`` is None where the provider does not report them."""

    input_tokens: int = 0
    text_tokens: int = 0
    image_tokens: int = 0
    cost_usd: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A page on which a grounded answer rests. Google requires that it is shown with the answer."""

    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelStatus:
    """What a provider reports of a model's age: its stage, such as ``"LEGACY"``, and when it ends (Unix s)."""

    stage: str = ""
    retires_at: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A read answer.

    ``content`` is the model's own JSON, verbatim and in order, with a :class:`Blob` in place of picture bytes
    (other dialects compose the Gemini form of their answers). ``text`` and ``pictures`` are for people, without
    thoughts; the last picture is the current one. ``model`` is the id that answered.
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
    """US dollars per million tokens by modality, or per picture where the provider bills so. None: not known.

    ``input_image_per_mtok``: of the pictures in a request; None: they cost as much as its words.
    """

    input_per_mtok: Decimal | None = None
    input_image_per_mtok: Decimal | None = None
    text_per_mtok: Decimal | None = None
    image_per_mtok: Decimal | None = None
    per_picture: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What one model of one provider can do.

    ``signatures``: the model takes its own pictures back only with their ``thoughtSignature``.
    ``max_images``: the most pictures in one request, history included; 0: it takes none.
    ``advised_images``: the most new pictures for best results, as the provider advises; 0: no advice.
    ``max_prompt_chars``: the most letters of a prompt; 0: the documents name no number.
    ``max_count``: the most pictures of one answer; ``max_count_edited``: the same for a request with pictures.
    ``thinking``: the levels of effort to choose from. ``successor``: the model to use when this one is gone.
    ``follows``: without a ratio it keeps the shape of the one picture that it gets. ``maker``: the company, where a
    provider has models of several. ``strength``: what it is best for, one of :data:`STRENGTHS`; "" where unknown.
    ``mask``: the form in which it takes a marked place, :data:`ALPHA` or :data:`WHITE`; "": it takes none.
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
    follows: bool = False
    maker: str = ""
    strength: str = ""
    mask: str = ""
    successor: str = ""
    max_count: int = 1
    max_count_edited: int = 1
    max_prompt_chars: int = 0
    max_request_bytes: int = 20_000_000
    input_mimes: frozenset[str] = frozenset({"image/png", "image/jpeg", "image/webp"})
    price: Price = Price()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """Speech to be written down: the bytes of a sound or a film, and their MIME type."""

    mime: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """The words of a recording, "" where nobody speaks. ``cost_usd``: None where it is not known."""

    words: str
    cost_usd: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """One line of ``pentimento check``: what was checked, whether it is well, and what to do if not.

    ``rejected``: the provider has definitely refused the key; ``lacks_model``: it does not offer the model to this key;
    ``open``: nothing speaks against it, but only a wish can tell.
    """

    what: str
    ok: bool
    text: str
    rejected: bool = False
    lacks_model: bool = False
    open: bool = False


class Provider(Protocol):
    """Answers turns. Implementations hold connections, and no state of a conversation."""

    name: str
    """As in the setting ``PROVIDER``."""

    title: str
    """As people write it: ``"1min.ai"``; the host of a server that has no name."""

    is_home: bool
    """Whether it is a server of the operator's own, whose host only the owners read."""

    relay: str | None
    """The host that wishes pass on their way to the provider, "" for one at home, which only the owners read.

    None where there is none, and where ``title`` or ``is_home`` say already which server it is.
    """

    account: str
    """A digest of address and key. What is learned of models is kept by account."""

    maker: str
    """Provider and host, ``"gemini:generativelanguage.googleapis.com"``: only the maker of a signature accepts it."""

    listing: str
    """What the provider's list says of its models, as text, "" if it says little.

    :meth:`offered` sets it, and it may be set to what another process was told.
    """

    longest_call_s: float
    """How long one call may take, by the operator's settings."""

    uploads: bool
    """Whether pictures are uploaded and stay with the provider for a time, instead of going with each request."""

    def models(self) -> tuple[Capabilities, ...]:
        """Return the models to offer, the default one first."""
        ...

    def capabilities(self, model: str) -> Capabilities:
        """Return what ``model`` can do; an unknown id gets cautious defaults of its family."""
        ...

    async def ask(self, request: Request) -> Answer:
        """Make the one call that may cost money, for a request that ``calls.preflight`` accepted.

        Raises: ``ProviderError``.
        """
        ...

    async def read(self, answer: Answer, *, model: str) -> Result:
        """Read an answer; download pictures that it links to. Raises: ``ProviderError``."""
        ...

    async def check(self, model: str) -> tuple[CheckLine, ...]:
        """Check key and model id. Free of charge."""
        ...

    async def offered(self) -> tuple[str, ...]:
        """Return the ids of the image models that the key may use; none if the provider has no such list.

        Free of charge. Raises: ``ProviderError``.
        """
        ...

    async def reach(self) -> str:
        """Return why the provider's address does not answer, "" if it does. Sends no key. Free of charge."""
        ...

    async def forget(self, files: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
        """Delete uploads, given as account and URI; return those that are gone. Skips other accounts. Never raises."""
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...


@runtime_checkable
class Listener(Protocol):
    """A provider that also turns speech into words.

    ``listens``: the model that does so where the operator names none; "" where none is known.
    """

    name: str
    listens: str

    async def listen(self, recording: Recording, *, model: str) -> Transcript:
        """Write down what is said in a recording: one call that may cost money.

        ``model``: a text model that listens. Raises: ``ProviderError``.
        """
        ...


def listens_with(listener: Listener, chosen: str) -> str:
    """Return the model that writes down recordings; "" for none. ``chosen``: by the operator, "off" for none."""
    return "" if chosen.lower() == "off" else chosen or listener.listens
