"""The operations of a document with lifecycles, and how a step of a workflow refers to them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from safelight_codegen._generate.security import security_schemes
from safelight_lifecycle import JSON, AsyncJobs, format_pointer, read_async_jobs
from safelight_openapi import DocumentOperation, operations_by_id

Node = dict[str, JSON]

_ID = re.compile(r"[A-Za-z0-9_-]+")  # runners cut other ids, such as `jobs.get`, at the dots


@dataclass(frozen=True, kw_only=True)
class WorkflowApi:
    """An effective document; `source` is the name under which the workflows refer to it."""

    document: Node
    source: str

    @cached_property
    def jobs(self) -> AsyncJobs:
        """Its `x-async-jobs`."""
        return read_async_jobs(self.document)

    @cached_property
    def operations(self) -> dict[str, DocumentOperation]:
        """Its operations by operationId; those without one by method and path."""
        named = operations_by_id(self.document)
        return named | {one.label: one for one in named.values()}

    def reference(self, name: str) -> Node:
        """Return the member of a step that says which operation it calls."""
        operation = self.operations[name]
        if _ID.fullmatch(operation.name):
            return {"operationId": operation.name}
        pointer = format_pointer(("paths", operation.path, operation.method))
        return {"operationPath": f"{{$sourceDescriptions.{self.source}.url}}#{pointer}"}

    def successes(self, name: str) -> Sequence[str]:
        """Return the documented statuses of success: 2xx, or `default` without any."""
        return [status for status, _ in self.operations[name].success_responses()]

    def describes(self, name: str, status: int) -> bool:
        """Whether an operation documents a status, by itself or by `default`."""
        return not {str(status), "default"}.isdisjoint(self.operations[name].responses)

    def security_schemes(self, name: str) -> list[tuple[str, Node]]:
        """Return the schemes, by name, that a request has to satisfy: the first of the alternatives."""
        operation = self.operations[name]
        return security_schemes(self.document, operation.path, operation.method)
