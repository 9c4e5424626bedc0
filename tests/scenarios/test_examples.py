"""Scenarios apply to any API that is served from its document, without Python for it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from safelight_mock import ClockMode, Settings, Spec, Twin, TwinTransport

EXAMPLES = Path("examples")
Submission = tuple[str, str, dict[str, Any]]
APIS: dict[str, Submission] = {
    "replicate": ("https://api.replicate.com/v1", "/predictions", {"version": "v", "input": {"prompt": "a"}}),
    "openai": ("https://api.openai.com/v1", "/videos", {"prompt": "a", "model": "sora-2"}),
    "assemblyai": ("https://api.assemblyai.com", "/v2/transcript", {"audio_url": "https://a.example/a.mp3"}),
}
Play = Callable[..., list[httpx.Response]]


@pytest.fixture
def play() -> Iterator[Play]:
    """Submit a job to an example under a rule, and return the response, and those of polls each second."""
    twins: list[Twin] = []

    def play(api: str, **rule: Any) -> list[httpx.Response]:  # noqa: ANN401 - keys of a rule
        base, path, body = APIS[api]
        folder = EXAMPLES / api
        spec = Spec(folder / "openapi.yaml", lifecycle=folder / "lifecycle.overlay.yaml", name=api)
        scenario = {"version": "1", "rules": [{"match": {"operation": "submit"}, **rule}]}
        settings = Settings(clock=ClockMode.MANUAL, scenario=scenario, vendors=frozenset())
        twins.append(twin := Twin(settings, specs=[spec]))
        key = "k" if api == "assemblyai" else "Bearer k"
        with httpx.Client(transport=TwinTransport(twin), headers={"authorization": key}) as client:
            responses = [client.post(f"{base}{path}", json=body)]
            for _ in range(8 if responses[0].is_success else 0):
                responses.append(client.get(f"{base}{path}/{responses[0].json()['id']}"))
                twin.advance(1, vendor=api, key="k")
        return responses

    yield play
    for twin in twins:
        twin.close()


@pytest.mark.parametrize(
    ("api", "word"), [("replicate", "failed"), ("openai", "failed"), ("assemblyai", "error")]
)
def test_a_job_fails_with_the_words_of_its_api(play: Play, api: str, word: str) -> None:
    last = play(api, job={"fail": {"message": "out of memory"}})[-1]

    assert last.json()["status"] == word
    assert "out of memory" in last.text


@pytest.mark.parametrize(
    ("api", "word"), [("replicate", "canceled"), ("openai", "failed"), ("assemblyai", "error")]
)
def test_a_job_that_is_cancelled_has_failed_where_the_api_has_no_word_for_it(
    play: Play, api: str, word: str
) -> None:
    responses = play(api, job={"cancel": True})

    assert {response.status_code for response in responses} <= {200, 201}
    assert responses[-1].json()["status"] == word


@pytest.mark.parametrize("api", APIS)
def test_a_job_is_stuck(play: Play, api: str) -> None:
    words = [response.json()["status"] for response in play(api, job={"stuck": "running"})]

    assert words[-1] in ("processing", "in_progress")
    assert words[-1] == words[-3]


@pytest.mark.parametrize("api", APIS)
def test_a_job_is_lost(play: Play, api: str) -> None:
    assert {response.status_code for response in play(api, job={"lost": {"after": 2}})[-3:]} == {404}


@pytest.mark.parametrize(("api", "unpaid"), [("replicate", 402), ("openai", 429), ("assemblyai", 400)])
def test_errors_are_those_of_the_api(play: Play, api: str, unpaid: int) -> None:
    (limited,) = play(api, respond={"error": "limited", "retry_after": 3})
    (refused,) = play(api, respond={"error": "no-credits"})

    assert (limited.status_code, limited.headers["retry-after"]) == (429, "3")
    assert refused.status_code == unpaid


def test_a_job_succeeds_without_a_result(play: Play) -> None:
    last = play("replicate", job={"without_result": True})[-1].json()

    assert (last["status"], last["output"]) == ("succeeded", None)
