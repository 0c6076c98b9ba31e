"""Whom the bot serves: each mode in one table."""

from __future__ import annotations

import pytest

from bot.access.rules import Access, Verdict
from storage.guests.values import Standing

ANN, BORIS, CHEN, GROUP = 1, 2, 3, -9
SERVED, WAITS, STRANGER, REFUSED, BLOCKED = Verdict
OWNERS = frozenset({BORIS})

OPEN = Access(owners=OWNERS)
ASK = Access(mode="ask", owners=OWNERS, people=frozenset({CHEN}), chats=frozenset({GROUP}))
PEOPLE = Access(mode="listed", owners=OWNERS, people=frozenset({CHEN}))
CHATS = Access(mode="listed", owners=OWNERS, chats=frozenset({GROUP}))
NOBODY = Access(mode="listed", owners=OWNERS)


@pytest.mark.parametrize(
    ("access", "person", "in_private", "in_group"),
    [
        (OPEN, ANN, SERVED, SERVED),
        (ASK, ANN, WAITS, SERVED),
        (ASK, CHEN, SERVED, SERVED),
        (PEOPLE, ANN, STRANGER, STRANGER),
        (PEOPLE, CHEN, SERVED, SERVED),
        (CHATS, ANN, SERVED, SERVED),
        (NOBODY, ANN, STRANGER, SERVED),
        *((access, BORIS, SERVED, SERVED) for access in (OPEN, ASK, PEOPLE, CHATS, NOBODY)),
    ],
)
def test_a_person(access: Access, person: int, in_private: Verdict, in_group: Verdict) -> None:
    assert access.of_person(person, None, private=True) is in_private
    assert access.of_person(person, None, private=False) is in_group
    assert access.of_person(person, Standing.ADMITTED, private=True) is SERVED
    assert access.of_person(person, Standing.BLOCKED, private=True) is (SERVED if person == BORIS else BLOCKED)
    # Whoever lets a group in by its number means everybody there.
    assert access.of_person(person, None, private=False, chat=Standing.ADMITTED) is SERVED


@pytest.mark.parametrize(
    ("access", "listed", "other"),
    [
        (OPEN, SERVED, SERVED),
        (ASK, SERVED, WAITS),
        (PEOPLE, SERVED, SERVED),
        (CHATS, SERVED, STRANGER),
        (NOBODY, STRANGER, STRANGER),
    ],
)
def test_a_group(access: Access, listed: Verdict, other: Verdict) -> None:
    assert access.of_chat(GROUP, None) is listed
    assert access.of_chat(GROUP - 1, None) is other
    assert access.of_chat(GROUP - 1, Standing.ADMITTED) is SERVED
    assert access.of_chat(GROUP, Standing.BLOCKED) is BLOCKED


def test_who_was_refused_is_not_asked_about_again_and_an_open_bot_serves_them() -> None:
    assert ASK.of_person(ANN, Standing.REFUSED, private=True) is REFUSED
    assert ASK.of_chat(-1, Standing.REFUSED) is REFUSED
    assert ASK.of_chat(-1, Standing.ASKED, author_id=BORIS) is SERVED
    assert OPEN.of_person(ANN, Standing.REFUSED, private=True) is SERVED


def test_a_bot_says_that_it_is_open_where_a_stranger_is_served() -> None:
    assert [one.serves_anybody for one in (OPEN, CHATS, ASK, PEOPLE, NOBODY)] == [True, True, False, False, False]
