"""Every vendor and both its documents before schemathesis, for long: `python -m contract_tests.fuzz`."""

import logging
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Final

import click

from contract_tests.fuzz.document import document, operations
from contract_tests.fuzz.hearing import SHELLS, Hearing
from contract_tests.fuzz.judge import hear
from contract_tests.fuzz.report import tell, tell_checks
from contract_tests.fuzz.verdict import Verdict
from safelight_mock.vendors import VENDORS

SEEDS: Final = ("amber", "ruby", "sodium")  # what safelights shine with
MINUTELY: Final = 25  # calls of each operation of a document, so 500 in the usual twenty minutes
SMALLEST: Final = 12  # operations, as which fewer count: where there are few, they take much
DOCUMENTS: Final = {"lenient": False, "strict": True}


@click.command()
@click.option("--vendor", "vendors", multiple=True, type=click.Choice([*VENDORS]), default=[*VENDORS])
@click.option("--document", "documents", multiple=True, type=click.Choice([*DOCUMENTS]), default=[*DOCUMENTS])
@click.option("--by", "shells", multiple=True, type=click.Choice(SHELLS), default=SHELLS, show_default=True)
@click.option("--seed", "seeds", multiple=True, default=SEEDS, show_default=True)
@click.option("--minutes", default=20.0, show_default=True, help="Shared out by numbers of operations.")
@click.option("--cases", default=0, help="So many cases an operation and phase, however long they take.")
@click.option(
    "--least", default=-1, help="Fail where an operation was called less often.  [default: 25 a minute]"
)
def main(  # noqa: PLR0913, PLR0917 - what can be asked for on one line
    vendors: Sequence[str],
    documents: Sequence[str],
    shells: Sequence[str],
    seeds: Sequence[str],
    minutes: float,
    cases: int,
    least: int,
) -> None:
    """Look for calls that are not answered as the document says; print what every operation answered."""
    logging.getLogger("safelight_mock").setLevel(logging.ERROR)
    logging.getLogger("uvicorn").setLevel(logging.ERROR)
    verdicts: dict[tuple[str, bool], Verdict] = defaultdict(Verdict)
    ways = [*product(documents, shells, seeds)]
    for hearing in _hearings(vendors, ways, minutes, cases):
        click.echo(f"{hearing} …", err=True)
        verdicts[hearing.vendor, hearing.strict].add(hear(hearing))
    enough = round(MINUTELY * minutes) if least < 0 and not cases else least
    tell_checks()
    passed = [
        tell(vendor, verdict, strict=strict, least=enough) for (vendor, strict), verdict in verdicts.items()
    ]
    sys.exit(0 if all(passed) else 1)


def _hearings(
    vendors: Sequence[str], ways: Sequence[tuple[str, str, str]], minutes: float, cases: int
) -> Iterator[Hearing]:
    sizes = {vendor: max(SMALLEST, len(operations(document(vendor, strict=False)))) for vendor in vendors}
    share = minutes * 60 / (sum(sizes.values()) * len(ways))
    for vendor, (name, shell, seed) in product(vendors, ways):
        hearing = Hearing(vendor=vendor, strict=DOCUMENTS[name], shell=shell, seed=seed)
        seconds = max(1, round(share * sizes[vendor]))
        yield replace(hearing, cases=cases) if cases else replace(hearing, seconds=seconds)


if __name__ == "__main__":
    main()
