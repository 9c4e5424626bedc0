"""Which overlay documents are valid, and the errors for others."""

from pathlib import Path

import pytest

from safelight_openapi import ActionKind, JSONValue, OverlayError, load_overlay, parse_overlay

INFO: dict[str, JSONValue] = {"title": "Fixes", "version": "2"}
ACTIONS: list[JSONValue] = [{"target": "$.info", "update": {"title": "t"}}]
VALID: dict[str, JSONValue] = {"overlay": "1.1.0", "info": {**INFO}, "actions": ACTIONS}


def with_action(**action: JSONValue) -> dict[str, JSONValue]:
    return {**VALID, "actions": [action]}


def test_a_valid_overlay_is_read() -> None:
    overlay = parse_overlay({**VALID, "extends": "openapi.yaml"}, source="fix.yaml")

    assert (overlay.source, overlay.version, overlay.title) == ("fix.yaml", "1.1", "Fixes")
    assert overlay.extends == "openapi.yaml"
    assert [(action.number, action.target, action.kind) for action in overlay.actions] == [
        (1, "$.info", ActionKind.UPDATE)
    ]


ACCEPTED: list[tuple[str, JSONValue]] = [
    ("version 1.0", {**VALID, "overlay": "1.0.0"}),
    ("any patch version", {**VALID, "overlay": "1.1.27"}),
    ("extensions everywhere", {**VALID, "x-a": 1, "info": {**INFO, "x-b": None}}),
    ("extensions of an action", with_action(target="$", update={}, **{"x-c": []})),
    ("a described overlay", {**VALID, "info": {**INFO, "description": "Why."}}),
    ("a copy", with_action(target="$.a", copy="$.b")),
    ("remove beside update", with_action(target="$.a", remove=True, update=1)),
    ("an update to null", with_action(target="$.a", update=None)),
    ("an action with only a target", with_action(target="$.a")),
    ("an action with only a target in 1.0", {**with_action(target="$"), "overlay": "1.0.0"}),
    ("an action that only describes itself", with_action(target="$", description="Later.")),
    ("an action that is only extended", {**with_action(target="$", **{"x-a": {}}), "overlay": "1.0.0"}),
]


@pytest.mark.parametrize("document", [row[1] for row in ACCEPTED], ids=[row[0] for row in ACCEPTED])
def test_the_specification_allows(document: JSONValue) -> None:
    parse_overlay(document, source="fix.yaml")


REFUSED: list[tuple[str, JSONValue, str]] = [
    ("no object", [], "at the root: .* is not an object"),
    ("nothing", None, "it is empty; an overlay begins with `overlay: 1.1.0`"),
    ("a document", {"openapi": "3.1.0", "info": INFO}, "it is an OpenAPI document, not an overlay"),
    ("no version", {"info": INFO, "actions": ACTIONS}, "overlay is missing; required: overlay"),
    ("no info", {"overlay": "1.1.0", "actions": ACTIONS}, "info is missing"),
    ("no actions", {"overlay": "1.1.0", "info": INFO}, "actions is missing"),
    ("no title", {**VALID, "info": {"version": "1"}}, "at /info: title is missing"),
    ("a version that is a number", {**VALID, "info": {"title": "t", "version": 1.0}},
     "at /info/version: this must be a string; put it in quotes"),
    ("an unquoted version of the specification", {**VALID, "overlay": 1.1},
     "at /overlay: the version must be a string"),
    ("a version not known here", {**VALID, "overlay": "1.3.0"}, "the version must be 1.0.x, 1.1.x or 1.2.x"),
    ("a version with something behind it", {**VALID, "overlay": "1.1.0-rc1"}, "the version must be"),
    ("no action at all", {**VALID, "actions": []}, "at /actions: there must be at least one action"),
    ("the same action twice", {**VALID, "actions": ACTIONS * 2}, "two actions are equal"),
    ("an unknown key", {**VALID, "action": []}, "unknown key 'action'; use one of"),
    ("an unknown key in info", {**VALID, "info": {**INFO, "name": ""}},
     "at /info: unknown key 'name'"),
    ("an unknown key in an action", with_action(target="$", update={}, replace=1),
     "at /actions/0: .*'replace'"),
    ("an action without target", with_action(update={}), "target is missing"),
    ("update and copy", with_action(target="$", update={}, copy="$.a"), "an action has either"),
    ("a remove that is a word", with_action(target="$.a", remove="yes"),
     'at /actions/0/remove: "yes" is not true or false'),
    ("a target that is no string", with_action(target=1, update={}), "this must be a query"),
    ("a target without root", with_action(target="info", update={}), "a query begins at the root"),
    ("a target with a hyphen", with_action(target="$.x-foo", update={}),
     r"action 1, target \$\.x-foo: .*brackets"),
    ("a target with a space behind", with_action(target="$.a ", update={}), "not a query of RFC 9535"),
    ("a target with an unknown function", with_action(target="$[?low(@)]", update={}),
     "'low'"),
    ("a target of a million brackets", with_action(target="$[?" + "(" * 9_999 + "@", update={}),
     "RFC 9535"),
    ("a source that is no query", with_action(target="$.a", copy="$.x-foo"), r"\$\.x-foo is not a query"),
    ("a copy in 1.0", {**with_action(target="$.a", copy="$.b"), "overlay": "1.0.0"},
     "this requires version 1.1"),
    ("a description in 1.0", {**VALID, "overlay": "1.0.1", "info": {**INFO, "description": ""}},
     "at /info/description: this requires version 1.1"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("document", "reason"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_an_invalid_overlay_is_rejected_in_one_sentence(document: JSONValue, reason: str) -> None:
    with pytest.raises(OverlayError, match=reason) as refused:
        parse_overlay(document, source="fix.yaml")

    assert str(refused.value).startswith("fix.yaml")
    assert "\n" not in str(refused.value)


def test_an_overlay_may_be_yaml(tmp_path: Path) -> None:
    path = tmp_path / "fix.overlay.yaml"
    path.write_text(
        "overlay: 1.1.0\n"
        "info: {title: Fixes, version: 1.0.0}\n"
        "actions:\n"
        "  - target: $.responses\n"
        "    update: {200: {description: on}}\n"
    )

    overlay = load_overlay(path)

    assert overlay.source == path.as_posix()
    assert overlay.actions[0].update == {"200": {"description": "on"}}


def test_an_overlay_that_cannot_be_read_is_rejected_like_an_invalid_one(tmp_path: Path) -> None:
    path = tmp_path / "fix.yaml"
    path.write_text("overlay: 1.1.0\ninfo: {title: a, title: b}\n")

    with pytest.raises(OverlayError, match=r"fix\.yaml, line 2: .*the key title occurs twice"):
        load_overlay(path)
    with pytest.raises(OverlayError, match=r"none\.yaml: cannot read it"):
        load_overlay(tmp_path / "none.yaml")


REUSABLE: dict[str, JSONValue] = {
    "overlay": "1.2.0",
    "info": {**INFO},
    "components": {
        "actions": {"a/b": {"description": "Reused.", "fields": {"update": {"x": 1}, "description": "Own."}}}
    },
}


def test_a_reference_is_the_reusable_action_with_its_own_target_and_description() -> None:
    reference: JSONValue = {"$ref": "#/components/actions/a~1b", "target": "$.info"}
    described: JSONValue = {"$ref": "#/components/actions/a~1b", "target": "$", "description": "Why."}

    overlay = parse_overlay({**REUSABLE, "actions": [reference, described]}, source="fix.yaml")

    assert [(one.target, one.kind, one.update, one.description) for one in overlay.actions] == [
        ("$.info", ActionKind.UPDATE, {"x": 1}, "Own."),
        ("$", ActionKind.UPDATE, {"x": 1}, "Why."),
    ]
    assert overlay.version == "1.2"


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        (
            {"actions": [{"$ref": "#/components/actions/c", "target": "$"}]},
            "no reusable action c; `components` has a/b",
        ),
        ({"actions": [{"$ref": "#/components/actions/a~1b"}]}, "target is missing"),
        (
            {"actions": [{"$ref": "#/components/x/a", "target": "$"}]},
            "a reference leads to a reusable action",
        ),
        (
            {"actions": [{"$ref": "#/components/actions/a", "target": "$", "update": 1}]},
            "a reference has only",
        ),
        (
            {"components": {"actions": {"a": {"fields": {"target": "$"}}}}, "actions": ACTIONS},
            "a reusable action has `update`",
        ),
        ({"components": {"actions": {"a": {"update": 1}}}, "actions": ACTIONS}, "unknown key 'update'"),
        ({"$self": "https://a#b", "actions": ACTIONS}, "at /\\$self: this names a whole document"),
        ({"extends": "a.yaml#/b", "actions": ACTIONS}, "at /extends: this names a whole document"),
        ({"overlay": "1.1.0", "actions": ACTIONS}, "at /components: this requires version 1.2"),
    ],
)
def test_an_invalid_overlay_1_2_is_rejected_in_one_sentence(parts: dict[str, JSONValue], reason: str) -> None:
    with pytest.raises(OverlayError, match=reason):
        parse_overlay({**REUSABLE, **parts}, source="fix.yaml")


def test_an_overlay_1_1_may_extend_a_fragment_and_1_2_may_identify_itself() -> None:
    parse_overlay({**VALID, "extends": "a.yaml#b"}, source="fix.yaml")

    own = {**VALID, "overlay": "1.2.7", "$self": "https://acme.com/fix.yaml", "extends": "../a.yaml"}
    assert parse_overlay(own, source="fix.yaml").extends == "../a.yaml"
