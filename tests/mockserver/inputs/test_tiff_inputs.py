"""A TIFF with ambiguous samples is rejected with each vendor's error; no job ends with a wrong image."""

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.mockserver.claid import UPLOAD, caller
from tests.mockserver.imaging.tiffs import FLOAT, GREY, RGB, SIGNED, plain, tiff
from tests.mockserver.vendors.topaz.test_topaz_operations import opened

if TYPE_CHECKING:
    from tests.mockserver.conftest import TwinClient

pytestmark = pytest.mark.slow

SIGNED_TIFF = tiff(plain([-16448], "i2"), GREY, kind=SIGNED)


@pytest.mark.fidelity("twin:tiff")
def test_topaz_rejects_ambiguous_samples(client: "TwinClient") -> None:
    response = client.call("POST", "/enhance/async", files={"image": ("a.tif", SIGNED_TIFF)})

    message = "Image could not be decoded to a supported image type."
    assert (response.status_code, response.json()) == (415, {"code": 415, "message": message})


@pytest.mark.fidelity("twin:tiff")
def test_claid_rejects_ambiguous_samples(client: "TwinClient") -> None:
    data = {"data": json.dumps({"operations": {}})}

    response = caller(client)("POST", UPLOAD, files={"file": ("a.tif", SIGNED_TIFF)}, data=data)

    assert (response.status_code, response.json()["error_message"]) == (422, "Input file is not an image.")


@pytest.mark.fidelity("twin:tiff-floats")
@pytest.mark.parametrize("is_big", [False, True])
@pytest.mark.parametrize(("colour", "photometric"), [([0.5], GREY), ([1, 0.5, 0], RGB)])
def test_floats_from_0_to_1_are_an_image(
    client: "TwinClient",
    colour: list[float],
    photometric: int,
    is_big: bool,  # noqa: FBT001 # as the file is
) -> None:
    image = tiff(plain(colour, "f4"), photometric, kind=FLOAT, is_big=is_big)
    process_id = client.submit(image, "/denoise/async", output_format="png")
    client.advance(3)

    observed = np.asarray(opened(client, process_id))[5, 10].astype(int)

    assert np.abs(observed - np.array(colour) * 255).max() <= 2


@pytest.mark.fidelity("twin:tiff-floats")
def test_floats_of_another_range_make_the_job_fail(client: "TwinClient") -> None:
    process_id = client.submit(tiff(plain([128.0], "f4"), GREY, kind=FLOAT), "/denoise/async")
    client.advance(3)

    assert client.call("GET", f"/status/{process_id}").json()["status"] == "Failed"
