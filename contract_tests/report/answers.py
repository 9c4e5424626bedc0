"""Which documented answers were reached, and by whom; why nobody reached the others."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from docs.fidelity import Row

from contract_tests.report.heard import Answer
from contract_tests.report.judges import ORDER
from contract_tests.report.keywords import Keywords
from safelight_mock.wire.responses import response_key

SUCCESS: Final = range(200, 300)
UNTOLD: Final = "no judge was led there"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """An answer an operation may give: who was given it, or why nobody was and which tests hold it then.

    `status` is its key in the document: a code, a range such as `4XX`, or `default`.
    """

    status: str
    judges: tuple[str, ...] = ()
    calls: int = 0
    why: str = ""
    tests: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An operation with all its answers; `strange` were given and are not documented."""

    id: str
    method: str
    path: str
    cells: tuple[Cell, ...]
    succeeded: bool
    strange: tuple[int, ...]

    def cell(self, status: str) -> Cell | None:
        """Return what is known of an answer, if it is documented."""
        return next((cell for cell in self.cells if cell.status == status), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A status that nobody was given by these operations, for one reason."""

    status: str
    why: str
    tests: tuple[str, ...]
    operations: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The answers of a vendor's operations."""

    operations: tuple[Operation, ...]

    @property
    def statuses(self) -> Sequence[str]:
        """Every status any operation may answer with."""
        return sorted({cell.status for operation in self.operations for cell in operation.cells})

    @property
    def documented(self) -> int:
        """How many answers there are."""
        return sum(len(operation.cells) for operation in self.operations)

    @property
    def reached(self) -> int:
        """How many of them somebody was given."""
        return sum(bool(cell.judges) for operation in self.operations for cell in operation.cells)

    @property
    def succeeded(self) -> int:
        """How many operations went well for somebody."""
        return sum(operation.succeeded for operation in self.operations)

    @property
    def gaps(self) -> Sequence[Gap]:
        """The answers nobody was given."""
        found: dict[tuple[str, str], list[tuple[str, Cell]]] = defaultdict(list)
        for operation in self.operations:
            for cell in operation.cells:
                if not cell.judges:
                    found[cell.status, cell.why].append((operation.id, cell))
        return [
            Gap(
                status=status,
                why=why,
                tests=tuple(dict.fromkeys(test for _, cell in cells for test in cell.tests)),
                operations=tuple(name for name, _ in cells),
            )
            for (status, why), cells in sorted(found.items())
        ]

    @property
    def strange(self) -> Sequence[tuple[Operation, int]]:
        """The answers that were given and are not documented."""
        return [(operation, status) for operation in self.operations for status in operation.strange]


def answers(
    vendor: str, keywords: Keywords, heard: Iterable[Answer], reasons: Mapping[str, str], rows: Iterable[Row]
) -> Answers:
    """Hold what was heard of a vendor against its document.

    `reasons` are by names such as `topaz/413` or `topaz/postTool/413`; rows of fidelity name further tests.
    """
    given: dict[str, dict[int, list[Answer]]] = defaultdict(lambda: defaultdict(list))
    for answer in heard:
        if answer.vendor == vendor:
            given[answer.operation][answer.status].append(answer)
    claims = [*rows]
    return Answers(
        operations=tuple(
            _operation(vendor, name, keywords, given[name], reasons, claims) for name in keywords.operations
        )
    )


def _operation(  # noqa: PLR0913, PLR0917 - all that is known, from as many sources
    vendor: str,
    name: str,
    keywords: Keywords,
    given: Mapping[int, Sequence[Answer]],
    reasons: Mapping[str, str],
    rows: Sequence[Row],
) -> Operation:
    place = keywords.operations[name]
    keys = sorted(keywords.at(place)["responses"])
    known: dict[str, list[Answer]] = defaultdict(list)
    for status, answered in given.items():
        known[response_key(keys, status) or ""].extend(answered)
    path, _, method = place.removeprefix("/paths/").rpartition("/")
    return Operation(
        id=name,
        method=method.upper(),
        path=path.replace("~1", "/").replace("~0", "~"),
        cells=tuple(_cell(f"{vendor}/{name}/{key}", known[key], reasons, rows) for key in keys),
        succeeded=any(status in SUCCESS for status in given),
        strange=tuple(sorted({answer.status for answer in known[""]})),
    )


def _cell(name: str, given: Sequence[Answer], reasons: Mapping[str, str], rows: Sequence[Row]) -> Cell:
    vendor, _, status = name.split("/")
    if given:
        judges = tuple(sorted({answer.judge for answer in given}, key=ORDER.__getitem__))
        return Cell(status=status, judges=judges, calls=sum(answer.calls for answer in given))
    claiming = [row for row in rows if _claims(row, name)]
    why = reasons.get(name) or reasons.get(f"{vendor}/{status}") or UNTOLD
    return Cell(status=status, why=why, tests=tuple(test for row in claiming for test in row.tests))


def _claims(row: Row, name: str) -> bool:
    """Tell whether a row speaks for an answer, part by part."""
    parts = name.split("/")
    patterns = [pattern.split("/") for pattern in (row.id, *row.covers)]
    return any(len(one) == len(parts) and all(map(fnmatchcase, parts, one)) for one in patterns)
