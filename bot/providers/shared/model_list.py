"""Checks of key and model id by lists of models and key pages, which are free of charge.

Imports ``base``, ``errors``, ``error_mapping``, ``http_provider`` and ``parts``. Never makes a call that generates.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bot.providers.base import Answer, CheckLine
from bot.providers.errors import AccountProblem, KeyDisabled, KeyInvalid, ProviderError
from bot.providers.shared.error_mapping import Fault, error_of, fault_of, parse_json
from bot.providers.shared.parts import pick

if TYPE_CHECKING:
    from bot.providers.shared.http_provider import HttpProvider


ReadFault = Callable[[Fault], ProviderError]

NOTHING: Mapping[str, str] = {}

FEW = 3
"""A list of at most so many models, as a server of one's own has it, is named whole."""


def plain_error(fault: Fault) -> ProviderError:
    """Return the leaf for a fault by the common rules."""
    return error_of(fault, (), model="")


async def fetch_json(
    provider: HttpProvider, url: str, headers: Mapping[str, str], read: ReadFault = plain_error
) -> tuple[Answer, Any]:
    """GET ``url``; return the answer and its JSON. Raises: ``ProviderError``, also for an error status."""
    answer = await provider.wire.get(url, headers)
    if not 200 <= answer.status < 300:
        raise read(fault_of(answer, provider.redactor))
    return answer, parse_json(answer, provider.redactor)


def entries_of(document: Any) -> list[Any]:
    """Return the entries of a list of models."""
    entries = document if isinstance(document, list) else pick(document, "models", "data", "items")
    return entries if isinstance(entries, list) else []


def ids_of(document: Any) -> list[str]:
    """Return the model ids of a list, in the shape of any dialect."""
    ids = []
    for entry in entries_of(document):
        found = entry if isinstance(entry, str) else pick(entry, "modelId", "name", "id", "model")
        # OpenRouter's and 1min.ai's "name" is a title; the id is "id" there, and "modelId" here.
        found = pick(entry, "id") if isinstance(pick(entry, "id"), str) else found
        # Half of a pair of UTF-16 can neither be asked for nor shown.
        if isinstance(found, str) and found and found.isprintable():
            ids.append(found.removeprefix("models/"))
    return ids


def model_finding(model: str, ids: Sequence[str], instead: str = "") -> CheckLine:
    """Return whether ``ids`` have ``model`` or its automatic replacement; if not, name similar ids."""
    what = f"model {model}"
    if model in ids:
        return CheckLine(what=what, ok=True, text="offered to this key")
    if instead in ids:
        return CheckLine(what=what, ok=True, text=f"not in the provider's list any more; {instead} takes its place")
    if not ids:
        return CheckLine(what=what, ok=False, text="the provider's list of models is empty")
    near = difflib.get_close_matches(model, ids, n=3, cutoff=0.5)
    near += [known for known in ids if ("image" in known or len(ids) <= FEW) and known not in near]
    hint = f"; the provider offers, for example: {', '.join(near[:6])}" if near else ""
    text = f"not in the provider's list of {len(ids)} models{hint}"
    return CheckLine(what=what, ok=False, text=text, lacks_model=True)


def key_finding(error: ProviderError | None) -> CheckLine:
    """Return the finding about the key after a request with it."""
    if error is None:
        return CheckLine(what="API key", ok=True, text="accepted")
    if isinstance(error, AccountProblem):
        rejected = isinstance(error, KeyInvalid | KeyDisabled)
        return CheckLine(what="API key", ok=False, text=f"not accepted: {error.owner_text}", rejected=rejected)
    return CheckLine(what="provider", ok=False, text=f"cannot be asked: {error.owner_text or error.key}")


async def check_list(
    provider: HttpProvider, url: str, *models: str, instead: Mapping[str, str] = NOTHING
) -> tuple[CheckLine, ...]:
    """Look up ``models`` in the list at ``url``. ``instead``: other names of some of them."""
    try:
        _, document = await fetch_json(provider, url, await provider.headers())
    except ProviderError as error:
        return (key_finding(error),)
    ids = ids_of(document)
    return tuple(model_finding(model, ids, instead.get(model, "")) for model in dict.fromkeys(models) if model)


async def check_with_key_page(
    provider: HttpProvider, *models: str, key_url: str, list_url: str, instead: Mapping[str, str] = NOTHING
) -> tuple[CheckLine, ...]:
    """Check the key at ``key_url``, and look up ``models`` at ``list_url``, which may be public."""
    try:
        await fetch_json(provider, key_url, await provider.headers())
    except ProviderError as error:
        return (key_finding(error),)
    return (key_finding(None), *await check_list(provider, list_url, *models, instead=instead))
