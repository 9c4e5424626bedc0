"""Error responses as `ApiError`, with the service's own message."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from http.client import responses

from safelight._errors import ApiError
from safelight._http.messages import join_messages
from safelight._http.response import ApiResponse


def api_error(response: ApiResponse, messages: Sequence[str] = ()) -> ApiError:
    """Return the error for a response; its message is the first of the expressions `messages` with a text."""
    texts = (join_messages(response.value(expression)) for expression in messages)
    message = next(filter(None, texts), "")
    seconds = _retry_after(response.status, response.headers)
    return ApiError(
        response.status,
        response.redacted(message) or responses.get(response.status, "no reason given"),
        response.request,
        float(seconds) if seconds.isdecimal() else 0.0,
        response.excerpt,
        response.redacted_headers,
    )


def _retry_after(status: int, headers: Mapping[str, str]) -> str:
    """Return the seconds to wait as the header has them; only a 429 may have them in `RateLimit-Reset`."""
    seconds = headers.get("retry-after", "")
    if not seconds and status == HTTPStatus.TOO_MANY_REQUESTS:
        seconds = headers.get("ratelimit-reset", "")
    return seconds
