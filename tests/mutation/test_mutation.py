"""Mutants are applied to a copy, apply to the code as it is, and cannot survive unnoticed."""

from pathlib import Path

import pytest

from mutation.mutants import Mutant, mutants
from mutation.patient import ROOT, SOURCES, Patient
from mutation.trial import failure, tried

pytestmark = pytest.mark.slow

HOUSE = Mutant(
    name="darkness",
    breaks="The light is off.",
    file="source/house.py",
    before='"on"',
    after='"off"',
    tests=("test_house.py",),
)


@pytest.fixture
def patient(tmp_path: Path) -> Patient:
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "house.py").write_text('LIGHT = "on"\n')
    (tmp_path / "test_house.py").write_text("import house\ndef test_light(): assert house.LIGHT == 'on'\n")
    (tmp_path / "test_roof.py").write_text("import house\ndef test_roof(): assert house\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    return Patient(folder=tmp_path, sources=["source"])


@pytest.mark.parametrize("mutant", mutants(), ids=str)
def test_every_mutant_applies_and_names_one_to_three_tests(mutant: Mutant) -> None:
    changed = mutant.of((ROOT / mutant.file).read_text(encoding="utf-8"))

    compile(changed, mutant.file, "exec")
    assert mutant.file.startswith(SOURCES)
    assert 1 <= len(mutant.tests) <= 3
    assert all((ROOT / test.partition("::")[0]).is_file() for test in mutant.tests)


def test_no_two_mutants_have_one_name() -> None:
    names = [mutant.name for mutant in mutants()]

    assert len(names) == len(set(names))


def test_five_mutants_are_by_somebody_who_had_not_seen_the_tests() -> None:
    assert len([mutant for mutant in mutants() if mutant.by]) >= 5


def test_a_mutant_is_killed_and_the_copy_is_as_it_was(patient: Patient) -> None:
    verdict = tried(HOUSE, patient)

    assert verdict.killed_by == "test_house.py::test_light"
    assert failure(patient, HOUSE.tests) == ""


def test_a_mutant_that_no_test_looks_at_survives(patient: Patient) -> None:
    unseen = Mutant(
        name="unseen", breaks="", file=HOUSE.file, before=HOUSE.before, after="1", tests=("test_roof.py",)
    )

    assert tried(unseen, patient).killed_by == ""


def test_a_mutant_whose_text_is_not_there_is_an_error(patient: Patient) -> None:
    (patient.folder / HOUSE.file).write_text('LIGHT = DOOR = "on" or "on"\n')

    with pytest.raises(ValueError, match=r"darkness does not apply: .* 2 times"):
        tried(HOUSE, patient)


def test_tests_that_are_not_there_kill_nothing(patient: Patient) -> None:
    with pytest.raises(RuntimeError, match="not found"):
        failure(patient, ["test_house.py::test_door"])


def test_code_that_cannot_be_imported_is_no_kill(patient: Patient) -> None:
    (patient.folder / HOUSE.file).write_text("import no_such_module\n")

    with pytest.raises(RuntimeError, match="no_such_module"):
        failure(patient, HOUSE.tests)


def test_a_copy_that_is_not_what_is_imported_is_refused(patient: Patient) -> None:
    patient.refuse_other_code("house")

    with pytest.raises(RuntimeError, match="not its own code"):
        patient.refuse_other_code("house", "safelight")
