"""The import table in ``docs/imports.md``: ``python -m tests.import_table`` writes it from ``MAY_IMPORT``.

``test_docs`` compares the two. Imports ``test_architecture``.
"""

from __future__ import annotations

from pathlib import Path

from tests.test_architecture import EVERYTHING, MAY_IMPORT

PAGE = Path(__file__).parent.parent / "docs/imports.md"
BEGIN, END = "<!-- import table -->\n", "<!-- end of import table -->"


def table() -> str:
    """Return the table in Markdown, in the order of the layers."""
    lines = ["| folder or file | may import |", "|---|---|"]
    for name, targets in MAY_IMPORT.items():
        allowed = "everything" if targets == EVERYTHING else ", ".join(f"`{target}`" for target in targets)
        lines.append(f"| `{name}` | {allowed or 'nothing of ours'} |")
    return "\n".join(lines) + "\n"


def with_table(page: str) -> str:
    """Return the page with a table that is up to date."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{table()}{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text("utf-8")), encoding="utf-8")
