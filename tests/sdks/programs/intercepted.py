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

specs = [
    Spec(document, lifecycle=Path(document).with_name("lifecycle.overlay.yaml"), name=name)
    for name, document in SETUP["documents"].items()
]
settings = Settings(clock=ClockMode.AUTO, options=SETUP["options"], cache=False)
twin = Twin(settings, specs=specs)
with MockServer(twin=twin) as server, intercept(twin=twin):
    control = os.environ["SAFELIGHT_CONTROL"] = f"{server.origin}/_safelight"
    sys.argv[:] = SETUP["arguments"]
    runpy.run_path(sys.argv[0], run_name="__main__")
    recorded = [json.load(urlopen(f"{control}/{name}")) for name in ("requests", "deliveries")]  # noqa: S310
Path("recorded.json").write_text(json.dumps(recorded))
