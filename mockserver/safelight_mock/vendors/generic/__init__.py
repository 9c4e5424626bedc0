"""A vendor made of an OpenAPI document and its lifecycles (`x-async-jobs`), without code of its own.

A request goes this way: `operations` has its handler, which has a `kinds.JobKind` find the job, or
`submission` make one, and `bodies` the response. From the top; nothing imports what is listed before it:

- `operations`: the handlers of operations
- `own_settings`: what can be chosen
- `submission`: what a new job is made of
- `files`: files by ids: those that are uploaded, and those that jobs have made
- `notifications`: webhooks; `public_keys`, by which clients verify them
- `examples`: the responses of operations of no lifecycle
- `kinds`: one kind of job, a lifecycle in its document
- `errors`, `error_texts`: error responses as the document describes them; `security`: where keys are
- `bodies`: responses about a job: what is known of it, and where a lifecycle writes that
- `schemas`: what a document's schemas allow, and values of them
"""

from collections.abc import Mapping
from functools import partial

from safelight_lifecycle import (
    AsyncJobs,
    RateHeaders,
    RefusalKind,
    Refusals,
    format_pointer,
)
from safelight_mock.vendors.generic import examples
from safelight_mock.vendors.generic.bodies.responses import Described
from safelight_mock.vendors.generic.bodies.result_files import inspect
from safelight_mock.vendors.generic.bodies.templates import FilledBodies
from safelight_mock.vendors.generic.errors import ErrorResponses
from safelight_mock.vendors.generic.files.uploads import Uploads
from safelight_mock.vendors.generic.kinds import JobKind
from safelight_mock.vendors.generic.notifications import Notifications
from safelight_mock.vendors.generic.operations.files import FileOperations
from safelight_mock.vendors.generic.operations.handlers import job_handlers
from safelight_mock.vendors.generic.operations.linked_files import LinkedFiles
from safelight_mock.vendors.generic.own_settings import own_settings, rate_limits, webhook_settings
from safelight_mock.vendors.generic.public_keys import give_keys, key_operations
from safelight_mock.vendors.generic.security import roles_of, sources_of, usual_sources
from safelight_mock.wire.api import Api
from safelight_mock.wire.api_keys import MagicKeys, RequiredScope
from safelight_mock.wire.errors import Errors
from safelight_mock.wire.framework import Framework
from safelight_mock.wire.messages import JSON
from safelight_mock.wire.vendor import Vendor

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
    roles = {name: roles_of(document, one.described) for name, one in api.operations.items()}
    known = tuple(dict.fromkeys(role for several in roles.values() for role in several))
    magic_keys = MagicKeys(scopes={role: (role,) for role in known}, all_scopes=known)
    described = Described(slug=slug, api=api, jobs=jobs, kept=FilledBodies(), magic_keys=magic_keys)
    kinds = {name: JobKind(described=described, lifecycle=one) for name, one in jobs.lifecycles.items()}
    recipe = described.images.recipe
    links = LinkedFiles(kinds=kinds, recipe=recipe)
    uploads = [
        Uploads.of(described, one) for one in jobs.inputs if one.operation in described.upload_operations
    ]
    on_files = FileOperations(kinds=kinds, uploads=uploads)
    others = {name: partial(examples.respond, described, name) for name in api.operations}
    auth = {name: sources_of(document, one.described) for name, one in api.operations.items()}
    return Vendor(
        slug=slug,
        handlers={
            **others,
            **dict.fromkeys(key_operations(api, jobs), give_keys),
            **dict(on_files.handlers()),
            **dict(job_handlers(kinds)),
        },
        recipe=recipe,
        auth=next(filter(None, auth.values()), ()) or usual_sources(document),
        operation_auth=auth,
        body_limit=BODY_LIMIT,
        errors=_errors(described),
        file=links.respond,
        receive=on_files.receive if jobs.inputs else None,
        notify=Notifications(kinds=kinds).notify,
        framework=framework,
        inspect=inspect,
        magic_keys=magic_keys,
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
