"""Reads the keys of a lifecycle that name operations on jobs: `submit`, `read`, `list` and `moves`."""

from collections.abc import Mapping

from safelight_lifecycle._conditions import read_condition
from safelight_lifecycle._ids import read_ids
from safelight_lifecycle._limits import Timing
from safelight_lifecycle._nodes import read_duration, read_path, read_states
from safelight_lifecycle._operations import JobList, JobMove, JobRead, Paging, PagingKind, Removal, Submission
from safelight_lifecycle._places import read_place, read_places
from safelight_lifecycle._pointers import JSON
from safelight_lifecycle._read_results import read_result
from safelight_lifecycle._values import read_members
from safelight_lifecycle._words import EVERY_STATE, Words, WordState


def read_submission(node: JSON, words: Words, ids: JSON, template: str) -> Submission:
    """Return a submit operation; `ids` is the key `id` of the lifecycle."""
    if isinstance(node, str):
        return Submission(operation=node)
    return Submission(
        operation=node["operation"],
        ids=read_ids(node["id"], ids, template) if "id" in node else None,
        when=read_condition(node.get("when")),
        of=read_place(node.get("of")),
        result=read_result(node["result"], words) if "result" in node else None,
        timing=read_timing(node["timing"]) if "timing" in node else None,
        price=node.get("price"),
    )


def read_timing(node: JSON) -> Timing:
    """Return how long a job is in the live states."""
    return Timing(queued=read_duration(node.get("queued")), running=read_duration(node.get("running")))


def read_read(node: JSON, words: Words) -> JobRead:
    """Return the operation that reads a job."""
    return JobRead(
        operation=node["operation"],
        state=read_places(node.get("state")),
        by_status={int(code): words.select(listed) for code, listed in node.get("by_status", {}).items()},
        follow=read_place(node.get("follow")),
        progress=read_places(node.get("progress")),
        progress_max=float(node.get("progress_max", 100)),
        eta=read_places(node.get("eta")),
        retry_after=read_duration(node.get("retry_after")),
    )


def read_list(node: JSON, words: Words) -> JobList:
    """Return the operation that lists jobs."""
    return JobList(
        operation=node["operation"],
        each=read_path(node["each"]),
        like=read_place(node.get("like")),
        reports=read_members(node.get("reports"), words),
        paging=_paging(node["paging"]) if "paging" in node else None,
        filter={name: str(by) for name, by in node.get("filter", {}).items()},
    )


def _paging(node: JSON) -> Paging:
    return Paging(
        kind=PagingKind(node["by"]),
        at=node["at"],
        limit=node.get("limit", ""),
        default=node.get("default"),
        next=read_place(node.get("next")),
        more=read_place(node.get("more")),
    )


def read_move(node: JSON, words: Words) -> JobMove:
    """Return an operation that changes a job."""
    return JobMove(
        operation=node["operation"],
        to=_target(node["to"], words),
        allowed=read_states(node.get("while"), words, EVERY_STATE),
        is_ignored=node.get("otherwise") == "ignore",
        every=node.get("every", False),
        follow=read_place(node.get("follow")),
    )


def _target(name: str, words: Words) -> WordState | Removal:
    """Return what a job becomes; an API's own word `deleted` or `purged` goes first."""
    return Removal(name) if name in _REMOVALS and name not in words.meanings else words.reference(name)


_REMOVALS: Mapping[str, Removal] = {one.value: one for one in Removal}
