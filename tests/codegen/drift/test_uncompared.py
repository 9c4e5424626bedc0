"""Every part that is removed from a vendored document, or replaced, is reported."""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from safelight_codegen._drift import compare_documents
from safelight_openapi import normalise, read_document

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]

Json = Any
Keys = tuple[str | int, ...]

STRANGERS: list[Json] = [None, 7, "text", [], {}, True, {"$ref": "#/components/schemas/None"}]


def paths(node: Json, path: Keys = ()) -> Iterator[Keys]:
    members = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, member in members:
        yield (*path, key)
        yield from paths(member, (*path, key))


def holder(document: Json, path: Keys) -> Json:
    for key in path[:-1]:
        document = document[key]
    return document


@pytest.mark.parametrize(
    ("name", "stride"),
    [
        ("tengr/detailer-upscaler.yaml", 3),
        pytest.param("topaz/matting.openapi.json", 7, marks=pytest.mark.slow),
        pytest.param("topaz/enhance.openapi.yaml", 41, marks=pytest.mark.slow),
        pytest.param("claid/async-image-edit.openapi.json", 61, marks=pytest.mark.slow),
    ],
)
def test_every_missing_or_changed_part_is_reported(name: str, stride: int) -> None:
    document = normalise(read_document(ROOT / "openapi" / name))

    for number, path in enumerate([*paths(document)][::stride]):
        less, other = deepcopy(document), deepcopy(document)
        del holder(less, path)[path[-1]]
        stranger = STRANGERS[number % len(STRANGERS)]
        holder(other, path)[path[-1]] = stranger

        assert compare_documents(document, less), f"{path} is missed by nobody"
        assert compare_documents(document, other) or other == document, f"{path} may be {stranger}"
