"""Which model replaces one that is gone: chains, loops, and several processes that learn of it at once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.providers.base import Capabilities, ModelStatus, Provider
from bot.providers.errors import KeyInvalid
from bot.turns.ageing import Ageing
from storage.tables.models import AccountNote, Limits, Models

DAY_S = 86400.0
NAMES = st.sampled_from("abcdef")


class Notes:
    """Notes in memory, for any number of processes."""

    def __init__(self) -> None:
        self.held: dict[str, AccountNote] = {}

    async def known(self, account: str) -> AccountNote:
        await asyncio.sleep(0)
        return self.held.get(account, AccountNote())

    async def compare_and_set(self, account: str, old: AccountNote, new: AccountNote) -> bool:
        if self.held.get(account, AccountNote()) != old:
            return False
        self.held[account] = new
        return True


class Catalog:
    """A provider of which only the catalog matters."""

    account = "0123456789abcdef"
    listing = ""

    def __init__(self, successors: Mapping[str, str]) -> None:
        self._successors = successors
        self.list: tuple[str, ...] | None = None
        self.asked = 0

    def models(self) -> tuple[Capabilities, ...]:
        return tuple(self.capabilities(model) for model in "abcdef")

    def capabilities(self, model: str) -> Capabilities:
        return Capabilities(
            model=model, label=model.upper(), history=True, max_images=3, successor=self._successors.get(model, "")
        )

    async def offered(self) -> tuple[str, ...]:
        self.asked += 1
        if self.list is None:
            raise KeyInvalid
        return self.list


class Process:
    """One of several processes: what it knows, and how it notified the owners."""

    def __init__(self, notes: Notes, catalog: Catalog) -> None:
        self.now = 1_800_000_000.0
        self.told: list[tuple[str, dict[str, Any]]] = []
        providers = {"gemini": cast("Provider", catalog)}
        self.ageing = Ageing(cast("Models", notes), providers, clock=lambda: self.now, notify_owners=self._hear)

    def _hear(self, key: str, /, **values: str | int) -> None:
        self.told.append((key, values))

    async def wish(self, chosen: str, there: set[str]) -> list[str]:
        """Go on from model to model as a wish does; return which were asked, the last one having painted or not."""
        model, gone = self.ageing.present("gemini", chosen), list[str]()
        asked = [model]
        while model not in there:
            gone.append(model)
            model = self.ageing.following("gemini", gone)
            if not model:
                return asked
            asked.append(model)
        if gone:
            await self.ageing.learn_successor("gemini", gone, model)
        return asked


@given(
    st.dictionaries(NAMES, NAMES),
    st.lists(st.tuples(NAMES, st.sets(NAMES)), min_size=1, max_size=12),
)
@settings(max_examples=300, deadline=None)
def test_no_wish_asks_a_model_twice_whatever_follows_what(
    successors: dict[str, str], wishes: list[tuple[str, set[str]]]
) -> None:
    """Chains and loops in the catalog, and models that go and come back."""

    async def live() -> None:
        process = Process(Notes(), Catalog(successors))
        for chosen, there in wishes:
            asked = await process.wish(chosen, there)
            assert len(asked) == len(set(asked)) <= 6
            painted = asked[-1] if asked[-1] in there else None
            if painted is not None:
                # The next wish goes to the one that painted, and is not refused first.
                assert process.ageing.present("gemini", chosen) == painted
                assert await process.wish(chosen, there) == [painted]
            for model in "abcdef":
                process.ageing.present("gemini", model)

    asyncio.run(live())


async def test_the_owners_of_several_processes_hear_of_a_replacement_once() -> None:
    notes, catalog = Notes(), Catalog({"a": "b"})
    crew = [Process(notes, catalog) for _ in range(4)]
    await asyncio.gather(*(process.wish("a", {"b"}) for process in crew))
    assert [key for process in crew for key, _ in process.told] == ["owner-model-replaced"]
    later = Process(notes, catalog)
    await later.ageing.load()
    assert await later.wish("a", {"b"}) == ["b"]


async def test_the_owners_of_several_processes_hear_of_an_end_once_a_day() -> None:
    notes, catalog = Notes(), Catalog({"a": "b"})
    crew = [Process(notes, catalog) for _ in range(3)]
    ends = ModelStatus(stage="LEGACY", retires_at=crew[0].now + 30 * DAY_S)
    for day in range(4):
        for process in crew:
            process.now = 1_800_000_000.0 + day * DAY_S
        await asyncio.gather(*(process.ageing.learn_status("gemini", "a", ends) for process in crew))
        await asyncio.gather(*(process.ageing.look("gemini") for process in crew))
        told = [values for process in crew for _, values in process.told]
        assert sorted(one["days"] for one in told) == sorted(30 - gone for gone in range(day + 1))


async def test_no_notice_of_a_model_that_nobody_uses() -> None:
    process = Process(Notes(), Catalog({}))
    ends = ModelStatus(stage="DEPRECATED", retires_at=process.now + 90 * DAY_S)
    await process.ageing.learn_status("gemini", "c", ends)
    assert process.told == []
    process.now += 40 * DAY_S
    await process.ageing.look("gemini")
    assert process.told == []
    await process.ageing.learn_status("gemini", "c", None)
    assert [key for key, _ in process.told] == ["owner-model-ends"]


async def test_a_list_is_asked_for_once_a_day_and_sooner_where_it_could_not_be_had() -> None:
    notes, catalog = Notes(), Catalog({})
    crew = [Process(notes, catalog) for _ in range(3)]

    async def look(after_s: float) -> int:
        for process in crew:
            process.now += after_s
        await asyncio.gather(*(process.ageing.look("gemini") for process in crew))
        return catalog.asked

    assert await look(0) == 1
    assert await look(60) == 1
    catalog.list = ("b", "e", "z")
    assert await look(3600) == 2
    assert await look(23 * 3600) == 2
    assert [row.model for row in crew[1].ageing.offered("gemini")] == ["a", "b", "e", "z"]
    catalog.list = ("c",)
    assert await look(2 * 3600) == 3
    await look(60)
    assert [row.model for row in crew[2].ageing.offered("gemini")] == ["a", "c"]


async def test_what_one_process_learned_of_limits_all_keep_for_a_week() -> None:
    """A provider that raises a limit is found to have done so, at the cost of a refused call."""
    notes = Notes()
    one, other = Process(notes, Catalog({})), Process(notes, Catalog({}))
    await one.ageing.learn_limits("gemini", "a", Limits(images=4))
    await other.ageing.load()
    assert other.ageing.limits("gemini", "a") == Limits(images=4)
    assert other.ageing.limits("gemini", "b") == Limits()
    other.now += 6 * DAY_S
    await other.ageing.learn_limits("gemini", "a", Limits(images=6, prompt_chars=800))
    assert other.ageing.limits("gemini", "a") == Limits(images=4, prompt_chars=800)
    other.now += 8 * DAY_S
    assert other.ageing.limits("gemini", "a") == Limits()
    await other.ageing.learn_limits("gemini", "a", Limits(images=6))
    assert other.ageing.limits("gemini", "a") == Limits(images=6)
    assert other.told == []
