"""How an API tells its clients how many submissions they have left."""

from collections.abc import Mapping

from safelight_lifecycle._pointers import JSON
from safelight_lifecycle._record import EMPTY, Record


class RateHeaders(Record):
    """The headers of responses to submissions, and those of a refusal; names in lower case.

    Values have `{limit}` and `{remaining}` of a window of time, and `{reset}`, the seconds until one more is
    allowed. `is_unverified`: they are not published.
    """

    headers: Mapping[str, str] = EMPTY
    refused: Mapping[str, str] = EMPTY
    is_unverified: bool = False


def read_rate(node: JSON) -> RateHeaders:
    """Return the headers; none if the key is missing."""
    node = node or {}
    return RateHeaders(
        headers=_lower(node.get("headers")),
        refused=_lower(node.get("refused")),
        is_unverified=node.get("unverified", False),
    )


def _lower(node: JSON) -> Mapping[str, str]:
    return {name.lower(): str(template) for name, template in (node or {}).items()}
