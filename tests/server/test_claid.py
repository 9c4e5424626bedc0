"""What Claid's operations say and do, from request to picture."""

import json
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

import httpx
import pillow_heif
import pytest
from PIL import Image
from tests.server.claid import (
    ASYNC,
    BASE,
    BATCH,
    CAT,
    COFFEE,
    DAMAGED,
    DAY,
    PICTURE,
    START,
    SYNC,
    TEXT,
    UPLOAD,
    Json,
    advance,
    caller,
    fetched,
    finished,
    found,
    request,
    submitted,
    with_options,
)
from tests.server.conftest import picture

from safelight_mock import Settings

if TYPE_CHECKING:
    from tests.server.conftest import Door

pytestmark = pytest.mark.slow

X_RESOLUTION = 282  # a tag of Exif

# The life of an edit


def test_an_edit_lives_from_request_to_picture(door: "Door") -> None:
    call, asked = caller(door), request(resizing={"width": 300, "height": 300})

    taken = call("POST", ASYNC, json=asked).json()["data"]
    advance(door, 0.6)
    working = found(call, taken["id"])
    advance(door, 10)
    done = found(call, taken["id"])
    file = fetched(door, done["result"]["output_object"])

    assert [told["status"] for told in (taken, working, done)] == ["ACCEPTED", "PROCESSING", "DONE"]
    assert taken["result_url"].endswith(f"{BASE}{ASYNC}/{taken['id']}")
    assert (working["errors"], working["result"]) == ([], {})
    assert done["errors"] == []
    assert done["result"]["input_object"] == PICTURE
    opened = Image.open(BytesIO(file.content))
    assert (opened.format, opened.size) == ("JPEG", (300, 300))
    assert file.headers["content-type"] == "image/jpeg"


def test_an_answer_repeats_exactly_what_was_sent(inside: "Door") -> None:
    call = caller(inside)
    asked = request(output={"format": "png", "destination": None}, padding=None, resizing={"width": "50%"})

    edit = submitted(call, asked)

    assert found(call, edit)["request"] == asked


def test_times_are_told_to_the_microsecond_with_an_offset(inside: "Door") -> None:
    told = found(caller(inside), submitted(caller(inside), request()))["created_at"]

    assert told == "2027-01-15T08:00:00.250000+00:00"
    assert datetime.fromisoformat(told) == datetime.fromtimestamp(START, UTC)


def test_ids_are_whole_numbers_that_edits_and_batches_share(inside: "Door") -> None:
    call = caller(inside)

    first, batch = submitted(call, request()), submitted(call, request([COFFEE]), BATCH)
    third, other = submitted(call, request()), submitted(caller(inside, "other"), request())

    assert first < batch < third
    assert other not in range(first, third + 1)
    assert call("GET", f"{ASYNC}/{batch}").status_code == 404
    assert call("GET", f"{BATCH}/{first}").status_code == 404


def test_the_result_keeps_the_name_of_its_input(inside: "Door") -> None:
    told = finished(inside, request(output={"format": "webp"}))["result"]["output_object"]
    file = fetched(inside, told)

    assert httpx.URL(told["tmp_url"]).path.endswith("/coffee.webp")
    assert "coffee.webp" in file.headers["content-disposition"]


def test_a_link_is_good_for_a_day(inside: "Door") -> None:
    told = finished(inside, request())["result"]["output_object"]

    advance(inside, DAY - 70)
    assert fetched(inside, told).status_code == 200
    advance(inside, 70)
    assert fetched(inside, told).status_code == 403


def test_the_older_base_leads_to_the_same_service(inside: "Door") -> None:
    old, new = caller(inside, base="/claid/v1-beta1"), caller(inside)

    taken = old("POST", ASYNC, json=request()).json()["data"]

    assert "/v1-beta1/" in taken["result_url"]
    assert found(new, taken["id"])["status"] == "ACCEPTED"
    by_host = inside.request(
        "GET",
        f"/v1-beta1{ASYNC}/{taken['id']}",
        headers={"Host": "api.claid.ai", "Authorization": "Bearer k"},
    )
    assert by_host.status_code == 200


@pytest.mark.parametrize("settings", [Settings(seed="tests", public_url="https://twin.example/")])
def test_the_address_to_read_from_is_the_one_that_clients_use(special: "Door") -> None:
    taken = caller(special)("POST", ASYNC, json=request()).json()["data"]

    assert taken["result_url"] == f"https://twin.example{BASE}{ASYNC}/{taken['id']}"


def test_a_whole_number_may_be_written_with_a_point(inside: "Door") -> None:
    operations = {
        "resizing": {"width": 300.0, "height": 2e2},
        "adjustments": {"hdr": 20.0, "exposure": 10.0},
        "background": {"blur": True},
    }
    output = {"format": {"type": "jpeg", "quality": 60.0}, "metadata": {"dpi": 300.0}}

    told = finished(inside, request(output=output, **operations))

    assert told["request"]["operations"] == operations
    opened = Image.open(BytesIO(fetched(inside, told["result"]["output_object"]).content))
    assert (opened.size, opened.info["dpi"]) == ((300, 200), (300, 300))


def test_a_status_never_waits_for_a_picture(inside: "Door") -> None:
    told = finished(inside, request(resizing={"width": 9_000, "height": 9_000}))

    assert told["result"]["output_object"]["mps"] == 81.0


@pytest.mark.parametrize("word", ["WAITING", "PAUSED", "CANCELLED", "ERROR", "PROCESSING"])
def test_an_edit_can_be_put_where_any_word_says(inside: "Door", word: str) -> None:
    call = caller(inside)
    edit = submitted(call, request())

    moved = inside.request("POST", f"/_safelight/jobs/{edit}/move", json={"to": word})
    told = found(call, edit)

    assert moved.status_code == 200, moved.text
    assert (told["status"], told["result"]) == (word, {})
    assert [error["error"] for error in told["errors"]] == (["Processing failed."] if word == "ERROR" else [])


# Inputs that cannot be used

UNUSABLE = {
    DAMAGED: "Input image is damaged.",
    TEXT: "Input file is not an image.",
    "safelight://none.jpg": "Unable to download the input image.",
    "http://127.0.0.1:9/a.jpg": "Unable to download the input image.",
    "storage://shop/a.jpg": "Unable to find the storage of the input image.",
}


@pytest.mark.parametrize(("image", "said"), UNUSABLE.items())
def test_an_edit_of_an_input_that_cannot_be_used_is_taken_in_and_fails(
    inside: "Door", image: str, said: str
) -> None:
    told = finished(inside, request(image))

    (error,) = told["errors"]
    assert (told["status"], told["result"], error["error"]) == ("ERROR", {}, said)
    assert error["input_object"] == (PICTURE if image == DAMAGED else None)
    assert error["created_at"] > told["created_at"]


@pytest.mark.parametrize(("image", "said"), UNUSABLE.items())
def test_an_edit_that_is_waited_for_is_refused_for_such_an_input(
    inside: "Door", image: str, said: str
) -> None:
    advance(inside, 0)

    answer = caller(inside)("POST", SYNC, json=request(image))

    assert answer.status_code == (422 if image in (DAMAGED, TEXT) else 400)
    assert (answer.json()["error_type"], answer.json()["error_message"]) == ("image", said)


@pytest.mark.parametrize(
    ("operations", "said"),
    [
        ({"padding": "300px"}, "Padding cannot be bigger than half of the image width or height."),
        ({"resizing": {"width": "9000%"}}, "Output image of 54000x400 is too large."),
        (
            {"generative": {"style_transfer": {"style_reference_image": TEXT}}},
            "Unable to use the style reference image.",
        ),
        (
            {"generative": {"style_transfer": {"style_reference_image": DAMAGED}}},
            "Unable to use the style reference image.",
        ),
    ],
)
def test_an_edit_that_does_not_suit_its_input_fails_later(
    inside: "Door", operations: Json, said: str
) -> None:
    told = finished(inside, request(**operations))

    (error,) = told["errors"]
    assert (told["status"], error["error"], error["input_object"]) == ("ERROR", said, PICTURE)


@pytest.mark.parametrize("kind", ["BMP", "GIF", "JPEG", "PNG", "TIFF", "WEBP", "AVIF", "HEIC"])
def test_images_of_every_documented_format_are_taken(inside: "Door", kind: str) -> None:
    advance(inside, 0)
    image = heic(48, 32) if kind == "HEIC" else picture(48, 32, kind)
    data = json.dumps({"operations": {"resizing": {"width": 24, "height": 16}}})

    answer = caller(inside)("POST", UPLOAD, files={"file": ("a", image)}, data={"data": data})

    told = answer.json()["data"]
    name = kind.lower()
    assert told["input"] == {
        "ext": name,
        "mps": 0.001536,
        "mime": f"image/{name}",
        "format": name.upper(),
        "width": 48,
        "height": 32,
    }
    assert Image.open(BytesIO(fetched(inside, told["output"]).content)).size == (24, 16)


# Results


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


@pytest.mark.parametrize(("format_", "expected"), OUTPUTS.values(), ids=OUTPUTS)
def test_what_is_told_of_a_result_is_true_of_its_file(
    inside: "Door", format_: object, expected: Json
) -> None:
    output = {"format": format_} if format_ else None
    told = finished(inside, request(CAT, output, resizing={"width": 200, "height": 100}))

    told = told["result"]["output_object"]
    file = fetched(inside, told)
    opened = Image.open(BytesIO(file.content))

    assert (opened.format, opened.size) == (told["format"], (told["width"], told["height"]))
    assert (opened.format, opened.size) == (expected.pop("format"), (200, 100))
    assert file.headers["content-type"] == told["mime"]
    assert httpx.URL(told["tmp_url"]).path.endswith(f".{told['ext']}")
    assert told["mps"] == 0.02
    assert {name: opened.info.get(name, False) and opened.info[name] for name in expected} == {
        name: (1 if value is True else value) for name, value in expected.items()
    }


def heic(width: int, height: int) -> bytes:
    file = BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (width, height), "teal")).save(file)
    return file.getvalue()


def size_of(door: "Door", output: Json) -> int:
    return len(fetched(door, finished(door, request(CAT, output))["result"]["output_object"]).content)


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
def test_quality_and_compression_tell_in_the_size_of_the_file(
    inside: "Door", small: object, large: object
) -> None:
    assert size_of(inside, {"format": small}) < 0.95 * size_of(inside, {"format": large})


@pytest.mark.parametrize("format_", ["jpeg", "tiff"])
def test_resolution_and_inks_are_written_to_the_file(inside: "Door", format_: str) -> None:
    metadata = {"dpi": 300, "color_space": {"type": "CMYK", "color_profile": "ISO_Coated"}}

    told = finished(inside, request(CAT, {"format": format_, "metadata": metadata}))["result"][
        "output_object"
    ]
    opened = Image.open(BytesIO(fetched(inside, told).content))

    assert opened.mode == "CMYK"
    assert opened.info["dpi"] == pytest.approx((300, 300), abs=0.1)


@pytest.mark.parametrize("format_", ["png", "webp", "avif"])
def test_resolution_is_written_to_formats_without_inks_too(inside: "Door", format_: str) -> None:
    asked = request(CAT, {"format": format_, "metadata": {"dpi": 300}})
    told = finished(inside, asked)["result"]["output_object"]

    opened = Image.open(BytesIO(fetched(inside, told).content))

    assert opened.info.get("dpi", (opened.getexif().get(X_RESOLUTION),))[0] == pytest.approx(300, abs=0.1)


@pytest.mark.parametrize(
    ("output", "mode"),
    [
        ({"format": "jpeg"}, "CMYK"),
        ({"format": "tiff", "metadata": {"dpi": 72}}, "CMYK"),
        ({"metadata": {"color_space": "RGB"}}, "RGB"),
        ({"format": "png"}, "RGB"),
    ],
)
def test_an_image_in_inks_stays_so_where_nothing_else_is_asked(
    inside: "Door", output: Json, mode: str
) -> None:
    advance(inside, 0)
    file = BytesIO()
    Image.new("CMYK", (48, 32), (200, 20, 0, 0)).save(file, "JPEG")
    data = json.dumps({"operations": {}, "output": output})

    answer = caller(inside)("POST", UPLOAD, files={"file": ("ad.jpg", file.getvalue())}, data={"data": data})

    told = answer.json()["data"]["output"]
    assert Image.open(BytesIO(fetched(inside, told).content)).mode == mode


@pytest.mark.parametrize(
    ("output", "key"),
    [
        ("storage://shop/new/cup.png", "new/cup.png"),
        ({"destination": "storage://shop/new/"}, "new/coffee.jpeg"),
        ({"destination": "storage://shop", "format": "avif"}, "coffee.avif"),
    ],
)
def test_a_destination_in_a_storage_takes_the_place_of_a_link(
    inside: "Door", output: object, key: str
) -> None:
    told = finished(inside, request(output=output))["result"]["output_object"]

    assert "tmp_url" not in told
    assert told["object_key"] == key
    assert told["object_bucket"] == "shop"
    assert told["object_uri"].endswith(f"shop/{key}")
    assert told["claid_storage_uri"] == f"storage://shop/{key}"
    assert key.endswith(told["ext"])


@with_options(storages="shop, attic")
def test_what_is_in_a_connected_storage_is_made_up(special: "Door") -> None:
    known, unknown = (
        finished(special, request("storage://attic/a.png")),
        finished(special, request("storage://b/a.png")),
    )

    assert (known["status"], known["result"]["input_object"]["format"]) == ("DONE", "PNG")
    assert unknown["status"] == "ERROR"


# Edits that are answered with their result


def test_an_edit_that_is_waited_for_is_answered_with_its_result(door: "Door") -> None:
    advance(door, 0)

    answer = caller(door)("POST", SYNC, json=request(resizing={"width": "50%"}, output=None))

    told = answer.json()["data"]
    assert set(told) == {"input", "output"}
    assert told["input"] == PICTURE
    assert Image.open(BytesIO(fetched(door, told["output"]).content)).size == (300, 400)


def test_an_upload_is_edited_and_gives_its_name(door: "Door", photo: bytes) -> None:
    advance(door, 0)
    data = json.dumps({"operations": {}, "output": {"format": "png"}})

    answer = caller(door)("POST", UPLOAD, files={"file": ("my cup.jpg", photo)}, data={"data": data})

    told = answer.json()["data"]
    assert (told["input"]["width"], told["output"]["format"]) == (48, "PNG")
    assert httpx.URL(told["output"]["tmp_url"]).path.endswith("/my cup.png")
    assert Image.open(BytesIO(fetched(door, told["output"]).content)).size == (48, 32)


def test_an_upload_takes_its_options_from_a_part_of_any_type(inside: "Door", photo: bytes) -> None:
    advance(inside, 0)
    head = '--x\r\nContent-Disposition: form-data; name="data"\r\nContent-Type: application/json\r\n\r\n'
    file = '--x\r\nContent-Disposition: form-data; name="file"; filename="blob"\r\n\r\n'
    body = f'{head}{{"operations":{{}}}}\r\n{file}'.encode() + photo + b"\r\n--x--\r\n"
    headers = {"Authorization": "Bearer k", "Content-Type": "multipart/form-data;boundary=x"}

    answer = caller(inside)("POST", UPLOAD, content=body, headers=headers)

    assert answer.json()["data"]["output"]["tmp_url"].split("?")[0].endswith("/blob.jpeg")


def test_an_upload_may_ask_for_nothing_but_an_address(inside: "Door", photo: bytes) -> None:
    advance(inside, 0)

    answer = caller(inside)("POST", UPLOAD, files={"file": ("cup.jpg", photo)}, data={"data": "{}"})

    told = answer.json()["data"]
    link = told["output"].pop("tmp_url")
    assert told["output"] == told["input"]
    assert "/cup.jpeg?" in link


@pytest.mark.parametrize("settings", [Settings(seed="tests", strict=True)])
def test_to_the_letter_every_edit_has_operations(special: "Door") -> None:
    answer = caller(special)("POST", UPLOAD, files={"file": ("cup.jpg", b"")}, data={"data": "{}"})

    assert answer.json()["error_details"] == {"data.operations": ["field required"]}


@pytest.mark.parametrize(
    ("files", "data", "place"),
    [
        ({}, '{"operations": {}}', "file"),
        ({"file": ("a.jpg", b"")}, None, "data"),
        ({"file": ("a.jpg", b"")}, '{"operations": null}', "data.operations"),
        ({"file": ("a.jpg", b"")}, "not json", "data"),
        ({"file": ("a.jpg", b"")}, '{"operations": {"padding": "99%"}}', "data.operations.padding"),
        ({"file": ("a.jpg", b"")}, '{"operations": {}, "input": "http://a.example/b"}', "data.input"),
    ],
)
def test_an_upload_names_what_is_wrong_with_it(
    inside: "Door", files: Json, data: str | None, place: str
) -> None:
    parts = files or {"other": ("", b"")}

    answer = caller(inside)("POST", UPLOAD, files=parts, data={"data": data} if data else {})

    assert answer.status_code == 422
    assert list(answer.json()["error_details"]) == [place]
