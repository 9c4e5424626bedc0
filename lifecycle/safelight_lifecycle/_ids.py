"""The id of a job: where a response has it, and how operations take it."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from urllib.parse import parse_qs, unquote, urlsplit

from safelight_lifecycle._expressions import Expression
from safelight_lifecycle._places import Places, ValueReader, read_places
from safelight_lifecycle._pointers import JSON
from safelight_lifecycle._record import EMPTY, Record

_CACHED = 100  # compiled templates: a document has a few


class JobIds(Record):
    """Where the response to a submission has the job's id, and which parameter of operations takes it.

    `places` are tried first; those in the request are of ids that the client chooses. Then come `urls`:
    places of URLs of the read operation, whose path is `template` (`/jobs/{id}`). `parameter` is empty if no
    operation takes the id. `others` are further parameters of these operations and their places in the
    submission's request or response.
    """

    places: Places = ()
    urls: Places = ()
    parameter: str = ""
    template: str = ""
    others: Mapping[str, Expression] = EMPTY


def read_ids(node: JSON, whole: JSON, template: str) -> JobIds:
    """Return the ids of the key `whole`; `node` has the places: the same key, or that of a submission."""
    return JobIds(
        places=read_places(node.get("from")),
        urls=read_places(node.get("urls")),
        parameter=whole.get("parameter", ""),
        template=template,
        others={name: place for name, one in whole.get("with", {}).items() for place in read_places(one)},
    )


def find_job_id(ids: JobIds, value: ValueReader, sent: ValueReader | None = None) -> str:
    """Return the first id that a response has, or its request, of which `sent` reads values.

    It is an empty text if they have none.
    """
    return next(filter(None, _candidates(ids, value, sent)), "")


def chosen_id(ids: JobIds, sent: ValueReader) -> str:
    """Return the id that the client has chosen for a job; an empty text if the service chooses it."""
    return next((_id_of(sent(place)) for place in ids.places if place.is_request), "")


def url_parameters(url: str, template: str) -> Mapping[str, str]:
    """Return the parameters in a URL whose path ends as `template` says, and those in its query.

    No path parameters are returned if the path is another. Of a query parameter that occurs several times the
    first is returned.
    """
    parts = urlsplit(url)
    match = _pattern(template).search(parts.path)
    parameters = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if match is None:
        return parameters
    in_path = zip(_names(template), match.groups(), strict=True)
    return parameters | {name: unquote(text) for name, text in in_path}


def _candidates(ids: JobIds, value: ValueReader, sent: ValueReader | None) -> Iterator[str]:
    yield from (_id_of((sent or value)(place) if place.is_request else value(place)) for place in ids.places)
    urls = (value(place) for place in ids.urls)
    yield from (
        _id_of(url_parameters(url, ids.template).get(ids.parameter)) for url in urls if isinstance(url, str)
    )


def _id_of(value: JSON) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    # An id of dots alone would be a relative path in a URL, not a job's.
    return str(value).strip() if str(value).strip(". ") else ""


@lru_cache(_CACHED)
def _pattern(template: str) -> re.Pattern[str]:
    texts = re.split(r"\{[^{}]*\}", template)
    return re.compile("([^/]+)".join(map(re.escape, texts)) + "/?$")


def _names(template: str) -> list[str]:
    return re.findall(r"\{([^{}]*)\}", template)
