"""Wrong arguments are errors before anything is sent."""

import math
from typing import Any

import httpx
import pytest

from safelight import Polling, Topaz


def unreachable(request: httpx.Request) -> httpx.Response:
    raise AssertionError(f"{request.method} {request.url} was sent")


@pytest.fixture
def topaz() -> Topaz:
    return Topaz(api_key="k", transport=httpx.MockTransport(unreachable))


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"first": -1}, "first must be a number of seconds, 0 or more, not -1"),
        ({"max_delay": math.nan}, "max_delay must be a number of seconds, 0 or more, not nan"),
        ({"factor": 0.5}, "factor must be at least 1, not 0.5"),
    ],
)
def test_delays_between_polls_are_positive_and_do_not_shrink(values: dict[str, Any], error: str) -> None:
    with pytest.raises(ValueError, match=error):
        Polling(**values)


@pytest.mark.parametrize("timeout", [-1, math.nan])
def test_a_job_is_not_waited_for_in_negative_time(topaz: Topaz, timeout: float) -> None:
    with pytest.raises(
        ValueError, match=f"timeout must be a number of seconds, 0 or more, or math.inf, not {timeout}"
    ):
        topaz.job("7").wait(timeout=timeout)


@pytest.mark.parametrize("job_id", [None, "", ".."])
def test_what_cannot_be_a_job_id_is_rejected(topaz: Topaz, job_id: Any) -> None:  # noqa: ANN401 - a wrong type
    with pytest.raises(ValueError, match="is not a job id; use the `id` of a Job"):
        topaz.job(job_id)


def test_an_image_is_not_a_url(topaz: Topaz) -> None:
    with pytest.raises(ValueError, match="image must be a path, bytes or a binary file, not a URL"):
        topaz.enhance("https://images.example/photo.jpg")


@pytest.mark.parametrize(
    ("key", "what"), [(5, "a int"), (None, "None"), ("", "empty"), ("a b", "other characters")]
)
def test_a_key_is_a_text(key: Any, what: str) -> None:  # noqa: ANN401 - also what is not a text
    with pytest.raises(ValueError, match=f"must be a text of printable ASCII without spaces, not {what}$"):
        Topaz(api_key=key)
