"""Run the command as `python -m safelight_mock`."""

from safelight_mock.server.cli import main

main(prog_name="safelight-mock")
