"""Brings the inputs that calls name by address into the store, by the policy."""

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from enum import StrEnum
from os import SEEK_END
from pathlib import PurePosixPath
from shutil import copyfileobj
from typing import BinaryIO

import httpx
from msgspec.structs import replace

from safelight_mock.inputs.fetch import fetch
from safelight_mock.inputs.placeholder import imagine
from safelight_mock.inputs.samples import sample
from safelight_mock.outgoing.allowed_hosts import AllowedHosts
from safelight_mock.outgoing.http import Outgoing
from safelight_mock.outgoing.urls import SAMPLE, UrlError, ascii_host, is_control, parse
from safelight_mock.storage.blobs import BlobStore, Incoming
from safelight_mock.wire.logs import log
from safelight_mock.wire.messages import Upload

Own = Callable[[str, str], BinaryIO | int | None]

REDIRECTS = 5
NO_IMAGE = "it is no image that is known"


class InputSource(StrEnum):
    """What is done about an address."""

    SAMPLE = "a built-in sample"
    FETCH = "loaded from this machine or a host that was allowed"
    IMAGINE = "not reached for: a picture is made up from the address"


def way(url: httpx.URL, reach: AllowedHosts) -> InputSource:
    """Choose what to do about an address; it is asked again at each redirect."""
    if url.scheme == SAMPLE:
        return InputSource.SAMPLE
    return InputSource.FETCH if reach.admits(ascii_host(url)) else InputSource.IMAGINE


class UrlInputLoader:
    """Loads addresses that `reach` admits; others fail, or with `placeholders` get a placeholder image.

    `patience`: seconds that all the addresses of one call may take together.
    `own`: opens a file of the twin itself by path and query of its link, or returns the status with which
    such a link is refused; None for any other.
    """

    def __init__(
        self, store: BlobStore, own: Own, reach: AllowedHosts, *, placeholders: bool, patience: float
    ) -> None:
        self._store = store
        self._own = own
        self._reach = reach
        self._outgoing = Outgoing(reach)
        self._placeholders = placeholders
        self._patience = patience

    def load(self, addresses: Iterable[str], limit: int) -> Mapping[str, Upload]:
        """Return what is at each address, at most `limit` bytes of it, and hold it until it is released.

        May block. What cannot be loaded has a `fault`. Raises Problem when there is no room.
        """
        deadline = time.monotonic() + self._patience
        loaded: dict[str, Upload] = {}
        try:
            for address in addresses:
                loaded[address] = self._load(address, limit, deadline)
        except BaseException:
            self.release(loaded.values())
            raise
        return loaded

    def release(self, loaded: Iterable[Upload]) -> None:
        """Hold files no longer for the call they were loaded for."""
        for upload in loaded:
            if upload.digest:
                self._store.release(upload.digest)

    def _load(self, address: str, limit: int, deadline: float) -> Upload:
        try:
            url = parse(address)
            with closing(self._store.receive()) as incoming:
                self._bring(url, incoming, limit, deadline)
                return _judged(incoming.commit(PurePosixPath(url.path).name or url.host))
        except UrlError as error:
            log.warning("an input is missing: %s", error)
            return Upload(digest="", size=0, filename="", picture=None, fault=str(error))

    def _bring(self, url: httpx.URL, incoming: Incoming, limit: int, deadline: float) -> None:
        for turn in range(REDIRECTS + 1):
            following = self._step(
                url, incoming, limit, deadline, is_strict=not self._placeholders or turn > 0
            )
            if following is None:
                return
            url = following
        raise UrlError(f"it redirects more than {REDIRECTS} times")

    def _step(
        self, url: httpx.URL, incoming: Incoming, limit: int, deadline: float, *, is_strict: bool
    ) -> httpx.URL | None:
        """Bring what is at an address, or return the one it redirects to, which is judged in the same way."""
        if is_control(url.path):
            raise UrlError("a control plane has no inputs")
        own = self._own(url.path, url.query.decode())
        match way(url, self._reach):
            case _ if isinstance(own, int):
                raise UrlError(f"it is answered {own}")
            case _ if own is not None:
                with own:
                    _copy(own, incoming, limit)
            case InputSource.SAMPLE:
                incoming.write(sample(url.host))
            case InputSource.FETCH:
                return fetch(url, incoming.write, self._outgoing, limit=limit, deadline=deadline)
            case InputSource.IMAGINE if is_strict:
                raise UrlError(
                    f"{url.host} may not be reached; allow it as an input host (--allow-input-host)"
                )
            case InputSource.IMAGINE:
                log.warning("%s is not reached for: a picture was made up from the address", url.host)
                incoming.write(imagine(str(url), url.path))
        return None


def _copy(file: BinaryIO, incoming: Incoming, limit: int) -> None:
    if file.seek(0, SEEK_END) > limit:
        raise UrlError(f"it is larger than {limit} bytes")
    file.seek(0)
    copyfileobj(file, incoming)


def _judged(upload: Upload) -> Upload:
    picture = upload.picture
    has_pixels = picture is not None and picture.width > 0 and picture.height > 0
    return upload if has_pixels else replace(upload, fault=NO_IMAGE)
