"""Options that the help lists in groups, each with its default and its environment variable."""

from collections.abc import Callable, Sequence
from typing import Any

import click

Serve = Callable[..., None]
Decorator = Callable[[Serve], Serve]

PREFIX = "SAFELIGHT_MOCK"


class GroupedOption(click.Option):
    """An option in a group of the help; its help ends with its variable, default and range."""

    def __init__(self, declarations: Sequence[str], *, group: str, **attributes: Any) -> None:  # noqa: ANN401 - those of click
        super().__init__(declarations, show_envvar=True, **attributes)
        self.group = group

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return str(self.envvar or f"{PREFIX}_{self.name}".upper())


class Group:
    """Declares the options of one group: `group("--port", default=4010, help="…")` is a decorator."""

    def __init__(self, title: str) -> None:
        self.title = title

    def __call__(self, *declarations: str, **attributes: Any) -> Decorator:  # noqa: ANN401 - those of click
        """Declare an option, with the arguments of `click.option`."""
        return click.option(*declarations, cls=GroupedOption, group=self.title, **attributes)

    def repeatable(
        self,
        name: str,
        destination: str,
        collect: Callable[[Any], object] = frozenset,
        **attributes: Any,  # noqa: ANN401 - those of click
    ) -> Decorator:
        """Declare an option that may be repeated; its variable holds values separated by spaces."""
        return self(
            name,
            destination,
            multiple=True,
            envvar=f"{PREFIX}_{name.strip('-').replace('-', '_').upper()}",
            callback=lambda _context, _parameter, values: collect(values),
            **attributes,
        )


class GroupedCommand(click.Command):
    """A command whose help has a section for each group, in the order of the options."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a section for each group, and one for the rest."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None and not isinstance(parameter, click.Argument):
                title = parameter.group if isinstance(parameter, GroupedOption) else "Other"
                groups.setdefault(title, []).append(record)
        for title, records in groups.items():
            with formatter.section(title):
                formatter.write_dl(records)
