"""Time the twin against its peers in interleaved rounds; the medians and their ratios go to RESULTS.md."""

import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import click
import httpx

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
TWIN = Path(sys.executable).with_name("safelight-mock")
SPEC = HERE.parent / "generated" / "safelight_specs" / "topaz.json"
PHOTOGRAPH = HERE.parent / "tests" / "data" / "coffee.jpg"  # 103 KB
JAR = MODULES / "wiremock" / "build" / "wiremock-standalone-3.13.2.jar"
FORM = json.dumps({"image": {"type": "file", "path": str(PHOTOGRAPH)}})
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
class Load:
    """What the load generator saw: 2xx answers per second, other answers, time-outs and broken sockets."""

    rate: float
    refused: int
    lost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One server in one round: seconds to the first answer, idle memory in MB, and both workloads."""

    start: float
    memory: float
    status: Load
    upload: Load


# WireMock as its manual says for load: no journal, no log, no templates. Java gets faster for many seconds.
QUICKLY = (
    *("--no-request-journal", "--disable-request-logging", "--disable-response-templating", "--disable-gzip"),
    *("--disable-banner", "--async-response-enabled", "true", "--async-response-threads", "4"),
    *("--bind-address", "127.0.0.1", "--root-dir", HERE / "wiremock"),
)

SERVERS: Mapping[str, Server] = {
    "Safelight": Server(command=(TWIN, "serve", "--port"), base="/topaz/image/v1"),
    "Prism": Server(command=("node", MODULES / ".bin" / "prism", "mock", SPEC, "--port")),
    "WireMock": Server(command=("java", "-jar", JAR, *QUICKLY, "--port"), warm_up=10),
}

# What is reported: a title, how to read it off a sample, digits, and which way round the ratio is a gain.
Figure = tuple[str, Callable[[Sample], float], int, int]
FIGURES: Sequence[Figure] = (
    ("W1, answers/s", lambda sample: sample.status.rate, 0, 1),
    ("W2, answers/s", lambda sample: sample.upload.rate, 0, 1),
    ("cold start, s", lambda sample: sample.start, 2, -1),
    ("idle memory (PSS), MB", lambda sample: sample.memory, 0, -1),
)

REPORT = """# The twin against its peers

Made by `python benchmarks/bench.py --rounds {rounds} --seconds {seconds}` on {date}; README.md says how.
{cores} cores, Python {python}, Node.js {node}, {java}; load average before each round: {loads}.

| median (least to most) | {names} |
|---|{rules}|
{rows}

In bold: how many times better Safelight is.

Calls that failed, all rounds together: {failed}.

Bounds, by `python benchmarks/bounds.py{heavy}`:

{bounds}"""


@click.command()
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1))
@click.option("--seconds", default=10, show_default=True, type=click.IntRange(1), help="Of each workload.")
@click.option("--quick", is_flag=True, help="One round of two seconds; RESULTS.md stays as it is.")
@click.option("--heavy", is_flag=True, help="Measure a result of 512 MP, too; takes minutes.")
def main(rounds: int, seconds: int, *, quick: bool, heavy: bool) -> None:
    """Time the twin against its peers and write benchmarks/RESULTS.md."""
    rounds, seconds = (1, 2) if quick else (rounds, seconds)
    try:
        install()
        options = ("--heavy",) if heavy else ()
        bounds = output(sys.executable, HERE / "bounds.py", *options)
        report = describe(*measure(rounds, seconds), seconds, bounds, options)
    except BenchError as error:
        sys.exit(f"bench: {error}")
    click.echo(report)
    if not quick:
        (HERE / "RESULTS.md").write_text(report, encoding="utf-8")


def install() -> None:
    """Put the peers and the load generator into node_modules, as the lock file says."""
    if sys.platform != "linux" or os.cpu_count() == 1:
        raise BenchError("needs Linux and two cores: one for the server, one for the load")
    for tool in ("node", "npm", "taskset"):
        if shutil.which(tool) is None:
            raise BenchError(f"{tool} is not on the PATH; needed are Node.js 20 or newer, npm and util-linux")
    installed, wanted = MODULES / ".package-lock.json", HERE / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < wanted.stat().st_mtime:
        output("npm", "ci")
        installed.touch()


def output(*command: str | Path) -> str:
    """Run a command to its end; return what it prints."""
    done = subprocess.run(  # noqa: S603 # the commands are ours alone
        command, cwd=HERE, capture_output=True, check=False, text=True
    )
    if done.returncode:
        raise BenchError(f"{' '.join(map(str, command))} failed:\n{done.stderr}")
    return done.stdout


def measure(rounds: int, seconds: int) -> tuple[Mapping[str, Sequence[Sample]], Sequence[float]]:
    """Return every server's samples, and the machine's load before each round."""
    servers = {name: server for name, server in SERVERS.items() if is_installed(name, server)}
    samples: dict[str, list[Sample]] = {name: [] for name in servers}
    loads: list[float] = []
    for turn in range(1, rounds + 1):
        loads.append(os.getloadavg()[0])
        for name, server in servers.items():
            click.echo(f"round {turn} of {rounds}, load average {loads[-1]:.1f}: {name}", err=True)
            samples[name].append(measure_once(server, seconds))
    return samples, loads


def is_installed(name: str, server: Server) -> bool:
    """Tell whether what runs a server is here, and say so if not."""
    found = shutil.which(server.command[0]) is not None
    if not found:
        click.echo(f"{name} is not measured: {server.command[0]} is not on the PATH.", err=True)
    return found


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
            return Sample(
                start=start,
                memory=proportional_megabytes(process.pid),
                status=load(server, f"{url}/status/{submit(client)}", seconds),
                upload=load(server, f"{url}/enhance/async", seconds, "--method=POST", f"--form={FORM}"),
            )


@contextmanager
def running(command: Sequence[str | Path]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server; what it prints is thrown away."""
    process = subprocess.Popen(  # noqa: S603 # the commands are ours alone
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def await_answer(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    """Ask until any answer comes."""
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


def load(server: Server, url: str, seconds: int, *options: str) -> Load:
    """Load a URL of a server for some seconds, after warming up."""
    size = ("-c", str(CONNECTIONS), "-d")
    timing = (*size, str(seconds), "--warmup", "[", *size, str(server.warm_up), "]")
    headers = (f"--headers={name}={value}" for name, value in KEY.items())
    autocannon = (*ON_CORE, "1", "node", MODULES / ".bin" / "autocannon", "--json", "--no-progress")
    printed = output(*autocannon, *timing, *headers, *options, url)
    seen = json.loads(printed.splitlines()[-1])  # the line before is the warm-up
    return Load(rate=seen["2xx"] / seen["duration"], refused=seen["non2xx"], lost=seen["errors"])


def describe(
    samples: Mapping[str, Sequence[Sample]],
    loads: Sequence[float],
    seconds: int,
    bounds: str,
    options: Sequence[str],
) -> str:
    """Write the report; a peer that was not measured keeps its column."""
    told = {name: samples.get(name, ()) for name in SERVERS}
    return REPORT.format(
        rounds=len(loads),
        seconds=seconds,
        date=datetime.now(UTC).date(),
        cores=os.cpu_count(),
        python=platform.python_version(),
        node=output("node", "-p", "process.versions.node").strip(),
        java=java(),
        loads=", ".join(f"{load:.1f}" for load in loads),
        names=" | ".join(told),
        rules="---|" * (len(told) - 1) + "---",
        rows="\n".join(row(figure, list(told.values())) for figure in FIGURES),
        failed="; ".join(f"{name} {failures(seen)}" for name, seen in samples.items()),
        heavy="".join(f" {option}" for option in options),
        bounds=bounds,
    )


def java() -> str:
    """Say which Java there is; WireMock needs one."""
    if shutil.which("java") is None:
        return "no Java and so no WireMock"
    return f"Java {output('java', '--version').split()[1]}"


def row(figure: Figure, samples: Sequence[Sequence[Sample]]) -> str:
    """Write one line of the table: our figure, and each peer's with the gain over it."""
    title, read, digits, way = figure
    ours = median(map(read, samples[0]))
    cells = [
        f"{spread(map(read, seen), digits)} **{(ours / median(map(read, seen))) ** way:.1f}**"
        if seen
        else "not measured"
        for seen in samples[1:]
    ]
    return f"| {title} | {' | '.join([spread(map(read, samples[0]), digits), *cells])} |"


def spread(values: Iterable[float], digits: int) -> str:
    """Write the median, and in brackets the least and the most."""
    known = list(values)
    least, middle, most = (f"{pick(known):,.{digits}f}" for pick in (min, median, max))
    return f"{middle} ({least} to {most})"


def failures(samples: Sequence[Sample]) -> str:
    """Write how many calls failed in all rounds."""
    loads = [load for sample in samples for load in (sample.status, sample.upload)]
    return f"{sum(load.refused for load in loads)} not 2xx, {sum(load.lost for load in loads)} lost"


if __name__ == "__main__":
    main()
