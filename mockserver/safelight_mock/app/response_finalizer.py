"""How the twin speaks: refusals in a vendor's dialect, and every reply as its spec describes it."""

from random import Random
from typing import TYPE_CHECKING
from urllib.parse import quote
from uuid import UUID

from safelight_mock.config.services import Service, service_of
from safelight_mock.wire.logs import log
from safelight_mock.wire.messages import Call, Reply
from safelight_mock.wire.operation import Operation
from safelight_mock.wire.problem import OURS, Kind, Problem, Refusal
from safelight_mock.wire.responses import UndocumentedReplyError
from safelight_mock.wire.trace import LONGEST, Trace, Verdict

if TYPE_CHECKING:
    from safelight_mock.app.twin import Twin


BROKEN = Problem(Kind.BROKEN)


def note(trace: Trace, refusal: Exception) -> None:
    """Note that a call is refused, or that the twin is broken."""
    is_bug = isinstance(refusal, Problem) and refusal.kind is Kind.BROKEN
    trace.verdict = Verdict.BROKEN if is_bug else Verdict.REFUSED
    trace.why = str(refusal)[:LONGEST]


class Speaker:
    """Has the last word on every vendor's replies; ids that they are stamped with follow from the seed."""

    def __init__(self, twin: "Twin", seed: str) -> None:
        self._twin = twin
        self._stamps = Random(seed)  # noqa: S311 - ids that nobody should have to guess

    def refuse(self, call: Call, refusal: Problem | Refusal) -> Reply:
        """Say a refusal as the vendor does that the call is for, if there is one."""
        note(call.trace, refusal)
        served = self._twin.served
        try:
            service, path = service_of(call, served)
        except Problem:
            bases = [f"/{slug}{service.api.base}" for slug, service in served.items()]
            return Reply.json(404, {"message": f"Nothing is served here. Try {' or '.join(bases)}."})
        if isinstance(refusal, Problem) and refusal.kind is Kind.MOVED:
            return self._stamped(service, self._redirect(call))
        reply = service.vendor.errors.render(refusal)
        if isinstance(refusal, Problem) and refusal.kind in OURS:
            return self._stamped(service, _naming(call, service, reply))
        operation, _ = service.api.route(call.method, path)
        if isinstance(refusal, Problem) and not operation.describes(reply):
            reply = service.vendor.errors.render(Problem(Kind.BAD_BODY, why=str(refusal)))
        return self.checked(call, service, operation, _naming(call, service, reply))

    def _redirect(self, call: Call) -> Reply:
        """Answer with the path without the slashes at its end; such a reply has no body, in no dialect."""
        urls = self._twin.base_urls
        base = urls.public_url or urls.of_call(call).url
        query = f"?{call.query}" if call.query else ""
        return Reply(status=307, headers={"location": f"{base}{quote(call.path.rstrip('/'))}{query}"})

    def checked(self, call: Call, service: Service, operation: Operation, reply: Reply) -> Reply:
        """Return a reply as the spec describes it; of another, say that the twin is broken."""
        reply = self._stamped(service, reply)
        try:
            if self._twin.settings.check_replies:
                operation.check(reply)
        except UndocumentedReplyError:
            log.exception("what %s answers may not leave", operation.id)
            note(call.trace, BROKEN)
            return self._stamped(service, service.vendor.errors.render(BROKEN))
        return reply

    def _stamped(self, service: Service, reply: Reply) -> Reply:
        """Give a reply an id of its own, of a vendor whose replies have one: the same for the same calls."""
        name = service.vendor.request_id_header
        if not name:
            return reply
        return reply.also({name: str(UUID(int=self._stamps.getrandbits(128), version=4))})


def _naming(call: Call, service: Service, reply: Reply) -> Reply:
    """Name the job of a held call that fails: the job lives on, and may be looked for.

    Not `trace.job`: of a submission that could not be kept it names a job that does not exist.
    """
    name, job = service.vendor.job_header, call.trace.awaits
    return reply.also({name: job}) if name and job else reply
