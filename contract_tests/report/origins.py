"""What our overlays change in a vendor's documents, action by action, and which operations that touches."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from contract_tests.report.keywords import Json, Keywords
from safelight_codegen.documents import read_document
from safelight_codegen.overlay import ActionReport, Applied
from safelight_codegen.spec.join import join
from safelight_codegen.spec.layers import LAYERS, Layer, apply_strictly, read_layer
from safelight_codegen.spec.normalise import normalise
from safelight_codegen.spec.source import Source, read_source


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One overlay: its path, its layer, and what each of its actions did."""

    path: str
    layer: str
    actions: tuple[ActionReport, ...]

    @property
    def name(self) -> str:
        """The file's name without what all of them end with."""
        return Path(self.path).name.removesuffix(".overlay.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A place of an operation that is ours, and the action that made it."""

    place: str
    overlay: str
    action: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Origins:
    """All overlays of a vendor, and the parts of each operation that come from them."""

    files: tuple[File, ...]
    parts: Mapping[str, Sequence[Part]]

    @property
    def actions(self) -> int:
        """How many actions there are."""
        return sum(len(file.actions) for file in self.files)

    def layer(self, name: str) -> Sequence[File]:
        """Return the files of a layer."""
        return [file for file in self.files if file.layer == name]


def origins(vendor: str, root: Path, keywords: Keywords, provenance: Json) -> Origins:
    """Apply a vendor's overlays once more, and find whose words each operation is made of."""
    source = read_source(root, vendor)
    layers = {name: read_layer(root, vendor, name) for name in LAYERS}
    files = [
        File(path=path, layer=layer, actions=tuple(actions))
        for layer, reports in _reports(source, layers).items()
        for path, actions in groupby(reports, key=lambda report: report.overlay)
    ]
    return Origins(files=tuple(files), parts=_parts(keywords, provenance))


def _reports(source: Source, layers: Mapping[str, Layer]) -> Mapping[str, Sequence[ActionReport]]:
    parts = [
        apply_strictly(normalise(read_document(document.file)), layers["truth"].of(document.file))
        for document in source.openapi
    ]
    truth = apply_strictly(
        join([part.document for part in parts if isinstance(part.document, dict)]), layers["truth"].of(None)
    )
    bent: dict[str, Applied] = {
        name: apply_strictly(truth.document, layers[name].of(None)) for name in LAYERS if name != "truth"
    }
    made = [*parts, truth]
    by_file = sorted((report for one in made for report in one.actions), key=lambda one: one.overlay)
    return {"truth": by_file, **{name: applied.actions for name, applied in bent.items()}}


def _parts(keywords: Keywords, provenance: Json) -> Mapping[str, Sequence[Part]]:
    found: dict[str, list[Part]] = defaultdict(list)
    for operation, place in keywords.operations.items():
        reach = _reach(keywords, place)
        for pointer, origin in provenance.items():
            if any(_is_below(pointer, one) or _is_below(one, pointer) for one in reach):
                part = Part(place=pointer, overlay=origin["overlay"], action=origin["action"])
                found[operation].append(part)
    return found


def _reach(keywords: Keywords, place: str) -> set[str]:
    """Find an operation's own place and those of all components it refers to, however indirectly."""
    reached, ahead = {place}, [place]
    while ahead:
        for reference in _references(keywords.at(ahead.pop())):
            if reference not in reached:
                reached.add(reference)
                ahead.append(reference)
    return reached


def _is_below(place: str, other: str) -> bool:
    return f"{place}/".startswith(f"{other}/")


def _references(node: Json) -> Iterator[str]:
    inner: Iterable[Json] = ()
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"].removeprefix("#")
        inner = node.values()
    elif isinstance(node, list):
        inner = node
    for one in inner:
        yield from _references(one)
