"""A generated folder as one value: relative path to bytes."""

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

Tree = Mapping[str, bytes]

CLIENTS = "safelight_clients"  # the packages that are generated
SPECS = "safelight_specs"

_UNSEEN = {"__pycache__", ".mypy_cache", ".ruff_cache"}


def read_tree(folder: Path) -> dict[str, bytes]:
    """Read every file below a folder, sorted by path, caches left out; a missing folder is an empty tree."""
    found = (path for path in folder.rglob("*") if path.is_file())
    relative = ((path.relative_to(folder), path) for path in found)
    return {
        name.as_posix(): path.read_bytes() for name, path in sorted(relative) if not _UNSEEN & {*name.parts}
    }


def write_tree(tree: Tree, folder: Path) -> None:
    """Write a tree below a folder, which is made."""
    for name, content in tree.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def below(prefix: str, tree: Tree) -> dict[str, bytes]:
    """Move a tree into a folder."""
    return {f"{prefix}/{name}": content for name, content in tree.items()}


def replace_folder(folder: Path, tree: Tree) -> None:
    """Put a tree in a folder's place, whole or not at all; an unchanged folder is left alone."""
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
