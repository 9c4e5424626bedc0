"""What Tengr's twin does not take is refused in the vendor's words, and leaves nothing."""

from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from tests.mockserver.tengr import CAT, DETAILER, KEY, UPSCALING, caller, finished

if TYPE_CHECKING:
    from tests.mockserver.conftest import TwinClient

pytestmark = pytest.mark.slow


@pytest.mark.fidelity("tengr/400", "tengr.fail_late")
@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("safelight://text.txt", "it is no image that is known"),
        ("safelight://nothing", "there is no sample nothing"),
        ("https://example.com/a.tiff", "an image is JPEG, PNG or WebP, not TIFF"),
        ("http://127.0.0.1:1/a.jpg", "it could not be loaded: ConnectError"),
        ("ftp://example.com/a.jpg", "an address of scheme ftp is not loaded"),
    ],
)
def test_an_unusable_image_is_rejected(client: "TwinClient", address: str, why: str) -> None:
    response = caller(client)("POST", DETAILER, json={"imageUrl": address})

    assert response.status_code == 400
    assert response.json()["message"].startswith(f"imageUrl: {why}")
    assert caller(client)("GET", "/artworks").json() == []


@pytest.mark.fidelity("tengr:input-limits")
def test_an_image_of_too_many_pixels_is_refused(client: "TwinClient") -> None:
    large = finished(client, scaleFactor=4)["results"][0]

    response = caller(client)("POST", DETAILER, json={"imageUrl": large})

    assert response.status_code == 400
    assert response.json()["message"] == "imageUrl: 1804 x 1200 pixels are more than 1478656"


NESTED = b'{"imageUrl":' + b"[" * 10_000 + b"]" * 10_000 + b"}"


@pytest.mark.fidelity("tengr/400")
@pytest.mark.parametrize("path", [DETAILER, UPSCALING])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"imageUrl"',
        b"{}",
        b'{"imageUrl": 7}',
        b'{"imageUrl": ""}',
        b'{"imageUrl": "a.jpg"}',
        b'{"imageUrl": "\xff"}',
        b'{"imageUrl": "\\ud800"}',
        b'{"imageUrl": "https://example.com/\\u0000"}',
        b'{"imageUrl": "https://example.com/", "scaleFactor": NaN}',
        b'{"imageUrl": "https://example.com/", "scaleFactor": Infinity}',
        b'{"imageUrl": "https://example.com/", "scaleFactor": 1e999}',
        b'{"imageUrl": "https://example.com/", "scaleFactor": 9' + b"9" * 5000 + b"}",
        b'{"imageUrl": "https://example.com/", "scaleFactor": "2"}',
        b'{"imageUrl": "https://example.com/", "scaleFactor": 2.5}',
        b'{"imageUrl": "https://example.com/", "scaleFactor": 16}',
        b'{"imageUrl": "https://example.com/", "scaleFactor": true}',
        b'{"imageUrl": "https://example.com/", "webhook": null}',
        b'{"imageUrl": "https://example.com/", "webhook": "ftp://example.com/"}',
        NESTED,
        b'{"imageUrl": "' + b"a" * 2_000_000 + b'"}',
    ],
    ids=lambda body: body[:60].decode("ascii", "replace") if isinstance(body, bytes) else None,
)
def test_an_invalid_body_is_the_vendors_400_and_creates_nothing(
    client: "TwinClient", path: str, body: bytes
) -> None:
    response = caller(client)("POST", path, content=body, headers={**KEY, "Content-Type": "application/json"})

    result = response.json()
    assert (response.status_code, result["error"], result["statusCode"]) == (400, "Bad Request", 400)
    assert 0 < len(result["message"]) < 400
    assert caller(client)("GET", "/artworks").json() == []


@pytest.mark.fidelity("tengr/400")
@pytest.mark.parametrize(
    ("field", "value", "values"),
    [
        ("scaleFactor", 3, "1, 2, 4, 8"),
        ("scaleFactor", "2", "1, 2, 4, 8"),
        ("outputFormat", "jpg", "auto, png, webp"),
    ],
)
def test_an_error_lists_every_allowed_value_of_a_field(
    client: "TwinClient", field: str, value: object, values: str
) -> None:
    response = caller(client)("POST", DETAILER, json={"imageUrl": CAT, field: value})

    assert response.json()["message"] == f"{field}: must be one of the following values: {values}"


@pytest.mark.fidelity("tengr/400")
@pytest.mark.parametrize(
    "fields",
    [
        {"scaleFactor": 3},
        {"details": 0},
        {"details": 4},
        {"modification": 0},
        {"modification": 4},
        {"seed": 0},
        {"seed": 2_147_483_648},
        {"seed": 10**30},
        {"outputFormat": "jpeg"},
        {"outputFormat": ["png"]},
    ],
)
def test_a_parameter_out_of_bounds_is_refused_by_name(
    client: "TwinClient", fields: dict[str, object]
) -> None:
    response = caller(client)("POST", DETAILER, json={"imageUrl": CAT, **fields})

    assert response.status_code == 400
    assert response.json()["message"].startswith(next(iter(fields)))


@pytest.mark.fidelity("tengr/400")
@pytest.mark.parametrize("factor", [1, 9])
def test_an_upscaling_has_bounds_of_its_own(client: "TwinClient", factor: int) -> None:
    response = caller(client)("POST", UPSCALING, json={"imageUrl": CAT, "scaleFactor": factor})

    assert response.status_code == 400


@pytest.mark.fidelity("tengr/400")
@pytest.mark.parametrize("content_type", ["text/plain", "multipart/form-data; boundary=x", ""])
def test_a_body_of_another_type_is_refused(any_client: "TwinClient", content_type: str) -> None:
    response = caller(any_client)(
        "POST",
        DETAILER,
        content=b'{"imageUrl": "https://example.com/"}',
        headers=KEY | {"Content-Type": content_type},
    )

    assert (response.status_code, response.json()["message"]) == (400, "body: send it as application/json")


@pytest.mark.fidelity("tengr/400-id", "tengr/404-organization", "tengr:404-route")
@pytest.mark.parametrize(
    ("method", "path", "status", "message"),
    [
        ("GET", "/artworks/x", 400, "Validation failed (uuid is expected)"),
        ("GET", f"/artworks/{UUID(int=0)}", 404, "Artwork not found"),
        ("GET", "/artworks?limit=0", 400, "limit: not as described"),
        ("GET", "/artworks?limit=501", 400, "limit: not as described"),
        ("GET", "/artworks?limit=ten", 400, "limit: not as described"),
        ("GET", "/artworks?offset=-1", 400, "offset: not as described"),
        ("GET", "/artworks?offset=1e400", 400, "offset: not as described"),
        ("DELETE", "/artworks", 404, "Cannot DELETE /tengr/v2/artworks"),
        ("GET", "/artwork", 404, "Cannot GET /tengr/v2/artwork"),
        ("POST", "/organizations/unknown-1/webhook-secret", 404, "Organization not found"),
    ],
)
def test_unknown_ids_are_rejected_with_the_vendors_message(
    client: "TwinClient", method: str, path: str, status: int, message: str
) -> None:
    response = caller(client)(method, path)

    assert (response.status_code, response.json()["message"]) == (status, message.replace("/tengr", ""))


@pytest.mark.fidelity("tengr/401", "tengr:key-header")
@pytest.mark.parametrize(
    ("key", "status"), [("invalid-1", 401), ("forbidden-1", 403), ("limited-1", 429), ("broken-1", 500)]
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", DETAILER),
        ("POST", UPSCALING),
        ("GET", "/artworks"),
        ("GET", f"/artworks/{UUID(int=0)}"),
        ("POST", "/organizations/o/webhook-secret"),
    ],
)
def test_the_key_is_checked_first(
    client: "TwinClient", key: str, status: int, method: str, path: str
) -> None:
    response = caller(client)(method, path, headers={"Authorization": f"Bearer {key}"})

    assert (response.status_code, response.json()["statusCode"]) == (status, status)


@pytest.mark.fidelity("tengr/403")
@pytest.mark.parametrize("path", [DETAILER, UPSCALING])
def test_a_key_without_credits_creates_nothing(client: "TwinClient", path: str) -> None:
    headers = {"Authorization": "Bearer unfunded-1"}

    response = caller(client)("POST", path, json={"imageUrl": CAT}, headers=headers)

    assert (response.status_code, response.json()["message"]) == (403, "Not enough credits")
    assert caller(client)("GET", "/artworks", headers=headers).json() == []
