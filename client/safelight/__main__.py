"""Entry point of the command `safelight`: explains what to install if the extra `cli` is missing."""

import sys


def main() -> None:
    """Run `safelight`."""
    try:
        from safelight._cli import main as command  # noqa: PLC0415 - its imports may be missing
    except ModuleNotFoundError as missing:
        sys.exit(f"safelight needs {missing.name}; run: pip install 'safelight[cli]'")
    command(prog_name="safelight")


if __name__ == "__main__":
    main()
