"""Conditions on a submission's request."""

from safelight_lifecycle._expressions import Expression, parse_expression
from safelight_lifecycle._places import ValueReader
from safelight_lifecycle._pointers import JSON
from safelight_lifecycle._record import Record


class Condition(Record, kw_only=False):
    """Places in a request, and the values of which one must be there; None for any value.

    Nothing, null, false and an empty text are not any value. A list has the values of its items, too. Without
    places it always holds.
    """

    wanted: tuple[tuple[Expression, tuple[JSON, ...] | None], ...] = ()

    def holds(self, value: ValueReader) -> bool:
        """Whether a request has what is wanted at all places."""
        return all(_matches(value(place), values) for place, values in self.wanted)


ALWAYS = Condition()


def read_condition(node: JSON) -> Condition:
    """Return a condition; one that always holds if the key is missing."""
    return Condition(
        tuple((parse_expression(place), _values(wanted)) for place, wanted in (node or {}).items())
    )


def _values(wanted: JSON) -> tuple[JSON, ...] | None:
    if wanted is True:
        return None
    return tuple(wanted) if isinstance(wanted, list) else (wanted,)


def _matches(value: JSON, wanted: tuple[JSON, ...] | None) -> bool:
    if wanted is None:
        return value is not None and value is not False and value != ""
    values = (value, *value) if isinstance(value, list) else (value,)
    return any(_is_same(one, other) for one in values for other in wanted)


def _is_same(value: JSON, wanted: JSON) -> bool:
    """Compare as JSON does, in which true is not 1; headers, parameters and forms have texts only."""
    if isinstance(value, str) and not isinstance(wanted, str):
        return value == (str(wanted).lower() if isinstance(wanted, bool) else str(wanted))
    return value == wanted and isinstance(value, bool) == isinstance(wanted, bool)
