"""Whatever is sent to Claid's twin, the answer is the vendor's: never a 500, never a wait."""

import json
from uuid import UUID

import httpx
import pytest
from tests.server.claid import (
    ASYNC,
    BATCH,
    COFFEE,
    POSTS,
    SYNC,
    UPLOAD,
    Json,
    advance,
    caller,
    finished,
    found,
    request,
    submitted,
    with_options,
)
from tests.server.conftest import Door

pytestmark = pytest.mark.slow

EVERYWHERE = (*(("POST", path) for path in (*POSTS, UPLOAD)), ("GET", f"{ASYNC}/1"), ("GET", f"{BATCH}/1"))
TYPES = {"auth", "billing", "general", "image", "validation"}


def said(answer: httpx.Response) -> tuple[int, Json]:
    """Status and envelope, which is as the vendor has it."""
    told: Json = answer.json()
    assert set(told) == {"error_code", "error_type", "error_message", "error_details"}
    assert told["error_type"] in TYPES
    assert UUID(answer.headers["x-request-id"])
    return answer.status_code, told


# Keys


@pytest.mark.parametrize(("method", "path"), EVERYWHERE)
@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("", (401, "111", "auth", "Authorization is required.")),
        ("invalid-key", (401, "111", "auth", "Authorization is required.")),
        ("forbidden-key", (403, "403", "auth", "Not enough permissions.")),
        ("noscope-key", (403, "403", "auth", "Not enough permissions.")),
        ("broken-key", (500, "500", "general", "Temporary internal error")),
    ],
)
def test_a_key_is_looked_at_before_anything_else(
    steady: Door, method: str, path: str, key: str, expected: tuple[object, ...]
) -> None:
    headers = {"Authorization": f"Bearer {key}"} if key else {}

    status, told = said(caller(steady)(method, path, headers=headers))

    assert (status, told["error_code"], told["error_type"], told["error_message"]) == expected


@pytest.mark.parametrize("header", ["k", "Basic k", "Bearer", "Bearer  "])
def test_only_a_bearer_token_is_a_key(steady: Door, header: str) -> None:
    answer = caller(steady)("GET", f"{ASYNC}/1", headers={"Authorization": header})

    assert said(answer)[0] == 401


@pytest.mark.parametrize(("method", "path"), EVERYWHERE)
def test_too_many_calls_are_told_in_a_wrapper_of_their_own(steady: Door, method: str, path: str) -> None:
    answer = caller(steady, "limited")(method, path)

    assert answer.status_code == 429
    assert answer.json() == {
        "detail": {
            "error_code": "2001",
            "error_type": "general",
            "error_message": "Too Many Requests. Rate limit exceeded.",
            "error_details": {},
        }
    }
    assert answer.headers["ratelimit-limit"] == "4, 120;w=60, 4;w=1"
    assert (answer.headers["ratelimit-remaining"], answer.headers["ratelimit-reset"]) == ("-1", "1")


@pytest.mark.parametrize("path", [ASYNC, SYNC])
def test_an_account_without_calls_left_edits_nothing(inside: Door, path: str) -> None:
    answer = caller(inside, "unfunded")("POST", path, json=request())

    status, told = said(answer)
    assert (status, told["error_type"], told["error_message"]) == (402, "billing", "No API calls left.")
    assert said(caller(inside, "unfunded")("POST", path, json={}))[0] == 422


def sandbox(door: Door, **account: object) -> None:
    """Open the sandbox of the key `k`, and say what its owner may do."""
    opened = door.request("POST", "/_safelight/sandboxes", json={"vendor": "claid", "key": "k"})
    changed = door.request("PATCH", f"/_safelight/sandboxes/{opened.json()['name']}/account", json=account)
    assert changed.status_code == 200, changed.text


@pytest.mark.parametrize(
    ("method", "path"), [("POST", ASYNC), ("POST", BATCH), ("POST", SYNC), ("GET", f"{ASYNC}/1")]
)
@pytest.mark.parametrize("scopes", [[], ["storage"]])
def test_a_key_needs_the_permission_to_edit(inside: Door, method: str, path: str, scopes: list[str]) -> None:
    sandbox(inside, scopes=scopes)

    answer = caller(inside)(
        method, path, **({"json": request([COFFEE] if path == BATCH else COFFEE)} if method == "POST" else {})
    )

    assert said(answer)[0] == 403


def test_every_image_of_a_batch_is_one_call_of_the_balance(inside: Door) -> None:
    sandbox(inside, scopes=["storage", "image_editing"], balance=3)
    call, two = caller(inside), request([COFFEE, "safelight://text.txt"])

    assert submitted(call, two, BATCH)
    assert said(call("POST", BATCH, json=two))[0] == 402
    advance(inside, 60)
    assert submitted(call, two, BATCH)
    assert said(call("POST", ASYNC, json=request()))[0] == 402


# Limits


def test_an_image_answer_says_how_many_calls_are_left(inside: Door) -> None:
    call = caller(inside)

    first, second = (call("POST", ASYNC, json=request()).headers for _ in range(2))

    assert first["ratelimit-limit"] == "4, 120;w=60, 4;w=1"
    assert [told["ratelimit-remaining"] for told in (first, second)] == ["3", "2"]
    assert first["ratelimit-reset"] == "1"
    assert "ratelimit-limit" not in call("GET", f"{ASYNC}/1").headers


def test_a_batch_is_one_call(inside: Door) -> None:
    answer = caller(inside)("POST", BATCH, json=request([COFFEE, COFFEE, COFFEE]))

    assert answer.headers["ratelimit-remaining"] == "3"


def test_limits_are_told_and_not_enforced(inside: Door) -> None:
    answers = [caller(inside)("POST", ASYNC, json=request()) for _ in range(6)]

    assert {answer.status_code for answer in answers} == {200}
    assert [answer.headers["ratelimit-remaining"] for answer in answers] == ["3", "2", "1", "0", "0", "0"]


@with_options(rate_limits=True)
def test_limits_can_be_enforced(special: Door) -> None:
    call = caller(special)
    advance(special, 0)

    statuses = [call("POST", ASYNC, json=request()).status_code for _ in range(5)]
    advance(special, 1)
    later = call("POST", ASYNC, json=request())

    assert statuses == [200, 200, 200, 200, 429]
    assert later.status_code == 200


@with_options(rate_limits=True)
def test_the_longer_limit_binds_once_less_is_left_of_it(special: Door) -> None:
    call = caller(special)
    answers = []
    for _ in range(121):
        advance(special, 0.4)
        answers.append(call("POST", ASYNC, json=request()))

    assert answers[-2].headers["ratelimit-limit"] == "120, 120;w=60, 4;w=1"
    assert answers[-2].headers["ratelimit-remaining"] == "0"
    assert [answer.status_code for answer in answers].count(429) == 1


@with_options(rate_limits=True)
def test_a_refused_call_says_how_long_the_limit_it_is_over_lasts(special: Door) -> None:
    call = caller(special)
    for _ in range(120):
        advance(special, 0.4)
        call("POST", ASYNC, json=request())
    advance(special, 0.4)

    refused = call("POST", ASYNC, json=request())
    advance(special, int(refused.headers["ratelimit-reset"]))
    later = call("POST", ASYNC, json=request())

    assert (refused.status_code, later.status_code) == (429, 200)
    assert refused.headers["ratelimit-limit"] == "120, 120;w=60, 4;w=1"
    assert (refused.headers["ratelimit-remaining"], refused.headers["ratelimit-reset"]) == ("-1", "12")


# What is not there


@pytest.mark.parametrize("path", [ASYNC, BATCH])
@pytest.mark.parametrize("edit", ["1", "0", "-1", "99999999999999999999"])
def test_an_edit_nobody_asked_for_is_unknown(steady: Door, path: str, edit: str) -> None:
    status, told = said(caller(steady)("GET", f"{path}/{edit}"))

    assert (status, told["error_message"]) == (404, "Batch image edit pipeline not found.")


@pytest.mark.parametrize("edit", ["one", "1.5", "1.0", "%00", "1e3", "1.style", "9" * 5_000])
def test_an_id_that_is_no_whole_number_is_invalid(steady: Door, edit: str) -> None:
    status, told = said(caller(steady)("GET", f"{ASYNC}/{edit}"))

    assert status == 422
    assert told["error_details"] == {"task_id": ["value is not a valid integer"]}
    assert told["error_message"] == "task_id: value is not a valid integer"


def test_an_edit_is_seen_with_its_own_key_alone(inside: Door) -> None:
    edit = submitted(caller(inside), request())

    assert said(caller(inside, "other")("GET", f"{ASYNC}/{edit}"))[0] == 404


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nothing", 404), ("DELETE", ASYNC, 405), ("GET", SYNC, 405)]
)
def test_a_path_that_is_not_there_is_refused(steady: Door, method: str, path: str, status: int) -> None:
    assert said(caller(steady)(method, path))[0] == status


def test_every_answer_has_an_id_of_its_own_and_the_same_calls_have_the_same(inside: Door) -> None:
    call = caller(inside)

    seen = [call("POST", ASYNC, json=asked).headers["x-request-id"] for asked in ({}, request(), {})]

    assert len({UUID(told) for told in seen}) == 3


# Bad bodies


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"input": NaN}',
        b'{"input": 1e999}',
        b"\xff\xfe",
        b'"\xc3\x28"',
        b"[" * 10_000,
        b'{"a":' * 10_000,
        b'{"operations":{"resizing":{"width":' + b"9" * 5_000 + b"}}}",
    ],
    ids=["empty", "cut", "NaN", "infinite", "no text", "no UTF-8", "deep list", "deep object", "huge number"],
)
def test_a_body_that_cannot_be_read_is_refused(steady: Door, path: str, body: bytes) -> None:
    headers = {"Authorization": "Bearer k", "Content-Type": "application/json"}

    status, told = said(caller(steady)("POST", path, content=body, headers=headers))

    assert (status, told["error_message"]) == (400, "The request body cannot be read.")


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    "media_type", ["text/plain", "multipart/form-data; boundary=x", "application/xml", ""]
)
def test_a_body_of_another_type_is_no_request(steady: Door, path: str, media_type: str) -> None:
    headers = {"Authorization": "Bearer k", "Content-Type": media_type}

    status, told = said(caller(steady)("POST", path, content=b"{}", headers=headers))

    assert (status, told["error_details"]) == (422, {"body": ["value is not a valid dict"]})


def test_a_body_that_is_too_large_is_refused(inside: Door) -> None:
    answer = caller(inside)("POST", ASYNC, json={**request(), "padding": "1" * 1_100_000})

    assert said(answer)[0] == 400


def test_an_upload_that_is_no_form_is_refused(inside: Door) -> None:
    assert said(caller(inside)("POST", UPLOAD, json=request()))[0] == 422


@pytest.mark.parametrize("value", [None, 5, "a", [], [{}], {"a": 1}])
def test_a_body_that_is_no_request_names_its_fields(steady: Door, value: object) -> None:
    status, told = said(caller(steady)("POST", ASYNC, json=value))

    assert (status, told["error_code"], told["error_type"]) == (422, "9000", "validation")
    assert told["error_details"]


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


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(("operations", "place", "messages"), INVALID.values(), ids=INVALID)
def test_what_is_wrong_with_operations_is_told_by_its_place(
    steady: Door, path: str, operations: Json, place: str, messages: list[str]
) -> None:
    asked = request([COFFEE] if path == BATCH else COFFEE, **operations)

    status, told = said(caller(steady)("POST", path, json=asked))

    assert (status, told["error_code"], told["error_type"]) == (422, "9000", "validation")
    assert told["error_details"] == {place: messages}
    assert told["error_message"] == f"{place}: {'. '.join(messages)}"


@pytest.mark.parametrize(
    ("change", "place", "message"),
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
        ({"input": "data:image/png;base64,AA"}, "input", "URL scheme not permitted"),
        ({"input": "ftp://a.example/b.jpg"}, "input", "URL scheme not permitted"),
        ({"input": "file:///etc/passwd"}, "input", "URL scheme not permitted"),
        ({"output": {"destination": "https://a.example/"}}, "output.destination", "URL scheme not permitted"),
        ({"output": "https://a.example/"}, "output.destination", "URL scheme not permitted"),
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
def test_what_is_wrong_with_input_and_output_is_told_by_its_place(
    steady: Door, change: Json, place: str, message: str
) -> None:
    status, told = said(caller(steady)("POST", ASYNC, json={**request(), **change}))

    assert status == 422
    assert message in told["error_details"][place]


def test_everything_that_is_wrong_is_told_at_once(inside: Door) -> None:
    told = said(caller(inside)("POST", ASYNC, json={"operations": {"padding": 5}, "a": 1}))[1]

    assert told["error_details"] == {
        "input": ["field required"],
        "operations.padding": [TEXT],
        "a": ["extra fields not permitted"],
    }


def test_no_more_faults_are_told_than_anybody_reads(inside: Door) -> None:
    asked = {**request(), **{f"field{number}": 1 for number in range(5_000)}}

    assert len(said(caller(inside)("POST", ASYNC, json=asked))[1]["error_details"]) == 100


@with_options(strict_auto=True)
def test_two_automatic_sides_can_be_refused(special: Door) -> None:
    status, told = said(
        caller(special)("POST", ASYNC, json=request(resizing={"width": "auto", "height": "auto"}))
    )

    assert (status, told["error_details"]) == (
        422,
        {"operations.resizing": ["width and height cannot both be 'auto'"]},
    )


@pytest.mark.parametrize("deep", [100, 500, 900, 990])
def test_a_body_of_any_depth_is_answered(steady: Door, deep: int) -> None:
    body = b'{"input":"http://a.example/b","operations":' + b'{"a":' * deep + b"1" + b"}" * deep + b"}"
    headers = {"Authorization": "Bearer k", "Content-Type": "application/json"}

    assert said(caller(steady)("POST", ASYNC, content=body, headers=headers))[0] in (400, 422)


def test_an_upload_whose_options_nest_deeply_is_answered(inside: Door) -> None:
    answer = caller(inside)("POST", UPLOAD, files={"file": ("a", b"x")}, data={"data": "[" * 10_000})

    assert said(answer)[1]["error_details"] == {"data": ["value is not a valid dict"]}


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
def test_null_is_as_good_as_nothing_where_the_vendor_has_it(inside: Door, operations: Json) -> None:
    asked = {**request(**operations), "output": {"destination": None, "metadata": {"dpi": None}}}

    assert finished(inside, asked)["status"] == "DONE"
    assert finished(inside, {**asked, "output": None})["status"] == "DONE"


def test_a_refused_request_leaves_nothing(inside: Door) -> None:
    call = caller(inside)
    first = submitted(call, request())

    for asked in ({}, request(padding="99%"), request("a")):
        assert call("POST", ASYNC, json=asked).status_code == 422

    assert submitted(call, request()) == first + 1
    assert found(call, first)["status"] == "ACCEPTED"
    assert json.dumps(found(call, first + 1)["request"]) == json.dumps(request())
