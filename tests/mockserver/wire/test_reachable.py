"""A schema is compiled with the part of its document that its references lead to, and with no more."""

from safelight_mock.wire import JSON
from safelight_mock.wire.reachable import with_referenced

DOCUMENT: JSON = {
    "components": {
        "schemas": {
            "Thing": {"properties": {"part": {"$ref": "#/components/schemas/Part"}}},
            "Part": {"type": "integer"},
            "Loop": {"items": {"$ref": "#/components/schemas/Loop"}},
            "Other": {"type": "string"},
        }
    },
    "paths": {
        "/things/{id}": {"get": {"parameters": [{"schema": {"type": "integer"}}, {"schema": True}]}},
    },
}


def test_what_a_reference_leads_to_is_where_it_is_in_the_document() -> None:
    described: JSON = {"items": {"$ref": "#/components/schemas/Thing"}}

    schemas = DOCUMENT["components"]["schemas"]
    assert with_referenced(DOCUMENT, described) == {
        "components": {"schemas": {"Thing": schemas["Thing"], "Part": schemas["Part"]}},
        **described,
    }


def test_a_schema_without_references_stays_alone() -> None:
    assert with_referenced(DOCUMENT, {"type": "integer"}) == {"type": "integer"}


def test_a_schema_may_refer_to_itself() -> None:
    described: JSON = {"$ref": "#/components/schemas/Loop"}

    loop = DOCUMENT["components"]["schemas"]["Loop"]
    assert with_referenced(DOCUMENT, described) == {"components": {"schemas": {"Loop": loop}}, **described}


def test_a_reference_into_a_list_keeps_the_whole_list() -> None:
    described: JSON = {"allOf": [{"$ref": "#/paths/~1things~1{id}/get/parameters/0/schema"}]}

    actual = with_referenced(DOCUMENT, described)

    parameters = DOCUMENT["paths"]["/things/{id}"]["get"]["parameters"]
    assert actual["paths"] == {"/things/{id}": {"get": {"parameters": parameters}}}


def test_references_become_uri_fragments_and_nothing_else_is_encoded() -> None:
    described: JSON = {
        "allOf": [{"$ref": "#/paths/~1things~1{id}/get/parameters/0/schema"}, True],
        "properties": {"$ref": {"type": "string", "pattern": "{id}"}},
        "title": "{id}",
    }

    actual = with_referenced(DOCUMENT, described)

    assert actual["allOf"] == [{"$ref": "#/paths/~1things~1%7Bid%7D/get/parameters/0/schema"}, True]
    assert actual["properties"] == {"$ref": {"type": "string", "pattern": "{id}"}}
    assert actual["title"] == "{id}"


def test_a_reference_that_leads_nowhere_allows_anything() -> None:
    for pointer in ("#/components/schemas/Missing", "#/paths/~1things~1{id}/get/parameters/7/schema"):
        actual = with_referenced(DOCUMENT, {"$ref": pointer})

        assert actual["$ref"] in (pointer, pointer.replace("{id}", "%7Bid%7D"))


def test_a_reference_to_another_document_is_left_as_it_is() -> None:
    described: JSON = {"$ref": "https://example.com/schema.json"}

    assert with_referenced(DOCUMENT, described) == described


def test_a_reference_into_what_another_one_leads_to_adds_nothing() -> None:
    inner, outer = "#/components/schemas/Thing/properties/part", "#/components/schemas/Thing"
    schemas = DOCUMENT["components"]["schemas"]
    expected = {"schemas": {"Thing": schemas["Thing"], "Part": schemas["Part"]}}

    for references in ([inner, outer], [outer, inner]):
        described: JSON = {"anyOf": [{"$ref": one} for one in references]}
        document = {"components": {"schemas": {name: dict(one) for name, one in schemas.items()}}}

        assert with_referenced(document, described) == {"components": expected, **described}
        assert document == {"components": {"schemas": schemas}}


def test_an_item_of_a_list_comes_with_the_list_and_one_that_is_missing_allows_anything() -> None:
    lists: JSON = {"lists": [{"type": "integer"}, [{"type": "string"}]], "text": "x"}

    for reference in ("#/lists/0", "#/lists/1/0", "#/lists/7", "#/lists/x"):
        found = with_referenced(lists, {"$ref": reference})
        assert found == {"lists": lists["lists"], "$ref": reference}
    assert with_referenced(lists, {"$ref": "#/text/deep/er"}) == {
        "text": {"deep": {"er": {}}},
        "$ref": "#/text/deep/er",
    }


def test_a_reference_to_the_document_itself_leads_to_what_it_refers_to() -> None:
    actual = with_referenced(DOCUMENT, {"not": {"$ref": "#"}})

    assert actual["not"] == {"$ref": "#"}
    assert actual.keys() == {"components", "not"}
    assert actual["components"]["schemas"].keys() == {"Part", "Loop"}


def test_a_reference_out_of_what_is_referred_to_as_well_leaves_the_document_as_it_is() -> None:
    document: JSON = {"a": {"x": 1}, "b": {"y": 2}}
    described: JSON = {"$ref": "#/a", "items": [{"$ref": "#/a/missing"}, {"$ref": "#/b"}]}

    assert with_referenced(document, described) == {**described, "a": {"x": 1}, "b": {"y": 2}}
    assert document == {"a": {"x": 1}, "b": {"y": 2}}


def test_references_within_a_list_are_followed() -> None:
    document: JSON = {"list": [{"$ref": "#/b"}, {}], "b": {"y": 2}, "c": 3}

    assert with_referenced(document, {"$ref": "#/list/0"}) == {
        "$ref": "#/list/0",
        "list": document["list"],
        "b": {"y": 2},
    }
