"""Folders as values: relative paths and contents."""

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

Tree = Mapping[str, bytes]

CLIENTS = "safelight_clients"  # the packages that are generated
SPECS = "safelight_specs"

_CACHES = {"__pycache__", ".mypy_cache", ".ruff_cache"}


def read_tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder except caches, sorted by path; a missing folder is an empty tree."""
    files = (path for path in folder.rglob("*") if path.is_file())
    relative = ((path.relative_to(folder), path) for path in files)
    return {
        name.as_posix(): path.read_bytes() for name, path in sorted(relative) if not _CACHES & {*name.parts}
    }


def write_tree(tree: Tree, folder: Path) -> None:
    """Write a tree below a folder, which is created."""
    for name, content in tree.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def prefixed(prefix: str, tree: Tree) -> dict[str, bytes]:
    """Return a tree with a folder put before its paths."""
    return {f"{prefix}/{name}": content for name, content in tree.items()}


def replace_folder(folder: Path, tree: Tree) -> None:
    """Replace a folder by a tree, completely or not at all; an unchanged folder is not touched.

    The tree is written beside the folder and renamed, so an error or an interruption leaves a complete
    folder.
    """
    if read_tree(folder) == tree:
        return
    scratch = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        write_tree(tree, scratch / "new")
        _exchange(folder, scratch / "new", retired=scratch / "old")
    finally:
        shutil.rmtree(scratch)


def _exchange(folder: Path, new: Path, *, retired: Path) -> None:
    if folder.exists():
        folder.rename(retired)
    try:
        new.rename(folder)
    except OSError:
        if retired.exists():
            retired.rename(folder)
        raise
