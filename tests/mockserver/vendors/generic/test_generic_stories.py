"""Jobs of the APIs under examples/: submitted, read until they are over, without code of any vendor."""

from typing import Any

import httpx
import pytest
from tests.mockserver.vendors.generic.examples import Served, id_in, parts_of, serving, state_in

from safelight_lifecycle import Lifecycle, State, WordState

VIDEO = {"model": "gen4.5", "promptText": "Rain", "ratio": "1280:720", "duration": 5}
SUBMISSIONS: list[tuple[str, str, str, str, dict[str, Any]]] = [
    (
        "assemblyai",
        "transcript",
        "createTranscript",
        "/v2/transcript",
        {"audio_url": "https://example.com/a.mp3"},
    ),
    ("bfl", "task", "generate_flux_2_pro_v1_flux_2_pro_post", "/v1/flux-2-pro", {"prompt": "Rain"}),
    (
        "fal",
        "instance",
        "createComputeInstance",
        "/v1/compute/instances",
        {"instance_type": "gpu_8x_h100_sxm5", "ssh_key": "k"},
    ),
    ("fal", "request", "submit", "/fal-ai/flux/dev", {"prompt": "Rain"}),
    ("leonardo", "generation", "createGeneration", "/api/rest/v1/generations", {"prompt": "Rain"}),
    ("luma", "generation", "createGeneration", "/dream-machine/v1/generations/video", {"model": "ray-2"}),
    ("luma", "generation", "generateImage", "/dream-machine/v1/generations/image", {"model": "photon-1"}),
    (
        "openai",
        "batch",
        "createBatch",
        "/v1/batches",
        {"input_file_id": "file-1", "endpoint": "/v1/responses", "completion_window": "24h"},
    ),
    (
        "openai",
        "fine_tuning",
        "createFineTuningJob",
        "/v1/fine_tuning/jobs",
        {"model": "gpt-4o-mini", "training_file": "file-1"},
    ),
    (
        "replicate",
        "prediction",
        "predictions.create",
        "/v1/predictions",
        {"version": "a/b", "input": {"text": "Ada"}},
    ),
    (
        "replicate",
        "training",
        "trainings.create",
        "/v1/models/a/b/versions/1/trainings",
        {"destination": "a/c", "input": {}},
    ),
    ("runway", "task", "POST /v1/image_to_video", "/v1/image_to_video", VIDEO),
    ("runway", "task", "POST /v1/text_to_video", "/v1/text_to_video", {**VIDEO, "duration": 4}),
]


def read(api: Served, lifecycle: Lifecycle, job_id: str) -> httpx.Response:
    """Read a job by the operation that the lifecycle names."""
    assert lifecycle.read is not None
    operation = api.operation(lifecycle.read.operation)
    path = operation.paths[0].replace(f"{{{lifecycle.ids.parameter}}}", job_id)
    query = {lifecycle.ids.parameter: job_id} if lifecycle.ids.parameter in operation.query_parameters else {}
    return api.get(path.replace("{owner}", "fal-ai").replace("{app}", "flux"), params=query)


@pytest.mark.parametrize(("name", "kind", "operation", "path", "body"), SUBMISSIONS)
def test_a_job_is_submitted_and_read_until_it_has_succeeded(
    name: str, kind: str, operation: str, path: str, body: dict[str, Any]
) -> None:
    with serving(name) as api:
        lifecycle = api.jobs.lifecycles[kind]

        submitted = api.post(path, body)
        assert submitted.is_success, submitted.text
        job_id = id_in(lifecycle, operation, submitted)
        words: list[str] = []
        reached: WordState | None = None
        for _ in range(40):
            response = read(api, lifecycle, job_id)
            assert response.is_success, response.text
            reached = state_in(lifecycle, response)
            assert reached is not None
            words.append(reached.word)
            api.advance(0.25)

        assert reached is not None
        assert reached.state is State.SUCCEEDED
        live = [one.name for one in lifecycle.words.listed if not one.means[0].is_over and not one.only]
        assert set(words) <= {*live, reached.word}
        assert words[0] == live[0]


@pytest.mark.parametrize("name", ["assemblyai", "leonardo", "luma", "openai", "replicate", "runway"])
def test_an_unknown_id_is_answered_in_the_documents_own_shape(name: str) -> None:
    with serving(name) as api:
        lifecycle = api.lifecycle

        response = read(api, lifecycle, "00000000-0000-4000-8000-000000000000")

        assert response.status_code == 404, response.text
        message = api.jobs.refusals.message
        found = response.json()
        for token in message or ():
            found = found[token]
        assert found


def test_an_unknown_id_may_be_a_word_in_a_response_of_success() -> None:
    with serving("bfl") as api:
        response = api.get("/v1/get_result", params={"id": "nothing"})

        assert (response.status_code, response.json()["status"]) == (200, "Task not found")


def test_two_jobs_have_different_ids_of_the_form_of_the_documents_example() -> None:
    with serving("openai") as api:
        body = {"input_file_id": "file-1", "endpoint": "/v1/responses", "completion_window": "24h"}

        ids = [api.post("/v1/batches", body).json()["id"] for _ in range(2)]

        assert ids[0] != ids[1]
        assert all(one.startswith("batch_") for one in ids)


def test_the_same_requests_get_the_same_responses() -> None:
    answers = []
    for _ in range(2):
        with serving("replicate", seed="a") as api:
            answers.append(api.post("/v1/predictions", {"version": "a/b", "input": {}}).json())

    assert answers[0] == answers[1]


def test_times_and_numbers_are_written_as_the_schema_wants_them() -> None:
    with serving("openai") as api:
        batch = api.post(
            "/v1/batches", {"input_file_id": "f", "endpoint": "/v1/responses", "completion_window": "24h"}
        ).json()
    with serving("runway") as runway:
        task = runway.get(f"/v1/tasks/{runway.post('/v1/image_to_video', VIDEO).json()['id']}").json()

    assert (batch["created_at"], batch["expires_at"]) == (1_800_000_000, 1_800_086_400)
    assert task["createdAt"] == "2027-01-15T08:00:00.250Z"


def test_fields_of_the_submission_are_shown_where_the_response_has_the_same_names() -> None:
    with serving("luma") as api:
        generation = api.post("/dream-machine/v1/generations/image", {"model": "photon-1"}).json()

        assert generation["generation_type"] == "image"
        assert generation["request"]["model"] == "photon-1"


def test_an_id_is_part_of_a_url_in_a_header_and_the_read_takes_what_the_submission_had() -> None:
    base = "/documentintelligence/documentModels/prebuilt-read"
    with serving("azure-document-intelligence") as api:
        submitted = api.post(
            f"{base}:analyze?api-version=2024-11-30", {"urlSource": "https://example.com/a.pdf"}
        )
        url = submitted.headers["operation-location"]
        early = api.get(url)
        api.advance(60)
        done = api.get(url)
        other = api.get(url.replace("prebuilt-read", "prebuilt-layout"))

    assert (submitted.status_code, submitted.content) == (202, b"")
    assert url.endswith("?api-version=2024-11-30")
    assert (early.json()["status"], early.headers["retry-after"]) == ("notStarted", "1")
    assert done.json()["analyzeResult"]["modelId"] == "prebuilt-read"
    assert "retry-after" not in done.headers
    assert other.status_code == 404


def test_a_request_that_does_not_match_the_document_is_refused_in_its_shape() -> None:
    with serving("bfl") as api:
        refused = api.post("/v1/flux-2-pro", {"width": "wide"})

    assert refused.status_code == 422
    assert "required" in refused.json()["detail"][0]["msg"]


@pytest.mark.parametrize(
    ("name", "path", "status"),
    [("replicate", "/v1/files", 401), ("luma", "/dream-machine/v1/generations", 401)],
)
def test_a_missing_or_refused_key_is_answered_in_the_documents_shape(
    name: str, path: str, status: int
) -> None:
    with serving(name, key="invalid-1") as api:
        refused = api.get(path)

    assert refused.status_code == status
    assert refused.json()["detail"] == "Unauthorized"


@pytest.mark.parametrize(("key", "status"), [("limited", 429), ("unfunded", 402), ("broken", 500)])
def test_magic_keys_cause_errors(key: str, status: int) -> None:
    with serving("replicate", key=key) as api:
        assert api.post("/v1/predictions", {"version": "a/b", "input": {}}).status_code == status


def test_an_operation_of_no_lifecycle_responds_with_an_example_that_the_request_log_marks() -> None:
    with serving("replicate") as api:
        shown = api.get("/v1/webhooks/default/secret")
        entry = next(api.twin.request_log.entries())

    assert shown.json()["key"].startswith("whsec_")
    assert entry.made_up == ("",)


def test_values_that_only_a_type_describes_are_marked_in_the_request_log() -> None:
    with serving("replicate") as api:
        api.post("/v1/predictions", {"version": "a/b", "input": {}})
        entry = next(api.twin.request_log.entries())

    assert "/urls/web" in entry.made_up
    assert not {"/id", "/status", "/model"} & set(entry.made_up)


def test_made_up_values_of_a_list_are_marked_by_their_entries() -> None:
    with serving("replicate") as api:
        for _ in range(2):
            api.post("/v1/predictions", {"version": "a/b", "input": {}})
        listed = api.get("/v1/predictions").json()["results"]
        entry = next(api.twin.request_log.entries())

    assert len(listed) == 2
    assert {"/results/0/urls/web", "/results/1/urls/web"} <= set(entry.made_up)


def test_a_body_without_a_content_type_is_of_bytes() -> None:
    with serving("assemblyai") as api:
        uploaded = api.call("POST", "/v2/upload", content=b"RIFF")

    assert (uploaded.status_code, "upload_url" in uploaded.json()) == (200, True)


def test_the_response_of_a_result_has_words_of_its_own() -> None:
    with serving("assemblyai") as api:
        asked = {"audio_url": "https://example.com/a.mp3", "redact_pii_audio": True}
        made = api.post("/v2/transcript", asked).json()
        api.advance(60)

        redacted = api.get(f"/v2/transcript/{made['id']}/redacted-audio").json()

    assert redacted["status"] == "redacted_audio_ready"


def test_a_list_without_pages_has_no_more() -> None:
    with serving("openai") as api:
        api.call("POST", "/v1/files", files={"file": ("a.jsonl", b"{}")}, data={"purpose": "batch"})

        listed = api.get("/v1/files").json()

    assert (len(listed["data"]), listed["has_more"]) == (1, False)


@pytest.mark.parametrize(
    ("name", "kind", "path", "body", "place"),
    [
        ("replicate", "prediction", "/v1/predictions", {"version": "a/b", "input": {}}, ("error",)),
        (
            "luma",
            "generation",
            "/dream-machine/v1/generations/video",
            {"model": "ray-2"},
            ("failure_reason",),
        ),
        ("runway", "task", "/v1/text_to_video", {**VIDEO, "duration": 4}, ("failure",)),
        (
            "openai",
            "fine_tuning",
            "/v1/fine_tuning/jobs",
            {"model": "gpt-4o-mini", "training_file": "file-1"},
            ("error", "message"),
        ),
    ],
)
def test_a_job_that_failed_says_why_and_has_no_result(
    name: str, kind: str, path: str, body: dict[str, Any], place: tuple[str, ...]
) -> None:
    with serving(name) as api:
        lifecycle, control = api.jobs.lifecycles[kind], "http://twin/_safelight"
        id_ = api.post(path, body).json()["id"]
        moved = api.post(f"{control}/jobs/{id_}/move", {"to": "failed"})
        assert moved.is_success, moved.text
        failed = read(api, lifecycle, id_)

    reached = state_in(lifecycle, failed)
    assert reached is not None
    assert reached.state is State.FAILED
    found = failed.json()
    for token in place:
        found = found[token]
    assert found == "The job failed."
    result = lifecycle.result
    assert result is not None
    assert not any(parts_of(failed).value(one) for one in result.places)


def test_a_move_that_the_state_does_not_allow_is_refused_or_ignored() -> None:
    with serving("openai") as api:
        id_ = api.post("/v1/fine_tuning/jobs", {"model": "gpt-4o-mini", "training_file": "f"}).json()["id"]
        path = f"/v1/fine_tuning/jobs/{id_}"
        api.advance(1)
        paused, resumed, cancelled = (
            api.post(f"{path}/{move}").json()["status"] for move in ("pause", "resume", "cancel")
        )
        refused = api.post(f"{path}/cancel")
    with serving("replicate") as other:
        id_ = other.post("/v1/predictions", {"version": "a/b", "input": {}}).json()["id"]
        other.advance(60)
        ignored = other.post(f"/v1/predictions/{id_}/cancel")

    assert (paused, resumed, cancelled) == ("paused", "queued", "cancelled")
    assert refused.status_code == 409
    assert (ignored.status_code, ignored.json()["status"]) == (200, "succeeded")


def test_a_list_has_pages_with_the_newest_job_first() -> None:
    with serving("openai") as api:
        body = {"input_file_id": "f", "endpoint": "/v1/responses", "completion_window": "24h"}
        ids = [api.post("/v1/batches", body).json()["id"] for _ in range(3)]
        first = api.get("/v1/batches?limit=2").json()
        last = api.get(f"/v1/batches?limit=2&after={first['last_id']}").json()

    assert [one["id"] for one in first["data"]] == [ids[2], ids[1]]
    assert ([one["id"] for one in last["data"]], first["has_more"], last["has_more"]) == (
        [ids[0]],
        True,
        False,
    )
