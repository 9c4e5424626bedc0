"""Answers of the file host: an object store's manners, not the vendor's."""

from collections.abc import Callable, Mapping
from email.utils import formatdate
from pathlib import PurePath
from urllib.parse import quote

from safelight_mock.core.engine import Engine, InvalidTransitionError, UnknownJobError
from safelight_mock.core.job import Inspection, Job, Status
from safelight_mock.core.picture import Format, Recipe
from safelight_mock.wire.messages import RenderedFile, Response

RecipeOf = Callable[[Job, Inspection], Recipe]
"""How a job's result follows from its input, once that has been looked at."""

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


def name_of(job: Job) -> str:
    """Return the name of a job's result: that of its input, with the ending of its own format."""
    return f"{PurePath(job.source.filename).stem or 'image'}.{job.output.format}"


def find(engine: Engine, job_id: str, purpose: str, recipe: RecipeOf) -> Response:
    """Answer with the output or the input of a job, if it is there, under the name the purpose ends in."""
    purpose, _, name = purpose.partition("/")
    try:
        if purpose != "output":
            found = engine.find(job_id)
            return _source(found)
        found = engine.result(job_id)
    except (UnknownJobError, InvalidTransitionError):
        return missing()
    return output(found, recipe(found.job, found.inspection), name, modified=found.since)


def output(found: Status, recipe: Recipe, name: str = "", *, modified: float | None = None) -> Response:
    """Answer with the result of a job that has one; `modified` is in the time of its sandbox."""
    name = name or PurePath(found.job.source.filename).stem + ENDINGS[recipe.output.format]
    artifact = RenderedFile(digest=found.job.source.digest, recipe=recipe, filename=name)
    return _object(artifact, recipe.output.format, modified)


def _source(found: Status) -> Response:
    taken = found.job.source
    if not taken.digest:
        return missing()
    artifact = RenderedFile(digest=taken.digest, recipe=None, filename=taken.filename)
    return _object(artifact, taken.picture.format, found.job.submitted)


def denied(why: str) -> Response:
    """Answer that a link opens nothing."""
    return _error(403, "AccessDenied", why)


def precondition_failed() -> Response:
    """Answer that the file is not, or no longer, the one that is wanted."""
    return _error(412, "PreconditionFailed", "At least one of the preconditions you specified did not hold.")


def missing() -> Response:
    """Answer that there is no such file."""
    return _error(404, "NoSuchKey", "The specified key does not exist.")


def wrong_method() -> Response:
    """Answer that files are only read."""
    return _error(405, "MethodNotAllowed", "Only GET and HEAD are allowed.", {"allow": "GET, HEAD"})


def unavailable(why: str) -> Response:
    """Answer that a bound of the twin is reached."""
    return _error(503, "SlowDown", why)


def broken() -> Response:
    """Answer that a file could not be made."""
    return _error(500, "InternalError", "The file could not be made; the twin's log says why.")


def _object(artifact: RenderedFile, kind: Format, modified: float | None) -> Response:
    headers = {
        "content-type": MEDIA_TYPES[kind],
        "content-disposition": f"inline; filename*=UTF-8''{quote(artifact.filename or 'image')}",
        "etag": f'"{artifact.name}"',
        "accept-ranges": "bytes",
    }
    if modified is not None:
        headers["last-modified"] = formatdate(int(modified), usegmt=True)
    return Response(status=200, headers=headers, content=artifact)


def _error(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> Response:
    from html import escape  # noqa: PLC0415 - the first error pays, not start-up

    body = f"<Error><Code>{code}</Code><Message>{escape(message, quote=False)}</Message></Error>"
    told = {"content-type": "application/xml", **(headers or {})}
    return Response(status=status, headers=told, content=body.encode(), value={"message": message})
