"""Leaves out each action of the truth overlays in turn, generates and runs the tests: one must fail.

`make mutate-overlays` runs it in a copy of the checkout. An action that no test needs is a survivor;
overlays/survivors.toml lists those that are accepted, each with a reason.
"""

import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click

from mutation.sandbox_checkout import ROOT, SandboxCheckout
from mutation.survivors import unexplained
from safelight_openapi import dump_yaml, read_document

LISTED: Final = ROOT / "overlays" / "survivors.toml"
TESTS: Final = ("tests/openapi", "tests", "contract_tests")  # the quickest first
OPTIONS: Final = ("-x", "-q", "-p", "no:cacheprovider", "-k", "not check_generated", "-m", "not mutants")
TIMEOUT: Final = 900.0  # seconds for a run of the tests; one that hangs has noticed
SHOWN: Final = 160  # characters of a failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One action of one overlay; `number` counts from 1."""

    overlay: str
    number: int
    target: str
    description: str

    def __str__(self) -> str:
        return f"{self.overlay} | {self.target} | {self.description}"


@click.command()
@click.option("--only", default="", help="Only actions whose overlay, target or description contains this.")
@click.option("--tests", multiple=True, default=TESTS, help="Run these tests instead of all.")
def main(only: str, tests: tuple[str, ...]) -> None:
    """Report the actions that no test needs; exit 1 unless these are the listed ones."""
    every = [*actions()]
    chosen = [action for action in every if only in str(action)]
    survivors = []
    with tempfile.TemporaryDirectory(prefix="overlays-") as folder:
        checkout = SandboxCheckout.copied(Path(folder))
        if failure := noticed(checkout, tests):
            raise click.ClickException(f"the checkout fails before anything is left out: {failure}")
        for count, action in enumerate(chosen, start=1):
            failure = without(action, checkout, tests)
            click.echo(f"[{count}/{len(chosen)}] {action}\n    {failure or 'SURVIVED'}")
            survivors += [] if failure else [str(action)]
    tried, known = {*map(str, chosen)}, {*map(str, every)}
    reasons = {name: why for name, why in listed().items() if name in tried or name not in known}
    wrong = [*unexplained(survivors, reasons)]
    click.echo("\n".join([*wrong, f"{len(chosen) - len(survivors)} of {len(chosen)} noticed"]))
    sys.exit(bool(wrong))


def actions() -> Iterator[Action]:
    """Yield every action of every truth layer."""
    for path in sorted((ROOT / "overlays").glob("*/truth/*.overlay.yaml")):
        for number, one in enumerate(_overlay(path)["actions"], start=1):
            yield Action(
                overlay=path.relative_to(ROOT).as_posix(),
                number=number,
                target=one["target"],
                description=one["description"],
            )


def listed() -> Mapping[str, str]:
    """Return the actions that no test has to need, each with its reason."""
    entries = tomllib.loads(LISTED.read_text(encoding="utf-8")).get("survivors", [])
    return {f"{one['overlay']} | {one['target']} | {one['description']}": one["reason"] for one in entries}


def without(action: Action, checkout: SandboxCheckout, tests: tuple[str, ...]) -> str:
    """Leave an action out of the copy, and return what fails."""
    path = checkout.folder / action.overlay
    original, overlay = path.read_bytes(), _overlay(path)
    del overlay["actions"][action.number - 1]
    if overlay["actions"]:
        path.write_text(dump_yaml(overlay), encoding="utf-8")
    else:
        path.unlink()
    try:
        return noticed(checkout, tests)
    finally:
        path.write_bytes(original)


def noticed(checkout: SandboxCheckout, tests: tuple[str, ...]) -> str:
    """Generate and test in the copy; return the first failure, or nothing."""
    made = checkout.run("-m", "safelight_codegen", "generate")
    if made.returncode:
        return f"generation: {' '.join(made.stderr.split())[:SHOWN]}"
    return next(filter(None, (_failure(checkout, folder) for folder in tests)), "")


def _failure(checkout: SandboxCheckout, folder: str) -> str:
    try:
        run = checkout.run("-m", "pytest", *OPTIONS, folder, timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        return f"pytest: no end after {TIMEOUT:.0f} seconds"
    if run.returncode == 0:
        return ""
    failures = [line for line in run.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return (failures or [f"pytest, exit code {run.returncode}: {run.stdout[-SHOWN:]}"])[0][:SHOWN]


def _overlay(path: Path) -> dict[str, Any]:
    document = read_document(path)
    if not isinstance(document, dict):
        raise click.ClickException(f"{path} is not an overlay")
    return document


if __name__ == "__main__":
    main()
