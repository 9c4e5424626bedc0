"""Too many submissions are rejected for a while, if enabled, with another error than missing credits."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial

import httpx
import pytest
from tests.mockserver.conftest import START, in_process
from tests.mockserver.stored import changing, stored

from safelight_mock import ClockMode, Settings, Twin
from safelight_mock.core import Sandbox

pytestmark = pytest.mark.slow

PHOTO = "safelight://chelsea.jpg"
BASES = {"topaz": "/topaz/image/v1", "tengr": "/tengr/v2"}
SUBMITTING = {"topaz": "/denoise/async", "tengr": "/artworks/upscaling"}
LISTING = {"topaz": "/status", "tengr": "/artworks"}


@dataclass(frozen=True)
class Client:
    """Who submits jobs to one vendor's twin."""

    vendor: str
    twin: Twin
    request: Callable[..., httpx.Response]

    def submit(self) -> httpx.Response:
        as_form, as_json = {"files": {"source_url": (None, PHOTO)}}, {"json": {"imageUrl": PHOTO}}
        return self.call("POST", SUBMITTING[self.vendor], **(as_form if self.vendor == "topaz" else as_json))

    def call(self, method: str, path: str, **rest: object) -> httpx.Response:
        headers = {"X-API-Key": "k", "Authorization": "Bearer k"}
        return self.request(method, BASES[self.vendor] + path, headers=headers, **rest)

    def advance(self, seconds: float) -> None:
        self.twin.advance(seconds, vendor=self.vendor, key="k")

    def grant(self, credits_: int) -> None:
        with changing(self.twin, self.vendor) as sandbox:
            sandbox.granted = credits_

    @property
    def sandbox(self) -> Sandbox:
        return stored(self.twin, self.vendor, "k")


@contextmanager
def client(vendor: str, clock: ClockMode = ClockMode.MANUAL, **options: float | bool) -> Iterator[Client]:
    chosen = Settings(clock=clock, options={f"{vendor}.{name}": value for name, value in options.items()})
    with closing(Twin(chosen, real=lambda: START)) as twin, in_process(twin) as opened:
        yield Client(vendor, twin, opened.request)


limited = partial(client, rate_limit=2, rate_window=30)
both = pytest.mark.parametrize("vendor", ["topaz", "tengr"])


@pytest.mark.fidelity("topaz.rate_limit", "tengr.rate_limit")
@both
def test_by_default_submissions_are_not_rate_limited(vendor: str) -> None:
    with client(vendor) as one:
        assert {one.submit().is_success for _ in range(20)} == {True}
        assert not one.sandbox.calls


@pytest.mark.fidelity("topaz.rate_limit", "topaz.rate_window", "tengr.rate_limit", "tengr.rate_window")
@both
def test_one_submission_too_many_is_refused_until_the_window_has_passed(vendor: str) -> None:
    with limited(vendor) as one:
        answers = [one.submit()]
        for seconds in (20, 0, 9.5, 0.5, 0, 20):
            one.advance(seconds)
            answers.append(one.submit())

        assert [response.is_success for response in answers] == [True, True, False, False, True, False, True]
        assert {response.status_code for response in answers if not response.is_success} == {429}


@pytest.mark.fidelity("topaz/429", "tengr/429")
@pytest.mark.parametrize(
    ("vendor", "message"),
    [
        ("topaz", {"code": 429, "message": "Too Many Requests"}),
        ("tengr", {"message": "ThrottlerException: Too Many Requests", "statusCode": 429}),
    ],
)
def test_a_rate_limit_error_has_the_vendors_body_and_headers(vendor: str, message: dict[str, object]) -> None:
    with limited(vendor) as one:
        taken, _, refused = (one.submit() for _ in range(3))

        assert refused.json() == message
        for response in (taken, refused):
            assert not [name for name in response.headers if "limit" in name or "retry" in name]


@pytest.mark.fidelity("topaz/429", "tengr/429")
@pytest.mark.parametrize(("vendor", "quota"), [("topaz", 402), ("tengr", 403)])
def test_rate_limits_and_insufficient_credits_have_different_errors(vendor: str, quota: int) -> None:
    with limited(vendor) as one:
        one.grant(1)

        statuses = [one.submit().status_code for _ in range(3)]
        one.grant(2)
        more = [one.submit().status_code for _ in range(2)]

    assert statuses[1:] == [quota, quota]
    assert more == [statuses[0], 429]


@pytest.mark.fidelity("topaz/429", "tengr/429")
@both
def test_reads_and_rejected_requests_do_not_count(vendor: str) -> None:
    with limited(vendor) as one:
        bad = [one.call("POST", SUBMITTING[vendor], json={}).status_code for _ in range(3)]
        read = [one.call("GET", LISTING[vendor]).status_code for _ in range(3)]

        assert [one.submit().is_success for _ in range(3)] == [True, True, False]
        assert one.call("GET", LISTING[vendor]).status_code == 200

    assert set(bad) <= {400, 415}
    assert set(read) == {200}


@pytest.mark.fidelity("topaz.rate_limit")
def test_deleting_jobs_does_not_reset_the_rate_limit() -> None:
    with limited("topaz") as one:
        one.submit()
        one.submit()
        one.advance(10)

        assert one.call("DELETE", "/status").json() == {"deleted_count": 2}
        assert one.submit().status_code == 429


@pytest.mark.fidelity("topaz.rate_window", "tengr.rate_window")
@both
def test_a_limit_does_not_move_an_auto_clock(vendor: str) -> None:
    with limited(vendor, clock=ClockMode.AUTO) as one:
        before = one.sandbox.now(START)

        assert [one.submit().is_success for _ in range(4)] == [True, True, False, False]
        assert one.sandbox.now(START) == before


def test_a_synchronous_call_counts_once_and_is_refused_at_once() -> None:
    with limited("topaz") as one:
        answers = [one.call("POST", "/denoise", files={"source_url": (None, PHOTO)}) for _ in range(3)]

        assert [response.status_code for response in answers] == [200, 200, 429]


@pytest.mark.fidelity("topaz.retry_after")
def test_retry_after_can_be_enabled() -> None:
    with limited("topaz", retry_after=True) as one:
        one.submit()
        one.advance(0.5)
        taken, refused = one.submit(), one.submit()

        assert "retry-after" not in taken.headers
        assert refused.headers["retry-after"] == "30"


@pytest.mark.fidelity("tengr.rate_limit_headers")
def test_the_headers_of_the_frameworks_limiter_can_be_enabled() -> None:
    with limited("tengr", rate_limit_headers=True) as one:
        one.submit()
        one.advance(10)
        taken, refused = one.submit(), one.submit()

        result = [taken.headers[f"x-ratelimit-{name}"] for name in ("limit", "remaining", "reset")]
        assert result == ["2", "0", "20"]
        assert refused.headers["retry-after"] == "20"


def test_on_an_auto_clock_a_retry_after_the_named_seconds_is_accepted() -> None:
    with limited("topaz", clock=ClockMode.AUTO, retry_after=True) as one:
        job = one.submit().json()["process_id"]

        def look() -> float:
            assert one.call("GET", f"/status/{job}").is_success
            return one.sandbox.latest

        while look() < one.sandbox.jobs[job].ends:
            pass
        unhurried = [look() for _ in range(2)]
        one.submit()
        result = float(one.submit().headers["retry-after"])
        patient = [look() for _ in range(2)]

        assert unhurried[1] - unhurried[0] == 5
        assert result not in (0, 5)
        assert patient[1] - patient[0] == result
