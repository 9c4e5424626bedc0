"""Writes down how twins answer whom: `pytest -p contract_tests.report.listening --heard FOLDER`."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final
from unittest.mock import patch

import pytest

from contract_tests.report.exercise import Exercise
from contract_tests.report.heard import Notes
from contract_tests.report.judges import judge_of
from contract_tests.report.keywords import Keywords
from contract_tests.report.told import exercised, told
from safelight_mock.admin import Plane
from safelight_mock.app.response_finalizer import Speaker
from safelight_mock.app.steps import Errand, Passage, Wait
from safelight_mock.app.twin import Twin
from safelight_mock.config.services import Service
from safelight_mock.wire.messages import Call, Reply
from safelight_mock.wire.operation import Operation
from safelight_mock.wire.problem import OURS, Problem, Refusal
from safelight_specs import read_spec

SUCCESS: Final = range(200, 300)
MISFIT: Final = (400, 422)  # answers to calls that are not as described; others have other reasons

# Ends of calls to the control plane that bring about what no time does, unless they only look.
FORCING: Final = ("/move", "/account", "/jobs")

LOOPBACK: Final = "127.0.0.1"

# Every call comes by one of these, whatever shell it came through. Nothing is there for listening: what tests
# alone need would be one more thing for twins to do.
ANSWERED, REFUSED, DRIVEN = Speaker.checked, Twin.refuse, Plane.answer


@dataclass(slots=True)
class Listener:
    """Knows which test is running, and notes what it was answered."""

    notes: Notes = field(default_factory=Notes)
    test: str = ""
    is_driven: bool = False  # whether this test has forced something by the control plane

    def hear(self, call: Call, service: Service, operation: Operation, status: int) -> None:
        """Note an answer, and the keywords that were exercised; those of the default document only."""
        vendor = service.vendor.slug
        judge = judge_of(
            self.test, is_strict=operation.strict, is_driven=self.is_driven, by_socket=call.peer == LOOPBACK
        )
        if judge is None:
            return
        self.notes.note(judge.name, vendor, operation.id, status)
        if not operation.strict and (status in SUCCESS or status in MISFIT):
            kept = status in SUCCESS
            values = told(call, service, operation)
            keywords = exercised(exercise(vendor), operation.id, values, kept=kept)
            self.notes.exercise(judge.name, vendor, operation.id, keywords, kept=kept)


@cache
def exercise(vendor: str) -> Exercise:
    """Return what holds values against a vendor's effective spec."""
    return Exercise(Keywords(read_spec(vendor)))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--heard", type=Path, required=True, help="The folder to write to.")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Listening(config.getoption("--heard")), "listening")


class Listening:
    """Listens for as long as there are tests."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._listener = Listener()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self) -> Iterator[None]:
        listener = self._listener

        def checked(
            speaker: Speaker, call: Call, service: Service, operation: Operation, reply: Reply
        ) -> Reply:
            answer = ANSWERED(speaker, call, service, operation, reply)
            listener.hear(call, service, operation, answer.status)
            return answer

        def refuse(twin: Twin, call: Call, refusal: Problem | Refusal) -> Reply:
            reply, trace = REFUSED(twin, call, refusal), call.trace
            if isinstance(refusal, Problem) and refusal.kind in OURS and trace.operation:  # is not checked
                service = twin.served[trace.vendor]
                listener.hear(call, service, service.api.operations[trace.operation], reply.status)
            return reply

        def answer(plane: Plane, call: Call) -> Reply | Wait | Passage | Errand:
            listener.is_driven |= call.method != "GET" and call.path.endswith(FORCING)
            return DRIVEN(plane, call)

        with (
            patch.object(Speaker, "checked", checked),
            patch.object(Twin, "refuse", refuse),
            patch.object(Plane, "answer", answer),
        ):
            outcome = yield
        if listener.test:  # the process that only shares tests out hears nothing
            listener.notes.write(self._folder, os.environ.get("PYTEST_XDIST_WORKER", "one"))
        return outcome

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._listener.test, self._listener.is_driven = item.nodeid, False
        return (yield)
