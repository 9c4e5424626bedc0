"""Parts that the generator omitted or added without a message are reported."""

from collections.abc import Mapping
from typing import Any

import pytest

from safelight_codegen._generate.errors import GenerationError
from safelight_codegen._generate.verify import verify_client

pytestmark = pytest.mark.slow  # a client is generated

REQUEST = "models/develop_request.py"


def edited(package: Mapping[str, bytes], name: str, old: str, new: str) -> dict[str, bytes]:
    assert old.encode() in package[name]
    return {**package, name: package[name].replace(old.encode(), new.encode())}


def test_a_client_that_matches_its_document_passes(
    darkroom: dict[str, Any], darkroom_client: Mapping[str, bytes]
) -> None:
    verify_client("darkroom", darkroom, darkroom_client)


def test_an_operation_without_a_module_is_named(
    darkroom: dict[str, Any], darkroom_client: Mapping[str, bytes]
) -> None:
    client = {name: content for name, content in darkroom_client.items() if "cancel_job" not in name}

    with pytest.raises(GenerationError, match=r"DELETE /cancel/\{job_id\}: no module was generated"):
        verify_client("darkroom", darkroom, client)


@pytest.mark.parametrize(("module", "schema"), [(REQUEST, "DevelopRequest"), ("models/paper.py", "Paper")])
def test_a_schema_without_a_class_is_named(
    darkroom: dict[str, Any], darkroom_client: Mapping[str, bytes], module: str, schema: str
) -> None:
    client = {name: content for name, content in darkroom_client.items() if name != module}

    with pytest.raises(GenerationError, match=f"schema {schema}: no class was generated"):
        verify_client("darkroom", darkroom, client)


def test_a_property_the_generator_dropped_is_named(
    darkroom: dict[str, Any], darkroom_client: Mapping[str, bytes]
) -> None:
    darkroom["components"]["schemas"]["DevelopRequest"]["properties"]["grain"] = {"type": "integer"}

    with pytest.raises(GenerationError, match="schema DevelopRequest: its class has no grain"):
        verify_client("darkroom", darkroom, darkroom_client)


def test_an_image_that_would_be_sent_as_text_is_named(
    darkroom: dict[str, Any], darkroom_client: Mapping[str, bytes]
) -> None:
    client = edited(darkroom_client, REQUEST, "image: File | Unset = UNSET", "image: str | Unset = UNSET")

    with pytest.raises(GenerationError, match="schema DevelopRequest: image is not a File"):
        verify_client("darkroom", darkroom, client)


def test_a_default_that_is_sent_unasked_is_named(
    darkroom: dict[str, Any], darkroom_client: Mapping[str, bytes]
) -> None:
    client = edited(darkroom_client, REQUEST, "width: int | Unset = UNSET", "width: int | Unset = 7")

    with pytest.raises(
        GenerationError, match="class DevelopRequest: sends width=7 if the caller passes nothing"
    ):
        verify_client("darkroom", darkroom, client)


def test_an_argument_default_that_is_sent_unasked_is_named(
    darkroom: dict[str, Any], darkroom_client: Mapping[str, bytes]
) -> None:
    module = "api/status/get_status.py"
    client = edited(darkroom_client, module, "    job_id: UUID,\n", "    job_id: UUID = UUID(int=0),\n")

    with pytest.raises(GenerationError, match=r"get_status.py: sends UUID\(int=0\)"):
        verify_client("darkroom", darkroom, client)


def test_a_boolean_that_goes_out_as_python_writes_it_is_named(
    darkroom: dict[str, Any], darkroom_client: Mapping[str, bytes]
) -> None:
    form = 'b"true" if self.crop else b"false"'
    client = edited(darkroom_client, REQUEST, form, "str(self.crop).encode()")

    with pytest.raises(GenerationError, match="class DevelopRequest: crop goes out as Python's True"):
        verify_client("darkroom", darkroom, client)
