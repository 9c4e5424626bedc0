"""A number within the bounds of a schema, chosen from a few candidates."""

from collections.abc import Mapping

from safelight_lifecycle._pointers import JSON


def number_within(node: Mapping[str, JSON], *, is_whole: bool) -> float:
    """Return `minimum` if the schema has one, else 1, else a number near its other bounds.

    `is_whole` rounds up to a multiple of `multipleOf`, or of 1. If no candidate is within all bounds, the
    first one is returned although the schema rejects it: a caller that needs certainty validates the value.
    """
    step = _bound(node, "multipleOf") or 1
    numbers = _candidates(node, step)
    if is_whole or "multipleOf" in node:
        numbers = [-(-number // step) * step for number in numbers]
    number = next((number for number in numbers if _is_within(node, number)), numbers[0])
    return int(number) if is_whole else number  # JSON Schema calls 1.0 an integer; some parsers do not


def _candidates(node: Mapping[str, JSON], step: float) -> list[float]:
    low = _bound(node, "minimum")
    keys = ("exclusiveMinimum", "maximum", "exclusiveMaximum")
    ends = [end for end in (low, *(_bound(node, key) for key in keys)) if end is not None]
    near = [end + offset for end in ends for offset in (0, step, -step)]
    middle = [sum(ends) / len(ends)] if ends else []
    return [*([] if low is None else [low]), 1, *near, *middle]


def _is_within(node: Mapping[str, JSON], number: float) -> bool:
    low, high = _bound(node, "minimum"), _bound(node, "maximum")
    over, under = _bound(node, "exclusiveMinimum"), _bound(node, "exclusiveMaximum")
    is_above = (low is None or number >= low) and (over is None or number > over)
    return is_above and (high is None or number <= high) and (under is None or number < under)


def _bound(node: Mapping[str, JSON], key: str) -> float | None:
    """Return a bound; a malformed one, and a step that is not above zero, count as absent."""
    value = node.get(key)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return value if key != "multipleOf" or value > 0 else None
