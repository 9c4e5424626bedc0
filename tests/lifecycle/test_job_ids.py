"""The id of a job is read from a response or a URL, as its lifecycle says."""

import pytest
from tests.lifecycle.documents import READ, WORDS, Node, job, read

from safelight_lifecycle import ResponseParts, find_job_id, url_parameters


def test_an_operation_belongs_to_a_lifecycle() -> None:
    jobs = read(READ | {"states": WORDS, "sync": ["now"], "list": {"operation": "list", "each": "$[*]"}})

    assert {name for name in ("create", "now", "get", "list", "other") if jobs.lifecycle_of(name)} == {
        "create",
        "now",
        "get",
        "list",
    }


@pytest.mark.parametrize(
    ("body", "job_id"),
    [
        ({"id": "a1"}, "a1"),
        ({"id": 7}, "7"),
        ({"id": ".."}, ""),
        ({"url": "https://api.example.com/v1/jobs/a%2F1/?x=1"}, "a/1"),
        ({"url": "https://api.example.com/v1/others/a1"}, ""),
        ({}, ""),
    ],
)
def test_an_id_is_read_from_its_location_or_from_a_url(body: Node, job_id: str) -> None:
    ids = job(id={"from": "$response.body#/id", "urls": "$response.body#/url", "parameter": "id"}).ids

    assert find_job_id(ids, ResponseParts(body=body).value) == job_id


def test_an_id_is_read_from_the_query_of_a_url_in_a_header() -> None:
    ids = job(
        id={"urls": "$response.header.Location", "parameter": "id"},
        read={"operation": "GET /v1/result", "state": "$response.body#/status"},
    ).ids
    response = ResponseParts(headers={"location": "https://api.example.com/v1/result?id=a1&x=2"})

    assert find_job_id(ids, response.value) == "a1"


def test_a_url_has_the_parameters_of_its_template() -> None:
    url = "https://example.com/models/m%20x/results/7?api-version=2"

    assert url_parameters(url, "/models/{model}/results/{id}") == {
        "model": "m x",
        "id": "7",
        "api-version": "2",
    }


def test_an_id_inside_a_url_needs_the_path_of_the_read_operation() -> None:
    with pytest.raises(LookupError, match="no path has the operation 'lost'"):
        job(
            id={"urls": "$response.header.Location", "parameter": "id"},
            read={"operation": "lost", "state": "$response.body#/status"},
        )
