"""Behaviour of a vendor's web framework that no document describes."""

import json
from collections.abc import Callable, Mapping

import msgspec

JSON_TYPE = "application/json"

Formats = Mapping[str, Callable[[str], bool]]
"""Validators of texts by the name of the format; other formats are those of JSON Schema."""


class Framework(msgspec.Struct, frozen=True, kw_only=True):
    """How a framework reads requests; the default is what documents describe.

    - `untyped`: the media type of a body without a Content-Type.
    - `has_json_suffix`: `application/…+json` is read as JSON.
    - `detects_unicode`: JSON may begin with a byte order mark and be in UTF-16 or UTF-32.
    - `requires_body`: an empty body, and null, are a missing body, not invalid JSON.
    - `counts_unchosen_files`: a form part with an empty file name and no content is an empty file.
    - `redirects_slashes`: a path with a trailing slash gets a 307 to the path without it.
    - `checks_parameters`: a request is refused for any parameter that is not as described, also in a header;
      otherwise for those in path and query that its handler reads.
    - `describes_errors`: the document has the status of every error; otherwise others may be sent.
    - `formats`: validators of formats.
    """

    untyped: str = ""
    has_json_suffix: bool = False
    detects_unicode: bool = False
    requires_body: bool = False
    counts_unchosen_files: bool = False
    redirects_slashes: bool = False
    checks_parameters: bool = False
    describes_errors: bool = True
    formats: Formats = msgspec.field(default_factory=dict)

    def media_type(self, content_type: str) -> str:
        """Return the media type as which a body is parsed."""
        declared = content_type.partition(";")[0].strip().lower() or self.untyped
        is_json = self.has_json_suffix and declared.startswith("application/") and declared.endswith("+json")
        return JSON_TYPE if is_json else declared

    def decoded(self, body: bytes) -> bytes:
        """Return JSON in UTF-8; a body in no encoding of Unicode is returned as it is."""
        if not self.detects_unicode:
            return body
        try:
            return (
                body.decode(json.detect_encoding(body)).encode() or body
            )  # a byte order mark alone is a body
        except UnicodeError:
            return body


DOCUMENTED = Framework()
