"""The pages of the models to choose from: one list while they are few, else by maker, some at a time.

Imports ``keyboards``, ``split``, ``providers.base`` and ``texts``. Telegram refuses a keyboard of more than 100 buttons
or some 10 kB of JSON (tginfo/Telegram-Limits#187, #228).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.chat.send import keyboards
from bot.chat.send.split import shorten
from bot.providers.base import Capabilities
from bot.texts import say

ONE_LIST = 12
"""The most models that are shown as one list."""

PAGE = 10
"""How many models of one maker are shown at a time."""

MOST_MAKERS = 60
"""The most makers that have a button; models of others can be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The models of one maker at one provider, as (value, label)."""

    label: str
    models: tuple[tuple[str, str], ...]

    @property
    def pages(self) -> int:
        """The number of pages."""
        return -(-len(self.models) // PAGE)


def shown(provider: str, able: Capabilities) -> str:
    """Return the label of a model's button."""
    return f"{able.label} · {provider}"


def groups_of(models: Sequence[tuple[str, Capabilities]]) -> list[Group]:
    """Return the groups, in the order of the models. ``models``: each with the name of its provider."""
    found: dict[str, list[tuple[str, str]]] = {}
    for provider, able in models:
        maker = f"{able.maker} · {provider}" if able.maker else provider
        found.setdefault(maker, []).append((f"{provider}/{able.model}", shorten(shown(provider, able))))
    return [Group(label=shorten(maker), models=tuple(values)) for maker, values in found.items()]


def page_of(language: str, models: Sequence[tuple[str, Capabilities]], chosen: str, data: str = "") -> tuple[str, Any]:
    """Return the text and the keyboard of a page. ``data``: the page that was asked for, "" for the first."""
    groups = groups_of(models)
    if len(models) <= ONE_LIST:
        values = [value for group in groups for value in group.models]
        return say(language, "choose-model"), keyboards.choices(language, "model", values, chosen)
    places = {_place(group, page): (group, page) for group in groups for page in range(group.pages)}
    wanted = places.get(data) or ((groups[0], 0) if len(groups) == 1 else None)
    if wanted is None:
        return say(language, "choose-maker"), _makers(language, groups, chosen)
    return say(language, "choose-model"), _models(language, *wanted, chosen, alone=len(groups) == 1)


def _place(group: Group, page: int) -> str:
    """Return the data of a page's button."""
    return keyboards.data_of("maker", f"{page} {group.label}")


def _makers(language: str, groups: Sequence[Group], chosen: str) -> Any:
    values = [(f"0 {group.label}", f"{group.label} ({len(group.models)})") for group in groups[:MOST_MAKERS]]
    holds = next((f"0 {group.label}" for group in groups if chosen in dict(group.models)), "")
    return keyboards.choices(language, "maker", values, holds)


def _models(language: str, group: Group, page: int, chosen: str, *, alone: bool) -> Any:
    beside = [
        (_place(group, other), say(language, key, number=other + 1))
        for key, other in (("button-page-before", page - 1), ("button-page-after", page + 1))
        if 0 <= other < group.pages
    ]
    values = group.models[page * PAGE : (page + 1) * PAGE]
    back = "settings:" if alone else "set-model:"
    return keyboards.choices(language, "model", values, chosen, beside=beside, back=back)
