"""A coverage as properties of JUnit test suites, which CI servers show."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from safelight_mock.coverage.report import Coverage
from safelight_mock.coverage.summary import Share, gaps, scenarios_of, shares

PREFIX = "safelight.coverage"
# Characters that XML 1.0 does not allow, not even escaped; names in documents may have them.
NOT_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


def junit_properties(report: Coverage) -> list[tuple[str, str]]:
    """Return names and values: of each API and kind what is covered, the total, and what is missing."""
    return [*_properties(report)]


def as_junit(report: Coverage) -> str:
    """Return an XML document with one test suite that has no tests, only properties."""
    suites = ET.Element("testsuites")
    counts = dict.fromkeys(("tests", "failures", "errors", "skipped"), "0")
    suite = ET.SubElement(suites, "testsuite", {"name": PREFIX, **counts, "time": "0"})
    listed = ET.SubElement(suite, "properties")
    for name, value in _properties(report):
        ET.SubElement(
            listed, "property", {"name": NOT_XML.sub("\ufffd", name), "value": NOT_XML.sub("\ufffd", value)}
        )
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _properties(report: Coverage) -> Iterator[tuple[str, str]]:
    for name, api in report.apis.items():
        missing = gaps(api)
        for kind, share in shares(api).items():
            names = [f"{group} {one}".strip() for group, ones in missing.get(kind, ()) for one in ones]
            yield from _of_kind(f"{PREFIX}.{name}.{kind.replace(' ', '-')}", share, names)
    flags = scenarios_of(report)
    if flags:
        names = [name for name, is_covered in flags.items() if not is_covered]
        yield from _of_kind(f"{PREFIX}.scenarios", Share.of(flags.values()), names)


def _of_kind(prefix: str, share: Share, names: list[str]) -> Iterator[tuple[str, str]]:
    yield f"{prefix}.covered", str(share.covered)
    yield f"{prefix}.total", str(share.total)
    if names:
        yield f"{prefix}.missing", ", ".join(names)
