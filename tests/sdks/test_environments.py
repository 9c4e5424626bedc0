"""Environments are made of locks, or say why they cannot be."""

from pathlib import Path

import pytest
from tests.sdks.environments import NotInstalledError, environment

pytestmark = [pytest.mark.sdks, pytest.mark.slow]


def test_without_a_package_index_an_environment_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_NO_CACHE", "1")
    lock = tmp_path / "acme.txt"
    lock.write_text(f"replicate==1.0.7 --hash=sha256:{'0' * 64}\n")

    with pytest.raises(NotInstalledError, match=r"acme\.txt: cannot be installed, is there a package index"):
        environment(lock, tmp_path / "kept")

    assert list((tmp_path / "kept").iterdir()) == []
