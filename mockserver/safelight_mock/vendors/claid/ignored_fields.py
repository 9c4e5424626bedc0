"""What an edit asks for to no effect: hints to neural networks, and what something else undoes."""

from collections.abc import Iterator, Mapping

from safelight_mock.wire.messages import JSON, Call

IDLE = (
    "operations.background.blur.category",
    "operations.background.blur.selective",
    "operations.background.remove.category",
    "operations.background.remove.selective",
    "output.metadata.color_space.color_profile",
    "input.recursive",
)
# Of what is removed nothing is blurred.
REMOVE, BLUR = "operations.background.remove", "operations.background.blur"
FORM = "data"  # the field of a form that holds what is a whole body elsewhere


def idle(_: str, call: Call) -> Iterator[str]:
    """Yield the paths in a request that change nothing."""
    is_form = FORM in call.values
    request, below = (call.values[FORM], f"{FORM}.") if is_form else (call.values, "")
    yield from (f"{below}{place}" for place in IDLE if _at(request, place) is not None)
    if _at(request, REMOVE) and _at(request, BLUR):
        yield f"{below}{BLUR}"


def _at(told: JSON, place: str) -> JSON:
    """Return what stands at a place; None, if nothing does."""
    for name in place.split("."):
        told = told.get(name) if isinstance(told, Mapping) else None
    return told
