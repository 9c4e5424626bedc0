"""The report as pages: one of HTML that needs nothing beside it, one of Markdown."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from contract_tests.report.judges import JUDGES
from contract_tests.report.model import Report

TEMPLATES: Final = Path(__file__).parent / "templates"
LETTERS: Final = {judge.name: judge.letters for judge in JUDGES}


def page(report: Report) -> str:
    """Write the page for a browser."""
    return _environment(code=_code).get_template("page.html").render(report=report, letters=LETTERS)


def markdown(report: Report) -> str:
    """Write the same for whoever reads Markdown."""
    return _environment(code=_cell).get_template("page.md").render(report=report, letters=LETTERS)


def _environment(*, code: Callable[[str], str]) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"code": code, "place": _short, "test": _test, "part": _part}
    return environment


def _code(text: str) -> Markup:
    """Mark what stands between backticks as code."""
    parts = (escape(part) for part in text.split("`"))
    return Markup().join(
        Markup("<code>{}</code>").format(part) if index % 2 else part for index, part in enumerate(parts)
    )


def _cell(text: str) -> str:
    """Write a text so that it stays in its cell of a table; between backticks nothing is markup."""
    parts = text.replace("|", r"\|").split("`")
    parts[::2] = [part.replace("<", "&lt;") for part in parts[::2]]
    return " ".join("`".join(parts).split())


def _short(place: str) -> str:
    """Write a JSON pointer as one reads it."""
    told = place.removeprefix("/components/schemas/").removeprefix("/")
    return told.replace("/properties/", " ").replace("/", " ").replace("~1", "/").replace("~0", "~")


def _test(node: str) -> str:
    """Name a test in words."""
    return node.partition("[")[0].rpartition("::")[2].removeprefix("test_").replace("_", " ")


def _part(number: int, whole: int) -> str:
    """Write what part of a whole a number is; a hundred percent are all, and no less."""
    return f"{100 * number // whole} %" if whole else "none"
