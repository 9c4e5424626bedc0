"""Which part of a list is on a page, and where the next one begins."""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence

import msgspec

from safelight_lifecycle import Paging, PagingKind
from safelight_mock.core.job import Status
from safelight_mock.wire.messages import JSON
from safelight_mock.wire.problem import Kind, Problem

MOST = 1_000  # jobs on a page of which the request does not say the size


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """The jobs of a page, whether more follow, and the position of what follows, None if there is none."""

    jobs: Sequence[Status]
    has_more: bool = False
    position: str | int | None = None
    total: int = 0


def page_of(jobs: Sequence[Status], paging: Paging | None, parameters: Mapping[str, JSON]) -> Page:
    """Return a page of jobs, the newest first; raises Problem for an invalid position."""
    if paging is None:
        return Page(jobs=jobs, total=len(jobs))
    size = _size(paging, parameters)
    at = parameters.get(paging.at, None)
    begin = 0 if at in (None, "") else _begin(jobs, paging, at)
    shown = jobs[begin : begin + size]
    has_more = begin + size < len(jobs)
    shows_more = has_more or (paging.kind is PagingKind.AFTER and bool(shown))
    position = _next(paging, shown, begin + size) if shows_more else None
    return Page(jobs=shown, has_more=has_more, position=position, total=len(jobs))


def _size(paging: Paging, parameters: Mapping[str, JSON]) -> int:
    requested = parameters[paging.limit] if paging.limit and paging.limit in parameters else None
    default = MOST if paging.default is None else paging.default
    return max(0, int(requested)) if isinstance(requested, int | float) else default


def _begin(jobs: Sequence[Status], paging: Paging, at: JSON) -> int:
    """Return how many jobs come before a position."""
    match paging.kind:
        case PagingKind.OFFSET:
            return max(0, int(at)) if isinstance(at, int | float) else _refused(paging)
        case PagingKind.AFTER:
            index = next((n for n, one in enumerate(jobs) if one.job.id == str(at)), None)
            return _refused(paging) if index is None else index + 1
        case PagingKind.CURSOR:
            number = _number(str(at), paging)
            return sum(1 for one in jobs if one.job.number >= number)


def _next(paging: Paging, shown: Sequence[Status], end: int) -> str | int:
    if paging.kind is PagingKind.OFFSET:
        return end
    if not shown:
        return ""
    last = shown[-1].job
    return last.id if paging.kind is PagingKind.AFTER else b64encode(b"%d" % last.number).decode()


def _number(cursor: str, paging: Paging) -> int:
    try:
        return int(b64decode(cursor, validate=True))
    except ValueError:
        return _refused(paging)


def _refused(paging: Paging) -> int:
    raise Problem(Kind.BAD_PARAMETER, field=paging.at, detail=f"{paging.at}: there is no such position")
