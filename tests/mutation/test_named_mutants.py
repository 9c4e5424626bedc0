"""Every mutant with a name is noticed by the tests that are there to notice it."""

import pytest

from mutation.mutants import Mutant, killers, mutants
from mutation.patient import PACKAGES, Patient, copied
from mutation.trial import failure, tried

pytestmark = pytest.mark.slow

ALL = mutants()


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Patient:
    """A copy of the checkout whose own code runs, compiled as far as the tests import it."""
    made = copied(tmp_path_factory.mktemp("patient"))
    made.refuse_other_code(*PACKAGES)
    made.run("-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *killers(ALL), is_whole=True)
    return made


def test_where_nothing_is_broken_the_tests_that_kill_mutants_pass(patient: Patient) -> None:
    assert failure(patient, killers(ALL), is_whole=True) == ""


@pytest.mark.parametrize("mutant", ALL, ids=str)
def test_a_mutant_is_killed_by_the_tests_it_names(mutant: Mutant, patient: Patient) -> None:
    assert tried(mutant, patient).killed_by != "", mutant.breaks
