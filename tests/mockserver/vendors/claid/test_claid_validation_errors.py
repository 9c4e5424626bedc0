"""Errors in a request to Claid are reported field by field, in the vendor's words."""

import pytest
from tests.mockserver.claid import (
    ASYNC,
    BATCH,
    COFFEE,
    POSTS,
    Json,
    caller,
    finished,
    request,
    status_and_error,
    with_options,
)
from tests.mockserver.conftest import TwinClient

pytestmark = pytest.mark.slow

INTEGER, DICT, TEXT = "value is not a valid integer", "value is not a valid dict", "str type expected"
KINDS = "value is not a valid enumeration member; permitted: "
POSITIVE, WHOLE = "ensure this value is greater than 0", "URL scheme not permitted"
INVALID: dict[str, tuple[Json, str, list[str]]] = {
    "unknown field": ({"rotate": 90}, "operations.rotate", ["extra fields not permitted"]),
    "unknown option": (
        {"privacy": {"blur": True}},
        "operations.privacy.blur",
        ["extra fields not permitted"],
    ),
    "a default that is not described": (
        {"background": {"remove": False, "blur": False, "use_original_alpha": False}},
        "operations.background.use_original_alpha",
        ["extra fields not permitted"],
    ),
    "null": ({"privacy": None}, "operations.privacy", ["none is not an allowed value"]),
    "no object": ({"background": 5}, "operations.background", [DICT]),
    "no boolean": (
        {"restorations": {"polish": "no"}},
        "operations.restorations.polish",
        ["value could not be parsed to a boolean"],
    ),
    "not listed": (
        {"restorations": {"decompress": "much"}},
        "operations.restorations.decompress",
        [f"{KINDS}'moderate', 'strong', 'auto'"],
    ),
    "too much": (
        {"adjustments": {"exposure": 101}},
        "operations.adjustments.exposure",
        ["ensure this value is less than or equal to 100"],
    ),
    "too little": (
        {"adjustments": {"exposure": -101}},
        "operations.adjustments.exposure",
        ["ensure this value is greater than or equal to -100"],
    ),
    "a fraction": ({"adjustments": {"sharpness": 1.5}}, "operations.adjustments.sharpness", [INTEGER]),
    "every branch": (
        {"resizing": {"width": 1.5}},
        "operations.resizing.width",
        [INTEGER, f"{KINDS}'auto'", TEXT],
    ),
    "a fruit": (
        {"resizing": {"width": "banana"}},
        "operations.resizing.width",
        ["value is neither 'auto' nor a percentage"],
    ),
    "no percent": (
        {"resizing": {"height": "0%"}},
        "operations.resizing.height",
        ["value is neither 'auto' nor a percentage"],
    ),
    "many percent": (
        {"resizing": {"height": "9" * 5000 + "%"}},
        "operations.resizing.height",
        ["value is neither 'auto' nor a percentage"],
    ),
    "negative": ({"resizing": {"width": -5}}, "operations.resizing.width", [POSITIVE]),
    "nothing": ({"resizing": {"width": 0}}, "operations.resizing.width", [POSITIVE]),
    "huge": (
        {"resizing": {"width": 10**30}},
        "operations.resizing.width",
        ["ensure this value is less than or equal to 32000"],
    ),
    "mixed": (
        {"resizing": {"width": 5, "height": "5%"}},
        "operations.resizing",
        ["width and height should be of the same type, or 'auto'"],
    ),
    "two percents": (
        {"resizing": {"width": "5%", "height": "6%"}},
        "operations.resizing",
        ["width and height in percent should have the same value, or 'auto'"],
    ),
    "outpaint by nothing": (
        {"resizing": {"fit": {"type": "outpaint", "outpaint_by": "much"}}},
        "operations.resizing.fit.outpaint_by",
        ["value is not one or two lengths in pixels or percent"],
    ),
    "feathers": (
        {"resizing": {"fit": {"type": "outpaint", "feathering": "99999%"}}},
        "operations.resizing.fit.feathering",
        ["value is not a percentage"],
    ),
    "wide padding": (
        {"padding": "51%"},
        "operations.padding",
        ["padding can not be bigger than half of the image width or height"],
    ),
    "long padding": (
        {"padding": "9" * 5000 + "px"},
        "operations.padding",
        ["padding can not be bigger than half of the image width or height"],
    ),
    "no colour": (
        {"background": {"color": "teal"}},
        "operations.background.color",
        ["value is not a hexadecimal color or 'transparent'"],
    ),
    "no style": (
        {"generative": {"style_transfer": {}}},
        "operations.generative.style_transfer.style_reference_image",
        ["field required"],
    ),
    "style nowhere": (
        {"generative": {"style_transfer": {"style_reference_image": "a"}}},
        "operations.generative.style_transfer.style_reference_image",
        [WHOLE],
    ),
    "short prompt": (
        {"generative": {"style_transfer": {"style_reference_image": COFFEE, "prompt": "a"}}},
        "operations.generative.style_transfer.prompt",
        ["ensure this value has at least 3 characters"],
    ),
}


@pytest.mark.fidelity("claid/422", "claid:strictness", "claid:sizes", "claid:use-original-alpha")
@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(("operations", "location", "messages"), INVALID.values(), ids=INVALID)
def test_errors_in_operations_have_their_path(
    shared_client: TwinClient, path: str, operations: Json, location: str, messages: list[str]
) -> None:
    requested = request([COFFEE] if path == BATCH else COFFEE, **operations)

    status, result = status_and_error(caller(shared_client)("POST", path, json=requested))

    assert (status, result["error_code"], result["error_type"]) == (422, "9000", "validation")
    assert result["error_details"] == {location: messages}
    assert result["error_message"] == f"{location}: {'. '.join(messages)}"


@pytest.mark.fidelity("claid/422", "claid:inputs", "claid:data-addresses", "claid:destinations")
@pytest.mark.parametrize(
    ("change", "location", "message"),
    [
        ({"input": None}, "input", "none is not an allowed value"),
        ({"input": ""}, "input", "ensure this value has at least 1 characters"),
        (
            {"input": f"https://a.example/{'a' * 4096}"},
            "input",
            "ensure this value has at most 4096 characters",
        ),
        ({"input": "cup.jpg"}, "input", "invalid or missing URL scheme"),
        (
            {"input": "https://a.example/a cup.jpg"},
            "input",
            "URL invalid, extra characters found after valid URL: ' cup.jpg'",
        ),
        ({"input": "data:image/png;base64,AA"}, "input", "invalid or missing URL scheme"),
        ({"input": "ftp://a.example/b.jpg"}, "input", "URL scheme not permitted"),
        ({"input": "file:///etc/passwd"}, "input", "URL scheme not permitted"),
        ({"output": {"destination": "https://a.example/"}}, "output.destination", "URL scheme not permitted"),
        ({"output": "https://a.example/"}, "output", "URL scheme not permitted"),
        ({"output": {"metadata": {"dpi": -1}}}, "output.metadata.dpi", "ensure this value is greater than 0"),
        (
            {"output": {"metadata": {"dpi": 10**20}}},
            "output.metadata.dpi",
            "ensure this value is less than or equal to 65535",
        ),
        (
            {"output": {"format": {"type": "jpeg", "quality": 0}}},
            "output.format.quality",
            "ensure this value is greater than or equal to 1",
        ),
        (
            {"output": {"format": {"type": "gif"}}},
            "output.format.type",
            "unexpected value; permitted: 'jpeg'",
        ),
        ({"output": {"format": "gif"}}, "output.format", f"{KINDS}'jpeg', 'png', 'webp', 'avif', 'tiff'"),
        ({"extra": 1}, "extra", "extra fields not permitted"),
    ],
)
def test_errors_in_input_and_output_have_their_path(
    shared_client: TwinClient, change: Json, location: str, message: str
) -> None:
    status, result = status_and_error(caller(shared_client)("POST", ASYNC, json={**request(), **change}))

    assert status == 422
    assert message in result["error_details"][location]


@pytest.mark.fidelity("claid/422")
def test_all_errors_are_reported_together(client: TwinClient) -> None:
    result = status_and_error(caller(client)("POST", ASYNC, json={"operations": {"padding": 5}, "a": 1}))[1]

    assert result["error_details"] == {
        "input": ["field required"],
        "operations.padding": [TEXT],
        "a": ["extra fields not permitted"],
    }


@pytest.mark.fidelity("claid/422")
def test_rules_beyond_the_schema_are_checked_after_the_schema(shared_client: TwinClient) -> None:
    rules = {"padding": "99%", "background": {"color": "teal"}}

    both = status_and_error(
        caller(shared_client)("POST", ASYNC, json={**request(**rules), "input": "cup.jpg"})
    )[1]
    later = status_and_error(caller(shared_client)("POST", ASYNC, json=request(**rules)))[1]

    assert set(both["error_details"]) == {"input"}
    assert set(later["error_details"]) == {"operations.padding", "operations.background.color"}


def test_the_number_of_reported_errors_is_limited(client: TwinClient) -> None:
    requested = {**request(), **{f"field{number}": 1 for number in range(5_000)}}

    assert len(status_and_error(caller(client)("POST", ASYNC, json=requested))[1]["error_details"]) == 100


@pytest.mark.fidelity("claid.strict_auto")
@with_options(strict_auto=True)
def test_two_automatic_sides_can_be_refused(configured_client: TwinClient) -> None:
    status, result = status_and_error(
        caller(configured_client)("POST", ASYNC, json=request(resizing={"width": "auto", "height": "auto"}))
    )

    assert (status, result["error_details"]) == (
        422,
        {"operations.resizing": ["width and height cannot both be 'auto'"]},
    )


@pytest.mark.fidelity("claid:null")
@pytest.mark.parametrize(
    "operations",
    [
        {
            "resizing": {"width": None, "height": None},
            "background": None,
            "adjustments": None,
            "padding": None,
        },
        {"restorations": {"decompress": None, "upscale": None}, "resizing": None},
    ],
)
def test_null_counts_as_absent_where_the_vendor_allows_it(client: TwinClient, operations: Json) -> None:
    requested = {**request(**operations), "output": {"destination": None, "metadata": {"dpi": None}}}

    assert finished(client, requested)["status"] == "DONE"
    assert finished(client, {**requested, "output": None})["status"] == "DONE"
