"""Measure what must stay small: the cost of a poll among many jobs, and the memory of large pictures."""

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import click
import httpx
import pyvips

from safelight_mock import Settings, Twin
from safelight_mock.core.picture import Format, Picture
from safelight_mock.wire.messages import JSON, Form, ReceivedFile, Request

TWIN = Path(sys.executable).with_name("safelight-mock")
PHOTOGRAPH = Path(__file__).resolve().parent.parent / "tests" / "data" / "coffee.jpg"
BASE = "/topaz/image/v1"
KEY = {"x-api-key": "bench"}

# By vendor: where a job is submitted, with what, and where it is read.
EDITS, ARTWORKS = "/claid/v1/image/edit/async", "/tengr/v2/artworks"
SUBMISSIONS: Mapping[str, tuple[str, bytes, Callable[[JSON], str]]] = {
    "Claid": (
        EDITS,
        b'{"input": "safelight://coffee.jpg", "operations": {}}',
        lambda response: f"{EDITS}/{response['data']['id']}",
    ),
    "Tengr": (
        f"{ARTWORKS}/detailer-upscaler",
        b'{"imageUrl": "safelight://coffee.jpg"}',
        lambda response: f"{ARTWORKS}/{response['id']}",
    ),
}

NOON = 1_800_000_000.0  # in Unix seconds; the clock stops while polls are timed
ORIGIN = "http://twin.example"
FEW, MANY = 10, 100_000  # jobs in the twin
POLLS = 2_000  # in a row, of jobs that lie evenly among all
TURNS = 9  # of which the quickest counts: a busy machine makes others slower, none quicker
WIDE, HIGH = 6_250, 5_334  # a picture of 100 MB, uncompressed
LARGEST = {"output_width": "32000", "output_height": "16000"}  # 512 MP, the most there may be
PATIENCE = 900.0  # seconds a call may take
MB = 1_000_000


@click.command()
@click.option("--heavy", is_flag=True, help="Measure a result of 512 MP, too; takes minutes.")
def main(*, heavy: bool) -> None:
    """Print each figure as a line of Markdown."""
    few, many = poll_cost(FEW), poll_cost(MANY)
    click.echo(
        f"- A poll takes {few * 1e6:.1f} µs with {FEW} jobs in the twin, {many * 1e6:.1f} µs with {MANY:,}: "
        f"**{many / few:.2f}** times as long."
    )
    shares = ", ".join(f"{vendor} {vendor_cost(vendor) / few:.2f}" for vendor in SUBMISSIONS)
    click.echo(f"- A poll at other vendors takes, in Topaz polls: {shares}.")
    click.echo(f"- An upload of 100 MB raises the twin's peak memory by **{peak(upload):.0f} MB**.")
    if heavy:
        click.echo(f"- A result of 512 MP raises it by **{peak(render):.0f} MB**.")


def poll_cost(jobs: int) -> float:
    """Return the seconds a poll takes without a socket, with so many jobs in the twin; none of them ends."""
    twin = Twin(Settings(max_jobs=MANY, seed="bench"), real=lambda: NOON)
    ids = [submit(twin) for _ in range(jobs)]
    polled = [ids[number * jobs // POLLS] for number in range(POLLS)]
    calls = [
        Request(method="GET", origin=ORIGIN, path=f"{BASE}/status/{job}", headers=KEY, at=NOON)
        for job in polled
    ]
    took = min(timed(partial(answer_all, twin, calls)) for _ in range(TURNS))
    twin.close()
    return took / POLLS


def vendor_cost(vendor: str) -> float:
    """Return the seconds a poll of a job in progress takes at a vendor that takes JSON."""
    path, body, read = SUBMISSIONS[vendor]
    with closing(Twin(Settings(seed="bench"), real=lambda: NOON)) as twin:
        headers = {"authorization": "Bearer bench", "content-type": "application/json"}
        taken = twin.run_until_response(
            Request(method="POST", origin=ORIGIN, path=path, headers=headers, body=body, at=NOON)
        )
        calls = [
            Request(method="GET", origin=ORIGIN, path=read(taken.value), headers=headers, at=NOON)
        ] * POLLS
        return min(timed(partial(answer_all, twin, calls)) for _ in range(TURNS)) / POLLS


def submit(twin: Twin) -> str:
    """Submit an input URL that is never loaded, because the job is not read to its end."""
    picture = Picture(format=Format.JPEG, width=600, height=400)
    image = ReceivedFile(digest="0" * 64, size=1, filename="image.jpg", picture=picture)
    form, headers = Form(files={"image": image}), {**KEY, "content-type": "multipart/form-data"}
    path = f"{BASE}/enhance/async"
    call = Request(method="POST", origin=ORIGIN, path=path, headers=headers, body=form, at=NOON)
    return str(twin.run_until_response(call).value["process_id"])


def answer_all(twin: Twin, calls: list[Request]) -> None:
    """Answer one call after the other."""
    for call in calls:
        twin.run_until_response(call)


def timed(work: Callable[[], None]) -> float:
    """Return how long some work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def peak(work: Callable[[httpx.Client], None]) -> float:
    """Return by how many MB a twin's peak memory rises while it does some work."""
    with serving() as (pid, client):
        send(client, PHOTOGRAPH)
        before = most_memory(pid)
        work(client)
        return (most_memory(pid) - before) / MB


@contextmanager
def serving() -> Iterator[tuple[int, httpx.Client]]:
    """Run a twin; yield its process id and a client for it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(  # noqa: S603 # the command is ours alone
        (TWIN, "serve", "--port", str(port)), stderr=subprocess.DEVNULL
    )
    url, retrying = f"http://127.0.0.1:{port}{BASE}", httpx.HTTPTransport(retries=10, trust_env=False)
    try:
        with httpx.Client(base_url=url, headers=KEY, transport=retrying, timeout=PATIENCE) as client:
            yield process.pid, client
    finally:
        process.terminate()
        process.wait()


def most_memory(pid: int) -> int:
    """Read the most memory a process ever had, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")) * 1024


def send(client: httpx.Client, file: Path, **fields: str) -> str:
    """Submit a file; return the job's id."""
    with file.open("rb") as image:
        answer = client.post("enhance/async", files={"image": image}, data=fields)
    return str(answer.raise_for_status().json()["process_id"])


def upload(client: httpx.Client) -> None:
    """Send a picture of 100 MB."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "large.tif"
        pyvips.Image.black(WIDE, HIGH, bands=3).tiffsave(str(file))
        send(client, file)


def render(client: httpx.Client) -> None:
    """Have the largest result there may be made, and fetch it."""
    job = send(client, PHOTOGRAPH, **LARGEST)
    while client.get(f"status/{job}").json()["progress"] < 100:  # noqa: PLR2004 # per cent
        time.sleep(1)
    link = client.get(f"download/{job}").raise_for_status().json()["download_url"]
    with httpx.stream("GET", link, timeout=PATIENCE, trust_env=False) as answer:
        answer.raise_for_status()
        for _ in answer.iter_bytes():
            pass


if __name__ == "__main__":
    main()
