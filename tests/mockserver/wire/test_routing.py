"""Which path template a request matches."""

import pytest

from safelight_mock.wire.routing import RouteError, RouteTable


def routes(*templates: str, method: str = "GET") -> RouteTable[str]:
    table: RouteTable[str] = RouteTable()
    for template in templates:
        table.add(method, template, template)
    return table


@pytest.mark.parametrize(
    ("templates", "path", "template", "values"),
    [
        (["/jobs/{id}"], "/jobs/7", "/jobs/{id}", {"id": "7"}),
        (["/jobs/{id}"], "/jobs/a b%2Fc", "/jobs/{id}", {"id": "a b%2Fc"}),
        (["/jobs/{id}:stop"], "/jobs/a\nb:stop", "/jobs/{id}:stop", {"id": "a\nb"}),
        (["/jobs/{id}"], "/jobs/", None, {}),
        (["/jobs/{id}"], "/jobs/7/", None, {}),
        (["/jobs/{id}/"], "/jobs/7/", "/jobs/{id}/", {"id": "7"}),
        (["/jobs", "/jobs/"], "/jobs/", "/jobs/", {}),
        (["/jobs/{id}/result", "/jobs/{id}"], "/jobs/7/result", "/jobs/{id}/result", {"id": "7"}),
        (["/jobs/{id}/result", "/jobs/{id}"], "/jobs//result", None, {}),
        (["/jobs/{id}/result", "/jobs/{id}"], "/jobs/7/stop", None, {}),
        (
            ["/jobs/{id}/result", "/jobs/latest/{part}"],
            "/jobs/latest/result",
            "/jobs/latest/{part}",
            {"part": "result"},
        ),
        (
            ["/jobs/{id}/result", "/jobs/latest/stop"],
            "/jobs/latest/result",
            "/jobs/{id}/result",
            {"id": "latest"},
        ),
        (
            ["/jobs/{id}/result", "/jobs/{id}:x/result"],
            "/jobs/7:x/result",
            "/jobs/{id}:x/result",
            {"id": "7"},
        ),
        (["/jobs/{id}/result/log"], "/jobs/7/result", None, {}),
        (["/jobs/{id}/log"], "/jobs/7", None, {}),
        (["/{a}", "/latest"], "/latest", "/latest", {}),
        (["/jobs/{id}", "/jobs/latest/{part}"], "/jobs/latest", "/jobs/{id}", {"id": "latest"}),
        (["/{a}/c", "/b/d"], "/b/c", "/{a}/c", {"a": "b"}),
        (["/{a}/{b}/c", "/{a}/x/{c}", "/y/x/z"], "/y/x/c", "/{a}/x/{c}", {"a": "y", "c": "c"}),
        (["/{a}/{b}/c", "/{a}/x/{c}", "/y/x/z"], "/y/w/c", "/{a}/{b}/c", {"a": "y", "b": "w"}),
        (["/m/{id}:analyze", "/m/{id}:analyzeBatch"], "/m/7:analyze", "/m/{id}:analyze", {"id": "7"}),
        (
            ["/m/{id}:analyze", "/m/{id}:analyzeBatch"],
            "/m/7:analyzeBatch",
            "/m/{id}:analyzeBatch",
            {"id": "7"},
        ),
        (
            ["/m/{id}:analyze", "/m/{name}:analyze/log"],
            "/m/7:analyze/log",
            "/m/{name}:analyze/log",
            {"name": "7"},
        ),
        (["/m/{id}:analyze", "/m/{id}"], "/m/7:stop", "/m/{id}", {"id": "7:stop"}),
        (["/m/{id}:analyze", "/m/{id}"], "/m/:analyze", "/m/{id}", {"id": ":analyze"}),
        (["/{name}.json", "/{name}.tar.{kind}"], "/a.b.json", "/{name}.json", {"name": "a.b"}),
        (["/{name}.tar.{kind}"], "/a.tar.gz", "/{name}.tar.{kind}", {"name": "a", "kind": "gz"}),
        (["/{a}({b})"], "/x(y)", "/{a}({b})", {"a": "x", "b": "y"}),
        (["/{a}-{b}"], "/x-y-z", "/{a}-{b}", {"a": "x", "b": "y-z"}),
        (["/{a}.json"], "/x.json.json", "/{a}.json", {"a": "x.json"}),
        (["/{a}-{b}-{c}"], "/" + "-" * 50_000, "/{a}-{b}-{c}", {"a": "-", "b": "-", "c": "-" * 49_996}),
        (["/{a}-{b}-{c}.json"], "/" + "-" * 50_000, None, {}),
        (["/a.b"], "/axb", None, {}),
        (["/"], "/", "/", {}),
        (["/a"], "/a/b", None, {}),
    ],
)
def test_the_most_concrete_template_that_matches_wins(
    templates: list[str], path: str, template: str | None, values: dict[str, str]
) -> None:
    for order in (templates, templates[::-1]):  # the order of a document decides nothing
        actual = routes(*order).find("GET", path)

        assert actual == (None if template is None else (template, values))


@pytest.mark.parametrize(
    ("query", "template"),
    [
        ("", "/messages"),
        ("a=1", "/messages"),
        ("beta=true", "/messages?beta=true"),
        ("a=1&beta=true", "/messages?beta=true"),
        ("beta=false", "/messages"),
        ("v=2&beta=true", "/messages?beta=true&v=2"),
    ],
)
def test_a_query_in_a_template_is_required(query: str, template: str) -> None:
    table = routes("/messages?beta=true", "/messages", "/messages?beta=true&v=2")

    assert table.find("GET", "/messages", query) == (template, {})


def test_a_template_with_a_query_alone_matches_nothing_else() -> None:
    assert routes("/messages?beta=true").find("GET", "/messages", "beta=false") is None


def test_a_path_is_matched_before_its_method() -> None:
    table = routes("/jobs/{id}")
    table.add("POST", "/jobs/latest", "post")

    assert table.find("GET", "/jobs/latest") is None
    assert (table.methods("/jobs/latest"), table.methods("/jobs/7"), table.methods("/")) == (
        ["POST"],
        ["GET"],
        [],
    )


@pytest.mark.parametrize(
    ("first", "second", "error"),
    [
        ("/jobs/{id}", "/jobs/{job_id}", r"GET /jobs/\{job_id\} cannot be told from GET /jobs/\{id\}"),
        ("/m?a=1", "/m?a=1", r"GET /m\?a=1 cannot be told from GET /m\?a=1"),
        ("/a", "/jobs/{id}/parts/{id}", "names a parameter twice"),
        ("/a", "/jobs/{id}{part}", "nothing in between"),
    ],
)
def test_ambiguous_templates_are_rejected_by_name(first: str, second: str, error: str) -> None:
    with pytest.raises(RouteError, match=error):
        routes(first, second)


def test_methods_of_one_path_are_distinguished() -> None:
    table = routes("/jobs/{id}")
    table.add("DELETE", "/jobs/{job}", "delete")

    assert table.find("DELETE", "/jobs/7") == ("delete", {"job": "7"})


def test_each_part_of_the_table_is_tried_once() -> None:
    deep = range(1, 25)
    table = routes(*("".join(f"/{{p{i}}}" for i in range(n)) for n in deep), *("/x" * n for n in deep))

    assert table.find("GET", "/x" * 24 + "/y") is None


@pytest.mark.parametrize("templates", [("/{a}.json", "/{a}.min.json"), ("/{a}.min.json", "/{a}.json")])
def test_the_segment_with_more_literal_characters_wins(templates: tuple[str, str]) -> None:
    table = routes(*templates)

    assert table.find("GET", "/x.min.json") == ("/{a}.min.json", {"a": "x"})
    assert table.find("GET", "/x.json") == ("/{a}.json", {"a": "x"})


def test_a_query_in_a_template_may_have_a_name_without_a_value() -> None:
    table = routes("/a", "/a?beta=")

    assert table.find("GET", "/a", "beta=") == ("/a?beta=", {})
    assert table.find("GET", "/a", "beta=1") == ("/a", {})
