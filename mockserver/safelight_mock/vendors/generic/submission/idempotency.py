"""Submissions that are sent again with the same idempotency key get the same job."""

from collections.abc import Mapping
from hashlib import blake2b
from math import inf

import msgspec

from safelight_lifecycle import RefusalKind
from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Job
from safelight_mock.vendors.generic.errors import JobRequestError
from safelight_mock.vendors.generic.kinds import JobKind
from safelight_mock.wire.messages import Request

KEY = "idempotency key"  # the detail of a job with the key of its submission
DIGEST = "submission"  # that with the digest of its submission
LONGEST = 255  # characters of a key
CONFLICT = 409


def key_of(kind: JobKind, request: Request) -> str:
    """Return the idempotency key of a request; empty if it has none, or the API has no keys."""
    rule = kind.lifecycle.idempotency
    return "" if rule is None else request.headers.get(rule.header.lower(), "")[:LONGEST]


def key_details(kind: JobKind, engine: Engine, request: Request) -> Mapping[str, str]:
    """Return the details of a new job by which its submission is known again."""
    key = key_of(kind, request)
    return {KEY: key, DIGEST: _digest(engine, request)} if key else {}


def earlier_job(kind: JobKind, operation: str, engine: Engine, request: Request) -> Job | None:
    """Return the job that a submission with this key started; raises JobRequestError for another request."""
    rule, key = kind.lifecycle.idempotency, key_of(kind, request)
    if rule is None or not key:
        return None
    since = engine.now - (inf if rule.keeps is None else rule.keeps)
    jobs = (
        job for job in engine.sandbox.jobs.values() if job.details.get(KEY) == key and job.submitted >= since
    )
    job = next(jobs, None)
    if job is None:
        return None
    if (job.operation, job.details.get(DIGEST)) != (operation, _digest(engine, request)):
        message = f"the key {key!r} was sent with another request"
        raise JobRequestError(RefusalKind.INVALID, message, rule.conflict or CONFLICT)
    return job


def _digest(engine: Engine, request: Request) -> str:
    """Return what tells requests apart, without what is in them."""
    body = msgspec.json.encode([request.path, request.query, request.values], order="deterministic")
    return blake2b(body, key=engine.sandbox.seed.encode()[:64], digest_size=16).hexdigest()
