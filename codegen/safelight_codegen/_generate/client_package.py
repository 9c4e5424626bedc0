"""Calls openapi-python-client: from a document to an unformatted client package."""

import contextlib
import io
import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openapi_python_client
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser.errors import GeneratorError

from safelight_codegen._generate.errors import GenerationError
from safelight_codegen._generate.file_tree import read_tree
from safelight_codegen._generate.templates import CLIENT_SETTINGS, CLIENT_TEMPLATES

UNTRUSTED = re.compile(r"<openapi_python_client\.\S+ object at 0x[0-9a-f]+>")  # its texts of documents


def client_package(vendor: str, document: Mapping[str, Any]) -> dict[str, bytes]:
    """Return a vendor's client as a tree; raises GenerationError for errors and warnings of the generator."""
    tree, messages = generate_package(vendor, document)
    if messages:
        listed = "; ".join(messages)
        raise GenerationError(
            f"{vendor}: openapi-python-client: {listed} (correct this by an overlay in overlays/{vendor}/)"
        )
    return tree


def generate_package(name: str, document: Mapping[str, Any]) -> tuple[dict[str, bytes], list[str]]:
    """Return a client as a tree, empty after a failure, and the errors and warnings of the generator."""
    with tempfile.TemporaryDirectory() as scratch:
        source, package = Path(scratch, "document.json"), Path(scratch, name)
        source.write_text(json.dumps(document), encoding="utf-8")
        messages = [_sentence(message) for message in _generate(source, package)]
        return read_tree(package), messages


def _generate(source: Path, package: Path) -> Sequence[GeneratorError]:
    config = Config.from_sources(
        ConfigFile.load_from_path(CLIENT_SETTINGS),
        meta_type=MetaType.NONE,
        document_source=source,
        file_encoding="utf-8",
        overwrite=False,
        output_path=package,
    )
    with contextlib.redirect_stdout(io.StringIO()):  # it prints the folder it writes to
        return openapi_python_client.generate(config=config, custom_template_path=CLIENT_TEMPLATES)


def _sentence(message: GeneratorError) -> str:
    text = " ".join(f"{message.header}: {message.detail or 'no detail'}".split())
    return UNTRUSTED.sub("…", text)
