"""One hearing: a fresh twin of one vendor before schemathesis, in this process."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import schemathesis
from schemathesis import HookContext, Response
from schemathesis.core.failures import Failure
from schemathesis.engine import from_schema
from schemathesis.python.asgi import shutdown_lifespans
from schemathesis.schemas import BaseSchema

from contract_tests.fuzz import keys, pictures
from contract_tests.fuzz.document import Call, Json, credential, document, operations
from contract_tests.fuzz.explained import OFF, explanation
from contract_tests.fuzz.verdict import Verdict
from safelight_mock import App, Settings, Twin

START: Final = 1_800_000_000.0
SPEED: Final = 10_000.0  # at which jobs of two seconds live for 200 microseconds
# The twin's clock goes on whenever it is read, mostly a little and now and then by a whole life of a job: so
# jobs are met in all their states, whatever the time of day.
TICK, LEAP, TICKS_BETWEEN_LEAPS = 1e-6, 3e-4, 12
PHASES: Final = ("examples", "coverage", "fuzzing", "stateful")
STORIES: Final = 0.5  # chains of calls for each case of each operation
STEPS: Final = 8  # calls in a chain


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """What is heard: `cases` are those made up for an operation; with `seconds`, as many as fit."""

    vendor: str
    strict: bool
    seed: str
    cases: int = 100
    seconds: int = 0
    phases: tuple[str, ...] = PHASES


def hear(hearing: Hearing) -> Verdict:
    """Put every check before a fresh twin in the phases asked for, and then the keys that are refused."""
    verdict = Verdict()
    spec = document(hearing.vendor, strict=hearing.strict)
    with _schema(hearing, spec) as schema:

        @schema.hook("filter_failure")
        def is_unexplained(_: HookContext, failure: Failure, case: Call, response: Response) -> bool:
            rows = [explanation(hearing.vendor, check, case, response) for check in failure.checks]
            verdict.explained.update(row for row in rows if row)
            return not any(rows)

        for event in from_schema(schema).execute():
            verdict.hear(event)
        for label, case in verdict.good.items():
            verdict.codes[label].update(keys.refusals(hearing.vendor, case, spec))
    return verdict


@contextmanager
def _schema(hearing: Hearing, spec: Json) -> Iterator[BaseSchema]:
    pictures.register()
    keys.register()
    twin = _twin(hearing)
    with TemporaryDirectory() as folder:
        config = schemathesis.Config.from_dict(_config(hearing, spec, Path(folder)))
        schema = schemathesis.openapi.from_dict(spec, config=config)
        schema.app = App(twin)
        try:
            yield schema
        finally:
            shutdown_lifespans()
            twin.close()


def _twin(hearing: Hearing) -> Twin:
    ticks = count()

    def now() -> float:
        tick = next(ticks)
        return START + tick * TICK + tick // TICKS_BETWEEN_LEAPS * LEAP

    known = keys.taken(hearing.vendor)
    settings = Settings(strict=hearing.strict, speed=SPEED, seed=hearing.seed, api_keys=known)
    return Twin(settings, real=now)


def _config(hearing: Hearing, spec: Json, folder: Path) -> Json:
    phases: Json = {name: {"enabled": name in hearing.phases} for name in ("examples", "coverage", "fuzzing")}
    limit = {"max-time": hearing.seconds} if hearing.seconds else {}
    return {
        **limit,
        "seed": int.from_bytes(blake2b(hearing.seed.encode(), digest_size=4).digest()),
        "auth": {
            "wfc": {
                "path": str(_users(spec, folder)),
                "user": keys.OWNER,
                "peers": [keys.OWNER, keys.STRANGER],
            }
        },
        "cache": {"enabled": False},
        "generation": {"database": "none", "max-examples": hearing.cases},
        "analysis": {"constants": {"enabled": False}},  # nothing is learnt from the twin's source
        "continue-on-failure": True,
        "suppress-health-check": ["all"],
        "phases": {**phases, "stateful": _stateful(hearing, len(operations(spec)))},
        "checks": {name: {"enabled": False} for name in OFF},
    }


def _stateful(hearing: Hearing, size: int) -> Json:
    """Follow the links of the document, with calls that fit it; guesses and misfits would crowd them out."""
    stories = round(STORIES * hearing.cases * size)
    return {
        "enabled": "stateful" in hearing.phases,
        "inference": {"algorithms": []},
        "generation": {"max-examples": stories, "database": "none", "mode": "positive"},
        "max-steps": STEPS,
    }


def _users(spec: Json, folder: Path) -> Path:
    """Write down who there is, in the form schemathesis reads."""
    shown = {key: credential(spec, key) for key in (keys.OWNER, keys.STRANGER)}
    users = [
        {"name": key, "fixedHeaders": [{"name": name, "value": value}]}
        for key, (name, value) in shown.items()
    ]
    path = folder / "keys.json"
    path.write_text(json.dumps({"auth": users}))
    return path
