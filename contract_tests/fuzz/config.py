"""The configuration of schemathesis for a run: seeds, phases, keys and checks."""

import json
import math
from hashlib import blake2b
from pathlib import Path
from typing import Final

import schemathesis
from schemathesis.checks import CHECKS

from contract_tests.fuzz import keys
from contract_tests.fuzz.document import Json, credential, operations
from contract_tests.fuzz.explained import OFF
from contract_tests.fuzz.fuzz_run import CALLS, LINK_SEQUENCES, FuzzRun

CHAINS: Final = 1.0  # for each case of each operation
STEPS: Final = 8  # calls in a chain


def config(spec: Json, run: FuzzRun, phases: frozenset[str], folder: Path) -> schemathesis.Config:
    """Make a configuration for some phases of a run; files it refers to are written to the folder."""
    calls: Json = {name: {"enabled": name in phases} for name in CALLS}
    chains = round(CHAINS * run.cases * len(operations(spec)))
    seconds = math.ceil(run.seconds * len(phases) / len(run.phases))
    limit = {"max-time": seconds} if seconds else {}
    return schemathesis.Config.from_dict(
        {
            **limit,
            "base-url": spec["servers"][0]["url"],
            "seed": int.from_bytes(blake2b(run.seed.encode(), digest_size=4).digest()),
            "auth": {"wfc": _users(spec, folder)},
            "cache": {"enabled": False},
            "generation": {"database": "none", "max-examples": run.cases},
            "analysis": {"constants": {"enabled": False}},
            "continue-on-failure": True,
            "suppress-health-check": ["all"],
            "phases": {**calls, "stateful": _stateful(chains, enabled=bool(LINK_SEQUENCES & phases))},
            "checks": {name: {"enabled": False} for name in OFF if name in CHECKS.get_all_names()},
        }
    )


def _stateful(chains: int, *, enabled: bool) -> Json:
    """Follow the links of the document, with calls that fit it; misfits would crowd them out."""
    return {
        "enabled": enabled,
        "inference": {"algorithms": []},
        "generation": {"max-examples": chains, "database": "none", "mode": "positive"},
        "max-steps": STEPS,
    }


def _users(spec: Json, folder: Path) -> Json:
    """Write down who there is, in the form schemathesis reads."""
    named = {key: credential(spec, key) for key in (keys.OWNER, keys.STRANGER)}
    users = [
        {"name": key, "fixedHeaders": [{"name": name, "value": value}]}
        for key, (name, value) in named.items()
    ]
    path = folder / "keys.json"
    path.write_text(json.dumps({"auth": users}))
    return {"path": str(path), "user": keys.OWNER, "peers": [*named]}
