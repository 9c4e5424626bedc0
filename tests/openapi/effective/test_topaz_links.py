"""Links and webhooks of Topaz; each test fails without one or more overlay actions."""

from typing import Any

import pytest
from tests.openapi.effective.topaz import ID, SUBMITS
from tests.openapi.effective.validity import is_valid, schema, without

from safelight_openapi import DocumentOperation, Node, node_at

pytestmark = pytest.mark.slow

NOTIFICATION: Node = {
    "notification_id": "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "process_id": ID,
    "status": "Processing",
    "creation_time": 1633024800,
    "modification_time": 1633038400,
    "progress": 40,
    "input_download_url": "https://files.example/in",
    "input_head_url": "https://files.example/in",
}


# Links


@pytest.mark.parametrize("name", SUBMITS)
def test_every_submit_leads_to_all_that_can_be_done_with_a_job(
    known: dict[str, DocumentOperation], name: str
) -> None:
    links = known[name].responses["200"]["links"]
    assert isinstance(links, dict)

    leads = {link["operationId"]: link["parameters"] for link in links.values() if isinstance(link, dict)}

    assert leads == {
        target: {"process_id": "$response.header.X-Process-ID"}
        for target in ("getStatus", "getDownloadInput", "getDownloadOutput", "cancelTask", "deleteStatus")
    }
    assert len(links) == len(leads)


@pytest.mark.parametrize(
    ("name", "status", "targets"),
    [
        ("getStatus", "200", {"getDownloadInput", "getDownloadOutput", "cancelTask", "deleteStatus"}),
        ("deleteStatus", "204", {"getStatus", "getDownloadOutput"}),
        ("cancelTask", "204", {"getStatus"}),
    ],
)
def test_what_follows_a_call_is_linked(
    known: dict[str, DocumentOperation], name: str, status: str, targets: set[str]
) -> None:
    links = known[name].responses[status]["links"]
    assert isinstance(links, dict)

    assert {link["operationId"] for link in links.values() if isinstance(link, dict)} == targets


# The webhook


def test_a_webhook_reports_a_change_of_a_jobs_status(truth: dict[str, Any]) -> None:
    body = node_at(truth, "/webhooks/jobStatusChanged/post/requestBody")
    assert isinstance(body, dict)

    assert body["required"] is True
    assert node_at(body, "/content/application~1json/schema") == {
        "$ref": "#/components/schemas/JobStatusNotification"
    }


def test_a_notification_has_ten_fields_of_which_two_come_with_the_result(truth: dict[str, Any]) -> None:
    done: Node = {
        **NOTIFICATION,
        "status": "Completed",
        "download_url": "https://files.example/out",
        "head_url": "https://files.example/out",
    }

    assert is_valid(NOTIFICATION, "JobStatusNotification", truth)
    assert is_valid(done, "JobStatusNotification", truth)
    assert set(done) == set(schema(truth, "JobStatusNotification")["properties"])
    for key in NOTIFICATION:
        assert not is_valid(without(NOTIFICATION, key), "JobStatusNotification", truth)


@pytest.mark.parametrize("value", ["", ID, "81ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FAI"])
def test_a_notification_id_is_a_ulid(truth: dict[str, Any], value: str) -> None:
    assert not is_valid({**NOTIFICATION, "notification_id": value}, "JobStatusNotification", truth)
