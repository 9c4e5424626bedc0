"""Every vendor and both its documents before schemathesis, for long: `python -m contract_tests.fuzz`."""

import logging
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import click

from contract_tests.fuzz.document import document, operations
from contract_tests.fuzz.hearing import Hearing, hear
from contract_tests.fuzz.report import tell
from contract_tests.fuzz.verdict import Verdict
from safelight_mock.vendors import VENDORS

SEEDS: Final = ("amber", "ruby", "sodium")  # what safelights shine with
DOCUMENTS: Final = {"lenient": False, "strict": True}


@click.command()
@click.option("--vendor", "vendors", multiple=True, type=click.Choice([*VENDORS]), default=[*VENDORS])
@click.option("--document", "documents", multiple=True, type=click.Choice([*DOCUMENTS]), default=[*DOCUMENTS])
@click.option("--seed", "seeds", multiple=True, default=SEEDS, show_default=True)
@click.option("--minutes", default=20.0, show_default=True, help="Shared out by numbers of operations.")
@click.option("--cases", default=0, help="So many cases an operation and phase, however long they take.")
def main(
    vendors: Sequence[str], documents: Sequence[str], seeds: Sequence[str], minutes: float, cases: int
) -> None:
    """Look for calls that are not answered as the document says; print what every operation answered."""
    logging.getLogger("safelight_mock").setLevel(logging.ERROR)
    hearings = [*_hearings(vendors, documents, seeds, minutes, cases)]
    verdicts: dict[tuple[str, bool], Verdict] = defaultdict(Verdict)
    for hearing in hearings:
        click.echo(f"{hearing.vendor}, {_name(strict=hearing.strict)}, seed {hearing.seed} …", err=True)
        verdicts[hearing.vendor, hearing.strict].add(hear(hearing))
    passed = [tell(vendor, verdict, strict=strict) for (vendor, strict), verdict in verdicts.items()]
    sys.exit(0 if all(passed) else 1)


def _hearings(
    vendors: Sequence[str], documents: Sequence[str], seeds: Sequence[str], minutes: float, cases: int
) -> Iterator[Hearing]:
    sizes = {vendor: len(operations(document(vendor, strict=False))) for vendor in vendors}
    share = minutes * 60 / (sum(sizes.values()) * len(documents) * len(seeds))
    for vendor in vendors:
        for name in documents:
            for seed in seeds:
                hearing = Hearing(vendor=vendor, strict=DOCUMENTS[name], seed=seed)
                if cases:
                    yield replace(hearing, cases=cases)
                else:
                    yield replace(hearing, seconds=max(1, round(share * sizes[vendor])))


def _name(*, strict: bool) -> str:
    return "strict" if strict else "lenient"


if __name__ == "__main__":
    main()
