"""What users of `safelight.Topaz` are promised, over a socket and in process.

Resting moves the twin's clock, so a job's whole life passes without waiting.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from PIL import Image

from safelight import ApiError, JobCancelledError, JobFailedError, State, Topaz, UnknownOutcomeError

if TYPE_CHECKING:
    from contract_tests.targets.served import Served

KEY = "journey"
PHOTOGRAPH = Path(__file__).parents[2] / "docs" / "photograph" / "dahlia.jpg"


@pytest.fixture(scope="module")
def photo() -> bytes:
    """The dahlia, 240 by 160 pixels."""
    small = BytesIO()
    Image.open(PHOTOGRAPH).resize((240, 160)).save(small, "JPEG")
    return small.getvalue()


def connect(served: "Served", key: str = KEY) -> Topaz:
    """A client whose rests move the twin's clock."""
    polling = served.polling("topaz", key)
    own = served.key("topaz", key)
    return Topaz(
        api_key=own,
        base_url=served.url("topaz"),
        transport=served.transport,
        polling=polling,
        insecure=True,  # to a twin elsewhere, whose keys open nothing
    )


@pytest.fixture
def topaz(served: "Served") -> Iterator[Topaz]:
    with connect(served) as client:
        yield client


@pytest.mark.live(cost=1)
def test_an_enhanced_image_has_the_requested_width(topaz: Topaz, photo: bytes, tmp_path: Path) -> None:
    job = topaz.enhance(photo, output_width=600)

    saved = job.wait().save(tmp_path / "large.jpg")

    with Image.open(saved) as picture:
        assert (picture.format, picture.size) == ("JPEG", (600, 400))


def test_an_enhanced_image_has_the_requested_shape_and_format(
    topaz: Topaz, photo: bytes, tmp_path: Path
) -> None:
    job = topaz.enhance(
        photo, output_width=300, output_height=300, crop_to_fill=True, output_format="png", model="CGI"
    )

    saved = job.wait().save(tmp_path / "square.png")

    with Image.open(saved) as picture:
        assert (picture.format, picture.size) == ("PNG", (300, 300))
    assert job.status().details["model"] == "CGI"


@pytest.mark.live(cost=1)
def test_a_denoised_image_has_the_size_of_its_input(topaz: Topaz, photo: bytes, tmp_path: Path) -> None:
    job = topaz.denoise(photo, model="Strong", strength=0.4)

    saved = job.wait().save(tmp_path / "quiet.jpg")

    with Image.open(saved) as picture:
        assert (picture.format, picture.size) == ("JPEG", (240, 160))


def test_a_matte_is_transparent_around_its_subject(topaz: Topaz, photo: bytes, tmp_path: Path) -> None:
    saved = topaz.matte(photo).wait().save(tmp_path / "subject.png")

    with Image.open(saved) as picture:
        assert (picture.format, picture.size, picture.mode) == ("PNG", (240, 160), "RGBA")
        assert picture.getchannel("A").getextrema() == (0, 255)


def test_a_file_on_disk_keeps_its_name(topaz: Topaz, photo: bytes, tmp_path: Path) -> None:
    (tmp_path / "grandmother.jpg").write_bytes(photo)

    job = topaz.enhance(tmp_path / "grandmother.jpg")

    assert job.status().details["filename"] == "grandmother.jpg"


def test_progress_never_decreases_and_ends_at_100(topaz: Topaz, photo: bytes) -> None:
    progress: list[float] = []

    topaz.enhance(photo).wait(on_progress=lambda status: progress.append(status.progress or 0))

    assert progress == sorted(progress)
    assert (progress[0], progress[-1]) == (0, 100)
    assert len(set(progress)) > 2


def test_waiting_for_a_cancelled_job_raises_job_cancelled(topaz: Topaz, photo: bytes) -> None:
    job = topaz.enhance(photo)

    job.cancel()

    with pytest.raises(JobCancelledError):
        job.wait()


def test_a_finished_job_cannot_be_cancelled(topaz: Topaz, photo: bytes) -> None:
    job = topaz.enhance(photo).wait()

    with pytest.raises(ApiError) as raised:
        job.cancel()

    assert raised.value.status == 409
    assert job.status().state is State.SUCCEEDED


def test_a_job_with_a_damaged_image_fails(topaz: Topaz, photo: bytes, tmp_path: Path) -> None:
    job = topaz.enhance(photo[: len(photo) // 2])

    with pytest.raises(JobFailedError):
        job.wait()
    with pytest.raises(ApiError, match="returned 409"):
        job.save(tmp_path / "large.jpg")

    assert list(tmp_path.iterdir()) == []


def test_a_job_that_has_not_ended_has_no_result_to_save(topaz: Topaz, photo: bytes, tmp_path: Path) -> None:
    job = topaz.enhance(photo)

    with pytest.raises(ApiError, match="returned 409"):
        job.save(tmp_path / "large.jpg")

    assert list(tmp_path.iterdir()) == []


def test_a_job_can_be_resumed_by_its_id_and_is_in_the_list(topaz: Topaz, photo: bytes) -> None:
    job = topaz.enhance(photo).wait()

    again = topaz.job(UUID(job.id))
    listed = topaz.jobs()

    assert again == job
    assert [(it, it.last_status and it.last_status.state) for it in listed] == [(job, State.SUCCEEDED)]


def test_a_deleted_job_is_unknown(topaz: Topaz, photo: bytes) -> None:
    job = topaz.enhance(photo).wait()

    job.delete()

    with pytest.raises(ApiError, match="returned 404"):
        job.status()
    assert topaz.jobs() == []


def test_a_running_job_cannot_be_deleted(topaz: Topaz, photo: bytes) -> None:
    job = topaz.enhance(photo)

    with pytest.raises(ApiError, match="returned 409"):
        job.delete()


@pytest.mark.live(cost=0)
def test_an_unknown_id_is_an_error_with_the_services_message(topaz: Topaz) -> None:
    job = topaz.job("00000000-0000-4000-8000-000000000000")

    with pytest.raises(ApiError, match="returned 404: An image with the given process ID was not found"):
        job.wait()


@pytest.mark.parametrize(
    ("key", "status"),
    [pytest.param("invalid-key", 401, marks=pytest.mark.live(cost=0)), ("forbidden-key", 403)],
)
def test_a_bad_key_is_rejected(served: "Served", photo: bytes, key: str, status: int) -> None:
    with connect(served, key) as topaz, pytest.raises(ApiError) as raised:
        topaz.enhance(photo)

    assert raised.value.status == status


def test_a_submission_that_failed_with_a_server_error_is_looked_up_and_not_retried(
    served: "Served", photo: bytes
) -> None:
    with (
        connect(served, "broken-key") as topaz,
        pytest.raises(UnknownOutcomeError, match="look for the job in") as raised,
    ):
        topaz.enhance(photo)

    assert (raised.value.status, raised.value.is_retryable) == (500, False)


def test_a_legacy_key_is_accepted(served: "Served") -> None:
    with connect(served, "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJtYWNoaW5lX2lkIjoiMSJ9.c2ln") as topaz:
        assert topaz.jobs() == []


@pytest.mark.live(cost=0)
def test_a_file_that_is_not_an_image_is_rejected(topaz: Topaz) -> None:
    with pytest.raises(ApiError) as raised:
        topaz.matte(b"a letter")

    assert raised.value.status == 415
