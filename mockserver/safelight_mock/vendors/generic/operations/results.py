"""Operations that respond with results of jobs: bytes, values, links, and the contents of files."""

from collections.abc import Mapping
from random import Random

import msgspec

from safelight_lifecycle import Expression, JobResult, RefusalKind, ResultKind
from safelight_mock.core.engine import Engine
from safelight_mock.vendors.generic.bodies.facts import JobFacts
from safelight_mock.vendors.generic.bodies.media_types import media_type_of
from safelight_mock.vendors.generic.bodies.result_files import result_file
from safelight_mock.vendors.generic.bodies.results import ResultFile, is_expired, is_purged
from safelight_mock.vendors.generic.bodies.templates import made_headers
from safelight_mock.vendors.generic.bodies.writes import results_of
from safelight_mock.vendors.generic.errors import JobRequestError
from safelight_mock.vendors.generic.kinds import JobKind
from safelight_mock.wire.messages import Request, Response
from safelight_mock.wire.schema import Parameters


class ResultOperation(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One operation that responds with results of jobs of one kind."""

    kind: JobKind
    operation: str

    def respond(self, engine: Engine, request: Request) -> Response:
        """Handle the operation; raises JobRequestError while the job has no result."""
        facts = self.kind.find(self.operation, engine, request)
        name, result = self._chosen(facts, request)
        check_result(facts, result)
        if result.kind is not ResultKind.BYTES:
            return self.kind.respond(self.operation, facts)
        file = result_file(facts, media_type_of(facts, result), ResultFile(name=name))
        described = self.kind.described
        status = described.status_of_bytes(self.operation)
        media = described.media(self.operation, status)
        others = {} if media is None else made_headers(described.shapes, media, Random(self.operation))  # noqa: S311
        reply = msgspec.structs.replace(file, status=status, headers={**others, **file.headers})
        return described.typed(self.operation, reply)

    def _chosen(self, facts: JobFacts, request: Request) -> tuple[str, JobResult]:
        """Return the result that the parameters of a request select; raises JobRequestError for none."""
        results = results_of(facts.lifecycle, facts.job.operation).items()
        own = [(name, one) for name, one in results if one.operation == self.operation]
        fitting = [
            pair for pair in own if _fits(pair[1], request) and pair[1].when.holds(facts.submission.value)
        ]
        if not fitting:
            raise JobRequestError(RefusalKind.FAILED, f"{facts.job.id} has no such result")
        return max(fitting, key=lambda pair: len(_texts(pair[1])))


def check_result(facts: JobFacts, result: JobResult) -> None:
    """Raise JobRequestError unless a job has a result now."""
    if facts.reached not in result.allowed:
        if not facts.status.state.is_over:
            raise JobRequestError(RefusalKind.EARLY, f"{facts.job.id} is {facts.word}: no result yet")
        raise JobRequestError(RefusalKind.FAILED, f"{facts.job.id} is {facts.word}: there is no result")
    if is_purged(facts.job) or is_expired(facts, result):
        raise JobRequestError(RefusalKind.LATE, f"the result of {facts.job.id} is no longer there")


def _texts(result: JobResult) -> Mapping[str, str]:
    """Return the parameters of a result that are always the same."""
    return {name: text for name, text in result.parameters.items() if not isinstance(text, Expression)}


def _fits(result: JobResult, request: Request) -> bool:
    sent = request.parameters
    values = (
        {name: text for texts in sent.texts.values() for name, text in texts.items()}
        if isinstance(sent, Parameters)
        else sent
    )
    return all(str(values.get(name, "")) == text for name, text in _texts(result).items())
