"""Where the response of a read says why a job failed."""

from safelight_openapi._infer.facts import Fact, sure
from safelight_openapi._infer.lexicon import parts
from safelight_openapi._infer.reads import Read
from safelight_openapi._infer.schemas import ITEM, NEAR, Place

_NAMES = (  # the most telling first
    "error message",
    "failure message",
    "failure reason",
    "error reason",
    "error details",
    "failure code",
    "last error",
    "error",
    "failure",
)
_MESSAGES = ("message", "detail", "details", "description", "reason", "title", "error")


def error_of(read: Read) -> Fact | None:
    """Return the place of the message; None if the response has none of a usual name."""
    depth = read.job.depth
    members = [one for one in read.operation.places if one.tokens[:depth] == read.job.tokens]
    near = [one for one in members if one.depth - depth == 1]
    for name in _NAMES:
        for place in near:
            text = _text_at(place, members) if " ".join(parts(place.name)) == name else None
            if text is not None:
                return sure(text.expression, f"{place.name} is a usual name for why a job failed")
    return None


def _text_at(place: Place, members: list[Place]) -> Place | None:
    """Return the place itself if it is a text, else the text in the object there."""
    if place.types == {"string"}:
        return None if place.words else place  # codes are no messages
    below = [one for one in members if one.tokens[:-1] == place.tokens and one.depth <= NEAR + place.depth]
    named = {one.name.lower(): one for one in below if ITEM not in one.tokens[place.depth :]}
    texts = (named[name] for name in _MESSAGES if name in named)
    return next((one for one in texts if one.types <= {"string"} and not one.words), None)
