"""How Claid says no where the twin speaks for itself."""

import pytest

from safelight_mock.vendors.claid.errors import ERRORS
from safelight_mock.wire import Kind, Problem
from safelight_mock.wire.problem import WITH_BODY

ENVELOPE = {"error_code", "error_type", "error_message", "error_details"}


@pytest.mark.parametrize("kind", [Kind.NO_ROOM, Kind.NOT_SERVED, Kind.STOPPING])
def test_a_limit_of_the_mock_server_has_its_own_message(kind: Kind) -> None:
    response = ERRORS.render(Problem(kind, detail="all 5 jobs of this twin are in progress"))

    assert response.value["error_message"] == "all 5 jobs of this twin are in progress"
    assert response.value["error_details"] == {}


@pytest.mark.parametrize("kind", sorted(WITH_BODY - {Kind.LIMITED}))
def test_every_error_has_the_vendors_envelope(kind: Kind) -> None:
    assert set(ERRORS.render(Problem(kind, field="x")).value) == ENVELOPE


def test_a_rate_limit_error_has_a_second_envelope() -> None:
    response = ERRORS.render(Problem(Kind.LIMITED))

    assert [*response.value] == ["detail"]
    assert set(response.value["detail"]) == ENVELOPE
    assert response.headers["ratelimit-remaining"] == "-1"


def test_a_405_lists_the_methods_of_the_path() -> None:
    response = ERRORS.render(Problem(Kind.WRONG_METHOD, field="POST"))

    assert (response.status, response.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (Kind.UNAUTHORIZED, "111"),
        (Kind.BAD_FIELD, "9000"),
        (Kind.FORBIDDEN, "403"),
        (Kind.NO_CREDITS, "402"),
        (Kind.UNKNOWN_ROUTE, "404"),
        (Kind.BROKEN, "500"),
    ],
)
def test_a_code_that_is_not_published_is_the_status(kind: Kind, code: str) -> None:
    assert ERRORS.render(Problem(kind)).value["error_code"] == code


def test_an_internal_error_is_a_plain_500() -> None:
    assert ERRORS.render(KeyError("a")).status == 500
