"""Error responses as `ApiError`, with the service's own message."""

from collections.abc import Sequence
from http.client import responses

from safelight._errors import ApiError
from safelight._http.messages import join_messages
from safelight._http.response import ApiResponse
from safelight_lifecycle import Expression


def api_error(response: ApiResponse, messages: Sequence[str | Expression] = ()) -> ApiError:
    """Return the error for a response; its message is the first of the expressions `messages` with a text."""
    texts = (join_messages(response.value(expression)) for expression in messages)
    message = next(filter(None, texts), "")
    return ApiError(
        response.status,
        response.redacted(message) or responses.get(response.status, "no reason given"),
        response.request,
        response.retry_after,
        response.excerpt,
        response.redacted_headers,
    )
