"""`safelight-codegen drift OLD NEW`: two documents of any API."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from safelight_codegen._cli import main

OLD = """\
openapi: 3.0.3
info: {title: Pets, version: '1'}
paths:
  /pets/{id}:
    get:
      operationId: readPet
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses:
        200:
          description: The pet.
          content: {application/json: {schema: {type: string, nullable: true}}}
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.yaml"
    path.write_text(OLD)
    return path


@pytest.fixture
def new(tmp_path: Path) -> Path:
    return tmp_path / "new.json"


def as_3_1(**schema: object) -> str:
    """The same document in OpenAPI 3.1 and JSON, with another schema for the pet."""
    number = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    pet = {"description": "The pet.", "content": {"application/json": {"schema": schema}}}
    read = {"operationId": "readPet", "parameters": [number], "responses": {"200": pet}}
    info = {"title": "Pets", "version": "1"}
    return json.dumps({"openapi": "3.1.0", "info": info, "paths": {"/pets/{id}": {"get": read}}})


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["drift", *map(str, arguments)], catch_exceptions=False)


def test_the_same_in_another_version_and_another_notation_has_not_changed(old: Path, new: Path) -> None:
    new.write_text(as_3_1(type=["string", "null"]))

    result = run(old, new)

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "harmless",
        f"{old} -> {new}: 0 breaking, 0 need review, 0 harmless",
        "",
        "version: none (nothing changed)",
    ]


@pytest.mark.parametrize(
    ("schema", "code", "label"),
    [
        ({"type": "string"}, 0, "harmless"),
        ({"type": ["string", "null"], "pattern": "a"}, 0, "harmless"),
        ({"type": ["string", "null"], "deprecated": True}, 3, "needs review"),
        ({"type": ["string", "null", "integer"]}, 4, "breaking"),
    ],
)
def test_the_exit_status_follows_the_worst_change(
    old: Path, new: Path, schema: dict[str, object], code: int, label: str
) -> None:
    new.write_text(as_3_1(**schema))

    result = run(old, new)

    assert (result.exit_code, result.stdout.splitlines()[0]) == (code, label)


def test_what_makes_it_fail_can_be_chosen(old: Path, new: Path) -> None:
    new.write_text(as_3_1(type="integer"))

    assert [run(old, new, "--fail-on", label).exit_code for label in ("review", "breaking", "nothing")] == [
        4,
        4,
        0,
    ]


def test_the_json_and_the_markdown_name_no_vendor(old: Path, new: Path) -> None:
    new.write_text(as_3_1(type="integer"))

    report = json.loads(run(old, new, "--format", "json").stdout)
    markdown = run(old, new, "--format", "markdown").stdout

    assert (report["vendor"], report["severity"], report["affected"], report["overlays"]) == (
        None,
        "breaking",
        [],
        [],
    )
    assert report["changes"][0]["pointer"].startswith("/paths/~1pets~1{id}/get/responses/200")
    assert markdown.startswith("## breaking\n")


def test_nothing_of_this_project_is_needed(old: Path, new: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new.write_text(as_3_1(type="integer"))
    monkeypatch.chdir(old.parent)

    assert run("old.yaml", "new.json").stdout.splitlines()[1].startswith("old.yaml -> new.json: 1 breaking")


@pytest.mark.parametrize("broken", ["old", "new"])
def test_either_document_is_rejected_in_one_line(old: Path, new: Path, broken: str) -> None:
    new.write_text(as_3_1())
    {"old": old, "new": new}[broken].write_text("<html><title>Sign in</title></html>")

    result = run(old, new)

    assert (result.exit_code, result.stdout) == (1, "")
    assert f"/{broken}." in result.stderr
    assert "it is a web page (Sign in), not an OpenAPI document" in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.slow
def test_references_that_lead_too_far_are_rejected_in_one_line(old: Path, new: Path) -> None:
    def of(number: int) -> dict[str, object]:
        return {"properties": {"a": {"$ref": f"#/components/schemas/A{number}"}}}

    schemas = {f"A{number}": of(number + 1) for number in range(2_000)}
    chain = json.loads(as_3_1(**of(0))) | {"components": {"schemas": schemas}}
    old.write_text(json.dumps(chain))
    new.write_text(json.dumps(chain))

    result = run(old, new)

    sentence = "Error: a chain of references is too long; shorten it.\n"
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", sentence)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("a",), "pass OLD and NEW, or --vendor and NEW"),
        (("a", "b", "c"), "pass OLD and NEW, or --vendor and NEW"),
        (("--vendor", "topaz", "a", "b"), "with --vendor pass NEW only: OLD is the vendored document"),
        (("--cut", "whole", "a", "b"), "--against and --cut require --vendor"),
        (("--against", "x.yaml", "a", "b"), "--against and --cut require --vendor"),
        ((), "Missing argument '[OLD] NEW'"),
    ],
)
def test_other_arguments_are_not_understood(arguments: tuple[str, ...], complaint: str) -> None:
    result = run(*arguments)

    assert result.exit_code == 2
    assert complaint in result.stderr
