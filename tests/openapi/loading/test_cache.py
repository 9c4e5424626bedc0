"""A document is checked once; what is kept of it is found by its digest, and bounded."""

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from safelight_openapi import DocumentCache, LoadedDocument, SpecError, load_document, user_cache
from safelight_openapi._loading import cache as cache_module

DOCUMENT = {"openapi": "3.1.0", "paths": {"/a": {"get": {"responses": {}}}}}


class Loading:
    """Loads a document and counts."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0

    def __call__(self) -> LoadedDocument:
        self.count += 1
        return load_document(self.path, describe=lambda document: {"members": len(document)})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "api.json"
    path.write_text(json.dumps(DOCUMENT))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "documents"


def test_a_document_is_loaded_once(path: Path, folder: Path) -> None:
    load = Loading(path)

    first = DocumentCache(folder).checked(path, [], load)
    second = DocumentCache(folder).checked(path, [], load)

    assert load.count == 1
    assert first == second
    assert first.about == {"members": 2}
    assert json.loads(first.content)["paths"]["/a"]["get"]["operationId"] == "GET /a"


def test_without_a_folder_nothing_is_kept(path: Path) -> None:
    load = Loading(path)

    for _ in range(2):
        DocumentCache(None).checked(path, [], load)

    assert load.count == 2


def test_a_changed_document_overlay_or_program_is_another_entry(
    path: Path, folder: Path, tmp_path: Path
) -> None:
    load, overlay, program = Loading(path), tmp_path / "o.yaml", tmp_path / "program"
    program.mkdir()
    overlay.write_text("1")

    def change(file: Path, text: str) -> None:
        file.write_text(text)
        cache_module._stamp.cache_clear()  # noqa: SLF001 - a process does not change its own programs
        DocumentCache(folder, [program]).checked(path, [overlay], load)

    for file, text in (
        (overlay, "1"),
        (overlay, "2"),
        (path, json.dumps({**DOCUMENT, "x": 1})),
        (program / "a.py", "longer"),
    ):
        change(file, text)

    assert load.count == 4


def test_the_same_text_as_yaml_and_as_json_are_two_entries(path: Path, folder: Path) -> None:
    other = path.with_suffix(".yaml")
    other.write_bytes(path.read_bytes())
    load = Loading(path)

    for one in (path, other):
        DocumentCache(folder).checked(one, [], load)

    assert load.count == 2


@pytest.mark.parametrize(
    "damage",
    [b"", b"{", b"{}\n", b'{"size": 3, "notes": []}\n{}', b'{"size": 2, "notes": []}\n{}', b"\xff\xfe\n{}"],
)
def test_a_damaged_entry_is_made_again(path: Path, folder: Path, damage: bytes) -> None:
    load = Loading(path)
    DocumentCache(folder).checked(path, [], load)
    (entry,) = folder.iterdir()
    entry.write_bytes(damage)

    DocumentCache(folder).checked(path, [], load)
    DocumentCache(folder).checked(path, [], load)

    assert load.count == 2


def test_a_document_that_is_refused_is_not_kept(path: Path, folder: Path) -> None:
    path.write_text("[]")

    with pytest.raises(SpecError):
        DocumentCache(folder).checked(path, [], Loading(path))

    assert not folder.exists()


def test_a_missing_document_is_refused_by_its_path(path: Path, folder: Path) -> None:
    missing = path.with_name("none.json")

    with pytest.raises(SpecError, match=r"none\.json:\n  - cannot read it \(No such file or directory\)"):
        DocumentCache(folder).checked(missing, [], Loading(missing))


def test_a_folder_that_cannot_be_written_is_no_obstacle(path: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    load = Loading(path)

    DocumentCache(tmp_path / "file" / "documents").checked(path, [], load)

    assert load.count == 1


def test_entries_are_for_the_user_alone(path: Path, folder: Path) -> None:
    DocumentCache(folder).checked(path, [], Loading(path))

    (entry,) = folder.iterdir()
    assert (stat.S_IMODE(entry.stat().st_mode), stat.S_IMODE(folder.stat().st_mode)) == (0o600, 0o700)


def test_the_entries_that_were_not_used_for_longest_are_removed(
    path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_module, "MOST_ENTRIES", 3)
    load = Loading(path)
    folder.mkdir(parents=True)
    (folder / "other.txt").write_text("kept")
    for number in range(3):
        (folder / f"{number}.checked").write_text("")
        os.utime(folder / f"{number}.checked", (number, number))

    DocumentCache(folder).checked(path, [], load)

    assert {"other.txt", "1.checked", "2.checked"} < {one.name for one in folder.iterdir()}
    assert not (folder / "0.checked").exists()


def test_threads_and_processes_may_use_it_at_the_same_time(path: Path, folder: Path) -> None:
    load = Loading(path)

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: DocumentCache(folder).checked(path, [], load), range(40)))

    assert len({one.content for one in made}) == 1
    assert len(list(folder.iterdir())) == 1


@pytest.mark.skipif(os.name == "nt", reason="the rules of XDG")
def test_the_users_cache_directory_is_chosen_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("HOME", "/home/ada")

    monkeypatch.setenv("XDG_CACHE_HOME", "/cache")
    assert user_cache() == Path("/cache/safelight/documents")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert user_cache() == Path("/home/ada/.cache/safelight/documents")
    monkeypatch.setattr("sys.platform", "darwin")
    assert user_cache() == Path("/home/ada/Library/Caches/safelight/documents")
