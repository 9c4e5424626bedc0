"""A vendor's document as the judge reads it: the effective spec, and what making up calls needs beside it."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from schemathesis import Case

from safelight_specs import read_spec

Json = dict[str, Any]
Call = Case[Any]  # one that schemathesis made up

ORIGIN: Final = "http://twin.example"
METHODS: Final = ("get", "put", "post", "delete", "patch")
PICTURE: Final[Json] = {"type": "string", "format": "binary"}

# Fields of which a form needs exactly one, and not empty: vendors say so in words, not in schemas.
ALTERNATIVES: Final[Mapping[str, tuple[str, ...]]] = {"topaz": ("image", "source_id", "source_url")}


def document(vendor: str, *, strict: bool) -> Json:
    """Give the effective spec with every path whole, files as pictures and alternatives told."""
    spec = read_spec(vendor, strict=strict)
    spec["paths"] = {_base(spec, item, vendor) + path: item for path, item in spec["paths"].items()}
    spec["servers"] = [{"url": ORIGIN}]
    for item in spec["paths"].values():
        item.pop("servers", None)
    for schema in spec["components"]["schemas"].values():
        _tell(schema.get("properties", {}), schema, ALTERNATIVES.get(vendor, ()))
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
    """Give the header that shows a key, as the first security scheme has it."""
    scheme = spec["components"]["securitySchemes"][next(iter(spec["security"][0]))]
    return (scheme["name"], key) if scheme["type"] == "apiKey" else ("Authorization", f"Bearer {key}")


def _base(spec: Json, item: Json, vendor: str) -> str:
    server = (item.get("servers") or spec["servers"])[0]
    return f"/{vendor}{urlsplit(server['url']).path.rstrip('/')}"


def _tell(fields: Json, form: Json, alternatives: Iterable[str]) -> None:
    files = [name for name, field in fields.items() if "contentMediaType" in field]
    fields.update(dict.fromkeys(files, PICTURE))
    if set(alternatives) & set(files):
        form["oneOf"] = [_alternative(name, alternatives, files) for name in alternatives]


def _alternative(chosen: str, alternatives: Iterable[str], files: Iterable[str]) -> Json:
    """Say that of these fields just one is given; an empty text is as good as none."""
    given = {name: True if name in files else {"minLength": 1} for name in alternatives}
    absent = {name: False if name in files else {"maxLength": 0} for name in alternatives}
    return {"required": [chosen], "properties": {**absent, chosen: given[chosen]}}
