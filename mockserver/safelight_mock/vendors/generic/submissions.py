"""What a job remembers of the request that submitted it, as one text among its details."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

import msgspec

from safelight_lifecycle import Expression, ExpressionSource, RequestParts
from safelight_mock.core.job import Job
from safelight_mock.wire.messages import JSON, Request
from safelight_mock.wire.schema import Parameters

REQUEST = "request"  # the detail of a job that has the text
LONGEST = 10_000  # characters of a text that is remembered: longer ones are files in base64
REMEMBERED = 2_048  # texts that are decoded at a time
MEMORY = 256 * 1024  # characters of what is remembered of one request


class SubmittedParts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The parts of a request that places of a lifecycle may lead to; of its headers only those that do."""

    body: JSON = None
    query: Mapping[str, JSON] = msgspec.field(default_factory=dict)
    path: Mapping[str, JSON] = msgspec.field(default_factory=dict)
    headers: Mapping[str, str] = msgspec.field(default_factory=dict)


def parts_of(request: Request, headers: Iterable[str]) -> RequestParts:
    """Return the parts of a request that is handled; `headers` are those that a lifecycle names."""
    described = request.parameters
    texts = described.texts if isinstance(described, Parameters) else {}
    values = request.values if request.values != {} or request.body else None
    return RequestParts(
        path=dict(texts.get("path", {})),
        query=_typed(described, texts.get("query", {})),
        headers={name: request.headers[name] for name in headers if name in request.headers},
        body=values,
    )


def remembered(parts: RequestParts) -> str:
    """Return the parts of a request as a text, without long texts; an empty one if that is too long."""
    kept = SubmittedParts(
        body=_shortened(parts.body), query=parts.query, path=parts.path, headers=parts.headers
    )
    text = msgspec.json.encode(kept).decode()
    return text if len(text) <= MEMORY else "{}"


def submission_of(job: Job) -> RequestParts:
    """Return what a job remembers of its request; nothing of one that was not made by a request."""
    return _decoded(str(job.details.get(REQUEST) or "{}"))


def headers_in(expressions: Iterable[Expression]) -> frozenset[str]:
    """Return the names of the request headers to which places lead."""
    return frozenset(
        one.name for one in expressions if one.is_request and one.part is ExpressionSource.HEADER
    )


@lru_cache(REMEMBERED)
def _decoded(text: str) -> RequestParts:
    kept = msgspec.json.decode(text, type=SubmittedParts)
    return RequestParts(body=kept.body, query=kept.query, path=kept.path, headers=kept.headers)


def _typed(parameters: Mapping[str, JSON], texts: Mapping[str, str]) -> Mapping[str, JSON]:
    """Return the parameters in a query, in their types as far as they are described."""
    return {name: parameters.get(name, text) for name, text in texts.items()}


def _shortened(value: JSON) -> JSON:
    """Return a value without the texts that are too long to be remembered."""
    if isinstance(value, Mapping):
        return {name: _shortened(inner) for name, inner in value.items() if not _is_long(inner)}
    if isinstance(value, list):
        return [_shortened(inner) for inner in value if not _is_long(inner)]
    return value


def _is_long(value: JSON) -> bool:
    return isinstance(value, str) and len(value) > LONGEST
