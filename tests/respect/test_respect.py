"""Redocly's `respect`, which is not ours, executes the workflows against the mock server."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.respect.running import lint, respect, served_at

from safelight_codegen._cli import main
from safelight_mock import ClockMode, MockServer, Settings, Spec
from safelight_openapi import list_vendors, read_document

pytestmark = [pytest.mark.workflows, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
PHOTO = ROOT / "tests" / "data" / "chelsea.jpg"
EXAMPLES = sorted(one.parent.name for one in (ROOT / "examples").glob("*/lifecycle.overlay.yaml"))


@pytest.mark.parametrize("vendor", list_vendors(ROOT))
def test_every_step_for_a_built_in_vendor_passes(vendor: str, tmp_path: Path) -> None:
    arazzo = written(tmp_path, vendor)

    with MockServer(Settings(clock=ClockMode.AUTO)) as server:
        serve_at(tmp_path, f"{server.origin}/{vendor}")
        ran = respect(arazzo)

    assert ran.code == 0, ran.output
    assert ran.steps == steps(arazzo)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_step_for_an_example_passes(example: str, tmp_path: Path) -> None:
    document, lifecycle = files_of(example)
    arazzo = written(tmp_path, str(document), "--lifecycle", str(lifecycle))

    with MockServer(Settings(clock=ClockMode.AUTO), specs=[Spec(document, lifecycle, example)]) as server:
        serve_at(tmp_path, f"{server.origin}/{example}")
        ran = respect(arazzo)

    assert ran.code == 0, ran.output
    assert ran.steps == steps(arazzo)


def test_a_server_that_does_something_else_is_noticed(tmp_path: Path) -> None:
    arazzo = written(tmp_path, "tengr")

    with MockServer(Settings(clock=ClockMode.AUTO)) as server:
        serve_at(tmp_path, f"{server.origin}/claid")
        ran = respect(arazzo)

    assert ran.code == 1


@pytest.mark.parametrize("name", [*list_vendors(ROOT), *EXAMPLES])
def test_redocly_has_nothing_to_say_of_a_document(name: str, tmp_path: Path) -> None:
    document, lifecycle = files_of(name)
    arguments = (str(document), "--lifecycle", str(lifecycle)) if name in EXAMPLES else (name,)

    ran = lint(written(tmp_path, *arguments))

    assert ran.code == 0, ran.output
    assert "warning" not in ran.output.lower().replace("deprecation warning", "")


def files_of(example: str) -> tuple[Path, Path]:
    folder = ROOT / "examples" / example
    return next(folder.glob("*[ri].yaml"), folder), folder / "lifecycle.overlay.yaml"


def written(folder: Path, *arguments: str) -> Path:
    """Write the workflows of an API, with the OpenAPI document and a photograph beside them."""
    arazzo = folder / "jobs.arazzo.yaml"
    (folder / "cat.jpg").write_bytes(PHOTO.read_bytes())
    options = ("--file", "cat.jpg", "--retry-after", "0", "--root", str(ROOT))
    files = ("--document", str(folder / "openapi.json"), "-o", str(arazzo))
    ran = CliRunner().invoke(main, ["arazzo", *arguments, *options, *files], catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    return arazzo


def serve_at(folder: Path, origin: str) -> None:
    path = folder / "openapi.json"
    path.write_text(json.dumps(served_at(json.loads(path.read_text()), origin)))


def steps(arazzo: Path) -> dict[str, list[str]]:
    document: Any = read_document(arazzo)
    return {one["workflowId"]: [step["stepId"] for step in one["steps"]] for one in document["workflows"]}
