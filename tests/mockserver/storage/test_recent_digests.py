"""A content that came before is compared and not hashed again; another one is never taken for it."""

import hashlib

from safelight_mock.storage.recent_digests import ENDS, MOST, RecentDigests, sha256_of


class Counted:
    """Hashes contents, and keeps which."""

    def __init__(self) -> None:
        self.hashed: list[bytes] = []

    def __call__(self, content: bytes) -> str:
        self.hashed.append(content)
        return sha256_of(content)


def test_recent_contents_are_not_hashed_again() -> None:
    counted = Counted()
    digests = RecentDigests(counted)

    observed = {digests.of(b"a photograph"), digests.of(bytes(bytearray(b"a photograph")))}

    assert observed == {hashlib.sha256(b"a photograph").hexdigest()}
    assert counted.hashed == [b"a photograph"]


def test_contents_that_differ_in_the_middle_have_different_digests() -> None:
    digests = RecentDigests()
    end = bytes(ENDS)
    contents = [end + middle + end for middle in (b"one", b"two", b"one", b"")]

    assert [digests.of(content) for content in contents] == [sha256_of(content) for content in contents]


def test_only_the_last_contents_are_kept() -> None:
    counted = Counted()
    digests = RecentDigests(counted)
    contents = [bytes([number]) for number in range(MOST + 1)]

    for content in (*contents, contents[-1], contents[1], contents[0]):
        digests.of(content)

    assert counted.hashed == [*contents, contents[0]]
