"""Reads `result`, `results` and `input` of a lifecycle."""

from safelight_lifecycle._conditions import read_condition
from safelight_lifecycle._expressions import parse_expression
from safelight_lifecycle._nodes import read_duration, read_path, read_states, read_texts
from safelight_lifecycle._places import read_place, read_places
from safelight_lifecycle._pointers import JSON
from safelight_lifecycle._results import SUCCEEDED, FileContent, JobInput, JobResult, ResultKind
from safelight_lifecycle._words import Words


def read_result(node: JSON, words: Words) -> JobResult:
    """Return what a job gives."""
    return JobResult(
        kind=ResultKind(node.get("as", "url")),
        places=read_places(node.get("from")),
        each=read_path(node.get("each")),
        operation=node.get("operation", ""),
        follow=read_place(node.get("follow")),
        parameters=read_texts(node.get("with")),
        content=_content(node["content"]) if "content" in node else None,
        allowed=read_states(node.get("while"), words, SUCCEEDED),
        media=node.get("media", ""),
        when=read_condition(node.get("when")),
        expires=read_duration(node.get("expires")),
        renew=node.get("renew", False),
        within=read_duration(node.get("within")),
    )


def read_input(node: JSON) -> JobInput:
    """Return the operation that gives a job's input again."""
    return JobInput(
        operation=node["operation"],
        url=parse_expression(node["url"]),
        expires=read_duration(node.get("expires")),
    )


def _content(node: JSON) -> FileContent:
    return FileContent(operation=node["operation"], parameter=node["parameter"])
