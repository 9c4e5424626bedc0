"""The command `safelight-codegen`; each subcommand is imported when it is used.

The generator and the validator take half a second to import, and most subcommands need neither.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module

import click


@dataclass(frozen=True, slots=True, kw_only=True)
class Subcommand:
    """The module and function of a subcommand, and its line in the help."""

    module: str
    function: str
    help: str


SUBCOMMANDS: Mapping[str, Subcommand] = {
    "arazzo": Subcommand(
        module="safelight_codegen._commands.arazzo",
        function="arazzo",
        help="Write Arazzo workflows for the jobs of an API.",
    ),
    "check-sources": Subcommand(
        module="safelight_codegen._commands.sources",
        function="check_sources",
        help="Compare vendored documents with their digests.",
    ),
    "drift": Subcommand(
        module="safelight_codegen._commands.drift",
        function="drift",
        help="Compare a new document with the vendored or any other one.",
    ),
    "generate": Subcommand(
        module="safelight_codegen._commands.generate",
        function="generate",
        help="Rewrite generated/, or generate a client for any document.",
    ),
    "overlay": Subcommand(
        module="safelight_codegen._commands.overlay",
        function="overlay",
        help="Check OpenAPI overlays and apply them to documents.",
    ),
    "vendor": Subcommand(
        module="safelight_codegen._commands.sources",
        function="vendor",
        help="Extract the documents of a vendor from their pages.",
    ),
}


class _LazyGroup(click.Group):
    """A group that imports a subcommand when it is used, and none to list them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return [*SUBCOMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        listed = SUBCOMMANDS.get(cmd_name)
        command = listed and getattr(import_module(listed.module), listed.function)
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, one.help) for name, one in SUBCOMMANDS.items()])


@click.group(cls=_LazyGroup)
@click.version_option(package_name="safelight", help="Print the version and exit.")
@click.help_option(help="Print this help and exit.")
def main() -> None:
    """Apply overlays to OpenAPI documents, generate clients and workflows, detect changes of vendors."""
