"""Metrics of a server, collected on scrape."""

from collections.abc import Iterator, Mapping

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from safelight_mock.admin.admin_request import Backend
from safelight_mock.core.job import State

MEDIA_TYPE = "text/plain; version=1.0.0; charset=utf-8"

LabelValues = tuple[str, ...]


class PrometheusCollector(Collector):
    """Metrics of one server at a moment of real time; may wait for sandboxes in use."""

    def __init__(self, backend: Backend, real: float) -> None:
        self._backend = backend
        self._real = real

    def text(self) -> bytes:
        """Return the metrics in the text format."""
        return generate_latest(self)

    def collect(self) -> Iterator[Metric]:
        """Yield every metric."""
        backend = self._backend
        yield _gauge(
            "start_time_seconds", "Unix time at which the server started.", backend.request_log.since
        )
        yield _gauge("storage_bytes", "Bytes of images on disk.", backend.blobs.used)
        yield _gauge("storage_limit_bytes", "Limit of bytes of images on disk.", backend.blobs.bound)
        yield CounterMetricFamily(
            "safelight_credential_leaks",
            "Requests that sent a key to the file host.",
            backend.request_log.credential_leaks,
        )
        yield self._requests()
        yield _gauges("sandboxes", "API keys in use.", ("vendor",), self._sandboxes())
        yield _gauges("jobs", "Jobs by their current state.", ("vendor", "state"), self._jobs())
        yield _gauges(
            "deliveries",
            "Webhook deliveries by the outcome of the last attempt.",
            ("vendor", "outcome"),
            self._deliveries(),
        )

    def _requests(self) -> Metric:
        requests = CounterMetricFamily(
            "safelight_requests",
            "Requests to vendors' operations and, without an operation, to files.",
            labels=("vendor", "operation", "status"),
        )
        for (vendor, operation, code), count in self._backend.request_log.counts().items():
            requests.add_metric((vendor, operation, str(code)), count)
        return requests

    def _sandboxes(self) -> Mapping[LabelValues, int]:
        counts = self._backend.sandboxes.store.count_sandboxes()
        return {(vendor,): counts.get(vendor, 0) for vendor in self._backend.served}

    def _jobs(self) -> Mapping[LabelValues, int]:
        counts = self._backend.sandboxes.store.count_jobs(self._real)
        return {
            (vendor, state): counts.get((vendor, state), 0)
            for vendor in self._backend.served
            for state in State
        }

    def _deliveries(self) -> Mapping[LabelValues, int]:
        counts = self._backend.sandboxes.store.count_deliveries()
        return {labels: count for labels, count in counts.items() if count}


def _gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(f"safelight_{name}", about, value)


def _gauges(name: str, about: str, labels: LabelValues, values: Mapping[LabelValues, int]) -> Metric:
    gauge = GaugeMetricFamily(f"safelight_{name}", about, labels=labels)
    for label_values, value in values.items():
        gauge.add_metric(label_values, value)
    return gauge
