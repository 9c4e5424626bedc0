"""What a job remembers of the request that submitted it, as one text among its details.

Of texts with secret names it remembers none but those that the lifecycle needs, such as a webhook's secret.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

import msgspec

from safelight_lifecycle import Expression, ExpressionSource, RequestParts
from safelight_mock.core.job import Job
from safelight_mock.vendors.generic.schemas.shapes import Tokens
from safelight_mock.wire.messages import JSON, Request
from safelight_mock.wire.redaction import MASK, is_secret
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


class NamedParts(msgspec.Struct, frozen=True, kw_only=True):
    """The parts of requests to which the places of a lifecycle lead; `fields` are pointers into the body."""

    headers: frozenset[str] = frozenset()
    query: frozenset[str] = frozenset()
    fields: frozenset[Tokens] = frozenset()

    @classmethod
    def of(cls, places: Iterable[Expression]) -> "NamedParts":
        """Return the parts to which these places lead."""
        own = [one for one in places if one.is_request]
        return cls(
            headers=frozenset(one.name for one in own if one.part is ExpressionSource.HEADER),
            query=frozenset(one.name for one in own if one.part is ExpressionSource.QUERY),
            fields=frozenset(one.pointer for one in own if one.part is ExpressionSource.BODY),
        )


NONE_NAMED = NamedParts()


def remembered(parts: RequestParts, named: NamedParts = NONE_NAMED) -> str:
    """Return the parts of a request as a text, without long and secret texts; empty if that is too long."""
    kept = SubmittedParts(
        body=_kept(parts.body, named.fields),
        query={
            name: MASK if is_secret(name) and name not in named.query else value
            for name, value in parts.query.items()
        },
        path=parts.path,
        headers=parts.headers,
    )
    text = msgspec.json.encode(kept).decode()
    return text if len(text) <= MEMORY else "{}"


def submission_of(job: Job) -> RequestParts:
    """Return what a job remembers of its request; nothing of one that was not made by a request."""
    return _decoded(str(job.details.get(REQUEST) or "{}"))


@lru_cache(REMEMBERED)
def _decoded(text: str) -> RequestParts:
    kept = msgspec.json.decode(text, type=SubmittedParts)
    return RequestParts(body=kept.body, query=kept.query, path=kept.path, headers=kept.headers)


def _typed(parameters: Mapping[str, JSON], texts: Mapping[str, str]) -> Mapping[str, JSON]:
    """Return the parameters in a query, in their types as far as they are described."""
    return {name: parameters.get(name, text) for name, text in texts.items()}


def _kept(value: JSON, named: frozenset[Tokens], at: Tokens = ()) -> JSON:
    """Return a value without the texts that are too long to be remembered, and with secret ones masked."""
    if isinstance(value, Mapping):
        return {
            name: _kept(inner, named, (*at, name)) for name, inner in value.items() if not _is_long(inner)
        }
    if isinstance(value, list):
        return [
            _kept(inner, named, (*at, str(number)))
            for number, inner in enumerate(value)
            if not _is_long(inner)
        ]
    is_masked = isinstance(value, str) and bool(at) and is_secret(at[-1]) and at not in named
    return MASK if is_masked else value


def _is_long(value: JSON) -> bool:
    return isinstance(value, str) and len(value) > LONGEST
