"""Responses about jobs: compiled once for an operation, a status and a word, filled in for each job.

What does not change while a job keeps its word is written once for that job, and the whole checked then. A
poll copies the objects on the way to what does change, such as the progress, and shares the rest.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from random import Random
from threading import Lock

import msgspec
from msgspec.structs import replace

from safelight_mock.core.job import Job
from safelight_mock.vendors.generic.bodies.facts import NOTHING, JobFacts, Past
from safelight_mock.vendors.generic.bodies.filling import Context, Filling, ValueTree
from safelight_mock.vendors.generic.bodies.writes import WriteRole
from safelight_mock.vendors.generic.schemas.body_edits import MISSING, BodyEdits
from safelight_mock.vendors.generic.schemas.made_values import Maker
from safelight_mock.vendors.generic.schemas.plain_values import plain_values
from safelight_mock.vendors.generic.schemas.shapes import Node, Shape, Shapes, Tokens
from safelight_mock.vendors.generic.schemas.valid_parts import valid_parts
from safelight_mock.wire.messages import JSON, Response
from safelight_mock.wire.schema import Schema

PREPARED = 4_096  # jobs and words whose bodies are kept
OWN_HEADERS = ("content-type", "content-length")


class Media(msgspec.Struct, frozen=True, kw_only=True):
    """A response that a document describes: status, media type, schema, examples, headers.

    In a template, MISSING among the examples is for a value of the schema.
    """

    status: int
    media_type: str = ""
    schema: JSON = None
    examples: tuple[JSON, ...] = ()
    headers: Mapping[str, Node] = msgspec.field(default_factory=dict)


class Filled(msgspec.Struct, frozen=True, kw_only=True):
    """The body of one job under one word, and what changes in it."""

    job: Job
    since: float
    origin: str
    body: JSON
    tree: ValueTree
    headers: Mapping[str, str]
    made_up: tuple[str, ...]
    past: Past | None

    def is_of(self, facts: JobFacts) -> bool:
        """Whether nothing has changed but what `tree` has."""
        status = facts.status
        is_same_job = self.job is status.job or self.job == status.job
        return is_same_job and self.since == status.since and self.origin == facts.request.origin


FillName = tuple[int, str, str]
"""A template, a sandbox and a job."""


class FilledBodies:
    """The bodies that were filled in last, of all templates together."""

    def __init__(self) -> None:
        self._kept: dict[FillName, Filled] = {}
        self.find: Callable[[FillName], Filled | None] = self._kept.get  # a body that was filled in before
        self._lock = Lock()

    def put(self, name: FillName, made: Filled) -> None:
        """Keep a body, in the place of the oldest one if there are many."""
        with self._lock:
            if len(self._kept) >= PREPARED:
                del self._kept[next(iter(self._kept))]
            self._kept[name] = made


class Template(msgspec.Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """Makes the bodies of one response. `is_valid` is whether the document describes a response.

    `places` has the shapes at places of the body: to look them up again for each new job took half its time.
    """

    shapes: Shapes
    media: Media
    context: Context
    seed: str
    is_valid: Callable[[Response], bool]
    kept: FilledBodies
    places: dict[Tokens, Shape | None] = msgspec.field(default_factory=dict)

    def respond(self, facts: JobFacts) -> Response:
        """Return the response about a job."""
        filled = self._filled(facts)
        body = filled.tree.rendered(filled.body, facts)
        facts.request.trace.made_up = filled.made_up
        response = response_of(self.media, body, filled.headers)
        return replace(response, is_wrong=True) if facts.lacks_result else response

    def made_up(self, facts: JobFacts) -> tuple[str, ...]:
        """Return the pointers of the values of the body that only the types of its schema describe."""
        return self._filled(facts).made_up

    def value(self, facts: JobFacts) -> JSON:
        """Return the body alone."""
        filled = self._filled(facts)
        return filled.tree.rendered(filled.body, facts)

    def _filled(self, facts: JobFacts) -> Filled:
        name = (id(self), facts.engine.sandbox.name, facts.status.job.id)
        known = self.kept.find(name)
        if known is not None and known.is_of(facts):
            if known.past is not None:
                facts.remember_past(known.past)
            return known
        made = self._fill(facts)
        self.kept.put(name, made)
        return made

    def _fill(self, facts: JobFacts) -> Filled:
        """Fill in what stays: with an example of the document or, if that does not fit, from the schema.

        A field of the request that has the name of one in the response may mean something else: if the
        response is not valid with what is echoed, nothing is. If the examples inside the schema are not as
        it says, or it has a pattern that is too hard, what is not required is left out.
        """
        for example in self.media.examples:
            filled = self._filled_with(facts, example, echoes=True)
            if self._is_valid(filled, facts):
                return filled
        made = self._filled_with(facts, MISSING, echoes=False)
        if not self._is_valid(made, facts):
            for body in self._plain_bodies:
                filled = self._filled_with(facts, body, echoes=False)
                if self._is_valid(filled, facts):
                    return filled
        return made

    @cached_property
    def _plain_bodies(self) -> tuple[JSON, ...]:
        """What is sent where the document's examples and patterns do not fit its schemas."""
        schema, document, wanted = self.media.schema, self.shapes.document, self.context.wanted
        if not isinstance(schema, dict):
            return ()
        made = Maker(shapes=self.shapes, chance=Random(self.seed)).make(schema, wanted)  # noqa: S311 - not a secret
        whole = [made, *(one for one in self.media.examples if one is not MISSING)]
        checked, written = Schema(document, schema), [one.tokens for one in wanted if one.weight]
        return (*plain_values(document, schema), *(valid_parts(one, checked, written) for one in whole))

    def _is_valid(self, filled: Filled, facts: JobFacts) -> bool:
        if facts.lacks_result:
            return True
        body = filled.tree.rendered(filled.body, facts)
        return self.is_valid(response_of(self.media, body, filled.headers))

    def _filled_with(self, facts: JobFacts, example: JSON, *, echoes: bool) -> Filled:
        chance = Random(f"{self.seed}/{facts.engine.sandbox.name}/{facts.job.id}")  # noqa: S311 - not a secret
        maker = Maker(shapes=self.shapes, chance=chance)
        wanted = self.context.wanted
        edits = BodyEdits(maker=maker, schema=self.media.schema, wanted=wanted, known=self.places)
        filling = Filling.begun(edits, example, self.context, facts)
        filling.write()
        if echoes:
            filling.echo()
        return Filled(
            job=facts.job,
            since=facts.status.since,
            origin=facts.request.origin,
            body=filling.body,
            tree=filling.tree,
            headers=self._headers(facts),
            made_up=filling.made_up,
            past=facts.past if any(write.varies for write in self.context.writes) else None,
        )

    def _headers(self, facts: JobFacts) -> Mapping[str, str]:
        """Return the headers that the document describes, and those in which the lifecycle writes."""
        chance = Random(f"{self.seed}/{facts.job.id}/headers")  # noqa: S311 - not a secret
        headers = made_headers(self.shapes, self.media, chance)
        for write in self.context.writes:
            if write.header and (write.header in headers or write.role is WriteRole.ID):
                value = self.context.raw(write, facts)
                if value is not NOTHING:
                    headers[write.header] = str(value)
        return headers


def made_headers(shapes: Shapes, media: Media, chance: Random) -> dict[str, str]:
    """Return a value for each header that a response is described with."""
    described = {name: node for name, node in media.headers.items() if name not in OWN_HEADERS}
    made = {
        name: Maker(shapes=shapes, chance=chance).make(node.get("schema", {}))
        for name, node in described.items()
    }
    return {name: _header_text(value) for name, value in made.items()}


def response_of(media: Media, body: JSON, headers: Mapping[str, str]) -> Response:
    """Return a response with a body of a described media type."""
    if not media.media_type:
        return Response(status=media.status, headers=dict(headers))
    typed = {"content-type": media.media_type, **headers}
    if media.media_type.endswith("json"):
        return Response(status=media.status, headers=typed, content=msgspec.json.encode(body), value=body)
    content = body.encode() if isinstance(body, str) else msgspec.json.encode(body)
    return Response(status=media.status, headers=typed, content=content, value=body)


def _header_text(value: JSON) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
