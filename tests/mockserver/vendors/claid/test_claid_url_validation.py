"""What is an address to Claid is what is one to its framework, pydantic 1.10."""

import json
from pathlib import Path

import pytest

from safelight_mock.vendors.claid.addresses import AddressError, is_address, parse, scheme
from safelight_mock.vendors.claid.storage import loadable, stored

TABLE = json.loads((Path(__file__).parent / "data" / "addresses.json").read_text())
CASES: list[tuple[str, str | None]] = [(address, message) for address, message in TABLE["cases"]]
UNENCODABLE = "encoding with 'idna' codec failed"  # the rest of this sentence is that of the Python at hand


def rejection_of(address: str) -> str | None:
    try:
        parse(address)
    except AddressError as error:
        return str(error)
    return None


def test_the_table_of_url_cases_is_complete() -> None:
    answers = [message for _, message in CASES]

    assert TABLE["pydantic"].startswith("1.10.")
    assert len(CASES) >= 200
    assert len({*answers}) > 50 < answers.count(None)


@pytest.mark.fidelity("claid:addresses")
def test_a_url_is_accepted_or_rejected_like_by_the_framework() -> None:
    other = {
        address: (message, rejection_of(address))
        for address, message in CASES
        if rejection_of(address) != message
        and not (message and message.startswith(UNENCODABLE) and rejection_of(address))
    }

    assert other == {}


def test_an_accepted_url_can_be_parsed() -> None:
    assert [address for address, message in CASES if is_address(address) == (message is not None)] == []


@pytest.mark.parametrize(
    ("address", "loaded"),
    [
        ("  http://a.example/b \n", "http://a.example/b"),
        ("https://münchen.example/ü?ä#ö", "https://xn--mnchen-3ya.example/ü?ä#ö"),
        ("https://u:p@münchen.example:80/", "https://u:p@xn--mnchen-3ya.example:80/"),
        ("storage://unknown/a.jpg", "safelight://unknown-storage"),
        ("no address", "no address"),
    ],
)
def test_a_url_is_loaded_as_the_framework_normalises_it(address: str, loaded: str) -> None:
    assert loadable(address, "shop") == loaded


@pytest.mark.parametrize("user", ["", "u@", "u[x@", "u:[p@"])
def test_a_storage_is_identified_by_its_host_whatever_the_credentials(user: str) -> None:
    where = stored(f"storage://{user}shop/new/", "cup.png")

    assert (where["object_bucket"], where["object_key"]) == ("shop", "new/cup.png")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("HTTP://a", "http"), (" storage://", "storage"), ("a", ""), ("data:a", ""), ("", "")],
)
def test_a_scheme_is_read_from_the_start_of_a_url(text: str, expected: str) -> None:
    assert scheme(text) == expected
