"""Properties of every document and every overlay."""

import copy
from collections.abc import Iterator

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from safelight_openapi import (
    ActionKind,
    JSONValue,
    Overlay,
    OverlayAction,
    OverlayError,
    OverlayResult,
    apply_overlay,
    apply_overlays,
)

pytestmark = pytest.mark.slow

NAMES = st.sampled_from(["a", "b", "c", "0", "1", "/", "~1"])
PRIMITIVES = st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from([0.5, 1.0]) | NAMES
DOCUMENTS: st.SearchStrategy[JSONValue] = st.recursive(
    PRIMITIVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)
OBJECTS = st.dictionaries(NAMES, DOCUMENTS, max_size=4)
WITHOUT_ARRAYS = st.recursive(
    PRIMITIVES, lambda inner: st.dictionaries(NAMES, inner, max_size=3), max_leaves=8
)
TARGETS = st.sampled_from(
    ["$", "$.a", "$.b", "$.*", "$..a", "$..*", "$.a[0]", "$..[1]", "$..[-1]", "$..['/', '~1']", "$..[?@.a]"]
)
UPDATES = st.builds(
    OverlayAction, number=st.just(1), kind=st.just(ActionKind.UPDATE), target=TARGETS, update=DOCUMENTS
)
REMOVALS = st.builds(OverlayAction, number=st.just(1), kind=st.just(ActionKind.REMOVE), target=TARGETS)
COPIES = st.builds(
    OverlayAction, number=st.just(1), kind=st.just(ActionKind.COPY), target=TARGETS, source=TARGETS
)
OVERLAYS = st.lists(UPDATES | REMOVALS | COPIES, min_size=1, max_size=5).map(lambda drawn: overlay(*drawn))


def overlay(*actions: OverlayAction) -> Overlay:
    return Overlay(source="fix.yaml", version="1.1", title="Test", actions=actions)


def applied(document: JSONValue, *overlays: Overlay) -> OverlayResult:
    """Apply an overlay, or discard the example if it does not match the document."""
    try:
        return apply_overlays(document, overlays)
    except OverlayError:
        assume(condition=False)
        raise


def leaves(value: JSONValue, location: str = "") -> Iterator[tuple[str, JSONValue]]:
    """Every primitive and every empty object or array, with its pointer."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from leaves(item, f"{location}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from leaves(item, f"{location}/{index}")
    else:
        yield location, value


def pointers(value: JSONValue) -> set[str]:
    result = {""}
    for location, _ in leaves(value):
        parts = location.split("/")
        result |= {"/".join(parts[:end]) for end in range(1, len(parts) + 1)}
    return result


def exact(value: JSONValue) -> str:
    """Return a form in which 1, 1.0 and true, which are equal in Python, differ."""
    return repr(value)


@given(DOCUMENTS, OVERLAYS)
def test_the_document_is_never_changed(document: JSONValue, drawn: Overlay) -> None:
    before = exact(document)

    applied(document, drawn)

    assert exact(document) == before


@given(DOCUMENTS, OVERLAYS)
def test_a_rejected_overlay_changes_nothing_either(document: JSONValue, drawn: Overlay) -> None:
    before, update_before = exact(document), exact(drawn.actions[0].update)

    try:
        apply_overlay(document, drawn)
    except OverlayError as error:
        assert "\n" not in str(error)  # noqa: PT017 — no error is a good outcome too

    assert (exact(document), exact(drawn.actions[0].update)) == (before, update_before)


@given(DOCUMENTS, OVERLAYS)
def test_the_result_is_the_same_every_time(document: JSONValue, drawn: Overlay) -> None:
    assert exact(applied(document, drawn).document) == exact(applied(copy.deepcopy(document), drawn).document)


@given(DOCUMENTS, OVERLAYS)
def test_the_result_shares_nothing_with_the_document_the_overlay_or_itself(
    document: JSONValue, drawn: Overlay
) -> None:
    def containers(value: JSONValue) -> list[int]:
        match value:
            case dict():
                return [id(value), *(location for item in value.values() for location in containers(item))]
            case list():
                return [id(value), *(location for item in value for location in containers(item))]
            case _:
                return []

    result = containers(applied(document, drawn).document)

    assert len(set(result)) == len(result)
    assert not set(result) & set(containers(document))
    assert not set(result) & {location for action in drawn.actions for location in containers(action.update)}


@given(OBJECTS, st.dictionaries(NAMES, WITHOUT_ARRAYS, max_size=4))
def test_an_update_without_arrays_changes_nothing_the_second_time(
    document: dict[str, JSONValue], update: dict[str, JSONValue]
) -> None:
    once = overlay(OverlayAction(number=1, kind=ActionKind.UPDATE, target="$", update={**update}))
    first = applied({**document}, once)

    second = apply_overlay(first.document, once)

    assert exact(second.document) == exact(first.document)
    assert second.actions[0].is_redundant


@given(OBJECTS, TARGETS.filter(lambda target: target != "$" and "[0]" not in target and "1]" not in target))
def test_after_a_removal_the_target_matches_nothing(document: dict[str, JSONValue], target: str) -> None:
    removal = overlay(OverlayAction(number=1, kind=ActionKind.REMOVE, target=target))

    once = applied({**document}, removal)

    assert apply_overlay(once.document, removal).actions[0].locations == ()


@given(DOCUMENTS, OVERLAYS, OVERLAYS)
def test_overlays_in_a_row_are_the_same_as_one_after_another(
    document: JSONValue, first: Overlay, second: Overlay
) -> None:
    together = applied(document, first, second)

    assert exact(together.document) == exact(applied(applied(document, first).document, second).document)


@given(DOCUMENTS, OVERLAYS)
def test_the_actions_of_an_overlay_are_the_same_as_overlays_of_one_action(
    document: JSONValue, drawn: Overlay
) -> None:
    together = applied(document, drawn)

    single = applied(document, *(overlay(action) for action in drawn.actions))

    assert exact(single.document) == exact(together.document)
    assert single.provenance == together.provenance


@given(DOCUMENTS, OVERLAYS)
def test_provenance_points_at_what_is_there(document: JSONValue, drawn: Overlay) -> None:
    result = applied(document, drawn)

    assert set(result.provenance) <= pointers(result.document)


@given(DOCUMENTS, st.lists(UPDATES | COPIES, min_size=1, max_size=4).map(lambda drawn: overlay(*drawn)))
def test_every_leaf_that_is_new_has_an_origin(document: JSONValue, drawn: Overlay) -> None:
    result = applied(document, drawn)

    before = {(location, exact(value)) for location, value in leaves(document)}
    is_changed = [
        location for location, value in leaves(result.document) if (location, exact(value)) not in before
    ]
    assert all(result.origin(location) for location in is_changed)


@given(OBJECTS, st.lists(UPDATES | REMOVALS, min_size=1, max_size=4))
def test_the_origin_of_a_marked_value_is_the_action_that_marked_it(
    document: dict[str, JSONValue], actions: list[OverlayAction]
) -> None:
    """Values that only one action can have set have its origin, wherever later actions move them."""
    numbered = [
        OverlayAction(number=n, kind=action.kind, target=action.target, update=[f"by {n}"])
        for n, action in enumerate(actions, start=1)
    ]
    result = applied({"a": [], "b": [[], []], **document}, overlay(*numbered))

    for location, value in leaves(result.document):
        origin = result.origin(location)
        marked = isinstance(value, str) and value.startswith("by ")
        assert (origin and f"by {origin.action}") == (value if marked else None)


@given(DOCUMENTS, OVERLAYS)
def test_an_action_reports_a_change_exactly_when_it_makes_one(document: JSONValue, drawn: Overlay) -> None:
    single = overlay(drawn.actions[0])

    result = applied(document, single)

    assert result.actions[0].is_changed == (exact(result.document) != exact(document))


@given(DOCUMENTS, st.sampled_from([ActionKind.UPDATE, ActionKind.REMOVE, ActionKind.COPY]))
def test_an_action_that_matches_nothing_leaves_the_document_as_it_is(
    document: JSONValue, kind: ActionKind
) -> None:
    action = OverlayAction(number=1, kind=kind, target="$.nowhere", update=1, source="$.nowhere")

    result = applied(document, overlay(action))

    assert exact(result.document) == exact(document)
    assert (result.actions[0].locations, result.provenance) == ((), {})
