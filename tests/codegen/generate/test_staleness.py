"""An outdated tree is explained: which files, how, why, and what to run."""

from safelight_codegen._generate.manifest import MANIFEST_NAME, build_manifest
from safelight_codegen._generate.staleness import explain_staleness


def made(files: dict[str, bytes], *, inputs: dict[str, str], ruff: str = "1.0") -> dict[str, bytes]:
    return files | {MANIFEST_NAME: build_manifest(files, inputs=inputs, tools={"ruff": ruff})}


def test_equal_trees_need_no_explanation() -> None:
    tree = made({"a.py": b"a"}, inputs={"overlays/x.yaml": "1"})

    assert explain_staleness(tree, dict(tree)) == []


def test_a_changed_overlay_is_named_with_the_difference_it_makes() -> None:
    current = made({"a.py": b"same\nold\n"}, inputs={"overlays/x.yaml": "1", "overlays/gone.yaml": "1"})
    fresh = made({"a.py": b"same\nnew\n"}, inputs={"overlays/x.yaml": "2", "overlays/more.yaml": "1"})

    lines = explain_staleness(current, fresh)

    assert lines == [
        "differs: generated/a.py",
        "differs: generated/manifest.json",
        "--- generated/a.py",
        "+++ regenerated/a.py",
        "@@ -1,2 +1,2 @@",
        " same",
        "-old",
        "+new",
        "input removed: overlays/gone.yaml",
        "input added: overlays/more.yaml",
        "input changed: overlays/x.yaml",
        "generated/ is outdated; run: make generate",
    ]


def test_a_file_edited_by_hand_is_called_that() -> None:
    fresh = made({"a.py": b"a"}, inputs={})
    current = fresh | {"a.py": b"b"}

    assert "edited by hand: generated/a.py (change an overlay or a template instead)" in explain_staleness(
        current, fresh
    )


def test_another_version_of_a_tool_is_named() -> None:
    current, fresh = made({"a.py": b"a"}, inputs={}), made({"a.py": b"b"}, inputs={}, ruff="2.0")

    assert "tool changed: ruff 2.0" in explain_staleness(current, fresh)


def test_without_a_changed_input_the_generator_itself_is_the_cause() -> None:
    current, fresh = made({"a.py": b"a"}, inputs={}), made({"a.py": b"b"}, inputs={})

    assert "no input changed, so the code of the generator did" in explain_staleness(current, fresh)


def test_missing_and_unexpected_files_are_distinguished() -> None:
    current, fresh = made({"old.py": b""}, inputs={}), made({"new.py": b""}, inputs={})

    lines = explain_staleness(current, fresh)

    assert lines[:3] == [
        "differs: generated/manifest.json",
        "missing: generated/new.py",
        "unexpected: generated/old.py",
    ]


def test_a_tree_without_a_manifest_is_explained_too() -> None:
    fresh = made({"a.py": b"a"}, inputs={"overlays/x.yaml": "1"})

    assert "input added: overlays/x.yaml" in explain_staleness({"manifest.json": b"[]"}, fresh)


def test_long_differences_are_cut_short() -> None:
    current = made({"a.py": b"\n" * 100}, inputs={})
    fresh = made({"a.py": b"x\n" * 100}, inputs={})

    assert any(line.endswith(" more lines") for line in explain_staleness(current, fresh))
