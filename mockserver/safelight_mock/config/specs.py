"""OpenAPI documents of the user's: read, checked, and made a vendor each, without Python."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache, partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from safelight_mock.config.arguments import check_list, check_type
from safelight_mock.wire.api import Api
from safelight_mock.wire.logs import log
from safelight_mock.wire.messages import JSON
from safelight_mock.wire.presigned_links import PREFIX
from safelight_mock.wire.routing import RouteError, RouteTable
from safelight_mock.wire.served_vendor import DocumentFacts, ServedVendor
from safelight_mock.wire.setting import HOST, Setting
from safelight_mock.wire.vendor import Vendor
from safelight_openapi import DocumentCache, SpecError, user_cache

if TYPE_CHECKING:
    from safelight_openapi import LoadedDocument

RESERVED = frozenset({PREFIX.strip("/")})  # that of the control plane has a character that no name has
LONGEST_NAME = 60  # characters
UNNAMED = frozenset({"api", "document", "index", "openapi", "schema", "spec", "swagger", "v1", "v2", "v3"})
JOBS = "x-async-jobs"
NOT_INFERRED = f"it has no {JOBS}, and none is inferred: all operations respond with examples"
NOTES = 5  # of a document that are logged
DOCUMENTS = 8  # parsed ones that later servers of this process share
MOCKSERVER = Path(__file__).parents[1]
PROGRAMS = tuple(
    MOCKSERVER / name for name in ("core", "wire", "vendors/generic")
)  # they take part in checks
SETTINGS: Mapping[str, Setting] = {
    "host": HOST,
    "retention": Setting(
        default="", about="How long jobs are kept after their end, such as 24h; empty: as the document says."
    ),
}


class InvalidSpecError(ValueError):
    """Documents that cannot be served; `problems` are all reasons, each a sentence with its place."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems: tuple[str, ...] = tuple(problems)
        super().__init__("\n".join(self.problems))


class Spec(msgspec.Struct, frozen=True):
    """An OpenAPI document to serve, with overlays that are applied to it in their order.

    `path`: JSON or YAML; Swagger 2.0, or OpenAPI 3.0 to 3.2. `lifecycle`: one or more overlays, which usually
    add `x-async-jobs`; it may be in the document as well. `name`: that of the vendor, in URLs and settings;
    empty: that of the file or, if that says nothing, the title.
    """

    path: str | PathLike[str]
    lifecycle: str | PathLike[str] | Sequence[str | PathLike[str]] = ()
    name: str = ""

    def __post_init__(self) -> None:
        check_type("path", self.path, (str, PathLike), "the path of a document")
        check_type("name", self.name, str, "the name of the vendor")
        if not isinstance(self.lifecycle, str | PathLike):
            check_list("lifecycle", self.lifecycle, "paths of overlays")

    @property
    def overlays(self) -> tuple[Path, ...]:
        """The paths of the overlays."""
        one = isinstance(self.lifecycle, str | PathLike)
        return tuple(map(Path, [self.lifecycle] if one else self.lifecycle))  # type: ignore[arg-type] # as just asked


def assign_overlays(
    documents: Sequence[Path], overlays: Sequence[tuple[str, Path]], names: Sequence[str]
) -> list[Spec]:
    """Return documents with their names and overlays; raises ValueError for an overlay of no document.

    The n-th name is the n-th document's. An overlay has the name of its document, as chosen or as the file's;
    it may have none if there is one document only.
    """
    if len(names) > len(documents):
        raise ValueError(
            f"there is no document for --name {names[len(documents)]}; give one path for each name"
        )
    named = [*names, *[""] * (len(documents) - len(names))]
    specs = [Spec(path, name=name) for path, name in zip(documents, named, strict=True)]
    keys = [spec.name or path.name.split(".")[0] for spec, path in zip(specs, documents, strict=True)]
    for name, overlay in overlays:
        fitting = [index for index, key in enumerate(keys) if name in ("", key)]
        if len(fitting) != 1:
            listed = ", ".join(f"{key}={overlay}" for key in keys) or "give the path of a document too"
            unknown = f"there is no document named {name}; " if name and keys else ""
            raise ValueError(f"--lifecycle {overlay}: {unknown}say which document it is for: {listed}")
        spec = specs[fitting[0]]
        specs[fitting[0]] = msgspec.structs.replace(spec, lifecycle=(*spec.overlays, overlay))
    return specs


def load_specs(
    specs: Iterable[Spec | str | PathLike[str]], *, use_cache: bool, infers: bool = True
) -> list[ServedVendor]:
    """Return a vendor for each document; all are checked first.

    `infers`: one without lifecycles gets those that it most likely has.

    Raises InvalidSpecError with all problems of all documents.
    """
    cache = DocumentCache(user_cache() if use_cache else None, PROGRAMS)
    served: list[ServedVendor] = []
    problems: list[str] = []
    for spec in specs:
        read = spec if isinstance(spec, Spec) else Spec(spec)
        try:
            served.append(load_spec(read, cache, infers=infers))
        except SpecError as error:
            problems += _explained(read, error)
    if problems:
        raise InvalidSpecError(problems)
    return served


def _explained(spec: Spec, error: SpecError) -> list[str]:
    """Return the problems of a document, with its overlays, and how to find what corrects them."""
    overlays = [overlay.as_posix() for overlay in spec.overlays]
    document = Path(spec.path).as_posix()
    subject = f"{document} with {', '.join(overlays)}" if overlays else document
    where = "" if error.subject == document else f"{error.subject}: "
    problems = [f"{subject}: {where}{problem}" for problem in error.problems]
    if overlays or any(JOBS in problem for problem in error.problems):
        given = "".join(f" --lifecycle {overlay}" for overlay in overlays)
        problems[-1] += f" (`safelight-mock check {document}{given}` says how to correct it)"
    return problems


def load_spec(spec: Spec, cache: DocumentCache, *, infers: bool = True) -> ServedVendor:
    """Return the vendor of a document; raises SpecError if it cannot be served."""
    path = Path(spec.path)
    load = partial(_load, path, spec.overlays, infers=infers)
    checked = cache.checked(path, spec.overlays, load, variant="" if infers else "as it is")
    for note in checked.notes[:NOTES]:
        log.warning("%s: %s", path.as_posix(), note)
    if len(checked.notes) > NOTES:
        log.warning("%s: %d more notes like these", path.as_posix(), len(checked.notes) - NOTES)
    slug = _name(spec, str(checked.about["title"]))
    return _served(slug, checked.content, msgspec.convert(checked.about["facts"], DocumentFacts))


@lru_cache(DOCUMENTS)
def _served(slug: str, content: bytes, facts: DocumentFacts) -> ServedVendor:
    """Return the vendor of a checked document, the same one for each server that serves this content."""
    made = SpecVendor(slug, content)
    return ServedVendor(slug=slug, make=made.vendor, document=made.document, facts=facts)


class SpecVendor:
    """The vendor of a checked document, which is parsed when it is first used."""

    def __init__(self, slug: str, content: bytes) -> None:
        self._slug = slug
        self._content = content

    @cached_property
    def _document(self) -> Mapping[str, JSON]:
        document: Mapping[str, JSON] = msgspec.json.decode(self._content)
        self._content = b""
        return document

    def document(self, is_strict: bool) -> Mapping[str, JSON]:  # noqa: FBT001 - as ServedVendor calls it
        """Return the document, of which there is one only."""
        del is_strict
        return self._document

    def vendor(self) -> Vendor:
        """Return the vendor."""
        vendor = made_vendor(self._slug, self._document)
        return msgspec.structs.replace(vendor, own_settings={**SETTINGS, **vendor.own_settings})


def made_vendor(slug: str, document: Mapping[str, JSON]) -> Vendor:
    """Return the vendor of a document with what its `x-async-jobs` says."""
    from safelight_lifecycle import read_async_jobs  # noqa: PLC0415 - the first request pays, not start-up
    from safelight_mock.vendors.generic import generic_vendor  # noqa: PLC0415 - likewise

    return generic_vendor(slug, document, read_async_jobs(document) if JOBS in document else None)


def serving_checks() -> Sequence[Callable[[dict[str, JSON]], Iterable[str]]]:
    """Return what is checked of a document before it is served."""
    from safelight_openapi import lifecycle_violations  # noqa: PLC0415 - one that is known needs none

    return (routing_problems, lifecycle_violations, vendor_problems)


def _load(path: Path, overlays: Sequence[Path], *, infers: bool) -> "LoadedDocument":
    """Load and check a document; one without lifecycles may get those that are inferred."""
    from safelight_openapi import load_document  # noqa: PLC0415 - one that is known needs none

    loaded = load_document(path, overlays, checks=serving_checks())
    if JOBS in loaded.document:
        document = _with_public_keys(loaded.document)
        return replace(loaded, document=document, about=_describe(document, is_inferred=False))
    document, notes = _with_inferred(path, loaded.document) if infers else (loaded.document, [NOT_INFERRED])
    about = _describe(document, is_inferred=JOBS in document)
    return replace(loaded, document=document, notes=(*notes, *loaded.notes), about=about)


def _with_public_keys(document: dict[str, JSON]) -> dict[str, JSON]:
    """Return a document with the operations that give the keys of its webhooks."""
    from safelight_lifecycle import read_async_jobs  # noqa: PLC0415 - as above
    from safelight_mock.vendors.generic.public_keys import with_public_keys  # noqa: PLC0415 - as above

    return dict(with_public_keys(document, read_async_jobs(document)))


def _with_inferred(path: Path, document: dict[str, JSON]) -> tuple[dict[str, JSON], list[str]]:
    """Return a document with the lifecycles that it most likely has, and sentences that say so."""
    from safelight_openapi import (  # noqa: PLC0415 - as above
        infer_lifecycles,
        lifecycle_violations,
        playable_jobs,
    )

    def problems(jobs: JSON) -> Iterator[str]:
        described = {**document, JOBS: jobs}
        yield from lifecycle_violations(described)
        yield from vendor_problems(described)

    inferred = infer_lifecycles(document)
    jobs, names, left_out = playable_jobs(inferred, problems)
    write = f"`safelight-mock infer {path.as_posix()}` writes an overlay with the reasons"
    notes = [
        f"not played, though inferred: lifecycle {name} ({why}); {write}" for name, why in left_out.items()
    ]
    if not names:
        return document, notes
    counted = f"{len(inferred.doubtful())} of {len(inferred.facts)} facts are doubtful"
    listed = f"lifecycle{'' if len(names) == 1 else 's'} {', '.join(names)}"
    report = f"inferred: {listed}; {counted}; {write}, to correct and to give as --lifecycle"
    return {**document, JOBS: jobs}, [report, *notes]


def _describe(document: Mapping[str, JSON], *, is_inferred: bool) -> dict[str, JSON]:
    """Return what is known of a document when it is served again."""
    facts = DocumentFacts.of(Api(document=document), is_inferred=is_inferred)
    title = document.get("info", {}).get("title", "")
    return {"title": title, "facts": msgspec.to_builtins(facts)}


def vendor_problems(document: Mapping[str, JSON]) -> Iterator[str]:
    """Yield why no vendor can be made of a document."""
    try:
        made_vendor("name", document)
    except (ValueError, LookupError) as error:
        yield f"{JOBS}: {error}"


def routing_problems(document: Mapping[str, JSON]) -> Iterator[str]:
    """Yield a sentence for each operation whose requests are those of another one, too."""
    routes: RouteTable[str] = RouteTable()
    for operation in Api(document=document).operations.values():
        for path in operation.paths:
            try:
                routes.add(operation.method, path, operation.id)
            except RouteError as error:
                yield f"{operation.id}: {error}; remove one of them, for example by an overlay"


def _name(spec: Spec, title: str) -> str:
    path = Path(spec.path)
    stem = path.name.split(".")[0].lower()
    named = spec.name or (title if stem in UNNAMED and title else stem)
    slug = re.sub(r"[^a-z0-9]+", "-", named.lower()).strip("-")[:LONGEST_NAME].strip("-")
    if not slug or slug in RESERVED:
        reason = f"the name {named!r} cannot be part of a URL here; choose another (--name, Spec(name=…))"
        raise SpecError(path.as_posix(), [reason])
    return slug
