"""Scenarios of the library that go wrong while a job is submitted: a naive client, and one that is right."""

import email.utils

import httpx
import pytest
from tests.scenarios.clients import Api, Open, job_id, submit_once


def test_flaky_submit(opened: Open) -> None:
    """A client that does not retry fails, although the service is back a second later."""

    def naive(api: Api) -> str:
        return job_id(api.submit().raise_for_status())

    def right(api: Api) -> str:
        while (response := api.submit()).status_code == 503:
            api.pause(float(response.headers["retry-after"]))
        return job_id(response.raise_for_status())

    with pytest.raises(httpx.HTTPStatusError):
        naive(opened("flaky-submit"))
    assert right(api := opened("flaky-submit")) in api.jobs()


def naive_retry(api: Api) -> str:
    """Send a submission again whenever it fails."""
    for _ in range(3):
        try:
            return job_id(api.submit().raise_for_status())
        except httpx.HTTPError:
            api.pause(1)
    raise TimeoutError


def test_lost_answer(opened: Open) -> None:
    """A client that sends the request again pays for two jobs."""
    naive_retry(twice := opened("lost-response"))
    submit_once(once := opened("lost-response"))

    assert (twice.paid, once.paid) == (2, 1)


def test_hanging_submit(opened: Open) -> None:
    """A client that retries after a timeout pays for two jobs."""
    naive_retry(twice := opened("hanging-submit"))
    submit_once(once := opened("hanging-submit"))

    assert (twice.paid, once.paid) == (2, 1)


def test_bad_gateway_after_submit(opened: Open) -> None:
    """A client that takes 502 for "not carried out" pays for two jobs."""
    naive_retry(twice := opened("bad-gateway-after-submit"))
    submit_once(once := opened("bad-gateway-after-submit"))

    assert (twice.paid, once.paid) == (2, 1)


def test_rate_limited(opened: Open) -> None:
    """A client that tries again at once uses up its attempts before the limit ends."""

    def naive(api: Api) -> str:
        for _ in range(3):
            if (response := api.submit()).is_success:
                return job_id(response)
        raise TimeoutError

    def right(api: Api) -> str:
        while (response := api.submit()).status_code == 429:
            api.pause(float(response.headers["retry-after"]))
        return job_id(response.raise_for_status())

    with pytest.raises(TimeoutError):
        naive(opened("rate-limited"))
    assert right(opened("rate-limited"))


def test_retry_after_date(opened: Open) -> None:
    """A client that reads Retry-After as a number crashes."""

    def naive(api: Api) -> str:
        while (response := api.submit()).status_code == 503:
            api.pause(float(response.headers["retry-after"]))
        return job_id(response.raise_for_status())

    def right(api: Api) -> str:
        while (response := api.submit()).status_code == 503:
            after, now = (
                email.utils.parsedate_to_datetime(response.headers[name]) for name in ("retry-after", "date")
            )
            api.pause((after - now).total_seconds())
        return job_id(response.raise_for_status())

    with pytest.raises(ValueError, match="could not convert"):
        naive(opened("retry-after-date"))
    assert right(opened("retry-after-date"))


def test_out_of_credits(opened: Open) -> None:
    """A client that tries again after every error never ends."""

    def naive(api: Api) -> str:
        while not (response := api.submit()).is_success:
            api.pause(1)
        return job_id(response)

    def right(api: Api) -> str:
        while not (response := api.submit()).is_success:
            if response.status_code not in (429, 500, 502, 503, 504):
                response.raise_for_status()
            api.pause(1)
        return job_id(response)

    with pytest.raises(RecursionError, match="does not end"):
        naive(opened("out-of-credits"))
    with pytest.raises(httpx.HTTPStatusError, match="402"):
        right(opened("out-of-credits"))
