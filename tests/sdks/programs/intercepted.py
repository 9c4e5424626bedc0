"""Runs a program in a process in which the address of its SDK is intercepted; the argument is JSON.

The mock server comes from the environment of the tests: its packages follow those of the SDK.
"""

import json
import os
import runpy
import site
import sys
from pathlib import Path
from urllib.request import urlopen

SETUP = json.loads(sys.argv[1])
site.addsitedir(SETUP["site"])

from safelight_mock import ClockMode, MockServer, Settings, Spec, Twin  # noqa: E402 - see above
from safelight_testing import intercept  # noqa: E402 - as above

document = Path(SETUP["document"])
spec = Spec(document, lifecycle=document.with_name("lifecycle.overlay.yaml"), name=SETUP["name"])
settings = Settings(clock=ClockMode.AUTO, vendors=frozenset(), options=SETUP["options"], cache=False)
twin = Twin(settings, specs=[spec])
with MockServer(twin=twin) as server, intercept(twin=twin):
    control = os.environ["SAFELIGHT_CONTROL"] = f"{server.origin}/_safelight"
    sys.argv[:] = SETUP["arguments"]
    runpy.run_path(sys.argv[0], run_name="__main__")
    recorded = [json.load(urlopen(f"{control}/{name}")) for name in ("requests", "deliveries")]  # noqa: S310
Path("recorded.json").write_text(json.dumps(recorded))
