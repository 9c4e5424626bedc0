"""Options that several subcommands have, and help in groups."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


class SectionedCommand(click.Command):
    """A command whose help lists its options in named groups."""

    def __init__(self, *arguments: Any, groups: Mapping[str, tuple[str, ...]], **options: Any) -> None:  # noqa: ANN401 - those of click
        super().__init__(*arguments, **options)
        self.groups = groups

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a section for each group, and one for the remaining options."""
        records = {
            one.name: one.get_help_record(ctx)
            for one in self.get_params(ctx)
            if isinstance(one, click.Option)
        }
        grouped = {name for names in self.groups.values() for name in names}
        others = tuple(name for name in records if name not in grouped)
        for title, names in {**self.groups, "Other": others}.items():
            with formatter.section(title):
                formatter.write_dl([record for name in names if (record := records[name])])


def root_option(contents: str) -> Callable[[Decorated], Decorated]:
    """Return the option --root; `contents` are the folders that the subcommand uses."""
    return click.option(
        "--root",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        default=".",
        metavar="FOLDER",
        help=f"Use the {contents} of this folder. Default: the current folder.",
    )


def help_option(command: Decorated) -> Decorated:
    """Add the option --help."""
    return click.help_option(help="Print this help and exit.")(command)
