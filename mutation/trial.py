"""Tries a mutant: applies it to a copy of the checkout and runs the tests that must notice, and no others."""

import re
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass

from mutation.mutants import Mutant
from mutation.patient import Patient

LONGEST = 300  # seconds after which the tests are taken to hang, which is to notice; on a busy machine too
PASSED, FAILED = 0, 1  # pytest's exit codes for that; a test that is not there, or cannot be read, has others
SUMMARY = re.compile(r"^(?:FAILED|ERROR) (\S+::.+?)(?: - .*)?$", re.MULTILINE)
OPTIONS = ("-x", "-q", "--tb=short", "--show-capture=no", "-p", "no:cacheprovider", "-p", "no:xdist")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What noticed the mutant, if anything did."""

    mutant: Mutant
    killed_by: str
    seconds: float

    def __str__(self) -> str:
        fate = f"killed by {self.killed_by}" if self.killed_by else "SURVIVED"
        return f"{self.mutant.name}: {fate} ({self.seconds:.1f} s)"


def tried(mutant: Mutant, patient: Patient) -> Verdict:
    """Apply a mutant and see what notices it.

    Raises ValueError for one that does not apply, RuntimeError for one whose tests cannot be run.
    """
    start = time.monotonic()
    text = (patient.folder / mutant.file).read_text(encoding="utf-8")
    with patient.altered(mutant.file, mutant.of(text)):
        killer = failure(patient, mutant.tests)
    return Verdict(mutant=mutant, killed_by=killer, seconds=time.monotonic() - start)


def failure(patient: Patient, tests: Iterable[str], *, is_whole: bool = False) -> str:
    """Run tests in a copy and return the first that fails; nothing, if none does.

    Raises RuntimeError when they cannot be run, as under names that no test has.
    """
    try:
        run = patient.run("-m", "pytest", *OPTIONS, *tests, seconds=LONGEST, is_whole=is_whole)
    except subprocess.TimeoutExpired:
        return f"no end after {LONGEST} seconds"
    if run.returncode not in (PASSED, FAILED):
        raise RuntimeError(f"pytest ended with {run.returncode}:\n{run.stdout}{run.stderr}")
    return "" if run.returncode == PASSED else SUMMARY.findall(run.stdout)[-1]
