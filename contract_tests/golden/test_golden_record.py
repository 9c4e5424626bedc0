"""What clients of every vendor see is, byte for byte, what was recorded."""

from pathlib import Path

import pytest

from contract_tests.golden.stage import RECORDS, read, stage


@pytest.mark.parametrize("record", sorted(RECORDS.glob("*.jsonl")), ids=lambda path: path.stem)
def test_every_step_gives_what_was_recorded(record: Path) -> None:
    head, *steps = read(record)

    with stage(head["settings"]) as playing:
        for number, step in enumerate(steps, start=2):
            assert playing.play(step) == step["seen"], f"{record.name}:{number}"
