"""Whatever is taken out of a vendored document, or put in its place, is told."""

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
Way = tuple[str | int, ...]

STRANGERS: list[Json] = [None, 7, "text", [], {}, True, {"$ref": "#/components/schemas/None"}]


def ways(node: Json, way: Way = ()) -> Iterator[Way]:
    members = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, member in members:
        yield (*way, key)
        yield from ways(member, (*way, key))


def holder(document: Json, way: Way) -> Json:
    for key in way[:-1]:
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
def test_every_part_that_is_missed_or_another_is_told(name: str, stride: int) -> None:
    document = normalise(read_document(ROOT / "openapi" / name))

    for number, way in enumerate([*ways(document)][::stride]):
        less, other = deepcopy(document), deepcopy(document)
        del holder(less, way)[way[-1]]
        stranger = STRANGERS[number % len(STRANGERS)]
        holder(other, way)[way[-1]] = stranger

        assert compare_documents(document, less), f"{way} is missed by nobody"
        assert compare_documents(document, other) or other == document, f"{way} may be {stranger}"
