"""Try every mutant with a name; `make mutants` runs it. Exit 1 if one survives."""

import json
import queue
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import click

from mutation.mutants import Mutant, killers, mutants
from mutation.patient import PACKAGES, ROOT, Patient, copied
from mutation.trial import Verdict, failure, tried

REPORT = ROOT / "reports" / "mutants.json"


@click.command()
@click.option("--only", default="", help="Only mutants whose name or sentence holds this text.")
@click.option("--jobs", default=2, type=click.IntRange(1), help="How many copies work side by side; 2.")
def main(only: str, jobs: int) -> None:
    """Say of each mutant what killed it, and write that to reports/mutants.json."""
    chosen = [mutant for mutant in mutants() if only in f"{mutant.name} {mutant.breaks}"]
    with ExitStack() as stack:
        copies: queue.SimpleQueue[Patient] = queue.SimpleQueue()
        for _ in range(jobs):
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="mutant-"))
            copies.put(copied(Path(folder)))
        _refuse_sick_patient(copies, chosen)
        workers = stack.enter_context(ThreadPoolExecutor(jobs))
        verdicts = []
        for verdict in workers.map(lambda mutant: _judged(mutant, copies), chosen):
            verdicts.append(verdict)
            click.echo(verdict)
    if not only:
        _write(verdicts)
    killed = sum(bool(verdict.killed_by) for verdict in verdicts)
    click.echo(f"{killed} of {len(verdicts)} killed")
    sys.exit(killed < len(verdicts))


def _refuse_sick_patient(copies: "queue.SimpleQueue[Patient]", chosen: Sequence[Mutant]) -> None:
    """Stop unless the same tests pass before anything is broken, and pass on the copy's own code."""
    patient = copies.get()
    patient.refuse_other_code(*PACKAGES)
    if killer := failure(patient, killers(chosen), is_whole=True):
        raise click.ClickException(f"the checkout fails before anything is broken: {killer}")
    copies.put(patient)


def _judged(mutant: Mutant, copies: "queue.SimpleQueue[Patient]") -> Verdict:
    patient = copies.get()
    try:
        return tried(mutant, patient)
    finally:
        copies.put(patient)


def _write(verdicts: Sequence[Verdict]) -> None:
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps([_told(verdict) for verdict in verdicts], indent=1) + "\n", encoding="utf-8")


def _told(verdict: Verdict) -> dict[str, str | bool | float]:
    mutant = verdict.mutant
    return {
        "name": mutant.name,
        "what": mutant.breaks,
        "file": mutant.file,
        "killed_by": verdict.killed_by,
        "killed": bool(verdict.killed_by),
        "seconds": round(verdict.seconds, 1),
    }


if __name__ == "__main__":
    main()
