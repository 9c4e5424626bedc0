"""openapi-generator's typescript-fetch, which is not ours, makes whole clients of the effective documents."""

import os
import re
import shutil
import subprocess
from collections import defaultdict
from importlib.util import find_spec
from pathlib import Path

import pytest

from safelight_specs import VENDORS, read_spec, spec_bytes

pytestmark = [pytest.mark.generators, pytest.mark.slow]

TSC = Path(__file__).parent / "node_modules" / ".bin" / "tsc"
OPTIONS = ("--noEmit", "--strict", "--target", "es2022", "--module", "preserve", "--lib", "es2022,dom")


@pytest.fixture(scope="module")
def generator() -> tuple[str, ...]:
    """Give the command; a machine of one's own may be without Java, CI may not."""
    java, package = shutil.which("java"), find_spec("openapi_generator_cli")
    missing = {
        "Java 11 (apt-get install default-jre-headless)": java is None,
        "openapi-generator-cli (`make test-slow` installs it)": package is None,
        "TypeScript (`make test-slow` installs it)": not TSC.is_file(),
    }
    if any(missing.values()):
        needed = ", ".join(name for name, is_missing in missing.items() if is_missing)
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"needs {needed}")
    jar = Path((package and package.origin) or "").with_name("openapi-generator.jar")
    return (java or "", "-jar", str(jar), "generate", "-g", "typescript-fetch")


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_client_holds_every_operation_and_compiles(
    generator: tuple[str, ...], vendor: str, tmp_path: Path
) -> None:
    document = tmp_path / "document.json"
    document.write_bytes(spec_bytes(vendor))

    made = run(*generator, "-i", document, "-o", tmp_path / "client")
    compiled = run(TSC, *OPTIONS, tmp_path / "client" / "index.ts")

    assert "Files may be overwritten" not in made
    assert compiled == ""
    assert {
        name: methods(tmp_path / "client" / "apis" / f"{name}.ts") for name in by_class(vendor)
    } == by_class(vendor)


def by_class(vendor: str) -> dict[str, set[str]]:
    """List the operations of a document by the class the generator puts their first tag into."""
    expected = defaultdict[str, set[str]](set)
    for item in read_spec(vendor)["paths"].values():
        for operation in (one for one in item.values() if isinstance(one, dict) and "operationId" in one):
            expected[operation["tags"][0].replace(" ", "") + "Api"].add(operation["operationId"])
    return dict(expected)


def methods(module: Path) -> set[str]:
    return set(re.findall(r"^    async (\w+)Raw\(", module.read_text(), re.MULTILINE))


def run(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, check=False, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr
