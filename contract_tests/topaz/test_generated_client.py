"""A journey per operation through the generated client: what a user of it may rely on."""

import json
from io import BytesIO
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from PIL import Image

from safelight_clients.topaz.api.cancel import cancel_task
from safelight_clients.topaz.api.denoise import post_denoise
from safelight_clients.topaz.api.download import get_download_input, get_download_output
from safelight_clients.topaz.api.enhance import post_enhance_async
from safelight_clients.topaz.api.matting import post_matting
from safelight_clients.topaz.api.status import (
    delete_all_statuses,
    delete_status,
    get_all_statuses,
    get_status,
)
from safelight_clients.topaz.client import AuthenticatedClient
from safelight_clients.topaz.models import (
    AsyncResponse,
    DeletedStatuses,
    DenoiseRequest,
    DownloadResponse,
    EnhanceRequest,
    Error,
    MattingRequest,
    StatusPage,
    StatusResponse,
    StatusResponseStatus,
)
from safelight_clients.topaz.types import File

if TYPE_CHECKING:
    from contract_tests.conftest import Bench

UNKNOWN = UUID("00000000-0000-4000-8000-000000000000")


def upload(content: bytes, name: str = "dahlia.jpg") -> File:
    return File(payload=BytesIO(content), file_name=name, mime_type="image/jpeg")


def enhanced(client: AuthenticatedClient, content: bytes) -> AsyncResponse:
    accepted = post_enhance_async.sync(client=client, body=EnhanceRequest(image=upload(content)))
    assert isinstance(accepted, AsyncResponse)
    return accepted


def read_status(client: AuthenticatedClient, process_id: UUID) -> StatusResponse:
    result = get_status.sync(process_id, client=client)
    assert isinstance(result, StatusResponse)
    return result


def fetched(bench: "Bench", client: AuthenticatedClient, process_id: UUID) -> Image.Image:
    links = get_download_output.sync(process_id, client=client)
    assert isinstance(links, DownloadResponse)
    return Image.open(BytesIO(bench.fetch(links.download_url).content))


@pytest.mark.fidelity("topaz/postEnhanceAsync", "topaz:enhance-pixels")
def test_enhance_from_upload_to_result(bench: "Bench", photograph: bytes) -> None:
    client = bench.client("k")
    wanted = EnhanceRequest(image=upload(photograph), output_width=2000)

    accepted = post_enhance_async.sync(client=client, body=wanted)
    assert isinstance(accepted, AsyncResponse)
    assert read_status(client, accepted.process_id).status == StatusResponseStatus.PENDING
    bench.advance(1)
    assert read_status(client, accepted.process_id).status == StatusResponseStatus.PROCESSING
    bench.advance(60)
    result = read_status(client, accepted.process_id)
    picture = fetched(bench, client, accepted.process_id)

    assert result.status == StatusResponseStatus.COMPLETED
    assert (picture.format, picture.width) == ("JPEG", 2000)
    assert (result.output_width, result.output_height) == picture.size
    assert (result.filename, result.category, result.model) == ("dahlia.jpg", "Enhance", "Standard V2")


@pytest.mark.fidelity("topaz/postDenoise", "topaz:denoise-pixels")
def test_denoise_from_upload_to_result(bench: "Bench", photograph: bytes) -> None:
    client = bench.client("k")

    accepted = post_denoise.sync(client=client, body=DenoiseRequest(image=upload(photograph)))
    assert isinstance(accepted, AsyncResponse)
    bench.advance(60)

    assert read_status(client, accepted.process_id).category == "Denoise"
    assert fetched(bench, client, accepted.process_id).size == Image.open(BytesIO(photograph)).size


@pytest.mark.fidelity("topaz/postMatting", "topaz:matting-pixels")
def test_matting_from_upload_to_cutout(bench: "Bench", photograph: bytes) -> None:
    client = bench.client("k")

    accepted = post_matting.sync(client=client, body=MattingRequest(image=upload(photograph)))
    assert isinstance(accepted, AsyncResponse)
    bench.advance(60)
    picture = fetched(bench, client, accepted.process_id)

    alpha = picture.getchannel("A").getextrema()
    assert (picture.format, picture.mode) == ("PNG", "RGBA")
    assert alpha == (0, 255)


@pytest.mark.fidelity("topaz:damage")
def test_a_job_with_a_damaged_image_fails(bench: "Bench", photograph: bytes) -> None:
    client = bench.client("k")

    accepted = enhanced(client, photograph[: len(photograph) // 2])
    bench.advance(60)

    assert read_status(client, accepted.process_id).status == StatusResponseStatus.FAILED


@pytest.mark.fidelity("topaz/409-cancel")
def test_a_cancelled_job_stays_cancelled_and_a_second_cancel_conflicts(
    bench: "Bench", photograph: bytes
) -> None:
    client = bench.client("k")
    accepted = enhanced(client, photograph)

    assert cancel_task.sync_detailed(accepted.process_id, client=client).status_code == 204
    again = cancel_task.sync_detailed(accepted.process_id, client=client)

    assert read_status(client, accepted.process_id).status == StatusResponseStatus.CANCELLED
    assert (again.status_code, message(again.content)) == (
        409,
        "The process cannot be cancelled as it is not in a cancellable state.",
    )


@pytest.mark.fidelity("topaz/409-cancel")
def test_a_finished_job_cannot_be_cancelled(bench: "Bench", photograph: bytes) -> None:
    client = bench.client("k")
    accepted = enhanced(client, photograph)
    bench.advance(60)

    assert cancel_task.sync_detailed(accepted.process_id, client=client).status_code == 409
    assert read_status(client, accepted.process_id).status == StatusResponseStatus.COMPLETED


@pytest.mark.fidelity("topaz/409-download")
def test_a_result_cannot_be_downloaded_before_the_job_succeeds(bench: "Bench", photograph: bytes) -> None:
    client = bench.client("k")
    accepted = enhanced(client, photograph)

    early = get_download_output.sync_detailed(accepted.process_id, client=client)

    assert early.status_code == 409


@pytest.mark.fidelity("topaz/deleteStatus", "topaz/404", "topaz:after-deletion")
def test_a_deleted_job_is_in_no_response(bench: "Bench", photograph: bytes) -> None:
    client = bench.client("k")
    accepted, kept = enhanced(client, photograph), enhanced(client, photograph)
    assert delete_status.sync_detailed(accepted.process_id, client=client).status_code == 409
    bench.advance(60)

    assert delete_status.sync_detailed(accepted.process_id, client=client).status_code == 204

    assert get_status.sync_detailed(accepted.process_id, client=client).status_code == 404
    assert get_download_output.sync_detailed(accepted.process_id, client=client).status_code == 404
    assert delete_status.sync_detailed(accepted.process_id, client=client).status_code == 404
    everything = get_all_statuses.sync(client=client)
    assert isinstance(everything, list)
    assert [result.process_id for result in everything] == [kept.process_id]


def test_the_input_is_returned_unchanged(bench: "Bench", photograph: bytes) -> None:
    client = bench.client("k")
    accepted = enhanced(client, photograph)

    links = get_download_input.sync(accepted.process_id, client=client)
    assert isinstance(links, DownloadResponse)

    assert bench.fetch(links.download_url).content == photograph


def test_all_finished_statuses_are_deleted_at_once(bench: "Bench", photograph: bytes) -> None:
    client = bench.client("k")
    enhanced(client, photograph)
    bench.advance(60)
    running = enhanced(client, photograph)

    result = delete_all_statuses.sync(client=client)
    assert isinstance(result, DeletedStatuses)
    left = get_all_statuses.sync(client=client)
    assert isinstance(left, list)

    assert result.deleted_count == 1
    assert [status.process_id for status in left] == [running.process_id]


@pytest.mark.fidelity("topaz/getAllStatuses")
def test_a_page_of_statuses_leads_to_the_next(bench: "Bench", photograph: bytes) -> None:
    client = bench.client("k")
    accepted = [enhanced(client, photograph).process_id for _ in range(3)]

    first = get_all_statuses.sync(client=client, paginated=True, limit=2)
    assert isinstance(first, StatusPage)
    cursor = first.pagination.next_cursor
    assert isinstance(cursor, str)
    second = get_all_statuses.sync(client=client, paginated=True, limit=2, cursor=cursor)
    assert isinstance(second, StatusPage)

    assert [result.process_id for result in (*first.data, *second.data)] == accepted
    assert not second.pagination.has_next_page


@pytest.mark.fidelity("topaz/401", "topaz/403", "topaz:key-prefixes")
@pytest.mark.parametrize(("key", "status"), [("invalid-key", 401), ("forbidden-key", 403)])
def test_a_bad_key_is_rejected_by_every_operation(
    bench: "Bench", photograph: bytes, key: str, status: int
) -> None:
    client = bench.client(key)
    wanted = EnhanceRequest(image=upload(photograph))

    submitted = post_enhance_async.sync_detailed(client=client, body=wanted)
    refused = {
        submitted.status_code,
        get_status.sync_detailed(UNKNOWN, client=client).status_code,
        get_all_statuses.sync_detailed(client=client).status_code,
        get_download_output.sync_detailed(UNKNOWN, client=client).status_code,
        cancel_task.sync_detailed(UNKNOWN, client=client).status_code,
        delete_status.sync_detailed(UNKNOWN, client=client).status_code,
    }

    assert refused == {status}
    assert isinstance(submitted.parsed, Error)


@pytest.mark.fidelity("topaz/404")
def test_jobs_are_invisible_to_other_keys(bench: "Bench", photograph: bytes) -> None:
    accepted = enhanced(bench.client("k"), photograph)

    response = get_status.sync_detailed(accepted.process_id, client=bench.client("other"))

    assert (response.status_code, message(response.content)) == (
        404,
        "An image with the given process ID was not found.",
    )


@pytest.mark.fidelity("topaz/415")
def test_a_file_that_is_not_an_image_is_rejected(bench: "Bench") -> None:
    body = EnhanceRequest(image=upload(b"not an image"))

    response = post_enhance_async.sync_detailed(client=bench.client("k"), body=body)

    assert (response.status_code, message(response.content)) == (
        415,
        "Image could not be decoded to a supported image type.",
    )


@pytest.mark.fidelity("topaz:link-life", "topaz:link-host", "twin:credential-leak")
def test_a_link_needs_no_key_and_expires_after_an_hour(bench: "Bench", photograph: bytes) -> None:
    client = bench.client("k")
    accepted = enhanced(client, photograph)
    bench.advance(60)
    links = get_download_output.sync(accepted.process_id, client=client)
    assert isinstance(links, DownloadResponse)

    assert bench.fetch(links.download_url).status_code == 200
    bench.advance(3600)

    assert bench.fetch(links.download_url).status_code == 403


def message(content: bytes) -> str:
    result: str = json.loads(content)["message"]
    return result
