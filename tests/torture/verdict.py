"""Compares a tortured run with an unkilled one. Imports the parts beside it.

Each function returns the faults, one sentence each. It knows only what can be seen from outside.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from tests.torture.run import Seen

Json = dict[str, Any]

JUST_NOW_S = 1.0
"""An answer that was sent so shortly before a kill may be lost in the kernel's buffers: it cannot be known."""

KEPT_WITHIN_S = 10.0
"""Where it is known when an answer was stored: how long a busy machine may take for it."""


def histories(seen: Seen, reference: Seen) -> list[str]:
    """Compare each request's history with the last wish of its conversation, except for ``bent`` ones."""
    wrong = []
    for number in sorted({person.number for person in seen.people if not person.bent}):
        mine, theirs = _last_history(seen, number), _last_history(reference, number)
        if mine != theirs:
            wrong.append(f"conversation {number} ended with {_words(mine)} instead of {_words(theirs)}")
    return wrong


def order(seen: Seen) -> list[str]:
    """Find wishes that were asked for before an earlier one of their conversation, but for bursts that were bent."""
    bent = {burst for person in seen.people for burst in person.bent}
    first: dict[str, list[str]] = defaultdict(list)
    for call in (call for call in seen.calls if call["tag"].rstrip("abc") not in bent):
        conversation = call["tag"].split("-")[0]
        if call["tag"] not in first[conversation]:
            first[conversation].append(call["tag"])
    return [f"{name} asked in the order {tags}" for name, tags in first.items() if tags != sorted(tags, key=_place)]


def overlaps(seen: Seen) -> list[str]:
    """Find two calls of one conversation that ran at the same time."""
    running: dict[str, Json] = {}
    wrong = []
    for call in sorted(seen.calls, key=lambda one: one["at"]):
        conversation = call["tag"].split("-")[0]
        before = running.get(conversation)
        if before is not None and call["at"] < (before["end"] or before["at"]) - 0.02 and not _gone(seen, before, call):
            wrong.append(f"{call['tag']} began while {before['tag']} ran")
        running[conversation] = call
    return wrong


def bought_twice(seen: Seen) -> tuple[list[str], int]:
    """Find answers that went out whole and were asked for again; also count those that a kill may have swallowed."""
    asked = Counter[str]()
    for person in seen.people:
        asked.update(person.expected)
    retried = sum(person.retried for person in seen.people)
    wrong, swallowed = [], 0
    for tag, finished in _finished(seen).items():
        extra = len(finished) - asked[tag]
        lost = sum(_swallowed(seen, call) for call in finished)
        swallowed += max(0, min(extra, lost))
        if extra > lost + (retried if asked[tag] == 0 else 0):
            wrong.append(f"[{tag}] was painted {len(finished)} times instead of {asked[tag]}: {_told(seen, finished)}")
    return wrong, swallowed


def duplicates(seen: Seen) -> list[str]:
    """Find pictures that were sent more often than they were made for, but for what people had shown again.

    An undo shows a picture again, too, if it is not known whether that arrived.
    """
    wrong = []
    for person in seen.people:
        captions = _captions(seen, person.number)
        sent = [words for words in captions if "once more." not in words and not any(arrow in words for arrow in "↩↪")]
        shown = Counter(re.findall(r"Done \[([^]]+)\]", " ".join(sent)))
        wrong += [
            f"[{tag}] was sent {count} times instead of {person.expected[tag]}"
            for tag, count in shown.items()
            if count > person.expected[tag]
        ]
    return wrong


def unsure(seen: Seen) -> int:
    """Count the sends whose outcome was recorded as unknown."""
    return sum(said.words.startswith("I’m not sure") for chat in seen.chats.values() for said in chat)


def complaints(seen: Seen, reference: Seen) -> list[str]:
    """Return everything that is wrong with a run."""
    wrong = [*histories(seen, reference), *order(seen), *overlaps(seen), *bought_twice(seen)[0], *duplicates(seen)]
    if seen.exit_code != 0:
        wrong.append(f"the bot ended with {seen.exit_code} when it was asked to stop")
    if not is_whole(seen.check):
        wrong.append(f"the store is not whole: {seen.check}")
    return wrong


def assert_whole(seen: Seen, wrong: list[str], folder: Path) -> None:
    """Raise an AssertionError if anything is wrong; what was seen of it is then written to ``evidence.txt``."""
    if wrong:
        (folder / "evidence.txt").write_text(_evidence(seen, wrong), "utf-8")
        print(*wrong, f"What was seen stands in {folder / 'evidence.txt'}", sep="\n")
    assert wrong == []


def _evidence(seen: Seen, wrong: list[str]) -> str:
    """Return the chats and calls of the conversations that these sentences name, and when processes went down."""
    lines = [f"down from {down.at:.2f} to {down.until:.2f} {down.who}" for down in seen.downs]
    for number in sorted(
        {int(found) for words in wrong for found in re.findall(r"\b(?:c|conversation )(\d+)\b", words)}
    ):
        calls = [call for call in seen.calls if call["tag"].startswith(f"c{number}-")]
        lines += [str({name: value for name, value in call.items() if name != "history"}) for call in calls]
        lines += [f"{number}: {said}" for said in seen.chats[number]]
    return "\n".join(lines)


def is_whole(check: str) -> bool:
    """Return whether the words of ``check`` say that the store is whole.

    The stand-in for a provider lists no models, and `check` reports that, too. Only the store counts here.
    """
    broken = [line for line in check.splitlines() if line.startswith("BROKEN") and " gemini, " not in line]
    return not broken and "broken." in check


def totals(seen: Seen, reference: Seen) -> str:
    """Return the figures of a run in one line."""
    retried = sum(person.retried for person in seen.people)
    bent = sum(bool(person.bent) for person in seen.people)
    repeated = sum(person.repeated for person in seen.people)
    return (
        f"{len(seen.downs)} kills, {seen.updates} updates, {len(seen.people)} conversations, {seen.seconds:.0f} s: "
        f"{len(seen.calls)} calls ({len(reference.calls)} unkilled), {unsure(seen)} sends of unknown outcome, "
        f"{retried} times Try again ({bent} conversations bent by that), {repeated} sent again, "
        f"{bought_twice(seen)[1]} answers swallowed by a kill before they could be stored"
    )


def _last_history(seen: Seen, number: int) -> Any:
    mine = [call for call in seen.calls if call["tag"].startswith(f"c{number}-")]
    last = max(mine, key=lambda call: (_place(call["tag"]), call["n"]), default=None)
    return last["history"] if last else None


def _words(history: Any) -> Any:
    return [part for content in history or [] for part in content[1:] if "[" in part]


def _place(tag: str) -> tuple[int, str]:
    number = re.sub(r"\D", "", tag.split("-")[1])
    return int(number), tag


def _finished(seen: Seen) -> dict[str, list[Json]]:
    found: dict[str, list[Json]] = defaultdict(list)
    for call in seen.calls:
        if call["finished"]:
            found[call["tag"]].append(call)
    return found


def _told(seen: Seen, calls: list[Json]) -> str:
    """Return the process of these calls, when they ran, when the answer was stored and when the process went down."""
    told = []
    for call in calls:
        downs = [f"{down.at:.2f} to {down.until:.2f}" for down in seen.downs if down.who == call["who"]]
        near = [down for down in downs if abs(float(down.split()[0]) - call["end"]) < 60]
        kept = (seen.kept or {}).get(call["id"])
        told.append(f"{call['who']} from {call['at']:.2f} to {call['end']:.2f}, stored {kept}, down {near}")
    return "; ".join(told)


def _swallowed(seen: Seen, call: Json) -> bool:
    """Return whether the process of a call may have died, or was paused, before it could store the answer."""
    # A server may have sent its answer before it notices that the client is gone.
    downs = [
        down
        for down in seen.downs
        if down.who == call["who"] and (call["end"] if down.paused else call["at"]) <= down.until
    ]
    first = min(downs, key=lambda down: down.at, default=None)
    if first is None:
        return False
    if seen.kept is None:
        return first.at - JUST_NOW_S < call["end"]
    return first.at - KEPT_WITHIN_S < call["end"] and seen.kept.get(call["id"], first.at + 1) > first.at


def _gone(seen: Seen, before: Json, call: Json) -> bool:
    """Return whether the process of the first call was dead or paused when the second call began."""
    return any(down.who == before["who"] and before["at"] <= down.at <= call["at"] for down in seen.downs)


def _captions(seen: Seen, number: int) -> list[str]:
    return [said.words for said in seen.chats[number] if said.from_bot and said.has_picture]
