"""The composed provider answers in ``tests/fixtures/answers``: what the provider sends, and what the test expects."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from bot.providers.base import Answer
from tests.providers.wiring import Reply

FOLDER = Path(__file__).parent.parent / "fixtures" / "answers"
INDEX: dict[str, Any] = json.loads((FOLDER / "index.json").read_text(encoding="utf-8"))
NAMES = [entry["file"] for entry in INDEX["fixtures"]]
PROVIDERS = {
    "gemini": "gemini",
    "gemini-sse": "gemini",
    "gemini-relay": "tokaify",
    "aimlapi": "aimlapi",
    "1min": "onemin",
    "openrouter": "openrouter",
}


@dataclass(frozen=True)
class Recorded:
    """One fixture."""

    name: str
    data: dict[str, Any]

    @property
    def provider(self) -> str:
        """The provider that speaks this dialect."""
        return PROVIDERS[self.data["dialect"]]

    @property
    def model(self) -> str:
        """The model that was asked."""
        return str(self.data["model"])

    @property
    def expect(self) -> dict[str, Any]:
        """The expected outcome."""
        expected: dict[str, Any] = self.data["expect"]
        return expected

    @property
    def document(self) -> Any:
        """The JSON body, or None where the body is no JSON."""
        return self.data["http"].get("body_json")

    @cached_property
    def body(self) -> bytes:
        """The body in one piece; not for a generated one."""
        http = self.data["http"]
        return json.dumps(http["body_json"]).encode() if "body_json" in http else http["body_text"].encode()

    @property
    def reply(self) -> Reply:
        """The answer that an endpoint must send."""
        http = self.data["http"]
        if "body_generated" in http:
            return Reply(status=http["status"], headers=http["headers"], chunks=self._generated)
        return Reply(self.body, http["status"], http["headers"])

    @property
    def answer(self) -> Answer:
        """The answer as it arrives."""
        http = self.data["http"]
        return Answer(status=http["status"], content_type=http["headers"].get("content-type", ""), body=self.body)

    @property
    def links(self) -> list[str]:
        """The links of the expected pictures."""
        return [image["url"] for image in self.expect["images"] if "url" in image]

    async def _generated(self) -> AsyncIterator[bytes]:
        made = self.data["http"]["body_generated"]
        yield made["prefix"].encode()
        piece = (made["repeat"] * 1_048_576).encode()
        for _ in range(made["repeat_count"] // 1_048_576):
            yield piece
        yield made["suffix"].encode()


def load(file: str) -> Recorded:
    """Return one fixture by its file name."""
    return Recorded(file.removesuffix(".json"), json.loads((FOLDER / file).read_text(encoding="utf-8")))
