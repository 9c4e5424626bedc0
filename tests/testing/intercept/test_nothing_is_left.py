"""Blocks leave no thread, socket, file, patch or warning."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow  # two hundred servers start

PROGRAM = """
import asyncio, gc, os, tempfile, threading, warnings
from pathlib import Path
import aiohttp, httpx, requests
from safelight_testing import intercept

URL, KEY = "https://api.topazlabs.com/image/v1/status", {"X-API-Key": "k"}
PHOTO = Path("PHOTOGRAPH").read_bytes()

async def asynchronously():
    async with aiohttp.ClientSession() as session, session.get(URL, headers=KEY) as response:
        await response.read()
    async with httpx.AsyncClient() as client:
        await client.get(URL, headers=KEY)

def state():
    gc.collect()
    for thread in threading.enumerate():
        if thread.name.startswith("safelight"):
            thread.join(10)
    files = [name for name in os.listdir(tempfile.gettempdir()) if name.startswith("safelight")]
    return threading.active_count(), len(os.listdir("/proc/self/fd")), len(files), dict(os.environ)

kept = requests.Session()  # its connections end with each block
for turn in range(201):
    with intercept() as mock:
        requests.get(URL, headers=KEY)
        kept.get(URL, headers=KEY)
        if turn % 20 == 0:
            asyncio.run(asynchronously())
            submit = URL.replace("status", "enhance/async")
            assert requests.post(submit, headers=KEY, files={"image": PHOTO}).status_code == 200
            mock.fail_connections("no-response", host="api.claid.ai")
            try:
                requests.get("https://api.claid.ai/v1/image/edit/async/1", timeout=0.01)
            except requests.Timeout:
                pass
    if turn == 0:
        first = state()
kept.close()
last = state()
assert last[0] == first[0], threading.enumerate()
assert last[1] <= first[1], (first[1], last[1])
assert last[2:] == first[2:]
print("nothing is left")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="descriptors are counted in /proc")
def test_two_hundred_blocks_leave_nothing(tmp_path: object) -> None:
    program = PROGRAM.replace("PHOTOGRAPH", "tests/data/chelsea.jpg")
    command = [sys.executable, "-W", "error", "-c", program]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={"TMPDIR": str(tmp_path), "NO_PROXY": "*"}
    )

    assert (done.stdout, done.stderr) == ("nothing is left\n", "")
