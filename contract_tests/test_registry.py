"""Every vendor is complete; an incomplete one fails with its next step."""

import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from shutil import copy, copytree, ignore_patterns

import pytest

ROOT = Path(__file__).resolve().parents[1]
TOY = Path(__file__).parent / "toy"
SLUG = "etcher"
PACKAGES = ("codegen", "client", "generated", "lifecycle", "mockserver", "openapi_tools")
DATA = ("openapi", "overlays")
REGISTRY = "mockserver/safelight_mock/vendors/__init__.py"

IsThere = Callable[[Path, str], bool]

# The steps of "Adding a vendor" in CONTRIBUTING.md: whether one is done, and what to do if not.
STEPS: Sequence[tuple[IsThere, str]] = (
    (
        lambda root, slug: (root / "openapi" / slug / "source.toml").is_file(),
        "say in openapi/{slug}/source.toml where its documents come from",
    ),
    (
        lambda root, slug: _says(root / "overlays" / slug / "truth", "x-async-jobs"),
        "say by an overlay in overlays/{slug}/truth/ how its jobs live (x-async-jobs)",
    ),
    (
        lambda root, slug: (root / "generated" / "safelight_specs" / f"{slug}.json").is_file(),
        "run `make generate`",
    ),
    (
        lambda root, slug: any((root / REGISTRY).parent.glob(f"{slug}*")) or _is_described(root, slug),
        "write mockserver/safelight_mock/vendors/{slug}.py, or a package of that name, with one Vendor",
    ),
    (
        lambda root, slug: (
            f"safelight_mock.vendors.{slug} import" in _text(root / REGISTRY) or _is_described(root, slug)
        ),
        f"enter it in VENDORS in {REGISTRY}",
    ),
    (
        lambda root, slug: any((root / "contract_tests" / slug).glob("test_*.py")),
        "write journeys in contract_tests/{slug}/",
    ),
    (
        lambda root, slug: (
            re.search(rf'^id = "{slug}[:/.]', _text(root / "docs" / "fidelity.toml"), re.MULTILINE)
            is not None
        ),
        "give its operations rows in docs/fidelity.toml",
    ),
)


def missing_step(root: Path, slug: str) -> str | None:
    """Return the next step for adding a vendor; None if nothing is missing."""
    return next((step.format(slug=slug) for is_there, step in STEPS if not is_there(root, slug)), None)


def begun(root: Path) -> list[str]:
    return sorted(folder.name for folder in (root / "openapi").iterdir() if folder.is_dir())


@pytest.mark.parametrize("slug", begun(ROOT))
def test_every_vendor_has_all_of_its_parts(slug: str) -> None:
    step = missing_step(ROOT, slug)

    assert step is None, f"{slug} is not finished: {step}; see CONTRIBUTING.md"


@pytest.mark.slow
def test_a_vendor_is_added_by_the_steps_of_contributing(tmp_path: Path) -> None:
    for folder in (*PACKAGES, *DATA):
        copytree(ROOT / folder, tmp_path / folder, ignore=ignore_patterns("__pycache__", "node_modules"))
    (tmp_path / "docs").mkdir()

    missing = [missing_step(tmp_path, SLUG)]
    for step in (_document, _overlay, _generate, _module, _entry, _journey, _row):
        step(tmp_path)
        missing.append(missing_step(tmp_path, SLUG))

    assert missing == [*(step.format(slug=SLUG) for _, step in STEPS), None]
    assert "5 passed" in _run(tmp_path, "-m", "pytest", "-q", "contract_tests/etcher")


def test_contributing_lists_each_step() -> None:
    result = (ROOT / "CONTRIBUTING.md").read_text().partition("## Adding a vendor")[2]

    places = ("source.toml", "x-async-jobs", "make generate", "one `Vendor`", "`VENDORS`", "Journeys", "Rows")
    positions = [result.find(location) for location in places]

    assert -1 not in positions
    assert positions == sorted(positions)


def _document(root: Path) -> None:
    copytree(TOY / "openapi", root / "openapi", dirs_exist_ok=True)


def _overlay(root: Path) -> None:
    copytree(TOY / "overlays", root / "overlays", dirs_exist_ok=True)


def _generate(root: Path) -> None:
    _run(root, "-m", "safelight_codegen", "generate", SLUG)


def _module(root: Path) -> None:
    copy(TOY / REGISTRY.replace("__init__", SLUG), root / REGISTRY.replace("__init__", SLUG))


def _entry(root: Path) -> None:
    text = (root / REGISTRY).read_text()
    text = text.replace(
        "\nDESCRIBED", f"\nfrom safelight_mock.vendors.{SLUG} import {SLUG.upper()}\n\nDESCRIBED", 1
    )
    (root / REGISTRY).write_text(re.sub(r"in \((\w+)", rf"in ({SLUG.upper()}, \1", text))


def _journey(root: Path) -> None:
    copytree(TOY / "contract_tests", root / "contract_tests")


def _row(root: Path) -> None:
    (root / "docs" / "fidelity.toml").write_text(f'[[row]]\nid = "{SLUG}/etch"\n')


def _run(root: Path, *arguments: str) -> str:
    """Run Python where only the copy, with Etcher in it, is known."""
    path = ":".join(str(root / package) for package in PACKAGES)
    done = subprocess.run(
        [sys.executable, "-B", *arguments],
        cwd=root,
        env={"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _is_described(root: Path, slug: str) -> bool:
    """Whether a vendor is made of its document alone."""
    described = re.search(r"^DESCRIBED = \((.*)\)$", _text(root / REGISTRY), re.MULTILINE)
    return described is not None and f'"{slug}"' in described[1]


def _says(folder: Path, state_name: str) -> bool:
    return any(state_name in _text(file) for file in folder.glob("*.overlay.yaml"))


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.is_file() else ""
