"""Links to other things than results: where bytes of files are sent, a job's input, and its events."""

from collections.abc import Mapping
from math import floor

from safelight_lifecycle import NamedResult, Upload
from safelight_mock.vendors.generic.bodies.facts import FOREVER, KEPT, NOTHING, JobFacts
from safelight_mock.vendors.generic.bodies.writes import Write, each_place
from safelight_mock.wire.messages import JSON
from safelight_mock.wire.presigned_links import EVENTS

UPLOAD = "upload"  # the first part of the purpose of a link for bytes
SIZE = "size"  # the detail of an uploaded file with its size in bytes
URLS = "upload urls"
FIELDS = "fields"
MOST = 100  # parts of a file


def upload_writes(rule: Upload) -> tuple[Write, ...]:
    """Return what is written into the response that has the upload URLs."""
    places = [(rule.url.pointer, URLS)] if rule.url is not None else []
    places += [(each_place(rule.each), URLS)] if rule.each else []
    places += [(rule.fields.pointer, FIELDS)] if rule.fields is not None else []
    return tuple(
        Write(places=(place,), value=NamedResult(name), upload=rule, name=name) for place, name in places
    )


def upload_value(facts: JobFacts, rule: Upload, name: str) -> JSON:
    """Return the URLs to which bytes are sent; KEPT for the fields of the form, which are an example's."""
    if name == FIELDS:
        return KEPT
    until = floor(facts.engine.now) + FOREVER
    links = [
        facts.request.presign(facts.job.id, f"{UPLOAD}.{number}/file", until, method=rule.method)
        for number in range(parts_count(facts.submission.body) if rule.each else 1)
    ]
    return links if rule.each else links[0]


def parts_count(body: JSON) -> int:
    """Return in how many parts a file is uploaded: as the request says, else one."""
    fields = body if isinstance(body, Mapping) else {}
    named = (value for name, value in fields.items() if "parts" in name.lower() and isinstance(value, int))
    return max(1, min(next(named, 1), MOST))


def input_link(facts: JobFacts) -> JSON:
    """Return the URL of the input of a job; NOTHING without one."""
    rule, source = facts.lifecycle.input, facts.job.source
    if rule is None or not source.digest:
        return NOTHING
    life = FOREVER if rule.expires is None else rule.expires
    return facts.request.presign(facts.job.id, "input", floor(facts.engine.now + life))


def events_link(facts: JobFacts) -> str:
    """Return the URL of the events of a job."""
    return facts.request.presign(facts.job.id, EVENTS, floor(facts.job.submitted) + FOREVER)
