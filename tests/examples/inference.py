"""Counts how many facts of lifecycles that people wrote are inferred from the documents alone.

    python -m tests.examples.inference [FOLDER] [-v]

prints a table for the three vendors and the documents of examples/ or, with a folder of vendors' own
documents, for these against the lifecycles of the examples.

A fact is one leaf under `submit`, `id`, `read`, `list`, `moves`, `states`, `result` and `deliver.target`;
`price` and `timing` are none, wherever they are. Lists count by their elements, and a state in a list counts
as the words that mean it. An inferred leaf is wrong if the lifecycle has another value there, or if it names
an operation or a word that the lifecycle leaves out although its document has it. Other leaves that the
lifecycle does not have are additional.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safelight_openapi import (
    Fact,
    apply_overlay,
    infer_lifecycles,
    load_overlay,
    normalise,
    operations_by_id,
    read_document,
    string_keyed,
)

ROOT = Path(__file__).parents[2]
OWN = ("claid", "tengr", "topaz")
EXAMPLES = sorted(path.parent.name for path in (ROOT / "examples").glob("*/lifecycle.overlay.yaml"))
# Names of files with vendors' documents, where they are not that of the example.
NAMES = {"topaz-third-party": "topaz-video"}
TOPICS = ("submit", "id", "read", "list", "moves", "states", "result", "deliver")
EXTENSION = "x-async-jobs"

Node = dict[str, Any]
Leaf = tuple[tuple[str, ...], object]  # a path, and the value there


@dataclass(frozen=True)
class Count:
    """How the inferred lifecycles of one document compare with those that a person wrote."""

    name: str
    facts: int
    missing: tuple[Leaf, ...]
    wrong: tuple[Leaf, ...]  # without a doubt mark
    doubtful: tuple[Leaf, ...]  # wrong, and marked
    additional: tuple[Leaf, ...]

    @property
    def share(self) -> float:
        """The part of the facts that is inferred."""
        return 1 - len(self.missing) / self.facts


def own_document(name: str) -> tuple[Node, Node]:
    """Return the effective document of a vendor without its lifecycle, and the lifecycle in version 2."""
    document: Node = json.loads((ROOT / f"generated/safelight_specs/{name}.json").read_text("utf-8"))
    described = document.pop(EXTENSION)
    if described.get("version") != "2":
        written: Any = read_document(ROOT / f"examples/_builtin/{name}.lifecycle.yaml")
        return document, written
    return document, described


def example_document(name: str, source: Path | None = None) -> tuple[Node, Node]:
    """Return a document, that of the example unless another is given, and the lifecycle of the example.

    What the overlay changes outside of the lifecycle is in the document: it corrects what the vendor's lacks.
    """
    path = source or next((ROOT / "examples" / name).glob("[os]*.yaml"))
    openapi = normalise(string_keyed(read_document(path)))
    overlay = load_overlay(ROOT / "examples" / name / "lifecycle.overlay.yaml")
    described: Any = apply_overlay(openapi, overlay).document
    return described, described.pop(EXTENSION)


def count(name: str, document: Node, written: Node, known: frozenset[str]) -> Count:
    """Compare; `known` are the operations that the writer of the lifecycle had before them."""
    inferred = dict(infer_lifecycles(document).drafts)
    missing, wrong, doubtful, additional = list[Leaf](), list[Leaf](), list[Leaf](), list[Leaf]()
    total = 0
    for title, lifecycle in written["lifecycles"].items():
        draft = next((one for one in inferred.values() if _is_same(one, lifecycle)), {})
        wanted, got = dict(_leaves(lifecycle)), dict(_leaves(_with_ids_of(lifecycle, draft)))
        total += len(wanted)
        missing += [((title, *path), value) for path, value in wanted.items() if not _has(got, path, value)]
        for path, fact in got.items():
            if _has(wanted, path, _value(fact)):
                continue
            leaf = ((title, *path), _value(fact))
            if not _is_wrong(path, wanted, known):
                additional.append(leaf)
            elif isinstance(fact, Fact) and fact.is_doubtful:
                doubtful.append(leaf)
            else:
                wrong.append(leaf)
    return Count(name, total, tuple(missing), tuple(wrong), tuple(doubtful), tuple(additional))


def _with_ids_of(lifecycle: Node, draft: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a draft whose `id.from` is that of the submission for which the lifecycle has it.

    Where each submission has its id at another place, any of them can be the one that `id.from` is of.
    """
    if not draft:
        return draft
    common = draft["id"].get("from")
    nodes = [_as_mapping(one) for one in draft["submit"]]
    own = {str(_value(one["operation"])): one.get("id", {}).get("from", common) for one in nodes}
    plain = [one for one in lifecycle["submit"] if "id" not in _as_mapping(one)]
    chosen = next((own[name] for name in _operations({"submit": plain}) if name in own), common)
    submit = [
        {key: value for key, value in one.items() if key != "id"}
        | ({} if place == chosen else {"id": {"from": place}})
        for one, place in zip(nodes, own.values(), strict=True)
    ]
    return {**draft, "submit": submit, "id": {**draft["id"], **({"from": chosen} if chosen else {})}}


def _is_same(draft: Mapping[str, Any], lifecycle: Node) -> bool:
    """Whether two lifecycles have the same read or, without one, a submission in common."""
    read = _value(draft.get("read", {}).get("operation"))
    if "read" in lifecycle or read is not None:
        return bool(read == lifecycle.get("read", {}).get("operation"))
    return bool({*_operations(draft)} & {*_operations(lifecycle)})


def _operations(lifecycle: Mapping[str, Any]) -> list[str]:
    return [str(_value(_as_mapping(one)["operation"])) for one in lifecycle["submit"]]


def _as_mapping(submission: object) -> Node:
    return submission if isinstance(submission, dict) else {"operation": submission}


def _value(leaf: object) -> object:
    return leaf.value if isinstance(leaf, Fact) else leaf


def _has(leaves: Mapping[tuple[str, ...], object], path: tuple[str, ...], value: object) -> bool:
    return path in leaves and _value(leaves[path]) == _value(value)


def _is_wrong(path: tuple[str, ...], wanted: Mapping[tuple[str, ...], object], known: frozenset[str]) -> bool:
    topic = path[0]
    if path in wanted or topic == "states":
        return True
    if topic in ("submit", "moves"):
        is_described = any(other[:2] == path[:2] for other in wanted)
        if len(path) == (2 if topic == "submit" else 3) or not is_described:
            return path[1] in known
    if path[-2:-1] == ("while",):
        return any(other[:-1] == path[:-1] for other in wanted)
    return topic == "id" and path[:2] == ("id", "from")


def _leaves(lifecycle: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], object]]:
    """Yield path and value of each fact; entries of lists have their operation or value in the path."""
    words = _words(lifecycle.get("states", {}))
    for topic in TOPICS:
        node = lifecycle.get(topic, {})
        if topic == "submit":
            yield from _submissions(node, words)
        elif topic == "moves":
            yield from _moves(node, words)
        elif topic == "deliver":
            first = node[0] if isinstance(node, list) else node
            yield from _below(first.get("target", {}), ("deliver", "target"), words)
        else:
            yield from _below(node, (topic,), words)


def _words(states: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the words of each state."""
    words: dict[str, list[str]] = {}
    for word, meaning in states.items():
        means = meaning["means"] if isinstance(meaning, dict) else meaning
        for state in means if isinstance(means, list) else [means]:
            words.setdefault(str(_value(state)), []).append(word)
    return words


def _submissions(listed: list[Any], words: dict[str, list[str]]) -> Iterator[tuple[tuple[str, ...], object]]:
    for one in listed:
        node = _as_mapping(one)
        operation = node["operation"]
        name = str(_value(operation))
        yield ("submit", name), Fact(value=True, reason="", is_doubtful=_is_doubtful(operation))
        for key, value in node.items():
            if key not in ("operation", "price", "timing"):
                yield from _below(value, ("submit", name, key), words)


def _is_doubtful(leaf: object) -> bool:
    return isinstance(leaf, Fact) and leaf.is_doubtful


def _moves(listed: list[Any], words: dict[str, list[str]]) -> Iterator[tuple[tuple[str, ...], object]]:
    numbers: dict[str, int] = {}
    for node in listed:
        name = str(_value(node["operation"]))
        numbers[name] = numbers.get(name, 0) + 1
        at = ("moves", name, str(numbers[name]))
        yield at, Fact(value=True, reason="", is_doubtful=_is_doubtful(node["operation"]))
        for key, value in node.items():
            if key != "operation":
                yield from _below(value, (*at, key), words)


def _below(node: object, path: tuple[str, ...], words: dict[str, list[str]]) -> Iterator[Leaf]:
    match node:
        case dict() if path[0] == "states" or path[-1] not in ("price", "timing"):
            for key, value in node.items():
                name = "place" if key in ("from", "each") and path[-1] == "result" else key
                yield from _below(value, (*path, name), words)
        case list():
            for value in node:
                for word in words.get(str(_value(value)), [str(_value(value))]):
                    yield (*path, word), Fact(value=True, reason="", is_doubtful=_is_doubtful(value))
        case _ if path[0] == "states" and len(path) == len(("states", "word")):
            yield (*path, "means"), node
        case _ if path[-1] == "to":
            named = words.get(str(_value(node)), [])
            text = named[0] if len(named) == 1 else str(_value(node))
            yield path, Fact(value=text, reason="", is_doubtful=_is_doubtful(node))
        case _:
            yield path, node


def operations(document: Node) -> frozenset[str]:
    """Return the names of the operations of a document."""
    listed = operations_by_id(document).values()
    return frozenset(
        f"{one.method.upper()} {one.path}" if one.name == f"{one.method} {one.path}" else one.name
        for one in listed
    )


def counts(folder: Path | None = None) -> Iterator[Count]:
    """Compare all documents of the project, or those of a folder."""
    if folder is None:
        yield from (count(name, *own_document(name), operations(own_document(name)[0])) for name in OWN)
        for name in EXAMPLES:
            yield count(name, *example_document(name), operations(example_document(name)[0]))
        return
    for path in sorted(folder.iterdir()):
        name = NAMES.get(path.stem, path.stem)
        if path.suffix in (".json", ".yaml", ".yml") and name in EXAMPLES and name != "fal":
            known = operations(example_document(name)[0])
            yield count(path.stem, *example_document(name, path), known)


def main() -> None:
    """Print the table, and with -v what is missing and what is wrong."""
    arguments = [one for one in sys.argv[1:] if one != "-v"]
    listed = list(counts(Path(arguments[0]) if arguments else None))
    print("document                     facts  inferred  share  wrong  wrong, marked  additional")  # noqa: T201
    for one in listed:
        inferred = one.facts - len(one.missing)
        row = f"{one.name:28} {one.facts:5} {inferred:9} {one.share:6.1%} {len(one.wrong):6}"
        print(f"{row} {len(one.doubtful):14} {len(one.additional):11}")  # noqa: T201
        for title in ("missing", "wrong", "doubtful", "additional") if "-v" in sys.argv else ():
            for path, value in getattr(one, title):
                print(f"    {title}: {' '.join(path)} = {value}")  # noqa: T201


if __name__ == "__main__":
    main()
