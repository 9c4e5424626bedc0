"""How likely a place has the result of a job, by its name."""

import re
from collections.abc import Sequence

from safelight_openapi._infer.identifiers import job_urls
from safelight_openapi._infer.lexicon import parts
from safelight_openapi._infer.operations import singular
from safelight_openapi._infer.reads import Read
from safelight_openapi._infer.schemas import FAR, ITEM, NEAR, Place
from safelight_openapi._infer.submits import SubmitCandidate


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EXACT = _words(
    "output outputs result results download assets artifacts outputfileid resultfileid downloadurl outputurl "
    "resulturl generatedimages generatedvideos outputfile outputobject resultsurl downloadlink finalurl "
    "tmpurl fileurl imageurl videourl audiourl"
)
_PLAIN = _words(
    "text url images image video videos audio transcript transcription data translation file files media "
    "content artifact uri link response answer"
)
_PART = _words("summary result results output generated tuned trained")
_NEVER = _words(
    "input inputs webhook callback thumbnail preview polling status error errors log logs progress "
    "count size head cancel self next previous source request usage expires expiry expiration format "
    "type width height name id at time metrics total number cost credits duration version failure "
    "warnings message details"
)
URL_ENDS = _words("url uri urls link href")
ASIDE = _words("progress preview thumbnail input")  # of a file beside the result
EXACT, PLAIN, PART = 7, 4, 3
_LEVEL = 4  # points that each level below the job costs


def place_in_read(read: Read, submissions: Sequence[SubmitCandidate]) -> tuple[int, Place] | None:
    """Return the most likely place in the response of the read, with its points.

    Values that the response repeats from the request are not results, and neither is a URL that the response
    to the submission has already, unless it cannot belong to anything else.
    """
    echoed = {place.name for one in submissions for place in one.operation.fields if place.depth == 1}
    kinds = ("poll", "result", "cancel")
    urls = {place.name for one in submissions for kind in kinds for place in job_urls(one.operation, kind)}
    own = {place.name for one in submissions for place in one.ids if place.url}  # of the job itself
    named = {singular(place.name.lower()) for place in read.operation.places}
    left_out = echoed | own | {name for name in urls if _subject(name) in named or read.is_status}
    scored = [(_points(place, read), place) for place in read.operation.places if place.name not in left_out]
    likely = [one for one in scored if one[0] > 0]
    return max(likely, key=lambda one: (one[0], -one[1].depth)) if likely else None


def is_address(place: Place) -> bool:
    """Whether a place is a text whose format or name is that of a URL."""
    is_named = bool(set(parts(place.name)[-1:]) & URL_ENDS)
    return place.types <= {"string"} and (place.is_url or is_named)


def points_in_response(place: Place) -> int:
    """Return how likely a place has the result, in the response of an operation that is only for it."""
    if place.depth > FAR or ITEM in place.tokens or set(parts(place.name)) & (_NEVER - {"id"}):
        return 0
    letters = "".join(parts(place.name))
    is_url = place.is_url or set(parts(place.name)[-1:]) & URL_ENDS
    return (EXACT if letters in _EXACT else 0) + (PLAIN if is_url else 0) + (1 if letters in _PLAIN else 0)


def _subject(name: str) -> str:
    """Return what a URL is of: `result` for `result_url`, the job's own URL where there is a result, too."""
    return singular(re.sub(r"(?i)_?ur[li]$", "", name).lower())


def _points(place: Place, read: Read) -> int:
    below = place.tokens[read.job.depth :]
    is_own = place.tokens[: read.job.depth] == read.job.tokens and place != read.state
    is_near = 0 < len(below) <= NEAR and ITEM not in below
    is_number = bool(place.types) and place.types <= {"boolean", "integer", "number"}
    if not is_own or not is_near or is_number or any(set(parts(token)) & _NEVER for token in below[:-1]):
        return 0
    return max(_name_points(place.name) - _LEVEL * (len(below) - 1), 0)


def _name_points(name: str) -> int:
    listed = parts(name)
    letters = "".join(listed)
    if letters in _EXACT:
        return EXACT
    if letters in _PLAIN:
        return PLAIN
    if set(listed) & _NEVER:
        return 0
    if len(listed) > 1 and listed[-1] in URL_ENDS:
        return PLAIN
    return PART if set(listed) & _PART else 0
