"""What a service answered: its values, and what of it an error may show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from safelight._errors import SafelightError, UnexpectedAnswerError
from safelight._http.redaction import Redactor
from safelight_lifecycle import evaluate_expression

JSON: TypeAlias = Any  # a decoded document: nothing is known of it yet

EXCERPT = 2_000  # characters of a body in an error
MARGIN = 8_000  # characters that are redacted for it, so that no key or link is cut in two


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer: its headers by lower-case name, its decoded body, and its text.

    `request` is the method and the URL without its query. `trouble` says why the body could not be read: it
    broke off, or is not JSON.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: JSON = field(default=None, repr=False)
    text: str = field(default="", repr=False)
    request: str = ""
    trouble: SafelightError | None = None
    redactor: Redactor = field(default_factory=Redactor)

    @property
    def is_success(self) -> bool:
        """Whether the service did what was asked."""
        return 200 <= self.status < 300  # noqa: PLR2004 - RFC 9110, 15.3

    @property
    def shown_headers(self) -> dict[str, str]:
        """The headers, without what is secret."""
        return self.redactor.headers(self.headers)

    @property
    def excerpt(self) -> str:
        """The beginning of the body, without what is secret."""
        return self.shown(self.text)

    def value(self, expression: str) -> JSON:
        """Return the value at the place an OpenAPI runtime expression names; None if there is none."""
        return evaluate_expression(expression, body=self.body, headers=self.headers)

    def shown(self, text: str) -> str:
        """Return the beginning of a text as an error may show it."""
        return self.redactor.text(text[:MARGIN])[:EXCERPT]

    def unexpected(self, message: str) -> UnexpectedAnswerError:
        """Return the error about an answer of success that does not hold what it should."""
        return UnexpectedAnswerError(message, self.request, self.status, self.shown_headers, self.excerpt)
