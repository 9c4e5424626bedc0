"""A result of Claid's mock server is the requested file, at the requested place."""

import json
from io import BytesIO
from typing import TYPE_CHECKING

import httpx
import pytest
from PIL import Image
from tests.mockserver.claid import (
    BATCH,
    CAT,
    SYNC,
    UPLOAD,
    Json,
    advance,
    caller,
    fetched,
    finished,
    request,
    with_options,
)

if TYPE_CHECKING:
    from tests.mockserver.conftest import TwinClient

pytestmark = pytest.mark.slow

X_RESOLUTION, DESCRIPTION = 282, 270  # tags of Exif

OUTPUTS: dict[str, tuple[object, Json]] = {
    "nothing": (None, {"format": "JPEG", "progressive": True}),
    "jpeg by name": ("jpeg", {"format": "JPEG", "progressive": True}),
    "jpeg": ({"type": "jpeg", "quality": 40, "progressive": False}, {"format": "JPEG", "progressive": False}),
    "png": ({"type": "png", "compression": "best"}, {"format": "PNG"}),
    "webp": ("webp", {"format": "WEBP"}),
    "webp lossless": ({"type": "webp", "compression": "lossless"}, {"format": "WEBP"}),
    "avif": ({"type": "avif", "compression": {"type": "lossy", "quality": 30}}, {"format": "AVIF"}),
    "avif lossless": ({"type": "avif", "compression": {"type": "lossless"}}, {"format": "AVIF"}),
    "tiff": ("tiff", {"format": "TIFF", "compression": "tiff_lzw"}),
    "tiff lossy": ({"type": "tiff", "compression": "lossy"}, {"format": "TIFF", "compression": "jpeg"}),
}


@pytest.mark.fidelity("claid:pictures")
@pytest.mark.parametrize(("format_", "expected"), OUTPUTS.values(), ids=OUTPUTS)
def test_metadata_of_a_result_matches_its_file(client: "TwinClient", format_: object, expected: Json) -> None:
    output = {"format": format_} if format_ else None
    result = finished(client, request(CAT, output, resizing={"width": 200, "height": 100}))

    result = result["result"]["output_object"]
    file = fetched(client, result)
    opened = Image.open(BytesIO(file.content))

    assert (opened.format, opened.size) == (result["format"], (result["width"], result["height"]))
    assert (opened.format, opened.size) == (expected.pop("format"), (200, 100))
    assert file.headers["content-type"] == result["mime"]
    assert httpx.URL(result["tmp_url"]).path.endswith(f".{result['ext']}")
    assert result["mps"] == 0.02
    assert {name: opened.info.get(name, False) and opened.info[name] for name in expected} == {
        name: (1 if value is True else value) for name, value in expected.items()
    }


def size_of(client: "TwinClient", output: Json) -> int:
    return len(fetched(client, finished(client, request(CAT, output))["result"]["output_object"]).content)


@pytest.mark.fidelity("claid:output")
@pytest.mark.parametrize(
    ("small", "large"),
    [
        ({"type": "jpeg", "quality": 30}, {"type": "jpeg", "quality": 95}),
        ({"type": "png", "compression": "best"}, {"type": "png", "compression": "fast"}),
        ({"type": "webp", "compression": {"type": "lossy", "quality": 30}}, "webp"),
        ("webp", {"type": "webp", "compression": "lossless"}),
        ({"type": "avif", "compression": {"type": "lossy", "quality": 20}}, "avif"),
        ("avif", {"type": "avif", "compression": "lossless"}),
        (
            {"type": "tiff", "compression": {"type": "lossy", "quality": 30}},
            {"type": "tiff", "compression": "lossy"},
        ),
        ({"type": "tiff", "compression": "lossy"}, "tiff"),
    ],
    ids=["jpeg", "png", "webp", "webp lossless", "avif", "avif lossless", "tiff", "tiff lossless"],
)
def test_quality_and_compression_affect_the_file_size(
    client: "TwinClient", small: object, large: object
) -> None:
    assert size_of(client, {"format": small}) < 0.95 * size_of(client, {"format": large})


@pytest.mark.fidelity("claid:output")
@pytest.mark.parametrize("format_", ["jpeg", "tiff"])
def test_resolution_and_cmyk_are_written_to_the_file(client: "TwinClient", format_: str) -> None:
    metadata = {"dpi": 300, "color_space": {"type": "CMYK", "color_profile": "ISO_Coated"}}

    result = finished(client, request(CAT, {"format": format_, "metadata": metadata}))["result"][
        "output_object"
    ]
    opened = Image.open(BytesIO(fetched(client, result).content))

    assert opened.mode == "CMYK"
    assert opened.info["dpi"] == pytest.approx((300, 300), abs=0.1)


@pytest.mark.fidelity("claid:output")
@pytest.mark.parametrize("format_", ["png", "webp", "avif"])
def test_resolution_is_written_to_formats_without_cmyk_too(client: "TwinClient", format_: str) -> None:
    requested = request(CAT, {"format": format_, "metadata": {"dpi": 300}})
    result = finished(client, requested)["result"]["output_object"]

    opened = Image.open(BytesIO(fetched(client, result).content))

    assert opened.info.get("dpi", (opened.getexif().get(X_RESOLUTION),))[0] == pytest.approx(300, abs=0.1)


@pytest.mark.fidelity("claid:output")
@pytest.mark.parametrize("format_", ["jpeg", "png", "webp", "avif", "tiff"])
def test_no_metadata_of_an_input_is_kept(client: "TwinClient", format_: str) -> None:
    advance(client, 0)
    exif = Image.Exif()
    exif[DESCRIPTION] = "holidays"
    file = BytesIO()
    Image.new("RGB", (48, 32), "teal").save(file, "JPEG", exif=exif, dpi=(200, 200), comment=b"in Rome")
    data = json.dumps({"operations": {}, "output": {"format": format_}})

    response = caller(client)("POST", UPLOAD, files={"file": ("a.jpg", file.getvalue())}, data={"data": data})

    made = fetched(client, response.json()["data"]["output"]).content
    opened = Image.open(BytesIO(made))
    assert b"holidays" not in made
    assert b"in Rome" not in made
    assert round(opened.info.get("dpi", (72, 72))[0]) == 72
    assert DESCRIPTION not in opened.getexif()


@pytest.mark.fidelity("claid:output")
@pytest.mark.parametrize(
    ("output", "mode"),
    [
        ({"format": "jpeg"}, "CMYK"),
        ({"format": "tiff", "metadata": {"dpi": 72}}, "CMYK"),
        ({"metadata": {"color_space": "RGB"}}, "RGB"),
        ({"format": "png"}, "RGB"),
    ],
)
def test_a_cmyk_image_stays_cmyk_by_default(client: "TwinClient", output: Json, mode: str) -> None:
    advance(client, 0)
    file = BytesIO()
    Image.new("CMYK", (48, 32), (200, 20, 0, 0)).save(file, "JPEG")
    data = json.dumps({"operations": {}, "output": output})

    response = caller(client)(
        "POST", UPLOAD, files={"file": ("ad.jpg", file.getvalue())}, data={"data": data}
    )

    result = response.json()["data"]["output"]
    assert Image.open(BytesIO(fetched(client, result).content)).mode == mode


@pytest.mark.fidelity("claid:storage")
@pytest.mark.parametrize(
    ("output", "key"),
    [
        ("storage://shop/new/cup.png", "new/cup.png"),
        ({"destination": "storage://shop/new/"}, "new/coffee.jpeg"),
        ({"destination": "storage://shop", "format": "avif"}, "coffee.avif"),
    ],
)
def test_a_destination_in_a_storage_replaces_the_link(client: "TwinClient", output: object, key: str) -> None:
    result = finished(client, request(output=output))["result"]["output_object"]

    assert result["tmp_url"] is None
    assert result["object_key"] == key
    assert result["object_bucket"] == "shop"
    assert result["object_uri"].endswith(f"shop/{key}")
    assert result["claid_storage_uri"] == f"storage://shop/{key}"
    assert key.endswith(result["ext"])


@pytest.mark.fidelity("claid:storage")
def test_a_result_outside_a_storage_has_a_null_object_key(client: "TwinClient") -> None:
    advance(client, 0)
    later = finished(client, request())["result"]["output_object"]
    batch = finished(client, request([CAT]), BATCH)["results"][0]["output_object"]
    at_once = caller(client)("POST", SYNC, json=request()).json()["data"]["output"]

    for result in (later, batch, at_once):
        assert result["tmp_url"]
        assert {name: value for name, value in result.items() if value is None} == {
            "object_key": None,
            "object_bucket": None,
            "object_uri": None,
            "claid_storage_uri": None,
        }


@pytest.mark.fidelity("claid.storages")
@with_options(storages="shop, attic")
def test_files_of_a_connected_storage_are_placeholders(configured_client: "TwinClient") -> None:
    known, unknown = (
        finished(configured_client, request("storage://attic/a.png")),
        finished(configured_client, request("storage://b/a.png")),
    )

    assert (known["status"], known["result"]["input_object"]["format"]) == ("DONE", "PNG")
    assert unknown["status"] == "ERROR"
