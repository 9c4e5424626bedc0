"""An input is inspected once, whatever requests its result."""

from pathlib import Path

import pytest
from tests.mockserver.conftest import picture

from safelight_mock.core import InspectionKey, NotInspectedError
from safelight_mock.core.changes import Changes
from safelight_mock.storage.inspector import Inspector
from safelight_mock.storage.integrity import LostInputError
from safelight_mock.wire.problem import Kind, Problem


@pytest.mark.slow
def test_a_file_is_opened_once_for_its_pixels_and_once_for_its_subject(tmp_path: Path, photo: bytes) -> None:
    file, opened = tmp_path / "photo", []
    file.write_bytes(photo)

    def find(digest: str) -> Path:
        opened.append(digest)
        return file

    inspector, keys = Inspector(find), [InspectionKey("d"), InspectionKey("d", is_for_subject=True)]

    for _ in range(3):
        inspector.inspect(keys)

    assert opened == ["d", "d"]
    assert inspector.inspection(keys[0]).measures
    assert inspector.inspection(keys[1]).subject


def test_another_server_of_the_process_does_not_inspect_the_same_bytes_again(files: Path) -> None:
    first, second, key = Inspector(files.joinpath), Inspector(files.joinpath), InspectionKey("intact")
    first.inspect([key])
    (files / "intact").write_bytes(b"")

    second.inspect([key])

    assert second.inspection(key).measures == first.inspection(key).measures


def test_what_was_not_inspected_is_named(tmp_path: Path) -> None:
    key = InspectionKey("d", is_for_subject=True)

    with pytest.raises(NotInspectedError) as waiting:
        Inspector(tmp_path.joinpath).inspection(key)

    assert waiting.value.keys == {key}
    assert Inspector(tmp_path.joinpath).assumed(key).is_whole


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A picture, and a file that is none."""
    (tmp_path / "intact").write_bytes(picture(8, 8))
    (tmp_path / "damaged").write_bytes(b"no picture")
    return tmp_path


def test_a_file_is_intact_if_it_can_be_decoded(files: Path) -> None:
    inspector, intact, damaged = Inspector(files.joinpath), InspectionKey("intact"), InspectionKey("damaged")

    inspector.inspect([intact, damaged])

    assert [inspector.inspection(key).is_whole for key in (intact, damaged)] == [True, False]
    assert (bool(inspector.inspection(intact).measures), inspector.inspection(damaged).measures) == (True, {})
    assert not inspector.assumed(damaged).is_whole


def test_where_the_subject_is_says_nothing_about_damage(files: Path) -> None:
    inspector, key = Inspector(files.joinpath), InspectionKey("intact", is_for_subject=True)

    inspector.inspect([key])

    assert inspector.inspection(key).is_whole is True


def test_what_differs_from_the_assumption_is_noted(files: Path) -> None:
    changes = Changes()
    inspector = Inspector(files.joinpath, changes=changes)

    inspector.inspect([InspectionKey("intact"), InspectionKey("damaged")])
    assert changes.since(0) == (1, {"damaged"})

    inspector.inspect([InspectionKey("intact", is_for_subject=True)])
    assert changes.since(1) == (2, {"intact"})


def test_a_lost_input_counts_as_damaged_and_hides_no_other(files: Path) -> None:
    lost: set[str] = set()

    def find(digest: str) -> Path:
        if digest == "lost":
            lost.add(digest)
            raise LostInputError(digest)
        return files / digest

    inspector = Inspector(find, lost)
    inspector.inspect([InspectionKey("lost"), InspectionKey("intact")])

    assert not inspector.inspection(InspectionKey("lost")).is_whole
    assert inspector.inspection(InspectionKey("intact")).is_whole


@pytest.mark.internal_error
def test_an_error_of_ours_is_logged_with_the_digest(caplog: pytest.LogCaptureFixture) -> None:
    def find(_: str) -> Path:
        raise ZeroDivisionError

    with pytest.raises(Problem) as refused:
        Inspector(find).inspect([InspectionKey("digest")])

    assert refused.value.kind is Kind.BROKEN
    assert caplog.messages == ["input digest cannot be inspected"]
