"""A vendor with its document, both made when they are first used."""

from collections.abc import Mapping

from tests.mockserver.wire.test_vendor import VENDOR

from safelight_mock.wire import JSON, Api, Vendor
from safelight_mock.wire.served_vendor import DocumentFacts, ServedVendor

DOCUMENT: Mapping[str, JSON] = {
    "servers": [{"url": "https://{region}.example.com/v1", "variables": {"region": {"default": "eu"}}}],
    "paths": {
        "/things": {"get": {}, "post": {"operationId": "make"}},
        "/things?kind=small": {
            "get": {"operationId": "small", "servers": [{"url": "https://a.example.com"}]}
        },
    },
    "x-async-jobs": {"version": "2", "lifecycles": {"image": {}, "video": {}}},
}


def test_the_facts_of_a_document_are_what_is_needed_before_the_first_request() -> None:
    assert DocumentFacts.of(Api(document=DOCUMENT), is_inferred=True) == DocumentFacts(
        base="/v1",
        hosts=frozenset({"eu.example.com", "a.example.com"}),
        selects_by_query=True,
        operations=3,
        lifecycles=("image", "video"),
        is_inferred=True,
    )


def test_a_document_without_jobs_has_facts_too() -> None:
    facts = DocumentFacts.of(Api(document={"paths": {}}))

    assert facts == DocumentFacts(
        base="", hosts=frozenset(), selects_by_query=False, operations=0, lifecycles=(), is_inferred=False
    )


def test_vendor_and_document_are_made_once_and_not_before_they_are_used() -> None:
    made: list[str] = []

    def make() -> Vendor:
        made.append("vendor")
        return VENDOR

    def document(strict: bool) -> Mapping[str, JSON]:  # noqa: FBT001 - as ServedVendor calls it
        made.append(f"document, {strict=}")
        return DOCUMENT

    served = ServedVendor(slug="acme", make=make, document=document)
    assert made == []

    usual, strict = (served.api(is_strict) for is_strict in (False, True))

    assert (usual.strict, strict.strict) == (False, True)
    assert strict.document is DOCUMENT
    assert strict.framework is served.vendor.framework
    assert [served.api(is_strict) for is_strict in (False, True)] == [usual, strict]
    assert made == ["document, strict=False", "vendor", "document, strict=True"]
