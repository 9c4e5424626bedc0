"""What links of jobs lead to: results, inputs, and events."""

from collections.abc import Mapping
from pathlib import PurePosixPath

import msgspec

from safelight_mock.core.engine import Engine
from safelight_mock.core.engine_errors import UnknownJobError
from safelight_mock.vendors.generic.bodies.media_types import media_type_of
from safelight_mock.vendors.generic.bodies.result_files import result_file
from safelight_mock.vendors.generic.bodies.results import ResultFile, is_purged
from safelight_mock.vendors.generic.bodies.writes import results_of
from safelight_mock.vendors.generic.kinds import JobKind
from safelight_mock.vendors.generic.operations.streams import event_stream
from safelight_mock.wire import object_store
from safelight_mock.wire.messages import Request, Response
from safelight_mock.wire.presigned_links import EVENTS


class LinkedFiles(msgspec.Struct, frozen=True, kw_only=True):
    """Responds with the files of the jobs of an API."""

    kinds: Mapping[str, JobKind]
    recipe: object_store.RecipeOf

    def respond(self, engine: Engine, request: Request, job_id: str, purpose: str) -> Response:
        """Return the file of a link: a result of a job, its input, or its events."""
        kind, file = self.kinds[engine.name], ResultFile.of(purpose)
        if file is None and purpose != EVENTS:
            return object_store.find(engine, job_id, purpose, self.recipe)
        try:
            status = engine.find(job_id)
        except UnknownJobError:
            return object_store.missing()
        facts = kind.facts(engine, request, status)
        if purpose == EVENTS and kind.lifecycle.stream is not None:
            return event_stream(kind, kind.lifecycle.stream, facts)
        result = None if file is None else results_of(kind.lifecycle, status.job.operation).get(file.name)
        if file is None or result is None or facts.reached not in result.allowed or is_purged(status.job):
            return object_store.missing()
        name = PurePosixPath(purpose).name if "/" in purpose else ""
        return result_file(facts, media_type_of(facts, result), file, name)
