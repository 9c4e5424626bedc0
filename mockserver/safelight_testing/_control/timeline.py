"""What happened in a mock server, as lines in the order of time, with repeats folded."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, overload

from safelight_mock import TimelineEvent, Twin
from safelight_mock.wire.redaction import masked
from safelight_testing._control.admin_client import ALL, AdminClient
from safelight_testing._control.records import DeliveryRecord, RequestRecord

LONGEST = 90  # characters of a path
LARGEST_PERIOD = 3  # lines that may repeat together
ERRORS = 400


class TimelineLine(NamedTuple):
    """What happened at a moment, in seconds since the start of the test."""

    at: float
    text: str


class Timeline(Sequence[TimelineLine]):
    """Requests, transitions of jobs and webhooks of all API keys, in order; `str` folds what repeats."""

    def __init__(self, lines: Iterable[TimelineLine]) -> None:
        self._lines: tuple[TimelineLine, ...] = tuple(lines)

    @overload
    def __getitem__(self, index: int) -> TimelineLine: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[TimelineLine]: ...

    def __getitem__(self, index: int | slice) -> TimelineLine | Sequence[TimelineLine]:
        return self._lines[index]

    def __len__(self) -> int:
        return len(self._lines)

    def __str__(self) -> str:
        return "\n".join(_folded(self._lines)) or "no request came"


def timeline_of(twin: Twin, admin: AdminClient, start: float) -> Timeline:
    """Return what has happened in a server since a moment in Unix seconds."""
    requests = admin.read("requests", list[RequestRecord], limit=ALL)[::-1]
    deliveries = {one.id: one for one in admin.read("deliveries", list[DeliveryRecord], limit=ALL)}
    events = (event for name in twin.sandboxes.store.names() for event in twin.dispatcher.timeline(name))
    placed = [*_requests(requests, start)]
    submissions = {
        one.job: place for one, (place, _) in zip(reversed(requests), reversed(placed), strict=True)
    }
    found = sorted([*placed, *_events(events, deliveries, submissions)])
    return Timeline(TimelineLine(place[0] - start, text) for place, text in found)


_Place = tuple[float, int, float]
"""When, whether before (0), among (1) or after (2) the requests of that moment, and where among them."""


def _requests(requests: Iterable[RequestRecord], start: float) -> Iterator[tuple[_Place, str]]:
    at = start
    for number, request in enumerate(requests):
        at = at if request.at is None else request.at  # None: it was refused before its key was read
        yield (at, 1, number), _request(request)


def _events(
    events: Iterable[TimelineEvent],
    deliveries: Mapping[str, DeliveryRecord],
    submissions: Mapping[str, _Place],
) -> Iterator[tuple[_Place, str]]:
    """Yield a job's first transition after its submission, all else before the requests of its moment."""
    known = set[str]()
    for number, event in enumerate(events):
        place: _Place = (event.at, 0, number)
        if event.delivery:
            target = deliveries[event.delivery].target if event.delivery in deliveries else ""
            result = event.status or event.outcome
            yield (
                place,
                f"webhook {event.vendor_state} of job {event.job} -> {result} {_short(masked(target))}",
            )
            continue
        if event.job not in known:
            known.add(event.job)
            _, _, after = submissions.get(event.job, (event.at, 1, len(submissions)))
            place = (event.at, 1, after + 0.5)
        yield place, f"job {event.job} {event.state} ({event.vendor_state})"


def _request(request: RequestRecord) -> str:
    reason = f": {request.reason}" if request.status >= ERRORS and request.reason else ""
    rule = f" [{request.rule}]" if request.rule else ""
    return f"{request.method} {_short(request.path)} -> {request.status}{reason}{rule}"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _folded(lines: Sequence[TimelineLine]) -> Iterator[str]:
    """Yield lines with their times; those that repeat, alone or up to LARGEST_PERIOD together, once."""
    first = 0
    while first < len(lines):
        period, times = _repeat(lines[first:])
        yield from (f"{line.at:9.1f} s  {line.text}" for line in lines[first : first + period])
        last = first + period * times
        if times > 1:
            what = "" if period == 1 else f"{period} lines "
            yield f"{'':11}  … {what}{times} times, until {lines[last - 1].at:.1f} s"
        first = last


def _repeat(lines: Sequence[TimelineLine]) -> tuple[int, int]:
    """Return how many of the first lines repeat together, and how often they occur in a row."""
    best = (1, 1)
    for period in range(1, LARGEST_PERIOD + 1):
        times = 1
        while _texts(lines, times * period, period) == _texts(lines, 0, period):
            times += 1
        if period * (times - 1) > best[0] * (best[1] - 1) and times > 1:
            best = (period, times)
    return best


def _texts(lines: Sequence[TimelineLine], first: int, many: int) -> list[str]:
    return [line.text for line in lines[first : first + many]]
