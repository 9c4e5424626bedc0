"""The results of a job: values, files behind URLs or ids, and bodies of operations."""

import json
import mimetypes
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from safelight._errors import ApiError, NoResultError, UnsupportedOperationError
from safelight._files.atomic_file import atomic_write
from safelight._files.downloads import download_file, file_names
from safelight._http.response import ApiResponse
from safelight._jobs.job_requests import JobRequests
from safelight._jobs.status import is_over, join_places
from safelight_lifecycle import (
    JSON,
    Expression,
    JobResult,
    ResultKind,
    WordState,
    first_value,
    select_values,
)

# Statuses of file hosts for an expired link; which of these depends on the host.
EXPIRED_STATUSES = frozenset({400, 401, 403, 404, 410})


def result_named(job: JobRequests, name: str) -> JobResult:
    """Return one of the results, the main one for an empty name."""
    result = job.lifecycle.results.get(name) if name else job.result
    if result is None:
        known = ", ".join(job.lifecycle.results)
        advice = f"use one of {known}" if known else "leave the name out for its only one"
        raise UnsupportedOperationError(
            f"this job has no further result {name!r}; {advice}" if name else "this service gives no result"
        )
    return result


def result_values(job: JobRequests, result: JobResult) -> list[JSON]:
    """Return what is at the place of a result: the URL, the value, the id of a file; one or several."""
    if result.kind is ResultKind.BYTES:
        raise UnsupportedOperationError("this result has no value, only bytes: use save")
    response = _response(job, result)
    found = select_values(result.each, response.body) if result.each else [_first(result, response)]
    is_kind = _is_value if result.kind is ResultKind.VALUE else _is_text
    values = [value for value in found if is_kind(value)]
    if result.operation and not values:
        raise response.invalid(f"it has no {result.each or join_places(result.places)}")
    if not result.operation:
        _check_allowed(job, result, response, values)
    return values


def save_result(job: JobRequests, result: JobResult, path: Path) -> Path:
    """Write one result to a file."""
    if result.kind is ResultKind.BYTES:
        with atomic_write(path) as file:
            job.fetch(result.operation, file, follow=result.follow, parameters=_parameters(job, result))
        return path
    return _save_value(job, result, result_values(job, result)[0], path)


def save_results(job: JobRequests, result: JobResult, folder: Path) -> list[Path]:
    """Write several results to a folder, which is created if needed."""
    values = result_values(job, result)
    folder.mkdir(parents=True, exist_ok=True)
    paths = (Path(folder, name) for name in _names(result, values))
    return [_save_value(job, result, value, path) for value, path in zip(values, paths, strict=True)]


def _response(job: JobRequests, result: JobResult) -> ApiResponse:
    """Return the response that has a result."""
    if not result.operation:
        return job.read()
    return job.call(result.operation, follow=result.follow, parameters=_parameters(job, result))


def _parameters(job: JobRequests, result: JobResult) -> dict[str, JSON]:
    """Return the further parameters of a result's operation; the job is read if one of them is there."""
    places = [one for one in result.parameters.values() if isinstance(one, Expression) and not one.is_request]
    read = job.read() if places else None

    def value(one: Expression | str) -> JSON:
        if isinstance(one, str):
            return one
        return job.origin.values.get(str(one)) if one.is_request else read and read.value(one)

    return {name: value(one) for name, one in result.parameters.items()}


def _first(result: JobResult, response: ApiResponse) -> JSON:
    return first_value(result.places, response.value) if result.places else response.body


def _is_value(value: JSON) -> bool:
    return value is not None and value != ""


def _is_text(value: JSON) -> bool:
    return bool(value) and isinstance(value, str | int) and not isinstance(value, bool)


def _check_allowed(job: JobRequests, result: JobResult, response: ApiResponse, values: list[JSON]) -> None:
    """Raise an error if a job, by the response that reads it, has no result in its state."""
    status = job.status(response)
    if not values or WordState(status.vendor_state, status.state) not in result.allowed:
        is_over(job.id, status)  # raises if the job failed, which explains more than NoResultError
        raise NoResultError(f"job {job.id} ({status.vendor_state}) has no result to download")


def _names(result: JobResult, values: list[JSON]) -> Iterator[str]:
    """Yield a file name for each of several results, by its URL, or by its id and media type."""
    texts = (str(value) for value in values)
    if result.kind is ResultKind.URL:
        yield from file_names(texts)
    else:
        suffix = mimetypes.guess_extension(result.media) or ""
        yield from file_names(f"{quote(text, safe='')}{suffix}" for text in texts)


def _save_value(job: JobRequests, result: JobResult, value: JSON, path: Path) -> Path:
    if result.kind is ResultKind.URL:
        return _download(job, result, str(value), path)
    with atomic_write(path) as file:
        if result.content is None:
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
            file.write(text.encode())
        else:
            content = result.content
            job.operations.fetch(content.operation, {content.parameter: value}, file)
    return path


def _download(job: JobRequests, result: JobResult, url: str, path: Path) -> Path:
    """Download a file, once more from a new URL if the host rejects the first and the API gives new ones."""
    session = job.operations.session
    try:
        return download_file(session, url, path)
    except ApiError as error:
        if result.each or not result.renew or error.status not in EXPIRED_STATUSES:
            raise
    return download_file(session, str(result_values(job, result)[0]), path)
