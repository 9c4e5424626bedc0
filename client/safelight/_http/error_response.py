"""Answers of failure, in the service's own words."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from http.client import responses

from safelight._errors import ApiError
from safelight._http.messages import said
from safelight._http.response import Answer


def refusal(answer: Answer, messages: Sequence[str] = ()) -> ApiError:
    """Return the error for an answer; `messages` are the expressions for what the service says in one."""
    words = next(filter(None, (said(answer.value(message)) for message in messages)), "")
    rest = _rest(answer.status, answer.headers)
    return ApiError(
        answer.status,
        answer.shown(words) or responses.get(answer.status, "no reason given"),
        answer.request,
        float(rest) if rest.isdecimal() else 0.0,
        answer.excerpt,
        answer.shown_headers,
    )


def _rest(status: int, headers: Mapping[str, str]) -> str:
    """Return the seconds to wait, as the service says them."""
    asked = headers.get("retry-after", "")
    if not asked and status == HTTPStatus.TOO_MANY_REQUESTS:
        asked = headers.get("ratelimit-reset", "")
    return asked
