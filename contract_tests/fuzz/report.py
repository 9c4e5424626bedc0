"""What came of the hearings of one vendor and document, as a table."""

from collections.abc import Iterable

import click

from contract_tests.fuzz.document import document, operations
from contract_tests.fuzz.explained import EXPLAINED
from contract_tests.fuzz.verdict import Verdict

SHOWN = 20  # findings at most


def tell(vendor: str, verdict: Verdict, *, strict: bool) -> bool:
    """Print it; say whether nothing was found, and nothing was left out."""
    spec = document(vendor, strict=strict)
    unreached = verdict.unreached(vendor, spec)
    click.echo(f"\n{vendor}, {'strict' if strict else 'lenient'} document")
    for line in _table(vendor, verdict, strict=strict):
        click.echo(line)
    for row in EXPLAINED:
        if row.vendor in ("", vendor):
            click.echo(f"  explained {verdict.explained[row]:6} times: {row.check}: {row.why}")
    for finding in verdict.findings[:SHOWN]:
        click.echo(f"\n{finding.operation}: {finding.check}\n{finding.about}")
    click.echo(f"  {len(verdict.findings)} findings; not reached: {', '.join(unreached) or 'nothing'}")
    return not (verdict.findings or unreached)


def _table(vendor: str, verdict: Verdict, *, strict: bool) -> Iterable[str]:
    described = operations(document(vendor, strict=strict))
    codes = sorted({code for counts in verdict.codes.values() for code in counts})
    yield f"  {'operation':34}{'calls':>7}" + "".join(f"{code:6}" for code in codes)
    for label, operation in described.items():
        counts = verdict.codes[label]
        told = "".join(f"{counts[code] or '':>6}" for code in codes)
        yield f"  {operation['operationId']:34}{counts.total():7}{told}"
    yield f"  {sum(counts.total() for counts in verdict.codes.values())} calls"
