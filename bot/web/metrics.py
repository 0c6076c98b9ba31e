"""``/metrics`` in the format of Prometheus. Imports ``metrics``, prometheus-client and Starlette.

prometheus-client is imported by the first request, so a bot without monitoring does not load it. Values of the database
are read during a request, and kept for ``KEEP_S``.
"""

from __future__ import annotations

import asyncio
import logging
import platform
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.metrics import Histogram, Meter

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.core import Metric

log = logging.getLogger(__name__)

KEEP_S = 10.0
READ_S = 3.0
MICRO = 1_000_000

Value = int | float
Item = TypeVar("Item")
Labelled = Iterable[tuple[tuple[str, ...], Item]]
"""Pairs of label values and a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """A value that is read at each request. ``read`` returns the value by label, or by "" without a label.

    ``total``: it only grows. ``stored``: it comes from the database.
    """

    name: str
    text: str
    read: Callable[[], Awaitable[Mapping[str, Value]]]
    label: str = ""
    total: bool = False
    stored: bool = False


class MetricsPage:
    """Collects the counters of this process and the gauges, and answers ``/metrics``."""

    def __init__(self, version: str, meter: Meter, gauges: Sequence[Gauge]) -> None:
        self._version = version
        self._meter = meter
        self._gauges = gauges
        self._kept: dict[str, tuple[float, Mapping[str, Value]]] = {}
        self._read: list[tuple[Gauge, Mapping[str, Value]]] = []
        self._registry: CollectorRegistry | None = None
        self._one = asyncio.Lock()

    def route(self) -> Route:
        """Return the route of /metrics."""
        return Route("/metrics", self.handle, methods=["GET"])

    async def handle(self, request: Request) -> Response:
        """Answer with all metrics, in the format that the caller prefers."""
        from prometheus_client.exposition import choose_encoder

        encode, kind = choose_encoder(request.headers.get("accept", ""))
        async with self._one:
            self._read = [(gauge, await self._value(gauge)) for gauge in self._gauges]
            text = encode(self._collected())
        return Response(text, headers={"Content-Type": kind, "Cache-Control": "no-store"})

    async def _value(self, gauge: Gauge) -> Mapping[str, Value]:
        at, found = self._kept.get(gauge.name, (float("-inf"), {}))
        if not gauge.stored or time.monotonic() - at > KEEP_S:
            try:
                async with asyncio.timeout(READ_S):
                    found = await gauge.read()
            except Exception as error:
                # A missing value is better than an outdated one.
                log.warning("%s cannot be read: %s: %s", gauge.name, type(error).__name__, error)
                found = {}
            self._kept[gauge.name] = time.monotonic(), found
        return found

    def _collected(self) -> CollectorRegistry:
        if self._registry is None:
            from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector

            self._registry = CollectorRegistry()
            for collector in (ProcessCollector, PlatformCollector, GCCollector):
                collector(registry=self._registry)
            self._registry.register(self)
        return self._registry

    def describe(self) -> Iterable[Metric]:
        """Return nothing, so that the registry does not collect all metrics to learn their names."""
        return []

    def collect(self) -> Iterable[Metric]:
        """Yield all metrics."""
        from prometheus_client.core import InfoMetricFamily

        build = InfoMetricFamily("pentimento_build", "What runs here.")
        build.add_metric([], {"version": self._version, "python": platform.python_version()})
        yield build
        yield from self._counted()
        yield from self._timed()
        for gauge, values in self._read:
            keys = [((label,) if gauge.label else (), value) for label, value in values.items()]
            labels = [gauge.label] if gauge.label else []
            yield (_counter if gauge.total else _gauge)(gauge.name, gauge.text, labels, keys)

    def _counted(self) -> Iterable[Metric]:
        meter = self._meter
        cost = {labels: micro / MICRO for labels, micro in meter.spent_micro_usd.items()}
        deliveries = {(str(status),): count for status, count in meter.deliveries.items()}
        flying = {(provider,): count for provider, count in meter.in_flight.items()}
        yield _counter("turns", "Turns by the state that they reached.", ["state", "provider"], meter.turns.items())
        yield _counter("provider_repeats", "Calls made again, by why.", ["provider", "why"], meter.repeats.items())
        yield _counter("cost_usd", "Cost by the price list.", ["provider", "model"], cost.items())
        booked = {(what,): count for what, count in meter.booked.items()}
        yield _counter("booked", "Places for pictures, by what became of them.", ["what"], booked.items())
        restored = {(what,): count for what, count in meter.restored.items()}
        yield _counter("restored", "Answers that edit one picture, by what became of it.", ["what"], restored.items())
        yield _counter("telegram_calls", "Calls to Telegram by status.", ["method", "status"], meter.telegram.items())
        yield _counter(
            "deliveries", "Deliveries of Telegram's by the status of the answer.", ["status"], deliveries.items()
        )
        yield _gauge("provider_calls_in_flight", "Paid calls that run.", ["provider"], flying.items())

    def _timed(self) -> Iterable[Metric]:
        meter = self._meter
        steps = {(step.value,): histogram for step, histogram in meter.stages.items()}
        calls = {(provider,): histogram for provider, histogram in meter.calls.items()}
        yield _histogram("step_seconds", "How long the steps of a turn took.", ["step"], steps.items())
        yield _histogram("provider_call_seconds", "How long paid calls took.", ["provider"], calls.items())
        yield _histogram("delivery_seconds", "From a delivery to its answer.", [], [((), meter.delivering)])


def _counter(name: str, text: str, labels: list[str], values: Labelled[Value]) -> Metric:
    from prometheus_client.core import CounterMetricFamily

    family = CounterMetricFamily(f"pentimento_{name}", text, labels=labels)
    for key, value in values:
        family.add_metric(list(key), value)
    return family


def _gauge(name: str, text: str, labels: list[str], values: Labelled[Value]) -> Metric:
    from prometheus_client.core import GaugeMetricFamily

    family = GaugeMetricFamily(f"pentimento_{name}", text, labels=labels)
    for key, value in values:
        family.add_metric(list(key), value)
    return family


def _histogram(name: str, text: str, labels: list[str], values: Labelled[Histogram]) -> Metric:
    from prometheus_client.core import HistogramMetricFamily

    family = HistogramMetricFamily(f"pentimento_{name}", text, labels=labels)
    for key, histogram in values:
        family.add_metric(list(key), histogram.buckets(), histogram.sum_s)
    return family
