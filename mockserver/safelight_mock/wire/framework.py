"""What a vendor's web framework does before the vendor's own code is reached, where no document says it."""

import json
from collections.abc import Callable, Mapping

import msgspec

JSON_TYPE = "application/json"

Formats = Mapping[str, Callable[[str], bool]]
"""Whether a text is of a format, by the name that schemas have for it; others are as JSON Schema has them."""


class Framework(msgspec.Struct, frozen=True, kw_only=True):
    """How a framework reads requests; the default is as documents say.

    - `untyped`: the media type of a body without a Content-Type.
    - `has_json_suffix`: `application/…+json` is read as JSON.
    - `detects_unicode`: JSON may begin with a byte order mark and be in UTF-16 or UTF-32.
    - `requires_body`: no body, and null, are a missing body, and no JSON that cannot be read.
    - `counts_unchosen_files`: a part of a form with an empty file name and no content is a file of no bytes.
    - `redirects_slashes`: a path with a slash too many is answered 307 with the path without it.
    - `formats`: how texts are checked whose schema names a format.
    """

    untyped: str = ""
    has_json_suffix: bool = False
    detects_unicode: bool = False
    requires_body: bool = False
    counts_unchosen_files: bool = False
    redirects_slashes: bool = False
    formats: Formats = msgspec.field(default_factory=dict)

    def media_type(self, content_type: str) -> str:
        """Return the media type as which a body is read."""
        told = content_type.partition(";")[0].strip().lower() or self.untyped
        is_json = self.has_json_suffix and told.startswith("application/") and told.endswith("+json")
        return JSON_TYPE if is_json else told

    def decoded(self, body: bytes) -> bytes:
        """Return JSON in UTF-8; a body that is in no encoding of Unicode is returned as it is."""
        if not self.detects_unicode:
            return body
        try:
            return (
                body.decode(json.detect_encoding(body)).encode() or body
            )  # a byte order mark alone is a body
        except UnicodeError:
            return body


DOCUMENTED = Framework()
