"""Bodies about jobs that have succeeded without a result: null in place of each link to one."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from safelight_mock.wire.messages import JSON
from safelight_mock.wire.presigned_links import PREFIX, FileName, LinkError

OUTPUT = "output"  # how the purpose of a link to a result begins


def without_outputs(value: JSON) -> JSON:
    """Return a value with null for each link of this server to the result of a job."""
    if isinstance(value, str):
        return None if PREFIX in value and _is_output(value) else value
    if isinstance(value, Mapping):
        return {name: without_outputs(inner) for name, inner in value.items()}
    return [without_outputs(inner) for inner in value] if isinstance(value, list | tuple) else value


def _is_output(text: str) -> bool:
    try:
        _, prefix, below = urlsplit(text).path.partition(PREFIX)
        return FileName.from_path(f"{prefix}{below}").purpose.startswith(OUTPUT)
    except (LinkError, ValueError):
        return False
