"""What was recorded of one job, as the `job` of a rule."""

import re
from collections.abc import Callable, Iterator, Sequence
from email.utils import parsedate_to_datetime
from functools import cached_property
from math import inf
from typing import Any

import msgspec

from safelight_lifecycle import ResponseParts, State, WordState
from safelight_mock.core.lifecycle import ServedLifecycle
from safelight_mock.core.scenario import Role
from safelight_mock.recording.course import Course, Sighting, Stay, course_of
from safelight_mock.recording.exchange import Body, Exchange, ReceivedDelivery
from safelight_mock.recording.templates import Template, without_secrets
from safelight_mock.wire.messages import JSON
from safelight_mock.wire.redaction import is_secret

Node = dict[str, Any]
"""A part of a scenario."""

MOVES = (Role.CANCEL, Role.DELETE, Role.MOVE)
SKEW = 2.0  # seconds by which the service's clock is different in earnest, and not by rounding
MOST = 900  # responses of a job
PLAIN = re.compile(r"[ -~]{1,2000}")  # a value of a header
OK = 200
DROPPED = frozenset({"content-type", "content-length", "content-disposition", "date", "etag", "set-cookie"})
USUAL = frozenset({"retry-after", "location", "operation-location"})  # headers, beside those described


class RecordedJob(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A job, its submission, all other requests about it, and its webhooks, in the order of time.

    `number` is which of the session's jobs it is.
    """

    id: str
    number: int
    submission: Exchange
    exchanges: tuple[Exchange, ...]
    deliveries: tuple[ReceivedDelivery, ...]
    lifecycle: ServedLifecycle

    @cached_property
    def submitted(self) -> float:
        """When the job was there: with the response, unless that waited for the job."""
        described, first = self.lifecycle.described, self.submission
        is_held = first.operation in described.sync or described.wait is not None
        return first.begun if is_held else first.at

    @cached_property
    def submitted_there(self) -> float:
        """The same by the clock of the service, if that is another one."""
        try:
            there = parsedate_to_datetime(self.submission.headers.get("date", "")).timestamp()
        except ValueError:
            return self.submitted
        offset = there - self.submission.at
        return self.submitted + (offset if abs(offset) > SKEW else 0.0)

    @cached_property
    def course(self) -> Course:
        """The states that it was in."""
        failed = [self.age(one.begun) for one in self.exchanges if one.role is Role.READ and not one.is_good]
        return course_of(self._sightings(), [*self._moves, *failed], self.lifecycle)

    @cached_property
    def planned(self) -> Sequence[Stay]:
        """Its states until the client changed it, as a client does again."""
        return self.course.until(min(self._moves, default=inf))

    @cached_property
    def _moves(self) -> Sequence[float]:
        changed = (Role.CANCEL, Role.MOVE)
        return [self.age(one.begun) for one in self.exchanges if one.role in changed and one.is_good]

    def age(self, at: float) -> float:
        """Return how old the job was at a moment."""
        return round(max(0.0, at - self.submitted), 4)

    def is_gone(self, at: float) -> bool:
        """Return whether the client had deleted it by a moment."""
        return any(one.role is Role.DELETE and one.is_good and one.at <= at for one in self.exchanges)

    def has_responded(self, operation: str, *, since: float, until: float) -> bool:
        """Return whether an operation has responded without an error between two ages of the job."""
        good = (one for one in self.exchanges if one.operation == operation and one.is_good)
        return any(since <= self.age(one.at) <= until for one in good)

    def _sightings(self) -> Iterator[Sighting]:
        described, first = self.lifecycle.described, self.submission
        if first.is_good and first.operation in described.sync:
            usual = self.lifecycle.words.get(State.SUCCEEDED, State.SUCCEEDED)
            yield Sighting(self.age(first.at), WordState(usual, State.SUCCEEDED))
        read = self.lifecycle.read_operation
        for one in (first, *(other for other in self.exchanges if other.operation == read)):
            has_state = one is not first or one.operation not in described.sync
            if one.is_good and has_state:
                yield from self._seen(
                    one.at, ResponseParts(body=one.body.json, headers=one.headers), one.status
                )
        for delivery in self.deliveries:
            yield from self._seen(delivery.at, ResponseParts(body=delivery.body), 0)

    def _seen(self, at: float, parts: ResponseParts, status: int) -> Iterator[Sighting]:
        seen = self.lifecycle.described.state_in(parts.value, status)
        if seen is not None:
            yield Sighting(self.age(at), seen)


def job_node(
    job: RecordedJob, template: Template, described_headers: Callable[[str, int], frozenset[str]]
) -> Node:
    """Return the `job` of a rule; `described_headers` of a response, by operation and status."""
    ends = [*(stay.begin for stay in job.planned[1:]), None]
    states = [
        {"to": stay.to.word, **({} if end is None else {"for": round(end - stay.begin, 4)})}
        for stay, end in zip(job.planned, ends, strict=False)
    ]
    responses = [*_responses(job, template, described_headers)][:MOST]
    deliveries = dict(_deliveries(job, template))
    parts = {"states": states, "responses": responses, "deliveries": deliveries}
    return {name: part for name, part in parts.items() if part}


def _responses(
    job: RecordedJob, template: Template, described: Callable[[str, int], frozenset[str]]
) -> Iterator[Node]:
    """Yield the response to the submission, and each of an operation that is other than the one before."""
    last: dict[tuple[str, str], Node] = {}
    before = 0.0
    for one in (job.submission, *job.exchanges):
        if not one.is_good or one.role in (Role.LIST, Role.DOWNLOAD, Role.UPLOAD):
            continue
        content = _content(one, template, described(one.operation, one.status))
        if content is None:
            continue
        age = job.age(one.at)
        stay = None if one is job.submission or one.role in MOVES else job.course.at(age)
        word = "" if stay is None else stay.to.word
        known = last.get((one.operation, word))
        is_repeated = known is not None and (known == content or one.role is not Role.READ)
        last[one.operation, word] = content
        if not is_repeated:
            begin = 0.0 if stay is None else stay.begin
            after = begin if known is None else round(max(begin, (before + age) / 2), 4)
            place = {**({"state": word} if word else {}), **({"after": after} if after else {})}
            yield {"operation": one.operation, **place, **content}
        before = age if one.role is Role.READ else before


def _content(one: Exchange, template: Template, described: frozenset[str]) -> Node | None:
    """Return status, headers and body; None if the body was not kept."""
    body = content_of(one.body, template)
    if body is None:
        return None
    named = {name: one.headers[name] for name in sorted(described | USUAL) if name in one.headers}
    kept = {name: text for name, text in named.items() if _is_kept(name, text)}
    headers = {name: _header(text, template) for name, text in kept.items()}
    status = {} if one.status == OK else {"status": one.status}
    return {**status, **({"headers": headers} if headers else {}), **body}


def _is_kept(name: str, text: str) -> bool:
    """Return whether the header of a response is written: numbers are no secrets, whatever their name."""
    is_hidden = name in DROPPED or (is_secret(name) and not text.isdecimal())
    return not is_hidden and PLAIN.fullmatch(text) is not None


def _header(text: str, template: Template) -> str:
    return str(template.json(int(text) if text.isdecimal() else text))


def content_of(body: Body, template: Template) -> Node | None:
    """Return the body of a response; None if it was not kept."""
    if body.has_json:
        return {"json": template.json(body.json)}
    typed = {"media_type": body.media_type} if body.media_type else {}
    name = template.files.name(body.digest) if body.digest else ""
    if name:
        return {"file": name, **typed}
    return None if body.text is None else {"text": without_secrets(body.text, template.secrets), **typed}


def _deliveries(job: RecordedJob, template: Template) -> Iterator[tuple[str, JSON]]:
    """Yield the body of the first delivery of each word."""
    known: set[str] = set()
    for one in job.deliveries:
        seen = job.lifecycle.described.state_in(ResponseParts(body=one.body).value, 0)
        stay = job.course.at(job.age(one.at))
        word = seen.word if seen is not None else "" if stay is None else stay.to.word
        if word and word not in known:
            known.add(word)
            yield word, template.json(one.body)
