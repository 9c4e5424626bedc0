"""Clients that are generated from the examples, and the mock server that plays these without a socket."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from importlib import import_module, invalidate_caches
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest

from safelight import JobApi, Polling
from safelight_lifecycle import ApiTable
from safelight_mock import ClockMode, Settings, Spec, Twin, TwinTransport
from safelight_openapi import lifecycle_violations, load_document

EXAMPLES = Path(__file__).parents[3] / "examples"
KEY = "key-of-a-test"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleApi:
    """A client of an example, its models and functions, and the mock server that it calls."""

    jobs: JobApi
    functions: Any
    models: Any
    twin: Twin


Generate: TypeAlias = Callable[[str], str]
Connect: TypeAlias = Callable[..., ExampleApi]
Between: TypeAlias = Callable[[httpx.Request, httpx.BaseTransport], httpx.Response]


def documents(name: str) -> tuple[Path, Path]:
    """Return the document and the lifecycle of an example."""
    folder = EXAMPLES / name
    return next(folder.glob("[os]*.yaml")), folder / "lifecycle.overlay.yaml"


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generate]:
    """Return a function that generates the client of an example, once, and returns its package's name."""
    # Here and not above: a run without these tests does without the generator's import, half a second.
    from safelight_codegen._generate.file_tree import write_tree  # noqa: PLC0415
    from safelight_codegen._generate.spec_client import spec_client  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("clients")
    sys.path.insert(0, str(folder))

    @cache
    def generate(name: str) -> str:
        package = f"{name.replace('-', '_')}_client"
        document, lifecycle = documents(name)
        loaded = load_document(document, (lifecycle,), checks=(lifecycle_violations,))
        write_tree(spec_client(package, loaded.document)[0], folder / package)
        invalidate_caches()
        return package

    yield generate
    sys.path.remove(str(folder))


@pytest.fixture
def connect(generated: Generate) -> Iterator[Connect]:
    """Return a function that connects the client of an example to a mock server of its own."""
    with ExitStack() as stack:

        def open_api(
            name: str,
            *,
            clock: ClockMode = ClockMode.AUTO,
            between: Between | None = None,
            **options: Any,  # noqa: ANN401 - those of JobApi
        ) -> ExampleApi:
            package = generated(name)
            document, lifecycle = documents(name)
            twin = Twin(Settings(clock=clock, cache=False), specs=[Spec(document, lifecycle=lifecycle)])
            stack.callback(twin.close)
            table: ApiTable = import_module(f"{package}.async_jobs").API
            polling = Polling(sleep=lambda _: None)
            server = TwinTransport(twin)
            transport = httpx.MockTransport(lambda request: between(request, server)) if between else server
            given = {"api_key": KEY, "polling": polling, "transport": transport}
            jobs = stack.enter_context(JobApi(table, **{**given, **options}))
            return ExampleApi(
                jobs=jobs,
                functions=import_module(f"{package}.jobs"),
                models=import_module(f"{package}.models"),
                twin=twin,
            )

        yield open_api
