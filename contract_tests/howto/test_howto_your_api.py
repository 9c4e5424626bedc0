"""Shown in docs/your-api.md."""

import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from safelight_mock import ClockMode, MockServer, Settings, Spec

KEY = "my-test"
ACME = """\
openapi: 3.1.2
info: {title: Acme renders, version: 1.0.0}
servers: [{url: https://api.acme.example/v1}]
security: [{key: []}]
paths:
  /renders:
    post:
      operationId: createRender
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [prompt]
              properties:
                prompt: {type: string, minLength: 1}
                webhook_url: {type: string, format: uri}
      responses:
        '202': {$ref: '#/components/responses/Render'}
        '401': {$ref: '#/components/responses/Error'}
        '422': {$ref: '#/components/responses/Error'}
  /renders/{render_id}:
    get:
      operationId: getRender
      parameters: [{name: render_id, in: path, required: true, schema: {type: string, format: uuid}}]
      responses:
        '200': {$ref: '#/components/responses/Render'}
        '401': {$ref: '#/components/responses/Error'}
        '404': {$ref: '#/components/responses/Error'}
  /renders/{render_id}/cancel:
    post:
      operationId: cancelRender
      parameters: [{name: render_id, in: path, required: true, schema: {type: string, format: uuid}}]
      responses:
        '200': {$ref: '#/components/responses/Render'}
        '401': {$ref: '#/components/responses/Error'}
        '404': {$ref: '#/components/responses/Error'}
        '409': {$ref: '#/components/responses/Error'}
components:
  securitySchemes:
    key: {type: http, scheme: bearer}
  responses:
    Render:
      description: A render.
      content:
        application/json:
          schema:
            type: object
            required: [id, status]
            properties:
              id: {type: string, format: uuid}
              status: {type: string, enum: [queued, rendering, done, failed, cancelled]}
              prompt: {type: string}
              image_url: {type: string, format: uri}
              error: {type: string}
    Error:
      description: Why it was refused.
      content:
        application/json:
          schema:
            type: object
            required: [message]
            properties: {message: {type: string}}
"""


RENDER = """\
import sys

from safelight import JobApi

from acme_client import jobs
from acme_client.async_jobs import API
from acme_client.models import CreateRenderBody

with JobApi(API, api_key="my-test", base_url=sys.argv[1]) as acme:
    render = jobs.create_render(acme, body=CreateRenderBody(prompt="a lighthouse"))
    render.wait(on_progress=lambda status: print(status.vendor_state))
    print(render.save("lighthouse.png"))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("acme")
    (folder / "acme.yaml").write_text(ACME)
    run(folder, "safelight-mock infer acme.yaml -o lifecycle.overlay.yaml")
    return folder


def run(folder: Path, command: str) -> str:
    """Run a command, which must succeed, and return what it prints."""
    program, *arguments = shlex.split(command)
    path = Path(sys.executable).with_name(program)
    return subprocess.run([path, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def server(folder: Path) -> Iterator[MockServer]:
    acme = Spec(folder / "acme.yaml", lifecycle=folder / "lifecycle.overlay.yaml")
    with MockServer(Settings(clock=ClockMode.AUTO), specs=[acme]) as server:
        yield server


@pytest.fixture
def acme(server: MockServer) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {KEY}"}
    with httpx.Client(base_url=f"{server.origin}/acme/v1", headers=headers) as client:
        yield client


def test_the_lifecycle_fits_the_document(folder: Path) -> None:
    checked = run(folder, "safelight-mock check acme.yaml --lifecycle lifecycle.overlay.yaml")

    assert "0 errors, 0 warnings" in checked


def test_a_dry_run_plays_it_to_the_end(folder: Path) -> None:
    printed = run(folder, "safelight-mock dry-run acme.yaml --lifecycle lifecycle.overlay.yaml --quiet")

    steps = [line.strip() for line in printed.splitlines()[2:]]
    assert [step.partition(":")[0] for step in steps] == [
        "submit",
        "poll",
        "result",
        "webhook",
        "cancel",
        "failure",
        "unknown id",
        "no key",
        "wrong key",
        "bad body",
    ]
    assert steps[1] == "poll: queued -> rendering -> done"


def test_a_job_runs_to_its_image(server: MockServer, acme: httpx.Client) -> None:
    render = acme.post("/renders", json={"prompt": "a lighthouse"}).json()

    words = [render["status"]]
    while words[-1] not in ("done", "failed"):
        render = acme.get(f"/renders/{render['id']}").json()
        words.append(render["status"])

    assert words[-1] == "done"
    image = httpx.get(render["image_url"])  # without the key: a link needs none
    assert image.headers["content-type"].startswith("image/")
    assert not server.twin.credential_leaks


def test_a_job_fails_when_a_test_wants_it(server: MockServer, acme: httpx.Client) -> None:
    render = acme.post("/renders", json={"prompt": "a lighthouse"}).json()

    acme.post(f"{server.origin}/_safelight/jobs/{render['id']}/move", json={"to": "failed"})

    assert acme.get(f"/renders/{render['id']}").json()["status"] == "failed"


def test_what_the_document_does_not_allow_is_refused_in_its_own_shape(acme: httpx.Client) -> None:
    refused = acme.post("/renders", json={"prompt": ""})

    assert refused.status_code == 422
    assert [*refused.json()] == ["message"]


def test_a_program_has_a_typed_client(folder: Path, server: MockServer) -> None:
    spec = "--spec acme.yaml --lifecycle lifecycle.overlay.yaml --package acme_client"
    run(folder, f"safelight-codegen generate {spec}")
    (folder / "render.py").write_text(RENDER)

    printed = run(folder, f"python render.py {server.url('acme')}")

    assert printed.split() == ["rendering", "done", "lighthouse.png"]
    assert (folder / "lighthouse.png").stat().st_size > 0
