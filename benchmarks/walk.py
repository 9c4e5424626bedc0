"""Counts how far one request walks through the modules of the server: `python benchmarks/walk.py`.

For an upload, the first poll after a job's end, a poll, a download and a webhook with two retries it prints
how many of our functions ran, in how many modules, and how often control passed between modules. The
server is warm: each request is made once before it is counted. Everything runs in one process; work handed to
threads is counted too.
"""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

import httpx
from PIL import Image

import safelight_mock
from safelight_mock import Settings, Twin, TwinTransport

ROOT = str(Path(safelight_mock.__file__).parent)
BASE = "http://twin.example"
KEY = {"x-api-key": "k"}


@dataclass(slots=True)
class Walk:
    """The modules that were called, in order, and the number of calls."""

    modules: list[str] = field(default_factory=list)
    calls: int = 0

    def step(self, frame: FrameType, event: str, _: Any) -> None:  # noqa: ANN401 - what sys.setprofile gives
        """Note a call of one of our functions."""
        name = frame.f_code.co_filename
        if event != "call" or not name.startswith(ROOT):
            return
        self.calls += 1
        if not self.modules or self.modules[-1] != name:
            self.modules.append(name)

    def __str__(self) -> str:
        return f"{self.calls:5} calls {len(set(self.modules)):4} modules {len(self.modules) - 1:5} changes"


@contextmanager
def walking() -> Iterator[Walk]:
    """Count while this lasts, in every thread that starts meanwhile."""
    walk = Walk()
    threading.setprofile(walk.step)
    sys.setprofile(walk.step)
    try:
        yield walk
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


def main() -> None:
    """Print the walk of each kind of request."""
    times = count(1_767_225_600, 60)  # a minute between two requests: jobs are over by then
    now = [float(next(times))]
    twin = Twin(Settings(seed="walk"), real=lambda: now[0])

    def later() -> None:
        now[0] = float(next(times))

    with httpx.Client(transport=TwinTransport(twin), base_url=BASE, headers=KEY) as web:
        for name, (prepare, run) in _requests(twin, web, later).items():
            run(prepare())
            prepared = prepare()
            with walking() as walk:
                run(prepared)
            sys.stdout.write(f"{name:26}{walk}\n")
    twin.close()


def _requests(
    twin: Twin, web: httpx.Client, later: Callable[[], None]
) -> dict[str, tuple[Callable[[], Any], Callable[[Any], Any]]]:
    """Return for each kind of request what prepares it and what makes it."""
    sizes = count(64)
    inbox = f"{BASE}/_safelight/inbox/walk"

    def submit(webhook: str = "") -> str:
        data = {"webhook_url": webhook} if webhook else {}
        picture = _picture(next(sizes))  # a new one each time, so that its inspection is counted
        answer = web.post("/topaz/image/v1/enhance/async", files={"image": ("a.png", picture)}, data=data)
        return str(answer.json()["process_id"])

    def over() -> str:
        job = submit()
        later()
        return job

    def link() -> str:
        job = over()
        read(job)
        answer = str(web.get(f"/topaz/image/v1/download/{job}").json()["download_url"])
        web.get(answer)
        return answer

    def read(job: str) -> None:
        web.get(f"/topaz/image/v1/status/{job}").raise_for_status()

    def refuse() -> str:
        web.put("/_safelight/inbox/walk", json={"responses": [503, 503]})
        return submit(inbox)

    def deliver(_: str) -> None:
        twin.advance(60, vendor="topaz", key="k")

    def polled() -> str:
        job = over()
        read(job)
        return job

    return {
        "upload": (lambda: "", lambda _: submit()),
        "first poll after the end": (over, read),
        "poll": (polled, read),
        "download": (link, lambda at: web.get(at).raise_for_status()),
        "webhook, two retries": (refuse, deliver),
    }


def _picture(side: int) -> bytes:
    drawn = BytesIO()
    Image.linear_gradient("L").resize((side, side)).convert("RGB").save(drawn, "png")
    return drawn.getvalue()


if __name__ == "__main__":
    main()
