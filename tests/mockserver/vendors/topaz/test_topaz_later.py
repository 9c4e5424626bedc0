"""What Topaz's later operations say and do: synchronous calls, settings, estimates, the account."""

import json
import uuid
from contextlib import closing
from io import BytesIO
from typing import TYPE_CHECKING

import httpx
import pytest
from PIL import Image
from tests.mockserver.conftest import START, in_process
from tests.mockserver.stored import changing

from safelight_mock import Settings, Twin, TwinTransport

if TYPE_CHECKING:
    from tests.mockserver.conftest import TwinClient

pytestmark = pytest.mark.slow

SYNCS = ["/enhance", "/sharpen", "/denoise", "/lighting"]


def opened(client: "TwinClient", process_id: str) -> Image.Image:
    link = client.call("GET", f"/download/{process_id}").json()["download_url"]
    return Image.open(BytesIO(client.request("GET", link).content))


def balance(client: "TwinClient") -> dict[str, int]:
    result: dict[str, int] = client.request(
        "GET", "/topaz/account/v1/credits/balance", headers=client.key
    ).json()
    return result


@pytest.mark.fidelity("topaz/postEnhanceSync")
@pytest.mark.parametrize("path", SYNCS)
@pytest.mark.parametrize("accept", ["*/*", "application/json", "image/png"])
def test_a_synchronous_response_ignores_the_accept_header(
    client: "TwinClient", photo: bytes, path: str, accept: str
) -> None:
    client.advance(0)
    headers = {**client.key, "Accept": accept}

    response = client.call("POST", path, files={"image": ("a.jpg", photo)}, headers=headers)

    assert (response.status_code, response.headers["content-type"]) == (200, "image/jpeg")
    assert {"x-process-id", "x-source-id", "x-eta"} <= set(response.headers)
    assert Image.open(BytesIO(response.content)).format == "JPEG"


@pytest.mark.fidelity("topaz:sync")
def test_a_synchronous_request_for_a_damaged_image_fails_at_the_end(
    client: "TwinClient", photo: bytes
) -> None:
    client.advance(0)

    response = client.call("POST", "/enhance", files={"image": ("a.jpg", photo[:-60])})

    assert response.status_code == 415
    assert client.call("GET", "/status").json()[0]["status"] == "Failed"


@pytest.mark.fidelity("topaz:sync")
def test_a_synchronous_call_waits_in_real_time_when_the_clock_runs(photo: bytes) -> None:
    twin = Twin(Settings(job_speedup=50))
    with httpx.Client(transport=TwinTransport(twin), base_url="http://twin/topaz/image/v1") as to:
        response = to.post("/enhance", files={"image": ("a.jpg", photo)}, headers={"X-API-Key": "k"})
    twin.close()

    assert response.status_code == 200


@pytest.mark.fidelity("topaz:autopilot")
def test_the_status_of_an_ended_job_has_the_parameters_that_autopilot_chose(
    client: "TwinClient", photo: bytes
) -> None:
    process_id = client.submit(photo, denoise="0.25")
    before = json.loads(client.call("GET", f"/status/{process_id}").json()["options_json"])

    client.advance(3)
    after = json.loads(client.call("GET", f"/status/{process_id}").json()["options_json"])

    assert before["denoise"] == 0.25
    assert "sharpen" not in before
    assert after["denoise"] == 0.25
    assert 0 <= after["sharpen"] <= 1


@pytest.mark.fidelity("topaz:settings")
def test_another_prompt_gives_another_picture_and_the_same_one_the_same(
    client: "TwinClient", photo: bytes
) -> None:
    prompts = ["a red dahlia", "a red dahlia", "a blue dahlia"]
    ids = [client.submit(photo, "/enhance-gen/async", prompt=prompt) for prompt in prompts]
    client.advance(3)

    first, second, third = (opened(client, process_id).tobytes() for process_id in ids)

    assert first == second
    assert first != third


ESTIMATE = {"input_width": 4000, "input_height": 3000}


@pytest.mark.fidelity("topaz/postEstimate", "topaz/postEstimateGen")
@pytest.mark.parametrize("path", ["/estimate", "/estimate-gen"])
def test_an_estimate_is_the_same_as_a_form_and_as_json(client: "TwinClient", path: str) -> None:
    as_json = client.call("POST", path, json=ESTIMATE)
    as_form = client.call("POST", path, files={name: (None, str(value)) for name, value in ESTIMATE.items()})

    assert as_json.status_code == 200
    assert as_json.json() == as_form.json()


@pytest.mark.fidelity("topaz/postEstimate")
def test_an_estimate_is_what_a_job_then_costs(client: "TwinClient", photo: bytes) -> None:
    result = client.call("GET", f"/status/{client.submit(photo, output_width='9000')}").json()

    estimate = client.call(
        "POST", "/estimate", json={"input_width": 48, "input_height": 32, "output_width": 9000}
    )

    assert estimate.json()["credits"] == result["credits"] == 3
    assert abs(estimate.json()["duration"] - (result["eta"] - result["creation_time"])) <= 1


@pytest.mark.fidelity("topaz:estimate-limits")
@pytest.mark.parametrize("path", ["/estimate", "/estimate-gen"])
@pytest.mark.parametrize(
    "requested", [{"output_width": 32_001}, {"output_width": 20_000, "input_height": 8_000}]
)
def test_an_estimate_beyond_the_maximum_size_is_rejected(
    client: "TwinClient", path: str, requested: dict[str, int]
) -> None:
    refused = client.call("POST", path, json={**ESTIMATE, **requested})

    assert (refused.status_code, refused.json()["message"]) == (400, "Invalid output width.")


@pytest.mark.fidelity("topaz/deleteAllStatuses", "topaz/getDownloadInput")
@pytest.mark.parametrize(("key", "status"), [("limited", 429), ("broken", 500)])
@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", "/status"), ("GET", f"/download/input/{uuid.UUID(int=0)}")]
)
def test_magic_keys_for_429_and_500_apply_to_every_operation(
    client: "TwinClient", method: str, path: str, key: str, status: int
) -> None:
    assert client.call(method, path, headers={"X-API-Key": key}).status_code == status


@pytest.mark.fidelity("topaz.credits")
def test_without_a_balance_paid_credits_are_not_deducted(client: "TwinClient", photo: bytes) -> None:
    client.submit(photo)
    reserved = balance(client)
    client.advance(3)

    assert (reserved["available_credits"], reserved["reserved_credits"]) == (999_999, 1)
    assert (balance(client)["available_credits"], balance(client)["reserved_credits"]) == (1_000_000, 0)


PRICED = [
    ("/sharpen/async", {"category": "Sharpen", "model": "Standard"}),
    ("/tool/async", {"category": "Tool", "model": "Transparency Upscale"}),
    ("/denoise/async", {"category": "Denoise", "model": "Normal"}),
    ("/enhance/async", {"category": "Enhance", "model": "Standard V2"}),
]


@pytest.mark.parametrize(("path", "requested"), PRICED)
@pytest.mark.parametrize("size", [{}, {"output_width": 12_000}])
def test_an_estimate_agrees_with_the_job_of_every_kind(
    client: "TwinClient", photo: bytes, path: str, requested: dict[str, str], size: dict[str, int]
) -> None:
    fields = {"model": requested["model"], **{name: str(value) for name, value in size.items()}}
    result = client.call("GET", f"/status/{client.submit(photo, path, **fields)}").json()

    estimate = client.call(
        "POST", "/estimate", json={"input_width": 48, "input_height": 32, **requested, **size}
    )

    assert estimate.json()["credits"] == result["credits"]


def test_a_setting_in_camel_case_is_listed_once(client: "TwinClient", photo: bytes) -> None:
    process_id = client.submit(photo, fixCompression="0.5")

    result = json.loads(client.call("GET", f"/status/{process_id}").json()["options_json"])

    assert result["fix_compression"] == 0.5
    assert "fixCompression" not in result


@pytest.mark.fidelity("topaz/postEstimate")
@pytest.mark.parametrize(
    "body",
    [{}, {"input_width": 10}, {"input_width": 0, "input_height": 1}, {"input_width": "x", "input_height": 1}],
)
def test_an_estimate_without_a_size_is_refused_in_the_vendors_words(
    client: "TwinClient", body: dict[str, object]
) -> None:
    response = client.call("POST", "/estimate", json=body)

    assert (response.status_code, response.json()["message"]) == (
        400,
        "Please provide a valid input resolution.",
    )


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b'{"input_width": NaN}', b"\xff"])
def test_invalid_json_is_rejected(client: "TwinClient", body: bytes) -> None:
    headers = {**client.key, "Content-Type": "application/json"}

    assert client.call("POST", "/estimate", content=body, headers=headers).status_code == 400


@pytest.mark.parametrize("path", ["/estimate", "/estimate-gen", "/estimate-bulk"])
@pytest.mark.parametrize(
    ("media_type", "body"), [("text/plain", b"x"), ("application/json", b" " * 2_000_000)]
)
def test_what_an_estimate_cannot_read_is_a_bad_request(
    client: "TwinClient", path: str, media_type: str, body: bytes
) -> None:
    headers = {**client.key, "Content-Type": media_type}

    assert client.call("POST", path, content=body, headers=headers).status_code == 400


@pytest.mark.fidelity("topaz/postEstimateBulk", "topaz:estimate-limits")
def test_a_bulk_estimate_has_a_result_for_each_item_in_order(client: "TwinClient") -> None:
    items = [
        ESTIMATE,
        {**ESTIMATE, "output_width": 32_000, "output_height": 32_000},
        {**ESTIMATE, "category": "Denoise"},
    ]

    result = client.call("POST", "/estimate-bulk", json=items).json()

    assert [entry["status"] for entry in result] == ["success", "error", "success"]
    assert result[1] == {
        "status": "error",
        "code": 413,
        "message": "Output image dimensions exceed maximum allowed of 512 MP.",
    }


@pytest.mark.fidelity("topaz/getCreditBalance", "topaz.credits")
def test_the_balance_has_the_credits_reserved_by_running_jobs(client: "TwinClient", photo: bytes) -> None:
    before = balance(client)
    client.submit(photo)
    during = balance(client)
    client.advance(3)

    assert (
        before
        == balance(client)
        == {
            "available_credits": 1_000_000,
            "reserved_credits": 0,
            "total_credits": 1_000_000,
        }
    )
    assert (during["available_credits"], during["reserved_credits"]) == (999_999, 1)


@pytest.mark.fidelity("topaz.refund_on_cancel")
@pytest.mark.parametrize(("refund", "left"), [(True, 5), (False, 4)])
def test_a_cancelled_job_is_refunded_unless_configured_otherwise(
    photo: bytes, *, refund: bool, left: int
) -> None:
    settings = Settings(options={"topaz.refund_on_cancel": refund})
    with closing(Twin(settings, real=lambda: START)) as twin, in_process(twin) as client:
        with changing(twin) as sandbox:
            sandbox.granted = 5
        process_id = client.submit(photo)

        client.call("DELETE", f"/cancel/{process_id}")
        cancelled = balance(client)
        client.call("DELETE", f"/status/{process_id}")

        assert cancelled == balance(client)
        assert cancelled == {"available_credits": left, "reserved_credits": 0, "total_credits": left}


@pytest.mark.fidelity("topaz:key-prefixes")
@pytest.mark.parametrize(("key", "status"), [("unsubscribed", 412), ("unfunded", 402), ("funding", 425)])
def test_the_account_is_checked_last(client: "TwinClient", photo: bytes, key: str, status: int) -> None:
    headers = {"X-API-Key": key}

    bad = client.call("POST", "/enhance/async", files={"image": ("a", b"no image")}, headers=headers)
    good = client.call("POST", "/enhance/async", files={"image": ("a", photo)}, headers=headers)

    assert (bad.status_code, good.status_code) == (415, status)
    assert client.call("GET", "/status", headers=headers).json() == []
