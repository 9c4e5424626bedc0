"""Runs schemathesis against every vendor and example for long: `python -m contract_tests.fuzz`."""

import logging
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Final

import click

from contract_tests.fuzz.apis import APIS, EXAMPLES
from contract_tests.fuzz.document import document, operations
from contract_tests.fuzz.fuzz_outcome import FuzzOutcome
from contract_tests.fuzz.fuzz_run import SHELLS, FuzzRun
from contract_tests.fuzz.report import print_checks, print_report
from contract_tests.fuzz.runner import fuzz

SEEDS: Final = ("amber", "ruby", "sodium")  # what safelights shine with
MINUTELY: Final = 25  # calls of each operation of a document, so 500 in the usual twenty minutes
SMALLEST: Final = 12  # operations, as which fewer count: where there are few, they take much
DOCUMENTS: Final = {"lenient": False, "strict": True}


@click.command()
@click.option("--vendor", "vendors", multiple=True, type=click.Choice(APIS), default=APIS)
@click.option("--document", "documents", multiple=True, type=click.Choice([*DOCUMENTS]), default=[*DOCUMENTS])
@click.option("--by", "shells", multiple=True, type=click.Choice(SHELLS), default=SHELLS, show_default=True)
@click.option("--seed", "seeds", multiple=True, default=SEEDS, show_default=True)
@click.option("--minutes", default=20.0, show_default=True, help="Shared out by numbers of operations.")
@click.option("--cases", default=0, help="So many cases an operation and phase, however long they take.")
@click.option(
    "--least", default=-1, help="Fail where an operation was called less often.  [default: 25 a minute]"
)
def main(  # noqa: PLR0913, PLR0917 - the options of the command
    vendors: Sequence[str],
    documents: Sequence[str],
    shells: Sequence[str],
    seeds: Sequence[str],
    minutes: float,
    cases: int,
    least: int,
) -> None:
    """Look for responses that violate the document; print the response statuses of every operation."""
    logging.getLogger("safelight_mock").setLevel(logging.ERROR)
    logging.getLogger("uvicorn").setLevel(logging.ERROR)
    outcomes: dict[tuple[str, bool], FuzzOutcome] = defaultdict(FuzzOutcome)
    choices = [*product(documents, shells, seeds)]
    for run in _runs(vendors, choices, minutes, cases):
        click.echo(f"{run} …", err=True)
        outcomes[run.vendor, run.strict].add(fuzz(run))
    enough = round(MINUTELY * minutes) if least < 0 and not cases else least
    print_checks()
    passed = [
        print_report(vendor, outcome, strict=strict, least=enough)
        for (vendor, strict), outcome in outcomes.items()
    ]
    sys.exit(0 if all(passed) else 1)


def _runs(
    vendors: Sequence[str], choices: Sequence[tuple[str, str, str]], minutes: float, cases: int
) -> Iterator[FuzzRun]:
    sizes = {vendor: max(SMALLEST, len(operations(document(vendor, strict=False)))) for vendor in vendors}
    share = minutes * 60 / (sum(sizes.values()) * len(choices))
    for vendor, (name, shell, seed) in product(vendors, choices):
        if vendor in EXAMPLES and DOCUMENTS[name]:
            continue  # they have one document
        run = FuzzRun(vendor=vendor, strict=DOCUMENTS[name], shell=shell, seed=seed)
        seconds = max(1, round(share * sizes[vendor]))
        yield replace(run, cases=cases) if cases else replace(run, seconds=seconds)


if __name__ == "__main__":
    main()
