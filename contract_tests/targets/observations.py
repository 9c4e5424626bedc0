"""Observations of a vendor's service, for the fidelity table; without keys, links or images."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx

from safelight_mock.wire import JSON, Operation, Schema
from safelight_mock.wire.described_responses import DOCUMENT, response_key
from safelight_mock.wire.schema import resolve
from safelight_mock.wire.violations import violations
from safelight_testing._request_validator import RequestValidator, split_base_url


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One response: names of headers and locations of fields, the vendor states, the seconds it took.

    `undocumented` are the rules of our spec that it breaks.
    """

    vendor: str
    operation: str
    status: int
    media_type: str
    headers: tuple[str, ...]
    fields: tuple[str, ...]
    vendor_states: tuple[str, ...]
    undocumented: tuple[str, ...]
    seconds: float


@dataclass(slots=True)
class Notebook:
    """All observations of a run."""

    entries: list[Observation] = field(default_factory=list)

    def write(self, file: Path) -> None:
        """Write them down as JSON."""
        result = {
            "at": datetime.now(UTC).isoformat(),
            "observations": [asdict(entry) for entry in self.entries],
        }
        file.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


class ObservedTransport(httpx.BaseTransport):
    """Passes calls on and takes down how they were answered; calls to other hosts it does not look at."""

    def __init__(self, inner: httpx.BaseTransport, urls: Mapping[str, str], notebook: Notebook) -> None:
        self._inner = inner
        self._notebook = notebook
        self._services = [_service_at(vendor, url) for vendor, url in urls.items()]

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        began = time.monotonic()
        response = self._inner.handle_request(request)
        for start, promises in self._services:
            operation = promises.operation(request) if str(request.url).startswith(start) else None
            if operation is not None:
                response.read()
                self._notebook.entries.append(
                    _observation(promises, operation, response, time.monotonic() - began)
                )
        return response

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


def _service_at(vendor: str, url: str) -> tuple[str, RequestValidator]:
    origin, prefix = split_base_url(vendor, url)
    return f"{origin}{prefix}/", RequestValidator.of(vendor, prefix=prefix)


def _observation(
    promises: RequestValidator, operation: Operation, response: httpx.Response, seconds: float
) -> Observation:
    media_type = response.headers.get("content-type", "").partition(";")[0]
    value = response.json() if media_type == DOCUMENT and response.content else None
    cycles = [cycle for cycle in promises.api.lifecycles.values() if cycle.read_operation == operation.id]
    return Observation(
        vendor=promises.vendor,
        operation=operation.id,
        status=response.status_code,
        media_type=media_type,
        headers=tuple(sorted(response.headers.keys())),
        fields=tuple(sorted(set(_fields(value)))),
        vendor_states=tuple(filter(None, (cycle.word_in(value) for cycle in cycles))),
        undocumented=tuple(_undocumented(promises, operation, response.status_code, media_type, value)),
        seconds=round(seconds, 3),
    )


def _fields(value: JSON, location: str = "") -> Iterator[str]:
    """Yield the places of all values."""
    match value:
        case dict():
            for name, entry in value.items():
                yield f"{location}/{name}"
                yield from _fields(entry, f"{location}/{name}")
        case list():
            for entry in value:
                yield from _fields(entry, f"{location}/*")


def _undocumented(
    promises: RequestValidator, operation: Operation, status: int, media_type: str, value: JSON
) -> Iterator[str]:
    """Yield which rules of the spec an answer breaks, and where; not by which values."""
    document, responses = promises.api.document, operation.described["responses"]
    key = response_key(responses, status)
    if key is None:
        yield "the status is not described"
        return
    content = resolve(document, responses[key]).get("content", {})
    if media_type not in content:
        yield from ["the media type is not described"] if content or media_type else []
    elif media_type == DOCUMENT:
        for fault in violations(Schema(document, content[media_type]["schema"]).errors(value)):
            yield f"/{'/'.join(map(str, fault.path))}: {fault.rule}"
