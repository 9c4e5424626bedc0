"""What clients of every vendor see is, byte for byte, what was recorded."""

from pathlib import Path

import pytest

from contract_tests.golden.fixtures import JSON, RECORDS, machine, playback, read, without_bytes


@pytest.mark.parametrize("record", sorted(RECORDS.glob("*.jsonl")), ids=lambda path: path.stem)
def test_every_step_replays_as_recorded(record: Path) -> None:
    head, *steps = read(record)
    compared = unchanged if head["machine"] == machine() else without_bytes

    with playback(head["settings"]) as playing:
        for number, step in enumerate(steps, start=2):
            assert compared(playing.play(step)) == compared(step["seen"]), f"{record.name}:{number}"


def test_on_another_machine_images_are_compared_by_format_and_size() -> None:
    head = [["content-length", "5"], ["content-type", "image/png"], ["etag", "e"]]

    assert without_bytes([200, head, "PNG 1 x 2; 5 bytes, sha256 a"]) == [200, head[1:], "PNG 1 x 2"]
    assert without_bytes([200, [["content-type", "text/plain"]], "a; b"])[2] == "a; b"


def unchanged(observed: JSON) -> JSON:
    return observed
