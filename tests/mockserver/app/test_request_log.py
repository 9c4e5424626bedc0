"""The request log lists requests, how they were answered, and the fields that were ignored."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

import httpx
import pytest
from tests.mockserver.stored import sandboxes

from safelight_mock import ClockMode, MockServer, Settings, Twin, TwinTransport
from safelight_mock.wire.redaction import masked
from safelight_mock.wire.trace import LONGEST, MOST

if TYPE_CHECKING:
    from tests.mockserver.conftest import TwinClient

pytestmark = pytest.mark.slow  # through every shell, and very many calls

CONTROL = "/_safelight"
JOURNAL = f"{CONTROL}/requests"
BEARER = {"Authorization": "Bearer k"}


def requests(client: "TwinClient", **query: str) -> list[dict[str, object]]:
    response = client.request("GET", JOURNAL, params=query)
    assert response.status_code == 200, response.text
    actual: list[dict[str, object]] = response.json()
    return actual


def values_of(entry: Mapping[str, object], *names: str) -> tuple[object, ...]:
    return tuple(entry[name] for name in names)


@pytest.mark.fidelity("twin.request_log_size")
def test_every_request_is_logged_once_whatever_adapter_received_it(
    any_client: "TwinClient", photo: bytes
) -> None:
    any_client.advance(10)
    process_id = any_client.submit(photo)
    any_client.call("GET", f"/status/{process_id}")
    any_client.advance(3)
    link = any_client.call("GET", f"/download/{process_id}").json()["download_url"]
    any_client.request("GET", link)
    any_client.call("POST", "/enhance", files={"image": ("a.jpg", photo)})
    any_client.call("GET", "/status", headers={})
    any_client.request("GET", "/nowhere")

    actual = [values_of(entry, "operation", "status", "verdict", "job") for entry in requests(any_client)]

    sync = actual[2][3]
    assert sync
    assert sync != process_id
    assert actual == [
        ("", 404, "rejected", ""),
        ("getAllStatuses", 401, "rejected", ""),
        ("postEnhanceSync", 200, "ok", sync),
        ("", 200, "ok", process_id),
        ("getDownloadOutput", 200, "ok", process_id),
        ("getStatus", 200, "ok", process_id),
        ("postEnhanceAsync", 200, "ok", process_id),
    ]


def test_an_entry_has_real_time_sandbox_time_and_sandbox(client: "TwinClient") -> None:
    client.advance(60)
    client.call("GET", "/status")
    client.call("GET", "/status", headers={})

    refused, responded = requests(client)

    (sandbox,) = sandboxes(client.twin)
    at = client.twin.real()
    assert values_of(responded, "at", "now", "sandbox", "vendor") == (at, at + 60, sandbox.name, "topaz")
    assert values_of(refused, "at", "now", "sandbox", "vendor") == (at, None, "", "topaz")
    assert values_of(refused, "method", "path", "reason") == (
        "GET",
        "/topaz/image/v1/status",
        "no API key; send it in the header x-api-key",
    )


def test_a_held_request_is_logged_when_its_response_is_sent(photo: bytes) -> None:
    with MockServer(Settings(clock=ClockMode.MANUAL)) as server:
        httpx.post(
            f"{server.url('topaz')}/enhance", headers={"X-API-Key": "k"}, files={"image": ("a.jpg", photo)}
        )

        (entry,) = httpx.get(f"{server.origin}{JOURNAL}").json()

    assert values_of(entry, "operation", "status", "verdict") == ("postEnhanceSync", 200, "ok")
    assert entry["now"] > entry["at"]


def test_a_key_sent_to_the_file_host_is_a_credential_leak(client: "TwinClient", photo: bytes) -> None:
    process_id = client.submit(photo)
    client.advance(3)
    link = client.call("GET", f"/download/{process_id}").json()["download_url"]
    client.request("GET", link, headers={"X-API-Key": "a-secret"})

    entry = requests(client)[0]

    assert values_of(entry, "status", "verdict") == (200, "credential-leak")
    assert entry["reason"] == "a key was sent to the file host (X-API-Key)"


@pytest.mark.parametrize(
    ("path", "fields", "unread"),
    [
        ("/enhance/async", {"sharpen": "0.3", "output_width": "96"}, []),
        ("/enhance/async", {"creativity": "3"}, [("body", "creativity")]),
        ("/enhance/async", {"colour": "red"}, [("body", "colour")]),
        ("/enhance/async", {"outputWidth": "96"}, [("body", "outputWidth")]),
        ("/enhance/async", {"fixCompression": "0.5"}, []),
        ("/denoise/async?a=1", {"output_width": "96"}, [("query", "a"), ("body", "output_width")]),
        ("/enhance-gen/async", {"creativity": "3"}, []),
        (
            "/sharpen/async",
            {"face_enhancement": "false", "face_enhancement_creativity": "0.5"},
            [("body", "face_enhancement_creativity")],
        ),
    ],
)
def test_ignored_fields_of_topaz_are_listed(
    client: "TwinClient", photo: bytes, path: str, fields: dict[str, str], unread: list[tuple[str, str]]
) -> None:
    response = client.call("POST", path, files={"image": ("a.jpg", photo)}, data=fields)

    actual = requests(client)[0]["ignored_fields"]

    assert response.status_code == 200, response.text
    assert actual == [{"in": location, "name": name} for location, name in unread]


def test_ignored_fields_of_tengr_are_listed(client: "TwinClient") -> None:
    body = {"imageUrl": "safelight://coffee.jpg", "details": 2, "deep": {"er": 1}}
    client.request("POST", "/tengr/v2/artworks/upscaling", headers=BEARER, json=body)

    actual = requests(client)[0]

    assert actual["ignored_fields"] == [{"in": "body", "name": "details"}, {"in": "body", "name": "deep"}]
    assert actual["job"]


def test_ignored_fields_of_claid_are_listed_by_path(client: "TwinClient", photo: bytes) -> None:
    client.twin.advance(0, vendor="claid", key="k")  # so that no request waits for an edit
    ground = {"remove": {"category": "products"}, "blur": True}
    body = {"input": "safelight://coffee.jpg", "operations": {"background": ground}}
    client.request("POST", "/claid/v1/image/edit/async", headers=BEARER, json=body)
    client.request(
        "POST",
        "/claid/v1/image/edit/upload",
        headers=BEARER,
        files={"file": ("a.jpg", photo)},
        data={"data": json.dumps({"operations": {"background": ground}})},
    )

    actual = [entry["ignored_fields"] for entry in requests(client)]

    idle = ["operations.background.remove.category", "operations.background.blur"]
    assert actual == [
        [{"in": "body", "name": f"data.{name}"} for name in idle],
        [{"in": "body", "name": name} for name in idle],
    ]


def test_unknown_query_parameters_are_listed(client: "TwinClient") -> None:
    client.call("GET", "/status?limit=5")
    client.call("GET", "/status?limit=5&paginated=true&page=2")

    paginated, whole = requests(client)

    assert whole["ignored_fields"] == [{"in": "query", "name": "limit"}]
    assert paginated["ignored_fields"] == [{"in": "query", "name": "page"}]


def test_a_rejected_request_has_no_ignored_fields(client: "TwinClient") -> None:
    client.call("POST", "/enhance/async?a=1", files={"image": ("a.jpg", b"none")}, data={"colour": "red"})

    entry = requests(client)[0]

    assert values_of(entry, "verdict", "ignored_fields") == ("rejected", [])
    assert entry["reason"] == "Image could not be decoded to a supported image type."


@pytest.mark.fidelity("twin.request_log_size")
def test_the_log_shows_no_keys_and_signatures(client: "TwinClient", photo: bytes) -> None:
    process_id = client.submit(photo)
    client.advance(3)
    link = client.call("GET", f"/download/{process_id}").json()["download_url"]
    client.request("GET", link)
    client.call("GET", "/status?api_key=open-sesame&token=open-sesame")
    client.call("POST", "/enhance/async", data={"source_url": "http://me:open-sesame@host/a.jpg "})
    client.request(
        "POST", "/tengr/v2/artworks/upscaling", headers=BEARER, json={"imageUrl": "http://me:open-sesame@"}
    )

    shown = client.request("GET", JOURNAL).text

    assert "open-sesame" not in shown
    assert link.rpartition("signature=")[2] not in shown
    assert "signature=***" in shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('"http://me:secret@host/a.jpg" is not a "uri"', '"http://***@host/a.jpg" is not a "uri"'),
        ("https://host/a?expires=9&signature=abc", "https://host/a?expires=9&signature=***"),
        (
            "https://host/a?sv=2&sig=abc&x-amz-credential=me",
            "https://host/a?sv=2&sig=***&x-amz-credential=***",
        ),
        ("no picture at http://host/@home", "no picture at http://host/@home"),
        ("http://host?mail=me@home&keyword=key", "http://host?mail=me@home&keyword=key"),
        ("http://me:p@ss@host/?author=me&Authorization=abc", "http://***@host/?author=me&Authorization=***"),
        ("http://host/?AWSAccessKeyId=me&a=b?sig=abc", "http://host/?AWSAccessKeyId=***&a=b?sig=***"),
        (
            "http://a/?to=http%3A%2F%2Fb%3FX-Signature%3Dc%26d%3De",
            "http://a/?to=http%3A%2F%2Fb%3FX-Signature%3D***%26d%3De",
        ),
        ("Bad token: a key is a key", "Bad token: a key is a key"),
    ],
)
def test_reasons_are_shown_without_signatures(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(
    ("method", "path", "body", "reason"),
    [
        ("POST", "/v2/artworks/upscaling", b"{", "the body is not valid JSON: Input data was truncated"),
        ("POST", "/v2/artworks/upscaling", b'{"imageUrl": 3}', "imageUrl: 3 is not a string"),
        (
            "DELETE",
            "/v2/artworks/upscaling",
            None,
            "DELETE is not allowed on /v2/artworks/upscaling; allowed: POST",
        ),
        ("GET", "/v2/artwork", None, "no operation has the path /v2/artwork; did you mean /v2/artworks?"),
        ("GET", "/artworks", None, "no operation has the path /artworks; did you mean /v2/artworks?"),
        ("GET", "/v2/artworks?limit=x", None, 'query parameter limit: "x" is not an integer'),
    ],
)
def test_the_reason_of_a_rejection_names_the_field(
    client: "TwinClient", method: str, path: str, body: bytes | None, reason: str
) -> None:
    client.request(
        method, f"/tengr{path}", headers=BEARER | {"Content-Type": "application/json"}, content=body
    )

    assert requests(client)[0]["reason"] == reason


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({}, "no API key; send it in the header authorization, as Bearer KEY"),
        ({"Authorization": "Bearer invalid-1"}, "no usable key: keys that begin with 'invalid' cause it"),
    ],
)
def test_the_reason_of_a_rejected_key_says_what_is_wrong(
    client: "TwinClient", headers: dict[str, str], reason: str
) -> None:
    client.request("GET", "/tengr/v2/artworks", headers=headers)

    assert requests(client)[0]["reason"] == reason


def test_the_reason_of_a_listed_key_names_the_setting() -> None:
    twin = Twin(Settings(api_keys=frozenset({"right"})))
    with httpx.Client(transport=TwinTransport(twin), base_url="http://twin") as client:
        client.get("/tengr/v2/artworks", headers=BEARER)
    twin.close()

    assert next(twin.request_log.entries()).reason == "the key is not one of --api-key (Settings.api_keys)"


def test_the_reason_says_why_an_input_could_not_be_loaded(client: "TwinClient") -> None:
    body = {"input": "safelight://coffe.jpg", "operations": {"resizing": {"width": 9}}}
    client.request("POST", "/claid/v1/image/edit", headers=BEARER, json=body)

    reason = str(requests(client)[0]["reason"])

    assert reason.startswith("Unable to download the input image. (there is no sample coffe.jpg; there are")


def sandbox(client: "TwinClient", key: str) -> str:
    """Store the sandbox of a key, which reads alone do not, and return its name."""
    made = client.request("POST", "/_safelight/sandboxes", json={"vendor": "topaz", "key": key})
    return str(made.raise_for_status().json()["name"])


def test_the_log_can_be_filtered(client: "TwinClient") -> None:
    name = sandbox(client, "k")
    client.call("GET", "/status")
    client.call("GET", "/status", headers={"X-API-Key": "other"})
    client.request("GET", "/tengr/v2/artworks", headers=BEARER)

    assert [entry["vendor"] for entry in requests(client, limit="2")] == ["tengr", "topaz"]
    assert [entry["vendor"] for entry in requests(client, vendor="tengr")] == ["tengr"]
    assert [entry["sandbox"] for entry in requests(client, sandbox=name)] == [name]
    assert client.request("GET", JOURNAL, params={"sandbox": "none"}).status_code == 404
    assert client.request("GET", JOURNAL, params={"sandbox": ""}).status_code == 404


def test_clearing_the_log_can_be_limited_to_a_sandbox(client: "TwinClient") -> None:
    mine, other = sandbox(client, "k"), sandbox(client, "other")
    client.call("GET", "/status")
    client.call("GET", "/status", headers={"X-API-Key": "other"})

    assert client.request("DELETE", JOURNAL, params={"sandbox": mine}).status_code == 204
    assert [entry["sandbox"] for entry in requests(client)] == [other]
    assert client.request("DELETE", JOURNAL).status_code == 204
    assert requests(client) == []


@pytest.mark.fidelity("twin.request_log_size")
def test_the_log_is_bounded() -> None:
    twin = Twin(Settings(request_log_size=3))
    with httpx.Client(transport=TwinTransport(twin), base_url="http://twin") as client:
        for number in range(2_000):
            client.get(f"/files/{number}")
        client.get(f"/nowhere/{'a' * 10_000}?b={'c' * 10_000}")
        actual = client.get(JOURNAL).json()
    twin.close()

    assert [entry["path"] for entry in actual[1:]] == ["/files/1999", "/files/1998"]
    assert len(actual[0]["path"]) == len(actual[0]["query"]) == LONGEST


def test_the_entry_of_a_request_is_bounded(client: "TwinClient") -> None:
    location, picture = "/tengr/v2/artworks/upscaling", {"imageUrl": "safelight://coffee.jpg"}
    odd = {f"{number}{'a' * 3_000}": 0 for number in range(2 * MOST)}
    client.request("POST", location, headers=BEARER, json=picture | odd)
    client.request("POST", location, headers=BEARER, json=picture | {"scaleFactor": "b" * 500_000})

    client.request("GET", JOURNAL)
    taken, refused = (noted[5] for noted in client.twin.request_log._kept)  # noqa: SLF001 - what is told is cut anyway

    assert [len(unread.name) for unread in taken.ignored_fields] == [LONGEST] * MOST
    assert refused.reason == f'scaleFactor: "{"b" * 79}… is not an integer'


def test_an_internal_error_is_logged_as_one(client: "TwinClient") -> None:
    client.call("GET", "/status", headers={"X-API-Key": "broken-1"})

    assert values_of(requests(client)[0], "status", "verdict") == (500, "internal-error")
