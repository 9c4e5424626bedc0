"""An input is inspected once, whatever requests its result."""

from pathlib import Path

import pytest

from safelight_mock.core import InspectionKey, NotInspectedError
from safelight_mock.storage.inspector import Inspector


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


def test_what_was_not_inspected_is_named(tmp_path: Path) -> None:
    key = InspectionKey("d", is_for_subject=True)

    with pytest.raises(NotInspectedError) as waiting:
        Inspector(tmp_path.joinpath).inspection(key)

    assert waiting.value.keys == {key}
    assert Inspector(tmp_path.joinpath).assumed(key).is_whole
