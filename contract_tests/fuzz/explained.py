"""Complaints of schemathesis that are no defects: the check, the condition, and the reason."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from jsonschema_rs import Draft202012Validator
from schemathesis import Response

from contract_tests.fuzz.document import ALTERNATIVES, Call, Json, operations
from contract_tests.fuzz.images import DAMAGED, FORM, WHOLE

Condition = Callable[[Call, Response], bool]

ACCEPTED = "positive_data_acceptance"
REJECTED = "negative_data_rejection"

# Checks of schemathesis that are disabled, with the reason.
OFF: Final[Mapping[str, str]] = {
    "max_response_time": "it would need a limit; how quick the twin is, benchmarks/ tells",
    "inference of links": "document.py makes links from lifecycles; guesses would crowd them out",
    "constants of the source": "findings must not depend on what the process has imported",
    "cache and database": "a run must not depend on the one before",
}

# Responses that schemathesis need not reach, with the reason; test_responses_elsewhere.py has them all.
ELSEWHERE: Final[Mapping[str, str]] = {
    "claid/400": "needs a body that cannot be read, where schemathesis sends only such as can",
    "tengr/404": "would be reached by a path that leads nowhere, too: the id has to be one that nobody has",
    "topaz/413": "needs a body larger than is quick to make",
    "topaz/422": "needs a picture whose header says that it has no width",
}

# Answers that nothing can lead to, with the reason.
NOWHERE: Final[Mapping[str, str]] = {
    "claid/readEdit/400": "the page on errors lists it, and the request has no part that could not be read",
    "claid/readBatch/400": "the page on errors lists it, and the request has no part that could not be read",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Findings of one check that are expected, for one vendor or all."""

    check: str
    why: str
    holds: Condition
    vendor: str = ""


def _body(case: Call) -> Mapping[str, Any]:
    return case.body if isinstance(case.body, dict) else {}


def _message_of(response: Response) -> str:
    return str(response.json().get("message", "")) if response.content else ""


def _negated(case: Call) -> set[str | None]:
    """Return the names of the parameters that were spoilt on purpose."""
    data: Any = case.meta and case.meta.phase.data
    return {data.parameter, *(mutation.parameter for mutation in data.mutations)} if data else set()


def _is_of_pages(case: Call) -> bool:
    """Return whether only parameters of pagination were invalid."""
    return bool(_negated(case)) and _negated(case) <= {"limit", "cursor"}


def _form(case: Call) -> Json:
    """Return the schema of a form, with everything it refers to."""
    spec: Json = case.operation.schema.raw_schema
    schema = operations(spec)[case.operation.label]["requestBody"]["content"][FORM]["schema"]
    named = spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    return {**named, "components": spec["components"]}


def _fits_as_text(case: Call, _response: Response) -> bool:
    """Return whether a form is valid once all its values are texts."""
    if case.media_type != FORM or not _body(case):
        return False
    texts = {
        name: value if isinstance(value, str) else json.dumps(value) for name, value in _body(case).items()
    }
    return Draft202012Validator(_form(case)).is_valid(texts)


def _has_not_one_input(case: Call, response: Response) -> bool:
    provided = [name for name in ALTERNATIVES["topaz"] if _body(case).get(name)]
    return response.status_code == 400 and len(provided) != 1


def _has_no_picture(case: Call, response: Response) -> bool:
    """Return whether the input is damaged, of an unsupported format, or at an invalid URL."""
    body = _body(case)
    if body.get("source_url"):
        no_picture = not str(body["source_url"]).startswith(("http://", "https://"))
    else:
        no_picture = body.get("image") not in WHOLE or body["image"].endswith("webp")
    return response.status_code == 415 and no_picture


def _is_too_large(case: Call, response: Response) -> bool:
    """Return whether a side exceeds 32,000 pixels, or the image the limit of its operation."""
    body = _body(case)
    width, height = _size(str(body.get("image", "")))
    requested = body.get("output_width") or 0, body.get("output_height") or 0
    if response.status_code not in (400, 413) or not any(requested) or not (width and height):
        return False
    wide, high = requested[0] or requested[1] * width / height, requested[1] or requested[0] * height / width
    return max(wide, high) > LONGEST_SIDE or wide * high > MEGAPIXELS[case.operation.path] * 1_000_000


def _is_bad_setting(case: Call, response: Response) -> bool:
    """Return whether an additional field, any text by the schema, is rejected as a setting."""
    if case.media_type != FORM or response.status_code != 400:
        return False
    settings = set(_body(case)) - set(_form(case)["properties"])
    return _message_of(response) in {f"Invalid {name.replace('_', ' ')}." for name in settings}


def _size(picture: str) -> tuple[int, int]:
    actual = re.match(r"(?:torn-)?(\d+)x(\d+)", picture)
    return (int(actual[1]), int(actual[2])) if actual else (0, 0)


def _breaks_rules_in_words(_case: Call, response: Response) -> bool:
    result = response.json() if response.status_code == 422 else {}
    message = {sentence for sentences in result.get("error_details", {}).values() for sentence in sentences}
    return bool(result) and (message or {result["error_message"]}) <= IN_WORDS


# What Topaz gives at most: 512 megapixels, but synchronously 96, and 256 where it invents.
LONGEST_SIDE: Final = 32_000
MEGAPIXELS: Final = defaultdict(
    lambda: 512, {"/topaz/image/v1/enhance": 96, "/topaz/image/v1/enhance-gen/async": 256}
)

# What Claid refuses by rules its pages have in words alone.
IN_WORDS: Final = {
    "Padding cannot be bigger than half of the image width or height.",
    "URL scheme not permitted",
    "ensure this value is greater than 0",
    "ensure this value is less than or equal to 32000",
    "ensure this value is less than or equal to 65535",
    "padding can not be bigger than half of the image width or height",
    "value is neither 'auto' nor a percentage",
    "value is not a hexadecimal color or 'transparent'",
    "value is not a percentage",
    "value is not one or two lengths in pixels or percent",
    "width and height should be of the same type, or 'auto'",
    "width and height in percent should have the same value, or 'auto'",
    "width and height cannot both be 'auto'",
}

EXPLAINED: Final = (
    Explained(
        vendor="topaz",
        check=REJECTED,
        why="`limit` and `cursor` are not looked at without `paginated=true`, as documented",
        holds=lambda case, _: _is_of_pages(case) and str(case.query.get("paginated")).lower() != "true",
    ),
    Explained(
        check=REJECTED,
        why="a form holds texts: a number where a text is due arrives as one",
        holds=_fits_as_text,
    ),
    Explained(
        vendor="topaz",
        check=ACCEPTED,
        why="a cursor comes from an earlier page; a generated one is invalid",
        holds=lambda case, response: "cursor" in case.query and _message_of(response) == "Invalid cursor.",
    ),
    Explained(
        vendor="topaz",
        check=ACCEPTED,
        why="a source is what an earlier job had; an id made up is none",
        holds=lambda case, response: (
            bool(_body(case).get("source_id")) and _message_of(response) == "Invalid source ID."
        ),
    ),
    Explained(
        vendor="topaz",
        check=ACCEPTED,
        why="exactly one input: examples are put together field by field, without regard to `oneOf`",
        holds=_has_not_one_input,
    ),
    Explained(
        vendor="topaz",
        check=ACCEPTED,
        why="what was sent is no whole JPEG, PNG or TIFF, or what the address leads to is none",
        holds=_has_no_picture,
    ),
    Explained(
        vendor="topaz",
        check=ACCEPTED,
        why="two sides, each of which may be so long, may make too large a picture",
        holds=_is_too_large,
    ),
    Explained(
        vendor="topaz",
        check=ACCEPTED,
        why="a setting of a model has a range, which the schema does not know",
        holds=_is_bad_setting,
    ),
    Explained(
        vendor="tengr",
        check="unsupported_method",
        why="its framework knows no 405: a path without the method is no path",
        holds=lambda case, response: (
            response.status_code == 404 and _message_of(response).startswith(f"Cannot {case.method} /")
        ),
    ),
    Explained(
        vendor="tengr",
        check=ACCEPTED,
        why="a webhook has to be at an HTTP address, says its page, and its schema takes any",
        holds=lambda case, response: (
            _message_of(response) == "webhook: it must be an HTTP address"
            and not str(_body(case).get("webhook")).startswith(("http://", "https://"))
        ),
    ),
    Explained(
        vendor="claid",
        check=ACCEPTED,
        why="its pages have rules in words that its schemas do not have",
        holds=_breaks_rules_in_words,
    ),
    Explained(
        vendor="claid",
        check=ACCEPTED,
        why="what was sent is no whole picture",
        holds=lambda case, response: (
            response.status_code == 422
            and response.json()["error_type"] == "image"
            and _body(case).get("file", "whole") in DAMAGED
        ),
    ),
)
