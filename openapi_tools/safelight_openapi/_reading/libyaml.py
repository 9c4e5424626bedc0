"""Reads plain YAML documents by libyaml, fifteen times as fast as `core_yaml`, and leaves all others to it.

libyaml reads YAML 1.1, and its errors have other words. So it reads only what both versions read alike: what
it rejects, and what has merge keys, tags, odd keys or characters, is `NotPlainError`.
"""

import re
from typing import Any

import yaml

MAX_LEVELS = 200  # deeper ones are rejected by `documents` in any case
KIND = "tag:yaml.org,2002:"
PLAIN = "plain"  # the tag of scalars without quotes and without a tag
ODD = re.compile("[\t\x85\u2028\u2029\ufeff]|^[%]", re.MULTILINE)  # line breaks of 1.1, tabs, directives
NULL = frozenset({"", "~", "null", "Null", "NULL"})
BOOLEAN = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
FLOAT = re.compile(r"[-+]?[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?")
UNSURE = re.compile(r"[-+]?\.|[-+]?0[xXoObB]|[-+]?[0-9]{19}")  # numbers in ways that the versions differ in
NUMERIC = frozenset("+-.0123456789")  # the first characters of what may be a number


class NotPlainError(ValueError):
    """Two versions of YAML may read this differently, or neither reads it."""


def load_plain(text: str) -> Any:  # noqa: ANN401 - untyped JSON, checked by the caller
    """Parse one document; raises NotPlainError for one that is not plain.

    An alias is the same object as what it repeats.
    """
    if not yaml.__with_libyaml__ or ODD.search(text):
        raise NotPlainError
    try:
        node = yaml.compose(text, Loader=_Loader)
    except (yaml.YAMLError, RecursionError) as error:
        raise NotPlainError from error
    if node is None:
        raise NotPlainError
    return _Constructor().value(node, 0)


class _Loader(yaml.CLoader):  # type: ignore[misc] # the package has no types
    """A loader that gives every scalar without quotes and tag the tag PLAIN."""


_Loader.yaml_implicit_resolvers = {None: [(PLAIN, re.compile(""))]}


class _Constructor:
    """Makes values of nodes, each once."""

    def __init__(self) -> None:
        self._made: dict[int, Any] = {}
        self._open: set[int] = set()

    def value(self, node: Any, level: int) -> Any:  # noqa: ANN401 - nodes and JSON
        """Return the value of a node."""
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        key = id(node)
        if key in self._made:
            return self._made[key]
        if key in self._open or level > MAX_LEVELS:
            raise NotPlainError
        self._open.add(key)
        self._made[key] = made = self._collection(node, level + 1)
        return made

    def _collection(self, node: Any, level: int) -> Any:  # noqa: ANN401 - nodes and JSON
        if isinstance(node, yaml.SequenceNode):
            if node.tag != f"{KIND}seq":
                raise NotPlainError
            return [self.value(item, level) for item in node.value]
        if node.tag != f"{KIND}map":
            raise NotPlainError
        made = {_key(key): self.value(value, level) for key, value in node.value}
        if len(set(map(str, made))) != len(node.value):
            raise NotPlainError
        return made


def _key(node: Any) -> object:  # noqa: ANN401 - a node
    """Return a key: a text, or a number that is written as JSON would write it."""
    if not isinstance(node, yaml.ScalarNode):
        raise NotPlainError
    value = _scalar(node)
    if node.tag == PLAIN and (node.value == "<<" or str(value) != node.value):
        raise NotPlainError
    return value


def _scalar(node: Any) -> object:  # noqa: ANN401 - a node
    if node.tag == f"{KIND}str":
        return node.value
    if node.tag != PLAIN:
        raise NotPlainError
    return _plain(node.value)


def _plain(text: str) -> object:
    """Return the value of a scalar without quotes, by the core schema."""
    if text in NULL:
        return None
    if text in BOOLEAN:
        return BOOLEAN[text]
    if text[0] not in NUMERIC:
        return text
    if UNSURE.match(text):
        raise NotPlainError
    if INTEGER.fullmatch(text):
        return int(text)
    return float(text) if FLOAT.fullmatch(text) else text
