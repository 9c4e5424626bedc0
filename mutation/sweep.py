"""Have mutmut change every expression of `core` and `wire`, and say which changes their unit tests pass.

`make mutmut` runs it, in a copy of the checkout. A change that nobody notices is a survivor; survivors.toml
lists those that may live, each with a reason. Exit 1 when another one survives, or one of those does not.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from mutation.patient import ROOT, copied
from mutation.survivors import Reasons, fates, listed, unexplained

PARTS = ("core", "wire")
PACKAGES = ("mockserver/safelight_mock", "generated/safelight_specs", "lifecycle/safelight_lifecycle")
LISTED = ROOT / "mutation" / "survivors.toml"
REPORT = ROOT / "reports" / "mutmut.json"
RESULTS = ROOT / "mutation" / "RESULTS.md"
HEAD = """\
# What unit tests notice

Made by `make mutmut` on {day}, in {minutes} minutes on {cores} cores. mutmut changes one expression at a
time; a change is noticed when a test under `tests/core` or `tests/wire` fails for it, or does not end.

| module | changes | noticed | |
|---|---:|---:|---:|
"""
FOOT = "\nThe {count} changes that nobody notices, each with its reason: [survivors.toml](survivors.toml).\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """How many changes were made to each module, and which of them nobody noticed."""

    made: Mapping[str, int]
    survivors: Mapping[str, list[str]]

    def row(self, name: str, modules: Iterable[str]) -> str:
        """Return a row of the table, for one module or several."""
        made = sum(self.made[module] for module in modules)
        killed = made - sum(len(self.survivors[module]) for module in modules)
        return f"| {name} | {made} | {killed} | {100 * killed / made:.1f} % |\n"


@click.command()
def main() -> None:
    """Sweep, and write reports/mutmut.json and mutation/RESULTS.md."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="sweep-") as folder:
        sweep = swept(Path(folder))
    reasons, survivors = listed(LISTED), [one for found in sweep.survivors.values() for one in found]
    _report(sweep, survivors, reasons)
    _results(sweep, minutes=(time.monotonic() - start) / 60)
    wrong = [*unexplained(survivors, reasons)]
    click.echo("\n".join(wrong))
    sys.exit(bool(wrong))


def swept(folder: Path) -> Sweep:
    """Run mutmut in a folder. It names modules by their paths, so packages are moved to the root."""
    copied(folder)
    for package in PACKAGES:
        (folder / package).rename(folder / Path(package).name)
    ended = subprocess.run(
        [sys.executable, "-m", "mutmut", "run"], cwd=folder, env={**os.environ, "PYTHONPATH": ""}, check=False
    )
    if ended.returncode:
        raise click.ClickException(f"mutmut ended with {ended.returncode}")
    code = folder / "mutants" / "safelight_mock"
    metas = {
        f"{part}/{meta.name.removesuffix('.meta')}": meta
        for part in PARTS
        for meta in (code / part).glob("*.meta")
    }
    found = {name: fates(meta) for name, meta in sorted(metas.items())}
    return Sweep(
        made={name: made for name, (made, _) in found.items() if made},
        survivors={name: survivors for name, (made, survivors) in found.items() if made},
    )


def _report(sweep: Sweep, survivors: list[str], reasons: Reasons) -> None:
    made = sum(sweep.made.values())
    rows = [_split(change) | {"why": reasons.get(change, "")} for change in survivors]
    REPORT.parent.mkdir(exist_ok=True)
    told = {"killed": made - len(survivors), "total": made, "survivors": rows}
    REPORT.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def _split(change: str) -> dict[str, str]:
    name, _, what = change.partition(": ")
    return {"name": name, "what": what}


def _results(sweep: Sweep, minutes: float) -> None:
    head = HEAD.format(day=datetime.now(UTC).date(), minutes=round(minutes), cores=os.cpu_count())
    rows = [sweep.row(f"`{name}`", [name]) for name in sweep.made]
    sums = [
        sweep.row(f"**{part}**", [name for name in sweep.made if name.startswith(part)]) for part in PARTS
    ]
    foot = FOOT.format(count=sum(map(len, sweep.survivors.values())))
    RESULTS.write_text(
        "".join([head, *rows, *sums, sweep.row("**both**", sweep.made), foot]), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
