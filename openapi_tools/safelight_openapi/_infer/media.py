"""Which kind of file a job makes, and of which media type."""

from collections.abc import Mapping, Sequence

from safelight_openapi._infer.lexicon import parts
from safelight_openapi._infer.operations import OperationView

KINDS: Mapping[str, frozenset[str]] = {
    "image": frozenset({"image", "images", "photo", "picture", "img", "png", "jpg", "jpeg", "art", "logo"}),
    "video": frozenset({"video", "videos", "motion", "animation", "clip", "movie", "mp4"}),
    "audio": frozenset(
        {"audio", "speech", "sound", "voice", "music", "song", "tts", "mp3", "wav", "voiceover"}
    ),
}
_DEFAULTS = {"image": "image/png", "video": "video/mp4", "audio": "audio/mpeg"}
_FORMATS = {
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "ogg": "audio/ogg",
}


def kind_of(operation: OperationView) -> str | None:
    """Return the kind that the end of the path or, without one there, the name says; the last counts."""
    literal = [segment for segment in operation.segments if "{" not in segment]
    for text in (*reversed(literal), operation.name):
        listed = [kind for part in parts(text) for kind, words in KINDS.items() if part in words]
        if listed:
            return listed[-1]
    return None


def kind_of_name(name: str) -> str | None:
    """Return the kind that a name says: `motionMP4URL` is that of a video."""
    listed = [kind for part in parts(name) for kind, words in KINDS.items() if part in words]
    return listed[0] if listed else None


def media_type(kind: str, operations: Sequence[OperationView]) -> str:
    """Return the default of a request's format if it is of this kind, or the most usual media type."""
    for place in (place for operation in operations for place in operation.fields):
        if place.depth == 1 and "format" in parts(place.name):
            for value in place.values("default"):
                media = _FORMATS.get(str(value).lower())
                if media and media.startswith(kind):
                    return media
    return _DEFAULTS[kind]
