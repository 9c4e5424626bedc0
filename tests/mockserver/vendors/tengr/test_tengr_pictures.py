"""Results of Tengr's operations are as large, as detailed and as new as requested."""

from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image
from tests.mockserver.tengr import DETAILER, UPSCALING, fetched, finished

if TYPE_CHECKING:
    from tests.mockserver.conftest import TwinClient

pytestmark = pytest.mark.slow


def light(content: bytes) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.asarray(Image.open(BytesIO(content)).convert("L"), np.float64)


@pytest.mark.fidelity("tengr/createDetailerUpscalerArtwork", "tengr:output-format")
@pytest.mark.parametrize(
    ("path", "fields", "shape"),
    [
        (DETAILER, {"scaleFactor": 1}, ("WEBP", (451, 300))),
        (DETAILER, {}, ("WEBP", (902, 600))),
        (DETAILER, {"scaleFactor": 1, "outputFormat": "webp"}, ("WEBP", (451, 300))),
        (DETAILER, {"scaleFactor": 1, "outputFormat": "png"}, ("PNG", (451, 300))),
        (UPSCALING, {}, ("WEBP", (902, 600))),
        (UPSCALING, {"scaleFactor": 3}, ("WEBP", (1353, 900))),
    ],
)
def test_a_result_has_the_requested_size_and_format(
    client: "TwinClient", path: str, fields: dict[str, Any], shape: tuple[str, tuple[int, int]]
) -> None:
    picture = Image.open(BytesIO(fetched(client, finished(client, path, **fields))))
    picture.load()

    assert (picture.format, picture.size) == shape


@pytest.mark.fidelity("tengr/createDetailerUpscalerArtwork")
@pytest.mark.slow
@pytest.mark.parametrize(("factor", "size"), [(4, (1804, 1200)), (8, (3608, 2400))])
def test_a_picture_can_be_four_and_eight_times_larger(
    client: "TwinClient", factor: int, size: tuple[int, int]
) -> None:
    picture = Image.open(BytesIO(fetched(client, finished(client, scaleFactor=factor))))

    assert picture.size == size


@pytest.mark.fidelity("tengr/createUpscalingArtwork")
def test_an_upscaling_has_a_vendor_state_of_its_own(client: "TwinClient") -> None:
    assert finished(client, UPSCALING)["artworkType"] == "upscaling_v2"


@pytest.mark.fidelity("tengr:pixels")
def test_more_details_bring_out_more(client: "TwinClient") -> None:
    def roughness(details: int) -> float:
        result = finished(client, scaleFactor=1, outputFormat="png", seed=7, modification=1, details=details)
        return float(np.abs(np.diff(light(fetched(client, result)))).mean())

    low, medium, high = map(roughness, (1, 2, 3))

    assert low * 1.05 < medium
    assert medium * 1.05 < high


@pytest.mark.fidelity("tengr:pixels")
def test_a_stronger_modification_adds_more_detail(client: "TwinClient") -> None:
    def apart(modification: int) -> float:
        one, other = (
            light(
                fetched(
                    client,
                    finished(
                        client,
                        scaleFactor=1,
                        outputFormat="png",
                        details=1,
                        seed=seed,
                        modification=modification,
                    ),
                )
            )
            for seed in (1, 2)
        )
        return float(np.abs(one - other).mean())

    subtle, balanced, strong = map(apart, (1, 2, 3))

    assert 0 < subtle * 1.5 < balanced
    assert balanced * 1.5 < strong


@pytest.mark.fidelity("tengr:seed")
def test_the_seed_determines_the_image(client: "TwinClient") -> None:
    def made(**fields: int) -> bytes:
        return fetched(client, finished(client, DETAILER, scaleFactor=1, **fields))

    assert made(seed=7) == made(seed=7)
    assert made(seed=7) != made(seed=8)
    assert made() != made()


@pytest.mark.fidelity("tengr:input-limits")
@pytest.mark.parametrize("kind", ["png", "webp"])
def test_a_result_of_this_server_can_be_an_input(client: "TwinClient", kind: str) -> None:
    first = finished(client, outputFormat=kind, scaleFactor=1)

    second = finished(client, imageUrl=first["results"][0])

    assert Image.open(BytesIO(fetched(client, second))).size == (902, 600)
