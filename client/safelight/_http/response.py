"""A service's response as a value, and what errors may contain of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from safelight._errors import InvalidResponseError, SafelightError
from safelight._http.redaction import Redactor
from safelight._http.retry_after import retry_after_seconds
from safelight_lifecycle import JSON, Expression, evaluate_expression

EXCERPT_LENGTH = 2_000  # characters of a body in an error
REDACTED_LENGTH = 8_000  # characters that are redacted before the cut, so that no key or URL is cut in two


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiResponse:
    """A response: headers by lower-case name, the decoded body, and its text.

    `request` is the method and the URL without its query, `url` the whole URL. `body_error` is why the body
    could not be read: the connection was closed early, or the body is not JSON. Status and headers are valid
    in that case too.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: JSON = field(default=None, repr=False)
    text: str = field(default="", repr=False)
    request: str = ""
    url: str = field(default="", repr=False)
    body_error: SafelightError | None = None
    redactor: Redactor = field(default_factory=Redactor)

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300  # noqa: PLR2004 - RFC 9110, 15.3

    @property
    def retry_after(self) -> float:
        """How many seconds the service asks to wait; 0 if it does not say."""
        return retry_after_seconds(self.status, self.headers)

    @property
    def redacted_headers(self) -> dict[str, str]:
        """The headers, with secrets masked."""
        return self.redactor.headers(self.headers)

    @property
    def excerpt(self) -> str:
        """The beginning of the body, with secrets masked."""
        return self.redacted(self.text)

    def value(self, expression: str | Expression) -> JSON:
        """Return the value that an OpenAPI runtime expression reads; None if the response has none."""
        return evaluate_expression(expression, body=self.body, headers=self.headers)

    def redacted(self, text: str) -> str:
        """Return the beginning of a text, with secrets masked."""
        return self.redactor.redact(text[:REDACTED_LENGTH])[:EXCERPT_LENGTH]

    def invalid(self, message: str) -> InvalidResponseError:
        """Return the error for a successful response that lacks something; `message` says what."""
        return InvalidResponseError(message, self.request, self.status, self.redacted_headers, self.excerpt)
