"""Starts one server at a time and measures it: its start, its memory, and how it bears three loads."""

import atexit
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import httpx

HERE = Path(__file__).resolve().parent
PHOTOGRAPH = HERE.parent / "tests" / "data" / "coffee.jpg"  # 103 KB
AUTOCANNON = HERE / "node_modules" / ".bin" / "autocannon"
DISTINCT = HERE / "distinct-uploads.cjs"  # autocannon, which numbers the uploads, here:
PLACE = b"safelight-bench-0000000000"
KEY = {"X-API-Key": "bench"}
NOBODY = "00000000-0000-4000-8000-000000000000"

ON_CORE = ("taskset", "--cpu-list")
CONNECTIONS = 16
PATIENCE = 30.0  # seconds a server may take to start
PAUSE = 0.002  # seconds between two looks at a starting server
SETTLED = 1.0  # seconds after its first answer at which a server counts as idle


class BenchError(Exception):
    """Something that is needed to measure is missing or does not work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Something to measure.

    - `command`: what starts it; a port follows.
    - `base`: the path its API begins with.
    - `warm_up`: seconds of load that are not counted.
    """

    command: Sequence[str | Path]
    base: str = ""
    warm_up: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadResult:
    """What the load generator saw: 2xx answers per second, other answers, time-outs and broken sockets.

    `cost` is the CPU time of the server's process for one request, in microseconds.
    """

    rate: float
    cost: float
    refused: int
    lost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One server in one round: seconds to the first answer, idle memory in MB, and all workloads."""

    start: float
    memory: float
    status: LoadResult
    upload: LoadResult
    distinct: LoadResult


def output(*command: str | Path) -> str:
    """Run a command to its end; return what it prints."""
    done = subprocess.run(  # noqa: S603 # the commands are ours alone
        command, cwd=HERE, capture_output=True, check=False, text=True
    )
    if done.returncode:
        raise BenchError(f"{' '.join(map(str, command))} failed:\n{done.stderr}")
    return done.stdout


def measure_once(server: Server, seconds: int) -> Sample:
    """Start a server, measure it, stop it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}{server.base}"
    with httpx.Client(base_url=url, headers=KEY, trust_env=False) as client:
        began = time.perf_counter()
        with running([*ON_CORE, "0", *server.command, str(port)]) as process:
            await_answer(client, process)
            start = time.perf_counter() - began
            time.sleep(SETTLED)
            memory = proportional_megabytes(process.pid)
            loaded = partial(load, process.pid, (seconds, server.warm_up))
            with numbered_photograph() as numbered:
                return Sample(
                    start=start,
                    memory=memory,
                    status=loaded(AUTOCANNON, f"{url}/status/{submit(client)}"),
                    upload=loaded(AUTOCANNON, f"{url}/enhance/async", *form(PHOTOGRAPH)),
                    distinct=loaded(DISTINCT, f"{url}/enhance/async", *form(numbered)),
                )


@contextmanager
def running(command: Sequence[str | Path]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server; what it prints is thrown away.

    Python keeps what it compiles, whatever this environment says, as after an installation: a start that
    compiles all modules takes three times as long. Files go to a folder here, and are removed when the
    measurement ends: ext4 looks at each inode that was deleted nearby within the last minutes before it makes
    a file, which can take a millisecond where a server, or a test suite, has removed thousands.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["TMPDIR"] = tempfile.mkdtemp(dir=_scratch())
    process = subprocess.Popen(  # noqa: S603 # the commands are ours alone
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    )
    try:
        yield process
    finally:
        process.kill()  # which leaves its files
        process.wait()


@cache
def _scratch() -> Path:
    """Make a folder for all servers, deleted when this process ends."""
    folder = Path(tempfile.mkdtemp(prefix=".servers-", dir=HERE))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def await_answer(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    """Send requests until there is a response."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            client.get(f"status/{NOBODY}")
        except httpx.TransportError:
            time.sleep(PAUSE)
        else:
            return
    raise BenchError(f"no answer from: {process.args!r}")


def proportional_megabytes(pid: int) -> float:
    """Read a process's share of memory."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) / 1024


def submit(client: httpx.Client) -> str:
    """Submit the photograph; return the job's id."""
    answer = client.post("enhance/async", files={"image": (PHOTOGRAPH.name, PHOTOGRAPH.read_bytes())})
    if not answer.is_success:
        raise BenchError(f"{answer.url} answers {answer.status_code}: {answer.text}")
    return str(answer.json()["process_id"])


@contextmanager
def numbered_photograph() -> Iterator[Path]:
    """Write the photograph down with a place for a number, in a comment after its first marker."""
    content = PHOTOGRAPH.read_bytes()
    comment = b"\xff\xfe" + (2 + len(PLACE)).to_bytes(2) + PLACE
    with tempfile.NamedTemporaryFile(suffix=".jpg") as file:
        file.write(content[:2] + comment + content[2:])
        file.flush()
        yield Path(file.name)


def form(picture: Path) -> Sequence[str]:
    """Return what makes autocannon upload a picture."""
    return "--method=POST", f"--form={json.dumps({'image': {'type': 'file', 'path': str(picture)}})}"


def load(pid: int, timing: tuple[int, int], generator: Path, url: str, *options: str) -> LoadResult:
    """Send requests to a URL from `CONNECTIONS` connections, and return the rate and the CPU time of each.

    `timing` has the seconds to measure and those to warm up before; the CPU time is that of process `pid`;
    `generator` is the script of autocannon, and `options` are added to its command line.
    """
    size = ("-c", str(CONNECTIONS), "-d")
    seconds, warm_up = map(str, timing)
    duration = (*size, seconds, "--warmup", "[", *size, warm_up, "]")
    headers = (f"--headers={name}={value}" for name, value in KEY.items())
    command = (*ON_CORE, "1", "node", generator, "--json", "--no-progress")
    before = cpu_seconds(pid)
    printed = output(*command, *duration, *headers, *options, url)
    took = cpu_seconds(pid) - before
    warmed, measured = map(json.loads, printed.splitlines()[-2:])
    total = warmed["requests"]["total"] + measured["requests"]["total"]
    return LoadResult(
        rate=measured["2xx"] / measured["duration"],
        cost=took / max(1, total) * 1e6,
        refused=measured["non2xx"],
        lost=measured["errors"],
    )


def cpu_seconds(pid: int) -> float:
    """Return the CPU time that a process has taken, in all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
