"""The subcommand `check-sources` compares vendored files with their digests."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from safelight_codegen._cli import main

ROOT = Path(__file__).parents[3]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the vendored files, to be changed."""
    shutil.copytree(ROOT / "openapi", tmp_path / "openapi")
    return tmp_path


def run(root: Path, *names: str) -> Result:
    return CliRunner().invoke(main, ["check-sources", "--root", str(root), *names], catch_exceptions=False)


def test_what_is_vendored_here_is_what_was_vendored() -> None:
    result = run(ROOT)

    assert (result.exit_code, result.output) == (0, "")


def test_an_added_byte_is_one_line_with_file_and_advice(copy: Path) -> None:
    edited = copy / "openapi/tengr/detailer-upscaler.yaml"
    edited.write_bytes(edited.read_bytes() + b"\n")

    result = run(copy)

    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"{edited} has sha256 ")
    assert line.endswith(f"write its sha256 into {copy / 'openapi/tengr/source.toml'}")


def test_every_fault_has_its_line(copy: Path) -> None:
    (copy / "openapi/claid/async-image-edit.openapi.json").unlink()
    (copy / "openapi/tengr/source.toml").write_text('[[documents]]\nfile = "a.yaml"\n')
    page = copy / "openapi/topaz/pages/matting.md"
    page.write_text(page.read_text().replace("```json", "```yaml"))

    lines = run(copy).stderr.splitlines()

    assert [line.partition(": ")[0].rpartition("/")[2] for line in lines] == [
        "async-image-edit.openapi.json cannot be read (No such file or directory)",
        "source.toml",
        "matting.openapi.json",
    ]
    assert "document a.yaml lacks kind" in lines[1]
    assert "the page has 0 blocks of fenced-json, not 1" in lines[2]


def test_only_the_vendors_that_are_named_are_looked_at(copy: Path) -> None:
    (copy / "openapi/claid/async-image-edit.openapi.json").write_text("{}")

    assert run(copy, "topaz", "tengr").exit_code == 0
    assert run(copy, "claid").exit_code == 1
    assert "source.toml does not exist" in run(copy, "nobody").stderr


def test_a_folder_without_vendors_fails(tmp_path: Path) -> None:
    result = run(tmp_path)

    assert result.exit_code == 1
    assert "change to the folder that has openapi/, or use --root" in result.stderr


@pytest.mark.parametrize("name", ["../../outside.yaml", "linked/outside.yaml", "{absolute}"])
def test_a_file_outside_the_folder_of_its_vendor_is_neither_read_nor_written(copy: Path, name: str) -> None:
    outside = copy / "outside.yaml"
    outside.write_text("as it was")
    (copy / "openapi/topaz/linked").symlink_to(copy)
    source = copy / "openapi/topaz/source.toml"
    named = name.format(absolute=outside.as_posix())
    source.write_text(source.read_text().replace('"enhance.openapi.yaml"', f'"{named}"'))

    written = CliRunner().invoke(main, ["vendor", "--root", str(copy), "topaz"])

    assert written.exit_code == 1
    assert f"{named} is outside {copy}/openapi/topaz/; move the file there" in written.stderr
    assert f"{named} is outside" in run(copy).stderr
    assert outside.read_text() == "as it was"
