"""Scenarios with any edit, in values, in a file and at the control plane: they are read, or refused clearly.

The edits are the same in every run. Both outcomes must occur, or nothing was tried.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from copy import deepcopy
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from safelight_mock import InvalidScenarioError, Settings, Twin, TwinTransport
from safelight_mock.scenarios.files import load_scenario
from safelight_mock.scenarios.library import library_names, library_path
from safelight_mock.scenarios.reading import read_scenario
from safelight_openapi import parse_document

pytestmark = pytest.mark.slow

EDITS = 15  # of each scenario of the library
VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    -1,
    0,
    3,
    1.5,
    1e300,
    "",
    "x",
    "1-",
    "PT5S",
    "topaz",
    "\x00",
    [],
    {},
    [[]],
    {"a": 1},
)
CHARACTERS = "\t\n:-{}[]'\"#&*!|>%@`\x00\u00e9 a1"


def edited(value: Any, random: Random) -> Any:  # noqa: ANN401 - JSON of any shape
    """Return a copy with one value replaced, removed, added or renamed, at any depth."""
    whole = deepcopy(value)
    node = whole
    while isinstance(node, dict | list) and node:
        place = random.choice([*node] if isinstance(node, dict) else range(len(node)))
        inner = node[place]
        if not isinstance(inner, dict | list) or not inner or random.random() < 0.3:
            edit = random.choice(("replace", "remove", "rename"))
            if edit == "replace" or isinstance(node, list):
                node[place] = random.choice(VALUES)
            else:
                del node[place]
                if edit == "rename":
                    node[f"{place}x"] = inner
            break
        node = inner
    return whole


def edits() -> Iterator[Any]:
    random = Random("scenarios")  # noqa: S311 - the same edits each time
    for name in library_names():
        value = parse_document(library_path(name).read_text(), source=name)
        for _ in range(EDITS):
            yield edited(value, random)


def is_clear(message: str) -> bool:
    """Whether an error is one line, that is not too long and shows nothing of Python."""
    return (
        0 < len(message) < 600
        and "\n" not in message
        and not any(word in message for word in ("Traceback", "object at 0x", "<class", "Error("))
    )


def outcome(read: Callable[[], object]) -> str:
    """Return the error that reading a scenario raises; an empty text if it is read."""
    try:
        read()
    except InvalidScenarioError as error:
        return str(error)
    return ""


def check(errors: Sequence[str]) -> None:
    """Check that both outcomes occurred, and that each error is clear."""
    assert 50 < sum(map(bool, errors)) < len(errors) - 20
    assert [error for error in errors if error and not is_clear(error)] == []


def test_edited_values_are_read_or_refused_with_a_sentence() -> None:
    check([outcome(partial(read_scenario, value)) for value in edits()])


def test_edited_files_are_read_or_refused_with_a_sentence_that_names_the_file(tmp_path: Path) -> None:
    random = Random("files")  # noqa: S311 - the same edits each time
    file = tmp_path / "edited.yaml"
    errors = []

    for text in (library_path(name).read_text() for name in library_names()):
        for _ in range(EDITS):
            at, gone, times = random.randrange(len(text)), random.randrange(4), random.randrange(3)
            file.write_text(text[:at] + random.choice(CHARACTERS) * times + text[at + gone :])
            errors.append(outcome(partial(load_scenario, file)))

    check(errors)
    assert [error for error in errors if error and str(file) not in error] == []


def test_edited_scenarios_are_set_or_rejected_by_the_control_plane() -> None:
    errors = []

    with (
        closing(Twin(Settings(seed="tests"))) as twin,
        httpx.Client(transport=TwinTransport(twin), base_url="http://twin/_safelight") as client,
    ):
        client.post("sandboxes", json={"vendor": "topaz", "key": "k", "label": "box"})
        for value in edits():
            before = client.get("sandboxes/box/scenario").json()
            response = client.put("sandboxes/box/scenario", json={"scenario": value})
            errors.append(response.json()["detail"] if response.status_code == 422 else "")
            assert response.status_code in (200, 422), response.text
            assert response.is_success or client.get("sandboxes/box/scenario").json() == before

    check(errors)
