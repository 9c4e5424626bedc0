"""What subcommands write: results to a file or to standard output, and errors of one line."""

import sys
from pathlib import Path
from typing import NoReturn

import click

from safelight_openapi import DocumentError


def write_text(text: str, path: Path | None) -> None:
    """Write a text to a file as a whole, or to standard output; raises DocumentError."""
    if path is None:
        sys.stdout.buffer.write(text.encode())
        return
    try:
        with click.open_file(str(path), "w", encoding="utf-8", atomic=True) as stream:
            stream.write(text)
    except OSError as error:
        problem = f"cannot write it ({error.strerror}); check the path"
        raise DocumentError(problem, source=path.as_posix()) from error


def fail(sentence: str) -> NoReturn:
    """Print an error in one line, and exit with 1."""
    click.echo(f"Error: {one_line(sentence)}", err=True)
    sys.exit(1)


def one_line(text: str) -> str:
    """Return a text without line breaks."""
    return " ".join(text.split())
