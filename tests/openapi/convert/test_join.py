import pytest

from safelight_openapi import JSONValue, SpecError, join_documents

Document = dict[str, JSONValue]


def document(**parts: JSONValue) -> Document:
    return {"openapi": "3.1.2", "info": {"title": "Base", "version": "1"}, **parts}


def test_what_only_one_document_has_is_added() -> None:
    first = document(paths={"/a": {"get": {}}}, components={"schemas": {"A": {}}}, tags=[{"name": "a"}])
    second = document(
        paths={"/b": {"get": {}}},
        components={"schemas": {"B": {}}, "responses": {"R": {}}},
        tags=[{"name": "b"}],
        webhooks={"w": {"post": {}}},
    )

    joined = join_documents([first, second])

    assert joined == document(
        paths={"/a": {"get": {}}, "/b": {"get": {}}},
        components={"schemas": {"A": {}, "B": {}}, "responses": {"R": {}}},
        tags=[{"name": "a"}, {"name": "b"}],
        webhooks={"w": {"post": {}}},
    )


def test_two_methods_of_one_path_come_together() -> None:
    joined = join_documents([document(paths={"/a": {"get": {}}}), document(paths={"/a": {"post": {}}})])

    assert joined["paths"] == {"/a": {"get": {}, "post": {}}}


def test_the_joined_document_has_the_title_of_the_first() -> None:
    joined = join_documents([document(), {**document(), "info": {"title": "Other", "version": "2"}}])

    assert joined["info"] == {"title": "Base", "version": "1"}


def test_equal_parts_of_two_documents_are_joined() -> None:
    same: JSONValue = {"schemas": {"A": {"type": "object"}}}

    joined = join_documents(
        [document(components=same, tags=[{"name": "a"}]), document(components=same, tags=[{"name": "a"}])]
    )

    assert joined == document(components=same, tags=[{"name": "a"}])


@pytest.mark.parametrize(
    ("ours", "theirs", "pointer"),
    [
        (
            {"components": {"schemas": {"A": {"type": "object"}}}},
            {"components": {"schemas": {"A": {"type": "string"}}}},
            "/components/schemas/A/type",
        ),
        (
            {"components": {"schemas": {"A": {"type": "object"}}}},
            {"components": {"schemas": {"A": {"type": "object", "title": "More"}}}},
            "/components/schemas/A/title",
        ),
        (
            {"paths": {"/a": {"get": {"tags": ["x"]}}}},
            {"paths": {"/a": {"get": {"tags": ["x", "y"]}}}},
            "/paths/~1a/get/tags/1",
        ),
        ({"servers": [{"url": "/v1"}]}, {"servers": [{"url": "/v2"}]}, "/servers/0/url"),
        ({"security": [{"key": []}]}, {"security": []}, "/security/0"),
        ({"tags": [{"name": "a", "description": "x"}]}, {"tags": [{"name": "a"}]}, "/tags/a/description"),
    ],
)
def test_a_contradiction_stops_the_join_and_has_its_location(
    ours: Document, theirs: Document, pointer: str
) -> None:
    with pytest.raises(SpecError) as raised:
        join_documents([document(**ours), document(**theirs)])

    assert [complaint.partition(": ")[0] for complaint in raised.value.problems] == [pointer]


def test_a_contradiction_is_reported_as_json() -> None:
    ours: JSONValue = {"schemas": {"A": {"additionalProperties": False}}}
    theirs: JSONValue = {"schemas": {"A": {}}}

    with pytest.raises(SpecError, match=r": two documents contradict each other: false and nothing$"):
        join_documents([document(components=ours), document(components=theirs)])


def test_a_single_document_is_joined_with_nothing() -> None:
    assert join_documents([document(paths={})]) == document(paths={})


def test_a_tag_without_a_name_cannot_be_joined() -> None:
    with pytest.raises(SpecError, match=r"/tags: a tag has no name: \{\}"):
        join_documents([{"tags": [{}]}, {}])
