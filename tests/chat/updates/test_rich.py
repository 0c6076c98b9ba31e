"""Words and photos of rich messages, whatever stands in them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.updates.rich import photos_of, words_of

Json = dict[str, Any]


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ({"type": "paragraph", "text": "a boat"}, "a boat"),
        ({"type": "pre", "text": "x = 1", "language": "python"}, "x = 1"),
        ({"type": "mathematical_expression", "expression": "a^2"}, "a^2"),
        ({"type": "paragraph", "text": {"type": "custom_emoji", "alternative_text": "⛵"}}, "⛵"),
        ({"type": "paragraph", "text": [{"type": "url", "text": "boats", "url": "https://x"}, " here"]}, "boats here"),
        ({"type": "details", "summary": "more", "blocks": [{"type": "paragraph", "text": "inside"}]}, "more\ninside"),
        ({"type": "table", "cells": [[{"text": "a"}, {"text": "b"}], [{"text": "c"}]], "caption": "sizes"},
         "a | b\nc\nsizes"),
        ({"type": "pullquote", "text": "so it is", "credit": "Ann"}, "so it is\nAnn"),
        ({"type": "video", "video": {}, "caption": {"text": "the sea"}}, "the sea"),
        ({"type": "paragraph", "text": {"type": "anchor", "name": "top"}}, ""),
        ({"type": "thinking", "text": "Thinking"}, ""),
        ({"type": "of 2027", "text": "a boat"}, "a boat"),
    ],
)  # fmt: skip
def test_the_words_of_each_kind_of_block(block: Json, words: str) -> None:
    assert words_of({"blocks": [block]}) == words


def test_photos_come_in_the_order_in_which_they_are_read() -> None:
    def photo(name: str) -> Json:
        sizes = [{"file_id": f"{name}{side}", "width": side, "height": side} for side in (90, 800)]
        return {"type": "photo", "photo": sizes}

    blocks = [
        photo("a"),
        {"type": "collage", "blocks": [photo("b"), photo("c")]},
        {"type": "list", "items": [{"label": "•", "blocks": [photo("d")]}]},
    ]
    assert [one.file_id for one in photos_of({"blocks": blocks})] == ["a800", "b800", "c800", "d800"]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["blocks", "items", "type", "text", "photo", "caption", "cells", "label", "file_id", "width"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(ANYTHING)
def test_nothing_in_one_is_relied_on(rich: Any) -> None:
    assert isinstance(words_of(rich), str)
    assert all(one.file_id for one in photos_of(rich))


def test_what_stands_too_deep_is_left_out() -> None:
    text: Any = "deep"
    for _ in range(5000):
        text = {"type": "bold", "text": text}
    assert words_of({"blocks": [{"type": "paragraph", "text": text}, {"type": "paragraph", "text": "flat"}]}) == "flat"
