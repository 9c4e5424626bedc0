"""Scopes and rate limits of Claid's keys, and their headers."""

import pytest
from tests.mockserver.claid import (
    ASYNC,
    BATCH,
    COFFEE,
    POSTS,
    SYNC,
    UPLOAD,
    advance,
    caller,
    request,
    status_and_error,
    submitted,
    with_options,
)
from tests.mockserver.conftest import TwinClient

pytestmark = pytest.mark.slow

EVERYWHERE = (*(("POST", path) for path in (*POSTS, UPLOAD)), ("GET", f"{ASYNC}/1"), ("GET", f"{BATCH}/1"))


# Keys


@pytest.mark.fidelity("claid/401", "claid/403", "claid/500", "claid:x-request-id")
@pytest.mark.parametrize(("method", "path"), EVERYWHERE)
@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("", (401, "111", "auth", "Authorization is required.")),
        ("invalid-key", (401, "111", "auth", "Authorization is required.")),
        ("forbidden-key", (403, "403", "auth", "Not enough permissions.")),
        ("noscope-key", (403, "403", "auth", "Not enough permissions.")),
        ("broken-key", (500, "500", "general", "Temporary internal error")),
    ],
)
def test_the_key_is_checked_first(
    shared_client: TwinClient, method: str, path: str, key: str, expected: tuple[object, ...]
) -> None:
    headers = {"Authorization": f"Bearer {key}"} if key else {}

    status, result = status_and_error(caller(shared_client)(method, path, headers=headers))

    assert (status, result["error_code"], result["error_type"], result["error_message"]) == expected


@pytest.mark.fidelity("claid/401")
@pytest.mark.parametrize("header", ["k", "Basic k", "Bearer", "Bearer  "])
def test_only_a_bearer_token_is_a_key(shared_client: TwinClient, header: str) -> None:
    response = caller(shared_client)("GET", f"{ASYNC}/1", headers={"Authorization": header})

    assert status_and_error(response)[0] == 401


@pytest.mark.fidelity("claid/429")
@pytest.mark.parametrize(("method", "path"), EVERYWHERE)
def test_a_rate_limit_error_has_an_envelope_of_its_own(
    shared_client: TwinClient, method: str, path: str
) -> None:
    response = caller(shared_client, "limited")(method, path)

    assert response.status_code == 429
    assert response.json() == {
        "detail": {
            "error_code": "2001",
            "error_type": "general",
            "error_message": "Too Many Requests. Rate limit exceeded.",
            "error_details": {},
        }
    }
    assert response.headers["ratelimit-limit"] == "4, 120;w=60, 4;w=1"
    assert (response.headers["ratelimit-remaining"], response.headers["ratelimit-reset"]) == ("-1", "1")


@pytest.mark.fidelity("claid/402")
@pytest.mark.parametrize("path", [ASYNC, SYNC])
def test_an_account_without_calls_left_edits_nothing(client: TwinClient, path: str) -> None:
    response = caller(client, "unfunded")("POST", path, json=request())

    status, result = status_and_error(response)
    assert (status, result["error_type"], result["error_message"]) == (402, "billing", "No API calls left.")
    assert status_and_error(caller(client, "unfunded")("POST", path, json={}))[0] == 422


def sandbox(client: TwinClient, **account: object) -> None:
    """Open the sandbox of the key `k`, and say what its owner may do."""
    opened = client.request("POST", "/_safelight/sandboxes", json={"vendor": "claid", "key": "k"})
    changed = client.request("PATCH", f"/_safelight/sandboxes/{opened.json()['name']}/account", json=account)
    assert changed.status_code == 200, changed.text


@pytest.mark.fidelity("claid/403")
@pytest.mark.parametrize(
    ("method", "path"), [("POST", ASYNC), ("POST", BATCH), ("POST", SYNC), ("GET", f"{ASYNC}/1")]
)
@pytest.mark.parametrize("scopes", [[], ["storage"]])
def test_a_key_needs_the_permission_to_edit(
    client: TwinClient, method: str, path: str, scopes: list[str]
) -> None:
    sandbox(client, scopes=scopes)

    response = caller(client)(
        method, path, **({"json": request([COFFEE] if path == BATCH else COFFEE)} if method == "POST" else {})
    )

    assert status_and_error(response)[0] == 403


@pytest.mark.fidelity("claid.post_needs_scope")
@with_options(post_needs_scope=False)
@pytest.mark.parametrize("path", [ASYNC, SYNC, BATCH])
def test_a_post_may_do_without_the_permission_by_a_setting(configured_client: TwinClient, path: str) -> None:
    requested = request([COFFEE] if path == BATCH else COFFEE)
    sandbox(configured_client, scopes=["storage"])
    for key in ("k", "noscope-key"):
        advance(configured_client, 0, key)
        assert caller(configured_client, key)("POST", path, json=requested).status_code == 200
        assert status_and_error(caller(configured_client, key)("GET", f"{ASYNC}/1"))[0] == 403
    assert status_and_error(caller(configured_client, "forbidden")("POST", path, json=requested))[0] == 403


@pytest.mark.fidelity("claid/402")
def test_every_image_of_a_batch_is_one_call_of_the_balance(client: TwinClient) -> None:
    sandbox(client, scopes=["storage", "image_editing"], balance=3)
    call, two = caller(client), request([COFFEE, "safelight://text.txt"])

    assert submitted(call, two, BATCH)
    assert status_and_error(call("POST", BATCH, json=two))[0] == 402
    advance(client, 60)
    assert submitted(call, two, BATCH)
    assert status_and_error(call("POST", ASYNC, json=request()))[0] == 402


# Limits


@pytest.mark.fidelity("claid:limits")
def test_a_successful_response_has_the_remaining_calls(client: TwinClient) -> None:
    call = caller(client)

    first, second = (call("POST", ASYNC, json=request()).headers for _ in range(2))

    assert first["ratelimit-limit"] == "4, 120;w=60, 4;w=1"
    assert [result["ratelimit-remaining"] for result in (first, second)] == ["3", "2"]
    assert first["ratelimit-reset"] == "1"
    assert "ratelimit-limit" not in call("GET", f"{ASYNC}/1").headers


@pytest.mark.fidelity("claid:limits")
def test_an_error_response_has_no_rate_limit_headers(client: TwinClient) -> None:
    for key, requested in (("k", {}), ("unfunded", request())):
        response = caller(client, key)("POST", ASYNC, json=requested)
        assert response.status_code in (402, 422)
        assert "ratelimit-limit" not in response.headers


def test_a_batch_is_one_call(client: TwinClient) -> None:
    response = caller(client)("POST", BATCH, json=request([COFFEE, COFFEE, COFFEE]))

    assert response.headers["ratelimit-remaining"] == "3"


@pytest.mark.fidelity("claid:limits")
def test_rate_limits_are_reported_and_not_enforced_by_default(client: TwinClient) -> None:
    answers = [caller(client)("POST", ASYNC, json=request()) for _ in range(6)]

    assert {response.status_code for response in answers} == {200}
    assert [response.headers["ratelimit-remaining"] for response in answers] == ["3", "2", "1", "0", "0", "0"]


@pytest.mark.fidelity("claid.rate_limits")
@with_options(rate_limits=True)
def test_rate_limits_can_be_enforced(configured_client: TwinClient) -> None:
    call = caller(configured_client)
    advance(configured_client, 0)

    statuses = [call("POST", ASYNC, json=request()).status_code for _ in range(5)]
    advance(configured_client, 1)
    later = call("POST", ASYNC, json=request())

    assert statuses == [200, 200, 200, 200, 429]
    assert later.status_code == 200


@pytest.mark.fidelity("claid:limits", "claid.rate_limits")
@with_options(rate_limits=True)
def test_the_window_with_fewer_remaining_calls_is_reported(configured_client: TwinClient) -> None:
    call = caller(configured_client)
    answers = []
    for _ in range(121):
        advance(configured_client, 0.4)
        answers.append(call("POST", ASYNC, json=request()))

    assert answers[-2].headers["ratelimit-limit"] == "120, 120;w=60, 4;w=1"
    assert answers[-2].headers["ratelimit-remaining"] == "0"
    assert [response.status_code for response in answers].count(429) == 1


@pytest.mark.fidelity("claid/429")
@with_options(rate_limits=True)
def test_a_rate_limit_error_has_the_seconds_until_the_window_ends(configured_client: TwinClient) -> None:
    call = caller(configured_client)
    for _ in range(120):
        advance(configured_client, 0.4)
        call("POST", ASYNC, json=request())
    advance(configured_client, 0.4)

    refused = call("POST", ASYNC, json=request())
    advance(configured_client, int(refused.headers["ratelimit-reset"]))
    later = call("POST", ASYNC, json=request())

    assert (refused.status_code, later.status_code) == (429, 200)
    assert refused.headers["ratelimit-limit"] == "120, 120;w=60, 4;w=1"
    assert (refused.headers["ratelimit-remaining"], refused.headers["ratelimit-reset"]) == ("-1", "12")
