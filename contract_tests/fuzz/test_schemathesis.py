"""Every vendor's twin before a judge we did not write; `make fuzz` lets it judge for longer."""

import tomllib
from pathlib import Path

import pytest
from schemathesis.checks import CHECKS

from contract_tests.fuzz.document import document, operations
from contract_tests.fuzz.explained import ELSEWHERE, EXPLAINED, OFF
from contract_tests.fuzz.hearing import PHASES, Hearing, hear
from safelight_mock.vendors import VENDORS

SEEDS = (
    "amber",
    "ruby",
    "sepia",
)  # the later ones, where the first did not lead everywhere: threads have a say
CASES = 5
QUICK = (
    "examples",
    "fuzzing",
    "stateful",
)  # what the strict document hears: its bounds are those of the other
FIDELITY = Path(__file__).parents[2] / "docs" / "fidelity.toml"


@pytest.mark.judge
@pytest.mark.parametrize("strict", [False, True], ids=["lenient", "strict"])
@pytest.mark.parametrize("vendor", VENDORS)
def test_nothing_is_found_and_every_operation_gives_every_answer(vendor: str, *, strict: bool) -> None:
    phases = QUICK if strict else PHASES
    spec = document(vendor, strict=strict)

    missing: set[str] = set()
    for seed in SEEDS:
        verdict = hear(Hearing(vendor=vendor, strict=strict, seed=seed, cases=CASES, phases=phases))
        assert verdict.findings == []
        lacks = {*operations(spec)} - {*verdict.good} if strict else {*verdict.unreached(vendor, spec)}
        missing = missing & lacks if seed != SEEDS[0] else lacks
        if not missing:
            break

    assert missing == set()


def test_checks_that_are_off_or_explained_exist() -> None:
    assert {row.check for row in EXPLAINED} | set(OFF) <= set(CHECKS.get_all_names())
    assert all([*OFF.values(), *(row.why for row in EXPLAINED)])


def test_what_is_reached_elsewhere_has_a_row_that_names_its_tests() -> None:
    rows = {row["id"]: row["tests"] for row in tomllib.loads(FIDELITY.read_text())["row"]}

    assert [name for name in ELSEWHERE if not rows.get(name)] == []
