"""A Claid edit removes, blurs or colours what lies behind the subject."""

import numpy as np
import pytest
from tests.mockserver.claid_images import Edited, Edits, edges, edits, plain

pytestmark = pytest.mark.slow

__all__ = ["edits", "plain"]


@pytest.mark.fidelity("claid:background")
@pytest.mark.slow
def test_a_removed_background_is_white_transparent_or_of_the_requested_colour(
    edits: Edits,
) -> None:
    white, clear, green, hinted = (
        edits.edit({"background": background})
        for background in (
            {"remove": True},
            {"remove": True, "color": "transparent"},
            {"remove": True, "color": "#00ff00"},
            {"remove": {"category": "products", "selective": {"object_to_keep": "cup"}}},
        )
    )

    assert white.image.mode == "RGB"
    share = (clear.alpha == 0).mean()
    assert 0.2 < share < 0.9
    assert (white.colours[clear.alpha == 0] == 255).all()
    assert (green.colours[clear.alpha == 0] == [0, 255, 0]).all()
    assert hinted.file == white.file


@pytest.mark.fidelity("claid:background")
@pytest.mark.slow
def test_a_transparent_background_is_white_in_a_format_without_alpha(edits: Edits) -> None:
    operations = {"background": {"remove": True, "color": "transparent"}}

    png, jpeg = edits.edit(operations), edits.edit(operations, output={"format": "jpeg"})

    assert (jpeg.image.format, jpeg.image.mode) == ("JPEG", "RGB")
    assert jpeg.colours[png.alpha == 0].mean() > 250


@pytest.mark.fidelity("claid:background")
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["regular", "lens"])
def test_blurring_the_background_leaves_the_subject(edits: Edits, plain: Edited, kind: str) -> None:
    subject = edits.edit({"background": {"remove": True, "color": "transparent"}}).alpha
    changes = []
    for level in ("low", "medium", "high"):
        made = edits.edit({"background": {"blur": {"type": kind, "level": level}}}).colours
        changes.append(np.abs(made - plain.colours).mean(2))

    grounds = [float(actual[subject == 0].mean()) for actual in changes]
    assert grounds[0] < grounds[1] < grounds[2]
    assert all(actual[subject == 255].mean() < actual[subject == 0].mean() / 2 for actual in changes)


@pytest.mark.fidelity("claid:background")
@pytest.mark.slow
def test_blur_true_uses_the_documented_defaults(edits: Edits) -> None:
    mere, defaults = (
        edits.edit({"background": {"blur": blur}}) for blur in (True, {"type": "regular", "level": "medium"})
    )

    assert mere.file == defaults.file


@pytest.mark.fidelity("claid:clipping")
@pytest.mark.slow
def test_operations_work_together_in_one_edit(edits: Edits) -> None:
    made = edits.edit(
        {
            "restorations": {"decompress": "moderate", "upscale": "photo", "polish": True},
            "adjustments": {"exposure": 10, "hdr": 20},
            "background": {"remove": {"clipping": True}, "color": "#ffeecc"},
            "resizing": {"width": 300, "height": 300, "fit": "canvas"},
            "padding": "10%",
            "privacy": {"blur_car_plate": True},
        }
    )

    assert made.image.size == (300, 300)
    assert (edges(made.colours) == [255, 238, 204]).all()
