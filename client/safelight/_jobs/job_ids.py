"""The id of a job, wherever an answer holds it."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from safelight._http.response import JSON, Answer
from safelight_lifecycle import JobId


def job_id(ids: JobId, answer: Answer) -> str:
    """Return the first id at the places where a vendor may say it; the empty text if there is none."""
    return next(filter(None, _found(ids, answer)), "")


def _found(ids: JobId, answer: Answer) -> Iterator[str]:
    yield from (_text(answer.value(place)) for place in (ids.expression, *ids.also))
    yield from (_in_url(answer.value(place), ids) for place in ids.urls)


def _text(value: JSON) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    # Dots alone would name another address than a job's.
    return str(value).strip() if str(value).strip(". ") else ""


def _in_url(value: JSON, ids: JobId) -> str:
    if not isinstance(value, str):
        return ""
    parameter = re.escape(f"{{{ids.parameter}}}")
    pattern = re.escape(ids.path).replace(parameter, "([^/]+)") + "/?$"
    match = re.search(pattern, urlsplit(value).path)
    return _text(unquote(match[1])) if match else ""
