"""What only a lifecycle could say answers 501 and names its key; what was inferred is marked."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.conformance.playing import document_of
from tests.mockserver.vendors.generic.examples import EXAMPLES

from safelight_mock import Settings, Spec, Twin, TwinTransport
from safelight_openapi import read_document

RAY = {"model": "ray-2", "prompt": "Rain"}
KEY = {"authorization": "Bearer key-1"}


@contextmanager
def serving(folder: Path, document: Any, **settings: Any) -> Iterator[httpx.Client]:  # noqa: ANN401 - any
    path = folder / "acme.json"
    path.write_text(json.dumps(document))
    with (
        closing(Twin(Settings(cache=False, **settings), specs=[Spec(path)])) as twin,
        httpx.Client(transport=TwinTransport(twin), base_url="http://twin", headers=KEY) as client,
    ):
        yield client


@pytest.mark.parametrize(
    ("path", "operation", "key"),
    [
        ("/jobs/1/events", "streamJob", "`stream.operation`"),
        ("/jobs/1/bytes", "getBytes", "`result.operation`"),
        ("/files/1/content", "getContent", "`content` of `inputs`"),
    ],
)
def test_events_and_bytes_of_an_operation_in_no_lifecycle_are_not_made_up(
    tmp_path: Path, path: str, operation: str, key: str
) -> None:
    with serving(tmp_path, document_of({})) as client:
        response = client.get(f"/acme/v1{path}")

    assert response.status_code == 501
    assert operation in response.text
    assert key in response.text


def test_an_operation_without_a_response_of_success_is_not_served(tmp_path: Path) -> None:
    document = document_of({})
    document["paths"]["/old"] = {
        "get": {"operationId": "old", "responses": {"302": {"description": "Moved."}}}
    }
    with serving(tmp_path, document) as client:
        response = client.get("/acme/v1/old")

    assert response.status_code == 501
    assert "it describes no response of success; add one" in response.text


def test_a_status_of_the_read_that_the_document_lacks_is_named(tmp_path: Path) -> None:
    read = {"operation": "getJob", "by_status": {"203": ["queued"], "200": ["succeeded"]}}
    lifecycle = {"read": {**read, "state": "$response.body#/status"}}
    with serving(tmp_path, document_of({"lifecycle": lifecycle})) as client:
        id_ = client.post("/acme/v1/jobs", json={}).json()["id"]
        response = client.get(f"/acme/v1/jobs/{id_}")

    assert response.status_code == 501
    assert "getJob describes no response 203" in response.text
    assert "`read.by_status`" in response.text


def test_the_request_log_names_what_was_inferred(tmp_path: Path) -> None:
    document = read_document(EXAMPLES / "luma" / "openapi.yaml")
    with serving(tmp_path, document) as client:
        id_ = client.post("/acme/dream-machine/v1/generations/video", json=RAY).json()["id"]
        client.get(f"/acme/dream-machine/v1/generations/{id_}")
        read, submission = client.get("/_safelight/requests").json()

    assert read["inferred"] == ["/x-async-jobs/lifecycles/generation/read/operation"]
    assert submission["inferred"] == ["/x-async-jobs/lifecycles/generation/submit/0"]


def test_nothing_inferred_is_named_where_lifecycles_are_given(tmp_path: Path) -> None:
    with serving(tmp_path, document_of({})) as client:
        client.post("/acme/v1/jobs", json={})
        (submission,) = client.get("/_safelight/requests").json()

    assert submission["inferred"] == []


@pytest.mark.fidelity("twin.infer")
def test_without_inference_operations_respond_with_examples(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    document = document_of({})
    del document["x-async-jobs"]
    with serving(tmp_path, document, infer=False) as client:
        client.post("/acme/v1/jobs", json={"prompt": "Rain"})
        jobs = client.get("/_safelight/jobs").json()
        (submission,) = client.get("/_safelight/requests").json()

    assert (jobs, submission["status"], submission["made_up"]) == ([], 201, [""])
    assert "none is inferred: all operations respond with examples" in caplog.text
