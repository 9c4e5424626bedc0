"""The command `safelight-codegen`."""

import click

from safelight_codegen.drift.cli import drift
from safelight_codegen.generate.cli import generate
from safelight_codegen.overlay.cli import overlay
from safelight_codegen.spec.cli import check_sources, vendor


@click.group()
@click.version_option(package_name="safelight")
def main() -> None:
    """Patch OpenAPI documents with overlays and generate what the project builds on."""


main.add_command(check_sources)
main.add_command(drift)
main.add_command(generate)
main.add_command(overlay)
main.add_command(vendor)
