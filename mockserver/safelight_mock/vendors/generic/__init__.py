"""A vendor made of an OpenAPI document and its lifecycles (`x-async-jobs`), without code of its own.

- `kinds`: one kind of job; `responses`: what the document describes; `other_operations`: those of no
  lifecycle
- `submit`, `idempotency` and `waiting`, `reads` and `streams`, `lists` and `paging`, `moves`,
  `result_operations`: operations on jobs
- `submissions`, `ids`, `inputs`, `sizes`: what a new job is made of; `input_limits`, `public_hosts`: what is
  not accepted; `images`: how its image is made
- `templates`: bodies about jobs, made of `shapes` (schemas at a place), `made_values` (values of schemas),
  `writes` and `facts` (what a lifecycle writes), `conversions` (how a schema wants it), `body_edits`
- `results`, `media_types`, `files`: what jobs give; `uploads`, `upload_links`, `job_files`,
  `file_operations`: files that operations take, show, list and delete
- `notifications`: webhooks; `public_keys`, by which clients verify them
- `own_settings`: what can be chosen
- `errors`, `error_texts`, `security`: error responses and keys as the document describes them
"""

from collections.abc import Iterator, Mapping
from functools import partial

from safelight_lifecycle import (
    AsyncJobs,
    RateHeaders,
    RefusalKind,
    Refusals,
    Signature,
    Submission,
    format_pointer,
)
from safelight_mock.vendors.generic import (
    lists,
    moves,
    other_operations,
    reads,
    result_operations,
    streams,
    waiting,
)
from safelight_mock.vendors.generic.errors import ErrorResponses
from safelight_mock.vendors.generic.file_operations import FileOperations
from safelight_mock.vendors.generic.files import JobFiles, inspect
from safelight_mock.vendors.generic.kinds import JobKind
from safelight_mock.vendors.generic.notifications import Notifications, give_secret
from safelight_mock.vendors.generic.own_settings import own_settings, rate_limits, webhook_settings
from safelight_mock.vendors.generic.public_keys import give_keys, key_operations
from safelight_mock.vendors.generic.responses import Described
from safelight_mock.vendors.generic.security import roles_of, sources_of, usual_sources
from safelight_mock.vendors.generic.templates import FilledBodies
from safelight_mock.vendors.generic.uploads import Uploads
from safelight_mock.wire.api import Api
from safelight_mock.wire.api_keys import MagicKeys, RequiredScope
from safelight_mock.wire.errors import Errors
from safelight_mock.wire.framework import Framework
from safelight_mock.wire.messages import JSON
from safelight_mock.wire.vendor import Handler, Vendor

BODY_LIMIT = 512 * 1024 * 1024  # bytes; ours
# A body without a Content-Type is of bytes (RFC 9110, 8.3): AssemblyAI's client uploads like this.
FRAMEWORK = Framework(
    checks_parameters=True,
    describes_errors=False,
    has_json_suffix=True,
    untyped="application/octet-stream",
)


def generic_vendor(
    slug: str,
    document: Mapping[str, JSON],
    async_jobs: AsyncJobs | None,
    *,
    framework: Framework = FRAMEWORK,
) -> Vendor:
    """Return a vendor whose behaviour is what an effective document (OpenAPI 3.1) and its lifecycles say."""
    api = Api(document=document, framework=framework)
    jobs = async_jobs or AsyncJobs(lifecycles={}, refusals=Refusals(), rate=RateHeaders())
    described = Described(slug=slug, api=api, jobs=jobs, kept=FilledBodies())
    kinds = {name: JobKind(described=described, lifecycle=one) for name, one in jobs.lifecycles.items()}
    recipe = described.images.recipe
    files = JobFiles(kinds=kinds, recipe=recipe)
    uploads = [
        Uploads.of(described, one) for one in jobs.inputs if one.operation in described.upload_operations
    ]
    on_files = FileOperations(kinds=kinds, uploads=uploads)
    others = {name: partial(other_operations.respond, described, name) for name in api.operations}
    auth = {name: sources_of(document, one.described) for name, one in api.operations.items()}
    roles = {name: roles_of(document, one.described) for name, one in api.operations.items()}
    known = tuple(dict.fromkeys(role for several in roles.values() for role in several))
    return Vendor(
        slug=slug,
        handlers={
            **others,
            **dict.fromkeys(key_operations(api, jobs), give_keys),
            **dict(on_files.handlers()),
            **dict(_handlers(kinds)),
        },
        recipe=recipe,
        auth=next(filter(None, auth.values()), ()) or usual_sources(document),
        operation_auth=auth,
        body_limit=BODY_LIMIT,
        errors=_errors(described),
        file=files.respond,
        receive=on_files.receive if jobs.inputs else None,
        notify=Notifications(kinds=kinds).notify,
        framework=framework,
        inspect=inspect,
        magic_keys=MagicKeys(scopes={role: (role,) for role in known}, all_scopes=known),
        scopes={name: RequiredScope(any_of=several) for name, several in roles.items() if several},
        account=frozenset({"balance", "scopes"} if known else {"balance"}),
        rate_limits=rate_limits(jobs.rate),
        webhooks=webhook_settings(jobs),
        own_settings=own_settings(jobs),
    )


def _errors(described: Described) -> Errors:
    refusals = described.jobs.refusals
    return Errors(
        of_operation=ErrorResponses(described=described).respond,
        without_operation=RefusalKind.ROUTE in refusals.kinds,
        message_at=(format_pointer(refusals.message or ("message",)),),
    )


def _handlers(kinds: Mapping[str, JobKind]) -> Iterator[tuple[str, Handler]]:
    """Yield the handlers of all operations of lifecycles; where two have the same, the later counts."""
    for kind in kinds.values():
        yield from _secrets(kind)
        yield from _results(kind)
        yield from _moves(kind)
        listing, read = kind.lifecycle.listing, kind.lifecycle.read
        if listing is not None:
            yield listing.operation, lists.JobLists(kind=kind, rule=listing).respond
        if read is not None:
            yield read.operation, partial(reads.read, kind, read.operation)
        if kind.lifecycle.stream is not None and kind.lifecycle.stream.operation:
            rule = kind.lifecycle.stream
            yield rule.operation, partial(streams.stream, kind, rule)
        if kind.lifecycle.input is not None:
            operation = kind.lifecycle.input.operation
            yield operation, partial(reads.show, kind, operation)
        for submission in kind.lifecycle.submit:
            yield submission.operation, partial(waiting.submit, kind, submission)
        for operation in kind.lifecycle.sync:
            handle = partial(waiting.submit_and_wait, kind, Submission(operation=operation))
            yield operation, handle


def _results(kind: JobKind) -> Iterator[tuple[str, Handler]]:
    lifecycle = kind.lifecycle
    others = (one.result for one in lifecycle.submit if one.result is not None)
    first = () if lifecycle.result is None else (lifecycle.result,)
    for result in (*first, *others, *lifecycle.results.values()):
        if result.operation:
            handler = result_operations.ResultOperation(kind=kind, operation=result.operation)
            yield result.operation, handler.respond


def _secrets(kind: JobKind) -> Iterator[tuple[str, Handler]]:
    for sign in (one.sign for one in kind.lifecycle.deliver):
        if isinstance(sign, Signature) and sign.secret.operation:
            yield sign.secret.operation, partial(give_secret, kind, sign.secret)


def _moves(kind: JobKind) -> Iterator[tuple[str, Handler]]:
    for one in reversed(kind.lifecycle.moves):  # the first of an operation counts
        handle = moves.move_all if one.every else moves.move
        yield one.operation, partial(handle, kind, one.operation)
