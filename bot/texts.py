"""Every sentence for people, by key and language. Imports Project Fluent's runtime and nothing of ours.

The sentences are in ``bot/locales/<language>/*.ftl``. Each is parsed when it is first used: parsing a whole language
takes up to a quarter of a second and would delay everybody. A key that a language lacks is said in English. A key that
no language has is a fault of the program, and raises.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from fluent.runtime import FluentBundle, FluentResource
from fluent.runtime.resolver import Message
from fluent.runtime.types import fluent_number

LOCALES = Path(__file__).parent / "locales"
DEFAULT_LANGUAGE = "en"
MENU = "menu.ftl"

ENTRY = re.compile(r"(?m)^(?=[A-Za-z])")
"""Where an entry of a file begins."""

OTHER_NAMES = {
    "german": "de", "spanish": "es", "castellano": "es", "portuguese": "pt", "russian": "ru", "chinese": "zh-hans",
    "中文": "zh-hans", "汉语": "zh-hans", "简体": "zh-hans",
}  # fmt: skip
"""Names of languages other than their own name in the menu."""

LONGEST_VALUE = 2000
"""The longest value that Fluent fills in; above 2500 characters it writes "{???}" (fluent.runtime, MAX_PART_LENGTH)."""


PluralForm = Literal["zero", "one", "two", "few", "many", "other"]


class UnknownText(KeyError):
    """A text key that no language knows."""


@cache
def languages() -> tuple[str, ...]:
    """Return all languages, English first."""
    found = sorted(path.name for path in LOCALES.iterdir() if path.is_dir())
    return tuple(sorted(found, key=lambda name: name != DEFAULT_LANGUAGE))


def pick(language: str) -> str:
    """Return the best language for a Telegram ``language_code`` (``pt-br``, ``zh-hans``, "")."""
    return spoken(language) or DEFAULT_LANGUAGE


def spoken(name: str) -> str | None:
    """Return the language that a person means by a code (``pt-BR``, ``zh_CN``) or its own name, None for others."""
    wanted = name.strip().casefold().replace("_", "-")
    found = languages()
    related = [one for one in found if one.split("-")[0] == wanted.split("-")[0]]
    if related:
        return wanted if wanted in related else related[0]
    if wanted in OTHER_NAMES:
        return OTHER_NAMES[wanted]
    # Last, because it reads a file of every language.
    return next((one for one in found if wanted == say(one, "language-name").casefold()), None)


def say(language: str, key: str, /, **values: Any) -> str:
    """Return the sentence of a key, filled with ``values``. Raises: :class:`UnknownText`.

    A value may be a sentence itself: a mapping with its ``key`` and its values, as it is stored with a failure. A value
    that is missing or does not fit causes a warning: it is logged, and fails a test.
    """
    values = {name: _part(language, **one) if isinstance(one, Mapping) else one for name, one in values.items()}
    for candidate in (language if language in languages() else pick(language), DEFAULT_LANGUAGE):
        for part in (_menu, _rest):
            bundle = part(candidate)
            pattern = bundle.get_message(key).value if bundle.has_message(key) else None
            if pattern is not None:
                text, faults = _filled(bundle, pattern, values)
                if faults:
                    warnings.warn(f"text {key!r} in {candidate!r}: {faults}", stacklevel=2)
                return text
    raise UnknownText(key)


def _part(language: str, *, key: str, **values: Any) -> str:
    return say(language, key, **values)


def _filled(bundle: FluentBundle, pattern: Any, values: Mapping[str, Any]) -> tuple[str, list[Exception]]:
    """Return a filled sentence, and its faults. Marks replace long values until Fluent is done."""
    long = {name: one for name, one in values.items() if isinstance(one, str) and len(one) > LONGEST_VALUE}
    marks = {name: f"\N{REPLACEMENT CHARACTER}{name}\N{REPLACEMENT CHARACTER}" for name in long}
    text, faults = bundle.format_pattern(pattern, {**values, **marks})
    text = str(text)
    for name, value in long.items():
        text = text.replace(marks[name], value)
    return text, faults


def decimal(value: float, places: int) -> Any:
    """Return a number that a sentence writes with this many decimals, as its language does: 1.5, or 1,5 in German."""
    return fluent_number(value, minimumFractionDigits=places, maximumFractionDigits=places)


def knows(key: str) -> bool:
    """Return whether there is a sentence for a key."""
    return any(part(DEFAULT_LANGUAGE).has_message(key) for part in (_menu, _rest))


def menu_source(language: str) -> str:
    """Return the source of a language's menus. It is quick to read, but slow to parse."""
    return (LOCALES / language / MENU).read_text(encoding="utf-8")


@cache
def _menu(language: str) -> FluentBundle:
    # Menus have no plurals, so the rules of English fit them all; the rules of each language take a megabyte of
    # memory.
    return _bundle(DEFAULT_LANGUAGE, [LOCALES / language / MENU])


@cache
def _rest(language: str) -> FluentBundle:
    return _bundle(language, sorted(path for path in (LOCALES / language).glob("*.ftl") if path.name != MENU))


def _bundle(rules: str, paths: Iterable[Path]) -> FluentBundle:
    """Return the sentences in ``paths``, with the plural and number rules of a language."""
    return _Sentences(rules, "\n".join(path.read_text(encoding="utf-8") for path in paths))


class _Sentences(FluentBundle):
    """A bundle that parses a sentence when it is first used. No sentence refers to another one."""

    def __init__(self, rules: str, source: str) -> None:
        # Isolating marks would be invisible letters in messages, and count against Telegram's limits.
        super().__init__([rules, DEFAULT_LANGUAGE], use_isolating=False)
        self._rule, self._plural_form = self._plural_form, self._plural
        # An entry begins with a letter at the start of a line; its further lines do not (Fluent 1.0, EBNF).
        found = (entry.partition("=") for entry in ENTRY.split(source) if entry[:1].isalpha())
        self._unread = {name.strip(): f"{name}={words}" for name, _, words in found}

    def _plural(self, number: int | float) -> PluralForm:
        """Return the plural form of a number. Texts say one in words, so nothing and a part are never one.

        In Portuguese they would be (CLDR, plurals): "uma imagem" for no picture.
        """
        return "other" if number < 1 or number % 1 else self._rule(number)

    def has_message(self, message_id: str) -> bool:
        return message_id in self._unread or super().has_message(message_id)

    def get_message(self, message_id: str) -> Message:
        if (source := self._unread.pop(message_id, None)) is not None:
            self.add_resource(FluentResource(source))
        return super().get_message(message_id)
