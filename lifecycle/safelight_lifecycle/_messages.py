"""The parts of a request and of a response that places and conditions read."""

from collections.abc import Mapping

from safelight_lifecycle._expressions import Expression, ExpressionSource
from safelight_lifecycle._pointers import JSON, follow_tokens
from safelight_lifecycle._record import EMPTY, Record


class RequestParts(Record):
    """A request. `headers` are by lower-case name; the body is decoded, a form as an object of its fields."""

    path: Mapping[str, JSON] = EMPTY
    query: Mapping[str, JSON] = EMPTY
    headers: Mapping[str, str] = EMPTY
    body: JSON = None

    def value(self, place: Expression) -> JSON:
        """Return what is at a place; None if nothing is there, or if the place is in a response."""
        if not place.is_request:
            return None
        if place.part is ExpressionSource.BODY:
            return follow_tokens(place.pointer, self.body)
        return self._named(place.part).get(place.name)

    def _named(self, part: ExpressionSource) -> Mapping[str, JSON]:
        if part is ExpressionSource.QUERY:
            return self.query
        return self.path if part is ExpressionSource.PATH else self.headers


class ResponseParts(Record):
    """A response. `headers` are by lower-case name; the body is decoded."""

    status: int = 200
    headers: Mapping[str, str] = EMPTY
    body: JSON = None

    def value(self, place: Expression) -> JSON:
        """Return what is at a place; None if nothing is there, or if the place is in a request."""
        if place.is_request:
            return None
        if place.part is ExpressionSource.BODY:
            return follow_tokens(place.pointer, self.body)
        return self.headers.get(place.name) if place.part is ExpressionSource.HEADER else None
