"""Files that were recorded with a job: links to them, and what these lead to."""

import pytest
from msgspec.structs import replace
from tests.mockserver.core.engines import job as made

from safelight_mock.core import Job, Sandbox
from safelight_mock.core.job_faults import JobFault
from safelight_mock.core.recorded import Recorded, RecordedFile
from safelight_mock.wire import RenderedFile, Request
from safelight_mock.wire.recorded_files import content_of, file_of, filling

PHOTO = RecordedFile(digest="d1", filename="a.jpg")


def link(job: str, purpose: str, expires: int, /, *, method: str = "") -> str:
    return f"http://files/{job}/{purpose}?until={expires}{method}"


REQUEST = Request(method="GET", path="/", at=0, presign=link)


@pytest.fixture
def job() -> Job:
    fault = JobFault(recorded=Recorded(files={"photo": PHOTO}))
    return replace(made(Sandbox(name="box", seed="seed")), id="j1", submitted=100.9, fault=fault)


def test_placeholders_of_a_job_are_its_id_its_time_the_api_and_links_that_work_for_a_day(job: Job) -> None:
    made_of = filling(job, REQUEST, "http://api")

    assert (made_of.job, made_of.submitted, made_of.api) == ("j1", 100.9, "http://api")
    assert made_of.link("photo") == "http://files/j1/recorded/photo/a.jpg?until=86500"
    assert made_of.link("other") == "http://files/j1/recorded/other/?until=86500"


@pytest.mark.parametrize("fault", [None, JobFault()])
def test_a_job_of_which_nothing_was_recorded_has_no_files(job: Job, fault: JobFault | None) -> None:
    plain = replace(job, fault=fault)

    assert filling(plain, REQUEST, "").link("photo") == "http://files/j1/recorded/photo/?until=86500"
    assert file_of(plain, "recorded/photo/a.jpg") is None


@pytest.mark.parametrize(
    ("purpose", "file"),
    [
        ("recorded/photo/a.jpg", PHOTO),
        ("recorded/photo", PHOTO),
        ("recorded/other/a.jpg", None),
        ("output/photo/a.jpg", None),
        ("recorded", None),
    ],
)
def test_a_link_leads_to_the_file_of_its_name(job: Job, purpose: str, file: RecordedFile | None) -> None:
    assert file_of(job, purpose) == file


def test_a_file_is_sent_as_it_was_recorded() -> None:
    assert content_of(PHOTO) == RenderedFile(digest="d1", recipe=None, filename="a.jpg")
