"""The lifecycles of a vendor become a Python table."""

from typing import Any

import pytest

from safelight_codegen._generate.errors import GenerationError
from safelight_codegen._generate.lifecycle_table import lifecycle_table
from safelight_lifecycle import (
    FileLink,
    FileLinks,
    JobId,
    JobLifecycle,
    ListOperation,
    ReadOperation,
    RestrictedOperation,
    State,
)

MODULES = {
    "postDevelop": "safelight_clients.darkroom.api.develop.post_develop",
    "getStatus": "safelight_clients.darkroom.api.status.get_status",
    "cancelJob": "safelight_clients.darkroom.api.cancel.cancel_job",
}


def table(document: dict[str, Any]) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(lifecycle_table(document, MODULES), names)  # noqa: S102 - the generated module is under test
    return names


def test_the_table_has_what_a_vendor_declares(darkroom: dict[str, Any]) -> None:
    made = table(darkroom)

    assert made["LIFECYCLES"] == {
        "picture": JobLifecycle(
            name="picture",
            submit=("postDevelop",),
            id=JobId(expression="$response.body#/job_id", parameter="job_id"),
            read=ReadOperation(
                operation="getStatus", state="$response.body#/state", progress="$response.body#/progress"
            ),
            states={
                "Waiting": State.QUEUED,
                "Working": State.RUNNING,
                "Done": State.SUCCEEDED,
                "Broken": State.FAILED,
                "Stopped": State.CANCELLED,
            },
            cancel=RestrictedOperation(
                operation="cancelJob", allowed=frozenset({State.QUEUED, State.RUNNING})
            ),
            result=FileLink(url="$response.body#/url", allowed=frozenset({State.SUCCEEDED}), expires=3600.0),
        )
    }


def test_an_operation_leads_to_its_module(darkroom: dict[str, Any]) -> None:
    assert table(darkroom)["OPERATIONS"] == MODULES


def test_listing_and_a_renewable_result_are_kept(darkroom: dict[str, Any]) -> None:
    job = darkroom["x-async-jobs"]["picture"]
    job["list"] = {"operation": "getStatus", "each": "$[*]"}
    job["result"] = {"operation": "getStatus", "url": "$response.body#/url", "renew": True}

    made = table(darkroom)["LIFECYCLES"]["picture"]

    assert made.listing == ListOperation(operation="getStatus", each="$[*]")
    assert made.result == FileLink(operation="getStatus", url="$response.body#/url", renew=True)


def test_every_expression_of_an_id_is_kept_and_the_path_only_for_urls(
    darkroom: dict[str, Any],
) -> None:
    node = darkroom["x-async-jobs"]["picture"]["id"]
    node["also"] = ["$response.header.X-Job"]
    with_header = table(darkroom)["LIFECYCLES"]["picture"].id
    node["urls"] = ["$response.body#/links/self"]

    with_url = table(darkroom)["LIFECYCLES"]["picture"].id

    fields: Any = {
        "expression": "$response.body#/job_id",
        "parameter": "job_id",
        "also": ("$response.header.X-Job",),
    }
    assert with_header == JobId(**fields)
    assert with_url == JobId(**fields, urls=("$response.body#/links/self",), path="/status/{job_id}")


def test_an_operation_without_a_path_is_rejected(darkroom: dict[str, Any]) -> None:
    darkroom["x-async-jobs"]["picture"]["delete"] = {"operation": "deleteStatus"}

    with pytest.raises(
        GenerationError, match="picture names deleteStatus, for which no module was generated"
    ):
        lifecycle_table(darkroom, MODULES)


def test_a_job_of_several_files_has_results_and_no_result(darkroom: dict[str, Any]) -> None:
    result = {"each": "$.results[*].url", "while": ["succeeded"], "expires": "P1D"}
    darkroom["x-async-jobs"]["picture"]["result"] = result

    made = table(darkroom)["LIFECYCLES"]["picture"]

    assert made.result is None
    assert made.results == FileLinks(
        each="$.results[*].url", allowed=frozenset({State.SUCCEEDED}), expires=86400.0
    )


def test_the_expression_for_errors_is_kept(darkroom: dict[str, Any]) -> None:
    darkroom["x-async-jobs"]["picture"]["errors"] = "$response.body#/errors"

    assert table(darkroom)["LIFECYCLES"]["picture"].errors == "$response.body#/errors"


def test_a_result_in_the_response_of_the_read_operation_names_no_other(darkroom: dict[str, Any]) -> None:
    darkroom["x-async-jobs"]["picture"]["result"] = {"inline": "$response.body#/url", "while": ["succeeded"]}

    made = table(darkroom)["LIFECYCLES"]["picture"]

    assert made.result == FileLink(url="$response.body#/url", allowed=frozenset({State.SUCCEEDED}))
    assert made.results is None


def test_a_document_without_jobs_gives_an_empty_table(darkroom: dict[str, Any]) -> None:
    del darkroom["x-async-jobs"]

    assert table(darkroom)["LIFECYCLES"] == {}


def test_a_duration_of_another_kind_is_rejected(darkroom: dict[str, Any]) -> None:
    darkroom["x-async-jobs"]["picture"]["result"]["expires"] = "P1Y"

    with pytest.raises(GenerationError, match="x-async-jobs: 'P1Y' is not a duration of days"):
        lifecycle_table(darkroom, MODULES)
