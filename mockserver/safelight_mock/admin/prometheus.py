"""What Prometheus is told of a twin: counted when it asks."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from safelight_mock.admin.admin_request import Backend
from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Job, State, UnjudgedError, end_of, status
from safelight_mock.core.sandbox import Sandbox

PENDING = "pending"  # the outcome of a delivery that was not tried yet
MEDIA_TYPE = "text/plain; version=1.0.0; charset=utf-8"

Labels = tuple[str, ...]


class Figures(Collector):
    """The figures of one server, at a moment in real time; used within a transaction."""

    def __init__(self, backend: Backend, real: float) -> None:
        self._backend = backend
        self._real = real

    def text(self) -> bytes:
        """Write them down as Prometheus reads them."""
        return generate_latest(self)

    def collect(self) -> Iterator[Metric]:
        """Yield every figure."""
        backend = self._backend
        yield _gauge("start_time_seconds", "When the twin began.", backend.request_log.since)
        yield _gauge("storage_bytes", "Bytes of images on disk.", backend.blobs.used)
        yield _gauge("storage_bound_bytes", "Bytes of images on disk at most.", backend.blobs.bound)
        yield CounterMetricFamily(
            "safelight_misconduct",
            "Calls that brought a key where none belongs.",
            backend.request_log.misconduct,
        )
        yield self._calls()
        yield _gauges("sandboxes", "Keys in use.", ("vendor",), self._sandboxes())
        yield _gauges("jobs", "Jobs as they stand.", ("vendor", "state"), self._jobs())
        yield _gauges(
            "deliveries",
            "Deliveries to webhooks, by the outcome of the last attempt.",
            ("vendor", "outcome"),
            self._deliveries(),
        )

    def _calls(self) -> Metric:
        calls = CounterMetricFamily(
            "safelight_calls",
            "Calls to vendors' operations, and without one to files.",
            labels=("vendor", "operation", "status"),
        )
        for (vendor, operation, code), count in self._backend.request_log.counts().items():
            calls.add_metric((vendor, operation, str(code)), count)
        return calls

    def _sandboxes(self) -> Mapping[Labels, int]:
        every = [(vendor,) for vendor in self._backend.served]
        return _counted(every, ((sandbox.vendor,) for sandbox in self._backend.sandboxes.registry))

    def _jobs(self) -> Mapping[Labels, int]:
        every = [(vendor, state) for vendor in self._backend.served for state in State]
        return _counted(every, chain.from_iterable(map(self._states, self._backend.sandboxes.registry)))

    def _states(self, sandbox: Sandbox) -> Iterator[Labels]:
        lifecycles = self._backend.served[sandbox.vendor].lifecycles
        now = sandbox.now(self._real)
        engines = {name: self._backend.engines.open(sandbox, name, now) for name in lifecycles}
        for job in sandbox.jobs.values():
            yield sandbox.vendor, _state(engines[job.lifecycle], job)

    def _deliveries(self) -> Mapping[Labels, int]:
        return _counted(
            (),
            (
                (sandbox.vendor, delivery.attempts[-1].outcome if delivery.attempts else PENDING)
                for sandbox in self._backend.sandboxes.registry
                for delivery in sandbox.deliveries.values()
            ),
        )


def _state(engine: Engine, job: Job) -> State:
    """Return the state of a job; an input nobody has looked at is taken to be whole."""
    try:
        return status(job, engine.now, engine.look).state
    except UnjudgedError:
        return end_of(job, engine.now).state


def _counted(every: Iterable[Labels], found: Iterable[Labels]) -> Mapping[Labels, int]:
    """Count what was found; of everything there may be, what was not found is zero."""
    return {**dict.fromkeys(every, 0), **Counter(found)}


def _gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(f"safelight_{name}", about, value)


def _gauges(name: str, about: str, labels: Labels, values: Mapping[Labels, int]) -> Metric:
    gauge = GaugeMetricFamily(f"safelight_{name}", about, labels=labels)
    for told, value in values.items():
        gauge.add_metric(told, value)
    return gauge
