"""Settings: which model takes which, within which bounds, and what Autopilot makes of the rest."""

import json

import pytest

from safelight_mock.vendors.topaz.parameters import (
    FACES,
    RANGES,
    SUPPORTED,
    autopilot,
    effective,
    models,
    read_settings,
    supported,
)
from safelight_mock.vendors.topaz.products import DENOISE, ENHANCE, ENHANCE_GEN, LIGHTING, PRODUCTS, SHARPEN
from safelight_mock.wire import VendorError
from safelight_specs import read_spec

CLEAN = {
    "noise": 1.0,
    "blur": 0.3,
    "blockiness": 0.0,
    "exposure": 0.5,
    "contrast": 0.9,
    "cast": 0.0,
    "skin": 0.0,
}


@pytest.mark.fidelity("topaz:settings")
def test_parameters_of_other_models_are_ignored() -> None:
    values = {"model": "CGI", "denoise": "0.5", "fix_compression": "0.5", "anything": "else"}

    assert read_settings(ENHANCE, values) == {"denoise": 0.5}


def test_an_unlisted_model_accepts_the_parameters_of_the_first() -> None:
    assert supported(ENHANCE, "Wonder 9") == supported(ENHANCE, "Standard V2")


def test_recovery_has_no_settings_of_its_own() -> None:
    assert set(supported(ENHANCE_GEN, "Recovery")) == set(FACES)


def test_parameter_names_of_newer_documents_are_accepted() -> None:
    assert read_settings(ENHANCE, {"model": "Standard V2", "fixCompression": "1"}) == {"fix_compression": 1.0}


@pytest.mark.fidelity("topaz:setting-bounds")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("denoise", "1.01"),
        ("denoise", "-0.01"),
        ("denoise", "nan"),
        ("denoise", ""),
        ("sharpen", "much"),
        ("face_enhancement_strength", "2"),
    ],
)
def test_a_setting_out_of_bounds_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(VendorError, match=f"Invalid {name.replace('_', ' ')}\\.") as refused:
        read_settings(ENHANCE, {"model": "Standard V2", name: value})

    assert refused.value.status == 400


@pytest.mark.fidelity("topaz:subject-detection")
@pytest.mark.parametrize("name", ["subject_detection", "subjectDetection"])
@pytest.mark.parametrize("value", ["sky", "foreground", "ALL", " All"])
def test_a_subject_is_reported_capitalised(name: str, value: str) -> None:
    with pytest.raises(VendorError) as refused:
        read_settings(SHARPEN, {"model": "Standard", name: value})

    words = 'parameter "subject_detection" must be one of [All Foreground Background]'
    assert (refused.value.status, str(refused.value)) == (400, words)
    assert read_settings(SHARPEN, {"model": "Standard", name: "Foreground"}) == {
        "subject_detection": "Foreground"
    }


@pytest.mark.fidelity("topaz:faces")
@pytest.mark.parametrize("no", [False, "false", "False"])
def test_face_settings_are_not_checked_without_face_enhancement(no: bool | str) -> None:  # noqa: FBT001 # as it is read
    values = {"faceEnhancement": no, "face_enhancement_creativity": "7", "faceEnhancementStrength": "much"}

    assert read_settings(ENHANCE, {"model": "CGI", **values}) == {"face_enhancement": False}
    assert "face_enhancement_creativity" in effective(ENHANCE, {"model": "CGI", "face_enhancement": True})
    assert "face_enhancement_creativity" in effective(ENHANCE, {"model": "CGI"})


@pytest.mark.fidelity("topaz:settings")
@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("creativity", ["1", "6"], ["0", "7", "1.5"]),
        ("texture", ["1", "5"], ["0", "6"]),
        ("prompt", ["a" * 1024], ["a" * 1025]),
    ],
)
def test_the_settings_of_redefine_have_the_documented_bounds(
    name: str, good: list[str], bad: list[str]
) -> None:
    for value in good:
        assert name in read_settings(ENHANCE_GEN, {"model": "Redefine", name: value})
    for value in bad:
        with pytest.raises(VendorError):
            read_settings(ENHANCE_GEN, {"model": "Redefine", name: value})


@pytest.mark.fidelity("topaz:autopilot")
def test_autopilot_leaves_a_clean_picture_alone_and_a_noisy_one_not() -> None:
    assert autopilot(ENHANCE, "Standard V2", CLEAN)["denoise"] == 0.0
    assert autopilot(ENHANCE, "Standard V2", {**CLEAN, "noise": 20.0})["denoise"] > 0.5
    assert autopilot(ENHANCE, "Standard V2", {**CLEAN, "blockiness": 0.4})["fix_compression"] > 0.5
    assert autopilot(SHARPEN, "Standard", {**CLEAN, "blur": 0.8})["strength"] > 0.7
    assert autopilot(LIGHTING, "Adjust", {**CLEAN, "cast": 0.1})["color_correction"] is True


def test_a_stronger_denoise_model_is_stronger() -> None:
    strengths = [autopilot(DENOISE, model, CLEAN)["strength"] for model in ("Normal", "Strong", "Extreme")]

    assert strengths == sorted(set(strengths))


@pytest.mark.parametrize("operation", PRODUCTS)
def test_parameters_chosen_by_autopilot_are_valid(operation: str) -> None:
    product = PRODUCTS[operation]
    for model in models(product):
        for observed in (CLEAN, dict.fromkeys(CLEAN, 0.0), {**dict.fromkeys(CLEAN, 1.0), "noise": 99.0}):
            chosen = autopilot(product, model, observed)
            result = {name: json.dumps(value) for name, value in chosen.items()}

            assert read_settings(product, {"model": model, **result}) == chosen


def test_every_listed_model_is_one_of_the_document() -> None:
    schemas = read_spec("topaz")["components"]["schemas"]
    published = {
        name for schema, node in schemas.items() if schema.endswith("Model") for name in node["enum"]
    }

    assert {model for listed in SUPPORTED.values() for model in listed} <= published


def test_every_setting_of_a_model_can_be_read() -> None:
    names = {name for listed in SUPPORTED.values() for settings in listed.values() for name in settings}

    assert names - set(RANGES) == {
        "face_enhancement",
        "color_correction",
        "prompt",
        "subject_detection",
        "mode",
    }
