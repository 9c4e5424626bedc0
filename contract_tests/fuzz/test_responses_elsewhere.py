"""Responses that schemathesis does not reach occur here, at every operation that documents them."""

import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from typing import Any, Final

import httpx
import pytest

from contract_tests.fuzz.document import ORIGIN, Json, credential, document, operations
from contract_tests.fuzz.explained import ELSEWHERE, NOWHERE
from contract_tests.fuzz.images import FORM
from safelight_mock import Settings, Twin, TwinTransport

Call = Mapping[str, Any]  # what httpx is given


def png_without_width() -> bytes:
    header = b"IHDR" + struct.pack(">IIBBBBB", 0, 32, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))


def unread(operation: Json) -> Call:
    media_type = next(iter(operation["requestBody"]["content"]))
    return {"content": b"{", "headers": {"content-type": f"{media_type}; boundary=cut"}}


def too_large(_: Json) -> Call:
    headers = {"content-type": f"{FORM}; boundary=cut", "content-length": "600000000"}
    return {"content": b"--cut", "headers": headers}


def without_width(_: Json) -> Call:
    return {"files": {"image": ("flat.png", png_without_width(), "image/png")}}


# Unknown ids in paths.
NOBODYS: Final[Mapping[str, str]] = {"id": "7f1d3a52-7a58-4e0b-9d5c-3c1f0b1d2e4a", "orgId": "unknown"}

# What leads there, by the names in `ELSEWHERE`.
LEADS: Final[Mapping[str, Callable[[Json], Call]]] = {
    "claid/400": unread,
    "tengr/404": lambda _: {},
    "topaz/413": too_large,
    "topaz/422": without_width,
}


def answers(named: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Give vendor, operation as method and path, and code of each answer that is meant."""
    for name in named:
        vendor, *operation, code = name.split("/")
        for label, described in operations(document(vendor, strict=False)).items():
            is_meant = not operation or operation == [described["operationId"]]
            if is_meant and code in described["responses"]:
                yield vendor, label, code


@pytest.mark.parametrize(("vendor", "label", "code"), sorted({*answers(ELSEWHERE)} - {*answers(NOWHERE)}))
def test_responses_listed_as_reached_elsewhere_occur(vendor: str, label: str, code: str) -> None:
    spec = document(vendor, strict=False)
    twin = Twin(Settings(seed="elsewhere"))
    method, path = label.split(" ")
    leading = LEADS[f"{vendor}/{code}"](operations(spec)[label])

    with closing(twin), httpx.Client(transport=TwinTransport(twin)) as client:
        client.headers.update([credential(spec, "k")])
        response = client.request(method, ORIGIN + path.format_map(NOBODYS), **leading)

    assert response.status_code == int(code), response.text
    assert "Cannot" not in response.text  # as where no operation has this path


def test_responses_that_no_test_reaches_are_documented() -> None:
    assert len([*answers(NOWHERE)]) == len(NOWHERE)
