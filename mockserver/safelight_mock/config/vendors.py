"""Which vendors are served: the built-in ones, those of installed packages, and documents of the user's.

A package brings vendors by entry points of the group `safelight_mock.vendors`, each of which is a `Spec` or a
`ServedVendor`.
"""

import sys
from collections.abc import Collection, Iterable, Mapping
from functools import cache, lru_cache, partial
from os import scandir
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from safelight_mock.config.arguments import check_list
from safelight_mock.vendors import DESCRIBED, VENDORS
from safelight_mock.wire.api import Api
from safelight_mock.wire.messages import JSON
from safelight_mock.wire.served_vendor import DocumentFacts, ServedVendor
from safelight_mock.wire.suggestions import suggestion
from safelight_specs import spec_bytes

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint
    from os import PathLike

    from safelight_mock.config.specs import Spec

GROUP = "safelight_mock.vendors"  # of entry points
FOLDERS = 256  # of packages, remembered


class UnknownVendorError(ValueError):
    """A name that neither a built-in vendor nor one of a package has."""


def choose_vendors(
    names: Collection[str] | None = None,
    specs: Iterable["Spec | str | PathLike[str]"] = (),
    *,
    use_cache: bool = True,
    infers: bool = True,
) -> Mapping[str, ServedVendor]:
    """Return the vendors to serve by their names.

    `names` are those of built-in vendors and packages; None: all. `infers`: documents without lifecycles get
    those that they most likely have. Raises UnknownVendorError, and InvalidSpecError for two vendors of one
    name and for documents that cannot be served; both are ValueErrors.
    """
    check_list("specs", specs, "documents")
    brought = _of_packages()
    known = (*VENDORS, *brought)
    chosen = set(known) if names is None else {*names}
    for unknown in sorted(chosen.difference(known)):
        raise UnknownVendorError(f"unknown vendor {unknown!r}; {suggestion(unknown, (*known, 'none'))}")
    together = {slug: _built_in(slug) for slug in VENDORS if slug in chosen}
    specs = list(specs)
    packages = [brought[name].load() for name in brought if name in chosen]
    documents = [one for one in packages if not isinstance(one, ServedVendor)] + specs
    others = [one for one in packages if isinstance(one, ServedVendor)]
    if documents:
        from safelight_mock.config.specs import load_specs  # noqa: PLC0415 - by default there are none

        others += load_specs(documents, use_cache=use_cache, infers=infers)
    for other in others:
        slug = other.slug
        if slug in together:
            raise _invalid(
                f"two vendors have the name {slug}; give one of them another (--name, Spec(name=…))"
            )
        together[slug] = other
    return together


def _invalid(problem: str) -> ValueError:
    from safelight_mock.config.specs import InvalidSpecError  # noqa: PLC0415 - the first error pays, not start-up

    return InvalidSpecError([problem])


@cache
def _built_in(slug: str) -> ServedVendor:
    """Return a built-in vendor, one for the whole process: its document is parsed once for all servers."""
    """Return a vendor of ours; of one that is described the document suffices until its first request."""
    facts = DocumentFacts.of(Api(document=_document(slug, False))) if slug in DESCRIBED else None  # noqa: FBT003 - as below
    make, document = partial(VENDORS.__getitem__, slug), partial(_document, slug)
    return ServedVendor(slug=slug, make=make, document=document, facts=facts)


def _document(slug: str, is_strict: bool) -> Mapping[str, JSON]:  # noqa: FBT001 - the type of a field
    document: Mapping[str, JSON] = msgspec.json.decode(spec_bytes(slug, strict=is_strict))
    return document


def _of_packages() -> Mapping[str, "EntryPoint"]:
    """Return the entry points of installed packages by name.

    importlib.metadata takes 0.1 s to import, a third of a start, and 2 ms suffice to see that no package
    has the group.
    """
    if not any(_has_group(folder, _changed(folder)) for folder in sys.path):
        return {}
    from importlib.metadata import entry_points  # noqa: PLC0415 - see above

    return {entry.name: entry for entry in entry_points(group=GROUP)}


def _changed(folder: str) -> int:
    """Return when a package was last added to a folder or removed (nanoseconds); 0 if there is no folder."""
    try:
        return Path(folder or ".").stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(FOLDERS)
def _has_group(folder: str, changed: int) -> bool:  # noqa: ARG001 - a changed folder is read again
    try:
        packages = [entry.path for entry in scandir(folder or ".") if entry.name.endswith(".dist-info")]
    except OSError:  # a zip file, or a folder that does not exist
        return False
    return any(_names_group(f"{package}/entry_points.txt") for package in packages)


def _names_group(file: str) -> bool:
    try:
        with open(file, "rb") as opened:  # noqa: PTH123 - a Path for each package takes longer than reading
            return GROUP.encode() in opened.read()
    except OSError:
        return False
