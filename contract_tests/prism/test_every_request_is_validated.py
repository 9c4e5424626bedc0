"""Prism validates each operation's request and response: between client and twin, and as a mock server."""

from io import BytesIO

import httpx
import pytest
from PIL import Image

from contract_tests.every_operation import CLIENTS, OPERATIONS, arguments, call
from contract_tests.prism.judging import JudgedTransport, PrismBench, bypass
from contract_tests.prism.plain_tiff import plain_tiff
from contract_tests.prism.running import SPECS, prism
from contract_tests.targets.served import BASES, fresh

BYPASSING = {
    "postEnhanceSync",
    "postDenoiseSync",
    "postSharpenSync",
    "postLightingSync",
    "getCreditBalance",
}
KEY = "k"
UNABLE = {"getCreditBalance", "editUploadedImage"}  # test_prism_defects.py shows why
UNREAD = {"cancelTask", "deleteStatus", "getCreditBalance"}  # of which two have no body where they succeed

pytestmark = pytest.mark.slow


class Heard(httpx.BaseTransport):
    """Passes on what is judged, and keeps it."""

    def __init__(self, judged: JudgedTransport) -> None:
        self.judged = judged
        self.requests: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self.judged.handle_request(request)


def test_an_image_can_be_text() -> None:
    picture = plain_tiff()

    assert picture.isascii()
    assert Image.open(BytesIO(picture)).size == (64, 64)


@pytest.mark.parametrize("vendor", OPERATIONS)
def test_prism_accepts_every_request_and_its_response(prism_bench: PrismBench, vendor: str) -> None:
    calls = arguments(vendor, plain_tiff())
    url = f"{prism_bench.origin}/{vendor}{BASES[vendor]}"

    with prism_bench.judged(is_wrong=False) as judged:
        received = Heard(judged)
        with CLIENTS[vendor](base_url=url, token=f"k{fresh()}", httpx_args={"transport": received}) as client:
            answers = {name: call(vendor, name, client, calls[name]) for name in OPERATIONS[vendor]}

    promises = prism_bench.promises[vendor]
    bypassing = [promises.operation(request) for request in received.requests if bypass(promises, request)]
    assert {operation.id for operation in bypassing if operation} == BYPASSING & OPERATIONS[vendor].keys()
    assert {response.status_code for response in answers.values()} <= {200, 202, 204, 403, 404, 409}


@pytest.mark.parametrize("vendor", OPERATIONS)
def test_every_client_parses_the_responses_that_prism_generates(vendor: str) -> None:
    calls = arguments(vendor, plain_tiff())

    with (
        prism("mock", SPECS / f"{vendor}.json") as mock,
        CLIENTS[vendor](base_url=mock.origin, token=KEY) as client,
    ):
        answers = {name: call(vendor, name, client, calls[name]) for name in OPERATIONS[vendor]}

    assert {name for name, response in answers.items() if response.status_code >= 300} <= UNABLE
    assert {name for name, response in answers.items() if response.parsed is None} <= UNREAD
