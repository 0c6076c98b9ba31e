"""How measurements print figures. Imports nothing."""

from __future__ import annotations

from collections.abc import Mapping


def table(columns: Mapping[str, Mapping[str, float]], width: int) -> str:
    """Return figures by name, a column of ``width`` characters for each subject; a figure not taken is a dash."""
    names = list(dict.fromkeys(name for values in columns.values() for name in values))
    longest = max(map(len, names))
    lines = ["  ".join([" " * longest, *(f"{title[:width]:>{width}}" for title in columns)])]
    for name in names:
        cells = [f"{v[name]:>{width}.2f}" if name in v else f"{'-':>{width}}" for v in columns.values()]
        lines.append("  ".join([f"{name:<{longest}}", *cells]))
    return "\n".join(lines)
