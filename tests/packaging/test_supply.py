"""What is installed is what was locked, by hash, and licences are named where their code is offered."""

import json
import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import files
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "locks").glob("*.txt"))
SDKS = sorted((ROOT / "tests/sdks/locks").glob("*.txt"))  # each for an environment of its own
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
MAKEFILE = (ROOT / "Makefile").read_text()
DOCKERFILE = (ROOT / "Dockerfile").read_text()
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
NPM = [
    ROOT / folder
    for folder in ("benchmarks", "contract_tests/claid/samples", "tests/generators", "tests/respect")
]


def pins(lock: Path) -> set[tuple[str, str]]:
    return set(re.findall(r"^([\w.-]+)==([^\s;]+)", lock.read_text(), re.MULTILINE))


def extras() -> Iterator[Requirement]:
    project = PROJECT["project"]
    for listed in (project["dependencies"], *project["optional-dependencies"].values()):
        yield from map(Requirement, listed)


def locked() -> Iterator[Requirement]:
    """What `locks/dev.txt` is made from."""
    yield from (one for one in extras() if one.name != "safelight")
    for listed in PROJECT["dependency-groups"].values():
        yield from (Requirement(one) for one in listed if isinstance(one, str))


@pytest.mark.parametrize("lock", [*LOCKS, *SDKS], ids=lambda lock: lock.name)
def test_every_pin_of_a_lock_has_hashes_and_no_line_an_address(lock: Path) -> None:
    text = lock.read_text()
    pinned = re.split(r"^(?=\w)", text, flags=re.MULTILINE)[1:]

    assert pinned
    assert [one for one in pinned if not re.search(r"--hash=sha256:[0-9a-f]{64}", one)] == []
    assert "://" not in text
    assert "index" not in text


@pytest.mark.parametrize("name", ["build", "mock", "uv"])
def test_the_smaller_locks_pin_what_the_large_one_pins(name: str) -> None:
    assert pins(ROOT / "locks" / f"{name}.txt") <= pins(ROOT / "locks" / "dev.txt")


def test_the_locks_contain_the_dependencies_of_the_project() -> None:
    known = {canonicalize_name(name): version for lock in LOCKS for name, version in pins(lock)}

    assert [
        str(one) for one in locked() if Version(known[canonicalize_name(one.name)]) not in one.specifier
    ] == []


def test_make_install_takes_nothing_without_a_hash_but_the_project_itself() -> None:
    recipe = MAKEFILE.partition("$(STAMP): ")[2].partition("\n\n")[0]
    installing = [line for line in recipe.splitlines() if re.search(r"pip (install|sync)", line)]

    assert [one for one in installing if "--require-hashes" not in one] == [
        "\t$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable ."
    ]
    assert len(installing) == 3


def test_the_image_takes_nothing_without_a_hash_but_the_wheel_it_made() -> None:
    installing = re.findall(r"pip (?:install|wheel) .*", DOCKERFILE)

    assert len(installing) == 4
    assert [one for one in installing if not re.search("--require-hashes|--no-deps .*--no-index", one)] == []


def test_the_image_holds_the_licence_and_the_notice() -> None:
    kept = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)

    assert {"LICENSE", "NOTICE", "locks"} <= set(kept)
    assert "COPY LICENSE NOTICE /usr/share/doc/safelight/" in DOCKERFILE.rpartition("FROM ")[2]


def test_no_extra_pins_an_exact_version() -> None:
    assert [str(one) for one in extras() if re.search("={2,3}", str(one.specifier))] == []


def test_uvicorn_has_an_upper_bound_since_its_protocol_is_subclassed() -> None:
    (uvicorn,) = (one for one in extras() if one.name == "uvicorn")

    assert (
        "from uvicorn.protocols"
        in (ROOT / "mockserver/safelight_mock/adapters/uvicorn_protocol.py").read_text()
    )
    assert any(one.operator == "<" for one in uvicorn.specifier)


@pytest.mark.parametrize("version", ["1.0.1", "2.0.2"])
def test_both_versions_of_the_query_library_are_allowed(version: str) -> None:
    libraries = [one for one in extras() if one.name == "jsonpath-rfc9535"]

    assert [version in one.specifier for one in libraries] == [True, True]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.name)
def test_actions_are_those_of_a_commit(workflow: Path) -> None:
    used = re.findall(r"uses: (.+)", workflow.read_text())

    assert used
    assert [one for one in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one)] == []


@pytest.mark.parametrize("folder", NPM, ids=lambda folder: folder.name)
def test_packages_of_npm_have_digests_and_no_addresses(folder: Path) -> None:
    packages = json.loads((folder / "package-lock.json").read_text())["packages"]
    installed = {name: one for name, one in packages.items() if name}

    assert installed
    assert [name for name, one in installed.items() if "integrity" not in one or "resolved" in one] == []


def test_the_schema_of_lifecycles_is_a_file() -> None:
    links = [path for path in (ROOT / "lifecycle").rglob("*") if path.is_symlink()]

    assert links == []
    assert (ROOT / "lifecycle/safelight_lifecycle/async-jobs.schema.json").is_file()


def test_the_gpl_is_named_wherever_the_extra_heic_is_offered() -> None:
    bundled = next(one for one in files("pillow-heif") or () if one.name == "LICENSES_bundled.txt")
    offered = {
        name: [line for line in (ROOT / name).read_text().splitlines() if re.search(r"pillow-heif", line)]
        for name in ("README.md", "pyproject.toml")
    }

    assert "binary wheels: GPLv2" in bundled.read_text()
    assert {name: ["GPL" in line for line in lines] for name, lines in offered.items()} == {
        "README.md": [True],
        "pyproject.toml": [True],
    }
    assert re.search(
        r"`safelight\[heic\]` installs pillow-heif.*libx265", (ROOT / "NOTICE").read_text(), re.DOTALL
    )


def test_the_licence_metadata_names_what_is_not_ours() -> None:
    assert PROJECT["project"]["license"].split(" AND ") == [
        "Apache-2.0",
        "MIT",
        "CC0-1.0",
        "LicenseRef-Vendor-Documents",
    ]
    assert PROJECT["project"]["license-files"] == ["LICENSE", "NOTICE"]
    assert "Documents of vendors (LicenseRef-Vendor-Documents)" in (ROOT / "NOTICE").read_text()
