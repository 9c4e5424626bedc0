"""The APIs that are fuzzed: the built-in vendors, and the examples, which are served from their documents."""

from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, Final

from safelight_lifecycle import AsyncJobs, read_async_jobs
from safelight_mock import Spec
from safelight_mock.config.vendors import choose_vendors
from safelight_mock.vendors import VENDORS
from safelight_specs import read_spec

FOLDER: Final = Path(__file__).parents[2] / "examples"
EXAMPLES: Final[Mapping[str, Spec]] = {
    lifecycle.parent.name: Spec(
        next(lifecycle.parent.glob("[os]*.yaml")), lifecycle, name=lifecycle.parent.name
    )
    for lifecycle in sorted(FOLDER.glob("*/lifecycle.overlay.yaml"))
}
APIS: Final = (*VENDORS, *EXAMPLES)


def effective_document(api: str, *, strict: bool) -> dict[str, Any]:
    """Return a copy of the document that an API is served by; examples have one only."""
    if api in EXAMPLES:
        return deepcopy(_document(api))
    document: dict[str, Any] = read_spec(api, strict=strict)
    return document


@cache
def async_jobs(api: str) -> AsyncJobs:
    """Return the lifecycles of an API."""
    return read_async_jobs(effective_document(api, strict=False))


@cache
def _document(example: str) -> dict[str, Any]:
    return {**choose_vendors((), [EXAMPLES[example]])[example].document(False)}  # noqa: FBT003 - a field
