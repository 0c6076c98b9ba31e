"""Wishes in other languages: small phrase books turn them into the engine's English.

Imports ``grammar`` and ``vocabulary``. A book (``phrases/LANGUAGE.json``) knows the examples that the bot gives in its
language, and what people say next. A word that it does not know is named in the answer, which ``foreign`` writes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox.engine.reading.grammar import EMPTY, bag
from bot.sandbox.engine.reading.vocabulary import OPERATIONS

_FILES = Path(__file__).parent / "phrases"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """What the engine knows of a language.

    ``book``: phrases and their English, "" for words that mean nothing by themselves. ``letters``: those that show the
    language of a wish of which no word is known. ``new``: how a wish for a new picture begins, with a ``verb`` or
    without. ``into``: a place in the picture that is there. ``marked``: what the bot says to a model behind a copy on
    which a person drew. ``says``: the engine's own sentences.
    """

    book: Mapping[str, str]
    letters: str
    new: re.Pattern[str]
    into: re.Pattern[str]
    marked: str
    says: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """A wish in another language: ``english`` is what was understood of it, ``ignored`` the words that were not."""

    tongue: str
    said: str
    english: str
    ignored: tuple[str, ...]

    @property
    def begins_new(self) -> bool:
        """Return whether it begins like a wish for a new picture: "ein Hund"."""
        return TONGUES[self.tongue].new.match(self.said.lower()) is not None

    @property
    def is_new(self) -> bool:
        """Return whether it asks for a new picture, and not for something "auf dem Dach"."""
        return self.begins_new and TONGUES[self.tongue].into.search(self.said.lower()) is None

    @property
    def draws(self) -> bool:
        """Return whether it says to draw something, which may be meant for the picture that is there."""
        begun = TONGUES[self.tongue].new.match(self.said.lower())
        return begun is not None and begun["verb"] is not None

    @property
    def only_names(self) -> bool:
        """Return whether only what a scene shows was understood of a wish to change it: "mach den Leuchtturm blau"."""
        return self.english in _SUBJECTS and bool(self.ignored) and not self.begins_new


def _tongue(path: Path) -> Tongue:
    written = json.loads(path.read_text(encoding="utf-8"))
    book = {phrase: english for english, phrases in written["phrases"].items() for phrase in phrases}
    filling = {word: "" for word in written["filling"].split() if word not in book}
    return Tongue(
        book=book | filling,
        letters=written["letters"],
        new=re.compile(written["new"]),
        into=re.compile(written["into"]),
        marked=written["marked"],
        says=written["says"],
    )


TONGUES = {path.stem: _tongue(path) for path in sorted(_FILES.glob("*.json"))}
_SPACED = tuple(tongue for tongue in TONGUES if tongue not in ("ru", "zh-hans"))
"""The languages in Latin letters, of which the one that knows most words of a wish is taken."""

_SUBJECTS = ("lighthouse", "mountains", "fruit")
_PLACES = ("at the top", "at the bottom")
_ENGLISH = (
    EMPTY | {"original", "reset"} | {word for row in OPERATIONS.values() for word in re.findall(r"\w+", row.words)}
)
_ALSO_ENGLISH = bag("die den mal sin os dos son so hat war la les dame sea sol um am du des as an es")
"""Words of other languages that do not show one where they are alone: they are English, too, or a part of names."""
ADDRESS = re.compile(r"https?://\S+")
_QUOTED = re.compile(r"[„“”\"«»]([^„“”\"«»]+)[„“”\"«»]")
_LONGEST = max(len(phrase.split()) for tongue in TONGUES.values() for phrase in tongue.book)


def read(sentence: str) -> Foreign | None:
    """Return a wish that is in another language than English, None for an English one."""
    plain = " ".join(_QUOTED.sub(" ", ADDRESS.sub(" ", sentence)).lower().replace("’", "'").split())  # noqa: RUF001
    latin, cyrillic, chinese = (len(re.findall(f"[{of}]", plain)) for of in ("a-z", "\u0400-\u04ff", "\u4e00-\u9fff"))
    if 2 * chinese > latin:
        return _found("zh-hans", sentence, *_characters(plain, TONGUES["zh-hans"].book))
    words = re.findall(r"[^\W_]+(?:[-'][^\W_]+)*", plain)
    if cyrillic > latin:
        return _found("ru", sentence, *_words(words, TONGUES["ru"].book))
    read_as = [(tongue, *_words(words, TONGUES[tongue].book)) for tongue in _SPACED]
    tongue, known, ignored = min(read_as, key=lambda one: (len(one[2]), not {*TONGUES[one[0]].letters} & {*plain}))
    if _ENGLISH.intersection(ignored):
        return None
    foreign = [word for word in words if word not in _ENGLISH and word not in ignored]
    # One such word may stand in a name, as in "Leonardo da Vinci": there the others have capital letters.
    shows_it = {*foreign} - _ALSO_ENGLISH and any(re.search(rf"(?<!\w){re.escape(word)}", sentence) for word in ignored)
    if foreign and (len(foreign) >= len(ignored) or len({*foreign}) > 1 or shows_it):
        return _found(tongue, sentence, known, ignored)
    spelt = next((one for one in _SPACED if set(TONGUES[one].letters) & set(plain)), None)
    return _found(spelt, sentence, *_words(words, TONGUES[spelt].book)) if spelt else None


def spoken(tongue: str, sentence: str) -> Foreign | None:
    """Return a wish of somebody who spoke a language before, if none of its words is English alone.

    It need not be known: an emoji has no language, and "sepia" has several.
    """
    words = re.findall(r"[^\W_]+(?:[-'][^\W_]+)*", " ".join(ADDRESS.sub("", sentence).lower().split()))
    if any(word in _ENGLISH and word not in TONGUES[tongue].book for word in words):
        return None
    return Foreign(tongue=tongue, said=quoted(sentence), english="", ignored=())


def quoted(sentence: str) -> str:
    """Return a wish as an answer repeats it: on one line, without a full stop."""
    return " ".join(sentence.split()).strip(" .!")


def _found(tongue: str, sentence: str, known: list[str], ignored: list[str]) -> Foreign:
    # In Chinese the hour stands before its scene, and only behind it does it not mean the picture that is there.
    known = sorted(known, key=lambda phrase: phrase not in _SUBJECTS)
    texts = _QUOTED.findall(sentence)
    writes = "text" in known
    places = [phrase for phrase in known if phrase in _PLACES][:1]
    # Without quotes nobody knows where the text ends, and its words are no wishes: "escribe Hola" greets nobody.
    known = [phrase for phrase in known if phrase not in ("text", *_PLACES)] if texts or not writes else []
    # "A bit" belongs to what follows it or stands before it; other phrases are wishes of their own.
    english = ""
    for phrase in known:
        joins = " " if english.endswith(("a bit", "much")) or phrase in ("a bit", "much") else ", "
        english += (joins if english else "") + phrase
    if writes and texts:
        english += (", " if english else "") + " ".join(("text", *(f'"{text}"' for text in texts), *places))
    return Foreign(tongue=tongue, said=quoted(sentence), english=english, ignored=tuple(ignored))


def _words(words: list[str], book: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Return the English of the longest phrases of some words, and the words that are in none."""
    known: list[str] = []
    ignored: list[str] = []
    at = 0
    while at < len(words):
        sizes = range(min(_LONGEST, len(words) - at), 0, -1)
        phrase = next((one for size in sizes if (one := " ".join(words[at : at + size])) in book), None)
        if phrase is None:
            ignored.append(words[at])
        elif book[phrase]:
            known.append(book[phrase])
        at += len(phrase.split()) if phrase else 1
    return known, ignored


def _characters(plain: str, book: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Do what :func:`_words` does for Chinese, which has no spaces between words."""
    known: list[str] = []
    rest = re.sub(r"[^\w]", " ", plain)
    places: list[tuple[int, str]] = []
    for phrase in sorted(book, key=len, reverse=True):
        while (at := rest.find(phrase)) >= 0:
            places.append((at, book[phrase]))
            rest = rest[:at] + " " * len(phrase) + rest[at + len(phrase) :]
    known = [english for _, english in sorted(places) if english]
    return known, rest.split()
