"""A session that is being recorded: requests, responses, webhooks, and what the document does not say."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from safelight_mock.config.services import Service
from safelight_mock.core.lifecycle import ServedLifecycle
from safelight_mock.core.scenario import Role
from safelight_mock.core.transfer_faults import TransferFault
from safelight_mock.recording.exchange import ERRORS, Body, Exchange, ReceivedDelivery
from safelight_mock.recording.jobs import RecordedJob
from safelight_mock.recording.links import Links
from safelight_mock.recording.secrets import Secrets
from safelight_mock.wire.messages import JSON

MOST = 20_000  # requests, and as many webhooks
FINDINGS = 1_000
BODY, BODIES = 512 * 1024, 128 * 1024 * 1024  # bytes of a JSON body or text that is kept, and of all of them
DELAY = 0.5  # seconds; a response that takes longer is delayed again


class Session(msgspec.Struct, kw_only=True):
    """Everything that was recorded of one API, in memory and in the order in which it came.

    `account_hook`: the name of the address that webhooks without a URL in the submission come to; empty
    without one. `ended`: when the proxy stopped to listen; 0: unknown.
    """

    service: Service
    links: Links
    secrets: Secrets = msgspec.field(default_factory=Secrets)
    exchanges: list[Exchange] = msgspec.field(default_factory=list)
    deliveries: list[ReceivedDelivery] = msgspec.field(default_factory=list)
    findings: Counter[tuple[str, str]] = msgspec.field(default_factory=Counter)
    bytes_left: int = BODIES
    account_hook: str = ""
    ended: float = 0.0

    def lifecycle(self, operation: str) -> ServedLifecycle:
        """Return the lifecycle of an operation."""
        first = next(iter(self.service.lifecycles))
        return self.service.lifecycles[self.service.api.lifecycle_of.get(operation, first)]

    @property
    def file_operations(self) -> frozenset[str]:
        """The operations on uploaded files, whose ids later requests have: those of the mock server's own."""
        uploads = self.service.api.async_jobs.inputs
        lists = (one.listing.operation for one in uploads if one.listing is not None)
        named = ((one.operation, one.read, one.content, one.delete) for one in uploads)
        return frozenset((*lists, *(name for names in named for name in names))) - {""}

    def described_headers(self, operation: str, status: int) -> frozenset[str]:
        """Return the names of the headers that the document has for a response."""
        return self.service.api.operations[operation].responses.headers(status)

    def note(self, exchange: Exchange) -> None:
        """Keep an exchange; a slow response is one that was delayed, unless it waited for its job."""
        described = self.lifecycle(exchange.operation).described
        is_held = exchange.role is Role.SUBMIT and (
            exchange.operation in described.sync or described.wait is not None
        )
        seconds = round(exchange.at - exchange.begun, 2)
        if exchange.status and not is_held and seconds >= DELAY:
            fault = exchange.transfer or TransferFault()
            exchange = replace(exchange, transfer=replace(fault, delay=seconds))
        if exchange.body.size > min(BODY, self.bytes_left):
            exchange = replace(exchange, body=Body(media_type=exchange.body.media_type))
        if len(self.exchanges) < MOST:
            self.exchanges.append(exchange)
            self.bytes_left -= exchange.body.size

    def note_delivery(self, delivery: ReceivedDelivery) -> None:
        """Keep a webhook."""
        if len(self.deliveries) < MOST:
            self.deliveries.append(delivery)

    def find(self, findings: Iterable[str], where: str) -> list[str]:
        """Count findings at a place; return those that are new."""
        new = []
        for what in findings:
            if (what, where) not in self.findings and len(self.findings) < FINDINGS:
                new.append(f"{where}: {what}")
            self.findings[what, where] += 1
        return new

    def jobs(self) -> Sequence[RecordedJob]:
        """Return the jobs that were submitted, in order.

        A submission whose response was lost has submitted the next job that is named without one.
        """
        by_job: dict[str, list[Exchange]] = {}
        for one in self.exchanges:
            if one.job and one.role is not Role.SUBMIT:
                by_job.setdefault(one.job, []).append(one)
        submitted = {one.job for one in self.exchanges if one.role is Role.SUBMIT}
        strays = [
            job for job, about in by_job.items() if job not in submitted and any(o.is_good for o in about)
        ]
        return [*self._jobs(by_job, strays)]

    def _jobs(self, by_job: Mapping[str, Sequence[Exchange]], strays: list[str]) -> Iterator[RecordedJob]:
        number, known = 0, set[str]()
        for one in self.exchanges:
            if one.role is not Role.SUBMIT or one.status >= ERRORS or one.job in known:
                continue
            job = one.job or (strays.pop(0) if strays and one.is_lossy else "")
            number += bool(job or (one.status and one.is_lossy))
            if job:
                known.add(job)
                yield RecordedJob(
                    id=job,
                    number=number,
                    submission=one,
                    exchanges=tuple(by_job.get(job, ())),
                    deliveries=tuple(sent for sent in self.deliveries if self._is_about(sent, one, job)),
                    lifecycle=self.lifecycle(one.operation),
                    notifies=bool(one.hook or self.account_hook),
                    until=self.ended,
                )

    def _is_about(self, delivery: ReceivedDelivery, submission: Exchange, job: str) -> bool:
        """Return whether a webhook is about a job: by its address or, at that of the account, by its body."""
        if delivery.hook != self.account_hook:
            return bool(delivery.hook) and delivery.hook == submission.hook
        return any(str(one) == job for one in _ids(delivery.body))


def _ids(value: JSON) -> Iterator[JSON]:
    """Yield the values of members whose names end with `id`."""
    if isinstance(value, Mapping):
        yield from (one for name, one in value.items() if name.lower().endswith("id"))
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    for one in inner:
        yield from _ids(one)
