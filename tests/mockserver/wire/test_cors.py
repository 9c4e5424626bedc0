"""Web pages call the vendors' APIs from the origins that were chosen, and never the control plane."""

from collections.abc import Iterator, Mapping

import httpx
import pytest

from safelight_mock import MockServer, Settings
from safelight_mock.wire import Request, cors

pytestmark = pytest.mark.slow

PAGE = "https://shop.test"
STATUS = "/topaz/image/v1/status"
SUBMIT = "/topaz/image/v1/enhance/async"
KEY = {"X-API-Key": "k"}


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer(Settings(cors_origins=frozenset({PAGE, "HTTP://localhost:80"})), files_port=0) as running:
        yield running


@pytest.fixture(scope="module")
def client(server: MockServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.origin, headers=KEY) as client:
        yield client


def preflight(method: str = "POST", page: str = PAGE, **more: str) -> dict[str, str]:
    """What a browser asks before a call that is not a simple one."""
    named = {f"Access-Control-Request-{name}": value for name, value in more.items()}
    return {"Origin": page, "Access-Control-Request-Method": method, **named}


def cors_headers(response: httpx.Response) -> Mapping[str, str]:
    """Return the CORS headers of a response."""
    ours = "access-control-"
    return {
        name.removeprefix(ours): value for name, value in response.headers.items() if name.startswith(ours)
    }


@pytest.mark.fidelity("twin.cors_origins")
@pytest.mark.parametrize("path", [SUBMIT, "/claid/v1/image/edit/async", "/tengr/v2/artworks", "/elsewhere"])
def test_a_preflight_of_an_api_is_answered(client: httpx.Client, path: str) -> None:
    response = client.options(path, headers=preflight(Headers="authorization,x-api-key, content-type"))

    assert (response.status_code, response.content) == (204, b"")
    assert {
        name: cors_headers(response)[name] for name in cors_headers(response) if name != "expose-headers"
    } == {
        "allow-origin": PAGE,
        "allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
        "allow-headers": "authorization,x-api-key, content-type",
        "max-age": "600",
    }
    assert response.headers["vary"] == "Access-Control-Request-Headers, Origin"
    assert "content-length" not in response.headers


def test_a_preflight_of_the_file_host_allows_what_it_serves(server: MockServer) -> None:
    response = httpx.options(
        f"{server.files_origin}/files/a/b/c/output", headers=preflight("GET", Headers="range")
    )

    assert response.status_code == 204
    assert cors_headers(response)["allow-methods"] == "GET, HEAD"
    assert cors_headers(response)["allow-headers"] == "range"


def test_a_private_network_preflight_is_allowed(client: httpx.Client) -> None:
    requested = client.options(SUBMIT, headers=preflight(**{"Private-Network": "true"}))
    without_request = client.options(SUBMIT, headers=preflight())

    assert cors_headers(requested)["allow-private-network"] == "true"
    assert "allow-private-network" not in cors_headers(without_request)


def test_invalid_header_names_are_not_repeated(client: httpx.Client) -> None:
    assert "allow-headers" not in cors_headers(client.options(SUBMIT, headers=preflight(Headers="a b, c")))


@pytest.mark.fidelity("twin.cors_origins")
def test_a_page_can_read_an_answer_and_all_its_headers(client: httpx.Client, photo: bytes) -> None:
    response = client.post(SUBMIT, files={"image": ("a.jpg", photo)}, headers={"Origin": PAGE})

    assert cors_headers(response) == {
        "allow-origin": PAGE,
        "expose-headers": "date, x-eta, x-process-id, x-source-id",
    }
    assert response.headers["vary"] == "Origin"


def test_a_page_can_read_limits() -> None:
    chosen = Settings(cors_origins=frozenset({PAGE}), options={"claid.rate_limits": True})
    call = {"input": "safelight://coffee.jpg", "operations": {}}
    with MockServer(chosen) as server:
        response = httpx.post(
            f"{server.origin}/claid/v1/image/edit/async",
            headers={"Origin": PAGE, "Authorization": "Bearer k"},
            json=call,
        )

    limits = {"ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"}
    assert limits <= response.headers.keys()
    assert limits <= set(cors_headers(response)["expose-headers"].split(", "))


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", STATUS, {"X-API-Key": "invalid"}, 401),
        ("GET", f"{STATUS}/00000000-0000-4000-8000-000000000000", {}, 404),
        ("DELETE", SUBMIT, {}, 405),
        ("POST", SUBMIT, {"Content-Type": "text/plain"}, 415),
        ("GET", "/elsewhere", {}, 404),
    ],
)
def test_a_page_can_read_error_responses(
    client: httpx.Client, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    response = client.request(method, path, headers={**headers, "Origin": PAGE})

    assert (response.status_code, cors_headers(response)["allow-origin"]) == (status, PAGE)


def test_a_page_can_read_files_and_errors_of_the_file_host(
    server: MockServer, client: httpx.Client, photo: bytes
) -> None:
    process_id = client.post(SUBMIT, files={"image": ("a.jpg", photo)}).json()["process_id"]
    link = client.get(f"/topaz/image/v1/download/input/{process_id}").json()["download_url"]

    whole = httpx.get(link, headers={"Origin": PAGE})
    part = httpx.get(link, headers={"Origin": PAGE, "Range": "bytes=0-9"})
    refused = httpx.get(f"{server.files_origin}/files/a/b/c/d", headers={"Origin": PAGE})

    assert (part.status_code, cors_headers(part)["allow-origin"]) == (206, PAGE)
    assert {"content-range", "etag"} <= set(cors_headers(part)["expose-headers"].split(", "))
    assert cors_headers(part) == cors_headers(whole), "a browser makes parts from its cache"
    assert (refused.status_code, cors_headers(refused)["allow-origin"]) == (403, PAGE)


@pytest.mark.fidelity("twin.cors_origins")
@pytest.mark.parametrize(
    "page", ["https://shop.test.evil.test", "https://shop.test:8443", "http://shop.test", "null"]
)
def test_a_page_of_another_origin_gets_no_cors_headers(client: httpx.Client, page: str) -> None:
    requested = client.options(SUBMIT, headers=preflight(page=page))
    called = client.get(STATUS, headers={"Origin": page})

    assert (cors_headers(requested), requested.status_code) == ({}, 405)
    assert (cors_headers(called), called.status_code, called.headers["vary"]) == ({}, 200, "Origin")


def test_every_response_varies_by_origin(
    client: httpx.Client,
) -> None:
    assert client.get(STATUS).headers["vary"] == "Origin"


def test_every_origin_can_be_allowed() -> None:
    with MockServer(Settings(cors_origins=frozenset({"*"}))) as server:
        requested = httpx.options(
            f"{server.origin}{SUBMIT}", headers=preflight(page="null", Headers="x-api-key")
        )
        called = httpx.get(f"{server.origin}{STATUS}", headers={**KEY, "Origin": "null"})
        control = httpx.get(f"{server.origin}/_safelight/jobs", headers={"Origin": "null"})

    assert (cors_headers(requested)["allow-origin"], cors_headers(called)["allow-origin"]) == ("*", "*")
    assert "allow-credentials" not in cors_headers(called)
    assert "vary" not in called.headers
    assert (control.status_code, cors_headers(control)) == (403, {})


def test_no_page_is_allowed_by_default() -> None:
    with MockServer() as server:
        requested = httpx.options(f"{server.origin}{SUBMIT}", headers=preflight())
        called = httpx.get(f"{server.origin}{STATUS}", headers={**KEY, "Origin": PAGE})

    assert (requested.status_code, cors_headers(requested)) == (405, {})
    assert (cors_headers(called), "vary" in called.headers) == ({}, False)


@pytest.mark.fidelity("twin.cors_origins")
@pytest.mark.parametrize("page", [PAGE, "http://localhost"])
@pytest.mark.parametrize(
    ("method", "path"),
    [("OPTIONS", "jobs"), ("GET", "jobs"), ("GET", "health"), ("POST", "inbox/mine"), ("GET", "nowhere")],
)
def test_the_control_plane_has_no_cors_headers(
    client: httpx.Client, method: str, path: str, page: str
) -> None:
    response = client.request(method, f"/_safelight/{path}", headers=preflight(page=page))

    assert (response.status_code, cors_headers(response), "vary" in response.headers) == (403, {}, False)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("*", "*"),
        ("HTTP://LocalHost:3000", "http://localhost:3000"),
        ("https://shop.test:443", "https://shop.test"),
        ("http://[::1]:80", "http://[::1]"),
        ("chrome-extension://abcdef", "chrome-extension://abcdef"),
    ],
)
def test_an_origin_is_written_as_browsers_send_it(text: str, read: str) -> None:
    assert cors.origin(text) == read


@pytest.mark.parametrize(
    "text", ["", "shop.test", "https://", "https://shop.test/", "https://*.test", "null", "a b"]
)
def test_an_invalid_origin_is_rejected(text: str) -> None:
    with pytest.raises(ValueError, match="is not an origin; use scheme://host or scheme://host:port with"):
        Settings(cors_origins=frozenset({text}))


def test_headers_are_added_in_lower_case_as_the_wire_has_them() -> None:
    allowed = cors.Cors.of([PAGE])
    named = {"origin": PAGE, "access-control-request-method": "POST", "access-control-request-headers": "a"}
    asking = Request(
        method="OPTIONS",
        path=SUBMIT,
        at=0,
        headers={**named, "access-control-request-private-network": "true"},
    )

    response = allowed.preflight(asking)

    assert response is not None
    assert response.headers == {
        "access-control-allow-methods": cors.API_METHODS,
        "access-control-max-age": "600",
        "vary": "Access-Control-Request-Headers",
        "access-control-allow-headers": "a",
        "access-control-allow-private-network": "true",
    }
    assert allowed.headers(asking, {"x-cost": "1"}) == {
        "x-cost": "1",
        "vary": "Origin",
        "access-control-allow-origin": PAGE,
        "access-control-expose-headers": "x-cost",
    }


@pytest.mark.parametrize(
    ("method", "headers"),
    [("OPTIONS", {}), ("POST", {"access-control-request-method": "POST"})],
    ids=["no method is asked for", "another method"],
)
def test_other_requests_are_no_preflights(method: str, headers: Mapping[str, str]) -> None:
    request = Request(method=method, path=SUBMIT, at=0, headers={"origin": PAGE, **headers})

    assert cors.Cors.of([PAGE]).preflight(request) is None


def test_a_preflight_without_names_of_headers_allows_none() -> None:
    request = Request(
        method="OPTIONS", path=SUBMIT, at=0, headers={"origin": PAGE, "access-control-request-method": "POST"}
    )

    response = cors.Cors.of([PAGE]).preflight(request)

    assert response is not None
    assert "access-control-allow-headers" not in response.headers


def test_a_request_without_an_origin_is_of_no_allowed_page() -> None:
    request = Request(method="GET", path=STATUS, at=0)

    assert cors.Cors.of([PAGE]).headers(request, {}) == {"vary": "Origin"}
