"""A document is read in any version, changed by overlays, and refused in sentences with place and remedy."""

import json
from pathlib import Path
from typing import Any

import pytest

from safelight_openapi import JSONValue, SpecError, load_document, operations_by_id

OK: dict[str, JSONValue] = {"200": {"description": "", "content": {"application/json": {"schema": {}}}}}


def base(**parts: JSONValue) -> dict[str, JSONValue]:
    info: JSONValue = {"title": "Acme", "version": "1"}
    return {"openapi": "3.1.0", "info": info, "paths": {"/a": {"get": {"responses": OK}}}, **parts}


def write(folder: Path, document: JSONValue, name: str = "api.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(document))
    return path


def problems(folder: Path, document: JSONValue) -> tuple[str, ...]:
    with pytest.raises(SpecError) as refused:
        load_document(write(folder, document))
    assert refused.value.subject.endswith("api.json")
    return refused.value.problems


def of_schema(schema: JSONValue, **schemas: JSONValue) -> dict[str, JSONValue]:
    return base(components={"schemas": {"T": schema, **schemas}})


def test_a_document_is_loaded_with_its_overlays_in_their_order(tmp_path: Path) -> None:
    overlays = [
        write(
            tmp_path,
            {
                "overlay": "1.1.0",
                "info": {"title": "t", "version": "1"},
                "actions": [
                    {"target": "$", "update": {"x-a": number}},
                    {"target": "$.nothing", "remove": True},
                ],
            },
            f"{number}.overlay.json",
        )
        for number in (1, 2)
    ]

    loaded = load_document(write(tmp_path, base()), overlays)

    assert loaded.document["x-a"] == 2
    assert [note.partition(": ")[2] for note in loaded.notes] == ["its target $.nothing matches nothing"] * 2


def test_yaml_and_swagger_are_read(tmp_path: Path) -> None:
    path = tmp_path / "api.yaml"
    path.write_text(
        "swagger: '2.0'\nbasePath: /v1\npaths: {/a: {get: {responses: {200: {description: ok}}}}}\n"
    )

    loaded = load_document(path)

    assert loaded.document["servers"] == [{"url": "/v1"}]
    assert list(operations_by_id(loaded.document)) == ["GET /a"]


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        ({"paths": []}, "/paths: [] is not an object"),
        ({"paths": {}}, "/paths: it has no operation"),
        ({"paths": {"a": {}}}, "/paths: a path begins with a slash"),
        ({"paths": {"/a": []}}, "/paths/~1a: [] is not an object"),
        ({"paths": {"/a": {"get": None}}}, "/paths/~1a/get: null is not an object"),
        (
            {"paths": {"/a": {"get": {"responses": {"ok": {}}}}}},
            "a response is named by a status code, as `404`",
        ),
        ({"paths": {"/a": {"get": {"parameters": [{"in": "path"}]}}}}, "name is missing"),
        (
            {"paths": {"/a": {"get": {"parameters": [{"name": "a", "in": "body"}]}}}},
            "a parameter is in `path`, `query`",
        ),
        (
            {"components": {"schemas": {"T": []}}},
            "/components/schemas/T: a schema is an object, `true` or `false`",
        ),
        ({"servers": [{}]}, "/servers/0: url is missing"),
    ],
)
def test_an_object_of_a_wrong_type_is_refused(
    tmp_path: Path, parts: dict[str, JSONValue], problem: str
) -> None:
    assert any(problem in found for found in problems(tmp_path, base(**parts)))


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (
            of_schema({"properties": {"a": {"$ref": "#/components/schemas/Othr"}}}, Other={}),
            "a/$ref: #/components/schemas/Othr does not exist; did you mean #/components/schemas/Other?",
        ),
        (
            of_schema({"$ref": "#/definitions/Y"}),
            "T/$ref: #/definitions/Y does not exist; add it, or correct it",
        ),
        (
            of_schema({"$ref": "other.yaml#/T"}),
            "T/$ref: other.yaml#/T cannot be used: it leads out of the document; bundle all files into one",
        ),
        (
            of_schema({"$ref": "#/components/schemas/U"}, U={"allOf": [{"$ref": "#/components/schemas/T"}]}),
            "U is nothing but itself (#/components/schemas/U → #/components/schemas/T → ",
        ),
    ],
)
def test_a_reference_that_cannot_be_followed_is_refused(
    tmp_path: Path, document: JSONValue, problem: str
) -> None:
    (found,) = problems(tmp_path, document)
    assert problem in found


def test_a_schema_may_contain_itself_as_a_part(tmp_path: Path) -> None:
    tree: JSONValue = {"properties": {"left": {"$ref": "#/components/schemas/T"}}}

    assert load_document(write(tmp_path, of_schema(tree))).notes == ()


def test_many_schemas_that_share_many_others_are_checked_in_linear_time(tmp_path: Path) -> None:
    schemas: dict[str, JSONValue] = {
        f"S{n}": {
            "anyOf": [{"$ref": f"#/components/schemas/S{n + 1}"}, {"$ref": f"#/components/schemas/S{n + 2}"}]
        }
        for n in range(60)
    }

    load_document(write(tmp_path, base(components={"schemas": {**schemas, "S60": {}, "S61": {}}})))


def test_a_reference_into_a_path_with_a_parameter_may_be_percent_encoded(tmp_path: Path) -> None:
    path: JSONValue = {"get": {"responses": OK}}
    pointer = "/get/responses/200/content/application~1json/schema"
    document = base(
        paths={"/a/{id}": path},
        components={
            "schemas": {
                "A": {"$ref": f"#/paths/~1a~1%7Bid%7D{pointer}"},
                "B": {"$ref": f"#/paths/~1a~1{{id}}{pointer}"},
            }
        },
    )

    components: Any = load_document(write(tmp_path, document)).document["components"]
    schemas = components["schemas"]

    assert schemas["A"] == schemas["B"] == {"$ref": f"#/paths/~1a~1{{id}}{pointer}"}


def test_a_keyword_that_no_validator_accepts_is_ignored_and_noted(tmp_path: Path) -> None:
    schema: JSONValue = {"type": "integer", "exclusiveMinimum": True, "anyOf": [{"pattern": "[0-9]{*}"}]}

    loaded = load_document(write(tmp_path, of_schema(schema)))

    assert loaded.document["components"] == {"schemas": {"T": {"type": "integer", "anyOf": [{}]}}}
    assert [note.partition(":")[0] for note in loaded.notes] == [
        "/components/schemas/T/anyOf/0/pattern",
        "/components/schemas/T/exclusiveMinimum",
    ]


def test_a_list_without_repetition_is_used_without_the_repeated_entries(tmp_path: Path) -> None:
    loaded = load_document(write(tmp_path, of_schema({"required": ["a", "b", "a"], "minimum": "1"})))

    assert loaded.document["components"] == {"schemas": {"T": {"required": ["a", "b"]}}}
    assert len(loaded.notes) == 2


def test_what_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    missing, broken = tmp_path / "none.yaml", tmp_path / "broken.json"
    broken.write_text('{"openapi": ')

    for path, reason in ((missing, "cannot read it"), (broken, "line 1: it is not valid JSON")):
        with pytest.raises(SpecError, match=reason) as refused:
            load_document(path)
        assert len(refused.value.problems) == 1


def test_further_checks_run_on_the_effective_document_and_stop_at_the_first_that_finds_something(
    tmp_path: Path,
) -> None:
    with pytest.raises(SpecError) as refused:
        load_document(
            write(tmp_path, base()),
            checks=(lambda document: [f"{len(document)} members"] * 22, lambda _: ["never"]),
        )

    assert refused.value.problems[-2:] == ("3 members", "… and 2 more")
    assert len(refused.value.problems) == 21


@pytest.mark.slow
def test_a_document_of_two_thousand_operations_is_loaded(tmp_path: Path) -> None:
    paths: dict[str, JSONValue] = {f"/a{n}/{{id}}": {"get": {"responses": OK}} for n in range(2_000)}

    document = load_document(write(tmp_path, base(paths=paths))).document

    assert len(document["paths"]) == 2_000  # type: ignore[arg-type] # as just written
