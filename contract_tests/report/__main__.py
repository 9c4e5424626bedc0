"""Runs the contract tests, listens to them and writes the report: `python -m contract_tests.report`."""

import shutil
import subprocess
import sys
from pathlib import Path

import click

from contract_tests.report.model import COMMIT, HEARD, ROOT, report
from contract_tests.report.page import markdown, page
from contract_tests.report.suite import JUNIT

PAGE, MARKDOWN = "index.html", "report.md"


@click.command()
@click.option("--from", "folder", type=click.Path(path_type=Path), help="Run nothing: render what is there.")
@click.option("--jobs", default=2, show_default=True, help="How many processes run tests side by side.")
@click.argument("tests", nargs=-1)
def main(folder: Path | None, jobs: int, tests: tuple[str, ...]) -> None:
    """Write reports/index.html, report.md and junit.xml; exit as the tests did.

    TESTS are those to listen to: all contract tests, unless named.
    """
    into = folder or ROOT / "reports"
    code = 0 if folder else run(into, jobs, tests or ("contract_tests",))
    written = report(into)
    into.mkdir(parents=True, exist_ok=True)
    for name, text in ((PAGE, page(written)), (MARKDOWN, markdown(written))):
        (into / name).write_text(text, encoding="utf-8")
    click.echo(f"{into / PAGE}, {MARKDOWN} beside it")
    sys.exit(code)


def run(into: Path, jobs: int, tests: tuple[str, ...]) -> int:
    """Run tests while somebody listens, and return how pytest ended; results of earlier runs go."""
    shutil.rmtree(into / HEARD, ignore_errors=True)
    (into / JUNIT).unlink(missing_ok=True)
    into.mkdir(parents=True, exist_ok=True)
    (into / COMMIT).write_text(commit(), encoding="utf-8")
    listening = ("-p", "contract_tests.report.listening", "--heard", into / HEARD)
    command = (sys.executable, "-m", "pytest", "-q", "-n", str(jobs), *listening, "--junitxml", into / JUNIT)
    return subprocess.run([*command, *tests], cwd=ROOT, check=False).returncode


def commit() -> str:
    """Name the commit that is checked out; nothing, where there is no git."""
    command = ("git", "describe", "--always", "--dirty")
    try:
        return subprocess.run(command, cwd=ROOT, capture_output=True, check=False, text=True).stdout
    except FileNotFoundError:
        return ""


if __name__ == "__main__":
    main()
