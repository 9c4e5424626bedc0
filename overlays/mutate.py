"""Remove each truth-layer action in turn, generate anew and run the tests: one of them has to notice.

`make mutate-overlays` runs it. The work is done in copies of the checkout, never in the checkout itself. An
action nobody misses is a survivor; `overlays/survivors.toml` lists those that may live, each with a reason.
"""

import queue
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from mutation.sandbox_checkout import ROOT, SandboxCheckout
from safelight_codegen.documents import dump_yaml, read_document

SURVIVORS = ROOT / "overlays" / "survivors.toml"
TESTS = ("tests/codegen/spec", "tests", "contract_tests")  # the quickest judges first
LONGEST = 900  # seconds a run of the tests may take; a mutant that hangs is noticed too
SHOWN = 160  # characters of a failure worth a line


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One action of one overlay, to be left out; `number` counts from 1, as errors do."""

    overlay: str
    number: int
    target: str
    description: str

    def __str__(self) -> str:
        return f"{self.overlay}, action {self.number}: {self.target[:90]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What noticed the mutant, if anything did."""

    mutant: Mutant
    killer: str | None
    seconds: float

    def __str__(self) -> str:
        fate = f"killed by {self.killer}" if self.killer else "SURVIVED"
        return f"{self.mutant}\n    {fate} ({self.seconds:.1f} s)"


@click.command()
@click.option("--only", default="", help="Only actions whose overlay, target or description holds this text.")
@click.option("--jobs", default=1, type=click.IntRange(1), help="How many copies work side by side.")
@click.option("--tests", multiple=True, help="Run these tests instead of all.")
def main(only: str, jobs: int, tests: tuple[str, ...]) -> None:
    """Report which truth-layer actions no test would miss; exit 1 if one of them is not listed."""
    chosen = [mutant for mutant in mutants() if only in f"{mutant} {mutant.target} {mutant.description}"]
    judges = tests or tuple(folder for folder in TESTS if (ROOT / folder).is_dir())
    with ExitStack() as stack:
        copies: queue.SimpleQueue[SandboxCheckout] = queue.SimpleQueue()
        for _ in range(jobs):
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="mutant-"))
            copies.put(SandboxCheckout.copied(Path(folder)))
        refuse_sick_patient(copies, judges)
        workers = stack.enter_context(ThreadPoolExecutor(jobs))
        running = [workers.submit(judged, mutant, copies, judges) for mutant in chosen]
        verdicts = []
        for count, future in enumerate(as_completed(running), start=1):
            verdicts.append(future.result())
            click.echo(f"[{count}/{len(chosen)}] {verdicts[-1]}")
    sys.exit(settled(verdicts))


def mutants() -> list[Mutant]:
    """List every action of every truth layer."""
    paths = sorted((ROOT / "overlays").glob("*/truth/*.overlay.yaml"))
    return [mutant for path in paths for mutant in _of(path)]


def _of(path: Path) -> list[Mutant]:
    name = path.relative_to(ROOT).as_posix()
    actions = enumerate(_overlay(path)["actions"], start=1)
    return [
        Mutant(overlay=name, number=number, target=one["target"], description=one["description"])
        for number, one in actions
    ]


def _overlay(path: Path) -> dict[str, Any]:
    document = read_document(path)
    if not isinstance(document, dict):
        raise click.ClickException(f"{path} is no overlay")
    return document


def refuse_sick_patient(copies: "queue.SimpleQueue[SandboxCheckout]", judges: Sequence[str]) -> None:
    """Stop unless everything passes before anything is left out, and passes on the copy's own code."""
    copy = copies.get()
    foreign = [file for file in copy.imported() if not file.is_relative_to(copy.folder)]
    if foreign:
        raise click.ClickException(f"the copy would run {foreign[0]}, not its own code")
    if killer := noticed(copy, judges):
        raise click.ClickException(f"the checkout fails before anything is left out: {killer}")
    copies.put(copy)


def judged(mutant: Mutant, copies: "queue.SimpleQueue[SandboxCheckout]", judges: Sequence[str]) -> Verdict:
    """Leave the action out of one of the copies, see who notices, and put the overlay back."""
    copy, start = copies.get(), time.monotonic()
    path = copy.folder / mutant.overlay
    original = path.read_bytes()
    overlay = _overlay(path)
    del overlay["actions"][mutant.number - 1]
    try:
        if overlay["actions"]:
            path.write_text(dump_yaml(overlay), encoding="utf-8")
        else:
            path.unlink()
        return Verdict(mutant=mutant, killer=noticed(copy, judges), seconds=time.monotonic() - start)
    finally:
        path.write_bytes(original)
        copies.put(copy)


def noticed(copy: SandboxCheckout, judges: Sequence[str]) -> str | None:
    """Generate and test in `copy`; the first failure in words, or None."""
    made = copy.run("-c", "from safelight_codegen.cli import main; main(['generate'])")
    if made.returncode:
        return f"generation: {' '.join(made.stderr.split())[:SHOWN]}"
    return next(filter(None, (_failure(copy, judge) for judge in judges)), None)


def _failure(copy: SandboxCheckout, judge: str) -> str | None:
    options = ("-x", "-q", "-p", "no:cacheprovider", "-k", "not check_generated")
    try:
        tested = copy.run("-m", "pytest", *options, judge, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        return f"pytest: no end after {LONGEST} seconds"
    if tested.returncode == 0:
        return None
    failures = [line for line in tested.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return (failures or [f"pytest, exit code {tested.returncode}: {tested.stdout[-SHOWN:]}"])[0][:SHOWN]


def settled(verdicts: Sequence[Verdict]) -> int:
    """Compare the survivors with those listed; say what is wrong and give the exit code."""
    listed = tomllib.loads(SURVIVORS.read_text(encoding="utf-8")).get("survivors", [])
    reasons = {(one["overlay"], one["target"], one["description"]): one["reason"] for one in listed}
    keys = {(one.mutant.overlay, one.mutant.target, one.mutant.description): one.killer for one in verdicts}
    known = {(one.overlay, one.target, one.description) for one in mutants()}
    wrong = [
        f"survived without a reason: {' | '.join(key)}" for key in keys if not (keys[key] or key in reasons)
    ]
    wrong += [f"listed as a survivor, yet killed: {' | '.join(key)}" for key in reasons if keys.get(key)]
    wrong += [
        f"listed as a survivor, yet no action: {' | '.join(key)}" for key in reasons if key not in known
    ]
    click.echo("\n".join([*wrong, f"{sum(map(bool, keys.values()))} of {len(keys)} killed"]))
    return int(bool(wrong))


if __name__ == "__main__":
    main()
