"""Entry point of `safelight-codegen`: explains what to install if the extra `codegen` is missing."""

import sys


def main() -> None:
    """Run `safelight-codegen`."""
    try:
        from safelight_codegen._cli import main as command  # noqa: PLC0415 - its imports may be missing

        command(prog_name="safelight-codegen")  # imports the subcommand
    except ModuleNotFoundError as missing:
        sys.exit(f"safelight-codegen needs {missing.name}; run: pip install 'safelight[codegen]'")


if __name__ == "__main__":
    main()
