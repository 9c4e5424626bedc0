"""The subcommand `drift`: what it rejects, what it reports, and its exit status."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from safelight_codegen._cli import main

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
ENHANCE = (ROOT / "openapi/topaz/enhance.openapi.yaml").read_text()
DETAILER = (ROOT / "openapi/tengr/detailer-upscaler.yaml").read_text()
PAGE = ROOT / "openapi/topaz/pages/matting.md"
PETS = "openapi: 3.0.0\ninfo: {title: Pets, version: '1'}\npaths: {/pets: {get: {operationId: pets}}}\n"


def run(*arguments: str | Path, vendor: str = "topaz", root: Path = ROOT) -> Result:
    return CliRunner().invoke(
        main, ["drift", "--vendor", vendor, "--root", str(root), *map(str, arguments)], catch_exceptions=False
    )


@pytest.fixture
def new(tmp_path: Path) -> Path:
    return tmp_path / "new.yaml"


REFUSED = {
    "<!DOCTYPE html>\n<html><head><title>Not\nfound</title></head></html>": "it is a web page (Not found)",
    "<html lang=en><body>Not found</body></html>": "it is a web page, not an OpenAPI document",
    '{"message": "not found"}': "it has no `openapi: 3…`; it has message.",
    '{"swagger": "2.0", "paths": {}}': "it is Swagger 2.0; use OpenAPI 3.0 or 3.1.",
    "[1, 2]": "it is a list.",
    "Not found": "it is a single value.",
    "": "it is empty.",
    "a: [": "it is not valid YAML",
    "#" * 4_000_001: "it has more than 4 MB",
    "openapi: 3.3.0\npaths: {}": "`openapi` is '3.3.0'; it must be 2.0 (Swagger), 3.0.x, 3.1.x or 3.2.x",
    "openapi: 3.1.0\npaths: {}": "it has no operations; use a document that has some.",
    PETS.replace("{operationId: pets}", "{$ref: ../../pets.yaml}"): (
        "at /paths/~1pets/get/$ref, ../../pets.yaml leads out of the document; bundle all of it into one file"
    ),
    PETS: "it describes another API (Pets): it has no operation of",
}


@pytest.mark.parametrize("text", REFUSED, ids=REFUSED.values())
def test_another_file_than_a_document_is_rejected_in_one_line(new: Path, text: str) -> None:
    new.write_text(text)

    result = run(new)

    assert (result.exit_code, result.stdout) == (1, "")
    assert REFUSED[text] in result.stderr
    assert result.stderr.count("\n") == 1
    assert "new.yaml" in result.stderr


def test_a_missing_file_is_rejected(new: Path) -> None:
    assert "cannot read it" in run(new).stderr


def test_bytes_are_rejected(new: Path) -> None:
    new.write_bytes(b"\xff\xd8\xff\xe0")

    assert "it is not UTF-8 text" in run(new).stderr


def test_an_unknown_vendor_is_rejected(new: Path) -> None:
    new.write_text(ENHANCE)

    assert ": vendor nobody: " in run(new, vendor="nobody").stderr
    assert (
        "openapi/nobody/source.toml does not exist; use one of claid, tengr, topaz\n"
        in run(new, vendor="nobody").stderr
    )


def test_the_same_document_has_not_changed(new: Path) -> None:
    new.write_text(DETAILER)

    result = run(new, vendor="tengr")

    assert result.exit_code == 0
    assert "tengr: harmless" in result.stdout
    assert "version: none (nothing changed)" in result.stdout


MORE = "paths:\n  /v2/artworks/blend:\n    post: {responses: {'200': {description: Blended.}}}\n"
SUMMARY = "      summary: Detailer Upscaler\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "now", "code", "bump"),
    [
        (
            "description: Unauthorized",
            "description: No key.",
            0,
            "patch (nothing is added and nothing breaks)",
        ),
        ("paths:\n", MORE, 0, "minor (1 change adding something, the first: operation added at "),
        (SUMMARY, "      deprecated: true\n", 3, "minor (1 change to review, which may be "),
        (
            "artworks/detailer",
            "artworks/create-detailer",
            4,
            "major (1 change breaking, the first: operation ",
        ),
    ],
)
def test_the_exit_status_and_the_version_follow_the_worst_change(
    new: Path, old: str, now: str, code: int, bump: str
) -> None:
    new.write_text(DETAILER.replace(old, now, 1))

    result = run(new, vendor="tengr")

    assert f"version: {bump}" in result.stdout
    assert result.exit_code == code


@pytest.mark.slow
@pytest.mark.parametrize(("fail_on", "code"), [("review", 4), ("breaking", 4), ("nothing", 0)])
def test_what_makes_it_fail_can_be_chosen(new: Path, fail_on: str, code: int) -> None:
    new.write_text(DETAILER.replace("webhook:", "webhookUrl:"))

    assert run(new, "--fail-on", fail_on, vendor="tengr").exit_code == code


@pytest.mark.slow
def test_what_needs_a_look_may_pass(new: Path) -> None:
    new.write_text(DETAILER.replace(SUMMARY, "      deprecated: true\n"))

    assert run(new, "--fail-on", "breaking", vendor="tengr").exit_code == 0


@pytest.mark.slow
def test_an_overlay_that_no_longer_fits_needs_a_look_though_the_change_is_harmless(new: Path) -> None:
    conflict = "        409:\n          $ref: '#/components/responses/Conflict'\n"
    head, mark, tail = ENHANCE.partition("#/components/schemas/DownloadResponse'\n")
    new.write_text(head + mark + conflict + tail)

    result = run(new)

    assert result.exit_code == 3
    assert "overlays/topaz/truth/40-errors.overlay.yaml, action 3 does nothing" in result.stdout
    assert "remove the action: the vendor has made the same change" in result.stdout


@pytest.mark.parametrize(
    ("old", "now", "output"),
    [
        (
            "      responses:\n",
            "      responses: []\n      x-was:\n",
            "the document is malformed and cannot be checked",
        ),
        ("paths:\n", "tags: [{}]\npaths:\n", "the document is malformed and cannot be checked"),
    ],
)
def test_a_malformed_document_is_compared_as_far_as_it_goes(
    new: Path, old: str, now: str, output: str
) -> None:
    new.write_text(DETAILER.replace(old, now, 1))

    result = run(new, vendor="tengr")

    assert result.exit_code in {3, 4}
    assert output in result.stdout


@pytest.fixture
def moved(new: Path) -> Path:
    new.write_text(
        ENHANCE.replace("/cancel/{process_id}", "/jobs/{process_id}").replace("            - CGI\n", "")
    )
    return new


@pytest.mark.slow
def test_the_text_has_change_location_and_affected_code(moved: Path) -> None:
    output = run(moved).stdout.splitlines()

    assert output[0] == "topaz: breaking"
    assert "  operation moved at /paths/~1cancel~1{process_id}/delete" in output
    assert '    was "DELETE /cancel/{process_id}", now "DELETE /jobs/{process_id}"' in output
    assert '    removed ["CGI"]' in output
    assert "  overlays/topaz/truth/30-operations.overlay.yaml, action 6 matches nothing" in output
    assert "  cancelEnhance, in Safelight cancelTask" in output
    assert "    safelight_clients.topaz.api.cancel.cancel_task" in output
    assert any(line.startswith("    mockserver/safelight_mock/vendors/topaz/") for line in output)
    assert any(
        line.startswith("    client/safelight/_vendors/topaz.py:") and "Topaz.enhance" in line
        for line in output
    )
    reference = "  /x-async-jobs/lifecycles/image/moves/0/operation: the document has no operation cancelTask"
    assert f"{reference}; did you mean 'cancelEnhance'?" in output


@pytest.mark.slow
def test_the_json_has_the_same_content(moved: Path) -> None:
    output = json.loads(run(moved, "--format", "json").stdout)

    assert output["severity"] == "breaking"
    assert output["old"] == "openapi/topaz/enhance.openapi.yaml"
    assert output["version"]["bump"] == "major"
    assert {
        "rule": "operation moved",
        "severity": "breaking",
        "direction": "neither",
        "pointer": "/paths/~1cancel~1{process_id}/delete",
        "reason": "requests are sent to a path that no longer exists",
        "operations": ["cancelEnhance"],
        "was": "DELETE /cancel/{process_id}",
        "now": "DELETE /jobs/{process_id}",
    } in output["changes"]
    assert output["affected"][-1]["operation"] == "cancelTask"


@pytest.mark.slow
def test_the_markdown_is_safe_in_an_issue(new: Path) -> None:
    new.write_text(ENHANCE.replace("- CGI", "- 'a|b `c` @everybody <img>'", 1))

    output = run(new, "--format", "markdown").stdout

    assert output.startswith("## topaz: breaking\n")
    row = next(line for line in output.splitlines() if "@everybody" in line)
    assert row.count("`") % 2 == 0
    assert row.replace("\\|", "").count("|") == 6
    assert "`c`" not in row


@pytest.mark.slow
def test_the_newest_of_several_vendored_documents_that_fit_is_compared_with(new: Path) -> None:
    new.write_text((ROOT / "openapi/topaz/matting.openapi.json").read_text().replace("1.2.0", "1.3.0"))

    assert "openapi/topaz/matting.openapi.json -> " in run(new).stdout


@pytest.mark.slow
def test_the_document_to_compare_with_can_be_named(new: Path) -> None:
    new.write_text(ENHANCE)

    result = run(new, "--against", "matting.openapi.json")

    assert result.exit_code == 4
    assert "operation removed at /paths/~1matting~1async/post" in result.stdout
    assert "has no pets.json; it has enhance.openapi.yaml" in run(new, "--against", "pets.json").stderr


@pytest.mark.slow
def test_a_page_may_have_a_method_of_extraction(tmp_path: Path) -> None:
    result = run(shutil.copy(PAGE, tmp_path), "--cut", "fenced-json")

    assert result.exit_code == 0
    assert "version: none" in result.stdout


def test_a_page_without_a_document_is_rejected(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Gone")

    assert "the page has 0 blocks of fenced-json, not 1" in run(page, "--cut", "fenced-json").stderr


def test_nothing_is_compared_with_a_vendored_document_that_was_edited(tmp_path: Path, new: Path) -> None:
    shutil.copytree(ROOT / "openapi", tmp_path / "openapi")
    edited = tmp_path / "openapi/topaz/denoise.txt"
    edited.write_text(edited.read_text() + "\n")
    new.write_text(ENHANCE)

    result = run(new, root=tmp_path)

    assert result.exit_code == 1
    assert "the vendored file was changed; see `make check-sources`" in result.stderr


def test_the_help_explains_each_exit_status() -> None:
    output = CliRunner().invoke(main, ["drift", "--help"]).stdout

    assert [line.split()[0] for line in output.partition("Exit status:")[2].splitlines()[1:6]] == [*"01234"]


@pytest.mark.slow
def test_a_name_that_drives_terminals_is_spelled_out_in_one_line(new: Path) -> None:
    new.write_text(DETAILER.replace("webhook:", '"a\\e[2Jb\\nc":', 1))

    result = run(new, vendor="tengr")

    assert result.stdout.count("/properties/a\\x1b[2Jb\\nc") == 1
    assert "\x1b" not in result.stdout
