"""Addresses in connected storages. The twin has none: what is in one is made up, and nothing is put there."""

from collections.abc import Mapping
from urllib.parse import quote

from safelight_mock.vendors.claid.addresses import AddressError, parse, scheme
from safelight_mock.wire.messages import JSON

STORAGE = "storage"  # the scheme
ELSEWHERE = "https://{}.storage.invalid/{}"  # a name that leads nowhere (RFC 6761)
UNKNOWN = "safelight://unknown-storage"  # of which there is no sample

NOWHERE: Mapping[str, JSON] = dict.fromkeys(
    ("object_key", "object_bucket", "object_uri", "claid_storage_uri")
)  # of a result that is in no storage


def is_stored(address: str) -> bool:
    """Tell whether an address leads to a storage."""
    return scheme(address) == STORAGE


def loadable(address: str, storages: str) -> str:
    """Return where to load an input from; for one in a storage, where nothing is but what is made up."""
    if not is_stored(address):
        return _normal(address)
    name, path = _parts(address)
    connected = {known.strip() for known in storages.split(",")}
    return ELSEWHERE.format(quote(name), quote(path)) if name in connected else UNKNOWN


def contents(folder: str, files: int) -> list[str]:
    """Return the addresses of what is taken to be in a folder: so many pictures."""
    return [f"{folder.rstrip('/')}/{number}.jpeg" for number in range(1, files + 1)]


def stored(destination: str, name: str) -> Mapping[str, JSON]:
    """Say where a result would be: in a folder under its name, or where the destination says."""
    bucket, path = _parts(destination)
    key = f"{path}{name}" if not path or path.endswith("/") else path
    return {
        "object_key": key,
        "object_bucket": bucket,
        "object_uri": f"s3://{bucket}/{key}",
        "claid_storage_uri": f"{STORAGE}://{bucket}/{key}",
    }


def _parts(address: str) -> tuple[str, str]:
    found = parse(address)
    return found.host, found.path.removeprefix("/")


def _normal(address: str) -> str:
    """Return an address as the framework hands it on; that of a style, which it does not read, as it came."""
    try:
        return parse(address).text
    except AddressError:
        return address
