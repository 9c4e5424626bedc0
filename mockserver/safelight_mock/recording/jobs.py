"""What was recorded of one job, as the `job` of a rule."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
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
from safelight_mock.wire.redaction import is_secret

Node = dict[str, Any]
"""A part of a scenario."""

MOVES = (Role.CANCEL, Role.DELETE, Role.MOVE)
SKEW = 2.0  # seconds by which the service's clock is different in earnest, and not by rounding
LATE, MISSING = 1.0, 2.0  # seconds after a change, by which its webhook comes as a rule
MOST = 900  # responses of a job
PLAIN = re.compile(r"[ -~]{1,2000}")  # a value of a header
OK = 200
DROPPED = frozenset({"content-type", "content-length", "content-disposition", "date", "etag", "set-cookie"})
USUAL = frozenset({"retry-after", "location", "operation-location"})  # headers, beside those described


class RecordedJob(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A job, its submission, all other requests about it, and its webhooks, in the order of time.

    `number` is which of the session's jobs it is. `notifies`: its webhooks came to the proxy, as long as that
    listened: `until`.
    """

    id: str
    number: int
    submission: Exchange
    exchanges: tuple[Exchange, ...]
    deliveries: tuple[ReceivedDelivery, ...]
    lifecycle: ServedLifecycle
    notifies: bool = False
    until: float = 0.0

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

    @cached_property
    def delivered(self) -> Mapping[str, float | None]:
        """When its webhooks came, by word, if later than the change; None for those that never did."""
        came = dict(reversed([(self.word_of(one), self.age(one.at)) for one in self.deliveries]))
        rules = self.lifecycle.deliveries if self.notifies else ()
        late: dict[str, float | None] = {}
        for begin, to in self.planned:
            at = came.get(to.word)
            if at is not None and at - begin > LATE:
                late[to.word] = at
            elif at is None and any(to in rule.on for rule in rules):
                late |= {to.word: None} if self.age(self.until) - begin > MISSING else {}
        return late

    def word_of(self, delivery: ReceivedDelivery) -> str:
        """Return the word of the state that a webhook is about."""
        seen = self.lifecycle.described.state_in(ResponseParts(body=delivery.body).value, 0)
        stay = self.course.at(self.age(delivery.at))
        return seen.word if seen is not None else "" if stay is None else stay.to.word

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
        events = (event for one in self.exchanges for event in one.body.events)
        sent = [*((one.at, one.body) for one in self.deliveries), *((one.at, one.data) for one in events)]
        for at, body in sent:
            yield from self._seen(at, ResponseParts(body=body), 0, is_prompt=True)

    def _seen(
        self, at: float, parts: ResponseParts, status: int, *, is_prompt: bool = False
    ) -> Iterator[Sighting]:
        seen = self.lifecycle.described.state_in(parts.value, status)
        if seen is not None:
            yield Sighting(self.age(at), seen, is_prompt)


def job_node(
    job: RecordedJob, template: Template, described_headers: Callable[[str, int], frozenset[str]]
) -> Node:
    """Return the `job` of a rule; `described_headers` of a response, by operation and status."""
    ends = [*(stay.begin for stay in job.planned[1:]), None]
    states = [
        {"to": stay.to.word, **({} if end is None else {"for": round(end - stay.begin, 4)})}
        for stay, end in zip(job.planned, ends, strict=False)
    ]
    responses = [*_responses(job, template, described_headers), *_streams(job, template)][:MOST]
    sent = [one for one in job.deliveries if one.body is not None]
    bodies = {job.word_of(one): template.json(one.body) for one in reversed(sent)}
    deliveries = {word: body for word, body in reversed(bodies.items()) if word}
    parts = {"states": states, "responses": responses, "deliveries": deliveries, "delivered": job.delivered}
    return {name: part for name, part in parts.items() if part}


def _responses(
    job: RecordedJob, template: Template, described: Callable[[str, int], frozenset[str]]
) -> Iterator[Node]:
    """Yield the response to the submission, and each of an operation that is other than the one before."""
    last: dict[tuple[str, str], Node] = {}
    before = 0.0
    for one in (job.submission, *job.exchanges):
        if not one.is_good or one.body.events or one.role in (Role.LIST, Role.DOWNLOAD, Role.UPLOAD):
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


def _streams(job: RecordedJob, template: Template) -> Iterator[Node]:
    """Yield the events of each operation that streams them, from all of its responses, each once.

    The first event of a stream tells what was so before: it is there from the change on.
    """
    by_operation: dict[str, dict[str, Node]] = {}
    for one in job.exchanges:
        for number, event in enumerate(one.body.events):
            age = job.age(event.at)
            stay = job.course.at(age) if number == 0 else None
            named = {name: text for name, text in (("event", event.event), ("id", event.id)) if text}
            key = "text" if isinstance(event.data, str) else "json"
            node = {"after": age if stay is None else stay.begin, **named, key: template.json(event.data)}
            known = by_operation.setdefault(one.operation, {})
            known.setdefault(str((event.event, event.id, event.data)), node)
    for operation, events in by_operation.items():
        listed = sorted(events.values(), key=lambda event: float(event["after"]))
        yield {"operation": operation, "events": listed}


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
