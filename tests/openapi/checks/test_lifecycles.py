import json
from typing import Any

import jsonschema_rs
import pytest

from safelight_openapi import Node
from safelight_openapi._checks.lifecycles import SCHEMA, lifecycle_violations
from safelight_specs import read_spec

CLAID_LIKE: Node = {
    "edit": {
        "submit": ["editImageAsync"],
        "id": {"from": "$response.body#/data/id", "parameter": "task_id"},
        "read": {"operation": "readEdit", "state": "$response.body#/data/status"},
        "result": {"inline": "$response.body#/data/url", "while": ["succeeded"], "expires": "P1D"},
        "errors": "$response.body#/data/errors",
        "states": {"ACCEPTED": "queued", "WAITING": "queued", "DONE": "succeeded"},
        "deliver": {
            "webhook": "imageEditFinished",
            "target": {"account": True},
            "on": ["succeeded", "failed"],
            "retry": {"on": ["5xx", "timeout"], "waits": ["PT3S", "PT6S"], "timeout": "PT30S"},
            "sign": {"header": "X-Signature", "algorithm": "hmac-sha256", "format": "sha256={hex}"},
        },
    },
    "batch": {
        "submit": ["editImageBatch"],
        "id": {"from": "$response.body#/data/id", "parameter": "task_id"},
        "read": {"operation": "readBatch", "state": "$response.body#/data/status"},
        "result": {"each": "$.data.results[*].url", "while": ["succeeded"]},
        "states": {"DONE": "succeeded"},
    },
}

SUBMITS = (
    "postEnhanceAsync",
    "postEnhanceGenAsync",
    "postSharpen",
    "postSharpenGen",
    "postDenoise",
    "postRestoreGen",
    "postLighting",
    "postMatting",
    "postTool",
)


def edited(*path: str, to: object) -> Node:
    """Topaz's document with one value of its `image` lifecycle replaced (or, by None, removed)."""
    changed = read_spec("topaz")
    holder = changed["x-async-jobs"]["image"]
    for key in path[:-1]:
        holder = holder[key]
    if to is None:
        del holder[path[-1]]
    else:
        holder[path[-1]] = to
    return changed


def test_a_document_without_lifecycles_is_valid() -> None:
    assert list(lifecycle_violations({"openapi": "3.1.2"})) == []


def test_a_lifecycle_with_inline_results_an_account_webhook_and_a_signature_can_be_described() -> None:
    validator = jsonschema_rs.validator_for(json.loads(SCHEMA.read_text(encoding="utf-8")))

    assert [error.message for error in validator.iter_errors(CLAID_LIKE)] == []


@pytest.mark.parametrize(
    ("path", "to", "fault"),
    [
        (("submit",), [], "/image/submit: [] has less than 1 item"),
        (("read",), None, '/image: "read" is a required property'),
        (("colour",), "red", "Additional properties are not allowed"),
        (("states", "Pending"), "waiting", '/image/states/Pending: "waiting" is not one of'),
        (("cancel", "while"), ["Pending"], '/image/cancel/while/0: "Pending" is not one of'),
        (("retention",), "7 days", '/image/retention: "7 days" does not match'),
        (("retention",), "P", '/image/retention: "P" does not match'),
        (("retention",), "P1DT", '/image/retention: "P1DT" does not match'),
        (("id", "from"), "process_id", '/image/id/from: "process_id" does not match'),
        (("id", "also"), ["X-Process-ID"], '/image/id/also/0: "X-Process-ID" does not match'),
        (("id", "urls"), [], "/image/id/urls: [] has less than 1 item"),
        (("result", "inline"), "$response.body#/a", "/image/result: "),
        (("result", "url"), None, '/image/result: "url" is a required property'),
        (("deliver", "target"), {"field": "a", "account": True}, "/image/deliver/target: "),
        (("delete",), None, '/image: "delete" is a required property'),
        (("sync",), [], "/image/sync: [] has less than 1 item"),
        (("deliver", "on"), None, '/image/deliver: "on" is a required property'),
        (("deliver", "sign"), "perhaps", "/image/deliver/sign: "),
        (("deliver", "retry", "waits"), ["PT1S"], "/image/deliver/retry: "),
    ],
)
def test_a_malformed_lifecycle_is_reported_with_its_location(
    path: tuple[str, ...], to: object, fault: str
) -> None:
    found = list(lifecycle_violations(edited(*path, to=to)))

    assert len(found) == 1
    assert fault in found[0]


@pytest.mark.parametrize(
    ("path", "to", "faults"),
    [
        (("submit",), ["postLost"], ["the document has no operation postLost"]),
        (("cancel", "operation"), "cancelEnhance", ["the document has no operation cancelEnhance"]),
        (
            ("id", "parameter"),
            "id",
            [
                "read: getStatus has no parameter id",
                "cancel: cancelTask has no parameter id",
                "delete: deleteStatus has no parameter id",
                "result: getDownloadOutput has no parameter id",
                "input: getDownloadInput has no parameter id",
            ],
        ),
        (
            ("id", "also"),
            ["$response.header.X-Job"],
            [f"$response.header.X-Job reads nothing in the 200 response of {name}" for name in SUBMITS],
        ),
        (
            ("id", "urls"),
            ["$response.body#/self"],
            [f"$response.body#/self reads nothing in the 200 response of {name}" for name in SUBMITS],
        ),
        (
            ("read", "eta"),
            "$response.body#/end",
            ["$response.body#/end reads nothing in the 200 response of getStatus"],
        ),
        (
            ("result", "url"),
            "$response.body#/u",
            ["$response.body#/u reads nothing in the 200 response of getDownloadOutput"],
        ),
        (
            ("submit",),
            ["postEnhanceSync"],
            [
                "postEnhanceSync is under both submit and sync; it returns either a job or its result",
                "$response.body#/process_id reads nothing in the 200 response of postEnhanceSync",
            ],
        ),
        (("sync",), ["enhanceNow"], ["the document has no operation enhanceNow"]),
        (
            ("sync",),
            ["postTool"],
            ["postTool is under both submit and sync; it returns either a job or its result"],
        ),
        (("delete_all", "operation"), "deleteEverything", ["the document has no operation deleteEverything"]),
        (("states", "Pending"), None, ["the state Pending is not mapped to a core state"]),
        (("states", "Paused"), "running", ["getStatus never returns the state Paused"]),
        (("list", "each"), "$.jobs[*]", ["$.jobs[*] selects nothing in the 200 response of getAllStatuses"]),
        (
            ("list", "each"),
            "$..jobs",
            ["'$..jobs' is not a JSONPath of names and [*], such as $.items[*].url"],
        ),
        (
            ("result",),
            {"each": "$.results[*].url", "while": ["succeeded"]},
            ["$.results[*].url selects nothing in the 200 response of getStatus"],
        ),
        (("result",), {"each": "$.filename", "while": ["succeeded"]}, []),
        (("deliver", "webhook"), "jobDone", ["the document has no webhook jobDone"]),
        (
            ("deliver", "target", "field"),
            "crop_to_fill",
            [
                f"{name} has no field crop_to_fill"
                for name in (
                    "postSharpen",
                    "postSharpenGen",
                    "postDenoise",
                    "postRestoreGen",
                    "postLighting",
                    "postMatting",
                )
            ],
        ),
    ],
)
def test_a_lifecycle_that_does_not_match_its_document_is_reported(
    path: tuple[str, ...], to: object, faults: list[str]
) -> None:
    found = list(lifecycle_violations(edited(*path, to=to)))

    assert found == [f"x-async-jobs, image: {fault}" for fault in faults]


@pytest.mark.parametrize("key", ["2XX", "default"])
def test_a_success_may_be_documented_by_a_range_or_by_default(key: str) -> None:
    changed = edited("read", "eta", to="$response.body#/end")
    item: Any = changed["paths"]
    read = item["/status/{process_id}"]["get"]
    read["responses"] = {key: read["responses"]["200"]}

    assert list(lifecycle_violations(changed)) == [
        f"x-async-jobs, image: $response.body#/end reads nothing in the {key} response of getStatus"
    ]
