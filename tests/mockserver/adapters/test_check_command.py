"""`safelight-mock check` lists everything that is wrong, as text and as JSON."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from safelight_mock.adapters.cli import main

pytestmark = pytest.mark.slow

EXAMPLE = Path(__file__).parents[3] / "examples/luma"
DOCUMENT = str(EXAMPLE / "openapi.yaml")


@pytest.fixture
def misspelled(tmp_path: Path) -> str:
    """Return an overlay in which the name of the read is misspelled."""
    text = (EXAMPLE / "lifecycle.overlay.yaml").read_text("utf-8")
    path = tmp_path / "life.yaml"
    path.write_text(text.replace("operation: getGeneration\n", "operation: getGenerations\n"), "utf-8")
    return str(path)


def test_an_example_is_clean() -> None:
    outcome = CliRunner().invoke(
        main, ["check", DOCUMENT, "--lifecycle", str(EXAMPLE / "lifecycle.overlay.yaml")]
    )

    assert outcome.exit_code == 0
    assert outcome.stdout.splitlines() == [
        "coverage: lifecycles have 5 of 5 operations that start jobs",
        f"{DOCUMENT}: 0 errors, 0 warnings",
    ]


def test_a_finding_has_its_place_what_may_be_meant_and_the_action_that_corrects_it(misspelled: str) -> None:
    outcome = CliRunner().invoke(main, ["check", DOCUMENT, "--lifecycle", misspelled])

    assert outcome.exit_code == 1
    assert outcome.stdout.splitlines()[:8] == [
        f"error: {misspelled}, action 1: /x-async-jobs/lifecycles/generation/read/operation",
        "  the document has no operation getGenerations [unknown-operation]",
        "  did you mean getGeneration?",
        "  an overlay action that corrects it:",
        "    - target: $['x-async-jobs'].lifecycles.generation.read.operation",
        "      description: getGenerations does not exist.",
        "      update: getGeneration",
        "",
    ]


def test_json_has_the_same_findings(misspelled: str) -> None:
    outcome = CliRunner().invoke(main, ["check", DOCUMENT, "--lifecycle", misspelled, "--json"])

    report = json.loads(outcome.stdout)
    assert outcome.exit_code == 1
    assert report["errors"] == 1
    assert report["coverage"]["submits"] == 5
    assert report["findings"][0] == {
        "code": "unknown-operation",
        "severity": "error",
        "subject": "lifecycle",
        "message": "the document has no operation getGenerations",
        "file": misspelled,
        "action": 1,
        "pointer": "/x-async-jobs/lifecycles/generation/read/operation",
        "actual": "getGenerations",
        "expected": "",
        "candidates": ["getGeneration", "listGenerations", "deleteGeneration"],
        "fix": [
            {
                "target": "$['x-async-jobs'].lifecycles.generation.read.operation",
                "description": "getGenerations does not exist.",
                "update": "getGeneration",
            }
        ],
    }


def test_what_could_not_be_served_is_an_error(tmp_path: Path) -> None:
    get = "get: {responses: {'200': {description: A render.}}}"
    document = tmp_path / "api.yaml"
    document.write_text(
        "openapi: 3.1.0\ninfo: {title: Acme, version: '1'}\npaths:\n"
        f"  /renders/{{id}}: {{{get}}}\n  /renders/{{name}}: {{{get}}}\n"
    )

    outcome = CliRunner().invoke(main, ["check", str(document)])

    assert outcome.exit_code == 1
    assert "cannot be told from GET /renders/{id}" in outcome.stdout
    assert "[unservable-document]" in outcome.stdout
    assert "- target: $.paths['/renders/{name}'].get\n" in outcome.stdout


def test_a_readme_is_no_document(tmp_path: Path) -> None:
    document = tmp_path / "README.md"
    document.write_text("# Acme\n\nRun `acme serve`.\n\n- here: [docs](x)\n")

    outcome = CliRunner().invoke(main, ["check", str(document)])

    assert outcome.exit_code == 1
    assert "line 5: it is neither JSON nor YAML" in outcome.stdout


def test_a_document_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    outcome = CliRunner().invoke(main, ["check", str(tmp_path / "missing.yaml")])

    assert outcome.exit_code == 1
    assert "[unreadable-document]" in outcome.stdout


def test_an_overlay_that_cannot_be_read_is_named_and_nothing_is_inferred(tmp_path: Path) -> None:
    missing, empty = tmp_path / "missing.yaml", tmp_path / "empty.yaml"
    empty.write_text("")

    for overlay, reason in ((missing, "cannot read it"), (empty, "it is empty; an overlay begins with")):
        outcome = CliRunner().invoke(main, ["check", DOCUMENT, "--lifecycle", str(overlay)])

        first, second, *rest = outcome.stdout.splitlines()
        assert outcome.exit_code == 1
        assert first == f"error: {overlay}: the overlay"
        assert reason in second
        assert rest == ["", f"{DOCUMENT}: 1 error, 0 warnings"]


def test_an_action_that_needs_another_one_says_so(tmp_path: Path) -> None:
    overlay = tmp_path / "life.yaml"
    overlay.write_text(
        "overlay: 1.1.0\ninfo: {title: Life, version: '1'}\nactions:\n"
        "  - {target: $.foo, update: {x-async-jobs: {version: '2', lifecycles: {}}}}\n"
        "  - {target: \"$['x-async-jobs'].lifecycles\", update: {render: {}}}\n"
    )

    outcome = CliRunner().invoke(main, ["check", DOCUMENT, "--lifecycle", str(overlay)])

    lines = outcome.stdout.splitlines()
    assert lines[1:3] == [
        "  the target $.foo matches nothing [unmatched-action]",
        "  expected: $, or a place that the document has, such as $.paths; earlier actions may add it",
    ]
    assert (
        "  the target $['x-async-jobs'].lifecycles matches nothing, because action 1 was not applied "
        "[unmatched-action]"
    ) in lines
    assert "no-lifecycle" not in outcome.stdout


@pytest.mark.parametrize("command", ["serve", "dry-run"])
def test_other_commands_name_the_overlay_and_the_check(misspelled: str, command: str) -> None:
    outcome = CliRunner().invoke(main, [command, DOCUMENT, "--lifecycle", misspelled])

    assert outcome.exit_code == 1
    assert outcome.stderr == (
        f"Error: {DOCUMENT} with {misspelled}: /x-async-jobs/lifecycles/generation/read/operation: "
        "the document has no operation getGenerations; did you mean 'getGeneration'? (`safelight-mock check "
        f"{DOCUMENT} --lifecycle {misspelled}` says how to correct it)\n"
    )
