"""Tengr's API keys, scopes and error responses."""

from collections.abc import Mapping

import pytest
from tests.mockserver.lifecycles import lifecycle

from safelight_mock.core import WHOLE, Engine, Sandbox, UnknownJobError
from safelight_mock.vendors import VENDORS
from safelight_mock.vendors.generic.error_texts import LONGEST
from safelight_mock.wire import Kind, Problem, Request, Response
from safelight_mock.wire.api_keys import authenticate
from safelight_mock.wire.problem import WITH_BODY

Account = Mapping[str, tuple[str, ...] | None]


def engine(granted: int | None = None) -> Engine:
    bare = lifecycle()
    sandbox = Sandbox(name="box", seed="", granted=granted)
    return Engine(sandbox=sandbox, name="", lifecycle=bare, now=0, inspect=lambda _: WHOLE)


def key(headers: Mapping[str, str]) -> str:
    return authenticate(VENDORS["tengr"].auth, VENDORS["tengr"].magic_keys, headers)


def rotated(key_: str, account: Account, organization: str = "acme") -> Response:
    asking = engine()
    asking.sandbox.account = account
    call = Request(method="POST", path="", at=0, key=key_, parameters={"orgId": organization})
    response = VENDORS["tengr"].guarded_handlers(())["rotateOrganizationWebhookSecret"](asking, call)
    assert isinstance(response, Response)
    return response


@pytest.mark.fidelity("tengr:key-header")
@pytest.mark.parametrize("header", ["Bearer abc", "bearer abc", "BEARER  abc "])
def test_a_key_is_a_bearer_token(header: str) -> None:
    assert key({"authorization": header}) == "abc"


@pytest.mark.fidelity("tengr/401")
@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({}, Kind.UNAUTHORIZED),
        ({"authorization": ""}, Kind.UNAUTHORIZED),
        ({"authorization": "Bearer "}, Kind.UNAUTHORIZED),
        ({"authorization": "Basic abc"}, Kind.UNAUTHORIZED),
        ({"x-api-key": "abc"}, Kind.UNAUTHORIZED),
        ({"authorization": "Bearer invalid-1"}, Kind.UNAUTHORIZED),
        ({"authorization": "Bearer forbidden-1"}, Kind.FORBIDDEN),
        ({"authorization": "Bearer broken-1"}, Kind.BROKEN),
    ],
)
def test_other_keys_are_refused(headers: dict[str, str], kind: Kind) -> None:
    with pytest.raises(Problem) as refused:
        key(headers)

    assert refused.value.kind is kind


@pytest.mark.fidelity("tengr/429")
def test_a_rate_limited_key_gets_the_frameworks_message() -> None:
    with pytest.raises(Problem) as refused:
        key({"authorization": "Bearer limited-1"})

    assert VENDORS["tengr"].errors.render(refused.value).value == {
        "message": "ThrottlerException: Too Many Requests",
        "statusCode": 429,
    }


@pytest.mark.parametrize(("key_", "granted"), [("unfunded-1", None), ("k", 0)])
def test_a_key_without_credits_is_rejected_with_403(key_: str, granted: int | None) -> None:
    VENDORS["tengr"].magic_keys.check_payment(engine(1), "k", 1)
    with pytest.raises(Problem) as refused:
        VENDORS["tengr"].magic_keys.check_payment(engine(granted), key_, 1)

    assert VENDORS["tengr"].errors.render(refused.value).value == {
        "message": "Not enough credits",
        "error": "Forbidden",
        "statusCode": 403,
    }


@pytest.mark.parametrize(
    ("key_", "account"),
    [
        ("manager-1", {}),
        ("admin-1", {}),
        ("k", {}),
        ("generator-1", {"scopes": ("admin",)}),
        ("k", {"scopes": ("generator", "manager")}),
    ],
)
def test_a_scope_includes_lower_scopes(key_: str, account: Account) -> None:
    assert rotated(key_, account).status == 200


@pytest.mark.parametrize(
    ("key_", "account"),
    [
        ("generator-1", {}),
        ("k", {"scopes": ("generator",)}),
        ("k", {"scopes": ("nothing",)}),
        ("k", {"scopes": ()}),
        ("admin-1", {"scopes": None}),
    ],
)
def test_a_lower_scope_is_rejected(key_: str, account: Account) -> None:
    with pytest.raises(Problem) as refused:
        rotated(key_, account)

    assert refused.value.kind is Kind.FORBIDDEN


@pytest.mark.fidelity("tengr/404-organization")
def test_another_organization_is_unknown() -> None:
    assert rotated("k", {}, organization="acme").status == 200
    with pytest.raises(Problem) as refused:
        rotated("k", {}, organization="unknown-1")

    assert VENDORS["tengr"].errors.render(refused.value, "rotateOrganizationWebhookSecret").value == {
        "message": "Organization not found",
        "error": "Not Found",
        "statusCode": 404,
    }


@pytest.mark.fidelity("tengr/500", "tengr:error-body")
@pytest.mark.parametrize(
    ("error", "result"),
    [
        (Problem(Kind.UNAUTHORIZED), {"message": "Unauthorized", "statusCode": 401}),
        (
            Problem(Kind.FORBIDDEN),
            {"message": "Forbidden resource", "error": "Forbidden", "statusCode": 403},
        ),
        (
            UnknownJobError("x"),
            {"message": "Artwork not found", "error": "Not Found", "statusCode": 404},
        ),
        (
            Problem(Kind.BAD_PARAMETER, field="id"),
            {"message": "Validation failed (uuid is expected)", "error": "Bad Request", "statusCode": 400},
        ),
        (
            Problem(Kind.BAD_PARAMETER, field="limit"),
            {"message": "limit: not as described", "error": "Bad Request", "statusCode": 400},
        ),
        (
            Problem(Kind.BAD_FIELD, field="details", detail="4 is greater than the maximum of 3"),
            {
                "message": "details: 4 is greater than the maximum of 3",
                "error": "Bad Request",
                "statusCode": 400,
            },
        ),
        (
            Problem(Kind.BAD_FIELD, detail="[] is not an object"),
            {"message": "body: [] is not an object", "error": "Bad Request", "statusCode": 400},
        ),
        (
            Problem(Kind.UNKNOWN_ROUTE, detail="GET /v3"),
            {"message": "Cannot GET /v3", "error": "Not Found", "statusCode": 404},
        ),
        (
            Problem(Kind.WRONG_METHOD, field="GET", detail="PUT on /v2/artworks"),
            {"message": "Cannot PUT /v2/artworks", "error": "Not Found", "statusCode": 404},
        ),
        (Problem(Kind.BROKEN), {"message": "Internal Server Error", "statusCode": 500}),
        (ValueError("ours"), {"message": "Internal Server Error", "statusCode": 500}),
        (
            Problem(Kind.NO_ROOM, detail="full of {braces}"),
            {"message": "full of {braces}", "error": "Service Unavailable", "statusCode": 503},
        ),
    ],
)
def test_each_error_has_its_body_with_its_key_order(error: Exception, result: dict[str, object]) -> None:
    response = VENDORS["tengr"].errors.render(error)

    assert response.status == result["statusCode"]
    assert list(response.value.items()) == list(result.items())


def test_a_message_does_not_repeat_a_long_body() -> None:
    response = VENDORS["tengr"].errors.render(Problem(Kind.BAD_FIELD, field="details", detail="9" * 100_000))

    assert len(response.value["message"]) == LONGEST + 1


def test_every_problem_has_a_message() -> None:
    for kind in WITH_BODY:
        response = VENDORS["tengr"].errors.render(Problem(kind))
        assert response.value["statusCode"] == response.status
