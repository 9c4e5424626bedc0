"""Which complaints of schemathesis are explained, for one API."""

from collections.abc import Sequence

from schemathesis import Response

from contract_tests.fuzz.apis import EXAMPLES
from contract_tests.fuzz.declared import DECLARED
from contract_tests.fuzz.document import Call
from contract_tests.fuzz.explained import EXPLAINED, Explained


def explanations_of(api: str) -> Sequence[Explained]:
    """Return the rows that apply to an API."""
    rows = (*EXPLAINED, *DECLARED) if api in EXAMPLES else EXPLAINED
    return [row for row in rows if row.vendor in ("", api)]


def explanation(api: str, check: str, case: Call, response: Response) -> Explained | None:
    """Find what explains a complaint; None makes it a finding."""
    rows = (row for row in explanations_of(api) if row.check == check)
    return next((row for row in rows if row.holds(case, response)), None)
