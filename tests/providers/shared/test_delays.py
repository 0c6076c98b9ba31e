"""The delay that the words of a refusal name, as Google and OpenAI write it."""

from __future__ import annotations

import pytest

from bot.providers.shared.delays import delay_s


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Please try again in 12s.", 12),
        ("Please try again in 6m0s. Visit the page of your limits.", 360),
        ("Please try again in 850ms.", 0.85),
        ("Please retry in 52.113374018s.", 52.113374018),
        ("Please retry in 3h44m12.5s.", 13452.5),
        ("Retry after 2 minutes, 3 seconds", 123),
        ("try again in 1d", 86400),
        ("try again in 20s, at most 5m", 20),
        ("try again in 5 different ways", None),
        ("try again in 5", None),
        ("Try again later.", None),
    ],
)
def test_words_name_a_delay(text: str, expected: float | None) -> None:
    assert delay_s([], text) == pytest.approx(expected)
