"""One hearing: a fresh twin of one vendor put before schemathesis."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import schemathesis
from schemathesis import HookContext, Response, hooks
from schemathesis.core.failures import Failure
from schemathesis.engine import from_schema
from schemathesis.schemas import BaseSchema

from contract_tests.fuzz import deletions, keys, pictures
from contract_tests.fuzz.config import config
from contract_tests.fuzz.document import Call, document
from contract_tests.fuzz.explained import explanation
from contract_tests.fuzz.fixtures import RunningServer, running_server
from contract_tests.fuzz.hearing import LINK_SEQUENCES, Hearing
from contract_tests.fuzz.repeating import repeatable
from contract_tests.fuzz.verdict import Verdict


def hear(hearing: Hearing) -> Verdict:
    """Put every check before a fresh twin in the phases asked for, and then the keys that are refused.

    Link sequences come from an engine of their own. One that has learnt from answers by then draws by how
    often a value was drawn before, and Hypothesis gives up on what does not repeat.
    """
    verdict = Verdict()
    with repeatable(), running_server(hearing) as server, _passing(server):
        for phases in (hearing.phases - LINK_SEQUENCES, hearing.phases & LINK_SEQUENCES):
            _listen(hearing, phases, server, verdict)
        for label, case in verdict.good.items():
            for status, complaint in keys.refusals(hearing.vendor, case):
                verdict.refuse(label, status, complaint)
    return verdict


def _listen(hearing: Hearing, phases: frozenset[str], server: RunningServer, verdict: Verdict) -> None:
    with TemporaryDirectory() as folder:
        schema = _schema(hearing, phases, server, Path(folder))

        @schema.hook("filter_failure")
        def is_unexplained(_: HookContext, failure: Failure, case: Call, response: Response) -> bool:
            rows = [explanation(hearing.vendor, check, case, response) for check in failure.checks]
            verdict.explained.update(row for row in rows if row)
            return not any(rows)

        for event in from_schema(schema).execute():
            verdict.hear(event)


def _schema(hearing: Hearing, phases: frozenset[str], server: RunningServer, folder: Path) -> BaseSchema:
    for result in (pictures, keys, deletions):
        result.register()
    for_link_sequences = phases <= LINK_SEQUENCES
    spec = document(
        hearing.vendor, strict=hearing.strict, origin=server.origin, for_link_sequences=for_link_sequences
    )
    chosen = config(spec, hearing, phases, folder)
    schema = schemathesis.openapi.from_dict(spec, config=chosen)
    schema.app = server.app
    return schema


@contextmanager
def _passing(server: RunningServer) -> Iterator[None]:
    """Advance time before requests, but not before additional requests of checks.

    Such a hook can only be registered globally.
    """

    def before_call(_context: HookContext, case: Call, kwargs: dict[str, Any]) -> None:
        if "headers" not in kwargs and keys.is_shown(case):
            server.pass_time(case)

    schemathesis.hook(before_call)
    try:
        yield
    finally:
        hooks.unregister(before_call)
