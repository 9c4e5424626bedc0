"""URLs that a service gives for a job are called as they are, with the API key on its own origin alone."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import httpx
import pytest

from safelight import Job, JobApi, JobOrigin
from safelight._http.response import ApiResponse
from safelight._jobs.job_requests import job_origin
from safelight_lifecycle import (
    ApiTable,
    FileContent,
    JobIds,
    JobMove,
    JobRead,
    JobResult,
    KeyLocation,
    Lifecycle,
    RequestParts,
    RequestTemplate,
    ResultKind,
    State,
    Word,
    Words,
    WordState,
    parse_expression,
)

API = ApiTable(
    lifecycles={
        "render": Lifecycle(
            name="render",
            submit=(),
            ids=JobIds(parameter="id"),
            read=JobRead(
                operation="read",
                state=(parse_expression("$response.body#/status"),),
                follow=parse_expression("$response.body#/links/self"),
            ),
            words=Words(listed=(Word(name="done", means=(State.SUCCEEDED,)),)),
            moves=(
                JobMove(
                    operation="cancel",
                    to=WordState("stopped", State.CANCELLED),
                    follow=parse_expression("$response.body#/links/cancel"),
                ),
            ),
            result=JobResult(
                kind=ResultKind.FILE,
                places=(parse_expression("$response.body#/file"),),
                content=FileContent(operation="content", parameter="file"),
            ),
        )
    },
    modules={},
    requests={
        "read": RequestTemplate(method="GET", path="/renders/{id}"),
        "cancel": RequestTemplate(method="POST", path="/renders/{id}/cancel"),
        "content": RequestTemplate(method="GET", path="/files/{file}/content"),
    },
    server="https://api.acme.example/v1",
    key=KeyLocation(name="X-Key"),
)
KEY = "sk-secret-of-acme"


@pytest.fixture
def sent() -> list[httpx.Request]:
    return []


@pytest.fixture
def network(sent: list[httpx.Request]) -> httpx.MockTransport:
    """A service whose files are at another host."""

    def respond(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        if request.url.path == "/v1/files/f1/content":
            return httpx.Response(302, headers={"Location": "https://files.example/f1?signature=s"})
        if request.url.host == "files.example":
            return httpx.Response(200, content=b"the file")
        return httpx.Response(200, json={"status": "done", "file": "f1"})

    return httpx.MockTransport(respond)


@pytest.fixture
def job(network: httpx.MockTransport) -> Callable[..., Job]:
    """Return a job whose submission had links."""

    def of(links: dict[str, str], **options: object) -> Job:
        origin = JobOrigin(values={f"$response.body#/links/{name}": url for name, url in links.items()})
        return JobApi(API, api_key=KEY, transport=network, **options).job("7", origin=origin)  # type: ignore[arg-type]

    return of


@pytest.mark.parametrize(
    "url", ["https://api.acme.example/v1/status/7?token=t", "https://api.acme.example:443/other"]
)
def test_the_key_is_sent_to_the_origin_of_the_api(
    job: Callable[..., Job], sent: list[httpx.Request], url: str
) -> None:
    job({"self": url}).status()

    assert [one.headers["x-key"] for one in sent] == [KEY]


@pytest.mark.parametrize(
    "url",
    [
        "https://eu.api.acme.example/v1/status/7",
        "https://api.acme.example.evil.example/v1/status/7",
        "https://api.acme.example@evil.example/v1/status/7",
        "http://api.acme.example/v1/status/7",
        "https://api.acme.example:8443/v1/status/7",
    ],
)
def test_the_key_is_not_sent_to_another_origin(
    job: Callable[..., Job], sent: list[httpx.Request], url: str
) -> None:
    job({"self": url}).status()

    (request,) = sent
    assert KEY not in f"{request.url} {request.headers.raw}"


def test_a_relative_url_is_complete_from_the_submission_on() -> None:
    response = ApiResponse(
        url="https://api.acme.example/v1/renders", body={"links": {"self": "/v2/status/7"}}
    )

    origin = job_origin(API.lifecycles["render"], "create", RequestParts(), response)

    assert origin.values == {"$response.body#/links/self": "https://api.acme.example/v2/status/7"}


def test_another_origin_is_trusted_with_the_key_if_the_caller_says_so(
    job: Callable[..., Job], sent: list[httpx.Request]
) -> None:
    url = "https://eu.api.acme.example/v1/status/7"

    job({"self": url}, key_origins=["https://eu.api.acme.example"]).status()

    assert (str(sent[0].url), sent[0].headers["x-key"]) == (url, KEY)


def test_an_origin_without_encryption_is_not_trusted_with_the_key(job: Callable[..., Job]) -> None:
    with pytest.raises(ValueError, match=r"the API key would be sent to eu\.acme\.example unencrypted"):
        job({}, key_origins=["http://eu.acme.example"])


def test_a_job_is_cancelled_at_its_own_url_with_the_operations_method(
    job: Callable[..., Job], sent: list[httpx.Request]
) -> None:
    job({"cancel": "https://api.acme.example/v1/stop/7"}).cancel()

    assert [(one.method, one.url.path) for one in sent] == [("POST", "/v1/stop/7")]


def test_a_file_that_the_operation_redirects_to_is_loaded_without_the_key(
    job: Callable[..., Job], sent: list[httpx.Request], tmp_path: Path
) -> None:
    saved = job({}).save(tmp_path / "f1")

    assert saved.read_bytes() == b"the file"
    assert [(one.url.path, one.headers.get("x-key")) for one in sent] == [
        ("/v1/renders/7", KEY),
        ("/v1/files/f1/content", KEY),
        ("/f1", None),
    ]


def test_what_is_known_of_a_submission_can_be_kept_as_json(job: Callable[..., Job]) -> None:
    made = job({"self": "https://api.acme.example/v1/status/7"})

    assert asdict(made.origin) == {
        "operation": "",
        "values": {"$response.body#/links/self": "https://api.acme.example/v1/status/7"},
    }
    assert "status/7" not in repr(made)
