"""README and the pages in ``docs`` are true where a test can tell: paths, links, commands, targets of make.

The table of settings is compared in ``tests/settings/test_settings.py``, the Kubernetes manifests in
``test_deployment.py`` and ``test_packaging.py``, the fields of providers in ``tests/providers/test_documents.py``.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.chat.command_table import COMMANDS
from bot.process.signals import ExitCode
from bot.settings.settings import Settings
from storage.records import TurnState
from tests.import_table import BEGIN, END, table

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
    for path in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
    if path.name != "CHANGELOG.md"
}
ARCHITECTURE = PAGES["docs/architecture.md"]
OURS = r"(?:bot|storage|tests|docs|\.github)/[\w./-]+"


def _found(pattern: str) -> list[tuple[str, str]]:
    """Return what a pattern finds, each with the page where it is."""
    return sorted({(page, found) for page, text in PAGES.items() for found in re.findall(pattern, text)})


def _anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    prose = re.sub(r"(?s)```.*?```", "", text)
    return {
        re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        for heading in re.findall(r"(?m)^#+ (.+)$", prose)
    }


def _structure() -> list[str]:
    block = ARCHITECTURE.partition("## Folders")[2].split("```")[1]
    paths, folder = [], ""
    for line in block.strip().splitlines():
        name = line.split()[0]
        folder = name if not line.startswith(" ") else folder
        paths.append(name if name == folder else folder + name)
    return paths


@pytest.mark.parametrize("path", _structure())
def test_the_structure_names_what_is_there(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize(("page", "path"), _found(rf"`({OURS}(?:::\w+)?)`"))
def test_a_path_in_the_text_is_there(page: str, path: str) -> None:
    name, _, function = path.partition("::")
    assert (ROOT / name).exists()
    if function:
        assert re.search(rf"(?m)^ *(?:async )?def {function}\b", (ROOT / name).read_text("utf-8"))


def test_the_structure_has_each_folder_of_the_source() -> None:
    """The folders of the sandbox have a single line there."""
    folders = {
        f"{path.parent.relative_to(ROOT).as_posix()}/"
        for top in ("bot", "storage")
        for path in (ROOT / top).rglob("*.py")
    }
    assert {folder for folder in folders if not re.match("bot/sandbox/.|storage/migrations/.", folder)} <= {
        *_structure()
    }


def test_the_graph_has_each_state_of_a_turn() -> None:
    graph = ARCHITECTURE.partition("stateDiagram-v2")[2].partition("```")[0]
    arrows = re.findall(r"(?m)^ *(\S+) --> (\w+|\[\*\])", graph)
    assert {name for arrow in arrows for name in arrow} - {"[*]"} == {state.value for state in TurnState}
    assert {start for start, end in arrows if end == "[*]"} == {state.value for state in TurnState if state.finished}


def test_the_import_table_is_the_one_that_the_tests_hold() -> None:
    written = PAGES["docs/imports.md"].partition(BEGIN)[2].partition(END)[0]
    assert written == table(), "python -m tests.import_table writes it anew"


@pytest.mark.parametrize(("page", "target"), _found(r"\]\((?!https?:)([^)]+)\)"))
def test_a_link_leads_somewhere(page: str, target: str) -> None:
    link = urlsplit(target)
    path = ROOT / page if not link.path else (ROOT / page).parent / link.path
    assert path.exists()
    if link.fragment:
        assert link.fragment in _anchors(path.read_text("utf-8"))


def test_every_page_can_be_reached_from_readme() -> None:
    reached, left = {"README.md"}, ["README.md"]
    while left:
        page = left.pop()
        for target in re.findall(r"\]\((?!https?:)([^)#]+\.md)", PAGES[page]):
            name = ((ROOT / page).parent / target).resolve().relative_to(ROOT).as_posix()
            if name in PAGES and name not in reached:
                reached.add(name)
                left.append(name)
    assert set(PAGES) - reached == set()


def test_the_commands_are_those_of_the_menu() -> None:
    assert re.findall(r"(?m)^\| `/([a-z0-9]+)` \|", README) == ["start", *COMMANDS]


def test_the_settings_in_readme_are_there() -> None:
    table = README.partition("## Settings")[2].partition("## Questions")[0]
    rows = re.findall(r"(?m)^\| (`[A-Z_`, ]+`) \| (?:`([^`]*)`)? ?", table)
    assert rows
    for names, default in rows:
        for name in re.findall("[A-Z_]+", names):
            assert name.lower() in Settings.model_fields
            assert default in ("", str(Settings.model_fields[name.lower()].default))


def test_the_page_for_operators_has_every_exit_code() -> None:
    table = PAGES["docs/operating.md"].partition("| exit code |")[2].partition("\n\n")[0]
    assert re.findall(r"(?m)^\| (\d) \|", table) == [str(code.value) for code in ExitCode]


@pytest.mark.parametrize(("page", "target"), _found(r"(?:`|    |\.\.\. )make ([a-z]+)"))
def test_make_has_each_target_that_a_page_names(page: str, target: str) -> None:
    targets = re.findall(r"(?m)^([a-z]+):.*## ", (ROOT / "Makefile").read_text("utf-8"))
    assert target in targets
