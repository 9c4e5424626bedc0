"""What each effect of `job` is seen to do to one job."""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.mockserver.conftest import picture
from tests.scenarios.effects.apis import PolledApi

OWN = picture(7, 5, "PNG")
OWN_URL = f"data:image/png;base64,{b64encode(OWN).decode()}"
LONG = 3600.0  # seconds by the clock of the sandbox

Effect = Mapping[str, Any]
Words = Sequence[str]  # for the states queued, running, succeeded, failed and cancelled
Check = Callable[[Any], None]


def words_at(api: PolledApi, *moments: float) -> list[str]:
    """Submit a job, and return its words so many seconds later."""
    job, passed, words = api.submit(), 0.0, []
    for moment in moments:
        api.advance(moment - passed)
        passed = moment
        words.append(api.word(job))
    return words


def becomes(state: int, *, between: tuple[float, float] | None = None) -> Check:
    """Return a check that a job ends in a state, between two moments."""

    def check(api: PolledApi) -> None:
        early, late = between or (0.0, 60.0)
        first, last, end = words_at(api, early, late, LONG)
        assert first in api.states[:2]
        assert last == end == api.states[state]

    return check


def stays(state: int, *, until: float) -> Check:
    """Return a check that a job is in a state until a moment, and succeeds after it."""

    def check(api: PolledApi) -> None:
        assert words_at(api, until - 1, until + LONG) == [api.states[state], api.states[2]]

    return check


def says(text: str) -> Check:
    def check(api: PolledApi) -> None:
        job = api.submit()
        api.advance(60)
        assert api.word(job) in api.states[3:]
        assert api.shows_causes == (text in api.read(job).text)

    return check


def is_stuck(api: PolledApi) -> None:
    assert words_at(api, 60, LONG, 100 * LONG) == [api.states[1]] * 3


def takes_long(api: PolledApi) -> None:
    assert words_at(api, 100, 10 * LONG) == [api.states[0], api.states[2]]


def is_never_found(api: PolledApi) -> None:
    assert api.read(api.submit()).status_code == 404


def is_lost_later(api: PolledApi) -> None:
    job = api.submit()
    api.advance(4)
    assert api.read(job).status_code == 200
    api.advance(2)
    assert api.read(job).status_code == 404


def reports(api: PolledApi) -> None:
    job, seen = api.submit(), list[int]()
    while api.word(job) != api.states[2]:
        if api.word(job) == api.states[1]:
            seen.append(api.progress(job))
        api.advance(5)
    assert list(dict.fromkeys(seen)) == [10, 80, 20]


def has_no_result(api: PolledApi) -> None:
    job = api.finished()
    assert api.word(job) == api.states[2]
    assert not api.has_result(job)


def has_links_for_a_while(api: PolledApi) -> None:
    link = api.link(api.finished())
    assert api.http.get(link).status_code == 200
    api.advance(10)
    assert api.http.get(link).status_code == 403


def gives_own_file(api: PolledApi) -> None:
    assert api.http.send(api.download(api.finished())).content == OWN


def passes_states(api: PolledApi) -> None:
    assert words_at(api, 4, 6, 9, 11) == [api.states[0], api.states[1], api.states[1], api.states[3]]


def answers_json(api: PolledApi) -> None:
    job = api.submit()
    api.advance(4)
    assert "recorded" not in api.read(job).text
    api.advance(2)
    response = api.read(job)
    assert (response.status_code, response.headers["x-recorded"]) == (202, "yes")
    assert response.json() == {"recorded": job}
    api.advance(LONG)
    assert "recorded" not in api.read(job).text


def answers_text(api: PolledApi) -> None:
    response = api.read(api.submit())
    assert (response.text, response.headers["content-type"]) == ("almost", "text/almost")


def answers_file(api: PolledApi) -> None:
    assert api.read(api.submit()).content == OWN


def sends_events(api: PolledApi) -> None:
    job = api.submit()
    api.advance(2)
    response = api.read(job)
    assert response.headers["content-type"] == "text/event-stream"
    assert response.text == f'event: a\nid: 1\ndata: {{"recorded":"{job}"}}\n\ndata: two\ndata: lines\n\n'


def jobs(words: Words, read: str) -> dict[str, tuple[Effect, Check]]:
    """Return the effects of `job` at an API with these words, and how each is seen.

    `read` is the operation that reads a job.
    """
    queued, running, succeeded, failed, cancelled = words
    recorded = {"operation": read, "state": running, "after": 5, "status": 202}
    return {
        "fail": ({"fail": True}, becomes(3)),
        "fail early": ({"fail": {"at": 0.01}}, becomes(3, between=(0.2, 0.9))),
        "fail after": ({"fail": {"after": 0.8}}, becomes(3, between=(0.7, 0.81))),
        "fail with a message": ({"fail": {"message": "out of memory"}}, says("out of memory")),
        "fail by another word": ({"fail": {"as": cancelled}}, becomes(4)),
        "cancel": ({"cancel": True}, becomes(4)),
        "cancel early": ({"cancel": {"at": 0.01}}, becomes(4, between=(0.2, 0.9))),
        "cancel after": ({"cancel": {"after": 0.8}}, becomes(4, between=(0.7, 0.81))),
        "cancel with a message": ({"cancel": {"message": "no capacity", "as": failed}}, says("no capacity")),
        "stuck": ({"stuck": running}, is_stuck),
        "becomes at": ({"becomes": [{"to": running, "at": 0.2, "for": 100}]}, stays(1, until=100)),
        "becomes after": ({"becomes": [{"to": queued, "after": 0.1, "for": 100}]}, stays(0, until=100)),
        "slow": ({"slow": 1000}, takes_long),
        "lost": ({"lost": True}, is_never_found),
        "lost after": ({"lost": {"after": 5}}, is_lost_later),
        "progress": ({"progress": [10, 80, 20], "slow": 100}, reports),
        "without result": ({"without_result": True}, has_no_result),
        "link life": ({"link_life": 5}, has_links_for_a_while),
        "result": ({"result": OWN_URL}, gives_own_file),
        "states": (
            {"states": [{"to": queued, "for": 5}, {"to": running, "for": 5}, {"to": failed}]},
            passes_states,
        ),
        "recorded json": (
            {
                "states": [{"to": running, "for": 60}, {"to": succeeded}],
                "responses": [
                    {**recorded, "after": 0, "json": "${own}", "status": 200},
                    {**recorded, "headers": {"x-recorded": "yes"}, "json": {"recorded": "${job}"}},
                ],
            },
            answers_json,
        ),
        "recorded text": (
            {"responses": [{"operation": read, "text": "almost", "media_type": "text/almost"}]},
            answers_text,
        ),
        "recorded file": (
            {"files": {"1": OWN_URL}, "responses": [{"operation": read, "file": "1"}]},
            answers_file,
        ),
        "recorded events": (
            {
                "responses": [
                    {
                        "operation": read,
                        "events": [
                            {"after": 0, "event": "a", "id": "1", "json": {"recorded": "${job}"}},
                            {"after": 2, "text": "two\nlines"},
                        ],
                    }
                ]
            },
            sends_events,
        ),
    }


JOBS = tuple(jobs(("", "", "", "", ""), ""))
