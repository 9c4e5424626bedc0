"""The report says what was reached and what was not, on a page that needs nothing beside it."""

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner

from contract_tests.report.__main__ import main
from contract_tests.report.judges import JUDGES
from contract_tests.report.model import Report, report
from contract_tests.report.page import markdown, page

pytestmark = pytest.mark.slow  # overlays are applied once more


class Reader(HTMLParser):
    """Collects what a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in ("meta", "link", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, name: str) -> list[str]:
        return [attributes[name] for _, attributes in self.tags if name in attributes]


@pytest.fixture(scope="module")
def html(reported: Report) -> str:
    return page(reported)


@pytest.fixture(scope="module")
def read(html: str) -> Reader:
    return Reader(html)


def test_the_page_asks_no_network_for_anything(read: Reader) -> None:
    assert {tag for tag, _ in read.tags} & {"script", "img", "iframe", "object"} == set()
    assert [
        link for link in [*read.all("href"), *read.all("src")] if not link.startswith(("#", "data:,"))
    ] == []


def test_every_link_leads_to_one_place_on_the_page(read: Reader) -> None:
    places = Counter(read.all("id"))

    assert [place for place, times in places.items() if times > 1] == []
    assert {link[1:] for link in read.all("href") if link.startswith("#")} <= places.keys()
    assert read.open == []


def test_every_table_has_a_caption_and_scrolls_by_itself(read: Reader) -> None:
    tags = [tag for tag, _ in read.tags]

    assert tags.count("table") == tags.count("caption") > 20
    assert [tags[index - 1] for index, tag in enumerate(tags) if tag == "table"] == ["div"] * tags.count(
        "table"
    )
    assert {
        attributes.get("tabindex") for _, attributes in read.tags if attributes.get("class") == "scroll"
    } == {"0"}


def test_what_was_not_run_is_said(tmp_path: Path) -> None:
    told = page(report(tmp_path))

    assert "The contract tests were not run: <code>make report</code>" in told
    assert "Named mutants: <code>make mutants</code>" in told
    assert told.count("was not heard in this run") == len(JUDGES)


def test_an_answer_that_was_given_stands_with_its_judge_and_others_are_listed(html: str) -> None:
    row = re.search(r'<th scope="row">getStatus<small>.*?</tr>', html, re.DOTALL)

    assert row is not None
    assert row[0].count('class="good"') == 1
    assert '<abbr title="journeys">J</abbr>' in row[0]
    assert row[0].count('class="gap"') == 6
    assert "Topaz: getStatus 418." in html


def test_texts_of_others_cannot_become_markup(html: str) -> None:
    assert "takes any key | <code>all</code> of &lt;b&gt;them&lt;/b&gt;" in html


def test_every_overlay_action_is_there_with_its_reason(html: str, reported: Report) -> None:
    for vendor in reported.vendors:
        for file in vendor.origins.files:
            for action in file.actions:
                assert f'id="{vendor.slug}-{file.layer}-{file.name}-{action.number}"' in html


def test_an_operation_leads_to_the_actions_that_made_its_parts(reported: Report) -> None:
    topaz = reported.vendors[0]

    parts = topaz.origins.parts["getCreditBalance"]

    assert {part.overlay for part in parts} >= {"overlays/topaz/truth/66-account.overlay.yaml"}


def test_in_markdown_every_row_has_the_cells_of_its_table(reported: Report) -> None:
    cells: int | None = None
    for line in markdown(reported).splitlines():
        count = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else None
        assert None in (cells, count) or cells == count, line
        cells = count


def test_a_mutant_that_survived_is_among_what_is_not_covered(html: str) -> None:
    assert "No test noticed the mutant lost-job: forgets a job" in html


def test_existing_results_are_rendered_without_a_run(results: Path) -> None:
    told = CliRunner().invoke(main, ["--from", str(results)])

    assert told.exit_code == 0, told.output
    assert "**survived**" in (results / "report.md").read_text()
    assert "survived" in (results / "index.html").read_text()
