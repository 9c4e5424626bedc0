"""Child processes are not served: Python programs are refused, aloud in the parent too."""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from safelight_mock import MockServer
from safelight_testing import RefusedConnectionError, intercept

pytestmark = pytest.mark.slow  # interpreters start

TOPAZ = "https://api.topazlabs.com/image/v1/status"
IN_CHILD = (
    r"a connection to {host} from .+:\d+ in a child process is rejected; the server is in the parent process "
    r"only; give a child process the base URL of a MockServer"
)


def call(url: str) -> None:
    """Program under test, which swallows every error."""
    with suppress(Exception):
        requests.get(url, headers={"X-API-Key": "k"}, timeout=5)


def call_in_fork(url: str) -> None:
    with intercept():
        process = multiprocessing.get_context("fork").Process(target=call, args=(url,))
        process.start()
        process.join(20)
        assert process.exitcode == 0


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="no fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("url", [TOPAZ, "https://shop.example/"])
def test_a_forked_process_is_refused_at_its_first_connect(url: str) -> None:
    host = url.split("/")[2]
    reason = IN_CHILD if host == "api.topazlabs.com" else r"{host} from .+ in a child process is rejected"
    with pytest.raises(RefusedConnectionError, match=reason.format(host=host)) as raised:
        call_in_fork(url)

    assert raised.value.host == host


def test_a_forked_process_that_leaves_the_block_ends_nothing_of_the_parent() -> None:
    intercepted = intercept()
    with intercepted:
        child = os.fork()
        if child == 0:
            intercepted.__exit__(None, None, None)
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        assert requests.get(TOPAZ, headers={"X-API-Key": "k"}, timeout=5).json() == []


def spawned(program: str, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *options, "-c", program], capture_output=True, text=True, check=False, timeout=60
    )


PROGRAM = """
import urllib.request
try:
    urllib.request.urlopen("URL", timeout=5)
except Exception:
    pass
"""


@pytest.mark.parametrize("url", [TOPAZ, "https://shop.example/", "https://203.0.113.7/"])
def test_a_spawned_python_inherits_the_guard(url: str) -> None:
    host = url.split("/")[2]
    with pytest.raises(RefusedConnectionError, match="in a child process is rejected") as raised, intercept():
        assert spawned(PROGRAM.replace("URL", url)).returncode == 0

    assert raised.value.host == host


def test_the_error_in_a_spawned_python_names_the_place(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("import socket\n\nsocket.create_connection(('shop.example', 443))\n")
    with pytest.raises(RefusedConnectionError, match=rf"shop\.example from {program}:3"), intercept():
        done = subprocess.run([sys.executable, program], capture_output=True, text=True, check=False)

    assert f"RefusedConnectionError: a connection to shop.example from {program}:3 in a child process" in (
        done.stderr
    )


def test_the_report_of_a_child_that_never_gives_up_is_limited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    program = """
import socket
for _ in range(5_000):
    try:
        socket.getaddrinfo("shop.example", 443)
    except AssertionError:
        pass
"""
    sizes: list[int] = []

    def retry() -> None:
        assert spawned(program).returncode == 0
        (report,) = tmp_path.glob(f"safelight-{os.getpid()}-*")
        sizes.append(report.stat().st_size)
        with report.open("a") as file:
            file.write('["shop.exam')  # of a child that was killed

    with pytest.raises(RefusedConnectionError, match="in a child process is rejected") as raised, intercept():
        retry()

    assert raised.value.host == "shop.example"
    assert 50_000 < sizes[0] < 101_000


def test_a_spawned_python_reaches_loopback_and_allowed_hosts() -> None:
    program = """
import socket, urllib.request
assert urllib.request.urlopen("URL/_safelight/health", timeout=5).status == 200
try:
    socket.create_connection(("192.0.2.1", 9), timeout=0.01)
except OSError:
    pass
"""
    with MockServer() as server, intercept(allow=["192.0.2.1"]):
        done = spawned(program.replace("URL", server.origin))

    assert done.stderr == ""


def test_a_sitecustomize_of_the_user_runs_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sitecustomize.py").write_text("print('mine')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with intercept():
        assert spawned("pass").stdout == "mine\n"

    assert os.environ["PYTHONPATH"] == str(tmp_path)


def test_the_environment_is_as_before_at_the_end() -> None:
    before = dict(os.environ)
    with intercept(), intercept():
        assert "SAFELIGHT_GUARD" in os.environ

    assert dict(os.environ) == before
