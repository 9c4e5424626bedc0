"""Results as a run leaves them, and what the report makes of them."""

from pathlib import Path

import pytest

from contract_tests.report.heard import Notes
from contract_tests.report.judges import JOURNEYS
from contract_tests.report.model import HEARD, Report, report

JUNIT = """\
<testsuites><testsuite tests="2" time="4.5" timestamp="2026-11-21T17:08:21.1+00:00">
<testcase classname="a.test_b" name="test_c" time="1" />
<testcase classname="a.test_b" name="test_with_a_name_as_long_as_names_of_tests_are_that_say_all_there_is">
<failure message="no">no</failure></testcase>
</testsuite></testsuites>
"""
MUTANTS = """\
[{"name": "no-auth", "what": "takes any key | `all` of <b>them</b>", "file": "twin.py", "killed": true,
  "killed_by": "tests/a.py::test_a_key_is_needed"},
 {"name": "lost-job", "what": "forgets a job", "file": "twin.py", "killed": false, "killed_by": ""}]
"""


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of results in which one operation was called, and mutmut was not run."""
    folder = tmp_path_factory.mktemp("reports")
    notes = Notes()
    notes.note(JOURNEYS.name, "topaz", "getStatus", 200)
    notes.note(JOURNEYS.name, "topaz", "getStatus", 418)
    notes.write(folder / HEARD, "one")
    (folder / "junit.xml").write_text(JUNIT)
    (folder / "mutants.json").write_text(MUTANTS)
    return folder


@pytest.fixture(scope="session")
def reported(results: Path) -> Report:
    """What is reported of those results."""
    return report(results)
