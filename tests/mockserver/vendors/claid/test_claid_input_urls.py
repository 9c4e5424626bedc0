"""Inputs of Claid's twin are named by addresses as wide as the service takes them."""

from urllib.parse import quote

import pytest
from tests.mockserver.claid import (
    ASYNC,
    BATCH,
    SYNC,
    UPLOAD,
    advance,
    caller,
    finished,
    request,
    status_and_error,
    with_options,
)
from tests.mockserver.conftest import TwinClient, picture
from tests.mockserver.local_server import local_server

pytestmark = pytest.mark.slow

PATH = "/ü/[a]|{b}.jpg"


@pytest.mark.fidelity("claid:addresses")
@pytest.mark.parametrize("path", [ASYNC, BATCH])
def test_an_input_url_that_is_not_escaped_is_loaded(client: TwinClient, path: str) -> None:
    answers: dict[str, tuple[int, dict[str, str], bytes]] = {
        quote(PATH, safe=safe): (200, {}, picture(48, 32)) for safe in ("/[]|", "/")
    }
    with local_server(answers) as server:
        result = finished(client, request(f" {server.origin}{PATH} "), path)

    assert result["status"] == "DONE"
    assert result["request"]["input"] == f" {server.origin}{PATH} "
    assert len(server.requests) == 1


@pytest.mark.fidelity("claid:addresses")
@pytest.mark.parametrize(
    "image",
    [
        "https://münchen.example/cup.jpg",
        "https://例え.テスト/猫.jpg",
        "https://a.example/a|b[c]{d}.png?e=ü",
        "https://u[x:p@a.example/cup.jpg",
        "storage://u[x@shop/cup.jpg",
        "storage://shop/ü|[].jpg",
        "http://a{b/cup.jpg",
    ],
)
@pytest.mark.parametrize("path", [ASYNC, SYNC, BATCH])
def test_a_url_that_the_framework_accepts_is_never_rejected(
    client: TwinClient, path: str, image: str
) -> None:
    advance(client, 0)

    response = caller(client)("POST", path, json=request([image] if path == BATCH else image))

    assert response.status_code in (200, 400)  # taken, or taken and not reached
    assert "9000" not in response.text


@with_options(storages="shop")
def test_files_of_a_storage_are_loaded_by_any_such_url(configured_client: TwinClient) -> None:
    assert finished(configured_client, request("storage://shop/ü|[].jpg"))["status"] == "DONE"


@pytest.mark.fidelity("claid:data-addresses")
@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("http://a.example/a b", "URL invalid, extra characters found after valid URL: ' b'"),
        ("http://a.example:70000/", "URL port invalid, port cannot exceed 65535"),
        ("http:///a.jpg", "URL host invalid"),
        ("data:image/png;base64,AA", "invalid or missing URL scheme"),
        ("ftp://a.example/b c", "URL scheme not permitted"),
        ("  ", "ensure this value has at least 1 characters"),
    ],
)
@pytest.mark.parametrize("path", [ASYNC, SYNC])
def test_other_urls_are_rejected_with_the_frameworks_message(
    shared_client: TwinClient, path: str, address: str, message: str
) -> None:
    status, result = status_and_error(caller(shared_client)("POST", path, json=request(address)))

    assert (status, result["error_details"]) == (422, {"input": [message]})


@pytest.mark.fidelity("claid/editUploadedImage")
def test_options_sent_as_a_file_are_rejected(client: TwinClient, photo: bytes) -> None:
    files = {"file": ("a.jpg", photo), "data": ("blob", b"{}", "application/json")}

    status, result = status_and_error(caller(client)("POST", UPLOAD, files=files))

    assert (status, result["error_details"]) == (422, {"data": ["str type expected"]})
    assert result["error_message"] == "data: str type expected"


@pytest.mark.parametrize(
    ("files", "missing"), [({"data": ("blob", b"{}")}, "file"), ({"file": (None, b"x")}, "data")]
)
def test_a_part_of_the_wrong_kind_hides_no_missing_one(
    client: TwinClient, files: dict[str, object], missing: str
) -> None:
    status, result = status_and_error(caller(client)("POST", UPLOAD, files=files))

    assert (status, result["error_details"].keys()) == (422, {"file", "data"})
    assert result["error_details"][missing] == ["field required"]


@pytest.mark.fidelity("claid:unchosen-file")
def test_an_image_that_was_not_selected_is_an_empty_file(client: TwinClient) -> None:
    disposition = b'--b\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\n\r\n'
    data = b'--b\r\nContent-Disposition: form-data; name="data"\r\n\r\n{"operations": {}}\r\n--b--\r\n'
    headers = {"Authorization": "Bearer k", "Content-Type": "multipart/form-data; boundary=b"}

    status, result = status_and_error(
        caller(client)("POST", UPLOAD, content=disposition + data, headers=headers)
    )

    assert (status, result["error_message"]) == (422, "Input file is not an image.")


def test_an_image_sent_as_text_is_rejected(client: TwinClient) -> None:
    status, result = status_and_error(
        caller(client)("POST", UPLOAD, files={"file": (None, b"x")}, data={"data": "{}"})
    )

    assert (status, result["error_details"]) == (
        422,
        {"file": ["Expected UploadFile, received: <class 'str'>"]},
    )
