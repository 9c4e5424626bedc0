"""The Python table made from `x-async-jobs`, so that a client parses no document when it is imported."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from safelight_codegen.generate.errors import GenerationError

Document = Mapping[str, Any]

_HEAD = '''"""How jobs live at this vendor, and which module carries out each operation."""

from collections.abc import Mapping
from typing import Final

from safelight_lifecycle import JobId, Lifecycle, Link, Links, Listing, Move, Read, State
'''
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


def job_table(document: Document, modules: Mapping[str, str]) -> bytes:
    """Write the module `async_jobs`: LIFECYCLES by name, OPERATIONS from operationId to module."""
    jobs = document.get("x-async-jobs", {})
    lifecycles = {name: _Code(_lifecycle(name, job, document)) for name, job in jobs.items()}
    _refuse_unknown(jobs, modules)
    lines = (
        _HEAD,
        f"LIFECYCLES: Final[Mapping[str, Lifecycle]] = {lifecycles!r}",
        f"OPERATIONS: Final[Mapping[str, str]] = {dict(sorted(modules.items()))!r}",
        '__all__ = ["LIFECYCLES", "OPERATIONS"]',
    )
    return "\n".join([*lines, ""]).encode()


def seconds(duration: str) -> float:
    """Read an ISO 8601 duration of days, hours, minutes and seconds; GenerationError for any other."""
    match = _DURATION.fullmatch(duration)
    if match is None or not any(match.groups()):
        raise GenerationError(f"x-async-jobs: {duration!r} is no duration such as PT1H or P7D")
    parts = zip(match.groups(), (86400, 3600, 60, 1), strict=True)
    return float(sum(int(count) * unit for count, unit in parts if count))


class _Code(str):
    """Text that stands in generated code as it is."""

    __slots__ = ()
    __repr__ = str.__str__


def _lifecycle(name: str, job: Document, document: Document) -> str:
    return _call(
        "Lifecycle",
        name=name,
        submit=tuple(job["submit"]),
        id=_Code(_job_id(job, document)),
        read=_part("Read", job["read"], "operation", "state", "progress", "eta"),
        states={word: _state(state) for word, state in job["states"].items()},
        listing=_part("Listing", job.get("list"), "operation", "each"),
        cancel=_part("Move", job.get("cancel"), "operation"),
        forget=_part("Move", job.get("forget"), "operation"),
        result=_link(job.get("result")),
        results=_links(job.get("result")),
        input=_link(job.get("input")),
        errors=job.get("errors"),
    )


def _job_id(job: Document, document: Document) -> str:
    """Write where ids stand; the path of the read operation is needed only to find one inside a URL."""
    node = job["id"]
    return _call(
        "JobId",
        expression=node["from"],
        parameter=node["parameter"],
        also=tuple(node["also"]) if "also" in node else None,
        urls=tuple(node["urls"]) if "urls" in node else None,
        path=_path_of(job["read"]["operation"], document) if "urls" in node else None,
    )


def _path_of(operation: str, document: Document) -> str:
    return next(
        str(path)
        for path, item in document["paths"].items()
        for node in item.values()
        if isinstance(node, dict) and node.get("operationId") == operation
    )


def _part(name: str, part: Document | None, *keys: str) -> _Code | None:
    if part is None:
        return None
    return _Code(_call(name, **{key: part.get(key) for key in keys}, allowed=_allowed(part)))


def _link(part: Document | None) -> _Code | None:
    if part is None or "each" in part:
        return None
    url = part.get("url") or part["inline"]
    given = {
        "url": url,
        "operation": part.get("operation"),
        "allowed": _allowed(part),
        "expires": _expires(part),
    }
    return _Code(_call("Link", **given, renew=part.get("renew") or None))


def _links(part: Document | None) -> _Code | None:
    if part is None or "each" not in part:
        return None
    return _Code(_call("Links", each=part["each"], allowed=_allowed(part), expires=_expires(part)))


def _expires(part: Document) -> float | None:
    return seconds(part["expires"]) if "expires" in part else None


def _allowed(part: Document) -> _Code | None:
    states = [_state(state) for state in part.get("while", ())]
    return _Code(f"frozenset({states!r})") if states else None


def _state(state: str) -> _Code:
    return _Code(f"State.{state.upper()}")


def _call(name: str, /, **given: object) -> str:
    return f"{name}({', '.join(f'{key}={value!r}' for key, value in given.items() if value is not None)})"


def _refuse_unknown(jobs: Document, modules: Mapping[str, str]) -> None:
    for name, job in jobs.items():
        if lost := sorted({*_operations(job)} - modules.keys()):
            raise GenerationError(f"x-async-jobs: {name} names {', '.join(lost)}, which no path has")


def _operations(job: Document) -> Iterator[str]:
    yield from job["submit"]
    yield from (part["operation"] for part in job.values() if isinstance(part, dict) and "operation" in part)
