"""The subcommand `arazzo`."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from safelight_codegen._commands.arazzo import arazzo
from safelight_lifecycle import JSON
from safelight_openapi import read_document

ROOT = Path(__file__).parents[3]
BFL = ROOT / "examples" / "bfl"
AZURE = ROOT / "examples" / "azure-document-intelligence"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(arazzo, [str(argument) for argument in arguments])


def of(folder: Path) -> tuple[Path, str, Path]:
    return next(folder.glob("*[ri].yaml")), "--lifecycle", folder / "lifecycle.overlay.yaml"


def read(path: Path) -> JSON:
    return read_document(path)


def test_the_workflows_refer_to_the_document_from_where_they_are_written(tmp_path: Path) -> None:
    document = tmp_path / "api" / "bfl.yaml"
    document.parent.mkdir()
    document.write_bytes((BFL / "openapi.yaml").read_bytes())

    ran = run(document, *of(BFL)[1:], "-o", tmp_path / "jobs.arazzo.yaml")

    assert ran.exit_code == 0
    assert read(tmp_path / "jobs.arazzo.yaml")["sourceDescriptions"] == [
        {"name": "bfl", "url": "api/bfl.yaml", "type": "openapi"}
    ]


def test_the_effective_document_is_written_beside_them(tmp_path: Path) -> None:
    files = ("--document", tmp_path / "api.json", "-o", tmp_path / "jobs.arazzo.json")

    ran = run(*of(AZURE), "--name", "Azure", "--server", "http://localhost:4010", *files)

    assert ran.exit_code == 0
    assert read(tmp_path / "api.json")["openapi"] == "3.1.2"
    assert read(tmp_path / "jobs.arazzo.json")["sourceDescriptions"] == [
        {"name": "azure", "url": "api.json", "type": "openapi", "x-serverUrl": "http://localhost:4010"}
    ]


@pytest.mark.slow  # a vendor is built twice
def test_two_runs_write_the_same(tmp_path: Path) -> None:
    first = run("tengr", "--root", ROOT, "-o", tmp_path / "a.yaml")
    second = run("tengr", "--root", ROOT, "-o", tmp_path / "b.yaml")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert (tmp_path / "a.yaml").read_bytes() == (tmp_path / "b.yaml").read_bytes()


def test_swagger_has_to_be_written_as_openapi() -> None:
    ran = run(*of(AZURE))

    assert ran.exit_code == 1
    assert "have it written as OpenAPI 3.1 with --document" in ran.stderr


def test_a_document_without_lifecycles_is_refused() -> None:
    ran = run(BFL / "openapi.yaml")

    assert ran.exit_code == 1
    assert "it has no lifecycles under `x-async-jobs`" in ran.stderr


@pytest.mark.parametrize("option", ["--output", "--document"])
def test_a_folder_that_does_not_exist_is_named(tmp_path: Path, option: str) -> None:
    ran = run(*of(BFL), option, tmp_path / "nothing" / "jobs.yaml")

    assert ran.exit_code == 1
    assert f"{tmp_path.as_posix()}/nothing/jobs.yaml: cannot write it (No such file" in ran.stderr


def test_a_file_that_does_not_exist_is_named() -> None:
    ran = run("nothing.yaml")

    assert ran.exit_code == 1
    assert "nothing.yaml" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_an_overlay_is_for_a_document() -> None:
    ran = run("tengr", "--root", ROOT, "--lifecycle", BFL / "lifecycle.overlay.yaml")

    assert ran.exit_code == 2
