"""Plugin of a run of pytest that writes each name look-up, connect and real sleep to a file of its process.

It sees what the interpreter does, below every library and every patch: look-ups and connects by audit hooks.
Sleeps are those of time.sleep from SHORTEST on, as it is before any other plugin is imported.
"""

import os
import sys
import time
from pathlib import Path

EVENTS = ("socket.getaddrinfo", "socket.gethostbyname", "socket.connect", "socket.sendto")
SHORTEST = 0.02  # seconds
FILE = Path(os.environ["RECORDED"]) / str(os.getpid())

_sleep = time.sleep


def record(text: str) -> None:
    with FILE.open("a", encoding="utf-8") as file:
        file.write(f"{text}\n")


def audit(event: str, arguments: tuple[object, ...]) -> None:
    if event in EVENTS:
        record(f"{event} {arguments[0] if event == 'socket.getaddrinfo' else arguments[-1]}")


def sleep(seconds: float) -> None:
    if seconds >= SHORTEST:
        record(f"time.sleep {seconds} {sys._getframe(1).f_globals.get('__name__')}")  # noqa: SLF001 - the caller
    _sleep(seconds)


record("started")
sys.addaudithook(audit)
time.sleep = sleep  # type: ignore[assignment] # it takes no SupportsIndex
