"""Who judges the twins: by what name, with which letters in tables, and by which tests one is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from contract_tests.targets.ways import PRISM, RESPX


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """One who makes calls and looks at the answers."""

    name: str
    letters: str
    about: str


IN_PROCESS: Final = Judge(
    name="schemathesis",
    letters="S",
    about="makes calls up from the document and checks every answer against it",
)
SOCKET: Final = Judge(name="schemathesis, over a socket", letters="So", about="the same through HTTP")
STRICT: Final = Judge(
    name="schemathesis, strict", letters="St", about="the same with the letter of the vendor's document"
)
JOURNEYS: Final = Judge(
    name="journeys",
    letters="J",
    about="what users do, through the clients and by calls any user could make",
)
DRIVEN: Final = Judge(
    name="journeys with the control plane",
    letters="C",
    about="the same, once a job was forced to a state or an account was set by the twin's own API",
)
THROUGH_RESPX: Final = Judge(
    name="respx routes",
    letters="R",
    about="journeys, and every operation, through routes that hold each request against the document",
)
THROUGH_PRISM: Final = Judge(
    name="Prism",
    letters="P",
    about="journeys, and every operation, with Prism in between, which checks both sides",
)
SINGLE: Final = Judge(
    name="single calls", letters="E", about="a call for each answer the others are not led to"
)

JUDGES: Final = (IN_PROCESS, SOCKET, STRICT, SINGLE, JOURNEYS, DRIVEN, THROUGH_RESPX, THROUGH_PRISM)

ORDER: Final = {judge.name: index for index, judge in enumerate(JUDGES)}

# By what a test's path begins with, the first that fits. Where the judge itself is tried out, nobody judges.
PATHS: Final[Mapping[str, Judge | None]] = {
    "contract_tests/fuzz/test_judge_can_fail": None,
    "contract_tests/fuzz/test_answers_elsewhere": SINGLE,
    "contract_tests/fuzz/test_schemathesis": IN_PROCESS,
    "contract_tests/prism/": THROUGH_PRISM,
    "contract_tests/test_respx": THROUGH_RESPX,
    "contract_tests/howto/test_howto_respx": THROUGH_RESPX,
    "": JOURNEYS,
}

# By the way a journey is made, where it has a way of its own.
WAYS: Final = {RESPX: THROUGH_RESPX, PRISM: THROUGH_PRISM}


def judge_of(test: str, *, is_strict: bool, is_driven: bool, by_socket: bool) -> Judge | None:
    """Tell who makes a call: in which test, to which document's twin, by what way, after what else."""
    _, _, way = test.partition("[")
    found = next(judge for start, judge in PATHS.items() if test.startswith(start))
    if found is IN_PROCESS:
        return STRICT if is_strict else SOCKET if by_socket else IN_PROCESS
    if found is JOURNEYS:
        return next((judge for name, judge in WAYS.items() if name in way), DRIVEN if is_driven else JOURNEYS)
    return found
