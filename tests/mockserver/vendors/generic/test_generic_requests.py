"""Requests to an API served from its document are checked by it, whatever of them is used."""

from tests.mockserver.vendors.generic.examples import serving

VIDEO = {"model": "gen4.5", "promptText": "Rain", "ratio": "1280:720", "duration": 5}
EXPRESS = {
    "source": {"container": "mp4"},
    "filters": [{"model": "prob-4"}],
    "output": {"resolution": {"width": 64, "height": 64}},
}


def test_a_required_header_may_not_be_missing_or_have_another_value() -> None:
    with serving("runway") as api:
        missing = api.post("/v1/image_to_video", VIDEO, headers={"X-Runway-Version": ""})
        wrong = api.post("/v1/image_to_video", VIDEO, headers={"X-Runway-Version": "2019-01-01"})
        right = api.post("/v1/image_to_video", VIDEO, headers={"X-Runway-Version": "2024-11-06"})

    assert (missing.status_code, wrong.status_code, right.status_code) == (400, 400, 200)


def test_a_parameter_that_has_no_effect_is_checked() -> None:
    with serving("replicate") as api:
        wrong = api.get("/v1/predictions?created_after=yesterday")
        right = api.get("/v1/predictions?created_after=2026-12-01T00:00:00Z")

    assert (wrong.status_code, right.status_code) == (422, 200)


def test_a_required_body_of_bytes_may_not_be_empty() -> None:
    with serving("deepgram") as api:
        empty = api.post("/v1/listen", headers={"Content-Type": "audio/wav"})

    assert empty.status_code == 400
    assert empty.json()["err_msg"] == "the body is missing"


def test_a_status_that_the_operation_documents_goes_before_that_of_the_whole_api() -> None:
    with serving("fal") as api:
        queued = api.post("/fal-ai/flux/dev", {"prompt": 1})
        instance = api.post("/v1/compute/instances", {"instance_type": 1})

    assert (queued.status_code, instance.status_code) == (422, 400)


def test_a_request_to_cancel_says_by_its_status_whether_the_job_is_over() -> None:
    with serving("topaz-video") as api:
        waiting = api.post("/video/express", EXPRESS).json()["requestId"]
        cancelled = api.call("DELETE", f"/video/{waiting}")

    assert (cancelled.status_code, cancelled.content) == (204, b"")
