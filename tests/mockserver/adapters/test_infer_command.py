"""`safelight-mock infer` writes the lifecycles that a document most likely has."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from safelight_mock.adapters.cli import main

pytestmark = pytest.mark.slow

EXAMPLES = Path(__file__).parents[3] / "examples"


def test_the_overlay_is_written_to_standard_output_and_a_summary_to_standard_error() -> None:
    outcome = CliRunner().invoke(main, ["infer", str(EXAMPLES / "luma/openapi.yaml")])

    assert outcome.exit_code == 0
    assert "read:\n              operation: getGeneration" in outcome.stdout
    assert outcome.stderr.startswith("generation: 35 facts, ")


def test_the_output_is_the_same_each_time_also_of_swagger_2(tmp_path: Path) -> None:
    document = str(EXAMPLES / "azure-document-intelligence/swagger.yaml")
    first, second = tmp_path / "first.yaml", tmp_path / "second.yaml"

    for output in (first, second):
        assert CliRunner().invoke(main, ["infer", document, "-o", str(output)]).exit_code == 0

    assert first.read_text() == second.read_text()
    assert "DocumentModels_AnalyzeDocument" in first.read_text()


def test_an_output_that_was_edited_is_replaced_only_on_demand(tmp_path: Path) -> None:
    command = ["infer", str(EXAMPLES / "luma/openapi.yaml"), "-o", str(tmp_path / "overlay.yaml")]
    output = tmp_path / "overlay.yaml"
    assert CliRunner().invoke(main, command).exit_code == 0
    inferred = output.read_text()
    assert CliRunner().invoke(main, command).exit_code == 0
    output.write_text(f"{inferred}# edited\n")

    refused = CliRunner().invoke(main, command)

    assert refused.exit_code == 1
    assert "overlay.yaml exists and differs from what is inferred; give another --output" in refused.stderr
    assert output.read_text() == f"{inferred}# edited\n"
    assert CliRunner().invoke(main, [*command, "--force"]).exit_code == 0
    assert output.read_text() == inferred


def test_a_document_without_jobs_is_an_error_that_says_what_was_looked_for(tmp_path: Path) -> None:
    document = tmp_path / "pets.yaml"
    document.write_text(
        "openapi: 3.1.0\ninfo: {title: Pets, version: '1'}\n"
        "paths: {/pets: {get: {responses: {'200': {description: Pets.}}}}}\n"
    )

    outcome = CliRunner().invoke(main, ["infer", str(document)])

    assert outcome.exit_code == 1
    assert "no job was recognised: no GET takes an id" in outcome.stderr


def test_a_document_that_has_lifecycles_is_one_to_check(tmp_path: Path) -> None:
    text = (EXAMPLES / "luma/openapi.yaml").read_text("utf-8")
    document = tmp_path / "api.yaml"
    document.write_text(f"{text}\nx-async-jobs: {{version: '2', lifecycles: {{}}}}\n", "utf-8")

    outcome = CliRunner().invoke(main, ["infer", str(document)])

    assert outcome.exit_code == 1
    assert "has x-async-jobs already; 'safelight-mock check' lists what it lacks" in outcome.stderr


def test_an_output_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    document = str(EXAMPLES / "luma/openapi.yaml")

    outcome = CliRunner().invoke(main, ["infer", document, "-o", str(tmp_path / "missing/overlay.yaml")])

    assert outcome.exit_code == 1
    assert "No such file or directory; choose another --output" in outcome.stderr
