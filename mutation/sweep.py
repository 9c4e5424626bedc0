"""Lets mutmut change every expression of the mock server's inner packages, and runs their tests for each.

`make mutmut` runs it, in copies of the checkout; `ARGS='storage'` sweeps one part. A change that no test
detects is a survivor; survivors.toml lists those that are accepted, each with a reason. Exits with 1 if there
are others, or if a listed one is detected.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from mutation.sandbox_checkout import ROOT, SandboxCheckout
from mutation.survivors import listed, outcomes, unexplained

PACKAGES: Final = (
    "mockserver/safelight_mock",
    "generated/safelight_specs",
    "lifecycle/safelight_lifecycle",
)
LISTED: Final = ROOT / "mutation" / "survivors.toml"
RESULTS: Final = ROOT / "mutation" / "RESULTS.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The modules that are changed, and the tests under tests/mockserver/ that must fail.

    mutmut measures which test calls which function and runs only those. The fork server keeps what tests
    leave behind (threads, event loops, libvips) out of the processes it forks. `others` are tests of whole
    servers in processes of their own, which import the unchanged code.
    """

    modules: Sequence[str]
    tests: Sequence[str]
    others: Sequence[str] = ()
    isolation: str = "forkserver"


PARTS: Final[Mapping[str, Part]] = {
    "core": Part(modules=["core/*"], tests=["core"], isolation="fork"),
    "wire": Part(modules=["wire/*"], tests=["wire"], isolation="fork"),
    "driver": Part(modules=["app/driver.py", "app/steps.py"], tests=["app/test_driver.py"]),
    "storage": Part(
        modules=["storage/*"],
        tests=["storage"],
        others=[
            "storage/test_data_dir.py::test_a_second_server_is_refused_before_it_changes_anything",
            "storage/test_data_dir.py::test_inputs_without_their_database_are_rejected_and_kept",
            "storage/test_sqlite_store.py::test_committed_changes_survive_a_killed_process",
        ],
    ),
    "webhooks": Part(
        modules=["webhooks/*"],
        tests=["webhooks", "vendors/generic/test_generic_webhooks.py"],
        others=["webhooks/test_crash.py"],
    ),
}

HEAD: Final = """\
# What unit tests notice

Made by `make mutmut`. mutmut changes one expression at a time; a change is noticed when a unit test of its
package (`PARTS` in [sweep.py](sweep.py)) fails for it, or does not end. Each of the others has a reason in
[survivors.toml](survivors.toml).
"""
TABLE: Final = """\
{name}

{day}, {minutes} minutes on {cores} cores.

| module | changes | noticed | |
|---|---:|---:|---:|
"""
SECTION: Final = "\n## "


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """How many mutants each module had, and which of them survived."""

    made: Mapping[str, int]
    survivors: Mapping[str, list[str]]

    def row(self, name: str, modules: Iterable[str]) -> str:
        """Return a row of the table, for one module or several."""
        made = sum(self.made[module] for module in modules)
        killed = made - sum(len(self.survivors[module]) for module in modules)
        return f"| {name} | {made} | {killed} | {100 * killed / made:.1f} % |\n"

    def table(self, title: str) -> str:
        """Return a row for each module, and one for all."""
        return "".join(self.row(f"`{name}`", [name]) for name in self.made) + self.row(
            f"**{title}**", self.made
        )


@click.command()
@click.argument("names", nargs=-1, type=click.Choice([*PARTS]))
def main(names: tuple[str, ...]) -> None:
    """Sweep the parts called NAMES, by default all, and write their tables into mutation/RESULTS.md."""
    wrong = [line for name in names or PARTS for line in recorded(name)]
    click.echo("\n".join(wrong))
    sys.exit(bool(wrong))


def recorded(name: str) -> list[str]:
    """Sweep a part and write its table; return what is wrong with its survivors."""
    start = time.monotonic()
    sweep = swept(PARTS[name])
    minutes, day = round((time.monotonic() - start) / 60), datetime.now(UTC).date()
    table = TABLE.format(name=name, day=day, minutes=minutes, cores=os.cpu_count()) + sweep.table(name)
    click.echo(table)
    RESULTS.write_text(with_table(RESULTS.read_text(encoding="utf-8"), name, table), encoding="utf-8")
    accepted = listed(LISTED)
    single = [one for some in sweep.survivors.values() for one in some if not accepted.has_form(one)]
    reasons = {one: why for one, why in accepted.reasons.items() if names_module(one) in sweep.made}
    return [*unexplained(single, reasons)]


def with_table(results: str, name: str, table: str) -> str:
    """Return the text of RESULTS.md with the table of a part replaced; the others were made before."""
    _, *sections = results.split(SECTION)
    tables = {section.partition("\n")[0]: section for section in sections} | {name: table}
    return SECTION.join([HEAD, *(tables[part] for part in PARTS if part in tables)])


def names_module(change: str) -> str:
    """Return the module of a change: `core/job.py` of `core.job.status: …`."""
    package, module, _ = change.split(".", 2)
    return f"{package}/{module}.py"


def swept(part: Part) -> Sweep:
    """Run mutmut in a copy. It names modules by their paths, so packages are moved to the root."""
    with tempfile.TemporaryDirectory(prefix="sweep-") as name:
        folder = Path(name)
        SandboxCheckout.copied(folder)
        for package in PACKAGES:
            (folder / package).rename(folder / Path(package).name)
        with (folder / "pyproject.toml").open("a", encoding="utf-8") as file:
            file.write(configuration(part, sorted(path.name for path in folder.iterdir() if path.is_dir())))
        ended = subprocess.run(
            [sys.executable, "-m", "mutmut", "run"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": ""},
            check=False,
        )
        if ended.returncode:
            raise click.ClickException(f"mutmut ended with {ended.returncode}")
        code = folder / "mutants" / "safelight_mock"
        metas = {meta.relative_to(code).with_suffix("").as_posix(): meta for meta in code.rglob("*.meta")}
        counts = {name: outcomes(meta) for name, meta in sorted(metas.items())}
    return Sweep(
        made={name: made for name, (made, _) in counts.items() if made},
        survivors={name: survivors for name, (made, survivors) in counts.items() if made},
    )


def configuration(part: Part, folders: Sequence[str]) -> str:
    """Return what mutmut reads from pyproject.toml, in a checkout of these folders.

    mutmut runs the tests in a folder of its own. All is copied there: tests read documents from several.
    """
    options = {
        "source_paths": ["safelight_mock"],
        "only_mutate": [f"safelight_mock/{module}" for module in part.modules],
        "also_copy": [name for name in folders if name != "safelight_mock"],
        "pytest_add_cli_args_test_selection": [f"tests/mockserver/{folder}" for folder in part.tests],
        "pytest_add_cli_args": [
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
            "--hypothesis-profile",
            "mutation",
            "--hypothesis-seed=0",
            *(f"--deselect=tests/mockserver/{test}" for test in part.others),
        ],
        "process_isolation": part.isolation,
        # Tests that take longer count as noticing the change. The constant, which is multiplied too, is for
        # the start of a process with its imports: seconds where others work on the same machine.
        "timeout_multiplier": 4.0,
        "timeout_constant": 3.0,
        "use_git_change_detection": False,
    }
    # Of these types, JSON is TOML too.
    return "\n[tool.mutmut]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in options.items())


if __name__ == "__main__":
    main()
