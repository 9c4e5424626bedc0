"""Every vendor's twin before a judge we did not write; `make fuzz` lets it judge for longer."""

from dataclasses import replace

import pytest
from schemathesis.checks import CHECKS

from contract_tests.fuzz.document import document, operations
from contract_tests.fuzz.explained import EXPLAINED, OFF
from contract_tests.fuzz.hearing import IN_PROCESS, PHASES, SOCKET, Hearing
from contract_tests.fuzz.judge import hear
from contract_tests.fuzz.verdict import Verdict
from safelight_mock.vendors import VENDORS

pytestmark = pytest.mark.slow

SEEDS = ("amber", "ruby", "sodium")  # the later ones, where the first did not lead everywhere
CASES = 2
ONCE = frozenset({"coverage"})  # what it makes up follows from the document alone, seed and shell have no say


def heard(hearing: Hearing) -> Verdict:
    """Run with one seed after another, until every operation has succeeded."""
    verdict = Verdict()
    for seed in SEEDS:
        verdict.add(hear(replace(hearing, seed=seed)))
        if {*verdict.good} == {*operations(document(hearing.vendor, strict=hearing.strict))}:
            break
    return verdict


@pytest.mark.parametrize("vendor", VENDORS)
def test_schemathesis_finds_no_violation_and_reaches_every_response(vendor: str) -> None:
    verdict = heard(Hearing(vendor=vendor, strict=False, seed="", shell=IN_PROCESS, cases=CASES))

    assert verdict.findings == []
    assert verdict.link_sequences >= CASES * len(verdict.good), "Hypothesis gives up sequences silently"
    assert verdict.unreached(vendor, document(vendor, strict=False)) == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_schemathesis_finds_no_violation_of_the_strict_document_over_a_socket(vendor: str) -> None:
    phases = PHASES - ONCE
    verdict = heard(Hearing(vendor=vendor, strict=True, seed="", shell=SOCKET, cases=CASES, phases=phases))

    assert verdict.findings == []
    assert verdict.link_sequences >= CASES * len(verdict.good), "Hypothesis gives up sequences silently"
    assert {*operations(document(vendor, strict=True))} - {*verdict.good} == set()


def test_explained_checks_exist_and_omitted_ones_have_a_reason() -> None:
    assert {row.check for row in EXPLAINED} <= set(CHECKS.get_all_names())
    assert all([*OFF.values(), *(row.why for row in EXPLAINED)])
