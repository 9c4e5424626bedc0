"""The effective specs are available as data."""

import json
from pathlib import Path

import pytest

from safelight_openapi import list_vendors
from safelight_specs import VENDORS, read_provenance, read_spec, spec_bytes


def test_a_spec_is_returned_as_bytes_and_as_a_dict() -> None:
    assert json.loads(spec_bytes("topaz")) == read_spec("topaz")
    assert read_spec("topaz")["info"] == {
        **read_spec("topaz")["info"],
        "title": "Image API",
        "version": "1.2.0",
    }


def test_two_readers_do_not_share_a_specification() -> None:
    read_spec("topaz")["paths"].clear()

    assert read_spec("topaz")["paths"]


def test_the_strict_specification_is_another_one() -> None:
    assert spec_bytes("topaz", strict=True) != spec_bytes("topaz")


def test_provenance_lists_the_parts_that_overlays_added() -> None:
    assert "/x-async-jobs" in read_provenance("topaz")


def test_an_unknown_vendor_is_rejected_with_the_known_ones() -> None:
    with pytest.raises(LookupError, match=f"unknown vendor 'kodak'; must be one of {', '.join(VENDORS)}"):
        spec_bytes("kodak")


def test_every_vendor_with_documents_has_a_specification() -> None:
    assert list(VENDORS) == list_vendors(Path(__file__).parents[3])
