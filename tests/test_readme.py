"""README tells the truth where a test can tell: paths, links and commands. For settings see ``test_settings``."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.chat.command_table import COMMANDS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def _structure() -> list[str]:
    block = README.partition("## Project structure")[2].split("```")[1]
    paths, folder = [], ""
    for line in block.strip().splitlines():
        name = line.split()[0]
        folder = name if not line.startswith(" ") else folder
        paths.append(name if name == folder else folder + name)
    return paths


@pytest.mark.parametrize("path", _structure())
def test_the_structure_names_what_is_there(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:bot|storage|tests)/[^`*]+)`", README))))
def test_a_path_in_the_text_is_there(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\((?!https?:)([^)#]+)\)", README))))
def test_a_link_leads_somewhere(target: str) -> None:
    assert (ROOT / target).exists()


def test_the_commands_are_those_of_the_menu() -> None:
    assert re.findall(r"(?m)^\| `/([a-z0-9]+)` \|", README) == ["start", *COMMANDS]


def test_what_make_lists_is_what_readme_names() -> None:
    targets = set(re.findall(r"(?m)^([a-z]+):.*## ", (ROOT / "Makefile").read_text("utf-8")))
    assert set(re.findall(r"(?:`|    |\.\.\. )make ([a-z]+)", README)) <= targets
