"""What tests in one process cost: calls by `intercept()`, its start and end, and calls by a transport.

`python benchmarks/intercept.py` prints what was measured beside each bound; `--json` prints all figures.
They are medians of the CPU time of the process, client and server together, and of the time that passes, in
microseconds. What is compared takes turns, 20 calls at a time, so that both see the same load of the machine.
"""

import gc
import json
import statistics
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import httpx
import requests
import respx

from safelight_mock import ClockMode, MockServer, Settings, Twin, TwinTransport
from safelight_testing import intercept

API = "https://api.topazlabs.com/image/v1"
STATUS = f"{API}/status"
KEY = {"X-API-Key": "k"}
PHOTOGRAPH = Path(__file__).resolve().parent.parent / "tests" / "data" / "chelsea.jpg"
TURNS = 100
TOGETHER = 20  # calls of a turn
CYCLES = 200
MICROSECONDS = 1e6

Figures = dict[str, float]


def timed(call: Callable[[], object], times: int = 1) -> tuple[float, float]:
    """Return the microseconds of a call: CPU time of the process, and passed time."""
    cpu, began = time.process_time(), time.perf_counter()
    for _ in range(times):
        call()
    passed = time.perf_counter() - began
    return (time.process_time() - cpu) / times * MICROSECONDS, passed / times * MICROSECONDS


def calls() -> dict[str, Figures]:
    """Measure calls over loopback and in process, on open connections and on new ones."""
    twin = Twin(Settings())
    with MockServer(twin=twin) as server, requests.Session() as session, httpx.Client() as client:
        loopback = f"{server.url('topaz')}/status"
        ways: dict[str, Callable[[str], object]] = {
            "requests, open connection": lambda url: session.get(url, headers=KEY),
            "requests, new connection": lambda url: requests.get(url, headers=KEY, timeout=5),
            "httpx, open connection": lambda url: client.get(url, headers=KEY),
        }
        return {name: compared(twin, way, loopback) for name, way in ways.items()}


def compared(twin: Twin, way: Callable[[str], object], loopback: str) -> Figures:
    """Return the medians of a call over loopback and in process."""
    over_loopback, in_block = [], []
    for _ in range(TURNS):
        way(loopback)
        over_loopback.append(timed(lambda: way(loopback), TOGETHER))
        with intercept(twin=twin):
            way(STATUS)
            in_block.append(timed(lambda: way(STATUS), TOGETHER))
    first, second = medians(over_loopback), medians(in_block)
    return {
        "loopback, CPU": first[0],
        "intercept, CPU": second[0],
        "difference, CPU": round(second[0] - first[0], 1),
        "loopback": first[1],
        "intercept": second[1],
    }


def polls() -> Figures:
    """Measure a poll by a transport of the twin, and one that a route of respx answers with the same JSON."""
    twin = Twin(Settings(clock=ClockMode.MANUAL))
    with httpx.Client(transport=TwinTransport(twin)) as client, httpx.Client() as mocked:
        files = {"image": PHOTOGRAPH.read_bytes()}
        job = client.post(f"{API}/enhance/async", headers=KEY, files=files).json()["process_id"]
        url = f"{STATUS}/{job}"
        router = respx.MockRouter()
        router.get(url).respond(json=client.get(url, headers=KEY).json())
        by_twin, by_respx = [], []
        for _ in range(2 * TURNS):
            with router:
                mocked.get(url, headers=KEY)
                by_respx.append(timed(lambda: mocked.get(url, headers=KEY), TOGETHER))
            client.get(url, headers=KEY)
            by_twin.append(timed(lambda: client.get(url, headers=KEY), TOGETHER))
    twin.close()
    ours, theirs = medians(by_twin), medians(by_respx)
    return {
        "twin, CPU": ours[0],
        "respx, CPU": theirs[0],
        "ratio, CPU": round(ours[0] / theirs[0], 3),
        "twin": ours[1],
        "respx": theirs[1],
    }


def medians(taken: list[tuple[float, float]]) -> tuple[float, float]:
    """Return the medians of CPU time and passed time."""
    cpu, passed = zip(*taken, strict=True)
    return round(statistics.median(cpu), 1), round(statistics.median(passed), 1)


def cycles() -> Figures:
    """Measure blocks with a request each, and what they leave."""
    up, down = [], []
    left = state()
    for turn in range(CYCLES + 1):
        block = intercept(Settings())
        up.append(timed(block.__enter__))
        with requests.Session() as session:
            session.get(STATUS, headers=KEY)
        down.append(timed(partial(block.__exit__, None, None, None)))
        if turn == 0:  # what is imported and cached
            up, down, left = [], [], state()
    gc.collect()
    for thread in threading.enumerate():
        if thread.name.startswith("safelight"):
            thread.join(5)
    return {
        "start, CPU": medians(up)[0],
        "start": medians(up)[1],
        "end, CPU": medians(down)[0],
        "end": medians(down)[1],
        "threads left": state()[0] - left[0],
        "descriptors left": state()[1] - left[1],
    }


def state() -> tuple[int, int]:
    """Return how many threads and file descriptors there are."""
    return threading.active_count(), sum(1 for _ in Path("/proc/self/fd").iterdir())


def bounds(calls: dict[str, Figures], polls: Figures, cycles: Figures) -> Iterator[tuple[str, float, float]]:
    """Yield what is bounded, what was measured, and the bound."""
    yield (
        "µs of CPU time more for a call of requests inside `intercept()` than over loopback",
        calls["requests, open connection"]["difference, CPU"],
        100,
    )
    yield (
        "times the CPU time of a static mock of respx for a poll by `TwinTransport`",
        polls["ratio, CPU"],
        0.9,
    )
    yield "ms until a block of `intercept()` has started", cycles["start"] / 1000, 10
    yield "ms until it has ended", cycles["end"] / 1000, 5
    yield f"threads left by {CYCLES} blocks", cycles["threads left"], 0
    yield f"file descriptors left by {CYCLES} blocks", cycles["descriptors left"], 0


def main(*, is_json: bool) -> None:
    """Measure, and print JSON or lines of Markdown."""
    figures = {"calls": calls(), "polls": polls(), "cycles": cycles()}
    if is_json:
        json.dump(figures, sys.stdout, indent=2)
        return
    for what, measured, bound in bounds(**figures):  # type: ignore[arg-type] # each has its type
        exceeded = " **exceeded**" if measured > bound else ""
        sys.stdout.write(f"- **{round(measured, 2):g}** {what}, at most {bound:g}{exceeded}\n")


if __name__ == "__main__":
    warnings.simplefilter("error")
    main(is_json="--json" in sys.argv)
