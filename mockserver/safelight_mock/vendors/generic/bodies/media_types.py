"""Media types of results, and their file extensions."""

from collections.abc import Mapping

from safelight_lifecycle import JobResult, ResultKind
from safelight_mock.core.picture import Format
from safelight_mock.vendors.generic.bodies.facts import JobFacts

EXTENSIONS: Mapping[str, str] = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "image/tiff": "tif",
    "image/avif": "avif",
    "video/mp4": "mp4",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "text/plain": "txt",
    "text/vtt": "vtt",
    "text/csv": "csv",
    "application/x-subrip": "srt",
    "application/json": "json",
    "application/jsonl": "jsonl",
    "application/pdf": "pdf",
}
IMAGES: Mapping[str, Format] = {
    "image/png": Format.PNG,
    "image/jpeg": Format.JPEG,
    "image/jpg": Format.JPEG,
    "image/webp": Format.WEBP,
    "image/tiff": Format.TIFF,
    "image/avif": Format.AVIF,
}
FORMAT_TYPES: Mapping[Format, str] = {one: f"image/{one}" for one in Format}
NAMES: Mapping[str, str] = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "tif": "image/tiff"} | {
    extension: media_type for media_type, extension in EXTENSIONS.items()
}
FORMAT_FIELDS = ("output_format", "outputFormat", "format", "response_format")
HINTS: Mapping[str, str] = {
    "video": "video/mp4",
    "audio": "audio/mpeg",
    "mp4": "video/mp4",
    "speech": "audio/mpeg",
}
ANYTHING = "application/octet-stream"


def media_type_of(facts: JobFacts, result: JobResult) -> str:
    """Return the media type of a result: as requested, as declared, or by the name of its place."""
    declared = result.media
    requested = requested_image_type(facts.submission.body) if not declared or declared in IMAGES else ""
    usual = "application/jsonl" if result.kind is ResultKind.FILE else "image/png"
    media_type = requested or declared or _hinted(result) or usual
    is_output = media_type in IMAGES and result is facts.lifecycle.result_of(facts.job.operation)
    return FORMAT_TYPES[facts.job.output.format] if is_output else media_type


def requested_image_type(body: object) -> str:
    """Return the type of image that a field of the request names, or an empty text."""
    fields = body if isinstance(body, Mapping) else {}
    named = (str(fields.get(name, "")).lower() for name in FORMAT_FIELDS)
    types = (NAMES.get(name, name) for name in named)
    return next((one for one in types if one in IMAGES), "")


def extension_of(media_type: str) -> str:
    """Return the file extension of a media type."""
    return EXTENSIONS.get(media_type, media_type.rpartition("/")[2] or "bin")


def _hinted(result: JobResult) -> str:
    names = [result.each, *(token for place in result.places for token in place.pointer)]
    text = " ".join(names).lower()
    return next((media_type for word, media_type in HINTS.items() if word in text), "")
