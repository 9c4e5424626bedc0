"""How much of the lifecycles of examples and built-in vendors is inferred from their documents alone."""

from pathlib import Path

import pytest
from tests.examples.inference import EXAMPLES, OWN, Count, count, example_document, operations, own_document

from safelight_openapi import infer_lifecycles

pytestmark = pytest.mark.slow


def test_of_the_facts_of_the_three_vendors_at_most_one_is_missing_and_none_is_wrong() -> None:
    counted = [count(name, *own_document(name), operations(own_document(name)[0])) for name in OWN]

    assert [leaf for one in counted for leaf in (*one.wrong, *one.doubtful)] == []
    assert sum(len(one.missing) for one in counted) <= 1


@pytest.mark.parametrize("name", EXAMPLES)
def test_of_an_example_85_per_cent_are_inferred_and_what_is_wrong_is_marked(name: str) -> None:
    counted = _count(name)

    assert counted.wrong == ()
    assert counted.share >= 0.85


def test_the_count_sees_what_is_missing_and_what_is_wrong() -> None:
    document, written = example_document("luma")
    lifecycle = written["lifecycles"]["generation"]
    lifecycle["read"]["operation"] = "getGeneration"
    lifecycle["id"]["parameter"] = "generation_id"

    counted = count("luma", document, written, operations(document))

    assert (("generation", "id", "parameter"), "generation_id") in counted.missing
    assert [path for path, _ in counted.wrong] == [("generation", "id", "parameter")]


def test_the_same_document_gives_the_same_lifecycles() -> None:
    document, _ = example_document("openai")

    assert infer_lifecycles(document).extension == infer_lifecycles(document).extension


def _count(name: str, source: Path | None = None) -> Count:
    document, written = example_document(name, source)
    return count(name, document, written, operations(document))
