"""The responses that a document describes for each operation, and the templates made of them."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from functools import cached_property

import msgspec

from safelight_lifecycle import AsyncJobs, JobValue, Lifecycle, Upload, follow_tokens
from safelight_mock.core.engine import Engine
from safelight_mock.core.job import Status
from safelight_mock.vendors.generic.bodies.facts import JobFacts
from safelight_mock.vendors.generic.bodies.filling import Context
from safelight_mock.vendors.generic.bodies.images import ImageRecipes
from safelight_mock.vendors.generic.bodies.links import upload_writes
from safelight_mock.vendors.generic.bodies.results import result_value
from safelight_mock.vendors.generic.bodies.templates import FilledBodies, Media, Template
from safelight_mock.vendors.generic.bodies.writes import Write, WriteRole, writes_of
from safelight_mock.vendors.generic.schemas.body_edits import MISSING
from safelight_mock.vendors.generic.schemas.made_values import Origin, stated_value
from safelight_mock.vendors.generic.schemas.shapes import EACH, Node, Shapes, Tokens, Wanted
from safelight_mock.wire.api import Api
from safelight_mock.wire.api_keys import MagicKeys
from safelight_mock.wire.described_responses import response_key
from safelight_mock.wire.messages import JSON, Request, Response
from safelight_mock.wire.problem import Kind, Problem
from safelight_mock.wire.schema import resolve

SUCCESS = range(200, 300)
OK, ACCEPTED, NO_CONTENT = 200, 202, 204


class Described(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One API: its document and its lifecycles, and the keys that cause errors."""

    slug: str
    api: Api
    jobs: AsyncJobs
    kept: FilledBodies
    magic_keys: MagicKeys

    @cached_property
    def images(self) -> ImageRecipes:
        """How the images of jobs are made."""
        return ImageRecipes.of(self.api.document)

    @cached_property
    def shapes(self) -> Shapes:
        """The shapes of the document's schemas."""
        return Shapes(self.api.document)

    def success(self, operation: str) -> int:
        """Return the first status of success that an operation is described with."""
        status = self._successes.get(operation)
        if status is None:
            status = self._successes[operation] = self._first_success(operation)
        return status

    def status_of_bytes(self, operation: str) -> int:
        """Return the status with which an operation sends bytes: the first of success that has a body."""
        codes = sorted(int(key) for key in self._responses(operation) if _is_success(key))
        described = ((code, self.media(operation, code)) for code in codes)
        return next((code for code, media in described if media is not None and media.media_type), OK)

    def success_of(self, operation: str, *, is_over: bool) -> int:
        """Return the status of success for a job: 202 while it is live, 204 once it is over (RFC 9110, 15.3).

        If the operation is not described with that one, it is the first.
        """
        fitting = NO_CONTENT if is_over else ACCEPTED
        return fitting if str(fitting) in self._responses(operation) else self.success(operation)

    def has_success(self, operation: str) -> bool:
        """Whether an operation is described with any response of success."""
        return self.api.operations[operation].responses.has_success

    @cached_property
    def _successes(self) -> dict[str, int]:
        return {}

    def _first_success(self, operation: str) -> int:
        codes = [key for key in self._responses(operation) if key.upper() == "2XX" or _is_success(key)]
        exact = sorted(int(key) for key in codes if key.isdecimal())
        return exact[0] if exact else OK

    def media(self, operation: str, status: int) -> Media | None:
        """Return what a response has; None if no response of that status is described."""
        name = (operation, status)
        if name not in self._media:
            self._media[name] = self._read_media(operation, status)
        return self._media[name]

    def facts(self, lifecycle: Lifecycle, engine: Engine, request: Request, status: Status) -> JobFacts:
        """Return what responses to a request may say of a job."""
        return JobFacts(
            slug=self.slug,
            api=self.api,
            lifecycle=lifecycle,
            engine=engine,
            request=request,
            status=status,
            results=result_value,
            recipe=self.images.recipe,
        )

    def respond(self, operation: str, facts: JobFacts, status: int | None = None) -> Response:
        """Return the response of an operation about one job."""
        return self.template(operation, self.success(operation) if status is None else status, facts).respond(
            facts
        )

    def template(self, operation: str, status: int, facts: JobFacts) -> Template:
        """Return the template of a response about a job in its present state.

        Raises Problem if the document has no such response.
        """
        use = (operation, status)
        known = self._templates.get(_template_name(use, facts))
        if known is not None:
            return known
        media = self.media(operation, status)
        if media is None:
            why = f"describes no response {status}; add it by an overlay, or correct `read.by_status`"
            raise Problem(Kind.NOT_SERVED, detail=f"{operation} {why}")
        return self.template_for(
            use,
            media,
            facts,
            lambda: (
                *writes_of(facts.lifecycle, facts.job.operation, operation),
                *(write for rule in self.uploads_of(operation) for write in upload_writes(rule)),
            ),
            lambda response: not self.api.operations[operation].responses.violation(response),
        )

    def template_for(
        self,
        use: Hashable,
        media: Media,
        facts: JobFacts,
        writes: Callable[[], tuple[Write, ...]],
        is_valid: Callable[[Response], bool],
    ) -> Template:
        """Return the template for bodies about a job in its present state, the same for each `use`."""
        name = _template_name(use, facts)
        template = self._templates.get(name)
        if template is None:
            template = self._templates[name] = self._new_template(media, facts, writes(), is_valid)
        return template

    def typed(self, operation: str, response: Response) -> Response:
        """Return a response of bytes with a media type that the document describes for the operation."""
        responses = self._responses(operation)
        key = response_key(responses, response.status)
        content = {} if key is None else resolve(self.api.document, responses[key]).get("content", {})
        media_type = response.headers.get("content-type", "")
        ranges = (media_type, f"{media_type.partition('/')[0]}/*", "*/*")
        if not content or any(one in content for one in ranges):
            return response
        return response.also({"content-type": next(iter(content))})

    def uploads_of(self, operation: str) -> Sequence[Upload]:
        """Return the uploads that an operation begins."""
        return [one for one in self.jobs.inputs if one.operation == operation]

    @cached_property
    def upload_operations(self) -> frozenset[str]:
        """The operations by which files are uploaded that belong to no lifecycle."""
        names = (one.operation for one in self.jobs.inputs)
        return frozenset(name for name in names if self.jobs.lifecycle_of(name) is None)

    def read_status(self, lifecycle: Lifecycle, status: Status) -> int:
        """Return the status with which the read operation responds to a job in a state."""
        read = lifecycle.read
        if read is None:
            return OK
        if not read.by_status:
            return self.success(read.operation)
        coded = (code for code, states in read.by_status.items() if status.word_state in states)
        return next(coded, 0) or self.success(read.operation)

    @cached_property
    def _templates(self) -> dict[Hashable, Template]:
        return {}

    @cached_property
    def _media(self) -> dict[tuple[str, int], Media | None]:
        return {}

    def _new_template(
        self, media: Media, facts: JobFacts, writes: tuple[Write, ...], is_valid: Callable[[Response], bool]
    ) -> Template:
        context = Context(
            lifecycle=facts.lifecycle,
            submit=facts.job.operation,
            word=facts.word,
            state=facts.status.state,
            writes=writes,
            hints=self._hints(facts.job.operation),
        )
        examples = self._ordered(media, context)
        return Template(
            shapes=self.shapes,
            media=msgspec.structs.replace(media, examples=examples),
            context=context,
            seed=self.slug,
            is_valid=is_valid,
            kept=self.kept,
        )

    def _hints(self, operation: str) -> tuple[Wanted, ...]:
        """Return the members that each response to a submission has with the same value, such as the type.

        Where the job is read as one of several schemas, they tell which.
        """
        media = self.media(operation, self.success(operation))
        properties = self.shapes.of(media.schema).properties if media is not None else {}
        fixed = ((name, self.shapes.of(node).node) for name, node in properties.items())
        return tuple(Wanted((name,), value, 0) for name, node in fixed for value in _only_value(node))

    def _ordered(self, media: Media, context: Context) -> tuple[JSON, ...]:
        """Return examples in the order in which they are tried; MISSING is for a value of the schema.

        Those with the job's word come first, and those last that lack the id or the result.
        """
        schema, wanted = media.schema, context.wanted
        needed = [
            place
            for write in context.writes
            if write.role is WriteRole.ID or context.has_result(write)
            for place in write.places[:1]
            if self.shapes.at(schema, place, wanted) is not None
        ]
        words = [place for write in context.writes if write.value is JobValue.STATE for place in write.places]
        whole = [one for one in media.examples if all(_has(one, place) for place in needed)]
        whole.sort(key=lambda one: not any(follow_tokens(place, one) == context.word for place in words))
        return (*whole, MISSING, *(one for one in media.examples if one not in whole))

    def _responses(self, operation: str) -> Mapping[str, JSON]:
        described: Mapping[str, JSON] = self.api.operations[operation].described.get("responses", {})
        return described

    def _read_media(self, operation: str, status: int) -> Media | None:
        responses = self._responses(operation)
        key = response_key(responses, status)
        return None if key is None else self.media_of(responses[key], status)

    def media_of(self, described: Mapping[str, JSON], status: int) -> Media:
        """Return what a Response Object, or a Request Body Object, has: JSON if it may be that."""
        node = resolve(self.api.document, described)
        content = node.get("content", {})
        is_json = (name for name in content if name.partition(";")[0].endswith("json"))
        media_type = next(is_json, next(iter(content), ""))
        media = content.get(media_type, {})
        headers = node.get("headers", {}).items()
        return Media(
            status=status,
            media_type=media_type,
            schema=media.get("schema", {}) if content else None,
            examples=tuple(self._examples(media)),
            headers={name.lower(): resolve(self.api.document, one) for name, one in headers},
        )

    def _examples(self, media: Mapping[str, JSON]) -> Iterator[JSON]:
        if "example" in media:
            yield media["example"]
        for listed in media.get("examples", {}).values():
            whole = resolve(self.api.document, listed)
            if "value" in whole:
                yield whole["value"]
        stated = stated_value(self.shapes.of(media.get("schema", {})))
        if stated is not None and stated.origin is Origin.EXAMPLE:
            yield stated.value


def _template_name(use: Hashable, facts: JobFacts) -> Hashable:
    """Return what a template depends on, beside the document."""
    status, job = facts.status, facts.status.job
    return use, status.vendor_state, status.state, job.operation, job.lifecycle


def _is_success(key: str) -> bool:
    return key.isdecimal() and int(key) in SUCCESS


def _only_value(node: Node) -> Sequence[JSON]:
    """Return the one value that a schema allows; nothing if it allows others."""
    values = [node["const"]] if "const" in node else node.get("enum", ())
    return values if len(values) == 1 else ()


def _has(example: JSON, place: Tokens) -> bool:
    """Whether an example has something at a place; of a list, at its first item."""
    value = follow_tokens(["0" if token == EACH else token for token in place], example)
    return value is not None
