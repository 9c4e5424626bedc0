"""What a request of a session is for: its operation, its job, and where it has a webhook URL."""

from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl, urlencode

import msgspec

from safelight_lifecycle import ExpressionSource, follow_tokens, with_value_at
from safelight_mock.app.routes import role_of
from safelight_mock.config.services import Service
from safelight_mock.core.lifecycle import Deliver, ServedLifecycle
from safelight_mock.core.scenario import Role
from safelight_mock.recording.checks import request_findings
from safelight_mock.wire.messages import JSON, Form, Request
from safelight_mock.wire.operation import URLENCODED, Operation
from safelight_mock.wire.problem import Problem
from safelight_mock.wire.schema import Query


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A request on its way to the service.

    - `operation`, `lifecycle`: None for a link, and for what the document does not have
    - `job`: the service's id of the job that the request names; `url`: that of a link
    - `hook`: the name of the address in place of its webhook URL
    """

    request: Request
    role: Role = Role.OTHER
    operation: Operation | None = None
    lifecycle: ServedLifecycle | None = None
    in_path: Mapping[str, str] = msgspec.field(default_factory=dict)
    job: str = ""
    url: str = ""
    hook: str = ""

    @property
    def name(self) -> str:
        """The operationId, or what is done with a link; empty for what the document does not have."""
        return self.operation.id if self.operation else str(self.role) if self.url else ""

    def findings(self) -> Iterator[str]:
        """Yield what the document does not describe of the request, whose body was read."""
        if self.operation is None:
            yield "the document has no such operation"
        else:
            yield from request_findings(self.operation, self.request, self.in_path)

    def submitted(self, value: JSON, headers: Mapping[str, str]) -> str:
        """Return the id of the job in a response to a submission; empty if it has none."""
        if self.operation is None or self.lifecycle is None or self.role is not Role.SUBMIT:
            return ""
        return self.lifecycle.job_id(self.operation.id, value, headers)


def call_of(service: Service, request: Request) -> Call:
    """Return what a request to the API is for."""
    below = request.path.removeprefix(f"/{service.slug}")
    try:
        operation, in_path = service.api.route(request.method, below, request.query)
    except Problem:
        return Call(request=request)
    lifecycle = service.lifecycles[service.api.lifecycle_of[operation.id]]
    role, name = role_of(operation.id, lifecycle), lifecycle.described.ids.parameter
    job = in_path.get(name) or Query(request.query).get(name, "") if name else ""
    return Call(
        request=request,
        role=role,
        operation=operation,
        lifecycle=lifecycle,
        in_path=in_path,
        job="" if role is Role.SUBMIT else job,
    )


def keys_of(service: Service, request: Request) -> tuple[str, ...]:
    """Return the keys that a request has in any place where the API takes one."""
    vendor = service.vendor
    sources = {*vendor.auth, *(one for several in vendor.operation_auth.values() for one in several)}
    return tuple(filter(None, (source.read(request.headers, request.query) for source in sources)))


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """The parts of a request that are passed on."""

    query: str
    headers: Mapping[str, str]
    content: bytes


def webhook_in(call: Call, values: JSON) -> tuple[Deliver, str] | None:
    """Return the webhook of a submission, whose body has these values, and its URL; None without one."""
    for rule in () if call.lifecycle is None or call.role is not Role.SUBMIT else call.lifecycle.deliveries:
        url = _target(rule, call.request, values)
        if isinstance(url, str) and url:
            return rule, url
    return None


def _target(rule: Deliver, request: Request, values: JSON) -> JSON:
    place = rule.described.target
    if place is None:
        return None
    if place.part is ExpressionSource.HEADER:
        return request.headers.get(place.name)
    if place.part is ExpressionSource.QUERY:
        return dict(parse_qsl(request.query)).get(place.name)
    return follow_tokens(place.pointer, request.body.fields if isinstance(request.body, Form) else values)


def with_webhook(rule: Deliver, before: str, after: str, sent: Sent) -> Sent:
    """Return the parts of a submission with another webhook URL."""
    place = rule.described.target
    if place is None or place.part is ExpressionSource.HEADER:
        headers = {**sent.headers, place.name: after} if place is not None else sent.headers
        return msgspec.structs.replace(sent, headers=headers)
    if place.part is ExpressionSource.QUERY:
        return msgspec.structs.replace(sent, query=_with_pair(sent.query, place.name, after))
    media_type = sent.headers.get("content-type", "")
    if media_type.startswith(URLENCODED):
        content = _with_pair(sent.content.decode(), place.pointer[0], after).encode()
    elif media_type.startswith("multipart/"):  # the text of one part, after an empty line
        content = sent.content.replace(f"\r\n\r\n{before}\r\n".encode(), f"\r\n\r\n{after}\r\n".encode(), 1)
    else:
        content = msgspec.json.encode(with_value_at(place.pointer, msgspec.json.decode(sent.content), after))
    return msgspec.structs.replace(sent, content=content)


def _with_pair(query: str, name: str, value: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode([(key, value if key == name else one) for key, one in pairs])
