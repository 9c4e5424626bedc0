"""The subcommand `generate` rewrites generated/, and with --check reports what is outdated."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from safelight_codegen._commands.generate import generate
from safelight_codegen._generate.file_tree import read_tree
from safelight_openapi import list_vendors

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).parents[3]
OVERLAY = "overlays/topaz/truth/10-service.overlay.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in ("openapi", "overlays", "generated"):
        shutil.copytree(PROJECT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(generate, ["--root", str(root), *arguments])


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_fresh_tree_passes_the_check_and_is_not_touched(root: Path) -> None:
    before = read_tree(root)

    result = run(root, "--check")

    assert (result.exit_code, result.output) == (0, "")
    assert read_tree(root) == before


def test_a_changed_overlay_fails_the_check_until_generated_again(root: Path) -> None:
    edit(root / OVERLAY, "title: Image API", "title: Picture API")
    before = read_tree(root)

    stale = run(root, "--check")
    unchanged = read_tree(root) == before
    mended = run(root)
    fresh = run(root, "--check", "topaz")

    assert stale.exit_code == 1
    assert f"input changed: {OVERLAY}" in stale.stderr
    assert '-    "title": "Image API"' in stale.stderr
    assert "differs: generated/safelight_specs/topaz.json" in stale.stderr
    assert stale.stderr.endswith("run: make generate\n")
    assert unchanged
    assert (mended.exit_code, fresh.exit_code) == (0, 0)


def test_an_overlay_that_matches_nothing_stops_generation_and_leaves_the_old_tree(root: Path) -> None:
    edit(root / OVERLAY, "target: $.info", "target: $.nothing")
    before = read_tree(root)

    result = run(root)

    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert OVERLAY in result.stderr
    assert "Traceback" not in result.stderr
    assert read_tree(root) == before


def test_an_unknown_vendor_is_reported_with_the_known_ones(root: Path) -> None:
    result = run(root, "kodak")

    assert result.exit_code == 1
    known = ", ".join(list_vendors(PROJECT))
    assert result.stderr == f"Error: unknown vendor 'kodak'; it must be one of {known}\n"


def test_a_folder_without_documents_is_rejected(tmp_path: Path) -> None:
    result = run(tmp_path)

    assert result.exit_code == 1
    assert "no openapi/*/source.toml below" in result.stderr


@pytest.mark.slow
def test_one_vendor_is_generated_anew_beside_its_neighbour(root: Path) -> None:
    shutil.copytree(root / "openapi/topaz", root / "openapi/kodak")
    shutil.copytree(root / "overlays/topaz", root / "overlays/kodak")
    for overlay in (root / "overlays/kodak").rglob("*.yaml"):
        text = overlay.read_text(encoding="utf-8")
        overlay.write_text(text.replace("openapi/topaz/", "openapi/kodak/"), encoding="utf-8")

    alone = run(root, "--check", "topaz")
    both = run(root)
    edit(root / "overlays/kodak/truth/10-service.overlay.yaml", "title: Image API", "title: Film API")
    topaz = run(root, "--check", "topaz")
    kodak = run(root, "--check", "kodak")

    assert (alone.exit_code, alone.stderr) == (0, "")
    assert (both.exit_code, both.stderr) == (0, "")
    listed = ", ".join(f'"{name}"' for name in sorted([*list_vendors(PROJECT), "kodak"]))
    assert f"VENDORS: Final[tuple[str, ...]] = ({listed})" in (
        root / "generated/safelight_specs/__init__.py"
    ).read_text(encoding="utf-8")
    assert (topaz.exit_code, topaz.stderr) == (0, "")
    assert kodak.exit_code == 1
    assert "input changed: overlays/kodak/truth/10-service.overlay.yaml" in kodak.stderr
    assert "overlays/topaz" not in kodak.stderr


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "locale"), [("1", "C"), ("2", "C.UTF-8")])
def test_generation_depends_on_neither_hash_seed_nor_locale_nor_folder(
    root: Path, seed: str, locale: str
) -> None:
    expected = read_tree(root / "generated")
    shutil.rmtree(root / "generated")
    elsewhere = root / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "pyproject.toml").write_text("[tool.ruff]\nline-length = 40\n")
    (elsewhere / "types.py").write_text("raise SystemExit('imported from the current folder')\n")

    command = "import sys; sys.path.remove(''); from safelight_codegen._cli import main; main()"
    subprocess.run(
        [sys.executable, "-c", command, "generate", "--root", str(root)],
        cwd=elsewhere,
        env={"PYTHONHASHSEED": seed, "LC_ALL": locale, "PATH": os.devnull, "RUFF_LINE_LENGTH": "40"},
        check=True,
    )

    assert read_tree(root / "generated") == expected
