"""The outcome of the runs of one vendor and document, as a table."""

from collections.abc import Iterable, Iterator

import click
from schemathesis.checks import CHECKS

from contract_tests.fuzz import deletions, keys
from contract_tests.fuzz.apis import EXAMPLES
from contract_tests.fuzz.document import document, operations
from contract_tests.fuzz.explained import ELSEWHERE, NOWHERE, OFF
from contract_tests.fuzz.explanations import explanations_of
from contract_tests.fuzz.fuzz_outcome import FuzzOutcome

SHOWN = 20  # findings at most


def print_checks() -> None:
    """Print the enabled checks, and the disabled ones with the reason."""
    for ours in (keys, deletions):
        ours.register()
    click.echo("checks")
    for name in CHECKS.get_all_names():
        if name not in OFF:
            click.echo(f"  {name:34}on")
    for name, why in OFF.items():
        click.echo(f"  {name:34}off: {why}")


def print_report(vendor: str, outcome: FuzzOutcome, *, strict: bool, least: int = 0) -> bool:
    """Print an outcome; return whether it has no findings and every operation was called `least` times.

    Of a vendor that is built in, every response has to be reached.
    """
    spec = document(vendor, strict=strict)
    unreached = outcome.unreached(vendor, spec)
    seldom = [label for label in operations(spec) if outcome.codes[label].total() < least]
    click.echo(f"\n{vendor}, {'strict' if strict else 'lenient'} document")
    for line in (*_table(vendor, outcome, strict=strict), *_reasons(vendor, outcome)):
        click.echo(f"  {line}")
    for finding in outcome.findings[:SHOWN]:
        click.echo(f"\n{finding.operation}: {finding.check}\n{finding.about}")
    click.echo(f"  {len(outcome.findings)} findings; not reached: {', '.join(unreached) or 'nothing'}")
    if seldom:
        click.echo(f"  called less than {least} times: {', '.join(seldom)}")
    is_reached = (
        not unreached or vendor in EXAMPLES
    )  # of which tests/examples/test_reachability.py is the test
    return is_reached and not (outcome.findings or seldom)


def _table(vendor: str, outcome: FuzzOutcome, *, strict: bool) -> Iterable[str]:
    described = operations(document(vendor, strict=strict))
    codes = sorted({code for counts in outcome.codes.values() for code in counts})
    yield f"{'operation':34}{'calls':>7}" + "".join(f"{code:6}" for code in codes)
    for label, operation in described.items():
        counts = outcome.codes[label]
        result = "".join(f"{counts[code] or '':>6}" for code in codes)
        yield f"{operation['operationId']:34}{counts.total():7}{result}"
    calls = sum(counts.total() for counts in outcome.codes.values())
    yield f"{calls} calls, {outcome.link_sequences} link sequences"


def _reasons(vendor: str, outcome: FuzzOutcome) -> Iterator[str]:
    for row in explanations_of(vendor):
        yield f"explained {outcome.explained[row]:6} times: {row.check}: {row.why}"
    for name, why in (*ELSEWHERE.items(), *NOWHERE.items()):
        if name.startswith(f"{vendor}/"):
            yield f"reached {'elsewhere' if name in ELSEWHERE else 'nowhere'}: {name}: {why}"
