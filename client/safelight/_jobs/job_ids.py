"""Finds the id of a job in a response."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from safelight._http.response import ApiResponse
from safelight_lifecycle import JSON, JobId


def find_job_id(ids: JobId, response: ApiResponse) -> str:
    """Return the first id that the expressions of `ids` read from a response; an empty text for none."""
    return next(filter(None, _candidates(ids, response)), "")


def _candidates(ids: JobId, response: ApiResponse) -> Iterator[str]:
    yield from (_id_of(response.value(expression)) for expression in (ids.expression, *ids.also))
    yield from (_id_in_url(response.value(expression), ids) for expression in ids.urls)


def _id_of(value: JSON) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    # An id of dots alone would be a relative path in a URL, not a job's.
    return str(value).strip() if str(value).strip(". ") else ""


def _id_in_url(value: JSON, ids: JobId) -> str:
    if not isinstance(value, str):
        return ""
    parameter = re.escape(f"{{{ids.parameter}}}")
    pattern = re.escape(ids.path).replace(parameter, "([^/]+)") + "/?$"
    match = re.search(pattern, urlsplit(value).path)
    return _id_of(unquote(match[1])) if match else ""
