"""A client that is generated from the document of the suite, once for all of its cases."""

import sys
from collections.abc import Iterator, Mapping
from importlib import invalidate_caches
from typing import TYPE_CHECKING

import pytest
from tests.conformance.playing import document_of

if TYPE_CHECKING:
    from tests.conformance.client import Play

PACKAGE = "conformance_client"


@pytest.fixture(scope="session")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Return the module of each operation; lifecycles differ from case to case, operations do not."""
    # Here and not above: a run without these tests does without the generator's import, half a second.
    from safelight_codegen._generate.file_tree import write_tree  # noqa: PLC0415
    from safelight_codegen._generate.package_ast import modules_by_operation  # noqa: PLC0415
    from safelight_codegen._generate.spec_client import spec_client  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("client")
    tree, _ = spec_client(PACKAGE, document_of({}))
    write_tree(tree, folder / PACKAGE)
    sys.path.insert(0, str(folder))
    invalidate_caches()
    yield {name: f"{PACKAGE}.{one}" for name, one in modules_by_operation(document_of({}), tree).items()}
    sys.path.remove(str(folder))


@pytest.fixture
def play(modules: Mapping[str, str]) -> "Play":
    """Return a function that connects a client to a server by the name of a case."""
    from tests.conformance.client import played  # noqa: PLC0415 - as above

    return lambda case, **lifecycle: played(case, modules, **lifecycle)
