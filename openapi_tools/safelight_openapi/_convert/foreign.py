"""Recognises other files than OpenAPI documents, for an error that names what to use instead."""

from safelight_openapi._reading.documents import JSONValue

_WANTED = "OpenAPI 3.0, 3.1 or 3.2, or Swagger 2.0"
_PATH = f"give the path of a JSON or YAML document of {_WANTED}"
_FORMATS = {
    "asyncapi": "an AsyncAPI document",
    "arazzo": "an Arazzo document",
    "openrpc": "an OpenRPC document",
    "raml": "a RAML document",
}


def foreign_document(document: JSONValue) -> str:
    """Return a sentence about a document of another format, or of a version that is not read."""
    match document:
        case None:
            return f"it is empty; {_PATH}"
        case str():
            return f"it is plain text; {_PATH}"
        case dict():
            return _foreign_mapping(document)
    return f"the document must be a mapping; {_PATH}"


def _foreign_mapping(document: dict[str, JSONValue]) -> str:
    for key in ("openapi", "swagger"):
        if key in document:
            return f"`{key}` is {document[key]!r}; it must be 2.0 (Swagger), 3.0.x, 3.1.x or 3.2.x, as a text"
    if "overlay" in document:
        return "it is an overlay; give it as --lifecycle, beside the OpenAPI document that it is for"
    info = document.get("info")
    if isinstance(info, dict) and "postman" in str(info.get("schema")):
        return f"it is a Postman collection; export it as {_WANTED}"
    named = next((what for key, what in _FORMATS.items() if key in document), "")
    if named:
        return f"it is {named}; {_PATH}"
    return f"`openapi` is missing; the document must be {_WANTED}"
