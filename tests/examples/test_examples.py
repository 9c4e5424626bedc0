"""Each document and lifecycle under examples/ is valid, and they fit one another."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from openapi_spec_validator import OpenAPIV2SpecValidator
from tests.examples.served import NAMES

from safelight_lifecycle import JSON, read_async_jobs
from safelight_openapi import apply_overlay, find_violations, load_overlay, normalise, read_document
from safelight_openapi._checks.lifecycles import lifecycle_violations

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "lifecycle/safelight_lifecycle/async-jobs.schema.json"
VENDORS = ("claid", "tengr", "topaz", "topaz.strict")

Node = dict[str, Any]


def test_there_are_eleven_examples() -> None:
    assert len(NAMES) == 11


@pytest.mark.parametrize("name", NAMES)
def test_the_document_is_valid(name: str) -> None:
    assert find_violations(_document(name)) == []


def test_the_swagger_document_is_valid() -> None:
    document: Any = read_document(ROOT / "examples/azure-document-intelligence/swagger.yaml")

    messages = [error.message for error in OpenAPIV2SpecValidator(document).iter_errors()]

    # The validator takes the `type: file` of a response for that of a schema.
    assert [message for message in messages if not message.startswith("'file' is not valid")] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_overlay_applies_without_warnings_and_each_action_names_its_evidence(name: str) -> None:
    overlay = load_overlay(ROOT / "examples" / name / "lifecycle.overlay.yaml")

    applied = apply_overlay(_document(name), overlay, strict=True)

    assert [report.warning for report in applied.actions if report.warning] == []
    kinds = ("Documented", "Observed", "Assumed")
    assert [one.description for one in overlay.actions if not one.description.startswith(kinds)] == []


@pytest.mark.parametrize("name", [*NAMES, *VENDORS])
def test_the_lifecycles_match_their_schema(name: str) -> None:
    described = _described(name)["x-async-jobs"]

    assert [
        f"{list(error.instance_path)}: {error.message}" for error in _schema().iter_errors(described)
    ] == []


@pytest.mark.parametrize("name", [*NAMES, *VENDORS])
def test_every_operation_location_and_vendor_state_of_the_lifecycles_is_in_the_document(name: str) -> None:
    assert [*lifecycle_violations(_described(name))] == []


@pytest.mark.parametrize("name", [*NAMES, *VENDORS])
def test_the_lifecycles_are_read(name: str) -> None:
    described = _described(name)

    jobs = read_async_jobs(described)

    assert {*jobs.lifecycles} == {*described["x-async-jobs"]["lifecycles"]}
    assert len(jobs.inputs) == len(described["x-async-jobs"].get("inputs", []))


@pytest.mark.parametrize("name", [*NAMES, *VENDORS])
def test_every_key_of_the_lifecycles_is_read(name: str) -> None:
    described = _described(name)
    read_keys: set[str] = set()

    read_async_jobs(described | {"x-async-jobs": _watched(described["x-async-jobs"], "", read_keys)})

    assert [key for key in _paths(described["x-async-jobs"], "") if key not in read_keys] == []


class _Watched(dict[str, Any]):
    """An object that records which of its members are read."""

    def __init__(self, members: Node, path: str, read_keys: set[str]) -> None:
        super().__init__({key: _watched(one, f"{path}/{key}", read_keys) for key, one in members.items()})
        self.path, self.read_keys = path, read_keys

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - as documents are read
        self.read_keys.add(f"{self.path}/{key}")
        return super().__getitem__(key)

    def __iter__(self) -> Iterator[str]:
        self.read_keys.update(f"{self.path}/{key}" for key in self.keys())
        return super().__iter__()

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - as documents are read
        self.read_keys.add(f"{self.path}/{key}")
        return super().get(key, default)

    def items(self) -> Any:  # noqa: ANN401 - as documents are read
        self.read_keys.update(f"{self.path}/{key}" for key in self.keys())
        return super().items()


def _watched(node: JSON, path: str, read_keys: set[str]) -> JSON:
    if isinstance(node, dict):
        return _Watched(node, path, read_keys)
    return (
        [_watched(one, f"{path}/{n}", read_keys) for n, one in enumerate(node)]
        if isinstance(node, list)
        else node
    )


def _paths(node: JSON, path: str) -> Iterator[str]:
    """Every member, but those with one possible value that decide nothing."""
    pairs = (
        [*node.items()] if isinstance(node, dict) else [*enumerate(node)] if isinstance(node, list) else []
    )
    for key, value in pairs:
        if isinstance(node, dict) and key != "account" and f"{path}/{key}".rpartition("/stream")[2] != "/as":
            yield f"{path}/{key}"
        yield from _paths(value, f"{path}/{key}")


def test_every_key_of_the_schema_is_used_by_an_example() -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    used = {key for name in [*NAMES, *VENDORS] for key in _keys(_described(name)["x-async-jobs"])}

    assert {key for node in schema["$defs"].values() for key in _properties(node)} - used == set()


def _keys(node: JSON) -> set[str]:
    if isinstance(node, dict):
        return {*node, *(key for value in node.values() for key in _keys(value))}
    return {key for value in node for key in _keys(value)} if isinstance(node, list) else set()


def _properties(node: JSON) -> set[str]:
    """The names below `properties`, but not those in a condition of the schema."""
    if isinstance(node, list):
        return {name for value in node for name in _properties(value)}
    if not isinstance(node, dict):
        return set()
    inner = {
        name
        for key, value in node.items()
        if key not in ("if", "then", "else")
        for name in _properties(value)
    }
    return inner | {*node["properties"]} if isinstance(node.get("properties"), dict) else inner


@cache
def _document(name: str) -> Node:
    """The document of an example as OpenAPI 3.1."""
    document: Any = read_document(next((ROOT / "examples" / name).glob("[os]*.yaml")))
    return normalise(document)


@cache
def _described(name: str) -> Any:  # noqa: ANN401 - as documents are read
    """The effective document of an example, or of a built-in vendor."""
    if name in VENDORS:
        return json.loads((ROOT / f"generated/safelight_specs/{name}.json").read_text("utf-8"))
    overlay = load_overlay(ROOT / "examples" / name / "lifecycle.overlay.yaml")
    described: Any = apply_overlay(_document(name), overlay).document
    return described


@cache
def _schema() -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(json.loads(SCHEMA.read_text("utf-8")))
