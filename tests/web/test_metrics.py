"""/metrics: that every figure moves with what it counts, and that none names a person."""

from __future__ import annotations

import asyncio
import json
import re
import timeit
import tomllib
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot import __version__
from bot.metrics import QUICK_S, Histogram, Meter, Stage
from tests.support.buying import PACKS, bought, given_back
from tests.support.people import ANN, BORIS
from tests.web.conftest import Caller, said

ROOT = Path(__file__).parent.parent.parent
Found = dict[tuple[str, str], float]


async def figures(caller: Caller) -> Found:
    """Return each sample by name and labels."""
    answer = await caller.http.get("/metrics")
    assert answer.status_code == 200
    return {
        (sample.name, ",".join(f"{key}={value}" for key, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


async def test_a_turn_moves_what_counts_it(caller: Caller) -> None:
    talk = caller.talk
    before = await figures(caller)
    assert before["pentimento_inbox_open", ""] == 0
    hold = talk.painter.hold()
    await talk.telegram.ann.say("a boat")
    await talk.painter.called(1)
    during = await figures(caller)
    assert during["pentimento_provider_calls_in_flight", "provider=gemini"] == 1
    assert during["pentimento_turns_total", "provider=gemini,state=accepted"] == 1
    hold.set()
    await talk.telegram.ann.answer()
    talk.painter.will((503, {"error": {"code": 503, "status": "UNAVAILABLE", "message": "overloaded"}}))
    await talk.telegram.ann.say("warmer")
    await talk.telegram.ann.answer()
    after = await figures(caller)
    assert after["pentimento_turns_total", "provider=gemini,state=answered"] == 2
    assert after["pentimento_provider_call_seconds_count", "provider=gemini"] == 3
    assert after["pentimento_provider_calls_in_flight", "provider=gemini"] == 0
    assert after["pentimento_provider_calls_waiting", "provider=gemini"] == 0
    assert [value for (name, _), value in after.items() if name == "pentimento_provider_repeats_total"] == [1]
    assert 0 < after["pentimento_cost_usd_total", "model=gemini-2.5-flash-image,provider=gemini"] < 1
    for step in Stage:
        assert after["pentimento_step_seconds_count", f"step={step.value}"] >= 1, step
    assert after["pentimento_telegram_calls_total", "method=sendPhoto,status=200"] == 2
    assert after["pentimento_deliveries_total", "status=200"] == 2
    assert after["pentimento_delivery_seconds_count", ""] == 2
    assert after["pentimento_telegram_silence_seconds", ""] < 60
    assert after["pentimento_telegram_pending", ""] == 0
    assert after["process_resident_memory_bytes", ""] > 1e7
    assert any(name == "pentimento_build_info" and f"version={__version__}" in labels for name, labels in after)


async def test_every_query_of_the_dashboard_and_of_the_alerts_finds_what_it_asks_for(caller: Caller) -> None:
    await caller.talk.telegram.ann.say("a boat")
    await caller.talk.telegram.ann.answer()
    text = (await caller.http.get("/metrics")).text
    known = {
        name + ("_bucket" if kind == "histogram" else "")
        for name, kind in re.findall(r"^# TYPE (\w+) (\w+)$", text, re.MULTILINE)
    }
    queries = [
        target["expr"]
        for panel in json.loads((ROOT / "docs/grafana/pentimento.json").read_text("utf-8"))["panels"]
        for target in panel["targets"]
    ]
    assert len(queries) > 15
    groups = yaml.safe_load((ROOT / "docs/prometheus/alerts.yml").read_text("utf-8"))["groups"]
    queries += [rule["expr"] for group in groups for rule in group["rules"]]
    asked = {name for query in queries for name in re.findall(r"pentimento_\w+", query)}
    assert asked - known == set()


async def test_the_page_for_operators_lists_every_metric(caller: Caller) -> None:
    await caller.talk.telegram.ann.say("a boat")
    await caller.talk.telegram.ann.answer()
    served = set(re.findall(r"(?m)^# TYPE (pentimento_\w+) ", (await caller.http.get("/metrics")).text))
    rows = re.findall(r"(?m)^\| (`pentimento_.*?) \|", (ROOT / "docs/operating.md").read_text("utf-8"))
    # Which process polls is a question only where several could.
    assert {name for row in rows for name in re.findall(r"pentimento_\w+", row)} == served | {"pentimento_leader"}


async def test_what_nobody_can_say_arrived_is_counted_apart(caller: Caller) -> None:
    talk = caller.talk
    await talk.telegram.fault("sendPhoto", drop="before")
    await talk.telegram.ann.say("a boat")
    assert "not sure" in (await talk.telegram.ann.answer()).text
    await talk.telegram.ann.say("warmer")
    assert (await talk.telegram.ann.answer()).has_picture
    async with asyncio.timeout(10):
        while await talk.store.conversations.unfinished_keys():  # noqa: ASYNC110 - the store tells nobody
            await asyncio.sleep(0.02)
    found = await figures(caller)
    assert found["pentimento_turns_total", "provider=gemini,state=kept_back"] == 1
    assert found["pentimento_turns_total", "provider=gemini,state=delivered"] == 1
    assert found["pentimento_step_seconds_count", "step=stored_to_delivered"] == 1


async def test_places_are_counted_by_what_became_of_them(caller: Caller) -> None:
    ann = caller.talk.telegram.ann
    await caller.talk.stop()
    caller.talk.settings["limit_person"] = "2/day"
    await caller.talk.start()
    caller.talk.painter.will((400, {"error": {"code": 400, "status": "INVALID_ARGUMENT", "message": "no"}}))
    for _ in range(4):
        await ann.say("a boat")
        await ann.answer()
    booked = {labels: value for (name, labels), value in (await figures(caller)).items() if "booked_total" in name}
    assert booked == {"what=held": 3, "what=settled": 2, "what=released": 1, "what=refused": 1}


async def test_pictures_are_counted_that_were_sold_and_given_back(caller: Caller) -> None:
    talk = caller.talk
    boris = talk.telegram.boris
    await talk.stop()
    talk.settings |= {"stars_packs": PACKS, "owner_ids": {BORIS}}
    await talk.start()
    await bought(talk, talk.telegram.ann, "20 pictures")
    charge_id = await bought(talk, talk.telegram.ann)
    await given_back(boris, charge_id)
    await boris.say(f"/refund {charge_id}")
    await boris.answer()
    booked = {labels: value for (name, labels), value in (await figures(caller)).items() if "booked_total" in name}
    assert booked == {"what=sold": 22, "what=refunded": 2}


async def test_failures_and_cancels_are_told_apart(caller: Caller) -> None:
    ann = caller.talk.telegram.ann
    caller.talk.painter.will((400, {"error": {"code": 400, "status": "INVALID_ARGUMENT", "message": "no"}}))
    await ann.say("a boat")
    await ann.answer()
    hold = caller.talk.painter.hold()
    await ann.say("a house")
    await caller.talk.painter.called(2)
    await ann.say("/cancel")
    await ann.answer()
    hold.set()
    found = await figures(caller)
    assert found["pentimento_turns_total", "provider=gemini,state=failed"] == 1
    assert found["pentimento_turns_total", "provider=gemini,state=cancelled"] == 1
    assert ("pentimento_cost_usd_total", "model=gemini-2.5-flash-image,provider=gemini") not in found


@pytest.mark.filterwarnings("ignore:.*retry_after:telegram.warnings.PTBDeprecationWarning")
async def test_what_telegram_refuses_is_counted_by_status(caller: Caller) -> None:
    await caller.talk.telegram.fault("sendPhoto", status=429, retry_after=1, times=1)
    await caller.talk.telegram.ann.say("a boat")
    await caller.talk.telegram.ann.answer()
    assert (await figures(caller))["pentimento_telegram_calls_total", "method=sendPhoto,status=429"] == 1


async def test_no_label_names_anybody(caller: Caller) -> None:
    """No content and no person, whatever people send."""
    await caller.talk.telegram.ann.photo(b"no picture", "Geheimnis")
    await caller.talk.telegram.ann.say("Geheimnis")
    await caller.talk.telegram.ann.answer()
    await caller.deliver(said(10**9, "Geheimnis"))
    text = (await caller.http.get("/metrics")).text
    assert "Geheimnis" not in text
    # Figures may hold any digits.
    assert [label for label in re.findall(r'="([^"]*)"', text) if str(ANN) in label] == []
    assert caller.talk.telegram.token not in text


async def test_one_reading_of_the_database_serves_all_who_ask_at_once(caller: Caller) -> None:
    first = await figures(caller)
    hold = caller.talk.painter.hold()
    await caller.talk.telegram.ann.say("a boat")
    await caller.talk.painter.called(1)
    second, third = await asyncio.gather(figures(caller), figures(caller))
    assert first["pentimento_turns_unfinished", ""] == 0
    assert second["pentimento_turns_unfinished", ""] == third["pentimento_turns_unfinished", ""] == 0, "kept for 10 s"
    hold.set()
    await caller.talk.telegram.ann.answer()


def test_the_version_is_that_of_the_package() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"] == __version__


def test_a_histogram_counts_up_to_each_end() -> None:
    histogram = Histogram(QUICK_S)
    for seconds in (-5.0, 0.001, 0.0011, 10.0, 11.0):
        histogram.add(seconds)
    buckets = dict(histogram.buckets())
    assert [buckets[end] for end in ("0.001", "0.0025", "10", "+Inf")] == [2, 3, 4, 5]
    assert histogram.sum_s == 0.001 + 0.0011 + 10.0 + 11.0


def test_counting_a_turn_takes_no_time_to_speak_of() -> None:
    """All that is counted for one turn, with much to spare for a busy machine that measures coverage."""
    meter = Meter()

    def turn() -> None:
        meter.served(200, 0.001)
        meter.reached("accepted", "gemini")
        meter.began("gemini")
        meter.ended("gemini", 7.0)
        meter.spent("gemini", "a-model", 39_000)
        meter.asked_telegram("sendPhoto", "200")
        meter.reached("answered", "gemini")
        for step in Stage:
            meter.took(step, 0.01)
        meter.reached("delivered", "gemini")

    assert min(timeit.repeat(turn, number=200, repeat=5)) / 200 < 1e-3
