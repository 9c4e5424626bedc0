"""The command `safelight`: sends one image through one job."""

import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from safelight._errors import SafelightError
from safelight._files.atomic_file import is_special
from safelight._jobs.job import Job
from safelight._jobs.status import JobStatus
from safelight._vendors.topaz import BASE_URL, Topaz

PRODUCTS: Mapping[str, Callable[..., Job]] = {
    "enhance": Topaz.enhance,
    "denoise": Topaz.denoise,
    "matte": Topaz.matte,
}
STDOUT = "-"
BOOLEANS: Mapping[str, bool] = {"true": True, "false": False}
OPTION_GROUPS = {
    "Request and result": ("settings", "output", "timeout"),
    "Connection": ("api_key", "base_url", "insecure"),
}


class FieldAssignment(click.ParamType[tuple[str, str | bool]]):
    """A field of the request, as NAME=VALUE."""

    name = "NAME=VALUE"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str | bool]:
        """Split at the first `=`; `true` and `false` become booleans, everything else is text."""
        name, equals, text = value.partition("=")
        if not equals or name in {"", "image", "self"}:
            self.fail(f"{value!r} is not NAME=VALUE, such as output_width=2000", param, ctx)
        return name, BOOLEANS.get(text.lower(), text)


class JobCommand(click.Command):
    """A command whose help lists its options in GROUPS."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a section for each group, and one for the remaining options."""
        records = {
            one.name: one.get_help_record(ctx)
            for one in self.get_params(ctx)
            if isinstance(one, click.Option)
        }
        grouped = {name for names in OPTION_GROUPS.values() for name in names}
        others = tuple(name for name in records if name not in grouped)
        for title, names in {**OPTION_GROUPS, "Other": others}.items():
            with formatter.section(title):
                formatter.write_dl([record for name in names if (record := records[name])])


@click.group()
@click.version_option(package_name="safelight", help="Print the version and exit.")
@click.help_option(help="Print this help and exit.")
def main() -> None:
    """Send images to the Topaz Image API and save the results. Claid and Tengr have Python clients only."""


@main.command(cls=JobCommand)
@click.argument("product", type=click.Choice(sorted(PRODUCTS)))
@click.argument("image", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--set",
    "settings",
    multiple=True,
    type=FieldAssignment(),
    help="Set a field of the request; can be repeated. Default: the service's defaults.",
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Save the result to FILE, or write it to standard output if FILE is -.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0),
    default=600.0,
    metavar="SECONDS",
    show_default=True,
    help="Stop waiting for the job after this time.",
)
@click.option(
    "--api-key",
    required=True,
    metavar="KEY",
    envvar="SAFELIGHT_TOPAZ_API_KEY",
    show_envvar=True,
    help="Send this API key.",
)
@click.option(
    "--base-url",
    default=BASE_URL,
    metavar="URL",
    envvar="SAFELIGHT_TOPAZ_BASE_URL",
    show_default=True,
    show_envvar=True,
    help="Send requests to this URL, for example to a mock server.",
)
@click.option(
    "--insecure",
    is_flag=True,
    envvar="SAFELIGHT_TOPAZ_INSECURE",
    show_envvar=True,
    help="Allow sending the API key to another machine over plain http. Default: rejected.",
)
@click.help_option(help="Print this help and exit.")
def topaz(  # noqa: PLR0913 - each option is a parameter
    product: str,
    image: Path,
    output: str,
    *,
    settings: tuple[tuple[str, str | bool], ...],
    api_key: str,
    base_url: str,
    insecure: bool,
    timeout: float,
) -> None:
    """Enhance, denoise or matte IMAGE with the Topaz Image API.

    For example: safelight topaz enhance photo.jpg -o large.jpg --set output_width=2000
    """
    _check_output(output, image)
    try:
        with Topaz(api_key=api_key, base_url=base_url, insecure=insecure) as client:
            job = PRODUCTS[product](client, image, **dict(settings))
            _save(_wait_with_progress(job, timeout), output)
    except (SafelightError, OSError, TypeError, ValueError) as error:
        raise click.ClickException(str(error)) from error


def _check_output(output: str, image: Path) -> None:
    """Raise UsageError for an output that cannot or must not be written, before anything is charged."""
    if output == STDOUT:  # compared as text: as a Path, `./-` is equal
        return
    path = Path(output)
    if not path.parent.is_dir():
        raise click.UsageError(f"the folder {path.parent} does not exist")
    if path.exists() and path.samefile(image):
        raise click.UsageError(f"{output} is the input image, which would be overwritten; use another file")
    if is_special(path):
        raise click.UsageError(f"{output} is not a regular file; use - for standard output")


def _save(job: Job, output: str) -> None:
    """Save a result and print its path, or write it to standard output after the complete download."""
    if output != STDOUT:
        click.echo(job.save(output))
        return
    with TemporaryDirectory() as folder, job.save(Path(folder, "result")).open("rb") as file:
        shutil.copyfileobj(file, sys.stdout.buffer)


def _wait_with_progress(job: Job, timeout: float) -> Job:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        bar = bars.add_task(job.id)

        def show(status: JobStatus) -> None:
            bars.update(bar, completed=status.progress, description=f"{job.id} {status.vendor_state}")

        return job.wait(timeout=timeout, on_progress=show)
