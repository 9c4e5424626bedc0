"""The control plane shows and sets what no vendor's operation does."""

import asyncio
from contextlib import closing

import httpx
import pytest
from tests.mockserver.conftest import TwinClient, in_process
from tests.mockserver.stored import stored

from safelight_mock import App, ClockMode, MockServer, Settings, Twin

CONTROL = "/_safelight"


def sandbox_of(client: TwinClient, vendor: str = "topaz", key: str = "k") -> str:
    opened = client.request("POST", f"{CONTROL}/sandboxes", json={"vendor": vendor, "key": key})
    assert opened.status_code == 200, opened.text
    name: str = opened.json()["name"]
    return name


def move(client: TwinClient, job: str, to: str, **query: str) -> httpx.Response:
    return client.request("POST", f"{CONTROL}/jobs/{job}/move", json={"to": to}, params=query)


@pytest.mark.fidelity("twin:control")
def test_a_forced_state_is_visible_in_the_vendors_status(any_client: TwinClient, photo: bytes) -> None:
    process_id = any_client.submit(photo)

    moved = move(any_client, process_id, "failed")

    assert (moved.status_code, moved.json()["state"], moved.json()["vendor_state"]) == (
        200,
        "failed",
        "Failed",
    )
    assert any_client.call("GET", f"/status/{process_id}").json()["status"] == "Failed"


def test_a_job_forced_to_succeed_has_a_result(any_client: TwinClient, photo: bytes) -> None:
    process_id = any_client.submit(photo)

    move(any_client, process_id, "Completed")

    link = any_client.call("GET", f"/download/{process_id}").json()["download_url"]
    assert any_client.request("GET", link).headers["content-type"] == "image/jpeg"


@pytest.mark.fidelity("twin:control")
@pytest.mark.parametrize(
    ("to", "status", "why"),
    [
        ("Processing", 409, "cannot change a failed job to Processing: it has ended; submit another one"),
        ("Lost", 422, "to: unknown state 'Lost'; use one of Pending"),
    ],
)
def test_an_invalid_transition_is_rejected_with_a_reason(
    client: TwinClient, photo: bytes, to: str, status: int, why: str
) -> None:
    process_id = client.submit(photo)
    move(client, process_id, "failed")

    refused = move(client, process_id, to)

    assert (refused.status_code, refused.headers["content-type"]) == (status, "application/problem+json")
    assert refused.json()["detail"].startswith(why)


def test_jobs_of_every_sandbox_are_listed(client: TwinClient, photo: bytes) -> None:
    mine = client.submit(photo)
    client.request(
        "POST",
        "/topaz/image/v1/denoise/async",
        headers={"X-API-Key": "other"},
        files={"image": ("a.jpg", photo)},
    )

    listed = client.request("GET", f"{CONTROL}/jobs").json()
    own = client.request("GET", f"{CONTROL}/jobs", params={"sandbox": sandbox_of(client)}).json()

    assert {job["operation"] for job in listed} == {"postEnhanceAsync", "postDenoise"}
    assert [job["id"] for job in own] == [mine]
    assert client.request("GET", f"{CONTROL}/jobs", params={"limit": "1"}).json() == listed[:1]
    assert client.request("GET", f"{CONTROL}/jobs", params={"vendor": "nobody"}).json() == []
    assert client.request("GET", f"{CONTROL}/jobs", params={"sandbox": "none"}).status_code == 404


def account(client: TwinClient, sandbox: str, **wanted: object) -> dict[str, object]:
    response = client.request("PATCH", f"{CONTROL}/sandboxes/{sandbox}/account", json=wanted)
    assert response.status_code == 200, response.text
    result: dict[str, object] = response.json()["account"]
    return result


@pytest.mark.fidelity("topaz/402", "twin:balance")
def test_a_balance_can_be_set_before_a_key_is_used(client: TwinClient, photo: bytes) -> None:
    sandbox = sandbox_of(client)
    result = account(client, sandbox, balance=1)
    assert result == {"scopes": None, "balance": 1, "reserved": 0, "paid": 0}

    process_id = client.submit(photo)
    refused = client.call("POST", "/enhance/async", files={"image": ("a.jpg", photo)})

    assert (refused.status_code, refused.json()["message"]) == (402, "Insufficient funds.")
    funds = client.request("GET", "/topaz/account/v1/credits/balance", headers=client.key).json()
    assert funds == {"available_credits": 0, "reserved_credits": 1, "total_credits": 1}
    client.advance(60)
    assert account(client, sandbox) == {"scopes": None, "balance": 0, "reserved": 0, "paid": 1}
    client.call("DELETE", f"/status/{process_id}")
    assert account(client, sandbox) == {"scopes": None, "balance": 0, "reserved": 0, "paid": 1}
    assert account(client, sandbox, balance=None)["balance"] is None
    client.submit(photo)


def test_a_new_balance_does_not_pay_for_running_jobs(client: TwinClient, photo: bytes) -> None:
    sandbox = sandbox_of(client)
    client.submit(photo)

    result = account(client, sandbox, balance=1)

    assert result == {"scopes": None, "balance": 1, "reserved": 1, "paid": 0}
    client.submit(photo)
    refused = client.call("POST", "/enhance/async", files={"image": ("a.jpg", photo)})
    assert refused.status_code == 402


@pytest.mark.fidelity("twin:balance")
def test_a_job_that_fails_is_refunded(client: TwinClient, photo: bytes) -> None:
    sandbox = sandbox_of(client)
    account(client, sandbox, balance=1)

    client.call("DELETE", f"/cancel/{client.submit(photo)}")
    move(client, client.submit(photo), "failed")
    client.submit(photo[:-100])
    client.advance(60)

    assert account(client, sandbox) == {"scopes": None, "balance": 1, "reserved": 0, "paid": 0}


def test_an_account_setting_unknown_to_the_vendor_is_rejected(client: TwinClient) -> None:
    location = f"{CONTROL}/sandboxes/{sandbox_of(client)}/account"

    refused = client.request("PATCH", location, json={"balance": 1, "scopes": ["all"]})

    assert refused.status_code == 422
    assert refused.json()["detail"] == "accounts of topaz have no 'scopes'; allowed: balance"
    listed = client.request("GET", f"{CONTROL}/sandboxes").json()
    assert [(sandbox["vendor"], sandbox["account"]["balance"]) for sandbox in listed] == [("topaz", None)]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "detail"),
    [
        ("GET", "/nothing", None, 404, "GET /_safelight/openapi.json lists all routes"),
        (
            "GET",
            "/sandboxs",
            None,
            404,
            "did you mean /_safelight/sandboxes? GET /_safelight/openapi.json lists all routes",
        ),
        (
            "GET",
            "/jobz",
            None,
            404,
            "no operation has the path /_safelight/jobz; did you mean /_safelight/jobs?",
        ),
        ("GET", "/conduct", None, 404, "did you mean /_safelight/sandboxes/{sandbox}/conduct?"),
        ("DELETE", "/jobs", None, 405, "DELETE is not allowed on /_safelight/jobs; allowed: GET"),
        ("POST", "/sandboxes", b'{"vendor": "topaz"}', 422, "key is missing; required: vendor, key"),
        ("POST", "/sandboxes", b'{"vendor": "nobody", "key": "k"}', 422, "unknown vendor 'nobody'"),
        (
            "POST",
            "/sandboxes",
            b'{"vendor": "topaz", "key": "k", "lable": "x"}',
            422,
            "unknown field 'lable'; did you mean 'label'?",
        ),
        (
            "POST",
            "/sandboxes",
            b'{"vendor": "topaz", "key": "k", "label": "a b"}',
            422,
            'label: "a b" is not a',
        ),
        ("POST", "/sandboxes", b"{", 400, "the body is not valid JSON: Input data was truncated"),
        ("POST", "/sandboxes", b"", 400, "the body is empty; send JSON"),
        ("POST", "/sandboxes", b"[" * 10_000, 400, "the body is not valid JSON"),
        (
            "POST",
            "/jobs/none/move",
            b'{"to": "failed"}',
            404,
            "unknown job 'none'; GET /_safelight/jobs lists",
        ),
        ("PATCH", "/sandboxes/none/account", b"{}", 404, "GET /_safelight/sandboxes lists them"),
        ("GET", "/jobs?limit=0", None, 422, "query parameter limit: 0 is less than the minimum of 1"),
        ("GET", "/jobs?sandbx=x", None, 422, "unknown query parameter 'sandbx'; did you mean 'sandbox'?"),
        (
            "GET",
            "/jobs?state=x",
            None,
            422,
            "unknown query parameter 'state'; use one of sandbox, vendor, limit",
        ),
        ("GET", "/health?verbose", None, 422, "unknown query parameter 'verbose'; there are none here"),
    ],
)
def test_an_invalid_request_is_rejected_with_what_is_allowed(  # noqa: PLR0913, PLR0917 - of a table
    client: TwinClient, method: str, path: str, body: bytes | None, status: int, detail: str
) -> None:
    headers = {"Content-Type": "application/json"}

    refused = client.request(method, CONTROL + path, content=body, headers=headers)

    assert (refused.status_code, refused.json()["status"]) == (status, status)
    assert detail in refused.json()["detail"]


def test_a_form_is_rejected_by_the_control_plane(client: TwinClient) -> None:
    refused = client.request("POST", f"{CONTROL}/sandboxes", data={"vendor": "topaz", "key": "k"})

    assert refused.status_code == 415


def test_the_control_plane_serves_its_openapi_document(any_client: TwinClient) -> None:
    described = any_client.request("GET", f"{CONTROL}/openapi.json").json()

    assert "/jobs/{job}/move" in described["paths"]


@pytest.mark.slow
@pytest.mark.fidelity("twin:control")
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "evil.example"},
        {"Host": "evil.example", "Origin": "http://evil.example"},
        {"Host": "localhost.evil.example"},
    ],
    ids=str,
)
def test_a_web_page_cannot_use_the_control_plane(headers: dict[str, str]) -> None:
    with MockServer() as server, httpx.Client(base_url=server.origin) as client:
        assert client.get(f"{CONTROL}/jobs", headers=headers).status_code == 403
        assert client.get(f"{CONTROL}/jobs", headers={"Origin": server.origin}).status_code == 200


@pytest.mark.fidelity("twin:control")
@pytest.mark.parametrize(("peer", "status"), [("127.0.0.1", 200), ("::1", 200), ("192.168.0.7", 403)])
def test_another_machine_cannot_use_the_control_plane(peer: str, status: int) -> None:
    twin = Twin(Settings())

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(App(twin), client=(peer, 5000))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get(f"{CONTROL}/sandboxes")

    assert asyncio.run(ask()).status_code == status
    twin.close()


@pytest.mark.slow
@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Via"])
def test_another_machine_cannot_use_the_control_plane_through_a_local_proxy(header: str) -> None:
    with MockServer() as server, httpx.Client(base_url=server.origin) as client:
        refused = client.get(f"{CONTROL}/sandboxes", headers={header: "127.0.0.1"})

    assert refused.status_code == 403
    assert refused.json()["detail"] == (
        "requests from other machines need a bearer token, the one of --control-token"
    )


def clock(client: TwinClient, sandbox: str, **wanted: object) -> httpx.Response:
    return client.request("PATCH", f"{CONTROL}/sandboxes/{sandbox}/clock", json=wanted)


@pytest.mark.fidelity("twin.clock")
def test_a_poll_on_an_auto_clock_advances_to_the_next_state(any_client: TwinClient, photo: bytes) -> None:
    sandbox = sandbox_of(any_client)
    before = clock(any_client, sandbox, mode="auto").json()
    process_id = any_client.submit(photo)

    observed = [any_client.call("GET", f"/status/{process_id}").json() for _ in range(4)]

    assert [result["status"] for result in observed] == ["Processing", "Completed", "Completed", "Completed"]
    after = any_client.request("GET", f"{CONTROL}/sandboxes").json()[-1]
    assert after["now"] == pytest.approx(
        before["now"] + observed[-1]["eta"] - observed[0]["creation_time"] + 10, abs=2
    )


@pytest.mark.fidelity("twin.clock")
def test_only_polls_of_a_job_advance_an_auto_clock(client: TwinClient, photo: bytes) -> None:
    sandbox = sandbox_of(client)
    now = clock(client, sandbox, mode="auto").json()["now"]

    process_id = client.submit(photo)
    client.call("GET", "/status")
    client.call("GET", f"/download/{process_id}")
    client.call("GET", "/status/00000000-0000-4000-8000-000000000000")

    assert client.request("GET", f"{CONTROL}/sandboxes").json()[-1]["now"] == now


def test_a_paused_job_does_not_stop_an_auto_clock(client: TwinClient, photo: bytes) -> None:
    sandbox = sandbox_of(client)
    now = clock(client, sandbox, mode="auto").json()["now"]
    process_id = client.submit(photo)
    move(client, process_id, "Cancelled")

    client.call("GET", f"/status/{process_id}")

    assert client.request("GET", f"{CONTROL}/sandboxes").json()[-1]["now"] == now + 5


@pytest.mark.fidelity("twin.clock")
def test_a_manual_clock_is_set_and_advanced(client: TwinClient, photo: bytes) -> None:
    sandbox = sandbox_of(client)
    now = clock(client, sandbox, mode="manual").json()["now"]
    process_id = client.submit(photo)

    assert clock(client, sandbox, to=now + 1).json()["now"] == now + 1
    assert client.call("GET", f"/status/{process_id}").json()["status"] == "Processing"
    client.request("POST", f"{CONTROL}/sandboxes/{sandbox}/clock/advance", json={"seconds": 10})
    assert client.call("GET", f"/status/{process_id}").json()["status"] == "Completed"


def test_a_scaled_clock_that_was_set_continues_at_its_rate() -> None:
    real = [1_800_000_000.0]
    with closing(Twin(Settings(seed="tests"), real=lambda: real[0])) as twin, in_process(twin) as client:
        sandbox = sandbox_of(client)
        now = clock(client, sandbox, mode="scaled", rate=100).json()["now"]

        result = clock(client, sandbox, to=now + 3600).json()
        real[0] += 1

        assert (result["clock"], result["now"]) == ("scaled", now + 3600)
        assert client.request("GET", f"{CONTROL}/sandboxes").json()[-1]["now"] == now + 3700


@pytest.mark.fidelity("twin.clock")
def test_a_clock_is_not_set_back(client: TwinClient) -> None:
    sandbox = sandbox_of(client)
    now = clock(client, sandbox, mode="manual").json()["now"]

    refused = clock(client, sandbox, to=now - 1)

    assert refused.status_code == 422
    assert refused.json()["detail"].startswith("a clock cannot go back")


def test_a_clock_is_not_advanced_to_where_dates_end(client: TwinClient) -> None:
    sandbox = sandbox_of(client)
    clock(client, sandbox, to=1e11)

    refused = client.request(
        "POST", f"{CONTROL}/sandboxes/{sandbox}/clock/advance", json={"seconds": 10_000_000_000}
    )

    assert (refused.status_code, refused.json()["detail"]) == (
        422,
        "the clock ends at 100000000000, in the year 5138; 110000000000 is later",
    )
    assert client.request("GET", f"{CONTROL}/sandboxes").json()[-1]["clock"] == "real"


def test_new_sandboxes_have_the_clock_that_was_chosen() -> None:
    with closing(Twin(Settings(clock=ClockMode.AUTO))) as twin:
        assert stored(twin, "topaz", "k").clock.mode is ClockMode.AUTO
