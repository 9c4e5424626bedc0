"""A check of our own: a deleted job is in no later response."""

from functools import cache

import schemathesis

from contract_tests.fuzz.apis import async_jobs
from contract_tests.fuzz.document import API, Call, Json
from contract_tests.fuzz.links import operations_on

DELETED = "x-deleted"  # beside the document's own fields: ids of what was deleted


@cache
def register() -> None:
    """Register the check with schemathesis, for this process."""
    schemathesis.check(gone_after_deletion)


def gone_after_deletion(
    _context: schemathesis.CheckContext, response: schemathesis.Response, case: Call
) -> bool | None:
    """Record the ids of deleted jobs; a successful read of one afterwards is a finding."""
    spec: Json = case.operation.schema.raw_schema
    operation_id = case.operation.definition.raw.get("operationId")
    deleted: set[str] = spec.setdefault(DELETED, set())
    for lifecycle in async_jobs(spec[API]).lifecycles.values():
        job = str((case.path_parameters or {}).get(lifecycle.ids.parameter, ""))
        if case.method == "GET" and response.status_code < 400:
            assert job not in deleted, f"{job} was deleted and is returned"
        if operation_id == operations_on(lifecycle).get("delete") and response.status_code < 300:
            deleted.add(job)
    return None
