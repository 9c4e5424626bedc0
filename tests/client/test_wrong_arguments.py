"""Wrong arguments are errors before anything is sent."""

import inspect
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from safelight import Claid, Job, JobApi, Polling, Tengr, Topaz
from safelight_clients.topaz.async_jobs import API


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
    ("key", "what"), [(5, "a value of type int"), (None, "None"), ("", "empty"), ("a b", "other characters")]
)
def test_a_key_is_a_text(key: Any, what: str) -> None:  # noqa: ANN401 - also what is not a text
    with pytest.raises(ValueError, match=f"must be a text of printable ASCII without spaces, not {what}$"):
        Topaz(api_key=key)


def test_origins_that_can_be_read_only_once_are_refused() -> None:
    """They would be checked, and then be gone."""
    origins: Any = iter(["https://eu.api.example"])

    with pytest.raises(TypeError, match="key_origins must be a list of URLs"):
        JobApi(API, api_key="k", key_origins=origins)


class Wrong:
    """A value that no argument takes."""

    def __repr__(self) -> str:
        return "wrong"


GOOD: dict[Callable[..., Any], dict[str, Any]] = {
    Topaz: {"api_key": "k"},
    Claid: {"api_key": "k"},
    Tengr: {"api_key": "k", "base_url": "https://api.example"},
    JobApi: {"api": API, "api_key": "k"},
    Polling: {},
    Job.wait: {},
    Job.result: {},
    Job.save: {"path": "a.jpg"},
    Job.save_all: {"folder": "a"},
    Job.move: {"to": "cancelled"},
}
"""Public callables, with arguments that are right by themselves."""

OF_SERVICE = {"body"}  # what it is depends on the operation


def arguments() -> list[Any]:
    named = [(call, name) for call in GOOD for name in inspect.signature(call).parameters]
    return [
        pytest.param(call, name, id=f"{call.__qualname__} {name}")
        for call, name in named
        if name not in {"self", *OF_SERVICE}
    ]


@pytest.mark.parametrize(("call", "name"), arguments())
def test_a_value_of_another_type_is_an_error_that_names_the_argument(
    topaz: Topaz, call: Callable[..., Any], name: str
) -> None:
    own = (topaz.job("7"),) if "." in call.__qualname__ else ()

    with pytest.raises((TypeError, ValueError)) as refused:
        call(*own, **{**GOOD[call], name: Wrong()})

    assert name in str(refused.value)
    assert "must be" in str(refused.value)


@pytest.mark.parametrize("name", ["outputwidth", "outputWidth", "output_widht"])
def test_a_misspelled_field_is_an_error(topaz: Topaz, tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=f"unknown field '{name}'; did you mean 'output_width'?"):
        topaz.enhance(tmp_path / "photo.jpg", **{name: 3})  # type: ignore[arg-type] # the error


def test_a_path_is_not_a_url() -> None:
    transport = httpx.MockTransport(unreachable)
    claid = Claid(api_key="k", transport=transport)
    tengr = Tengr(api_key="k", base_url="https://api.example", transport=transport)

    for call in (claid.edit, claid.edit_now, lambda one: claid.edit_batch([one])):
        with pytest.raises(ValueError, match=r"must be a URL, not 'photo.jpg'; upload files with upload\(\)"):
            call("photo.jpg")
    for submit in (tengr.detail, tengr.upscale):
        with pytest.raises(ValueError, match=r"image_url must be a URL, not 'photo.jpg'; the service loads"):
            submit("photo.jpg")
