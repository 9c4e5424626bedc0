"""The command `safelight`: one image through one job."""

import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from safelight import Job, SafelightError, Status, Topaz
from safelight._files.atomic_file import is_special
from safelight._vendors.topaz import BASE_URL

PRODUCTS: Mapping[str, Callable[..., Job]] = {
    "enhance": Topaz.enhance,
    "denoise": Topaz.denoise,
    "matting": Topaz.matting,
}
STDOUT = "-"
TRUTHS: Mapping[str, bool] = {"true": True, "false": False}


class Setting(click.ParamType[tuple[str, str | bool]]):
    """A field of the request, as NAME=VALUE."""

    name = "NAME=VALUE"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str | bool]:
        """Split at the first `=`; only true and false are not text."""
        name, equals, text = value.partition("=")
        if not equals or name in {"", "image", "self"}:
            self.fail(f"{value!r} is no NAME=VALUE", param, ctx)
        return name, TRUTHS.get(text.lower(), text)


@click.group()
@click.version_option(package_name="safelight")
def main() -> None:
    """Send images to image-processing APIs."""


@main.command()
@click.argument("product", type=click.Choice(sorted(PRODUCTS)))
@click.argument("image", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, allow_dash=True),
    help="File for the result; - for standard output.",
)
@click.option(
    "--set", "settings", multiple=True, type=Setting(), help="A field of the request; may be repeated."
)
@click.option("--api-key", required=True, envvar="SAFELIGHT_TOPAZ_API_KEY", show_envvar=True)
@click.option(
    "--base-url", default=BASE_URL, envvar="SAFELIGHT_TOPAZ_BASE_URL", show_default=True, show_envvar=True
)
@click.option(
    "--insecure",
    is_flag=True,
    envvar="SAFELIGHT_TOPAZ_INSECURE",
    show_envvar=True,
    help="Send the key to another machine over plain http.",
)
@click.option("--timeout", default=600.0, show_default=True, help="Seconds to wait for the job.")
def topaz(  # noqa: PLR0913  each option is a parameter
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
    """Enhance, denoise or matte IMAGE at Topaz.

    For example: safelight topaz enhance photo.jpg -o large.jpg --set output_width=2000
    """
    _refuse_unfit(output, image)
    try:
        with Topaz(api_key=api_key, base_url=base_url, insecure=insecure) as client:
            job = PRODUCTS[product](client, image, **dict(settings))
            _save(_watched(job, timeout), output)
    except (SafelightError, OSError, TypeError, ValueError) as error:
        raise click.ClickException(str(error)) from error


def _refuse_unfit(output: str, image: Path) -> None:
    """Refuse an output before anything is sent, and paid for, whose result could not or must not be saved."""
    if output == STDOUT:  # not as a Path, to which ./- is the same
        return
    path = Path(output)
    if not path.parent.is_dir():
        raise click.UsageError(f"there is no folder {path.parent} to save to")
    if path.exists() and path.samefile(image):
        raise click.UsageError(f"{output} is the image itself, which the result would replace")
    if is_special(path):
        raise click.UsageError(f"{output} is not a regular file; use - for standard output")


def _save(job: Job, output: str) -> None:
    """Save a result and say where, or write it to standard output once it has come whole."""
    if output != STDOUT:
        click.echo(job.save(output))
        return
    with TemporaryDirectory() as folder, job.save(Path(folder, "result")).open("rb") as file:
        shutil.copyfileobj(file, sys.stdout.buffer)


def _watched(job: Job, timeout: float) -> Job:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        bar = bars.add_task(job.id)

        def show(status: Status) -> None:
            bars.update(bar, completed=status.progress, description=f"{job.id} {status.word}")

        return job.wait(timeout=timeout, on_progress=show)
