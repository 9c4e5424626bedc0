"""What pytest said of the tests that were listened to, as its JUnit XML has it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

JUNIT = "junit.xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """A run of tests. `skipped` says why, and how often; `failed` are names."""

    at: str
    seconds: float
    tests: int
    failed: Sequence[str]
    skipped: Sequence[tuple[str, int]]

    @property
    def passed(self) -> int:
        """How many passed."""
        return self.tests - len(self.failed) - sum(times for _, times in self.skipped)


def suite(folder: Path) -> Suite | None:
    """Read a run; None, if there was none."""
    path = folder / JUNIT
    if not path.exists():
        return None
    root = ET.parse(path).getroot()  # noqa: S314 - pytest wrote it for us
    cases = [*root.iter("testcase")]
    failed = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    reasons = [skip.get("message", "") for case in cases for skip in case.iter("skipped")]
    runs = [*root.iter("testsuite")]
    return Suite(
        at=min((run.get("timestamp", "")[:16].replace("T", " ") for run in runs), default=""),
        seconds=sum(float(run.get("time", 0)) for run in runs),
        tests=len(cases),
        failed=[f"{case.get('classname')}::{case.get('name')}" for case in failed],
        skipped=[(reason, reasons.count(reason)) for reason in dict.fromkeys(reasons)],
    )
