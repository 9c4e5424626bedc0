"""A coverage is merged, summed up, written in four formats, and read again."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.mockserver.coverage.reports import EMPTY, REPORT

from safelight_mock import (
    ApiCoverage,
    Coverage,
    InvalidCoverageError,
    OperationCoverage,
    junit_properties,
    merge_coverage,
    read_coverage,
    write_coverage,
)
from safelight_mock.coverage.page import as_page
from safelight_mock.coverage.summary import Share
from safelight_mock.coverage.text import as_text


def of(**operations: OperationCoverage) -> Coverage:
    return Coverage(apis={"kiln": ApiCoverage(operations=operations)})


def test_what_any_of_several_servers_covered_is_covered() -> None:
    left = OperationCoverage(
        method="GET", path="/", responses={"200": 1, "404": 0}, request_fields={"/a": True, "/b": False}
    )
    right = OperationCoverage(method="GET", path="/", responses={"200": 2, "404": 1}, request_fields={})

    merged = merge_coverage([of(look=left), of(look=right)])

    assert merged.apis["kiln"].operations["look"] == OperationCoverage(
        method="GET", path="/", responses={"200": 3, "404": 1}, request_fields={"/a": True, "/b": False}
    )


def test_an_api_that_one_server_was_called_for_was_called() -> None:
    merged = merge_coverage([EMPTY, REPORT, EMPTY])

    assert [*merged.apis] == ["kiln"]
    assert merged.not_called == ("oven",)


def test_merging_one_coverage_changes_nothing() -> None:
    assert merge_coverage([REPORT]) == REPORT
    assert merge_coverage([]) == Coverage()


def test_merging_twice_counts_twice_and_covers_the_same() -> None:
    merged = merge_coverage([REPORT, REPORT])

    assert merged.apis["kiln"].operations["fire"].responses == {"200": 6, "422": 0}
    assert merged.apis["kiln"].operations["fire"].request_fields == (
        REPORT.apis["kiln"].operations["fire"].request_fields
    )


@pytest.mark.parametrize("report", [REPORT, EMPTY, Coverage()])
def test_a_json_file_is_read_as_what_was_written(tmp_path: Path, report: Coverage) -> None:
    write_coverage(report, tmp_path / "coverage.json")

    assert read_coverage((tmp_path / "coverage.json").read_bytes()) == report


def test_the_json_file_begins_with_totals(tmp_path: Path) -> None:
    write_coverage(REPORT, tmp_path / "coverage.json")

    totals = json.loads((tmp_path / "coverage.json").read_bytes())["totals"]
    assert totals["operations"] == {"covered": 1, "total": 2}
    assert totals["job states"] == {"covered": 1, "total": 2}
    assert totals["scenarios"] == {"covered": 1, "total": 2}


@pytest.mark.parametrize("text", ["", "[]", '{"apis": {"kiln": 1}}'])
def test_another_text_is_refused_with_the_reason(text: str) -> None:
    with pytest.raises(InvalidCoverageError, match="this is not a coverage as JSON: "):
        read_coverage(text)


def test_the_text_lists_shares_and_what_is_missing() -> None:
    assert as_text(REPORT) == (
        "kiln\n"
        "  operations           1 of 2      50 %\n"
        "  responses            1 of 4      25 %\n"
        "  job states           1 of 2      50 %\n"
        "  webhooks             3 of 5      60 %\n"
        "  request fields       1 of 4      25 %\n"
        "  response fields      1 of 2      50 %\n"
        "  missing operations\n"
        "    look\n"
        "  missing responses\n"
        "    fire: 422\n"
        "  missing job states\n"
        "    firing: cool\n"
        "  missing webhooks\n"
        "    outcomes: 5xx\n"
        "    faults: never\n"
        "  missing request fields\n"
        "    fire: query dry, /lid\n"
        "  missing response fields\n"
        "    fire 200: /phase\n"
        "\n"
        "scenarios            1 of 2      50 %\n"
        "  missing scenarios\n"
        "    stuck\n"
        "  missing rules\n"
        "    mine: gone\n"
        "  other rules that applied\n"
        "    next: busy\n"
        "\n"
        "Not called: oven\n"
    )


def test_the_text_of_no_coverage_says_so() -> None:
    assert as_text(EMPTY) == "No request came: nothing is covered.\n\nNot called: kiln, oven\n"


def test_a_long_list_of_missing_things_is_cut_off_with_their_number() -> None:
    looks = {f"look{number}": OperationCoverage(method="GET", path="/", responses={}) for number in range(50)}

    assert "look39, and 10 more\n" in as_text(of(**looks))


def test_junit_properties_have_numbers_and_names(tmp_path: Path) -> None:
    write_coverage(REPORT, tmp_path / "coverage.xml")

    properties = ET.parse(tmp_path / "coverage.xml").findall("testsuite/properties/property")  # noqa: S314 - ours
    listed = [(one.attrib["name"], one.attrib["value"]) for one in properties]
    assert listed == junit_properties(REPORT)
    assert {
        ("safelight.coverage.kiln.responses.covered", "1"),
        ("safelight.coverage.kiln.responses.total", "4"),
        ("safelight.coverage.kiln.responses.missing", "fire 422"),
        ("safelight.coverage.scenarios.missing", "stuck"),
    } <= {*listed}


class Page(HTMLParser):
    """Collects the tags of a page and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def page(report: Coverage, folder: Path) -> Page:
    write_coverage(report, folder / "coverage.html")
    return Page((folder / "coverage.html").read_text(encoding="utf-8"))


@pytest.mark.parametrize("report", [REPORT, EMPTY, merge_coverage([REPORT, EMPTY])])
def test_the_page_has_no_script_and_loads_nothing(tmp_path: Path, report: Coverage) -> None:
    shown = page(report, tmp_path)

    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in shown.tags}
    assert not re.search(r"url\(|@import|https?:", shown.text)
    assert all("src" not in attributes for _, attributes in shown.tags)
    assert shown.open == []


def test_the_page_shows_what_is_covered_and_what_is_missing(tmp_path: Path) -> None:
    write_coverage(REPORT, tmp_path / "coverage.html")

    text = (tmp_path / "coverage.html").read_text(encoding="utf-8")
    assert '<li class="on">200<small>3</small></li>' in text
    assert '<li class="off"><span class="hidden">missing: </span>422</li>' in text
    assert '<li class="odd">503<small>1</small></li>' in text
    assert "/lid<small>+1</small>" in text
    assert "/lid/size" not in text


@given(st.text(min_size=1))
def test_names_of_documents_are_text_in_the_page(name: str) -> None:
    def tags(name: str) -> list[str]:
        fields = {name: False, f"{name}<b>": True}
        one = OperationCoverage(method=name, path=name, responses={name: 1}, request_fields=fields)
        api = ApiCoverage(operations={name: one}, webhook_outcomes={name: 1}, webhook_faults={name: True})
        report = Coverage(apis={name: api}, scenarios={name: {name: 1}}, not_called=(name,))
        return [tag for tag, _ in Page(as_page(report)).tags]

    assert tags(name) == tags("x")


@pytest.mark.parametrize("name", ["coverage", "coverage.pdf", ".json"])
def test_another_ending_is_refused_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(
        ValueError, match=r"has no format; let its name end with \.json, \.txt, \.html, \.xml"
    ):
        write_coverage(REPORT, tmp_path / name)

    assert [*tmp_path.iterdir()] == []


def test_the_xml_file_can_be_parsed_whatever_names_a_document_has(tmp_path: Path) -> None:
    operation = OperationCoverage(
        method="GET", path="/", responses={"200": 1}, response_fields={"200": {"/a\x01<b>": False}}
    )
    report = Coverage(apis={"kiln": ApiCoverage(operations={"look": operation})})

    write_coverage(report, tmp_path / "coverage.xml")

    listed = ET.parse(tmp_path / "coverage.xml").iter("property")  # noqa: S314 - our own
    named = {one.get("name"): one.get("value") for one in listed}
    assert named["safelight.coverage.kiln.response-fields.missing"] == "look 200 /a\ufffd<b>"


def test_only_a_coverage_is_written(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="report must be a Coverage, not a dict"):
        write_coverage({}, tmp_path / "coverage.json")  # type: ignore[arg-type] # that is what is wrong


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    file = tmp_path / "new" / "coverage.TXT"
    write_coverage(EMPTY, str(file))
    write_coverage(REPORT, str(file))

    assert file.read_text(encoding="utf-8") == as_text(REPORT)
    assert [*file.parent.iterdir()] == [file]


@pytest.mark.parametrize(
    ("covered", "total", "percent"),
    [(0, 9, 0), (1, 900, 1), (899, 900, 99), (9, 9, 100), (0, 0, 100), (1, 2, 50)],
)
def test_a_percentage_is_rounded_but_never_to_all_or_nothing(covered: int, total: int, percent: int) -> None:
    assert Share(covered, total).percent == percent
