"""The overlay of what was inferred applies to its document, and so it does with its comments uncommented."""

import re
from typing import Any

import pytest
from tests.examples.inference import EXAMPLES, OWN, example_document, own_document

from safelight_openapi import (
    apply_overlay,
    infer_lifecycles,
    lifecycle_violations,
    overlay_of,
    parse_document,
    parse_overlay,
)

pytestmark = pytest.mark.slow

COMMENT = re.compile(r"^(\s*)# ", re.MULTILINE)


@pytest.mark.parametrize("name", [*OWN, *EXAMPLES])
def test_the_overlay_applies_without_warnings_and_what_it_adds_is_valid(name: str) -> None:
    document = _document(name)

    described = _described(document, overlay_of(infer_lifecycles(document), name), strict=True)

    assert _problems(described) == []


@pytest.mark.parametrize("name", [*OWN, *EXAMPLES])
def test_with_all_comments_uncommented_it_has_everything_that_was_inferred(name: str) -> None:
    document = _document(name)
    inferred = infer_lifecycles(document)

    described = _described(document, _uncommented(overlay_of(inferred, name)), strict=False)

    assert _problems(described) == []
    assert _flat(described["x-async-jobs"]) == _flat(inferred.extension)


def test_every_action_says_why() -> None:
    document = _document("replicate")

    text = overlay_of(infer_lifecycles(document), "replicate")

    actions: Any = parse_document(text, source="replicate.yaml")
    assert {one["description"].split(" because ")[0] for one in actions["actions"]} == {"Inferred:"}


def test_what_is_doubtful_is_a_comment_with_its_reason() -> None:
    text = overlay_of(infer_lifecycles(_document("bfl")), "bfl")

    assert "#     result:" in text
    assert "# progress_max: 1  # because it is a number" in text
    assert "Ready: succeeded  # doubtful: Ready may mean succeeded" in text


def _document(name: str) -> Any:  # noqa: ANN401 - as documents are read
    return (own_document(name) if name in OWN else example_document(name))[0]


def _uncommented(text: str) -> str:
    head, body = text.split("\noverlay:", 1)
    del head
    return "overlay:" + COMMENT.sub(r"\1", body)


def _described(document: Any, text: str, *, strict: bool) -> Any:  # noqa: ANN401 - as documents are read
    overlay = parse_overlay(parse_document(text, source="overlay.yaml"), source="overlay")
    return apply_overlay(document, overlay, strict=strict).document


def _problems(described: Any) -> list[str]:  # noqa: ANN401 - as documents are read
    return list(lifecycle_violations(described))


def _flat(node: Any) -> Any:  # noqa: ANN401 - as documents are read
    """Return mappings without order, and submissions in one, as an overlay adds doubtful ones at the end."""
    if isinstance(node, dict):
        return {
            key: sorted(map(str, value)) if key == "submit" else _flat(value) for key, value in node.items()
        }
    return sorted(map(str, map(_flat, node))) if isinstance(node, list) else node
