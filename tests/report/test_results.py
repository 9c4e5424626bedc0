"""Results are read as the tools wrote them; what nobody ran is known to be missing."""

from pathlib import Path

import pytest

from contract_tests.report.heard import Heard, Notes
from contract_tests.report.judges import (
    DRIVEN,
    IN_PROCESS,
    JOURNEYS,
    SINGLE,
    SOCKET,
    STRICT,
    THROUGH_PRISM,
    THROUGH_RESPX,
    Judge,
    judge_of,
)
from contract_tests.report.mutants import made, named
from contract_tests.report.suite import suite

JUNIT = """\
<testsuites><testsuite name="pytest" errors="0" failures="1" skipped="1" tests="3" time="4.5"
  timestamp="2026-11-21T17:08:21.1+00:00">
<testcase classname="a.test_b" name="test_c" time="1" />
<testcase classname="a.test_b" name="test_d" time="1"><failure message="no">no</failure></testcase>
<testcase classname="a.test_b" name="test_e" time="1"><skipped message="no engine" /></testcase>
</testsuite></testsuites>
"""


def test_a_run_of_tests_is_read(tmp_path: Path) -> None:
    (tmp_path / "junit.xml").write_text(JUNIT)

    run = suite(tmp_path)

    assert run is not None
    assert (run.tests, run.passed, run.failed) == (3, 1, ["a.test_b::test_d"])
    assert (run.at, run.seconds, run.skipped) == ("2026-11-21 17:08", 4.5, [("no engine", 1)])


def test_named_mutants_are_read(tmp_path: Path) -> None:
    (tmp_path / "mutants.json").write_text(
        '[{"name": "no-auth", "what": "takes any key", "file": "twin.py", "killed": true,'
        ' "killed_by": "tests/a.py::test_b", "seconds": 2.5}]'
    )

    (mutant,) = named(tmp_path) or ()

    assert (mutant.name, mutant.killed, mutant.killed_by) == ("no-auth", True, "tests/a.py::test_b")


def test_what_mutmut_counted_is_read(tmp_path: Path) -> None:
    (tmp_path / "mutmut.json").write_text(
        '{"killed": 9, "total": 10, "survivors": [{"name": "x_1", "what": "+", "why": "equal"}]}'
    )

    counted = made(tmp_path)

    assert counted is not None
    assert counted.percent == 90
    assert [survivor.why for survivor in counted.survivors] == ["equal"]


def test_what_was_not_run_is_none(tmp_path: Path) -> None:
    assert (suite(tmp_path), named(tmp_path), made(tmp_path)) == (None, None, None)
    assert Heard.read(tmp_path) == Heard()


def test_what_several_processes_heard_is_put_together(tmp_path: Path) -> None:
    for process in ("gw0", "gw1"):
        notes = Notes()
        notes.note("journeys", "topaz", "getStatus", 200)
        notes.exercise("journeys", "topaz", "getStatus", ["/a/type"], kept=True)
        notes.write(tmp_path, process)

    heard = Heard.read(tmp_path)

    assert [answer.calls for answer in heard.answers] == [1, 1]
    assert [one.keyword for one in heard.keywords] == ["/a/type"]


JOURNEY = "contract_tests/topaz/test_client_journey.py::test_a"
FUZZ = "contract_tests/fuzz/test_schemathesis.py::test_a[topaz]"


@pytest.mark.parametrize(
    ("test", "told", "judge"),
    [
        (FUZZ, {}, IN_PROCESS),
        (FUZZ, {"by_socket": True}, SOCKET),
        (FUZZ, {"is_strict": True, "by_socket": True}, STRICT),
        ("contract_tests/fuzz/test_answers_elsewhere.py::test_a", {}, SINGLE),
        ("contract_tests/fuzz/test_judge_can_fail.py::test_a", {}, None),
        ("contract_tests/fuzz/test_deliveries.py::test_a", {}, JOURNEYS),
        (f"{JOURNEY}[socket]", {"by_socket": True}, JOURNEYS),
        (f"{JOURNEY}[in process]", {"is_driven": True}, DRIVEN),
        (f"{JOURNEY}[respx]", {}, THROUGH_RESPX),
        (f"{JOURNEY}[through prism]", {"is_driven": True}, THROUGH_PRISM),
        ("contract_tests/prism/test_a.py::test_a", {}, THROUGH_PRISM),
        ("contract_tests/test_respx_routes_are_all_called.py::test_a", {}, THROUGH_RESPX),
        ("contract_tests/howto/test_howto_respx.py::test_a", {}, THROUGH_RESPX),
    ],
)
def test_a_judge_is_known_by_its_tests_and_its_way(
    test: str, told: dict[str, bool], judge: Judge | None
) -> None:
    ways = {"is_strict": False, "is_driven": False, "by_socket": False} | told

    assert judge_of(test, **ways) is judge
