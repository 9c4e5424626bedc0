"""The subcommands `overlay apply` and `overlay check`."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from safelight_codegen._commands.overlay import overlay
from safelight_openapi import read_document

OVERLAY = """\
overlay: 1.1.0
info: {title: Fixes, version: '1'}
actions:
  - target: $.info
    update: {title: Größe}
  - target: $.paths['/none']
    remove: true
"""
YAML = "openapi: 3.1.0\ninfo: {title: old, version: '1'}\npaths: {/a: {get: {responses: {200: {}}}}}\n"
RESULT = {
    "openapi": "3.1.0",
    "info": {"title": "Größe", "version": "1"},
    "paths": {"/a": {"get": {"responses": {"200": {}}}}},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "fix.yaml").write_text(OVERLAY, encoding="utf-8")
    (tmp_path / "openapi.yaml").write_text(YAML, encoding="utf-8")
    (tmp_path / "openapi.json").write_text(json.dumps({**RESULT, "info": {"title": "old", "version": "1"}}))
    return tmp_path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(overlay, [str(argument) for argument in arguments])


def test_the_result_of_a_yaml_document_is_yaml(folder: Path) -> None:
    ran = run("apply", folder / "openapi.yaml", folder / "fix.yaml")

    assert ran.exit_code == 0
    assert ran.stdout.startswith("openapi: 3.1.0\ninfo:\n  title: Größe\n")
    (folder / "result.yaml").write_text(ran.stdout, encoding="utf-8")
    assert read_document(folder / "result.yaml") == RESULT


def test_the_result_of_a_json_document_is_json(folder: Path) -> None:
    ran = run("apply", folder / "openapi.json", folder / "fix.yaml")

    assert ran.exit_code == 0
    assert json.loads(ran.stdout) == RESULT
    assert '  "info": {\n    "title": "Größe",' in ran.stdout


def test_the_effect_of_each_action_is_printed_to_standard_error(folder: Path) -> None:
    ran = run("apply", folder / "openapi.json", folder / "fix.yaml")

    first, second = ran.stderr.splitlines()
    assert first.endswith("fix.yaml: action 1: update $.info: changes /info/title")
    assert second.endswith("fix.yaml: action 2: remove $.paths['/none']: matches nothing")


def test_the_result_can_be_written_to_a_file(folder: Path) -> None:
    ran = run("apply", folder / "openapi.yaml", folder / "fix.yaml", "-o", folder / "out.yaml")

    assert (ran.exit_code, ran.stdout) == (0, "")
    assert read_document(folder / "out.yaml") == RESULT


def test_a_file_that_is_named_json_is_json(folder: Path) -> None:
    run("apply", folder / "openapi.yaml", folder / "fix.yaml", "-o", folder / "out.json")

    assert json.loads((folder / "out.json").read_text("utf-8")) == RESULT


def test_the_document_itself_may_be_replaced(folder: Path) -> None:
    run("apply", folder / "openapi.json", folder / "fix.yaml", "-o", folder / "openapi.json")

    assert json.loads((folder / "openapi.json").read_text("utf-8")) == RESULT


def test_a_rejected_overlay_does_not_change_the_output(folder: Path) -> None:
    (folder / "out.json").write_text("before")
    names = sorted(path.name for path in folder.iterdir())

    ran = run("apply", "--strict", folder / "openapi.json", folder / "fix.yaml", "-o", folder / "out.json")

    assert (ran.exit_code, ran.stdout) == (1, "")
    assert (folder / "out.json").read_text() == "before"
    assert sorted(path.name for path in folder.iterdir()) == names
    assert ran.stderr.startswith("Error: ")
    assert "fix.yaml, action 2, target $.paths['/none']: it matches nothing" in ran.stderr


@pytest.mark.parametrize(
    ("document", "fix", "complaint"),
    [
        ("none.yaml", "fix.yaml", "none.yaml: cannot read it (No such file or directory); check the path."),
        (
            "openapi.yaml",
            "none.yaml",
            "none.yaml: cannot read it (No such file or directory); check the path.",
        ),
        ("openapi.yaml", "openapi.yaml", "openapi.yaml: it is an OpenAPI document, not an overlay."),
        (".", "fix.yaml", "cannot read it (Is a directory); check the path."),
        (
            "broken.json",
            "fix.yaml",
            "broken.json, line 2: it is not valid JSON (Expecting ',' delimiter).",
        ),
        (
            "openapi.yaml",
            "broken.yaml",
            "broken.yaml, line 1: it is not valid YAML (quote the mapping key 0x1, whose type is ambiguous).",
        ),
        ("binary.yaml", "fix.yaml", "binary.yaml: it is not UTF-8 text; save it in that encoding."),
        ("deep.json", "fix.yaml", "deep.json: it is nested more than 200 levels deep."),
    ],
)
def test_an_error_is_one_line(folder: Path, document: str, fix: str, complaint: str) -> None:
    (folder / "broken.json").write_text('{"a": 1\n"b": 2}')
    (folder / "broken.yaml").write_text("0x1: a")
    (folder / "binary.yaml").write_bytes(b"a: \xff")
    (folder / "deep.json").write_text("[" * 100_000)

    ran = run("apply", folder / document, folder / fix)

    assert (ran.exit_code, ran.stdout) == (1, "")
    (line,) = ran.stderr.splitlines()
    assert line.startswith("Error: ")
    assert line.replace("; correct it there, or use another file", "").endswith(complaint)


def test_a_warning_is_printed_to_standard_error_and_the_result_is_written(folder: Path) -> None:
    (folder / "old.yaml").write_text(
        "overlay: 1.0.0\ninfo: {title: Old, version: '1'}\n"
        "actions: [{target: $.info.title, remove: true}, {target: $}]\n"
    )

    ran = run("apply", folder / "openapi.json", folder / "old.yaml")

    warning, first, second = ran.stderr.splitlines()
    assert (ran.exit_code, json.loads(ran.stdout)["info"]) == (0, {"version": "1"})
    assert warning.startswith("Warning: ")
    assert "old.yaml, action 1: an overlay 1.0 cannot select a primitive, as at /info/title" in warning
    assert first.endswith("old.yaml: action 1: remove $.info.title: removes /info/title")
    assert second.endswith("old.yaml: action 2: nothing $: changes nothing")


def test_a_warning_is_an_error_where_rules_are_strict(folder: Path) -> None:
    (folder / "old.yaml").write_text(
        "overlay: 1.0.0\ninfo: {title: Old, version: '1'}\nactions: [{target: $.info.title, remove: true}]\n"
    )

    ran = run("apply", "--strict", folder / "openapi.json", folder / "old.yaml")

    assert (ran.exit_code, ran.stdout) == (1, "")
    assert "action 1, target $.info.title, at /info/title: an overlay 1.0 cannot" in ran.stderr


def test_an_output_that_cannot_be_written_is_an_error_in_one_line(folder: Path) -> None:
    ran = run("apply", folder / "openapi.json", folder / "fix.yaml", "-o", folder / "none" / "out.json")

    assert ran.exit_code == 1
    (line,) = ran.stderr.splitlines()
    assert line.endswith("none/out.json: cannot write it (No such file or directory); check the path.")


def test_a_valid_overlay_passes_the_check(folder: Path) -> None:
    ran = run("check", folder / "fix.yaml")

    assert (ran.exit_code, ran.stderr) == (0, "")
    assert ran.stdout.endswith("fix.yaml: valid overlay 1.1, 2 actions.\n")


def test_an_invalid_overlay_fails_the_check(folder: Path) -> None:
    (folder / "fix.yaml").write_text(OVERLAY.replace("$.info", "$.x-info"))

    ran = run("check", folder / "fix.yaml")

    assert (ran.exit_code, ran.stdout) == (1, "")
    (line,) = ran.stderr.splitlines()
    assert "fix.yaml, action 1, target $.x-info: $.x-info is not a query of RFC 9535" in line


def test_the_help_shows_an_example_one_can_copy() -> None:
    assert (
        "\n    safelight-codegen overlay apply openapi.yaml fixes.overlay.yaml\n"
        in run("apply", "--help").stdout
    )


def test_an_open_reader_of_the_old_output_continues_to_read_it(folder: Path) -> None:
    (folder / "out.json").write_text("before")

    with (folder / "out.json").open() as reader:
        run("apply", folder / "openapi.json", folder / "fix.yaml", "-o", folder / "out.json")

        assert reader.read() == "before"
    assert json.loads((folder / "out.json").read_text("utf-8")) == RESULT
