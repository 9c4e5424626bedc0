"""Names the environment variable in errors about values that were read from one."""

from collections.abc import Mapping

import click
from click.core import ParameterSource

from safelight_mock.adapters.grouped_options import GroupedCommand, GroupedOption
from safelight_mock.config.settings import Settings


class ServeCommand(GroupedCommand):
    """A command whose errors about a value name the variable that the value was read from."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse options and environment; raises UsageError."""
        try:
            return super().parse_args(ctx, args)
        except click.BadParameter as error:
            name = error.param.name if error.param is not None else None
            if name is None or not variable(ctx, name):
                raise
            raise click.UsageError(f"{variable(ctx, name)}{error.message}", ctx) from error


def variable(ctx: click.Context, option: str) -> str:
    """Return the variable that an option was read from, followed by a colon; empty: not from one."""
    if ctx.get_parameter_source(option) is not ParameterSource.ENVIRONMENT:
        return ""
    named = (param for param in ctx.command.params if isinstance(param, GroupedOption))
    return next(f"{param.variable}: " for param in named if param.name == option)


def settings_error(ctx: click.Context, chosen: Mapping[str, object], error: ValueError) -> str:
    """Return an error of the settings, with the option or variable whose value alone causes it."""
    options = {param.name: param.opts[0] for param in ctx.command.params}
    text = str(error)
    for name, value in chosen.items():
        is_typed = ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE
        prefix = f"{options[name]}: " if is_typed else variable(ctx, name)
        try:
            Settings(**({name: value} if prefix else {}))  # type: ignore[arg-type] # click typed it
        except ValueError as alone:
            if str(alone) == text:
                is_named = is_typed and text.startswith(f"{name} ")
                return text.replace(name, options[name], 1) if is_named else prefix + text
    return text
