"""Reports, strict mode and provenance of applied overlays."""

import pytest

from safelight_openapi import (
    ActionKind,
    ActionOrigin,
    JSONValue,
    OverlayError,
    OverlayResult,
    apply_overlay,
    apply_overlays,
    parse_overlay,
)


def apply(document: JSONValue, *actions: JSONValue, strict: bool = False) -> OverlayResult:
    info: JSONValue = {"title": "Test", "version": "1"}
    overlay: JSONValue = {"overlay": "1.1.0", "info": info, "actions": list(actions)}
    return apply_overlay(document, parse_overlay(overlay, source="fix.yaml"), strict=strict)


def test_a_report_has_the_matched_and_the_changed_locations() -> None:
    applied = apply(
        {"paths": {"/a": {"get": {"x": 1}}, "/b": {"get": {"x": 2}}}},
        {"target": "$..get", "update": {"x": 2, "y": {}}, "description": "Because."},
    )

    (report,) = applied.actions
    assert (report.overlay, report.number, report.kind) == ("fix.yaml", 1, ActionKind.UPDATE)
    assert (report.target, report.description) == ("$..get", "Because.")
    assert report.locations == ("/paths/~1a/get", "/paths/~1b/get")
    assert report.changes == ("/paths/~1a/get/x", "/paths/~1a/get/y", "/paths/~1b/get/y")
    assert str(report).endswith("update $..get: changes /paths/~1a/get/x, /paths/~1a/get/y, /paths/~1b/get/y")


def test_a_report_of_a_removal_has_the_removed_locations() -> None:
    (report,) = apply({"a": [1, 2, 1]}, {"target": "$.a[?@ == 1]", "remove": True}).actions

    assert report.locations == report.changes == ("/a/0", "/a/2")
    assert str(report) == "fix.yaml: action 1: remove $.a[?@ == 1]: removes /a/0, /a/2"


IDLE: list[tuple[str, JSONValue]] = [
    ("the document already has these values", {"target": "$", "update": {"a": {"b": [], "c": 1}}}),
    ("the primitive is the same", {"target": "$.a.c", "update": 1}),
    ("the source says the same", {"target": "$.a", "copy": "$.a"}),
    ("the action says nothing", {"target": "$.a", "update": {}}),
]


@pytest.mark.parametrize("action", [row[1] for row in IDLE], ids=[row[0] for row in IDLE])
def test_an_action_that_changes_nothing_is_redundant(action: JSONValue) -> None:
    document: JSONValue = {"a": {"b": [], "c": 1}}

    applied = apply(document, action)

    assert applied.document == document
    assert applied.provenance == {}
    assert applied.actions[0].is_redundant
    assert "changes nothing" in str(applied.actions[0])
    with pytest.raises(
        OverlayError, match="it changes nothing, the document already has these values; remove the action"
    ):
        apply(document, action, strict=True)


def test_an_action_that_matches_nothing_is_reported_and_rejected_in_strict_mode() -> None:
    actions: tuple[JSONValue, ...] = {"target": "$.a", "update": 2}, {"target": "$.b", "remove": True}

    report = apply({"a": 1}, *actions).actions[1]

    assert (report.locations, report.is_changed, report.is_redundant) == ((), False, False)
    assert str(report).endswith("remove $.b: matches nothing")
    with pytest.raises(OverlayError) as refused:
        apply({"a": 1}, *actions, strict=True)
    assert str(refused.value) == (
        "fix.yaml, action 2, target $.b: it matches nothing; correct the target, or remove the action."
    )


def test_strict_mode_takes_an_overlay_of_which_every_action_does_something() -> None:
    assert apply({"a": 1}, {"target": "$.a", "update": 2}, strict=True).document == {"a": 2}


def test_one_is_not_true_so_replacing_it_is_a_change() -> None:
    assert apply({"a": 1}, {"target": "$.a", "update": True}, strict=True).actions[0].is_changed


def test_provenance_names_the_action_that_set_a_value() -> None:
    applied = apply(
        {"info": {"title": "old", "version": "1"}, "tags": ["a"]},
        {"target": "$", "update": {"info": {"title": "new"}, "x": {"y": {"z": 1}}}, "description": "First."},
        {"target": "$.tags", "update": "b"},
        {"target": "$.x.y", "update": {"z": 2}},
    )

    first = ActionOrigin(overlay="fix.yaml", action=1, description="First.")
    assert dict(applied.provenance) == {
        "/info/title": first,
        "/x": first,
        "/tags/1": ActionOrigin(overlay="fix.yaml", action=2, description=""),
        "/x/y/z": ActionOrigin(overlay="fix.yaml", action=3, description=""),
    }


def test_the_origin_of_a_location_is_that_of_the_nearest_part() -> None:
    applied = apply(
        {"own": 1},
        {"target": "$", "update": {"x": {"y": {"z": 1}, "w": 1}}},
        {"target": "$.x.y.z", "update": 2},
    )

    first, second = applied.provenance["/x"], applied.provenance["/x/y/z"]
    assert (first.action, second.action) == (1, 2)
    assert [applied.origin(location) for location in ("/x", "/x/w", "/x/y", "/x/y/z")] == [
        first,
        first,
        first,
        second,
    ]
    assert applied.origin("/own") is None
    assert applied.origin("") is None


def test_what_is_removed_loses_its_provenance() -> None:
    applied = apply(
        {"keep": {}},
        {"target": "$.keep", "update": {"x": {"y": 1}, "xx": 2}},
        {"target": "$.keep.x.y", "update": 3},
        {"target": "$.keep.x", "remove": True},
    )

    assert list(applied.provenance) == ["/keep/xx"]


def test_provenance_moves_with_the_items_of_an_array() -> None:
    applied = apply(
        {"a": ["0", "1", "2"], "b": {"3": 0}},
        {"target": "$.a", "update": [{"new": "3"}, "4"]},
        {"target": "$.b['3']", "update": 1},
        {"target": "$.a[3].new", "update": "changed"},
        {"target": "$.a[0, 2]", "remove": True},
    )

    assert applied.document == {"a": ["1", {"new": "changed"}, "4"], "b": {"3": 1}}
    assert {location: origin.action for location, origin in applied.provenance.items()} == {
        "/a/1": 1,
        "/a/2": 1,
        "/a/1/new": 3,
        "/b/3": 2,
    }


def test_several_overlays_have_one_provenance() -> None:
    info: JSONValue = {"title": "Test", "version": "1"}
    truth: JSONValue = {
        "overlay": "1.1.0",
        "info": info,
        "actions": [{"target": "$", "update": {"l": ["a", "b"]}}],
    }
    close: JSONValue = {
        "overlay": "1.1.0",
        "info": info,
        "actions": [{"target": "$.l[0]", "remove": True}, {"target": "$.l", "update": "c"}],
    }

    applied = apply_overlays(
        {},
        [parse_overlay(truth, source="truth.yaml"), parse_overlay(close, source="close.yaml")],
        strict=True,
    )

    assert applied.document == {"l": ["b", "c"]}
    assert applied.origin("/l/0") == ActionOrigin(overlay="truth.yaml", action=1, description="")
    assert applied.origin("/l/1") == ActionOrigin(overlay="close.yaml", action=2, description="")
    assert [(report.overlay, report.number) for report in applied.actions] == [
        ("truth.yaml", 1),
        ("close.yaml", 1),
        ("close.yaml", 2),
    ]


def test_a_removal_in_one_array_leaves_the_provenance_of_another() -> None:
    applied = apply(
        {"a": [1, 2], "b": [1]}, {"target": "$.b", "update": 2}, {"target": "$.a[0]", "remove": True}
    )

    assert list(applied.provenance) == ["/b/1"]


def test_the_last_action_to_change_a_location_is_its_origin() -> None:
    applied = apply({"a": 1}, {"target": "$.a", "update": 2}, {"target": "$.a", "update": 3})

    assert [origin.action for origin in applied.provenance.values()] == [2]


def test_a_location_that_one_action_changes_twice_is_reported_once() -> None:
    applied = apply({"n": {"c": {}}}, {"target": "$..['n', 'c']", "update": {"v": 1, "c": {"v": 2}}})

    assert applied.document == {"n": {"c": {"v": 1, "c": {"v": 2}}, "v": 1}}
    assert applied.actions[0].changes == ("/n/v", "/n/c/v", "/n/c/c")


def test_provenance_moves_right_in_whatever_order_the_items_were_selected() -> None:
    applied = apply(
        {"a": ["old"]}, {"target": "$.a", "update": ["kept", "gone"]}, {"target": "$.a[2, 0]", "remove": True}
    )

    assert applied.document == {"a": ["kept"]}
    assert list(applied.provenance) == ["/a/0"]
