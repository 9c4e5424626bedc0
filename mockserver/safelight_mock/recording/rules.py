"""The rules of a scenario that plays a recorded session again."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from email.utils import parsedate_to_datetime
from itertools import groupby
from typing import NamedTuple

from safelight_mock.core.scenario import Role
from safelight_mock.core.transfer_faults import TransferFault
from safelight_mock.recording.exchange import ERRORS, Exchange
from safelight_mock.recording.jobs import Node, RecordedJob, job_node
from safelight_mock.recording.secrets import Secrets
from safelight_mock.recording.templates import Files, Template, constant, without_secrets

PASSING = frozenset({408, 425, 429})  # statuses below 500 that say nothing about the state of a job
BROKEN = 500  # and above
STANDALONE = (Role.OTHER, Role.SUBMIT)  # operations whose responses are about no job, if none is known


class RuleWriter(NamedTuple):
    """Writes the rules of one vendor; `described_headers` and `template_of` are as `job_node` needs them.

    `path_of` returns where the file with a digest is, relative to the scenario.
    """

    vendor: str
    secrets: Secrets
    template_of: Callable[[RecordedJob, Files], Template]
    described_headers: Callable[[str, int], frozenset[str]]
    path_of: Callable[[str], str]

    def rules(self, exchanges: Iterable[Exchange], jobs: Sequence[RecordedJob]) -> Iterator[Node]:
        """Yield the rules, those about single requests first."""
        by_id = {job.id: job for job in jobs}
        submissions = {id(job.submission): job for job in jobs}
        calls: Counter[tuple[str, str]] = Counter()
        others: dict[str, list[Exchange]] = {}
        for one in exchanges:
            job = by_id.get(one.job)
            counted = (one.operation, one.job if job is not None else "")
            calls[counted] += 1
            if one.role is Role.SUBMIT:
                if id(one) not in submissions and (effect := self._effect(one)):
                    yield self._rule({"operation": one.operation, "call": calls[counted]}, effect)
            elif job is not None:
                yield from self._about(job, one, calls[counted])
            elif one.role is Role.OTHER and one.operation:
                others.setdefault(one.operation, []).append(one)
        for job in jobs:
            yield from self._job(job)
        for operation, listed in others.items():
            yield from self._others(operation, listed)

    def _rule(self, match: Node, effect: Node) -> Node:
        return {"match": {"vendor": self.vendor, **match}, **effect}

    def _about(self, job: RecordedJob, one: Exchange, call: int) -> Iterator[Node]:
        """Yield the rule for a request about a job that went wrong; once, as it did."""
        if one.is_good and one.transfer is None:
            return
        match: Node = {"operation": one.operation, "job": job.number}
        if one.role in (Role.DOWNLOAD, Role.UPLOAD):
            yield self._rule({**match, "call": call}, self._effect(one))
            return
        if not job.is_gone(one.begun):
            yield self._rule({**match, **_ages(job, one)}, {"times": 1, **self._effect(one)})

    def _job(self, job: RecordedJob) -> Iterator[Node]:
        """Yield the rule for a submission that was carried out; its response may have been lost."""
        files, first = Files(), job.submission
        node = job_node(job, self.template_of(job, files), self.described_headers)
        if files.by_digest:
            node["files"] = {name: self.path_of(digest) for digest, name in files.by_digest.items()}
        effect = {} if first.transfer is None else {"transfer": _transfer(first.transfer)}
        effect |= {"job": node} if node else {}
        if effect:
            match = {"operation": first.operation, "job": job.number}
            yield {"name": f"job-{job.number}", **self._rule(match, effect)}
        accepted = Counter(job.word_of(one) for one in job.deliveries if one.is_accepted)
        for word in (word for word, times in accepted.items() if word and times > 1):
            yield {"match": {"vendor": self.vendor, "job": job.number, "state": word}, "webhook": "duplicate"}

    def _others(self, operation: str, listed: Sequence[Exchange]) -> Iterator[Node]:
        """Yield rules for the requests of an operation without a job; the last one for all that follow."""
        call = 0
        effects = [self._effect(one) for one in listed]
        for effect, same in groupby(effects):
            first, call = call + 1, call + len([*same])
            is_last = call == len(effects)
            if effect:
                calls = f"{first}-" if is_last else first if first == call else f"{first}-{call}"
                yield self._rule({"operation": operation, "call": calls}, effect)

    def _effect(self, one: Exchange) -> Node:
        """Return what happens instead of the mock server's own response; nothing, if that is not known."""
        node: Node = {} if one.transfer is None else {"transfer": _transfer(one.transfer)}
        if one.is_good:
            respond = None if one.role not in STANDALONE else self._respond(one)
            return node if respond is None else {**node, "respond": respond}
        if one.status >= ERRORS:
            return {**node, "respond": self._respond(one) or {"status": one.status}}
        is_undone = one.role is Role.SUBMIT and not one.status
        return {**node, "accepted": False} if is_undone else node

    def _respond(self, one: Exchange) -> Node | None:
        body: Node | None = None
        if one.body.has_json:
            body = {"json": constant(one.body.json, self.secrets)}
        elif one.body.text is not None:
            typed = {"media_type": one.body.media_type} if one.body.media_type else {}
            body = {"text": without_secrets(one.body.text, self.secrets), **typed}
        return None if body is None else {"status": one.status, **_retry_after(one.headers), **body}


def _ages(job: RecordedJob, one: Exchange) -> Node:
    """Return at which ages of the job a request goes wrong; in all of a state, if that is the reason."""
    age = job.age(one.begun)
    stay = job.course.at(age)
    is_refused = ERRORS <= one.status < BROKEN and one.status not in PASSING
    if stay is None or not is_refused or job.has_responded(one.operation, since=stay.begin, until=age):
        return {"after": age}
    end = job.course.end_of(stay)
    return {"after": stay.begin, **({} if end is None else {"until": end})}


def _retry_after(headers: Mapping[str, str]) -> Node:
    text = headers.get("retry-after", "")
    if text.replace(".", "", 1).isdecimal():
        return {"retry_after": float(text)}
    with suppress(ValueError):
        date, now = parsedate_to_datetime(text), parsedate_to_datetime(headers.get("date", ""))
        return {"retry_after": {"date": max(0.0, (date - now).total_seconds())}}
    return {}


def _transfer(fault: TransferFault) -> Node:
    """Return a fault as a scenario has it."""
    parts = {"delay": fault.delay, "reset": fault.reset and str(fault.reset), "hang": fault.hang}
    truncated = {} if fault.truncate is None else {"truncate": fault.truncate}
    return {**{name: value for name, value in parts.items() if value}, **truncated}
