"""OpenRouter: a conversation as chat messages, pictures both ways as ``data:`` URIs.

Imports ``base``, ``openrouter_images``, ``http_provider``, ``errors``, ``error_mapping``, ``model_list``, ``parts``,
``picture_lists``, ``bulk``, ``wire`` and ``storage``. The model's messages go back verbatim: words, ``images`` and
``reasoning_details``, which carry the signatures of its thoughts (openrouter 1.3.84, ``ChatAssistantMessage``: "for
requests and responses"). If that is refused, its pictures go with the next user message instead. A model that makes
pictures and no words has no conversation: it goes to ``POST /images``, with earlier wishes folded into one prompt.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.providers.base import LEVELS, Answer, Capabilities, CheckLine, Content, Request, Result, Usage
from bot.providers.dialects.openrouter_images import edits, kept, plain_document, rows_of
from bot.providers.errors import (
    BadRequest,
    CutShort,
    HistoryProblem,
    ModelUnavailable,
    NoChannel,
    NothingReturned,
    OtherRefused,
    ProviderError,
    SafetyRefused,
    UnknownField,
    WrongAddress,
)
from bot.providers.gemini.errors import FINISH, FINISH_NUMBERS, finish_error, gemini_error, reason_name
from bot.providers.shared.error_mapping import Fault, Rule, error_of, fault_in, fault_of
from bot.providers.shared.http_provider import HttpProvider
from bot.providers.shared.model_list import check_with_key_page, entries_of, fetch_json, ids_of
from bot.providers.shared.parts import Reading, count_of, pick, read_parts
from bot.providers.shared.picture_lists import document_of, dollars, part_of, picture_parts, raise_failure
from bot.providers.wire import DataUri, json_body
from bot.providers.wire.bulk import in_thread
from storage.records import MediaRef

MODALITIES = "responseModalities"
"""The name in :attr:`Options.without` of the request for words besides pictures."""

THINKING = "thinkingConfig"
"""The name there of ``reasoning``, whose ``effort`` becomes Google's ``thinkingLevel``.

openrouter.ai/docs/guides/best-practices/reasoning-tokens: "max" to "minimal" and "none", as the model has them.
"""

_NO_EFFORT = re.compile(
    r"\breasoning(?:[._ ]effort)?\b.{0,80}(?:not (?:supported|allowed|enabled)|does not support|unsupported|mandatory)"
    r"|(?:unsupported|invalid|unknown|unrecognized).{0,60}\breasoning(?:[._ ]effort)?\b"
)

_FIELDS = {
    "aspect_ratio": "aspectRatio",
    "resolution": "imageSize",
    "image_size": "imageSize",
    "quality": "thinkingLevel",
}
_NAMES = "|".join(_FIELDS)
_NO_VALUE = re.compile(
    rf"\b({_NAMES})\b.{{0,80}}(?:not (?:supported|allowed|accepted)|does not support|unsupported|invalid)"
    rf"|(?:unsupported|invalid|unrecognized|not support).{{0,60}}\b({_NAMES})\b"
)
# openrouter.ai/docs/api/errors: "Your chosen model is down or we received an invalid response from it". A page of HTML
# is of a gateway in front of OpenRouter itself.
_RULES = (Rule(r"", NoChannel, frozenset({502})),)
_AT_ONCE = 4
"""How many prices are asked for at a time."""

REASONING = "reasoningDetails"
"""The field of a stored answer for ``reasoning_details``."""


class Openrouter(HttpProvider):
    """OpenRouter's chat route."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Open nothing yet; takes what ``HttpProvider`` takes."""
        self._listing, self._listed = "", dict[str, Capabilities]()
        super().__init__(*args, **kwargs)
        self._plain: set[str] = set()

    @property
    def listing(self) -> str:
        """The list of image models, with what they take and cost."""
        return self._listing

    @listing.setter
    def listing(self, text: str) -> None:
        if text != self._listing:
            self._listing, self._listed = text, rows_of(text)

    def capabilities(self, model: str) -> Capabilities:
        """Return what ``model`` can do: by our own catalog, else by OpenRouter's list, else cautious defaults."""
        row, listed = super().capabilities(model), self._listed.get(model)
        if listed is None or any(model == known.model for known in self._rows):
            return row
        if not listed.history:
            return self._limited(listed)
        names = ("label", "maker", "ratios", "sizes", "price")
        most = listed.max_images or row.max_images
        return replace(row, max_images=most, **{name: getattr(listed, name) for name in names})

    @property
    def root(self) -> str:
        """Return the base URL with the path of the interface."""
        return self.base_url if self.base_url.endswith("/v1") else f"{self.base_url.removesuffix('/api')}/api/v1"

    async def headers(self) -> dict[str, str]:
        """Return the authentication headers."""
        return {"authorization": f"Bearer {self.config.api_key}"}

    async def ask(self, request: Request) -> Answer:
        """Make the call; repeat it in the plain form if the model's verbatim messages are refused.

        Raises: ``ProviderError``.
        """
        able = self.capabilities(request.model)
        if not able.history:
            body = json_body(plain_document(request, able), request.read)
            return await self.post(request, f"{self.root}/images", body)
        own = any(content.get("role") == "model" for content in request.contents)
        verbatim = request.model not in self._plain
        answer = await self._post(request, verbatim=verbatim)
        if not (own and verbatim and self._refuses(answer, request.model)):
            return answer
        plain = await self._post(request, verbatim=False)
        if 200 <= plain.status < 300:
            self._plain.add(request.model)
        return plain

    async def _post(self, request: Request, *, verbatim: bool) -> Answer:
        thinking = self.capabilities(request.model).thinking
        body = json_body(document(request, thinking, verbatim=verbatim), request.read)
        return await self.post(request, f"{self.root}/chat/completions", body)

    def _refuses(self, answer: Answer, model: str) -> bool:
        """Return whether an answer refuses the request as faulty; such an answer is free."""
        if answer.status != 400:
            return False
        error = _error(fault_of(answer, self.redactor), model)
        # An unknown setting is left out in either form.
        return isinstance(error, BadRequest | HistoryProblem) and not isinstance(error, UnknownField)

    async def read(self, answer: Answer, *, model: str) -> Result:
        """Read a chat completion, or an answer of the image route. Raises: ``ProviderError``."""

        def error(fault: Fault) -> ProviderError:
            return _error(fault, model)

        found = await in_thread(len(answer.body), document_of, answer, self.redactor, error)
        choices = pick(found, "choices")
        choice = next((c for c in (choices if isinstance(choices, list) else []) if isinstance(c, dict)), {})
        parts = _parts(pick(choice, "message")) or picture_parts(found)
        reading = await read_parts(parts, self.fetcher.picture, links_in_text=self.links_in_text)
        used = _usage(pick(found, "usage"))
        if not reading.pictures:
            try:
                self._raise_failure(found, choice, answer, reading, model)
            except ProviderError as refusal:
                refusal.cost_usd = used.cost_usd
                raise
        answered = pick(found, "model")
        thoughts = pick(pick(choice, "message"), "reasoning_details")
        return Result(
            content=reading.content | ({REASONING: thoughts} if isinstance(thoughts, list) and thoughts else {}),
            text=reading.text,
            pictures=tuple(reading.pictures),
            model=answered if isinstance(answered, str) and answered else model,
            usage=used,
        )

    def _raise_failure(self, found: Any, choice: Any, answer: Answer, reading: Reading, model: str) -> None:
        """Raise the error of a choice without a picture; return if its words are an answer."""
        raise_failure(found, answer, reading, self.redactor, lambda fault: _error(fault, model))
        fault = fault_in(choice, answer, self.redactor)
        if fault is not None:
            raise _error(fault, model)
        said = self.redactor.excerpt(reading.text)
        native = reason_name(pick(choice, "native_finish_reason"), FINISH_NUMBERS)
        if native in FINISH and not (native == "NO_IMAGE" and said):
            raise finish_error(native, said)
        refusal = pick(pick(choice, "message"), "refusal")
        if isinstance(refusal, str) and refusal:
            raise OtherRefused(explanation=self.redactor.excerpt(refusal))
        match pick(choice, "finish_reason"):
            case "content_filter":
                raise SafetyRefused(explanation=said)
            case "length":
                raise CutShort(owner_text="finish_reason length")
            case "error":
                raise NothingReturned(owner_text="finish_reason error without an error")
        if not reading.text:
            raise NothingReturned(owner_text="a choice without words and pictures")

    async def offered(self) -> tuple[str, ...]:
        """Return the models that both take and make pictures. Raises: ``ProviderError``."""
        headers = await self.headers()
        try:
            _, document = await fetch_json(self, f"{self.root}/images/models", headers)
        except (WrongAddress, ModelUnavailable):
            # Something between that knows only the older list.
            _, document = await fetch_json(self, self._list_url, headers)
        entries = [entry for entry in entries_of(document) if edits(entry) and ids_of([entry])]
        slots = asyncio.Semaphore(_AT_ONCE)

        async def priced(model: str) -> tuple[str, list[Any]]:
            async with slots:
                return model, await self._pricing(model)

        pricing = await asyncio.gather(*(priced(model) for entry in entries for model in ids_of([entry])))
        self.listing = kept(entries, dict(pricing))
        return tuple(model for model, _ in pricing)

    async def _pricing(self, model: str) -> list[Any]:
        """Return the price lines of each service behind a model; none where they cannot be had, which matters little:
        each answer says what it cost."""
        try:
            _, found = await fetch_json(self, f"{self.root}/images/models/{model}/endpoints", await self.headers())
        except ProviderError:
            return []
        endpoints = pick(pick(found, "data") or found, "endpoints")
        return [pick(endpoint, "pricing") for endpoint in endpoints] if isinstance(endpoints, list) else []

    @property
    def _list_url(self) -> str:
        """Return the address of the list of models that draw; by default the list holds only models that write."""
        return f"{self.root}/models?output_modalities=image"

    async def check(self, model: str) -> tuple[CheckLine, ...]:
        """Check the key, and look up the model in the list of models that draw."""
        return await check_with_key_page(self, model, key_url=f"{self.root}/key", list_url=self._list_url)


def document(request: Request, thinking: Sequence[str] = (), *, verbatim: bool = True) -> dict[str, Any]:
    """Return the body of the request. ``thinking``: the levels of its model.

    ``verbatim``: send the model's own messages back verbatim.
    """
    options = request.options
    shape = {"aspect_ratio": options.ratio, "image_size": options.size}
    left_out = {"aspect_ratio": "aspectRatio", "image_size": "imageSize"}
    shape = {name: value for name, value in shape.items() if value and left_out[name] not in options.without}
    messages = _messages(request.contents, verbatim=verbatim)
    if options.system:
        messages.insert(0, {"role": "system", "content": options.system})
    modalities = ["image", "text"] if options.words and MODALITIES not in options.without else ["image"]
    body: dict[str, Any] = {"model": request.model, "messages": messages, "modalities": modalities}
    level = LEVELS.get(options.effort or "", "")
    if level in thinking and not options.without & {"thinkingLevel", THINKING}:
        body["reasoning"] = {"effort": level.lower()}
    return body | ({"image_config": shape} if shape else {})


def _messages(contents: Sequence[Content], *, verbatim: bool) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    carried: list[dict[str, Any]] = []
    known: set[str] = set()
    for content in contents:
        shown = [part for part in content.get("parts") or [] if part.get("thought") is not True]
        words = [part["text"] for part in shown if isinstance(part.get("text"), str) and part["text"]]
        pictures = [
            {"type": "image_url", "image_url": {"url": DataUri(picture)}}
            for part in shown
            if isinstance(picture := (part.get("inlineData") or {}).get("data"), MediaRef)
        ]
        if content.get("role") == "model":
            said: dict[str, Any] = {"role": "assistant", "content": "\n".join(words) or "(a picture)"}
            thoughts = _new_thoughts(content.get(REASONING), known)
            if not verbatim:
                carried += pictures
            else:
                said |= {"images": pictures} if pictures else {}
                said |= {"reasoning_details": thoughts} if thoughts else {}
            messages.append(said)
        else:
            texts = [{"type": "text", "text": text} for text in words]
            messages.append({"role": "user", "content": [*texts, *carried, *pictures]})
            carried = []
    return messages


def _new_thoughts(thoughts: Any, known: set[str]) -> list[Any]:
    """Return new reasoning details: an id that occurs twice is refused (ai-sdk-provider#365)."""
    found = []
    for thought in thoughts if isinstance(thoughts, list) else []:
        name = pick(thought, "id")
        if not isinstance(name, str) or name not in known:
            found.append(thought)
        known |= {name} if isinstance(name, str) else set()
    return found


def _parts(message: Any) -> list[dict[str, Any]]:
    """Return the parts of a message, whose words may be a string or a list."""
    content, parts = pick(message, "content"), []
    for entry in content if isinstance(content, list) else [content]:
        text = entry if isinstance(entry, str) else pick(entry, "text")
        if isinstance(text, str) and text:
            parts.append({"text": text})
        parts += _pictures(entry)
    images = pick(message, "images")
    for entry in images if isinstance(images, list) else [images]:
        parts += _pictures(entry) if isinstance(entry, dict) else [part_of(entry)] if isinstance(entry, str) else []
    return parts


def _pictures(entry: Any) -> list[dict[str, Any]]:
    place = pick(entry, "image_url", "imageUrl", "url", "b64_json")
    url = place if isinstance(place, str) else pick(place, "url")
    return [part_of(url)] if isinstance(url, str) and url else []


def _usage(node: Any) -> Usage:
    drawn = count_of(pick(node, "completion_tokens_details"), "image_tokens")
    spent = count_of(node, "completion_tokens", "output_tokens")
    return Usage(
        input_tokens=count_of(node, "prompt_tokens", "input_tokens"),
        text_tokens=max(spent - drawn, 0),
        image_tokens=min(drawn, spent) if spent else drawn,
        cost_usd=dollars(pick(node, "cost")),
    )


def _error(fault: Fault, model: str) -> ProviderError:
    # Models that only paint accept pictures as the only modality: "No endpoints found that support the requested output
    # modalities: image, text".
    if fault.status in (400, 404) and "output modalities" in fault.text:
        return UnknownField(field=MODALITIES, owner_text=f"HTTP {fault.status}: {fault.message}")
    if fault.status == 400 and _NO_EFFORT.search(fault.text):
        return UnknownField(field=THINKING, owner_text=f"HTTP {fault.status}: {fault.message}")
    if fault.status in (400, 422) and (found := _NO_VALUE.search(fault.text)):
        field = _FIELDS[found[1] or found[2]]
        return UnknownField(field=field, of_value=True, owner_text=f"HTTP {fault.status}: {fault.message}")
    # OpenRouter passes on Google's words, but statuses are about the account at OpenRouter.
    if fault.status == 400:
        return gemini_error(fault, model=model)
    return error_of(fault, _RULES if fault.readable else (), model=model)
