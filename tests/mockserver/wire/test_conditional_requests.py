"""A caller may say which version of a file it wants, or has: RFC 9110, section 13."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest

from safelight_mock.wire.file_requests import conditional_status, date

if TYPE_CHECKING:
    from tests.mockserver.conftest import TwinClient

pytestmark = pytest.mark.slow  # a result for each condition

MADE = datetime(2027, 1, 15, 8, 0, 2, tzinfo=UTC)
THEN = format_datetime(MADE, usegmt=True)
BEFORE, AFTER = (format_datetime(MADE + timedelta(seconds=seconds), usegmt=True) for seconds in (-1, 1))
TAG, OTHER = '"tag"', '"other"'


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, None),
        ({"if-match": TAG}, None),
        ({"if-match": f"{OTHER}, {TAG}"}, None),
        ({"if-match": "*"}, None),
        ({"if-match": OTHER}, 412),
        ({"if-match": ""}, 412),
        ({"if-match": f"W/{TAG}"}, 412),
        ({"if-unmodified-since": AFTER}, None),
        ({"if-unmodified-since": THEN}, None),
        ({"if-unmodified-since": BEFORE}, 412),
        ({"if-unmodified-since": "yesterday"}, None),
        ({"if-match": TAG, "if-unmodified-since": BEFORE}, None),
        ({"if-match": OTHER, "if-unmodified-since": AFTER}, 412),
        ({"if-none-match": TAG}, 304),
        ({"if-none-match": f"W/{TAG}"}, 304),
        ({"if-none-match": OTHER}, None),
        ({"if-none-match": "*"}, 304),
        ({"if-none-match": f"{OTHER} , {TAG}"}, 304),
        ({"if-none-match": ""}, None),
        ({"if-modified-since": THEN}, 304),
        ({"if-modified-since": AFTER}, 304),
        ({"if-modified-since": BEFORE}, None),
        ({"if-modified-since": "2027"}, None),
        ({"if-none-match": OTHER, "if-modified-since": AFTER}, None),
        ({"if-none-match": TAG, "if-modified-since": BEFORE}, 304),
        ({"if-match": OTHER, "if-none-match": TAG}, 412),
        ({"if-match": TAG, "if-none-match": TAG}, 304),
        ({"if-unmodified-since": BEFORE, "if-none-match": TAG}, 412),
        ({"if-unmodified-since": THEN, "if-modified-since": THEN}, 304),
    ],
    ids=str,
)
def test_the_first_condition_that_fails_decides(fields: dict[str, str], status: int | None) -> None:
    assert conditional_status(fields, TAG, MADE) == status


@pytest.mark.parametrize("fields", [{"if-unmodified-since": BEFORE}, {"if-modified-since": AFTER}], ids=str)
def test_without_a_date_of_the_file_a_condition_on_it_is_ignored(fields: dict[str, str]) -> None:
    assert conditional_status(fields, TAG, None) is None


@pytest.mark.parametrize(
    "field", ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
)
def test_a_date_has_three_forms(field: str) -> None:
    assert date(field) == datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)


@pytest.mark.fidelity("topaz:link-parts")
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("part", [{}, {"Range": "bytes=0-9"}], ids=["whole", "a part"])
def test_another_version_of_a_file_is_not_sent(
    any_client: "TwinClient", photo: bytes, method: str, part: dict[str, str]
) -> None:
    link = result(any_client, photo)
    sent = any_client.request(method, link, headers=part)

    def status_with(name: str, value: str) -> int:
        return any_client.request(method, link, headers={**part, name: value}).status_code

    assert status_with("If-Match", sent.headers["etag"]) == sent.status_code
    assert status_with("If-Unmodified-Since", sent.headers["last-modified"]) == sent.status_code
    assert status_with("If-Modified-Since", sent.headers["last-modified"]) == 304
    assert status_with("If-Match", '"another"') == 412
    assert status_with("If-Unmodified-Since", "Sun, 06 Nov 1994 08:49:37 GMT") == 412


def test_a_failed_condition_has_the_error_of_an_object_store(any_client: "TwinClient", photo: bytes) -> None:
    refused = any_client.request("GET", result(any_client, photo), headers={"If-Match": '"another"'})

    assert refused.headers["content-type"] == "application/xml"
    assert "<Code>PreconditionFailed</Code>" in refused.text


def test_a_condition_on_a_missing_file_is_404(client: "TwinClient", photo: bytes) -> None:
    process_id = client.submit(photo)
    client.advance(3)
    link = client.call("GET", f"/download/{process_id}").json()["download_url"]
    client.call("DELETE", f"/status/{process_id}")

    assert client.request("GET", link, headers={"If-Match": '"another"'}).status_code == 404


def test_a_result_was_modified_when_its_job_ended_and_an_input_when_it_was_sent(
    client: "TwinClient", photo: bytes
) -> None:
    process_id = client.submit(photo)
    client.advance(100)
    links = (
        client.call("GET", f"/download{path}/{process_id}").json()["download_url"] for path in ("", "/input")
    )

    made, sent = (date(client.request("GET", link).headers["last-modified"]) for link in links)

    started = datetime.fromtimestamp(int(client.twin.real()), UTC)
    assert sent == started
    assert made is not None
    assert started < made < started + timedelta(seconds=100)


def test_if_range_with_the_date_of_the_file_sends_a_part(client: "TwinClient", photo: bytes) -> None:
    link = result(client, photo)
    modified = client.request("GET", link).headers["last-modified"]

    same = client.request("GET", link, headers={"Range": "bytes=0-9", "If-Range": modified})
    other = client.request("GET", link, headers={"Range": "bytes=0-9", "If-Range": BEFORE})

    assert (same.status_code, other.status_code) == (206, 200)


def result(client: "TwinClient", photo: bytes) -> str:
    process_id = client.submit(photo)
    client.advance(3)
    link: str = client.call("GET", f"/download/{process_id}").json()["download_url"]
    return link


def test_a_date_keeps_its_own_zone() -> None:
    west = MADE.astimezone(timezone(timedelta(hours=-2)))

    assert date(format_datetime(west)) == MADE


def test_tags_are_separated_by_commas_with_or_without_spaces() -> None:
    assert conditional_status({"if-none-match": f"{OTHER},{TAG}"}, TAG, None) == 304
    assert conditional_status({"if-none-match": f"{OTHER} , {TAG}"}, TAG, None) == 304
