"""Lists of jobs, the newest first."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from random import Random
from urllib.parse import parse_qsl, urlencode

import msgspec
from msgspec.structs import replace

from safelight_lifecycle import JobList, format_pointer
from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Status
from safelight_mock.vendors.generic.bodies.facts import JobFacts
from safelight_mock.vendors.generic.bodies.responses import Described
from safelight_mock.vendors.generic.bodies.templates import Media, Template, made_headers, response_of
from safelight_mock.vendors.generic.bodies.writes import each_place, entry_writes
from safelight_mock.vendors.generic.kinds import JobKind
from safelight_mock.vendors.generic.operations.paging import Page, page_of
from safelight_mock.vendors.generic.schemas.body_edits import BodyEdits, copied
from safelight_mock.vendors.generic.schemas.made_values import Maker, stated_value
from safelight_mock.vendors.generic.schemas.shapes import EACH, Shape, Tokens
from safelight_mock.vendors.generic.schemas.valid_parts import valid_parts
from safelight_mock.wire.messages import JSON, Request, Response
from safelight_mock.wire.schema import Schema
from safelight_mock.wire.trace import MOST

COUNTS = ("total", "count", "total_count", "totalCount")
BEFORE = ("previous", "prev", "previous_cursor", "prev_cursor", "prev_url")
MORE = ("has_more", "hasMore", "has_next", "hasNext")
FIRST, LAST = ("first_id", "firstId"), ("last_id", "lastId")


class JobLists(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Responds with the jobs of one kind."""

    kind: JobKind
    rule: JobList

    def respond(self, engine: Engine, request: Request) -> Response:
        """Handle the operation that lists jobs."""
        jobs = [
            one
            for one in reversed(engine.all())
            if self._is_selected(one, request) and self.kind.has(one.job)
        ]
        page = page_of(jobs, self.rule.paging, request.parameters)
        facts = [self.kind.facts(engine, request, status) for status in page.jobs]
        templates = [self._template(one) for one in facts]
        request.trace.made_up = tuple(islice(self._made_up(templates, facts), MOST))
        entries = [template.value(one) for template, one in zip(templates, facts, strict=True)]
        response = self._respond(entries, page, request)
        return replace(response, is_wrong=True) if any(one.lacks_result for one in facts) else response

    def _made_up(self, templates: Sequence[Template], facts: Sequence[JobFacts]) -> Iterator[str]:
        """Yield the pointers of made-up values in entries."""
        for number, (template, one) in enumerate(zip(templates, facts, strict=True)):
            at = format_pointer((*self._at, str(number)))
            yield from (f"{at}{pointer}" for pointer in template.made_up(one))

    def enveloped(self, entries: list[JSON], request: Request) -> Response:
        """Return a list of other things than jobs."""
        return self._respond(entries, Page(jobs=(), total=len(entries)), request)

    @property
    def entry_media(self) -> Media:
        """The schema and the examples of an entry."""
        return self._entry

    def _respond(self, entries: list[JSON], page: Page, request: Request) -> Response:
        body = self._body(entries, page, request)
        headers = made_headers(self._described.shapes, self._media, Random(self.rule.operation))  # noqa: S311
        return response_of(self._media, body, headers)

    def _template(self, facts: JobFacts) -> Template:
        """Return the template of an entry."""
        return self._described.template_for(
            (self.rule.operation, "entry"),
            self._entry,
            facts,
            lambda: entry_writes(facts.lifecycle, facts.job.operation),
            lambda response: self._accepts(response.value),
        )

    @property
    def _described(self) -> Described:
        return self.kind.described

    @cached_property
    def _media(self) -> Media:
        operation = self.rule.operation
        status = self._described.success(operation)
        return self._described.media(operation, status) or Media(status=status)

    @cached_property
    def _at(self) -> Tokens:
        """The place of the list in the body."""
        return each_place(self.rule.each)[:-1]

    @cached_property
    def _entry(self) -> Media:
        """The schema and the examples of an entry."""
        media, entries = self._media, list[JSON]()
        for example in media.examples:
            entry = example
            for token in self._at:
                entry = entry.get(token) if isinstance(entry, dict) else None
            entries += entry[:1] if isinstance(entry, list) else ()
        schema = self._described.shapes.schema(media.schema, (*self._at, EACH)) or {}
        return Media(status=0, media_type="application/json", schema=schema, examples=tuple(entries))

    @cached_property
    def _accepts(self) -> Callable[[JSON], bool]:
        return Schema(self._described.api.document, self._entry.schema).accepts

    @cached_property
    def _edits(self) -> BodyEdits:
        chance = Random(self.rule.operation)  # noqa: S311 - not a secret
        maker = Maker(shapes=self._described.shapes, chance=chance)
        return BodyEdits(maker=maker, schema=self._media.schema, wanted=())

    @cached_property
    def _empty(self) -> JSON:
        """The body with no entries, and no page before or after."""
        media, edits = self._media, self._edits
        body = copied(media.examples[0]) if media.examples else edits.maker.make(media.schema)
        body = edits.put(body, self._at, [])
        for name in BEFORE if isinstance(body, dict) else ():
            if name in body:
                body = edits.clear(body, (name,))
        for name in MORE if isinstance(body, dict) else ():
            if isinstance(body.get(name), bool):
                body = edits.put(body, (name,), False)  # noqa: FBT003 - what stands there
        if not isinstance(media.schema, dict):
            return body
        schema = Schema(self._described.api.document, media.schema)
        return body if schema.accepts(body) else valid_parts(body, schema, [self._at])

    def _is_selected(self, status: Status, request: Request) -> bool:
        """Whether the filters of a request select a job."""
        names = (status.vendor_state, status.state)
        filters = (request.parameters[name] for name in self.rule.filter if name in request.parameters)
        return all(value is None or value in names for value in filters)

    def _body(self, entries: list[JSON], page: Page, request: Request) -> JSON:
        body, edits, paging = copied(self._empty), self._edits, self.rule.paging
        body = edits.put(body, self._at, entries)
        if isinstance(body, dict):
            self._count(body, page, request)
        if paging is not None and paging.more is not None:
            body = edits.put(body, paging.more.pointer, page.has_more)
        if paging is not None and paging.next is not None:
            position = page.position
            if position is None:
                return edits.clear(body, paging.next.pointer)
            shape = edits.shape(paging.next.pointer)
            is_url = shape is not None and _is_url(shape)
            body = edits.put(body, paging.next.pointer, self._url(request, position) if is_url else position)
        return body

    def _count(self, body: dict[str, JSON], page: Page, request: Request) -> None:
        """Write counts, ids of the first and last job, and parameters of the request by their names."""
        shape = self._edits.shapes.of(self._media.schema)
        ids = [status.job.id for status in page.jobs]
        for name in shape.properties.keys() & {*COUNTS, *FIRST, *LAST, *request.parameters}:
            if name in COUNTS:
                body[name] = page.total
            elif name in (*FIRST, *LAST):
                member = self._edits.shapes.member(shape, name)
                nothing = None if member is not None and member.null else ""
                body[name] = (ids[0] if name in FIRST else ids[-1]) if ids else nothing
            elif request.parameters[name] is not None:
                body[name] = request.parameters[name]

    def _url(self, request: Request, position: str | int) -> str:
        paging = self.rule.paging
        sent = dict(parse_qsl(request.query))
        query = urlencode({**sent, paging.at if paging else "": position})
        return f"{request.origin}{request.path}?{query}"


def _is_url(shape: Shape) -> bool:
    stated = stated_value(shape)
    is_example = stated is not None and isinstance(stated.value, str) and "://" in stated.value
    return shape.node.get("format") in ("uri", "url", "uri-reference") or is_example
