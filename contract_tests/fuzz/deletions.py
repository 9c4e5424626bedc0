"""A check of our own: what was deleted is gone for every operation that would give it."""

from functools import cache

import schemathesis

from contract_tests.fuzz.document import Call, Json, operations_on

FORGOTTEN = "x-forgotten"  # beside the document's own fields: ids of what was deleted


@cache
def register() -> None:
    """Register the check with schemathesis, for this process."""
    schemathesis.check(gone_after_deletion)


def gone_after_deletion(
    _context: schemathesis.CheckContext, response: schemathesis.Response, case: Call
) -> bool | None:
    """Remember deleted resources; a successful read of one afterwards is a finding."""
    spec: Json = case.operation.schema.raw_schema
    operation_id = case.operation.definition.raw.get("operationId")
    forgotten: set[str] = spec.setdefault(FORGOTTEN, set())
    for life in spec["x-async-jobs"]["lifecycles"].values():
        job = str((case.path_parameters or {}).get(life["id"]["parameter"], ""))
        if case.method == "GET" and response.status_code < 400:
            assert job not in forgotten, f"{job} was deleted, and is given"
        if operation_id == operations_on(life).get("delete") and response.status_code < 300:
            forgotten.add(job)
    return None
