"""Lifecycles are read from any document that declares them, without a generated client."""

from importlib import import_module

import pytest

from safelight_lifecycle import read_lifecycles
from safelight_specs import VENDORS, read_spec


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_document_is_read_as_the_table_generated_from_it(vendor: str) -> None:
    table = import_module(f"safelight_clients.{vendor}.async_jobs")

    assert read_lifecycles(read_spec(vendor)) == table.LIFECYCLES


def test_a_document_without_lifecycles_has_none() -> None:
    assert read_lifecycles({"paths": {}}) == {}


def test_an_id_inside_a_url_needs_the_path_of_the_read_operation() -> None:
    document = read_spec("claid")
    for item in document["paths"].values():
        item.pop("get", None)

    with pytest.raises(LookupError, match="no path has the operation 'readEdit'"):
        read_lifecycles(document)
