"""Who judges the twins: by what name, with which letters in tables, and by which tests one is known."""

from dataclasses import dataclass
from typing import Final


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
    about="what users do, through the clients alone and calls any user could make",
)
DRIVEN: Final = Judge(
    name="journeys with the control plane",
    letters="C",
    about="the same, once somebody moved a job, a clock or a balance by the twin's own API",
)
RESPX: Final = Judge(
    name="respx routes",
    letters="R",
    about="every operation through routes made from the document, before a twin",
)
PRISM: Final = Judge(
    name="Prism", letters="P", about="journeys with Prism in between, which checks both sides"
)

JUDGES: Final = (IN_PROCESS, SOCKET, STRICT, JOURNEYS, DRIVEN, RESPX, PRISM)

ORDER: Final = {judge.name: index for index, judge in enumerate(JUDGES)}

# By what a test's path begins with; every other contract test is a journey.
FOLDERS: Final = {"contract_tests/prism/": PRISM, "contract_tests/test_respx": RESPX}
FUZZ: Final = "contract_tests/fuzz/"


def judge_of(test: str, *, is_strict: bool, is_driven: bool, by_socket: bool) -> str:
    """Name who makes a call: in which test, to which document's twin, by what way, after what else."""
    if test.startswith(FUZZ):
        return (STRICT if is_strict else SOCKET if by_socket else IN_PROCESS).name
    found = next((judge for start, judge in FOLDERS.items() if test.startswith(start)), None)
    return (found or (DRIVEN if is_driven else JOURNEYS)).name
