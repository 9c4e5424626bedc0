"""An API's document for schemathesis: the effective spec, and additions for generating requests."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from schemathesis import Case

from contract_tests.fuzz.apis import async_jobs, effective_document
from contract_tests.fuzz.links import add_links
from safelight_mock.wire.schema import resolve

Json = dict[str, Any]
Call = Case[Any]  # one that schemathesis made up

ORIGIN: Final = "http://twin.example"
API: Final = "x-api"  # beside the document's own fields: the name of the API
METHODS: Final = ("get", "put", "post", "delete", "patch")
PICTURE: Final[Json] = {"type": "string", "format": "binary"}
ADDRESS: Final = "picture-address"
SIDE: Final[Json] = {"type": "integer", "minimum": 1}

# Fields that name a picture by address. Any address would do, but those learnt from answers lead to results
# of results of results, ever larger and slower to make.
INPUTS: Final = ("imageUrl", "input", "source_url")

# Fields of which a form needs exactly one, and not empty: vendors document this in prose, not in schemas.
ALTERNATIVES: Final[Mapping[str, tuple[str, ...]]] = {"topaz": ("image", "source_id", "source_url")}


def document(api: str, *, strict: bool, origin: str = ORIGIN, for_link_sequences: bool = False) -> Json:
    """Return the effective spec with whole paths, image files, alternatives as schemas, lifecycles as links.

    For link sequences a form has the first alternative alone: the others, generated, rarely make a job.
    """
    alternatives = ALTERNATIVES.get(api, ())
    spec = effective_document(api, strict=strict) | {API: api}
    for label, operation in operations(spec).items():
        operation.setdefault("operationId", label)
    spec["paths"] = {_base(spec, item, api) + path: item for path, item in spec["paths"].items()}
    spec["servers"] = [{"url": origin}]
    for item in spec["paths"].values():
        item.pop("servers", None)
    for schema in spec["components"].get("schemas", {}).values():
        _tell(
            schema.get("properties", {}),
            schema,
            alternatives,
            chosen=alternatives[: 1 if for_link_sequences else None],
        )
    for item in spec["paths"].values():
        shared = item.pop("parameters", [])
        for operation in (item[method] for method in METHODS if method in item):
            _resolve(spec, operation, shared)
            _show(operation)
    named = {operation["operationId"]: operation for operation in operations(spec).values()}
    for lifecycle in async_jobs(api).lifecycles.values():
        add_links(lifecycle, named)
    return spec


def operations(spec: Json) -> dict[str, Json]:
    """Give every operation by its method and path, as schemathesis names it."""
    return {
        f"{method.upper()} {path}": item[method]
        for path, item in spec["paths"].items()
        for method in METHODS
        if method in item
    }


def credential(spec: Json, key: str) -> tuple[str, str]:
    """Give the header that shows a key, as the first security scheme has it; all of an API have one place."""
    scheme = next(iter(spec["components"]["securitySchemes"].values()))
    return (scheme["name"], key) if scheme["type"] == "apiKey" else ("Authorization", f"Bearer {key}")


def _base(spec: Json, item: Json, vendor: str) -> str:
    server = (item.get("servers") or spec["servers"])[0]
    return f"/{vendor}{urlsplit(server['url']).path.rstrip('/')}"


def _resolve(spec: Json, operation: Json, shared: list[Json]) -> None:
    """Write parameters, also those of the path, and responses where they are referred to."""
    operation["parameters"] = [resolve(spec, one) for one in (*shared, *operation.get("parameters", ()))]
    operation["responses"] = {code: resolve(spec, one) for code, one in operation["responses"].items()}


def _tell(fields: Json, form: Json, alternatives: Iterable[str], *, chosen: Iterable[str]) -> None:
    files = [name for name, field in fields.items() if "contentMediaType" in field]
    fields.update(dict.fromkeys(files, PICTURE))
    for name in {*INPUTS} & {*fields}:
        _address(fields[name])
    if set(alternatives) & set(files):
        form["oneOf"] = [_alternative(name, alternatives, files) for name in chosen]


def _address(field: Json) -> None:
    """Declare that a URL, also one among several, is that of an image."""
    if field.get("format") == "uri":
        field["format"] = ADDRESS
    items = [field["items"]] if "items" in field else []
    for inner in (*field.get("anyOf", ()), *items):
        _address(inner)


def _alternative(chosen: str, alternatives: Iterable[str], files: Iterable[str]) -> Json:
    """Declare that exactly one of these fields is present; an empty text counts as absent."""
    provided = {name: True if name in files else {"minLength": 1} for name in alternatives}
    absent = {name: False if name in files else {"maxLength": 0} for name in alternatives}
    return {"required": [chosen], "properties": {**absent, chosen: provided[chosen]}}


def _show(operation: Json) -> None:
    """Declare of an image in a response what decoding it shows, as `images.py` does."""
    for response in operation["responses"].values():
        for media_type, content in response.get("content", {}).items():
            if media_type.startswith("image/"):
                observed = {"media_type": {"const": media_type}, "width": SIDE, "height": SIDE}
                content["schema"] = {"type": "object", "required": [*observed], "properties": observed}
