"""Debian's Chromium, for tests that look at pages."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

NEEDED: Final = {"chromium": "chromium", "chromedriver": "chromium-driver"}  # commands, by Debian's packages
OPTIONS: Final = (
    "--headless=new",
    "--disable-gpu",
    "--disable-dev-shm-usage",  # small in containers
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
)


@contextmanager
def chromium(profile: Path) -> Iterator["Chrome"]:
    """Start it with a fresh profile; a machine of one's own may be without it, CI may not."""
    commands = {command: shutil.which(command) for command in NEEDED}
    missing = " ".join(package for command, package in NEEDED.items() if not commands[command])
    if missing:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"needs a browser: apt-get install {missing}")
    with _started(commands, profile) as chrome:
        yield chrome


def _started(commands: dict[str, str | None], profile: Path) -> "Chrome":
    # Here and not above: runs without a browser do without this import.
    from selenium.webdriver import Chrome, ChromeOptions, ChromeService  # noqa: PLC0415

    options = ChromeOptions()
    options.binary_location = commands["chromium"] or ""
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    sandboxed = () if os.geteuid() else ("--no-sandbox",)  # root has no sandbox
    for option in (*OPTIONS, *sandboxed, f"--user-data-dir={profile}"):
        options.add_argument(option)
    return Chrome(options=options, service=ChromeService(commands["chromedriver"]))
