"""What a form leaves empty counts as absent: one rule for every field, for texts and for files."""

from typing import TYPE_CHECKING, Any

import pytest
from tests.mockserver.hooks import serve
from tests.mockserver.local_server import local_server

if TYPE_CHECKING:
    import httpx
    from tests.mockserver.conftest import TwinClient

pytestmark = pytest.mark.slow  # a twin for each field

END = b"--b--\r\n"
NO_FILE = b'name="image"; filename=""'  # what a browser sends for a file that was not chosen


def part(disposition: bytes, content: bytes) -> bytes:
    return b"--b\r\nContent-Disposition: form-data; " + disposition + b"\r\n\r\n" + content + b"\r\n"


def posted(client: "TwinClient", *parts: bytes) -> "httpx.Response":
    headers = {"X-API-Key": "k", "Content-Type": "multipart/form-data; boundary=b"}
    return client.call("POST", "/enhance/async", content=b"".join(parts) + END, headers=headers)


OPTIONAL = [
    "source_id",
    "source_url",
    "model",
    "output_format",
    "output_width",
    "output_height",
    "crop_to_fill",
    "webhook_url",
    "face_enhancement",
    "face_enhancement_strength",
    "subject_detection",
    "sharpen",
    "anything",
]


@pytest.mark.fidelity("topaz:empty-fields")
@pytest.mark.parametrize("settings", [{}, {"strict": True}], ids=["", "strict"])
@pytest.mark.parametrize("name", OPTIONAL)
def test_topaz_ignores_empty_form_fields(name: str, settings: dict[str, Any], photo: bytes) -> None:
    image = part(b'name="image"; filename="a.jpg"', photo)
    with serve(**settings) as client:
        bare = posted(client, image).json()["process_id"]
        provided = posted(client, image, part(f'name="{name}"'.encode(), b""))

        assert provided.status_code == 200, provided.text
        result = [
            client.call("GET", f"/status/{one}").json() for one in (bare, provided.json()["process_id"])
        ]
    for one in result:
        del one["process_id"], one["source_id"]
    assert result[0] == result[1]


@pytest.mark.fidelity("topaz:empty-fields")
def test_an_empty_file_part_leaves_the_url_as_the_input(client: "TwinClient", photo: bytes) -> None:
    with local_server({"/a.jpg": (200, {}, photo)}) as server:
        response = posted(
            client, part(NO_FILE, b""), part(b'name="source_url"', f"{server.origin}/a.jpg".encode())
        )
    assert response.status_code == 200, response.text

    result = client.call("GET", f"/status/{response.json()['process_id']}").json()
    assert (result["filename"], result["input_width"]) == ("a.jpg", 48)


@pytest.mark.fidelity("topaz:empty-fields")
def test_a_form_of_nothing_but_empty_parts_has_no_image(client: "TwinClient") -> None:
    response = posted(
        client, part(NO_FILE, b""), part(b'name="source_id"', b""), part(b'name="source_url"', b"")
    )

    message = "Exactly one of image, source_id and source_url must be provided."
    assert (response.status_code, response.json()) == (400, {"code": 400, "message": message})


@pytest.mark.fidelity("topaz:file-names")
def test_a_decoded_file_name_is_in_the_status(client: "TwinClient", photo: bytes) -> None:
    taken = posted(client, part(b"name=\"image\"; filename*=UTF-8''%c3%bcber.jpg", photo)).json()

    assert client.call("GET", f"/status/{taken['process_id']}").json()["filename"] == "über.jpg"
