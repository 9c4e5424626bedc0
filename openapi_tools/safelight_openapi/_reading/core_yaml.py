"""YAML 1.2 with the core schema only, on top of ruamel.yaml.

`on`, `off` and `no` are strings, and so are dates, `1_000`, `0b1` and `12:30:45`; `010` is ten. Tags without
a JSON equivalent are rejected. A number may be a mapping key if it is written as JSON would write it (`200:`,
not `0x1:`), and remains a number. Merge keys (`<<`) are supported, although YAML 1.2 has none: published
documents use them.
"""

import re
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import ConstructorError, SafeConstructor
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.representer import SafeRepresenter

MAX_DIGITS = 4_300  # of an integer: Python's own limit, because parsing takes quadratic time
TOO_LONG = f"a number has more than {MAX_DIGITS:,} digits"
MAX_MERGED = 200_000  # pairs that merge keys may add to all mappings of a document together

_TAG = "tag:yaml.org,2002:"
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_OLD_VALUE = re.compile(r"(?i)y|n|yes|no|on|off|[-+]?[0-9]+(:[0-5]?[0-9])+(\.[0-9]*)?")

_UNPRINTED = re.compile(
    "[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


def load(text: str) -> Any:  # noqa: ANN401 — untyped JSON, checked by the caller
    """Parse one document.

    Raises ruamel.yaml's `YAMLError`, or KeyError or ValueError for a value that does not match its tag.
    """
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = _CoreConstructor
    return yaml.load(text)


def dump(document: object) -> str:
    """Return a document in block style, keys in their order.

    Texts that YAML 1.1 would parse as another type, such as `on` or `12:30`, are quoted.
    """
    yaml = YAML(typ="safe", pure=True)
    yaml.Representer = _TreeRepresenter
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # annotated as None alone
    yaml.width = 120
    stream = StringIO()
    yaml.dump(document, stream)
    return stream.getvalue().removesuffix("...\n")


class _CoreConstructor(SafeConstructor):
    """Builds the values of the core schema."""

    _merged = 0  # pairs that merge keys have brought into mappings so far
    _merging = frozenset[int]()  # mappings whose merge keys are being followed, by id

    def flatten_mapping(self, node: Any) -> None:  # noqa: ANN401 - the library's own signature
        """Resolve the merge keys of a mapping, up to MAX_MERGED pairs per document.

        The library copies every pair into every mapping that merges it: nine aliases on each of nine levels
        make 9**9 copies before the first value is constructed. So the pairs are counted before they are
        copied.
        """
        if id(node) in self._merging:
            raise ConstructorError(None, None, "a mapping merges itself by <<", node.start_mark)
        self._merging |= {id(node)}
        for source in _sources(node):
            self.flatten_mapping(source)
            self._merged += len(source.value)
            if self._merged > MAX_MERGED:
                reason = f"merge keys (<<) add more than {MAX_MERGED:,} pairs"
                raise ConstructorError(None, None, reason, source.start_mark)
        super().flatten_mapping(node)
        self._merging -= {id(node)}

    def construct_mapping(self, node: Node, deep: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002 — the library's own signature
        if isinstance(node, MappingNode) and getattr(node, "merge", None) is None:
            self._reject_ambiguous_keys([key for key, _ in node.value])
        return super().construct_mapping(node, deep=deep)

    def _reject_ambiguous_keys(self, keys: list[Node]) -> None:
        known = set[str]()
        for key in keys:
            if not isinstance(key, ScalarNode):
                raise ConstructorError(None, None, "a mapping key must be a scalar", key.start_mark)
            if key.value in known:
                raise ConstructorError(
                    None, None, f"the key {key.value} occurs twice in one mapping", key.start_mark
                )
            if key.tag != _TAG + "merge" and str(self.construct_object(key)) != key.value:
                raise ConstructorError(
                    None,
                    None,
                    f"quote the mapping key {key.value}, whose type is ambiguous",
                    key.start_mark,
                )
            known.add(key.value)

    def integer(self, node: ScalarNode) -> object:
        text = str(self.construct_scalar(node))
        if not _INTEGER.fullmatch(text):
            return text
        if len(text) > MAX_DIGITS:
            raise ConstructorError(None, None, TOO_LONG, node.start_mark)
        return self.construct_yaml_int(node)

    def floating(self, node: ScalarNode) -> object:
        text = str(self.construct_scalar(node))
        return text if "_" in text or ":" in text else self.construct_yaml_float(node)


for _name in ("binary", "omap", "pairs", "set"):
    _CoreConstructor.add_constructor(_TAG + _name, SafeConstructor.construct_undefined)
for _name in ("timestamp", "value"):
    _CoreConstructor.add_constructor(_TAG + _name, SafeConstructor.construct_yaml_str)
_CoreConstructor.add_constructor(_TAG + "int", _CoreConstructor.integer)
_CoreConstructor.add_constructor(_TAG + "float", _CoreConstructor.floating)


def _sources(node: MappingNode) -> list[MappingNode]:
    """Return the mappings that a mapping merges; the library rejects other values of a merge key."""
    merged = [value for key, value in node.value if key.tag == _TAG + "merge"]
    listed = [
        one for value in merged for one in (value.value if isinstance(value, SequenceNode) else [value])
    ]
    return [one for one in listed if isinstance(one, MappingNode)]


class _TreeRepresenter(SafeRepresenter):
    """Writes no anchors and aliases: a value that occurs twice is written twice."""

    def ignore_aliases(self, data: object) -> bool:
        del data
        return True

    def text(self, data: str) -> ScalarNode:
        return self.represent_scalar(_TAG + "str", data, style=_style(data))


def _style(text: str) -> str | None:
    if _UNPRINTED.search(text):
        return '"'
    if "\n" in text:
        return "|"
    return "'" if _OLD_VALUE.fullmatch(text) else None


_TreeRepresenter.add_representer(str, _TreeRepresenter.text)
