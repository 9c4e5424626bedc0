"""Every documented response of success of every operation of the examples is reached by ordinary requests.

Most are by the lifecycles' stories, which the dry run plays; the rest is here, a sequence for each API.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import httpx
import pytest
from tests.examples.served import NAMES, SPECS

from safelight_lifecycle import parse_expression
from safelight_mock import ClockMode, Settings, Twin, TwinTransport
from safelight_mock.adapters.dry_run.control import Exchange, SandboxControl
from safelight_mock.adapters.dry_run.example_requests import ExampleRequests
from safelight_mock.adapters.dry_run.player import Player
from safelight_mock.wire.api import Api

pytestmark = pytest.mark.slow

ORIGIN = "http://mock.local"
HOUR = 3_600.0


@dataclass(frozen=True, kw_only=True)
class Caller:
    """A client of one API; a parameter that a call names is set, the others are those of an example."""

    control: SandboxControl
    requests: ExampleRequests

    def call(
        self, operation: str, parameters: Mapping[str, str] | None = None, **headers: str
    ) -> httpx.Response:
        """Call an operation, which has to succeed."""
        edits = {parse_expression(f"$request.header.{name}"): value for name, value in headers.items()}
        response = self.control.send(self.requests.request(operation, parameters, edits))
        assert response.is_success, response.text
        return response

    def wait(self) -> None:
        """Let more time pass than a job takes."""
        self.control.advance(HOUR)


def assemblyai(client: Caller) -> None:
    client.call("uploadFile")
    transcript = {"transcript_id": client.call("createTranscript").json()["id"]}
    client.wait()
    client.call("deleteTranscript", transcript)


def azure(client: Caller) -> None:
    model = {"modelId": "prebuilt-layout", "api-version": "2024-11-30"}
    for output in ("pdf", "figures"):
        analysis = client.call("DocumentModels_AnalyzeDocument", {**model, "output": output})
        result = {**model, "resultId": last_of_path(analysis.headers["operation-location"])}
        client.wait()
        if output == "pdf":
            client.call("DocumentModels_GetAnalyzeResultPdf", result)
        else:
            read = client.call("DocumentModels_GetAnalyzeResult", result).json()
            figure = {"figureId": read["analyzeResult"]["figures"][0]["id"]}
            client.call("DocumentModels_GetAnalyzeResultFigure", {**result, **figure})
    client.call("DocumentModels_DeleteAnalyzeResult", result)
    batch = client.call("DocumentModels_AnalyzeBatchDocuments", model)
    client.wait()
    batch_result = {**model, "resultId": last_of_path(batch.headers["operation-location"])}
    client.call("DocumentModels_DeleteAnalyzeBatchResult", batch_result)


def last_of_path(url: str) -> str:
    return httpx.URL(url).path.rpartition("/")[2]


def fal(client: Caller) -> None:
    client.call("streamStatus", {"request_id": client.call("submit").json()["request_id"]})
    client.call("GET /.well-known/jwks.json")
    client.call("deleteComputeInstance", {"id": client.call("createComputeInstance").json()["id"]})


def leonardo(client: Caller) -> None:
    client.call("getUserSelf")
    generation = client.call("createGeneration").json()["sdGenerationJob"]["generationId"]
    client.call("deleteGenerationById", {"id": generation})
    image = {"id": client.call("uploadInitImage").json()["uploadInitImage"]["id"]}
    client.call("getInitImageById", image)
    client.call("deleteInitImageById", image)


def luma(client: Caller) -> None:
    client.call("deleteGeneration", {"id": client.call("createGeneration").json()["id"]})


def openai(client: Caller) -> None:
    video = {"video_id": client.call("createVideo").json()["id"]}
    client.wait()
    client.call("DeleteVideo", video)
    tuning = {"fine_tuning_job_id": client.call("createFineTuningJob").json()["id"]}
    while client.call("retrieveFineTuningJob", tuning).json()["status"] != "running":
        pass  # each read moves the clock to the next word
    client.call("pauseFineTuningJob", tuning)
    client.call("resumeFineTuningJob", tuning)
    client.call("deleteResponse", {"response_id": client.call("createResponse").json()["id"]})
    file = {"file_id": client.call("createFile").json()["id"]}
    client.call("listFiles")
    client.call("retrieveFile", file)
    client.call("deleteFile", file)


def replicate(client: Caller) -> None:
    for name in ("predictions", "models.predictions", "deployments.predictions"):
        client.call(f"{name}.create", Prefer="wait=1")  # less than a prediction takes
    client.call("webhooks.default.secret.get")
    file = {"file_id": client.call("files.create").json()["id"]}
    client.call("files.list")
    client.call("files.get", file)
    client.call("files.delete", file)


def runway(client: Caller) -> None:
    client.call("POST /v1/uploads")


def topaz_video(client: Caller) -> None:
    at_once = {"requestId": client.call("CreateVideoRequest").json()["requestId"]}
    client.call("CancelVideoRequest", at_once)
    client.call("DeleteVideoFiles", at_once)
    running = {"requestId": client.call("CreateVideoRequest").json()["requestId"]}
    client.call("AcceptVideoRequest", running)
    client.call("CompleteVideoUpload", running)
    while client.call("GetVideoRequestStatus", running).json()["status"] != "processing":
        pass  # as above
    client.call("CancelVideoRequest", running)


SEQUENCES: Mapping[str, Callable[[Caller], None]] = {
    "assemblyai": assemblyai,
    "azure-document-intelligence": azure,
    "fal": fal,
    "leonardo": leonardo,
    "luma": luma,
    "openai": openai,
    "replicate": replicate,
    "runway": runway,
    "topaz-video": topaz_video,
}


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    served = Twin(Settings(clock=ClockMode.AUTO), specs=SPECS)
    yield served
    served.close()


@pytest.mark.parametrize("name", NAMES)
def test_every_documented_success_is_reached(twin: Twin, name: str) -> None:
    api = twin.served[name].api
    with httpx.Client(transport=TwinTransport(twin)) as client:
        steps = [*Player(api=api, slug=name, client=client, origin=ORIGIN).play()]
        exchanges = [exchange for step in steps for exchange in step.exchanges]
        if name in SEQUENCES:
            exchanges += exchanged(SEQUENCES[name], caller(client, api, name))

    assert documented(api) - {*reached(api, name, exchanges)} == set()


def caller(client: httpx.Client, api: Api, name: str) -> Caller:
    opened = client.post(f"{ORIGIN}/_safelight/sandboxes", json={"vendor": name, "key": "reach"}).json()
    control = SandboxControl(client=client, origin=ORIGIN, sandbox=opened["name"])
    return Caller(control=control, requests=ExampleRequests(api=api, slug=name, key="reach", origin=ORIGIN))


def exchanged(sequence: Callable[[Caller], None], client: Caller) -> Iterable[Exchange]:
    sequence(client)
    return client.control.taken()


def documented(api: Api) -> set[tuple[str, int]]:
    return {
        (operation.id, int(code))
        for operation in api.operations.values()
        for code in operation.described["responses"]
        if code.startswith("2")
    }


def reached(api: Api, name: str, exchanges: Iterable[Exchange]) -> Iterator[tuple[str, int]]:
    for exchange in exchanges:
        url = exchange.request.url
        if url.path.startswith(f"/{name}/"):  # neither files nor the control plane
            below = url.path.removeprefix(f"/{name}")
            operation, _ = api.route(exchange.request.method, below, url.query.decode())
            yield operation.id, exchange.response.status_code
