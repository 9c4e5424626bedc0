"""Responses of the file host, which behaves like an object store (S3, R2), not like the vendor's API."""

from collections.abc import Callable, Mapping
from email.utils import formatdate
from http import HTTPStatus
from pathlib import PurePath
from urllib.parse import quote

from safelight_mock.core.engine import Engine
from safelight_mock.core.engine_errors import InvalidTransitionError, UnknownJobError
from safelight_mock.core.job import Inspection, Job, Status
from safelight_mock.core.job_faults import JobFault
from safelight_mock.core.picture import Format, Recipe
from safelight_mock.wire.messages import MadeFile, RenderedFile, Response
from safelight_mock.wire.problem import VendorError

RecipeOf = Callable[[Job, Inspection], Recipe]
"""Returns how the result of a job is made from its inspected input."""

MEDIA_TYPES: Mapping[Format, str] = {
    Format.JPEG: "image/jpeg",
    Format.PNG: "image/png",
    Format.TIFF: "image/tiff",
    Format.WEBP: "image/webp",
    Format.AVIF: "image/avif",
    Format.GIF: "image/gif",
    Format.BMP: "image/bmp",
    Format.HEIC: "image/heic",
}
ENDINGS: Mapping[Format, str] = {
    Format.JPEG: ".jpg",
    Format.PNG: ".png",
    Format.TIFF: ".tif",
    Format.WEBP: ".webp",
    Format.AVIF: ".avif",
}


def result_name(job: Job) -> str:
    """Return the file name of a job's result: that of its input with the extension of its format."""
    return f"{PurePath(job.source.filename).stem or 'image'}.{job.output.format}"


def find(engine: Engine, job_id: str, purpose: str, recipe: RecipeOf) -> Response:
    """Respond with a file of a job, or with 404 if the job is unknown or has no result.

    `purpose` comes from the link: `output`, perhaps with a file name as in `output/cup.png`, or `input`.
    `recipe` returns how the result is made. Raises NotInspectedError if that depends on the input's pixels.
    """
    purpose, _, name = purpose.partition("/")
    try:
        if purpose != "output":
            return _source(engine.find(job_id))
        status = engine.result(job_id)
    except (UnknownJobError, InvalidTransitionError):
        return missing()
    return output(status, recipe(status.job, status.inspection), name, modified=status.since)


def replaced(engine: Engine, job_id: str, fault: JobFault) -> Response:
    """Respond with the file that a scenario puts in the place of a job's result, as `find` does."""
    try:
        status = engine.result(job_id)
    except (UnknownJobError, InvalidTransitionError):
        return missing()
    filename = fault.filename or result_name(status.job)
    return stored(RenderedFile(digest=fault.result, recipe=None, filename=filename), status.since)


def output(status: Status, recipe: Recipe, name: str = "", *, modified: float | None = None) -> Response:
    """Respond with the result of a succeeded job, which is rendered when its bytes are sent.

    `name` is the file name; by default that of the input, with the extension of the format. `modified` is the
    Last-Modified date, in seconds by the clock of the sandbox; None without one.
    """
    name = name or PurePath(status.job.source.filename).stem + ENDINGS[recipe.output.format]
    file = RenderedFile(digest=status.job.source.digest, recipe=recipe, filename=name)
    return _object(file, recipe.output.format, modified)


def _source(status: Status) -> Response:
    source = status.job.source
    if not source.digest:
        return missing()
    file = RenderedFile(digest=source.digest, recipe=None, filename=source.filename)
    return _object(file, source.picture.format, status.job.submitted)


def made(file: MadeFile, modified: float) -> Response:
    """Respond with a file that is made of nothing; `modified` by the clock of its sandbox."""
    return _file(file, file.media_type, modified)


def stored(file: RenderedFile, modified: float) -> Response:
    """Respond with an uploaded file as it came."""
    from mimetypes import guess_type  # noqa: PLC0415 - few servers keep such files, every start would pay

    guessed, _ = guess_type(file.filename)
    return _file(file, guessed or "application/octet-stream", modified)


def received(digest: str, *, is_form: bool) -> Response:
    """Respond to a file that was sent to a link."""
    return Response(status=204 if is_form else 200, headers={"etag": f'"{digest}"'})


def no_file() -> Response:
    """Respond to a form without a file."""
    return _error(400, "InvalidArgument", "POST requires exactly one file upload per request.")


def denied(why: str) -> Response:
    """Respond to an invalid or expired link."""
    return _error(403, "AccessDenied", why)


def precondition_failed() -> Response:
    """Respond to a failed precondition."""
    return _error(412, "PreconditionFailed", "At least one of the preconditions you specified did not hold.")


def missing() -> Response:
    """Respond that the file does not exist."""
    return _error(404, "NoSuchKey", "The specified key does not exist.")


def wrong_method() -> Response:
    """Respond to methods other than GET and HEAD."""
    return _error(405, "MethodNotAllowed", "Only GET and HEAD are allowed.", {"allow": "GET, HEAD"})


def unavailable(why: str) -> Response:
    """Respond that a limit of the server is reached."""
    return _error(503, "SlowDown", why)


def failed(error: Exception) -> Response:
    """Respond with another error, as a scenario has it: that of a VendorError's status, or 500."""
    status = error.status if isinstance(error, VendorError) else 500
    known = {one.value: one.phrase.title().replace(" ", "") for one in HTTPStatus}
    return _error(status, known.get(status, "InternalError"), str(error))


def broken() -> Response:
    """Respond that rendering failed."""
    return _error(500, "InternalError", "The file could not be made; the reason is in the log.")


def _object(file: RenderedFile, kind: Format, modified: float | None) -> Response:
    return _file(file, MEDIA_TYPES[kind], modified)


def _file(file: RenderedFile | MadeFile, media_type: str, modified: float | None) -> Response:
    headers = {
        "content-type": media_type,
        "content-disposition": f"inline; filename*=UTF-8''{quote(file.filename or 'image')}",
        "etag": f'"{file.name}"',
        "accept-ranges": "bytes",
    }
    if modified is not None:
        headers["last-modified"] = formatdate(int(modified), usegmt=True)
    return Response(status=200, headers=headers, content=file)


def _error(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> Response:
    from html import escape  # noqa: PLC0415 - the first error pays, not start-up

    body = f"<Error><Code>{code}</Code><Message>{escape(message, quote=False)}</Message></Error>"
    fields = {"content-type": "application/xml", **(headers or {})}
    return Response(status=status, headers=fields, content=body.encode(), value={"message": message})
