"""Calls openapi-python-client: from a document to an unformatted client package."""

import contextlib
import io
import json
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


def client_package(vendor: str, document: Mapping[str, Any]) -> dict[str, bytes]:
    """Return a vendor's client as a tree; raises GenerationError for errors and warnings of the generator."""
    with tempfile.TemporaryDirectory() as scratch:
        source, package = Path(scratch, "document.json"), Path(scratch, vendor)
        source.write_text(json.dumps(document), encoding="utf-8")
        _reject(vendor, _generate(source, package))
        return read_tree(package)


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


def _reject(vendor: str, messages: Sequence[GeneratorError]) -> None:
    if messages:
        listed = "; ".join(" ".join(f"{one.header}: {one.detail or 'no detail'}".split()) for one in messages)
        raise GenerationError(
            f"{vendor}: openapi-python-client: {listed} (correct this by an overlay in overlays/{vendor}/)"
        )
