"""What users of `safelight.Tengr` are promised, over a socket and in process.

Resting moves the twin's clock, so a job's whole life passes without waiting.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from PIL import Image

from safelight import (
    ApiError,
    JobCancelledError,
    JobFailedError,
    NoResultError,
    State,
    Tengr,
    UnsupportedOperationError,
)

if TYPE_CHECKING:
    from contract_tests.targets.served import Served

KEY = "journey"
COFFEE = "safelight://coffee.jpg"  # 600 by 400
DAMAGED = "safelight://damaged.jpg"


def connect(served: "Served", key: str = KEY) -> Tengr:
    """A client whose rests move the twin's clock."""
    polling = served.polling("tengr", key)
    own = served.key("tengr", key)
    return Tengr(
        api_key=own,
        base_url=served.url("tengr"),
        transport=served.transport,
        polling=polling,
        insecure=True,  # to a twin elsewhere, whose keys open nothing
    )


@pytest.fixture
def client(served: "Served") -> Iterator[Tengr]:
    with connect(served) as connected:
        yield connected


def test_a_detailed_image_has_the_requested_size_and_format(client: Tengr, tmp_path: Path) -> None:
    job = client.detail(COFFEE, scale_factor=2, details=3, modification=1, seed=7, output_format="png")

    saved = job.wait().save(tmp_path / "large.png")

    with Image.open(saved) as picture:
        assert (picture.format, picture.size) == ("PNG", (1200, 800))
    assert job.status().details["parameters"] == {
        "imageUrl": COFFEE,
        "scaleFactor": 2,
        "details": 3,
        "modification": 1,
        "seed": 7,
        "outputFormat": "png",
    }


def test_an_upscaled_image_is_larger_by_the_factor(client: Tengr, tmp_path: Path) -> None:
    saved = client.upscale(COFFEE, scale_factor=3).wait().save(tmp_path / "large.webp")

    with Image.open(saved) as picture:
        assert (picture.format, picture.size) == ("WEBP", (1800, 1200))


def test_a_job_is_queued_then_running_then_succeeded(client: Tengr) -> None:
    observed: list[State] = []

    client.detail(COFFEE).wait(on_progress=lambda status: observed.append(status.state))

    assert list(dict.fromkeys(observed)) == [State.QUEUED, State.RUNNING, State.SUCCEEDED]


def test_a_job_with_a_damaged_image_fails(client: Tengr, tmp_path: Path) -> None:
    job = client.detail(DAMAGED)

    with pytest.raises(JobFailedError, match=f"^job {job.id} ended as failed$"):
        job.wait()
    with pytest.raises(JobFailedError):
        job.save(tmp_path / "large.webp")

    assert list(tmp_path.iterdir()) == []


def test_a_job_that_has_not_ended_has_no_result_to_save(client: Tengr, tmp_path: Path) -> None:
    job = client.detail(COFFEE)

    with pytest.raises(NoResultError, match=r"\(starting\) has no result to download"):
        job.save(tmp_path / "large.webp")

    assert list(tmp_path.iterdir()) == []


def test_jobs_are_listed_the_newest_first_and_in_pages(client: Tengr) -> None:
    first = client.detail(COFFEE).wait()
    second = client.upscale(COFFEE)

    everything = client.jobs()
    page = client.jobs(offset=1, limit=1)

    assert [(job, job.last_status and job.last_status.vendor_state) for job in everything] == [
        (second, "starting"),
        (first, "succeeded"),
    ]
    assert page == [first]
    assert client.job(UUID(first.id)) == first


def test_cancelling_and_deleting_are_unsupported(client: Tengr) -> None:
    job = client.detail(COFFEE)

    with pytest.raises(UnsupportedOperationError, match="cannot cancel jobs"):
        job.cancel()
    with pytest.raises(UnsupportedOperationError, match="cannot delete jobs"):
        job.delete()


def test_waiting_for_a_job_that_the_service_cancels_raises_job_cancelled(
    client: Tengr, served: "Served"
) -> None:
    job = client.detail(COFFEE)

    served.move(job.id, "canceled")

    with pytest.raises(JobCancelledError, match="ended as canceled"):
        job.wait()


@pytest.mark.live(cost=0)
def test_an_unknown_id_is_an_error_with_the_services_message(client: Tengr) -> None:
    job = client.job("00000000-0000-4000-8000-000000000000")

    with pytest.raises(ApiError, match="returned 404: Artwork not found"):
        job.wait()


@pytest.mark.parametrize(
    ("key", "status", "message"),
    [
        pytest.param("invalid-key", 401, "Unauthorized", marks=pytest.mark.live(cost=0)),
        ("forbidden-key", 403, "Forbidden resource"),
        ("unfunded-key", 403, "Not enough credits"),
        ("limited-key", 429, "ThrottlerException: Too Many Requests"),
    ],
)
def test_a_bad_key_is_an_error_with_the_services_message(
    served: "Served", key: str, status: int, message: str
) -> None:
    with connect(served, key) as client, pytest.raises(ApiError) as raised:
        client.detail(COFFEE)

    assert (raised.value.status, raised.value.message) == (status, message)
    assert key not in str(vars(raised.value))


@pytest.mark.wrong
def test_an_error_names_the_invalid_field(client: Tengr) -> None:
    with pytest.raises(ApiError, match="returned 400: details: "):
        client.detail(COFFEE, details=4)

    assert client.jobs() == []
