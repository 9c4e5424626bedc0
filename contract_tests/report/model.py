"""All there is to report, as one value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from docs.fidelity import MARKS, ROWS, Row, read

from contract_tests.fuzz.explained import ELSEWHERE, NOWHERE
from contract_tests.report.answers import Answers, answers
from contract_tests.report.heard import Heard
from contract_tests.report.judges import JUDGES, Judge
from contract_tests.report.keywords import Keywords
from contract_tests.report.mutants import Mutant, Mutmut, made, named, tried_at
from contract_tests.report.origins import Origins, origins
from contract_tests.report.suite import Suite, suite
from contract_tests.report.tally import Tally, tally
from safelight_mock.vendors import VENDORS
from safelight_specs import read_provenance, read_spec

ROOT = Path(__file__).parents[2]
HEARD, COMMIT = "heard", "commit.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """What is known of one vendor."""

    slug: str
    title: str
    answers: Answers
    tally: Tally
    origins: Origins
    rows: Sequence[Row]

    @property
    def marks(self) -> Mapping[str, int]:
        """How many rows of fidelity have each mark."""
        return {mark: sum(row.mark == mark for row in self.rows) for mark in MARKS}

    @property
    def unheld(self) -> Sequence[Row]:
        """What the service does and the twin cannot be brought to do."""
        return [row for row in self.rows if not row.reached]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is known; None stands for what nobody ran."""

    commit: str  # that was tested
    suite: Suite | None
    judges: Sequence[Judge]
    silent: Sequence[Judge]  # of the judges, those nobody heard
    vendors: Sequence[Vendor]
    mutants: Sequence[Mutant] | None
    tried_at: str
    mutmut: Mutmut | None
    rows: Sequence[Row]  # of fidelity, that belong to no vendor


def report(folder: Path) -> Report:
    """Gather everything: results from a folder, the rest from the checkout."""
    heard = Heard.read(folder / HEARD)
    rows = read(ROWS)
    present = {answer.judge for answer in heard.answers}
    return Report(
        commit=_read(folder / COMMIT),
        suite=suite(folder),
        judges=JUDGES,
        silent=[judge for judge in JUDGES if judge.name not in present],
        vendors=[vendor(slug, heard, rows) for slug in VENDORS],
        mutants=named(folder),
        tried_at=tried_at(folder),
        mutmut=made(folder),
        rows=[row for row in rows if slug_of(row) not in VENDORS],
    )


def vendor(slug: str, heard: Heard, rows: Sequence[Row]) -> Vendor:
    """Gather what is known of a vendor."""
    spec = read_spec(slug)
    keywords = Keywords(spec)
    return Vendor(
        slug=slug,
        title=spec["info"]["title"],
        answers=answers(slug, keywords, heard.answers, {**ELSEWHERE, **NOWHERE}, rows),
        tally=tally(slug, keywords, heard.keywords),
        origins=origins(slug, ROOT, keywords, read_provenance(slug)),
        rows=[row for row in rows if slug_of(row) == slug],
    )


def slug_of(row: Row) -> str:
    """Return what a row's id begins with: a vendor, or `twin`."""
    return row.id.partition("/")[0].partition(":")[0].partition(".")[0]


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""
