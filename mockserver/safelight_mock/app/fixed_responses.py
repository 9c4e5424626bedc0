"""Makes the response that a rule of a scenario has in place of the vendor's own."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from email.utils import formatdate
from http import HTTPStatus

from msgspec.structs import replace

from safelight_mock.core.scenario import FixedResponse, Rule
from safelight_mock.wire.messages import Response
from safelight_mock.wire.problem import Kind, Problem, VendorError

KINDS: Mapping[str, Kind] = {
    "unauthorized": Kind.UNAUTHORIZED,
    "forbidden": Kind.FORBIDDEN,
    "limited": Kind.LIMITED,
    "no-credits": Kind.NO_CREDITS,
    "unknown-job": Kind.UNKNOWN_JOB,
    "wrong-state": Kind.WRONG_STATE,
    "bad-field": Kind.BAD_FIELD,
    "bad-body": Kind.BAD_BODY,
    "unsupported-type": Kind.UNSUPPORTED_TYPE,
    "too-large": Kind.TOO_LARGE,
    "broken": Kind.BROKEN,
}
NO_BODY = frozenset({204, 304})
UNSENT = FixedResponse(status=503)  # of a rule under which no response arrives

RenderError = Callable[[Exception], Response]
"""Words a Problem or VendorError as the vendor, or its file host, does."""


def fixed_response(rule: Rule | None, render: RenderError, now: float) -> Response:
    """Return the response of a rule at a time of the sandbox's clock, by which dates are."""
    fixed = UNSENT if rule is None or rule.response is None else rule.response
    response = _without_body(fixed, render)
    media = {"content-type": fixed.media_type} if fixed.media_type else {}
    if fixed.has_json:
        response = Response.json(response.status, fixed.json, response.headers)
        media = {"content-type": fixed.media_type or "application/json"}
    elif fixed.text is not None:
        response = replace(response, content=fixed.text.encode(), value=None)
    return response.also({**_retry_after(fixed, now), **media, **fixed.headers})


def _without_body(fixed: FixedResponse, render: RenderError) -> Response:
    """Return the vendor's response with the status, before a body of the rule replaces its own."""
    if fixed.kind:
        response = render(Problem(KINDS[fixed.kind], detail=fixed.message))
    elif fixed.status in NO_BODY:
        return Response(status=fixed.status)
    else:
        response = render(VendorError(fixed.status, fixed.message or _phrase(fixed.status)))
    return replace(response, status=fixed.status or response.status)


def _retry_after(fixed: FixedResponse, now: float) -> Mapping[str, str]:
    if fixed.retry_after is None:
        return {}
    if fixed.is_date:
        return {"retry-after": formatdate(now + fixed.retry_after, usegmt=True)}
    return {"retry-after": f"{fixed.retry_after:g}"}


def _phrase(status: int) -> str:
    with suppress(ValueError):
        return HTTPStatus(status).phrase
    return f"Status {status}"
