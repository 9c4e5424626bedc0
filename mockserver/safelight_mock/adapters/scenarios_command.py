"""The command `safelight-mock scenarios`."""

import click

from safelight_mock.scenarios.library import library_names, library_path, library_scenario
from safelight_mock.scenarios.registry import ScenarioRegistry


@click.command()
@click.argument("name", required=False)
def scenarios(name: str | None) -> None:
    """List the scenarios of the library, or print the file of the one called NAME.

    One is chosen for all requests by `serve --scenario NAME`, for one request by the header
    X-Safelight-Scenario, and for a submission by a text or file name in it, such as safelight-stuck.jpg.
    """
    if name is None:
        width = max(map(len, library_names()))
        click.echo(
            "\n".join(f"{one:{width}}  {library_scenario(one).description}" for one in library_names())
        )
    elif name in library_names():
        click.echo(library_path(name).read_text(encoding="utf-8"), nl=False)
    else:
        raise click.UsageError(ScenarioRegistry().unknown(name))
