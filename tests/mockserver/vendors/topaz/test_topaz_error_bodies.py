"""Topaz's API keys and error responses."""

from collections.abc import Mapping

import pytest
from tests.mockserver.lifecycles import lifecycle

from safelight_mock.core import (
    WHOLE,
    Engine,
    InvalidTransitionError,
    Sandbox,
    State,
    UnknownJobError,
)
from safelight_mock.vendors.topaz.errors import AUTH, ERRORS, LEGACY_KEY, MAGIC_KEYS, MOVES
from safelight_mock.wire import Kind, Problem, VendorError
from safelight_mock.wire.api_keys import authenticate
from safelight_mock.wire.problem import WITH_BODY


def key(headers: Mapping[str, str]) -> str:
    return authenticate(AUTH, MAGIC_KEYS, headers)


@pytest.mark.fidelity("topaz:key-header")
def test_a_key_is_read_from_its_header() -> None:
    assert key({"x-api-key": "abc"}) == "abc"


@pytest.mark.fidelity("topaz:legacy-bearer")
def test_a_legacy_key_is_a_bearer_token() -> None:
    assert key({"authorization": f"Bearer {LEGACY_KEY}abc"}) == f"{LEGACY_KEY}abc"


def engine(granted: int | None = None) -> Engine:
    bare = lifecycle()
    sandbox = Sandbox(name="box", seed="", granted=granted)
    return Engine(sandbox=sandbox, name="", lifecycle=bare, now=0, inspect=lambda _: WHOLE)


@pytest.mark.fidelity("topaz:legacy-bearer", "topaz:key-prefixes")
@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({}, Kind.UNAUTHORIZED),
        ({"x-api-key": ""}, Kind.UNAUTHORIZED),
        ({"x-api-key": "invalid"}, Kind.UNAUTHORIZED),
        ({"authorization": "Bearer abc"}, Kind.UNAUTHORIZED),
        ({"authorization": f"Basic {LEGACY_KEY}"}, Kind.UNAUTHORIZED),
        ({"x-api-key": "forbidden-by-plan"}, Kind.FORBIDDEN),
    ],
)
def test_other_keys_are_refused(headers: dict[str, str], kind: Kind) -> None:
    with pytest.raises(Problem) as refused:
        key(headers)

    assert refused.value.kind is kind


@pytest.mark.parametrize(("key_", "status"), [("limited-1", 429), ("broken-1", 500)])
def test_some_magic_keys_are_rejected_by_every_operation(key_: str, status: int) -> None:
    with pytest.raises((VendorError, Problem)) as refused:
        key({"x-api-key": key_})

    assert ERRORS.render(refused.value).status == status


@pytest.mark.parametrize(
    ("key_", "status", "message"),
    [
        ("unsubscribed-1", 412, "Precondition Failed"),
        ("unfunded-1", 402, "Insufficient funds."),
        ("funding-1", 425, "Too early to reserve credits. An order for more credits is in progress."),
    ],
)
def test_some_magic_keys_are_rejected_by_paid_operations(key_: str, status: int, message: str) -> None:
    assert key({"x-api-key": key_}) == key_
    with pytest.raises((VendorError, Problem)) as refused:
        MAGIC_KEYS.check_payment(engine(), key_, 1)

    assert ERRORS.render(refused.value).value == {"code": status, "message": message}


@pytest.mark.fidelity("topaz/400-submit", "topaz/400-process-id")
@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (Problem(Kind.BAD_FIELD, field="output_height"), 400, "Invalid output height."),
        (Problem(Kind.BAD_FIELD), 400, "Invalid request."),
        (
            Problem(Kind.BAD_PARAMETER, field="process_id"),
            400,
            "Invalid process ID. Please ensure it is a valid UUID.",
        ),
        (Problem(Kind.BAD_PARAMETER, field="limit"), 400, "Invalid limit."),
        (Problem(Kind.UNAUTHORIZED), 401, "Unauthorized"),
        (Problem(Kind.FORBIDDEN), 403, "Forbidden"),
        (UnknownJobError("x"), 404, "An image with the given process ID was not found."),
        (
            InvalidTransitionError("cancel", State.FAILED),
            409,
            "The process cannot be cancelled as it is not in a cancellable state.",
        ),
        (Problem(Kind.TOO_LARGE), 413, "Request Entity Too Large"),
        (VendorError(422, "Image has invalid dimensions (width or height is zero)."), 422, None),
        (Problem(Kind.NO_ROOM, detail="full of {braces}"), 503, "full of {braces}"),
    ],
)
def test_each_error_has_its_status_and_message(error: Exception, status: int, message: str | None) -> None:
    response = ERRORS.render(error)

    assert response.status == status
    assert response.value == {"code": status, "message": message or str(error)}


def test_every_problem_has_a_message() -> None:
    for kind in WITH_BODY:
        assert set(ERRORS.render(Problem(kind)).value) == {"code", "message"}
    assert set(MOVES) == {"cancel", "forget", "download"}
