"""A presigned link opens one file until it expires."""

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight_lifecycle import JobResult
from safelight_mock.wire.presigned_links import FileName, LinkError, Presigner, expiry

NAME = FileName("topaz", "box", "job", "output")
SIGNER = Presigner(b"secret")
LINK = urlsplit(SIGNER.url("http://127.0.0.1:1", NAME, 1000))


def test_a_link_opens_what_it_was_made_for() -> None:
    assert FileName.from_path(LINK.path) == NAME
    SIGNER.verify(NAME, LINK.query, now=999.9)


def test_a_link_may_end_in_the_name_of_its_file() -> None:
    named = FileName("topaz", "box", "job", "output/a cup/ü.png")

    link = urlsplit(SIGNER.url("http://127.0.0.1:1", named, 1000))

    assert link.path.endswith("/output/a%20cup/%C3%BC.png")
    assert FileName.from_path(unquote(link.path)) == named
    SIGNER.verify(named, link.query, now=0)


@pytest.mark.fidelity("topaz.head_url_bound")
def test_a_link_for_one_method_opens_nothing_for_another() -> None:
    bound = urlsplit(SIGNER.url("http://127.0.0.1:1", NAME, 1000, "HEAD"))

    SIGNER.verify(NAME, bound.query, now=0, method="HEAD")
    for method in ("GET", ""):
        with pytest.raises(LinkError, match="signature"):
            SIGNER.verify(NAME, bound.query, now=0, method=method)
    for method in ("GET", "HEAD"):
        SIGNER.verify(NAME, LINK.query, now=0, method=method)
        with pytest.raises(LinkError, match="signature"):
            SIGNER.verify(NAME, LINK.query, now=0, method=method, is_bound=True)
    SIGNER.verify(NAME, bound.query, now=0, method="HEAD", is_bound=True)


@pytest.mark.fidelity("topaz:link-403")
def test_a_link_opens_nothing_once_it_has_expired() -> None:
    with pytest.raises(LinkError, match="expired"):
        SIGNER.verify(NAME, LINK.query, now=1000)


@pytest.mark.parametrize(
    "name",
    [
        FileName("topaz", "box", "job", "input"),
        FileName("topaz", "box", "other", "output"),
        FileName("topaz", "chest", "job", "output"),
        FileName("claid", "box", "job", "output"),
    ],
)
def test_a_link_opens_no_other_file(name: FileName) -> None:
    with pytest.raises(LinkError, match="signature"):
        SIGNER.verify(name, LINK.query, now=0)


@pytest.mark.fidelity("topaz:link-403")
@pytest.mark.parametrize(
    "query",
    [
        "",
        "expires=1000",
        LINK.query.replace("expires=1000", "expires=2000"),
        LINK.query[:-1],
        "expires=x&signature=y",
    ],
)
def test_an_altered_link_opens_nothing(query: str) -> None:
    with pytest.raises(LinkError):
        SIGNER.verify(NAME, query, now=0)


def test_the_links_of_another_twin_open_nothing() -> None:
    with pytest.raises(LinkError):
        Presigner(b"other").verify(NAME, LINK.query, now=0)


@given(st.text(), st.text())
def test_no_path_or_query_raises(path: str, query: str) -> None:
    with pytest.raises(LinkError):
        SIGNER.verify(FileName.from_path(f"/files/{path}"), query, now=0)


def test_the_secret_is_not_shown() -> None:
    assert repr(SIGNER) == "Presigner()"


@pytest.mark.parametrize(
    ("query", "now", "why"),
    [
        ("", 0, "the link carries no expiry"),
        ("expires=" + "9" * 16 + "&signature=y", 0, "the link carries no expiry"),
        ("expires=" + "9" * 15 + "&signature=y", 0, "the signature does not match"),
        ("expires=1000", 0, "the signature does not match"),
        (LINK.query, 1000, "the link has expired"),
    ],
)
def test_a_link_that_opens_nothing_says_why(query: str, now: float, why: str) -> None:
    with pytest.raises(LinkError, match=rf"^{why}$"):
        SIGNER.verify(NAME, query, now=now)


def test_a_foreign_path_names_no_file() -> None:
    with pytest.raises(LinkError, match=r"^no file has this path$"):
        FileName.from_path("/files/a/b")


def test_a_link_bound_to_get_is_verified_for_get_by_default() -> None:
    bound = urlsplit(SIGNER.url("http://127.0.0.1:1", NAME, 1000, "GET"))

    SIGNER.verify(NAME, bound.query, now=0)


@pytest.mark.parametrize(
    ("rule", "expires"),
    [
        (None, 10),
        (JobResult(), 10),
        (JobResult(expires=5.9), 16),
    ],
)
def test_a_link_expires_in_whole_seconds_after_the_moment_it_counts_from(
    rule: JobResult | None, expires: int
) -> None:
    assert expiry(rule, 10.2) == expires


def test_a_link_without_a_signature_does_not_match() -> None:
    with pytest.raises(LinkError, match="signature"):
        SIGNER.verify(NAME, "expires=1000", now=0)
