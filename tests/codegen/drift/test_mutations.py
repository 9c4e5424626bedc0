"""Vendored documents with one change each, and the class of that change."""

import tomllib
from collections import Counter
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from safelight_codegen._drift import ChangeSeverity, DocumentChange, compare_documents
from safelight_codegen._drift.dry_run import OverlayDryRun, dry_run_overlays
from safelight_codegen._drift.operation_matching import sent_schemas
from safelight_codegen._drift.overlay_consequences import OverlayConsequence, find_consequences
from safelight_openapi import LAYERS, normalise, read_document, read_layer, read_source, string_keyed
from safelight_specs import read_spec

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
MUTATIONS = tomllib.loads(Path(__file__).with_name("mutations.toml").read_text())["mutation"]
NAMES = [mutation["name"] for mutation in MUTATIONS]
WITH_OVERLAYS = [mutation for mutation in MUTATIONS if "overlays" in mutation]

Json = Any


@cache
def vendored(name: str) -> Json:
    return string_keyed(read_document(ROOT / "openapi" / name))


def patched(document: Json, patch: list[dict[str, Json]]) -> Json:
    """Apply the subset of JSON Patch (RFC 6902) that the table uses."""
    result = deepcopy(document)
    for step in patch:
        if step["op"] in ("move", "copy"):
            value = deepcopy(value_at(result, keys(step["from"])))
        else:
            value = step.get("value")
        if step["op"] in ("move", "remove", "replace"):
            *path, last = keys(step["from"] if step["op"] == "move" else step["path"])
            holder = value_at(result, path)
            del holder[int(last) if isinstance(holder, list) else last]
        if step["op"] != "remove":
            put(result, keys(step["path"]), value)
    return result


def put(document: Json, path: list[str], value: Json) -> None:
    holder = value_at(document, path[:-1], make=True)
    if isinstance(holder, list):
        holder.insert(len(holder) if path[-1] == "-" else int(path[-1]), value)
    else:
        holder[path[-1]] = value


def value_at(document: Json, path: list[str], *, make: bool = False) -> Json:
    for key in path:
        if make and isinstance(document, dict):
            document.setdefault(key, {})
        document = document[int(key) if isinstance(document, list) else key]
    return document


def keys(pointer: str) -> list[str]:
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def mutant(mutation: Json) -> Json:
    document = vendored(mutation["document"])
    changed = patched(document, mutation["patch"])
    assert changed != document
    return normalise(changed)


@cache
def rehearsed(vendor: str) -> OverlayDryRun:
    return rehearsal(vendor, {})


def rehearsal(vendor: str, instead: dict[str, Json]) -> OverlayDryRun:
    layers = {name: read_layer(ROOT, vendor, name) for name in LAYERS}
    files = [document.file for document in read_source(ROOT, vendor).openapi]
    names = {file: f"{vendor}/{file.name}" for file in files}
    return dry_run_overlays(
        {file: instead.get(name, normalise(vendored(name))) for file, name in names.items()}, layers
    )


@cache
def changes(name: str) -> tuple[DocumentChange, ...]:
    mutation = MUTATIONS[NAMES.index(name)]
    truth = read_spec(mutation["document"].partition("/")[0])
    return compare_documents(
        normalise(vendored(mutation["document"])), mutant(mutation), sent=sent_schemas(truth)
    )


def worst(value_at: tuple[DocumentChange, ...]) -> str:
    return max((change.severity for change in value_at), default=ChangeSeverity.HARMLESS).label


@pytest.mark.parametrize("mutation", MUTATIONS, ids=NAMES)
def test_a_change_has_its_class(mutation: Json) -> None:
    value_at = changes(mutation["name"])

    assert worst(value_at) == mutation["class"], [
        f"{one.severity.label}: {one.rule}, {one.pointer}" for one in value_at
    ]


@pytest.mark.parametrize("mutation", [one for one in MUTATIONS if "rule" in one], ids=lambda one: one["name"])
def test_a_change_is_called_what_it_is_with_its_direction_and_its_operations(mutation: Json) -> None:
    matching = [one for one in changes(mutation["name"]) if one.rule == mutation["rule"]]

    assert matching, [one.rule for one in changes(mutation["name"])]
    assert matching[0].severity.label == mutation["class"]
    assert mutation.get("direction", "neither") in {one.direction for one in matching}
    assert {*mutation.get("touches", ())} <= {*matching[0].operations}


def test_there_are_enough_of_each_class_for_each_vendor() -> None:
    classes = Counter(mutation["class"] for mutation in MUTATIONS)
    vendors = Counter(mutation["document"].partition("/")[0] for mutation in MUTATIONS)

    assert len(MUTATIONS) >= 40
    assert classes["breaking"] >= len(MUTATIONS) / 2
    assert classes["needs review"] >= 5
    assert min(vendors[vendor] for vendor in ("topaz", "claid", "tengr")) >= 8
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.slow
@pytest.mark.parametrize("mutation", WITH_OVERLAYS, ids=lambda one: one["name"])
def test_overlay_actions_that_no_longer_fit_are_named(mutation: Json) -> None:
    vendor = mutation["document"].partition("/")[0]

    after = rehearsal(vendor, {mutation["document"]: mutant(mutation)})
    reported = {
        short(one): one.outcome
        for one in find_consequences(rehearsed(vendor), after, changes(mutation["name"]))
    }

    assert mutation["overlays"].items() <= reported.items(), reported


def short(one: OverlayConsequence) -> str:
    return f"{Path(one.overlay).name.removesuffix('.overlay.yaml')}, {one.action}"


@pytest.mark.slow
@pytest.mark.parametrize("vendor", ["claid", "tengr", "topaz"])
def test_nothing_follows_from_nothing(vendor: str) -> None:
    documents = read_source(ROOT, vendor).openapi
    same = {
        f"{vendor}/{one.file.name}": normalise(vendored(f"{vendor}/{one.file.name}")) for one in documents
    }

    assert list(find_consequences(rehearsed(vendor), rehearsal(vendor, same), ())) == []
    assert [
        change for document in same.values() for change in compare_documents(document, deepcopy(document))
    ] == []
