"""The way into the command, which says what to install when the extra `codegen` is missing."""

import sys


def main() -> None:
    """Run `safelight-codegen`."""
    try:
        from safelight_codegen._cli import main as command  # noqa: PLC0415 - what it needs may be missing

        command(prog_name="safelight-codegen")  # which imports what its subcommand needs
    except ModuleNotFoundError as missing:
        sys.exit(f"safelight-codegen needs {missing.name}: pip install 'safelight[codegen]'")


if __name__ == "__main__":
    main()
