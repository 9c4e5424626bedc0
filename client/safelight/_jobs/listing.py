"""Lists of jobs: their pages, and their entries as responses of the operation that reads a job."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from safelight._http.response import ApiResponse
from safelight._jobs.operations import OperationClient
from safelight._jobs.status import join_places
from safelight_lifecycle import (
    JSON,
    JobIds,
    JobList,
    JobValue,
    Paging,
    PagingKind,
    find_job_id,
    follow_tokens,
    select_values,
    url_parameters,
)


def pages(
    operations: OperationClient, listing: JobList, ids: JobIds, parameters: Mapping[str, object]
) -> Iterator[list[tuple[str, ApiResponse]]]:
    """Yield the pages of a list, each as ids and responses; a page is requested when it is taken."""
    asked = {**parameters}
    while True:
        response = operations.call(listing.operation, asked)
        page = [_entry(listing, ids, response, one) for one in select_values(listing.each, response.body)]
        yield page
        position = _next_position(listing.paging, asked, response, page)
        if position is None or listing.paging is None or position == asked.get(listing.paging.at):
            return
        asked[listing.paging.at] = position


def _entry(listing: JobList, ids: JobIds, response: ApiResponse, entry: JSON) -> tuple[str, ApiResponse]:
    """Return the id of a listed job, and the response in which it would be read."""
    whole = entry
    for token in reversed(listing.like.pointer if listing.like else ()):
        whole = {token: whole}
    read, own = replace(response, body=whole), replace(response, body=entry)
    named = (pointer for pointer, value in listing.reports.items() if value is JobValue.ID)
    values = (follow_tokens(pointer, entry) for pointer in named)
    job_id = next((str(value) for value in values if value), "")
    job_id = job_id or find_job_id(ids, own.value) or find_job_id(ids, read.value)
    if not job_id:
        raise own.invalid(f"it has no {join_places(ids.places)}")
    return job_id, read


def _next_position(
    paging: Paging | None,
    asked: Mapping[str, object],
    response: ApiResponse,
    page: list[tuple[str, ApiResponse]],
) -> object:
    """Return the position of the next page; None after the last one."""
    if paging is None or not page or (paging.more is not None and not response.value(paging.more)):
        return None
    if paging.next is not None:
        following = response.value(paging.next)
        # It is the position, or the URL of the page, which has the position as a parameter.
        return url_parameters(str(following), "").get(paging.at, following) if following else None
    if paging.kind is PagingKind.OFFSET:
        return int(str(asked.get(paging.at) or 0)) + len(page)
    return page[-1][0] if paging.kind is PagingKind.AFTER else None
