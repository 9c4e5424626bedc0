"""An error becomes the response that its template describes."""

import pytest

from safelight_mock.core import InvalidTransitionError, State, UnknownJobError
from safelight_mock.wire import Kind, Problem, Response, VendorError
from safelight_mock.wire.errors import STANDARD, Errors, ErrorTemplate, problem_of
from safelight_mock.wire.problem import WITH_BODY


def test_every_kind_of_problem_has_a_standard_response() -> None:
    assert set(STANDARD) == WITH_BODY


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (Problem(Kind.UNAUTHORIZED), 401, "Unauthorized"),
        (Problem(Kind.BAD_FIELD, field="size", detail="9 is too {large}"), 400, "9 is too {large}"),
        (UnknownJobError("x"), 404, "Not Found"),
        (InvalidTransitionError("cancel", State.FAILED), 409, "cannot cancel a failed job"),
        (VendorError(418, "Teapot."), 418, "Teapot."),
        (KeyError("ours"), 500, "Internal Server Error"),
    ],
)
def test_without_templates_an_error_has_its_standard_response(
    error: Exception, status: int, message: str
) -> None:
    response = Errors().render(error)

    assert (response.status, response.value) == (status, {"message": message})


def test_a_message_is_at_its_pointer() -> None:
    response = Errors(message_at=("/error/text", "/other")).render(Problem(Kind.FORBIDDEN))

    assert response.value == {"error": {"text": "Forbidden"}}


def test_a_template_of_a_field_or_transition_overrides_that_of_the_kind() -> None:
    errors = Errors(
        templates={Kind.BAD_FIELD: ErrorTemplate(status=422, message="{field} is wrong: {detail}")},
        fields={"id": ErrorTemplate(status=400, message="no id")},
        moves={
            "size": STANDARD[Kind.BROKEN],
            "cancel": ErrorTemplate(status=410, message="over"),
        },
    )

    text = [
        errors.render(error)
        for error in (
            Problem(Kind.BAD_FIELD, field="size", detail="too large"),
            Problem(Kind.BAD_FIELD, field="id"),
            Problem(Kind.BAD_PARAMETER, field="id"),
            Problem(Kind.TOO_LARGE, field="id"),
            InvalidTransitionError("cancel", State.FAILED),
        )
    ]

    assert [(response.status, response.value["message"]) for response in text] == [
        (422, "size is wrong: too large"),
        (400, "no id"),
        (400, "no id"),
        (413, "Request Entity Too Large"),
        (410, "over"),
    ]


def test_headers_are_those_of_the_template_and_of_the_problem() -> None:
    limited = ErrorTemplate(status=429, message="", headers={"retry-after": "1", "x-limit": "5"})
    errors = Errors(templates={Kind.LIMITED: limited})

    response = errors.render(Problem(Kind.LIMITED, headers={"retry-after": "9"}))

    assert (response.headers["retry-after"], response.headers["x-limit"]) == ("9", "5")
    assert Errors().render(VendorError(429, "Wait.", {"retry-after": "3"})).headers["retry-after"] == "3"
    assert Errors().render(Problem(Kind.WRONG_METHOD, field="GET, POST")).headers["allow"] == "GET, POST"


def test_a_body_may_have_more_than_the_message() -> None:
    errors = Errors(body=lambda error: {"why": error.message, "status": error.status, **error.parts})

    assert errors.render(VendorError(402, "Pay.", parts={"price": 3})).value == {
        "why": "Pay.",
        "status": 402,
        "price": 3,
    }


def test_templates_of_messages_and_headers_are_filled_with_field_and_detail() -> None:
    result = ErrorTemplate(status=404, message="{field}: {detail}", headers={"x-why": "{field}, {detail}"})
    errors = Errors(templates={Kind.UNKNOWN_JOB: result, Kind.BAD_FIELD: result})

    unknown = errors.render(UnknownJobError("7"))
    wrong = errors.render(Problem(Kind.BAD_FIELD, field="size", detail="too large"))

    assert unknown.value == {"message": f": {UnknownJobError('7')}"}
    assert wrong.headers["x-why"] == "size, too large"


def test_an_operation_may_have_errors_of_its_own() -> None:
    def of_operation(error: Exception, operation: str) -> Response:
        return Response.json(418, {"operation": operation, "kind": str(problem_of(error).kind)})

    errors = Errors(of_operation=of_operation)

    own = errors.render(Problem(Kind.LIMITED), "list")
    unknown = errors.render(Problem(Kind.LIMITED))

    assert (own.status, own.value) == (418, {"operation": "list", "kind": str(Kind.LIMITED)})
    assert (unknown.status, unknown.value) == (429, {"message": "Too Many Requests"})
