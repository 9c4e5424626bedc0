"""Compare vendors made of documents with the built-in ones: polls, and starts with many or large documents.

All is CPU time. Polls are timed in one process, in interleaved turns, and each start in a process of its own.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from bounds import BASE, KEY, NOON, ORIGIN, submit
from safelight_mock import Settings, Spec, Twin
from safelight_mock.wire.messages import Request

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
BEARER = {"authorization": "Bearer bench", "content-type": "application/json"}
RUNWAY = {**BEARER, "x-runway-version": "2024-11-06"}
PREDICTION = b'{"version": "owner/model:v1", "input": {"prompt": "Rain"}}'
VIDEO = b'{"promptText": "Rain", "model": "gen4_image", "ratio": "1920:1080"}'

# Jobs of examples: where they are submitted and read, with which headers and body.
SUBMISSIONS: Mapping[str, tuple[str, str, Mapping[str, str], bytes]] = {
    "replicate": ("/v1/predictions", "/v1/predictions/{}", BEARER, PREDICTION),
    "runway": ("/v1/text_to_image", "/v1/tasks/{}", RUNWAY, VIDEO),
}

POLLS = 1_000  # of one turn; time passes between two of them, so that what shows progress changes
STEP = 0.01  # seconds of the clock between two polls
SPEEDUP = 1e-5  # of jobs: they run for days
WAITED = 0.6 / SPEEDUP  # seconds after which they run
TURNS = 15  # of which the quickest counts
STARTS = 7  # of which the quickest, and the smallest, counts
DOCUMENTS = 100
SIZE = 35_000  # bytes of each of many documents
SERVE = """
import sys, time
from safelight_mock import Settings, Twin
twin = Twin(Settings(cache={cache!r}), specs=sys.argv[1:])
took = time.process_time()
with open("/proc/self/smaps_rollup") as file:
    memory = next(int(line.split()[1]) for line in file if line.startswith("Pss:"))
print(took, memory / 1024)
twin.close()
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """Seconds of CPU time of a process until its twin is there, and its memory (PSS) in MB."""

    seconds: float
    memory: float


@dataclass(slots=True, kw_only=True)
class Clock:
    """Real time, which passes when it is read."""

    at: float

    def tick(self) -> float:
        """Return the time, a little later each time."""
        self.at += STEP
        return self.at


@click.command()
@click.option("--document", type=click.Path(exists=True, dir_okay=False), help="A large document to start.")
def main(document: str | None) -> None:
    """Print each figure as a line of Markdown."""
    costs = poll_costs()
    shares = ", ".join(f"{name} {cost / costs['topaz']:.2f}" for name, cost in costs.items())
    click.echo(
        f"- CPU time of a poll in polls of the built-in Topaz ({costs['topaz'] * 1e6:.1f} µs): {shares}."
    )
    with tempfile.TemporaryDirectory() as folder:
        paths = [str(path) for path in written_documents(Path(folder))]
        run(paths, is_cached=True)  # checks them
        alone, many = started([], paths, is_cached=True)
    click.echo(
        f"- {DOCUMENTS} documents of {SIZE // 1000} KB, checked before, multiply the time of a start by "
        f"{many.seconds / alone.seconds:.2f} ({many.seconds:.2f} s) and its memory by "
        f"{many.memory / alone.memory:.2f} ({many.memory:.0f} MB)."
    )
    if document:
        (first,) = started([document], is_cached=False)
        click.echo(
            f"- A document of {Path(document).stat().st_size / 1e6:.1f} MB, new: {first.seconds:.2f} s."
        )


def poll_costs() -> dict[str, float]:
    """Return the seconds of CPU time that a poll of a running job takes, by vendor."""
    clock = Clock(at=NOON)
    specs = [
        Spec(EXAMPLES / name / "openapi.yaml", EXAMPLES / name / "lifecycle.overlay.yaml", name=name)
        for name in SUBMISSIONS
    ]
    twin = Twin(Settings(seed="bench", job_speedup=SPEEDUP), specs=specs, real=clock.tick)
    calls = {"topaz": f"{BASE}/status/{submit(twin)}"}
    headers: dict[str, Mapping[str, str]] = {"topaz": KEY}
    for name, (path, read, sent, body) in SUBMISSIONS.items():
        request = Request(
            method="POST", origin=ORIGIN, path=f"/{name}{path}", headers=sent, body=body, at=twin.real()
        )
        calls[name], headers[name] = (
            f"/{name}{read.format(twin.run_until_response(request).value['id'])}",
            sent,
        )
    clock.at += WAITED  # all jobs run now
    costs: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(TURNS):
        for name, path in calls.items():
            costs[name].append(poll_cost(twin, path, headers[name]))
    twin.close()
    return {name: min(several) for name, several in costs.items()}


def poll_cost(twin: Twin, path: str, headers: Mapping[str, str]) -> float:
    """Return the CPU time of one of several polls in a row, in seconds."""
    calls = [
        Request(method="GET", origin=ORIGIN, path=path, headers=headers, at=twin.real()) for _ in range(POLLS)
    ]
    began = time.process_time()
    for call in calls:
        twin.run_until_response(call)
    return (time.process_time() - began) / POLLS


def written_documents(folder: Path) -> Iterator[Path]:
    """Write many documents of one size, each with a lifecycle and schemas of its own."""
    for number in range(DOCUMENTS):
        path = folder / f"api-{number}.json"
        path.write_text(json.dumps(document(number)), encoding="utf-8")
        yield path


def document(number: int) -> dict[str, object]:
    """Return a document of about SIZE bytes."""
    schema = {
        "type": "object",
        "required": ["id", "status"],
        "properties": {
            "id": {"type": "string"},
            "status": {"type": "string", "enum": ["queued", "running", "done", "failed"]},
            **{f"field_{n}": {"type": "string", "description": f"Field {n} of {number}."} for n in range(20)},
        },
    }
    job = {"$ref": "#/components/schemas/Job"}
    response = {"200": {"description": "The job.", "content": {"application/json": {"schema": job}}}}
    parameter = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    schemas: dict[str, object] = {"Job": schema}
    paths: dict[str, object] = {
        "/jobs": {"post": {"operationId": "createJob", "responses": response}},
        "/jobs/{id}": {"get": {"operationId": "getJob", "parameters": [parameter], "responses": response}},
    }
    made: dict[str, object] = {
        "openapi": "3.1.0",
        "info": {"title": f"API {number}", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
        "x-async-jobs": {
            "version": "2",
            "lifecycles": {
                "job": {
                    "submit": ["createJob"],
                    "id": {"from": "$response.body#/id", "parameter": "id"},
                    "read": {"operation": "getJob", "state": "$response.body#/status"},
                    "states": {
                        "queued": "queued",
                        "running": "running",
                        "done": "succeeded",
                        "failed": "failed",
                    },
                }
            },
        },
    }
    size = len(json.dumps(made))
    each = len(json.dumps(schema)) + 20
    schemas.update({f"Other{n}": schema for n in range((SIZE - size) // each)})
    return made


def started(*several: Sequence[str], is_cached: bool) -> list[Started]:
    """Start twins with each of several lists of documents, in turns."""
    rounds = [[run(paths, is_cached=is_cached) for paths in several] for _ in range(STARTS)]
    return [
        Started(seconds=min(one.seconds for one in runs), memory=min(one.memory for one in runs))
        for runs in zip(*rounds, strict=True)
    ]


def run(paths: Sequence[str], *, is_cached: bool) -> Started:
    """Start a twin once."""
    script = SERVE.format(cache=is_cached)
    done = subprocess.run(  # noqa: S603 # the command is ours alone
        (sys.executable, "-c", script, *paths), capture_output=True, check=True, text=True
    )
    seconds, memory = map(float, done.stdout.split())
    return Started(seconds=seconds, memory=memory)


if __name__ == "__main__":
    main()
