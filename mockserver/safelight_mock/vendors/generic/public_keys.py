"""The public keys by which clients verify webhooks: described in the document if it does not, and served."""

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from safelight_lifecycle import AsyncJobs, Signature
from safelight_mock.core.engine import Engine
from safelight_mock.wire.api import Api
from safelight_mock.wire.ed25519 import json_web_key
from safelight_mock.wire.messages import JSON, Request, Response

KEY_SET: JSON = {
    "type": "object",
    "required": ["keys"],
    "properties": {"keys": {"type": "array", "items": {"type": "object"}}},
}
GIVE_KEYS: JSON = {
    "summary": "Public keys of webhooks.",
    "security": [],
    "responses": {
        "200": {"description": "A JSON Web Key Set.", "content": {"application/json": {"schema": KEY_SET}}}
    },
}


def with_public_keys(document: Mapping[str, JSON], jobs: AsyncJobs) -> Mapping[str, JSON]:
    """Return a document with the operations that give the public keys of its lifecycles."""
    missing = [url for url in key_addresses(jobs) if not _operation(Api(document=document), url)]
    paths: dict[str, JSON] = dict(document["paths"]) if missing else {}
    for url in missing:
        parts = urlsplit(url)
        server = {"url": f"{parts.scheme}://{parts.netloc}"}
        paths[parts.path] = {**paths.get(parts.path, {}), "servers": [server], "get": GIVE_KEYS}
    return {**document, "paths": paths} if missing else document


def key_addresses(jobs: AsyncJobs) -> list[str]:
    """Return the addresses of the public keys of lifecycles."""
    signs = [rule.sign for one in jobs.lifecycles.values() for rule in one.deliver]
    return [one.secret.keys for one in signs if isinstance(one, Signature) and one.secret.keys]


def key_operations(api: Api, jobs: AsyncJobs) -> Iterator[str]:
    """Yield the operations that give public keys."""
    yield from filter(None, (_operation(api, url) for url in key_addresses(jobs)))


def signing_key(engine: Engine) -> str:
    """Return the secret from which the keys of an API follow, the same for all its clients."""
    return f"{engine.sandbox.vendor}/{engine.sandbox.seed}"


def give_keys(engine: Engine, _: Request) -> Response:
    """Handle an operation that gives the public keys, a JSON Web Key Set."""
    return Response.json(200, {"keys": [json_web_key(signing_key(engine))]})


def _operation(api: Api, url: str) -> str:
    """Return the operation at an address; empty if the document has none."""
    path = urlsplit(url).path
    found = (one.id for one in api.operations.values() if one.method == "GET" and path in one.paths)
    return next(found, "")
