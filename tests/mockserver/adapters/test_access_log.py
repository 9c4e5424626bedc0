"""The access log has a line for each request, with the reason of a rejection and without secrets."""

import json

import msgspec
import pytest

from safelight_mock.adapters.access_log import as_json, as_text
from safelight_mock.vendors import VENDORS
from safelight_mock.wire import JSON, Request, Response, Trace
from safelight_mock.wire.trace import IgnoredField

TOPAZ = VENDORS["topaz"]
TAKEN = Response.json(200, {}, {"x-process-id": "7"})
REFUSED = Response.json(400, {"code": 400, "message": "Invalid output height."})


def call(path: str, vendor: str = "topaz") -> Request:
    headers, trace = {"x-api-key": "secret"}, Trace(vendor=vendor)
    return Request(method="POST", path=path, query="signature=s", at=0, headers=headers, trace=trace)


def test_an_accepted_job_is_logged_with_its_id() -> None:
    assert (
        as_text(call("/topaz/image/v1/enhance/async"), TAKEN, 200, TOPAZ)
        == "POST /topaz/image/v1/enhance/async 200 job 7"
    )


def test_a_rejected_request_is_logged_with_its_reason() -> None:
    assert as_text(call("/a"), REFUSED, 400, TOPAZ) == "POST /a 400: Invalid output height."


@pytest.mark.parametrize(
    ("vendor", "body"),
    [
        ("claid", {"error_code": "111", "error_message": "Authorization is required."}),
        ("claid", {"detail": {"error_code": "2001", "error_message": "Authorization is required."}}),
        ("tengr", {"message": "Authorization is required.", "statusCode": 401}),
        ("claid", {"message": "Authorization is required."}),
        ("", {"message": "Authorization is required."}),
    ],
)
def test_the_reason_is_read_from_the_vendors_error_body(vendor: str, body: JSON) -> None:
    requested = msgspec.structs.replace(call("/a"), trace=Trace(vendor=vendor))
    refused = Response.json(401, body)

    assert as_text(requested, refused, 401, VENDORS.get(vendor)) == "POST /a 401: Authorization is required."
    assert (
        json.loads(as_json(requested, refused, 401, VENDORS.get(vendor)))["reason"]
        == "Authorization is required."
    )


@pytest.mark.parametrize("body", [{}, [], None, "no", {"error_message": None}, {"detail": "no"}])
def test_an_error_without_a_message_is_logged_without_a_reason(body: JSON) -> None:
    requested = msgspec.structs.replace(call("/a"), trace=Trace(vendor="claid"))

    assert as_text(requested, Response.json(400, body), 400, VENDORS["claid"]) == "POST /a 400"


def test_a_line_has_what_the_message_does_not_say_and_fields_that_were_ignored() -> None:
    refused, taken = call("/a"), call("/a")
    refused.trace.reason = "output_height: 0 is less than the minimum of 1; see http://h/?signature=abc"
    taken.trace.ignored_fields = (IgnoredField("body", "output_widht"), IgnoredField("query", "a\nb"))

    assert as_text(refused, REFUSED, 400, TOPAZ) == (
        "POST /a 400: Invalid output height; output_height: 0 is less than the minimum of 1; "
        "see http://h/?signature=***"
    )
    assert as_text(taken, TAKEN, 200, TOPAZ) == "POST /a 200 job 7; ignored: output_widht, a\\nb"
    assert json.loads(as_json(taken, TAKEN, 200, TOPAZ))["ignored_fields"] == ["output_widht", "a\\nb"]


def test_the_logged_status_is_the_one_that_was_sent() -> None:
    assert as_text(call("/files/a"), TAKEN, 206, TOPAZ).startswith("POST /files/a 206")


def test_the_log_can_be_json() -> None:
    assert json.loads(as_json(call("/a"), REFUSED, 400, TOPAZ)) == {
        "method": "POST",
        "path": "/a",
        "status": 400,
        "reason": "Invalid output height.",
    }


def test_a_path_cannot_forge_a_line() -> None:
    assert as_text(call("/a\nFORGED\x1b[31m"), TAKEN, 200, TOPAZ).startswith("POST /a%0AFORGED%1B%5B31m 200")


def test_a_reason_that_repeats_the_request_cannot_forge_a_line() -> None:
    refused = Response.json(404, {"message": "No sandbox is called é\nFORGED\x1b[31m."})

    assert (
        as_text(call("/a"), refused, 404, TOPAZ) == "POST /a 404: No sandbox is called é\\nFORGED\\x1b[31m."
    )


def test_neither_key_nor_query_is_logged() -> None:
    for line in (as_text, as_json):
        assert "secret" not in line(call("/a"), REFUSED, 400, TOPAZ)
        assert "signature" not in line(call("/a"), REFUSED, 400, TOPAZ)


@pytest.mark.fidelity("twin:credential-leak")
def test_a_key_sent_to_the_file_host_is_logged_as_a_leak_without_the_key() -> None:
    message = "a key was sent to the file host (X-API-Key)"

    assert as_text(call("/files/a"), TAKEN, 200, TOPAZ).endswith(f"200 job 7; credential leak: {message}")
    assert json.loads(as_json(call("/files/a"), TAKEN, 200, TOPAZ))["credential_leak"] == message
    assert "credential" not in as_text(call("/a"), TAKEN, 200, TOPAZ)
