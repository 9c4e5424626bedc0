"""Entry point of the command, which names the extra to install if a package is missing."""

import gc
import sys


def main() -> None:
    """Run `safelight-mock`."""
    # Next to nothing of what modules leave behind is garbage, and looking for it takes a sixth of a start.
    # Frozen, it is not looked at afterwards either.
    gc.disable()
    try:
        from safelight_mock.adapters.cli import main as command  # noqa: PLC0415 - what it needs may be missing
    except ModuleNotFoundError as missing:
        sys.exit(f"safelight-mock needs {missing.name}; run: pip install 'safelight[mock]'")
    gc.freeze()
    gc.enable()
    command(prog_name="safelight-mock")


if __name__ == "__main__":
    main()
