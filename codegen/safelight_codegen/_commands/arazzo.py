"""The subcommand `safelight-codegen arazzo`."""

import os
from pathlib import Path

import click

from safelight_codegen._arazzo.api import WorkflowApi
from safelight_codegen._arazzo.document import arazzo_document
from safelight_codegen._arazzo.sources import WorkflowSource, file_source, name_slug, vendor_source
from safelight_codegen._arazzo.steps import WorkflowOptions
from safelight_codegen._commands.options import SectionedCommand, help_option, root_option
from safelight_codegen._commands.output import fail, write_text
from safelight_openapi import (
    DocumentError,
    DocumentFormat,
    JSONValue,
    OverlayError,
    SpecError,
    dump_json,
    dump_yaml,
    format_of_name,
    list_vendors,
)

_GROUPS = {
    "API": ("overlays", "name", "server", "root"),
    "Workflows": ("file", "retry_after", "retry_limit"),
    "Output": ("output", "document"),
}
_EPILOG = """\b
Examples:
  safelight-codegen arazzo api.yaml --lifecycle life.overlay.yaml -o jobs.arazzo.yaml
  safelight-codegen arazzo topaz --file cat.jpg -o topaz.arazzo.yaml
"""
_EXPECTED = (DocumentError, OverlayError, SpecError, OSError)
_SWAGGER = (
    "it is Swagger 2.0, which workflows cannot refer to; have it written as OpenAPI 3.1 with --document"
)


@click.command(cls=SectionedCommand, groups=_GROUPS, epilog=_EPILOG)
@click.argument("api", metavar="DOCUMENT|VENDOR")
@click.option(
    "--lifecycle",
    "overlays",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Apply this overlay to DOCUMENT first; can be repeated. Default: none.",
)
@click.option(
    "--name",
    metavar="NAME",
    help="Name the OpenAPI document so in the workflows. Default: VENDOR, or the title of DOCUMENT.",
)
@click.option(
    "--server",
    metavar="URL",
    default="",
    help="Write this base URL as `x-serverUrl`. Default: the servers of the OpenAPI document.",
)
@click.option(
    "--file",
    metavar="FILE",
    default=WorkflowOptions.file,
    show_default=True,
    help="Send this file where an operation requires one; relative to the Arazzo document.",
)
@click.option(
    "--retry-after",
    metavar="SECONDS",
    type=click.FloatRange(min=0),
    default=WorkflowOptions.retry_after,
    show_default=True,
    help="Wait so long before a live job is read again, unless its lifecycle says how long.",
)
@click.option(
    "--retry-limit",
    metavar="COUNT",
    type=click.IntRange(min=0),
    default=WorkflowOptions.retry_limit,
    show_default=True,
    help="Read a live job again so many times.",
)
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the Arazzo document to OUT, as JSON if its name ends in .json. Default: standard output.",
)
@click.option(
    "--document",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the OpenAPI document, overlays applied, to FILE and refer to it. Default: refer to DOCUMENT.",
)
@root_option("openapi/, overlays/ and generated/")
@help_option
def arazzo(  # noqa: PLR0913 - the command's options
    *,
    api: str,
    overlays: tuple[Path, ...],
    name: str | None,
    server: str,
    file: str,
    retry_after: float,
    retry_limit: int,
    output: Path | None,
    document: Path | None,
    root: Path,
) -> None:
    """Write Arazzo workflows for the jobs of an API.

    DOCUMENT is OpenAPI 3.0 to 3.2 or Swagger 2.0, with lifecycles under `x-async-jobs`; VENDOR a folder of
    openapi/. Each workflow does with a job what a client does: submit it, read it until it ends, read its
    result, cancel it, list it. A runner of Arazzo, such as `redocly respect`, executes them.
    """
    settings = WorkflowOptions(file=file, retry_after=retry_after, retry_limit=retry_limit)
    try:
        source = _source(api, overlays, root)
        if document is None and source.file is None:
            raise SpecError(api, [_SWAGGER])
        url = _relative(document or source.file or Path(api), output)
        named = WorkflowApi(document=source.document, source=name_slug(name or source.name))
        written = arazzo_document(named, url=url, server=server, settings=settings)
        if document is not None:
            _write(source.document, document)
        _write(written, output)
    except _EXPECTED as error:
        fail(error.summary if isinstance(error, SpecError) else str(error))
    except (KeyError, LookupError, ValueError) as error:
        fail(f"{api}: {error.args[0]}")


def _source(api: str, overlays: tuple[Path, ...], root: Path) -> WorkflowSource:
    if Path(api).is_file() or api not in list_vendors(root):
        return file_source(Path(api), overlays)
    if overlays:
        raise click.UsageError(f"--lifecycle is for documents; {api} is a folder of openapi/")
    return vendor_source(api, root)


def _relative(path: Path, output: Path | None) -> str:
    """Return a path as seen from the folder of the Arazzo document."""
    folder = Path() if output is None else output.parent
    return Path(os.path.relpath(path, folder)).as_posix()


def _write(document: JSONValue, path: Path | None) -> None:
    is_json = path is not None and format_of_name(path.name) is DocumentFormat.JSON
    write_text(dump_json(document) if is_json else dump_yaml(document), path)
