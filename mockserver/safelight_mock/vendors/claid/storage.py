"""URLs in connected storages. Their contents are placeholder images, and nothing is written to them."""

from collections.abc import Mapping
from urllib.parse import quote

from safelight_mock.vendors.claid.addresses import AddressError, parse, scheme
from safelight_mock.wire.messages import JSON

STORAGE = "storage"  # the scheme
ELSEWHERE = "https://{}.storage.invalid/{}"  # a name that never resolves (RFC 6761)
UNKNOWN = "safelight://unknown-storage"  # no sample has this name

NOWHERE: Mapping[str, JSON] = dict.fromkeys(
    ("object_key", "object_bucket", "object_uri", "claid_storage_uri")
)  # fields of a result that is in no storage


def is_stored(address: str) -> bool:
    """Return whether a URL is one in a storage."""
    return scheme(address) == STORAGE


def loadable(address: str, storages: str) -> str:
    """Return the URL to load an input from; for one in a storage, a URL that gives a placeholder image."""
    if not is_stored(address):
        return _normal(address)
    name, path = _parts(address)
    connected = {known.strip() for known in storages.split(",")}
    return ELSEWHERE.format(quote(name), quote(path)) if name in connected else UNKNOWN


def contents(folder: str, files: int) -> list[str]:
    """Return the URLs of the placeholder images in a folder."""
    return [f"{folder.rstrip('/')}/{number}.jpeg" for number in range(1, files + 1)]


def stored(destination: str, name: str) -> Mapping[str, JSON]:
    """Return the location of a result: in a folder under its name, or at the destination."""
    bucket, path = _parts(destination)
    key = f"{path}{name}" if not path or path.endswith("/") else path
    return {
        "object_key": key,
        "object_bucket": bucket,
        "object_uri": f"s3://{bucket}/{key}",
        "claid_storage_uri": f"{STORAGE}://{bucket}/{key}",
    }


def _parts(address: str) -> tuple[str, str]:
    parsed = parse(address)
    return parsed.host, parsed.path.removeprefix("/")


def _normal(address: str) -> str:
    """Return a URL as the framework passes it on; that of a style, which it does not parse, as sent."""
    try:
        return parse(address).text
    except AddressError:
        return address
