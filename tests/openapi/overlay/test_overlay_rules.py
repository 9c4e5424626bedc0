"""The rules of the Overlay Specification 1.1, one row each."""

import pytest

from safelight_openapi import (
    JSONValue,
    OverlayError,
    OverlayResult,
    apply_overlay,
    parse_document,
    parse_overlay,
)


def apply(
    document: JSONValue, *actions: JSONValue, strict: bool = False, version: str = "1.1.0"
) -> OverlayResult:
    info: JSONValue = {"title": "Test", "version": "1"}
    overlay: JSONValue = {"overlay": version, "info": info, "actions": list(actions)}
    return apply_overlay(document, parse_overlay(overlay, source="fix.yaml"), strict=strict)


UPDATES: list[tuple[str, JSONValue, str, JSONValue, JSONValue]] = [
    ("an object takes a new property", {"a": 1}, "$", {"b": 2}, {"a": 1, "b": 2}),
    ("a property is replaced", {"a": 1}, "$", {"a": 2}, {"a": 2}),
    ("objects merge all the way down", {"a": {"b": {"c": 1}}}, "$", {"a": {"b": {"d": 2}}},
     {"a": {"b": {"c": 1, "d": 2}}}),
    ("arrays inside objects are joined", {"a": {"b": [1]}}, "$", {"a": {"b": [2]}}, {"a": {"b": [1, 2]}}),
    ("an array joins a selected array", {"a": [1]}, "$.a", [2, 3], {"a": [1, 2, 3]}),
    ("an object is appended to a selected array", {"a": [1]}, "$.a", {"b": 2}, {"a": [1, {"b": 2}]}),
    ("a primitive is appended to a selected array", {"a": [1]}, "$.a", 2, {"a": [1, 2]}),
    ("null is appended to a selected array", {"a": [1]}, "$.a", None, {"a": [1, None]}),
    ("an array in an array is appended as it is", {"a": [1]}, "$.a", [[2]], {"a": [1, [2]]}),
    ("a selected primitive is replaced", {"a": 1}, "$.a", "x", {"a": "x"}),
    ("an item of an array is replaced", {"a": [1, 2]}, "$.a[1]", 3, {"a": [1, 3]}),
    ("null replaces a primitive", {"a": 1}, "$.a", None, {"a": None}),
    ("null is replaced by a primitive", {"a": None}, "$.a", 1, {"a": 1}),
    ("null as a property is a value, not a deletion", {"a": 1}, "$", {"a": None}, {"a": None}),
    ("true replaces one", {"a": 1}, "$.a", True, {"a": True}),
    ("1.0 replaces 1", {"a": 1}, "$.a", 1.0, {"a": 1.0}),
    ("false is a value like others", {"a": True}, "$.a", False, {"a": False}),
    ("an empty object changes nothing", {"a": 1}, "$", {}, {"a": 1}),
    ("an empty array adds nothing", {"a": [1]}, "$.a", [], {"a": [1]}),
    ("each node selected is updated", {"a": {"x": 1}, "b": {"x": 2}}, "$.*", {"x": 3},
     {"a": {"x": 3}, "b": {"x": 3}}),
    ("a node selected twice is updated once", {"a": [1]}, "$['a', 'a']", 2, {"a": [1, 2]}),
    ("a parent and its child are both updated, as selected before", {"x": {"x": {}}}, "$..x", {"x": {"y": 1}},
     {"x": {"x": {"y": 1, "x": {"y": 1}}}}),
    ("a root that is a primitive is replaced", "old", "$", "new", "new"),
    ("a root that is an array is appended to", [1], "$", 2, [1, 2]),
    ("a name with a hyphen goes in brackets", {"x-a": 1}, "$['x-a']", 2, {"x-a": 2}),
    ("filters compare as RFC 9535 says", {"a": [{"n": 1}, {"n": True}]}, "$.a[?@.n == true]", {"m": 0},
     {"a": [{"n": 1}, {"n": True, "m": 0}]}),
    ("functions of RFC 9535 work", {"a": ["one", "three"]}, "$.a[?length(@) > 3]", "x", {"a": ["one", "x"]}),
    ("a target that matches nothing changes nothing", {"a": 1}, "$.b", {"c": 1}, {"a": 1}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("document", "target", "update", "result"), [row[1:] for row in UPDATES], ids=[row[0] for row in UPDATES]
)
def test_an_update_merges(document: JSONValue, target: str, update: JSONValue, result: JSONValue) -> None:
    applied = apply(document, {"target": target, "update": update})

    assert applied.document == result
    assert repr(applied.document) == repr(
        result
    )  # which also distinguishes 1, 1.0 and true, and the order of keys


def test_a_key_that_yaml_parses_as_a_number_is_matched_by_its_text() -> None:
    document = parse_document("responses: {200: {}}", source="openapi.yaml")

    applied = apply(document, {"target": "$.responses['200']", "update": {"a": 1}})

    assert applied.document == {"responses": {"200": {"a": 1}}}


MISFITS: list[tuple[str, JSONValue, str, JSONValue, str]] = [
    ("a primitive into an object", {"a": {}}, "$.a", 1,
     "at /a: a primitive cannot be merged into an object"),
    ("null into an object", {"a": {}}, "$.a", None,
     "at /a: a primitive cannot be merged into an object"),
    ("an array into an object", {"a": {}}, "$.a", [],
     "at /a: an array cannot be merged into an object"),
    ("an object into a primitive", {"a": 1}, "$.a", {},
     "at /a: an object cannot be merged into a primitive"),
    ("an array into a primitive", {"a": 1}, "$.a", [],
     "at /a: an array cannot be merged into a primitive"),
    ("an object into null", {"a": None}, "$.a", {},
     "at /a: an object cannot be merged into a primitive"),
    ("an object into a property that is a primitive", {"a": {"b": 1}}, "$", {"a": {"b": {}}},
     "at /a/b: an object cannot be merged into a primitive"),
    ("a primitive into a property that is an array", {"a": [1]}, "$", {"a": 2},
     "at /a: a primitive cannot be merged into an array"),
    ("an object into a property that is an array", {"a": [1]}, "$", {"a": {}},
     "at /a: an object cannot be merged into an array"),
    ("an array into a property that is a primitive", {"a/b": 1}, "$", {"a/b": [1]},
     "at /a~1b: an array cannot be merged into a primitive"),
    ("an object into a root that is a primitive", 1, "$", {},
     "at the root: an object cannot be merged into a primitive"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("document", "target", "update", "complaint"),
    [row[1:] for row in MISFITS],
    ids=[row[0] for row in MISFITS],
)
def test_values_of_different_shapes_are_rejected_with_their_location(
    document: JSONValue, target: str, update: JSONValue, complaint: str
) -> None:
    with pytest.raises(
        OverlayError, match=f"^fix.yaml, action 1, target .*, {complaint}; remove the old value"
    ):
        apply(document, {"target": target, "update": update})


REMOVALS: list[tuple[str, JSONValue, str, JSONValue]] = [
    ("a property", {"a": 1, "b": 2}, "$.a", {"b": 2}),
    ("an item of an array", {"a": [1, 2, 3]}, "$.a[1]", {"a": [1, 3]}),
    ("several items of an array", {"a": [0, 1, 2, 3, 4]}, "$.a[0, 3, 1]", {"a": [2, 4]}),
    ("items chosen by a filter", {"a": [1, 2, 1, 3, 1]}, "$.a[?@ == 1]", {"a": [2, 3]}),
    ("all items", {"a": [1, 2, 3]}, "$.a[*]", {"a": []}),
    ("items selected backwards", {"a": [1, 2, 3]}, "$.a[::-1]", {"a": []}),
    ("the last item", {"a": [1, 2]}, "$.a[-1]", {"a": [1]}),
    ("an item selected twice, once", {"a": [1, 2, 3]}, "$.a[0, 0]", {"a": [2, 3]}),
    ("a node and what is in it", {"x": {"x": 1, "y": {"x": 2}}, "z": {"x": 3}}, "$..x", {"z": {}}),
    ("items in items", [[1, [1]], 1, [2, 1]], "$..[?@ == 1]", [[[]], [2]]),
    ("nodes of different kinds", {"a": {}, "b": [], "c": 1}, "$.*", {}),
    ("null", {"a": None, "b": None}, "$.a", {"b": None}),
    ("nothing, if nothing matches", {"a": 1}, "$.b", {"a": 1}),
]


@pytest.mark.parametrize(
    ("document", "target", "result"), [row[1:] for row in REMOVALS], ids=[row[0] for row in REMOVALS]
)
def test_a_removal_takes_away(document: JSONValue, target: str, result: JSONValue) -> None:
    applied = apply(document, {"target": target, "remove": True})

    assert applied.document == result


def test_the_root_cannot_be_removed() -> None:
    with pytest.raises(OverlayError, match=r"at the root: the root cannot be removed"):
        apply({"a": 1}, {"target": "$", "remove": True})


def test_remove_false_does_nothing() -> None:
    assert apply({"a": 1}, {"target": "$.a", "remove": False}).document == {"a": 1}


def test_remove_false_beside_an_update_leaves_the_update() -> None:
    assert apply({"a": 1}, {"target": "$.a", "remove": False, "update": 2}).document == {"a": 2}


@pytest.mark.parametrize("other", [{"update": {"b": 1}}, {"copy": "$.c"}])
def test_remove_takes_precedence_over_update_and_copy(other: dict[str, JSONValue]) -> None:
    assert apply({"a": {}, "c": {}}, {"target": "$.a", "remove": True, **other}).document == {"c": {}}


COPIES: list[tuple[str, JSONValue, str, str, JSONValue]] = [
    ("an object is merged", {"a": {"x": 1}, "b": {"y": 2}}, "$.b", "$.a",
     {"a": {"x": 1}, "b": {"y": 2, "x": 1}}),
    ("an array is joined", {"a": [1], "b": [2]}, "$.b", "$.a", {"a": [1], "b": [2, 1]}),
    ("an object is appended", {"a": {"x": 1}, "b": []}, "$.b", "$.a", {"a": {"x": 1}, "b": [{"x": 1}]}),
    ("a primitive replaces", {"a": 1, "b": 2}, "$.b", "$.a", {"a": 1, "b": 1}),
    ("an array is joined to itself", {"a": [1]}, "$.a", "$.a", {"a": [1, 1]}),
    ("a parent goes into its child", {"a": {"b": {}}}, "$.a.b", "$.a", {"a": {"b": {"b": {}}}}),
    ("each target takes what stood there before", {"a": {"n": [1]}, "b": {"n": [2]}}, "$.*", "$.a",
     {"a": {"n": [1, 1]}, "b": {"n": [2, 1]}}),
    ("without a target the source does not matter", {"a": 1}, "$.b", "$.c", {"a": 1}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("document", "target", "source", "result"), [row[1:] for row in COPIES], ids=[row[0] for row in COPIES]
)
def test_a_copy_merges_like_an_update(
    document: JSONValue, target: str, source: str, result: JSONValue
) -> None:
    assert apply(document, {"target": target, "copy": source}).document == result


@pytest.mark.parametrize(("source", "count"), [("$.none", 0), ("$.*", 2)])
def test_a_copy_needs_exactly_one_source(source: str, count: int) -> None:
    with pytest.raises(OverlayError, match=f"it selects {count}; narrow it"):
        apply({"a": {}, "b": {}}, {"target": "$.a", "copy": source})


def test_a_copy_that_does_not_fit_is_rejected() -> None:
    with pytest.raises(OverlayError, match=r"at /b: an object cannot be merged into a primitive"):
        apply({"a": {}, "b": 1}, {"target": "$.b", "copy": "$.a"})


def test_a_copy_is_not_shared_with_its_source() -> None:
    applied = apply(
        {"a": {"deep": {}}, "b": {}},
        {"target": "$.b", "copy": "$.a"},
        {"target": "$.b.deep", "update": {"x": 1}},
    )

    assert applied.document == {"a": {"deep": {}}, "b": {"deep": {"x": 1}}}


def test_a_move_is_an_update_a_copy_and_a_removal() -> None:
    applied = apply(
        {"paths": {"/old": {"get": {}}}},
        {"target": "$.paths", "update": {"/new": {}}},
        {"target": "$.paths['/new']", "copy": "$.paths['/old']"},
        {"target": "$.paths['/old']", "remove": True},
    )

    assert applied.document == {"paths": {"/new": {"get": {}}}}


@pytest.mark.parametrize("action", [{"update": {"x": 1}}, {"copy": "$.a"}])
def test_nodes_of_different_kinds_cannot_be_merged_into_by_one_action(action: dict[str, JSONValue]) -> None:
    with pytest.raises(OverlayError, match=r"selects an array at /b and an object at /a; write one action"):
        apply({"a": {}, "b": []}, {"target": "$.*", **action})


def test_each_action_works_on_the_result_of_the_last() -> None:
    applied = apply(
        {"a": 1},
        {"target": "$.a", "remove": True},
        {"target": "$", "update": {"a": {"b": []}}},
        {"target": "$.a.b", "update": 1},
        {"target": "$.a.b[0]", "update": 2},
    )

    assert applied.document == {"a": {"b": [2]}}


def test_one_update_value_is_not_shared_between_its_targets() -> None:
    applied = apply(
        {"a": {}, "b": {}},
        {"target": "$.*", "update": {"list": []}},
        {"target": "$.a.list", "update": 1},
    )

    assert applied.document == {"a": {"list": [1]}, "b": {"list": []}}


def test_a_value_used_twice_in_a_document_is_changed_at_one_location_only() -> None:
    shared: list[JSONValue] = [1]

    applied = apply({"a": shared, "b": shared}, {"target": "$.a", "update": 2})

    assert applied.document == {"a": [1, 2], "b": [1]}


def test_an_overlay_1_0_cannot_update_a_primitive() -> None:
    with pytest.raises(OverlayError, match=r"at /a: an overlay 1\.0 cannot select a primitive"):
        apply({"a": 1}, {"target": "$.a", "update": 2}, version="1.0.0")


@pytest.mark.parametrize(
    ("target", "result"),
    [("$.word", {"items": [1, {}], "same": 0}), ("$.items[0]", {"items": [{}], "same": 0, "word": "x"})],
    ids=["the value of a property", "an item of an array"],
)
def test_an_overlay_1_0_removes_a_primitive_with_a_warning(target: str, result: JSONValue) -> None:
    document: JSONValue = {"items": [1, {}], "same": 0, "word": "x"}

    applied = apply(document, {"target": target, "remove": True}, version="1.0.0")

    (report,) = applied.actions
    assert applied.document == result
    assert report.warning.startswith(f"an overlay 1.0 cannot select a primitive, as at {report.locations[0]}")
    assert apply(document, {"target": target, "remove": True}).actions[0].warning == ""


def test_an_overlay_1_0_that_removes_a_primitive_is_rejected_where_rules_are_strict() -> None:
    with pytest.raises(OverlayError, match=r"at /a/0: an overlay 1\.0 cannot select a primitive"):
        apply({"a": [1]}, {"target": "$.a[0]", "remove": True}, version="1.0.0", strict=True)


@pytest.mark.parametrize("version", ["1.0.0", "1.1.0"])
@pytest.mark.parametrize("target", ["$", "$.a", "$.a.b", "$.none"])
def test_an_action_with_only_a_target_changes_nothing(target: str, version: str) -> None:
    applied = apply({"a": {"b": 1}}, {"target": target}, version=version)

    assert applied.document == {"a": {"b": 1}}
    assert not applied.actions[0].is_changed


@pytest.mark.parametrize("action", [{}, {"remove": False}])
def test_an_action_with_only_a_target_is_rejected_where_rules_are_strict(
    action: dict[str, JSONValue],
) -> None:
    with pytest.raises(
        OverlayError, match="it has no `update`, `copy` or `remove: true`; add one, or remove"
    ):
        apply({"a": {"b": 1}}, {"target": "$.a", **action}, strict=True)


def test_an_overlay_1_0_updates_and_removes_objects_and_arrays() -> None:
    applied = apply(
        {"a": {"b": 1}, "c": [1], "d": {}},
        {"target": "$.a", "update": {"b": 2}},
        {"target": "$.c", "update": 2},
        {"target": "$.d", "remove": True},
        version="1.0.0",
    )

    assert applied.document == {"a": {"b": 2}, "c": [1, 2]}


LONG_TEXT = "x" * 10_000_000  # one text, not one per action: parameters stay in memory during the whole run


@pytest.mark.slow
@pytest.mark.parametrize(
    "actions",
    [
        [{"target": "$.list", "copy": "$.list", "x-n": n} for n in range(60)],
        [{"target": f"$.o{n}", "copy": "$"} for n in range(60)],
        [{"target": "$..o", "update": {f"k{n}": {"o": {}}, f"l{n}": {"o": {}}}} for n in range(60)],
        [{"target": "$.list", "update": LONG_TEXT, "x-n": n} for n in range(60)],
    ],
    ids=["a list into itself", "the whole into a part", "two for each one", "long texts"],
)
def test_copies_that_double_repeatedly_are_rejected_before_they_fill_the_memory(
    actions: list[JSONValue],
) -> None:
    document: JSONValue = {"list": [1, {"x": 1}], "o": {}, **{f"o{n}": {} for n in range(60)}}

    with pytest.raises(OverlayError, match=r"action \d+, .*merge in more than 500,000 values; merge less"):
        apply(document, *actions)


@pytest.mark.slow
def test_depth_is_limited_only_for_queries_that_descend() -> None:
    deep: JSONValue = {}
    for _ in range(10_000):
        deep = {"a": deep}

    assert apply(deep, {"target": "$.a", "update": {"b": 1}}).actions[0].changes == ("/a/b",)
    with pytest.raises(OverlayError, match="nested too deeply"):
        apply(deep, {"target": "$..b", "update": 1})


def test_a_query_finds_what_lies_two_hundred_levels_down() -> None:
    deep: JSONValue = {"b": 1}
    for _ in range(200):
        deep = {"a": deep}

    assert apply(deep, {"target": "$..b", "update": 2}).actions[0].locations == ("/a" * 200 + "/b",)
