"""Scenarios from YAML and JSON files; errors name the line."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from safelight_lifecycle import parse_pointer
from safelight_mock.core.scenario import Scenario
from safelight_mock.scenarios.reading import (
    InvalidScenarioError,
    ScenarioSource,
    StoreBytes,
    place_of,
    read_scenario,
)
from safelight_openapi import DocumentError, parse_document, read_text

MAX_FILE = 10_000_000  # bytes of a scenario


def load_scenario(path: Path, store: StoreBytes | None = None) -> Scenario:
    """Return the scenario of a file, named after it unless it has a name.

    Without `store` its result files are checked, and not stored. Raises InvalidScenarioError.
    """
    try:
        if path.stat().st_size > MAX_FILE:
            raise InvalidScenarioError(f"a scenario has at most {MAX_FILE} bytes", where=str(path))
        text = read_text(path)
        value = parse_document(text, source=str(path))
    except OSError as error:
        reason = f"cannot read it ({error.strerror}); check the path"
        raise InvalidScenarioError(reason, where=str(path)) from error
    except DocumentError as error:
        raise InvalidScenarioError(error.problem, where=error.where) from error
    source = ScenarioSource(path.stem.lower(), path.parent, store)
    try:
        return read_scenario(value, source)
    except InvalidScenarioError as error:
        line = _line(text, error.line_of)
        where = f"{path}{'' if line is None else f', line {line}'}, {place_of(error.pointer)}"
        raise InvalidScenarioError(error.reason, error.pointer, where) from error


def _line(text: str, pointer: str) -> int | None:
    """Return the line of what a JSON Pointer names, counted from 1; None if the text has no lines to name."""
    with suppress(YAMLError, RecursionError):
        node = YAML(typ="safe", pure=True).compose(text)
        line: int | None = None
        for line in _lines(node, [*parse_pointer(pointer)]):  # noqa: B007 - the last one counts
            pass
        return line
    return None


def _lines(node: Node | None, tokens: list[str]) -> Iterator[int]:
    """Yield the line of each node on the way, the outermost first."""
    while node is not None:
        yield node.start_mark.line + 1
        if not tokens:
            return
        node = _child(node, tokens.pop(0))


def _child(node: Node, token: str) -> Node | None:
    if isinstance(node, SequenceNode):
        items = node.value
        return items[int(token)] if token.isdigit() and int(token) < len(items) else None
    if isinstance(node, MappingNode):
        return next((value for key, value in node.value if key.value == token), None)
    return None
