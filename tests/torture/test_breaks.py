"""The breaks of ``breaks``, without running any: each still finds the line that it changes."""

from __future__ import annotations

import pytest

from tests.torture.breaks import BREAKS, ROOT, Break


@pytest.mark.parametrize("broken", [pytest.param(broken, id=broken.promise) for broken in BREAKS])
def test_the_line_to_break_is_there(broken: Break) -> None:
    assert (ROOT / broken.file).read_text("utf-8").count(broken.old) == 1
