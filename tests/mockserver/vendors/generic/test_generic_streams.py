"""Events about a job, and submissions that are sent again."""

import json

from tests.mockserver.vendors.generic.examples import serving

INSTANCE = {"instance_type": "gpu_8x_h100_sxm5", "ssh_key": "k"}


def test_events_have_the_body_of_the_read_after_each_change() -> None:
    with serving("fal") as api:
        id_ = api.post("/fal-ai/flux/dev", {"prompt": "Rain"}).json()["request_id"]
        streamed = api.get(f"/fal-ai/flux/requests/{id_}/status/stream")

    events = [json.loads(event.removeprefix("data: ")) for event in streamed.text.split("\n\n") if event]
    assert streamed.headers["content-type"] == "text/event-stream"
    assert [event["status"] for event in events] == ["IN_QUEUE", "IN_PROGRESS", "COMPLETED"]


def test_a_submission_with_the_same_key_gets_the_same_job_and_another_request_is_refused() -> None:
    with serving("fal") as api:
        key = {"Idempotency-Key": "once"}
        first = api.post("/v1/compute/instances", INSTANCE, headers=key).json()
        again = api.post("/v1/compute/instances", INSTANCE, headers=key).json()
        other = api.post("/v1/compute/instances", {**INSTANCE, "ssh_key": "other"}, headers=key)
        plain = api.post("/v1/compute/instances", INSTANCE).json()
        api.advance(86_401)
        later = api.post("/v1/compute/instances", INSTANCE, headers=key).json()

    assert again == first
    assert other.status_code == 409
    assert len({first["id"], plain["id"], later["id"]}) == 3
