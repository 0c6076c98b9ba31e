"""The pages of the models to choose from: one list while they are few, else by maker, some at a time.

Imports ``keyboards``, ``split``, ``providers.base`` and ``texts``. Telegram refuses a keyboard of more than 100 buttons
or some 10 kB of JSON (tginfo/Telegram-Limits#187, #228).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.chat.send import keyboards
from bot.chat.send.split import shorten
from bot.providers.base import Capabilities
from bot.texts import decimal, say

ONE_LIST = 12
"""The most models that are shown as one list."""

PAGE = 10
"""How many models of one maker are shown at a time."""

MOST_MAKERS = 60
"""The most makers that have a button; models of others can be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A model that can be chosen. ``provider``: its name; ``title``: the same as people write it.

    ``micro_usd``: what a picture is expected to cost; 0: not known, or nothing.
    """

    provider: str
    title: str
    able: Capabilities
    micro_usd: int

    @property
    def value(self) -> str:
        """What a button carries."""
        return f"{self.provider}/{self.able.model}"

    @property
    def label(self) -> str:
        """What a button says where several providers are offered."""
        return self.able.label if self.title in self.able.label else f"{self.able.label} · {self.title}"

    def is_called(self, said: str) -> bool:
        """Return whether a person may mean this model alone by its whole name, in upper or lower case."""
        known = (self.value, self.able.model, self.able.label, self.label, f"{self.able.label} · {self.provider}")
        return said.casefold() in (one.casefold() for one in known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The models of one maker at one provider. ``key``: what its button carries."""

    key: str
    label: str
    models: tuple[Offered, ...]

    @property
    def pages(self) -> int:
        """The number of pages."""
        return -(-len(self.models) // PAGE)


def meant(models: Sequence[Offered], said: str) -> list[Offered]:
    """Return the models that a person may mean: by a whole name, or by words that only one name has, as in "pro".

    If no name has these words, their beginnings count. Several providers may have a model of that name.
    """
    exact = [one for one in models if one.value == said]
    whole = exact or [one for one in models if one.is_called(said)]
    words = said.casefold().split()
    if whole or not words:
        return whole
    found = [one for one in models if all(word in _words(one) for word in words)]
    found = found or [one for one in models if all(_begins(one, word) for word in words)]
    return found if len({one.able.label for one in found}) == 1 else []


def _words(one: Offered) -> list[str]:
    return f"{one.able.label} {one.title}".casefold().split()


def _begins(one: Offered, beginning: str) -> bool:
    return any(word.startswith(beginning) for word in _words(one))


def described(language: str, models: Iterable[Offered]) -> list[str]:
    """Return a line about each model of which something is known: what it is best for, its sizes and its price."""
    lines, models = [], list(models)
    several = len({one.provider for one in models}) > 1
    for one in models:
        facts = [say(language, f"strength-{one.able.strength}")] if one.able.strength else []
        facts += [", ".join(one.able.sizes)] if len(one.able.sizes) > 1 else []
        price = decimal(one.micro_usd / 1_000_000, 3)
        facts += [say(language, "model-price", dollars=price)] if one.micro_usd else []
        lines += [f"• {one.label if several else one.able.label}: {' · '.join(facts)}"] if facts else []
    return lines


def groups_of(models: Sequence[Offered]) -> list[Group]:
    """Return the groups, in the order of the models."""
    found: dict[tuple[str, str], list[Offered]] = {}
    for one in models:
        maker = one.able.maker
        names = (f"{maker} · {one.provider}", f"{maker} · {one.title}") if maker else (one.provider, one.title)
        found.setdefault(names, []).append(one)
    return [Group(key=shorten(key), label=shorten(label), models=tuple(of)) for (key, label), of in found.items()]


def page_of(language: str, models: Sequence[Offered], chosen: str, data: str = "") -> tuple[str, Any]:
    """Return the text and the keyboard of a page. ``data``: the page that was asked for, "" for the first."""
    groups = groups_of(models)
    if len(models) <= ONE_LIST:
        text = "\n".join([say(language, "choose-model"), *described(language, models)])
        return text, keyboards.choices(language, "model", _values(models), chosen)
    places = {_place(group, page): (group, page) for group in groups for page in range(group.pages)}
    wanted = places.get(data) or ((groups[0], 0) if len(groups) == 1 else None)
    if wanted is None:
        return say(language, "choose-maker"), _makers(language, groups, chosen)
    group, page = wanted
    here = group.models[page * PAGE : (page + 1) * PAGE]
    text = "\n".join([say(language, "choose-model"), *described(language, here)])
    return text, _models(language, group, page, chosen, alone=len(groups) == 1)


def with_sizes(language: str, models: Sequence[Offered], chosen: str, own: str) -> tuple[str, Any] | None:
    """Return what to say where the chosen model, ``own``, has one size: the models with several, as buttons.

    None where there is no such model, or where there are too many of them.
    """
    able = [one for one in models if len(one.able.sizes) > 1]
    if not 0 < len(able) <= ONE_LIST:
        return None
    text = "\n".join([say(language, "one-size", model=own), *described(language, able)])
    return text, keyboards.choices(language, "model", _values(able), chosen)


def _values(models: Sequence[Offered]) -> list[tuple[str, str]]:
    """Return value and label of each model's button; providers are named where there are several."""
    several = len({one.provider for one in models}) > 1
    return [(one.value, shorten(one.label if several else one.able.label)) for one in models]


def _place(group: Group, page: int) -> str:
    """Return the data of a page's button."""
    return keyboards.data_of("maker", f"{page} {group.key}")


def _makers(language: str, groups: Sequence[Group], chosen: str) -> Any:
    values = [(f"0 {group.key}", f"{group.label} ({len(group.models)})") for group in groups[:MOST_MAKERS]]
    holds = next((f"0 {one.key}" for one in groups if chosen in [model.value for model in one.models]), "")
    return keyboards.choices(language, "maker", values, holds)


def _models(language: str, group: Group, page: int, chosen: str, *, alone: bool) -> Any:
    beside = [
        (_place(group, other), say(language, key, number=other + 1))
        for key, other in (("button-page-before", page - 1), ("button-page-after", page + 1))
        if 0 <= other < group.pages
    ]
    values = _values(group.models[page * PAGE : (page + 1) * PAGE])
    back = "settings:" if alone else "set-model:"
    return keyboards.choices(language, "model", values, chosen, beside=beside, back=back)
