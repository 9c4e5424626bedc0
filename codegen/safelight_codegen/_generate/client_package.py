"""One document in, one untidied client package out: our way of calling openapi-python-client."""

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
    """Generate a vendor's client as a tree; GenerationError for as little as a warning."""
    with tempfile.TemporaryDirectory() as scratch:
        source, package = Path(scratch, "document.json"), Path(scratch, vendor)
        source.write_text(json.dumps(document), encoding="utf-8")
        _refuse(vendor, _generate(source, package))
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
    with contextlib.redirect_stdout(io.StringIO()):  # it announces the folder it writes to
        return openapi_python_client.generate(config=config, custom_template_path=CLIENT_TEMPLATES)


def _refuse(vendor: str, complaints: Sequence[GeneratorError]) -> None:
    if complaints:
        told = "; ".join(" ".join(f"{one.header}: {one.detail or 'no detail'}".split()) for one in complaints)
        raise GenerationError(
            f"{vendor}: openapi-python-client: {told} (mend it by an overlay in overlays/{vendor}/)"
        )
