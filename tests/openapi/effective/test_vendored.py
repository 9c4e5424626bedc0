import hashlib
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from safelight_codegen._commands.sources import vendor
from safelight_openapi import (
    SpecError,
    digest_mismatches,
    extract_document,
    extract_documents,
    list_vendors,
    read_source,
)

PAGE = b"""\
# A page

yaml

    openapi: '3.0.3'
    info:
      title: |
        Two

        lines

    paths: {}

Footer
"""


def test_every_vendored_document_is_extracted_from_its_page_and_never_edited(root: Path) -> None:
    documents = [
        document for vendor in list_vendors(root) for document in read_source(root, vendor).documents
    ]

    mismatches = [change for document in documents for change in digest_mismatches(document)]

    assert documents
    assert mismatches == []


def test_the_topaz_documents_are_two_of_openapi_and_one_page_of_text(root: Path) -> None:
    documents = read_source(root, "topaz").documents

    kinds = {document.file.name: document.kind for document in documents}

    assert kinds == {
        "enhance.openapi.yaml": "openapi",
        "matting.openapi.json": "openapi",
        "denoise.txt": "text",
    }


def test_an_indented_code_block_loses_its_indentation_and_nothing_else() -> None:
    cut = extract_document(PAGE, "indented-yaml")

    assert cut == b"openapi: '3.0.3'\ninfo:\n  title: |\n    Two\n\n    lines\n\npaths: {}\n"


def test_a_fenced_block_is_taken_byte_for_byte() -> None:
    cut = extract_document(b'text\n```json\n{"openapi":"3.1.2"} \n```\nmore\n', "fenced-json")

    assert cut == b'{"openapi":"3.1.2"} \n'


@pytest.mark.parametrize("page", [b"no block", b"```json\n{}\n```\n```json\n{}\n```\n"])
def test_a_page_without_exactly_one_block_is_rejected(page: bytes) -> None:
    with pytest.raises(SpecError, match="blocks of fenced-json, not 1"):
        extract_document(page, "fenced-json")


def test_one_of_several_blocks_is_taken_by_its_number() -> None:
    page = b"```json\n{}\n```\n```json\n[]\n```\n"

    assert extract_document(page, "fenced-json 2 of 2") == b"[]\n"


@pytest.mark.parametrize("cut", ["fenced-json 1 of 3", "fenced-json 3 of 2", "fenced-json 1 of 1"])
def test_a_page_with_another_number_of_blocks_is_rejected(cut: str) -> None:
    with pytest.raises(SpecError, match="the page has 2 blocks of fenced-json"):
        extract_document(b"```json\n{}\n```\n```json\n[]\n```\n", cut)


def test_an_unknown_method_of_extraction_is_rejected_with_the_known_ones() -> None:
    with pytest.raises(SpecError, match="fenced-json, indented-yaml, whole"):
        extract_document(b"", "scissors")


@pytest.fixture
def copy(tmp_path: Path, root: Path) -> Path:
    folder = tmp_path / "openapi" / "topaz"
    shutil.copytree(root / "openapi" / "topaz", folder)
    return folder


def mismatches(folder: Path) -> list[str]:
    documents = read_source(folder.parents[1], "topaz").documents
    return [change for document in documents for change in digest_mismatches(document)]


def replace(path: Path, old: str, new: str) -> str:
    """Change a file and return its new sha256."""
    content = path.read_bytes().replace(old.encode(), new.encode())
    path.write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def test_an_edited_document_is_detected_by_its_digest_and_restored_by_extraction(copy: Path) -> None:
    replace(copy / "matting.openapi.json", "postMatting", "postCutout")

    before = mismatches(copy)
    extract_documents(copy.parents[1], "topaz")
    after = mismatches(copy)

    assert len(before) == 1
    assert "matting.openapi.json has sha256" in before[0]
    assert after == []


def test_an_edited_page_is_detected_even_if_it_is_transcribed(copy: Path) -> None:
    replace(copy / "pages" / "matting.md", "# Matting", "# Cutout")

    assert [change.partition(" has ")[0] for change in mismatches(copy)] == [
        str(copy / "pages" / "matting.md")
    ]


def test_a_new_page_whose_document_was_not_extracted_again_is_detected(copy: Path) -> None:
    old = hashlib.sha256((copy / "pages" / "matting.md").read_bytes()).hexdigest()
    new = replace(copy / "pages" / "matting.md", "postMatting", "postCutout")
    replace(copy / "source.toml", old, new)

    assert [change.partition(" has ")[0] for change in mismatches(copy)] == [
        str(copy / "matting.openapi.json")
    ]


def test_a_vendor_without_a_source_file_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"source\.toml does not exist"):
        read_source(tmp_path, "nobody")


def test_a_document_without_a_digest_is_rejected(tmp_path: Path) -> None:
    source = tmp_path / "openapi" / "acme" / "source.toml"
    source.parent.mkdir(parents=True)
    source.write_text('[[documents]]\nfile = "a.yaml"\nkind = "openapi"\npage = "a.txt"\ncut = "whole"\n')

    with pytest.raises(SpecError, match=r"a\.yaml lacks sha256"):
        read_source(tmp_path, "acme")


def test_the_command_writes_the_documents_and_names_them(copy: Path) -> None:
    (copy / "denoise.txt").unlink()

    result = CliRunner().invoke(vendor, ["topaz", "--root", str(copy.parents[1])])

    assert result.exit_code == 0
    assert [Path(line).name for line in result.output.splitlines()] == [
        "enhance.openapi.yaml",
        "matting.openapi.json",
        "denoise.txt",
    ]
    assert mismatches(copy) == []


def test_the_command_fails_when_a_page_is_not_the_one_that_was_noted(copy: Path) -> None:
    replace(copy / "pages" / "matting.md", "postMatting", "postCutout")

    result = CliRunner().invoke(vendor, ["topaz", "--root", str(copy.parents[1])])

    assert result.exit_code == 1
    assert "matting.openapi.json has sha256" in result.output


def test_the_command_reports_an_unknown_vendor_in_a_sentence(copy: Path) -> None:
    result = CliRunner().invoke(vendor, ["nobody", "--root", str(copy.parents[1])])

    assert result.exit_code == 1
    assert "source.toml does not exist" in result.output


def test_the_command_reports_that_a_transcription_is_not_extracted(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / "openapi/tengr", tmp_path / "openapi/tengr")

    result = CliRunner().invoke(vendor, ["tengr", "--root", str(tmp_path)])

    assert (result.exit_code, result.output) == (0, "tengr: transcribed by hand, nothing to extract\n")
