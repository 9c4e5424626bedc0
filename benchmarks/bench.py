"""Time the twin against its peers, or against another checkout of it, in interleaved rounds.

The medians of a run against the peers, and their ratios, go to RESULTS.md.
"""

import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import click

from measuring import HERE, BenchError, Sample, Server, measure_once, output

MODULES = HERE / "node_modules"
ROOT = HERE.parent
BIN = Path(sys.executable).parent
SPEC = ROOT / "generated" / "safelight_specs" / "topaz.json"
JAR = MODULES / "wiremock" / "build" / "wiremock-standalone-3.13.2.jar"

# WireMock by its manual for load tests: no journal, no log, no templates. Java gets faster for many seconds.
QUICKLY = (
    *("--no-request-journal", "--disable-request-logging", "--disable-response-templating", "--disable-gzip"),
    *("--disable-banner", "--async-response-enabled", "true", "--async-response-threads", "4"),
    *("--bind-address", "127.0.0.1", "--root-dir", HERE / "wiremock"),
)


def safelight(folder: Path) -> Server:
    """Return the server whose commands are in a folder."""
    return Server(command=(folder / "safelight-mock", "serve", "--port"), base="/topaz/image/v1")


SERVERS: Mapping[str, Server] = {
    "Safelight": safelight(BIN),
    "Prism": Server(command=("node", MODULES / ".bin" / "prism", "mock", SPEC, "--port")),
    "WireMock": Server(command=("java", "-jar", JAR, *QUICKLY, "--port"), warm_up=10),
    "openapi-backend": Server(command=("node", HERE / "openapi-backend" / "server.cjs", SPEC, "--port")),
}

# What is reported: a title, how to read it off a sample, digits, and which way round the ratio is a gain.
Figure = tuple[str, Callable[[Sample], float], int, int]
FIGURES: Sequence[Figure] = (
    ("W1, answers/s", lambda sample: sample.status.rate, 0, 1),
    ("W2, answers/s", lambda sample: sample.upload.rate, 0, 1),
    ("W3, answers/s", lambda sample: sample.distinct.rate, 0, 1),
    ("cold start, s", lambda sample: sample.start, 2, -1),
    ("idle memory (PSS), MB", lambda sample: sample.memory, 0, -1),
)

# Of checkouts only: a peer may have more processes than one.
COSTS: Sequence[Figure] = (
    ("W1, CPU µs", lambda sample: sample.status.cost, 1, -1),
    ("W2, CPU µs", lambda sample: sample.upload.cost, 0, -1),
    ("W3, CPU µs", lambda sample: sample.distinct.cost, 0, -1),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What is measured: servers, the first of which is compared with the others, and for how long."""

    title: str
    options: str
    servers: Mapping[str, Server]
    figures: Sequence[Figure]
    rounds: int
    seconds: int


REPORT = """# {title}

Made by `python benchmarks/bench.py {options}` on {date}; README.md says how.
{cores} cores, Python {python}, Node.js {node}, {java}; load average before each round: {loads}.

| median (least to most) | {names} |
|---|{rules}|
{rows}

In bold: how many times better {first} is.

Calls that failed, all rounds together: {failed}.

{bounds}"""


@click.command()
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1))
@click.option("--seconds", default=10, show_default=True, type=click.IntRange(1), help="Of each workload.")
@click.option("--quick", is_flag=True, help="One round of two seconds; RESULTS.md stays as it is.")
@click.option("--heavy", is_flag=True, help="Measure a result of 512 MP, too; takes minutes.")
@click.option(
    "--against",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A checkout with a .venv, to be measured in place of the peers; RESULTS.md stays as it is.",
)
def main(rounds: int, seconds: int, against: Path | None, *, quick: bool, heavy: bool) -> None:
    """Time the twin against its peers and write benchmarks/RESULTS.md."""
    rounds, seconds = (1, 2) if quick else (rounds, seconds)
    options = f"--rounds {rounds} --seconds {seconds}{' --heavy' * heavy}"
    try:
        install()
        if against is None:
            title, servers, figures, checkouts = "The twin against its peers", SERVERS, FIGURES, [ROOT]
        else:
            title, figures = "The twin against another checkout", (*FIGURES, *COSTS)
            checkouts = [ROOT, against.resolve()]
            servers = {commit(checkout): safelight(programs(checkout)) for checkout in checkouts}
            options += " --against CHECKOUT"
        run = Run(
            title=title, options=options, servers=servers, figures=figures, rounds=rounds, seconds=seconds
        )
        bounds = "\n".join(bounds_of(checkout, heavy=heavy) for checkout in checkouts)
        report = describe(run, *measure(run), bounds)
    except BenchError as error:
        sys.exit(f"bench: {error}")
    click.echo(report)
    if not quick and against is None:
        (HERE / "RESULTS.md").write_text(report, encoding="utf-8")


def programs(checkout: Path) -> Path:
    """Return the folder with a checkout's commands."""
    return BIN if checkout == ROOT else checkout / ".venv" / "bin"


def commit(checkout: Path) -> str:
    """Return what a checkout has checked out."""
    return output("git", "-C", checkout, "describe", "--always", "--dirty", "--abbrev=7").strip()


def bounds_of(checkout: Path, *, heavy: bool) -> str:
    """Return the bounds of a checkout, by its own script: what that calls differs from commit to commit."""
    options = ("--heavy",) if heavy else ()
    printed = output(programs(checkout) / "python", checkout / "benchmarks" / "bounds.py", *options)
    command = " ".join(("benchmarks/bounds.py", *options))
    report = f"Bounds of {commit(checkout)}, by `python {command}`:\n\n{printed}"
    in_process = checkout / "benchmarks" / "intercept.py"
    if not in_process.exists():  # in an older checkout
        return report
    measured = output(programs(checkout) / "python", in_process)
    return f"{report}\nTests in one process, by `python benchmarks/intercept.py`:\n\n{measured}"


def install() -> None:
    """Install the peers and the load generator in node_modules, by the lock file."""
    if sys.platform != "linux" or os.cpu_count() == 1:
        raise BenchError("needs Linux and two cores: one for the server, one for the load")
    for tool in ("node", "npm", "taskset"):
        if shutil.which(tool) is None:
            raise BenchError(f"{tool} is not on the PATH; needed are Node.js 20 or newer, npm and util-linux")
    installed, wanted = MODULES / ".package-lock.json", HERE / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < wanted.stat().st_mtime:
        output("npm", "ci")
        installed.touch()


def measure(run: Run) -> tuple[Mapping[str, Sequence[Sample]], Sequence[float]]:
    """Return every server's samples, and the machine's load before each round."""
    installed = [(name, server) for name, server in run.servers.items() if is_installed(name, server)]
    samples: dict[str, list[Sample]] = {name: [] for name, _ in installed}
    loads: list[float] = []
    for turn in range(1, run.rounds + 1):
        loads.append(os.getloadavg()[0])
        for name, server in installed:
            click.echo(f"round {turn} of {run.rounds}, load average {loads[-1]:.1f}: {name}", err=True)
            samples[name].append(measure_once(server, run.seconds))
        installed.reverse()  # so that none of them always comes first
    return samples, loads


def is_installed(name: str, server: Server) -> bool:
    """Return whether the program of a server is on the PATH; print a message if not."""
    is_available = shutil.which(server.command[0]) is not None
    if not is_available:
        click.echo(f"{name} is not measured: {server.command[0]} is not on the PATH.", err=True)
    return is_available


def describe(run: Run, samples: Mapping[str, Sequence[Sample]], loads: Sequence[float], bounds: str) -> str:
    """Write the report; a peer that was not measured keeps its column."""
    columns = {name: samples.get(name, ()) for name in run.servers}
    return REPORT.format(
        title=run.title,
        options=run.options,
        date=datetime.now(UTC).date(),
        cores=os.cpu_count(),
        python=platform.python_version(),
        node=output("node", "-p", "process.versions.node").strip(),
        java=java(),
        loads=", ".join(f"{load:.1f}" for load in loads),
        names=" | ".join(columns),
        rules="---|" * (len(columns) - 1) + "---",
        rows="\n".join(row(figure, list(columns.values())) for figure in run.figures),
        first=next(iter(columns)),
        failed="; ".join(f"{name} {failures(measured)}" for name, measured in samples.items()),
        bounds=bounds,
    )


def java() -> str:
    """Return the version of Java, which WireMock needs, or that there is none."""
    if shutil.which("java") is None:
        return "no Java and so no WireMock"
    return f"Java {output('java', '--version').split()[1]}"


def row(figure: Figure, samples: Sequence[Sequence[Sample]]) -> str:
    """Write one line of the table: our figure, and each peer's with the gain over it."""
    title, read, digits, exponent = figure
    ours = median(map(read, samples[0]))
    cells = [
        f"{spread(map(read, measured), digits)} **{(ours / median(map(read, measured))) ** exponent:.3g}**"
        if measured
        else "not measured"
        for measured in samples[1:]
    ]
    return f"| {title} | {' | '.join([spread(map(read, samples[0]), digits), *cells])} |"


def spread(values: Iterable[float], digits: int) -> str:
    """Write the median, and in brackets the least and the most."""
    known = list(values)
    least, middle, most = (f"{pick(known):,.{digits}f}" for pick in (min, median, max))
    return f"{middle} ({least} to {most})"


def failures(samples: Sequence[Sample]) -> str:
    """Write how many calls failed in all rounds."""
    loads = [load for sample in samples for load in (sample.status, sample.upload, sample.distinct)]
    return f"{sum(load.refused for load in loads)} not 2xx, {sum(load.lost for load in loads)} lost"


if __name__ == "__main__":
    main()
