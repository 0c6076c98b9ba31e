"""Gemini's list of models: checks the key and the model, and finds the models that draw. Free of charge.

Imports ``base``, ``http_provider``, ``errors``, ``errors``, ``model_list`` and ``parts``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.providers.base import CheckLine
from bot.providers.errors import AccountProblem, ProviderError
from bot.providers.gemini.errors import gemini_error
from bot.providers.shared.model_list import entries_of, fetch_json, ids_of, key_finding, model_finding
from bot.providers.shared.parts import pick

if TYPE_CHECKING:
    from bot.providers.shared.http_provider import HttpProvider


# The most pages of a list that are read; no provider needs more for its image models.
_PAGES = 10


def paints(entry: Any) -> bool:
    """Return whether an entry of Gemini's list is, by its id, a model that draws by ``generateContent``.

    Imagen's ids contain "image", too, but have only ``predict``.
    """
    names = ids_of([entry])
    methods = pick(entry, "supportedGenerationMethods", "supported_generation_methods")
    asked = not isinstance(methods, list) or "generateContent" in methods
    return bool(names) and asked and bool(re.search(r"-image\b|nano-banana", names[0]))


async def check_gemini(provider: HttpProvider, root: str, model: str) -> tuple[CheckLine, ...]:
    """Look up ``model`` in ``GET models``; for a relay without it, in the list in OpenAI's shape."""
    headers = await provider.headers()
    try:
        ids = ids_of(await _gemini_entries(provider, root, headers))
    except AccountProblem as error:
        return (key_finding(error),)
    except ProviderError as error:
        if provider.host.endswith("googleapis.com"):
            return (key_finding(error),)
        try:
            host = root.rpartition("/")[0]
            _, document = await fetch_json(provider, f"{host}/v1/models", headers, lambda f: gemini_error(f, model=""))
            ids = ids_of(document)
        except ProviderError as second:
            return (key_finding(second),)
    return (key_finding(None), model_finding(model.removeprefix("models/"), ids))


async def image_models(provider: HttpProvider, root: str) -> tuple[str, ...]:
    """Return the ids of the models that draw, from ``GET models``. Raises: ``ProviderError``."""
    entries = await _gemini_entries(provider, root, await provider.headers())
    return tuple(model for entry in entries if paints(entry) for model in ids_of([entry]))


async def _gemini_entries(provider: HttpProvider, root: str, headers: Mapping[str, str]) -> list[Any]:
    found: list[Any] = []
    token = ""
    for _ in range(_PAGES):
        url = f"{root}/models?pageSize=1000" + (f"&pageToken={token}" if token else "")
        _, document = await fetch_json(provider, url, headers, lambda fault: gemini_error(fault, model=""))
        found += entries_of(document)
        token = pick(document, "nextPageToken", "next_page_token") or ""
        if not isinstance(token, str) or not token:
            break
    return found
