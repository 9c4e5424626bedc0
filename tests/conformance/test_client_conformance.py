"""The tests of generated clients have a case of the suite for each key of a lifecycle that clients read."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from copy import deepcopy
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Any

import pytest
from tests.conformance.client import CASES
from tests.conformance.playing import Json, document_of, schema_keys

from safelight_codegen._generate.lifecycle_table import NOT_READ_BY_CLIENT, client_part
from safelight_lifecycle import read_async_jobs

pytestmark = pytest.mark.slow


def test_every_key_that_clients_read_is_in_a_case_of_their_tests() -> None:
    source = "".join(
        path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_client_*.py")
    )
    tested = {name: case for name, case in CASES.items() if f'"{name}"' in source}

    assert _read_keys(CASES) - _read_keys(tested) == set()


def test_every_field_that_clients_do_not_read_exists() -> None:
    for type_, names in NOT_READ_BY_CLIENT.items():
        assert names < set(type_._fields)


def _read_keys(chosen: Mapping[str, Json]) -> set[str]:
    """Return the keys in the lifecycles of cases without which a generated client would be another."""
    return {key for case in chosen.values() for key in _read_keys_of(document_of(case))}


def _read_keys_of(document: Json) -> Iterator[str]:
    table = client_part(read_async_jobs(document).lifecycles)
    for *place, key in _places(document["x-async-jobs"]["lifecycles"], ()):
        changed = deepcopy(document)
        node = reduce(getitem, place, changed["x-async-jobs"]["lifecycles"])
        del node[key]
        with suppress(KeyError, ValueError):  # it is required: its object is read as a whole or not at all
            if key in schema_keys() and client_part(read_async_jobs(changed).lifecycles) != table:
                yield key


def _places(node: Any, at: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - any JSON
    """Yield the place of each member of an object in a lifecycle."""
    members = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in members:
        if isinstance(node, dict):
            yield (*at, key)
        yield from _places(value, (*at, key))
