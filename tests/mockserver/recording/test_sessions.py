"""A session with a service is recorded, and a mock server plays it again."""

import hashlib
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.mockserver.recording.sessions import KEY, PHOTO, Client, Recording, Rule, served

pytestmark = pytest.mark.slow


def topaz(client: Client) -> None:
    """Submit a photograph, wait and download; what does not succeed is tried again."""
    job = None
    while job is None:
        image = {"image": ("a.jpg", PHOTO, "image/jpeg")}
        body = client.call("POST", "/enhance/async", files=image, data={"output_format": "png"})
        job = client.known_as(body["process_id"]) if body and "process_id" in body else None
    status = ""
    while status not in ("Completed", "Failed"):
        body = client.call("GET", f"/status/{job}") or {}
        status = body.get("status", status)
    if status == "Completed":
        before = len(client.digests)
        while len(client.digests) == before:
            link = client.call("GET", f"/download/{job}")
            client.download(link["download_url"])


def claid(client: Client) -> None:
    """Submit an edit of a URL with a query, wait and download."""
    requested = {
        "input": "safelight://coffee.jpg",
        "operations": {"restorations": {"upscale": "smart_enhance"}},
    }
    body = client.call("POST", "/image/edit/async", json=requested)
    job = client.known_as(body["data"]["id"])
    while body["data"]["status"] not in ("DONE", "ERROR"):
        body = client.call("GET", f"/image/edit/async/{job}")
    client.download(body["data"]["result"]["output_object"]["tmp_url"])


def luma(client: Client) -> None:
    """Submit a generation, wait, download and delete it."""
    body = client.call("POST", "/generations/video", json={"prompt": "a dahlia", "model": "ray-2"})
    job = client.known_as(body["id"])
    while body["state"] not in ("completed", "failed"):
        body = client.call("GET", f"/generations/{job}")
    client.download(body["assets"]["video"])
    client.call("DELETE", f"/generations/{job}")
    client.call("GET", f"/generations/{job}")


STORIES: dict[str, tuple[Any, dict[str, str]]] = {
    "topaz": (topaz, {"x-api-key": KEY}),
    "claid": (claid, {"authorization": f"Bearer {KEY}"}),
    "luma": (luma, {"authorization": f"Bearer {KEY}"}),
}


def recording(name: str, folder: Path) -> Recording:
    story, headers = STORIES[name]
    return Recording(name, folder, story, headers)


@pytest.mark.parametrize("name", STORIES)
def test_a_session_is_played_again(tmp_path: Path, name: str) -> None:
    with served(name) as upstream:
        session = recording(name, tmp_path).record(upstream.url(name))

    played = session.replay()

    assert played == session.recorded
    assert session.recorded[-1][0] in ("200", "404")
    digests = {one for _, one in session.recorded if isinstance(one, str) and len(one) == 64}
    assert len(digests) == 1
    assert digests == {hashlib.sha256(content).hexdigest() for content in files(session).values()}


@pytest.mark.parametrize("name", STORIES)
def test_a_manual_clock_plays_a_session_to_the_same_end(tmp_path: Path, name: str) -> None:
    with served(name, "real", job_speedup=4.0) as upstream:
        session = recording(name, tmp_path).record(upstream.url(name))

    played = session.replay("manual")

    assert played[-1] == session.recorded[-1]
    digests = [[one for one in log if isinstance(one[1], str)] for log in (session.recorded, played)]
    assert digests[0] == digests[1]
    assert len(digests[0]) == 1


def files(session: Recording) -> dict[str, bytes]:
    return {path: content for path, content in session.written().items() if path.startswith("files/")}


@pytest.fixture(scope="module")
def paced(tmp_path_factory: pytest.TempPathFactory) -> tuple[Recording, list[float]]:
    """A session with a service on a running clock, with a job of half a second."""
    lasted: list[float] = []

    def story(client: Client) -> None:
        topaz(client)
        lasted.append(client.times[-2] - client.times[0])  # from the submission to the last poll

    with served("topaz", "real", job_speedup=4.0) as upstream:
        session = Recording("topaz", tmp_path_factory.mktemp("paced"), story, STORIES["topaz"][1])
        session.record(upstream.url("topaz"))
    return session, lasted


CLOCKS: list[tuple[str, dict[str, Any], list[str], float]] = [
    ("real", {}, ["Pending", "Processing", "Completed"], 1.0),
    ("scaled", {"clock_rate": 0.5}, ["Pending", "Processing", "Completed"], 2.0),
    ("auto", {}, ["Processing", "Completed"], 0.0),
]


@pytest.mark.parametrize(("clock", "settings", "words", "factor"), CLOCKS, ids=[one[0] for one in CLOCKS])
def test_any_clock_plays_the_states_with_their_durations(
    paced: tuple[Recording, list[float]],
    clock: str,
    settings: dict[str, Any],
    words: list[str],
    factor: float,
) -> None:
    session, lasted = paced

    played = session.replay(clock, **settings)

    assert words_in(session.recorded) == ["Pending", "Processing", "Completed"]
    assert words_in(played) == words
    assert played[-1] == session.recorded[-1]
    assert factor * lasted[0] - 0.2 < lasted[-1] < factor * lasted[0] + 2  # a busy machine polls late


def words_in(log: list[tuple[str, object]]) -> list[str]:
    """Return the states that a client sees, each once."""
    return [*dict.fromkeys(body["status"] for _, body in log if isinstance(body, dict) and "status" in body)]


FAULTS: dict[str, list[Rule]] = {
    "busy": [
        {"match": {"operation": "submit", "call": "1-2"}, "respond": {"status": 503, "retry_after": 7}},
        {"match": {"operation": "read", "call": 2}, "respond": {"status": 429, "retry_after": {"date": 30}}},
    ],
    "reset": [
        {"match": {"operation": "submit", "call": 1}, "transfer": {"reset": "before"}, "accepted": False},
        {"match": {"operation": "read", "call": 2}, "transfer": {"reset": "before"}},
        {"match": {"operation": "download", "call": 1}, "transfer": {"reset": "during"}},
    ],
    "truncated": [
        {"match": {"operation": "read", "call": 1}, "transfer": {"truncate": 0.25}},
        {"match": {"operation": "download", "call": 1}, "transfer": {"truncate": 0.5}},
    ],
    "lost": [{"match": {"operation": "submit", "call": 1}, "transfer": {"truncate": 0.5}}],
    "slow": [{"match": {"operation": "read", "call": 1}, "transfer": {"delay": 0.6}}],
    "html": [{"match": {"operation": "read", "call": 1}, "respond": {"status": 502, "html": "<h1>Bad</h1>"}}],
    "failed": [{"match": {"operation": "submit"}, "job": {"fail": {"at": 0.5}}}],
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_goes_wrong_goes_wrong_again(tmp_path: Path, fault: str) -> None:
    with served("topaz", scenario={"version": "1", "rules": FAULTS[fault]}) as upstream:
        session = recording("topaz", tmp_path).record(upstream.url("topaz"))

    played = session.replay()

    assert played == session.recorded
    text = session.scenario.read_text(encoding="utf-8")
    if fault == "busy":
        assert ("retry_after: 7.0" in text, "date: 30.0" in text) == (True, True)
    if fault == "slow":
        assert "delay: 0.6" in text


def test_keys_and_signed_links_are_nowhere_on_disk(tmp_path: Path) -> None:
    rules: list[Rule] = [
        {
            "match": {"operation": "getCreditBalance"},
            "respond": {
                "status": 200,
                "json": {
                    "echo": f"your key is {KEY}, your cookie is cookie-secret",
                    "asked": ["query-secret", "field-secret"],
                    "api_key": "another-secret",
                    "see": "https://user:pw@files.example/a.png?X-Amz-Signature=abcdef&b=1",
                    "text": "at https://files.example/b?sig=abcdef for an hour",
                },
            },
        },
        {"match": {"operation": "read", "call": 1}, "respond": {"status": 401, "text": f"bad key {KEY}"}},
    ]

    def story(client: Client) -> None:
        client.call("GET", f"/account?api_key={KEY}")
        client.call("GET", "/status", params={"token": "query-secret"})
        client.call("POST", "/estimate", json={"client_secret": "field-secret", "model": "Standard V2"})
        client.call("GET", "/account/v1/credits/balance")
        topaz(client)

    with served("topaz", scenario={"version": "1", "rules": rules}) as upstream:
        headers = {"x-api-key": KEY, "cookie": "session=cookie-secret"}
        session = Recording("topaz", tmp_path, story, headers).record(upstream.url("topaz"))

    everything = b"\n".join([*session.written().values(), *(line.encode() for line in session.lines)])
    for secret in (
        KEY,
        "another-secret",
        "cookie-secret",
        "query-secret",
        "field-secret",
        "abcdef",
        "user:pw",
        "signature=",
        "expires=",
    ):
        assert secret.encode() not in everything


def test_a_webhook_comes_through_the_recorder_as_it_was_sent(tmp_path: Path) -> None:
    """The service posts to the recorder, which passes it on with its signature."""
    inbox = "{0.origin}/_safelight/inbox/mine".format

    def story(client: Client) -> None:
        body = {"version": "v", "input": {"prompt": "a"}, "webhook": targets[0]}
        job = client.call("POST", "/predictions", json=body)
        client.known_as(job["id"])
        while client.call("GET", job["urls"]["get"])["status"] != "succeeded":
            pass

    def messages(origin: str) -> list[dict[str, Any]]:
        return list(httpx.get(f"{origin}/_safelight/inbox/mine").json()["messages"])

    with served("replicate") as upstream, served("topaz") as receiver:
        targets = [inbox(receiver)]
        secret = httpx.get(
            f"{upstream.url('replicate')}/webhooks/default/secret", headers={"authorization": f"Bearer {KEY}"}
        ).json()["key"]
        session = Recording("replicate", tmp_path, story, {"authorization": f"Bearer {KEY}"})
        session.record(upstream.url("replicate"))
        recorded = messages(receiver.origin)
    with served("replicate", scenario=session.scenario) as server:
        targets = [inbox(server)]
        with Client(server.url("replicate"), {"authorization": f"Bearer {KEY}"}) as client:
            story(client)
            played = messages(server.origin)

    assert [json.loads(one["body"])["status"] for one in recorded] == ["processing", "succeeded"]
    assert recorded[0]["headers"]["webhook-signature"].startswith("v1,")
    (first, last), (again, end) = (
        [{**json.loads(one["body"]), "id": 0, "urls": 0} for one in log] for log in (recorded, played)
    )
    assert first.keys() == again.keys()
    assert (last["output"], last["status"]) == (end["output"], end["status"])
    written = b"\n".join(session.written().values())
    assert b"deliveries:" in written
    assert secret.encode() not in written
    assert any("webhooks have webhook-signature" in row[0] for row in session.observations)
    assert [one for one in session.recorded if one[0] == "201"]


def test_a_webhook_that_is_not_json_is_passed_on_and_observed(tmp_path: Path) -> None:
    def story(client: Client) -> None:
        body = {
            "version": "v",
            "input": {"prompt": "a"},
            "webhook": f"{receiver.origin}/_safelight/inbox/mine",
        }
        job = client.call("POST", "/predictions", json=body)
        client.known_as(job["id"])
        while client.call("GET", job["urls"]["get"])["status"] != "succeeded":
            pass
        (first, *_) = httpx.get(f"{upstream.origin}/_safelight/deliveries").json()
        responses.append(httpx.post(first["target"], data={"status": "succeeded"}))

    responses: list[httpx.Response] = []
    with served("replicate") as upstream, served("topaz") as receiver:
        session = Recording("replicate", tmp_path, story, {"authorization": f"Bearer {KEY}"})
        session.record(upstream.url("replicate"))

    assert [response.status_code for response in responses] == [415]  # the inbox takes nothing but JSON
    assert ["its body is not JSON", "webhook"] in [row[:2] for row in session.observations]


def test_what_differs_from_the_document_is_an_observation(tmp_path: Path) -> None:
    body = {"process_id": "x", "status": "Validating", "surprise": 1}
    rules: list[Rule] = [
        {"match": {"operation": "submit", "call": 1}, "respond": {"status": 418, "json": {"message": "tea"}}},
        {"match": {"operation": "read", "call": 1}, "respond": {"status": 200, "json": body}},
        {
            "match": {"operation": "read", "call": 2},
            "respond": {"status": 200, "json": {"status": "Processing"}},
        },
        {
            "match": {"operation": "read", "call": 3},
            "respond": {"status": 200, "json": {"status": "Pending"}},
        },
    ]

    def story(client: Client) -> None:
        client.call("GET", "/nowhere/at/all")
        client.call("POST", "/enhance/async", files={"image": ("a.jpg", PHOTO)}, params={"colour": "red"})
        topaz(client)

    with served("topaz", scenario={"version": "1", "rules": rules}) as upstream:
        session = Recording("topaz", tmp_path, story, STORIES["topaz"][1]).record(upstream.url("topaz"))
    seen = {(what, where) for what, where, kind in session.observations if kind == "observed"}

    assert {
        ("the document has no such operation", "GET /topaz/image/v1/nowhere/at/all"),
        ("response: the status 418 is not described", "postEnhanceAsync"),
        ("request: the query parameter colour is not described", "postEnhanceAsync"),
        ("response 200: the field surprise is not described", "getStatus"),
        ("'Validating' is a word that the lifecycle does not have", "getStatus"),
        ("'Pending' comes after Processing", "getStatus"),
    } <= seen
    assert "getStatus: response 200: the field surprise is not described" in session.lines
