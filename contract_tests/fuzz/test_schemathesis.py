"""Every vendor and every example is tested by schemathesis; `make fuzz` runs it for longer."""

from dataclasses import replace

import pytest
from schemathesis.checks import CHECKS

from contract_tests.fuzz.apis import EXAMPLES
from contract_tests.fuzz.declared import DECLARED
from contract_tests.fuzz.document import document, operations
from contract_tests.fuzz.explained import EXPLAINED, OFF
from contract_tests.fuzz.fuzz_outcome import FuzzOutcome
from contract_tests.fuzz.fuzz_run import IN_PROCESS, PHASES, SOCKET, FuzzRun
from contract_tests.fuzz.runner import fuzz
from safelight_mock.vendors import VENDORS

pytestmark = [pytest.mark.slow, pytest.mark.fuzz]

SEEDS = ("amber", "ruby", "sodium")  # the next one if operations are left without a success
CASES = 2
ONCE = frozenset({"coverage"})  # depends on the document alone, not on seed and transport


def fuzz_until_reached(run: FuzzRun) -> FuzzOutcome:
    """Run with one seed after another, until every operation has succeeded."""
    outcome = FuzzOutcome()
    for seed in SEEDS:
        outcome.add(fuzz(replace(run, seed=seed)))
        if {*outcome.good} == {*operations(document(run.vendor, strict=run.strict))}:
            break
    return outcome


@pytest.mark.parametrize("vendor", VENDORS)
def test_schemathesis_finds_no_violation_and_reaches_every_response(vendor: str) -> None:
    outcome = fuzz_until_reached(FuzzRun(vendor=vendor, strict=False, seed="", shell=IN_PROCESS, cases=CASES))

    assert outcome.findings == []
    assert outcome.link_sequences >= CASES * len(outcome.good), "Hypothesis gives up sequences silently"
    assert outcome.unreached(vendor, document(vendor, strict=False)) == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_schemathesis_finds_no_violation_of_the_strict_document_over_a_socket(vendor: str) -> None:
    phases = PHASES - ONCE
    run = FuzzRun(vendor=vendor, strict=True, seed="", shell=SOCKET, cases=CASES, phases=phases)
    outcome = fuzz_until_reached(run)

    assert outcome.findings == []
    assert outcome.link_sequences >= CASES * len(outcome.good), "Hypothesis gives up sequences silently"
    assert {*operations(document(vendor, strict=True))} - {*outcome.good} == set()


@pytest.mark.parametrize("example", EXAMPLES)
def test_schemathesis_finds_no_violation_of_an_example(example: str) -> None:
    outcome = fuzz(FuzzRun(vendor=example, strict=False, seed=SEEDS[0], cases=CASES))

    assert outcome.findings == []
    assert [label for label in operations(document(example, strict=False)) if not outcome.codes[label]] == []


def test_explained_checks_exist_and_omitted_ones_have_a_reason() -> None:
    assert {row.check for row in (*EXPLAINED, *DECLARED)} <= set(CHECKS.get_all_names())
    assert all([*OFF.values(), *(row.why for row in (*EXPLAINED, *DECLARED))])
