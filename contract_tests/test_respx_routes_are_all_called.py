"""Every operation is called over routes made from its spec; examples answer, and a twin does."""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from contract_tests.every_operation import CLIENTS, OPERATIONS, Answer, arguments, call
from safelight_mock import ClockMode, Settings, Twin
from safelight_testing import respx_routes

BASES = {
    "topaz": "https://api.topazlabs.com/image/v1",
    "claid": "https://api.claid.ai/v1",
    "tengr": "https://tengr.test/",
}
PHOTOGRAPH = Path(__file__).parents[1] / "tests" / "data" / "chelsea.jpg"
KEY = "k"
SILENT = {"cancelTask", "deleteStatus"}  # have no body where they succeed


def all_called(vendor: str, twin: Twin | None) -> Mapping[str, Answer]:
    """Call each operation, and a file; fails unless every route was called with what its spec describes."""
    base = BASES[vendor]
    calls = arguments(vendor, PHOTOGRAPH.read_bytes())
    with (
        respx_routes(vendor, base_url=base, twin=twin, assert_all_called=True),
        CLIENTS[vendor](base_url=base, token=KEY) as client,
    ):
        httpx.get(httpx.URL(base).join("/files/sample.png"))
        return {name: call(vendor, name, client, calls[name]) for name in OPERATIONS[vendor]}


@pytest.mark.parametrize("vendor", OPERATIONS)
def test_every_operation_has_an_example_response_that_its_client_parses(vendor: str) -> None:
    answers = all_called(vendor, None)

    assert {name for name, response in answers.items() if response.status_code >= 300} == set()
    assert {name for name, response in answers.items() if response.parsed is None} <= SILENT


@pytest.mark.parametrize("vendor", OPERATIONS)
def test_every_route_can_be_served_by_a_twin(vendor: str) -> None:
    with closing(Twin(Settings(seed="routes", clock=ClockMode.AUTO))) as twin:
        answers = all_called(vendor, twin)

    assert {response.status_code for response in answers.values()} <= {200, 202, 204, 403, 404, 409}
    assert {name for name, response in answers.items() if response.parsed is None} <= SILENT
