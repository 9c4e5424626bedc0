"""The lifecycles of a vendor become a Python table with what the client reads."""

from importlib import import_module
from typing import Any

import pytest

from safelight_codegen._generate.errors import GenerationError
from safelight_codegen._generate.lifecycle_table import client_part, lifecycle_table
from safelight_lifecycle import (
    JobIds,
    JobList,
    JobMove,
    JobRead,
    JobResult,
    Lifecycle,
    State,
    StateSet,
    Submission,
    Word,
    Words,
    WordState,
    parse_expression,
    read_async_jobs,
)
from safelight_specs import VENDORS, read_spec

LIVE = StateSet(frozenset([State.QUEUED, State.RUNNING]))
MODULES = {
    "postDevelop": "safelight_clients.darkroom.api.develop.post_develop",
    "getStatus": "safelight_clients.darkroom.api.status.get_status",
    "cancelJob": "safelight_clients.darkroom.api.cancel.cancel_job",
}


def table(document: dict[str, Any]) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(lifecycle_table(document, MODULES), names)  # noqa: S102 - the generated module is under test
    return names


def picture(document: dict[str, Any]) -> dict[str, Any]:
    lifecycle: dict[str, Any] = document["x-async-jobs"]["lifecycles"]["picture"]
    return lifecycle


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_generated_table_is_what_the_client_reads_of_a_document(vendor: str) -> None:
    generated = import_module(f"safelight_clients.{vendor}.async_jobs")

    lifecycles = read_async_jobs(read_spec(vendor)).lifecycles

    assert {name: client_part(one) for name, one in lifecycles.items()} == generated.LIFECYCLES


def test_the_table_has_what_the_client_reads_and_no_more(darkroom: dict[str, Any]) -> None:
    made = table(darkroom)

    states = {
        "Waiting": State.QUEUED,
        "Working": State.RUNNING,
        "Done": State.SUCCEEDED,
        "Broken": State.FAILED,
        "Stopped": State.CANCELLED,
    }
    assert made["LIFECYCLES"] == {
        "picture": Lifecycle(
            name="picture",
            submit=(Submission(operation="postDevelop"),),
            ids=JobIds(places=(parse_expression("$response.body#/job_id"),), parameter="job_id"),
            read=JobRead(
                operation="getStatus",
                state=(parse_expression("$response.body#/state"),),
                progress=(parse_expression("$response.body#/progress"),),
            ),
            words=Words(listed=tuple(Word(name=word, means=(state,)) for word, state in states.items())),
            moves=(JobMove(operation="cancelJob", to=WordState("Stopped", State.CANCELLED), allowed=LIVE),),
            result=JobResult(places=(parse_expression("$response.body#/url"),)),
        )
    }


def test_an_operation_leads_to_its_module(darkroom: dict[str, Any]) -> None:
    assert table(darkroom)["OPERATIONS"] == MODULES


def test_listing_and_a_renewable_result_are_kept(darkroom: dict[str, Any]) -> None:
    picture(darkroom)["list"] = {"operation": "getStatus", "each": "$[*]"}
    picture(darkroom)["result"] = {
        "operation": "getStatus",
        "from": "$response.body#/url",
        "renew": True,
        "while": ["running", "Done"],
    }

    made = table(darkroom)["LIFECYCLES"]["picture"]

    assert made.listing == JobList(operation="getStatus", each="$[*]")
    assert made.result == JobResult(
        operation="getStatus",
        places=(parse_expression("$response.body#/url"),),
        renew=True,
        allowed=StateSet(frozenset([State.RUNNING]), frozenset(["Done"])),
    )


def test_every_place_of_an_id_is_kept_and_the_path_only_for_urls(darkroom: dict[str, Any]) -> None:
    node = picture(darkroom)["id"]
    node["from"] = ["$response.body#/job_id", "$response.header.X-Job"]
    with_header = table(darkroom)["LIFECYCLES"]["picture"].ids
    node["urls"] = ["$response.body#/links/self"]

    with_url = table(darkroom)["LIFECYCLES"]["picture"].ids

    places = (parse_expression("$response.body#/job_id"), parse_expression("$response.header.X-Job"))
    urls = (parse_expression("$response.body#/links/self"),)
    assert with_header == JobIds(places=places, parameter="job_id")
    assert with_url == JobIds(places=places, parameter="job_id", urls=urls, template="/status/{job_id}")


def test_an_operation_without_a_path_is_rejected(darkroom: dict[str, Any]) -> None:
    picture(darkroom)["moves"].append({"operation": "deleteStatus", "to": "deleted"})

    with pytest.raises(
        GenerationError, match="picture names deleteStatus, for which no module was generated"
    ):
        lifecycle_table(darkroom, MODULES)


def test_a_job_of_several_files_has_a_path_of_results(darkroom: dict[str, Any]) -> None:
    picture(darkroom)["result"] = {"each": "$.results[*].url", "expires": "P1D"}

    made = table(darkroom)["LIFECYCLES"]["picture"]

    assert made.result == JobResult(each="$.results[*].url")


def test_the_place_of_errors_and_the_states_by_status_are_kept(darkroom: dict[str, Any]) -> None:
    picture(darkroom)["errors"] = "$response.body#/errors"
    picture(darkroom)["read"]["by_status"] = {"202": ["queued", "Working"]}

    made = table(darkroom)["LIFECYCLES"]["picture"]

    assert made.errors == (parse_expression("$response.body#/errors"),)
    assert made.read.by_status == {202: StateSet(frozenset([State.QUEUED]), frozenset(["Working"]))}


def test_a_document_without_jobs_gives_an_empty_table(darkroom: dict[str, Any]) -> None:
    del darkroom["x-async-jobs"]

    assert table(darkroom)["LIFECYCLES"] == {}


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("retention", "P1Y", "x-async-jobs: 'P1Y' is not a duration of days"),
        ("errors", "errors", "x-async-jobs: 'errors' is not a runtime expression"),
        ("list", {"operation": "getStatus", "each": "items"}, "x-async-jobs: 'items' is not a JSONPath"),
    ],
)
def test_what_cannot_be_read_is_rejected(
    darkroom: dict[str, Any], key: str, value: object, message: str
) -> None:
    picture(darkroom)[key] = value

    with pytest.raises(GenerationError, match=message):
        lifecycle_table(darkroom, MODULES)
