"""Run by `pytest`."""

from pathlib import Path

import pytest
from celery.contrib.testing.worker import start_worker

from tasks import app, enlarge, save, submit, web

PHOTO = str(Path("photo.jpg").resolve())


@pytest.fixture
def eager():
    """Have tasks run at once, in the thread of the test; retries, too, without waiting."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


@pytest.fixture(scope="module")
def worker():
    """Run a worker in a thread; what it waits before retries is real time."""
    save.default_retry_delay = 0
    with start_worker(app, perform_ping_check=False):
        yield


@pytest.mark.usefixtures("eager")
def test_a_photograph_is_enlarged(safelight, tmp_path):
    enlarge(PHOTO, f"{tmp_path}/large.jpg").get()

    assert (tmp_path / "large.jpg").read_bytes().startswith(b"\xff\xd8")
    assert [job.state for job in safelight.jobs] == ["succeeded"]


@pytest.mark.usefixtures("eager", "safelight")
@pytest.mark.safelight(scenario="failed")
def test_a_job_fails(tmp_path):
    with pytest.raises(ValueError, match="could not enlarge"):
        enlarge(PHOTO, f"{tmp_path}/large.jpg").get()


@pytest.mark.usefixtures("eager")
@pytest.mark.safelight(clock="manual")
def test_a_webhook_starts_a_task(safelight, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    safelight.webhooks.to("https://shop.example/hooks", web)
    job = submit.delay(PHOTO).get()

    safelight.clock.advance(60)

    assert Path(f"{job}.jpg").exists()


@pytest.mark.usefixtures("worker")
def test_a_worker_enlarges_it(safelight, tmp_path):
    enlarge(PHOTO, f"{tmp_path}/large.jpg").get(timeout=20)

    assert (tmp_path / "large.jpg").read_bytes().startswith(b"\xff\xd8")


@pytest.mark.usefixtures("worker")
def test_a_worker_submits_again_if_the_api_cannot_be_reached(safelight, tmp_path):
    safelight.fail_connections("refused")

    enlarge(PHOTO, f"{tmp_path}/large.jpg").get(timeout=20)

    assert len(safelight.jobs) == 1
