"""Files that are uploaded before jobs use them: each is kept like a job that has succeeded at once.

So files are stored and removed as jobs are; operations on jobs do not know them.
"""

from collections.abc import Iterator, Mapping
from math import floor
from pathlib import PurePosixPath

import msgspec
from msgspec.structs import replace

from safelight_lifecycle import JobIds, JobRead, JobValue, Lifecycle, NamedResult, Submission, Upload
from safelight_mock.core.engine import Engine
from safelight_mock.core.engine_errors import UnknownJobError
from safelight_mock.core.job import Job, Plan, Source
from safelight_mock.core.picture import UNSEEN, Format, Picture
from safelight_mock.vendors.generic.bodies.facts import FOREVER, NOTHING, JobFacts
from safelight_mock.vendors.generic.bodies.links import SIZE, upload_writes
from safelight_mock.vendors.generic.bodies.remembered_request import REQUEST, parts_of, remembered
from safelight_mock.vendors.generic.bodies.responses import Described
from safelight_mock.vendors.generic.bodies.templates import Media
from safelight_mock.vendors.generic.bodies.writes import Write
from safelight_mock.vendors.generic.kinds import JobKind
from safelight_mock.vendors.generic.schemas.ids import new_id
from safelight_mock.vendors.generic.schemas.made_values import stated_value
from safelight_mock.vendors.generic.schemas.shapes import Shape, Tokens
from safelight_mock.wire import object_store
from safelight_mock.wire.messages import JSON, ReceivedFile, RenderedFile, Request, Response

PIXEL = Picture(format=Format.PNG, width=1, height=1)
AT_ONCE = Plan(queued=0.0, running=0.0)
NAMES: Mapping[str, str] = {
    "size": "size",
    "bytes": "size",
    "filename": "filename",
    "name": "filename",
    "original_name": "filename",
}
TIMES = ("created_at", "createdAt", "created", "uploaded_at", "uploadedAt")


class Uploads(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """The operations on one kind of uploaded file; `kind` treats them as jobs."""

    kind: JobKind
    rule: Upload

    @classmethod
    def of(cls, described: Described, rule: Upload) -> "Uploads":
        """Return the operations of a rule."""
        lifecycle = Lifecycle(
            name="",
            submit=(Submission(operation=rule.operation),),
            ids=JobIds(parameter=rule.parameter),
            read=JobRead(operation=rule.read) if rule.read else None,
        )
        return cls(kind=JobKind(described=described, lifecycle=lifecycle), rule=rule)

    def create(self, engine: Engine, request: Request) -> Response:
        """Handle the operation that uploads a file, or gives the URL for its bytes."""
        stored = next(iter(request.files.values()), None)
        parts = parts_of(request, ())
        job = Job(
            id=new_id(engine.sandbox.draw(), (one for one in self._id_shapes if not _is_url(one))),
            operation=self.rule.operation,
            plan=AT_ONCE,
            source=_source(stored, _filename(parts.body)),
            output=PIXEL,
            details={REQUEST: remembered(parts), SIZE: 0 if stored is None else stored.size},
        )
        return self.respond(self.rule.operation, engine, request, engine.keep_file(job))

    def read(self, engine: Engine, request: Request) -> Response:
        """Handle the operation that responds with what is known of a file."""
        return self.respond(self.rule.read, engine, request, self._file_job(self.rule.read, engine, request))

    def delete(self, engine: Engine, request: Request) -> Response:
        """Handle the operation that deletes a file."""
        job = self._file_job(self.rule.delete, engine, request)
        response = self.respond(self.rule.delete, engine, request, job)
        engine.sandbox.remove(engine.find(job.id))
        return response

    def content(self, engine: Engine, request: Request) -> Response:
        """Handle the operation that responds with the bytes of a file."""
        job = self._file_job(self.rule.content, engine, request)
        if not job.source.digest:
            raise UnknownJobError(job.id)
        file = RenderedFile(digest=job.source.digest, recipe=None, filename=job.source.filename)
        return object_store.stored(file, job.submitted)

    def all(self, engine: Engine) -> list[Job]:
        """Return the files, the oldest first."""
        return [job for job in engine.sandbox.jobs.values() if job.operation == self.rule.operation]

    def entry(self, engine: Engine, request: Request, job: Job, media: Media) -> JSON:
        """Return what a list shows of a file."""
        facts = self._facts(engine, request, job)
        template = self.kind.described.template_for(
            (self.rule.operation, "entry"), media, facts, lambda: self._writes(media), lambda _: True
        )
        return template.value(facts)

    def receive(self, engine: Engine, job: Job, file: ReceivedFile) -> None:
        """Take the bytes that were sent to the URL of a file."""
        source = _source(file, job.source.filename)
        details = {**job.details, SIZE: file.size}
        engine.sandbox.jobs[job.id] = replace(job, source=source, details=details)

    def _file_job(self, operation: str, engine: Engine, request: Request) -> Job:
        facts = self.kind.find(operation, engine, request)
        if facts.job.operation != self.rule.operation:
            raise UnknownJobError(facts.job.id)
        return facts.job

    def respond(self, operation: str, engine: Engine, request: Request, job: Job) -> Response:
        """Return the response of an operation about a file, uploaded or not."""
        described, facts = self.kind.described, self._facts(engine, request, job)
        status = described.success(operation)
        media = described.media(operation, status) or Media(status=status)
        responses = described.api.operations[operation].responses
        template = described.template_for(
            (operation, "file"),
            media,
            facts,
            lambda: self._writes(media),
            lambda response: not responses.violation(response),
        )
        return template.respond(facts)

    def _facts(self, engine: Engine, request: Request, job: Job) -> JobFacts:
        facts = self.kind.facts(engine, request, engine.status(job))
        return replace(facts, results=self._value)

    def _writes(self, media: Media) -> tuple[Write, ...]:
        """Return what is written into a response about a file."""
        shape = self.kind.described.shapes.of(media.schema)
        gives = self.rule.gives.pointer if self.rule.gives else ()
        named = [
            Write(places=((name,),), value=NamedResult(kind))
            for name, kind in NAMES.items()
            if name in shape.properties
        ]
        named += [
            Write(places=((name,),), value=JobValue.SUBMITTED) for name in TIMES if name in shape.properties
        ]
        places: list[Tokens] = [gives] if gives else []
        if self.rule.parameter and ("id",) not in places and "id" in shape.properties:
            places.append(("id",))
        return (
            *named,
            *(Write(places=(place,), value=NamedResult("gives")) for place in places),
            *upload_writes(self.rule),
        )

    def _value(self, facts: JobFacts, name: str) -> JSON:
        """Return a value of a file by the name under which it is written."""
        job = facts.job
        match name:
            case "gives":
                return self._file_value(facts)
            case "size":
                return job.details.get(SIZE, 0)
            case "filename":
                return job.source.filename or NOTHING
        return NOTHING

    def _file_value(self, facts: JobFacts) -> str:
        """Return what a submission carries to use a file: its id, or a URL with that."""
        example = next((one for one in map(_example, self._id_shapes) if "://" in one), "")
        shapes = [shape.node.get("format") for shape in self._id_shapes]
        if example.startswith("http") or (not example and "uri" in shapes):
            name = PurePosixPath(facts.job.source.filename).name or "file"
            return facts.request.presign(facts.job.id, f"input/{name}", floor(facts.engine.now) + FOREVER)
        return f"{example.partition('://')[0]}://{facts.job.id}" if example else facts.job.id

    @property
    def _id_shapes(self) -> list[Shape]:
        return list(self._shapes_of_ids())

    def _shapes_of_ids(self) -> Iterator[Shape]:
        described, rule = self.kind.described, self.rule
        for name in filter(None, (rule.read, rule.content, rule.delete)):
            schema = described.api.operations[name].parameter(rule.parameter)
            if schema is not None:
                yield described.shapes.of(schema.described)
        media = described.media(rule.operation, described.success(rule.operation))
        shape = described.shapes.at(media.schema, rule.gives.pointer) if media and rule.gives else None
        if shape is not None:
            yield shape


def uploaded(engine: Engine, operations: frozenset[str], value: JSON, depth: int = 4) -> Job | None:
    """Return the uploaded file that a submission names: by its id, or a URL that has it."""
    if isinstance(value, str) and len(value) < 2_000:  # noqa: PLR2004 - no URL of a file is longer
        for part in (value, *value.partition("?")[0].split("/")):
            job = engine.sandbox.jobs.get(part)
            if job is not None and job.operation in operations:
                return job
    members = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    parts = (uploaded(engine, operations, inner, depth - 1) for inner in members if depth)
    return next((job for job in parts if job is not None), None)


def _source(file: ReceivedFile | None, filename: str) -> Source:
    if file is None:
        return Source(id="", digest="", filename=filename, picture=UNSEEN)
    return Source(
        id="", digest=file.digest, filename=(file.filename or filename)[:200], picture=file.picture or UNSEEN
    )


def _filename(body: JSON) -> str:
    fields = body if isinstance(body, Mapping) else {}
    named = (fields.get(name) for name in ("filename", "fileName", "file_name", "name"))
    return next((name[:200] for name in named if isinstance(name, str)), "")


def _is_url(shape: Shape) -> bool:
    """Whether a schema is that of a URL."""
    is_like_one = "://" in _example(shape) or "://" in str(shape.node.get("pattern", ""))
    return is_like_one or shape.node.get("format") == "uri"


def _example(shape: Shape) -> str:
    stated = stated_value(shape)
    return stated.value if stated is not None and isinstance(stated.value, str) else ""
