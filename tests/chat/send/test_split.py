"""Long words in pieces: legal for Telegram, natural for a reader, and nothing lost."""

from __future__ import annotations

import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.chat.send.split import CAPTION_LIMIT, MESSAGE_LIMIT, fit_caption, split_text, units

FAMILY = "👨‍👩‍👧‍👦"
FLAG = "🇺🇦"
BITS = [
    "a",
    "word ",
    "Sentence. ",
    "\n",
    "\n\n",
    "  ",
    "\r\n",
    "é",
    "e\u0301",
    "ﷺ",
    "שלום ",
    "नमस्ते",
    "漢字。",
    "😀",
    FAMILY,
    FLAG,
    "👍🏽",
    "`",
    "```\n",
    " \u0301",
]
texts = st.one_of(
    st.text(alphabet="a \u200b\u200f\n😀\U0001b2fc", max_size=150),
    st.text(max_size=200),
    st.lists(st.sampled_from(BITS), max_size=120).map("".join),
)


def graphemes(text: str) -> list[str]:
    return regex.findall(r"\X", text)


def is_invisible(text: str) -> bool:
    return regex.fullmatch(r"[\p{Cc}\p{Cf}\p{Z}]*", text) is not None


def visible(text: str) -> list[str]:
    return [each for each in graphemes(text) if not is_invisible(each)]


@given(text=texts, limit=st.integers(12, 90))
@settings(max_examples=150)
@example(text=" \u0301 \u0301" * 9, limit=12)
def test_pieces_are_legal_whole_and_complete(text: str, limit: int) -> None:
    pieces = split_text(text, limit)
    assert all(0 < units(piece) <= limit for piece in pieces)
    assert not any(is_invisible(piece) for piece in pieces)
    if all(units(each) <= limit for each in graphemes(text)):
        assert [each for piece in pieces for each in visible(piece)] == visible(text)


@given(text=texts, limit=st.integers(12, 90))
def test_a_piece_is_never_cut_again(text: str, limit: int) -> None:
    for piece in split_text(text, limit):
        assert split_text(piece, limit) == [piece]


@given(text=texts, limit=st.integers(12, 90))
def test_only_what_cannot_be_seen_is_lost(text: str, limit: int) -> None:
    pieces, at = split_text(text, limit), 0
    for piece in pieces:
        found = text.index(piece, at)
        assert is_invisible(text[at:found])
        at = found + len(piece)
    assert is_invisible(text[at:])


@given(text=texts, limit=st.integers(12, 90))
def test_a_caption_and_the_rest_are_the_text(text: str, limit: int) -> None:
    caption, rest = fit_caption(text, limit)
    assert units(caption) <= limit
    assert [caption, *split_text(rest, limit)] == (split_text(text, limit) or [""])


@pytest.mark.parametrize("text", ["", " \n\t ", "\u200b", "\u2060 \u00ad"])
def test_what_cannot_be_seen_is_not_sent(text: str) -> None:
    assert split_text(text) == []
    assert fit_caption(text) == ("", "")


def test_text_that_fits_stays_as_it_is() -> None:
    text = "One.\n\n  Two,\tthree " + FAMILY
    assert split_text(text) == [text]
    assert fit_caption(text) == (text, "")
    assert split_text("x" * MESSAGE_LIMIT) == ["x" * MESSAGE_LIMIT]
    assert fit_caption("x" * CAPTION_LIMIT) == ("x" * CAPTION_LIMIT, "")


def test_length_is_counted_as_entities_are() -> None:
    assert [len(piece) for piece in split_text("😀" * MESSAGE_LIMIT)] == [2048, 2048]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("first part here\n\nsecond. Third\nfourth", ["first part here", "second. Third\nfourth"]),
        ("first line is here\nsecond. Third fourth", ["first line is here", "second. Third fourth"]),
        ("The first one ends. Then the second one", ["The first one ends.", "Then the second one"]),
        ('He said "enough!" Then he left for the sea', ['He said "enough!"', "Then he left for the sea"]),
        ("one two three four five six seven eight", ["one two three four five six", "seven eight"]),
        (
            "山の上に雪が降りました。それから静かになりました。朝が来ました。",
            ["山の上に雪が降りました。それから静かになりました。", "朝が来ました。"],
        ),
        ("a https://example.org/abcdefgh", ["a", "https://example.org/abcdefgh"]),
        ("abcdefghijklmnopqrstuvwxyz0123456789", ["abcdefghijklmnopqrstuvwxyz01", "23456789"]),
    ],
)
def test_cuts_are_where_a_reader_would_pause(text: str, pieces: list[str]) -> None:
    assert split_text(text, 28) == pieces


def test_a_cut_far_before_the_limit_is_not_worth_it() -> None:
    text = "Hi.\n\n" + "word " * 20
    assert split_text(text, 50)[0] == "Hi.\n\n" + ("word " * 9).strip()


def test_code_that_fits_into_one_message_stays_in_one() -> None:
    code = "```python\nfor a in b:\n\n    print(a)\n```"
    assert split_text(f"Try this, please.\n{code}\nDone.", 48) == ["Try this, please.", code + "\nDone."]


def test_code_that_is_too_long_is_cut_between_lines() -> None:
    code = "```\n" + "one two = three\n" * 8 + "```"
    for piece in split_text(code, 60):
        assert piece.splitlines()[-1] in ("one two = three", "```")


@pytest.mark.parametrize("one", [FAMILY, FLAG, "👍🏽", "e\u0301\u0323", "नि", "각"])
def test_what_is_one_to_the_eye_stays_one(one: str) -> None:
    for piece in split_text(one * 50, 31):
        assert len(piece) % len(one) == 0


def test_halves_of_a_pair_are_joined_and_lone_ones_shown_as_unknown() -> None:
    assert split_text("\ud83d\ude00 \ud83d") == ["😀 \ufffd"]


def test_a_letter_with_too_many_marks_is_still_sent() -> None:
    monster = "a" + "\u0301" * 50
    assert "".join(split_text(monster, 20)) == monster


def test_a_book_is_cut_quickly() -> None:
    book = ("A sentence of some length, again and again. " * 9 + "\n\n") * 500
    assert len(split_text(book)) < 60
