"""Programs that call a vendor by httpx are tested over routes made from its spec, without a server."""

import asyncio
import socket
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import aiohttp
import httpx
import httpx2
import pytest
import requests
import urllib3
from PIL import Image
from respx.models import AllMockedAssertionError

from safelight import ApiError, Claid, JobFailedError, State, Tengr, Topaz
from safelight_clients.claid.models import AsyncResultEnvelope
from safelight_mock import ClockMode, MockServer, Settings, Twin
from safelight_testing import RefusedConnectionError, WrongRequestError, respx_routes

pytestmark = pytest.mark.slow  # routes for whole documents each time

ROOT = Path(__file__).parents[2]
PHOTOGRAPH = ROOT / "docs" / "photograph" / "dahlia.jpg"
TENGR = "https://tengr.test"
TOPAZ = "https://api.topazlabs.com/image/v1"
KEY = {"X-API-Key": "k"}
BAD_SIZE = {"input_width": "x", "input_height": 1}
JOB = "d7b3b3b3-7b3b-4b3b-8b3b-3b3b3b3b3b3b"


@pytest.fixture
def topaz() -> Iterator[Topaz]:
    with Topaz(api_key="k") as client:
        yield client


@pytest.fixture
def twin() -> Iterator[Twin]:
    with closing(Twin(Settings(clock=ClockMode.AUTO, seed="routes"))) as twin:
        yield twin


def side(path: Path) -> int:
    with Image.open(path) as picture:
        return picture.width


def test_without_a_twin_every_job_has_succeeded_and_has_a_result(tmp_path: Path) -> None:
    with (
        respx_routes("topaz"),
        respx_routes("claid"),
        respx_routes("tengr", base_url=TENGR),
        Topaz(api_key="k") as topaz,
        Claid(api_key="k") as claid,
        Tengr(api_key="k", base_url=TENGR) as tengr,
    ):
        jobs = (topaz.enhance(PHOTOGRAPH), claid.edit("https://shop.test/cup.jpg"), tengr.detail(TENGR))
        saved = [job.wait().save(tmp_path / f"{number}.png") for number, job in enumerate(jobs)]
        many = claid.edit_batch(["https://shop.test/cup.jpg"]).wait().save_all(tmp_path / "many")
        now = claid.upload(PHOTOGRAPH).save(tmp_path / "now.png")

    assert {side(path) for path in (*saved, *many, now)} == {64}


def test_the_documents_own_example_is_returned() -> None:
    with respx_routes("claid"), httpx.Client(headers={"Authorization": "Bearer k"}) as client:
        response = client.get("https://api.claid.ai/v1/image/edit/async/1")

    edit = AsyncResultEnvelope.from_dict(response.json()).data
    assert (edit.id, edit.status, edit.created_at.year) == (1, "DONE", 2023)


def test_the_response_of_one_route_can_be_replaced(topaz: Topaz) -> None:
    with respx_routes("topaz") as routes:
        routes["getStatus"].respond(404, json={"message": "It is gone."})

        with pytest.raises(ApiError, match="returned 404: It is gone"):
            topaz.job(JOB).status()
        routes["getStatus"].respond(200, json={"status": "Failed"})
        with pytest.raises(JobFailedError):
            topaz.job(JOB).wait()


def test_a_route_tells_whether_it_was_called(topaz: Topaz) -> None:
    with respx_routes("topaz") as routes:
        topaz.jobs()

        assert routes["getAllStatuses"].call_count == 1
        assert not routes["getStatus"].called


def test_every_route_can_be_required_to_be_called(topaz: Topaz) -> None:
    with (
        pytest.raises(AssertionError, match="some routes were not called"),
        respx_routes("topaz", assert_all_called=True),
    ):
        topaz.jobs()


@pytest.mark.fidelity("topaz:file-host")
def test_a_twin_answers_with_its_jobs_and_pictures(topaz: Topaz, twin: Twin, tmp_path: Path) -> None:
    with respx_routes("topaz", twin=twin) as routes:
        job = topaz.enhance(PHOTOGRAPH, output_width=1000)
        saved = job.wait().save(tmp_path / "large.jpg")

        assert side(saved) == 1000
        assert topaz.jobs() == [job]
        assert routes["files"].call_count == 1
        assert routes["files"].calls.last.request.url.host == "safelight.r2.cloudflarestorage.com"


@pytest.mark.fidelity("claid:file-host")
def test_links_of_the_samples_have_the_host_of_the_vendors_own(tmp_path: Path) -> None:
    with respx_routes("claid") as routes, Claid(api_key="k") as claid:
        claid.edit("https://shop.test/cup.jpg").wait().save(tmp_path / "cup.png")

        requested = routes["files"].calls.last.request.url
    assert (requested.scheme, requested.host) == ("https", "dl.claid.ai")


def test_routes_answer_where_links_of_the_twin_lead(topaz: Topaz, tmp_path: Path) -> None:
    chosen = Settings(clock=ClockMode.AUTO, files_url={"topaz": "https://files.test"})

    with closing(Twin(chosen)) as twin, respx_routes("topaz", twin=twin) as routes:
        topaz.enhance(PHOTOGRAPH, output_width=500).wait().save(tmp_path / "large.jpg")

        assert routes["files"].calls.last.request.url.host == "files.test"


def test_a_twin_is_called_where_the_program_calls_it(twin: Twin, tmp_path: Path) -> None:
    base_url = "http://photos.test:8080/topaz/image/v1"

    with (
        respx_routes("topaz", base_url=base_url, twin=twin),
        Topaz(api_key="k", base_url=base_url, insecure=True) as topaz,
    ):
        saved = topaz.enhance(PHOTOGRAPH, output_width=800).wait().save(tmp_path / "large.jpg")

    assert side(saved) == 800


def test_calls_without_waiting_are_answered_too(twin: Twin) -> None:
    async def response() -> httpx.Response:
        async with httpx.AsyncClient() as client:
            return await client.get(f"{TOPAZ}/status", headers=KEY)

    with respx_routes("topaz"):
        assert asyncio.run(response()).json()[0]["status"] == "Completed"
    with respx_routes("topaz", twin=twin):
        assert asyncio.run(response()).json() == []


@pytest.mark.parametrize(
    ("method", "path", "sent", "message"),
    [
        (
            "POST",
            "/estimate",
            {"json": BAD_SIZE},
            "postEstimate (POST /image/v1/estimate): a body",
        ),
        ("POST", "/estimate", {"json": BAD_SIZE}, 'input_width: "x" is not of type "integer"'),
        ("POST", "/estimate", {"content": b"?"}, "postEstimate (POST /image/v1/estimate): the body is of a"),
        ("POST", "/enhance/async", {"data": {"image": "x"}}, "the body is of a media type"),
        (
            "GET",
            "/status/7",
            {},
            "getStatus (GET /image/v1/status/7): a path or query parameter is not as des",
        ),
        ("GET", "/status", {"params": {"paginate": "true"}}, "unknown query parameter 'paginate'; allowed: "),
        ("GET", "/status", {"params": {"limit": "many"}}, "parameter is not as described: limit"),
        (
            "GET",
            "/status",
            {"headers": {"X-API-Key": "k"}, "content": b"{}"},
            "it has a body, but the operation takes none",
        ),
        ("GET", "/states", {}, "no operation has this path: GET /image/v1/states"),
        ("PUT", "/status", {}, "no operation of this path has this method"),
    ],
)
def test_a_wrong_request_is_named_with_its_operation_and_fault(
    method: str, path: str, sent: dict[str, object], message: str
) -> None:
    with (
        respx_routes("topaz"),
        httpx.Client(headers=KEY) as client,
        pytest.raises(WrongRequestError) as raised,
    ):
        client.request(method, f"{TOPAZ}{path}", **sent)  # type: ignore[arg-type]  # one table for all

    assert message in str(raised.value)


def test_a_request_without_a_key_is_wrong() -> None:
    with (
        respx_routes("topaz"),
        pytest.raises(WrongRequestError, match="no API key; send one in authorization or x-api-key"),
    ):
        httpx.get(f"{TOPAZ}/status")


def test_a_wrong_request_is_wrong_whatever_answers(topaz: Topaz) -> None:
    with respx_routes("topaz") as routes:
        routes["postEnhanceAsync"].respond(200, json={"process_id": JOB})

        with pytest.raises(WrongRequestError, match="postEnhanceAsync"):
            topaz.enhance(PHOTOGRAPH, output_width="wide")  # type: ignore[arg-type]


def test_what_the_vendors_document_forbids_is_wrong_to_the_letter(topaz: Topaz) -> None:
    with respx_routes("topaz"):
        topaz.enhance(PHOTOGRAPH, model="Wonder 3")
    with respx_routes("topaz", strict=True), pytest.raises(WrongRequestError, match="Wonder 3"):
        topaz.enhance(PHOTOGRAPH, model="Wonder 3")


def test_requests_need_not_be_checked(twin: Twin) -> None:
    with (
        respx_routes("tengr", base_url=TENGR, twin=twin, check=False),
        Tengr(api_key="k", base_url=TENGR) as tengr,
        pytest.raises(ApiError, match="returned 400: details"),
    ):
        tengr.detail("https://shop.test/cup.jpg", details=9)


def test_other_hosts_are_not_reached_for() -> None:
    with respx_routes("topaz"), pytest.raises(AllMockedAssertionError):
        httpx.get("https://example.com/")


def by_urllib(url: str) -> None:
    urllib.request.urlopen(url, timeout=1)  # noqa: S310 - https, and refused


def by_urllib3(url: str) -> None:
    with urllib3.PoolManager() as pool:
        pool.request("GET", url, timeout=1)


def by_aiohttp(url: str) -> None:
    async def call() -> None:
        async with aiohttp.ClientSession() as session:
            await session.get(url)

    asyncio.run(call())


def by_httpx2_asynchronously(url: str) -> None:
    async def call() -> None:
        async with httpx2.AsyncClient() as client:
            await client.get(url)

    asyncio.run(call())


OTHER_LIBRARIES = (
    partial(requests.get, timeout=1),
    by_urllib,
    by_urllib3,
    by_aiohttp,
    httpx2.get,
    by_httpx2_asynchronously,
)
VENDORS_HOSTS = (
    "api.topazlabs.com",
    "a.r2.cloudflarestorage.com",
    "api.claid.ai",
    "dl.claid.ai",
    "tengr.test",
)


def test_no_other_library_reaches_a_vendor_or_its_files(reached: list[tuple[str, object]]) -> None:
    for call in OTHER_LIBRARIES:
        for host in VENDORS_HOSTS:
            with (
                pytest.raises(RefusedConnectionError, match=f"a connection to {host} from"),
                respx_routes("tengr", base_url=TENGR),
            ):
                call(f"https://{host}/v1")

    assert reached == []


def test_a_twin_of_another_host_is_not_mistaken_for_the_vendor(reached: list[tuple[str, object]]) -> None:
    with (
        closing(Twin(Settings(options={"tengr.host": "tengr.example"}))) as twin,
        pytest.raises(RefusedConnectionError, match=r"a connection to tengr\.example from"),
        respx_routes("topaz", twin=twin),
    ):
        requests.get("https://tengr.example/v2", timeout=1)

    assert reached == []


def test_what_is_allowed_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    requested: list[str] = []

    def look_up(host: str, *_: object, **__: object) -> list[object]:
        requested.append(host)
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with (
        respx_routes("topaz", allow=["shop.s3.amazonaws.com"]),
        pytest.raises(requests.ConnectionError),
    ):
        requests.get("https://shop.s3.amazonaws.com/", timeout=1)

    assert requested == ["shop.s3.amazonaws.com"]


def test_a_server_on_this_machine_is_reached_meanwhile() -> None:
    with MockServer() as server, respx_routes("topaz", base_url=server.url("topaz")):
        response = requests.get(f"{server.url('topaz')}/status", headers=KEY, timeout=5)

    assert response.json() == []


def test_a_vendor_without_a_host_needs_an_address() -> None:
    with pytest.raises(ValueError, match="tengr publishes no host"), respx_routes("tengr"):
        pass
    with (
        pytest.raises(ValueError, match="it has to end with /image/v1"),
        respx_routes("topaz", base_url="https://api.topazlabs.com"),
    ):
        pass
    with pytest.raises(LookupError, match="must be one of claid, tengr, topaz"), respx_routes("etcher"):
        pass


def test_a_listed_job_is_seen_as_the_example_has_it(topaz: Topaz) -> None:
    with respx_routes("topaz"):
        (job,) = topaz.jobs()

    assert (job.id, job.last_status and job.last_status.state) == (JOB, State.SUCCEEDED)
