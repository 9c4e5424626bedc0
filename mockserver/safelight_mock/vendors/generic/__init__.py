"""A vendor from a document alone: operations respond with examples, or values made from their schemas."""

from collections.abc import Iterable, Mapping
from typing import cast

import msgspec

from safelight_lifecycle import AsyncJobs, media_example, schema_example
from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Inspection, Job
from safelight_mock.core.picture import Recipe
from safelight_mock.wire.api import Api
from safelight_mock.wire.api_keys import BearerKey, HeaderKey, KeySource
from safelight_mock.wire.messages import JSON, Request, Response
from safelight_mock.wire.operation import Operation
from safelight_mock.wire.problem import Kind, Problem
from safelight_mock.wire.schema import resolve
from safelight_mock.wire.vendor import Handler, Vendor

BODY_LIMIT = 100_000_000  # bytes, ours: documents say none
ANONYMOUS = "anonymous"  # the key of requests without one, if the document asks for none


class AnyKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key that requests need not have."""

    def read(self, headers: Mapping[str, str]) -> str:
        """Return the bearer token, or the same key for all that have none."""
        return BearerKey().read(headers) or ANONYMOUS


def generic_vendor(slug: str, document: Mapping[str, JSON], async_jobs: AsyncJobs | None) -> Vendor:
    """Return the vendor of an effective document with these lifecycles, if it has any."""
    operations = Api(document=document).operations
    of_jobs = (
        {}
        if async_jobs is None
        else {name: one.name for one in async_jobs.lifecycles.values() for name in _named(one)}
    )
    return Vendor(
        slug=slug,
        handlers={
            name: _unserved(name, of_jobs[name]) if name in of_jobs else _example(operation)
            for name, operation in operations.items()
        },
        recipe=_recipe,
        auth=_auth(document),
        body_limit=BODY_LIMIT,
    )


def _named(lifecycle: object) -> Iterable[str]:
    return getattr(lifecycle, "operations", ())


def _unserved(name: str, lifecycle: str) -> Handler:
    def handler(_engine: Engine, _request: Request) -> Response:
        why = f"{name} belongs to the lifecycle {lifecycle} of x-async-jobs, which is not served yet"
        raise Problem(Kind.NOT_SERVED, detail=why)

    return handler


def _example(operation: Operation) -> Handler:
    def handler(_engine: Engine, _request: Request) -> Response:
        return _response(operation)

    return handler


def _response(operation: Operation) -> Response:
    document, responses = operation.document, operation.described.get("responses", {})
    keys = sorted(key for key in responses if key.startswith("2")) or ["default"] * ("default" in responses)
    if not keys:
        raise Problem(Kind.NOT_SERVED, detail=f"{operation.id} has no response with a 2xx status, or default")
    described = resolve(document, responses[keys[0]])
    status = int(keys[0]) if keys[0].isdigit() else 200
    headers = {
        name: str(schema_example(resolve(document, node).get("schema", {}), document))
        for name, node in described.get("headers", {}).items()
    }
    for media, node in described.get("content", {}).items():
        value = media_example(node, document)
        if media == "application/json":
            return Response.json(status, value, headers)
        return Response(
            status=status, headers={**headers, "content-type": media}, content=str(value).encode()
        )
    return Response(status=status, headers=headers)


def _auth(document: Mapping[str, JSON]) -> tuple[KeySource, ...]:
    schemes = document.get("components", {}).get("securitySchemes", {}).values()
    named = [resolve(document, scheme) for scheme in schemes]
    headers = [one["name"] for one in named if one.get("type") == "apiKey" and one.get("in") == "header"]
    keys = [HeaderKey(header=name.lower()) for name in headers]
    return (*keys, BearerKey()) if named else (cast("KeySource", AnyKey()),)


def _recipe(job: Job, _inspection: Inspection) -> Recipe:
    return Recipe(steps=(), output=job.output)
