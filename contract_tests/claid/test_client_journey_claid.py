"""What users of `safelight.Claid` are promised, over a socket and in process.

Resting moves the twin's clock, so a job's whole life passes without waiting.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from safelight import (
    ApiError,
    Claid,
    JobCancelledError,
    JobFailedError,
    NoResultError,
    State,
    UnknownOutcomeError,
    UnsupportedOperationError,
)
from safelight_clients.claid.models import (
    BackgroundOptions,
    FormatPngOptions,
    ImageOperations,
    ImageOutputOptions,
    ResizingOptions,
)

if TYPE_CHECKING:
    from contract_tests.targets.served import Served

KEY = "journey"
COFFEE = "safelight://coffee.jpg"  # 600 by 400
CHELSEA = "safelight://chelsea.jpg"  # 451 by 300
DAMAGED = "safelight://damaged.jpg"
SMALL = {"resizing": {"width": 300, "fit": "bounds"}}


def connect(served: "Served", key: str = KEY) -> Claid:
    """A client whose rests move the twin's clock."""
    polling = served.polling("claid", key)
    own = served.key("claid", key)
    return Claid(
        api_key=own,
        base_url=served.url("claid"),
        transport=served.transport,
        polling=polling,
        insecure=True,  # to a twin elsewhere, whose keys open nothing
    )


@pytest.fixture
def client(served: "Served") -> Iterator[Claid]:
    with connect(served) as connected:
        yield connected


def size(path: Path) -> tuple[int, int]:
    with Image.open(path) as picture:
        return picture.size


def test_an_edited_image_has_the_requested_size_and_format(client: Claid, tmp_path: Path) -> None:
    operations = {**SMALL, "background": {"remove": True, "color": "transparent"}}

    job = client.edit(COFFEE, operations=operations, output={"format": "png"})
    saved = job.wait().save(tmp_path / "subject.png")

    with Image.open(saved) as picture:
        assert (picture.format, picture.size, picture.mode) == ("PNG", (300, 200), "RGBA")
        assert picture.getchannel("A").getextrema() == (0, 255)
    assert job.status().details["data"]["request"] == {
        "input": COFFEE,
        "operations": operations,
        "output": {"format": "png"},
    }


def test_generated_classes_and_dicts_send_the_same_request(client: Claid) -> None:
    operations = ImageOperations(
        resizing=ResizingOptions(width=300), background=BackgroundOptions(remove=True)
    )
    output = ImageOutputOptions(format_=FormatPngOptions(type_="png"))

    job = client.edit(COFFEE, operations=operations, output=output)
    mixed = client.edit(COFFEE, operations={"resizing": ResizingOptions(width=300)})

    assert job.status().details["data"]["request"] == {
        "input": COFFEE,
        "operations": {"resizing": {"width": 300}, "background": {"remove": True}},
        "output": {"format": {"type": "png"}},
    }
    assert mixed.status().details["data"]["request"]["operations"] == {"resizing": {"width": 300}}


def test_options_that_are_not_set_are_not_sent(client: Claid, tmp_path: Path) -> None:
    job = client.edit(COFFEE)

    assert job.status().details["data"]["request"] == {"input": COFFEE, "operations": {}}
    assert size(job.wait().save(tmp_path / "same.jpg")) == (600, 400)


def test_a_job_is_queued_then_running_then_succeeded(client: Claid) -> None:
    observed: list[State] = []

    client.edit(COFFEE).wait(on_progress=lambda status: observed.append(status.state))

    assert list(dict.fromkeys(observed)) == [State.QUEUED, State.RUNNING, State.SUCCEEDED]


@pytest.mark.live(cost=1)
def test_a_synchronous_upload_returns_the_result_with_its_size(
    client: Claid, photograph: bytes, tmp_path: Path
) -> None:
    (tmp_path / "dahlia.jpg").write_bytes(photograph)

    picture = client.upload(tmp_path / "dahlia.jpg", operations=SMALL, output={"format": "webp"})
    saved = picture.save(tmp_path / "small.webp")

    with Image.open(saved) as edited:
        assert (edited.format, edited.size) == ("WEBP", (picture.details["width"], picture.details["height"]))
    assert picture.details["width"] == 300
    assert picture.url is not None
    assert "/dahlia.webp" in picture.url


def test_a_synchronous_edit_takes_a_url(client: Claid, tmp_path: Path) -> None:
    saved = client.edit_now(CHELSEA, operations=SMALL).save(tmp_path / "small.jpg")

    assert size(saved) == (300, 200)


def test_the_results_of_a_batch_are_named_after_its_images(client: Claid, tmp_path: Path) -> None:
    job = client.edit_batch([COFFEE, CHELSEA, COFFEE], operations=SMALL)

    saved = job.wait().save_all(tmp_path / "edited")

    assert [path.name for path in saved] == ["coffee.jpeg", "chelsea.jpeg", "coffee-2.jpeg"]
    assert {size(path) for path in saved} == {(300, 200)}
    assert set((tmp_path / "edited").iterdir()) == set(saved)
    assert client.batch(int(job.id)) == job


def test_a_batch_with_a_damaged_image_saves_the_others_and_reports_the_error(
    client: Claid, tmp_path: Path
) -> None:
    job = client.edit_batch([DAMAGED, COFFEE], operations=SMALL).wait()

    saved = job.save_all(tmp_path)

    assert [path.name for path in saved] == ["coffee.jpeg"]
    assert job.status().reasons == ("Input image is damaged.",)


def test_a_batch_of_damaged_images_alone_fails(client: Claid) -> None:
    job = client.edit_batch([DAMAGED, "safelight://text.txt"])

    with pytest.raises(JobFailedError, match=r"as ERROR: Input image is damaged; Input file is not an"):
        job.wait()


def test_a_failed_edit_has_a_reason(client: Claid, tmp_path: Path) -> None:
    job = client.edit(DAMAGED)

    with pytest.raises(JobFailedError, match=rf"^job {job.id} ended as ERROR: Input image is damaged\.$"):
        job.wait()
    with pytest.raises(JobFailedError, match="Input image is damaged"):
        job.save(tmp_path / "large.jpg")

    assert list(tmp_path.iterdir()) == []


def test_a_job_that_has_not_ended_has_no_result_to_save(client: Claid, tmp_path: Path) -> None:
    with pytest.raises(NoResultError, match=r"\(ACCEPTED\) has no result to download"):
        client.edit(COFFEE).save(tmp_path / "one.jpg")
    with pytest.raises(NoResultError, match=r"\(ACCEPTED\) has no result to download"):
        client.edit_batch([COFFEE]).save_all(tmp_path / "many")

    assert list(tmp_path.iterdir()) == []


def test_an_edit_has_one_result_and_a_batch_has_several(client: Claid, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedOperationError, match=r"use save$"):
        client.edit(COFFEE).wait().save_all(tmp_path)
    with pytest.raises(UnsupportedOperationError, match=r"use save_all$"):
        client.edit_batch([COFFEE]).wait().save(tmp_path / "one.jpg")


def test_waiting_for_a_job_that_the_service_cancels_raises_job_cancelled(
    client: Claid, served: "Served"
) -> None:
    job = client.edit(COFFEE)

    served.move(job.id, "CANCELLED")

    with pytest.raises(JobCancelledError, match="ended as CANCELLED"):
        job.wait()


@pytest.mark.live(cost=0)
def test_a_synchronous_edit_of_a_damaged_image_is_rejected(client: Claid) -> None:
    with pytest.raises(ApiError, match="returned 422: Input file is not an image") as raised:
        client.upload(b"a letter")

    assert raised.value.status == 422


@pytest.mark.wrong
def test_an_unknown_id_is_an_error_with_the_services_message(client: Claid) -> None:
    with pytest.raises(ApiError, match="returned 404: Batch image edit pipeline not found"):
        client.job(1).wait()
    with pytest.raises(ApiError, match="returned 422: "):
        client.job("one").wait()


@pytest.mark.parametrize(
    ("key", "status", "message"),
    [
        pytest.param("invalid-key", 401, "Authorization is required.", marks=pytest.mark.live(cost=0)),
        ("forbidden-key", 403, "Not enough permissions."),
        ("unfunded-key", 402, "No API calls left."),
        ("limited-key", 429, "Too Many Requests. Rate limit exceeded."),
    ],
)
def test_a_bad_key_is_an_error_with_the_services_message(
    served: "Served", key: str, status: int, message: str
) -> None:
    with connect(served, key) as client, pytest.raises(ApiError) as raised:
        client.edit(COFFEE)

    assert (raised.value.status, raised.value.message) == (status, message)
    assert key not in str(vars(raised.value))


def test_an_edit_is_not_retried_after_a_server_error(served: "Served") -> None:
    with connect(served, "broken-key") as client:
        for call in (client.edit, client.edit_now):
            with pytest.raises(
                UnknownOutcomeError, match="compare the account's credits with those before"
            ) as raised:
                call(COFFEE)
            assert (raised.value.status, raised.value.is_retryable) == (500, False)


@pytest.mark.wrong
def test_an_unknown_option_is_sent_and_the_error_names_it(client: Claid) -> None:
    with pytest.raises(ApiError, match=r"returned 422: operations\.rezising: extra fields not permitted"):
        client.edit(COFFEE, operations={"rezising": {"width": 300}})
