"""Results and inputs of generic vendors: files behind links, bytes of operations, ids of files, uploads."""

import re
from io import BytesIO

import httpx
import pytest
from PIL import Image
from tests.mockserver.vendors.generic.examples import START, Served, serving

OPENAI_FILE = {"file": ("batch.jsonl", b'{"custom_id": "1"}\n', "application/jsonl")}


def picture(response: httpx.Response) -> Image.Image:
    assert response.status_code == 200, response.text
    return Image.open(BytesIO(response.content))


def ids_in(response: httpx.Response) -> list[str]:
    return [one["id"] for one in response.json()["data"]]


def photo() -> bytes:
    file = BytesIO()
    Image.new("RGB", (60, 40), "red").save(file, "PNG")
    return file.getvalue()


def test_an_image_has_the_size_and_the_format_that_the_request_asks_for() -> None:
    with serving("bfl") as api:
        body = {"prompt": "Rain", "width": 128, "height": 96, "output_format": "png"}
        task = api.post("/v1/flux-2-pro", body).json()
        api.advance(60)
        made = picture(api.get(api.get(task["polling_url"]).json()["result"]["sample"]))

    assert (made.format, made.size) == ("PNG", (128, 96))


def test_an_image_is_made_of_the_input_of_its_request() -> None:
    with serving("bfl") as api:
        task = api.post("/v1/flux-2-pro", {"prompt": "Rain", "input_image": "safelight://coffee.jpg"}).json()
        api.advance(60)
        made = picture(api.get(api.get(task["polling_url"]).json()["result"]["sample"]))

    assert made.size == (600, 400)


def test_a_link_works_as_long_as_the_lifecycle_says() -> None:
    with serving("bfl") as api:
        task = api.post("/v1/flux-2-pro", {"prompt": "Rain"}).json()
        api.advance(60)
        link = api.get(task["polling_url"]).json()["result"]["sample"]
        early = api.get(link)
        api.advance(600)
        late = api.get(link)

    assert (early.status_code, late.status_code) == (200, 403)


def test_each_of_several_results_is_another_file() -> None:
    with serving("leonardo") as api:
        body = {"prompt": "Rain", "num_images": 2, "width": 64, "height": 64}
        id_ = api.post("/api/rest/v1/generations", body).json()["sdGenerationJob"]["generationId"]
        api.advance(60)
        shown = api.get(f"/api/rest/v1/generations/{id_}").json()["generations_by_pk"]["generated_images"]
        files = {api.get(one["url"]).content for one in shown}

    assert len(files) == 2


@pytest.mark.parametrize(
    ("path", "body", "beginning"),
    [
        (
            "/v1/text_to_video",
            {"model": "veo3", "ratio": "1280:720", "duration": 4},
            b"\x00\x00\x00\x2cftypisom",
        ),
        ("/v1/text_to_image", {"model": "gen4_image", "ratio": "1024:1024"}, b"\x89PNG"),
        (
            "/v1/text_to_speech",
            {"model": "eleven_multilingual_v2", "voice": {"type": "runway-preset", "presetId": "Maya"}},
            b"ID3",
        ),
    ],
)
def test_a_file_has_the_media_type_of_its_submission(
    path: str, body: dict[str, object], beginning: bytes
) -> None:
    with serving("runway") as api:
        id_ = api.post(path, {"promptText": "Rain", **body}).json()["id"]
        api.advance(60)
        (link,) = api.get(f"/v1/tasks/{id_}").json()["output"]

        assert api.get(link).content.startswith(beginning)


@pytest.mark.slow
def test_a_result_may_be_the_bytes_of_an_operation_and_is_refused_before_and_after_its_time() -> None:
    with serving("openai") as api:
        id_ = api.post(
            "/v1/videos", data={"prompt": "Rain"}, files={"input_reference": ("a.png", photo())}
        ).json()["id"]
        path = f"/v1/videos/{id_}/content"
        early = api.get(path)
        api.advance(60)
        video, thumbnail = api.get(path), api.get(f"{path}?variant=thumbnail")
        api.advance(3_600)
        late = api.get(path)

    assert (early.status_code, late.status_code) == (404, 404)
    assert "no result yet" in early.json()["error"]["message"]
    assert video.headers["content-type"] == "video/mp4"
    assert picture(thumbnail).format == "WEBP"


def test_a_result_may_be_a_file_that_is_shown_and_read_by_its_id() -> None:
    with serving("openai") as api:
        uploaded = api.call("POST", "/v1/files", data={"purpose": "batch"}, files=OPENAI_FILE).json()
        body = {"input_file_id": uploaded["id"], "endpoint": "/v1/responses", "completion_window": "24h"}
        batch = api.post("/v1/batches", body).json()
        api.advance(60)
        made = api.get(f"/v1/batches/{batch['id']}").json()["output_file_id"]
        shown, content = api.get(f"/v1/files/{made}"), api.get(f"/v1/files/{made}/content")

    assert shown.json()["id"] == made
    assert batch["id"] in content.text


def test_a_file_that_a_job_has_made_is_listed_beside_its_input_and_deleted() -> None:
    with serving("openai") as api:
        uploaded = api.call("POST", "/v1/files", data={"purpose": "batch"}, files=OPENAI_FILE).json()
        body = {"input_file_id": uploaded["id"], "endpoint": "/v1/responses", "completion_window": "24h"}
        id_ = api.post("/v1/batches", body).json()["id"]
        before = ids_in(api.get("/v1/files"))
        api.advance(60)
        made = api.get(f"/v1/batches/{id_}").json()["output_file_id"]
        after, created = ids_in(api.get("/v1/files")), api.get(f"/v1/files/{made}").json()["created_at"]
        deleted = api.call("DELETE", f"/v1/files/{made}")
        gone = [api.get(f"/v1/files/{made}{below}").status_code for below in ("", "/content")]
        left, batch = ids_in(api.get("/v1/files")), api.get(f"/v1/batches/{id_}").json()

    assert (before, after, left) == ([uploaded["id"]], [made, uploaded["id"]], [uploaded["id"]])
    assert START < created < START + 60
    assert (deleted.status_code, deleted.json()["id"], gone) == (200, made, [404, 404])
    assert batch["output_file_id"] == made


def test_an_uploaded_file_is_no_job() -> None:
    with serving("openai") as api:
        api.call("POST", "/v1/files", data={"purpose": "batch"}, files=OPENAI_FILE)
        (sandbox,) = api.client.get("/_safelight/sandboxes").json()
        jobs = api.client.get("/_safelight/jobs").json()
        metrics = api.client.get("/_safelight/metrics").text

    assert (sandbox["jobs"], jobs) == (0, [])
    assert re.findall(r"_jobs\{[^}]*\} [1-9]", metrics) == []


def test_an_uploaded_file_is_shown_listed_read_and_deleted() -> None:
    with serving("openai") as api:
        file = api.call("POST", "/v1/files", data={"purpose": "batch"}, files=OPENAI_FILE).json()
        path = f"/v1/files/{file['id']}"
        shown, content = api.get(path).json(), api.get(f"{path}/content")
        listed = api.get("/v1/files").json()["data"]
        batches = api.get("/v1/batches").json()["data"]
        deleted = api.call("DELETE", path)
        gone = api.get(path)

    assert (file["filename"], file["bytes"]) == ("batch.jsonl", 19)
    assert shown == file
    assert content.content == b'{"custom_id": "1"}\n'
    assert [one["id"] for one in listed] == [file["id"]]
    assert batches == []
    assert (deleted.status_code, gone.status_code) == (200, 404)


def test_raw_bytes_are_uploaded_and_used_by_their_url() -> None:
    with serving("assemblyai") as api:
        uploaded = api.call(
            "POST", "/v2/upload", content=b"RIFF", headers={"content-type": "application/octet-stream"}
        ).json()
        transcript = api.post("/v2/transcript", {"audio_url": uploaded["upload_url"]})
        again = api.get(uploaded["upload_url"])

    assert transcript.status_code == 200
    assert again.content == b"RIFF"


def sent_by_form(api: Served, url: str, fields: dict[str, str], content: bytes) -> httpx.Response:
    return api.call("POST", url, data=fields, files={"file": ("cat.png", content)})


def test_a_file_is_sent_to_a_link_by_a_form_and_used_by_what_the_operation_gives() -> None:
    with serving("runway") as api:
        upload = api.post("/v1/uploads", {"filename": "cat.png", "type": "ephemeral"}).json()
        sent = sent_by_form(api, upload["uploadUrl"], upload["fields"], photo())
        body = {"model": "gen4_image", "promptText": "Rain", "ratio": "1024:1024"}
        references = {"referenceImages": [{"uri": upload["runwayUri"]}]}
        id_ = api.post("/v1/text_to_image", {**body, **references}).json()["id"]
        api.advance(60)
        (link,) = api.get(f"/v1/tasks/{id_}").json()["output"]
        made = picture(api.get(link))

    assert upload["runwayUri"].startswith("runway://")
    assert sent.status_code == 204
    assert made.resize((1, 1)).convert("RGB").tobytes() > b"\xc8"  # it is red, as what was uploaded


def test_a_link_for_bytes_takes_no_other_method_and_a_link_to_a_file_takes_none() -> None:
    with serving("bfl") as api, serving("runway") as other:
        task = api.post("/v1/flux-2-pro", {"prompt": "Rain"}).json()
        api.advance(60)
        link = api.get(task["polling_url"]).json()["result"]["sample"]
        upload = other.post("/v1/uploads", {"filename": "cat.png", "type": "ephemeral"}).json()

        assert api.call("PUT", link, content=b"1").status_code == 405
        assert other.call("PUT", upload["uploadUrl"], content=b"1").status_code == 403
        assert other.get(upload["uploadUrl"]).status_code == 403


def test_a_job_begins_once_the_client_has_made_its_moves_and_sent_all_parts() -> None:
    body = {
        "source": {"container": "mp4", "size": 1, "duration": 1, "frameCount": 1, "frameRate": 1,
                   "resolution": {"width": 64, "height": 64}},
        "filters": [{"model": "prob-4"}],
        "output": {"resolution": {"width": 64, "height": 64}, "frameRate": 1, "audioCodec": "AAC",
                   "audioTransfer": "Copy", "dynamicCompressionLevel": "High"},
    }  # fmt: skip
    with serving("topaz-video") as api:
        made = api.post("/video/express", body)
        assert made.is_success, made.text
        id_ = made.json()["requestId"]
        api.advance(60)
        waiting = api.get(f"/video/{id_}/status").json()["status"]
        for url in made.json()["uploadUrls"]:
            assert api.call("PUT", url, content=b"part").status_code == 200
        begun = api.get(f"/video/{id_}/status").json()["status"]
        api.advance(60)
        done = api.get(f"/video/{id_}/status").json()["status"]

    assert (waiting, begun, done) == ("requested", "initializing", "complete")


def test_a_list_of_files_has_those_with_the_fields_that_parameters_name() -> None:
    with serving("openai") as api:
        names = [
            api.call("POST", "/v1/files", data={"purpose": purpose}, files=OPENAI_FILE).json()["id"]
            for purpose in ("batch", "fine-tune")
        ]
        batch = ids_in(api.get("/v1/files?purpose=batch"))
        other = ids_in(api.get("/v1/files?purpose=fine-tune&limit=5"))

    assert (batch, other) == (names[:1], names[1:])
