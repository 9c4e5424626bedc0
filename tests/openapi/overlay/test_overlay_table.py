"""The rules of overlays: each row of the table is a test.

| row | test |
|---|---|
| target: a query of RFC 9535 | test_a_target_is_any_query_of_rfc_9535, test_a_shorthand_… |
| no match: success, in strict mode an error | test_an_action_without_a_match_is_an_error_only_in_strict_mode
| | kinds: one for each action | test_one_action_selects_nodes_of_one_kind | | update: which pairs merge, and
how | test_an_update_merges_…, test_any_other_pair_…, test_null_… | | remove: any node; takes precedence over
update | test_a_removal_…, test_remove_false_…, test_remove_takes_… | | copy: exactly one source, merged like
update | test_a_copy_… | | order: each applied to the result of the one before | test_actions_run_in_order,
test_a_value_is_not_shared_… | | document: required and optional members | test_a_document_… | | 1.0: its
narrower targets | test_a_1_0_document_selects_no_primitive | | report, provenance, redundant actions |
test_each_action_is_reported, test_the_origin_…, test_an_action_that_changes_nothing_… | | input untouched,
output deterministic | test_the_input_is_left_…, test_the_same_input_… | | errors name file, action, target,
location | test_an_error_names_everything | | YAML 1.2, JSON and YAML | test_yaml_is_read_as_1_2,
test_json_and_yaml_… |

More of each is in the modules beside this one: rules, documents, reports, properties, command.
"""

import json
from copy import deepcopy
from pathlib import Path

import pytest

from safelight_openapi import (
    JSONValue,
    OverlayError,
    OverlayResult,
    apply_overlay,
    load_overlay,
    parse_document,
    parse_overlay,
)


def apply(
    document: JSONValue, *actions: JSONValue, strict: bool = False, version: str = "1.1.0"
) -> OverlayResult:
    overlay: JSONValue = {"overlay": version, "info": {"title": "t", "version": "1"}, "actions": [*actions]}
    return apply_overlay(document, parse_overlay(overlay, source="fix.yaml"), strict=strict)


@pytest.mark.parametrize(
    ("target", "kept"),
    [
        ("$.list[?@.n > 1]", [{"n": 1}]),
        ("$.list[-1]", [{"n": 1}, {"n": 2}]),
        ("$.list[0:2]", [{"n": 3}]),
        ("$.list[?match(@.s, 'a.')]", [{"n": 1}, {"n": 2}, {"n": 3}]),
        ("$['list'][0, 2]", [{"n": 2}]),
        ("$..[?@.n == 2]", [{"n": 1}, {"n": 3}]),
    ],
)
def test_a_target_is_any_query_of_rfc_9535(target: str, kept: JSONValue) -> None:
    applied = apply({"list": [{"n": 1}, {"n": 2}, {"n": 3}]}, {"target": target, "remove": True})

    assert applied.document == {"list": kept}


@pytest.mark.parametrize("function", ["match", "search"])
@pytest.mark.parametrize("pattern", ["(a|a)+b", "(a|aa)+b", "(a*)*b", "(.*a){9}b"])
def test_a_regular_expression_takes_no_longer_for_being_nested(function: str, pattern: str) -> None:
    text = "a" * 5_000 + "c"

    applied = apply(
        {"list": [{"s": text}]}, {"target": f"$.list[?{function}(@.s, '{pattern}')]", "remove": True}
    )

    assert applied.document == {"list": [{"s": text}]}


@pytest.mark.parametrize(
    ("pattern", "texts", "found"),
    [
        ("a.c", ["abc", "a\nc", "a\rc", "xabcx", "a😀c"], ["abc", "a😀c"]),
        ("[.]", [".", "a"], ["."]),
        ("[&&~~]+", ["&~", "a"], ["&~"]),
        (r"a\\.b", ["a.b", "axb"], ["a.b"]),
        (r"[\\]x.]+", ["]x.", "y"], ["]x."]),
        (r"\\p{Lu}", ["Ä", "ä"], ["Ä"]),
        ("a|b", ["a", "b", "ab"], ["a", "b"]),
        ("(", ["("], []),
        (r"\\d", ["1"], []),
    ],
)
def test_match_is_that_of_rfc_9485(pattern: str, texts: list[str], found: list[str]) -> None:
    listed: JSONValue = [*texts]

    applied = apply({"list": listed}, {"target": f"$.list[?match(@, '{pattern}')]", "remove": True})

    assert applied.document == {"list": [text for text in texts if text not in found]}


def test_only_texts_match() -> None:
    applied = apply({"list": [1, None, ["1"]]}, {"target": "$.list[?search(@, '1')]", "remove": True})

    assert applied.document == {"list": [1, None, ["1"]]}


def test_a_regular_expression_that_unfolds_without_end_is_rejected() -> None:
    with pytest.raises(OverlayError, match=r"the regular expression .* is too large; reduce its repetitions"):
        apply(["a"], {"target": "$[?match(@, '((((((a{9}){9}){9}){9}){9}){9}){9}')]", "remove": True})


@pytest.mark.parametrize("target", ["$[?match(@, 'a') == true]", "$[?match(@)]", "$[?match(@.*, 'a')]"])
def test_functions_have_the_types_of_the_rfc(target: str) -> None:
    with pytest.raises(OverlayError, match="is not a query of RFC 9535"):
        apply(["a"], {"target": target, "remove": True})


def test_a_shorthand_that_rfc_9535_does_not_have_is_rejected() -> None:
    with pytest.raises(OverlayError, match=r"\$\.x-foo is not a query of RFC 9535"):
        apply({"x-foo": 1}, {"target": "$.x-foo", "remove": True})


def test_an_action_without_a_match_is_an_error_only_in_strict_mode() -> None:
    action: JSONValue = {"target": "$.none", "update": {"a": 1}}

    assert apply({"b": 1}, action).document == {"b": 1}
    with pytest.raises(OverlayError, match="it matches nothing"):
        apply({"b": 1}, action, strict=True)


@pytest.mark.parametrize("mixed", [[{}, []], [{}, 1], [[], "text"], [{}, None]])
def test_one_action_selects_nodes_of_one_kind(mixed: JSONValue) -> None:
    with pytest.raises(OverlayError, match="write one action for each kind"):
        apply({"all": mixed}, {"target": "$.all[*]", "update": {"a": 1}})


@pytest.mark.parametrize(
    ("old", "update", "result"),
    [
        ({"a": {"b": 1}}, {"a": {"c": 2}}, {"a": {"b": 1, "c": 2}}),
        ([1], [2, 3], [1, 2, 3]),
        ([1], {"a": 1}, [1, {"a": 1}]),
        ([1], 2, [1, 2]),
        (1, "two", "two"),
        (None, 1, 1),
        ({"list": [1]}, {"list": [2]}, {"list": [1, 2]}),
    ],
    ids=[
        "object into object",
        "array to array",
        "object to array",
        "primitive to array",
        "primitive for primitive",
        "primitive for null",
        "inside an object likewise",
    ],
)
def test_an_update_merges_what_can_be_merged(old: JSONValue, update: JSONValue, result: JSONValue) -> None:
    assert apply({"it": old}, {"target": "$.it", "update": update}).document == {"it": result}


@pytest.mark.parametrize(
    ("old", "update"),
    [({}, 1), ({}, [1]), ({}, None), (1, {}), (1, [1]), ({"a": 1}, {"a": {}}), ({"a": [1]}, {"a": 2})],
)
def test_any_other_pair_is_an_error(old: JSONValue, update: JSONValue) -> None:
    with pytest.raises(OverlayError, match="cannot be merged into"):
        apply({"it": old}, {"target": "$.it", "update": update})


def test_null_is_a_value_and_deletes_nothing() -> None:
    applied = apply({"a": 1, "list": [1]}, {"target": "$", "update": {"a": None, "b": None, "list": [None]}})

    assert applied.document == {"a": None, "b": None, "list": [1, None]}


@pytest.mark.parametrize(
    ("target", "result"),
    [
        ("$.a", {"list": [{"n": 1}, 2, 3, 4]}),
        ("$.list", {"a": 1}),
        ("$.list[0].n", {"a": 1, "list": [{}, 2, 3, 4]}),
        ("$.list[1, 2, 0]", {"a": 1, "list": [4]}),
        ("$.list[::2]", {"a": 1, "list": [2, 4]}),
    ],
)
def test_a_removal_takes_any_node_and_the_right_items_of_arrays(target: str, result: JSONValue) -> None:
    document: JSONValue = {"a": 1, "list": [{"n": 1}, 2, 3, 4]}

    assert apply(document, {"target": target, "remove": True}).document == result


def test_remove_false_does_nothing() -> None:
    assert apply({"a": 1}, {"target": "$.a", "remove": False}).document == {"a": 1}


def test_remove_wins_over_update() -> None:
    assert apply({"a": {}}, {"target": "$.a", "remove": True, "update": {"b": 1}}).document == {}


def test_a_copy_takes_exactly_one_node_and_merges_like_an_update() -> None:
    document: JSONValue = {"from": {"b": 2}, "to": {"a": 1}, "list": [0]}

    merged = apply(document, {"target": "$.to", "copy": "$.from"}, {"target": "$.list", "copy": "$.to"})

    assert merged.document == {"from": {"b": 2}, "to": {"a": 1, "b": 2}, "list": [0, {"a": 1, "b": 2}]}
    for source, count in (("$.none", 0), ("$.*", 3)):
        with pytest.raises(OverlayError, match=f"it selects {count}; narrow it"):
            apply(document, {"target": "$.to", "copy": source})


def test_a_copy_beside_an_update_is_rejected() -> None:
    with pytest.raises(OverlayError, match="an action has either `update` or `copy`"):
        apply({}, {"target": "$", "update": {}, "copy": "$.a"})


def test_actions_run_in_order_each_on_the_result_of_the_last() -> None:
    applied = apply(
        {},
        {"target": "$", "update": {"a": {}}},
        {"target": "$.a", "update": {"b": 1}},
        {"target": "$", "update": {"copied": {}}},
        {"target": "$.copied", "copy": "$.a"},
        {"target": "$.a", "remove": True},
    )

    assert applied.document == {"copied": {"b": 1}}


def test_a_value_is_not_shared_between_the_targets_of_one_update() -> None:
    applied = apply(
        {"a": {}, "b": {}},
        {"target": "$['a', 'b']", "update": {"list": []}},
        {"target": "$.a.list", "update": [1]},
    )

    assert applied.document == {"a": {"list": [1]}, "b": {"list": []}}


WHOLE: dict[str, JSONValue] = {
    "overlay": "1.1.0",
    "info": {"title": "t", "version": "1"},
    "actions": [{"target": "$", "update": {}}],
}


@pytest.mark.parametrize("absent", ["overlay", "info", "actions"])
def test_a_document_has_a_version_an_info_and_actions(absent: str) -> None:
    with pytest.raises(OverlayError, match=absent):
        parse_overlay({key: value for key, value in WHOLE.items() if key != absent}, source="fix.yaml")


@pytest.mark.parametrize(
    "changed",
    [
        {"actions": []},
        {"info": {"title": "t"}},
        {"info": {"version": "1"}},
        {"overlay": "2.0.0"},
        {"extends": 1},
        {"unknown": 1},
        {"info": {"title": "t", "version": "1", "unknown": 1}},
        {"actions": [{"target": "$", "update": {}, "unknown": 1}]},
        {"actions": [{"update": {}}]},
    ],
)
def test_a_document_that_lacks_something_or_has_an_unknown_key_is_rejected(
    changed: dict[str, JSONValue],
) -> None:
    with pytest.raises(OverlayError):
        parse_overlay({**WHOLE, **changed}, source="fix.yaml")


def test_a_document_may_have_extensions_and_say_what_it_extends() -> None:
    info: JSONValue = {"title": "t", "version": "1", "x-a": 1}
    actions: JSONValue = [{"target": "$", "update": {}, "x-a": 1}]

    read = parse_overlay(
        {**WHOLE, "info": info, "actions": actions, "extends": "openapi.yaml", "x-a": 1}, source="fix.yaml"
    )

    assert (read.extends, len(read.actions)) == ("openapi.yaml", 1)


def test_a_1_0_document_selects_no_primitive() -> None:
    action: JSONValue = {"target": "$.a", "update": 2}

    assert apply({"a": 1}, action).document == {"a": 2}
    with pytest.raises(OverlayError, match=r"an overlay 1\.0 cannot select a primitive"):
        apply({"a": 1}, action, version="1.0.0")


def test_each_action_is_reported_with_its_places_and_its_changes() -> None:
    applied = apply(
        {"a": {"x": 1}, "b": {}},
        {"target": "$.*", "update": {"x": 1}},
        {"target": "$.none", "remove": True},
        {"target": "$.a", "remove": True},
    )

    assert [(one.locations, one.changes) for one in applied.actions] == [
        (("/a", "/b"), ("/b/x",)),
        ((), ()),
        (("/a",), ("/a",)),
    ]
    assert str(applied.actions[1]) == "fix.yaml: action 2: remove $.none: matches nothing"


def test_the_origin_of_each_location_is_known() -> None:
    applied = apply(
        {"a": {"theirs": 1}},
        {"target": "$.a", "update": {"ours": {"b": 1}}, "description": "Because."},
    )

    origin = applied.origin("/a/ours/b")
    assert origin is not None
    assert (origin.overlay, origin.action, origin.description) == ("fix.yaml", 1, "Because.")
    assert applied.origin("/a/theirs") is None


def test_an_action_that_changes_nothing_is_redundant_and_in_strict_mode_an_error() -> None:
    action: JSONValue = {"target": "$.a", "update": {"b": 1}}

    assert [one.is_redundant for one in apply({"a": {"b": 1}}, action).actions] == [True]
    with pytest.raises(OverlayError, match="the document already has these values; remove the action"):
        apply({"a": {"b": 1}}, action, strict=True)


def test_the_input_is_left_as_it_was() -> None:
    document: JSONValue = {"a": {"list": [1]}, "b": {}}
    before = deepcopy(document)

    apply(document, {"target": "$.a.list", "update": 2}, {"target": "$.b", "copy": "$.a"})

    assert document == before


def test_the_same_input_gives_the_same_bytes() -> None:
    document: JSONValue = {"b": {"z": 1}, "a": {}}
    action: JSONValue = {"target": "$.*", "update": {"y": [1], "x": {"w": None}}}

    written = {json.dumps(apply(deepcopy(document), action).document) for _ in range(3)}

    assert written == {'{"b": {"z": 1, "y": [1], "x": {"w": null}}, "a": {"y": [1], "x": {"w": null}}}'}


def test_an_error_names_everything() -> None:
    with pytest.raises(OverlayError) as caught:
        apply(
            {"a": {"b": {"c": 1}}},
            {"target": "$.a", "update": {"d": 1}},
            {"target": "$.a", "update": {"b": 1}},
        )

    error = caught.value
    assert (error.overlay, error.action, error.target, error.location) == ("fix.yaml", 2, "$.a", "/a/b")
    assert str(error).startswith("fix.yaml, action 2, target $.a, at /a/b: ")


def test_yaml_is_read_as_1_2() -> None:
    assert parse_document("[on, off, no, 010]", source="a.yaml") == ["on", "off", "no", 10]


def test_json_and_yaml_are_the_same_overlay(tmp_path: Path) -> None:
    as_json, as_yaml = tmp_path / "fix.json", tmp_path / "fix.yaml"
    as_json.write_text(json.dumps(WHOLE))
    as_yaml.write_text(
        "overlay: 1.1.0\ninfo: {title: t, version: '1'}\nactions:\n  - target: $\n    update: {}\n"
    )

    assert load_overlay(as_json).actions == load_overlay(as_yaml).actions
