"""Generated files depend on the tools of the lock; other versions are rejected."""

from importlib.metadata import version
from pathlib import Path

import pytest

from safelight_codegen._generate.errors import GenerationError
from safelight_codegen._generate.tool_versions import TOOLS, tool_versions

ROOT = Path(__file__).parents[3]


def test_the_installed_tools_are_the_locked_ones() -> None:
    assert tool_versions(ROOT) == {tool: version(tool) for tool in TOOLS}


@pytest.mark.parametrize("tool", TOOLS)
def test_another_version_than_the_locked_one_is_rejected(tool: str) -> None:
    versions = tool_versions(ROOT) | {tool: "0.0.1"}

    with pytest.raises(GenerationError) as refused:
        tool_versions(ROOT, versions.__getitem__)

    pinned = version(tool)
    assert str(refused.value) == (
        f"{tool} 0.0.1 is installed, but locks/dev.txt has {pinned}; run `make install`"
    )


def test_without_a_lock_every_version_will_do(tmp_path: Path) -> None:
    versions = dict.fromkeys(TOOLS, "0.0.1")

    assert tool_versions(tmp_path, versions.__getitem__) == versions
