"""What a session shows that the document or the lifecycle does not say: rows for a table of behaviour."""

from collections.abc import Iterator, Sequence

from safelight_mock.core.scenario import Role
from safelight_mock.recording.exchange import Exchange
from safelight_mock.recording.jobs import RecordedJob
from safelight_mock.recording.session import Session

Row = tuple[str, str]
"""What was observed, and where."""

FACTOR = 2.0  # by which a duration is another one
HEADER = "# Observations\n\n| what | where seen | kind |\n|---|---|---|\n"


def observations(session: Session, jobs: Sequence[RecordedJob]) -> list[Row]:
    """Return the rows, each once."""
    rows = [
        *(
            (f"{what} ({count} times)" if count > 1 else what, where)
            for (what, where), count in session.findings.items()
        ),
        *(row for job in jobs for row in _of_job(job)),
        *_durations(jobs),
        *(row for one in session.exchanges for row in _of_exchange(one)),
    ]
    return [*dict.fromkeys(rows)]


def page(rows: Sequence[Row]) -> str:
    """Return the rows as a page in Markdown."""
    if not rows:
        return f"{HEADER}\nNothing differs from the document and its lifecycles.\n"
    return HEADER + "".join(f"| {_cell(what)} | {_cell(where)} | observed |\n" for what, where in rows)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _of_job(job: RecordedJob) -> Iterator[Row]:
    read = job.lifecycle.read_operation or job.submission.operation
    yield from ((f"{word!r} {why}", read) for word, why in job.course.odd)
    if not job.course.is_over:
        yield f"the end of job {job.number} was not seen", read
    for one in job.deliveries:
        signed = sorted(name for name in one.headers if "signature" in name or "hmac" in name)
        yield (
            f"webhooks have {', '.join(signed) if signed else 'no header of a signature'}",
            job.submission.operation,
        )
    bodies = [one.body for one in job.deliveries if one.body is not None]
    if any(body in bodies[:number] for number, body in enumerate(bodies)):
        yield "a webhook came more than once", job.submission.operation
    if job.notifies and not job.deliveries:
        yield f"no webhook came of job {job.number}", job.submission.operation
    for word, at in job.delivered.items() if job.deliveries else ():
        came = "did not come" if at is None else f"came after the change, {at:.3g} s after the submission"
        yield f"the webhook about {word!r} {came}", job.submission.operation


def _durations(jobs: Sequence[RecordedJob]) -> Iterator[Row]:
    """Yield how long jobs were in each state, where the lifecycle says nothing of it or something else."""
    seen: dict[tuple[str, str], list[float]] = {}
    planned: dict[tuple[str, str], float | None] = {}
    for job in jobs:
        timing = job.lifecycle.described.timing_of(job.submission.operation)
        for stay in job.course.stays:
            end, key = job.course.end_of(stay), (stay.to.word, job.submission.operation)
            if end is not None:
                seen.setdefault(key, []).append(end - stay.begin)
                planned[key] = None if timing is None else getattr(timing, stay.to.state, None)
    for (word, operation), lasted in seen.items():
        said = planned[word, operation]
        if said is None or not said / FACTOR <= sum(lasted) / len(lasted) <= said * FACTOR:
            least, most = f"{min(lasted):.3g}", f"{max(lasted):.3g}"
            span = least if least == most else f"{least} to {most}"
            expected = "no duration" if said is None else f"{said:g} s"
            yield f"{word!r} lasts {span} s; the lifecycle has {expected}", operation


def _of_exchange(one: Exchange) -> Iterator[Row]:
    fault = one.transfer
    where = one.operation or "another path"
    if fault is not None and fault.reset is not None:
        yield f"the connection was reset {fault.reset} the response", where
    if fault is not None and fault.truncate is not None:
        yield "a response ended before its announced length", where
    if fault is not None and fault.hang:
        yield "no response came before the client gave up", where
    if "retry-after" in one.headers:
        yield f"status {one.status} has a Retry-After", where
    if one.role is Role.SUBMIT and one.is_lossy and not one.status:
        yield "whether the request was carried out was not seen", where
