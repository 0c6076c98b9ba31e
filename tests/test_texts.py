"""Every language says everything that English says, with the same values, and the code asks for nothing else."""

from __future__ import annotations

import ast as python
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax import ast as fluent
from fluent.syntax import parse
from fluent.syntax.visitor import Visitor

from bot.chat.command_table import COMMANDS, FOR_OWNERS, FOR_SALE, IN_GROUPS
from bot.chat.commands.menus import menu_of
from bot.chat.commands.people import DECIDES
from bot.chat.send.keyboards import HELP_ACTIONS
from bot.providers import errors
from bot.providers.base import STRENGTHS
from bot.providers.error_base import Help, ProviderError, RemedyKind
from bot.texts import (
    DEFAULT_LANGUAGE,
    LOCALES,
    MENU,
    OTHER_NAMES,
    UnknownText,
    decimal,
    knows,
    languages,
    pick,
    say,
    spoken,
)
from bot.turns.restoring.sources import KEEP, NEVER, OFFERED
from storage.engine.faults import FaultKind
from storage.guests.values import Standing
from storage.records import DELETED_FILE

BOT = LOCALES.parent
FOREIGN = languages()[1:]
NUMBERS = (0, 1, 2, 3, 5, 11, 21, 100)

COUNTED = {
    *("count", "days", "turns", "pictures", "missing", "shared", "seconds", "number"),
    *("paid", "free", "bought"),
    *("limit", "limit_mb", "limit_megapixels", "people", "width_px", "height_px"),
}
"""Values that are numbers; all others are words."""

LONGEST = 250
"""Characters of each word that is filled in: a wish is cut at 60, a provider's explanation may be long."""


class _Found(Visitor):
    def __init__(self) -> None:
        self.variables: set[str] = set()
        self.selections: list[tuple[str, set[str]]] = []

    def visit_VariableReference(self, node: fluent.VariableReference) -> None:
        self.variables.add(node.id.name)

    def visit_SelectExpression(self, node: fluent.SelectExpression) -> None:
        names = {one.key.name for one in node.variants if isinstance(one.key, fluent.Identifier)}
        assert isinstance(node.selector, fluent.VariableReference)
        self.selections.append((node.selector.id.name, names))
        self.generic_visit(node)


@cache
def messages(language: str) -> dict[str, dict[str, _Found]]:
    """Return what each message of each file holds."""
    files: dict[str, dict[str, _Found]] = {}
    for path in sorted((LOCALES / language).glob("*.ftl")):
        table = files[path.name] = {}
        for entry in parse(path.read_text("utf-8")).body:
            assert not isinstance(entry, fluent.Junk), f"{path}: {entry.content}"
            if isinstance(entry, fluent.Message):
                assert entry.id.name not in table, f"{path} says {entry.id.name} twice"
                found = table[entry.id.name] = _Found()
                found.visit(entry)
    return files


def flat(language: str) -> dict[str, _Found]:
    """Return the messages of all files of a language."""
    return {key: found for table in messages(language).values() for key, found in table.items()}


@cache
def bundle(language: str) -> FluentBundle:
    """Return a language alone, without the fallback to English."""
    made = FluentBundle([language], use_isolating=False)
    for path in sorted((LOCALES / language).glob("*.ftl")):
        made.add_resource(FluentResource(path.read_text("utf-8")))
    return made


def formatted(language: str, key: str) -> Iterator[str]:
    """Yield a sentence for every number. Raises: AssertionError where a value is missing."""
    for number in NUMBERS:
        variables = flat(language)[key].variables
        values = {name: number if name in COUNTED else "W" * LONGEST for name in variables}
        pattern = bundle(language).get_message(key).value
        assert pattern is not None, f"{key} says nothing"
        text, faults = bundle(language).format_pattern(pattern, values)
        assert not faults, f"{key}: {faults}"
        yield str(text)


@pytest.mark.parametrize("language", languages())
def test_no_key_stands_in_two_files(language: str) -> None:
    assert sum(len(table) for table in messages(language).values()) == len(flat(language))


@pytest.mark.parametrize("language", FOREIGN)
def test_a_language_has_the_keys_of_english(language: str) -> None:
    ours = {name: set(table) for name, table in messages(language).items()}
    assert ours == {name: set(table) for name, table in messages("en").items()}


@pytest.mark.parametrize("language", FOREIGN)
def test_a_language_uses_the_values_of_english(language: str) -> None:
    english = {key: found.variables for key, found in flat("en").items()}
    assert {key: found.variables for key, found in flat(language).items()} == english


@pytest.mark.parametrize("language", languages())
def test_a_sentence_that_is_read_alone_is_the_one_of_the_whole_file(language: str) -> None:
    for key, found in flat(language).items():
        values = {name: 3 if name in COUNTED else "W" for name in found.variables}
        pattern = bundle(language).get_message(key).value
        assert say(language, key, **values) == bundle(language).format_pattern(pattern, values)[0]


def test_no_sentence_speaks_of_another_one() -> None:
    """Else it could not be read alone."""
    for language in languages():
        for path in (LOCALES / language).glob("*.ftl"):
            for entry in parse(path.read_text("utf-8")).body:
                assert not isinstance(entry, fluent.Term)
                references = (fluent.MessageReference, fluent.TermReference)
                assert not any(isinstance(one, references) for one in _nodes(entry)), f"{path}: {entry}"


def _nodes(node: object) -> Iterator[object]:
    yield node
    if isinstance(node, fluent.BaseNode):
        for value in vars(node).values():
            for one in value if isinstance(value, list) else [value]:
                yield from _nodes(one)


@pytest.mark.parametrize("language", languages())
def test_every_text_can_be_said_and_is_not_too_long(language: str) -> None:
    for key in flat(language):
        for text in formatted(language, key):
            assert text.strip(), key
            assert text == text.strip(), key
            assert "{" not in text, key
            assert len(text) <= 4096, key
            if key.startswith(("button-", "label-")) and key != "button-outdated":
                assert len(text) <= 40, f"{key}: {text}"


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("key", ["owner-week", "owner-more", "tree"])
def test_nothing_is_not_one(language: str, key: str) -> None:
    """CLDR counts nothing and a part as one in Portuguese, where texts say one in words."""
    values = {"people": 2, "dollars": 0, "count": 0, "pictures": 0}
    assert "0" in say(language, key, **values).replace(".0", "").replace(",0", "")


@pytest.mark.parametrize("language", languages())
def test_plural_forms_are_those_of_the_language(language: str) -> None:
    """A form that a language does not have is never chosen; a form that it lacks here would be said wrongly."""
    forms = {"ru": {"one", "few", "many", "other"}, "zh-hans": {"other"}}.get(language, {"one", "other"})
    for key, found in flat(language).items():
        for variable, names in found.selections:
            assert variable in COUNTED, key
            assert names <= forms, key
            assert language != "ru" or "few" not in names or names == {"one", "few", "many"}, key


def test_russian_counts_as_russians_do() -> None:
    ends = {1: "ответ.", 2: "ответа.", 5: "ответов.", 11: "ответов.", 21: "ответ.", 22: "ответа.", 112: "ответов."}
    for number, end in ends.items():
        first = say("ru", "tree", count=number).split(" Рамка")[0]
        assert first.endswith(end), first


@pytest.mark.parametrize("language", languages())
def test_the_command_menu_suits_telegram(language: str) -> None:
    menu = menu_of(language, private=True)
    assert [name for name, _ in menu] == ["start", *(name for name in COMMANDS if name not in IN_GROUPS)]
    assert [name for name, _ in menu_of(language, private=False)] == [*COMMANDS]
    assert all(1 <= len(words) <= 60 for _, words in menu)


@pytest.mark.parametrize("language", languages())
def test_a_menu_counts_nothing(language: str) -> None:
    """All menus are said by the rules of English."""
    assert not any(found.variables or found.selections for found in messages(language)[MENU].values())


@pytest.mark.parametrize("language", FOREIGN)
def test_a_translation_is_a_translation(language: str) -> None:
    """Only messages without words, or with an international word, are the same as in English."""
    same = {key for key in flat("en") if next(formatted(language, key)) == next(formatted("en", key))}
    assert same <= {"effort-normal", "moved-by", "guest-named", "left-renews", "limit-zone-city"}


@cache
def _trees() -> list[tuple[Path, python.Module]]:
    """Return the bot's own modules; the sandbox says nothing to people in the bot's name."""
    paths = [path for path in sorted(BOT.rglob("*.py")) if "sandbox" not in path.parts]
    return [(path, python.parse(path.read_text("utf-8"))) for path in paths]


def _literals(*names: str) -> set[str]:
    """Return the strings in files of these names, in all files when none is named."""
    return {
        node.value
        for path, tree in _trees()
        if not names or path.name in names
        for node in python.walk(tree)
        if isinstance(node, python.Constant) and isinstance(node.value, str)
    }


SAYING = {
    *("say", "show", "respond", "Sentence", "AnswerAgain", "_refuse", "notify_owners", "_notify_owners", "knows"),
    *("UnusablePicture", "Failure"),
}


def _said() -> Iterator[tuple[str, str]]:
    """Yield the keys in calls that say something, with the place."""
    for path, tree in _trees():
        for call in python.walk(tree):
            if not isinstance(call, python.Call):
                continue
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            if name not in SAYING:
                continue
            arguments = [*call.args[:3], *(one.value for one in call.keywords if one.arg == "key")]
            for one in arguments:
                for value in (one.body, one.orelse) if isinstance(one, python.IfExp) else (one,):
                    if isinstance(value, python.Constant) and value.value and isinstance(value.value, str):
                        yield value.value, f"{path.name}:{call.lineno}"


def _leaves(kind: type[ProviderError]) -> Iterator[type[ProviderError]]:
    for child in kind.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from [child] if child.base_key else ()
            yield from _leaves(child)


def _families() -> set[str]:
    """Return the keys that the code puts together while it runs."""
    found = {f"command-{name}" for name in ("start", *COMMANDS, *FOR_OWNERS, *FOR_SALE)}
    moves = {"undone", "redone", "chosen", "went-on"}
    found |= {f"{move}{form}" for move in moves for form in ("", "-named", "-words", "-said")}
    found |= {"undone-root", "undone-root-waiting", "redone-root", "fresh", "fresh-waiting"}
    found |= {f"button-{key}" for key in HELP_ACTIONS}
    periods, whose = ("day", "month"), ("person", "group", "total")
    kinds = ("limit-last", "limit-over", "left")
    found |= {f"{kind}-{one}-{period}" for kind in kinds for one in whose for period in periods}
    found |= {f"{kind}-{period}" for kind in ("limit-more", "limit-anew", "left-anew") for period in periods}
    found |= {f"granted-{what}-{period}" for what in ("pictures", "dollars") for period in periods}
    found |= {f"limit-wait-{unit}" for unit in ("days", "hours", "minutes")} | {"owner-limit-80", "owner-limit-100"}
    for leaf in _leaves(ProviderError):
        found |= {leaf.base_key} | ({f"{leaf.base_key}-explained"} if leaf.explains else set())
    found |= {f"people-{standing}" for standing in Standing} | {f"decision-{decided}" for decided in DECIDES.values()}
    found |= {"stranger-admitted", "stranger-blocked", "limit-of-one-none", "limit-of-one-default-none"}
    found |= {f"button-{name}" for name in DECIDES}
    found |= {f"remedy-{kind.value}" for kind in RemedyKind}
    found |= {f"setting-{one}" for one in (KEEP, OFFERED, NEVER)}
    found |= {f"{picture}-{place}" for picture in ("painted", "only") for place in ("here", "there")}
    return found


def test_every_key_that_the_code_says_is_there() -> None:
    assert [f"{place}: {key}" for key, place in _said() if not knows(key)] == []
    assert {key for key in _families() if not knows(key)} == set()


def test_every_key_is_said_somewhere() -> None:
    used = _literals() | _families()
    used |= {f"button-{name}" for name in _literals("keyboards.py")}
    used |= {f"{family}-{name}" for family in ("setting", "choose") for name in _literals("settings.py")}
    used |= {f"strength-{name}" for name in STRENGTHS}
    used |= {f"owner-storage-{kind.value}" for kind in FaultKind}
    used |= {f"unusable-{kind}" for kind in (*_literals("parts.py", "handlers.py"), DELETED_FILE)}
    assert set(flat("en")) - used == set()


@pytest.mark.parametrize(
    ("code", "language"),
    [
        *(("en", "en"), ("en-US", "en"), ("", "en"), ("xx", "en"), ("fr", "en"), ("e", "en")),
        *(("ru", "ru"), ("de", "de"), ("de-AT", "de"), ("es", "es"), ("es-419", "es"), ("pt", "pt")),
        *(("pt-br", "pt"), ("pt-PT", "pt"), ("pt_BR", "pt")),
        *(("zh", "zh-hans"), ("zh-hans", "zh-hans"), ("zh-Hans", "zh-hans"), ("zh-cn", "zh-hans")),
        *(("zh_CN", "zh-hans"), ("zh-hant", "zh-hans"), ("zh-hans-raw", "zh-hans")),
    ],
)
def test_a_language_code_finds_the_language_that_serves_it_best(code: str, language: str) -> None:
    assert pick(code) == language


def test_a_language_is_known_by_its_own_name() -> None:
    assert {spoken(say(one, "language-name")) for one in languages()} == set(languages())
    assert spoken("deutsch") == "de"
    assert [spoken(name) for name in ("German", "Chinese", "中文")] == ["de", "zh-hans", "zh-hans"]
    assert set(OTHER_NAMES.values()) == set(languages()) - {DEFAULT_LANGUAGE}
    assert spoken("klingon") is None
    assert spoken("") is None


def test_a_language_that_nobody_translated_is_answered_in_english() -> None:
    assert say("fr", "nothing-to-undo") == say("en", "nothing-to-undo")
    with pytest.raises(UnknownText):
        say("ru", "no-such-key")


def test_the_menu_has_a_code_of_two_letters_for_each_language() -> None:
    """Telegram takes no others (Bot API, setMyCommands), and one menu must not replace another."""
    codes = [language.split("-")[0] for language in languages()]
    assert {len(code) for code in codes} == {2}
    assert len(set(codes)) == len(codes)


def test_helps_are_known() -> None:
    """A button that serves a remedy has the name of one."""
    assert set(HELP_ACTIONS) <= {one.value for one in Help}


@pytest.mark.parametrize("language", languages())
def test_a_long_list_is_said_whole(language: str) -> None:
    """Fluent itself gives up above 2500 characters (fluent.runtime, MAX_PART_LENGTH)."""
    names = ", ".join(f"@name-{number}" for number in range(1000))
    assert names in say(language, "saved-list", names=names)
    assert len(say(language, "refused-prompt-explained", explanation="W" * 5000)) > 5000


def test_a_value_that_is_missing_is_a_fault_of_the_program() -> None:
    with pytest.warns(UserWarning, match=r"'saved-list' in 'en': .*names"):
        assert say("en", "saved-list").startswith("Saved here: ")


def test_numbers_are_written_as_their_language_does() -> None:
    said = {one: say(one, "context", model="X", turns=1, pictures=1, megabytes=decimal(1.5, 1)) for one in languages()}
    assert {one for one, text in said.items() if "1,5" in text} == {"de", "es", "pt", "ru"}
    assert {one for one, text in said.items() if "1.5" in text} == {"en", "zh-hans"}
    assert "12,00 $" in say("de", "usage-own", turns=2, pictures=2, dollars=decimal(12, 2))


@pytest.mark.parametrize(("language", "form"), [("de", "1 $"), ("es", "1 $"), ("ru", "1 $"), ("pt", "US$ 1")])
def test_dollars_are_written_in_one_way(language: str, form: str) -> None:
    """Beside the comma of these languages, an English $0,03 looks like a mistake."""
    priced = (
        "left-dollars",
        "granted-dollars-day",
        "granted-dollars-month",
        "model-price",
        "people-spent",
        "owner-week",
    )
    values = {"most": 2, "pictures": 1, "people": 1}
    assert [key for key in priced if form not in say(language, key, dollars=1, **values)] == []


@pytest.mark.parametrize("path", sorted((BOT / "chat").glob("*.py")), ids=lambda path: path.stem)
def test_no_number_reaches_a_person_with_a_point_of_its_own(path: Path) -> None:
    """Numbers that Python formats are English in every language."""
    found = [
        node for node in python.walk(python.parse(path.read_text("utf-8"))) if isinstance(node, python.FormattedValue)
    ]
    specs = [python.unparse(node.format_spec) for node in found if node.format_spec]
    assert [spec for spec in specs if re.search(r"\.[1-9]\d*[fg%]", spec)] == []
