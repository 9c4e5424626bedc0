"""Draws the generated part of architecture.md: states, vendors' words for them, and the floors of the twin.

`python docs/diagram.py` rewrites it; with `--check` it writes nothing and fails when the part is stale.
"""

import ast
import os
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from safelight_mock.core.job import TRANSITIONS, State
from safelight_mock.core.lifecycle import Lifecycle
from safelight_mock.vendors import VENDORS
from safelight_mock.wire.api import Api
from safelight_specs import spec_bytes

DOCS = Path(__file__).resolve().parent
PAGE = DOCS / "architecture.md"
TWIN = DOCS.parent / "mockserver" / "safelight_mock"

BEGIN = "<!-- Made by `python docs/diagram.py`; do not edit. -->\n"
END = "<!-- The end of what docs/diagram.py made. -->\n"

NOTHING = "not kept apart"


def diagram() -> Iterator[str]:
    """Draw the transition table."""
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"    [*] --> {State.QUEUED}"
    for state, moves in TRANSITIONS.items():
        yield from (f"    {state} --> {following}: {move}" for move, following in moves.items())
        if state.is_over:
            yield f"    {state} --> [*]"
    yield "```"


def words(lifecycles: Mapping[str, Lifecycle]) -> Iterator[str]:
    """List what each vendor calls a state."""
    yield f"| state | {' | '.join(lifecycles)} |"
    yield f"|---|{'---|' * len(lifecycles)}"
    for state in State:
        yield f"| {state} | {' | '.join(_words(cycle, state) for cycle in lifecycles.values())} |"


def floors(contracts: Sequence[Mapping[str, object]]) -> Iterator[str]:
    """List the floors from the top, as the import contract has them."""
    yield "| floor | what lives there |"
    yield "|---|---|"
    for contract in contracts:
        if contract["type"] == "layers" and isinstance(contract["layers"], list):
            yield from (_floor(name) for layer in contract["layers"] for name in layer.split(" | "))


def generated() -> str:
    """Return the whole part."""
    configured = tomllib.loads((DOCS.parent / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = configured["tool"]["importlinter"]["contracts"]
    parts = (
        ("What may happen to a job (`core/job.py`):", diagram()),
        ("What the vendors call it (`x-async-jobs` of their effective specs):", words(_lifecycles())),
        (
            "The floors of the twin, from the top (`pyproject.toml`):",
            floors(contracts),
        ),
    )
    return "\n".join("\n".join([title, "", *lines, ""]) for title, lines in parts)


def _lifecycles() -> Mapping[str, Lifecycle]:
    apis = {slug: Api.from_json(spec_bytes(slug)) for slug in VENDORS}
    return {f"{slug}, {name}": cycle for slug, api in apis.items() for name, cycle in api.lifecycles.items()}


def _words(lifecycle: Lifecycle, state: State) -> str:
    return ", ".join(f"`{word}`" for word, meaning in lifecycle.states.items() if meaning is state) or NOTHING


def _floor(name: str) -> str:
    module = ast.parse((TWIN / name / "__init__.py").read_text(encoding="utf-8"))
    first, _, _ = (ast.get_docstring(module) or "").partition("\n")
    return f"| `{name}` | {first} |"


def main(arguments: Sequence[str]) -> int:
    """Rewrite the part between the markers, or check it."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    current = f"{before}{BEGIN}\n{generated()}\n{END}{after}"
    if "--check" not in arguments:
        PAGE.write_text(current, encoding="utf-8")
    elif page != current:
        sys.stderr.write(f"{os.path.relpath(PAGE)} is stale; run: python {os.path.relpath(__file__)}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
