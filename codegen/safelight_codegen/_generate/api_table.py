"""Requests, key and server of an API, as its generated table has them."""

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from safelight_codegen._generate.security import key_location, security_schemes
from safelight_codegen._generate.single_server import relative_to_first_server
from safelight_lifecycle import (
    JSON,
    ApiTable,
    AsyncJobs,
    Expression,
    ExpressionSource,
    Lifecycle,
    Places,
    RequestTemplate,
    Signature,
)
from safelight_openapi import DocumentOperation, as_mapping, operations_by_id

Document = dict[str, JSON]

# Where an error has its text if the lifecycle does not say it.
_MESSAGES = (("error", "message"), ("message",), ("detail",), ("error",), ("title",))


def api_table(document: Document, jobs: AsyncJobs, modules: Mapping[str, str]) -> ApiTable:
    """Return what a client knows of an API; its base URL is that of the first server."""
    lifecycles = jobs.lifecycles
    operations = operations_by_id(relative_to_first_server(document, other_hosts=[]))
    called = {name for lifecycle in lifecycles.values() for name in called_operations(lifecycle)}
    return ApiTable(
        lifecycles=lifecycles,
        modules=dict(sorted(modules.items())),
        requests={name: request_template(operations[name]) for name in sorted(called & operations.keys())},
        server=_server(document),
        key=key_location(_schemes(document, [*lifecycles.values()])),
        messages=_messages(jobs),
    )


def called_operations(lifecycle: Lifecycle) -> Iterator[str]:
    """Yield the operations that a client calls by their parameters alone, and those that submit."""
    yield from (*lifecycle.operations, *lifecycle.sync)
    results = (lifecycle.result, *(one.result for one in lifecycle.submit), *lifecycle.results.values())
    yield from (one.content.operation for one in results if one is not None and one.content is not None)
    signs = (delivery.sign for delivery in lifecycle.deliver)
    yield from (
        sign.secret.operation for sign in signs if isinstance(sign, Signature) and sign.secret.operation
    )


def request_template(operation: DocumentOperation) -> RequestTemplate:
    """Return how an operation is sent without a body."""
    parameters = {str(one["name"]): one for one in operation.parameters}
    required = {
        name: as_mapping(one.get("schema")) for name, one in parameters.items() if one.get("required")
    }
    constants = {name: constant_of(schema) for name, schema in required.items()}
    return RequestTemplate(
        method=operation.method.upper(),
        path=operation.path,
        headers=frozenset(name for name, one in parameters.items() if one.get("in") == "header"),
        constants={name: str(value) for name, value in constants.items() if value is not None},
    )


def constant_of(schema: Mapping[str, JSON]) -> JSON:
    """Return the only value that a schema allows; None if there are others."""
    allowed = schema.get("enum")
    return allowed[0] if isinstance(allowed, list) and len(allowed) == 1 else schema.get("const")


def _schemes(document: Document, lifecycles: Iterable[Lifecycle]) -> Iterator[Document]:
    """Yield the security schemes of the operations that submit jobs, then those of all others."""
    operations = operations_by_id(document)
    submitting = [name for one in lifecycles for name in one.submissions if name in operations]
    for name in dict.fromkeys([*submitting, *operations]):
        operation = operations[name]
        yield from (scheme for _, scheme in security_schemes(document, operation.path, operation.method))


def _server(document: Document) -> str:
    """Return the URL of the first server; empty if it is relative, or has variables."""
    servers = document.get("servers")
    first = as_mapping(servers[0]) if isinstance(servers, list) and servers else {}
    url = str(first.get("url", ""))
    return url if urlsplit(url).netloc and "{" not in url else ""


def _messages(jobs: AsyncJobs) -> Places:
    said = jobs.refusals.message
    pointers = (said, *_MESSAGES) if said is not None else _MESSAGES
    return tuple(
        Expression(part=ExpressionSource.BODY, pointer=pointer) for pointer in dict.fromkeys(pointers)
    )
