"""Gemini's native dialect: Google itself, Vertex AI, tokaify and every relay that speaks it.

Imports ``base``, ``catalog``, ``config``, ``http_provider``, ``files``, ``answer``, ``listening``, ``wire`` and
``models``. Sends camel case only, which every relay understands, never ``candidateCount``, sampling fields or
``maxOutputTokens``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from bot.providers.base import LEVELS, Answer, Capabilities, CheckLine, Content, Recording, Request, Result, Transcript
from bot.providers.catalog import LISTENS
from bot.providers.config import Kind, ProviderConfig
from bot.providers.gemini.answer import read_gemini
from bot.providers.gemini.files import HOST, Files, by_name
from bot.providers.gemini.listening import question, read_transcript
from bot.providers.gemini.models import check_gemini, image_models
from bot.providers.shared.http_provider import HttpProvider, account_of
from bot.providers.wire import json_body

NOTHING: Mapping[str, str] = {}

_VERSION_AT_END = re.compile(r"/(v\d+(?:beta|alpha)?\d*)(?:/models)?$")


class Gemini(HttpProvider):
    """Each request carries the whole conversation, and names pictures that are uploaded."""

    def __init__(self, kind: Kind, config: ProviderConfig, **more: Any) -> None:
        """Open nothing yet. Raises: ``ValueError`` in one line when the configuration cannot work."""
        super().__init__(kind, config, **more)
        # The versions of the interface know different models.
        self.account = account_of(self.root, config.api_key)
        if self.name != "gemini" and self.relay:
            # The settings of this one serve any relay, and then it is not tokaify that gets the wishes.
            self.title, self.relay = self.relay, None
        self.files: Files | None = None
        self.listens = LISTENS if self.host == HOST else ""
        if self.name == "gemini" and self.host == HOST:
            self.uploads = config.files is not None
            self.files = Files(
                self.wire,
                self._base,
                self.headers,
                account=account_of(self.host, config.api_key),
                known=config.files,
                redactor=self.redactor,
            )

    def url(self, model: str, method: str = "generateContent") -> str:
        """Return the address of ``method`` of ``model``."""
        name = quote(model.removeprefix("models/"), safe="-._/")
        return f"{self.root}/models/{name}:{method}"

    @property
    def root(self) -> str:
        """Return base URL and version, whether or not the configured base URL ends in one."""
        found = _VERSION_AT_END.search(self.base_url)
        return f"{self._base}/{self.config.api_version or (found[1] if found else 'v1beta')}"

    @property
    def _base(self) -> str:
        found = _VERSION_AT_END.search(self.base_url)
        return self.base_url[: found.start()] if found else self.base_url

    async def headers(self) -> dict[str, str]:
        """Return the authentication headers. The key never goes into a URL."""
        if self.config.auth == "key" or (self.config.auth == "auto" and self.name == "gemini"):
            return {"x-goog-api-key": self.config.api_key}
        return {"authorization": f"Bearer {self.config.api_key}"}

    async def ask(self, request: Request) -> Answer:
        """Make the call; once more with every picture inline if a file is refused. Raises: ``ProviderError``."""
        able = self.capabilities(request.model)
        whole = document(request, able, self.config.safety, self.config.tools)
        named = await self.files.named(whole["contents"], request.read) if self.files else None
        if self.files and named and named.uris:
            answer = await self._post(request, by_name(whole, named.uris))
            if not self.files.refuses(answer):
                return answer
            await self.files.refused(named)
        return await self._post(request, whole)

    async def _post(self, request: Request, body: dict[str, Any]) -> Answer:
        return await self.post(request, self.url(request.model), json_body(body, request.read))

    async def forget(self, files: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
        """Delete uploads of this account, within some seconds; Google deletes them itself after two days."""
        return await self.files.forget(files) if self.files else ()

    async def aclose(self) -> None:
        """Cancel uploads and close the connections."""
        if self.files:
            await self.files.aclose()
        await super().aclose()

    async def read(self, answer: Answer, *, model: str) -> Result:
        """Read an answer. Raises: ``ProviderError``."""
        return await read_gemini(
            answer,
            model=model,
            price=self.capabilities(model).price,
            redactor=self.redactor,
            fetch=self.fetcher.picture,
            links_in_text=self.links_in_text,
        )

    async def listen(self, recording: Recording, *, model: str) -> Transcript:
        """Write down what is said in a recording. Raises: ``ProviderError``."""
        answer = await self.wire.post(self.url(model), await self.headers(), question(recording))
        return await read_transcript(answer, model=model, redactor=self.redactor, fetch=self.fetcher.picture)

    async def check(self, model: str) -> tuple[CheckLine, ...]:
        """Look up the model in the provider's list, which is free of charge and requires the key."""
        return await check_gemini(self, self.root, model)

    async def offered(self) -> tuple[str, ...]:
        """Return the image models of the provider's list. Raises: ``ProviderError``."""
        return await image_models(self, self.root)


def document(
    request: Request, able: Capabilities, safety: Mapping[str, str] = NOTHING, tools: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """Return the body of ``generateContent``, with a ``MediaRef`` for each picture.

    ``safety``: thresholds by category. ``tools``: the operator's; each model gets them until it refuses them.
    """
    options, left_out = request.options, request.options.without
    modalities = ["TEXT", "IMAGE"] if options.words else ["IMAGE"]
    shape = {"aspectRatio": options.ratio, "imageSize": options.size}
    shape = {name: value for name, value in shape.items() if value and name not in left_out}
    generation: dict[str, Any] = {"responseModalities": modalities} | ({"imageConfig": shape} if shape else {})
    if (level := LEVELS.get(options.effort or "")) in able.thinking and "thinkingLevel" not in left_out:
        generation["thinkingConfig"] = {"thinkingLevel": level}
    contents = [_sendable(content) for content in request.contents]
    top: dict[str, Any] = {}
    if options.system and able.system and "systemInstruction" not in left_out:
        top["systemInstruction"] = {"parts": [{"text": options.system}]}
    elif options.system:
        contents = _with_words_first(contents, options.system)
    top["generationConfig"] = {name: value for name, value in generation.items() if name not in left_out}
    searches = options.search and able.search and not any("googleSearch" in tool for tool in tools)
    wanted = [*tools, *([{"googleSearch": {}}] if searches else [])]
    top["tools"] = [tool for tool in wanted if not left_out.intersection(tool)]
    top["safetySettings"] = [{"category": name, "threshold": threshold} for name, threshold in safety.items()]
    return {"contents": contents} | {name: value for name, value in top.items() if name not in left_out and value}


def _sendable(content: Content) -> Content:
    """Return ``content`` without unsigned thoughts and empty unsigned text.

    A content without parts is kept with a placeholder, since two user turns in a able would become one.
    """
    parts = [
        part
        for part in content.get("parts") or []
        if "thoughtSignature" in part or not (part.get("thought") is True or part == {"text": ""})
    ]
    return {"role": content.get("role") or "user", "parts": parts or [{"text": "…"}]}


def _with_words_first(contents: list[Content], words: str) -> list[Content]:
    """Return a copy of ``contents`` with ``words`` before the first text of the first user turn."""
    for place, content in enumerate(contents):
        if content["role"] != "user":
            continue
        parts = list(content["parts"])
        at = next((at for at, part in enumerate(parts) if isinstance(part.get("text"), str)), None)
        if at is None:
            parts.insert(0, {"text": words})
        else:
            parts[at] = {**parts[at], "text": f"{words}\n\n{parts[at]['text']}"}
        return [*contents[:place], {**content, "parts": parts}, *contents[place + 1 :]]
    return contents
