"""How long jobs are kept can be chosen."""

from datetime import timedelta

import httpx
import pytest

from safelight_mock import Settings, Twin, TwinTransport

DAY = 86_400


@pytest.mark.fidelity("twin.retention")
@pytest.mark.parametrize(
    ("retention", "days"), [(timedelta(hours=24), 1), (timedelta(days=30), 30), (None, 7)]
)
def test_the_retention_of_jobs_can_be_configured(
    photo: bytes, retention: timedelta | None, days: int
) -> None:
    twin = Twin(Settings(retention=retention), real=lambda: 1_800_000_000.0)
    headers = {"X-API-Key": "k"}
    with httpx.Client(
        transport=TwinTransport(twin), base_url="http://twin/topaz/image/v1", headers=headers
    ) as to:
        process_id = to.post("/enhance/async", files={"image": ("a.jpg", photo)}).json()["process_id"]
        ends = to.get(f"/status/{process_id}").json()["eta"]

        twin.advance(ends - 1_800_000_000 + days * DAY - 2, vendor="topaz", key="k")
        kept = to.get(f"/status/{process_id}").status_code, len(to.get("/status").json())
        link = to.get(f"/download/{process_id}").json()["download_url"]
        twin.advance(2, vendor="topaz", key="k")
        gone = to.get(f"/status/{process_id}").status_code, len(to.get("/status").json())
        file = to.get(link).status_code
    twin.close()

    assert (kept, gone) == ((200, 1), (404, 0))
    assert file == 404


@pytest.mark.parametrize("retention", [timedelta(), timedelta(days=-1)])
def test_the_retention_of_jobs_has_a_minimum(retention: timedelta) -> None:
    with pytest.raises(ValueError, match="retention must be a positive duration"):
        Settings(retention=retention)
