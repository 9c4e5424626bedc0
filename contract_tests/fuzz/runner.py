"""Runs schemathesis against a new twin of one vendor."""

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

from contract_tests.fuzz import deletions, images, keys
from contract_tests.fuzz.config import config
from contract_tests.fuzz.document import Call, document
from contract_tests.fuzz.explanations import explanation
from contract_tests.fuzz.fixtures import RunningServer, running_server
from contract_tests.fuzz.fuzz_outcome import FuzzOutcome
from contract_tests.fuzz.fuzz_run import LINK_SEQUENCES, FuzzRun
from contract_tests.fuzz.refusals import refusals
from contract_tests.fuzz.repeating import repeatable


def fuzz(run: FuzzRun) -> FuzzOutcome:
    """Run every check in the phases of the run, and then requests with rejected keys and bodies.

    Link sequences have an engine of their own: one that has learnt from responses draws values by how
    often they were drawn before, and Hypothesis stops at tests that do not repeat.
    """
    outcome = FuzzOutcome()
    with repeatable(), running_server(run) as server, _passing(server):
        for phases in (run.phases - LINK_SEQUENCES, run.phases & LINK_SEQUENCES):
            _run_phases(run, phases, server, outcome)
        for label, case in outcome.good.items():
            for status, complaint in refusals(run.vendor, case):
                outcome.record_rejection(label, status, complaint)
    return outcome


def _run_phases(run: FuzzRun, phases: frozenset[str], server: RunningServer, outcome: FuzzOutcome) -> None:
    with TemporaryDirectory() as folder:
        schema = _schema(run, phases, server, Path(folder))

        @schema.hook("filter_failure")
        def is_unexplained(_: HookContext, failure: Failure, case: Call, response: Response) -> bool:
            rows = [explanation(run.vendor, check, case, response) for check in failure.checks]
            outcome.explained.update(row for row in rows if row)
            return not any(rows)

        for event in from_schema(schema).execute():
            outcome.record(event)


def _schema(run: FuzzRun, phases: frozenset[str], server: RunningServer, folder: Path) -> BaseSchema:
    for checks in (images, keys, deletions):
        checks.register()
    for_link_sequences = phases <= LINK_SEQUENCES
    spec = document(
        run.vendor, strict=run.strict, origin=server.origin, for_link_sequences=for_link_sequences
    )
    chosen = config(spec, run, phases, folder)
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
